//! Terminal: taken at the start, given back exactly once however the program ends.

use std::io::{self, BufWriter, Stdout, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use crossterm::{cursor, queue};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;

use crate::error::{Error, Result};

/// What is written in one frame leaves in one `write`.
const FRAME: usize = 64 * 1024;

/// A terminal drawn through one buffer.
pub(super) type Screen = Terminal<CrosstermBackend<BufWriter<Stdout>>>;

/// Holds the terminal; dropping it gives the terminal back.
pub(super) struct Guard {
    is_held: Arc<AtomicBool>,
}

/// Takes the terminal; a panic gives it back before it is reported.
pub(super) fn take() -> Result<(Guard, Screen)> {
    crossterm::style::force_color_output(true);
    let guard = Guard { is_held: Arc::new(AtomicBool::new(false)) };
    guard.hold()?;
    let is_held = Arc::clone(&guard.is_held);
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        release(&is_held);
        before(panic);
    }));
    let backend = CrosstermBackend::new(BufWriter::with_capacity(FRAME, io::stdout()));
    let screen = Terminal::new(backend).map_err(Error::fs("cannot draw on", "the terminal"))?;
    Ok((guard, screen))
}

impl Guard {
    /// Takes the terminal, at the start and after a suspension.
    pub(super) fn hold(&self) -> Result<()> {
        let failed = || Error::fs("cannot set up", "the terminal");
        enable_raw_mode().map_err(failed())?;
        self.is_held.store(true, Ordering::SeqCst);
        let mut out = io::stdout();
        queue!(out, EnterAlternateScreen, EnableBracketedPaste, cursor::Hide).map_err(failed())?;
        out.flush().map_err(failed())
    }

    /// Whether the terminal is still ours; a panic anywhere gives it back.
    pub(super) fn is_held(&self) -> bool {
        self.is_held.load(Ordering::SeqCst)
    }

    /// Gives the terminal back, once.
    pub(super) fn release(&self) {
        release(&self.is_held);
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.release();
    }
}

/// Nobody can be told if the terminal cannot be given back.
fn release(is_held: &AtomicBool) {
    if !is_held.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut out = io::stdout();
    let _ = queue!(out, DisableBracketedPaste, LeaveAlternateScreen, cursor::Show);
    let _ = out.flush();
    let _ = disable_raw_mode();
}
