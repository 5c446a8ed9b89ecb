//! Heads: which branches a remote has, and which one it calls its own.

use super::access::WANTED;
use super::remote::failed;
use super::{Child, run};
use crate::config::Home;
use crate::error::{Error, Result};
use crate::git::Location;
use crate::progress::Reporter;

/// The branches of a remote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heads {
    /// All of them, sorted.
    pub branches: Vec<String>,
    /// The one its HEAD names, if that exists.
    pub default: Option<String>,
}

/// Asks a remote for its branches; an address needs no clone for it.
///
/// # Errors
/// What the remote, or the way to it, refused.
pub async fn heads(location: &Location, report: &Reporter) -> Result<Heads> {
    let args = |remote| ["ls-remote", "--symref", "--", remote, "HEAD", "refs/heads/*"];
    let child = match &location.home {
        Home::Url(url) if !location.is_there()? => Child::git(args(WANTED)).with_remote(WANTED, url),
        _ => Child::in_clone(location, &args(&location.remote)),
    };
    let done = run(child, report, &mut |_| true).await?;
    if !done.success {
        return Err(failed(location, &done));
    }
    Ok(read(&done.stdout))
}

/// The branch is one of the remote's, or the remote has none at all.
///
/// # Errors
/// `RemoteBranch` where it has others only; what the remote, or the way to it, refused.
pub async fn require_branch(location: &Location, report: &Reporter) -> Result<()> {
    heads(location, report).await?.check(location)
}

impl Heads {
    /// The branch of a location is among them, or there is none at all.
    ///
    /// # Errors
    /// `RemoteBranch` with the nearest names.
    pub fn check(&self, location: &Location) -> Result<()> {
        if self.branches.is_empty() || self.branches.contains(&location.branch) {
            return Ok(());
        }
        Err(self.missing(location))
    }

    /// The error that the branch of a location is not among them.
    pub fn missing(&self, location: &Location) -> Error {
        Error::remote_branch(&location.address(), &location.branch, &self.branches)
    }
}

fn read(said: &str) -> Heads {
    let mut heads = Heads::default();
    let mut named = None;
    for (what, name) in said.lines().filter_map(|line| line.split_once('\t')) {
        if let (Some(target), "HEAD") = (what.strip_prefix("ref: refs/heads/"), name) {
            named = Some(target.to_owned());
        } else if let Some(branch) = name.strip_prefix("refs/heads/") {
            heads.branches.push(branch.to_owned());
        }
    }
    heads.branches.sort();
    heads.default = named.filter(|branch| heads.branches.contains(branch));
    heads
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn the_default_branch_is_one_that_exists() {
        let heads = read("ref: refs/heads/trunk\tHEAD\n1\tHEAD\n1\trefs/heads/trunk\n2\trefs/heads/a/b\n");
        assert_eq!(heads.branches, ["a/b", "trunk"]);
        assert_eq!(heads.default.as_deref(), Some("trunk"));
        assert_eq!(read("ref: refs/heads/gone\tHEAD\n2\trefs/heads/other\n").default, None);
        assert_eq!(read("").branches, [] as [String; 0]);
    }
}
