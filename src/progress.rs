//! Progress, and the Reporter that carries it to whoever listens.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::error::{Error, Result};

/// One named step of an operation; the names are finite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Waiting for the repository's lock.
    Queue,
    /// Reading the repository and the directory.
    Check,
    /// Reading raw files.
    Scan,
    /// Working out what would change.
    Plan,
    /// Building objects, and the signature.
    Build,
    /// Swapping the branch.
    Commit,
    /// Bringing files and index up to date.
    Files,
    /// Connecting to the remote.
    Connect,
    /// Receiving objects.
    Receive,
    /// Moving references or the working tree forward.
    Update,
    /// Reading the remote's references before a push.
    ReadRemote,
    /// Packing objects.
    Pack,
    /// Sending objects; from here on it is too late to stop.
    Send,
    /// Waiting for the server's answer.
    Wait,
    /// Reading the remote back.
    Verify,
}

impl Phase {
    /// The phase in words, as shown.
    pub fn word(self) -> &'static str {
        match self {
            Phase::Queue => "waiting for the lock",
            Phase::Check => "checking",
            Phase::Scan => "reading raw files",
            Phase::Plan => "planning",
            Phase::Build => "building",
            Phase::Commit => "committing",
            Phase::Files => "writing files",
            Phase::Connect => "connecting",
            Phase::Receive => "receiving",
            Phase::Update => "updating",
            Phase::ReadRemote => "reading the remote",
            Phase::Pack => "packing",
            Phase::Send => "sending",
            Phase::Wait => "waiting for the server",
            Phase::Verify => "reading the remote back",
        }
    }

    /// Whether stopping is still possible without leaving the result unknown.
    pub fn can_stop(self) -> bool {
        !matches!(self, Phase::Commit | Phase::Files | Phase::Send | Phase::Wait | Phase::Verify)
    }
}

/// How far an operation has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The step under way.
    pub phase: Phase,
    /// What it concerns: a fabric's or repository's name; may be empty.
    pub subject: String,
    /// Steps done.
    pub done: u64,
    /// Steps in all, if known.
    pub total: Option<u64>,
    /// A remark, already cleaned; may be empty.
    pub note: String,
}

/// Carries progress to a listener and the wish to stop to the worker.
#[derive(Clone)]
pub struct Reporter {
    sink: Arc<dyn Fn(Progress) + Send + Sync>,
    stop: CancellationToken,
}

impl Reporter {
    /// A reporter that calls `sink` for every step.
    pub fn new(sink: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        Self { sink: Arc::new(sink), stop: CancellationToken::new() }
    }

    /// A reporter nobody listens to.
    pub fn silent() -> Self {
        Self::new(|_| ())
    }

    /// Tells that a phase began.
    pub fn phase(&self, phase: Phase, subject: &str) {
        self.tell(Progress { phase, subject: subject.to_owned(), done: 0, total: None, note: String::new() });
    }

    /// Tells a step.
    pub fn tell(&self, progress: Progress) {
        (self.sink)(progress);
    }

    /// The same for a step that must end once it began: it is told, and never asked to stop.
    #[must_use]
    pub fn to_the_end(&self) -> Self {
        Self { sink: Arc::clone(&self.sink), stop: CancellationToken::new() }
    }

    /// Asks the worker to stop as soon as that is safe.
    pub fn stop(&self) {
        self.stop.cancel();
    }

    /// The token a waiting worker selects on.
    pub fn token(&self) -> &CancellationToken {
        &self.stop
    }

    /// Returns [`Error::Stopped`] when the user asked to stop.
    pub fn check(&self) -> Result<()> {
        if self.stop.is_cancelled() { Err(Error::Stopped) } else { Ok(()) }
    }
}
