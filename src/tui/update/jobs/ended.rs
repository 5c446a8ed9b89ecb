//! What operations came to: the dialog of a plan, the outcome line, the failure of a row.

use crate::fabric::finding::{Finding, Severity};
use crate::fabric::message::count;
use crate::ops::question::{is_pending, with_mode};
use crate::ops::report::{PushOutcome, RemoteOutcome, Report, StatusReport, ValidateReport, WriteReport, WriteResult};
use crate::ops::{Entry, Failure, Mode, Operation, Outcome};
use crate::tui::dialog::Dialog;
use crate::tui::event::Effect;
use crate::tui::refresh::asks;
use crate::tui::state::{JobId, Purpose, Screen, Stage, State, Tally};
use crate::tui::update::jobs::{bulk, ended_before, next_in_queue, note};
use crate::tui::update::{confirm, keys, look, open, read_status};

/// The end of an operation that took so many milliseconds is told outside the window, too.
const LONG: u64 = 10_000;

/// Takes what an operation came to.
pub(in crate::tui::update) fn finished(state: &mut State, id: JobId, outcome: Result<Outcome, Failure>) -> Vec<Effect> {
    let Some(at) = state.jobs.iter().position(|job| job.id == id) else {
        return Vec::new();
    };
    let mut besides = Vec::new();
    let entries = match outcome {
        Ok(outcome) => {
            besides = outcome.warnings;
            outcome.entries
        }
        Err(failure) => {
            let failed = |fabric: &String| Entry { fabric: fabric.clone(), result: Err(failure.clone()) };
            state.jobs[at].fabrics.iter().map(failed).collect()
        }
    };
    let is_long = state.jobs[at].purpose == Purpose::Act && state.now.ms >= state.jobs[at].started + LONG;
    let is_asked = state.jobs[at].purpose == Purpose::Act && !crate::tui::refresh::is_check(&state.jobs[at].operation);
    let operation = state.jobs[at].operation.clone();
    let mut effects = match state.jobs[at].purpose {
        Purpose::Status if look::is_look(&operation) => {
            state.jobs.remove(at);
            look::take(state, &operation, entries);
            Vec::new()
        }
        Purpose::Status => {
            state.jobs.remove(at);
            take_status(state, entries);
            Vec::new()
        }
        Purpose::Plan => planned(state, at, entries),
        Purpose::Act => acted(state, at, &entries),
    };
    tell_besides(state, &besides, is_asked);
    effects.extend(is_long.then(|| Effect::Notify(state.said.clone())));
    effects.extend(next_in_queue(state));
    if state.leaving && !state.is_busy() {
        effects.push(Effect::Quit);
    }
    effects
}

/// Tells what was found besides, such as that an earlier run was finished; each is listed as an operation.
fn tell_besides(state: &mut State, besides: &[String], is_asked: bool) {
    // What stays as it is, such as what may not be finished, is told by every reading.
    let is_new = |sentence: &&String| !state.jobs.iter().any(|job| job.result == **sentence);
    let besides: Vec<&String> = besides.iter().filter(is_new).collect();
    let Some(first) = besides.first() else { return };
    // What was asked for stands first.
    let said = if is_asked { format!("{}; {first}", state.said) } else { (*first).clone() };
    for sentence in besides {
        ended_before(state, Operation::Check { fabrics: Vec::new() }, Stage::Done, "", sentence);
    }
    state.say(said);
}

fn take_status(state: &mut State, entries: Vec<Entry>) {
    for entry in entries {
        if let Some(row) = state.rows.iter_mut().find(|row| row.name == entry.fabric) {
            if state.looked.fabric == row.name {
                state.looked.grow_old();
            }
            row.status = Some(read(entry));
        }
    }
    state.list.is_old = true;
}

fn read(entry: Entry) -> Result<StatusReport, Failure> {
    match entry.result {
        Ok(Report::Status(status)) => Ok(*status),
        Ok(_) => Err(Failure::from(&crate::error::Error::Internal("no status was told".to_owned()))),
        Err(failure) => Err(failure),
    }
}

fn end(state: &mut State, at: usize, stage: Stage, result: &str) {
    let clock = state.now.clock.clone();
    // What to do next stands last, and names the key.
    let result = match result.rsplit_once("; ") {
        Some((what, next)) => format!("{what}; {}", state.keymap.fill(next)),
        None => result.to_owned(),
    };
    let job = &mut state.jobs[at];
    job.stage = stage;
    job.ended.clone_from(&clock);
    job.result = crate::text::clean_line(&result);
    let result = job.result.clone();
    note(job, &clock, &result);
    let said = format!("{} {}  {result}", job.operation.name(), job.fabric);
    state.say(said);
}

fn remember(state: &mut State, fabric: &str, failure: Option<&Failure>) {
    if let Some(row) = state.rows.iter_mut().find(|row| row.name == fabric) {
        row.failure = failure.cloned();
    }
}

fn failed(failure: &Failure) -> (Stage, String) {
    let stage = match failure.code.as_str() {
        "E-STOPPED" => Stage::NoChange,
        "E-PUSH-UNCERTAIN" => Stage::Uncertain,
        _ => Stage::Failed,
    };
    let (word, then) = match stage {
        Stage::NoChange => return (stage, failure.message.clone()),
        Stage::Uncertain => ("UNCERTAIN", "{fetch} settles it"),
        _ => ("FAILED", "{error} tells what to do"),
    };
    (stage, format!("{word} {} {}; {then}", failure.code, failure.message))
}

fn planned(state: &mut State, at: usize, entries: Vec<Entry>) -> Vec<Effect> {
    let fabrics = state.jobs[at].fabrics.clone();
    for entry in &entries {
        if let Err(failure) = &entry.result {
            remember(state, &entry.fabric, Some(failure));
        }
    }
    if entries.iter().any(is_pending) {
        state.jobs[at].stage = Stage::Done;
        confirm::open(state, at, entries);
    } else {
        let operation = state.jobs[at].operation.clone();
        let told: Vec<(Stage, String)> = entries.iter().map(unplanned).collect();
        let (stage, result) = together(&operation, &entries, told);
        end(state, at, stage, &result);
        ways_out(state, &entries);
    }
    fabrics.iter().flat_map(|fabric| read_status(state, fabric)).collect()
}

pub(super) fn unplanned(entry: &Entry) -> (Stage, String) {
    match &entry.result {
        Err(failure) => failed(failure),
        Ok(Report::Write(write)) => (Stage::NoChange, nothing_to_do(write)),
        Ok(_) => (Stage::NoChange, "No change: nothing to send".to_owned()),
    }
}

/// One result for all fabrics of a job.
fn together(operation: &Operation, entries: &[Entry], mut told: Vec<(Stage, String)>) -> (Stage, String) {
    if told.len() <= 1 {
        return told.pop().unwrap_or((Stage::NoChange, "No change".to_owned()));
    }
    let mut tally = Tally::of(operation);
    for (entry, (stage, _)) in entries.iter().zip(&told) {
        tally.add(entry, *stage);
    }
    (tally.stage(), tally.words() + tally.then())
}

fn nothing_to_do(write: &WriteReport) -> String {
    let held: Vec<&str> = write
        .documents
        .iter()
        .filter(|document| document.outcome.is_no())
        .map(|document| document.outcome.word())
        .collect();
    match (write.result, held.first()) {
        (WriteResult::Refused, _) => "refused; {validate} shows why".to_owned(),
        (_, Some(first)) => format!("No change: {} held back ({first}); {{validate}} shows why", held.len()),
        _ => "No change".to_owned(),
    }
}

fn acted(state: &mut State, at: usize, entries: &[Entry]) -> Vec<Effect> {
    let (id, operation) = (state.jobs[at].id, state.jobs[at].operation.clone());
    for entry in entries {
        let failure = entry.failure().cloned();
        remember(state, &entry.fabric, failure.as_ref().filter(|failure| failure.code != "E-STOPPED"));
    }
    let told: Vec<(Stage, String)> = entries.iter().map(carried_out).collect();
    let is_shown = show_findings(state, entries);
    bulk::count(state, id, entries, &told);
    let (stage, mut result) = together(&operation, entries, told);
    if !is_shown {
        result.push_str("; {validate} shows them");
    }
    end(state, at, stage, &result);
    bulk::say(state);
    stale(state, at, entries);
    ways_out(state, entries);
    let places = state.jobs[at].repositories.clone();
    if asks(&state.jobs[at].operation) {
        state.refresh.asked.extend(places.iter().map(|name| (name.clone(), state.now.ms)));
    }
    let mut names = state.jobs[at].fabrics.clone();
    names.extend(state.rows.iter().filter(|row| places.contains(&row.repository)).map(|row| row.name.clone()));
    names.sort();
    names.dedup();
    names.iter().flat_map(|name| read_status(state, name)).collect()
}

/// Where a branch has diverged the ways out are shown at once: no key of the list leads on.
fn ways_out(state: &mut State, entries: &[Entry]) {
    let [entry] = entries else { return };
    let is_here = state.current().is_some_and(|row| row.name == entry.fabric);
    let is_calm = state.dialog.is_none() && state.waiting.is_empty() && !state.is_typing();
    let is_diverged = entry.failure().is_some_and(|failure| failure.code == "E-REPO-DIVERGED");
    if is_diverged && is_here && is_calm && matches!(state.screen, Screen::Fabrics | Screen::Fabric(_)) {
        keys::error(state, 0);
    }
}

/// Asks again where a plan moved between its showing and its `y`.
fn stale(state: &mut State, at: usize, entries: &[Entry]) {
    let is_stale = |entry: &&Entry| entry.failure().is_some_and(|failure| failure.code == "E-PLAN-STALE");
    let moved: Vec<&Entry> = entries.iter().filter(is_stale).collect();
    let Some(why) = moved.first().and_then(|entry| entry.failure()).map(|failure| failure.message.clone()) else {
        return;
    };
    let fabrics: Vec<String> = moved.iter().map(|entry| entry.fabric.clone()).collect();
    let again = with_mode(&state.jobs[at].operation, Some(fabrics.clone()), Mode::Plan);
    state.waiting.push_back(Dialog::Stale { again, fabrics, why });
}

/// Shows what a check found, from the first fabric with errors on; tells false where it would be in the way.
fn show_findings(state: &mut State, entries: &[Entry]) -> bool {
    let validated = entries.iter().filter_map(|entry| match &entry.result {
        Ok(Report::Validate(report)) => Some((entry.fabric.clone(), report.clone())),
        _ => None,
    });
    let reports: Vec<(String, ValidateReport)> = validated.collect();
    if reports.is_empty() {
        return true;
    }
    if is_in_the_way(state, &reports) {
        return reports.iter().all(|(_, report)| report.findings.is_empty());
    }
    let has_errors = |(_, report): &(String, ValidateReport)| report.findings.iter().any(Finding::is_error);
    let at = reports.iter().position(has_errors).unwrap_or_default();
    open::over(state, Screen::Findings { reports, at, selected: 0 });
    true
}

/// Whether somebody types, answers or reads something else meanwhile.
fn is_in_the_way(state: &State, found: &[(String, ValidateReport)]) -> bool {
    let is_open = match &state.screen {
        Screen::Fabrics | Screen::Fabric(_) => true,
        // They were checked again.
        Screen::Findings { reports, at, .. } => {
            reports.get(*at).is_some_and(|(fabric, _)| found.iter().any(|(name, _)| name == fabric))
        }
        _ => false,
    };
    !is_open || state.dialog.is_some() || state.is_typing()
}

fn carried_out(entry: &Entry) -> (Stage, String) {
    if let Some(failure) = entry.failure() {
        return failed(failure);
    }
    match &entry.result {
        Ok(report) => succeeded(report),
        Err(failure) => failed(failure),
    }
}

fn succeeded(report: &Report) -> (Stage, String) {
    let short = |id: &Option<String>| id.as_deref().and_then(|id| id.get(..7)).unwrap_or("-").to_owned();
    match report {
        Report::Write(write) => match write.result {
            WriteResult::Committed => {
                (Stage::Done, format!("committed {}, not pushed yet; {{push}} pushes", short(&write.commit)))
            }
            _ => (Stage::NoChange, nothing_to_do(write)),
        },
        Report::Push(push) => match push.outcome {
            PushOutcome::Verified => (Stage::Done, format!("Verified {} on {}", short(&push.after), push.branch)),
            _ => (Stage::NoChange, "No change: nothing to send".to_owned()),
        },
        Report::Discard(discard) => {
            let (commits, after) = (count(discard.commits.len(), "commit", "commits"), Some(discard.after.clone()));
            (Stage::Done, format!("took back {commits}; {} is at {} again", discard.branch, short(&after)))
        }
        Report::Remote(remote) if remote.settled.is_some() => (Stage::Done, remote.settled.clone().unwrap_or_default()),
        Report::Remote(remote) => match remote.outcome {
            RemoteOutcome::Updated => (Stage::Done, format!("{} is now {}", remote.branch, short(&remote.after))),
            RemoteOutcome::NoChange => (Stage::NoChange, "No change: nothing new".to_owned()),
        },
        Report::Validate(validate) => {
            let of = |wanted| validate.findings.iter().filter(|finding| finding.severity == wanted).count();
            let errors = of(Severity::Error);
            let words = [count(errors, "error", "errors"), count(of(Severity::Warning), "warning", "warnings")];
            (if errors > 0 { Stage::Failed } else { Stage::Done }, words.join(", "))
        }
        Report::Show(show) => (Stage::Done, count(show.resources.len(), "resource", "resources")),
        Report::Export(export) => (Stage::Done, count(export.documents, "document", "documents")),
        Report::Status(_) | Report::Diff(_) | Report::Log(_) | Report::File(_) => (Stage::Done, String::new()),
    }
}
