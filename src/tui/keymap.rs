//! Keymap: what a pressed key means, and its name for the key-cast.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

pub use crate::command::keymap::Keymap;
use crate::tui::action::Action;

impl Keymap {
    /// What a key means.
    pub fn action(&self, key: &KeyEvent) -> Option<Action> {
        self.named(&name(key))
    }

    /// What a key means in a viewer.
    pub fn viewer_action(&self, key: &KeyEvent) -> Option<Action> {
        self.in_viewer(&name(key))
    }
}

/// A key's name, such as `j`, `Ctrl-D`, `Space`, `PgDn`.
pub fn name(key: &KeyEvent) -> String {
    let base = match key.code {
        KeyCode::Char(' ') => "Space".to_owned(),
        KeyCode::Char(character) if key.modifiers.contains(KeyModifiers::CONTROL) => {
            character.to_ascii_uppercase().to_string()
        }
        KeyCode::Char(character) => crate::text::clean_line(&character.to_string()),
        KeyCode::Enter => "Enter".to_owned(),
        KeyCode::Esc => "Esc".to_owned(),
        KeyCode::Tab => "Tab".to_owned(),
        KeyCode::BackTab => "Shift-Tab".to_owned(),
        KeyCode::Backspace => "Backspace".to_owned(),
        KeyCode::Up => "Up".to_owned(),
        KeyCode::Down => "Down".to_owned(),
        KeyCode::Left => "Left".to_owned(),
        KeyCode::Right => "Right".to_owned(),
        KeyCode::PageUp => "PgUp".to_owned(),
        KeyCode::PageDown => "PgDn".to_owned(),
        KeyCode::Home => "Home".to_owned(),
        KeyCode::End => "End".to_owned(),
        _ => "?key".to_owned(),
    };
    if key.modifiers.contains(KeyModifiers::CONTROL) { format!("Ctrl-{base}") } else { base }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_names() {
        let key = KeyEvent::new(KeyCode::Char('d'), KeyModifiers::CONTROL);
        assert_eq!(name(&key), "Ctrl-D");
        assert_eq!(Keymap::built_in().unwrap().action(&key), Some(Action::PageDown));
    }
}
