//! Keymap: keys as data, from the built-in file; names of keys for the key-cast.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::error::{Error, Result};
use crate::tui::action::Action;

/// Which key means what, in the order of the file.
#[derive(Debug, Clone)]
pub struct Keymap {
    keys: Vec<(String, Action)>,
}

impl Keymap {
    /// The built-in keys.
    ///
    /// # Errors
    /// [`Error::Internal`] if the built-in file is broken, binds a key twice, or binds a write to
    /// anything but a capital.
    pub fn built_in() -> Result<Self> {
        Self::read(include_str!("../../assets/keymap.yaml"))
    }

    fn read(text: &str) -> Result<Self> {
        let broken = |why: String| Error::Internal(format!("assets/keymap.yaml: {why}"));
        let map: serde_yaml::Mapping = serde_yaml::from_str(text).map_err(|error| broken(error.to_string()))?;
        let mut keys: Vec<(String, Action)> = Vec::new();
        for (key, action) in map {
            let key: String = serde_yaml::from_value(key).map_err(|error| broken(error.to_string()))?;
            let action: Action = serde_yaml::from_value(action).map_err(|error| broken(error.to_string()))?;
            let is_capital = key.len() == 1 && key.bytes().all(|byte| byte.is_ascii_uppercase());
            if action.writes() && !is_capital {
                return Err(broken(format!("{key} writes and is no capital")));
            }
            keys.push((key, action));
        }
        Ok(Self { keys })
    }

    /// What a key means.
    pub fn action(&self, key: &KeyEvent) -> Option<Action> {
        let name = name(key);
        self.keys.iter().find(|(bound, _)| *bound == name).map(|(_, action)| *action)
    }

    /// Every key with its action, in the order of the file.
    pub fn all(&self) -> &[(String, Action)] {
        &self.keys
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
    fn writes_are_on_capitals_only() {
        assert!(Keymap::built_in().is_ok());
        assert!(Keymap::read("p: push\n").is_err());
        assert!(Keymap::read("j: nothing_such\n").is_err());
        assert!(Keymap::read("j: up\nj: down\n").is_err());
    }

    #[test]
    fn keys_have_names() {
        let key = KeyEvent::new(KeyCode::Char('d'), KeyModifiers::CONTROL);
        assert_eq!(name(&key), "Ctrl-D");
        assert_eq!(Keymap::built_in().unwrap().action(&key), Some(Action::PageDown));
    }
}
