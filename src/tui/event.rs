//! Event: everything that can happen to the screen.

use crossterm::event::KeyEvent;

use crate::ops::{Failure, Outcome};
use crate::progress::Progress;
use crate::tui::state::JobId;

/// Everything that can happen to the screen.
#[derive(Debug, Clone)]
pub enum Event {
    /// A key was pressed.
    Key(KeyEvent),
    /// A text was pasted, of so many characters.
    Paste(usize),
    /// The terminal has another size: columns, rows.
    Resize(u16, u16),
    /// Time went on.
    Time(Now),
    /// An operation came forward.
    Progress(JobId, Progress),
    /// An operation ended.
    Finished(JobId, Result<Outcome, Failure>),
}

/// The time, as the screen needs it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Now {
    /// Milliseconds since the screen began.
    pub ms: u64,
    /// The wall clock, `09:15:02`.
    pub clock: String,
}

/// What `update` asks to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Run an operation.
    Start(JobId, crate::ops::Operation),
    /// Ask an operation to stop.
    Stop(JobId),
    /// Give the terminal back to the shell for a while.
    Suspend,
    /// Clear the terminal before the next frame.
    Redraw,
    /// End.
    Quit,
}
