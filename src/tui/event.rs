//! Event: everything that can happen to the screen.

use crossterm::event::{KeyEvent, MouseEvent};

use crate::command::request::Request;
use crate::ops::login::Asked;
use crate::ops::{Failure, Outcome};
use crate::progress::Progress;
use crate::tui::setup::{Answer, Wish};
use crate::tui::state::JobId;

/// Everything that can happen to the screen.
#[derive(Debug, Clone)]
pub enum Event {
    /// A key was pressed.
    Key(KeyEvent),
    /// A text was pasted.
    Paste(String),
    /// The mouse did something.
    Mouse(MouseEvent),
    /// The terminal has another size: columns, rows.
    Resize(u16, u16),
    /// Nothing more was typed: all input that waited has been taken.
    Rest,
    /// A frame is about to be drawn.
    Frame,
    /// The outside answered a wish.
    Answered(Box<Answer>),
    /// Time went on.
    Time(Now),
    /// An operation came forward.
    Progress(JobId, Progress),
    /// An operation ended.
    Finished(JobId, Result<Outcome, Failure>),
    /// A text left, or tried to, for the clipboard.
    Copied {
        /// What it is, such as `commit`.
        what: String,
        /// The way it took.
        way: Way,
    },
    /// Git had the terminal.
    LoggedIn {
        /// The fabric whose remote it read.
        fabric: String,
        /// How that ended, or why it did not begin.
        asked: Result<Asked, String>,
    },
    /// The link is too slow for the pace.
    Slower,
    /// The files of a typed line were read, or not.
    Read(Result<Box<Request>, Failure>),
    /// Something outside went wrong that only needs to be said.
    Said(String),
}

/// The way of a text to the clipboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// A program took it: its word.
    Program(&'static str),
    /// The terminal was told.
    Terminal,
    /// It is too long for the terminal: the file that has it.
    FileOnly(String),
    /// Not even the file took it: why.
    NotKept(String),
    /// A program refused it.
    Refused {
        /// The program's word.
        by: &'static str,
        /// The text.
        text: String,
    },
}

/// The time, as the screen needs it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Now {
    /// Milliseconds since the screen began.
    pub ms: u64,
    /// The wall clock, `09:15:02`.
    pub clock: String,
    /// The wall clock in seconds since the epoch: it goes on while the machine sleeps.
    pub wall: i64,
}

/// What `update` asks to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Open a file at a line in the user's editor.
    Edit(std::path::PathBuf, u32),
    /// Give the terminal to git, so that it can ask for this fabric's remote.
    Login(String),
    /// Run an operation.
    Start(JobId, crate::ops::Operation),
    /// Ask something of the outside.
    Wish(Wish),
    /// Ask an operation to stop.
    Stop(JobId),
    /// Give the terminal back to the shell for a while.
    Suspend,
    /// Copy a text.
    Copy {
        /// What it is.
        what: String,
        /// The text.
        text: String,
    },
    /// Save the report of an error to a file of its own.
    Save(String),
    /// Send a text to the terminal's clipboard.
    Osc52 {
        /// What it is.
        what: String,
        /// The text.
        text: String,
    },
    /// Keep a changed setting: its key and value under `ui:`; and do what the settings say.
    Keep(Option<(&'static str, String)>),
    /// Tell the end of a long operation outside the window.
    Notify(String),
    /// Keep a line that was typed.
    Remember(String),
    /// Read the files a typed line names.
    Read(Box<Request>),
    /// Clear the terminal before the next frame.
    Redraw,
    /// End.
    Quit,
}
