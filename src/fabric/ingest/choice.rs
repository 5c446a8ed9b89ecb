//! Choice: what the user decided about one resource, where raw and managed differ.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::fabric::document::Document;
use crate::fabric::ingest::settle::{Fate, Ground};
use crate::fabric::managed;
use crate::fabric::plan::Outcome;
use crate::fabric::raw;
use crate::fabric::resource::Identity;

/// What to do with a resource whose raw and managed text differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// The raw document replaces the managed one.
    Raw,
    /// The managed one stays, the raw document is filed.
    Managed,
    /// The managed one stays, the raw document goes to `unmanaged/manual-overrides/`.
    Unmanaged,
}

impl Choice {
    /// The side as the command line names it.
    pub fn word(self) -> &'static str {
        match self {
            Choice::Raw => "raw",
            Choice::Managed => "managed",
            Choice::Unmanaged => "unmanaged",
        }
    }
}

/// The fates of all documents of one identity that was moved aside by choice.
pub(crate) fn aside(ground: &Ground, identity: &Identity, documents: &[&Document]) -> Vec<Fate> {
    let mut used: BTreeSet<String> = BTreeSet::new();
    let mut place = |document: &Document| {
        let target = override_path(ground, identity, document.text.as_bytes())?;
        let is_new = used.insert(target.clone());
        let tagged = raw::tagged(&target, document.text.as_bytes());
        Some(if is_new { target } else { tagged })
    };
    let mut fates: Vec<Fate> = Vec::new();
    for document in documents {
        let twin = documents.iter().take(fates.len()).position(|other| other.text == document.text);
        let path = match twin {
            Some(at) => fates[at].path.clone(),
            None => place(document),
        };
        let note = "moved aside, as chosen";
        let mut fate = Fate::of(Outcome::Unmanaged, path, note);
        fate.write = twin.is_none().then(|| (0, document.text.clone()));
        fates.push(fate);
    }
    fates
}

/// A path below `unmanaged/manual-overrides/` that is free, or holds these bytes already.
fn override_path(ground: &Ground, identity: &Identity, bytes: &[u8]) -> Option<String> {
    Some(managed::override_path(ground.snapshot, &managed::own_path(ground.directories, identity)?, bytes))
}
