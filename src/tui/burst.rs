//! Burst: keys that come all at once are a paste, in a terminal that does not say so itself.

use std::collections::BTreeSet;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use crate::tui::action::Action;
use crate::tui::event::Event;
use crate::tui::state::State;

/// So many keys at once are still typed: what a link that stood still gives back.
const TYPED: usize = 8;
/// So many different ones there must be: a key that is held repeats itself.
const DIFFERENT: usize = 3;
/// The pieces of a paste come within so many milliseconds.
const GAP: u64 = 100;

/// Tells a paste from typing.
#[derive(Debug, Default)]
pub(super) struct Burst {
    /// Until when keys belong to the paste before them, in milliseconds of the session.
    until: u64,
}

impl Burst {
    /// What came at once, with the keys of a paste as one; in a text field all keys are text.
    pub(super) fn gather(&mut self, events: Vec<Event>, state: &State) -> Vec<Event> {
        let keys: Vec<char> = events.iter().filter_map(letter).collect();
        let goes_on = state.now.ms < self.until;
        if keys.is_empty() || state.is_typing() || !(goes_on || is_paste(&keys, state)) {
            return events;
        }
        self.until = state.now.ms + GAP;
        let rest = events.into_iter().filter(|event| letter(event).is_none());
        // The rest of a paste that was ignored needs no second word.
        let paste = (!goes_on).then(|| Event::Paste(keys.iter().collect()));
        rest.chain(paste).collect()
    }
}

/// Many different keys at once, unless they are one line for a text field that the first key opens.
fn is_paste(keys: &[char], state: &State) -> bool {
    let different: BTreeSet<char> = keys.iter().copied().collect();
    if keys.len() <= TYPED || different.len() < DIFFERENT {
        return false;
    }
    let first = keys.first().and_then(|letter| state.keymap.named(&letter.to_string()));
    let opens_field = matches!(first, Some(Action::Filter | Action::Command | Action::Help));
    let is_line = !keys[..keys.len() - 1].contains(&'\n');
    !(opens_field && is_line && state.dialog.is_none())
}

/// The character a key would type into a text.
fn letter(event: &Event) -> Option<char> {
    let Event::Key(KeyEvent { code, modifiers, kind, .. }) = event else { return None };
    let is_control = modifiers.contains(KeyModifiers::CONTROL);
    match code {
        _ if *kind == KeyEventKind::Release => None,
        KeyCode::Char('j') if is_control => Some('\n'),
        KeyCode::Char(letter) if !is_control => Some(*letter),
        KeyCode::Enter => Some('\n'),
        KeyCode::Tab => Some('\t'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::tui::keymap::Keymap;

    fn state() -> State {
        State::new(&Config::default(), String::new(), false, Keymap::built_in().unwrap())
    }

    fn keys(text: &str) -> Vec<Event> {
        let code = |letter| if letter == '\n' { KeyCode::Enter } else { KeyCode::Char(letter) };
        text.chars().map(|letter| Event::Key(KeyEvent::new(code(letter), KeyModifiers::NONE))).collect()
    }

    fn pasted(events: &[Event]) -> Option<&str> {
        match events {
            [Event::Paste(text)] => Some(text),
            _ => None,
        }
    }

    #[test]
    fn many_different_keys_at_once_are_a_paste() {
        let gather = |text: &str| Burst::default().gather(keys(text), &state());
        assert_eq!(pasted(&gather("kind: VPC\nPy\n")), Some("kind: VPC\nPy\n"));
        assert_eq!(pasted(&gather("/etc/hosts\nNyPy")), Some("/etc/hosts\nNyPy"), "more than one line");
        for typed in ["jjjjjjjjjjjjjjjjjjjj", "jjjjjjjjj\nj\n", "NyPyIyfp", "/dc1-prod\n", ":push dc1-prod\n", ""] {
            assert_eq!(gather(typed).len(), typed.len(), "{typed:?}");
        }
    }

    #[test]
    fn a_text_field_takes_every_key() {
        let mut state = state();
        state.list.is_typing = true;
        assert_eq!(Burst::default().gather(keys("dc1-production"), &state).len(), 14);
    }

    #[test]
    fn the_pieces_of_a_paste_belong_together_and_what_is_typed_later_does_not() {
        let (mut state, mut burst) = (state(), Burst::default());
        assert!(pasted(&burst.gather(keys("apiVersion: v1\n"), &state)).is_some());
        state.now.ms += GAP - 1;
        let mut events = keys("Py");
        events.push(Event::Resize(80, 24));
        assert!(matches!(burst.gather(events, &state)[..], [Event::Resize(..)]), "its end");
        state.now.ms += GAP;
        assert_eq!(burst.gather(keys("P"), &state).len(), 1);
    }
}
