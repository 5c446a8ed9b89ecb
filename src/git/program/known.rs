//! Known: the secrets that a child, a hook or a server may repeat, taken out of what they said.

use std::ffi::OsString;
use std::time::Duration;

use super::running::run_unheard;
use super::{Child, Done, Silence};
use crate::progress::Reporter;
use crate::text::known;
use crate::text::secrets::decoded;

/// How long a credential helper may take that is asked once more.
const LIMIT: Duration = Duration::from_secs(10);

/// The shortest value of a variable that counts as a secret.
const SHORTEST: usize = 8;

/// Where a child was started, so that git can be asked what it knew.
pub(super) struct Place {
    /// The options before git's verb; none if the child is another program.
    options: Option<Vec<OsString>>,
    envs: Vec<(OsString, OsString)>,
    is_push: bool,
    remote: Option<OsString>,
}

impl Place {
    pub(super) fn of(child: &Child) -> Self {
        let mut at = 0;
        while let Some(option) = child.args.get(at).filter(|option| option.to_string_lossy().starts_with('-')) {
            at += if option == "-C" || option == "-c" { 2 } else { 1 };
        }
        let dashes = child.args.iter().position(|arg| arg == "--");
        Self {
            options: (child.program == "git").then(|| child.args[..at.min(child.args.len())].to_vec()),
            envs: child.envs.clone(),
            is_push: child.args.get(at).is_some_and(|verb| verb == "push"),
            remote: dashes.and_then(|at| child.args.get(at + 1)).cloned(),
        }
    }

    /// Takes every secret that is known here out of what the child said.
    pub(super) async fn hide(&self, mut done: Done) -> Done {
        if done.stderr.is_empty() && !self.is_push {
            return done;
        }
        let mut secrets = environment();
        // What a git says that was content is not shown, but what a server says of a push is.
        if !done.success || self.is_push {
            let settings = self.settings().await;
            secrets.extend(settings.iter().flat_map(|(key, value)| of_setting(key, value)));
            let has_helper = |(key, _): &(String, String)| key.starts_with("credential.") && key.ends_with(".helper");
            if settings.iter().any(has_helper) {
                secrets.extend(self.credentials().await);
            }
        }
        done.stderr = known::hide(&done.stderr, &secrets);
        if self.is_push {
            done.stdout = known::hide(&done.stdout, &secrets);
        }
        done
    }

    /// Every setting as git reads it there.
    async fn settings(&self) -> Vec<(String, String)> {
        let listed = self.ask(&["config", "--list", "-z"], "").await;
        let pair = |one: &str| one.split_once('\n').map(|(key, value)| (key.to_owned(), value.to_owned()));
        listed.split('\0').filter_map(pair).collect()
    }

    /// What the credential helpers give for the remote's addresses; nobody is asked anything.
    async fn credentials(&self) -> Vec<String> {
        let Some(remote) = self.remote.as_ref().and_then(|remote| remote.to_str()) else {
            return Vec::new();
        };
        let mut addresses = self.ask(&["ls-remote", "--get-url", remote], "").await;
        addresses += &self.ask(&["remote", "get-url", "--push", "--all", remote], "").await;
        let mut addresses: Vec<&str> = addresses.lines().filter(|address| address.starts_with("http")).collect();
        addresses.sort_unstable();
        addresses.dedup();
        let mut secrets = Vec::new();
        for address in addresses {
            let given =
                self.ask(&["-c", "core.askPass=false", "credential", "fill"], &format!("url={address}\n\n")).await;
            let value = |line: &str| {
                let (name, value) = line.split_once('=')?;
                matches!(name, "password" | "credential" | "oauth_refresh_token").then(|| value.to_owned())
            };
            secrets.extend(given.lines().filter_map(value));
        }
        secrets
    }

    /// What git answers here; nothing where it fails, for then it knows nothing either.
    async fn ask(&self, args: &[&str], input: &str) -> String {
        let Some(options) = &self.options else {
            return String::new();
        };
        let mut child = Child::git(options.iter().cloned().chain(args.iter().map(OsString::from)));
        child.envs = self.envs.clone();
        child.envs.push(("GIT_ASKPASS".into(), "false".into()));
        (child.input, child.limit) = (input.as_bytes().to_vec(), Silence::Always(LIMIT));
        match run_unheard(child, &Reporter::silent(), &mut |_| true).await {
            Ok(done) if done.success => done.stdout,
            Ok(_) | Err(_) => String::new(),
        }
    }
}

/// The secrets of our own environment.
fn environment() -> Vec<String> {
    let all = std::env::vars_os();
    of_variables(
        &all.filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect::<Vec<_>>(),
    )
}

/// The secrets among some variables: by their names, and those that are settings of git by what they set.
fn of_variables(variables: &[(String, String)]) -> Vec<String> {
    let named = variables.iter().filter(|(name, value)| is_telling(name) && is_secret(value));
    let mut secrets: Vec<String> = named.map(|(_, value)| value.clone()).collect();
    for (name, key) in variables {
        let Some(number) = name.strip_prefix("GIT_CONFIG_KEY_") else { continue };
        let wanted = format!("GIT_CONFIG_VALUE_{number}");
        let Some((_, value)) = variables.iter().find(|(name, _)| *name == wanted) else { continue };
        let lower = key.to_lowercase();
        let is_meant = lower.ends_with(".extraheader") || lower.starts_with("credential.");
        secrets.extend(Some(value.clone()).filter(|value| is_meant && is_secret(value)));
        secrets.extend(of_setting(&lower, value));
    }
    secrets.sort_unstable();
    secrets.dedup();
    secrets
}

/// Whether a variable's name says that its value is a secret.
fn is_telling(name: &str) -> bool {
    let name = name.to_uppercase();
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    !name.starts_with("GIT_CONFIG_KEY_") && (has(&["KEY", "PASS", "SECRET", "TOKEN", "CRED"]) || name.ends_with("PAT"))
}

/// Whether a value can be one: no path, no number, no single lower-case word, and not too short.
fn is_secret(value: &str) -> bool {
    let is_word = value.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_digit = |byte: u8| byte.is_ascii_digit() || b".,_- ".contains(&byte);
    let is_number = value.bytes().all(is_digit) || value.parse::<f64>().is_ok();
    value.chars().count() >= SHORTEST && !is_word && !is_number && !is_path(value)
}

/// Whether a value is a path: written as one, or one that is there. A key in base64 may begin with a slash.
fn is_path(value: &str) -> bool {
    let is_written = ["/", "~/", "./", "../", "file:"].iter().any(|start| value.starts_with(start));
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte);
    let has = |is: fn(&u8) -> bool| value.as_bytes().iter().any(is);
    let is_random = value.len() >= 32
        && value.bytes().all(is_letter)
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_digit);
    let is_there = || {
        let first = value.split('/').nth(1).unwrap_or_default();
        value.contains('/') && std::path::Path::new(value).exists()
            || value.starts_with('/') && !first.is_empty() && std::path::Path::new("/").join(first).exists()
    };
    is_written && !is_random || is_there()
}

/// The secrets of one setting of git.
fn of_setting(key: &str, value: &str) -> Vec<String> {
    let mut secrets: Vec<String> = password(value).into_iter().chain(of_key(key)).collect();
    let last = key.rsplit('.').next().unwrap_or_default().to_lowercase();
    if last == "extraheader" {
        secrets.extend(of_header(value));
    } else if key.starts_with("credential.") {
        secrets.extend(of_helper(value));
    } else if ["pass", "token", "secret"].iter().any(|word| last.contains(word)) && is_secret(value) {
        secrets.push(value.to_owned());
    }
    secrets
}

/// The password of an address in a key, as in `url.https://me:password@host/.insteadOf`.
fn of_key(key: &str) -> Option<String> {
    let (_, address) = key.split_once('.').filter(|(_, rest)| rest.contains("://"))?;
    password(address)
}

/// The password of an address, or a name that looks like a token.
fn password(address: &str) -> Option<String> {
    let authority = address.split_once("://")?.1.split('/').next()?;
    let has_password = authority.rsplit_once('@').is_some_and(|(user, _)| user.contains(':'));
    known::of_address(address).filter(|secret| has_password || is_secret(secret))
}

/// A header's value, its words, and the password of a `Basic` one.
fn of_header(header: &str) -> Vec<String> {
    let value = header.split_once(':').map_or(header, |(_, value)| value).trim();
    let mut secrets = vec![value.to_owned()];
    for word in value.split_whitespace().filter(|word| word.len() >= SHORTEST) {
        secrets.push(word.to_owned());
        let login = decoded(word).and_then(|bytes| String::from_utf8(bytes).ok());
        secrets.extend(login.and_then(|login| login.split_once(':').map(|(_, password)| password.to_owned())));
    }
    secrets
}

/// What a helper that is written out in its setting gives.
fn of_helper(value: &str) -> Vec<String> {
    let is_end = |character: char| character.is_whitespace() || "\"';&|)}".contains(character);
    let behind = |name: &'static str| value.match_indices(name).map(move |(at, _)| &value[at + name.len()..]);
    let all = behind("password=").chain(behind("credential=")).chain(behind("token="));
    all.map(|rest| rest[..rest.find(is_end).unwrap_or(rest.len())].to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::base64;

    fn known(variables: &[(&str, &str)]) -> Vec<String> {
        let owned: Vec<(String, String)> =
            variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        of_variables(&owned)
    }

    #[test]
    fn names_tell_what_is_a_secret() {
        let value = "Kz7-quaint-heron";
        for name in ["API_KEY", "CI_PASSWORD", "DB_PASS", "SECRET_X", "my_token", "GITHUB_PAT", "CREDENTIALS", "KEY"] {
            assert_eq!(known(&[(name, value)]), [value], "{name}");
        }
        for name in ["HOME", "PATH", "PATTERN", "EDITOR", "GIT_CONFIG_KEY_0", "GIT_CONFIG_VALUE_0"] {
            assert_eq!(known(&[(name, value)]), [] as [&str; 0], "{name}");
        }
    }

    #[test]
    fn paths_numbers_and_words_are_no_secrets() {
        for (name, value) in [
            ("SSH_KEY_PATH", "/home/me/.ssh/id_ed25519"),
            ("SSH_KEY_PATH", "/nowhere/keys/id"),
            ("SSH_KEY_PATH", "~/.ssh/id_ed25519"),
            ("KEYFILE", "../keys/one.pem"),
            ("API_KEY_ID", "1"),
            ("API_KEY_ID", "1234567890"),
            ("KEYMAP", "de"),
            ("KEYBOARD", "dvorakprogrammer"),
            ("TOKEN", "Short-1"),
        ] {
            assert_eq!(known(&[(name, value)]), [] as [&str; 0], "{name}={value}");
        }
        let random = "/9jAAbcdefGHIJKL0123456789+abcdefghijklmn=";
        assert_eq!(known(&[("SIGNING_KEY", random)]), [random]);
    }

    #[test]
    fn settings_of_the_environment_count_by_their_keys() {
        let pair =
            |key: &'static str, value: &'static str| known(&[("GIT_CONFIG_KEY_3", key), ("GIT_CONFIG_VALUE_3", value)]);
        let header = pair("http.https://h/.extraHeader", "X-Deploy: Kz7-quaint-heron");
        assert!(header.contains(&"Kz7-quaint-heron".to_owned()));
        assert!(pair("credential.helper", "!f() { echo password=heron41; }; f").contains(&"heron41".to_owned()));
        assert_eq!(pair("remote.x.url", "https://me:heron41@h/x"), ["heron41"]);
        assert_eq!(pair("url.https://me:heron41@h/.insteadOf", "https://h/"), ["heron41"]);
        assert_eq!(pair("user.name", "Kz7-quaint-heron"), [] as [&str; 0]);
    }

    #[test]
    fn a_header_tells_its_password() {
        let header = format!("Authorization: Basic {}", base64(b"bot:heron41"));
        assert!(of_setting("http.extraheader", &header).contains(&"heron41".to_owned()));
    }
}
