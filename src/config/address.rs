//! What is written of a repository: a path with `~`, an address, names; what of it is sound.

use std::path::{Component, Path, PathBuf};

use crate::config::Home;

/// The place that a value such as `path:` names: `~` expanded, relative paths from the configuration's folder.
///
/// # Errors
/// A sentence that says why it names no path.
pub fn path(text: &str, folder: &Path, home: Option<&Path>) -> std::result::Result<PathBuf, String> {
    if text.is_empty() || text.chars().any(char::is_control) {
        return Err("the path is empty or holds a control character".into());
    }
    let expanded = expand(text, home)?;
    Ok(plain(&folder.join(expanded)))
}

fn expand(text: &str, home: Option<&Path>) -> std::result::Result<PathBuf, String> {
    let Some(rest) = text.strip_prefix('~') else {
        return Ok(PathBuf::from(text));
    };
    if !rest.is_empty() && !rest.starts_with('/') {
        return Err("only your own `~/` is expanded: write the whole path".into());
    }
    let home = home.ok_or("`~` needs HOME, and it is not set: write the whole path")?;
    Ok(home.join(rest.trim_start_matches('/')))
}

/// The path without `.` and `..`, by its text alone.
fn plain(path: &Path) -> PathBuf {
    let mut result = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                result.pop();
            }
            other => result.push(other),
        }
    }
    result
}

/// The address a `url:` names.
///
/// # Errors
/// A sentence that says why Git is not given it.
pub fn url(text: &str, home: Option<&Path>) -> std::result::Result<String, String> {
    if text.chars().any(|c| c.is_control() || c.is_whitespace()) || text.starts_with('-') {
        return Err("url holds a space or control character, or begins with `-`".into());
    }
    if text.starts_with('~') {
        return Ok(expand(text, home)?.display().to_string());
    }
    if is_address(text) || text.starts_with('/') {
        return Ok(text.to_owned());
    }
    Err("url must be https://…, ssh://…, git@host:path or an absolute path".into())
}

/// Whether a text is a remote's address rather than a path: a scheme Git speaks, or `host:path`.
pub fn is_address(text: &str) -> bool {
    if let Some((scheme, rest)) = text.split_once("://") {
        let known = ["https", "http", "ssh", "git", "file"];
        return known.contains(&scheme) && !rest.is_empty() && !rest.starts_with('-');
    }
    text.split_once(':').is_some_and(|(host, path)| {
        !host.is_empty() && !host.contains('/') && !host.starts_with('-') && !path.starts_with(':')
    })
}

/// Whether an address carries a password or token.
pub fn has_password(url: &str) -> bool {
    let Some((_, rest)) = url.split_once("://") else {
        return false;
    };
    let authority = rest.split('/').next().unwrap_or_default();
    authority.rsplit_once('@').is_some_and(|(user, _)| user.contains(':'))
}

/// Whether a text can be the short name of a branch or a remote, by Git's rules.
pub fn is_ref_name(text: &str) -> bool {
    let bad = |c: char| c.is_control() || " ~^:?*[\\".contains(c);
    let sound = |part: &str| {
        let lock = part.len() >= 5 && part.as_bytes()[part.len() - 5..] == *b".lock";
        !part.is_empty() && !part.starts_with('.') && !lock
    };
    !text.starts_with('-')
        && !text.starts_with("refs/")
        && !text.ends_with('.')
        && !text.contains("..")
        && !text.contains("@{")
        && text != "@"
        && !text.contains(bad)
        && text.split('/').all(sound)
}

/// What can name a fabric or a repository, as a sentence.
pub const NAME_RULE: &str = "a name has letters, digits, `-`, `_` and `.`, and begins with a letter, a digit or `_`";

/// Whether a text can name a fabric, a repository or a profile.
pub fn is_name(text: &str) -> bool {
    let sound = |c: char| c.is_alphanumeric() || "-_.".contains(c);
    !text.is_empty() && text.len() <= 100 && !text.starts_with(['-', '.']) && text.chars().all(sound)
}

/// Whether two repositories' homes are the same place.
pub fn same_home(left: &Home, right: &Home) -> bool {
    match (left, right) {
        (Home::Path(left), Home::Path(right)) => real(left) == real(right),
        (Home::Url(left), Home::Url(right)) => bare(left) == bare(right),
        _ => false,
    }
}

fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

fn bare(url: &str) -> &str {
    let url = url.trim_end_matches('/');
    url.strip_suffix(".git").unwrap_or(url)
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::{has_password, is_address, is_ref_name, path, same_home, url};
    use crate::config::Home;

    #[test]
    fn paths_start_at_home_or_beside_the_configuration() {
        let (folder, home) = (Path::new("/etc/hedgerow"), Some(Path::new("/home/a")));
        let read = |text| path(text, folder, home).unwrap();
        assert_eq!(read("~/src/x"), PathBuf::from("/home/a/src/x"));
        assert_eq!(read("~"), PathBuf::from("/home/a"));
        assert_eq!(read("../x/./y"), PathBuf::from("/etc/x/y"));
        assert_eq!(read("/x"), PathBuf::from("/x"));
        assert!(path("~bob/x", folder, home).is_err());
        assert!(path("~/x", folder, None).is_err());
        assert!(path("", folder, home).is_err());
    }

    #[test]
    fn addresses_are_told_from_paths_and_options() {
        for text in ["https://h/x", "git@h:x.git", "h:x", "file:///srv/x", "ssh://h/x"] {
            assert!(is_address(text), "{text}");
            assert!(url(text, None).is_ok(), "{text}");
        }
        for text in ["--upload-pack=x", "ext::sh -c x", "ext::sh", "x", "./a:b", "https://", ""] {
            assert!(!is_address(text), "{text}");
            assert!(url(text, None).is_err(), "{text}");
        }
        assert!(url("/srv/x.git", None).is_ok());
    }

    #[test]
    fn a_password_in_an_address_is_seen() {
        assert!(has_password("https://me:t0ken@h/x"));
        assert!(!has_password("https://me@h/x"));
        assert!(!has_password("git@h:x"));
        assert!(!has_password("https://h/x@y:z"));
    }

    #[test]
    fn branch_names_follow_git() {
        for text in ["main", "feature/x", "v0.1"] {
            assert!(is_ref_name(text), "{text}");
        }
        for text in ["", "-x", "a..b", "a b", "refs/heads/main", "x.lock", "a//b", "@", "a~1", ".x"] {
            assert!(!is_ref_name(text), "{text}");
        }
    }

    #[test]
    fn spellings_of_one_address_are_one_home() {
        let home = |text: &str| Home::Url(text.to_owned());
        assert!(same_home(&home("https://h/x.git"), &home("https://h/x/")));
        assert!(!same_home(&home("https://h/x"), &home("https://h/y")));
    }
}
