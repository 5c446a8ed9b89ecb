//! Confirm: opening, arming and answering the dialog before a write.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::ops::report::Report;
use crate::ops::{Entry, Mode, Operation};
use crate::tui::action::Action;
use crate::tui::dialog::{ARMING, Confirm, Dialog, Typed};
use crate::tui::event::Effect;
use crate::tui::keymap;
use crate::tui::state::{Purpose, State};
use crate::tui::update::jobs;

/// Opens the dialog of a plan.
pub(super) fn open(state: &mut State, at: usize, entry: Entry) {
    let job = &state.jobs[at];
    let (because, id) = match &entry.result {
        Ok(Report::Write(write)) => {
            (write.frame.typed_because.clone(), write.plan.as_ref().map(|plan| plan.id.clone()))
        }
        Ok(Report::Push(push)) => (push.typed_because.clone(), push.plan.clone()),
        _ => return,
    };
    let then = confirmed(&job.operation, id.into_iter().collect());
    let typed = because.map(|because| Typed { wanted: job.fabric.clone(), because, input: String::new() });
    let opening = match &then {
        Operation::Init(_) => "I",
        Operation::Ingest(_) => "N",
        _ => "P",
    };
    let said = format!("{} {}  waiting for your answer", then.name(), job.fabric);
    state.dialog = Some(Dialog::Confirm(Box::new(Confirm {
        entry,
        then,
        opening: opening.to_owned(),
        opened: state.now.ms,
        is_armed: false,
        moved_on: false,
        typed,
        scroll: 0,
        is_diff: false,
    })));
    state.say(said);
}

/// The same operation, to be applied only if the plan is still the shown one.
fn confirmed(operation: &Operation, expect: Vec<String>) -> Operation {
    let mut operation = operation.clone();
    match &mut operation {
        Operation::Init(request) => request.mode = Mode::Apply { expect },
        Operation::Ingest(request) => request.mode = Mode::Apply { expect },
        Operation::Task(request) => request.mode = Mode::Apply { expect },
        Operation::Push(request) => request.mode = Mode::Apply { expect },
        _ => {}
    }
    operation
}

/// The same operation, to be planned.
pub(super) fn planning(operation: &Operation) -> Operation {
    let mut operation = operation.clone();
    match &mut operation {
        Operation::Init(request) => request.mode = Mode::Plan,
        Operation::Ingest(request) => request.mode = Mode::Plan,
        Operation::Task(request) => request.mode = Mode::Plan,
        Operation::Push(request) => request.mode = Mode::Plan,
        _ => {}
    }
    operation
}

/// Arms the dialog once it stood long enough; tells whether it did so now.
pub(super) fn arm(state: &mut State) -> bool {
    let Some(Dialog::Confirm(confirm)) = &mut state.dialog else {
        return false;
    };
    let arms = !confirm.is_armed && state.now.ms >= confirm.opened + ARMING;
    confirm.is_armed = confirm.is_armed || arms;
    arms
}

/// Takes a key while the dialog is open.
pub(super) fn key(state: &mut State, key: &KeyEvent) -> Vec<Effect> {
    let action = state.keymap.action(key);
    let Some(Dialog::Confirm(confirm)) = &mut state.dialog else {
        return Vec::new();
    };
    if !confirm.is_armed {
        return Vec::new();
    }
    let name = keymap::name(key);
    if name == confirm.opening && !confirm.moved_on && confirm.typed.is_none() {
        return Vec::new();
    }
    confirm.moved_on = true;
    let is_cancel =
        key.code == KeyCode::Esc || (key.code == KeyCode::Char('c') && key.modifiers.contains(KeyModifiers::CONTROL));
    if is_cancel {
        return cancel(state);
    }
    if scroll(confirm, key, action) {
        return Vec::new();
    }
    match &mut confirm.typed {
        Some(_) => typed(state, key),
        None if name == "y" => accept(state),
        None if matches!(name.as_str(), "n" | "q" | "Enter") => cancel(state),
        None => Vec::new(),
    }
}

/// Moves in the dialog; letters are left to the typed form.
fn scroll(confirm: &mut Confirm, key: &KeyEvent, action: Option<Action>) -> bool {
    let is_letter = matches!(key.code, KeyCode::Char(_)) && !key.modifiers.contains(KeyModifiers::CONTROL);
    if confirm.typed.is_some() && is_letter {
        return false;
    }
    let is_typed = confirm.typed.is_some();
    match action {
        Some(Action::Down) => confirm.scroll += 1,
        Some(Action::Up) => confirm.scroll = confirm.scroll.saturating_sub(1),
        Some(Action::PageDown) if is_typed => confirm.is_diff = !confirm.is_diff,
        Some(Action::PageDown) => confirm.scroll += 10,
        Some(Action::PageUp) => confirm.scroll = confirm.scroll.saturating_sub(10),
        Some(Action::Top) => confirm.scroll = 0,
        Some(Action::Diff) => {
            confirm.is_diff = !confirm.is_diff;
            confirm.scroll = 0;
        }
        _ => return false,
    }
    true
}

fn typed(state: &mut State, key: &KeyEvent) -> Vec<Effect> {
    let Some(Dialog::Confirm(confirm)) = &mut state.dialog else {
        return Vec::new();
    };
    let matches = confirm.matches();
    let Some(typed) = &mut confirm.typed else {
        return Vec::new();
    };
    match key.code {
        KeyCode::Char(character) if !key.modifiers.contains(KeyModifiers::CONTROL) => typed.input.push(character),
        KeyCode::Backspace => {
            typed.input.pop();
        }
        KeyCode::Enter if matches => return accept(state),
        _ => {}
    }
    Vec::new()
}

fn cancel(state: &mut State) -> Vec<Effect> {
    state.dialog = None;
    state.say("cancelled; nothing was written");
    Vec::new()
}

fn accept(state: &mut State) -> Vec<Effect> {
    let Some(Dialog::Confirm(confirm)) = state.dialog.take() else {
        return Vec::new();
    };
    let (then, fabric) = (confirm.then, confirm.entry.fabric);
    let said = format!("{} {fabric}  started", then.name());
    state.say(said);
    jobs::start(state, then, Purpose::Act, &fabric)
}

/// Takes a key while a plan is shown to be out of date.
pub(super) fn stale_key(state: &mut State, key: &KeyEvent) -> Vec<Effect> {
    let is_again = keymap::name(key) == "r";
    match state.dialog.take() {
        Some(Dialog::Stale { again, fabric, .. }) if is_again => jobs::start(state, again, Purpose::Plan, &fabric),
        Some(dialog) if !matches!(key.code, KeyCode::Esc | KeyCode::Char('n' | 'q')) => {
            state.dialog = Some(dialog);
            Vec::new()
        }
        _ => cancel(state),
    }
}
