//! The first run, the form, and a configuration that cannot be read.

use std::path::PathBuf;
use std::sync::Arc;

use super::{event, press, screen, state, wait};
use crate::config::Config;
use crate::ops::Failure;
use crate::ops::access::Access;
use crate::ops::discover::{FoundClone, FoundDirectory};
use crate::ops::setup::SetupPlan;
use crate::tui::dialog::Dialog;
use crate::tui::event::{Effect, Event};
use crate::tui::setup::{Answer, FirstRun, Shared, Wish};
use crate::tui::state::{Screen, State};
use crate::tui::update::{setup, update};

fn answer(state: &mut State, answer: Answer) -> Vec<Effect> {
    update(state, Event::Answered(Box::new(answer)))
}

fn first_run() -> State {
    let mut state = state(false);
    state.rows.clear();
    let looked = vec!["/home/a/.config/hedgerow/config.yaml (~/.config)".to_owned()];
    let run = FirstRun { looked, target: "/home/a/.config/hedgerow/config.yaml".to_owned(), ..FirstRun::default() };
    state.screen = Screen::FirstRun(Box::new(run));
    assert_eq!(setup::open(&mut state), [Effect::Wish(Wish::Search(Vec::new()))]);
    state
}

fn clone() -> FoundClone {
    let directory =
        |name: &str| FoundDirectory { directory: format!("gitops/h/{name}"), is_ready: true, raw: 3, loose: 0 };
    FoundClone { path: PathBuf::from("/src/net"), origin: None, directories: vec![directory("dc1"), directory("dc2")] }
}

fn plan() -> Shared<SetupPlan> {
    let text = "fabrics:\n  dc2: {}\n".to_owned();
    Shared(Arc::new(SetupPlan { path: PathBuf::from("/x"), text, config: Config::default() }))
}

#[test]
fn the_first_run_shows_what_it_found_and_what_it_would_write() {
    let mut state = first_run();
    assert!(screen(&state, true, (80, 24)).contains("Looking around"));
    answer(&mut state, Answer::Found(vec![clone()]));
    let shown = screen(&state, true, (80, 24));
    for text in ["/src/net", "[x] gitops/h/dc1", "Ready", "3 raw", "d demo instead", "~/.config"] {
        assert!(shown.contains(text), "{text}\n{shown}");
    }
    assert_eq!(state.said, "first run: 1 clone, 2 GitOps directories found");
    assert!(press(&mut state, "? Space").is_empty());
    assert!(state.said.contains("t tests access") && shown.contains("? help"), "{}", state.said);
    let effects = press(&mut state, "Enter");
    let [Effect::Wish(Wish::Draft(wanted))] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(wanted.len(), 1, "only the chosen ones");
    answer(&mut state, Answer::Drafted(Ok(plan())));
    assert!(screen(&state, true, (80, 24)).contains("dc2: {}"));
    assert!(press(&mut state, "y Enter Enter").is_empty(), "too early, and Enter never writes");
    wait(&mut state, 300);
    let effects = press(&mut state, "y");
    assert!(matches!(&effects[..], [Effect::Wish(Wish::Write(_))]));
    let effects = answer(&mut state, Answer::Configured(Ok(Shared(Arc::new(Config::default())))));
    assert!(matches!(&effects[..], [Effect::Wish(Wish::Adopt(_))]));
    assert_eq!(state.screen, Screen::Fabrics);
}

#[test]
fn the_first_run_tests_access_where_it_is_asked_to() {
    let mut state = first_run();
    assert!(press(&mut state, "t").is_empty(), "nothing is found yet");
    answer(&mut state, Answer::Found(vec![clone()]));
    assert!(screen(&state, true, (80, 24)).contains("Access  ? not tried"));
    let effects = press(&mut state, "t");
    let [Effect::Wish(Wish::Try(wanted))] = &effects[..] else { panic!("{effects:?}") };
    assert!(screen(&state, true, (80, 24)).contains("Access  testing"));
    let failure = Failure::from(&crate::error::Error::Stopped);
    let access =
        Access { repository: wanted.repository.clone(), read: Ok(()), write: Some(Err(failure.clone())), note: "" };
    answer(&mut state, Answer::Tried(wanted.repository.clone(), Ok(access)));
    let shown = screen(&state, true, (80, 24));
    assert!(shown.contains("read = OK   write X refused, E-STOPPED"), "{shown}");
    answer(&mut state, Answer::Tried(wanted.repository.clone(), Err(failure)));
    assert!(screen(&state, true, (80, 24)).contains("Access  ? not tried") && state.said.contains("FAILED"));
}

#[test]
fn the_first_run_is_left_with_nothing_or_for_the_demo() {
    assert_eq!(press(&mut first_run(), "Esc"), [Effect::Quit]);
    assert_eq!(press(&mut first_run(), "d"), [Effect::Wish(Wish::Demo)]);
    let mut state = first_run();
    answer(&mut state, Answer::Found(Vec::new()));
    assert!(screen(&state, true, (80, 24)).contains("press d for a demo"));
    press(&mut state, "Enter");
    for key in ["d", "e", "m", "o"] {
        assert!(press(&mut state, key).is_empty(), "a typed letter is no key");
    }
    assert_eq!(press(&mut state, "Enter"), [Effect::Wish(Wish::Search(vec![PathBuf::from("demo")]))]);
}

#[test]
fn the_form_asks_for_a_plan_and_keeps_what_was_typed_when_it_fails() {
    let mut state = state(false);
    press(&mut state, "A");
    press(&mut state, "Enter");
    assert_eq!(state.said, "Name is missing: what you call the fabric, such as dc1-prod");
    for size in [(80, 24), (50, 14), (40, 12)] {
        let shown = screen(&state, true, size);
        assert!(shown.contains("dc1-prod") && shown.contains("written yet."), "{shown}");
    }
    for key in ["d", "c", "9"] {
        press(&mut state, key);
    }
    assert!(press(&mut state, "Enter").is_empty(), "the directory is missing");
    assert!(state.said.starts_with("Directory is missing: the GitOps directory"), "{}", state.said);
    for key in ["x", "/", "y"] {
        press(&mut state, key);
    }
    let effects = press(&mut state, "Enter");
    let [Effect::Wish(Wish::Plan(request))] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!((request.name.as_str(), request.repository.as_str()), ("dc9", "netops"));
    assert_eq!((request.directory.as_str(), &request.branch), ("x/y", &None));
    let error = crate::error::Error::Usage("dc9 is taken".to_owned());
    answer(&mut state, Answer::Planned(request.clone(), Err(Failure::from(&error))));
    let shown = screen(&state, true, (80, 24));
    assert!(shown.contains("E-USAGE dc9 is taken") && shown.contains("x/y"), "{shown}");
    press(&mut state, "Esc");
    assert!(state.dialog.is_none());
    let mut read_only = self::state(true);
    press(&mut read_only, "A");
    assert!(!matches!(read_only.dialog, Some(Dialog::Form(_))) && read_only.said.contains("READ-ONLY"));
}

#[test]
fn a_broken_configuration_is_shown_read_only_until_it_is_mended() {
    let mut state = state(false);
    state.rows.clear();
    let error = crate::error::Error::ConfigSyntax {
        path: PathBuf::from("/c.yaml"),
        line: 3,
        column: 7,
        message: "no such thing".to_owned(),
        detail: "| fabrics: [ {\n|       ^".to_owned(),
    };
    setup::broken(&mut state, Failure::from(&error));
    let shown = screen(&state, true, (80, 24));
    for text in ["/c.yaml:3:7", "| | fabrics: [ {", "| |       ^", "READ-ONLY", "E-CFG-SYNTAX", "press r"] {
        assert!(shown.contains(text), "{text}\n{shown}");
    }
    press(&mut state, "Esc");
    assert!(screen(&state, true, (80, 24)).contains("so its fabrics are not known"));
    press(&mut state, "A");
    assert_eq!(state.said, "READ-ONLY: add is off: the configuration cannot be read; e tells why");
    press(&mut state, "e");
    assert!(matches!(state.screen, Screen::Error { .. }));
    assert_eq!(press(&mut state, "r"), [Effect::Wish(Wish::Reload)]);
    answer(&mut state, Answer::Configured(Err(Failure::from(&error))));
    assert!(state.read_only && matches!(state.screen, Screen::Error { .. }));
    answer(&mut state, Answer::Configured(Ok(Shared(Arc::new(Config::default())))));
    assert!(!state.read_only && state.screen == Screen::Fabrics);
    assert!(screen(&state, true, (80, 24)).contains("No fabrics are configured. A adds one"));
    update(&mut state, Event::Key(event("Esc")));
}
