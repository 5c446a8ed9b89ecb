//! Check: how a fabric's resources are checked: fields, rules and strictness, all in one value.

use std::sync::Arc;

use crate::config::release::Release;
use crate::fabric::document::Document;
use crate::fabric::finding::{Finding, Severity};
use crate::fabric::resource::Identity;
use crate::fabric::rules;
use crate::fabric::schema::{self, Schemas, Strictness};

/// How resources are checked.
#[derive(Debug, Clone, Default)]
pub struct Check {
    /// What each kind's spec may hold.
    pub schemas: Arc<Schemas>,
    /// What the rules assume.
    pub rules: rules::Settings,
    /// The fabric's release, where it is known.
    pub release: Option<Release>,
}

/// The version of the rules: findings of another version are not used again.
pub const VERSION: u32 = 2;

/// What the installer refuses and an API server, or a commit of ours, takes: errors in the closed world.
const STRICT: &[&str] = &["HH-LD1", "HH-LD2", "HH-LD3", "HH-LD5", "HH-LD10", "HH-LD11", "HH-M2", "HH-GG1"];

impl Check {
    /// The built-in schemas, the installer's defaults, the open world.
    pub fn built_in() -> Self {
        Self { schemas: Arc::new(Schemas::built_in()), ..Self::default() }
    }

    /// Whether the directory is the whole fabric.
    pub fn is_closed(&self) -> bool {
        self.rules.closed
    }

    /// Everything about one resource's fields.
    pub fn shape(&self, document: &Document, identity: &Identity) -> Vec<Finding> {
        let Some(root) = &document.value else { return Vec::new() };
        let Some(schema) = self.schemas.get(&identity.group, &identity.kind) else {
            return Vec::new();
        };
        let unknown = if self.rules.closed || self.release.is_some() { Severity::Error } else { Severity::Warning };
        schema::check(&document.file, root, schema, Strictness { unknown, release: self.release })
    }

    /// Makes errors of what the closed world does not take.
    pub fn strictly(&self, findings: &mut [Finding]) {
        if !self.rules.closed {
            return;
        }
        let is_strict =
            |finding: &&mut Finding| finding.severity == Severity::Warning && STRICT.contains(&finding.code);
        for finding in findings.iter_mut().filter(is_strict) {
            finding.severity = Severity::Error;
        }
    }
}
