//! The layout: where each pane stands.
//!
//! ```text
//! header      where am I, may I write, how old is the data
//! main pane   list or fabric            (from 100 columns: list left, detail right)
//! operations  4 lines                   (1 line below 24 rows)
//! hints       what I can press, 2 lines (none below 14 rows)
//! outcome     keys, action, outcome
//! ```

mod ask;
mod confirm;
mod detail;
mod diff;
mod error;
mod fabrics;
mod findings;
mod footer;
mod header;
mod highlight;
mod history;
mod managed;
mod menu;
mod operations;
mod palette;
mod pane;
mod raw;
mod setup;
mod small;
mod tabs;
mod viewer;
mod words;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};

use crate::ops::Failure;
use crate::tui::dialog::Dialog;
use crate::tui::state::{FabricScreen, Focus, Screen, State, Tab};
use crate::tui::theme::Theme;

/// From this size on the dashboard can be drawn.
const SMALLEST: (u16, u16) = (40, 12);
/// From this width on there are two panes side by side.
const WIDE: u16 = 100;
/// And from this height on.
const TALL: u16 = 30;

/// Whether a window is too small to draw in.
pub fn is_too_small(size: (u16, u16)) -> bool {
    size.0 < SMALLEST.0 || size.1 < SMALLEST.1
}

/// Whether the list and a fabric stand side by side.
pub fn is_split(size: (u16, u16)) -> bool {
    size.0 >= WIDE && size.1 >= TALL
}

/// Columns of the list where there are two panes: rather more than half, but never more than it can use.
fn list_width(width: u16) -> u16 {
    (width / 20 * 11).clamp(66, 96)
}

/// Rows of the palette: what it covers is to be drawn again when it closes.
const PALETTE: u16 = 15;

/// Draws the whole screen.
pub fn draw(frame: &mut Frame, state: &State, theme: Theme) {
    let area = frame.area();
    if is_too_small((area.width, area.height)) {
        small::draw(frame, area, state);
        return;
    }
    let hints = rows_of_hints(area.height);
    let operations = rows_of_operations(area.height);
    let [top, main, below, keys, last] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Min(3),
        Constraint::Length(operations),
        Constraint::Length(hints),
        Constraint::Length(1),
    ])
    .areas(area);
    header::draw(frame, top, state, theme);
    footer::hints(frame, keys, state, theme);
    footer::outcome(frame, last, state, theme);
    if let Some(dialog) = &state.dialog {
        let all = Rect { height: main.height + below.height, ..main };
        match dialog {
            Dialog::Confirm(confirm) => confirm::draw(frame, all, confirm, theme),
            Dialog::Stale { fabrics, why, .. } => ask::draw_stale(frame, all, fabrics, why, theme),
            Dialog::Settings { selected } => {
                under(frame, main, below, state, theme);
                menu::settings(frame, all, &state.keymap, &state.preferences, *selected, theme);
            }
            Dialog::More { fabric, selected } => {
                under(frame, main, below, state, theme);
                menu::more(frame, all, &state.keymap, fabric, *selected, theme);
            }
            Dialog::Sort { selected } => {
                under(frame, main, below, state, theme);
                menu::sort(frame, all, &state.keymap, &state.list.order(), *selected, theme);
            }
            Dialog::Copy { found, selected } => {
                under(frame, main, below, state, theme);
                menu::copy(frame, all, &state.keymap, found, *selected, theme);
            }
            Dialog::Form(form) => setup::draw_form(frame, all, form, theme),
            Dialog::Palette(palette) => {
                under(frame, main, below, state, theme);
                let top = Rect { height: all.height.min(PALETTE), ..all };
                palette::draw(frame, top, state, palette, theme);
            }
            Dialog::Quit => ask::draw_quit(frame, all, state, theme),
        }
        return;
    }
    under(frame, main, below, state, theme);
}

fn under(frame: &mut Frame, main: Rect, below: Rect, state: &State, theme: Theme) {
    if let Screen::FirstRun(run) = &state.screen {
        setup::draw(frame, Rect { height: main.height + below.height, ..main }, run, theme);
        return;
    }
    if matches!(state.screen, Screen::Error { .. }) {
        // What to do and the full message need the room.
        draw_main(frame, Rect { height: main.height + below.height, ..main }, state, theme);
        return;
    }
    let all = Rect { height: main.height + below.height, ..main };
    match (state.is_zoomed, state.focus) {
        (true, Focus::Operations) => operations::draw(frame, all, state, theme),
        (true, Focus::Main) => draw_main(frame, all, state, theme),
        (false, _) => {
            operations::draw(frame, below, state, theme);
            draw_main(frame, main, state, theme);
        }
    }
}

/// What the window is called: on a shared screen nothing of what is shown.
pub fn title(state: &State) -> String {
    if state.preferences.presenting || state.preferences.privacy {
        return "hedgerow".to_owned();
    }
    match state.rows.iter().filter(|row| row.needs_you()).count() {
        0 => format!("hedgerow {}", state.title),
        needing => format!("hedgerow {} {needing}!", state.title),
    }
}

/// The line of the list that stands at a place of the screen, if one does.
pub fn line_at(state: &State, column: u16, row: u16) -> Option<usize> {
    let operations = rows_of_operations(state.size.1);
    let hints = rows_of_hints(state.size.1);
    let top = if matches!(state.screen, Screen::Fabric(_)) { 4 } else { 3 };
    let (top, height) = (top, state.size.1.checked_sub(1 + 3 + operations + hints + 1)?);
    let list = list_width(state.size.0);
    let (selected, height) = match &state.screen {
        Screen::Fabrics if column < list || !is_split(state.size) => (state.selected, height),
        Screen::Fabric(open)
            if matches!(open.tab, Tab::Raw | Tab::Managed) && (column >= list || !is_split(state.size)) =>
        {
            (open.selected, height.checked_sub(1)?)
        }
        _ => return None,
    };
    let line = row.checked_sub(top).filter(|line| *line < height)?;
    let line = pane::first_shown(selected, height) + usize::from(line);
    (line <= last_line(state)).then_some(line)
}

fn rows_of_hints(height: u16) -> u16 {
    match height {
        0..14 => 0,
        14..24 => 1,
        _ => 2,
    }
}

fn rows_of_operations(height: u16) -> u16 {
    match height {
        0..24 => 1,
        24..30 => 6,
        _ => 10,
    }
}

fn draw_main(frame: &mut Frame, area: Rect, state: &State, theme: Theme) {
    let is_focused = state.focus == Focus::Main;
    let list = Constraint::Length(list_width(area.width));
    let halves = |area| Layout::horizontal([list, Constraint::Min(30)]).areas(area);
    match &state.screen {
        Screen::FirstRun(_) => {}
        Screen::Fabrics if is_split(state.size) && !state.is_zoomed => {
            let [left, right] = halves(area);
            fabrics::draw(frame, left, state, is_focused, theme);
            detail::draw(frame, right, state, false, theme);
        }
        Screen::Fabrics => fabrics::draw(frame, area, state, is_focused, theme),
        Screen::Fabric(open) if is_split(state.size) && !state.is_zoomed => {
            let [left, right] = halves(area);
            fabrics::draw(frame, left, state, false, theme);
            draw_fabric(frame, right, state, open, theme);
        }
        Screen::Fabric(open) => draw_fabric(frame, area, state, open, theme),
        Screen::View(viewer) => viewer::draw(frame, area, viewer, theme),
        Screen::Findings { reports, at, selected } => {
            findings::draw(frame, area, reports, *at, *selected, theme);
        }
        Screen::Log { id, scroll } => operations::draw_log(frame, area, state, *id, *scroll, theme),
        Screen::Error { .. } => error::draw(frame, area, state, theme),
    }
}

fn draw_fabric(frame: &mut Frame, area: Rect, state: &State, open: &FabricScreen, theme: Theme) {
    let [top, area] = Layout::vertical([Constraint::Length(1), Constraint::Min(3)]).areas(area);
    if let Some(row) = state.row(&open.name) {
        let line = tabs::line(state, row, open.tab, usize::from(top.width), theme);
        pane::lines(frame, top, vec![line], 0);
    }
    let is_focused = state.focus == Focus::Main;
    let is_readable = !matches!(state.row(&open.name).map(|row| &row.status), Some(Some(Err(_))));
    match open.tab {
        // What cannot be read has nothing for its tabs: the overview says why.
        _ if !is_readable => detail::draw(frame, area, state, is_focused, theme),
        Tab::Overview => detail::draw(frame, area, state, is_focused, theme),
        Tab::Raw => raw::draw(frame, area, state, open, theme),
        Tab::Managed => managed::draw(frame, area, state, open, is_focused, theme),
        Tab::Diff => diff::draw(frame, area, state, open, is_focused, theme),
        Tab::History | Tab::Log => history::draw(frame, area, state, open, is_focused, theme),
    }
}

/// Whether the main pane is read from its end: up leads to what stands before.
pub fn is_read_from_its_end(state: &State) -> bool {
    let has_message = |failure: &Failure| !failure.detail.trim().is_empty();
    matches!(&state.screen, Screen::Error { failure, .. } if has_message(failure)) && !error::is_short(state)
}

/// The area of the main pane and of what stands below it.
fn whole(state: &State) -> Rect {
    let (width, height) = state.size;
    Rect::new(0, 1, width, height.saturating_sub(2 + rows_of_hints(height)))
}

/// How far the open plan scrolls, at most.
pub fn last_of_plan(state: &State) -> usize {
    match &state.dialog {
        Some(Dialog::Confirm(confirm)) => confirm::most(confirm, whole(state)),
        _ => 0,
    }
}

/// How far the open log scrolls, at most.
fn last_of_log(state: &State, lines: usize) -> usize {
    let below = if state.is_zoomed { 0 } else { rows_of_operations(state.size.1) };
    lines.saturating_sub(usize::from(whole(state).height.saturating_sub(below + 2)))
}

/// The last line the keys can move to in the main pane.
pub fn last_line(state: &State) -> usize {
    let lines = match &state.screen {
        Screen::FirstRun(_) => 0,
        Screen::Fabrics => state.list.shown.len(),
        Screen::Fabric(open) => match (open.tab, state.row(&open.name).and_then(|row| row.status.as_ref())) {
            (Tab::Raw, Some(Ok(status))) => status.raw.files.len(),
            (Tab::Managed, _) => state.looked.resources.get().map_or(1, |show| show.resources.len()),
            (Tab::Diff, _) => state.looked.diff_lines.len(),
            (Tab::History | Tab::Log, _) => state.past(open.tab).len(),
            _ => 1,
        },
        Screen::View(viewer) => viewer.lines.len(),
        Screen::Findings { reports, at, .. } => reports.get(*at).map_or(0, |(_, report)| report.findings.len()),
        Screen::Error { what, failure, .. } => return error::most(what, failure, state, whole(state)),
        Screen::Log { id, .. } => {
            let job = state.jobs.iter().find(|job| job.id == *id);
            return last_of_log(state, operations::log_lines(job, whole(state).width.saturating_sub(2)).len());
        }
    };
    lines.saturating_sub(1)
}
