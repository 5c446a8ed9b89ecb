//! Campaign: mutated documents, read by hedgerow and by go-yaml v2, and where the two disagree.
//!
//! `run.sh` beside this file builds both and runs them; `disagreements.txt` lists what is known.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a program for the one who starts it")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::{env, fs};

use hedgerow::fabric::document;
use hedgerow::fabric::finding::Severity;
use hedgerow::yaml::{Entry, Node, Value};
use serde_json::{Value as Json, json};

mod mutate;
mod pieces;

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["generate", folder, seed, count] => generate(Path::new(folder), seed.parse().unwrap(), count.parse().unwrap()),
        ["managed", from, to] => managed(Path::new(from), Path::new(to)),
        ["compare", folder, judge, findings, list] => compare(Path::new(folder), judge, findings, list),
        _ => panic!("generate FOLDER SEED COUNT | managed FROM TO | compare FOLDER JUDGE FINDINGS LIST"),
    }
}

fn generate(folder: &Path, seed: u64, count: u64) {
    for number in 0..count {
        let text = mutate::text(&mut mutate::Dice::new(seed * 1_000_000 + number));
        fs::write(folder.join(format!("{number:06}.yaml")), text).unwrap();
    }
}

fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    names.iter().map(|path| (name(path), fs::read(path).unwrap())).collect()
}

/// Writes the text that a managed file would hold of every document that can be read.
fn managed(from: &Path, to: &Path) {
    for (name, bytes) in files(from) {
        for (number, document) in document::read(&name, &bytes).documents.iter().enumerate() {
            if document.value.is_some() {
                let stem = name.trim_end_matches(".yaml");
                fs::write(to.join(format!("{stem}-{number}.yaml")), &document.text).unwrap();
            }
        }
    }
}

/// What hedgerow reads in a file: its values, or the codes of what keeps it from them.
struct Reading {
    values: Vec<Json>,
    codes: BTreeSet<String>,
    is_list: bool,
}

fn read(name: &str, bytes: &[u8]) -> Reading {
    let file = document::read(name, bytes);
    let found = file.findings.iter().chain(file.documents.iter().flat_map(|d| d.findings.iter().chain(&d.strict)));
    let codes = found.filter(|found| found.severity == Severity::Error).map(|found| found.code.to_owned()).collect();
    let values = file.documents.iter().filter_map(|d| d.value.as_ref()).filter(|value| !value.is_null()).map(as_json);
    Reading { values: values.collect(), codes, is_list: file.documents.iter().any(|document| document.item.is_some()) }
}

fn as_json(node: &Node) -> Json {
    match &node.value {
        Value::Null => Json::Null,
        Value::Bool(value) => json!(value),
        Value::Integer(value) => {
            i64::try_from(**value).map_or_else(|_| json!(u64::try_from(**value).unwrap()), |n| json!(n))
        }
        Value::Float(value) => json!(value),
        Value::String(text) => json!(text),
        Value::Sequence(items) => items.iter().map(as_json).collect(),
        Value::Mapping(entries) => Json::Object(entries.iter().map(pair).collect()),
    }
}

fn pair(entry: &Entry) -> (String, Json) {
    (entry.key.key_text(), as_json(&entry.value))
}

fn is_same(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Number(a), Json::Number(b)) => a == b || is_close(a.as_f64().unwrap(), b.as_f64().unwrap()),
        (Json::Array(a), Json::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same(a, b)),
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| is_same(a, b)))
        }
        (a, b) => a == b,
    }
}

/// Whether two floats are the same, as far as a quick reader of JSON gets them.
fn is_close(a: f64, b: f64) -> bool {
    (a - b).abs() <= a.abs() * 1e-15
}

/// The codes of text errors that `hedgerow validate -o json` gave, by file.
fn validated(findings: &str) -> BTreeMap<String, BTreeSet<String>> {
    let report: Json = serde_json::from_str(&fs::read_to_string(findings).unwrap()).unwrap();
    let mut codes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for found in report["data"].as_array().unwrap().iter().flat_map(|part| part["findings"].as_array().unwrap()) {
        let code = found["code"].as_str().unwrap();
        if found["severity"] == "error" && code.starts_with("HH-T") {
            let file = Path::new(found["file"].as_str().unwrap()).file_name().unwrap().to_string_lossy().into_owned();
            codes.entry(file).or_default().insert(code.to_owned());
        }
    }
    codes
}

/// A known disagreement: `side code-or-words # why`.
struct Known {
    side: String,
    sign: String,
}

fn known(list: &str) -> Vec<Known> {
    let text = fs::read_to_string(list).unwrap();
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let (side, rest) = line.split_once('\t').unwrap();
            let sign = rest.split('\t').next().unwrap();
            Known { side: side.to_owned(), sign: sign.to_owned() }
        })
        .collect()
}

fn compare(folder: &Path, judge: &str, findings: &str, list: &str) {
    let known = known(list);
    let validated = validated(findings);
    let judged = fs::read_to_string(judge).unwrap();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut unlisted = 0;
    for ((name, bytes), line) in files(folder).into_iter().zip(judged.lines()) {
        let answer: Json = serde_json::from_str(line).unwrap();
        assert_eq!(answer["file"], name);
        let reading = read(&name, &bytes);
        let codes = validated.get(&name).cloned().unwrap_or_default();
        let outcome = disagreement(&bytes, &reading, &codes, &answer);
        let Some((side, sign, what)) = outcome else {
            *counts.entry("agree".to_owned()).or_default() += 1;
            continue;
        };
        if let Some(found) =
            known.iter().find(|known| known.side == side && known.sign.split(" + ").all(|part| sign.contains(part)))
        {
            *counts.entry(format!("{side}, listed: {}", found.sign)).or_default() += 1;
            continue;
        }
        unlisted += 1;
        println!("{name} {side}: {what}");
    }
    for (what, count) in &counts {
        println!("{count:>7} {what}");
    }
    println!("{unlisted:>7} not listed");
    std::process::exit(i32::from(unlisted > 0));
}

/// Who takes what the other refuses, or that the values differ; with signs to look up and words.
fn disagreement(
    bytes: &[u8],
    reading: &Reading,
    codes: &BTreeSet<String>,
    judge: &Json,
) -> Option<(String, String, String)> {
    let of_library: Vec<&str> = reading.codes.iter().map(String::as_str).collect();
    let of_program: Vec<&str> = codes.iter().map(String::as_str).collect();
    let signs = format!("{} {} {}", of_library.join(" "), of_program.join(" "), marks(bytes));
    let refused = !reading.codes.is_empty() || !codes.is_empty();
    let words = |more: &str| format!("{signs} {more}");
    match judge["error"].as_str() {
        Some(error) if !refused => Some(("hedgerow takes".to_owned(), format!("{signs} {error}"), words(error))),
        Some(_) => None,
        None if refused => Some(("hedgerow refuses".to_owned(), signs.clone(), words(""))),
        None if reading.is_list => None,
        None => {
            let judged = judge["values"].as_array().unwrap();
            let is_same =
                reading.values.len() == judged.len() && reading.values.iter().zip(judged).all(|(a, b)| is_same(a, b));
            (!is_same).then(|| {
                (
                    "values differ".to_owned(),
                    signs.clone(),
                    words(&format!("\n  ours  {}\n  judge {}", json!(reading.values), json!(judged))),
                )
            })
        }
    }
}

/// Signs of what a text has that the list may name.
fn marks(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let begins_with_mark = text.starts_with('\u{feff}');
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let has = |line: fn(&str) -> bool| text.lines().any(line);
    let mut marks = Vec::new();
    if has(|line| line.starts_with("...")) {
        marks.push("document-end-line");
    }
    if has(|line| line.starts_with('%')) {
        marks.push("directive-line");
    }
    if text.contains("\n\u{feff}---") || text.contains("\n\u{feff}\u{feff}---") {
        marks.push("appended-mark");
    }
    if text.contains("\\ud") {
        marks.push("surrogate-escape");
    }
    if text.starts_with('\u{feff}')
        || text.split(['\n', '\r', '\u{2028}', '\u{2029}', '\u{85}']).any(begins_with_inner_mark)
    {
        marks.push("mark-at-a-line");
    }
    if has(|line| line.trim_start().starts_with('{')) {
        marks.push("json");
    }
    if text.contains(|c: char| c.is_control() && !"\n\r\t".contains(c) || matches!(c, '\u{fffe}' | '\u{ffff}')) {
        marks.push("odd-character");
    }
    if begins_with_mark && text.trim_start().starts_with('{') {
        marks.push("mark-before-json");
    }
    if text.contains("!!binary") || text.contains("!!timestamp") || text.contains("tag:yaml.org,2002:") {
        marks.push("special-tag");
    }
    if text.contains('\u{85}') || text.contains('\u{2028}') || text.contains('\u{2029}') {
        marks.push("unicode-break");
    }
    marks.join(" ")
}

/// Whether a line's text begins with a byte order mark.
fn begins_with_inner_mark(line: &str) -> bool {
    let bare = line.trim_start_matches([' ', '\t']);
    bare.strip_prefix("---").unwrap_or(bare).trim_start_matches([' ', '\t']).starts_with('\u{feff}')
}
