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
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use tokio_util::sync::CancellationToken;

use crate::error::{Error, Result};
use crate::tui::options::Abilities;
use crate::tui::painter::Painter;
use crate::tui::record::Recorder;

/// The other screen, bracketed paste, no cursor.
const TAKE: &str = "\x1b[?1049h\x1b[?2004h\x1b[?25l";
/// Everything that may be on, off; the cursor, the first screen and its title as they were.
const GIVE: &str = "\x1b[?2026l\x1b[?1000l\x1b[?1006l\x1b[?2004l\x1b[m\x1b[r\x1b[?1049l\x1b[?25h";
/// Keeps the window's title, and gives it back.
const KEEP_TITLE: &str = "\x1b[22;0t";
const GIVE_TITLE: &str = "\x1b[23;0t";
/// Clicks and the wheel, in the form that has no limit of columns.
const MOUSE_ON: &str = "\x1b[?1000h\x1b[?1006h";
const MOUSE_OFF: &str = "\x1b[?1000l\x1b[?1006l";

/// What the screen is drawn on.
pub(super) struct Screen {
    // Only its buffer is used: what it holds is painted by us, in one `write` a frame.
    canvas: Terminal<TestBackend>,
    painter: Painter,
    out: Box<dyn Write + Send>,
    title: String,
    recorder: Option<Recorder>,
    lost: Option<Error>,
}

/// Holds the terminal; dropping it gives the terminal back.
pub(super) struct Guard {
    held: Arc<Held>,
}

/// What was taken of the terminal, and whether its title is ours to give.
#[derive(Default)]
struct Held {
    terminal: AtomicBool,
    title: AtomicBool,
    panicked: CancellationToken,
}

/// Takes the terminal; a panic gives it back before it is reported.
pub(super) fn take(abilities: Abilities, recorder: Option<Recorder>) -> Result<(Guard, Screen)> {
    let out = io::stdout().as_fd().try_clone_to_owned().map_err(Error::fs("cannot open", "the terminal"))?;
    let guard = Guard { held: Arc::default() };
    guard.held.title.store(abilities.has_title, Ordering::SeqCst);
    guard.hold()?;
    let held = Arc::clone(&guard.held);
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        release(&held);
        before(panic);
        held.panicked.cancel();
    }));
    let screen = Screen {
        canvas: canvas(size()?),
        painter: Painter::new(abilities.synchronizes),
        out: Box::new(File::from(out)),
        title: String::new(),
        recorder,
        lost: None,
    };
    Ok((guard, screen))
}

/// The terminal's columns and rows.
pub(super) fn size() -> Result<(u16, u16)> {
    crossterm::terminal::size().map_err(Error::fs("cannot measure", "the terminal"))
}

/// Whether the other end of the terminal was closed.
pub(super) fn is_gone() -> bool {
    let out = io::stdout();
    let mut asked = [PollFd::new(&out, PollFlags::empty())];
    let now = Timespec { tv_sec: 0, tv_nsec: 0 };
    poll(&mut asked, Some(&now)).is_ok_and(|count| count > 0) && asked[0].revents().contains(PollFlags::HUP)
}

/// Whether a failure says that there is no terminal any more.
pub(super) fn is_lost(error: &Error) -> bool {
    let gone = [rustix::io::Errno::IO, rustix::io::Errno::PIPE].map(|errno| Some(errno.raw_os_error()));
    matches!(error, Error::Fs { source, .. } if gone.contains(&source.raw_os_error()))
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
        self.title.clear();
    }

    /// Draws a frame in one `write`, the window's title with it where there is one; the answer is how
    /// long the terminal took to take it.
    pub(super) fn draw(&mut self, title: Option<String>, view: impl FnOnce(&mut Frame)) -> Result<Duration> {
        self.canvas.current_buffer_mut().reset();
        view(&mut self.canvas.get_frame());
        let mut bytes = self.painter.paint(self.canvas.current_buffer_mut()).to_vec();
        self.record(&bytes);
        if let Some(title) = title.filter(|title| *title != self.title) {
            bytes.extend_from_slice(format!("\x1b]2;{title}\x07").as_bytes());
            self.title = title;
        }
        let begun = Instant::now();
        if !bytes.is_empty() {
            self.out.write_all(&bytes).map_err(Error::fs("cannot draw on", "the terminal"))?;
        }
        Ok(begun.elapsed())
    }

    /// Keeps a frame; a file that takes no more ends the recording, not the session.
    fn record(&mut self, bytes: &[u8]) {
        let area = self.canvas.current_buffer_mut().area;
        let kept = match &self.recorder {
            Some(recorder) if !bytes.is_empty() => recorder.frame((area.width, area.height), bytes),
            _ => Ok(()),
        };
        if let Err(error) = kept {
            (self.recorder, self.lost) = (None, Some(error));
        }
    }

    /// Why the recording ended, told once.
    pub(super) fn lost_recording(&mut self) -> Option<Error> {
        self.lost.take()
    }

    /// Sends something that is no part of the picture.
    pub(super) fn send(&mut self, text: &str) -> Result<()> {
        self.out.write_all(text.as_bytes()).map_err(Error::fs("cannot write to", "the terminal"))
    }

    /// Listens to the mouse, or no longer.
    pub(super) fn mouse(&mut self, is_on: bool) -> Result<()> {
        self.send(if is_on { MOUSE_ON } else { MOUSE_OFF })
    }
}

impl Guard {
    /// Takes the terminal, at the start and after a suspension.
    pub(super) fn hold(&self) -> Result<()> {
        let failed = || Error::fs("cannot set up", "the terminal");
        enable_raw_mode().map_err(failed())?;
        self.held.terminal.store(true, Ordering::SeqCst);
        let title = if self.held.title.load(Ordering::SeqCst) { KEEP_TITLE } else { "" };
        say(&format!("{TAKE}{title}")).map_err(failed())
    }

    /// Whether the terminal is still ours; a panic anywhere gives it back, one while another program
    /// had it too.
    pub(super) fn is_held(&self) -> bool {
        self.held.terminal.load(Ordering::SeqCst) && self.is_whole()
    }

    /// Whether nothing has panicked.
    pub(super) fn is_whole(&self) -> bool {
        !self.held.panicked.is_cancelled()
    }

    /// Waits for a panic anywhere whose report has been written.
    pub(super) async fn panicked(&self) {
        self.held.panicked.cancelled().await;
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
pub(super) fn restore(is_lent: bool) {
    if is_lent {
        // Whatever the other program left on; its title was given back to it.
        let _ = say(GIVE);
    }
    if crossterm::terminal::is_raw_mode_enabled().unwrap_or(false) {
        let _ = say(&format!("{GIVE}{GIVE_TITLE}"));
        let _ = disable_raw_mode();
    }
}

/// Nobody can be told if the terminal cannot be given back.
fn release(held: &Held) {
    if !held.terminal.swap(false, Ordering::SeqCst) {
        return;
    }
    let title = if held.title.load(Ordering::SeqCst) { GIVE_TITLE } else { "" };
    let _ = say(&format!("{GIVE}{title}"));
    let _ = disable_raw_mode();
}

fn say(text: &str) -> io::Result<()> {
    let mut out = io::stdout();
    out.write_all(text.as_bytes())?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    /// What was written, one entry a `write`.
    #[derive(Clone, Default)]
    struct Counted(Arc<Mutex<Vec<usize>>>);

    impl Write for Counted {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().push(bytes.len());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_frame_is_one_write_and_nothing_new_is_none() {
        let counted = Counted::default();
        let out = Box::new(counted.clone());
        let mut screen = Screen {
            canvas: canvas((80, 24)),
            painter: Painter::new(true),
            out,
            title: String::new(),
            recorder: None,
            lost: None,
        };
        let lines = |text: &str| vec![ratatui::text::Line::from(text.repeat(79)); 24];
        for text in ["a", "a", "b", "b", "b", "═"] {
            let text = ratatui::widgets::Paragraph::new(lines(text));
            screen.draw(Some("hedgerow".to_owned()), |frame| frame.render_widget(text, frame.area())).unwrap();
        }
        assert_eq!(counted.0.lock().unwrap().len(), 3);
    }
}
