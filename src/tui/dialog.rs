//! Dialog: what asks something before anything is written, as data.

use crate::ops::{Entry, Operation};

/// How long a new dialog ignores every key, in milliseconds.
pub const ARMING: u64 = 250;

/// What asks something.
#[derive(Debug, Clone)]
pub enum Dialog {
    /// A plan to confirm.
    Confirm(Box<Confirm>),
    /// A plan that moved between its showing and its `y`.
    Stale {
        /// What plans again.
        again: Operation,
        /// The fabric.
        fabric: String,
        /// What moved.
        why: String,
    },
    /// Quitting while something runs.
    Quit,
}

/// A plan to confirm.
#[derive(Debug, Clone)]
pub struct Confirm {
    /// The planned part of the fabric.
    pub entry: Entry,
    /// What `y` does.
    pub then: Operation,
    /// The name of the key that opened it.
    pub opening: String,
    /// When it opened, in milliseconds.
    pub opened: u64,
    /// Whether `y` is taken.
    pub is_armed: bool,
    /// Whether another key than the opening one came since.
    pub moved_on: bool,
    /// What must be typed, and what was typed so far.
    pub typed: Option<Typed>,
    /// The first line shown.
    pub scroll: usize,
    /// Whether the files are shown with their differences.
    pub is_diff: bool,
}

/// A name that must be typed exactly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    /// The name.
    pub wanted: String,
    /// Why it must be typed.
    pub because: String,
    /// What was typed so far.
    pub input: String,
}

impl Confirm {
    /// Whether what was typed is what must be typed.
    pub fn matches(&self) -> bool {
        self.typed.as_ref().is_some_and(|typed| typed.input == typed.wanted)
    }
}
