//! State: everything the screen shows, changed by `update` alone.

mod bulk;
mod job;
mod queries;
mod told;

pub use bulk::{Bulk, Tally};
pub use job::{Job, Purpose, Stage};

use std::collections::{BTreeSet, VecDeque};

use crate::config::{Config, FabricSettings, Remark};
use crate::error::WriteEffect;
use crate::history::Record;
use crate::ops::Failure;
use crate::ops::report::seen::LogCommit;
use crate::ops::report::{StatusReport, ValidateReport};
use crate::tui::cast::Cast;
use crate::tui::dialog::Dialog;
use crate::tui::event::Now;
use crate::tui::keymap::Keymap;
use crate::tui::list::List;
use crate::tui::looked::Looked;
use crate::tui::preferences::Preferences;
use crate::tui::refresh::{self, Refresh};
use crate::tui::setup::FirstRun;
use crate::tui::viewer::Viewer;

/// The number of an operation of this session.
pub type JobId = u64;

/// Everything the screen shows.
#[derive(Debug, Clone)]
pub struct State {
    /// What line 1 calls the configuration.
    pub title: String,
    /// Whether writing is off altogether.
    pub read_only: bool,
    /// Whether the user asked for that.
    pub asked_read_only: bool,
    /// The fabric that is being added.
    pub adding: Option<String>,
    /// The keys.
    pub keymap: Keymap,
    /// One row a fabric.
    pub rows: Vec<Row>,
    /// The selected line of the list.
    pub selected: usize,
    /// Which rows are listed, in which order, and which are marked.
    pub list: List,
    /// What the tabs of the opened fabric show.
    pub looked: Looked,
    /// Whether the pane that has the keys fills the window.
    pub is_zoomed: bool,
    /// What fills the main pane.
    pub screen: Screen,
    /// The fabric that findings, an error or a log were opened over: one step back shows it again.
    pub under: Option<FabricScreen>,
    /// The pane that has the keys, where there are two.
    pub focus: Focus,
    /// The selected line of the operations.
    pub operation: usize,
    /// What asks something.
    pub dialog: Option<Dialog>,
    /// What asks next: a plan never takes the place of an open dialog.
    pub waiting: VecDeque<Dialog>,
    /// The operations of this session, oldest first; readings of the status too.
    pub jobs: Vec<Job>,
    /// What is odd in the configuration.
    pub warnings: Vec<Remark>,
    /// What is wrong with the configuration as a whole: its file, and the failure.
    pub trouble: Option<(String, Failure)>,
    /// The number of the latest operation: none is ever given again.
    pub last_job: JobId,
    /// The same among readings.
    pub last_read: JobId,
    /// Answers that started several jobs, or left fabrics out, until all of one have ended.
    pub bulks: Vec<Bulk>,
    /// The last line's outcome.
    pub said: String,
    /// When it was said.
    pub said_at: String,
    /// The last keys pressed.
    pub keys: Cast,
    /// How the dashboard looks and behaves.
    pub preferences: Preferences,
    /// The checks of remotes by the clock.
    pub refresh: Refresh,
    /// Program, system and terminal, for reports.
    pub about: String,
    /// The time.
    pub now: Now,
    /// Columns and rows.
    pub size: (u16, u16),
    /// When Ctrl-C was pressed last, in milliseconds.
    pub interrupted: Option<u64>,
    /// The lines typed after `:`, oldest first.
    pub lines: Vec<String>,
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
    /// The first run: nothing is configured yet.
    FirstRun(Box<FirstRun>),
    /// The list of fabrics.
    Fabrics,
    /// One fabric.
    Fabric(FabricScreen),
    /// One text in full.
    View(Box<Viewer>),
    /// Every finding of one fabric, or of several one after the other.
    Findings {
        /// The fabrics and what was found.
        reports: Vec<(String, ValidateReport)>,
        /// The fabric that is shown.
        at: usize,
        /// The finding the cursor is on.
        selected: usize,
    },
    /// What an operation did, step by step.
    Log {
        /// The operation.
        id: JobId,
        /// The first line shown.
        scroll: usize,
    },
    /// An error in full.
    Error {
        /// What failed, such as `push dc1`.
        what: String,
        /// The failure.
        failure: Failure,
        /// Its place among the errors on record, from 0.
        at: usize,
        /// The first line shown of the full message.
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
    /// What differs from the remote.
    Diff,
    /// Commits and operations.
    History,
    /// Operations on record.
    Log,
}

/// Something that was done.
#[derive(Debug, Clone, Copy)]
pub enum Past<'a> {
    /// A commit.
    Commit(&'a LogCommit),
    /// An operation on record.
    Operation(&'a Record),
}

/// The pane that has the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focus {
    /// The main pane.
    Main,
    /// The operations.
    Operations,
}

impl State {
    /// The state before anything is known.
    pub fn new(config: &Config, title: String, read_only: bool, keymap: Keymap) -> Self {
        Self {
            title,
            read_only,
            asked_read_only: read_only,
            adding: None,
            keymap,
            rows: config.fabrics.iter().map(Row::new).collect(),
            selected: 0,
            list: List { shown: (0..config.fabrics.len()).collect(), ..List::default() },
            looked: Looked::default(),
            is_zoomed: false,
            screen: Screen::Fabrics,
            focus: Focus::Main,
            dialog: None,
            waiting: VecDeque::new(),
            last_job: 0,
            last_read: 0,
            bulks: Vec::new(),
            warnings: Vec::new(),
            trouble: None,
            operation: 0,
            jobs: Vec::new(),
            said: String::new(),
            said_at: String::new(),
            keys: Cast::default(),
            preferences: Preferences::default(),
            refresh: Refresh { ours: refresh::ours(config), ..Refresh::default() },
            about: concat!("hedgerow ", env!("CARGO_PKG_VERSION")).to_owned(),
            now: Now::default(),
            size: (80, 24),
            under: None,
            interrupted: None,
            lines: Vec::new(),
            leaving: false,
            is_dirty: true,
        }
    }

    /// Shows the fabrics of another configuration; those that were there keep what is known of them.
    pub fn configure(&mut self, config: &Config) {
        let known = std::mem::take(&mut self.rows);
        self.warnings.clone_from(&config.remarks);
        self.refresh.ours = refresh::ours(config);
        let row = |fabric: &FabricSettings| known.iter().find(|row| row.name == fabric.name).cloned();
        self.rows = config.fabrics.iter().map(|fabric| row(fabric).unwrap_or_else(|| Row::new(fabric))).collect();
        self.list.shown.clear();
        self.arrange();
        self.selected = self.selected.min(self.rows.len().saturating_sub(1));
        self.is_dirty = true;
    }

    /// The row of a fabric.
    pub fn row(&self, name: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.name == name)
    }

    /// Whether a write or a reading of a remote is under way or waits.
    pub fn is_busy(&self) -> bool {
        self.adding.is_some() || self.jobs.iter().any(|job| job.purpose == Purpose::Act && job.is_open())
    }

    /// Whether the clock must go on because something on the screen counts.
    pub fn needs_ticks(&self) -> bool {
        !self.preferences.presenting && self.jobs.iter().any(|job| job.purpose != Purpose::Status && job.is_open())
    }

    /// Says what is wrong in the configuration, if anything is.
    pub fn warn(&mut self, remarks: &[Remark]) {
        self.warnings = remarks.to_vec();
        let told = |remark: &Remark| format!("line {}: {}", remark.line, remark.message);
        match remarks {
            [] => {}
            [one] => self.say(format!("configuration {}", told(one))),
            [first, ..] => {
                let all = self.keymap.fill("warnings in the configuration, {error} lists them");
                self.say(format!("{} {all}; {}", remarks.len(), told(first)));
            }
        }
    }

    /// Says something on the last line.
    pub fn say(&mut self, text: impl Into<String>) {
        self.said = crate::text::clean_line(&text.into());
        self.said_at.clone_from(&self.now.clock);
        self.is_dirty = true;
    }
}

impl Row {
    fn new(fabric: &FabricSettings) -> Self {
        Self { name: fabric.name.clone(), repository: fabric.repository.clone(), status: None, failure: None }
    }

    /// Whether the fabric needs somebody.
    pub fn needs_you(&self) -> bool {
        match &self.status {
            None => false,
            Some(Err(_)) => true,
            Some(Ok(status)) => status.next.is_some(),
        }
    }

    /// The failure that `e` explains: of this session, of the last reading, or on record.
    pub fn error(&self) -> Option<Failure> {
        self.failure.clone().or_else(|| match &self.status {
            Some(Err(failure)) => Some(failure.clone()),
            Some(Ok(status)) => status.last_error.as_ref().map(|last| Failure {
                code: last.code.clone(),
                message: last.message.clone(),
                remedy: last.remedy.clone(),
                detail: last.detail.clone(),
                effect: WriteEffect::default(),
                done: last.state.clone(),
                exit_code: 0,
            }),
            None => None,
        })
    }
}
