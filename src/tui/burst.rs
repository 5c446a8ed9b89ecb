//! Burst: keys that come all at once are a paste, in a terminal that does not say so itself.

use std::collections::BTreeSet;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use crate::tui::action::Action;
use crate::tui::dialog::Dialog;
use crate::tui::event::Event;
use crate::tui::state::{Screen, State};

/// So many keys at once are still typed: what a link that stood still gives back.
const TYPED: usize = 8;
/// So many different ones there must be: a key that is held repeats itself.
const DIFFERENT: usize = 3;
/// So many letters that come with their Enter are pasted, where a name confirms a write.
const NAME: usize = 3;
/// The pieces of a paste come within so many milliseconds.
const GAP: u64 = 100;

/// Tells a paste from typing.
#[derive(Debug, Default)]
pub(super) struct Burst {
    /// Until when keys belong to the paste before them, in milliseconds of the session.
    until: u64,
}

impl Burst {
    /// What came at once, with the keys of a paste as one; in a text field one line is text.
    pub(super) fn gather(&mut self, events: Vec<Event>, state: &State) -> Vec<Event> {
        let keys: Vec<char> = events.iter().filter_map(letter).collect();
        let goes_on = self.goes_on(state);
        if keys.is_empty() || !(goes_on || is_paste(&keys, state)) {
            return events;
        }
        self.until = state.now.ms + GAP;
        let rest = events.into_iter().filter(|event| letter(event).is_none());
        // The rest of a paste that was ignored needs no second word; a text field takes all of it.
        let is_told = !goes_on || takes_text(state);
        let paste = is_told.then(|| Event::Paste(keys.iter().collect()));
        rest.chain(paste).collect()
    }

    /// Whether keys that come now belong to a paste: nothing rests meanwhile.
    pub(super) fn goes_on(&self, state: &State) -> bool {
        state.now.ms < self.until
    }
}

/// Whether a paste goes into a text: the dialog before a write takes none.
fn takes_text(state: &State) -> bool {
    state.is_typing() && !matches!(state.dialog, Some(Dialog::Confirm(_)))
}

/// Many different keys at once, unless they are one line for a text field, open or opened by the first.
fn is_paste(keys: &[char], state: &State) -> bool {
    match &state.dialog {
        Some(Dialog::Confirm(confirm)) if confirm.typed.is_some() && confirm.subject.is_none() => {
            return is_name(keys);
        }
        _ if state.is_typing() => return !is_line(keys),
        _ => {}
    }
    let different: BTreeSet<char> = keys.iter().copied().collect();
    let is_many = keys.len() > TYPED && different.len() >= DIFFERENT;
    is_many && !(opens_field(keys, state) && is_line(keys))
}

/// More at once than a hand types, or a name with its Enter: what confirms a write is typed.
fn is_name(keys: &[char]) -> bool {
    let letters = keys.iter().filter(|key| **key != '\n').count();
    keys.len() > TYPED || !is_line(keys) || (keys.contains(&'\n') && letters >= NAME)
}

/// Whether nothing comes behind the first Enter.
fn is_line(keys: &[char]) -> bool {
    keys.iter().position(|key| *key == '\n').is_none_or(|at| at + 1 == keys.len())
}

/// Whether the first key opens a text field where it is pressed.
fn opens_field(keys: &[char], state: &State) -> bool {
    let first = keys.first().and_then(|letter| state.keymap.named(&letter.to_string()));
    let opens = match first {
        Some(Action::Filter) => matches!(state.screen, Screen::Fabrics | Screen::View(_)),
        Some(Action::Command | Action::Help) => !matches!(state.screen, Screen::FirstRun(_)),
        _ => false,
    };
    opens && state.dialog.is_none()
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
    use crate::ops::Operation;
    use crate::ops::question::Question;
    use crate::tui::dialog::Confirm;
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
    fn a_text_field_takes_one_line_and_no_key_behind_it() {
        let mut state = state();
        state.list.is_typing = true;
        assert_eq!(Burst::default().gather(keys("dc1-production"), &state).len(), 14);
        assert_eq!(Burst::default().gather(keys("dc1\n"), &state).len(), 4);
        let mut burst = Burst::default();
        assert_eq!(pasted(&burst.gather(keys("dc1\nP"), &state)), Some("dc1\nP"));
        assert_eq!(pasted(&burst.gather(keys("y\n"), &state)), Some("y\n"), "its next piece is text too");
    }

    #[test]
    fn a_name_that_confirms_a_write_is_not_pasted() {
        let mut state = state();
        let then = Operation::Fetch { fabrics: Vec::new() };
        let asked = Question::Typed { word: "prod".to_owned(), why: String::new() };
        let confirm = Confirm::new(Vec::new(), "prod".to_owned(), then, "P".to_owned(), asked);
        state.dialog = Some(Dialog::Confirm(Box::new(confirm)));
        for text in ["prod\n", "production", "\nd"] {
            assert_eq!(pasted(&Burst::default().gather(keys(text), &state)), Some(text));
        }
        for text in ["p", "pr", "pro", "\n", "2\n"] {
            assert_eq!(Burst::default().gather(keys(text), &state).len(), text.len(), "{text:?}");
        }
        let mut burst = Burst::default();
        burst.gather(keys("production"), &state);
        assert!(burst.goes_on(&state), "nothing rests meanwhile");
        assert!(burst.gather(keys("d\n"), &state).is_empty());
    }

    #[test]
    fn a_key_that_opens_no_field_here_begins_a_paste() {
        let is_paste = |state: &State, text: &str| pasted(&Burst::default().gather(keys(text), state)).is_some();
        let mut state = state();
        assert!(!is_paste(&state, ":push dc1-prod\n") && !is_paste(&state, "/dc1-prod\n"));
        state.screen = Screen::Log { id: 1, scroll: 0 };
        assert!(!is_paste(&state, ":push dc1-prod\n") && is_paste(&state, "/dc1-prod\n"));
        state.screen = Screen::FirstRun(Box::default());
        assert!(is_paste(&state, ":push dc1-prod\n") && is_paste(&state, "?push dc1-prod\n"));
        state.screen = Screen::Fabrics;
        state.dialog = Some(Dialog::Quit);
        assert!(is_paste(&state, ":push dc1-prod\n") && is_paste(&state, "/dc1-prod\n"));
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
