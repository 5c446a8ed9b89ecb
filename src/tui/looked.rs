//! Looked: what the tabs of the opened fabric show beside its status, read when it is first wanted.

use std::sync::Arc;

use crate::ops::report::seen::{DiffReport, FileReport, LogReport};
use crate::ops::report::shown::ShowReport;
use crate::ops::{Failure, Operation};

/// What the tabs of one fabric show.
#[derive(Debug, Clone, Default)]
pub struct Looked {
    /// The fabric.
    pub fabric: String,
    /// Its managed resources.
    pub resources: Part<ShowReport>,
    /// What differs.
    pub diff: Part<DiffReport>,
    /// The lines of that difference.
    pub diff_lines: Arc<Vec<String>>,
    /// Its history.
    pub log: Part<LogReport>,
    /// The raw file below, by its path.
    pub file: (String, Part<FileReport>),
    /// What is to be read once and shown in the viewer.
    pub wanted: Option<Operation>,
}

/// Something that is read when it is wanted; what was known stays until the new comes.
#[derive(Debug, Clone)]
pub struct Part<T> {
    /// Whether it was asked for since it last became old.
    pub is_asked: bool,
    /// What is known.
    pub known: Option<Result<Arc<T>, Failure>>,
}

impl<T> Default for Part<T> {
    fn default() -> Self {
        Self { is_asked: false, known: None }
    }
}

impl<T> Part<T> {
    /// What was read well.
    pub fn get(&self) -> Option<&Arc<T>> {
        self.known.as_ref().and_then(|known| known.as_ref().ok())
    }

    /// Takes what was read.
    pub fn take(&mut self, known: Result<T, Failure>) {
        self.known = Some(known.map(Arc::new));
    }
}

impl Looked {
    /// Nothing of a fabric yet.
    pub fn of(fabric: &str) -> Self {
        Self { fabric: fabric.to_owned(), ..Self::default() }
    }

    /// Everything is to be read again; what is known is shown meanwhile.
    pub fn grow_old(&mut self) {
        self.resources.is_asked = false;
        self.diff.is_asked = false;
        self.log.is_asked = false;
        self.file.1.is_asked = false;
    }
}
