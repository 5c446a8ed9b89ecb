//! Request: what init, ingest and push are asked to do.

use std::sync::Arc;

use crate::fabric::ingest::choice::Choice;

/// Whether to plan only, or to apply a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mode {
    /// Plan and tell; write nothing but tracking references.
    Plan,
    /// Plan again and apply; with ids, only if every fabric's plan still has one of them.
    Apply {
        /// The confirmed plan ids, full or abbreviated to eight or more digits; empty confirms
        /// whatever the plan is.
        expect: Vec<String>,
    },
}

/// The options of `init`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InitRequest {
    /// The fabrics by name.
    pub fabrics: Vec<String>,
    /// Rewrite our own READMEs and metadata.
    pub force: bool,
    /// Leave loose files where they are.
    pub keep_loose: bool,
    /// The commit's subject, where it is not the usual one.
    pub message: Option<String>,
    /// Do not fetch first.
    pub offline: bool,
    /// Plan or apply.
    pub mode: Mode,
}

impl InitRequest {
    /// The layout, with nothing unusual asked.
    pub fn all(fabrics: Vec<String>, mode: Mode) -> Self {
        Self { fabrics, force: false, keep_loose: false, message: None, offline: false, mode }
    }
}

/// The options of `ingest`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IngestRequest {
    /// The fabrics by name.
    pub fabrics: Vec<String>,
    /// Only these raw files, relative to the GitOps directory; empty means all.
    pub only: Vec<String>,
    /// Files from elsewhere: a name and its bytes (`-` was read by the caller).
    pub files: Vec<(String, Arc<[u8]>)>,
    /// Take sound documents out of files with bad ones.
    pub partial: bool,
    /// Leave invalid files where they are.
    pub leave_invalid: bool,
    /// Keep what an export added.
    pub keep_export: bool,
    /// Write other comments and layout of unchanged resources too.
    pub take_text: bool,
    /// What was decided about single resources: `KIND/NAME` and whose text counts.
    pub take: Vec<(String, Choice)>,
    /// The commit's subject, where it is not the usual one.
    pub message: Option<String>,
    /// Do not fetch first.
    pub offline: bool,
    /// Plan or apply.
    pub mode: Mode,
}

impl IngestRequest {
    /// Everything that waits in `raw/`, with nothing unusual asked.
    pub fn all(fabrics: Vec<String>, mode: Mode) -> Self {
        Self {
            fabrics,
            only: Vec::new(),
            files: Vec::new(),
            partial: false,
            leave_invalid: false,
            keep_export: false,
            take_text: false,
            take: Vec::new(),
            message: None,
            offline: false,
            mode,
        }
    }
}

/// The options of `discard`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiscardRequest {
    /// The fabrics by name; it concerns the branch they are on.
    pub fabrics: Vec<String>,
    /// All of our own commits in a row, not the newest alone.
    pub all: bool,
    /// Do not fetch first.
    pub offline: bool,
    /// Plan or apply.
    pub mode: Mode,
}

/// The options of `push`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushRequest {
    /// The fabrics by name; fabrics of one branch are pushed once.
    pub fabrics: Vec<String>,
    /// Plan or apply.
    pub mode: Mode,
}
