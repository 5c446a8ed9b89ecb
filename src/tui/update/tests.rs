//! Tests of update: what keys do, and above all what they do not.

mod asking;
mod budgets;
mod bulk;
mod fleet;
mod late;
mod left;
mod lines;
mod listing;
mod login;
mod refresh;
mod screens;
mod setting_up;
mod typed;
mod words;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::{begin, update};
use crate::config::{Config, FabricSettings, Processed};
use crate::ops::report::{PlanLine, PushCommit, PushOutcome, PushReport, Report, WriteFrame, WriteReport, WriteResult};
use crate::ops::{Entry, Failure, Mode, Operation, Outcome};
use crate::progress::{Phase, Progress};
use crate::tui::dialog::Dialog;
use crate::tui::event::{Effect, Event, Now};
use crate::tui::keymap::Keymap;
use crate::tui::state::{JobId, Screen, Stage, State};
use crate::tui::theme::Theme;
use crate::tui::view;

fn state(read_only: bool) -> State {
    let fabric = |name: &str| FabricSettings {
        name: name.to_owned(),
        repository: "netops".to_owned(),
        directory: name.to_owned(),
        profile: None,
        protected: false,
        read_only: false,
        processed: Processed::Keep,
        subject: None,
        signoff: false,
        checks: crate::config::CheckSettings::default(),
        overlaps: None,
        fault: None,
    };
    let config = Config { fabrics: vec![fabric("dc1"), fabric("dc2")], ..Config::default() };
    let mut state = State::new(&config, "test".to_owned(), read_only, Keymap::built_in().unwrap());
    let status: Vec<Effect> = begin(&mut state);
    assert_eq!(status.len(), 2);
    state
}

fn press(state: &mut State, keys: &str) -> Vec<Effect> {
    keys.split(' ').flat_map(|key| update(state, Event::Key(event(key)))).collect()
}

fn event(key: &str) -> KeyEvent {
    let (code, modifiers) = match key {
        "Enter" => (KeyCode::Enter, KeyModifiers::NONE),
        "Esc" => (KeyCode::Esc, KeyModifiers::NONE),
        "Space" => (KeyCode::Char(' '), KeyModifiers::NONE),
        "Backspace" => (KeyCode::Backspace, KeyModifiers::NONE),
        "Ctrl-D" => (KeyCode::Char('d'), KeyModifiers::CONTROL),
        "Ctrl-C" => (KeyCode::Char('c'), KeyModifiers::CONTROL),
        "Ctrl-U" => (KeyCode::Char('u'), KeyModifiers::CONTROL),
        key => (KeyCode::Char(key.chars().next().unwrap()), KeyModifiers::NONE),
    };
    KeyEvent::new(code, modifiers)
}

fn wait(state: &mut State, ms: u64) {
    let now = Now { ms: state.now.ms + ms, clock: "09:15:02".to_owned(), ..Now::default() };
    update(state, Event::Time(now));
    update(state, Event::Rest);
}

fn started(effects: &[Effect]) -> Vec<(JobId, &Operation)> {
    let mut jobs = Vec::new();
    for effect in effects {
        if let Effect::Start(id, operation) = effect {
            jobs.push((*id, operation));
        }
    }
    jobs
}

fn is_apply(operation: &Operation) -> bool {
    match operation {
        Operation::Init(request) => matches!(request.mode, Mode::Apply { .. }),
        Operation::Ingest(request) => matches!(request.mode, Mode::Apply { .. }),
        Operation::Push(request) => matches!(request.mode, Mode::Apply { .. }),
        _ => false,
    }
}

fn planned(typed_because: Option<&str>) -> Outcome {
    let report = WriteReport {
        result: WriteResult::Planned,
        plan: Some(PlanLine { id: "7f3a21c9".repeat(8), subject: "ingest(dc1): 1 resource".to_owned() }),
        commit: None,
        changes: Vec::new(),
        documents: Vec::new(),
        findings: Vec::new(),
        frame: WriteFrame {
            repository: "/r\u{1b}[31m".to_owned(),
            branch: "main".to_owned(),
            typed_because: typed_because.map(str::to_owned),
            ..WriteFrame::default()
        },
        whole: None,
    };
    let entry = Entry { fabric: "dc1".to_owned(), result: Ok(Report::Write(Box::new(report))) };
    Outcome { entries: vec![entry], warnings: Vec::new() }
}

fn pushed(outcome: PushOutcome) -> Outcome {
    let report = PushReport {
        outcome,
        branch: "main".to_owned(),
        before: Some("3f2a9c1aaaa".to_owned()),
        after: Some("77be012aaaa".to_owned()),
        commits: vec![PushCommit {
            id: "77be012aaaa".to_owned(),
            subject: "by hand".to_owned(),
            author: "Bob <b@x>".to_owned(),
            fabric: None,
            at: String::new(),
        }],
        plan: Some("ab".repeat(32)),
        watched_by: Vec::new(),
        remote: "https://git.example.net/x".to_owned(),
        files: (1, 0, 0),
        paths: Vec::new(),
        words: String::new(),
        typed_because: None,
        failure: None,
    };
    let entry = Entry { fabric: "dc1".to_owned(), result: Ok(Report::Push(Box::new(report))) };
    Outcome { entries: vec![entry], warnings: Vec::new() }
}

/// Presses a write key and answers its plan; the dialog is open and not armed.
fn opened(state: &mut State, key: &str, plan: Outcome) {
    let effects = press(state, key);
    let jobs = started(&effects);
    assert_eq!(jobs.len(), 1);
    assert!(!is_apply(jobs[0].1), "a key alone only plans");
    update(state, Event::Finished(jobs[0].0, Ok(plan)));
    assert!(matches!(state.dialog, Some(Dialog::Confirm(_))));
}

fn screen(state: &State, ascii: bool, size: (u16, u16)) -> String {
    let mut terminal = Terminal::new(TestBackend::new(size.0, size.1)).unwrap();
    terminal.draw(|frame| view::draw(frame, state, Theme { ascii, palette: crate::config::theme::plain() })).unwrap();
    terminal.backend().to_string()
}

#[test]
fn only_a_deliberate_y_writes() {
    for keys in ["Enter", "Enter Enter Enter Enter", "N N N N N", "Esc", "n", "q", "j k G g"] {
        let mut state = state(false);
        opened(&mut state, "N", planned(None));
        wait(&mut state, 300);
        let effects = press(&mut state, keys);
        assert!(!started(&effects).iter().any(|(_, operation)| is_apply(operation)), "{keys}");
    }
    let mut state = state(false);
    opened(&mut state, "N", planned(None));
    wait(&mut state, 300);
    let effects = press(&mut state, "y");
    let jobs = started(&effects);
    let Operation::Ingest(request) = jobs[0].1 else { panic!() };
    assert_eq!(request.mode, Mode::Apply { expect: vec!["7f3a21c9".repeat(8)] });
}

#[test]
fn a_dialog_ignores_everything_until_it_is_armed() {
    let mut state = state(false);
    opened(&mut state, "N", planned(None));
    assert!(!screen(&state, true, (80, 24)).contains("press y"));
    assert!(press(&mut state, "y y y").is_empty());
    wait(&mut state, 249);
    assert!(press(&mut state, "y").is_empty(), "and every key makes it wait anew");
    wait(&mut state, 249);
    assert!(!screen(&state, true, (80, 24)).contains("press y"));
    wait(&mut state, 1);
    assert!(screen(&state, true, (80, 24)).contains("press y to ingest"));
    assert_eq!(started(&press(&mut state, "y")).len(), 1);
}

#[test]
fn a_paste_never_answers() {
    let mut state = state(false);
    opened(&mut state, "N", planned(Some("files move")));
    wait(&mut state, 300);
    assert!(update(&mut state, Event::Paste("dc1\n".to_owned())).is_empty());
    let Some(Dialog::Confirm(confirm)) = &state.dialog else { panic!() };
    assert_eq!(confirm.typed.as_ref().unwrap().input, "");
    assert!(state.said.contains("Ignored a paste of 4 characters"));
}

#[test]
fn a_typed_name_must_match_exactly() {
    let mut state = state(false);
    opened(&mut state, "I", planned(Some("4 loose files move")));
    wait(&mut state, 300);
    assert!(press(&mut state, "d c y Enter").is_empty());
    assert!(state.dialog.is_some());
    update(&mut state, Event::Key(KeyEvent::new(KeyCode::Backspace, KeyModifiers::NONE)));
    let effects = press(&mut state, "1 Enter");
    assert!(is_apply(started(&effects)[0].1));
    assert_eq!(state.keys.text(80), "I (typing) Enter (typing) Enter");
}

#[test]
fn a_stale_plan_is_shown_anew_and_asked_again() {
    let mut state = state(false);
    opened(&mut state, "N", planned(None));
    wait(&mut state, 300);
    let effects = press(&mut state, "y");
    let id = started(&effects)[0].0;
    let error = crate::error::Error::PlanStale { moved: "raw/a.yaml changed".to_owned() };
    update(&mut state, Event::Finished(id, Err(Failure::from(&error))));
    assert!(screen(&state, true, (80, 24)).contains("out of date"));
    assert!(press(&mut state, "y Enter").is_empty());
    let effects = press(&mut state, "r");
    assert!(!is_apply(started(&effects)[0].1));
}

#[test]
fn read_only_refuses_every_write_and_the_remote() {
    let mut state = state(true);
    for key in ["I", "N", "P", "p", "f"] {
        assert!(press(&mut state, key).is_empty(), "{key}");
        assert!(state.said.contains("READ-ONLY"), "{key}: {}", state.said);
    }
    assert!(screen(&state, true, (80, 24)).contains("READ-ONLY"));
}

#[test]
fn small_letters_explain_instead_of_writing() {
    let mut state = state(false);
    assert!(press(&mut state, "i").is_empty());
    assert!(state.said.contains("capital I"));
    assert!(press(&mut state, "n").is_empty());
    assert!(state.said.contains("capital N"));
}

#[test]
fn one_repository_has_one_writer_and_the_queue_is_seen() {
    let mut state = state(false);
    let first = press(&mut state, "f");
    assert_eq!(started(&first).len(), 1);
    assert!(press(&mut state, "j f").is_empty());
    assert!(state.jobs.iter().any(|job| job.stage == Stage::Queued));
    assert!(screen(&state, true, (80, 24)).contains("queued behind"));
    let id = started(&first)[0].0;
    let failure = Failure::from(&crate::error::Error::Stopped);
    let effects = update(&mut state, Event::Finished(id, Err(failure)));
    let fetches = |effects: &[Effect]| {
        started(effects).iter().filter(|(_, operation)| matches!(operation, Operation::Fetch { .. })).count()
    };
    assert_eq!(fetches(&effects), 1);
}

#[test]
fn stopping_is_refused_once_the_pack_is_on_its_way() {
    let mut state = state(false);
    let effects = press(&mut state, "f");
    let id = started(&effects)[0].0;
    let progress =
        |phase| Progress { phase, subject: String::new(), done: 4, total: Some(8), note: String::new(), silent: None };
    update(&mut state, Event::Progress(id, progress(Phase::Send)));
    assert!(press(&mut state, "x").is_empty());
    assert!(state.said.contains("too late"));
    assert!(screen(&state, true, (80, 24)).contains("4/8"));
    update(&mut state, Event::Progress(id, progress(Phase::Receive)));
    assert_eq!(press(&mut state, "x"), [Effect::Stop(id)]);
}

#[test]
fn quitting_while_something_runs_asks() {
    let mut state = state(false);
    let effects = press(&mut state, "f");
    let id = started(&effects)[0].0;
    assert!(press(&mut state, "q").is_empty());
    assert!(matches!(state.dialog, Some(Dialog::Quit)));
    assert!(press(&mut state, "w").is_empty());
    let failure = Failure::from(&crate::error::Error::Stopped);
    assert!(update(&mut state, Event::Finished(id, Err(failure))).contains(&Effect::Quit));
    let mut idle = self::state(false);
    assert_eq!(press(&mut idle, "q"), [Effect::Quit]);
}

#[test]
fn a_window_too_small_takes_no_write_key() {
    let mut state = state(false);
    update(&mut state, Event::Resize(38, 9));
    assert!(press(&mut state, "N P I y").is_empty());
    assert!(screen(&state, true, (38, 9)).contains("too small: 38x9"));
    assert_eq!(press(&mut state, "q"), [Effect::Quit]);
    for size in [(40, 12), (50, 14), (80, 24), (120, 40), (300, 5)] {
        assert!(!screen(&state, false, size).is_empty());
    }
}

#[test]
fn a_push_lists_its_commits_and_marks_foreign_ones() {
    let mut state = state(false);
    opened(&mut state, "P", pushed(PushOutcome::Planned));
    wait(&mut state, 300);
    let shown = screen(&state, true, (80, 24));
    for text in ["https://git.example.net/x", "3f2a9c1", "77be012", "by hand", "NOT HEDGEROW'S", "press y to push"] {
        assert!(shown.contains(text), "{text}\n{shown}");
    }
    let effects = press(&mut state, "y");
    let id = started(&effects)[0].0;
    update(&mut state, Event::Finished(id, Ok(pushed(PushOutcome::Verified))));
    assert!(state.said.contains("Verified 77be012 on main"), "{}", state.said);
}

#[test]
fn an_error_is_told_in_full_with_its_remedy() {
    let mut state = state(false);
    let effects = press(&mut state, "f");
    let id = started(&effects)[0].0;
    let error = crate::error::Error::AuthDenied {
        remote: "https://h/x".to_owned(),
        detail: "remote: no \u{1b}[31maccess\nfatal: denied".to_owned(),
    };
    update(&mut state, Event::Finished(id, Err(Failure::from(&error))));
    assert!(state.said.contains("E-AUTH-DENIED"));
    press(&mut state, "e");
    let shown = screen(&state, true, (80, 24));
    for text in ["E-AUTH-DENIED", "What to do", "ls-remote", "fatal: denied", "\\x1b[31m"] {
        assert!(shown.contains(text), "{text}\n{shown}");
    }
    assert!(shown.contains("s save it to a file"), "{shown}");
    let [Effect::Save(report)] = &press(&mut state, "s")[..] else { panic!("nothing is saved") };
    for text in ["E-AUTH-DENIED", "State: nothing was changed", "* ", "no \\x1b[31maccess\nfatal: denied\n"] {
        assert!(report.contains(text), "{text}\n{report}");
    }
    press(&mut state, "Esc");
    assert_eq!(state.screen, Screen::Fabrics);
    assert!(press(&mut state, "s").is_empty() && matches!(state.dialog, Some(Dialog::Sort { .. })));
}

#[test]
fn nothing_owed_means_nothing_drawn() {
    let mut state = state(false);
    state.jobs.clear();
    state.is_dirty = false;
    wait(&mut state, 5000);
    assert!(!state.is_dirty);
    assert!(!state.needs_ticks());
}

#[test]
fn untrusted_text_of_a_plan_is_shown_not_sent() {
    let mut state = state(false);
    opened(&mut state, "N", planned(None));
    let shown = screen(&state, true, (80, 24));
    assert!(shown.contains("\\x1b[31m") && !shown.contains('\u{1b}'));
}
