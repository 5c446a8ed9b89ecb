//! Update: the only function that changes the state; it starts nothing and returns effects.

mod confirm;
mod copy;
mod jobs;
mod keys;
mod list;
mod login;
mod look;
mod more;
mod open;
mod outside;
mod palette;
mod pane;
mod refresh;
mod settings;
pub mod setup;
mod typed;
mod viewer;

use crate::ops::Operation;
use crate::tui::event::{Effect, Event};
use crate::tui::jobs::SIDE_BY_SIDE;
use crate::tui::refresh::{slept, stale_count};
use crate::tui::state::{Job, Purpose, State};

/// Changes the state by one event and tells what is to be done.
pub fn update(state: &mut State, event: Event) -> Vec<Effect> {
    let mut effects = take(state, event);
    confirm::next(state);
    effects.extend(look::ask(state));
    effects.extend(list::keep_filter(state));
    effects
}

fn take(state: &mut State, event: Event) -> Vec<Effect> {
    if matches!(event, Event::Key(_) | Event::Paste(_) | Event::Mouse(_)) {
        state.refresh.touched = state.now.ms;
    }
    match event {
        Event::Time(now) => time(state, now),
        Event::Rest => {
            let armed = confirm::arm(state);
            state.is_dirty = state.is_dirty || armed;
            Vec::new()
        }
        Event::Frame => {
            if state.list.is_old {
                state.arrange();
            }
            Vec::new()
        }
        Event::Answered(answer) => setup::answered(state, *answer),
        Event::Key(key) => {
            state.is_dirty = true;
            keys::key(state, &key)
        }
        Event::Paste(text) => outside::paste(state, &text),
        Event::Mouse(mouse) => outside::mouse(state, mouse),
        Event::Copied { what, way } => copy::copied(state, &what, &way),
        Event::Read(request) => palette::read_files(state, request),
        Event::LoggedIn { fabric, asked } => login::ended(state, &fabric, asked),
        Event::Slower => outside::slower(state),
        Event::Said(text) => {
            state.say(text);
            Vec::new()
        }
        Event::Resize(columns, rows) => {
            state.size = (columns, rows);
            state.is_dirty = true;
            vec![Effect::Redraw]
        }
        Event::Progress(id, progress) => {
            jobs::progress(state, id, progress);
            Vec::new()
        }
        Event::Finished(id, outcome) if refresh::is_of(state, id) => refresh::finished(state, id, outcome),
        Event::Finished(id, outcome) => {
            state.is_dirty = true;
            jobs::ended::finished(state, id, outcome)
        }
    }
}

/// The effects that begin a session: every status is read.
pub fn begin(state: &mut State) -> Vec<Effect> {
    let names: Vec<String> = state.rows.iter().map(|row| row.name.clone()).collect();
    names.iter().flat_map(|name| read_status(state, name)).collect()
}

/// Reads a status, unless so many readings of it wait that one of them has not begun.
fn read_status(state: &mut State, fabric: &str) -> Vec<Effect> {
    let is_same = |job: &&Job| matches!(job.operation, Operation::Status { .. }) && job.is_open();
    if state.jobs.iter().filter(is_same).filter(|job| job.fabric == fabric).count() > SIDE_BY_SIDE {
        return Vec::new();
    }
    let operation = Operation::Status { fabrics: vec![fabric.to_owned()], fetch: false };
    jobs::start(state, operation, Purpose::Status, fabric)
}

fn time(state: &mut State, now: crate::tui::event::Now) -> Vec<Effect> {
    let ticked = now.clock != state.now.clock && state.needs_ticks();
    if slept(&state.now, &now) {
        state.refresh.woke = Some(now.ms);
    }
    let is_later = now.wall != state.now.wall;
    let before = is_later.then(|| stale_count(state));
    state.now = now;
    let ages = before.is_some_and(|before| before != stale_count(state));
    state.is_dirty = state.is_dirty || ticked || ages;
    refresh::ask(state)
}

#[cfg(test)]
mod tests;
