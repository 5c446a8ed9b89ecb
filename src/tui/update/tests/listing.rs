//! Tests of the list: filter, sort, marks and what acts on them; the viewer writes nothing.

use std::sync::Arc;

use super::{press, screen, started, state, update, wait};
use crate::fabric::finding::{Finding, Severity};
use crate::ops::report::{Report, ValidateReport};
use crate::ops::{Entry, Failure, Operation, Outcome};
use crate::tui::dialog::Dialog;
use crate::tui::event::{Effect, Event};
use crate::tui::list::{Filter, Sort};
use crate::tui::state::{Screen, State};
use crate::tui::viewer::{Paper, Viewer};

fn names(state: &State) -> Vec<&str> {
    state.list.shown.iter().map(|at| state.rows[*at].name.as_str()).collect()
}

fn typed(state: &mut State, text: &str) {
    let keys: Vec<String> = text.chars().map(|c| if c == ' ' { "Space".to_owned() } else { c.to_string() }).collect();
    press(state, &format!("/ {}", keys.join(" ")));
}

#[test]
fn a_filter_ands_words_negates_and_lets_go_step_by_step() {
    let mut state = state(false);
    press(&mut state, "a");
    assert_eq!(state.list.marks.len(), 2);
    typed(&mut state, "dc !1");
    assert_eq!(names(&state), ["dc2"]);
    assert!(state.list.is_typing, "letters are text, not actions");
    press(&mut state, "Enter");
    assert_eq!((state.list.is_typing, state.list.marks.len()), (false, 2), "marks survive");
    assert_eq!(state.current().unwrap().name, "dc2");
    press(&mut state, "Esc");
    assert_eq!((names(&state), state.list.marks.len()), (vec!["dc1", "dc2"], 2));
    press(&mut state, "Esc");
    assert!(state.list.marks.is_empty());
    typed(&mut state, "nothing");
    press(&mut state, "Enter");
    assert!(state.current().is_none());
    assert!(press(&mut state, "N").is_empty(), "nothing shown, nothing done");
    press(&mut state, "Esc");
    assert_eq!(names(&state).len(), 2);
}

#[test]
fn a_filter_knows_states_counts_and_marks() {
    let mut state = state(false);
    state.rows[1].status = Some(Err(crate::ops::Failure::from(&crate::error::Error::Stopped)));
    let shown = |state: &State, text: &str| {
        let filter = Filter::read(text);
        state
            .rows
            .iter()
            .filter(|row| filter.matches(row, row.name == "dc1"))
            .map(|row| row.name.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(shown(&state, "is:need-you"), ["dc2"]);
    assert_eq!(shown(&state, "!is:need_you"), ["dc1"]);
    assert_eq!(shown(&state, "is:marked"), ["dc1"]);
    assert_eq!(shown(&state, "git:error"), ["dc2"]);
    assert_eq!(shown(&state, "raw>0"), Vec::<String>::new());
    assert_eq!(shown(&state, "DC"), Vec::<String>::new(), "capitals count once typed");
    assert_eq!(shown(&state, "repo:net dc").len(), 2);
    state.arrange();
    assert_eq!(names(&state), ["dc1", "dc2"], "what is not read yet may need somebody");
}

#[test]
fn a_term_that_is_none_is_named_with_what_there_is() {
    for (text, wanted) in [
        ("is:foo", "is:foo is no term: is: takes need-you, ok, marked"),
        ("dc GIT:nowhere", "GIT:nowhere is no term: git: takes in-sync, ahead, behind"),
        ("!dir:gone", "!dir:gone is no term: dir: takes ready, not-init"),
        ("raw>x", "raw>x is no term: a number stands behind > < or = of raw, invalid"),
        ("foo:bar", "foo:bar is no term: there are git:, dir:, directory:, is:, next:"),
    ] {
        let told = Filter::unknown(text).unwrap();
        assert!(told.starts_with(wanted), "{told}");
    }
    for text in [
        "",
        "dc1",
        "Git:Ahead",
        "git:in_sync",
        "git:in-sync",
        "git:wr",
        "is:n",
        "RAW>0",
        "repo:x",
        "!is:marked",
        "next:push",
        "dir:not",
    ] {
        assert_eq!(Filter::unknown(text), None, "{text}");
    }
    let mut state = state(false);
    typed(&mut state, "is:foo");
    let shown = screen(&state, true, (80, 24));
    assert!(shown.contains("is:foo is no term: is: takes need-you") && !shown.contains("not checked"), "{shown}");
    press(&mut state, "Enter");
    assert!(state.said.contains("is:foo is no term"), "{}", state.said);
}

#[test]
fn the_case_of_a_term_does_not_count() {
    let mut state = super::fleet::fleet();
    for text in ["git:ahead", "Git:Ahead", "GIT:AHEAD"] {
        typed(&mut state, text);
        assert_eq!(names(&state), ["dc1-staging"], "{text}");
        press(&mut state, "Esc");
    }
    typed(&mut state, "RAW>0");
    assert_eq!(names(&state), ["dc2-lab", "dc2-prod"]);
}

#[test]
fn a_kept_filter_is_replaced_by_the_first_letter_and_can_be_edited() {
    let mut state = state(false);
    typed(&mut state, "dc2");
    press(&mut state, "Enter");
    typed(&mut state, "dc1");
    assert_eq!((state.list.filter.as_str(), names(&state)), ("dc1", vec!["dc1"]));
    press(&mut state, "Enter / Backspace");
    assert_eq!(state.list.filter, "dc");
    press(&mut state, "2");
    assert_eq!(names(&state), ["dc2"], "after an edit letters are added");
    press(&mut state, "Ctrl-U");
    assert_eq!((state.list.filter.as_str(), state.list.is_typing, names(&state).len()), ("", true, 2));
    press(&mut state, "d c 1 Enter / Enter");
    assert_eq!(names(&state), ["dc1"], "Enter keeps it as it was");
}

#[test]
fn rows_change_places_only_with_a_frame() {
    let mut state = state(false);
    let effects = press(&mut state, "r");
    typed(&mut state, "git:error");
    let failure = Failure::from(&crate::error::Error::Stopped);
    for (id, _) in started(&effects) {
        update(&mut state, Event::Finished(id, Err(failure.clone())));
        assert_eq!(names(&state), Vec::<&str>::new(), "a key acts on what is seen");
    }
    update(&mut state, Event::Frame);
    assert_eq!(names(&state), ["dc1", "dc2"]);
}

#[test]
fn a_filter_is_kept_once_it_is_typed_and_when_it_is_taken_away() {
    let mut state = state(false);
    typed(&mut state, "!2");
    let kept = |text: &str| vec![Effect::Keep(Some(("filter", text.to_owned())))];
    assert_eq!(press(&mut state, "Enter"), kept("\"!2\""));
    assert!(press(&mut state, "j k").is_empty());
    assert_eq!(press(&mut state, "Esc"), kept("\"\""));
    let mut again = self::state(false);
    again.list.refilter("!2\u{7}");
    again.arrange();
    assert_eq!(names(&again), ["dc1"]);
    assert!(press(&mut again, "j").is_empty(), "what was kept is not kept again");
}

#[test]
fn the_same_column_again_reverses_and_the_order_is_kept() {
    let mut state = state(false);
    let effects = press(&mut state, "s n");
    assert_eq!(effects, [Effect::Keep(Some(("sort", "name".to_owned())))]);
    assert_eq!(names(&state), ["dc1", "dc2"]);
    assert!(state.dialog.is_none());
    let effects = press(&mut state, "s n");
    assert_eq!(effects, [Effect::Keep(Some(("sort", "-name".to_owned())))]);
    assert_eq!(names(&state), ["dc2", "dc1"]);
    assert_eq!(state.current().unwrap().name, "dc1", "the selection stays on its fabric");
    state.list.restore("git");
    assert_eq!((state.list.sort, state.list.reversed), (Sort::Git, false));
    state.list.restore("no such order");
    assert_eq!(state.list.sort, Sort::Git);
    press(&mut state, "s Esc");
    assert!(!matches!(state.dialog, Some(Dialog::Sort { .. })));
}

#[test]
fn marks_make_one_plan_of_all_fabrics_even_of_those_not_shown() {
    let mut state = state(false);
    press(&mut state, "Space Space");
    assert_eq!(state.list.marks.len(), 2);
    typed(&mut state, "dc1");
    press(&mut state, "Enter");
    let effects = press(&mut state, "P");
    let jobs = started(&effects);
    assert!(matches!(&jobs[..], [(_, Operation::Push(request))] if request.fabrics == ["dc1", "dc2"]), "{jobs:?}");
    assert!(state.said.contains("2 fabrics"), "{}", state.said);
}

#[test]
fn write_keys_are_off_in_the_viewer() {
    let mut state = state(false);
    let lines = Arc::new(vec!["a: 1".to_owned(), "b: 2".to_owned(), "c: 3".to_owned()]);
    let back = Screen::Fabrics;
    state.screen = Screen::View(Box::new(Viewer::new("x".to_owned(), Paper::Yaml, lines, 0, back)));
    for key in ["I", "P", "p", "f"] {
        assert!(press(&mut state, key).is_empty(), "{key}");
        assert!(state.said.contains("off in the viewer"), "{key}: {}", state.said);
    }
    wait(&mut state, 500);
    press(&mut state, "/ b Enter");
    let Screen::View(viewer) = &state.screen else { panic!("it closed") };
    assert_eq!((viewer.top, viewer.search.as_str()), (1, "b"));
    assert!(press(&mut state, "N").is_empty(), "N is the search before");
    press(&mut state, "w Esc");
    assert_eq!(state.screen, Screen::Fabrics);
}

#[test]
fn marked_fabrics_are_validated_together_and_their_findings_read_one_after_the_other() {
    let mut state = state(false);
    press(&mut state, "a");
    press(&mut state, "? v a l i d");
    let Some(Dialog::Palette(palette)) = &state.dialog else { panic!("no palette") };
    let item = palette.items(&state).remove(0);
    assert_eq!(item.same, "hedgerow validate dc1 dc2");
    assert!(item.about.starts_with("2 marked (dc1, dc2): "), "{}", item.about);
    let effects = press(&mut state, "Enter");
    let (id, _) = started(&effects)[0];
    let entry = |fabric: &str, errors: usize| {
        let error = Finding::file(Severity::Error, "HH-VP5", "raw/a.yaml", "m", "r");
        let report = ValidateReport { findings: vec![error; errors], ..ValidateReport::default() };
        Entry { fabric: fabric.to_owned(), result: Ok(Report::Validate(report)) }
    };
    let outcome = Outcome { entries: vec![entry("dc1", 0), entry("dc2", 2)], warnings: Vec::new() };
    update(&mut state, Event::Finished(id, Ok(outcome)));
    assert_eq!(state.current().unwrap().name, "dc2", "the first with errors");
    assert!(screen(&state, true, (80, 24)).contains("Findings of dc2 (2 of 2)"));
    press(&mut state, "]");
    assert_eq!(state.current().unwrap().name, "dc1");
    press(&mut state, "Esc");
    assert_eq!((&state.screen, state.list.marks.len()), (&Screen::Fabrics, 2));
}
