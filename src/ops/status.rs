//! Status: the true state of a fabric, read without the network and without writing.

use std::collections::BTreeMap;

use crate::config::{FabricSettings, Home};
use crate::error::Result;
use crate::fabric::Fabric;
use crate::fabric::finding::Finding;
use crate::fabric::hydration::hydration;
use crate::fabric::ingest::{self, Options, Survey, judge};
use crate::fabric::layout::{self, Place, Shape};
use crate::fabric::plan::{DocumentOutcome, Outcome, Plan, Verdict};
use crate::fabric::raw::{self, RawState};
use crate::fabric::snapshot::{File, Snapshot};
use crate::git::repository::{Repository, Standing};
use crate::git::{Location, lock, look};
use crate::history::History;
use crate::ops::checks;
use crate::ops::known::{self, Known};
use crate::ops::planning;
use crate::ops::report::{
    DirectoryState, DirectoryStatus, GitState, GitStatus, LastError, ManagedStatus, NextStep, RawFile, RawStatus,
    Report, StatusReport,
};
use crate::ops::select::{self, Chosen};
use crate::ops::{Context, Done, record, time_text};
use crate::progress::Reporter;

/// Tells the state of every chosen fabric, side by side.
pub(crate) async fn status(cx: &Context, names: &[String], report: &Reporter) -> Result<Vec<Done>> {
    let selection = select::select(cx, names)?;
    let mut done: Vec<Done> = selection.faulty.iter().map(|(chosen, error)| Done::failed(chosen, error)).collect();
    let mut running = Vec::new();
    let history = cx.history();
    for group in selection.groups {
        for chosen in group.fabrics {
            let (cx, location, task, history) = (cx.clone(), group.location.clone(), chosen.clone(), history.clone());
            let task = tokio::task::spawn_blocking(move || one(&cx, &location, &task, &history));
            running.push((chosen, task));
        }
    }
    for (chosen, task) in running {
        done.push(match crate::ops::write::join(task.await) {
            Ok(told) => Done::reported(&chosen, Report::Status(Box::new(told))),
            Err(error) => Done::failed(&chosen, &error),
        });
    }
    // Whoever is told that it ended may remove what it read and wrote.
    report.check()?;
    Ok(done)
}

fn one(cx: &Context, location: &Location, chosen: &Chosen, history: &History) -> Result<StatusReport> {
    let settings = &chosen.settings;
    let told = frame(cx, location, settings, history);
    if matches!(location.home, Home::Url(_)) && !location.is_there()? {
        return Ok(not_cloned(told));
    }
    let repository = Repository::open(location)?;
    let standing = repository.standing(&settings.directory)?;
    let glance = look::snapshot(&repository, &settings.directory, &|_| false)?;
    let key = known::key(settings, &glance)?;
    let known = match known::recall(&cx.state_dir, &settings.name, &key) {
        Some(known) => known,
        None => find_out(cx, &repository, location, settings, &key)?,
    };
    let mut told = told;
    told.git = git_status(location, &standing, &glance, told.last_error.as_ref());
    (told.raw, told.managed, told.directory) = (known.raw, known.managed, known.directory);
    if lock::holder(location).is_some_and(|holder| holder.operation.starts_with("init")) {
        told.directory.state = DirectoryState::Initializing;
    }
    told.next = next_step(&told, known.can_ingest, location.is_ours());
    Ok(told)
}

/// Reads, checks and plans; what came of it is kept.
fn find_out(
    cx: &Context,
    repository: &Repository,
    location: &Location,
    settings: &FabricSettings,
    key: &str,
) -> Result<Known> {
    let snapshot = look::snapshot(repository, &settings.directory, &layout::is_read)?;
    let options = Options::default();
    let mut survey = Survey::new(&snapshot, &options);
    let fabric = Fabric::of(settings, &location.branch);
    let past = planning::past(repository, &fabric, &survey)?;
    let found = judge::judge(&mut survey, &checks::of(&settings.checks)?, &options, &past);
    survey.managed.remark(found);
    let plan = ingest::plan(&fabric, "", &options, &survey, &past);
    let known = Known {
        directory: directory_status(&snapshot, &survey),
        raw: raw_status(&survey, &plan),
        managed: ManagedStatus {
            total: survey.managed.resources.len(),
            kinds: survey.managed.kinds(),
            hydration: hydration(&survey.managed),
        },
        can_ingest: plan.verdict == Verdict::Planned,
    };
    // A file may have changed between the glance and the reading: then this is not kept under that key.
    if known::key(settings, &snapshot)? == key {
        known::keep(&cx.state_dir, &settings.name, key, &known);
    }
    Ok(known)
}

fn frame(cx: &Context, location: &Location, settings: &FabricSettings, history: &History) -> StatusReport {
    let key = record::key(location, &settings.directory);
    StatusReport {
        profile: settings.profile.clone(),
        directory: DirectoryStatus {
            state: DirectoryState::Error,
            findings: Vec::new(),
            missing: Vec::new(),
            loose: 0,
        },
        git: GitStatus {
            state: GitState::Unknown,
            branch: location.branch.clone(),
            head: None,
            upstream: None,
            ahead: 0,
            behind: 0,
            checked_at: None,
            note: String::new(),
            repository_ahead: 0,
            repository_behind: 0,
            edited: Vec::new(),
        },
        raw: RawStatus::default(),
        managed: ManagedStatus::default(),
        next: None,
        last_operation: history.last_operation(&settings.name, &key).cloned(),
        last_error: history.last_error(&settings.name, &key).cloned(),
        held: None,
        repository: location.label(),
        path: settings.directory.clone(),
        protected: settings.protected,
        read_only: select::is_off(cx, settings),
    }
}

fn not_cloned(mut told: StatusReport) -> StatusReport {
    told.git.state = reach_of(told.last_error.as_ref()).unwrap_or(GitState::Unknown);
    "not cloned yet; a fetch clones it".clone_into(&mut told.git.note);
    told.next = Some(step(if told.last_error.is_some() { "error" } else { "fetch" }));
    told
}

fn directory_status(snapshot: &Snapshot, survey: &Survey) -> DirectoryStatus {
    let loose = raw::read_loose(snapshot);
    let loose = loose.iter().filter(|file| !matches!(file.state, RawState::LeftOut(_))).count();
    let is_invalid = survey.managed.findings.iter().any(Finding::is_error);
    let (state, missing) = match layout::shape(snapshot) {
        Shape::None => (DirectoryState::NotInitialized, Vec::new()),
        Shape::Partial(missing) if !is_invalid => (DirectoryState::Incomplete, missing),
        Shape::Partial(missing) => (DirectoryState::Invalid, missing),
        Shape::Complete if is_invalid => (DirectoryState::Invalid, Vec::new()),
        Shape::Complete => (DirectoryState::Initialized, Vec::new()),
    };
    DirectoryStatus { state, findings: survey.managed.findings.clone(), missing, loose }
}

/// What the last attempt to reach the remote came to, if it failed.
fn reach_of(last_error: Option<&LastError>) -> Option<GitState> {
    let code = last_error?.code.as_str();
    if code.starts_with("E-AUTH-") || code.starts_with("E-SSH-") || code == "E-REMOTE-MISSING" {
        Some(GitState::NoAccess)
    } else if code == "E-REMOTE-BRANCH" {
        Some(GitState::WrongBranch)
    } else {
        let is_offline = code.starts_with("E-NET") || matches!(code, "E-API-RATE" | "E-REMOTE-SERVER");
        is_offline.then_some(GitState::Offline)
    }
}

fn git_status(
    location: &Location,
    standing: &Standing,
    snapshot: &Snapshot,
    last_error: Option<&LastError>,
) -> GitStatus {
    let edited = edited(snapshot);
    let reach = reach_of(last_error);
    let state = if standing.locked.is_some() {
        GitState::Locked
    } else if standing.obstacle.is_some() {
        GitState::WrongBranch
    } else if let Some(state) = reach {
        state
    } else if standing.tip.is_none() {
        GitState::Unborn
    } else if standing.checked_at.is_none() {
        GitState::Unknown
    } else {
        match (standing.ahead, standing.behind, edited.is_empty()) {
            (0, 0, true) => GitState::InSync,
            (0, 0, false) => GitState::Dirty,
            (0, _, _) => GitState::Behind,
            (_, 0, _) => GitState::Ahead,
            _ => GitState::Diverged,
        }
    };
    let note = standing.locked.clone().or_else(|| standing.obstacle.clone()).unwrap_or_default();
    GitStatus {
        state,
        branch: location.branch.clone(),
        head: standing.tip.clone(),
        upstream: standing.upstream.clone(),
        ahead: standing.ahead,
        behind: standing.behind,
        checked_at: standing.checked_at.map(time_text),
        note: crate::text::clean_line(&note),
        repository_ahead: standing.repository_ahead,
        repository_behind: standing.repository_behind,
        edited,
    }
}

fn edited(snapshot: &Snapshot) -> Vec<String> {
    let is_edited = |path: &str, file: &File| layout::place(path) == Place::Managed && file.is_edited();
    snapshot.files.iter().filter(|(path, file)| is_edited(path, file)).map(|(path, _)| path.clone()).collect()
}

fn raw_status(survey: &Survey, plan: &Plan) -> RawStatus {
    let mut by_file: BTreeMap<&str, Vec<&DocumentOutcome>> = BTreeMap::new();
    for document in &plan.documents {
        by_file.entry(&document.file).or_default().push(document);
    }
    let mut status = RawStatus::default();
    for file in &survey.raw {
        let has_errors = file.findings.iter().any(Finding::is_error);
        status.pending += usize::from(file.is_pending());
        status.invalid += usize::from(has_errors);
        status.left_out += usize::from(matches!(file.state, RawState::LeftOut(_)));
        let mut outcomes: BTreeMap<Outcome, usize> = BTreeMap::new();
        for document in by_file.get(file.path.as_str()).into_iter().flatten() {
            *outcomes.entry(document.outcome).or_default() += 1;
        }
        if matches!(file.state, RawState::StillInvalid(_)) {
            outcomes.insert(Outcome::Invalid, file.documents().len().max(1));
        }
        status.files.push(RawFile {
            path: file.path.clone(),
            size: file.size,
            documents: file.documents().len(),
            kinds: file.kinds(),
            outcomes,
            findings: file.findings.clone(),
        });
    }
    status
}

fn next_step(told: &StatusReport, can_ingest: bool, is_ours: bool) -> Option<NextStep> {
    let is_diverged = told.git.repository_ahead > 0 && told.git.repository_behind > 0;
    let action = match (told.git.state, told.directory.state) {
        (GitState::Locked, _) | (_, DirectoryState::Initializing) => return None,
        (GitState::WrongBranch | GitState::NoAccess, _) => "error",
        // Nobody can rebase in a clone of ours.
        _ if is_ours && is_diverged => "discard",
        (GitState::Diverged | GitState::Behind, _) => "pull",
        (_, DirectoryState::NotInitialized) => "init",
        _ if told.git.repository_behind > 0 => "pull",
        (_, DirectoryState::Invalid) if !can_ingest => "validate",
        (_, DirectoryState::Incomplete) if !can_ingest => "init",
        _ if can_ingest => "ingest",
        _ if told.git.ahead > 0 => "push",
        (GitState::Unknown | GitState::Offline, _) => "fetch",
        _ if told.raw.pending > 0 || told.raw.invalid > 0 => "validate",
        _ if told.directory.loose > 0 => "init",
        _ => return None,
    };
    Some(step(action))
}

fn step(action: &str) -> NextStep {
    let key = match action {
        "init" => "I",
        "ingest" => "N",
        "push" => "P",
        "pull" => "p",
        "fetch" => "f",
        "validate" => "v",
        "discard" => "m",
        _ => "e",
    };
    NextStep { action: action.to_owned(), key: key.to_owned() }
}
