//! Hostile shapes: small pieces of text that hurt a careless reader when they are repeated.

/// Each is repeated to fill a file; some have a beginning of their own.
pub(crate) const SHAPES: &[(&str, &str)] = &[
    ("", "---\n"),
    ("", "--- a\n"),
    ("", "...\n"),
    ("", "a: 1\n---\n"),
    ("", "# c\n---\n"),
    ("", "\n"),
    ("", "#\n"),
    ("a: 1\n", "# c\n"),
    ("a: 1\n", "  # c\n# d\n\n"),
    ("", "# apiVersion: x\n# kind: Y\n\n"),
    ("", "["),
    ("", "{"),
    ("", "[]"),
    ("", "{a: "),
    ("", "- "),
    ("", "-\n"),
    ("", "- a\n"),
    ("", "- {}\n"),
    ("", "- ''\n"),
    ("", "- []\n"),
    ("", "? "),
    ("", ": "),
    ("", ":"),
    ("", "? a\n"),
    ("", "a\n"),
    ("", "a "),
    ("", "a:\n"),
    ("", "a: b\n"),
    ("", "!"),
    ("", "!!"),
    ("", "!!str "),
    ("", "&"),
    ("", "&a "),
    ("", "*a "),
    ("", "- &a b\n"),
    ("a: &a [x, x, x]\nb:\n", "- *a\n"),
    ("a: &a {x: 1}\nb:\n", "- <<: *a\n"),
    ("a: &a {x: 1}\nb:\n", "  <<: *a\n"),
    ("a: &a {x: 1}\nb: {", "<<: *a, "),
    ("a: |\n", "  x\n"),
    ("a: |\n", "\n"),
    ("a: |\n", "  \t\n"),
    ("a: |+\n", " \n"),
    ("a: >\n", "  x\n\n"),
    ("a: \"", "\\"),
    ("a: \"", "x\n"),
    ("a: '", "''"),
    ("a: '", "\n"),
    ("", "\""),
    ("", "'"),
    ("", "\t"),
    ("", " "),
    ("", "\r"),
    ("", "\r\n"),
    ("", "\u{feff}"),
    ("", "\n\u{feff}---\n"),
    ("", "\u{2028}"),
    ("", "\u{85}"),
    ("", "\u{1f600}"),
    ("", "%YAML 1.2\n"),
    ("", "%TAG ! x\n"),
    ("", "%"),
    ("", "@"),
    ("", "`"),
    ("", "|"),
    ("", ">"),
    ("", "<<: "),
    ("", "{{ "),
    ("", "{{ x }}\n"),
    ("", "$(x)\n"),
    ("[", "a,"),
    ("[", "1, "),
    ("[", "[],"),
    ("[", "{},"),
    ("[", "a: b, "),
    ("{", "a: b, "),
    ("{", "a, "),
    ("{", "? a, "),
    ("[", "\"\","),
    ("[", ","),
    ("kind: List\napiVersion: v1\nitems:\n", "- a: 1\n"),
    ("kind: List\napiVersion: v1\nitems:\n", "# c\n- a: 1\n"),
    ("{\"kind\":\"List\",\"apiVersion\":\"v1\",\"items\":[", "{\"a\":1},"),
    ("kind: AList\napiVersion: v1\nitems:\n", "- {}\n"),
    ("metadata:\n  labels:\n", "    fabric.githedgehog.com/a: 1\n"),
    ("status:\n", "- 1\n"),
    ("", "kind: Secret\n"),
    ("", "$6$"),
    ("", "-----BEGIN "),
    ("", "apiVersion: vpc.githedgehog.com/v1beta1\nkind: VPC\nmetadata: {name: x}\n---\n"),
];

/// Beginnings whose repeated piece is numbered, so that every line differs.
pub(crate) const NUMBERED: &[(&str, &str)] = &[
    ("", "k#: 1\n"),
    ("{", "k#: 1, "),
    ("metadata:\n  labels:\n", "    fabric.githedgehog.com/l#: 1\n"),
    ("{\"metadata\": {\"labels\": {", "\"fabric.githedgehog.com/l#\": \"1\",\n"),
    ("", "a#: &a# x\n"),
    ("", "a: &a# [x]\nb: *a#\n---\n"),
    ("a: &a {x: 1}\nb:\n", "  k#: *a\n"),
    ("a: 1\n", "a: 1\nb: 1\n"),
];

/// A shape repeated to about so many bytes.
pub(crate) fn filled(begin: &str, piece: &str, bytes: usize) -> String {
    let mut text = begin.to_owned();
    let mut number = 0;
    while text.len() < bytes {
        if piece.contains('#') && piece.contains("#:") || piece.contains("# [") || piece.contains("#\":") {
            text.push_str(&piece.replace('#', &number.to_string()));
        } else {
            text.push_str(piece);
        }
        number += 1;
    }
    text
}
