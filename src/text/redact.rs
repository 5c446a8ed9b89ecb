//! Redact: the shapes of secrets, taken out wherever they stand.

const STARS: &str = "***";
const TOKENS: [&str; 12] =
    ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "gldt-", "xoxb-", "xoxp-", "AKIA", "npm_"];
const KEYS: [&str; 8] = ["password", "passwd", "token", "secret", "api_key", "apikey", "authorization", "private_key"];

/// Takes the user name and password out of an address.
pub fn redact_url(url: &str) -> String {
    redact(url)
}

/// Takes every known shape of a secret out of a text.
pub fn redact(text: &str) -> String {
    if !may_hold_a_secret(text) {
        return text.to_owned();
    }
    let text = blocks(text);
    let lines: Vec<String> = text.split('\n').map(|line| words(&pairs(&user_info(line)))).collect();
    lines.join("\n")
}

/// Whether a text has anything that the shapes below begin with; most texts have not.
fn may_hold_a_secret(text: &str) -> bool {
    text.contains([':', '='])
        || text.contains("eyJ")
        || text.contains("-----BEGIN")
        || TOKENS.iter().any(|start| text.contains(start))
}

/// Private keys in PEM.
fn blocks(text: &str) -> String {
    let mut rest = text;
    let mut kept = String::new();
    while let Some(begin) = rest.find("-----BEGIN ") {
        let Some(header) = rest[begin + 11..].find("-----") else {
            break;
        };
        let is_private = rest[begin..begin + 11 + header].contains("PRIVATE KEY");
        let body = begin + 11 + header + 5;
        let end = rest[body..].find("-----END ").map(|at| body + at);
        let end = end.map(|end| rest[end + 9..].find("-----").map_or(rest.len(), |at| end + 9 + at + 5));
        kept.push_str(&rest[..begin]);
        match (is_private, end) {
            (true, end) => {
                kept.push_str("*** private key ***");
                rest = &rest[end.unwrap_or(rest.len())..];
            }
            (false, _) => {
                kept.push_str(&rest[begin..body]);
                rest = &rest[body..];
            }
        }
    }
    kept + rest
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
    for key in KEYS {
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

/// Words with the shape of a token.
fn words(line: &str) -> String {
    let is_word = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '.');
    let mut kept = String::with_capacity(line.len());
    let mut rest = line;
    while !rest.is_empty() {
        let end = rest.find(|character| !is_word(character)).unwrap_or(rest.len());
        let word = &rest[..end];
        kept.push_str(if is_token(word) { STARS } else { word });
        let gap = rest[end..].find(is_word).map_or(rest.len(), |at| end + at);
        kept.push_str(&rest[end..gap]);
        rest = &rest[gap..];
    }
    kept
}

fn is_token(word: &str) -> bool {
    let is_known = TOKENS.iter().any(|start| word.starts_with(start) && word.len() >= start.len() + 12);
    let is_jwt = word.starts_with("eyJ") && word.matches('.').count() == 2 && word.len() > 40;
    is_known || is_jwt
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
}
