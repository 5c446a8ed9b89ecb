//! Maintenance of our own clones, which nobody waits for.

use crate::error::Result;
use crate::git::program;
use crate::ops::{Context, select};
use crate::progress::Reporter;

/// Maintains the clone of a fabric where it is ours and that is due; returns whether it was done.
///
/// It is stopped as soon as a writer waits.
pub async fn maintain(cx: &Context, fabric: &str, report: &Reporter) -> Result<bool> {
    if select::is_off(cx, cx.config.fabric(fabric)?).is_some() {
        return Ok(false);
    }
    program::maintain(&select::location(cx, fabric)?, report).await
}
