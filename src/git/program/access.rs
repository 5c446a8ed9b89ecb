//! Access: whether a remote can be read and written, found out without writing anything anywhere.

use super::{Child, refusal, require_branch, run};
use crate::error::{Error, Result};
use crate::git::Location;
use crate::git::repository::Repository;
use crate::progress::Reporter;

/// What an address without a clone is called while it is read.
pub(super) const WANTED: &str = "hedgerow-wanted";

/// Reads the remote's branch and keeps nothing of it; an address needs no clone for it.
///
/// # Errors
/// `RemoteBranch` where it has other branches only; what the remote, or the way to it, refused.
pub async fn can_read(location: &Location, report: &Reporter) -> Result<()> {
    require_branch(location, report).await
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
