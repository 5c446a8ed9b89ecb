//! Text rules: what each code about the text of a file means, why, and how it looks wrong and right.

use crate::fabric::finding::code;

/// One rule about text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextRule {
    /// Its code.
    pub code: &'static str,
    /// The rule, one sentence.
    pub rule: &'static str,
    /// Why it is one.
    pub why: &'static str,
    /// A text that breaks it; empty where none can be shown as text.
    pub wrong: &'static str,
    /// The same, right.
    pub right: &'static str,
}

const fn rule(
    code: &'static str,
    rule: &'static str,
    why: &'static str,
    wrong: &'static str,
    right: &'static str,
) -> TextRule {
    TextRule { code, rule, why, wrong, right }
}

/// Every rule about text, in the order of their codes.
pub static TEXT_RULES: [TextRule; 24] = [
    rule(
        code::ENCODING,
        "A file is UTF-8 text.",
        "Kubernetes and hhfab read nothing else; a guess at another encoding could change names.",
        "",
        "iconv -f ISO-8859-1 -t UTF-8 old.yaml > new.yaml",
    ),
    rule(
        code::SYNTAX,
        "A document is YAML.",
        "Nothing can be told of what does not parse.",
        "spec: [1, 2\n",
        "spec: [1, 2]\n",
    ),
    rule(
        code::DUPLICATE_KEY,
        "A key stands once in its map.",
        "Readers disagree on which of the two counts; hhfab and strict kubectl refuse both.",
        "spec:\n  vlan: 1001\n  vlan: 1002\n",
        "spec:\n  vlan: 1001\n",
    ),
    rule(
        code::ALIASES,
        "Aliases repeat no more than ordinary use does.",
        "A few lines of aliases can stand for gigabytes; every reader in the chain refuses them.",
        "a: &a [x, x, x]\nb: &b [*a, *a, *a]\nc: [*b, *b, *b] # and so on\n",
        "a: [x, x, x]\n",
    ),
    rule(
        code::DEPTH,
        "Lists and maps stand at most 100 deep inside each other.",
        "No resource is nested so deep; a reader without a limit can be made to crash.",
        "spec: [[[[[[]]]]]] # 100 times more\n",
        "spec: []\n",
    ),
    rule(
        code::TEMPLATE,
        "A resource has values, not placeholders.",
        "What is still to be filled in means nothing to a cluster.",
        "metadata:\n  name: {{ .Values.name }}\n",
        "metadata:\n  name: vpc-01\n",
    ),
    rule(
        code::UNKNOWN_ANCHOR,
        "An alias names an anchor that stands before it in the same document.",
        "Anchors end with their document; one of another document is not there any more.",
        "a: &x 1\n---\nb: *x\n",
        "a: &x 1\nb: *x\n",
    ),
    rule(
        code::NUMBER,
        "A number is one that JSON can hold.",
        "Kubernetes turns YAML into JSON, which has no infinity.",
        "spec:\n  vlan: .inf\n",
        "spec:\n  vlan: 1001\n",
    ),
    rule(
        code::EMPTY_LIST,
        "A List has items.",
        "There is nothing to take from it.",
        "apiVersion: v1\nkind: List\nitems: []\n",
        "",
    ),
    rule(
        code::COMMENTED_OUT,
        "A resource that is commented out goes into no managed file.",
        "It stays in the raw file; what is managed of the same name stays as it is.",
        "# apiVersion: vpc.githedgehog.com/v1beta1\n# kind: VPC\n# metadata:\n#   name: old\n",
        "",
    ),
    rule(code::SIZE, "A file has at most 32 MiB.", "No fabric needs more; reading stays fast and small.", "", ""),
    rule(
        code::BYTE_ORDER_MARK,
        "A managed file has no byte order mark.",
        "It is left out on the way; nothing is to be done.",
        "",
        "",
    ),
    rule(
        code::LINE_BREAK,
        "A text breaks lines with LF or CR LF only.",
        "Kubernetes ends a line, and so a comment, at U+0085, U+2028 and U+2029; other readers do not.",
        "",
        "description: \"one\\u2028two\"\n",
    ),
    rule(
        code::MERGE,
        "A key brought by << stands nowhere else in its map.",
        "hhfab takes it for a key given twice; other readers disagree on which value counts.",
        "spec:\n  <<: *base\n  vlan: 1002 # base has a vlan\n",
        "spec:\n  vlan: 1002\n",
    ),
    rule(
        code::DOCUMENTS,
        "A file has no more documents than its size makes ordinary.",
        "Millions of empty documents cost time and memory and mean nothing.",
        "",
        "",
    ),
    rule(
        code::VALUES,
        "A file has no more values than its size makes ordinary.",
        "Millions of one-letter values cost many times the memory of the file.",
        "",
        "",
    ),
    rule(
        code::TAB,
        "Lines are indented with spaces.",
        "YAML forbids tabs there, because their width is nobody's.",
        "spec:\n\tvlan: 1001\n",
        "spec:\n  vlan: 1001\n",
    ),
    rule(code::KEY, "A key is text, a number or a boolean.", "JSON has no other keys.", "? [a]\n: 1\n", "a: 1\n"),
    rule(
        code::TAG,
        "A value fits its tag.",
        "A reader cannot make a number of what is none.",
        "vlan: !!int abc\n",
        "vlan: 1001\n",
    ),
    rule(
        code::SECRET,
        "No Secret in clear is committed.",
        "Git keeps it for ever and hands it to everybody who can read the repository.",
        "apiVersion: v1\nkind: Secret\n",
        "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\n",
    ),
    rule(
        code::PRIVATE_KEY,
        "No private key is committed.",
        "Git keeps it for ever; a key that was in a repository must be replaced.",
        "",
        "",
    ),
    rule(
        code::PASSWORD_HASH,
        "No password hash is committed.",
        "Whoever reads it can guess the password at leisure.",
        "",
        "",
    ),
    rule(
        code::SECRET_KIND,
        "No kind of the installer is committed.",
        "Fabricator, ControlNode and FabNode may hold password hashes and join tokens.",
        "apiVersion: fabricator.githedgehog.com/v1beta1\nkind: Fabricator\n",
        "",
    ),
    rule(
        code::TOKEN,
        "No token is committed, and no password in an address or a header.",
        "Whoever reads it acts in the name of its owner; one that was in a repository must be replaced.",
        "url: https://bot:correct-horse@git.example/x.git\n",
        "url: https://git.example/x.git\n",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fabric::{document, resource, secret};

    const HEAD: &str = "apiVersion: vpc.githedgehog.com/v1beta1\nkind: VPC\nmetadata: {name: a}\n";

    fn codes(text: &str) -> Vec<&'static str> {
        let secret = secret::find("managed/x.yaml", text.as_bytes());
        let file = document::read("managed/x.yaml", text.as_bytes());
        let mut codes: Vec<&str> = file.findings.iter().chain(&secret).map(|finding| finding.code).collect();
        for document in &file.documents {
            codes.extend(document.findings.iter().chain(&document.strict).map(|finding| finding.code));
            if let resource::Class::Refused { findings } = resource::classify(document) {
                codes.extend(findings.iter().map(|finding| finding.code));
            }
        }
        codes
    }

    #[test]
    fn every_code_stands_once_and_in_order() {
        let codes: Vec<&str> = TEXT_RULES.iter().map(|rule| rule.code).collect();
        let numbered: Vec<String> = (1..=19).map(|number| format!("HH-T{number}")).collect();
        assert_eq!(codes[..19], numbered);
        assert_eq!(codes[19..], ["HH-S1", "HH-S2", "HH-S3", "HH-S4", "HH-S5"]);
        assert!(TEXT_RULES.iter().all(|rule| rule.rule.ends_with('.') && rule.why.ends_with('.')));
    }

    #[test]
    fn wrong_examples_are_wrong_and_right_ones_right() {
        let outlines = [code::ALIASES, code::DEPTH, code::MERGE];
        for rule in TEXT_RULES.iter().filter(|rule| !rule.wrong.is_empty() && !outlines.contains(&rule.code)) {
            let found = codes(rule.wrong);
            assert!(found.contains(&rule.code), "{} {found:?}", rule.code);
            assert!(!codes(rule.right).contains(&rule.code), "{}", rule.code);
        }
        let merged = format!("{HEAD}x: &base {{vlan: 1}}\nspec:\n  <<: *base\n  vlan: 1002\n");
        assert_eq!(codes(&merged), [code::MERGE]);
    }
}
