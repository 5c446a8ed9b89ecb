//! Whether a file holds a secret: asked of its text, and of the values it is read to, wherever they stand.

mod broken;
mod comment;
pub(crate) mod encrypted;
mod kinds;

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::fabric::finding::{Finding, Severity, code};
use crate::fabric::kind::FABRICATOR;
use crate::text::secrets::{self, SecretKind};
use crate::yaml::{self, Node, Value};

/// The kinds of the installer.
const INSTALL_KINDS: [&str; 3] = ["Fabricator", "ControlNode", "FabNode"];

/// The names of the kinds that matter in base64, wherever that begins.
const IN_BASE64: [&str; 15] = [
    "U2VjcmV0",
    "NlY3Jld",
    "TZWNyZX", // Secret
    "RmFicmljYXRvc",
    "ZhYnJpY2F0b3",
    "GYWJyaWNhdG9y", // Fabricator
    "Q29udHJvbE5vZG",
    "NvbnRyb2xOb2Rl",
    "Db250cm9sTm9kZ", // ControlNode
    "RmFiTm9kZ",
    "ZhYk5vZG",
    "GYWJOb2Rl", // FabNode
    "ZmFicmljYXRvci5naXRoZWRnZWhvZ",
    "ZhYnJpY2F0b3IuZ2l0aGVkZ2Vob2",
    "mYWJyaWNhdG9yLmdpdGhlZGdlaG9n",
];

/// How many texts may stand in texts.
const DEEPEST: u8 = 8;

/// How many secrets of one file are told.
const MOST: usize = 20;

/// One secret of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundSecret {
    /// The finding; it never quotes the secret.
    pub finding: Finding,
    /// What it is the same secret by wherever else it stands; never shown and never written.
    pub marks: BTreeSet<String>,
}

/// Whether a code is of a finding about a secret.
pub fn is_code(code: &str) -> bool {
    [code::SECRET, code::PRIVATE_KEY, code::PASSWORD_HASH, code::SECRET_KIND, code::TOKEN].contains(&code)
}

/// The first secret of a file; the finding never quotes it.
pub fn find(path: &str, text: &[u8]) -> Option<Finding> {
    all(path, text).into_iter().next().map(|found| found.finding)
}

/// The secrets of a file in the order of their lines; of very many the first.
pub fn all(path: &str, bytes: &[u8]) -> Vec<FoundSecret> {
    let text = readable(bytes);
    let text = text.trim_start_matches(['\u{feff}', '\u{fffd}']);
    let mut search = Search { path, found: Vec::new() };
    search.name();
    search.forms(text, None);
    if may_name_a_kind(text) {
        search.documents(text, &Frame { text, line: None, is_loose: false, depth: DEEPEST });
    }
    let mut found = search.found;
    found.sort_by(|a, b| a.finding.cmp(&b.finding));
    found.dedup_by(|next, kept| {
        let is_same = next.finding == kept.finding;
        if is_same {
            kept.marks.append(&mut next.marks);
        }
        is_same
    });
    found.truncate(MOST);
    found
}

/// The text without the zeros that UTF-16 puts between ASCII letters.
fn readable(bytes: &[u8]) -> Cow<'_, str> {
    if !bytes.contains(&0) {
        return String::from_utf8_lossy(bytes);
    }
    let dense: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
    Cow::Owned(String::from_utf8_lossy(&dense).into_owned())
}

/// Whether a text has any of what names a kind that matters: plain, escaped, or in base64. Most have not, and
/// need not be read for it.
fn may_name_a_kind(text: &str) -> bool {
    let words = ["Secret", FABRICATOR, "\\"].into_iter().chain(INSTALL_KINDS).chain(IN_BASE64);
    words.into_iter().any(|word| text.contains(word))
}

/// What is searched, and what was found so far.
struct Search<'a> {
    path: &'a str,
    found: Vec<FoundSecret>,
}

/// A text whose documents are read: the file's, or one that stands in a value of it.
#[derive(Clone, Copy)]
struct Frame<'a> {
    /// The text.
    text: &'a str,
    /// The line of the file it stands in; none where its own lines are the file's.
    line: Option<u32>,
    /// Whether only a resource with values counts: in comments and in values.
    is_loose: bool,
    /// How many texts more may stand inside.
    depth: u8,
}

impl Frame<'_> {
    fn line(&self, own: u32) -> u32 {
        self.line.unwrap_or(own)
    }

    /// A text that stands in a value or a comment of this one.
    fn inner<'b>(&self, text: &'b str, line: u32) -> Option<Frame<'b>> {
        let depth = self.depth.checked_sub(1)?;
        Some(Frame { text, line: Some(self.line(line)), is_loose: true, depth })
    }
}

impl Search<'_> {
    /// The file's name is committed too.
    fn name(&mut self) {
        for found in secrets::find(self.path) {
            let message = "the name of this file holds a secret";
            let finding = Finding::file(Severity::Error, code_of(found.kind), self.path, message, REMEDY);
            self.found.push(FoundSecret { finding, marks: BTreeSet::from([found.value]) });
        }
    }

    /// Secrets of a known form in a text.
    fn forms(&mut self, text: &str, line: Option<u32>) {
        let (mut at, mut number) = (0, 1);
        for found in secrets::find(text) {
            number += text[at..found.range.start].matches('\n').count();
            at = found.range.start;
            let message = match found.kind {
                SecretKind::PrivateKey => "this file holds a private key",
                SecretKind::PasswordHash => "this file holds a password hash",
                SecretKind::Token => "this file holds a token",
                SecretKind::Login => "this file holds a password or token in an address, a header or a setting",
            };
            let line = line.unwrap_or_else(|| u32::try_from(number).unwrap_or(u32::MAX));
            let marks = Some(found.value).filter(|value| !value.is_empty()).into_iter().collect();
            self.push(code_of(found.kind), line, message, REMEDY, marks);
        }
    }

    /// The resources of a text and of its comments.
    fn documents(&mut self, text: &str, frame: &Frame<'_>) {
        for parsed in yaml::read(text) {
            match &parsed.root {
                Ok(Some(root)) => self.value(root, frame, !frame.is_loose),
                Ok(None) => {}
                Err(_) => self.broken(&text[parsed.start..parsed.end], frame, parsed.line),
            }
        }
        for (line, block) in comment::blocks(text).into_iter().filter(|(_, block)| may_name_a_kind(block)) {
            if let Some(inner) = frame.inner(&block, line) {
                self.documents(&block, &inner);
            }
        }
    }

    /// A value and all that stands in it; `is_document` where a resource would be applied from here.
    fn value(&mut self, node: &Node, frame: &Frame<'_>, is_document: bool) {
        match &node.value {
            Value::Mapping(entries) => {
                self.resource(node, frame, is_document);
                for entry in entries {
                    self.value(&entry.key, frame, false);
                    let is_list = is_document && matches!(entry.key.as_str(), Some("items" | "objects"));
                    match entry.value.as_sequence().filter(|_| is_list) {
                        Some(items) => items.iter().for_each(|item| self.value(item, frame, true)),
                        None => self.value(&entry.value, frame, false),
                    }
                }
            }
            Value::Sequence(items) => items.iter().for_each(|item| self.value(item, frame, false)),
            Value::String(text) => self.string(text, node, frame),
            Value::Null | Value::Bool(_) | Value::Integer(_) | Value::Float(_) => {}
        }
    }

    /// A string: its forms where it reads otherwise than it is written, and the documents in it.
    fn string(&mut self, text: &str, node: &Node, frame: &Frame<'_>) {
        let line = frame.line(node.span.line);
        if frame.text.get(node.span.start..node.span.end) != Some(text) {
            self.forms(text, Some(line));
        }
        let decoded = secrets::decoded(text).and_then(|bytes| String::from_utf8(bytes).ok());
        for text in [Some(text), decoded.as_deref()].into_iter().flatten() {
            let is_text = text.contains([':', '\n']) && may_name_a_kind(text);
            if let Some(inner) = frame.inner(text, node.span.line).filter(|_| is_text) {
                self.documents(text, &inner);
            }
        }
    }

    fn push(&mut self, code: &'static str, line: u32, message: &str, remedy: &str, marks: BTreeSet<String>) {
        let finding = Finding::file(Severity::Error, code, self.path, message, remedy).at(line, 1);
        self.found.push(FoundSecret { finding, marks });
    }
}

const REMEDY: &str = "move the file out of the repository, or encrypt it (SOPS, SealedSecret)";

fn code_of(kind: SecretKind) -> &'static str {
    match kind {
        SecretKind::PrivateKey => code::PRIVATE_KEY,
        SecretKind::PasswordHash => code::PASSWORD_HASH,
        SecretKind::Token | SecretKind::Login => code::TOKEN,
    }
}

#[cfg(test)]
mod tests;
