//! Known: what a look at a directory came to, kept until a file, a rule or a setting changes.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::config::FabricSettings;
use crate::error::Result;
use crate::fabric::check;
use crate::fabric::plan::digest;
use crate::fabric::snapshot::{Content, Snapshot};
use crate::ops::checks;
use crate::ops::report::{DirectoryStatus, ManagedStatus, RawStatus};

/// What reading, checking and planning a directory came to.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub(crate) struct Known {
    /// The layout and the managed files.
    pub(crate) directory: DirectoryStatus,
    /// The raw files.
    pub(crate) raw: RawStatus,
    /// The managed resources.
    pub(crate) managed: ManagedStatus,
    /// Whether an ingest would commit something.
    pub(crate) can_ingest: bool,
}

#[derive(Deserialize)]
struct Kept {
    key: String,
    known: Known,
}

#[derive(Serialize)]
struct Keeping<'a> {
    key: &'a str,
    known: &'a Known,
}

/// Everything that what is known depends on, as one hash: program, rules, settings, history and files.
pub(crate) fn key(settings: &FabricSettings, snapshot: &Snapshot) -> Result<String> {
    let mut text = format!("{} {} {:?}\n", env!("CARGO_PKG_VERSION"), check::VERSION, settings.checks);
    text.push_str(&checks::fingerprint(&settings.checks)?);
    let processed = settings.processed;
    let _ = writeln!(text, "{} {processed:?} {:?} {:?}", settings.name, snapshot.tip, snapshot.tree);
    for (path, file) in &snapshot.files {
        let kind = match &file.content {
            Content::Bytes(_) | Content::Unread(_) => "file".to_owned(),
            other => format!("{other:?}"),
        };
        let _ = writeln!(text, "{path:?} {:?} {:?} {kind}", file.committed, file.current);
    }
    for (folder, why) in &snapshot.unseen {
        let _ = writeln!(text, "{folder:?} {why:?}");
    }
    Ok(digest(text.as_bytes()))
}

fn place(state_dir: &Path, fabric: &str) -> PathBuf {
    state_dir.join("known").join(format!("{}.json", &digest(fabric.as_bytes())[..16]))
}

/// What is known under this key; a file that is missing, old or damaged is just not known.
pub(crate) fn recall(state_dir: &Path, fabric: &str, key: &str) -> Option<Known> {
    let bytes = std::fs::read(place(state_dir, fabric)).ok()?;
    let kept: Kept = serde_json::from_slice(&bytes).ok()?;
    (kept.key == key).then_some(kept.known)
}

/// Keeps what is known; where nothing can be written, it is found out again next time.
pub(crate) fn keep(state_dir: &Path, fabric: &str, key: &str, known: &Known) {
    let place = place(state_dir, fabric);
    let Ok(text) = serde_json::to_vec(&Keeping { key, known }) else { return };
    // A read-only home is no reason to fail a status.
    let _ = crate::private::write(&place, &text);
}
