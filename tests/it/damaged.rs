//! Damaged configurations: no text stops the start by a panic, and what is not understood is named with its line.

use std::path::Path;

use hedgerow::command::keymap::Keymap;
use hedgerow::config::{EXAMPLE, parse};
use hedgerow::error::Error;
use proptest::prelude::*;

use crate::session::Session;
use crate::world::World;

/// More than the example has: keys bound elsewhere.
const KEYS: &str = "keys:\n  push: W\n  ingest: [K, M]\n  fetch: ''\n";

/// What may stand where a value is expected.
const VALUES: [&str; 14] = [
    "7",
    "[a]",
    "{ a: 1 }",
    "{",
    "~",
    "yes",
    "'",
    "!!binary x",
    "*nowhere",
    "&a [*a]",
    "-0x1",
    "|",
    "\u{202e}x\u{1b}[31m",
    "\t",
];

/// One way to damage a text.
#[derive(Debug, Clone)]
enum Damage {
    Drop(usize),
    Double(usize),
    Swap(usize, usize),
    Indent(usize, usize),
    Value(usize, usize),
    Insert(usize, String),
    Cut(usize),
}

fn damage() -> impl Strategy<Value = Damage> {
    let at = 0..2000_usize;
    prop_oneof![
        at.clone().prop_map(Damage::Drop),
        at.clone().prop_map(Damage::Double),
        (at.clone(), at.clone()).prop_map(|(one, other)| Damage::Swap(one, other)),
        (at.clone(), 0..6_usize).prop_map(|(line, by)| Damage::Indent(line, by)),
        (at.clone(), 0..VALUES.len()).prop_map(|(line, value)| Damage::Value(line, value)),
        (at.clone(), "[ -~\n\u{e9}]{1,6}").prop_map(|(line, text)| Damage::Insert(line, text)),
        at.prop_map(Damage::Cut),
    ]
}

fn damaged(text: &str, damages: &[Damage]) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for damage in damages {
        let count = lines.len().max(1);
        let line = |at: usize| at % count;
        if lines.is_empty() {
            return String::new();
        }
        match damage {
            Damage::Drop(at) => drop(lines.remove(line(*at))),
            Damage::Double(at) => lines.insert(line(*at), lines[line(*at)].clone()),
            Damage::Swap(one, other) => lines.swap(line(*one), line(*other)),
            Damage::Indent(at, by) => {
                let bare = lines[line(*at)].trim_start().to_owned();
                lines[line(*at)] = " ".repeat(*by) + &bare;
            }
            Damage::Value(at, value) => {
                let text = &mut lines[line(*at)];
                if let Some(colon) = text.find(':') {
                    text.truncate(colon + 1);
                    text.extend([" ", VALUES[*value]]);
                }
            }
            Damage::Insert(at, text) => lines[line(*at)].push_str(text),
            Damage::Cut(at) => lines.truncate(line(*at)),
        }
    }
    lines.join("\n") + "\n"
}

/// Whether a line is one of a text, or the one behind its last.
fn is_line(text: &str, line: usize) -> bool {
    (1..=text.lines().count() + 1).contains(&line)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_broken_is_named_with_its_line_and_writes_nothing(damages in prop::collection::vec(damage(), 1..5)) {
        let text = damaged(&format!("{EXAMPLE}{KEYS}"), &damages);
        match parse(Path::new("/c/config.yaml"), &text) {
            Err(Error::ConfigSyntax { line, message, .. } | Error::ConfigValue { line, message, .. }) => {
                prop_assert!(is_line(&text, line) && !message.is_empty(), "{line} {message}\n{text}");
            }
            Err(other) => prop_assert!(false, "{other}\n{text}"),
            Ok(config) => {
                let (keymap, remarks) = Keymap::with(&config.keys).unwrap();
                for remark in config.remarks.iter().chain(&remarks) {
                    prop_assert!(is_line(&text, remark.line), "{remark:?}\n{text}");
                    prop_assert!(!remark.message.contains(['\u{1b}', '\u{202e}', '\n']), "{remark:?}");
                }
                prop_assert!(keymap.all().iter().any(|(key, _)| key == "Ctrl-C"));
                for fabric in &config.fabrics {
                    prop_assert!(fabric.fault.is_none() || fabric.read_only, "{fabric:?} has a fault and could be written");
                }
            }
        }
    }
}

#[test]
fn an_unknown_key_is_named_with_its_line_wherever_it_stands() {
    let example = format!("{EXAMPLE}{KEYS}");
    let lines: Vec<&str> = example.lines().collect();
    let is_key = |line: &&str| {
        line.split_once(':')
            .is_some_and(|(key, _)| key.trim_start().chars().all(|c| c.is_alphanumeric() || "_-".contains(c)))
    };
    let mut tried = 0;
    for at in (0..lines.len()).filter(|at| is_key(&lines[*at])) {
        let indent = lines[at].len() - lines[at].trim_start().len();
        let unknown = format!("{}unheard_of: 1", " ".repeat(indent));
        let text = [&lines[..at], &[unknown.as_str()], &lines[at..]].concat().join("\n") + "\n";
        let config = parse(Path::new("/c/config.yaml"), &text).unwrap();
        let remarks = [config.remarks, Keymap::with(&config.keys).unwrap().1].concat();
        let told = remarks.iter().find(|remark| remark.line == at + 1);
        assert!(
            told.is_some_and(|remark| remark.message.contains("unheard_of")),
            "line {}: {remarks:?}\n{text}",
            at + 1
        );
        tried += 1;
    }
    assert!(tried > 25, "{tried}");
}

#[test]
fn a_misspelt_key_is_told_with_the_nearest_one_by_every_command() {
    let world = World::initialized();
    let config = std::fs::read_to_string(world.root.join("config.yaml")).unwrap();
    world.configure(&format!("{config}ui:\n  thme: mono\nkeys:\n  psh: W\n"));
    let said = world.run(&["status"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.err.contains("config.yaml:6:3: ") && said.err.contains("theme"), "{}", said.err);
    let checked = world.run(&["config", "check"]);
    let told = checked.out + &checked.err;
    assert!(told.contains(":8:3: ") && told.contains("did you mean push?"), "{told}");
}

#[test]
fn the_program_starts_whatever_the_file_holds() {
    let world = World::initialized();
    let path = world.root.join("config.yaml");
    let texts: [&[u8]; 9] = [
        b"",
        b"\xff\xfe\x00",
        b"fabrics: [\n",
        b"fabrics: 7\n",
        b"- a\n- b\n",
        b"a: &x [*x]\n",
        b"fabrics:\n  dc1: &a\n    <<: *a\n",
        b"ui: { theme: [1] }\nkeys: 5\nfabrics: { dc1: { repository: ../x, directory: /etc } }\n",
        b"%YAML 9.9\n---\n\tfabrics: {}\n",
    ];
    for text in texts {
        std::fs::write(&path, text).unwrap();
        let shown = String::from_utf8_lossy(text);
        for args in [&["status"][..], &["config", "check"], &["fetch"], &["status", "-o", "json"]] {
            let said = world.run(args);
            assert!([0, 1, 3].contains(&said.code), "{args:?} {shown:?}: {} {}{}", said.code, said.out, said.err);
            assert!(!said.err.contains("panicked"), "{shown:?}: {}", said.err);
        }
        let mut session = Session::start(&world, &["--ascii"], (80, 24));
        session.until("hedgerow ");
        session.until("quit");
        session.press("q");
        assert_eq!(session.end().0, 0, "{shown:?}");
    }
}
