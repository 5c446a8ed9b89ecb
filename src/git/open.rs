//! Opening: the one place that opens a repository, deaf to what the environment says about place and objects.

use std::path::Path;

use gix::bstr::BString;
use gix::config::Source;
use gix::config::file::Metadata;
use gix::config::section::is_trusted;
use gix::open::{Options, Permissions};
use gix::sec::Permission;

/// Opens the repository at a path: the index, the working tree, the references and the objects are its own.
///
/// Below a hook, an alias or `rebase --exec` the environment names those of another repository. What it says
/// about configuration and identity counts as it does for git.
pub(super) fn open(dir: &Path) -> gix::Result<gix::Repository> {
    let mut permissions = Permissions::all();
    permissions.env.objects = Permission::Deny;
    let options = Options::default().permissions(permissions).filter_config_section(is_no_variable);
    let mut repository: gix::Repository = options.cli_overrides(command_settings()).open(dir)?.into();
    // A namespace is the one variable that is read past the filter.
    repository.clear_namespace();
    Ok(repository)
}

/// Whether a section may say where index, working tree and the like are: no single variable may.
///
/// Denying gix every `GIT_*` variable would deny it `GIT_CONFIG_GLOBAL` and the dates of commits as well.
fn is_no_variable(section: &Metadata) -> bool {
    section.source != Source::EnvOverride && is_trusted(section)
}

/// What `git -c key=value` hands down to what it starts.
fn command_settings() -> Vec<BString> {
    let text = std::env::var("GIT_CONFIG_PARAMETERS").unwrap_or_default();
    settings(&text).into_iter().map(BString::from).collect()
}

/// The `key=value` of `'key'='value'` and of the older `'key=value'`; a key alone is true.
fn settings(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut rest = text.trim_start();
    while let Some((key, after)) = quoted(rest) {
        rest = after;
        let Some(after) = rest.strip_prefix('=') else {
            all.push(key);
            rest = rest.trim_start();
            continue;
        };
        match quoted(after) {
            Some((value, after)) => {
                all.push(format!("{key}={value}"));
                rest = after;
            }
            None => {
                all.push(key);
                rest = after;
            }
        }
        rest = rest.trim_start();
    }
    all
}

/// The word in single quotes that a text begins with, and what follows it; `'\''` is a quote inside.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut word = String::new();
    let mut rest = text.strip_prefix('\'')?;
    loop {
        let (part, after) = rest.split_once('\'')?;
        word.push_str(part);
        let mut next = after.chars();
        match (next.next(), next.next(), next.next()) {
            (Some('\\'), Some(inside @ ('\'' | '!')), Some('\'')) => {
                word.push(inside);
                rest = next.as_str();
            }
            _ => return Some((word, after)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::settings;

    #[test]
    fn settings_of_a_command_are_read_in_both_spellings() {
        assert_eq!(settings(""), Vec::<String>::new());
        assert_eq!(settings("'user.name'='Op'\\''s' 'commit.gpgsign'="), ["user.name=Op's", "commit.gpgsign"]);
        assert_eq!(settings("'user.name=Op' 'core.bare'"), ["user.name=Op", "core.bare"]);
        assert_eq!(settings("'a.b'='x'\\!'y' garbage 'c.d'='z'"), ["a.b=x!y"]);
    }
}
