//! Redact: secrets taken out of a text, wherever they stand.

use crate::text::secrets;

const STARS: &str = "***";
const NAMES: [&str; 8] = ["password", "passwd", "token", "secret", "api_key", "apikey", "authorization", "private_key"];

/// Takes the user name and password out of an address.
pub fn redact_url(url: &str) -> String {
    forms(url)
}

/// Takes out of somebody else's words every secret of a known form, and what they call a password.
///
/// Not for sentences of our own: "secret: stays where it is" tells no secret.
pub fn redact(text: &str) -> String {
    let text = forms(text);
    if !text.contains([':', '=']) {
        return text;
    }
    let lines: Vec<String> = text.split('\n').map(pairs).collect();
    lines.join("\n")
}

/// Takes out every secret of a known form.
pub(super) fn forms(text: &str) -> String {
    if !text.contains("://") {
        return secrets::hide(text);
    }
    let lines: Vec<String> = text.split('\n').map(user_info).collect();
    secrets::hide(&lines.join("\n"))
}

/// `https://user:password@host` becomes `https://***@host`.
fn user_info(line: &str) -> String {
    let mut rest = line;
    let mut kept = String::new();
    while let Some(at) = rest.find("://") {
        let start = at + 3;
        let is_end = |character: char| character.is_whitespace() || matches!(character, '/' | '"' | '\'' | '<' | '>');
        let end = rest[start..].find(is_end).map_or(rest.len(), |end| start + end);
        kept.push_str(&rest[..start]);
        match rest[start..end].rfind('@') {
            Some(sign) if !rest[..at].ends_with("ssh") || rest[start..start + sign].contains(':') => {
                kept.push_str(STARS);
                kept.push_str(&rest[start + sign..end]);
            }
            _ => kept.push_str(&rest[start..end]),
        }
        rest = &rest[end..];
    }
    kept + rest
}

/// `password: x`, `token=x`, `Authorization: Bearer x`.
fn pairs(line: &str) -> String {
    let lower = line.to_ascii_lowercase();
    for key in NAMES {
        let Some(at) = lower.find(key) else { continue };
        let after = at + key.len();
        let rest = line[after..].trim_start_matches(['"', '\'', ' ']);
        let Some(value) = rest.strip_prefix([':', '=']) else {
            continue;
        };
        let value = value.trim_start();
        if value.is_empty() {
            continue;
        }
        let start = line.len() - value.len();
        let whole_line = key == "authorization";
        let end = if whole_line { None } else { value.find(|character: char| character.is_whitespace()) };
        let tail = end.map_or("", |end| &value[end..]);
        return format!("{}{STARS}{}", &line[..start], pairs(tail));
    }
    line.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_shape_of_a_secret_survives() {
        for (text, wanted) in [
            ("to https://user:canary@git.example.net/x.git ok", "to https://***@git.example.net/x.git ok"),
            ("https://canary@h", "https://***@h"),
            ("ssh://git@host/x", "ssh://git@host/x"),
            ("Authorization: Bearer canary more", "Authorization: ***"),
            ("password: canary and more", "password: *** and more"),
            ("{\"token\": \"canary\"}", "{\"token\": ***"),
            ("use ghp_canary0123456789abcd now", "use *** now"),
        ] {
            assert_eq!(redact(text), wanted);
        }
        let key = "a\n-----BEGIN OPENSSH PRIVATE KEY-----\ncanary\n-----END OPENSSH PRIVATE KEY-----\nb";
        assert_eq!(redact(key), "a\n*** private key ***\nb");
        assert_eq!(redact("the token expired"), "the token expired");
    }

    #[test]
    fn only_words_of_others_lose_what_they_call_a_secret() {
        assert_eq!(forms("secret: stays where it is"), "secret: stays where it is");
        assert_eq!(redact("secret: hunter2 is wrong"), "secret: *** is wrong");
        assert_eq!(forms("token: ghp_0123456789abcdefghij"), "token: ***");
    }
}
