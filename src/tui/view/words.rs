//! Words: states as symbol, word and role; the same everywhere.

use crate::history;
use crate::ops::report::{DirectoryState, GitState, StatusReport};
use crate::tui::action::Action;
use crate::tui::keymap::Keymap;
use crate::tui::state::Row;
use crate::tui::theme::{Role, Theme};

/// A cell: its text and what it is.
pub(super) type Cell = (String, Role);

/// The DIRECTORY cell.
pub(super) fn directory(row: &Row, theme: Theme) -> Cell {
    let (ascii, unicode, word, role) = match &row.status {
        None => (".", "⋯", "Reading".to_owned(), Role::Muted),
        Some(Err(_)) => ("X", "✗", "Error".to_owned(), Role::Error),
        Some(Ok(status)) => match status.directory.state {
            DirectoryState::Initialized => ("=", "✓", "Ready".to_owned(), Role::Ok),
            DirectoryState::NotInitialized => ("-", "∅", "Not init".to_owned(), Role::Muted),
            DirectoryState::Initializing => (">", "⟳", "Initing".to_owned(), Role::Info),
            DirectoryState::Incomplete => ("!", "!", "Incomplete".to_owned(), Role::Warn),
            DirectoryState::Invalid => {
                let errors = status.directory.findings.iter().filter(|finding| finding.is_error()).count();
                ("!", "!", format!("Invalid {errors}"), Role::Error)
            }
            DirectoryState::Error if status.git.head.is_none() => ("?", "?", "Not cloned".to_owned(), Role::Muted),
            DirectoryState::Error => ("X", "✗", "Error".to_owned(), Role::Error),
        },
    };
    (format!("{} {word}", theme.symbol(ascii, unicode)), role)
}

/// The GIT cell.
pub(super) fn git(row: &Row, theme: Theme) -> Cell {
    let Some(Ok(status)) = &row.status else {
        return ("? Not read".to_owned(), Role::Muted);
    };
    let git = &status.git;
    let (ascii, unicode, word, role) = match git.state {
        GitState::Locked => (".", "⋯", "Busy".to_owned(), Role::Muted),
        GitState::WrongBranch => ("!", "!", "Wrong branch".to_owned(), Role::Error),
        GitState::NoAccess => ("X", "✗", "No access".to_owned(), Role::Error),
        GitState::Offline => ("?", "?", "Offline".to_owned(), Role::Muted),
        GitState::Unborn => ("-", "∅", "Unborn".to_owned(), Role::Muted),
        GitState::Unknown => ("?", "?", "Unknown".to_owned(), Role::Muted),
        GitState::Diverged => ("%", "⇅", format!("Diverged {}/{}", git.ahead, git.behind), Role::Error),
        GitState::Behind => ("v", "⇣", format!("Behind {}", git.behind), Role::Warn),
        GitState::Ahead => ("^", "⇡", format!("Ahead {}", git.ahead), Role::Info),
        GitState::Dirty => ("*", "*", format!("Edited {}", git.edited.len()), Role::Warn),
        GitState::InSync => ("=", "✓", "In sync".to_owned(), Role::Ok),
    };
    (format!("{} {word}", theme.symbol(ascii, unicode)), role)
}

/// A cell whose reading is old: a question mark stands before the word.
pub(super) fn aged((text, role): Cell, is_old: bool) -> Cell {
    match text.split_once(' ').filter(|_| is_old) {
        Some((_, word)) => (format!("? {word}"), if role == Role::Ok { Role::Muted } else { role }),
        None => (text, role),
    }
}

/// The RAW cell: files waiting, those with errors after `!`.
pub(super) fn raw(row: &Row) -> Cell {
    let Some(Ok(status)) = &row.status else {
        return ("?".to_owned(), Role::Muted);
    };
    match (status.raw.pending, status.raw.invalid) {
        (0, 0) => ("0".to_owned(), Role::Muted),
        (pending, 0) => (pending.to_string(), Role::Info),
        (pending, invalid) => (format!("{pending} !{invalid}"), Role::Warn),
    }
}

/// The NEXT STEP cell: the key and the word.
pub(super) fn next(row: &Row, keymap: &Keymap) -> Cell {
    match &row.status {
        None => (String::new(), Role::Muted),
        Some(Err(_)) => (keymap.fill("{error} see error"), Role::Key),
        Some(Ok(status)) => match &status.next {
            None => ("-".to_owned(), Role::Muted),
            Some(next) => {
                let discards = (next.action == "discard").then_some(Action::More);
                let action = Action::named(&next.action).or(discards);
                let key = action.map_or_else(|| next.key.clone(), |action| keymap.key(action));
                (format!("{key} {}", word(&next.action, status)), Role::Key)
            }
        },
    }
}

fn word(action: &str, status: &StatusReport) -> String {
    match (action, status.directory.state) {
        ("init", DirectoryState::Incomplete) => "repair".to_owned(),
        ("error", _) => "see error".to_owned(),
        ("pull", _) if status.git.state == GitState::Diverged => "choices".to_owned(),
        (action, _) => action.to_owned(),
    }
}

/// What came of an operation on record, in the words of the dashboard.
pub(super) fn result(token: &str) -> String {
    match token {
        history::SENDING => "Begun, its end is not on record".to_owned(),
        _ => {
            let words = token.replace('_', " ");
            let mut letters = words.chars();
            letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
        }
    }
}

/// The worst of all states of a fabric, as one cell.
pub(super) fn roll_up(row: &Row, theme: Theme) -> Cell {
    let Some(Ok(status)) = &row.status else {
        return directory(row, theme);
    };
    let cell = |ascii, unicode, word: String, role| (format!("{} {word}", theme.symbol(ascii, unicode)), role);
    match (status.directory.state, status.git.state) {
        (DirectoryState::Error | DirectoryState::Initializing, _) => directory(row, theme),
        (_, GitState::NoAccess | GitState::WrongBranch | GitState::Diverged) => git(row, theme),
        (DirectoryState::Invalid, _) => directory(row, theme),
        (_, GitState::Behind) => git(row, theme),
        _ if status.raw.invalid > 0 => {
            cell("!", "!", format!("Raw {} !{}", status.raw.pending, status.raw.invalid), Role::Warn)
        }
        (DirectoryState::Incomplete | DirectoryState::NotInitialized, _) => directory(row, theme),
        _ if status.raw.pending > 0 => cell("+", "+", format!("Raw {}", status.raw.pending), Role::Info),
        (_, GitState::InSync) => cell("=", "✓", "OK".to_owned(), Role::Ok),
        _ => git(row, theme),
    }
}
