//! Secrets in files: recognised, named by kind and line, never quoted.

use crate::fabric::finding::{Finding, Severity};
use crate::yaml::{self, Node};

/// Whether a code is of a finding about a secret.
pub fn is_code(code: &str) -> bool {
    matches!(code, "HH-S1" | "HH-S2" | "HH-S3" | "HH-S4")
}

/// Whether a file holds a secret; works on the text where it does not parse.
pub fn find(path: &str, bytes: &[u8]) -> Option<Finding> {
    // Without its NUL bytes a UTF-16 file reads as text: what is refused later must not be committed either.
    let bytes: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
    let text = String::from_utf8_lossy(&bytes);
    let text = text.trim_start_matches('\u{fffd}');
    let finding = |code, line: usize, what: &str, remedy: &str| {
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        Finding::file(Severity::Error, code, path, format!("holds {what}"), remedy).at(line, 1)
    };
    let take_out = "take it out of the file; it is committed nowhere";
    if let Some(line) = line_of(text, &is_private_key) {
        return Some(finding("HH-S2", line, "a private key", take_out));
    }
    if let Some(line) = line_of(text, &has_hash) {
        return Some(finding("HH-S3", line, "a password hash", take_out));
    }
    let (line, code, what) = kinds(text)?;
    let remedy = match code {
        "HH-S1" => "seal or encrypt it (SealedSecret, SOPS), or keep it out of Git",
        _ => "keep it where the fabric is installed from, out of this directory",
    };
    Some(finding(code, line, what, remedy))
}

fn line_of(text: &str, is_it: &dyn Fn(&str) -> bool) -> Option<usize> {
    text.lines().position(is_it).map(|number| number + 1)
}

fn is_private_key(line: &str) -> bool {
    line.contains("-----BEGIN ") && line.contains("PRIVATE KEY-----")
}

/// The crypt formats: `$6$salt$hash` and its kin.
fn has_hash(line: &str) -> bool {
    let starts = ["$1$", "$5$", "$6$", "$y$", "$2a$", "$2b$", "$2y$", "$argon2id$", "$argon2i$", "$7$", "$gy$"];
    starts.iter().any(|start| {
        line.match_indices(start).any(|(at, _)| {
            let is_part = |character: &char| character.is_ascii_alphanumeric() || "./$=,+".contains(*character);
            line[at..].chars().take_while(is_part).count() >= start.len() + 20
        })
    })
}

fn kinds(text: &str) -> Option<(usize, &'static str, &'static str)> {
    let is_worth_reading = ["Secret", "Fabricator", "ControlNode", "FabNode"].iter().any(|word| text.contains(word));
    if !is_worth_reading {
        return None;
    }
    yaml::read(text).into_iter().find_map(|document| match &document.root {
        Ok(Some(root)) => in_value(root),
        Ok(None) => None,
        Err(_) => in_text(&text[document.start..document.end], document.line),
    })
}

fn in_value(root: &Node) -> Option<(usize, &'static str, &'static str)> {
    let items = root.get("items").and_then(Node::as_sequence).unwrap_or_default();
    std::iter::once(root).chain(items).find_map(|node| {
        let text = |key: &str| node.get(key).and_then(Node::as_str).unwrap_or_default();
        let is_encrypted = node.get("sops").is_some();
        let found = judge(text("kind"), text("apiVersion"))?;
        (!is_encrypted).then_some((node.span.line as usize, found.0, found.1))
    })
}

fn judge(kind: &str, version: &str) -> Option<(&'static str, &'static str)> {
    match kind {
        "Secret" if version == "v1" || version.is_empty() => Some(("HH-S1", "a Secret in clear")),
        "Fabricator" | "ControlNode" | "FabNode"
            if version.is_empty() || version.starts_with("fabricator.githedgehog.com/") =>
        {
            Some(("HH-S4", "an install-time resource, which may hold password hashes and join tokens"))
        }
        _ => None,
    }
}

/// A document that does not parse: its lines tell.
fn in_text(text: &str, first: u32) -> Option<(usize, &'static str, &'static str)> {
    let plain = |text: &str| text.replace(['"', '\'', ',', '{', '}'], " ");
    text.lines().enumerate().find_map(|(number, line)| {
        let line = line.split(" #").next().filter(|line| !line.trim_start().starts_with('#'))?;
        let line = plain(line);
        let after = line.split("kind").nth(1)?.trim_start().strip_prefix(':')?.trim();
        let (code, what) = judge(after.split_whitespace().next()?, "")?;
        Some((first as usize + number, code, what))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Option<(&'static str, u32)> {
        find("raw/x.yaml", text.as_bytes()).map(|finding| (finding.code, finding.line.unwrap()))
    }

    #[test]
    fn secrets_are_recognised_with_their_line_and_never_quoted() {
        let hash = format!("a: 1\n# p: $6$salt$canary{}\n", "x".repeat(30));
        for (text, wanted) in [
            ("a: 1\n---\napiVersion: v1\nkind: Secret\n", ("HH-S1", 3)),
            ("a: 1\n---\napiVersion: v1\nkind: Secret\nb: [canary\n", ("HH-S1", 4)),
            (
                "{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[{\"kind\":\"Secret\",\"apiVersion\":\"v1\"}]}",
                ("HH-S1", 1),
            ),
            ("k: |\n  -----BEGIN RSA PRIVATE KEY-----\n  canary\n", ("HH-S2", 2)),
            (hash.as_str(), ("HH-S3", 2)),
            ("apiVersion: fabricator.githedgehog.com/v1beta1\nkind: Fabricator\n", ("HH-S4", 1)),
        ] {
            assert_eq!(code(text), Some(wanted), "{text}");
            assert!(!find("x", text.as_bytes()).unwrap().message.contains("canary"));
        }
    }

    #[test]
    fn another_encoding_hides_nothing() {
        let text = "apiVersion: v1\nkind: Secret\n";
        let little = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes));
        let big = [0xfe, 0xff].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes));
        for bytes in [little.collect::<Vec<u8>>(), big.collect()] {
            assert_eq!(find("raw/x.yaml", &bytes).map(|finding| finding.code), Some("HH-S1"));
        }
    }

    #[test]
    fn what_is_sealed_or_only_mentions_one_is_none() {
        for text in [
            "kind: SealedSecret\napiVersion: bitnami.com/v1alpha1\n",
            "kind: Secret\napiVersion: v1\nsops: {mac: x}\n",
            "kind: ConfigMap\napiVersion: v1\nvaluesFrom: [{kind: Secret, name: x}]\n",
            "# kind: Secret\nkind: VPC\n",
            "price: $5$\n",
        ] {
            assert_eq!(code(text), None, "{text}");
        }
    }
}
