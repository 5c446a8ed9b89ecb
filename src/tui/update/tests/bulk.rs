//! Bulk: one answer over several fabrics is counted as that answer's fabrics, and nothing else is.

use super::{press, pushed, started, state, wait};
use crate::ops::report::{PushOutcome, Report};
use crate::ops::{Entry, Failure, Mode, Operation, Outcome, PushRequest};
use crate::tui::event::{Effect, Event};
use crate::tui::state::{JobId, Purpose, Row, Stage, State};
use crate::tui::update::{jobs, update};

const NAMES: [&str; 5] = ["dc1", "dc2", "dc3", "lab", "edge"];

/// Fabrics of several repositories.
fn fleet() -> State {
    let mut state = state(false);
    let row = |name: &str| Row { name: name.to_owned(), repository: name.to_owned(), status: None, failure: None };
    state.rows = NAMES.map(row).into();
    state.arrange();
    state
}

fn entry(fabric: &str, outcome: PushOutcome) -> Entry {
    Entry { fabric: fabric.to_owned(), ..pushed(outcome).entries.remove(0) }
}

fn refused(fabric: &str) -> Entry {
    let error = crate::error::Error::PushHook { branch: "main".to_owned(), is_ours: false, detail: "no".to_owned() };
    Entry { fabric: fabric.to_owned(), result: Err(Failure::from(&error)) }
}

fn end(state: &mut State, id: JobId, entries: Vec<Entry>) -> Vec<Effect> {
    update(state, Event::Finished(id, Ok(Outcome { entries, warnings: Vec::new() })))
}

/// Asks to push these fabrics; their plans are as given.
fn ask(state: &mut State, entries: Vec<Entry>) {
    let fabrics: Vec<String> = entries.iter().map(|entry| entry.fabric.clone()).collect();
    let operation = Operation::Push(PushRequest { fabrics: fabrics.clone(), mode: Mode::Plan });
    let effects = jobs::start_all(state, operation, Purpose::Plan, &fabrics);
    let id = started(&effects)[0].0;
    end(state, id, entries);
    wait(state, 300);
}

fn ids(effects: &[Effect]) -> Vec<JobId> {
    started(effects).into_iter().filter(|(_, operation)| operation.name() != "status").map(|(id, _)| id).collect()
}

/// Two pushes that run and a third that waits behind the fetch of its repository.
fn third_waits(state: &mut State) -> Vec<JobId> {
    ask(state, ["dc1", "dc2", "dc3"].map(|name| entry(name, PushOutcome::Planned)).into());
    let fetch = Operation::Fetch { fabrics: vec!["dc3".to_owned()] };
    jobs::start(state, fetch, Purpose::Act, "dc3");
    ids(&press(state, "3 Enter"))
}

#[test]
fn an_operation_that_came_later_is_never_counted_as_one_of_the_answer() {
    let mut state = fleet();
    let pushes = third_waits(&mut state);
    assert_eq!(pushes.len(), 2);
    let dropped = state.jobs.iter().find(|job| job.stage == Stage::Queued).unwrap().id;
    press(&mut state, "o");
    state.operation = state.listed().iter().position(|job| job.id == dropped).unwrap();
    press(&mut state, "x");
    assert_eq!(state.said, "push dc3  dropped from the queue; nothing was written");
    let fetch = Operation::Fetch { fabrics: vec!["lab".to_owned()] };
    let other = ids(&jobs::start(&mut state, fetch, Purpose::Act, "lab"))[0];
    assert!(other > dropped, "no number is given twice");
    end(&mut state, pushes[0], vec![entry("dc1", PushOutcome::Verified)]);
    end(&mut state, other, vec![entry("lab", PushOutcome::NoChange)]);
    end(&mut state, pushes[1], vec![entry("dc2", PushOutcome::Verified)]);
    assert_eq!(state.said, "push  2 pushed, 1 dropped (dc3)");
    assert!(state.bulks.is_empty());
}

#[test]
fn the_last_of_an_answer_to_be_dropped_ends_it() {
    let mut state = fleet();
    let pushes = third_waits(&mut state);
    end(&mut state, pushes[0], vec![entry("dc1", PushOutcome::Verified)]);
    end(&mut state, pushes[1], vec![refused("dc2")]);
    press(&mut state, "q d");
    assert_eq!(state.said, "push  1 pushed, 1 failed (dc2), 1 dropped (dc3); e tells why");
    assert!(state.leaving && state.bulks.is_empty());
}

#[test]
fn what_a_plan_left_out_is_part_of_what_came_of_it() {
    let mut state = fleet();
    let plans = [
        entry("dc1", PushOutcome::Planned),
        entry("dc2", PushOutcome::Planned),
        entry("dc3", PushOutcome::NoChange),
        refused("lab"),
        refused("edge"),
    ];
    ask(&mut state, plans.into());
    let pushes = ids(&press(&mut state, "2 Enter"));
    end(&mut state, pushes[0], vec![entry("dc1", PushOutcome::Verified)]);
    assert!(!state.said.contains("failed"), "not all have ended: {}", state.said);
    end(&mut state, pushes[1], vec![entry("dc2", PushOutcome::NoChange)]);
    assert_eq!(state.said, "push  1 pushed, 2 nothing to do, 2 failed (lab, edge); e tells why");
}

#[test]
fn every_operation_has_its_own_word_and_a_stopped_one_is_not_unchanged() {
    let fabrics: Vec<String> = vec!["dc1".to_owned(), "dc2".to_owned()];
    let fetched = |name: &str| {
        let report = crate::ops::report::RemoteReport {
            outcome: crate::ops::report::RemoteOutcome::Updated,
            branch: "main".to_owned(),
            before: None,
            after: Some("77be012aaaa".to_owned()),
            head: None,
            checked_at: None,
            settled: None,
        };
        Entry { fabric: name.to_owned(), result: Ok(Report::Remote(report)) }
    };
    let stopped = Entry { fabric: "dc2".to_owned(), result: Err(Failure::from(&crate::error::Error::Stopped)) };
    let cases = [
        (Operation::Fetch { fabrics: fabrics.clone() }, "fetch 2 fabrics  1 fetched, 1 stopped (dc2)"),
        (Operation::Pull { fabrics: fabrics.clone() }, "pull 2 fabrics  1 pulled, 1 stopped (dc2)"),
    ];
    for (operation, said) in cases {
        let mut state = fleet();
        let id = ids(&jobs::start_all(&mut state, operation, Purpose::Act, &fabrics))[0];
        end(&mut state, id, vec![fetched("dc1"), stopped.clone()]);
        assert_eq!(state.said, said);
    }
}

#[test]
fn the_last_twenty_that_ended_are_listed_and_nothing_else_piles_up() {
    let mut state = fleet();
    for round in 0..60 {
        let plan = Operation::Push(PushRequest { fabrics: vec!["dc1".to_owned()], mode: Mode::Plan });
        let id = ids(&jobs::start(&mut state, plan, Purpose::Plan, "dc1"))[0];
        let mut effects = end(&mut state, id, vec![entry("dc1", PushOutcome::Planned)]);
        wait(&mut state, 300);
        press(&mut state, "Esc");
        let fetch = ids(&press(&mut state, "f"))[0];
        effects.extend(end(&mut state, fetch, vec![entry("dc1", PushOutcome::NoChange)]));
        effects.extend(press(&mut state, "r"));
        for (id, _) in started(&effects) {
            let failure = Failure::from(&crate::error::Error::Stopped);
            update(&mut state, Event::Finished(id, Err(failure)));
        }
        assert!(state.jobs.len() <= 2 * 20 + 2, "{round}: {} jobs", state.jobs.len());
    }
    assert_eq!(state.listed().len(), 20);
}

#[test]
fn a_directory_is_not_asked_for_again_and_again_while_nobody_answers() {
    let mut state = fleet();
    let asked = |effects: &[Effect]| started(effects).len();
    let all: usize = (0..50).map(|_| asked(&press(&mut state, "r"))).sum();
    assert_eq!(
        all + 2,
        NAMES.len() * 5,
        "two were asked for at the start; one of five has not begun, and will see all there is"
    );
    let id = state.jobs.iter().find(|job| job.purpose == Purpose::Status && job.fabric == "dc1").unwrap().id;
    update(&mut state, Event::Finished(id, Err(Failure::from(&crate::error::Error::Stopped))));
    assert_eq!(asked(&press(&mut state, "r")), 1);
}
