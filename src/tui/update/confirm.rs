//! Confirm: opening, arming and answering the dialog before a write.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::ops::joint::Joint;
use crate::ops::question::{fabrics, is_pending, plan_id, question, with_mode};
use crate::ops::{Entry, InitRequest, Mode, Operation};
use crate::tui::action::Action;
use crate::tui::dialog::{ARMING, AWAY, Confirm, Dialog, Face, LATE};
use crate::tui::event::Effect;
use crate::tui::keymap;
use crate::tui::setup::{Shared, Wish};
use crate::tui::state::{Focus, Purpose, Screen, State};
use crate::tui::update::{jobs, palette};
use crate::tui::view;

/// Opens the dialog of a plan, behind the one that is open.
pub(super) fn open(state: &mut State, at: usize, mut entries: Vec<Entry>) {
    // What is left out stands last.
    entries.sort_by_key(|entry| !is_pending(entry));
    let job = &state.jobs[at];
    let since = job.asked;
    let pending = entries.iter().filter(|entry| is_pending(entry));
    let fabrics: Vec<String> = pending.clone().map(|entry| entry.fabric.clone()).collect();
    let expect = pending.filter_map(plan_id).map(str::to_owned).collect();
    let what = jobs::name_of(&fabrics);
    let then = with_mode(&job.operation, Some(fabrics), Mode::Apply { expect });
    let asked = question(&entries);
    let opening = match &then {
        Operation::Init(_) => state.keymap.key(Action::Init),
        Operation::Ingest(_) => state.keymap.key(Action::Ingest),
        Operation::Push(_) => state.keymap.key(Action::Push),
        Operation::Discard(_) => state.keymap.key(Action::More),
        _ => String::new(),
    };
    let how = if is_reading(state, since) { state.keymap.fill("; {back} shows it") } else { String::new() };
    let said = format!("{} {what}  waiting for your answer{how}", then.name());
    let mut confirm = Confirm::new(entries, what, then, opening, asked);
    confirm.asked = since;
    state.waiting.push_back(Dialog::Confirm(Box::new(confirm)));
    state.say(said);
}

/// Opens the dialog of a fabric to be added.
pub(super) fn open_joint(state: &mut State, joint: Shared<Joint>) {
    let name = joint.0.add.addition.fabric.clone();
    let request = InitRequest::all(vec![name.clone()], Mode::Plan);
    state.say(format!("add {name}  waiting for your answer"));
    let entries = joint.0.init.iter().cloned().collect();
    let asked = joint.0.question();
    let mut confirm = Confirm::new(entries, name, Operation::Init(request), "Enter".to_owned(), asked);
    confirm.joint = Some(joint);
    confirm.asked = state.refresh.touched;
    state.waiting.push_back(Dialog::Confirm(Box::new(confirm)));
}

/// Whether somebody reads something that a plan asked for at that time would cover: a viewer always, any
/// other pane where a key was pressed since, as after a long wait in the queue.
fn is_reading(state: &State, asked: u64) -> bool {
    let went_on = state.refresh.touched > asked;
    let is_apart = matches!(state.screen, Screen::Findings { .. } | Screen::Error { .. } | Screen::Log { .. });
    matches!(state.screen, Screen::View(_)) || (went_on && (is_apart || state.focus == Focus::Operations))
}

/// Opens what waits to be asked once nothing else asks and nobody types or reads.
pub(super) fn next(state: &mut State) {
    let asked = match state.waiting.front() {
        Some(Dialog::Confirm(confirm)) => confirm.asked,
        _ => state.now.ms,
    };
    if state.dialog.is_some() || state.is_typing() || is_reading(state, asked) {
        return;
    }
    let Some(mut dialog) = state.waiting.pop_front() else {
        return;
    };
    if let Dialog::Confirm(confirm) = &mut dialog {
        let (now, touched) = (state.now.ms, state.refresh.touched);
        let is_awaited = touched <= confirm.asked && now < touched + AWAY;
        confirm.quiet = if is_awaited { ARMING } else { LATE };
        confirm.arms = now + confirm.quiet;
    }
    state.dialog = Some(dialog);
    state.is_dirty = true;
}

/// Arms the dialog once it stood long enough and nothing was pressed meanwhile; tells whether it did so now.
pub(super) fn arm(state: &mut State) -> bool {
    let Some(Dialog::Confirm(confirm)) = &mut state.dialog else {
        return false;
    };
    let arms = !confirm.is_armed && state.now.ms >= confirm.arms;
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
        confirm.arms = state.now.ms + confirm.quiet;
        return Vec::new();
    }
    let name = keymap::name(key);
    if name == confirm.opening && !confirm.moved_on && confirm.typed.is_none() {
        return Vec::new();
    }
    confirm.moved_on = true;
    if confirm.subject.is_some() {
        return subject(state, key);
    }
    let is_cancel =
        key.code == KeyCode::Esc || (key.code == KeyCode::Char('c') && key.modifiers.contains(KeyModifiers::CONTROL));
    if is_cancel {
        return cancel(state);
    }
    let asks_for_word = confirm.typed.is_some();
    if edits(confirm, key) || turn(confirm, key) || scroll(state, key, action) {
        return Vec::new();
    }
    if asks_for_word {
        return typed(state, key);
    }
    match name.as_str() {
        "y" => accept(state),
        "n" | "q" | "Enter" => cancel(state),
        _ => Vec::new(),
    }
}

/// Whether a key is a letter that belongs to the name that is typed.
fn is_typed(confirm: &Confirm, key: &KeyEvent) -> bool {
    confirm.typed.is_some() && matches!(key.code, KeyCode::Char(_)) && !key.modifiers.contains(KeyModifiers::CONTROL)
}

/// Begins to edit the commit's subject, where the plan makes a commit; with Ctrl where letters are typed.
fn edits(confirm: &mut Confirm, key: &KeyEvent) -> bool {
    let has_control = key.modifiers.contains(KeyModifiers::CONTROL);
    if key.code != KeyCode::Char('e') || confirm.typed.is_some() != has_control {
        return false;
    }
    confirm.subject = confirm.commit_subject();
    confirm.subject.is_some()
}

/// Takes a key while the subject is edited; Enter plans anew with it, and asks anew.
fn subject(state: &mut State, key: &KeyEvent) -> Vec<Effect> {
    let Some(Dialog::Confirm(confirm)) = &mut state.dialog else {
        return Vec::new();
    };
    let Some(line) = &mut confirm.subject else {
        return Vec::new();
    };
    let is_said = !line.trim().is_empty();
    match key.code {
        KeyCode::Enter if is_said => {
            let line = line.trim().to_owned();
            return with_subject(state, line);
        }
        KeyCode::Esc => confirm.subject = None,
        KeyCode::Char('c') if key.modifiers.contains(KeyModifiers::CONTROL) => confirm.subject = None,
        _ => {
            palette::edit(line, key);
        }
    }
    Vec::new()
}

fn with_subject(state: &mut State, line: String) -> Vec<Effect> {
    let Some(Dialog::Confirm(confirm)) = state.dialog.take() else {
        return Vec::new();
    };
    let mut again = with_mode(&confirm.then, None, Mode::Plan);
    match &mut again {
        Operation::Init(request) => request.message = Some(line),
        Operation::Ingest(request) => request.message = Some(line),
        Operation::Task(request) => request.message = Some(line),
        _ => {}
    }
    let fabrics = fabrics(&again).to_vec();
    state.say("planning anew with this subject");
    jobs::start_all(state, again, Purpose::Plan, &fabrics)
}

/// Shows another face of the plan: its files, the command line; with Ctrl where letters are typed.
fn turn(confirm: &mut Confirm, key: &KeyEvent) -> bool {
    if confirm.typed.is_some() != key.modifiers.contains(KeyModifiers::CONTROL) {
        return false;
    }
    let face = match key.code {
        KeyCode::Char('d') => Face::Files,
        KeyCode::Char('c') => Face::Command,
        KeyCode::Char('o') if confirm.typed.is_some() => Face::Command,
        _ => return false,
    };
    confirm.face = if confirm.face == face { Face::Plan } else { face };
    confirm.scroll = 0;
    true
}

/// Moves in the dialog, never past its end; letters are left to the typed form.
fn scroll(state: &mut State, key: &KeyEvent, action: Option<Action>) -> bool {
    let by = match action {
        Some(Action::Down) => 1,
        Some(Action::Up) => -1,
        Some(Action::PageDown) => 10,
        Some(Action::PageUp) => -10,
        Some(Action::Top) => isize::MIN,
        Some(Action::Bottom) => isize::MAX,
        _ => return false,
    };
    let most = view::last_of_plan(state);
    match &mut state.dialog {
        Some(Dialog::Confirm(confirm)) if !is_typed(confirm, key) => {
            confirm.scroll = confirm.scroll.min(most).saturating_add_signed(by).min(most);
            true
        }
        _ => false,
    }
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

/// Carries out what was shown: one job a repository, so that different ones run side by side.
fn accept(state: &mut State) -> Vec<Effect> {
    let Some(Dialog::Confirm(confirm)) = state.dialog.take() else {
        return Vec::new();
    };
    if let Some(joint) = confirm.joint {
        state.say(format!("add {}  started", confirm.what));
        state.adding = Some(confirm.what);
        return vec![Effect::Wish(Wish::Add(joint))];
    }
    let how = if confirm.typed.is_some() { "the typed name" } else { "key y" };
    state.say(format!("{} {}  started", confirm.then.name(), confirm.what));
    let pending: Vec<&Entry> = confirm.entries.iter().filter(|entry| is_pending(entry)).collect();
    let fabrics: Vec<String> = pending.iter().map(|entry| entry.fabric.clone()).collect();
    let groups = jobs::by_repository(state, &fabrics);
    let mut open = Vec::new();
    let mut effects = Vec::new();
    for group in &groups {
        let ids = pending.iter().filter(|entry| group.contains(&entry.fabric)).filter_map(|entry| plan_id(entry));
        let expect: Vec<String> = ids.map(str::to_owned).collect();
        let plans: Vec<&str> = expect.iter().map(|id| id.get(..8).unwrap_or(id)).collect();
        let text = format!("plan {} confirmed by {how}", plans.join(", "));
        let operation = with_mode(&confirm.then, Some(group.clone()), Mode::Apply { expect });
        effects.extend(jobs::start_all(state, operation, Purpose::Act, group));
        let clock = state.now.clock.clone();
        if let Some(job) = state.jobs.last_mut() {
            jobs::note(job, &clock, &text);
            open.push(job.id);
        }
    }
    jobs::bulk::begin(state, &confirm.then, &confirm.entries, open);
    effects
}

/// Takes a key while a plan is shown to be out of date.
pub(super) fn stale_key(state: &mut State, key: &KeyEvent) -> Vec<Effect> {
    let is_again = keymap::name(key) == "r";
    match state.dialog.take() {
        Some(Dialog::Stale { again, fabrics, .. }) if is_again => {
            jobs::start_all(state, again, Purpose::Plan, &fabrics)
        }
        Some(dialog) if !matches!(key.code, KeyCode::Esc | KeyCode::Char('n' | 'q')) => {
            state.dialog = Some(dialog);
            Vec::new()
        }
        _ => cancel(state),
    }
}
