//! The viewer's own keys: scrolling, search, wrapping; nothing writes here.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::tui::action::Action;
use crate::tui::keymap;
use crate::tui::state::{Screen, State};
use crate::tui::viewer::Viewer;

/// Columns that `h` and `l` move by.
const SIDEWAYS: usize = 8;

/// Takes a key in the viewer; tells whether it was one of the viewer's.
pub(super) fn key(state: &mut State, key: &KeyEvent) -> bool {
    let action = state.keymap.viewer_action(key);
    let (filter, back) = (state.keymap.key(Action::Filter), state.keymap.key(Action::Back));
    let page = usize::from(state.size.1).saturating_sub(6).max(1);
    let Screen::View(viewer) = &mut state.screen else {
        return false;
    };
    let said = if viewer.input.is_some() {
        typed(viewer, key)
    } else if let Some(said) = searching(viewer, action, &filter) {
        Some(said).filter(|said| !said.is_empty())
    } else if moved(viewer, action, page) {
        None
    } else if action.is_some_and(|action| action.writes() || matches!(action, Action::Pull | Action::Fetch)) {
        Some(format!("{} is off in the viewer: {back} goes back first", keymap::name(key)))
    } else {
        return false;
    };
    if let Some(said) = said {
        state.say(said);
    }
    true
}

fn typed(viewer: &mut Viewer, key: &KeyEvent) -> Option<String> {
    let input = viewer.input.as_mut()?;
    match key.code {
        KeyCode::Esc => viewer.input = None,
        KeyCode::Backspace if input.is_empty() => viewer.input = None,
        KeyCode::Backspace => {
            input.pop();
        }
        KeyCode::Enter => {
            viewer.search = viewer.input.take().unwrap_or_default();
            return Some(find(viewer, true, true));
        }
        KeyCode::Char(letter) if !key.modifiers.contains(KeyModifiers::CONTROL) => input.push(letter),
        _ => {}
    }
    None
}

/// Takes an action of the search; the answer is what to say, empty where nothing is.
fn searching(viewer: &mut Viewer, action: Option<Action>, filter: &str) -> Option<String> {
    match action {
        Some(Action::Filter) => {
            viewer.input = Some(String::new());
            Some(String::new())
        }
        Some(Action::NextMatch | Action::PreviousMatch) if viewer.search.is_empty() => {
            Some(format!("nothing was searched yet: {filter} searches"))
        }
        Some(Action::NextMatch) => Some(find(viewer, true, false)),
        Some(Action::PreviousMatch) => Some(find(viewer, false, false)),
        _ => None,
    }
}

fn find(viewer: &mut Viewer, forward: bool, from_here: bool) -> String {
    match viewer.find(forward, from_here) {
        None => format!("{} is not in it", viewer.search),
        Some(at) => {
            viewer.top = at;
            format!("{} lines hold {}", viewer.found(), viewer.search)
        }
    }
}

fn moved(viewer: &mut Viewer, action: Option<Action>, page: usize) -> bool {
    let last = viewer.lines.len().saturating_sub(1);
    match action {
        Some(Action::Wrap) => (viewer.wraps, viewer.left) = (!viewer.wraps, 0),
        Some(Action::Right) if !viewer.wraps => viewer.left += SIDEWAYS,
        // Nothing stands to the right of a broken line.
        Some(Action::Right) => {}
        Some(Action::Left) => viewer.left = viewer.left.saturating_sub(SIDEWAYS),
        Some(Action::Down) => viewer.top = (viewer.top + 1).min(last),
        Some(Action::Up) => viewer.top = viewer.top.saturating_sub(1),
        Some(Action::PageDown) => viewer.top = (viewer.top + page).min(last),
        Some(Action::PageUp) => viewer.top = viewer.top.saturating_sub(page),
        Some(Action::Top) => viewer.top = 0,
        Some(Action::Bottom) => viewer.top = (last + 1).saturating_sub(page),
        _ => return false,
    }
    true
}
