//! `?` and `:`: every action is listed and can be typed; what is shown is what is bound.

use clap::ValueEnum;

use super::*;
use crate::config::keys::KeySetting;
use crate::tui::action::Action;
use crate::tui::palette::{Mode as Typing, Palette};

/// Types a text into the open palette.
fn type_in(state: &mut State, text: &str) -> Vec<Effect> {
    text.chars()
        .flat_map(|letter| update(state, Event::Key(KeyEvent::new(KeyCode::Char(letter), KeyModifiers::NONE))))
        .collect()
}

pub(super) fn command(state: &mut State, line: &str) -> Vec<Effect> {
    press(state, ":");
    type_in(state, line);
    press(state, "Enter")
}

fn rebound() -> State {
    let set = |action: &str, key: &str| KeySetting {
        action: action.to_owned(),
        keys: vec![key.to_owned()],
        line: 1,
        column: 1,
    };
    let mut state = state(false);
    let pairs = [("push", "M"), ("ingest", "T"), ("validate", "c"), ("help", "t"), ("error", "!"), ("more", "Y")];
    let settings = pairs.map(|(action, key)| set(action, key));
    state.keymap = Keymap::with(&settings).unwrap().0;
    state
}

#[test]
fn help_lists_every_action_with_its_bound_keys() {
    let state = rebound();
    let items = Palette::new(Typing::Search).items(&state);
    assert_eq!(items.iter().filter(|item| item.action.is_some()).count(), Action::value_variants().len());
    assert!(items.iter().skip_while(|item| item.class != "later").all(|item| item.action.is_none()));
    for item in items.iter().filter(|item| item.action.is_some()) {
        let action = item.action.unwrap();
        let keys = state.keymap.keys(action).join(" ");
        assert_eq!(item.key, if keys.is_empty() { format!(":{}", action.word()) } else { keys });
        assert!(!item.title.is_empty() && !item.about.is_empty() && !item.class.is_empty());
    }
    assert!(items.iter().take_while(|item| item.class == "write").count() >= 4, "writes come first");
    let push = items.iter().find(|item| item.action == Some(Action::Push)).unwrap();
    assert_eq!((push.key.as_str(), push.class, push.same.as_str()), ("M", "write", "hedgerow push dc1"));
}

#[test]
fn what_is_not_there_yet_says_so_and_does_nothing() {
    for (key, line, search) in [
        ("R", "pr create", "pull req"),
        ("U", "undo", "undo"),
        ("H", "hold dc1", "hold"),
        ("w", "watch", "watch"),
        ("c", "drift dc1", "drift"),
    ] {
        let mut state = state(false);
        let jobs = state.jobs.len();
        assert!(press(&mut state, key).is_empty());
        assert!(state.said.starts_with(&format!("{key}: ")) && state.said.contains("in this version yet"));
        state.said.clear();
        assert!(started(&command(&mut state, line)).is_empty());
        assert!(state.said.contains("in this version yet"), "{line}: {}", state.said);
        press(&mut state, "Esc ?");
        type_in(&mut state, search);
        let shown = screen(&state, true, (80, 24));
        assert!(shown.contains("later"), "{shown}");
        assert!(press(&mut state, "Enter").is_empty());
        assert!(state.dialog.is_none() && state.said.contains("in this version yet"));
        assert_eq!(state.jobs.len(), jobs);
    }
    // A key that was bound to something else is that.
    assert_eq!(started(&press(&mut rebound(), "c")).len(), 1);
}

#[test]
fn every_equivalent_command_is_one() {
    let state = state(false);
    for item in Palette::new(Typing::Search).items(&state).iter().filter(|item| !item.same.is_empty()) {
        let line = item.same.strip_prefix("hedgerow ").unwrap();
        let meaning = crate::command::read::read(line, &["dc1", "dc2"], &[]).unwrap();
        assert!(matches!(meaning, crate::command::read::Meaning::Run(_)), "{line}: {meaning:?}");
    }
}

#[test]
fn what_is_searched_is_run_by_enter() {
    let mut by_key = state(false);
    let wanted: Vec<Operation> = started(&press(&mut by_key, "P")).into_iter().map(|(_, op)| op.clone()).collect();
    let mut state = state(false);
    press(&mut state, "?");
    type_in(&mut state, "pus");
    let effects = press(&mut state, "Enter");
    assert_eq!(started(&effects).into_iter().map(|(_, op)| op.clone()).collect::<Vec<_>>(), wanted);
    assert!(state.dialog.is_none());
}

#[test]
fn a_typed_command_is_the_key() {
    for (key, line) in
        [("P", "push"), ("P", "push dc1"), ("N", "ingest dc1"), ("f", "fetch dc1"), ("v", "validate dc1")]
    {
        let (mut by_key, mut by_line) = (state(false), state(false));
        let by_key = press(&mut by_key, key);
        let by_line = command(&mut by_line, line);
        let operations = |effects: &[Effect]| {
            started(effects).into_iter().map(|(_, operation)| operation.clone()).collect::<Vec<_>>()
        };
        assert_eq!(operations(&by_key), operations(&by_line), "{line}");
        assert_eq!(by_line[0], Effect::Remember(line.to_owned()));
        assert!(!operations(&by_line).is_empty());
    }
}

#[test]
fn a_line_that_cannot_be_read_stays_and_says_why() {
    let mut state = state(false);
    let effects = command(&mut state, "pusk dc1");
    assert!(started(&effects).is_empty());
    let Some(Dialog::Palette(palette)) = &state.dialog else { panic!("it closed") };
    assert_eq!(palette.input, "pusk dc1");
    assert!(palette.complaint.contains("'push'"), "{}", palette.complaint);
    assert!(screen(&state, true, (80, 24)).contains("similar subcommand"));
    press(&mut state, "Esc");
    command(&mut state, "push dc9");
    assert!(state.said.contains("no fabric is called dc9"), "{}", state.said);
}

#[test]
fn read_only_holds_for_typed_commands() {
    let mut state = state(true);
    for line in ["push dc1", "ingest dc1", "init dc2", "commit dc1", "fetch dc1", "pull", "delete dc1 VPC/a"] {
        let effects = command(&mut state, line);
        assert!(started(&effects).is_empty(), "{line}");
        assert!(state.said.contains("READ-ONLY"), "{line}: {}", state.said);
    }
}

#[test]
fn keys_are_letters_while_a_command_is_typed() {
    let mut state = state(false);
    press(&mut state, ":");
    assert!(started(&type_in(&mut state, "PNIq")).is_empty());
    let Some(Dialog::Palette(palette)) = &state.dialog else { panic!("it closed") };
    assert_eq!(palette.input, "PNIq");
    assert!(state.is_typing());
}

#[test]
fn earlier_lines_come_back() {
    let mut state = state(false);
    command(&mut state, "refresh");
    command(&mut state, "operations");
    press(&mut state, ":");
    let input = |state: &State| match &state.dialog {
        Some(Dialog::Palette(palette)) => palette.input.clone(),
        _ => panic!("it closed"),
    };
    let arrow = |state: &mut State, code| {
        update(state, Event::Key(KeyEvent::new(code, KeyModifiers::NONE)));
    };
    arrow(&mut state, KeyCode::Up);
    assert_eq!(input(&state), "operations");
    arrow(&mut state, KeyCode::Up);
    assert_eq!(input(&state), "refresh");
    arrow(&mut state, KeyCode::Up);
    assert_eq!(input(&state), "refresh");
    arrow(&mut state, KeyCode::Down);
    assert_eq!(input(&state), "operations");
    arrow(&mut state, KeyCode::Down);
    assert_eq!(input(&state), "");
    type_in(&mut state, "ing");
    arrow(&mut state, KeyCode::Tab);
    assert_eq!(input(&state), "ingest ");
}

#[test]
fn shown_keys_are_bound_keys() {
    let mut state = rebound();
    let text = screen(&state, true, (80, 24));
    for shown in ["T iNgest", "M Push", "c validate", "! error", "t help"] {
        assert!(text.contains(shown), "{shown}\n{text}");
    }
    press(&mut state, "t");
    let help = screen(&state, true, (80, 24));
    assert!(help.contains("t Help and commands") && help.contains("actions match"), "{help}");
    press(&mut state, "Esc");
    let effects = press(&mut state, "M");
    let id = started(&effects)[0].0;
    update(&mut state, Event::Finished(id, Ok(pushed(PushOutcome::Planned))));
    let Some(Dialog::Confirm(confirm)) = &state.dialog else { panic!("no dialog: {}", state.said) };
    assert_eq!(confirm.opening, "M");
}

#[test]
fn hints_fit_eighty_columns() {
    let state = state(false);
    for line in
        screen(&state, true, (80, 24)).lines().filter(|line| line.contains("Writes:") || line.contains("j/k move"))
    {
        assert!(!line.contains("..") && !line.contains('…'), "{line}");
    }
    assert!(screen(&state, true, (80, 24)).contains("? help"));
}

#[test]
fn hints_give_way_whole_and_the_way_out_stays() {
    let mut state = state(false);
    press(&mut state, "Space");
    for width in [40, 50, 60, 79] {
        state.size = (width, 14);
        let shown = screen(&state, true, (width, 14));
        let hints = shown.lines().find(|line| line.contains("All that are marked:")).unwrap();
        assert!(hints.contains("Esc none") && !hints.contains("..."), "{hints}");
        assert!(shown.contains("need you") && !shown.contains("act on a.."), "{shown}");
    }
}

#[test]
fn files_of_a_line_are_read_outside() {
    let mut state = state(false);
    let effects = command(&mut state, "ingest dc1 ./a.yaml");
    let Some(Effect::Read(request)) = effects.into_iter().nth(1) else { panic!("nothing is read") };
    assert_eq!(request.files, ["./a.yaml"]);
    let effects = update(&mut state, Event::Read(Ok(request)));
    assert_eq!(started(&effects).len(), 1);
}

#[test]
fn a_small_letter_names_the_capital_that_writes() {
    let mut state = rebound();
    press(&mut state, "m");
    assert_eq!(state.said, "m is unused. push is capital M: capitals change things.");
    press(&mut state, "i");
    assert_eq!(state.said, "i is unused. init is capital I: capitals change things.");
    press(&mut state, "P");
    assert_eq!(state.said, "P is unused here; t lists every action");
}
