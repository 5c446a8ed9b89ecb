//! Dialog: what asks something before anything is written, as data.

use crate::ops::joint::Joint;
use crate::ops::question::{Question, is_pending};
use crate::ops::report::Report;
use crate::ops::{Entry, Operation};
use crate::tui::palette::Palette;
use crate::tui::setup::{Form, Shared};

/// How long a new dialog ignores every key, in milliseconds.
pub const ARMING: u64 = 250;

/// The same for a dialog that comes while its user does something else.
pub const LATE: u64 = 1000;

/// After so long without a key nobody waits for a dialog any more.
pub const AWAY: u64 = 2000;

/// What asks something.
#[derive(Debug, Clone)]
pub enum Dialog {
    /// A plan to confirm.
    Confirm(Box<Confirm>),
    /// A plan that moved between its showing and its `y`.
    Stale {
        /// What plans again.
        again: Operation,
        /// The fabrics.
        fabrics: Vec<String>,
        /// What moved.
        why: String,
    },
    /// The form for a fabric.
    Form(Box<Form>),
    /// The `,` menu.
    Settings {
        /// The selected line.
        selected: usize,
    },
    /// The `m` menu.
    More {
        /// The fabric.
        fabric: String,
        /// The selected line.
        selected: usize,
    },
    /// The `s` menu.
    Sort {
        /// The selected line.
        selected: usize,
    },
    /// The `y` menu.
    Copy {
        /// What there is to copy.
        found: Vec<Copyable>,
        /// The selected line.
        selected: usize,
    },
    /// Every action to search, every command to type.
    Palette(Palette),
    /// Quitting while something runs.
    Quit,
}

/// A text that can be copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copyable {
    /// Its key in the menu.
    pub key: char,
    /// What it is.
    pub what: &'static str,
    /// The text, cleaned.
    pub text: String,
}

/// A plan to confirm.
#[derive(Debug, Clone)]
pub struct Confirm {
    /// What was planned, one entry a fabric; those without a plan are shown and left out.
    pub entries: Vec<Entry>,
    /// What it concerns: a fabric's name, or how many fabrics.
    pub what: String,
    /// What `y` does.
    pub then: Operation,
    /// The addition of a fabric that it confirms, if it is one.
    pub joint: Option<Shared<Joint>>,
    /// The name of the key that opened it.
    pub opening: String,
    /// When its plan was asked for, in milliseconds.
    pub asked: u64,
    /// How long nothing must be pressed before it takes an answer, in milliseconds.
    pub quiet: u64,
    /// When it takes an answer if nothing is pressed before, in milliseconds.
    pub arms: u64,
    /// Whether `y` is taken.
    pub is_armed: bool,
    /// Whether another key than the opening one came since.
    pub moved_on: bool,
    /// What must be typed, and what was typed so far.
    pub typed: Option<Typed>,
    /// The first line shown.
    pub scroll: usize,
    /// What of the plan is shown.
    pub face: Face,
    /// The commit's subject while it is edited.
    pub subject: Option<String>,
}

/// What of a plan is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    /// The plan in short.
    Plan,
    /// Every file with its differences, deletions first.
    Files,
    /// The command line that does the same.
    Command,
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
    /// A plan that nobody was asked about yet; the key is the one that opened it.
    pub fn new(entries: Vec<Entry>, what: String, then: Operation, opening: String, question: Question) -> Self {
        let typed = match question {
            Question::Yes => None,
            Question::Typed { word, why } => Some(Typed { wanted: word, because: why, input: String::new() }),
        };
        Self {
            entries,
            what,
            then,
            joint: None,
            opening,
            asked: 0,
            quiet: ARMING,
            arms: 0,
            is_armed: false,
            moved_on: false,
            typed,
            scroll: 0,
            face: Face::Plan,
            subject: None,
        }
    }

    /// The subject of the commits that the plan makes, empty where they differ; none where it makes none.
    pub fn commit_subject(&self) -> Option<String> {
        let is_addition = self.joint.is_some();
        let subjects = self.entries.iter().filter_map(|entry| match &entry.result {
            Ok(Report::Write(write)) if is_pending(entry) => write.plan.as_ref().map(|plan| plan.subject.clone()),
            _ => None,
        });
        let subjects: Vec<String> = subjects.collect();
        match &subjects[..] {
            _ if is_addition => None,
            [] => None,
            [one, rest @ ..] if rest.iter().all(|other| other == one) => Some(one.clone()),
            _ => Some(String::new()),
        }
    }

    /// Whether what was typed is what must be typed.
    pub fn matches(&self) -> bool {
        self.typed.as_ref().is_some_and(|typed| typed.input == typed.wanted)
    }
}
