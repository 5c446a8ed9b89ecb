//! What comes late, goes past the end, or stands beside what is shown.

use std::path::PathBuf;
use std::sync::Arc;

use super::words::command;
use super::*;
use crate::config::edit::Addition;
use crate::fabric::finding::{Finding, Severity};
use crate::fabric::plan::{Change, ChangeKind};
use crate::ops::add::{AddPlan, AddRequest};
use crate::ops::joint::{Joint, Reach};
use crate::ops::look::Against;
use crate::ops::report::seen::DiffReport;
use crate::ops::report::{StatusReport, ValidateReport};
use crate::tui::dialog::Confirm;
use crate::tui::setup::{Answer, Shared, Wish};
use crate::tui::state::{Focus, Tab};
use crate::tui::viewer::{Paper, Viewer};

fn joint(request: &AddRequest) -> Shared<Joint> {
    let addition = Addition {
        fabric: request.name.clone(),
        repository: request.repository.clone(),
        new_repository: None,
        directory: request.directory.clone(),
        profile: None,
    };
    let add = AddPlan { path: PathBuf::from("/c.yaml"), addition, config: Config::default() };
    Shared(Arc::new(Joint { add, init: None, push: None, reach: Reach::Add, notes: Vec::new() }))
}

/// Fills the form and asks for its plan.
fn asked(state: &mut State) -> AddRequest {
    let effects = press(state, "A d c 9 Enter x Enter");
    let [Effect::Wish(Wish::Plan(request))] = &effects[..] else { panic!("{effects:?}") };
    request.clone()
}

fn planned_addition(state: &mut State, request: &AddRequest) {
    update(state, Event::Answered(Box::new(Answer::Planned(request.clone(), Ok(joint(request))))));
}

#[test]
fn an_addition_that_was_cancelled_is_never_asked_about() {
    let mut state = state(false);
    let request = asked(&mut state);
    press(&mut state, "Esc");
    opened(&mut state, "N", planned(None));
    planned_addition(&mut state, &request);
    let Some(Dialog::Confirm(open)) = &state.dialog else { panic!("{:?}", state.dialog) };
    assert!(open.joint.is_none() && state.waiting.is_empty());
    let mut state = super::state(false);
    let request = asked(&mut state);
    assert!(press(&mut state, "Enter").is_empty(), "it is asked for already");
    press(&mut state, "y");
    planned_addition(&mut state, &request);
    assert!(matches!(state.dialog, Some(Dialog::Form(_))), "the form says something else now");
    let effects = press(&mut state, "Enter");
    let [Effect::Wish(Wish::Plan(request))] = &effects[..] else { panic!("{effects:?}") };
    planned_addition(&mut state, request);
    assert!(matches!(&state.dialog, Some(Dialog::Confirm(open)) if open.joint.is_some()));
}

#[test]
fn an_addition_that_fails_lets_one_leave() {
    let mut state = state(false);
    let request = asked(&mut state);
    (state.dialog, state.leaving, state.adding) = (None, true, Some(request.name.clone()));
    let failure = Failure::from(&crate::error::Error::Stopped);
    let effects = update(&mut state, Event::Answered(Box::new(Answer::Added(joint(&request), Err(failure)))));
    assert_eq!(effects, [Effect::Quit]);
}

fn long(state: &mut State) {
    let mut plan = planned(None);
    if let Ok(Report::Write(write)) = &mut plan.entries[0].result {
        let change = |n| Change {
            path: format!("managed/vpcs/a{n:02}.yaml"),
            change: ChangeKind::Added,
            from: None,
            added_lines: 1,
            removed_lines: 0,
            before: None,
            after: None,
        };
        write.changes = (0..60).map(change).collect();
    }
    opened(state, "N", plan);
    wait(state, 300);
    press(state, "d");
}

#[test]
fn a_plan_scrolls_to_its_end_and_back_at_once() {
    let scroll = |state: &State| match &state.dialog {
        Some(Dialog::Confirm(confirm)) => confirm.scroll,
        other => panic!("{other:?}"),
    };
    for size in [(80, 24), (120, 40), (50, 14)] {
        let mut state = state(false);
        state.size = size;
        long(&mut state);
        press(&mut state, "G");
        let (end, most) = (screen(&state, true, size), scroll(&state));
        assert!(end.contains("a59.yaml") && !end.contains("more lines"), "{end}");
        press(&mut state, "j j j");
        assert_eq!(scroll(&state), most, "nothing stands behind the end");
        press(&mut state, "k");
        assert!(screen(&state, true, size).contains("1 more lines"), "{}", screen(&state, true, size));
        press(&mut state, "g");
        assert!(screen(&state, true, size).contains("a00.yaml"));
    }
}

#[test]
fn a_log_and_a_message_scroll_to_their_end_and_back_at_once() {
    let mut state = state(false);
    press(&mut state, "f o Enter");
    state.jobs.last_mut().unwrap().log = (0..50).map(|n| format!("step {n:02}")).collect();
    press(&mut state, "G");
    let shown = screen(&state, true, (80, 24));
    assert!(shown.contains("step 49") && shown.contains("step 45"), "{shown}");
    press(&mut state, "j j k");
    let shown = screen(&state, true, (80, 24));
    assert!(shown.contains("step 48") && !shown.contains("step 49"), "{shown}");
    let detail = (0..80).map(|n| format!("line {n:02} of it")).collect::<Vec<_>>().join("\n");
    let error = crate::error::Error::PushHook { branch: "main".to_owned(), is_ours: false, detail };
    state.rows[0].failure = Some(Failure::from(&error));
    press(&mut state, "e g");
    assert!(screen(&state, true, (80, 24)).contains("line 00"));
    press(&mut state, "k k j");
    let shown = screen(&state, true, (80, 24));
    assert!(!shown.contains("line 00") && shown.contains("line 01"), "{shown}");
}

#[test]
fn read_only_is_judged_by_the_fabrics_that_are_named() {
    let mut state = state(false);
    let mut status = fleet::status();
    status.read_only = Some("the profile is read-only".to_owned());
    state.rows[0].status = Some(Ok(status));
    assert!(started(&command(&mut state, "push dc1")).is_empty() && state.said.contains("READ-ONLY"));
    assert_eq!(started(&command(&mut state, "push dc2")).len(), 1, "{}", state.said);
    state.selected = 1;
    assert!(started(&command(&mut state, "fetch dc1")).is_empty() && state.said.contains("READ-ONLY"));
    assert!(started(&command(&mut state, "status dc1 --fetch")).is_empty() && state.said.contains("READ-ONLY"));
    assert_eq!(started(&command(&mut state, "status dc1")).len(), 2);
}

fn viewer(state: &mut State, back: Screen) {
    let lines = (0..90).map(|n| format!("line {n}")).collect();
    state.screen = Screen::View(Box::new(Viewer::new("x".to_owned(), Paper::Plain, Arc::new(lines), 0, back)));
}

#[test]
fn the_operations_have_their_keys_over_a_viewer_too() {
    let mut state = state(false);
    press(&mut state, "f j f");
    viewer(&mut state, Screen::Fabrics);
    press(&mut state, "o j");
    let Screen::View(open) = &state.screen else { panic!("{:?}", state.screen) };
    assert_eq!((open.top, state.operation, state.focus), (0, 1, Focus::Operations));
    press(&mut state, "o w j l");
    let Screen::View(open) = &state.screen else { panic!("{:?}", state.screen) };
    assert_eq!((open.top, open.left, open.wraps, state.focus), (1, 0, true, Focus::Main));
}

fn validated(fabric: &str) -> Outcome {
    let error = Finding::file(Severity::Error, "HH-VP5", "raw/a.yaml", "m", "r");
    let place = Some(PathBuf::from("/src"));
    let report = ValidateReport { findings: vec![error; 2], place, ..ValidateReport::default() };
    let entry = Entry { fabric: fabric.to_owned(), result: Ok(Report::Validate(report)) };
    Outcome { entries: vec![entry], warnings: Vec::new() }
}

fn validate(state: &mut State, meanwhile: impl Fn(&mut State)) {
    let effects = press(state, "v");
    meanwhile(state);
    update(state, Event::Finished(started(&effects)[0].0, Ok(validated("dc1"))));
}

#[test]
fn findings_never_take_the_screen_from_who_types_answers_or_reads() {
    let typing: fn(&mut State) = |state| drop(press(state, "/ d"));
    let asking: fn(&mut State) = |state| drop(press(state, ","));
    let reading: fn(&mut State) = |state| viewer(state, Screen::Fabrics);
    for meanwhile in [typing, asking, reading] {
        let mut state = state(false);
        validate(&mut state, meanwhile);
        assert!(!matches!(state.screen, Screen::Findings { .. }));
        assert!(state.said.contains("2 errors") && state.said.ends_with("; v shows them"), "{}", state.said);
    }
    let mut state = state(false);
    validate(&mut state, |state| drop(press(state, "Enter ]")));
    assert!(matches!(state.screen, Screen::Findings { .. }) && !state.said.contains("shows them"));
    validate(&mut state, |state| drop(press(state, "j")));
    assert!(matches!(state.screen, Screen::Findings { selected: 0, .. }), "checked again");
}

#[test]
fn what_is_masked_is_not_opened_in_the_editor() {
    let mut state = state(false);
    validate(&mut state, |_| {});
    assert!(matches!(press(&mut state, "Enter")[..], [Effect::Edit(..)]));
    state.preferences.privacy = true;
    assert!(press(&mut state, "Enter").is_empty());
    assert!(state.said.starts_with("the editor would show what is masked: "), "{}", state.said);
}

#[test]
fn keys_concern_the_fabric_that_is_shown() {
    let current = |state: &State| state.current().unwrap().name.clone();
    let mut state = state(false);
    press(&mut state, "j Enter");
    let back = state.screen.clone();
    state.selected = 0;
    viewer(&mut state, back);
    assert_eq!(current(&state), "dc2");
    state.screen = Screen::Fabrics;
    press(&mut state, "j f o Enter");
    state.selected = 0;
    assert!(matches!(state.screen, Screen::Log { .. }));
    assert_eq!(current(&state), "dc2");
    for row in &mut state.rows {
        row.failure = Some(Failure::from(&crate::error::Error::Stopped));
    }
    state.screen = Screen::Fabrics;
    let shown = |state: &mut State, key| {
        press(state, key);
        current(state)
    };
    assert_eq!(["e", "]", "]"].map(|key| shown(&mut state, key)), ["dc1", "dc2", "dc1"]);
}

#[test]
fn a_difference_that_only_the_viewer_wanted_is_not_the_tabs() {
    let mut state = state(false);
    state.rows[0].status = Some(Ok(fleet::status()));
    press(&mut state, "d");
    let diff = |against| Operation::Diff { fabrics: vec!["dc1".to_owned()], against };
    let read = |state: &mut State, operation: Operation| {
        state.jobs.clear();
        let effects = super::super::jobs::start(state, operation, crate::tui::state::Purpose::Status, "dc1");
        let report = DiffReport { from: "a".to_owned(), to: "b".to_owned(), files: Vec::new() };
        let entry = Entry { fabric: "dc1".to_owned(), result: Ok(Report::Diff(Box::new(report))) };
        let outcome = Outcome { entries: vec![entry], warnings: Vec::new() };
        update(state, Event::Finished(started(&effects)[0].0, Ok(outcome)));
        state.looked.diff.get().is_some()
    };
    assert!(matches!(&state.screen, Screen::Fabric(open) if open.tab == Tab::Diff));
    for against in [Against::Commit("3f2a9c1".to_owned()), Against::Revision("v1".to_owned()), Against::Remote] {
        assert!(!read(&mut state, diff(against)));
    }
    assert!(read(&mut state, diff(Against::Local)));
}

#[test]
fn subjects_that_differ_begin_empty_and_interrupt_leaves_the_line() {
    let mut entries = planned(None).entries;
    entries.push(Entry { fabric: "dc2".to_owned(), ..entries[0].clone() });
    let confirm = |entries: &[Entry]| {
        let then = Operation::Fetch { fabrics: Vec::new() };
        let asked = crate::ops::question::Question::Yes;
        Confirm::new(entries.to_vec(), String::new(), then, String::new(), asked).commit_subject()
    };
    assert_eq!(confirm(&entries).as_deref(), Some("ingest(dc1): 1 resource"));
    if let Ok(Report::Write(write)) = &mut entries[1].result {
        write.plan.as_mut().unwrap().subject = "ingest(dc2): 4 resources".to_owned();
    }
    assert_eq!(confirm(&entries).as_deref(), Some(""));
    let mut state = state(false);
    opened(&mut state, "N", planned(None));
    wait(&mut state, 300);
    press(&mut state, "e Ctrl-C");
    assert!(matches!(&state.dialog, Some(Dialog::Confirm(confirm)) if confirm.subject.is_none()));
}

#[test]
fn what_stands_over_a_fabric_leads_back_to_it_and_leaves_out_what_it_leaves_out() {
    let mut state = state(false);
    state.rows[0].status = Some(Ok(StatusReport { raw: fleet::raw(), ..fleet::status() }));
    press(&mut state, "Enter Space");
    let opened = state.screen.clone();
    let Screen::Fabric(open) = &opened else { panic!("{opened:?}") };
    assert_eq!(open.left_out.len(), 1);
    validate(&mut state, |_| {});
    assert!(matches!(state.screen, Screen::Findings { .. }));
    let effects = press(&mut state, "N");
    let Operation::Ingest(request) = started(&effects)[0].1 else { panic!("nothing started") };
    let files = state.rows[0].status.as_ref().unwrap().as_ref().unwrap().raw.files.len();
    assert_eq!(request.only.len(), files - 1);
    assert!(!request.only.contains(open.left_out.first().unwrap()));
    press(&mut state, "Esc");
    assert_eq!(state.screen, opened);
    state.rows[0].failure = Some(Failure::from(&crate::error::Error::Stopped));
    press(&mut state, "e");
    assert!(matches!(state.screen, Screen::Error { .. }));
    press(&mut state, "] Esc");
    assert_eq!(state.screen, opened);
    press(&mut state, "Esc e Esc");
    assert_eq!(state.screen, Screen::Fabrics, "opened over the list");
}

/// A plan of `N` that is ready only after something was done.
fn planned_meanwhile(state: &mut State, meanwhile: impl FnOnce(&mut State)) {
    let effects = press(state, "N");
    let id = started(&effects)[0].0;
    wait(state, 100);
    meanwhile(state);
    update(state, Event::Finished(id, Ok(planned(None))));
}

#[test]
fn a_dialog_never_comes_between_the_letters_of_what_is_typed_or_read() {
    let mut state = state(false);
    planned_meanwhile(&mut state, |state| drop(press(state, "/ g a l a x")));
    for _ in 0..4 {
        wait(&mut state, 300);
        assert!(press(&mut state, "y").is_empty());
    }
    assert!(state.dialog.is_none());
    assert_eq!(state.list.filter, "galaxyyyy");
    press(&mut state, "Enter");
    assert!(matches!(state.dialog, Some(Dialog::Confirm(_))), "once it is typed");
    wait(&mut state, 300);
    assert!(press(&mut state, "y").is_empty(), "not yet: it came late");
    wait(&mut state, 1000);
    assert_eq!(started(&press(&mut state, "y")).len(), 1);
    let mut state = super::state(false);
    planned_meanwhile(&mut state, |state| viewer(state, Screen::Fabrics));
    wait(&mut state, 2000);
    assert!(state.dialog.is_none() && state.said.ends_with("waiting for your answer; Esc shows it"), "{}", state.said);
    press(&mut state, "Esc");
    assert!(matches!(state.dialog, Some(Dialog::Confirm(_))));
}

#[test]
fn a_dialog_that_comes_late_waits_for_a_second_without_keys() {
    let moving: fn(&mut State) = |state| drop(press(state, "j"));
    let away: fn(&mut State) = |state| wait(state, 5000);
    for meanwhile in [moving, away] {
        let mut state = state(false);
        planned_meanwhile(&mut state, meanwhile);
        wait(&mut state, 999);
        assert!(press(&mut state, "y").is_empty());
        wait(&mut state, 999);
        assert!(press(&mut state, "n").is_empty() && state.dialog.is_some());
        wait(&mut state, 1000);
        assert_eq!(started(&press(&mut state, "y")).len(), 1);
    }
}

#[test]
fn an_ingest_that_leaves_out_everything_is_none() {
    let mut state = state(false);
    state.rows[0].status = Some(Ok(StatusReport { raw: fleet::raw(), ..fleet::status() }));
    press(&mut state, "Enter Space j Space j Space");
    assert!(press(&mut state, "N").is_empty());
    assert_eq!(state.said, "every raw file is left out; Space in Raw takes one in again");
    press(&mut state, "Space");
    let effects = press(&mut state, "N");
    let Operation::Ingest(request) = started(&effects)[0].1 else { panic!("nothing started") };
    assert_eq!(request.only.len(), 1);
}

#[test]
fn a_pull_of_what_has_diverged_shows_the_ways_out() {
    let diverged = || crate::error::Error::RepoDiverged {
        branch: "main".to_owned(),
        upstream: "origin/main".to_owned(),
        ahead: 1,
        behind: 2,
        is_ours: false,
    };
    let pull = |meanwhile: &str| {
        let mut state = state(false);
        let id = started(&press(&mut state, "p"))[0].0;
        press(&mut state, meanwhile);
        let entry = Entry { fabric: "dc1".to_owned(), result: Err(Failure::from(&diverged())) };
        update(&mut state, Event::Finished(id, Ok(Outcome { entries: vec![entry], warnings: Vec::new() })));
        state
    };
    let shown = screen(&pull("g"), true, (80, 24));
    assert!(shown.contains("git pull --rebase") && shown.contains("hedgerow diff dc1 --remote"), "{shown}");
    for elsewhere in ["j", "/ d", ","] {
        assert!(!matches!(pull(elsewhere).screen, Screen::Error { .. }), "{elsewhere}");
    }
}
