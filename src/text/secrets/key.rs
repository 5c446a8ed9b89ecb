//! Key: private keys and password hashes.

use super::{SecretKind, SecretMatch, token};

/// The beginnings of password hashes of crypt(3), of its relatives and of switches.
const HASHES: [&str; 19] = [
    "$1$", "$2a$", "$2b$", "$2x$", "$2y$", "$3$", "$5$", "$6$", "$7$", "$8$", "$y$", "$gy$", "$apr1$", "$argon2",
    "$scrypt$", "$pbkdf2", "$md5", "$sha1$", "$sm3$",
];

/// Those with one dollar less.
const SHORTER_HASHES: [&str; 3] = ["$9$", "$P$", "$H$"];

/// Those that name what made them.
const NAMED_HASHES: [&str; 6] = ["{SSHA", "{SMD5}", "{SHA", "{CRYPT}", "pbkdf2_sha", "{PBKDF2"];

/// How many characters a password hash has at least.
const SHORTEST_HASH: usize = 24;

/// How many characters of a key tell it from any other.
const TELLING: usize = 24;

/// What keys without their first line begin with: OpenSSH's own form, and PKCS #8 of RSA, EC and Edwards curves.
const RAW: [&[u8]; 5] = [
    b"openssh-key-v1\0",
    b"\x02\x01\x00\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01",
    b"\x02\x01\x00\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01",
    b"\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70",
    b"\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x6e",
];

pub(super) fn find(text: &str, found: &mut Vec<SecretMatch>) {
    blocks(text, found);
    putty(text, found);
    hashes(text, found);
}

/// Whether bytes are a private key in a binary form.
pub(super) fn is_raw(bytes: &[u8]) -> bool {
    let is_there = |at: usize| RAW.iter().any(|mark| bytes[at..].starts_with(mark));
    let firsts = bytes.iter().enumerate().filter(|(_, byte)| matches!(byte, b'o' | b'\x02'));
    firsts.map(|(at, _)| at).any(is_there)
}

/// `-----BEGIN RSA PRIVATE KEY-----` to its end, and the four dashes of SSH.COM.
fn blocks(text: &str, found: &mut Vec<SecretMatch>) {
    let mut from = 0;
    while let Some(at) = text[from..].find("BEGIN").map(|at| from + at) {
        from = at + "BEGIN".len();
        let Some((head, body)) = head(text, at) else { continue };
        let end = text[body..].find("END").map_or(text.len(), |end| {
            let label = body + end + 3;
            let close = text[label..].find("--").map_or(text.len(), |dashes| label + dashes);
            text.len() - text[close..].trim_start_matches('-').len()
        });
        let last = text[body..end].rfind("END").map_or(end, |last| body + last);
        let value = token::bare(&text[body..last]);
        let value = if value.len() < TELLING { String::new() } else { value };
        found.push(SecretMatch { range: head..end, kind: SecretKind::PrivateKey, value });
        from = end;
    }
}

/// Where the first line of a private key begins and ends whose `BEGIN` stands here.
fn head(text: &str, begin: usize) -> Option<(usize, usize)> {
    let before = text[..begin].trim_end_matches(is_gap);
    let start = before.trim_end_matches('-').len();
    let label = begin + "BEGIN".len();
    let length = text[label..].find("--").filter(|length| *length < 80)?;
    let words: Vec<&str> = text[label..label + length].split(is_gap).filter(|word| !word.is_empty()).collect();
    let is_key = words.windows(2).any(|pair| pair == ["PRIVATE", "KEY"]);
    let end = text.len() - text[label + length..].trim_start_matches('-').len();
    (before.len() - start >= 4 && is_key).then_some((start, end))
}

/// What parts the words of a first line, a line that was folded too.
fn is_gap(character: char) -> bool {
    character.is_ascii_whitespace() || character == '#'
}

fn putty(text: &str, found: &mut Vec<SecretMatch>) {
    let mut from = 0;
    while let Some(start) = text[from..].find("PuTTY-User-Key-File-").map(|at| from + at) {
        let end = text[start..].find("Private-MAC:").map_or(text.len(), |mac| {
            let line = start + mac;
            text[line..].find('\n').map_or(text.len(), |end| line + end)
        });
        let body = text[start..end].find("Private-Lines:").map_or("", |at| &text[start + at..end]);
        found.push(SecretMatch { range: start..end, kind: SecretKind::PrivateKey, value: token::bare(body) });
        from = end;
    }
}

fn hashes(text: &str, found: &mut Vec<SecretMatch>) {
    let places = text.match_indices('$').chain(text.match_indices('{')).chain(text.match_indices("pbkdf2_sha"));
    for (at, _) in places {
        let length = hash(&text[at..]);
        if length > 0 {
            let value = text[at..at + length].to_owned();
            found.push(SecretMatch { range: at..at + length, kind: SecretKind::PasswordHash, value });
        }
    }
}

/// The length of the hash a text begins with; nought where it does not.
fn hash(text: &str) -> usize {
    let begins = |marks: &[&str]| marks.iter().any(|mark| text.starts_with(mark));
    let of_hash = |byte: &u8| byte.is_ascii_alphanumeric() || b"$./+=,_-".contains(byte);
    if begins(&NAMED_HASHES) {
        let name = text.find('}').filter(|end| *end < 16).map_or(0, |end| end + 1);
        let length = text.bytes().skip(name).take_while(of_hash).count();
        let is_hash = text.starts_with('{') && name > 0 || text[..name + length].matches('$').count() >= 3;
        return if is_hash && length >= SHORTEST_HASH { name + length } else { 0 };
    }
    let dollars = match () {
        () if begins(&HASHES) => 3,
        () if begins(&SHORTER_HASHES) => 2,
        () => return 0,
    };
    let length = text.bytes().take_while(of_hash).count();
    let is_hash = length >= SHORTEST_HASH && text[..length].matches('$').count() >= dollars;
    if is_hash { length } else { 0 }
}
