//! Identity: who git says makes a commit, where it would not take the configured name as it stands.

use super::{Child, refusal, run_blocking};
use crate::error::{Error, Refusal, RefusalKind, Result};
use crate::git::Location;
use crate::progress::Reporter;

/// The two who stand in a commit.
#[derive(Debug, Clone, Copy)]
pub(in crate::git) enum Who {
    /// Who wrote the change.
    Author,
    /// Who made the commit.
    Committer,
}

/// Name and address as git writes them: without what it strips, and refused where it refuses.
///
/// # Errors
/// `Refused` with git's sentence, such as of an empty name.
pub(in crate::git) fn identity(location: &Location, who: Who) -> Result<(String, String)> {
    let variable = match who {
        Who::Author => "GIT_AUTHOR_IDENT",
        Who::Committer => "GIT_COMMITTER_IDENT",
    };
    let done = run_blocking(Child::in_clone(location, &["var", variable]), &Reporter::silent())?;
    let detail = refusal::words(location, &done.stderr);
    let refused = |place| Error::Refused(Refusal { kind: RefusalKind::Author, place, detail: detail.clone() });
    if !done.success {
        return Err(refused(refusal::complaint(&detail)));
    }
    read(&done.stdout).ok_or_else(|| refused("git does not tell it".to_owned()))
}

/// Whether git might write a name or an address in another way than it stands in the configuration.
pub(in crate::git) fn is_plain(text: &str) -> bool {
    let is_odd = |c: char| c <= ' ' || ".,:;<>\"\\'".contains(c);
    let is_odd_inside = |c: char| c < ' ' || "<>".contains(c);
    !text.is_empty() && !text.starts_with(is_odd) && !text.ends_with(is_odd) && !text.contains(is_odd_inside)
}

/// Name and address of `Name <address> seconds zone`.
fn read(line: &str) -> Option<(String, String)> {
    let (name, rest) = line.trim_end().split_once(" <").or_else(|| Some(("", line.strip_prefix('<')?)))?;
    let (email, _) = rest.rsplit_once("> ")?;
    Some((name.to_owned(), email.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::{is_plain, read};

    #[test]
    fn what_git_would_change_is_not_plain() {
        for plain in ["Jane Doe", "ÿ é", "O'Brien", "a.b@example.net"] {
            assert!(is_plain(plain), "{plain}");
        }
        for odd in ["", " x", "x.", "Jane <NetOps> Doe", "'x'", "a\nb", "<>"] {
            assert!(!is_plain(odd), "{odd}");
        }
        assert_eq!(read("A B <a@x> 1 +0000\n"), Some(("A B".to_owned(), "a@x".to_owned())));
        assert_eq!(read("A <> 1 +0000\n"), Some(("A".to_owned(), String::new())));
    }
}
