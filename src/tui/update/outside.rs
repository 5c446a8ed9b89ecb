//! Outside: what comes from the terminal besides keys: pastes, the mouse, a slow link.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use crate::tui::dialog::Dialog;
use crate::tui::event::Effect;
use crate::tui::state::{Focus, Screen, State, Tab};
use crate::tui::update::keys;
use crate::tui::view;

/// Lines the wheel moves by.
const WHEEL: usize = 3;

/// Takes a paste: in a text field its visible characters, anywhere else nothing; a name that
/// confirms a write is typed, never pasted.
pub(super) fn paste(state: &mut State, text: &str) -> Vec<Effect> {
    if !state.is_typing() || matches!(state.dialog, Some(Dialog::Confirm(_))) {
        state.say(format!("Ignored a paste of {} characters", text.chars().count()));
        return Vec::new();
    }
    let typed: Vec<char> = text.chars().filter(|character| !character.is_control()).collect();
    state.is_dirty = true;
    typed.into_iter().flat_map(|letter| press(state, KeyCode::Char(letter))).collect()
}

/// Takes the mouse: a click selects, the wheel moves; it never writes.
pub(super) fn mouse(state: &mut State, mouse: MouseEvent) -> Vec<Effect> {
    if state.dialog.is_some() || view::is_too_small(state.size) {
        return Vec::new();
    }
    match mouse.kind {
        MouseEventKind::ScrollDown => (0..WHEEL).flat_map(|_| press(state, KeyCode::Down)).collect(),
        MouseEventKind::ScrollUp => (0..WHEEL).flat_map(|_| press(state, KeyCode::Up)).collect(),
        MouseEventKind::Down(MouseButton::Left) => {
            select(state, mouse.column, mouse.row);
            Vec::new()
        }
        _ => Vec::new(),
    }
}

fn press(state: &mut State, code: KeyCode) -> Vec<Effect> {
    keys::key(state, &KeyEvent::new(code, KeyModifiers::NONE))
}

fn select(state: &mut State, column: u16, row: u16) {
    let Some(line) = view::line_at(state, column, row) else { return };
    state.focus = Focus::Main;
    state.is_dirty = true;
    match &mut state.screen {
        Screen::Fabrics => state.selected = line,
        Screen::Fabric(open) if open.tab != Tab::Overview => open.selected = line,
        _ => {}
    }
}

/// Takes a slower pace, where nobody asked for another.
pub(super) fn slower(state: &mut State) -> Vec<Effect> {
    let slower = state.preferences.pace.slower();
    if state.preferences.adapts && slower != state.preferences.pace {
        state.preferences.pace = slower;
        state.say(format!("the link is slow: the pace is now {}", slower.word()));
    }
    Vec::new()
}
