//! Tests of taking files apart.

use proptest::prelude::*;

use super::*;
use crate::fabric::finding::code;
use crate::yaml::split::BLANK;
use crate::yaml::{read_one, same};

fn file(text: &str) -> SourceFile {
    read("raw/x.yaml", text.as_bytes())
}

/// The managed texts of a file, each checked to mean what the document means.
fn texts(text: &str) -> Vec<String> {
    let file = file(text);
    for document in &file.documents {
        check(document);
    }
    file.documents.into_iter().map(|document| document.text).collect()
}

fn check(document: &Document) {
    assert!(document.text.ends_with('\n') && !document.text.contains('\r'), "{:?}", document.text);
    if let Some(value) = &document.value {
        let again = read_one(&document.text).unwrap();
        assert!(same(&again, value), "{}\n{:?}\n{value:?}", document.text, again);
    }
}

const WIRING: &str = "\
---
#
# SwitchGroup list
#
apiVersion: wiring.githedgehog.com/v1beta1
kind: SwitchGroup
metadata:
  name: mclag-1
spec: {}
---
apiVersion: wiring.githedgehog.com/v1beta1
kind: SwitchGroup
metadata:
  name: eslag-1
spec: {} # empty
  # tail of eslag-1

#
# Connections
#
---
apiVersion: wiring.githedgehog.com/v1beta1
kind: Connection
metadata:
  name: server-01--mclag--leaf-01--leaf-02
spec:
  mclag:
    links:
    - server: {port: server-01/enp2s1}
      switch: {port: leaf-01/E1/1}
";

#[test]
fn section_comments_go_with_what_follows() {
    let all = texts(WIRING);
    assert_eq!(all.len(), 3);
    assert!(all[0].starts_with("#\n# SwitchGroup list\n#\napiVersion"));
    assert!(all[1].ends_with("spec: {} # empty\n  # tail of eslag-1\n"));
    assert!(all[2].starts_with("#\n# Connections\n#\napiVersion"));
    let lines: Vec<_> = file(WIRING).documents.iter().map(|d| d.line).collect();
    assert_eq!(lines, [5, 11, 22]);
}

#[test]
fn no_line_is_lost() {
    let joined = texts(WIRING).concat();
    for line in WIRING.lines().filter(|line| *line != "---" && !line.trim().is_empty()) {
        assert!(joined.contains(line), "{line}");
    }
}

#[test]
fn head_and_last_comments_stay() {
    assert_eq!(
        texts("# head\n\n---\na: 1\n---\n# lonely\n---\nb: 2\n# end\n\n# more\n\n"),
        ["# head\n\na: 1\n", "# lonely\nb: 2\n# end\n\n# more\n"]
    );
    assert_eq!(texts("a: 1\n...\n# next\nb: 2\n...\n# last\n---\n"), ["a: 1\n", "# next\nb: 2\n# last\n"]);
}

#[test]
fn text_on_a_separator_becomes_a_line() {
    assert_eq!(
        texts("--- # first\na: 1\n--- {b: 2}\n--- |\n  text\n---   \nc: 3"),
        ["# first\na: 1\n", "{b: 2}\n", "|\n  text\n", "c: 3\n"]
    );
}

#[test]
fn separators_inside_of_text_do_not_split() {
    let text = "a: |\n  ---\n  # not a comment\n  ...\nb: 1\n";
    assert_eq!(texts(text), [text]);
}

#[test]
fn block_scalars_keep_their_end() {
    assert_eq!(texts("a: |+\n  x\n\n\n---\nb: |\n  y\n\n\n# c\n"), ["a: |+\n  x\n\n\n", "b: |\n  y\n\n\n# c\n"]);
    assert_eq!(texts("a: |\n  no break at the end"), ["a: |-\n  no break at the end\n"]);
    assert_eq!(texts("a: >2+\n  no break"), ["a: >2-\n  no break\n"]);
    assert_eq!(texts("a: |\n  x\n---\n    # deep\n---\n# c\n  # d\n"), ["a: |\n  x\n# deep\n# c\n# d\n"]);
    assert_eq!(
        texts("a: |\n  x\n # own\n# next\n    # deep\n---\nb: 1\n"),
        ["a: |\n  x\n # own\n", "# next\n    # deep\nb: 1\n"]
    );
}

#[test]
fn directives_go_and_tag_handles_are_refused() {
    assert_eq!(texts("%YAML 1.2\n---\na: 1\n"), ["a: 1\n"]);
    let text = "%TAG !e! tag:example.com,2000:\n---\na: !e!x 1\n";
    assert_eq!(texts(text), [text]);
    assert_eq!(file(text).documents[0].strict[0].code, code::DIRECTIVE);
}

#[test]
fn resources_commented_out_are_notes() {
    let text = "a: 1\n---\n# title\n\n# apiVersion: vpc.githedgehog.com/v1beta1\n# kind: VPC\n# metadata:\n#   name: x\n---\nb: 2\n";
    assert_eq!(texts(text), ["a: 1\n", "# title\n\nb: 2\n"]);
    let found = &file(text).findings[0];
    assert_eq!((found.code, found.line), (code::COMMENTED_OUT, Some(5)));
    assert!(file("# apiVersion: a\n# kind: b\n").documents.is_empty());
}

#[test]
fn a_broken_document_does_not_hide_the_others() {
    let file = file("a: 1\n---\nb: [\n# c\n---\nc: 3\nc: 4\n---\nd: 4\n");
    let values: Vec<_> = file.documents.iter().map(|d| d.value.is_some()).collect();
    assert_eq!(values, [true, false, false, true]);
    let broken = &file.documents[1];
    assert_eq!((broken.line, broken.findings[0].code), (3, code::SYNTAX));
    let twice = &file.documents[2].findings[0];
    assert_eq!((twice.code, twice.line, twice.column), (code::DUPLICATE_KEY, Some(7), Some(1)));
}

#[test]
fn templates_are_recognised() {
    for text in ["name: {{ .Values.x }}\n", "{{- range }}\na: 1\n", "name: $(NAME)\n", "name: <name>\n"] {
        let file = file(text);
        assert!(file.documents[0].is_template, "{text}");
        assert_eq!(file.documents[0].strict[0].code, code::TEMPLATE);
    }
}

#[test]
fn encodings_and_marks_are_findings() {
    let file = read("x", b"\xef\xbb\xbfa: 1\r\n---\r\nb: 2\r\n");
    assert_eq!(file.documents.len(), 2);
    assert_eq!(file.documents[0].text, "a: 1\n");
    assert_eq!(file.findings[0].code, code::BYTE_ORDER_MARK);
    assert_eq!(read("x", b"a: \xff").findings[0].code, code::ENCODING);
    let odd = read("x", "a: 1 # \u{2028}b\n".as_bytes());
    assert_eq!(odd.documents[0].strict[0].code, code::LINE_BREAK);
}

#[test]
fn a_list_is_unpacked_with_its_comments() {
    let text = "# all\napiVersion: v1\nkind: List\nitems:\n# one\n- apiVersion: a/v1\n  kind: X # inline\n  # inside\n  text: |\n    x\n\n     y\n- # two\n  apiVersion: a/v1\n  kind: Y\n  list:\n  - 1\n# end\nmetadata:\n  resourceVersion: ''\n";
    let file = file(text);
    assert_eq!(
        texts(text),
        [
            "# all\n# one\napiVersion: a/v1\nkind: X # inline\n# inside\ntext: |\n  x\n\n   y\n",
            "# two\napiVersion: a/v1\nkind: Y\nlist:\n- 1\n"
        ]
    );
    assert_eq!(
        file.documents.iter().map(|d| (d.item, d.line, d.rewritten)).collect::<Vec<_>>(),
        [(Some(0), 6, false), (Some(1), 14, false)]
    );
}

#[test]
fn json_lists_are_cut_out_as_they_are() {
    let text = "{\n  \"apiVersion\": \"v1\",\n  \"kind\": \"List\",\n  \"items\": [\n    {\n      \"kind\": \"X\",\n      \"a\": [1]\n    }, {\"kind\": \"Y\"}\n  ]\n}\n";
    assert_eq!(texts(text), ["{\n  \"kind\": \"X\",\n  \"a\": [1]\n}\n", "{\"kind\": \"Y\"}\n"]);
    assert!(texts("{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[]}").is_empty());
}

#[test]
fn items_that_cannot_be_cut_are_written_anew() {
    let text = "apiVersion: v1\nkind: List\nitems:\n- kind: &k X\n  a: &a {b: 'no'}\n- kind: Z\n  a: *a\n- *a\n";
    let file = file(text);
    assert_eq!(file.documents.iter().map(|d| d.rewritten).collect::<Vec<_>>(), [false, true, true]);
    assert_eq!(texts(text)[1], "kind: Z\na:\n  b: \"no\"\n");
    let typed = "apiVersion: vpc.githedgehog.com/v1beta1\nkind: VPCList\nitems:\n- metadata: {name: x}\n";
    assert_eq!(texts(typed), ["apiVersion: vpc.githedgehog.com/v1beta1\nkind: VPC\nmetadata:\n  name: x\n"]);
}

#[test]
fn more_documents_than_anybody_has_are_one_finding() {
    let text = "a: 1\n---\n".repeat(crate::yaml::most_documents(300_000));
    let file = file(&text);
    assert_eq!(file.documents.len(), 1);
    assert_eq!(file.documents[0].findings[0].code, code::DOCUMENTS);
}

fn codes(path: &str, text: &str) -> Vec<(&'static str, u32)> {
    let file = read(path, text.as_bytes());
    let of_documents = file.documents.iter().flat_map(|document| document.findings.iter().chain(&document.strict));
    file.findings.iter().chain(of_documents).map(|found| (found.code, found.line.unwrap_or_default())).collect()
}

#[test]
fn every_key_given_twice_is_its_own_finding() {
    let text = "a: 1\na: 2\nb:\n  c: 1\n  c: 2\na: 3\n---\nd: 1\n";
    let twice = code::DUPLICATE_KEY;
    assert_eq!(codes("raw/x.yaml", text), [(twice, 2), (twice, 5), (twice, 6)]);
    let values: Vec<bool> = file(text).documents.iter().map(|document| document.value.is_some()).collect();
    assert_eq!(values, [false, true]);
}

#[test]
fn a_merged_key_that_is_overridden_counts_for_resources_only() {
    let text = "a: &a {b: 1}\nc:\n  <<: *a\n  b: 2\n";
    assert_eq!(codes("raw/x.yaml", text), [(code::MERGE, 4)]);
    let document = &file(text).documents[0];
    assert_eq!(document.value.as_ref().unwrap().path(&["c", "b"]).unwrap().as_integer(), Some(2));
    assert!(document.findings.is_empty());
    let back = "a: &a {b: 1}\nc:\n  b: 2\n  <<: *a\n";
    assert_eq!(file(back).documents[0].value.as_ref().unwrap().path(&["c", "b"]).unwrap().as_integer(), Some(1));
}

#[test]
fn behind_what_may_be_json_stands_no_comment() {
    assert_eq!(texts("{\"a\": 1}\n  # mine\n# ours\n"), ["# mine\n# ours\n{\"a\": 1}\n"]);
}

#[test]
fn tabs_and_control_characters_are_named() {
    assert_eq!(codes("raw/x.yaml", "a:\n\tb: 1\n"), [(code::TAB, 2)]);
    assert_eq!(codes("raw/x.yaml", "a:\n  b:\n  \t- 1\n  c: [\n"), [(code::TAB, 3)]);
    let found = &file("a: 1\u{1b}\n").documents[0];
    assert!(found.value.is_none() && found.findings[0].message.contains("U+001B"));
    assert_eq!(read("x", b"a: 1\nb: \0\n").findings[0].message.matches("NUL byte in line 2").count(), 1);
}

#[test]
fn a_template_of_somebody_else_is_only_somebody_elses() {
    use crate::fabric::resource::{Class, classify};
    let class = |text: &str| classify(&file(text).documents[0]);
    assert_eq!(class("apiVersion: v1\nkind: ConfigMap\ndata: {a: $(X)}\n"), Class::Foreign);
    assert_eq!(class("a: &a {b: 1}\nc: {<<: *a, b: 2}\n"), Class::Foreign);
    let ours = "apiVersion: vpc.githedgehog.com/v1beta1\nkind: VPC\nmetadata: {name: $(X)}\n";
    assert!(matches!(class(ours), Class::Refused { .. }));
    assert!(matches!(class("a: {{ .x }}\n"), Class::Refused { .. }));
    assert!(matches!(class("# {{ x }}\na: [\n"), Class::Invalid(_)));
}

#[test]
fn files_appended_to_each_other_with_their_marks_are_two_documents() {
    assert_eq!(texts("\u{feff}---\na: 1\n\u{feff}---\nb: 2\n"), ["a: 1\n", "b: 2\n"]);
    assert_eq!(texts("a: 1\n\u{feff}\u{feff}---\nb: 1\n"), ["a: 1\n", "b: 1\n"]);
    assert_eq!(texts("a: 1\r---\rb: 2\r"), ["a: 1\n", "b: 2\n"]);
}

#[test]
fn a_separator_with_its_comment_glued_on_is_one_behind_other_lines() {
    assert_eq!(texts("a: 1\n---# next\nb: 2\n"), ["a: 1\n", "# next\nb: 2\n"]);
    assert_eq!(texts("# head\n---#\na: 1\n"), ["# head\n#\na: 1\n"]);
    assert_eq!(texts("a: 1\n---#c\n---\nb: 2\n---#d\n"), ["a: 1\n", "#c\nb: 2\n#d\n"]);
    for text in ["---# first\na: 1\n", "b: 1\n---\n---# again\na: 1\n"] {
        assert!(file(text).documents.last().unwrap().value.is_none(), "{text}");
    }
    let text = "a: 1\n---# next\nb: 2\nb: 3\n";
    assert_eq!(codes("raw/x.yaml", text), [(code::DUPLICATE_KEY, 4)]);
}

#[test]
fn a_byte_order_mark_that_begins_a_document_is_left_out_with_a_note() {
    let text = "a: 1\n---\n\u{feff}b: 2\nc: 3\n---# x\n\u{feff}d: 4\n";
    assert_eq!(texts(text), ["a: 1\n", "b: 2\nc: 3\n", "# x\nd: 4\n"]);
    assert_eq!(codes("raw/x.yaml", text), [(code::BYTE_ORDER_MARK, 3), (code::BYTE_ORDER_MARK, 6)]);
}

#[test]
fn comments_that_go_to_another_document_are_comments_to_every_reader() {
    assert_eq!(codes("raw/x.yaml", "a: 1\n---\n\t# c\n---\nb: 1\n"), [(code::TAB, 3)]);
    assert_eq!(texts("# x\u{2028}y\n---\nb: 1\n"), ["# x y\nb: 1\n"]);
}

fn streams() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "---\n",
        "--- # c\n",
        "...\n",
        "# col0\n",
        "  # indented\n",
        "\n",
        "a: 1\n",
        "b:\n  c: |\n    x\n    # y\n",
        "d: |+\n  z\n\n",
        "- 1\n- 2\n",
        "{e: 1}\n",
        "f: 'x\n  y'\n",
        "g: >-\n  z",
        "broken: [\n",
        "# apiVersion: x\n# kind: Y\n",
        "  # apiVersion: x\n  # kind: Y\n",
        "h: &a\n  i: 1\nj: *a\n",
        "\"k\": {\n  \"l\": [1,\n 2]}\n",
        "\n\n",
        "\u{2028}\n",
        "\u{a0}",
        "\x0c\n",
        "\u{feff}",
        "  m: 1\n",
        "%YAML 1.2\n",
        "n: \n",
    ]);
    prop::collection::vec(part, 0..14).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(3000) })]

    #[test]
    fn every_managed_text_means_its_document(text in streams()) {
        for document in &file(&text).documents {
            check(document);
            let first = document.text.lines().next().unwrap_or_default();
            prop_assert!(!first.is_empty() && first != "---");
        }
    }

    #[test]
    fn every_line_is_in_exactly_one_document(text in streams()) {
        let text = text.replace('\u{feff}', "");
        let file = file(&text);
        let all: String = file.documents.iter().map(|document| document.text.as_str()).collect();
        let is_mark = |line: &str| line.starts_with("\u{feff}---") || line.starts_with("---") || line.starts_with("...") || line.starts_with('%');
        let count = |text: &str, wanted: &str| text.lines().filter(|line| line.trim_matches(BLANK) == wanted).count();
        let is_titled = |line: &str| line.starts_with("# apiVersion") || line.starts_with("# kind") || line.starts_with("# y") || line.contains("col0") || line.contains("indented");
        for line in text.lines().filter(|line| !line.trim_matches(BLANK).is_empty() && !is_mark(line)) {
            let bare = line.trim_matches(BLANK);
            let dropped = file.documents.is_empty() || !file.findings.is_empty() && is_titled(bare);
            let header = bare.contains("|+") || bare.contains('>');
            if !dropped && !header {
                prop_assert_eq!(count(&text, bare), count(&all, bare), "{}", bare);
            }
        }
    }
}
