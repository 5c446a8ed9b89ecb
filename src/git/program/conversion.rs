//! Conversion: what git says where it does not convert contents as `git add` would; nothing is stored.

use std::time::Duration;

use super::{Child, Silence, refusal, run_blocking};
use crate::error::Result;
use crate::git::Location;
use crate::progress::Reporter;

/// How long a filter program may say nothing.
const PATIENCE: Duration = Duration::from_secs(30);

/// What git and a filter program say of contents that git does not convert; empty if nothing is said.
pub(in crate::git) fn complaint_of_conversion(location: &Location, path: &str, bytes: &[u8]) -> Result<String> {
    let mut child = Child::in_clone(location, &["hash-object", "--stdin", "--path", path]);
    child.limit = Silence::Always(PATIENCE);
    child.input = bytes.to_vec();
    let done = run_blocking(child, &Reporter::silent())?;
    Ok(refusal::words(location, &done.stderr).trim().to_owned())
}
