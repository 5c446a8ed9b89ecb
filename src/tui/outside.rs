//! Outside: effects that leave the picture: copying, suspending, settings kept, a bell.

use std::path::Path;

use crate::command::past;
use crate::command::request::Request;
use crate::config::ui::{self, Notify};
use crate::error::{Error, Result};
use crate::ops::Failure;
use crate::ops::login;
use crate::ops::{copy, edit};
use crate::text::clean_line;
use crate::tui::action::Action;
use crate::tui::clipboard;
use crate::tui::event::{Event, Way};
use crate::tui::mask::Mask;
use crate::tui::preferences::Preferences;
use crate::tui::terminal;
use crate::tui::{Away, Dashboard, fallen};

impl Dashboard {
    /// Gives the terminal back, waits in the background of the shell, and takes it again.
    pub(super) fn suspend(&mut self) -> Result<()> {
        self.guard.release();
        rustix::process::kill_current_process_group(rustix::process::Signal::TSTP)
            .map_err(|error| Error::fs("cannot suspend", "ourselves")(error.into()))?;
        self.guard.hold()?;
        self.screen.mouse(self.state.preferences.mouse)?;
        self.screen.clear();
        let (columns, rows) = terminal::size()?;
        self.take(Event::Resize(columns, rows))?;
        Ok(())
    }

    /// Gives the terminal to another program, and takes it again.
    pub(super) async fn hand_over(&mut self, away: Away) -> Result<()> {
        self.guard.release();
        self.options.signal.lend();
        let event = match away {
            Away::Edit(file, line) => Ok(self.edit(&file, line)),
            Away::Login(fabric) => self.login(fabric).await,
        };
        self.options.signal.restore_modes();
        self.options.signal.take_back().await;
        let event = event?;
        if !self.guard.is_whole() {
            // Nothing is drawn over the report: it stands where the other program was.
            return Err(fallen());
        }
        self.guard.hold()?;
        self.screen.mouse(self.state.preferences.mouse)?;
        self.screen.clear();
        let (columns, rows) = terminal::size()?;
        self.take(Event::Resize(columns, rows))?;
        self.take(event)?;
        Ok(())
    }

    fn edit(&self, file: &Path, line: u32) -> Event {
        let validate = self.state.keymap.key(Action::Validate);
        Event::Said(match edit::edit(file, line) {
            Ok(()) => format!("edited; {validate} validates again"),
            Err(error) => error.to_string(),
        })
    }

    /// Lets git ask, and waits until its words were read.
    async fn login(&mut self, fabric: String) -> Result<Event> {
        let asked = match login::announcement(self.jobs.context(), &fabric) {
            Ok(announcement) => {
                self.screen.send(&announcement)?;
                login::login(self.jobs.context(), &fabric, self.options.signal.wait()).await
            }
            Err(error) => Err(error),
        };
        if asked.is_ok() && self.options.signal.code().is_none() {
            self.screen.send("\nEnter goes back to the dashboard ")?;
            let enter = tokio::task::spawn_blocking(|| std::io::stdin().read_line(&mut String::new()));
            tokio::select! {
                // At the end of the input there is nobody who could read on.
                _ = enter => {}
                () = self.options.signal.wait() => {}
            }
        }
        Ok(Event::LoggedIn { fabric, asked: asked.map_err(|error| error.to_string()) })
    }

    /// Copies a text: always into the file; then to a program, or to the terminal.
    pub(super) fn copy(&mut self, what: String, text: String) -> Result<()> {
        let text = if self.state.preferences.privacy { self.mask.text(&text) } else { text };
        if let Err(error) = copy::keep(&self.state_dir, &text) {
            let way = Way::NotKept(clean_line(&error.to_string()));
            self.take(Event::Copied { what: what.clone(), way })?;
        }
        let Some(clipboard) = self.options.clipboard.clone() else {
            return self.osc52(what, &text);
        };
        let events = self.sender.clone();
        tokio::spawn(async move {
            let word = clipboard.word();
            let way = match copy::copy(&clipboard, &text).await {
                Ok(true) => Way::Program(word),
                _ => Way::Refused { by: word, text },
            };
            // Nobody listens any more once the screen is gone.
            let _ = events.send(Event::Copied { what, way });
        });
        Ok(())
    }

    /// Saves the report of an error beside the journal and says where.
    pub(super) fn save(&mut self, report: &str) -> Result<()> {
        let report = if self.state.preferences.privacy { self.mask.text(report) } else { report.to_owned() };
        let saved = copy::save(&self.state_dir, &report, &jiff::Zoned::now().strftime("%Y%m%d-%H%M%S").to_string());
        self.take(Event::Said(match saved {
            Ok(path) => format!("the report is in {}", path.display()),
            Err(error) => format!("the report could not be saved: {error}"),
        }))?;
        Ok(())
    }

    /// Sends a text to the terminal's clipboard, if it takes one so long.
    pub(super) fn osc52(&mut self, what: String, text: &str) -> Result<()> {
        let way = match clipboard::sequence(text) {
            Some(sequence) => {
                self.screen.send(&sequence)?;
                Way::Terminal
            }
            None => Way::FileOnly(clean_line(&self.state_dir.join(copy::FILE).display().to_string())),
        };
        self.take(Event::Copied { what, way })?;
        Ok(())
    }

    /// Does what the settings say and keeps the changed one.
    pub(super) fn keep(&mut self, setting: Option<(&'static str, String)>) -> Result<()> {
        self.screen.mouse(self.state.preferences.mouse)?;
        let Some((key, value)) = setting else { return Ok(()) };
        if let Err(error) = ui::keep(&self.state_dir, key, &value) {
            self.take(Event::Said(format!("the setting holds for this session only: {error}")))?;
        }
        Ok(())
    }

    /// Keeps a line that was typed.
    pub(super) fn remember(&mut self, line: &str) -> Result<()> {
        if let Err(error) = past::keep(&self.state_dir, line) {
            self.take(Event::Said(format!("the line is remembered for this session only: {error}")))?;
        }
        Ok(())
    }

    /// Reads the files a typed line names, in the background.
    pub(super) fn read(&self, request: Request) {
        let names: Vec<String> = self.state.rows.iter().map(|row| row.name.clone()).collect();
        let events = self.sender.clone();
        // Not here: a file may lie on a disk that does not answer.
        tokio::task::spawn_blocking(move || {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let read = request.read_files(&names).map(Box::new).map_err(|error| Failure::from(&error));
            // Nobody listens any more once the screen is gone.
            let _ = events.send(Event::Read(read));
        });
    }

    /// Tells the end of a long operation outside the window.
    pub(super) fn notify(&mut self, text: &str) -> Result<()> {
        match self.options.notify {
            Notify::Off => Ok(()),
            Notify::Bell => self.screen.send("\x07"),
            Notify::Osc9 => {
                let text = notice(&self.state.preferences, &mut self.mask, text);
                self.screen.send(&format!("\x1b]9;{text}\x07"))
            }
        }
    }
}

/// What is told outside the window: masked wherever the window is, or is shown to others.
fn notice(preferences: &Preferences, mask: &mut Mask, text: &str) -> String {
    let text = clean_line(text);
    if preferences.privacy || preferences.presenting { mask.text(&text) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_is_masked_as_the_window_is() {
        let text = "fetch dc1  FAILED E-NET 10.1.2.3 does not answer";
        let mut preferences = Preferences::default();
        assert_eq!(notice(&preferences, &mut Mask::default(), text), text);
        preferences.privacy = true;
        assert!(!notice(&preferences, &mut Mask::default(), text).contains("10.1.2.3"));
        (preferences.privacy, preferences.presenting) = (false, true);
        assert!(!notice(&preferences, &mut Mask::default(), text).contains("10.1.2.3"));
    }
}
