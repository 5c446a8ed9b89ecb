//! Broken: the kinds that are secrets in a text that cannot be read.

use std::collections::BTreeSet;

use super::{Frame, INSTALL_KINDS, REMEDY, Search};
use crate::fabric::finding::code;
use crate::fabric::kind::FABRICATOR;
use crate::text::secrets::unescaped;

impl Search<'_> {
    /// A document that cannot be read, which begins at a line.
    pub(super) fn broken(&mut self, text: &str, frame: &Frame<'_>, first: u32) {
        if frame.is_loose && !text.contains("data") && !text.contains("stringData") && !text.contains("spec") {
            return;
        }
        let text = unescaped(&solid(text));
        for (at, word) in kinds(&text) {
            let line = frame.line(first + u32::try_from(text[..at].matches('\n').count()).unwrap_or(0));
            if word == "Secret" {
                let message = "this file names a Secret and cannot be read, so nothing tells that it is encrypted";
                self.push(code::SECRET, line, message, REMEDY, BTreeSet::new());
            } else if INSTALL_KINDS.contains(&word) || word.is_empty() {
                let message = "this resource belongs to the installer and may hold password hashes and tokens";
                self.push(code::SECRET_KIND, line, message, REMEDY, BTreeSet::new());
            }
        }
    }
}

/// The lines that are no comments; those are read on their own.
fn solid(text: &str) -> String {
    let solid = text.lines().map(|line| if line.trim_start().starts_with('#') { "" } else { line });
    solid.collect::<Vec<_>>().join("\n")
}

/// The words that follow `kind:`, and an empty one for each version of the installer's group.
fn kinds(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    for (at, key) in text.match_indices("kind").chain(text.match_indices("apiVersion")) {
        let is_whole = !text[..at].ends_with(|before: char| before.is_ascii_alphanumeric());
        let rest = text[at + key.len()..].trim_start_matches(['"', '\'']).trim_start();
        let Some(value) = rest.strip_prefix(':').filter(|_| is_whole) else { continue };
        let value = bare(value);
        let end = value.find(|character: char| !is_word(character)).unwrap_or(value.len());
        match key {
            "kind" => found.push((at, &value[..end])),
            _ if value.starts_with(FABRICATOR) => found.push((at, "")),
            _ => {}
        }
    }
    found
}

/// A value without what may stand before it: tags, anchors, the header of a block, quotes.
fn bare(value: &str) -> &str {
    let mut rest = value.trim_start();
    while let Some(sign) = rest.chars().next().filter(|sign| "!&|>\"'".contains(*sign)) {
        rest = match sign {
            '"' | '\'' => rest[1..].trim_start(),
            _ => rest.find(char::is_whitespace).map_or("", |end| rest[end..].trim_start()),
        };
    }
    rest
}

fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric()
}
