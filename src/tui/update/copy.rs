//! Copy: the `y` menu: name, path, commit, command or error report of the current fabric.

use crossterm::event::{KeyCode, KeyEvent};

use crate::command::line::line;
use crate::ops::Failure;
use crate::ops::report::StatusReport;
use crate::text::{clean, clean_line};
use crate::tui::dialog::{Copyable, Dialog};
use crate::tui::event::{Effect, Way};
use crate::tui::state::{Focus, Row, Screen, State, Tab};

/// Opens the menu with what there is to copy.
pub(super) fn open(state: &mut State) {
    let found = copyable(state);
    if found.is_empty() {
        state.say("there is nothing to copy here");
        return;
    }
    state.dialog = Some(Dialog::Copy { found, selected: 0 });
}

fn copyable(state: &State) -> Vec<Copyable> {
    let entry = |key, what, text: &str| Copyable { key, what, text: clean(text) };
    let mut found = Vec::new();
    if let Some(row) = state.current() {
        found.push(entry('n', "name", &row.name));
        if let Some(Ok(status)) = &row.status {
            found.push(entry('p', "path", &path(state, status)));
            found.extend(status.git.head.as_deref().map(|head| entry('c', "commit", head)));
        }
        found.push(entry('m', "command", &operation(state).unwrap_or_else(|| command(row))));
    }
    let failure = match &state.screen {
        Screen::Error { what, failure, .. } => Some((what.clone(), failure.clone())),
        _ => state.current().and_then(|row| Some((row.name.clone(), row.error()?))),
    };
    found.extend(failure.map(|(what, failure)| entry('e', "error report", &report(state, &what, &failure))));
    found
}

/// Saves the report of the open error.
pub(super) fn save(state: &State) -> Vec<Effect> {
    match &state.screen {
        Screen::Error { what, failure, .. } => vec![Effect::Save(clean(&report(state, what, failure)))],
        _ => Vec::new(),
    }
}

/// The raw file that is selected, or else the GitOps directory.
fn path(state: &State, status: &StatusReport) -> String {
    let directory = if status.path.is_empty() { "." } else { &status.path };
    match &state.screen {
        Screen::Fabric(open) if open.tab == Tab::Raw => match status.raw.files.get(open.selected) {
            Some(file) => format!("{directory}/{}", file.path),
            None => directory.to_owned(),
        },
        _ => directory.to_owned(),
    }
}

/// The command line of the operation that is shown or selected, if one is.
fn operation(state: &State) -> Option<String> {
    let job = match &state.screen {
        _ if state.focus == Focus::Operations => state.listed().get(state.operation).copied(),
        Screen::Log { id, .. } => state.jobs.iter().find(|job| job.id == *id),
        _ => None,
    };
    job.map(|job| line(&job.operation))
}

/// The command line that takes the fabric's next step.
fn command(row: &Row) -> String {
    let next = match &row.status {
        Some(Ok(status)) => status.next.as_ref().map(|next| next.action.as_str()),
        _ => None,
    };
    if next == Some("discard") {
        return format!("hedgerow discard {} --all", row.name);
    }
    let verb = next.filter(|action| ["init", "ingest", "push", "pull", "fetch", "validate"].contains(action));
    format!("hedgerow {} {}", verb.unwrap_or("status"), row.name)
}

/// All that a report of an error needs, secrets hidden.
fn report(state: &State, what: &str, failure: &Failure) -> String {
    let mut lines = vec![state.about.clone(), format!("{} {what}: {}", failure.code, failure.message)];
    match state.failed(what, failure) {
        Some(job) => {
            lines.push(format!("Command: {}", line(&job.operation)));
            lines.push(format!("Operation {}, ended {}", job.id, job.ended));
        }
        None if state.row(what).is_some() => lines.push(format!("Command: hedgerow status {what}")),
        None => {}
    }
    lines.push(format!("State: {}", failure.state()));
    lines.extend(failure.remedy.iter().map(|remedy| format!("* {}", state.keymap.remedy(remedy))));
    lines.push(failure.detail.trim_end().to_owned());
    lines.join("\n").trim_end().to_owned() + "\n"
}

/// Takes a key while the menu is open.
pub(super) fn key(state: &mut State, key: &KeyEvent) -> Vec<Effect> {
    let Some(Dialog::Copy { found, selected }) = &mut state.dialog else {
        return Vec::new();
    };
    let at = match key.code {
        KeyCode::Down | KeyCode::Char('j') => {
            *selected = (*selected + 1).min(found.len().saturating_sub(1));
            return Vec::new();
        }
        KeyCode::Up | KeyCode::Char('k') => {
            *selected = selected.saturating_sub(1);
            return Vec::new();
        }
        KeyCode::Enter => Some(*selected),
        KeyCode::Char(letter) => found.iter().position(|entry| entry.key == letter),
        _ => None,
    };
    let chosen = at.and_then(|at| found.get(at)).cloned();
    let leaves = matches!(key.code, KeyCode::Esc | KeyCode::Char('q' | 'y'));
    if chosen.is_some() || leaves {
        state.dialog = None;
    }
    chosen.map(|entry| Effect::Copy { what: entry.what.to_owned(), text: entry.text }).into_iter().collect()
}

/// Says on which way a text went, or asks for the next way.
pub(super) fn copied(state: &mut State, what: &str, way: &Way) -> Vec<Effect> {
    let also = format!("also in {}", clean_line(crate::ops::copy::FILE));
    match way {
        Way::Program(word) => state.say(format!("copied the {what} by {word}; {also}")),
        Way::Terminal => state.say(format!("sent the {what} to the terminal (OSC 52); {also}")),
        Way::FileOnly(path) => state.say(format!("the {what} is too long for the terminal; it is in {path}")),
        Way::NotKept(why) => state.say(format!("the {what} could not be kept: {why}")),
        Way::Refused { by, text } => {
            state.say(format!("{by} did not take it; sending the {what} to the terminal"));
            return vec![Effect::Osc52 { what: what.to_owned(), text: text.clone() }];
        }
    }
    Vec::new()
}
