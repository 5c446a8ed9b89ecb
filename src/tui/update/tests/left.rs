//! What is left: by the last session, by the configuration, by an operation, to be read and copied.

use super::{planned, press, screen, started, state, wait};
use crate::config::Remark;
use crate::ops::settle::{Settled, Verdict};
use crate::ops::{Failure, Outcome};
use crate::tui::event::{Effect, Event};
use crate::tui::setup::Answer;
use crate::tui::state::{Screen, Stage};
use crate::tui::update::update;

fn settled(fabric: &str, sentence: &str, verdict: Verdict) -> Settled {
    let is_certain = verdict != Verdict::Open;
    Settled { fabric: fabric.to_owned(), sentence: sentence.to_owned(), is_certain, verdict }
}

const VERIFIED: &str = "Verified: dc1, origin/main has 77be012; the last session left its push open.";
const UNCERTAIN: &str = "Uncertain: dc2, origin/main could not be read: no route; the last session left its push open.";

#[test]
fn the_verdict_on_a_push_that_was_left_open_is_read_in_every_window() {
    let mut state = state(false);
    let one = vec![settled("dc1", VERIFIED, Verdict::Verified)];
    update(&mut state, Event::Answered(Box::new(Answer::Settled(one))));
    for size in [(80, 24), (50, 14)] {
        state.size = size;
        let shown = screen(&state, true, size);
        assert!(shown.contains("> Verified: dc1, origin"), "{shown}");
        assert!(!shown.contains("Nothing was done yet"), "{shown}");
    }
    state.size = (80, 24);
    press(&mut state, "o Enter");
    assert!(matches!(state.screen, Screen::Log { .. }));
    assert!(screen(&state, true, (80, 24)).contains("the last session left it open"));
}

#[test]
fn of_several_each_is_listed_and_the_line_says_how_many() {
    let mut state = state(false);
    let some = [
        settled("dc1", VERIFIED, Verdict::Verified),
        settled("dc2", UNCERTAIN, Verdict::Open),
        settled("netops", "a half-written ingest was undone", Verdict::Repaired),
    ];
    update(&mut state, Event::Answered(Box::new(Answer::Settled(some.into()))));
    assert!(state.said.starts_with("3 left by the last session, 4 lists them; Verified: dc1"), "{}", state.said);
    let listed: Vec<(&str, Stage)> = state.listed().iter().map(|job| (job.fabric.as_str(), job.stage)).collect();
    assert_eq!(listed, [("netops", Stage::Done), ("dc2", Stage::Uncertain), ("dc1", Stage::Done)]);
    assert!(!state.is_busy(), "nothing runs");
}

#[test]
fn warnings_are_counted_first_and_all_of_them_can_be_read() {
    let mut state = state(false);
    let remark = |line| Remark { line, column: 1, stops: false, message: format!("keys: P is taken, rule {line}") };
    state.warn(&(1..=6).map(remark).collect::<Vec<_>>());
    assert!(state.said.starts_with("6 warnings in the configuration, e lists them; line 1: "), "{}", state.said);
    press(&mut state, "e");
    let shown = screen(&state, true, (80, 24));
    assert!(shown.contains("line 6: keys: P is taken, rule 6") && shown.contains("hedgerow config check"), "{shown}");
    state.configure(&crate::config::Config::default());
    assert!(state.errors().is_empty(), "read again, and nothing odd any more");
}

fn copied(state: &mut crate::tui::state::State, key: &str) -> String {
    let effects = press(state, &format!("y {key}"));
    let [Effect::Copy { text, .. }] = &effects[..] else { panic!("nothing is copied: {effects:?}") };
    text.clone()
}

#[test]
fn an_operations_command_is_copied_where_the_operation_is_shown() {
    let mut state = state(false);
    let name = "a-fabric-with-a-long-name-in-a-narrow-window";
    state.rows[0].name = name.to_owned();
    press(&mut state, "f");
    assert_eq!(copied(&mut state, "m"), format!("hedgerow status {name}"), "the list is about the fabric");
    press(&mut state, "o");
    assert_eq!(copied(&mut state, "m"), format!("hedgerow fetch {name}"));
    press(&mut state, "Enter");
    assert_eq!(copied(&mut state, "m"), format!("hedgerow fetch {name}"));
    state.size = (50, 14);
    let shown = screen(&state, true, (50, 14));
    assert!(shown.contains("same as: hedgerow fetch") && shown.contains(name), "the line is wrapped:\n{shown}");
}

#[test]
fn a_report_has_the_command_the_number_and_the_time() {
    let mut state = state(false);
    state.now.clock = "09:15:02".to_owned();
    let effects = press(&mut state, "f");
    let id = started(&effects)[0].0;
    let error = crate::error::Error::PushHook { branch: "main".to_owned(), is_ours: false, detail: "no".to_owned() };
    update(&mut state, Event::Finished(id, Err(Failure::from(&error))));
    press(&mut state, "e");
    let report = copied(&mut state, "e");
    for text in ["Command: hedgerow fetch dc1\n", &format!("Operation {id}, ended 09:15:02\n")] {
        assert!(report.contains(text), "{report}");
    }
    state.jobs.clear();
    assert!(copied(&mut state, "e").contains("Command: hedgerow status dc1\n"), "of a reading");
}

#[test]
fn a_plan_that_waited_in_the_queue_covers_no_other_pane() {
    let mut state = state(false);
    let fetch = started(&press(&mut state, "f"))[0].0;
    wait(&mut state, 100);
    assert!(started(&press(&mut state, "N")).is_empty(), "queued");
    wait(&mut state, 100);
    press(&mut state, "o");
    wait(&mut state, 20_000);
    let error = crate::error::Error::PushHook { branch: "main".to_owned(), is_ours: false, detail: "no".to_owned() };
    let effects = update(&mut state, Event::Finished(fetch, Err(Failure::from(&error))));
    let plan = started(&effects).iter().find(|(_, operation)| operation.name() == "ingest").unwrap().0;
    update(&mut state, Event::Finished(plan, Ok(planned(None))));
    assert!(state.dialog.is_none());
    assert_eq!(state.said, "ingest dc1  waiting for your answer; Esc shows it");
    press(&mut state, "Esc");
    assert!(state.dialog.is_some(), "back in the list");
}

#[test]
fn what_a_reading_finished_of_a_run_that_was_cut_off_is_said_and_listed() {
    let mut state = state(false);
    let fetch = started(&press(&mut state, "f"))[0].0;
    let told = "netops: an earlier ingest was cut off after commit 57c5fed; 3 files were brought up to date";
    let outcome = Outcome { entries: Vec::new(), warnings: vec![told.to_owned()] };
    update(&mut state, Event::Finished(fetch, Ok(outcome)));
    assert!(state.said.ends_with(told), "{}", state.said);
    assert!(state.listed().iter().any(|job| job.result == told));
}
