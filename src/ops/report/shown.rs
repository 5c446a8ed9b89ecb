//! Shown: what `show` and `export` tell of one fabric.

use serde::Serialize;

use crate::fabric::finding::Finding;
use crate::fabric::hydration::Hydration;
use crate::text::redact;

/// The managed resources that were asked for.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct ShowReport {
    /// The resources, in the order hhfab prints them.
    pub resources: Vec<ShownResource>,
    /// The hydration of the whole fabric.
    pub hydration: Hydration,
    /// Errors of managed files, whose resources may be missing here.
    pub findings: Vec<Finding>,
    /// Whether resources were asked for by name, so that people see their text.
    #[serde(skip)]
    pub is_named: bool,
}

/// One managed resource.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct ShownResource {
    /// Its kind.
    pub kind: String,
    /// Its API version as written, group included.
    pub api_version: String,
    /// Its namespace; `default` where it states none.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// `KIND/NAME`, with the namespace between where it is not `default`.
    #[serde(skip)]
    pub identity: String,
    /// Its file, relative to the GitOps directory.
    pub path: String,
    /// The line of its first value, from 1.
    pub line: u32,
    /// Its own text; null in a file that holds a secret.
    #[serde(serialize_with = "quoted_if_any")]
    #[schemars(with = "Option<String>")]
    pub text: Option<String>,
}

/// What a file calls a password is shown by no report.
fn quoted<S: serde::Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&redact(text))
}

fn quoted_if_any<'a, S: serde::Serializer>(
    text: impl Into<Option<&'a String>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    text.into().map(|text| redact(text)).serialize(serializer)
}

/// All managed resources as one text.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct ExportReport {
    /// How many documents.
    pub documents: usize,
    /// The text; empty where the findings say why there is none.
    #[serde(serialize_with = "quoted")]
    #[schemars(with = "String")]
    pub text: String,
    /// What keeps the export from being whole, and what is left out of it.
    pub findings: Vec<Finding>,
}
