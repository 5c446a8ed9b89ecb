//! Remotes asked by the clock: when, never beside a writer, and without a byte where nothing is new.

use super::*;
use crate::ops::report::{GitState, RemoteOutcome, RemoteReport, StatusReport};
use crate::tui::refresh::{grows_stale, next};

const MINUTE: u64 = 60_000;
/// 2026-11-21T09:00:00Z.
const EPOCH: i64 = 1_795_251_600;

fn status(git: GitState) -> StatusReport {
    let mut status = fleet::status();
    (status.git.state, status.git.checked_at) = (git, Some("2026-11-21T09:00:00Z".to_owned()));
    status
}

/// Two fabrics of one repository, read and drawn.
fn read() -> State {
    let mut state = state(false);
    state.jobs.clear();
    state.now.wall = EPOCH;
    for row in &mut state.rows {
        row.status = Some(Ok(status(GitState::InSync)));
    }
    state.is_dirty = false;
    state
}

fn pass(state: &mut State, ms: u64) -> Vec<Effect> {
    let now = Now {
        ms: state.now.ms + ms,
        clock: "09:15:02".to_owned(),
        wall: EPOCH + i64::try_from((state.now.ms + ms) / 1000).unwrap(),
    };
    update(state, Event::Time(now))
}

/// The number of the check that these effects start.
fn check(effects: &[Effect]) -> JobId {
    let [Effect::Start(id, Operation::Check { fabrics })] = effects else { panic!("{effects:?}") };
    assert_eq!(*fabrics, ["dc1", "dc2"]);
    *id
}

fn answer(state: &mut State, id: JobId, outcome: RemoteOutcome, at: &str) -> Vec<Effect> {
    let report = RemoteReport {
        outcome,
        branch: "main".to_owned(),
        before: Some("3f2a9c1".repeat(5)),
        after: Some("3f2a9c1".repeat(5)),
        head: Some("3f2a9c1".repeat(5)),
        checked_at: Some(at.to_owned()),
        settled: None,
    };
    let entry = |name: &str| Entry { fabric: name.to_owned(), result: Ok(Report::Remote(report.clone())) };
    let outcome = Outcome { entries: vec![entry("dc1"), entry("dc2")], warnings: Vec::new() };
    update(state, Event::Finished(id, Ok(outcome)))
}

fn refused(state: &mut State, id: JobId) -> Vec<Effect> {
    let failure = Failure {
        code: "E-NET".to_owned(),
        message: "no answer".to_owned(),
        remedy: Vec::new(),
        detail: String::new(),
        effect: crate::error::WriteEffect::Nothing,
        done: None,
        exit_code: 5,
    };
    let entry = Entry { fabric: "dc1".to_owned(), result: Err(failure) };
    update(state, Event::Finished(id, Ok(Outcome { entries: vec![entry], warnings: Vec::new() })))
}

#[test]
fn an_unchanged_answer_is_noted_and_draws_nothing() {
    let mut state = read();
    assert!(pass(&mut state, MINUTE - 1).is_empty(), "the first one comes after a minute");
    let id = check(&pass(&mut state, MINUTE / 6 + 1));
    assert!(state.listed().is_empty() && !state.is_busy() && !state.needs_ticks(), "no line, no clock");
    assert!(pass(&mut state, 10 * MINUTE).is_empty(), "one at a time");
    assert!(answer(&mut state, id, RemoteOutcome::NoChange, "2026-11-21T09:01:10Z").is_empty());
    assert!(!state.is_dirty, "nothing is drawn");
    let Some(Ok(status)) = &state.rows[1].status else { panic!() };
    assert_eq!(status.git.checked_at.as_deref(), Some("2026-11-21T09:01:10Z"), "and shown with the next frame");
    assert!(state.said.is_empty());
}

#[test]
fn a_moved_remote_is_read_and_shown() {
    let mut state = read();
    let id = check(&pass(&mut state, 2 * MINUTE));
    let effects = answer(&mut state, id, RemoteOutcome::Updated, "2026-11-21T09:02:00Z");
    let read: Vec<&str> = started(&effects).iter().map(|(_, operation)| operation.name()).collect();
    assert_eq!(read, ["status", "status"]);
}

#[test]
fn who_is_away_is_asked_for_less_often_and_a_key_wakes_it() {
    let mut state = read();
    let mut asked = 0;
    for _ in 0..40 {
        if let [Effect::Start(id, Operation::Check { .. })] = pass(&mut state, MINUTE)[..] {
            asked += 1;
            answer(&mut state, id, RemoteOutcome::NoChange, "2026-11-21T09:40:00Z");
        }
    }
    assert!((9..=13).contains(&asked), "about five in ten minutes, then one in five: {asked}");
    let (_, before) = next(&state).unwrap();
    press(&mut state, "j");
    let (_, after) = next(&state).unwrap();
    assert!(after + 3 * MINUTE < before);
}

#[test]
fn nobody_is_asked_read_only_switched_off_or_while_somebody_decides() {
    for change in [
        (|state: &mut State| state.read_only = true) as fn(&mut State),
        |state| state.preferences.refresh = None,
        |state| state.dialog = Some(Dialog::Quit),
        |state| state.leaving = true,
        |state| state.rows.clear(),
        |state| {
            for row in &mut state.rows {
                row.status = Some(Err(Failure::from(&crate::error::Error::Stopped)));
            }
        },
    ] {
        let mut state = read();
        change(&mut state);
        assert!(pass(&mut state, 60 * MINUTE).is_empty());
        assert_eq!(next(&state), None, "and the loop sleeps on");
    }
}

#[test]
fn a_writer_goes_before_a_check() {
    let mut state = read();
    press(&mut state, "f");
    assert!(pass(&mut state, 2 * MINUTE).is_empty(), "not beside one that runs");
    assert!(next(&state).unwrap().1 > state.now.ms);
    let mut state = read();
    let id = check(&pass(&mut state, 2 * MINUTE));
    let effects = press(&mut state, "P");
    assert_eq!(effects[0], Effect::Stop(id), "a running one makes room");
    assert_eq!(started(&effects).len(), 1);
    let stopped = Failure::from(&crate::error::Error::Stopped);
    assert!(update(&mut state, Event::Finished(id, Err(stopped))).is_empty());
    assert!(state.refresh.failed.is_empty());
}

#[test]
fn a_failure_is_read_once_and_the_data_grows_old() {
    let mut state = read();
    let id = check(&pass(&mut state, 2 * MINUTE));
    let statuses = refused(&mut state, id);
    assert_eq!(started(&statuses).len(), 2, "the new state is read");
    assert!(state.said.is_empty() && state.dialog.is_none() && state.listed().is_empty());
    state.jobs.clear();
    let shown = screen(&state, true, (80, 24));
    assert!(shown.contains("= In sync") && !shown.contains("STALE"), "{shown}");
    state.is_dirty = false;
    let id = check(&pass(&mut state, 3 * MINUTE));
    assert!(refused(&mut state, id).is_empty(), "the same again is no news");
    assert!(state.is_dirty, "but the data is old now");
    let shown = screen(&state, true, (80, 24));
    assert!(shown.contains("READ-WRITE | STALE 5m") && shown.contains("? In sync"), "{shown}");
    state.size = (50, 14);
    let small = screen(&state, true, (50, 14));
    assert!(small.contains("RW | STALE 5m"), "{small}");
    state.size = (80, 24);
    let id = check(&pass(&mut state, 2 * MINUTE));
    let effects = answer(&mut state, id, RemoteOutcome::NoChange, "2026-11-21T09:07:00Z");
    assert_eq!(started(&effects).len(), 2, "it answers again");
    assert!(!screen(&state, true, (80, 24)).contains("STALE"));
    state.preferences.refresh = None;
    pass(&mut state, 90 * MINUTE);
    assert!(!screen(&state, true, (80, 24)).contains("STALE"), "never where nothing is asked");
}

#[test]
fn a_state_of_other_tips_is_read_again_and_not_called_checked() {
    for change in [
        (|status: &mut StatusReport| status.git.upstream = Some("0ld".to_owned())) as fn(&mut StatusReport),
        |status| status.git.head = Some("0ld".to_owned()),
    ] {
        let mut state = read();
        let Some(Ok(status)) = &mut state.rows[1].status else { panic!() };
        change(status);
        let id = check(&pass(&mut state, 2 * MINUTE));
        let effects = answer(&mut state, id, RemoteOutcome::NoChange, "2026-11-21T09:02:00Z");
        assert_eq!(started(&effects).len(), 2, "somebody fetched or committed meanwhile");
        let Some(Ok(status)) = &state.rows[1].status else { panic!() };
        assert_eq!(status.git.checked_at.as_deref(), Some("2026-11-21T09:00:00Z"));
    }
}

#[test]
fn a_state_that_passes_is_read_again() {
    for git in [GitState::Locked, GitState::WrongBranch, GitState::Offline] {
        let mut state = read();
        state.rows[0].status = Some(Ok(status(git)));
        let id = check(&pass(&mut state, 2 * MINUTE));
        let effects = answer(&mut state, id, RemoteOutcome::NoChange, "2026-11-21T09:02:00Z");
        assert_eq!(started(&effects).len(), 2, "{git:?}");
    }
}

#[test]
fn after_sleep_every_check_is_due_and_what_is_old_is_called_so() {
    let mut state = read();
    let id = check(&pass(&mut state, 2 * MINUTE));
    answer(&mut state, id, RemoteOutcome::NoChange, "2026-11-21T09:02:00Z");
    let woke = |seconds: i64| Now { ms: 2 * MINUTE + 1000, clock: "09:15:02".to_owned(), wall: EPOCH + seconds };
    state.is_dirty = false;
    assert!(update(&mut state, Event::Time(woke(60))).is_empty() && !state.is_dirty, "a clock set back");
    check(&update(&mut state, Event::Time(woke(3600))));
    assert!(state.is_dirty && screen(&state, true, (80, 24)).contains("STALE 58m"));
}

#[test]
fn a_reading_grows_stale_by_itself_with_one_draw() {
    let mut state = read();
    let at = grows_stale(&state).unwrap();
    assert_eq!(at, 3 * MINUTE + 1000);
    check(&pass(&mut state, at - 1000));
    assert!(!state.is_dirty);
    pass(&mut state, 1000);
    assert!(state.is_dirty, "the moment it is too old");
    assert_eq!(grows_stale(&state), None);
    state.is_dirty = false;
    pass(&mut state, 1000);
    assert!(!state.is_dirty, "and no clock ticks");
}

#[test]
fn only_what_reads_a_remote_is_noted_as_asked() {
    for (key, is_asked) in [("v", false), ("f", true)] {
        let mut state = read();
        let effects = press(&mut state, key);
        let id = started(&effects)[0].0;
        state.refresh.asked.clear();
        refused(&mut state, id);
        assert_eq!(!state.refresh.asked.is_empty(), is_asked, "{key}");
    }
}

#[test]
fn a_clone_of_ours_is_maintained_after_an_answer_while_nothing_else_is_to_do() {
    let asked = [Effect::Wish(crate::tui::setup::Wish::Maintain("dc1".to_owned()))];
    let mut state = read();
    let id = check(&pass(&mut state, 2 * MINUTE));
    assert_eq!(answer(&mut state, id, RemoteOutcome::NoChange, "2026-11-21T09:02:00Z"), [], "a user's clone");
    state.refresh.ours.insert("netops".to_owned());
    let id = check(&pass(&mut state, 2 * MINUTE));
    assert_eq!(answer(&mut state, id, RemoteOutcome::NoChange, "2026-11-21T09:04:00Z"), asked);
    let id = check(&pass(&mut state, 2 * MINUTE));
    press(&mut state, "v");
    assert!(state.jobs.iter().any(|job| job.id != id && job.is_open()));
    assert_eq!(answer(&mut state, id, RemoteOutcome::NoChange, "2026-11-21T09:06:00Z"), [], "beside a job");
}

#[test]
fn the_configuration_says_which_clones_are_ours() {
    use crate::config::{Config, Home, RepositorySettings};
    let repository = |name: &str, home: Home| RepositorySettings {
        name: name.to_owned(),
        home,
        branch: "main".to_owned(),
        remote: "origin".to_owned(),
    };
    let ours = repository("netops", Home::Url("https://git.example.org/netops".to_owned()));
    let users = repository("own", Home::Path("/srv/own".into()));
    let mut state = read();
    state.configure(&Config { repositories: vec![ours, users], ..Config::default() });
    assert_eq!(state.refresh.ours.iter().collect::<Vec<_>>(), ["netops"]);
}
