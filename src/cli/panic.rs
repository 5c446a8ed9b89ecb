//! Panic: the report of a bug of ours, cleaned, kept in a file and told on standard error.

use std::panic::PanicHookInfo;
use std::path::{Path, PathBuf};

use color_eyre::config::HookBuilder;
use color_eyre::eyre::Result;

use crate::cli::look::Look;
use crate::cli::print;
use crate::error::Error;
use crate::ops::Failure;
use crate::private;
use crate::text::{clean_line, quote};

/// The file of the state directory that keeps the last report.
pub const FILE: &str = "last-panic.txt";

/// From here on a panic is reported: what happened, `E-INTERNAL`, and where the report was written.
///
/// # Errors
/// What [`color_eyre`] says, which is that somebody installed a hook before.
pub fn install(state_dir: PathBuf) -> Result<()> {
    let (panic_hook, eyre_hook) = HookBuilder::blank().display_env_section(false).into_hooks();
    eyre_hook.install()?;
    std::panic::set_hook(Box::new(move |panic| {
        let full = quote(&panic_hook.panic_report(panic).to_string());
        print::error(&told(panic, keep(&state_dir, &full)));
    }));
    Ok(())
}

/// Keeps the report for its owner alone; the answer is where.
fn keep(state_dir: &Path, report: &str) -> std::io::Result<PathBuf> {
    let path = state_dir.join(FILE);
    let version = env!("CARGO_PKG_VERSION");
    let (os, arch) = (std::env::consts::OS, std::env::consts::ARCH);
    let text = format!("hedgerow {version}, {os} {arch}, {}\n\n{report}\n", jiff::Timestamp::now());
    private::write(&path, text.as_bytes())?;
    Ok(path)
}

/// The report in short; the text of a panic may hold anything, so it is cleaned.
fn told(panic: &PanicHookInfo<'_>, kept: std::io::Result<PathBuf>) -> String {
    let words = quote(panic.payload_as_str().unwrap_or("no words"));
    let place = panic.location().map(|place| format!(" ({}:{})", place.file(), place.line())).unwrap_or_default();
    let mut failure = Failure::from(&Error::Internal(format!("{words}{place}")));
    failure.remedy.push("every write is whole or not at all; the next start looks up what is open".to_owned());
    failure.remedy.push(match kept {
        Ok(path) => format!("the report is in {}", clean_line(&path.display().to_string())),
        Err(error) => format!("the report could not be written: {error}"),
    });
    print::failure(None, &failure, Look::default())
}
