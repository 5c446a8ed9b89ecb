//! Progress, and the Reporter that carries it to whoever listens.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use crate::error::{Error, Result};

/// Where a wait is no longer than this, nobody wonders; longer ones can be given up whatever is waited for.
const LONG_SILENCE: Duration = Duration::from_mins(2);

/// How long what cannot be stopped may go on after the wish to stop.
const LAST: Duration = Duration::from_secs(18);

/// How much longer what must be known afterwards may take.
const LOOK: Duration = Duration::from_secs(6);

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
    /// How long nothing was heard, where that is worth telling.
    pub silent: Option<Duration>,
}

impl Progress {
    /// Whether stopping is possible: as the phase has it, and wherever nothing was heard for long.
    pub fn can_stop(&self) -> bool {
        self.phase.can_stop() || self.silent.is_some_and(|silent| silent >= LONG_SILENCE)
    }

    /// The step in words, with the silence.
    pub fn words(&self) -> String {
        match self.silent {
            Some(silent) => format!("{}, nothing heard for {} s", self.phase.word(), silent.as_secs()),
            None => self.phase.word().to_owned(),
        }
    }
}

/// Carries progress to a listener and the wish to stop to the worker.
#[derive(Clone)]
pub struct Reporter {
    sink: Arc<dyn Fn(Progress) + Send + Sync>,
    /// What was told last, to be told again where it goes on in silence.
    latest: Arc<Mutex<Option<Progress>>>,
    stop: CancellationToken,
    asked: Asked,
    is_attended: bool,
    is_on_screen: bool,
}

/// The wish to stop, also of what goes on to its end.
#[derive(Clone, Default)]
struct Asked {
    token: CancellationToken,
    at: Arc<OnceLock<Instant>>,
    more: Duration,
}

impl Reporter {
    /// A reporter that calls `sink` for every step.
    pub fn new(sink: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        let asked = Asked { more: LAST, ..Asked::default() };
        Self {
            sink: Arc::new(sink),
            latest: Arc::default(),
            stop: asked.token.clone(),
            asked,
            is_attended: false,
            is_on_screen: false,
        }
    }

    /// A reporter nobody listens to.
    pub fn silent() -> Self {
        Self::new(|_| ())
    }

    /// The same with somebody there who sees what is told, and can stop it.
    #[must_use]
    pub fn attended(self, is_attended: bool) -> Self {
        Self { is_attended, ..self }
    }

    /// The same while the whole terminal is drawn on: no child may ask there.
    #[must_use]
    pub fn on_screen(self) -> Self {
        Self { is_on_screen: true, ..self }
    }

    /// Whether the whole terminal is drawn on.
    pub fn is_on_screen(&self) -> bool {
        self.is_on_screen
    }

    /// Whether somebody is there who can stop it: then a silence is told, and ends nothing.
    pub fn is_attended(&self) -> bool {
        self.is_attended
    }

    /// Tells that a phase began.
    pub fn phase(&self, phase: Phase, subject: &str) {
        let note = String::new();
        self.tell(Progress { phase, subject: subject.to_owned(), done: 0, total: None, note, silent: None });
    }

    /// Tells a step.
    pub fn tell(&self, progress: Progress) {
        *self.latest.lock().unwrap_or_else(PoisonError::into_inner) = Some(progress.clone());
        (self.sink)(progress);
    }

    /// Tells that nothing was heard of the latest step for so long.
    pub fn tell_silence(&self, silent: Duration) {
        let latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(latest) = latest {
            (self.sink)(Progress { silent: Some(silent), ..latest });
        }
    }

    /// The same for a step that must end once it began: it is told, and never asked to stop.
    #[must_use]
    pub fn to_the_end(&self) -> Self {
        let asked = Asked { more: LAST + LOOK, ..self.asked.clone() };
        Self { stop: CancellationToken::new(), asked, ..self.clone() }
    }

    /// Asks the worker to stop as soon as that is safe.
    pub fn stop(&self) {
        self.asked.at.get_or_init(Instant::now);
        self.asked.token.cancel();
    }

    /// The token a waiting worker selects on.
    pub fn token(&self) -> &CancellationToken {
        &self.stop
    }

    /// Returns when what cannot be stopped has to end all the same: some time after the wish to stop.
    pub async fn given_up(&self) {
        self.asked.token.cancelled().await;
        let asked = self.asked.at.get().copied().unwrap_or_else(Instant::now);
        tokio::time::sleep_until((asked + self.asked.more).into()).await;
    }

    /// Returns [`Error::Stopped`] when the user asked to stop.
    pub fn check(&self) -> Result<()> {
        if self.stop.is_cancelled() { Err(Error::Stopped) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_cannot_be_stopped_is_given_up_some_time_after_the_wish() {
        let report = Reporter::silent();
        let last = report.to_the_end();
        assert!(tokio::time::timeout(Duration::from_hours(1), last.given_up()).await.is_err(), "nobody asked");
        report.stop();
        assert!(report.check().is_err() && last.check().is_ok());
        report.given_up().await;
        tokio::time::timeout(Duration::from_secs(30), last.given_up()).await.unwrap();
    }

    #[test]
    fn a_silence_is_told_of_the_latest_step_and_can_be_given_up_when_it_is_long() {
        let told = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&told);
        let report = Reporter::new(move |progress| heard.lock().unwrap().push(progress)).attended(true);
        report.phase(Phase::Wait, "netops");
        report.tell_silence(Duration::from_secs(20));
        report.tell_silence(Duration::from_mins(2));
        let told = told.lock().unwrap();
        assert_eq!(told[1].words(), "waiting for the server, nothing heard for 20 s");
        let can_stop: Vec<bool> = told.iter().map(Progress::can_stop).collect();
        assert_eq!((can_stop, report.is_attended()), (vec![false, false, true], true));
    }
}
