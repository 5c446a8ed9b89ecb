//! Options: what the dashboard is told about itself, the terminal and the user's wishes.

use crate::config::ui::Notify;
use crate::ops::Failure;
use crate::ops::copy::Clipboard;
use crate::signal::Signal;
use crate::tui::preferences::Preferences;
use crate::tui::record::Recorder;
use crate::tui::wishes::Place;

/// How the dashboard is shown.
#[derive(Debug, Clone)]
pub struct Options {
    /// What line 1 calls the configuration.
    pub title: String,
    /// How it looks and behaves at first.
    pub preferences: Preferences,
    /// What is to be said at the start.
    pub remarks: Vec<String>,
    /// The terminal.
    pub terminal: Abilities,
    /// How the end of a long operation is told outside the window.
    pub notify: Notify,
    /// What keeps the pictures, where they are kept.
    pub recorder: Option<Recorder>,
    /// What takes copied texts; none is the terminal itself.
    pub clipboard: Option<Clipboard>,
    /// Program, system and terminal, for reports.
    pub about: String,
    /// Where the configuration is written, and where relative paths start.
    pub place: Place,
    /// What the session begins with.
    pub start: Start,
    /// The signals that came in.
    pub signal: Signal,
}

/// What a session begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Start {
    /// The configured fabrics.
    Fabrics,
    /// No configuration: every place looked at.
    FirstRun {
        /// The places, as they are shown.
        looked: Vec<String>,
    },
    /// A configuration that cannot be read, and why.
    Broken(Box<Failure>),
}

/// How a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The user left.
    Left,
    /// The user wants the demo.
    Demo,
    /// The terminal is gone, such as when a connection dropped, or a signal came.
    Lost,
    /// The session ended, and something that ran had not when the time was up.
    Unfinished {
        /// Whether the terminal is gone, or a signal came.
        is_lost: bool,
    },
}

/// What the terminal can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Abilities {
    /// It can be asked to show a frame at once.
    pub synchronizes: bool,
    /// Its window has a title.
    pub has_title: bool,
}

impl Abilities {
    /// What a terminal of this name can do.
    pub fn of(term: &str) -> Self {
        let is_console = term == "linux" || term.starts_with("vt");
        Self { synchronizes: !is_console, has_title: !is_console && !term.is_empty() }
    }
}
