//! Access: whether the remote of a clone or an address can be read and written, before it is configured.

use std::path::Path;

use crate::error::{Error, Result};
use crate::git::{Location, program};
use crate::ops::setup::{self, Wanted};
use crate::ops::{Context, Failure};
use crate::progress::Reporter;

/// What a remote allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// The clone or the address, as it was wanted.
    pub repository: String,
    /// Whether it can be read.
    pub read: std::result::Result<(), Failure>,
    /// Whether it can be written; none where that was not tried.
    pub write: Option<std::result::Result<(), Failure>>,
    /// Why it was not tried.
    pub note: &'static str,
}

/// Tries both; nothing is written, here or there.
///
/// # Errors
/// What [`setup::plan`] says of the place.
pub async fn access(
    cx: &Context,
    wanted: &Wanted,
    (target, folder): (&Path, &Path),
    report: &Reporter,
) -> Result<Access> {
    let plan = setup::draft(cx, std::slice::from_ref(wanted), (target, folder), report).await?;
    let settings = plan.config.repositories.first();
    let settings = settings.ok_or_else(|| Error::Internal("a plan without a repository".to_owned()))?;
    let location = Location::new(settings, &cx.data_dir);
    let refused = |error: &Error| Failure::from(error);
    let repository = wanted.repository.clone();
    if let Err(error) = program::can_read(&location, report).await {
        return Ok(Access { repository, read: Err(refused(&error)), write: None, note: "it cannot be read" });
    }
    if cx.read_only {
        return Ok(Access { repository, read: Ok(()), write: None, note: "--read-only" });
    }
    let write = match program::can_write(&location, report).await {
        Ok(answer) => answer.map(Ok),
        Err(error) => Some(Err(refused(&error))),
    };
    let note = if write.is_none() { "nothing to try it with yet" } else { "" };
    Ok(Access { repository, read: Ok(()), write, note })
}
