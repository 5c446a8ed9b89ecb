//! Fabric: one configured fabric.

pub mod adopt;
pub mod base;
pub mod check;
pub mod consumer;
pub mod delete;
pub mod document;
pub mod draft;
pub mod export;
pub mod files;
pub mod finding;
pub mod heal;
pub mod hydration;
pub mod ingest;
pub mod init;
pub mod kind;
pub mod layout;
pub mod loader;
pub mod managed;
pub mod message;
pub mod migrate;
pub mod names;
pub mod noise;
pub mod plan;
pub mod raw;
pub mod reference;
pub mod referring;
pub mod rename;
pub mod resource;
pub mod resources;
pub mod rewrite;
pub mod rules;
pub mod schema;
pub mod secret;
pub mod selector;
pub mod snapshot;
pub mod splice;
pub mod unseen;

use crate::config::{FabricSettings, Processed};

/// One configured fabric, as the planners need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fabric {
    /// Its name.
    pub name: String,
    /// Its GitOps directory relative to the repository's root; empty for the root.
    pub directory: String,
    /// The branch its repository is on.
    pub branch: String,
    /// What becomes of an ingested raw file.
    pub processed: Processed,
    /// The template of commit subjects.
    pub subject: Option<String>,
    /// Whether commits carry `Signed-off-by`.
    pub signoff: bool,
}

impl Fabric {
    /// A fabric with everything else as by default.
    pub fn named(name: &str, directory: &str) -> Self {
        Self {
            name: name.to_owned(),
            directory: directory.to_owned(),
            branch: "main".to_owned(),
            processed: Processed::Keep,
            subject: None,
            signoff: false,
        }
    }

    /// The fabric of a configuration entry, on a branch.
    pub fn of(settings: &FabricSettings, branch: &str) -> Self {
        Self {
            name: settings.name.clone(),
            directory: settings.directory.clone(),
            branch: branch.to_owned(),
            processed: settings.processed,
            subject: settings.subject.clone(),
            signoff: settings.signoff,
        }
    }
}
