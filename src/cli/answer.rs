//! Answer: what a command came to, told as text or JSON.

use serde_json::Value;

use crate::cli::args::Output;
use crate::cli::bound;
use crate::cli::exit;
use crate::cli::print::{self, json};
use crate::cli::session::Session;
use crate::command::keymap::Keymap;
use crate::config::{self, Config, Remark};
use crate::error::Error;
use crate::ops::{Failure, Outcome};

/// What a command came to.
#[derive(Debug, Clone, Default)]
pub(super) struct Answer {
    /// The command, such as `status`.
    pub(super) command: &'static str,
    /// What operations came to.
    pub(super) outcome: Outcome,
    /// Entries of `data` where they are not those of the outcome.
    pub(super) data: Option<Vec<Value>>,
    /// Text of its own for standard output, before the outcome's.
    pub(super) text: String,
    /// Sentences to warn with.
    pub(super) warnings: Vec<String>,
    /// What failed for the whole call.
    pub(super) error: Option<Failure>,
    /// The exit code.
    pub(super) exit_code: u8,
}

impl Answer {
    /// The answer an outcome is, with the configuration's warnings.
    pub(super) fn of(command: &'static str, outcome: Outcome, config: &Config) -> Self {
        let mut warnings = warnings(config);
        warnings.extend(outcome.warnings.iter().cloned());
        Self { command, exit_code: exit::of_outcome(command, &outcome), outcome, warnings, ..Self::default() }
    }

    /// The answer of a command that failed as a whole.
    pub(super) fn failed(command: &'static str, error: &Error) -> Self {
        Self { command, exit_code: error.exit_code(), error: Some(Failure::from(error)), ..Self::default() }
    }

    /// The same answer, but failed as a whole.
    pub(super) fn but(mut self, error: &Error) -> Self {
        self.exit_code = error.exit_code();
        self.error = Some(Failure::from(error));
        self
    }

    /// Tells the answer and returns the exit code; a closed pipe is a silent 0.
    pub(super) fn tell(mut self, session: &Session) -> u8 {
        self.bind(session);
        if let Some(code) = session.signalled() {
            self.exit_code = code;
        }
        let result = match session.output {
            Output::Json => print::output(&self.json()),
            Output::Github | Output::Sarif if self.error.is_none() => self.annotations(session),
            Output::Table | Output::Yaml | Output::Name | Output::Github | Output::Sarif => self.table(session),
        };
        match result {
            Ok(()) => self.exit_code,
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => 0,
            Err(source) => {
                let error = Error::fs("cannot write", "standard output")(source);
                let failure = Failure::from(&error);
                print::error(&print::failure(None, &failure, session.error_look));
                error.exit_code()
            }
        }
    }

    /// Names the keys as they are bound; where the configuration cannot be read, as they are built in.
    fn bind(&mut self, session: &Session) {
        if self.outcome.entries.is_empty() && self.error.is_none() {
            return;
        }
        let config = session.places.config().and_then(config::load).unwrap_or_default();
        let Ok((keymap, _)) = Keymap::with(&config.keys) else { return };
        self.outcome.entries.iter_mut().for_each(|entry| bound::entry(entry, &keymap));
        self.error.iter_mut().for_each(|failure| bound::failure(failure, &keymap));
    }

    /// Findings in another program's form; failures go to standard error as ever.
    fn annotations(&self, session: &Session) -> std::io::Result<()> {
        let text = match session.output {
            Output::Sarif => print::annotate::sarif(&self.outcome),
            _ => print::annotate::github(&self.outcome),
        };
        print::output(&text)?;
        print::error(&print::failures(&self.outcome.entries, session.error_look));
        Ok(())
    }

    fn table(&self, session: &Session) -> std::io::Result<()> {
        for warning in &self.warnings {
            print::error(&print::warning(warning, session.error_look));
        }
        let told = self.error.is_none() || !self.outcome.entries.is_empty();
        let mut text = self.text.clone();
        if told && self.data.is_none() && self.text.is_empty() {
            text.push_str(&print::outcome(self.command, &self.outcome, session.look));
        }
        print::output(&text)?;
        print::error(&print::failures(&self.outcome.entries, session.error_look));
        if let Some(failure) = &self.error {
            print::error(&print::failure(None, failure, session.error_look));
        }
        Ok(())
    }

    fn json(&self) -> String {
        let entries = self.outcome.entries.iter();
        let data = self.data.clone();
        json::envelope(&json::Envelope {
            command: self.command,
            generated_at: now(),
            exit_code: self.exit_code,
            warnings: self.warnings.clone(),
            data: data.unwrap_or_else(|| entries.map(|e| json::entry(self.command, e)).collect()),
            error: self.error.clone(),
        })
    }
}

/// This moment in RFC 3339, to the second.
pub(super) fn now() -> String {
    let now = jiff::Timestamp::now();
    jiff::Timestamp::from_second(now.as_second()).unwrap_or(now).to_string()
}

/// The configuration's warnings, and the faults no fabric's entry would tell.
pub(super) fn warnings(config: &Config) -> Vec<String> {
    let path = config.path.as_deref();
    let told = |remark: &Remark| config.fabrics.iter().any(|f| f.fault.as_ref() == Some(remark));
    let place = path.map(|path| path.display().to_string()).unwrap_or_default();
    let untold = config.remarks.iter().filter(|remark| !told(remark));
    untold.map(|remark| sentence(&place, remark)).collect()
}

/// A remark with its place.
pub(super) fn sentence(place: &str, remark: &Remark) -> String {
    format!("{place}:{}:{}: {}", remark.line, remark.column, remark.message)
}
