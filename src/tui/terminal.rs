//! Terminal: taken at the start, given back exactly once however the program ends.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use ratatui::backend::TestBackend;
use ratatui::{Frame, Terminal};

use crate::error::{Error, Result};
use crate::tui::painter::Painter;

/// The other screen, bracketed paste, no cursor.
const TAKE: &str = "\x1b[?1049h\x1b[?2004h\x1b[?25l";
/// Everything that may be on, off; the cursor and the first screen as they were.
const GIVE: &str = "\x1b[?2026l\x1b[?1000l\x1b[?1006l\x1b[?2004l\x1b[m\x1b[r\x1b[?1049l\x1b[?25h";

/// What the screen is drawn on.
pub(super) struct Screen {
    // Only its buffer is used: what it holds is painted by us, in one `write` a frame.
    canvas: Terminal<TestBackend>,
    painter: Painter,
    out: File,
}

/// Holds the terminal; dropping it gives the terminal back.
pub(super) struct Guard {
    held: Arc<AtomicBool>,
}

/// Takes the terminal; a panic gives it back before it is reported.
pub(super) fn take(is_synchronized: bool) -> Result<(Guard, Screen)> {
    let out = io::stdout().as_fd().try_clone_to_owned().map_err(Error::fs("cannot open", "the terminal"))?;
    let guard = Guard { held: Arc::default() };
    guard.hold()?;
    let held = Arc::clone(&guard.held);
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        release(&held);
        before(panic);
    }));
    let screen = Screen { canvas: canvas(size()?), painter: Painter::new(is_synchronized), out: File::from(out) };
    Ok((guard, screen))
}

/// The terminal's columns and rows.
pub(super) fn size() -> Result<(u16, u16)> {
    crossterm::terminal::size().map_err(Error::fs("cannot measure", "the terminal"))
}

fn canvas((columns, rows): (u16, u16)) -> Terminal<TestBackend> {
    match Terminal::new(TestBackend::new(columns, rows)) {
        Ok(canvas) => canvas,
        Err(never) => match never {},
    }
}

impl Screen {
    /// Gives the screen another size; the next frame is drawn whole.
    pub(super) fn resize(&mut self, size: (u16, u16)) {
        self.canvas = canvas(size);
        self.painter.forget();
    }

    /// The next frame is drawn whole.
    pub(super) fn clear(&mut self) {
        self.painter.forget();
    }

    /// Draws a frame in one `write`; the answer is how long the terminal took to take it.
    pub(super) fn draw(&mut self, view: impl FnOnce(&mut Frame)) -> Result<Duration> {
        self.canvas.current_buffer_mut().reset();
        view(&mut self.canvas.get_frame());
        let bytes = self.painter.paint(self.canvas.current_buffer_mut());
        let begun = Instant::now();
        if !bytes.is_empty() {
            self.out.write_all(bytes).map_err(Error::fs("cannot draw on", "the terminal"))?;
        }
        Ok(begun.elapsed())
    }
}

impl Guard {
    /// Takes the terminal, at the start and after a suspension.
    pub(super) fn hold(&self) -> Result<()> {
        let failed = || Error::fs("cannot set up", "the terminal");
        enable_raw_mode().map_err(failed())?;
        self.held.store(true, Ordering::SeqCst);
        say(TAKE).map_err(failed())
    }

    /// Whether the terminal is still ours; a panic anywhere gives it back.
    pub(super) fn is_held(&self) -> bool {
        self.held.load(Ordering::SeqCst)
    }

    /// Gives the terminal back, once.
    pub(super) fn release(&self) {
        release(&self.held);
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.release();
    }
}

/// Gives the terminal back where nothing of the dashboard is at hand, such as at a second signal.
pub(super) fn restore() {
    if crossterm::terminal::is_raw_mode_enabled().unwrap_or(false) {
        let _ = say(GIVE);
        let _ = disable_raw_mode();
    }
}

/// Nobody can be told if the terminal cannot be given back.
fn release(held: &AtomicBool) {
    if !held.swap(false, Ordering::SeqCst) {
        return;
    }
    let _ = say(GIVE);
    let _ = disable_raw_mode();
}

fn say(text: &str) -> io::Result<()> {
    let mut out = io::stdout();
    out.write_all(text.as_bytes())?;
    out.flush()
}
