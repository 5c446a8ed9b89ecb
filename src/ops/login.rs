//! Login: lets git ask for a credential on the terminal; nothing of it is kept by us.

use crate::error::Result;
use crate::git::program;
use crate::ops::{Context, select};

pub use crate::git::program::Asked;

/// The address that a login asks, without secrets.
///
/// # Errors
/// [`crate::error::Error::NoSuchFabric`], or why the fabric cannot be used.
pub fn address(cx: &Context, fabric: &str) -> Result<String> {
    Ok(select::location(cx, fabric)?.address())
}

/// Gives the terminal to git until it has read the fabric's remote, or until `stop` is.
///
/// # Errors
/// As [`address`], and where git cannot be started.
pub async fn login(cx: &Context, fabric: &str, stop: impl Future<Output = ()>) -> Result<Asked> {
    program::login(&select::location(cx, fabric)?, stop).await
}
