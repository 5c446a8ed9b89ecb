//! Record: what became of an operation, for the journal.

use crate::error::WriteEffect;
use crate::fabric::plan::digest;
use crate::git::Location;
use crate::history::{self, Fault, Record};
use crate::ops::report::discard::DiscardResult;
use crate::ops::report::{PushOutcome, RemoteOutcome, Report, WriteResult};
use crate::ops::{Context, Entry, Failure, alive, time_text};

/// Writes one line a fabric into the journal; returns what could not be written. What was refused
/// because writing is off was not tried, and stays out.
pub(crate) fn record<'a>(cx: &Context, operation: &str, entries: impl Iterator<Item = &'a Entry>) -> Vec<String> {
    let at = now(cx);
    let tried = entries.filter(|entry| entry.failure().is_none_or(|failure| failure.code != "E-READ-ONLY"));
    let line = |entry: &Entry| Record { key: key_of(cx, &entry.fabric), ..line(operation, &at, entry) };
    tried.filter_map(|entry| history::record(&cx.state_dir, &line(entry))).collect()
}

/// What tells this fabric's records from those of others that have its name: the remote, branch and directory.
pub(crate) fn key(location: &Location, directory: &str) -> String {
    digest(format!("{}\n{directory}", location.remote_key()).as_bytes()).chars().take(16).collect()
}

/// The same of a configured fabric; none where it is none or its repository is not configured.
pub(crate) fn key_of(cx: &Context, fabric: &str) -> Option<String> {
    let settings = cx.config.fabric(fabric).ok()?;
    let repository = cx.config.repository(&settings.repository)?;
    Some(key(&Location::new(repository, &cx.data_dir), &settings.directory))
}

/// The operation's name on record of a remote that was asked by the clock.
pub(crate) const CHECK: &str = "check";

/// Writes down only what a timed check has news of: a remote that cannot be reached any more, or
/// another reason, or one that can be reached again.
pub(crate) fn news<'a>(cx: &Context, entries: impl Iterator<Item = &'a Entry>) -> Vec<String> {
    let known = cx.history();
    let last_error = |entry: &Entry| known.last_error(&entry.fabric, &key_of(cx, &entry.fabric).unwrap_or_default());
    let is_news = |entry: &&Entry| match (last_error(entry), entry.failure()) {
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
    cx.fixed_time.map_or_else(|| time_text(jiff::Timestamp::now().as_second()), time_text)
}

fn line(operation: &str, at: &str, entry: &Entry) -> Record {
    let failure = entry.failure().map(|failure| Fault {
        code: failure.code.clone(),
        message: failure.message.clone(),
        remedy: failure.remedy.clone(),
        detail: failure.detail.clone(),
        state: (failure.effect != WriteEffect::Nothing || failure.done.is_some()).then(|| failure.state()),
    });
    let (result, commit) = match &entry.result {
        Ok(report) => outcome(report),
        Err(Failure { effect: WriteEffect::Partial { commit, .. }, .. }) => ("failed", commit.clone()),
        Err(_) => ("failed", None),
    };
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
        key: None,
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
        Report::Discard(discard) => {
            let result = match discard.result {
                DiscardResult::Planned => "planned",
                DiscardResult::Discarded => "discarded",
            };
            (result, Some(discard.after.clone()))
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
    use crate::history::{self, Cache};
    use crate::ops::report::{RemoteOutcome, RemoteReport, Report};
    use crate::ops::{Context, Entry, Failure};

    fn context(folder: &Path) -> Context {
        Context {
            config: Arc::new(Config::default()),
            data_dir: folder.join("data"),
            state_dir: folder.join("state"),
            journal: Cache::default(),
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
        let off = Error::ReadOnly { what: "fetch".to_owned(), why: "--read-only".to_owned() };
        record(&cx, "push", [entry(Some(&denied))].iter());
        for failure in [None, Some(&denied), None] {
            assert!(check(failure).is_empty());
            assert_eq!(lines(), 1);
        }
        assert!(record(&cx, "fetch", [entry(Some(&off))].iter()).is_empty());
        assert_eq!(lines(), 1, "what was not tried is not on record");
        let known = cx.history();
        let last = known.last_error("dc1", "").unwrap();
        assert_eq!((last.operation.as_str(), last.code.as_str()), ("push", "E-AUTH-DENIED"));
        record(&cx, "push", [entry(None)].iter());
        for (failure, wanted) in [(Some(&denied), 3), (Some(&denied), 3), (None, 4), (None, 4)] {
            assert!(check(failure).is_empty());
            assert_eq!(lines(), wanted);
        }
        let known = cx.history();
        assert_eq!(known.last_operation("dc1", "").unwrap().operation, "push");
        assert!(known.last_error("dc1", "").is_none() && CHECK == "check");
    }
}
