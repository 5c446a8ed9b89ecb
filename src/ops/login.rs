//! Login: lets git ask for a credential, or a signer for a passphrase, on the terminal; nothing of it is kept by us.

use crate::error::Result;
use crate::git::program;
use crate::ops::{Context, record, select};

pub use crate::git::program::Asked;

/// The code of a commit that could not be signed.
pub const UNSIGNED: &str = "E-SIGN";

/// The address that a login asks, without secrets.
///
/// # Errors
/// [`crate::error::Error::NoSuchFabric`], or why the fabric cannot be used.
pub fn address(cx: &Context, fabric: &str) -> Result<String> {
    Ok(select::location(cx, fabric)?.address())
}

/// What is said before the terminal is given away.
///
/// # Errors
/// As [`address`].
pub fn announcement(cx: &Context, fabric: &str) -> Result<String> {
    let address = address(cx, fabric)?;
    Ok(if is_unsigned(cx, fabric) {
        "the key that signs commits is unlocked here; hedgerow keeps nothing you type\n".to_owned()
    } else {
        format!("git reads {address} and may ask here; hedgerow keeps nothing you type\n")
    })
}

/// Gives the terminal to git until it has read the fabric's remote, or until `stop` is. Where the fabric's
/// last operation failed for want of a signature, the signer gets it instead.
///
/// # Errors
/// As [`address`], and where git cannot be started.
pub async fn login(cx: &Context, fabric: &str, stop: impl Future<Output = ()>) -> Result<Asked> {
    let location = select::location(cx, fabric)?;
    let mut stop = std::pin::pin!(stop);
    if is_unsigned(cx, fabric)
        && let Some(asked) = program::unlock(&location, &mut stop).await?
    {
        return Ok(asked);
    }
    program::login(&location, stop).await
}

/// Whether the last thing that failed was a signature.
fn is_unsigned(cx: &Context, fabric: &str) -> bool {
    let key = record::key_of(cx, fabric).unwrap_or_default();
    cx.history().last_error(fabric, &key).is_some_and(|last| last.code == UNSIGNED)
}
