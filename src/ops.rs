//! Operation, Outcome, Context, and run: the one door.

pub mod access;
pub mod add;
mod alive;
mod branch;
mod checks;
pub mod copy;
pub mod cut_off;
mod discard;
pub mod discover;
pub mod edit;
pub mod joint;
mod known;
pub mod login;
pub mod look;
pub mod maintenance;
mod planning;
mod published;
mod push;
pub mod question;
mod record;
mod recovery;
mod remote;
pub mod report;
mod request;
mod select;
pub mod settle;
pub mod setup;
pub(crate) mod show;
mod status;
pub mod task;
mod unread;
pub mod validate;
mod write;

use std::path::PathBuf;
use std::sync::Arc;

use crate::config::Config;
use crate::error::{Error, Result, WriteEffect};
use crate::history;
use crate::ops::look::Against;
use crate::ops::planning::Work;
use crate::ops::remote::Reach;
use crate::ops::report::Report;
pub use crate::ops::request::{DiscardRequest, IngestRequest, InitRequest, Mode, PushRequest};
use crate::ops::select::Chosen;
use crate::ops::show::Want;
use crate::ops::task::TaskRequest;
use crate::ops::validate::ValidateRequest;
use crate::ops::write::How;
use crate::progress::Reporter;

/// What the program was asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operation {
    /// Tell the true state of fabrics.
    Status {
        /// The fabrics by name; empty means all.
        fabrics: Vec<String>,
        /// Whether to ask the remote first.
        fetch: bool,
    },
    /// Check directories, raw and managed.
    Validate(Box<ValidateRequest>),
    /// List and print managed resources.
    Show {
        /// The fabrics by name; empty means all.
        fabrics: Vec<String>,
        /// Which resources: `KIND`, `KIND/NAME`; empty means all.
        resources: Vec<String>,
    },
    /// Write all managed resources as one text.
    Export {
        /// The fabrics by name; empty means all.
        fabrics: Vec<String>,
    },
    /// Tell what differs.
    Diff {
        /// The fabrics by name.
        fabrics: Vec<String>,
        /// From what.
        against: Against,
    },
    /// Tell commits and operations, newest first.
    Log {
        /// The fabrics by name; empty means all.
        fabrics: Vec<String>,
    },
    /// Read one file as it stands.
    File {
        /// The fabric.
        fabric: String,
        /// The file, relative to the GitOps directory.
        path: String,
    },
    /// Create or repair the layout.
    Init(InitRequest),
    /// File raw documents under `managed/`.
    Ingest(IngestRequest),
    /// Change managed resources: adopt hand edits, delete, rename, migrate, heal.
    Task(TaskRequest),
    /// Send the branch, fast-forward only, and read it back.
    Push(PushRequest),
    /// Take our own unpublished commits at the tip back.
    Discard(DiscardRequest),
    /// Read the remote into the tracking branch.
    Fetch {
        /// The fabrics by name; empty means all.
        fabrics: Vec<String>,
    },
    /// Ask the remote for its tip, and read it only where that is another one.
    Check {
        /// The fabrics by name; empty means all.
        fabrics: Vec<String>,
    },
    /// Bring the branch forward, fast-forward only.
    Pull {
        /// The fabrics by name; empty means all.
        fabrics: Vec<String>,
    },
}

/// What an operation came to: one entry a fabric, in the order asked.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// One entry a fabric.
    pub entries: Vec<Entry>,
    /// What went wrong beside the fabrics, such as a journal that cannot be written.
    pub warnings: Vec<String>,
}

/// One fabric's part of an outcome.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The fabric's name; empty for files of no fabric.
    pub fabric: String,
    /// The report, or why there is none.
    pub result: std::result::Result<Report, Failure>,
}

/// A failure as it is shown, told and recorded: the same words everywhere, already cleaned.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Failure {
    /// The stable code.
    pub code: String,
    /// What happened, one sentence.
    pub message: String,
    /// What to do, most useful first.
    pub remedy: Vec<String>,
    /// The full text of the tool behind it; may be empty.
    pub detail: String,
    /// What had been done when it failed.
    pub effect: WriteEffect,
    /// The same in one sentence of its own; none where the effect says everything.
    pub done: Option<String>,
    /// The exit code.
    #[serde(skip)]
    pub exit_code: u8,
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        let effect = error.effect();
        let mut message = crate::text::clean_line(&error.to_string());
        if matches!(error, Error::Stopped) {
            message.extend(["; ", effect.sentence().as_str()]);
        }
        Self {
            code: error.code().to_owned(),
            message,
            remedy: error.hint(),
            detail: crate::text::quote(error.detail()),
            effect,
            done: None,
            exit_code: error.exit_code(),
        }
    }
}

impl Failure {
    /// What is safe now, one sentence.
    pub fn state(&self) -> String {
        self.done.clone().unwrap_or_else(|| self.effect.sentence())
    }

    /// The same failure as part of something that got further: what is done by now, in one sentence.
    pub(crate) fn partly(&mut self, effect: WriteEffect, done: String) {
        if self.code == "E-STOPPED" {
            "stopped".clone_into(&mut self.message);
        }
        (self.effect, self.done) = (effect, Some(done));
    }
}

/// Everything an operation needs besides its request.
#[derive(Debug, Clone)]
pub struct Context {
    /// The configuration.
    pub config: Arc<Config>,
    /// Where clones of ours lie.
    pub data_dir: PathBuf,
    /// Where the journal and last errors lie.
    pub state_dir: PathBuf,
    /// The journal as it was last read.
    pub journal: history::Cache,
    /// `--read-only`.
    pub read_only: bool,
    /// Seconds since the epoch for commits and records, where a test fixes the clock.
    pub fixed_time: Option<i64>,
}

/// One fabric's result while an operation runs, with its place in the order asked.
#[derive(Debug)]
pub(crate) struct Done {
    at: usize,
    entry: Entry,
    /// What is told besides, such as that an earlier run was finished.
    remarks: Vec<String>,
}

impl Done {
    /// A fabric that has a report.
    pub(crate) fn reported(chosen: &Chosen, report: Report) -> Self {
        Self::of(chosen.at, chosen.settings.name.clone(), Ok(report))
    }

    /// A report of no fabric at all.
    pub(crate) fn whole(report: Report) -> Self {
        Self::of(0, String::new(), Ok(report))
    }

    /// A fabric that failed.
    pub(crate) fn failed(chosen: &Chosen, error: &Error) -> Self {
        Self::failed_as(chosen, Failure::from(error))
    }

    /// A fabric that failed, with what its failure left done.
    pub(crate) fn failed_as(chosen: &Chosen, failure: Failure) -> Self {
        Self::of(chosen.at, chosen.settings.name.clone(), Err(failure))
    }

    /// The same with something told besides.
    #[must_use]
    pub(crate) fn remarked(mut self, remarks: &[String]) -> Self {
        self.remarks.extend_from_slice(remarks);
        self
    }

    fn of(at: usize, fabric: String, result: std::result::Result<Report, Failure>) -> Self {
        Self { at, entry: Entry { fabric, result }, remarks: Vec::new() }
    }
}

impl Entry {
    /// Why the fabric's part did not succeed, if it did not.
    pub fn failure(&self) -> Option<&Failure> {
        match &self.result {
            Err(failure) => Some(failure),
            Ok(Report::Push(push)) => push.failure.as_ref(),
            Ok(_) => None,
        }
    }
}

impl Context {
    /// What the journal says.
    pub(crate) fn history(&self) -> Arc<history::History> {
        self.journal.read(&self.state_dir)
    }
}

impl Operation {
    /// The operation's name, as on the command line.
    pub fn name(&self) -> &'static str {
        match self {
            Operation::Status { .. } => "status",
            Operation::Validate(_) => "validate",
            Operation::Show { .. } => "show",
            Operation::Export { .. } => "export",
            Operation::Diff { .. } => "diff",
            Operation::Log { .. } => "log",
            Operation::File { .. } => "file",
            Operation::Init(_) => "init",
            Operation::Ingest(_) => "ingest",
            Operation::Task(request) => request.task.name(),
            Operation::Push(_) => "push",
            Operation::Discard(_) => "discard",
            Operation::Fetch { .. } => "fetch",
            Operation::Check { .. } => record::CHECK,
            Operation::Pull { .. } => "pull",
        }
    }

    /// Whether what became of it belongs on record: it is no reading and no dry run.
    fn is_recorded(&self) -> bool {
        match self {
            Operation::Status { .. }
            | Operation::Check { .. }
            | Operation::Validate(_)
            | Operation::Show { .. }
            | Operation::Export { .. }
            | Operation::Diff { .. }
            | Operation::Log { .. }
            | Operation::File { .. } => false,
            Operation::Init(InitRequest { mode, .. })
            | Operation::Ingest(IngestRequest { mode, .. })
            | Operation::Task(TaskRequest { mode, .. })
            | Operation::Discard(DiscardRequest { mode, .. })
            | Operation::Push(PushRequest { mode, .. }) => matches!(mode, Mode::Apply { .. }),
            Operation::Fetch { .. } | Operation::Pull { .. } => true,
        }
    }
}

/// Carries out an operation and records it; writers hold the repository's lock meanwhile.
///
/// # Errors
/// Only what concerns the whole call (a fabric that is not configured); what fails for one fabric
/// is that fabric's entry.
pub async fn run(cx: &Context, operation: Operation, report: &Reporter) -> Result<Outcome> {
    let mut warnings = recovery::before(cx, &operation, report).await;
    let mut done = match &operation {
        Operation::Status { fabrics, fetch } => {
            if *fetch {
                let fetched = remote::remote(cx, fabrics, Reach::Fetch, report).await?;
                warnings.extend(record::record(cx, "fetch", fetched.iter().map(|done| &done.entry)));
            }
            status::status(cx, fabrics, report).await?
        }
        Operation::Validate(request) => validate::validate(cx, request, report).await?,
        Operation::Show { fabrics, resources } => {
            show::show(cx, fabrics, Want::Resources(resources.clone()), report).await?
        }
        Operation::Export { fabrics } => show::show(cx, fabrics, Want::Export, report).await?,
        Operation::Diff { fabrics, against } => {
            look::look(cx, fabrics, look::Want::Diff(against.clone()), report).await?
        }
        Operation::Log { fabrics } => look::look(cx, fabrics, look::Want::Log, report).await?,
        Operation::File { fabric, path } => {
            look::look(cx, std::slice::from_ref(fabric), look::Want::File(path.clone()), report).await?
        }
        Operation::Init(request) => write::write(cx, Work::init(request), How::init(request), report).await?,
        Operation::Ingest(request) => write::write(cx, Work::ingest(request)?, How::ingest(request), report).await?,
        Operation::Task(request) => {
            write::write(cx, Work::Task(request.task.clone()), How::task(request), report).await?
        }
        Operation::Push(request) => push::push(cx, request, report).await?,
        Operation::Discard(request) => discard::discard(cx, request, report).await?,
        Operation::Fetch { fabrics } => remote::remote(cx, fabrics, Reach::Fetch, report).await?,
        Operation::Check { fabrics } => remote::check(cx, fabrics, report).await?,
        Operation::Pull { fabrics } => remote::remote(cx, fabrics, Reach::Pull, report).await?,
    };
    done.sort_by_key(|done| done.at);
    if operation.is_recorded() {
        warnings.extend(record::record(cx, operation.name(), done.iter().map(|done| &done.entry)));
    }
    warnings.extend(done.iter().flat_map(|done| done.remarks.iter().cloned()));
    warnings.dedup();
    Ok(Outcome { entries: done.into_iter().map(|done| done.entry).collect(), warnings })
}

/// Seconds since the epoch as RFC 3339 in UTC.
pub(crate) fn time_text(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).map_or_else(|_| seconds.to_string(), |time| time.to_string())
}
