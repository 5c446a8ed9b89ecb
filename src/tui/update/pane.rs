//! Panes: which one has the keys, and which fills the window.

use crate::tui::action::Action;
use crate::tui::state::{Focus, Screen, State, Tab};
use crate::tui::update::open;
use crate::tui::view;

/// The next pane: the list, the fabric where it stands beside it, the operations.
pub(super) fn next(state: &mut State) {
    if state.focus == Focus::Operations {
        state.focus = Focus::Main;
        if view::is_split(state.size) && matches!(state.screen, Screen::Fabric(_)) {
            state.screen = Screen::Fabrics;
        }
    } else if view::is_split(state.size) && state.screen == Screen::Fabrics {
        open::fabric(state, Tab::Overview);
    } else {
        state.focus = Focus::Operations;
    }
}

/// The pane before.
pub(super) fn previous(state: &mut State) {
    if state.focus == Focus::Operations {
        state.focus = Focus::Main;
        if view::is_split(state.size) && state.screen == Screen::Fabrics {
            open::fabric(state, Tab::Overview);
        }
    } else if view::is_split(state.size) && matches!(state.screen, Screen::Fabric(_)) {
        state.screen = Screen::Fabrics;
    } else {
        state.focus = Focus::Operations;
    }
}

/// A pane by its number, or the same pane on the whole window.
pub(super) fn go(state: &mut State, action: Action) {
    match action {
        Action::PaneFabrics => (state.screen, state.focus) = (Screen::Fabrics, Focus::Main),
        Action::PaneDetail if matches!(state.screen, Screen::Fabric(_)) => state.focus = Focus::Main,
        Action::PaneDetail => open::fabric(state, Tab::Overview),
        Action::Operations => {
            state.focus = if state.focus == Focus::Main { Focus::Operations } else { Focus::Main };
        }
        _ => state.is_zoomed = !state.is_zoomed,
    }
}
