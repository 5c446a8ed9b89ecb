//! What asks: plans that wait for each other, several fabrics at once, faces, the queue, errors.

use super::{opened, planned, press, pushed, screen, started, state, wait};
use crate::fabric::plan::{Change, ChangeKind};
use crate::ops::report::{PushOutcome, Report};
use crate::ops::{Failure, Mode, Operation, Outcome, PushRequest};
use crate::tui::dialog::Dialog;
use crate::tui::event::{Effect, Event};
use crate::tui::state::{Purpose, Screen, Stage, State};
use crate::tui::update::{jobs, update};

fn change(path: &str, change: ChangeKind) -> Change {
    Change { path: path.to_owned(), change, from: None, added_lines: 0, removed_lines: 9, before: None, after: None }
}

fn finish(state: &mut State, id: u64, outcome: Outcome) -> Vec<Effect> {
    update(state, Event::Finished(id, Ok(outcome)))
}

fn both(outcome: PushOutcome) -> Outcome {
    let mut one = pushed(outcome);
    let mut other = one.entries.clone();
    other[0].fabric = "dc2".to_owned();
    if let Ok(Report::Push(push)) = &mut other[0].result {
        push.plan = Some("cd".repeat(32));
    }
    one.entries.extend(other);
    one
}

fn ask_both(state: &mut State) {
    let fabrics = vec!["dc1".to_owned(), "dc2".to_owned()];
    let operation = Operation::Push(PushRequest { fabrics: fabrics.clone(), mode: Mode::Plan });
    let effects = jobs::start_all(state, operation, Purpose::Plan, &fabrics);
    let id = started(&effects)[0].0;
    finish(state, id, both(PushOutcome::Planned));
    wait(state, 300);
}

#[test]
fn a_plan_never_takes_the_place_of_an_open_question() {
    let mut state = state(false);
    state.rows[1].repository = "west".to_owned();
    opened(&mut state, "N", planned(None));
    wait(&mut state, 300);
    let second = jobs::start(
        &mut state,
        Operation::Push(PushRequest { fabrics: vec!["dc2".to_owned()], mode: Mode::Plan }),
        Purpose::Plan,
        "dc2",
    );
    let id = started(&second)[0].0;
    finish(&mut state, id, pushed(PushOutcome::Planned));
    assert!(screen(&state, true, (80, 24)).contains("press y to ingest"), "the first is still asked");
    let effects = press(&mut state, "y");
    assert!(matches!(started(&effects)[0].1, Operation::Ingest(_)));
    assert!(press(&mut state, "y").is_empty(), "the next question is not armed yet");
    assert!(!screen(&state, true, (80, 24)).contains("press y"));
    wait(&mut state, 250);
    assert!(screen(&state, true, (80, 24)).contains("press y to push"));
}

#[test]
fn several_fabrics_are_one_dialog_a_typed_number_and_one_job_a_repository() {
    let mut state = state(false);
    state.rows[1].repository = "west".to_owned();
    ask_both(&mut state);
    let shown = screen(&state, true, (80, 40));
    assert!(shown.contains("type 2 to push 2 fabrics") && shown.contains("dc2"), "{shown}");
    assert!(press(&mut state, "y Enter").is_empty());
    update(&mut state, Event::Key(super::event("Backspace")));
    let effects = press(&mut state, "2 Enter");
    let jobs = started(&effects);
    assert_eq!(jobs.len(), 2, "different repositories run side by side");
    let Operation::Push(request) = jobs[1].1 else { panic!() };
    assert_eq!(
        (request.fabrics.clone(), &request.mode),
        (vec!["dc2".to_owned()], &Mode::Apply { expect: vec!["cd".repeat(32)] })
    );
    let ids: Vec<u64> = jobs.iter().map(|(id, _)| *id).collect();
    finish(&mut state, ids[0], pushed(PushOutcome::Verified));
    let failure = Failure::from(&crate::error::Error::PushHook {
        branch: "main".to_owned(),
        is_ours: false,
        detail: "no".to_owned(),
    });
    update(&mut state, Event::Finished(ids[1], Err(failure)));
    assert_eq!(state.said, "push  1 pushed, 1 failed (dc2); e tells why");
}

#[test]
fn fabrics_of_one_repository_are_written_together() {
    let mut state = state(false);
    ask_both(&mut state);
    let effects = press(&mut state, "2 Enter");
    let jobs = started(&effects);
    assert_eq!(jobs.len(), 1);
    let Operation::Push(request) = jobs[0].1 else { panic!() };
    assert_eq!(request.fabrics.len(), 2);
}

#[test]
fn every_file_is_listed_deletions_first_and_deleting_wants_the_name() {
    let mut state = state(false);
    let mut plan = planned(None);
    if let Ok(Report::Write(write)) = &mut plan.entries[0].result {
        write.changes = (0..60).map(|n| change(&format!("managed/vpcs/a{n}.yaml"), ChangeKind::Added)).collect();
        write.changes.push(change("managed/vpcs/z.yaml", ChangeKind::Deleted));
    }
    opened(&mut state, "N", plan);
    wait(&mut state, 300);
    let shown = screen(&state, true, (80, 24));
    assert!(shown.contains("managed resources are deleted, type dc1 to ingest"), "{shown}");
    update(&mut state, Event::Key(super::event("Ctrl-D")));
    let shown = screen(&state, true, (80, 24));
    let (deleted, added) = (shown.find("D managed/vpcs/z.yaml").unwrap(), shown.find("A managed/vpcs/a0").unwrap());
    assert!(deleted < added, "{shown}");
    let Some(Dialog::Confirm(confirm)) = &state.dialog else { panic!() };
    assert_eq!(confirm.typed.as_ref().unwrap().input, "");
}

#[test]
fn a_plan_is_told_as_a_command() {
    let mut state = state(false);
    opened(&mut state, "N", planned(None));
    wait(&mut state, 300);
    assert!(press(&mut state, "c").is_empty());
    let shown = screen(&state, true, (80, 24));
    assert!(shown.contains("hedgerow ingest dc1 --expect-plan 7f3a21c9 --yes"), "{shown}");
    press(&mut state, "c");
    assert!(!screen(&state, true, (80, 24)).contains("--expect-plan"));
}

#[test]
fn the_queue_says_behind_whom_and_a_log_says_when() {
    let mut state = state(false);
    let first = press(&mut state, "f");
    let id = started(&first)[0].0;
    press(&mut state, "j f");
    assert!(screen(&state, true, (80, 24)).contains(&format!("queued behind {id} (same repository)")));
    press(&mut state, "o j x");
    assert!(state.said.contains("dropped from the queue"), "{}", state.said);
    assert!(!state.jobs.iter().any(|job| job.stage == Stage::Queued));
    press(&mut state, "k Enter");
    assert_eq!(state.screen, Screen::Log { id, scroll: 0 });
    let shown = screen(&state, true, (80, 24));
    assert!(shown.contains("same as: hedgerow fetch dc1") && shown.contains("started"), "{shown}");
}

#[test]
fn quitting_names_what_runs_and_drops_only_the_queue() {
    let mut state = state(false);
    let first = press(&mut state, "f");
    let id = started(&first)[0].0;
    press(&mut state, "j f q");
    let shown = screen(&state, true, (80, 24));
    assert!(
        shown.contains("1 operation is running and 1 queued") && shown.contains("queued, can be dropped"),
        "{shown}"
    );
    assert!(press(&mut state, "d").is_empty());
    assert!(state.leaving && state.jobs.iter().any(|job| job.id == id));
    let effects = update(&mut state, Event::Finished(id, Err(Failure::from(&crate::error::Error::Stopped))));
    assert!(effects.contains(&Effect::Quit));
}

#[test]
fn errors_are_read_one_after_the_other_and_long_ones_from_their_end() {
    let mut state = state(false);
    for (row, last) in ["first line", "other line"].into_iter().enumerate() {
        let lines: Vec<String> = (0..80).map(|n| format!("line {n} of it")).collect();
        let detail = format!("{}\n{last}", lines.join("\n"));
        let error = crate::error::Error::PushHook { branch: format!("b{row}"), is_ours: false, detail };
        let done = Some("your commits are safe here".to_owned());
        state.rows[row].failure = Some(Failure { done, ..Failure::from(&error) });
    }
    press(&mut state, "e");
    let shown = screen(&state, true, (80, 24));
    for text in ["Error 1 of 2", "first line", "State", "your commits are safe here", "exit code 6"] {
        assert!(shown.contains(text), "{text}\n{shown}");
    }
    assert!(!shown.contains("line 0 "));
    press(&mut state, "g");
    assert!(screen(&state, true, (80, 24)).contains("line 0 "), "{}", screen(&state, true, (80, 24)));
    press(&mut state, "]");
    assert!(screen(&state, true, (80, 24)).contains("other line"));
    press(&mut state, "]");
    assert!(screen(&state, true, (80, 24)).contains("first line"), "round and round");
}

#[test]
fn the_subject_is_edited_planned_anew_and_asked_about_again() {
    let mut state = state(false);
    opened(&mut state, "N", planned(None));
    wait(&mut state, 300);
    assert!(press(&mut state, "e").is_empty());
    let shown = screen(&state, true, (80, 24));
    assert!(shown.contains("Subject: ") && !shown.contains("press y"), "{shown}");
    let effects = press(&mut state, "Ctrl-U y N Enter");
    let jobs = started(&effects);
    let Operation::Ingest(request) = jobs[0].1 else { panic!("no plan: {jobs:?}") };
    assert_eq!((request.message.as_deref(), &request.mode), (Some("yN"), &Mode::Plan));
    update(&mut state, Event::Finished(jobs[0].0, Ok(planned(None))));
    wait(&mut state, 300);
    press(&mut state, "e Ctrl-U Enter");
    assert!(state.dialog.is_some(), "an empty subject is none");
    press(&mut state, "Esc");
    let effects = press(&mut state, "y");
    let Operation::Ingest(request) = started(&effects)[0].1 else { panic!("nothing started") };
    assert_eq!(request.message.as_deref(), Some("yN"));
    let mut state = super::state(false);
    opened(&mut state, "P", pushed(PushOutcome::Planned));
    wait(&mut state, 300);
    press(&mut state, "e");
    assert!(screen(&state, true, (80, 24)).contains("press y to push"), "a push has no subject");
}
