//! One YAML document: its text, its place, its value; splitting a file.

mod comments;
mod decode;
mod list;

use crate::fabric::finding::{Finding, Severity};
use crate::yaml::{self, Fault, FaultKind, Node, Parsed, Value};

/// A larger file is left out.
pub const MAX_FILE: u64 = 32 * 1024 * 1024;

/// A file read as documents.
#[derive(Debug, Clone, Default)]
pub struct SourceFile {
    /// Its path, as findings name it.
    pub path: String,
    /// Its documents, in order; items of a List count each.
    pub documents: Vec<Document>,
    /// What was remarked about the file as a whole.
    pub findings: Vec<Finding>,
}

/// One document.
#[derive(Debug, Clone)]
pub struct Document {
    /// The file it stands in.
    pub file: String,
    /// The line of its first value, from 1.
    pub line: u32,
    /// Its text with the comments that belong to it: what a managed file holds.
    pub text: String,
    /// Its value; none if it is not YAML. Places count in the whole file.
    pub value: Option<Node>,
    /// What was remarked about its text.
    pub findings: Vec<Finding>,
    /// Which item of a List it is, from 0.
    pub item: Option<usize>,
    /// Whether its text had to be written anew.
    pub rewritten: bool,
    /// Whether it is a template, not a resource.
    pub is_template: bool,
}

/// Reads a file: decodes it, splits it, unpacks Lists; nothing of it is lost or merged.
pub fn read(path: &str, bytes: &[u8]) -> SourceFile {
    let mut file = SourceFile { path: path.to_owned(), ..SourceFile::default() };
    let text = match decode::decode(path, bytes) {
        Ok(text) => text,
        Err(finding) => {
            file.findings.push(finding);
            return file;
        }
    };
    let mut head: Vec<String> = Vec::new();
    for parsed in yaml::read(&text) {
        let lines = comments::sort(&text[parsed.start..parsed.end]);
        head.extend(lines.head);
        match &parsed.root {
            Ok(None) => head.extend(lines.body),
            _ => {
                let own = comments::kept(&mut file, &std::mem::take(&mut head), parsed.line);
                take(&mut file, &text, &parsed, own, lines.body);
            }
        }
        head.extend(lines.tail);
    }
    finish(&mut file, &head);
    file
}

/// A value written anew in block style; comments are not part of it.
pub fn in_block_style(node: &Node) -> String {
    list::write(node)
}

/// What follows the last document belongs to it.
fn finish(file: &mut SourceFile, rest: &[String]) {
    let line = file.documents.last().map_or(1, |document| document.line);
    let rest = comments::kept(file, rest, line);
    if let (Some(last), false) = (file.documents.last_mut(), rest.is_empty()) {
        last.text.push_str(&comments::join(&rest));
    }
}

fn take(file: &mut SourceFile, text: &str, parsed: &Parsed, mut lines: Vec<String>, body: Vec<String>) {
    match &parsed.root {
        Ok(Some(root)) if list::is_list(root) => {
            let items = list::unpack(&file.path, text, root, &lines);
            if items.is_empty() {
                file.findings.push(empty_list(&file.path, root.span.line));
            }
            file.documents.extend(items);
        }
        Ok(Some(root)) => {
            lines.extend(body);
            file.documents.push(sound(&file.path, root.clone(), comments::join(&lines)));
        }
        Ok(None) => {}
        Err(fault) => {
            lines.extend(body);
            file.documents.push(broken(&file.path, fault, comments::join(&lines)));
        }
    }
}

fn sound(path: &str, root: Node, text: String) -> Document {
    let template = has_braces(&text).then_some(root.span.line).or_else(|| placeholder(&root));
    let findings = template.map(|line| template_finding(path, line)).into_iter().collect();
    Document {
        file: path.to_owned(),
        line: root.span.line,
        text,
        value: Some(root),
        findings,
        item: None,
        rewritten: false,
        is_template: template.is_some(),
    }
}

fn broken(path: &str, fault: &Fault, text: String) -> Document {
    let is_template = has_braces(&text);
    let finding = if is_template { template_finding(path, fault.line) } else { fault_finding(path, fault) };
    Document {
        file: path.to_owned(),
        line: fault.line,
        text,
        value: None,
        findings: vec![finding],
        item: None,
        rewritten: false,
        is_template,
    }
}

fn fault_finding(path: &str, fault: &Fault) -> Finding {
    let (code, remedy) = match fault.kind {
        FaultKind::Syntax => ("HH-T2", "correct the YAML at this place"),
        FaultKind::DuplicateKey => ("HH-T3", "keep one of the two"),
        FaultKind::Aliases => ("HH-T4", "write the values out"),
        FaultKind::Depth => ("HH-T5", "flatten it; no resource is nested so deep"),
        FaultKind::UnknownAnchor => ("HH-T7", "define the anchor in the same document, before it is used"),
        FaultKind::Number => ("HH-T8", "quote it, or write a number JSON can hold"),
    };
    let message = crate::text::clean_line(&fault.message);
    Finding::file(Severity::Error, code, path, message, remedy).at(fault.line, fault.column)
}

fn template_finding(path: &str, line: u32) -> Finding {
    let message = "is a template, not a resource: it has placeholders to fill in";
    Finding::file(Severity::Error, "HH-T6", path, message, "render it first, then ingest the result").at(line, 1)
}

fn empty_list(path: &str, line: u32) -> Finding {
    let finding = Finding::file(Severity::Note, "HH-T9", path, "is a List without items", "nothing to do");
    finding.at(line, 1)
}

/// `{{ … }}` outside comments.
fn has_braces(text: &str) -> bool {
    text.contains("{{")
        && text.lines().any(|line| {
            let line = line.trim_start();
            let open = line.find("{{").filter(|_| !line.starts_with('#'));
            open.is_some_and(|open| line[open..].contains("}}") && !line[..open].contains(" #"))
        })
}

/// The line of the first whole value `$(x)`, `${x}` or `<x>`.
fn placeholder(node: &Node) -> Option<u32> {
    match &node.value {
        Value::String(text) => is_placeholder(text).then_some(node.span.line),
        Value::Sequence(items) => items.iter().find_map(placeholder),
        Value::Mapping(entries) => entries.iter().find_map(|entry| placeholder(&entry.value)),
        _ => None,
    }
}

fn is_placeholder(text: &str) -> bool {
    let inner = [("$(", ")"), ("${", "}"), ("<", ">")]
        .iter()
        .find_map(|(open, close)| text.strip_prefix(open)?.strip_suffix(close));
    inner.is_some_and(|inner| {
        inner.starts_with(|first: char| first.is_ascii_alphabetic())
            && inner.chars().all(|character| character.is_ascii_alphanumeric() || "_-. ".contains(character))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn texts(text: &str) -> Vec<String> {
        read("raw/x.yaml", text.as_bytes()).documents.into_iter().map(|document| document.text).collect()
    }

    #[test]
    fn comments_in_column_0_belong_to_the_next_document_and_indented_ones_to_the_one_above() {
        let text = "# head\n---\na: 1\n  # tail of a\n#\n# Section\n#\n---\nb: 2 # here\n# last\n";
        assert_eq!(texts(text), ["# head\na: 1\n  # tail of a\n", "#\n# Section\n#\nb: 2 # here\n# last\n"]);
    }

    #[test]
    fn text_on_the_marker_line_and_directives_and_ends() {
        assert_eq!(texts("--- # one\na: 1\n...\n--- {b: 2}\n"), ["# one\na: 1\n", "{b: 2}\n"]);
        assert_eq!(texts("%YAML 1.2\n---\na: 1"), ["a: 1\n"]);
        assert_eq!(texts("\u{feff}---\r\na: 1\r\n"), ["a: 1\n"]);
        assert!(texts("# nothing\n---\n").is_empty());
        assert_eq!(texts("a: |\n  ---\n  x\n"), ["a: |\n  ---\n  x\n"]);
    }

    #[test]
    fn a_resource_that_is_commented_out_is_a_note_and_in_no_document() {
        let file = read("x", b"a: 1\n---\n# apiVersion: v1\n# kind: VPC\n\n# Title\n---\nb: 2\n");
        let texts: Vec<&str> = file.documents.iter().map(|document| document.text.as_str()).collect();
        assert_eq!(texts, ["a: 1\n", "# Title\nb: 2\n"]);
        assert_eq!(file.findings.len(), 1);
        assert_eq!((file.findings[0].severity, file.findings[0].code), (Severity::Note, "HH-T10"));
    }

    #[test]
    fn lines_are_those_of_the_file() {
        let file = read("x", b"---\n# c\na: 1\n---\nb: [\n");
        assert_eq!(file.documents.iter().map(|document| document.line).collect::<Vec<_>>()[0], 3);
        assert_eq!(file.documents[1].findings[0].code, "HH-T2");
        assert!(file.documents[1].findings[0].line.unwrap() >= 5);
    }

    #[test]
    fn encodings_are_named() {
        for (bytes, word) in [
            (&[0xff, 0xfe, b'a', 0][..], "UTF-16"),
            (&[b'a', b':', b' ', 0xe9, b'\n'][..], "Latin-1"),
            (&[b'a', 0, b'b'][..], "binary"),
        ] {
            let file = read("x", bytes);
            assert!(file.documents.is_empty());
            assert!(file.findings[0].message.contains(word), "{:?}", file.findings);
        }
    }

    #[test]
    fn lists_are_unpacked_and_cut_out() {
        let text = "apiVersion: v1\nitems:\n# first\n- apiVersion: v1\n  kind: A\n  spec:\n    x: [1] # note\n- kind: B\nkind: List\n";
        let file = read("x", text.as_bytes());
        let texts: Vec<&str> = file.documents.iter().map(|document| document.text.as_str()).collect();
        assert_eq!(texts, ["# first\napiVersion: v1\nkind: A\nspec:\n  x: [1] # note\n", "kind: B\n"]);
        assert!(file.documents.iter().all(|document| !document.rewritten));
        assert_eq!(file.documents[1].line, 8);
        let json = r#"{"apiVersion":"v1","kind":"List","items":[{"kind":"A","x":"no"},{"kind":"B"}]}"#;
        let file = read("x", json.as_bytes());
        assert_eq!(file.documents[0].text, "{\"kind\":\"A\",\"x\":\"no\"}\n");
    }

    #[test]
    fn templates_are_told() {
        for text in ["name: {{ name }}\n", "a: $(x)\n", "a: [<vpc-name>]\n", "{{- if x }}\na: 1\n"] {
            let file = read("x", text.as_bytes());
            assert!(file.documents[0].is_template, "{text}");
        }
        assert!(!read("x", b"a: {b: {c: 1}} # {{ x }}\n").documents[0].is_template);
    }

    proptest! {
        #[test]
        fn every_line_lands_in_exactly_one_document(
            parts in prop::collection::vec(("(# [a-z]{1,5}\n){0,2}", "[a-z]{1,5}: [0-9]{1,3}\n", "(  # [a-z]{1,5}\n){0,2}"), 1..6),
            marker in prop::bool::ANY,
        ) {
            let joined: Vec<String> = parts.iter().map(|(head, body, tail)| format!("{head}{body}{tail}")).collect();
            let text = format!("{}{}", if marker { "---\n" } else { "" }, joined.join("---\n"));
            let file = read("x", text.as_bytes());
            let solid = |text: &str| -> Vec<String> {
                text.lines().filter(|line| *line != "---" && !line.trim().is_empty()).map(str::to_owned).collect()
            };
            let found: Vec<String> = file.documents.iter().flat_map(|document| solid(&document.text)).collect();
            prop_assert_eq!(solid(&text), found);
            for document in &file.documents {
                let again = read("x", document.text.as_bytes());
                prop_assert!(yaml::same(again.documents[0].value.as_ref().unwrap(), document.value.as_ref().unwrap()));
            }
        }
    }
}
