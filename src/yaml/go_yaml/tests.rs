//! Tests of reading as go-yaml v2 does: what comparing many thousand texts with it has shown.

use crate::yaml::{FaultKind, read_one, same, write};

/// Texts that Kubernetes refuses, and the line of the fault.
const REFUSED: &[(&str, u32)] = &[
    // Tabs.
    ("a:\n  b: 1\n\t\n  c: 2\n", 3),
    ("a: 1\n\t# c\nb: 2\n", 2),
    ("a:\n\t- b\n", 2),
    ("a: 'x'\n\t\n", 2),
    ("- a\n-\tb: 1\n", 2),
    ("a: |\n\t\n  x\n", 2),
    // Escapes.
    ("a: \"10.0.1.0\\/24\"\n", 1),
    ("a: {\"b\": \"x\\/y\"}\n", 1),
    ("a: \"\\ud83d\\ude00\"\n", 1),
    ("a: \"\\q\"\n", 1),
    ("a: \"\\x4\"\n", 1),
    ("a: \"\\U00110000\"\n", 1),
    // Question marks and colons in brackets.
    ("a: {note: why? later}\n", 1),
    ("a: [b?c]\n", 1),
    ("a: {b\n  : c}\n", 2),
    ("{a: b}: c\n", 1),
    // Directives.
    ("%YAML 1.2\n---\na: 1\n", 1),
    ("%OWN x\n---\na: 1\n", 1),
    // Properties.
    ("a: &é 1\n", 1),
    ("a: !x!y z\n", 1),
    ("a: *b\n", 1),
    ("a: &b [c]\nd:\n  <<: *b\n", 3),
    // Keys.
    ("a\nb: 1\n", 2),
    ("a: 'x\n  y': z\n", 2),
    ("a: b: c\n", 1),
    ("18446744073709551615: a\n", 1),
    // Characters.
    ("a: \u{7f}\n", 1),
    ("a: 1\n\u{feff}b: 2\n", 2),
    ("# c\n\u{feff}b: 2\n", 2),
    ("a: @b\n", 1),
    ("a: %b\n", 1),
    // Block scalars.
    ("a: |0\n  x\n", 1),
    ("a: |x\n  y\n", 1),
];

/// Texts that Kubernetes takes, and what it reads.
const TAKEN: &[(&str, &str)] = &[
    // Quoted text that goes on where its parent stands, or in column 0.
    ("a:\n  b: \"rack 4,\n  row 2\"\n", "a: {b: 'rack 4, row 2'}"),
    ("a:\n  b: 'rack 4,\nrow 2'\n  c: 1\n", "a: {b: 'rack 4, row 2', c: 1}"),
    ("a: \"x\n\n\ny\"\n", "a: \"x\\n\\ny\""),
    ("a: \"x\\\ny\"\n", "a: xy"),
    ("a: \"\\e\\'\\ \\\t\"\n", "a: \"\\x1b' \\t\""),
    // Brackets.
    ("a: [b:, c]\n", "a: ['b:', c]"),
    ("a: {b:}\n", "a: {'b:': null}"),
    ("a: {\"b\":c, d}\n", "a: {b: c, d: null}"),
    ("a: [b: c, ? d]\n", "a: [{b: c}, {d: null}]"),
    ("a: [!!str, b]\n", "a: [b]"),
    ("a: [\nb,\n\t# c\nc]\n", "a: [b, c]"),
    // Comments.
    ("a: \"b\"#c\n", "a: b"),
    ("a: b#c\n", "a: b#c"),
    // Unicode line breaks, and a mark that is text.
    ("a: b\u{2028}c: d\n", "a: b\nc: d"),
    ("a: 'b\u{85}c'\n", "a: b c"),
    ("a: b\u{feff}c\n", "a: \"b\\ufeffc\""),
    // Numbers and words.
    ("a: [.5_0, 0b-1, 0o17, 017, 08, 0x1F, 1_000, 1e3]\n", "a: [0.5, -1, 15, 15, 8.0, 31, 1000, 1000.0]"),
    ("a: [._5, 0x, 1e, 1e999, 1:30, 2024-01-02]\n", "a: ['._5', '0x', '1e', '1e999', '1:30', '2024-01-02']"),
    ("a: [y, N, On, oFF, ~, Null]\n", "a: [true, false, true, 'oFF', null, null]"),
    ("a: ! 12\nb: !own 12\nc: !!int '7'\nd: !!float 1\n", "a: '12'\nb: '12'\nc: 7\nd: 1.0"),
    // Keys.
    ("1000000.0: a\n0.1: b\n1.5e-7: c\n010: d\n", "'1e+06': a\n'0.1': b\n'1.5e-07': c\n'8': d"),
    ("? a\n: - b\n? c\n", "a: [b]\nc: null"),
    // Block scalars.
    ("a: |2\n    x\n  y\n", "a: \"  x\\ny\\n\""),
    ("a: >\n  x\n   y\n  z\n\n\n  w\n", "a: \"x\\n y\\nz\\n\\nw\\n\""),
    ("a: |+\n  x\n\n\nb: 1\n", "a: \"x\\n\\n\\n\"\nb: 1"),
    ("a: |\n  x", "a: x"),
    ("- |-\n  x\n- >+\n\n", "['x', \"\\n\"]"),
    // Merging.
    ("a: &a {b: 1}\nc:\n  <<: [*a, {d: 2}]\n  e: 3\n", "a: {b: 1}\nc: {b: 1, d: 2, e: 3}"),
    ("a:\n  '<<': b\n", "a: {\"<<\": b}"),
    // JSON.
    ("{\"a\": \"x\\/y\", \"b\": \"\\ud83d\\ude00\",\n\t\"c\": 1e2}\n", "a: x/y\nb: 😀\nc: 100"),
    ("---\n{\"a\": \"x\\/y\"}\n", "a: x/y"),
];

#[test]
fn what_kubernetes_refuses_is_a_fault_with_its_line() {
    let mut wrong = Vec::new();
    for (text, line) in REFUSED {
        match read_one(text) {
            Ok(node) => wrong.push(format!("{text:?} is read as {}", write::write(&node))),
            Err(fault) if fault.line == *line => {}
            Err(fault) => wrong.push(format!("{text:?} line {}: {}", fault.line, fault.message)),
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_kubernetes_takes_is_read_as_it_reads_it() {
    let mut wrong = Vec::new();
    for (text, value) in TAKEN {
        let (node, wanted) = (read_one(text), read_one(value));
        match (node, wanted) {
            (Ok(node), Ok(wanted)) if same(&node, &wanted) => {}
            (node, wanted) => wrong.push(format!("{text:?}\n{node:?}\n{wanted:?}")),
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn tabs_are_told_as_tabs_and_places_count_in_the_file() {
    let fault = read_one("a:\n  b: 1\n \t\n  c: 2\n").unwrap_err();
    assert_eq!((fault.kind, fault.line, fault.column), (FaultKind::Tab, 3, 2));
    let text = "x: 1\n---# c\na: {é: why? later}\n";
    let fault = crate::yaml::read(text).remove(1).root.unwrap_err();
    assert_eq!((fault.kind, fault.line, fault.column), (FaultKind::Syntax, 3, 11));
    assert!(fault.message.starts_with("Kubernetes cannot read this: "), "{}", fault.message);
}

#[test]
fn what_only_the_second_reader_takes_has_its_places() {
    let text = "# c\nspec:\n  list:\n  - k: &a \"one\n  two\"\n    m: !!str x\n  text: |-\n    y\n  flow: {a: [b, c]}\n# end\n";
    let parsed = crate::yaml::read(text).remove(0);
    let root = parsed.root.unwrap().unwrap();
    let at = |keys: &[&str]| {
        let span = root.path(keys).unwrap().span;
        (&text[span.start..span.end], span.line, span.column)
    };
    assert_eq!(at(&["spec", "flow"]), ("{a: [b, c]}", 9, 9));
    assert_eq!(at(&["spec", "flow", "a"]), ("[b, c]", 9, 13));
    let item = &root.path(&["spec", "list"]).unwrap().as_sequence().unwrap()[0];
    let key = item.get("k").unwrap().span;
    assert_eq!((&text[key.start..key.end], key.line, key.column), ("\"one\n  two\"", 4, 11));
    assert_eq!((item.span.line, item.span.column), (4, 5));
    assert_eq!(&text[..parsed.content_end], &text[..text.len() - "\n# end\n".len()]);
    let text = "a: \"x\ny\"\nb: |\n  z\n\n";
    let parsed = crate::yaml::read(text).remove(0);
    assert_eq!((parsed.last_block, parsed.content_end), (Some((12, 13)), text.len() - 1));
}
