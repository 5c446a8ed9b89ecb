//! Question: what somebody has to answer before plans are carried out; one rule for both faces.

use crate::fabric::plan::ChangeKind;
use crate::ops::report::discard::DiscardResult;
use crate::ops::report::{PushOutcome, Report, WriteReport, WriteResult};
use crate::ops::{Entry, Mode, Operation};

/// What has to be typed before something is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// `y`.
    Yes,
    /// This word, for this reason.
    Typed {
        /// The fabric's name, or the number of fabrics.
        word: String,
        /// Why a `y` is not enough.
        why: String,
    },
}

/// Whether a plan has something to carry out.
pub fn is_pending(entry: &Entry) -> bool {
    match &entry.result {
        Ok(Report::Write(report)) => report.result == WriteResult::Planned,
        Ok(Report::Push(report)) => report.outcome == PushOutcome::Planned,
        Ok(Report::Discard(report)) => report.result == DiscardResult::Planned,
        _ => false,
    }
}

/// The id of a fabric's plan.
pub fn plan_id(entry: &Entry) -> Option<&str> {
    match &entry.result {
        Ok(Report::Write(report)) => report.plan.as_ref().map(|plan| plan.id.as_str()),
        Ok(Report::Push(report)) => report.plan.as_deref(),
        Ok(Report::Discard(report)) => Some(&report.plan),
        _ => None,
    }
}

/// Whether a plan id is one of the confirmed ones, which may be abbreviated to eight digits or more,
/// in capitals too.
pub fn is_expected(expect: &[String], id: &str) -> bool {
    expect.iter().any(|expected| expected.len() >= 8 && id.starts_with(&expected.to_ascii_lowercase()))
}

/// What these plans want typed: a name where one is protected or deletes, a number for several pushes.
pub fn question(entries: &[Entry]) -> Question {
    let pending: Vec<&Entry> = entries.iter().filter(|entry| is_pending(entry)).collect();
    let reason = pending.iter().find_map(|entry| reason(entry));
    match &pending[..] {
        [one] => reason.map_or(Question::Yes, |why| Question::Typed { word: one.fabric.clone(), why }),
        several if reason.is_some() || several.iter().any(|entry| matches!(entry.result, Ok(Report::Push(_)))) => {
            Question::Typed {
                word: several.len().to_string(),
                why: reason.unwrap_or_else(|| format!("{} fabrics are pushed", several.len())),
            }
        }
        _ => Question::Yes,
    }
}

fn reason(entry: &Entry) -> Option<String> {
    match &entry.result {
        Ok(Report::Write(report)) => report.frame.typed_because.clone().or_else(|| deletes(report)),
        Ok(Report::Push(report)) => report.typed_because.clone(),
        Ok(Report::Discard(report)) => report.typed_because.clone(),
        _ => None,
    }
}

fn deletes(report: &WriteReport) -> Option<String> {
    let gone = |kind, path: &str| kind == ChangeKind::Deleted && path.starts_with("managed/");
    let deletes = report.changes.iter().any(|change| gone(change.change, &change.path));
    deletes.then(|| "managed resources are deleted".to_owned())
}

/// The same operation in another mode, for these fabrics where they are given.
pub fn with_mode(operation: &Operation, fabrics: Option<Vec<String>>, wanted: Mode) -> Operation {
    let mut operation = operation.clone();
    let parts = match &mut operation {
        Operation::Init(request) => Some((&mut request.fabrics, &mut request.mode)),
        Operation::Ingest(request) => Some((&mut request.fabrics, &mut request.mode)),
        Operation::Task(request) => Some((&mut request.fabrics, &mut request.mode)),
        Operation::Push(request) => Some((&mut request.fabrics, &mut request.mode)),
        Operation::Discard(request) => Some((&mut request.fabrics, &mut request.mode)),
        _ => None,
    };
    if let Some((names, mode)) = parts {
        *names = fabrics.unwrap_or_else(|| names.clone());
        *mode = wanted;
    }
    operation
}

/// The fabrics an operation names; none may mean all.
pub fn fabrics(operation: &Operation) -> &[String] {
    match operation {
        Operation::Init(request) => &request.fabrics,
        Operation::Ingest(request) => &request.fabrics,
        Operation::Task(request) => &request.fabrics,
        Operation::Push(request) => &request.fabrics,
        Operation::Discard(request) => &request.fabrics,
        Operation::Validate(request) => &request.fabrics,
        Operation::File { fabric, .. } => std::slice::from_ref(fabric),
        Operation::Status { fabrics, .. }
        | Operation::Show { fabrics, .. }
        | Operation::Diff { fabrics, .. }
        | Operation::Log { fabrics }
        | Operation::Export { fabrics }
        | Operation::Fetch { fabrics }
        | Operation::Check { fabrics }
        | Operation::Pull { fabrics } => fabrics,
    }
}

/// Whether a writing operation plans or applies; none for one that cannot write files.
pub fn mode(operation: &Operation) -> Option<&Mode> {
    match operation {
        Operation::Init(request) => Some(&request.mode),
        Operation::Ingest(request) => Some(&request.mode),
        Operation::Task(request) => Some(&request.mode),
        Operation::Push(request) => Some(&request.mode),
        Operation::Discard(request) => Some(&request.mode),
        _ => None,
    }
}
