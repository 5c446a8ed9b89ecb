//! Secrets: the one list of what a secret looks like, asked by the screen, the journal and every plan.

mod key;
mod login;
mod token;
mod view;

use std::ops::Range;

/// What a secret is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SecretKind {
    /// A private key: PEM, OpenSSH, PuTTY, PGP, age, `WireGuard`.
    PrivateKey,
    /// A password hash of crypt(3) and its relatives.
    PasswordHash,
    /// A token that says what it is by its form.
    Token,
    /// A name with a password, or a token of any form where it is used: in an address, in a header.
    Login,
}

/// One secret in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretMatch {
    /// Where it stands; of an encoded one, the whole of what is encoded.
    pub range: Range<usize>,
    /// What it is.
    pub kind: SecretKind,
    /// What it is the same secret by wherever else it stands; empty where too little of it is there.
    pub value: String,
}

/// How often one coding may stand in another.
const DEEPEST: usize = 4;

/// What is shorter holds none.
const SHORTEST: usize = 16;

/// Every secret of a known form in a text, in its order: as it stands, escaped, percent-encoded, and in base64
/// wherever that begins.
pub fn find(text: &str) -> Vec<SecretMatch> {
    let mut found = Vec::new();
    search(text, DEEPEST, false, &mut found);
    found.sort_by(|a, b| (a.range.start, b.range.end).cmp(&(b.range.start, a.range.end)));
    let mut kept: Vec<SecretMatch> = Vec::new();
    for one in found {
        let is_inside = |other: &SecretMatch| other.kind == one.kind && other.range.end >= one.range.end;
        if !kept.iter().rev().take(8).any(is_inside) {
            kept.push(one);
        }
    }
    kept
}

/// The text with every secret of a known form replaced.
pub fn hide(text: &str) -> String {
    let mut hidden = String::with_capacity(text.len());
    let mut at = 0;
    for SecretMatch { range: Range { start, end }, kind, .. } in find(text) {
        if start >= at {
            hidden.push_str(&text[at..start]);
            hidden.push_str(if kind == SecretKind::PrivateKey { "*** private key ***" } else { "***" });
        }
        at = at.max(end);
    }
    hidden.push_str(&text[at..]);
    hidden
}

/// What a base64 text of at least a few bytes stands for, if it is nothing but base64.
pub fn decoded(text: &str) -> Option<Vec<u8>> {
    let letters: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let bare = letters.strip_suffix(b"==").or_else(|| letters.strip_suffix(b"=")).unwrap_or(&letters);
    let is_whole = bare.len() >= 4 && bare.len() % 4 != 1 && bare.iter().all(|byte| view::digit(*byte).is_some());
    is_whole.then(|| view::decode(bare))
}

/// Where a word stands in a text whatever of it is percent-encoded, in order.
pub(super) fn in_percent(text: &str, word: &str) -> Vec<Range<usize>> {
    let Some(plain) = view::without_percent(text) else {
        return Vec::new();
    };
    plain.text.match_indices(word).map(|(at, _)| plain.place(&(at..at + word.len()))).collect()
}

/// The text with what stands behind each backslash read as YAML and JSON do.
pub fn unescaped(text: &str) -> String {
    view::unescaped(text).map_or_else(|| text.to_owned(), |plain| plain.text)
}

fn search(text: &str, depth: usize, is_decoded: bool, found: &mut Vec<SecretMatch>) {
    if text.len() < SHORTEST {
        return;
    }
    key::find(text, found);
    token::find(text, is_decoded, found);
    login::find(text, found);
    if depth == 0 {
        return;
    }
    for plain in [view::unescaped(text), view::without_percent(text)].into_iter().flatten() {
        let mut inner = Vec::new();
        search(&plain.text, depth - 1, is_decoded, &mut inner);
        found.extend(inner.into_iter().map(|one| SecretMatch { range: plain.place(&one.range), ..one }));
    }
    for run in view::runs(text) {
        for bytes in run.phases() {
            if key::is_raw(&bytes) {
                let value = token::bare(&String::from_utf8_lossy(&run.letters));
                found.push(SecretMatch { range: run.range.clone(), kind: SecretKind::PrivateKey, value });
            }
            let mut inner = Vec::new();
            view::legible(&bytes, SHORTEST).for_each(|part| search(part, depth - 1, true, &mut inner));
            found.extend(inner.into_iter().map(|one| SecretMatch { range: run.range.clone(), ..one }));
        }
    }
}

#[cfg(test)]
mod tests;
