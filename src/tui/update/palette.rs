//! Palette: searching an action, typing a command, and carrying out either.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::command::complete::accept;
use crate::command::past;
use crate::command::read::{Meaning, read};
use crate::command::request::Request;
use crate::config::nearest::nearest;
use crate::error::{Error, Result};
use crate::ops::question::mode;
use crate::ops::{Failure, Operation};
use crate::tui::dialog::Dialog;
use crate::tui::event::Effect;
use crate::tui::palette::{Item, Mode, Palette};
use crate::tui::state::{Purpose, State};
use crate::tui::update::{begin, jobs, keys, login, look, typed};

/// Opens the palette.
pub(super) fn open(state: &mut State, mode: Mode) {
    state.dialog = Some(Dialog::Palette(Palette::new(mode)));
}

/// Takes a key while the palette is open.
pub(super) fn key(state: &mut State, key: &KeyEvent) -> Vec<Effect> {
    let Some(Dialog::Palette(palette)) = &state.dialog else {
        return Vec::new();
    };
    let mut palette = palette.clone();
    match key.code {
        KeyCode::Esc => {
            state.dialog = None;
            return Vec::new();
        }
        KeyCode::Enter => return enter(state, palette),
        KeyCode::Tab | KeyCode::BackTab => take_word(state, &mut palette),
        KeyCode::Up => up(state, &mut palette),
        KeyCode::Down => down(state, &mut palette),
        KeyCode::PageUp => palette.selected = palette.selected.saturating_sub(10),
        KeyCode::PageDown => select(state, &mut palette, 10),
        _ if edit(&mut palette.input, key) => {
            (palette.selected, palette.past) = (0, None);
            palette.complaint.clear();
        }
        _ => {}
    }
    // Nothing is left to take back: the palette closes.
    let leaves = key.code == KeyCode::Backspace && palette.input.is_empty() && was_empty(state);
    state.dialog = (!leaves).then_some(Dialog::Palette(palette));
    Vec::new()
}

fn was_empty(state: &State) -> bool {
    matches!(&state.dialog, Some(Dialog::Palette(before)) if before.input.is_empty())
}

/// Changes a line by a key; tells whether the key is one that does.
pub(super) fn edit(input: &mut String, key: &KeyEvent) -> bool {
    match key.code {
        KeyCode::Char('u') if key.modifiers.contains(KeyModifiers::CONTROL) => input.clear(),
        KeyCode::Char('w') if key.modifiers.contains(KeyModifiers::CONTROL) => {
            let kept = input.trim_end();
            let end = kept.rfind(char::is_whitespace).map_or(0, |space| space + 1);
            input.truncate(end);
        }
        KeyCode::Char(letter) if !key.modifiers.contains(KeyModifiers::CONTROL) => input.push(letter),
        KeyCode::Backspace => {
            input.pop();
        }
        _ => return false,
    }
    true
}

fn select(state: &State, palette: &mut Palette, by: usize) {
    let last = palette.items(state).len().saturating_sub(1);
    palette.selected = (palette.selected + by).min(last);
}

/// An earlier line where a command is typed, else a line up.
fn up(state: &State, palette: &mut Palette) {
    let older = palette.past.map_or(0, |past| past + 1);
    let recalls = palette.mode == Mode::Command && (palette.input.is_empty() || palette.past.is_some());
    if !recalls {
        palette.selected = palette.selected.saturating_sub(1);
    } else if let Some(line) = state.lines.iter().rev().nth(older) {
        palette.input.clone_from(line);
        palette.past = Some(older);
    }
}

fn down(state: &State, palette: &mut Palette) {
    match palette.past {
        None => select(state, palette, 1),
        Some(past) => {
            palette.past = past.checked_sub(1);
            let line = palette.past.and_then(|past| state.lines.iter().rev().nth(past));
            palette.input = line.cloned().unwrap_or_default();
        }
    }
}

/// Takes the selected word into the line.
fn take_word(state: &State, palette: &mut Palette) {
    if palette.mode == Mode::Search {
        return select(state, palette, 1);
    }
    if let Some(candidate) = palette.candidates(state).get(palette.selected) {
        palette.input = accept(&palette.input, candidate);
        (palette.selected, palette.past) = (0, None);
    }
}

fn enter(state: &mut State, mut palette: Palette) -> Vec<Effect> {
    if palette.mode == Mode::Search {
        let item = palette.items(state).into_iter().nth(palette.selected);
        state.dialog = None;
        return item.map_or_else(Vec::new, |item| run(state, item));
    }
    let line = palette.input.trim().to_owned();
    state.dialog = None;
    if line.is_empty() {
        return Vec::new();
    }
    past::add(&mut state.lines, &line);
    let mut effects = vec![Effect::Remember(line.clone())];
    match carry_out(state, &line) {
        Ok(more) => effects.extend(more),
        Err(error) => {
            palette.complaint = Failure::from(&error).message;
            state.say(palette.complaint.clone());
            state.dialog = Some(Dialog::Palette(palette));
        }
    }
    effects
}

/// Runs what was found; what is not in this version yet says so.
fn run(state: &mut State, item: Item) -> Vec<Effect> {
    match item.action {
        Some(action) => keys::act(state, action),
        None => {
            state.say(item.about);
            Vec::new()
        }
    }
}

fn carry_out(state: &mut State, line: &str) -> Result<Vec<Effect>> {
    let targets = state.targets();
    let names: Vec<&str> = state.rows.iter().map(|row| row.name.as_str()).collect();
    match read(line, &names, &targets)? {
        Meaning::Act(action) => Ok(keys::act(state, action)),
        Meaning::Run(request) if !request.files.is_empty() => Ok(vec![Effect::Read(request)]),
        Meaning::Run(request) => operate(state, request.operation),
        Meaning::Login(fabric) => Ok(login::ask(state, fabric)),
        Meaning::Raw(fabric) => {
            typed::raw(state, &fabric);
            Ok(Vec::new())
        }
        Meaning::Explain(code) => typed::explain(state, code.as_deref()).map(|()| Vec::new()),
        Meaning::Elsewhere(line) => {
            let verb = line.split(' ').next().unwrap_or_default();
            Err(Error::Usage(format!("{verb} is for a shell here: `hedgerow {line}`")))
        }
    }
}

/// Takes a request whose files were read.
pub(super) fn read_files(state: &mut State, request: std::result::Result<Box<Request>, Failure>) -> Vec<Effect> {
    let told = match request {
        Ok(request) => operate(state, request.operation).map_err(|error| Failure::from(&error)),
        Err(failure) => Err(failure),
    };
    told.unwrap_or_else(|failure| {
        state.say(format!("FAILED {} {}", failure.code, failure.message));
        Vec::new()
    })
}

/// Starts an operation: what writes is planned first, as by its key.
fn operate(state: &mut State, operation: Operation) -> Result<Vec<Effect>> {
    let fabrics = fabrics(state, &operation)?;
    let writes = mode(&operation).is_some();
    let reads_remote =
        matches!(operation, Operation::Fetch { .. } | Operation::Pull { .. } | Operation::Status { fetch: true, .. });
    let why = keys::refusal(state, operation.name(), &fabrics).filter(|_| writes || reads_remote);
    if let Some(why) = why {
        state.say(why);
        return Ok(Vec::new());
    }
    let told = format!("{} {}  looking", operation.name(), jobs::name_of(&fabrics));
    let effects = match operation {
        Operation::Status { fetch: false, .. } => begin(state),
        Operation::Status { .. } => {
            jobs::start_all(state, Operation::Fetch { fabrics: fabrics.clone() }, Purpose::Act, &fabrics)
        }
        operation if look::is_look(&operation) => {
            let fabric = named_or_current(state, &operation, &fabrics);
            typed::look(state, operation, &fabric);
            return Ok(Vec::new());
        }
        operation if writes => jobs::start_all(state, operation, Purpose::Plan, &fabrics),
        operation => jobs::start_all(state, operation, Purpose::Act, &fabrics),
    };
    state.say(told);
    Ok(effects)
}

/// The one fabric that is looked at: the named one, else the current one.
fn named_or_current(state: &State, operation: &Operation, fabrics: &[String]) -> String {
    let named = crate::ops::question::fabrics(operation).first().cloned();
    named.or_else(|| state.current().map(|row| row.name.clone())).or(fabrics.first().cloned()).unwrap_or_default()
}

/// The fabrics of an operation, all where it names none; each is a configured one.
fn fabrics(state: &State, operation: &Operation) -> Result<Vec<String>> {
    let named = crate::ops::question::fabrics(operation);
    let names = || state.rows.iter().map(|row| row.name.as_str());
    if let Some(unknown) = named.iter().find(|name| state.row(name).is_none()) {
        let nearest = nearest(unknown, names()).map(str::to_owned);
        return Err(Error::NoSuchFabric { name: crate::text::clean_line(unknown), nearest });
    }
    Ok(if named.is_empty() { names().map(str::to_owned).collect() } else { named.to_vec() })
}
