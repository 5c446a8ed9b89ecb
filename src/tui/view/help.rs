//! The help: every key that works, and what it does.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::tui::state::State;
use crate::tui::theme::{Role, Theme};
use crate::tui::view::pane;

/// Draws the keys from a first line on.
pub(super) fn draw(frame: &mut Frame, area: Rect, state: &State, scroll: usize, theme: Theme) {
    let keys = state.keymap.all();
    let inside = pane::frame(frame, area, "? Keys", &format!("{} keys", keys.len()), true, theme);
    let lines = keys
        .iter()
        .map(|(key, action)| {
            Line::from(vec![Span::styled(format!("  {key:<10}"), theme.style(Role::Key)), Span::raw(action.help())])
        })
        .collect();
    pane::lines(frame, inside, lines, scroll);
}
