//! Addresses: where git reads a remote and where it pushes, as git itself tells it, rewritten by `insteadOf` too.

use super::{Child, Done, refusal, run};
use crate::error::{Error, Result};
use crate::git::{Location, redact};
use crate::progress::Reporter;
use crate::text;

/// What the address pushes go to is called while it is read.
pub(super) const PUSHED: &str = "hedgerow-pushed-to";

/// The addresses of a remote, with whatever secrets they hold.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Effective {
    /// Where git reads.
    pub(super) read: String,
    /// Where git pushes, each in turn; never empty.
    pub(super) push: Vec<String>,
}

impl Effective {
    /// The one address pushes go to where that is another one than the remote is read at.
    pub(super) fn elsewhere(&self) -> Option<&str> {
        self.push.first().filter(|push| **push != self.read).map(String::as_str)
    }
}

/// An address without its secrets.
pub(super) fn label(url: &str) -> String {
    text::clean_line(&redact(url))
}

/// Asks git for both.
///
/// # Errors
/// Why git cannot tell, such as a remote that is not configured.
pub(super) async fn effective(location: &Location, report: &Reporter) -> Result<Effective> {
    let read = told(location, &["remote", "get-url", &location.remote], report).await?;
    let push = told(location, &["remote", "get-url", "--push", "--all", &location.remote], report).await?;
    let missing = || Error::RemoteMissing { remote: location.upstream_name(), detail: String::new() };
    let read = read.into_iter().next().ok_or_else(missing)?;
    if push.is_empty() { Err(missing()) } else { Ok(Effective { read, push }) }
}

async fn told(location: &Location, args: &[&str], report: &Reporter) -> Result<Vec<String>> {
    let Done { success, stdout, stderr, .. } = run(Child::in_clone(location, args), report, &mut |_| true).await?;
    if success { Ok(stdout.lines().map(str::to_owned).collect()) } else { Err(refusal::classify(location, &stderr)) }
}

impl Child {
    /// The same with a remote of this name at exactly this address: what git has rewritten already is not
    /// rewritten again.
    pub(super) fn with_exact_remote(self, name: &str, url: &str) -> Self {
        self.with_settings(&[(format!("remote.{name}.url"), url), (format!("url.{url}.insteadOf"), url)])
    }
}
