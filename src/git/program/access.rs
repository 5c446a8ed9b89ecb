//! Access: whether a remote can be read and written, found out without writing anything anywhere.

use super::{Child, refusal, run};
use crate::config::Home;
use crate::error::{Error, Result};
use crate::git::Location;
use crate::git::repository::Repository;
use crate::progress::Reporter;

/// What an address without a clone is called while it is read.
const WANTED: &str = "hedgerow-wanted";

/// Reads the remote's branch and keeps nothing of it; an address needs no clone for it.
///
/// # Errors
/// What the remote, or the way to it, refused.
pub async fn can_read(location: &Location, report: &Reporter) -> Result<()> {
    let branch = location.branch_ref();
    let child = match &location.home {
        Home::Url(url) if !location.is_there()? => {
            Child::git(["ls-remote", "--", WANTED, &branch]).with_remote(WANTED, url)
        }
        _ => Child::in_clone(location, &["ls-remote", "--", &location.remote, &branch]),
    };
    let done = run(child, report, &mut |_| true).await?;
    match (done.success, done.hung) {
        (true, _) => Ok(()),
        (false, true) => Err(refusal::hung(location, &done.stderr)),
        (false, false) => Err(refusal::classify(location, &done.stderr)),
    }
}

/// Tries a push without sending anything: the branch's own tip to its branch, as a dry run and
/// without hooks; none where there is no commit to try it with.
///
/// # Errors
/// What the remote, or the way to it, refused.
pub async fn can_write(location: &Location, report: &Reporter) -> Result<Option<()>> {
    if location.is_ours() && !location.is_there()? {
        return Ok(None);
    }
    let Some(tip) = Repository::open(location)?.tip()? else {
        return Ok(None);
    };
    let refspec = format!("{tip}:{}", location.branch_ref());
    let mut args = vec!["-c", "push.followTags=false", "-c", "push.recurseSubmodules=no", "push", "--dry-run"];
    args.extend(["--no-verify", "--porcelain", "--", &location.remote, &refspec]);
    let done = run(Child::in_clone(location, &args), report, &mut |_| true).await?;
    // A branch that has moved there is told about only to those who may write.
    let is_told = done.stdout.lines().any(|line| line.starts_with('!') && line.contains("[rejected]"));
    match (done.success || is_told, done.hung) {
        (true, _) => Ok(Some(())),
        (false, true) => Err(refusal::hung(location, &done.stderr)),
        (false, false) => Err(match refusal::classify(location, &done.stderr) {
            // Whoever may not write is often told that there is nothing here.
            Error::RemoteMissing { remote, detail } => Error::AuthDenied { remote, detail },
            other => other,
        }),
    }
}
