//! Known: secrets whose value we know, taken out of a text in every form they are written in.

use crate::text::{base64, secrets};

/// What is shorter is no secret, and would be found everywhere.
const SHORTEST: usize = 6;

/// Takes secrets out of a text: as they are, percent-encoded, quoted for a shell, and in base64.
pub fn hide(text: &str, secrets: &[String]) -> String {
    // A secret of several lines is told line by line; one that holds another goes first.
    let lines = secrets.iter().flat_map(|secret| secret.lines().map(str::trim).chain([secret.as_str()]));
    let mut secrets: Vec<&str> = lines.filter(|secret| secret.len() >= SHORTEST).collect();
    secrets.sort_unstable_by(|a, b| (b.len(), a).cmp(&(a.len(), b)));
    secrets.dedup();
    let mut text = text.to_owned();
    for secret in secrets {
        for form in forms(secret).iter().filter(|form| form.text.len() >= SHORTEST) {
            text = form.taken_out_of(&text);
        }
        for place in secrets::in_percent(&text, secret).into_iter().rev() {
            text.replace_range(place, STARS);
        }
    }
    text
}

const STARS: &str = "***";

/// One way a secret is written.
struct Written {
    text: String,
    /// Whether the letter before it holds a part of the secret too, and the letter behind it.
    leans: (bool, bool),
}

impl Written {
    fn whole(text: String) -> Self {
        Self { text, leans: (false, false) }
    }

    fn taken_out_of(&self, text: &str) -> String {
        let mut kept = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find(&self.text) {
            let (before, behind) = (&rest[..at], &rest[at + self.text.len()..]);
            let is_letter =
                |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || b"+/-_".contains(byte));
            let lead = usize::from(self.leans.0 && is_letter(before.as_bytes().last()));
            let tail = usize::from(self.leans.1 && is_letter(behind.as_bytes().first()));
            kept.push_str(&before[..at - lead]);
            kept.push_str(STARS);
            rest = &behind[tail..];
        }
        kept + rest
    }
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

fn forms(secret: &str) -> Vec<Written> {
    let escaped = percent(secret);
    let quoted = secret.replace('\\', "\\\\").replace('"', "\\\"");
    let plain = [secret.to_owned(), secret.replace('\'', "'\\''"), quoted];
    let mut forms: Vec<Written> =
        plain.into_iter().chain([lower_codes(&escaped), escaped]).map(Written::whole).collect();
    // In a longer text a secret may begin at any of the three places of a group of base64.
    for before in 0..3 {
        let bytes = [&[0; 3][..before], secret.as_bytes()].concat();
        let encoded = base64(&bytes);
        let (first, last) = ([0, 2, 3][before], bytes.len() * 8 / 6);
        let core = encoded.get(first..last).unwrap_or_default();
        let leans = (before > 0, bytes.len() % 3 != 0);
        for text in [core.to_owned(), core.replace('+', "-").replace('/', "_"), percent(core)] {
            forms.push(Written { text, leans });
        }
    }
    forms
}

/// `%2F` as `%2f`.
fn lower_codes(text: &str) -> String {
    let mut parts = text.split('%');
    let mut lower = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (code, rest) = part.split_at_checked(2).unwrap_or((part, ""));
        lower.push('%');
        lower.push_str(&code.to_lowercase());
        lower.push_str(rest);
    }
    lower
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
        let url = percent(secret).replace("%2F", "%2f");
        assert_eq!(hide(&url, &secrets), "***");
        let odd = ["??>>??>>".to_owned()];
        assert_eq!(hide(&base64(b"??>>??>>").replace('+', "-").replace('/', "_"), &odd), "***=");
        assert_eq!(hide("a%20Kz7%2dquaint%2Dheron b", &["Kz7-quaint-heron".to_owned()]), "a%20*** b");
        let two = ["heron-41".to_owned(), "quaint-heron-41".to_owned()];
        assert_eq!(hide("quaint-heron-41 heron-41", &two), "*** ***");
        assert_eq!(
            hide("remote: line-one\nremote: line-two", &["line-one\nline-two".to_owned()]),
            "remote: ***\nremote: ***"
        );
    }

    #[test]
    fn an_address_tells_its_secret() {
        assert_eq!(of_address("https://me:p%40ss%2Fw@h/x").as_deref(), Some("p@ss/w"));
        assert_eq!(of_address("https://token@h:8/x").as_deref(), Some("token"));
        assert_eq!(of_address("https://h/x@y"), None);
        assert_eq!(of_address("git@h:x").or_else(|| of_address("ssh://builder@h/x")), None);
    }
}
