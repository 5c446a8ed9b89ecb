//! Record: what became of an operation, for the journal.

use crate::history::{self, Fault, Record};
use crate::ops::report::{PushOutcome, RemoteOutcome, Report, WriteResult};
use crate::ops::{Context, Entry, alive, time_text};

/// Writes one line a fabric into the journal; returns what could not be written.
pub(crate) fn record<'a>(cx: &Context, operation: &str, entries: impl Iterator<Item = &'a Entry>) -> Vec<String> {
    let at = now(cx);
    entries.filter_map(|entry| history::record(&cx.state_dir, &line(operation, &at, entry))).collect()
}

/// The operation's name on record of a remote that was asked by the clock.
pub(crate) const CHECK: &str = "check";

/// Writes down only what a timed check has news of: a remote that cannot be reached any more, or
/// another reason, or one that can be reached again.
pub(crate) fn news<'a>(cx: &Context, entries: impl Iterator<Item = &'a Entry>) -> Vec<String> {
    let known = history::read(&cx.state_dir);
    let is_news = |entry: &&Entry| match (known.last_error(&entry.fabric), entry.failure()) {
        (Some(last), _) if !last.is_of_reading() => false,
        (_, Some(failure)) if !history::is_of_reach(&failure.code) => false,
        (before, Some(failure)) => before.is_none_or(|last| last.code != failure.code),
        (before, None) => before.is_some(),
    };
    let entries: Vec<&Entry> = entries.filter(is_news).collect();
    record(cx, CHECK, entries.into_iter())
}

/// The time for the record.
pub(crate) fn now(cx: &Context) -> String {
    cx.fixed_time.map_or_else(|| jiff::Timestamp::now().to_string(), time_text)
}

fn line(operation: &str, at: &str, entry: &Entry) -> Record {
    let failure = entry.failure().map(|failure| Fault {
        code: failure.code.clone(),
        message: failure.message.clone(),
        remedy: failure.remedy.clone(),
        detail: failure.detail.clone(),
        state: failure.done.clone(),
    });
    let (result, commit) = entry.result.as_ref().map_or(("failed", None), outcome);
    // A push that failed ends the one this process had under way, and no other.
    let process = matches!((operation, result), ("push", "failed" | "rejected")).then(std::process::id);
    let started = process.and_then(alive::started);
    Record {
        at: at.to_owned(),
        operation: operation.to_owned(),
        fabric: entry.fabric.clone(),
        result: result.to_owned(),
        commit,
        failure,
        process,
        started,
    }
}

fn outcome(report: &Report) -> (&'static str, Option<String>) {
    match report {
        Report::Status(_)
        | Report::Validate(_)
        | Report::Show(_)
        | Report::Export(_)
        | Report::Diff(_)
        | Report::Log(_)
        | Report::File(_) => ("read", None),
        Report::Write(write) => {
            let result = match write.result {
                WriteResult::Planned => "planned",
                WriteResult::Committed => "committed",
                WriteResult::NoChange => "no_change",
                WriteResult::Refused => "refused",
            };
            (result, write.commit.clone())
        }
        Report::Push(push) => {
            let result = match push.outcome {
                PushOutcome::Planned => "planned",
                PushOutcome::Verified => "verified",
                PushOutcome::NoChange => "no_change",
                PushOutcome::Rejected => "rejected",
                PushOutcome::Uncertain => history::UNCERTAIN,
            };
            (result, push.after.clone())
        }
        Report::Remote(remote) => {
            let result = match remote.outcome {
                RemoteOutcome::Updated => "updated",
                RemoteOutcome::NoChange => "no_change",
            };
            (result, remote.after.clone())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use super::{CHECK, news, record};
    use crate::config::Config;
    use crate::error::Error;
    use crate::history;
    use crate::ops::report::{RemoteOutcome, RemoteReport, Report};
    use crate::ops::{Context, Entry, Failure};

    fn context(folder: &Path) -> Context {
        Context {
            config: Arc::new(Config::default()),
            data_dir: folder.join("data"),
            state_dir: folder.join("state"),
            read_only: false,
            fixed_time: None,
        }
    }

    fn entry(failure: Option<&Error>) -> Entry {
        let report = RemoteReport {
            outcome: RemoteOutcome::NoChange,
            branch: "main".to_owned(),
            before: None,
            after: None,
            head: None,
            checked_at: None,
            settled: None,
        };
        let result = failure.map_or(Ok(Report::Remote(report)), |error| Err(Failure::from(error)));
        Entry { fabric: "dc1".to_owned(), result }
    }

    #[test]
    fn a_refused_push_outlives_every_check_and_no_check_repeats_itself() {
        let folder = tempfile::tempdir().unwrap();
        let cx = context(folder.path());
        let lines = || std::fs::read_to_string(history::journal(&cx.state_dir)).unwrap().lines().count();
        let check = |failure: Option<&Error>| news(&cx, [entry(failure)].iter());
        let denied = Error::AuthDenied { remote: "r".to_owned(), detail: String::new() };
        record(&cx, "push", [entry(Some(&denied))].iter());
        for failure in [None, Some(&denied), None] {
            assert!(check(failure).is_empty());
            assert_eq!(lines(), 1);
        }
        let last = history::last_error(&cx.state_dir, "dc1").unwrap();
        assert_eq!((last.operation.as_str(), last.code.as_str()), ("push", "E-AUTH-DENIED"));
        record(&cx, "push", [entry(None)].iter());
        for (failure, wanted) in [(Some(&denied), 3), (Some(&denied), 3), (None, 4), (None, 4)] {
            assert!(check(failure).is_empty());
            assert_eq!(lines(), wanted);
        }
        assert_eq!(history::last_operation(&cx.state_dir, "dc1").unwrap().operation, "push");
        assert!(history::last_error(&cx.state_dir, "dc1").is_none() && CHECK == "check");
    }
}
