//! State: everything the screen shows, changed by `update` alone.

use std::collections::{BTreeSet, VecDeque};

use crate::config::Config;
use crate::fabric::finding::Finding;
use crate::ops::report::StatusReport;
use crate::ops::{Failure, Operation};
use crate::progress::Progress;
use crate::tui::dialog::Dialog;
use crate::tui::event::Now;
use crate::tui::keymap::Keymap;

/// The number of an operation of this session.
pub type JobId = u64;

/// Everything the screen shows.
#[derive(Debug, Clone)]
pub struct State {
    /// What line 1 calls the configuration.
    pub title: String,
    /// Whether writing is off altogether.
    pub read_only: bool,
    /// The keys.
    pub keymap: Keymap,
    /// One row a fabric.
    pub rows: Vec<Row>,
    /// The selected row.
    pub selected: usize,
    /// What fills the main pane.
    pub screen: Screen,
    /// The pane that has the keys, where there are two.
    pub focus: Focus,
    /// What asks something.
    pub dialog: Option<Dialog>,
    /// The operations of this session, oldest first; readings of the status too.
    pub jobs: Vec<Job>,
    /// The last line's outcome.
    pub said: String,
    /// When it was said.
    pub said_at: String,
    /// The last keys pressed.
    pub keys: VecDeque<String>,
    /// The time.
    pub now: Now,
    /// Columns and rows.
    pub size: (u16, u16),
    /// When Ctrl-C was pressed last, in milliseconds.
    pub interrupted: Option<u64>,
    /// Whether the program ends once nothing runs.
    pub leaving: bool,
    /// Whether a frame is owed.
    pub is_dirty: bool,
}

/// One fabric.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// Its repository's name.
    pub repository: String,
    /// What was read last; none before the first reading.
    pub status: Option<Result<StatusReport, Failure>>,
    /// The latest failure of an operation on it in this session.
    pub failure: Option<Failure>,
}

/// What fills the main pane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Screen {
    /// The list of fabrics.
    Fabrics,
    /// One fabric.
    Fabric(FabricScreen),
    /// Every finding of one fabric.
    Findings {
        /// The fabric.
        fabric: String,
        /// Its findings, sorted.
        findings: Vec<Finding>,
        /// The first line shown.
        scroll: usize,
    },
    /// An error in full.
    Error {
        /// What failed, such as `push dc1`.
        what: String,
        /// The failure.
        failure: Failure,
        /// The first line shown.
        scroll: usize,
    },
    /// The keys.
    Help {
        /// The first line shown.
        scroll: usize,
    },
}

/// One fabric, opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FabricScreen {
    /// Its name.
    pub name: String,
    /// The open tab.
    pub tab: Tab,
    /// The selected line of the tab.
    pub selected: usize,
    /// Raw files left out of the next ingest.
    pub left_out: BTreeSet<String>,
}

/// The tabs of a fabric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    /// All about it.
    Overview,
    /// Its raw files.
    Raw,
    /// Its managed resources.
    Managed,
}

/// The pane that has the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focus {
    /// The main pane.
    Main,
    /// The operations.
    Operations,
}

/// One operation of this session.
#[derive(Debug, Clone)]
pub struct Job {
    /// Its number.
    pub id: JobId,
    /// The operation.
    pub operation: Operation,
    /// Why it runs.
    pub purpose: Purpose,
    /// Its fabric.
    pub fabric: String,
    /// Its repository.
    pub repository: String,
    /// How far it is.
    pub stage: Stage,
    /// What it told last.
    pub progress: Option<Progress>,
    /// When it began, in milliseconds.
    pub started: u64,
    /// The wall clock when it ended.
    pub ended: String,
    /// What came of it, one line.
    pub result: String,
}

/// Why an operation runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To show a status; not listed.
    Status,
    /// To show a plan.
    Plan,
    /// To do what was confirmed, or what needs no confirmation.
    Act,
}

/// How far an operation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Waits for another of the same repository.
    Queued,
    /// Runs.
    Running,
    /// Was asked to stop.
    Stopping,
    /// Ended well.
    Done,
    /// Ended with nothing to do.
    NoChange,
    /// Failed.
    Failed,
    /// Nobody knows yet.
    Uncertain,
}

impl State {
    /// The state before anything is known.
    pub fn new(config: &Config, title: String, read_only: bool, keymap: Keymap) -> Self {
        let row = |fabric: &crate::config::FabricSettings| Row {
            name: fabric.name.clone(),
            repository: fabric.repository.clone(),
            status: None,
            failure: None,
        };
        Self {
            title,
            read_only,
            keymap,
            rows: config.fabrics.iter().map(row).collect(),
            selected: 0,
            screen: Screen::Fabrics,
            focus: Focus::Main,
            dialog: None,
            jobs: Vec::new(),
            said: String::new(),
            said_at: String::new(),
            keys: VecDeque::new(),
            now: Now::default(),
            size: (80, 24),
            interrupted: None,
            leaving: false,
            is_dirty: true,
        }
    }

    /// The row of a fabric.
    pub fn row(&self, name: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.name == name)
    }

    /// The fabric that keys concern: the opened one, else the selected one.
    pub fn current(&self) -> Option<&Row> {
        match &self.screen {
            Screen::Fabric(open) => self.row(&open.name),
            Screen::Findings { fabric, .. } => self.row(fabric),
            _ => self.rows.get(self.selected),
        }
    }

    /// The operations worth listing, newest first: running ones, queued ones, then ended ones.
    pub fn listed(&self) -> Vec<&Job> {
        let rank = |stage: Stage| match stage {
            Stage::Running | Stage::Stopping => 0,
            Stage::Queued => 1,
            _ => 2,
        };
        let mut jobs: Vec<&Job> =
            self.jobs.iter().filter(|job| job.purpose != Purpose::Status && !job.is_silent()).collect();
        jobs.sort_by_key(|job| (rank(job.stage), std::cmp::Reverse(job.id)));
        jobs
    }

    /// Whether a write or a reading of a remote is under way or waits.
    pub fn is_busy(&self) -> bool {
        self.jobs.iter().any(|job| job.purpose == Purpose::Act && job.is_open())
    }

    /// Whether the clock must go on because something on the screen counts.
    pub fn needs_ticks(&self) -> bool {
        self.jobs.iter().any(|job| job.purpose != Purpose::Status && job.is_open())
    }

    /// Says something on the last line.
    pub fn say(&mut self, text: impl Into<String>) {
        self.said = crate::text::clean_line(&text.into());
        self.said_at.clone_from(&self.now.clock);
        self.is_dirty = true;
    }
}

impl Job {
    /// Whether it is not over.
    pub fn is_open(&self) -> bool {
        matches!(self.stage, Stage::Queued | Stage::Running | Stage::Stopping)
    }

    /// A plan that ended well has said everything in its dialog.
    fn is_silent(&self) -> bool {
        self.purpose == Purpose::Plan && matches!(self.stage, Stage::Done)
    }
}
