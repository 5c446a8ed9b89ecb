//! More: the `m` menu: what else can be done to the current fabric.

use crossterm::event::{KeyCode, KeyEvent};

use crate::tui::dialog::Dialog;
use crate::tui::event::Effect;
use crate::tui::more::More;
use crate::tui::state::{Purpose, State};
use crate::tui::update::{jobs, keys};

/// Opens the menu for the current fabric.
pub(super) fn open(state: &mut State) {
    match state.current().map(|row| row.name.clone()) {
        Some(fabric) => state.dialog = Some(Dialog::More { fabric, selected: 0 }),
        None => state.say("there is no fabric here"),
    }
}

/// Takes a key while the menu is open.
pub(super) fn key(state: &mut State, key: &KeyEvent) -> Vec<Effect> {
    let Some(Dialog::More { fabric, selected }) = &mut state.dialog else {
        return Vec::new();
    };
    let at = match key.code {
        KeyCode::Down | KeyCode::Char('j') => {
            *selected = (*selected + 1).min(More::ALL.len() - 1);
            return Vec::new();
        }
        KeyCode::Up | KeyCode::Char('k') => {
            *selected = selected.saturating_sub(1);
            return Vec::new();
        }
        KeyCode::Enter => Some(*selected),
        KeyCode::Char(letter) => More::ALL.iter().position(|more| more.words().0 == letter),
        _ => None,
    };
    let fabric = fabric.clone();
    let chosen = at.and_then(|at| More::ALL.get(at)).copied();
    let leaves = matches!(key.code, KeyCode::Esc | KeyCode::Char('q' | 'm'));
    if chosen.is_some() || leaves {
        state.dialog = None;
    }
    chosen.map_or_else(Vec::new, |more| plan(state, more, fabric))
}

fn plan(state: &mut State, more: More, fabric: String) -> Vec<Effect> {
    let operation = more.operation(&fabric);
    let fabrics = vec![fabric];
    if let Some(why) = keys::refusal(state, operation.name(), &fabrics) {
        state.say(why);
        return Vec::new();
    }
    state.say(format!("{} {}  looking", operation.name(), jobs::name_of(&fabrics)));
    jobs::start_all(state, operation, Purpose::Plan, &fabrics)
}
