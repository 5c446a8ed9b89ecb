//! Question: what somebody has to answer before plans are carried out; one rule for both faces.

use crate::fabric::plan::ChangeKind;
use crate::ops::report::{PushOutcome, Report, WriteReport, WriteResult};
use crate::ops::task::Task;
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
        _ => false,
    }
}

/// The id of a fabric's plan.
pub fn plan_id(entry: &Entry) -> Option<&str> {
    match &entry.result {
        Ok(Report::Write(report)) => report.plan.as_ref().map(|plan| plan.id.as_str()),
        Ok(Report::Push(report)) => report.plan.as_deref(),
        _ => None,
    }
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
        _ => None,
    };
    if let Some((names, mode)) = parts {
        *names = fabrics.unwrap_or_else(|| names.clone());
        *mode = wanted;
    }
    operation
}

/// Whether a writing operation plans or applies; none for one that cannot write files.
pub fn mode(operation: &Operation) -> Option<&Mode> {
    match operation {
        Operation::Init(request) => Some(&request.mode),
        Operation::Ingest(request) => Some(&request.mode),
        Operation::Task(request) => Some(&request.mode),
        Operation::Push(request) => Some(&request.mode),
        _ => None,
    }
}

/// The command line that does the same; plan ids are abbreviated to the eight digits people see.
pub fn command_line(operation: &Operation) -> String {
    let mut words = vec!["hedgerow".to_owned(), operation.name().to_owned()];
    let mode = match operation {
        Operation::Init(request) => {
            words.extend(request.fabrics.iter().cloned());
            words.extend(flags(&[("--force", request.force), ("--keep-loose", request.keep_loose)]));
            words.extend(flags(&[("--offline", request.offline)]));
            Some(&request.mode)
        }
        Operation::Ingest(request) => {
            words.extend(request.fabrics.iter().cloned());
            words.extend(request.files.iter().map(|(name, _)| quoted(name)));
            words.extend(request.only.iter().flat_map(|file| ["--only".to_owned(), quoted(file)]));
            let taken = request.take.iter();
            words.extend(taken.flat_map(|(what, side)| ["--take".to_owned(), side.word().to_owned(), quoted(what)]));
            words.extend(flags(&[("--partial", request.partial), ("--leave-invalid", request.leave_invalid)]));
            words.extend(flags(&[("--keep-export", request.keep_export), ("--take-text", request.take_text)]));
            words.extend(flags(&[("--offline", request.offline)]));
            Some(&request.mode)
        }
        Operation::Task(request) => {
            words.extend(request.fabrics.iter().cloned());
            if let Task::Delete { resources, with_dependents, keep } = &request.task {
                words.extend(resources.iter().map(|resource| quoted(resource)));
                words.extend(flags(&[("--with-dependents", *with_dependents), ("--keep", *keep)]));
            }
            words.extend(flags(&[("--offline", request.offline)]));
            Some(&request.mode)
        }
        Operation::Push(request) => {
            words.extend(request.fabrics.iter().cloned());
            Some(&request.mode)
        }
        Operation::Validate(request) => {
            words.extend(flags(&[("--closed-world", request.closed_world)]));
            words.extend(request.fabrics.iter().chain(&request.paths).cloned());
            words.extend(request.input.as_ref().map(|_| "-".to_owned()));
            None
        }
        Operation::Status { fabrics, .. }
        | Operation::Show { fabrics, .. }
        | Operation::Export { fabrics }
        | Operation::Fetch { fabrics }
        | Operation::Pull { fabrics } => {
            words.extend(fabrics.iter().cloned());
            None
        }
    };
    words.extend(mode.into_iter().flat_map(confirmation));
    words.join(" ")
}

fn flags(flags: &[(&str, bool)]) -> Vec<String> {
    flags.iter().filter(|(_, given)| *given).map(|(flag, _)| (*flag).to_owned()).collect()
}

fn confirmation(mode: &Mode) -> Vec<String> {
    let Mode::Apply { expect } = mode else {
        return vec!["--dry-run".to_owned()];
    };
    let ids = expect.iter().map(|id| id.get(..8).unwrap_or(id).to_owned());
    ids.flat_map(|id| ["--expect-plan".to_owned(), id]).chain(["--yes".to_owned()]).collect()
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@%+=,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::{command_line, quoted};
    use crate::ops::{IngestRequest, Mode, Operation};

    #[test]
    fn an_operation_is_told_as_the_command_that_does_the_same() {
        let mode = Mode::Apply { expect: vec!["7f3a21c9".repeat(8)] };
        let request = IngestRequest {
            only: vec!["raw/it's.yaml".to_owned()],
            ..IngestRequest::all(vec!["dc1".to_owned()], mode)
        };
        let line = command_line(&Operation::Ingest(request));
        assert_eq!(line, r"hedgerow ingest dc1 --only 'raw/it'\''s.yaml' --expect-plan 7f3a21c9 --yes");
        assert_eq!(quoted(""), "''");
    }
}
