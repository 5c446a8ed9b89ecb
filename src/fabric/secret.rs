//! Whether a file holds a secret, told from its text, so also where it is no YAML.

use std::borrow::Cow;

use crate::fabric::finding::{Finding, Severity, code};
use crate::fabric::kind::FABRICATOR;
use crate::yaml::{self, Node, Parsed};

/// What begins a private key, in PEM as well as in base64 of PEM, and age keys.
const KEYS: [&str; 8] = [
    "PRIVATE KEY-----",
    "PRIVATE KEY BLOCK-----",
    "LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVkt",
    "LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0t",
    "LS0tLS1CRUdJTiBFQyBQUklWQVRFIEtFWS0t",
    "LS0tLS1CRUdJTiBPUEVOU1NIIFBSSVZBVEUgS0VZ",
    "LS0tLS1CRUdJTiBFTkNSWVBURUQgUFJJVkFURSBLRVkt",
    "AGE-SECRET-KEY-1",
];

/// The beginnings of password hashes of crypt(3) and its relatives.
const HASHES: [&str; 14] = [
    "$1$", "$2a$", "$2b$", "$2x$", "$2y$", "$5$", "$6$", "$7$", "$y$", "$gy$", "$apr1$", "$argon2", "$scrypt$",
    "$pbkdf2",
];

/// The kinds of the installer.
const INSTALL_KINDS: [&str; 3] = ["Fabricator", "ControlNode", "FabNode"];

/// How many characters a password hash has at least.
const SHORTEST_HASH: usize = 24;

/// Whether a code is of a finding about a secret.
pub fn is_code(code: &str) -> bool {
    [code::SECRET, code::PRIVATE_KEY, code::PASSWORD_HASH, code::SECRET_KIND].contains(&code)
}

/// The first secret of a file; the finding never quotes it.
pub fn find(path: &str, text: &[u8]) -> Option<Finding> {
    let text = readable(text);
    key(path, &text).or_else(|| hash(path, &text)).or_else(|| resource(path, &text))
}

/// The text without the zeros that UTF-16 puts between ASCII letters.
fn readable(bytes: &[u8]) -> Cow<'_, str> {
    if !bytes.contains(&0) {
        return String::from_utf8_lossy(bytes);
    }
    let dense: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
    Cow::Owned(String::from_utf8_lossy(&dense).into_owned())
}

fn key(path: &str, text: &str) -> Option<Finding> {
    let is_key = |at: usize, mark: &str| {
        !mark.ends_with("-----") || {
            let line = text[..at].rfind('\n').map_or(0, |found| found + 1);
            text[line..at].contains("-----BEGIN ")
        }
    };
    let places =
        KEYS.iter().filter_map(|mark| text.match_indices(mark).find(|(at, _)| is_key(*at, mark)).map(|(at, _)| at));
    let at = places.min()?;
    let message = "this file holds a private key";
    Some(secret(path, code::PRIVATE_KEY, line_of(text, at), message))
}

fn hash(path: &str, text: &str) -> Option<Finding> {
    if !text.contains('$') {
        return None;
    }
    let is_hash = |at: usize| {
        let rest = &text.as_bytes()[at..];
        let of_hash = |byte: &&u8| byte.is_ascii_alphanumeric() || b"$./+=,_-".contains(byte);
        let length = rest.iter().take_while(of_hash).count();
        let dollars = text[at..at + length].matches('$').count();
        length >= SHORTEST_HASH && dollars >= 3
    };
    let places = HASHES.iter().filter_map(|mark| text.match_indices(mark).map(|(at, _)| at).find(|at| is_hash(*at)));
    let message = "this file holds a password hash";
    Some(secret(path, code::PASSWORD_HASH, line_of(text, places.min()?), message))
}

fn resource(path: &str, text: &str) -> Option<Finding> {
    let words = ["Secret", FABRICATOR].into_iter().chain(INSTALL_KINDS);
    if !words.into_iter().any(|word| text.contains(word)) {
        return None;
    }
    let text = text.trim_start_matches(['\u{feff}', '\u{fffd}']);
    yaml::read(text).iter().find_map(|parsed| match &parsed.root {
        Ok(Some(root)) => in_value(path, root),
        Ok(None) => None,
        Err(_) => in_text(path, text, parsed),
    })
}

fn in_value(path: &str, root: &Node) -> Option<Finding> {
    let of_list = root.get("items").and_then(Node::as_sequence).unwrap_or_default();
    if let Some(found) = of_list.iter().find_map(|item| in_value(path, item)) {
        return Some(found);
    }
    let kind = root.get("kind")?;
    let line = kind.span.line;
    let is_encrypted = root.path(&["sops", "mac"]).is_some();
    let version = root.get("apiVersion").and_then(Node::as_str).unwrap_or_default();
    match kind.as_str()? {
        _ if is_encrypted => None,
        "Secret" if matches!(version, "" | "v1") => Some(a_secret(path, line)),
        "SecretList" if !of_list.is_empty() => Some(a_secret(path, line)),
        name if version.split('/').next() == Some(FABRICATOR) => Some(an_install_kind(path, line, name)),
        name if version.is_empty() && INSTALL_KINDS.contains(&name) => Some(an_install_kind(path, line, name)),
        _ => None,
    }
}

/// The same of a document that cannot be read: by its lines.
fn in_text(path: &str, text: &str, parsed: &Parsed) -> Option<Finding> {
    let body = &text[parsed.start..parsed.end];
    if body.contains("ENC[AES256_GCM") && body.contains("sops") {
        return None;
    }
    (parsed.line..).zip(body.lines()).find_map(|(number, line)| {
        let bare: String = line.chars().filter(|c| !c.is_whitespace() && !"\"'".contains(*c)).collect();
        let bare = bare.trim_start_matches(['-', '{', ',']);
        let value = |key: &str| bare.strip_prefix(key);
        let is = |kind: &str, name: &str| kind.strip_prefix(name).is_some_and(|rest| !rest.starts_with(is_word));
        if value("kind:").is_some_and(|kind| is(kind, "Secret")) || bare.contains(",kind:Secret") {
            return Some(a_secret(path, number));
        }
        let names_one = value("kind:").is_some_and(|kind| INSTALL_KINDS.iter().any(|name| is(kind, name)));
        let is_install = names_one || value("apiVersion:").is_some_and(|version| version.starts_with(FABRICATOR));
        is_install.then(|| an_install_kind(path, number, "this resource"))
    })
}

fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric()
}

fn a_secret(path: &str, line: u32) -> Finding {
    secret(path, code::SECRET, line, "this file holds a Secret in clear")
}

fn an_install_kind(path: &str, line: u32, kind: &str) -> Finding {
    let message = format!("{kind} belongs to the installer and may hold password hashes and tokens");
    secret(path, code::SECRET_KIND, line, &message)
}

fn secret(path: &str, code: &'static str, line: u32, message: &str) -> Finding {
    let remedy = "move the file out of the repository, or encrypt it (SOPS, SealedSecret)";
    Finding::file(Severity::Error, code, path, message, remedy).at(line, 1)
}

fn line_of(text: &str, at: usize) -> u32 {
    let breaks = text[..at].matches('\n').count();
    u32::try_from(breaks + 1).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<(&'static str, u32)> {
        find("raw/x.yaml", text.as_bytes()).map(|f| (f.code, f.line.unwrap_or_default()))
    }

    #[test]
    fn secrets_in_clear_are_found() {
        assert_eq!(found("a: 1\n---\napiVersion: v1\nkind: Secret\ndata: {}\n"), Some((code::SECRET, 4)));
        assert_eq!(found("{\"kind\": \"Secret\"}"), Some((code::SECRET, 1)));
        assert_eq!(found("kind: List\nitems:\n- kind: VPC\n- kind: Secret\n"), Some((code::SECRET, 4)));
        assert_eq!(found("kind: Secret # x\ndata: [\n"), Some((code::SECRET, 1)));
        assert_eq!(found("{\"apiVersion\": \"v1\", \"kind\": \"Secret\", \n"), Some((code::SECRET, 1)));
        for wide in ["kind: Secret\n", "\u{feff}kind: Secret\n"] {
            let little: Vec<u8> = wide.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let big: Vec<u8> = wide.encode_utf16().flat_map(u16::to_be_bytes).collect();
            assert!(find("x", &little).is_some() && find("x", &big).is_some());
        }
    }

    #[test]
    fn what_only_names_secrets_is_not_one() {
        assert_eq!(found("kind: SealedSecret\nspec: {encryptedData: {}}\n"), None);
        assert_eq!(found("kind: Secret\ndata: {a: ENC[AES256_GCM,x]}\nsops: {mac: x}\n"), None);
        assert_eq!(found("kind: HelmRelease\nspec:\n  valuesFrom:\n  - kind: Secret\n    name: x\n"), None);
        assert_eq!(found("# kind: Secret\na: 1\n"), None);
        assert_eq!(found("kind: VPC\nmetadata: {name: secret}\n"), None);
        assert_eq!(found("apiVersion: vault.example.com/v1\nkind: Secret\n"), None);
    }

    #[test]
    fn install_kinds_count() {
        let text = "apiVersion: fabricator.githedgehog.com/v1beta1\nkind: FabNode\n";
        assert_eq!(found(text), Some((code::SECRET_KIND, 2)));
        assert_eq!(found(&format!("{text}a: [\n")), Some((code::SECRET_KIND, 1)));
        assert_eq!(found("kind: Fabricator\n"), Some((code::SECRET_KIND, 1)));
        assert_eq!(found("a: 1\nkind: ControlNode # x\nb: [\n"), Some((code::SECRET_KIND, 2)));
    }

    #[test]
    fn keys_and_hashes_count_anywhere() {
        assert_eq!(found("# -----BEGIN RSA PRIVATE KEY-----\n"), Some((code::PRIVATE_KEY, 1)));
        assert_eq!(found("a: |\n  -----BEGIN OPENSSH PRIVATE KEY-----\n"), Some((code::PRIVATE_KEY, 2)));
        assert_eq!(found("a: -----BEGIN CERTIFICATE-----\n"), None);
        assert_eq!(found("x: LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0t\n"), Some((code::PRIVATE_KEY, 1)));
        for hash in [
            "$5$8nAYPGcl4l7G7Av1$GPJlyRcvrd9rhXyS5.6Y7QSPCDsDwLlbJIPAPALlHH6",
            "$6$salt$aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "$2b$12$aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "$y$j9T$aaaaaaaaaaaaaaaaaaaaaaaa$bbbbbbbbbbbbbbbbb",
        ] {
            assert_eq!(found(&format!("a: 1\n#  password: '{hash}'\n")), Some((code::PASSWORD_HASH, 2)), "{hash}");
        }
        assert_eq!(found("a: $5$ or $6$, $1$2$3\n"), None);
        let finding = find("x", b"p: $6$salt$aaaaaaaaaaaaaaaaaaaaaaaaaaaaa").unwrap();
        assert!(!format!("{finding:?}").contains("aaaa"));
    }
}
