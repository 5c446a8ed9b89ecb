//! Tests of reading, comparing and writing YAML.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;

fn one(text: &str) -> Node {
    read_one(text).unwrap()
}

fn fault_of(text: &str) -> Fault {
    read_one(text).unwrap_err()
}

/// The content of the only document, by its end.
fn content(text: &str) -> String {
    let parsed = read(text);
    assert_eq!(parsed.len(), 1);
    text[..parsed[0].content_end].to_owned()
}

#[test]
fn documents_are_read_one_by_one() {
    let all = read("a: 1\n---\nb: [1\n---\n# only this\n---\nc: 3\n");
    assert_eq!(all.len(), 4);
    assert_eq!(all[0].root.as_ref().unwrap().as_ref().unwrap().get("a").unwrap().as_integer(), Some(1));
    assert_eq!(all[1].root.as_ref().unwrap_err().kind, FaultKind::Syntax);
    assert!(all[2].root.as_ref().unwrap().is_none());
    let last = all[3].root.as_ref().unwrap().as_ref().unwrap();
    assert_eq!(last.span.line, 7);
    assert_eq!(last.get("c").unwrap().span.column, 4);
}

#[test]
fn spans_are_bytes_of_the_text_and_columns_of_characters() {
    let text = "---\nä: {ö: \"ü\"}\nlist:\n- x: 1\n  y: |\n    text\n";
    let root = one(text);
    let inner = root.path(&["ä", "ö"]).unwrap();
    assert_eq!((inner.span.line, inner.span.column), (2, 8));
    assert_eq!(&text[inner.span.start..inner.span.end], "\"ü\"");
    let map = root.get("ä").unwrap();
    assert_eq!(&text[map.span.start..map.span.end], "{ö: \"ü\"}");
    let item = &root.get("list").unwrap().as_sequence().unwrap()[0];
    assert_eq!((item.span.line, item.span.column), (4, 3));
    assert_eq!(&text[item.span.start..item.span.end], "x: 1\n  y: |\n    text\n");
}

#[test]
fn content_ends_before_what_means_nothing() {
    assert_eq!(content("a: 1 # c\n\n# tail\n"), "a: 1");
    assert_eq!(content("a: |\n  x\n  # text\n\n# tail\n"), "a: |\n  x\n  # text\n");
    assert_eq!(content("a: |+\n  x\n\n\n# tail\n"), "a: |+\n  x\n\n\n");
    assert_eq!(content("a: >-\n  x\n # tail\n"), "a: >-\n  x\n");
    let inner = one("a:\n  b: |\n    x\n  c: 1\n");
    assert_eq!(inner.path(&["a", "b"]).unwrap().span.end, 16);
    assert_eq!(content("a: {}\n"), "a: {}");
    assert_eq!(content("a: &x\nb: 1\n"), "a: &x\nb: 1");
    assert_eq!(content("a: 'x\n\n  # y'\n# tail\n"), "a: 'x\n\n  # y'");
}

#[test]
fn the_block_scalar_at_the_end_is_known() {
    for header in ["|", ">-", "|2+", "| # why"] {
        let text = format!("a: 1\nb: {header}\n\n  x");
        let mark = header.trim_end_matches(" # why");
        assert_eq!(read(&text)[0].last_block, Some((8, 8 + mark.len())), "{header}");
    }
    assert_eq!(read("b: |\n  x\na: 1\n")[0].last_block, None);
}

#[test]
fn aliases_and_merges_are_resolved() {
    let root = one("base: &b {a: 1, b: 2}\nuse:\n  <<: *b\n  b: 3\nagain: *b\n");
    assert!(same(root.get("use").unwrap(), &one("{b: 3, a: 1}")));
    assert!(same(root.get("again").unwrap(), &one("{a: 1, b: 2}")));
    let two = one("x: &x {a: 1}\ny: &y {a: 2, c: 3}\nz:\n  <<: [*x, *y]\n");
    assert!(same(two.get("z").unwrap(), &one("{a: 1, c: 3}")));
    assert!(same(&one("'<<': 1"), &one("\"<<\": 1")));
    assert_eq!(fault_of("<<: 1\n").kind, FaultKind::Syntax);
    assert_eq!(fault_of("a: *nowhere\n").kind, FaultKind::UnknownAnchor);
    assert_eq!(fault_of("a: &a [*a]\n").kind, FaultKind::UnknownAnchor);
    assert_eq!(read("a: &a 1\n---\nb: *a\n")[1].root.as_ref().unwrap_err().kind, FaultKind::UnknownAnchor);
}

#[test]
fn a_key_given_twice_is_a_fault_with_both_places() {
    let fault = fault_of("spec:\n  a: 1\n  b: 2\n  a: 3\n");
    assert_eq!((fault.line, fault.column, fault.kind), (4, 3, FaultKind::DuplicateKey));
    assert!(fault.message.contains("line 2"), "{}", fault.message);
    assert_eq!(fault_of("1: a\n'1': b\n").kind, FaultKind::DuplicateKey);
    let many = (0..40).fold(String::new(), |text, n| text + &format!("k{n}: 1\n"));
    assert!(read_one(&many).is_ok());
    assert_eq!(fault_of(&format!("{many}k7: 2\n")).line, 41);
    assert_eq!(fault_of(&format!("{many}k39: 2\n")).line, 41);
}

#[test]
fn keys_that_json_cannot_hold_are_faults() {
    assert_eq!(fault_of("? [a]\n: 1\n").kind, FaultKind::Key);
    assert_eq!(fault_of("~: 1\n").kind, FaultKind::Key);
    assert_eq!(one("on: 1\n").get("true").unwrap().as_integer(), Some(1));
}

#[test]
fn bombs_are_refused_at_once() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..10 {
        let inner = vec![format!("*a{}", level - 1); 9].join(", ");
        bomb = format!("{bomb}a{level}: &a{level} [{inner}]\n");
    }
    let start = Instant::now();
    assert_eq!(fault_of(&bomb).kind, FaultKind::Aliases);
    let brackets = "[".repeat(100_000);
    assert_eq!(fault_of(&brackets).kind, FaultKind::Depth);
    assert_eq!(fault_of(&"- ".repeat(100_000)).kind, FaultKind::Depth);
    assert_eq!(fault_of(&"{a: ".repeat(100_000)).kind, FaultKind::Depth);
    let mut chain = String::from("a0: &a0 [x]\n");
    for level in 1..200 {
        chain = format!("{chain}a{level}: &a{level} [*a{}]\n", level - 1);
    }
    assert_eq!(fault_of(&chain).kind, FaultKind::Depth);
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

#[test]
fn a_number_json_cannot_hold_is_a_fault() {
    assert_eq!(fault_of("a: .nan\n").kind, FaultKind::Number);
    assert_eq!(one("a: '.nan'\n").get("a").unwrap().as_str(), Some(".nan"));
}

#[test]
fn tags_and_quotes_decide() {
    let root = one("a: !!str 12\nb: '12'\nc: !own no\nd: |\n  no\ne: !!int \"7\"\n");
    assert_eq!(root.get("a").unwrap().as_str(), Some("12"));
    assert_eq!(root.get("b").unwrap().as_str(), Some("12"));
    assert_eq!(root.get("c").unwrap().as_str(), Some("no"));
    assert_eq!(root.get("d").unwrap().as_str(), Some("no\n"));
    assert_eq!(root.get("e").unwrap().as_integer(), Some(7));
    assert_eq!(fault_of("a: !!int x\n").kind, FaultKind::Tag);
}

#[test]
fn a_block_scalar_ends_as_its_text_does() {
    let text = |source: &str| one(source).get("a").unwrap().as_str().unwrap().to_owned();
    assert_eq!(text("a: |\n  x"), "x");
    assert_eq!(text("a: |\n  x\n"), "x\n");
    assert_eq!(text("a: |\n  x\n  "), "x\n");
    assert_eq!(text("a: |+\n  x\n\n"), "x\n\n");
    assert_eq!(text("a: >\n  x\n  z"), "x z");
    assert_eq!(text("a: |-\n  x"), "x");
}

#[test]
fn json_is_read_too() {
    let text = "{\n\t\"a\": [1, 2.50, \"\\u00e4\\ud83d\\ude00\\/\"],\n\t\"b\":{\"c\":null}\n}\n";
    let root = one(text);
    assert_eq!(root.get("a").unwrap().as_sequence().unwrap()[2].as_str(), Some("ä😀/"));
    assert!(root.path(&["b", "c"]).unwrap().is_null());
}

#[test]
fn one_document_is_one() {
    assert!(one("").is_null());
    assert!(one("# nothing\n---\n").is_null());
    assert_eq!(fault_of("a: 1\n---\nb: 2\n").line, 3);
}

#[test]
fn sameness_forgets_order_and_spelling() {
    assert!(same(&one("{a: 1, b: [yes, 0x10]}"), &one("b:\n- true\n- 16.0\na: 1\n")));
    assert!(!same(&one("a: 1"), &one("a: '1'")));
    assert!(!same(&one("a: 1"), &one("{a: 1, b: null}")));
    assert!(!same(&one("[1, 2]"), &one("[2, 1]")));
}

#[test]
fn what_is_written_anew_reads_the_same() {
    for text in [
        "a: 'no'\nb: '1_000'\nc: '12:30:45'\nd: '2024-01-01'\ne: ''\nf: ' x'\n",
        "a: [[1, [2]], {b: {}}, [], null]\n'a b': |\n  x\n\n  y\n1: 1.5\n",
        "- - a\n  - b: 1\n    c: 2\n- ~\n",
        "just text",
        "a: \"\\u2028\\x07\\u0085 \\\" \\\\\"\n",
        "a: 1e21\nb: 1.0\nc: .5\n'true': x\n",
    ] {
        let node = one(text);
        let written = write::write(&node);
        assert!(same(&node, &one(&written)), "{text}\n{written}");
    }
}

fn yamlish() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "a", "b", ": ", "- ", "\n", "\n  ", "[", "]", "{", "}", "&x ", "*x", "'", "\"", "|", ">", "#", "---\n",
        "...\n", "%", "!!int ", "<<", "? ", ", ", "\t", "\r\n", "é", "\u{2028}", "1", "~", "\\", "+", "-", "\u{feff}",
        "\0", " ",
    ]);
    prop::collection::vec(part, 0..60).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn no_text_panics_and_the_pieces_cover_it(text in yamlish()) {
        let parsed = read(&text);
        let begin = if text.starts_with('\u{feff}') { 3 } else { 0 };
        let mut at = begin;
        for piece in &parsed {
            prop_assert_eq!(piece.start, at);
            prop_assert!(piece.content_end <= text.len() && text.is_char_boundary(piece.content_end));
            at = piece.end;
        }
        prop_assert_eq!(at, text.len());
    }

    #[test]
    fn any_text_may_stand_in_a_string(text in any::<String>()) {
        let node = Node { value: Value::String(text), span: Span::default() };
        prop_assert!(same(&node, &read_one(&write::write(&node)).unwrap()));
    }

    #[test]
    fn what_reads_is_written_to_read_the_same(text in yamlish()) {
        if let Ok(node) = read_one(&text) {
            let written = write::write(&node);
            let again = read_one(&written);
            prop_assert!(again.is_ok_and(|again| same(&node, &again)), "{}", written);
        }
    }
}
