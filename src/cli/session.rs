//! Session: what every command shares: places, look, the wish to stop, and running an operation.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use crate::cli::args::{Global, Output};
use crate::cli::look::{Look, Surroundings};
use crate::cli::print;
use crate::config::places::Places;
use crate::config::theme::{self, Depth, Theme};
use crate::config::{self, Config};
use crate::error::{Error, Result};
use crate::history::Cache;
use crate::ops::{self, Context, Operation, Outcome};
use crate::progress::{Progress, Reporter};
use crate::signal::Signal;
use crate::text::clean_line;

/// What every command shares.
#[derive(Debug, Clone)]
pub struct Session {
    /// Where things lie.
    pub places: Places,
    /// The form of the result.
    pub output: Output,
    /// The look of standard output.
    pub look: Look,
    /// The look of standard error.
    pub error_look: Look,
    /// How many colours standard output shows.
    pub depth: Depth,
    /// Whether there is somebody to ask.
    pub can_ask: bool,
    /// Whether progress is left away.
    pub quiet: bool,
    /// Whether standard output is a terminal.
    pub is_terminal: bool,
    /// `--read-only`.
    pub read_only: bool,
    /// The folder relative paths start at.
    pub folder: PathBuf,
    /// The signals that came in.
    pub signal: Signal,
}

impl Session {
    /// The session of the global options in these surroundings.
    pub fn new(global: &Global, surroundings: &Surroundings, places: Places, signal: Signal) -> Self {
        Self {
            places,
            output: global.output,
            look: surroundings.look(global),
            error_look: surroundings.error_look(global),
            depth: surroundings.depth(global),
            can_ask: surroundings.can_ask(),
            quiet: global.quiet,
            is_terminal: surroundings.output,
            read_only: global.read_only,
            folder: std::env::current_dir().unwrap_or_default(),
            signal,
        }
    }

    /// The context of operations, with the configuration read.
    ///
    /// # Errors
    /// What [`config::load`] says.
    pub fn context(&self) -> Result<Context> {
        let config = config::load(self.places.config()?)?;
        Ok(self.context_of(config))
    }

    /// The context of operations with a given configuration.
    pub fn context_of(&self, config: Config) -> Context {
        Context {
            config: Arc::new(config),
            data_dir: self.places.data_dir.clone(),
            state_dir: self.places.state_dir.clone(),
            journal: Cache::default(),
            read_only: self.read_only,
            fixed_time: None,
        }
    }

    /// Every theme: the built-in ones and those beside the configuration.
    pub fn themes(&self) -> Vec<Theme> {
        let folder = self.places.target().ok().and_then(Path::parent);
        theme::all(folder.map(|folder| folder.join("themes")).as_deref())
    }

    /// What the dashboard calls the configuration: its file, `~` for the home.
    pub fn title(&self) -> String {
        let path = self.places.config().map(|path| path.display().to_string()).unwrap_or_default();
        let home = std::env::var("HOME").unwrap_or_default();
        match path.strip_prefix(&home) {
            Some(rest) if !home.is_empty() && rest.starts_with('/') => clean_line(&format!("~{rest}")),
            _ => clean_line(&path),
        }
    }

    /// Runs an operation with progress on standard error; a signal asks it to stop.
    ///
    /// # Errors
    /// What [`ops::run`] says.
    pub async fn run(&self, cx: &Context, name: &str, operation: Operation) -> Result<Outcome> {
        let reporter = if is_quick(&operation) { Reporter::silent() } else { self.reporter(name) };
        self.finish(&reporter, ops::run(cx, operation, &reporter)).await
    }

    /// One line a phase on standard error, none with `--quiet`.
    pub fn reporter(&self, name: &str) -> Reporter {
        let reporter = if self.quiet { Reporter::silent() } else { reporter(name) };
        reporter.attended(self.can_ask && !self.quiet)
    }

    /// Waits for work to end; a signal asks it to stop.
    pub async fn finish<T>(&self, reporter: &Reporter, work: impl Future<Output = T>) -> T {
        tokio::pin!(work);
        tokio::select! {
            outcome = &mut work => return outcome,
            () = self.interrupted() => reporter.stop(),
        }
        work.await
    }

    /// Waits until a signal asks to stop.
    pub async fn interrupted(&self) {
        self.signal.wait().await;
    }

    /// The exit code of the signal that came in, if one did.
    pub fn signalled(&self) -> Option<u8> {
        self.signal.code()
    }

    /// Refuses to write under `--read-only`.
    ///
    /// # Errors
    /// [`Error::ReadOnly`].
    pub fn check_writable(&self, what: &str) -> Result<()> {
        if self.read_only {
            return Err(Error::ReadOnly { what: what.to_owned(), why: "--read-only was given".to_owned() });
        }
        Ok(())
    }
}

/// What only reads local files is too quick to talk about.
fn is_quick(operation: &Operation) -> bool {
    matches!(
        operation,
        Operation::Status { fetch: false, .. }
            | Operation::Validate(_)
            | Operation::Show { .. }
            | Operation::Export { .. }
            | Operation::Diff { .. }
            | Operation::Log { .. }
            | Operation::File { .. }
    )
}

/// One line a phase on standard error.
fn reporter(name: &str) -> Reporter {
    let name = name.to_owned();
    let last = Mutex::new(String::new());
    Reporter::new(move |progress| {
        let line = line(&name, &progress);
        let Ok(mut last) = last.lock() else { return };
        if *last != line {
            print::error(&line);
            *last = line;
        }
    })
}

fn line(name: &str, progress: &Progress) -> String {
    let mut words = vec![name];
    if !progress.subject.is_empty() {
        words.push(&progress.subject);
    }
    format!("{}: {}\n", clean_line(&words.join(" ")), progress.words())
}

#[cfg(test)]
mod tests {
    use crate::progress::{Phase, Progress};

    #[test]
    fn a_phase_is_one_line_whatever_its_counts() {
        let progress = |done| Progress {
            phase: Phase::Send,
            subject: "dc1".to_owned(),
            done,
            total: Some(8),
            note: String::new(),
            silent: None,
        };
        assert_eq!(super::line("push", &progress(1)), "push dc1: sending\n");
        assert_eq!(super::line("push", &progress(1)), super::line("push", &progress(2)));
    }
}
