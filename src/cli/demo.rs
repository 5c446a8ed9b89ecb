//! The demo: a sandbox made, used and removed.

use std::path::PathBuf;

use tempfile::TempDir;

use crate::cli::print;
use crate::cli::session::Session;
use crate::config::places::{Candidate, Places};
use crate::demo::{self, Sandbox};
use crate::error::{Error, Result};

/// A sandbox and the folder that is removed with it, unless it is kept.
#[derive(Debug)]
pub struct Demo {
    /// The sandbox.
    pub sandbox: Sandbox,
    /// Where it stays, if it stays.
    pub kept: Option<PathBuf>,
    _folder: Option<TempDir>,
}

/// Makes a sandbox in the system's temporary folder.
///
/// # Errors
/// What could not be made of it.
pub async fn open(keep: bool) -> Result<Demo> {
    let temp = std::env::temp_dir();
    let folder = tempfile::Builder::new().prefix("hedgerow-demo-").tempdir();
    let folder = folder.map_err(Error::fs("cannot create a folder in", temp))?;
    let sandbox = demo::build(folder.path()).await?;
    let (kept, folder) = if keep { (Some(folder.keep()), None) } else { (None, Some(folder)) };
    Ok(Demo { sandbox, kept, _folder: folder })
}

impl Demo {
    /// The same session with the sandbox's configuration, clones and records.
    pub fn session(&self, session: &Session) -> Session {
        let Sandbox { root, context } = &self.sandbox;
        let places = Places {
            candidates: vec![Candidate { path: root.join("config.yaml"), reason: "the sandbox" }],
            data_dir: context.data_dir.clone(),
            state_dir: context.state_dir.clone(),
        };
        Session { places, ..session.clone() }
    }
}

/// Walks the script and tells each step; fails if anything differs from what it promises.
pub(super) async fn walk(keep: bool) -> Result<()> {
    let demo = open(keep).await?;
    let mut failed = None;
    let mut tell = |line: &str| {
        if let Err(error) = print::output(&format!("{}\n", crate::text::clean_line(line))) {
            failed = Some(error);
        }
    };
    demo::script(&demo.sandbox, &mut tell).await?;
    if let Some(folder) = &demo.kept {
        tell(&format!("kept    {}", folder.display()));
    }
    failed.map_or(Ok(()), |error| Err(Error::fs("cannot write", "standard output")(error)))
}
