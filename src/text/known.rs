//! Known: secrets whose value we know, taken out of a text in every form they are written in.

use crate::text::base64;

/// What is shorter is no secret, and would be found everywhere.
const SHORTEST: usize = 6;

/// Takes secrets out of a text: as they are, percent-encoded, quoted for a shell, and in base64.
pub fn hide(text: &str, secrets: &[String]) -> String {
    let mut text = text.to_owned();
    for secret in secrets.iter().filter(|secret| secret.len() >= SHORTEST) {
        for form in forms(secret) {
            text = text.replace(&form, "***");
        }
    }
    text
}

/// The password of an address, or the name where that is all there is: a token.
pub fn of_address(url: &str) -> Option<String> {
    let authority = url.split_once("://")?.1.split(['/', '?', '#']).next()?;
    let (user, _) = authority.rsplit_once('@')?;
    let secret = match user.split_once(':') {
        Some((_, password)) => password,
        None if url.starts_with("http") => user,
        None => return None,
    };
    Some(decoded(secret)).filter(|secret| !secret.is_empty())
}

fn forms(secret: &str) -> Vec<String> {
    let mut forms = vec![secret.to_owned(), percent(secret), secret.replace('\'', "'\\''")];
    // In a longer text a secret may begin at any of the three places of a group of base64.
    for before in 0..3 {
        let bytes = [&[0; 3][..before], secret.as_bytes()].concat();
        let encoded = base64(&bytes);
        let (first, last) = ([0, 2, 3][before], bytes.len() * 8 / 6);
        forms.extend(encoded.get(first..last).map(str::to_owned));
    }
    forms
}

fn percent(text: &str) -> String {
    let one = |byte: u8| {
        let is_plain = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        if is_plain { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    };
    text.bytes().map(one).collect()
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, more)) = rest.split_first() {
        let code = more.get(..2).filter(|_| *first == b'%').and_then(|code| std::str::from_utf8(code).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &more[2..];
            }
            None => {
                bytes.push(*first);
                rest = more;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::{hide, of_address, percent};
    use crate::text::base64;

    #[test]
    fn no_form_of_a_known_secret_survives() {
        let secret = "it's a%canary/1";
        let secrets = [secret.to_owned()];
        for user in ["", "u", "me", "bob", "alice"] {
            let header = base64(format!("{user}:{secret}").as_bytes());
            let core = &header[8..16];
            let said = format!("{secret} {} Basic {header} '{}'", percent(secret), secret.replace('\'', "'\\''"));
            let told = hide(&said, &secrets);
            assert!(!told.contains("canary") && !told.contains(core), "{said}\n{told}");
        }
        assert_eq!(hide("a short one", &["a".to_owned()]), "a short one");
    }

    #[test]
    fn an_address_tells_its_secret() {
        assert_eq!(of_address("https://me:p%40ss%2Fw@h/x").as_deref(), Some("p@ss/w"));
        assert_eq!(of_address("https://token@h:8/x").as_deref(), Some("token"));
        assert_eq!(of_address("https://h/x@y"), None);
        assert_eq!(of_address("git@h:x").or_else(|| of_address("ssh://builder@h/x")), None);
    }
}
