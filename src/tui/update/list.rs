//! The list: filtering, sorting and marking fabrics.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::tui::dialog::Dialog;
use crate::tui::event::Effect;
use crate::tui::list::{Filter, Sort};
use crate::tui::state::State;

/// Opens the filter; what stands there is replaced by the first letter, as in a search.
pub(super) fn open_filter(state: &mut State) {
    state.list.is_typing = true;
    state.list.is_replaced = true;
}

/// Takes a key while the filter is typed; every letter filters at once.
pub(super) fn filter_key(state: &mut State, key: &KeyEvent) {
    let list = &mut state.list;
    let is_first = std::mem::take(&mut list.is_replaced);
    let is_control = key.modifiers.contains(KeyModifiers::CONTROL);
    match key.code {
        KeyCode::Enter => {
            list.is_typing = false;
            if let Some(unknown) = Filter::unknown(&list.filter) {
                state.say(unknown);
            }
        }
        KeyCode::Esc => {
            list.is_typing = false;
            list.filter.clear();
        }
        KeyCode::Char('u') if is_control => list.filter.clear(),
        KeyCode::Backspace if list.filter.pop().is_none() => list.is_typing = false,
        KeyCode::Char(letter) if !is_control => {
            if is_first {
                list.filter.clear();
            }
            list.filter.push(letter);
        }
        KeyCode::Down => state.selected = (state.selected + 1).min(state.list.shown.len().saturating_sub(1)),
        KeyCode::Up => state.selected = state.selected.saturating_sub(1),
        _ => {}
    }
    state.arrange();
}

/// Keeps a filter once it is typed, and that there is none any more; quoted, for it is no plain YAML.
pub(super) fn keep_filter(state: &mut State) -> Option<Effect> {
    if state.list.is_typing || state.list.filter == state.list.kept {
        return None;
    }
    state.list.kept.clone_from(&state.list.filter);
    Some(Effect::Keep(Some(("filter", serde_json::Value::from(state.list.kept.as_str()).to_string()))))
}

/// Marks the selected fabric, or takes its mark away, and goes on to the next.
pub(super) fn mark(state: &mut State) {
    let Some(name) = state.current().map(|row| row.name.clone()) else {
        return;
    };
    if !state.list.marks.remove(&name) {
        state.list.marks.insert(name);
    }
    state.selected = (state.selected + 1).min(state.list.shown.len().saturating_sub(1));
    say_marks(state);
}

/// Marks every fabric shown; where all are, takes their marks away.
pub(super) fn mark_all(state: &mut State) {
    let shown: Vec<String> =
        state.list.shown.iter().filter_map(|at| state.rows.get(*at)).map(|row| row.name.clone()).collect();
    if shown.iter().all(|name| state.list.marks.contains(name)) {
        state.list.marks.retain(|name| !shown.contains(name));
    } else {
        state.list.marks.extend(shown);
    }
    say_marks(state);
}

fn say_marks(state: &mut State) {
    match state.list.marks.len() {
        0 => state.say("nothing is marked"),
        count => {
            let keys = state.keymap.fill("{init} {ingest} {push} {validate} {fetch} {pull} act on all");
            state.say(format!("{count} marked; {keys}"));
        }
    }
}

/// Takes one step back in the list: the filter goes, then the marks; tells whether one did.
pub(super) fn step_back(state: &mut State) -> bool {
    if !state.list.filter.is_empty() {
        state.list.filter.clear();
        state.arrange();
        return true;
    }
    if state.list.marks.is_empty() {
        return false;
    }
    state.list.marks.clear();
    state.say("marks taken away");
    true
}

/// Takes a key while the sort menu is open.
pub(super) fn sort_key(state: &mut State, key: &KeyEvent) -> Vec<Effect> {
    let Some(Dialog::Sort { selected }) = &mut state.dialog else {
        return Vec::new();
    };
    let last = Sort::ALL.len() - 1;
    let chosen = match key.code {
        KeyCode::Down | KeyCode::Char('j') => {
            *selected = (*selected + 1).min(last);
            None
        }
        KeyCode::Up | KeyCode::Char('k') => {
            *selected = selected.saturating_sub(1);
            None
        }
        KeyCode::Esc | KeyCode::Char('q' | 's') => {
            state.dialog = None;
            None
        }
        KeyCode::Enter => Sort::ALL.get(*selected).copied(),
        KeyCode::Char(letter) => Sort::ALL.into_iter().find(|sort| sort.words().0 == letter),
        _ => None,
    };
    let Some(sort) = chosen else {
        return Vec::new();
    };
    state.dialog = None;
    state.list.sort_by(sort);
    state.arrange();
    let reversed = if state.list.reversed { ", reversed" } else { "" };
    state.say(format!("sorted {}{reversed}", sort.words().2));
    vec![Effect::Keep(Some(("sort", state.list.order())))]
}
