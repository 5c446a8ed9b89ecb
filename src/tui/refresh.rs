//! Refresh: when which remote is asked by the clock, and which readings have grown old.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::config::{Config, Home};
use crate::ops::Operation;
use crate::ops::report::{GitState, StatusReport};
use crate::tui::dialog::Dialog;
use crate::tui::event::Now;
use crate::tui::preferences::RARELY;
use crate::tui::state::{Purpose, Row, Screen, State};

/// So long after the last key somebody is still there, in milliseconds.
const ACTIVE: u64 = 10 * 60 * 1000;
/// A reading older than this many intervals is stale.
const STALE: u64 = 3;
/// Where the wall clock moves by so much more than the session's, in milliseconds, the machine slept.
const SLEPT: u64 = 10_000;
/// The jitter is at most this part of an interval.
const JITTER: u64 = 6;

/// What is known of the checks by the clock.
#[derive(Debug, Clone, Default)]
pub struct Refresh {
    /// What the jitter of this session grows from.
    pub seed: u64,
    /// When the machine woke from sleep, in milliseconds of the session: what was asked before is due.
    pub woke: Option<u64>,
    /// When a key was pressed last, in milliseconds of the session.
    pub touched: u64,
    /// When a repository's remote was asked last, in milliseconds of the session.
    pub asked: BTreeMap<String, u64>,
    /// The repositories whose clones are ours.
    pub ours: BTreeSet<String>,
    /// What the last check of a repository failed with, if it failed.
    pub failed: BTreeMap<String, String>,
}

/// The repository whose remote is asked next, and when; none while nothing may be asked.
pub fn next(state: &State) -> Option<(&str, u64)> {
    let interval = interval(state)?;
    if !may_ask(state) {
        return None;
    }
    let rows = state.rows.iter().filter(|row| is_asked(row)).map(|row| row.repository.as_str());
    let mut last = "";
    let other = rows.filter(|name| std::mem::replace(&mut last, name) != *name);
    other.map(|name| (name, due(state, name, interval))).min_by_key(|(_, at)| *at)
}

/// The repositories of a configuration whose clones are ours.
pub fn ours(config: &Config) -> BTreeSet<String> {
    let ours = config.repositories.iter().filter(|repository| matches!(repository.home, Home::Url(_)));
    ours.map(|repository| repository.name.clone()).collect()
}

/// The fabrics a check of a repository is for.
pub fn fabrics(state: &State, repository: &str) -> Vec<String> {
    let rows = state.rows.iter().filter(|row| row.repository == repository && is_asked(row));
    rows.map(|row| row.name.clone()).collect()
}

/// How old the reading of a fabric's remote is, in seconds, where that is too old.
pub fn stale(state: &State, row: &Row) -> Option<u64> {
    let interval = interval(state)?;
    age(state, row).filter(|age| *age > STALE * interval / 1000)
}

/// When the next reading grows stale, in milliseconds of the session.
pub fn grows_stale(state: &State) -> Option<u64> {
    let limit = STALE * interval(state)? / 1000;
    let ages = state.rows.iter().filter_map(|row| age(state, row));
    let oldest = ages.filter(|age| *age <= limit).max()?;
    Some(state.now.ms + (limit + 1 - oldest) * 1000)
}

/// How many fabrics' readings are too old.
pub fn stale_count(state: &State) -> usize {
    state.rows.iter().filter(|row| stale(state, row).is_some()).count()
}

/// Whether the machine slept between two moments.
pub fn slept(before: &Now, now: &Now) -> bool {
    let wall = u64::try_from(now.wall - before.wall).unwrap_or_default() * 1000;
    before.wall != 0 && wall > now.ms.saturating_sub(before.ms) + SLEPT
}

/// Whether an operation reads the remotes of its repositories.
pub fn asks(operation: &Operation) -> bool {
    match operation {
        Operation::Fetch { .. } | Operation::Pull { .. } | Operation::Push(_) | Operation::Discard(_) => true,
        Operation::Init(request) => !request.offline,
        Operation::Ingest(request) => !request.offline,
        Operation::Task(request) => !request.offline,
        _ => false,
    }
}

/// How old the reading of a fabric's remote is, in seconds; one from the future is new.
fn age(state: &State, row: &Row) -> Option<u64> {
    let Some(Ok(status)) = &row.status else { return None };
    let read: jiff::Timestamp = status.git.checked_at.as_deref()?.parse().ok()?;
    Some(u64::try_from(state.now.wall - read.as_second()).unwrap_or_default())
}

/// Milliseconds between two checks; none where there are none: switched off, or read-only, where
/// nothing is ever fetched.
fn interval(state: &State) -> Option<u64> {
    let seconds = state.preferences.refresh.filter(|_| !state.read_only)?;
    let is_active = state.now.ms < state.refresh.touched + ACTIVE;
    Some(u64::from(if is_active { seconds } else { seconds.max(RARELY) }) * 1000)
}

/// Nothing is asked while another check runs, while a plan waits for its answer, or at the end.
fn may_ask(state: &State) -> bool {
    let is_open = state.jobs.iter().any(|job| job.is_open() && is_check(&job.operation));
    let waits = matches!(state.dialog, Some(Dialog::Confirm(_) | Dialog::Stale { .. } | Dialog::Quit));
    let is_apart = matches!(state.screen, Screen::FirstRun(_)) || state.trouble.is_some();
    !(is_open || waits || is_apart || state.leaving || state.adding.is_some())
}

/// Whether an operation is a check by the clock.
pub fn is_check(operation: &Operation) -> bool {
    matches!(operation, Operation::Check { .. })
}

/// What is read-only is not fetched, and what is not cloned yet waits for a fetch by hand.
fn is_asked(row: &Row) -> bool {
    let is_cloned = |status: &StatusReport| status.git.head.is_some() || status.git.state == GitState::Unborn;
    matches!(&row.status, Some(Ok(status)) if status.read_only.is_none() && is_cloned(status))
}

fn due(state: &State, repository: &str, interval: u64) -> u64 {
    let asked = state.refresh.asked.get(repository).copied().unwrap_or_default();
    if let Some(woke) = state.refresh.woke.filter(|woke| asked < *woke) {
        return woke;
    }
    let mut hasher = DefaultHasher::new();
    (state.refresh.seed, repository, asked).hash(&mut hasher);
    asked + interval + hasher.finish() % (interval / JITTER).max(1)
}

/// Whether a job that writes, or reads a remote, has a repository or waits for it.
pub fn is_held(state: &State, repository: &str) -> bool {
    let has_it = |job: &&crate::tui::state::Job| {
        job.is_open() && job.purpose != Purpose::Status && job.repositories.iter().any(|name| name == repository)
    };
    state.jobs.iter().any(|job| has_it(&job))
}
