//! The error: what happened, the state now, the code, what to do, and the full text from its end.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};

use crate::ops::Failure;
use crate::tui::state::{Screen, State};
use crate::tui::theme::{Role, Theme};
use crate::tui::view::pane;

/// Below this height the error is one text.
const SHORT: u16 = 22;

/// Draws the open error.
pub(super) fn draw(frame: &mut Frame, area: Rect, state: &State, theme: Theme) {
    let Screen::Error { what, failure, at, scroll } = &state.screen else {
        return;
    };
    let title = format!("Error {} of {}: {what}", at + 1, state.errors().len().max(at + 1));
    let inside = pane::frame(frame, area, &title, &failure.code, true, theme);
    let width = usize::from(inside.width).saturating_sub(2);
    if is_short(state) {
        let lines = short(what, failure, state, theme, width);
        let most = lines.len().saturating_sub(usize::from(inside.height));
        pane::lines(frame, inside, lines, (*scroll).min(most));
        return;
    }
    let top = told(what, failure, state, theme, width);
    let message = message(failure, width);
    if message.is_empty() {
        pane::lines(frame, inside, top, *scroll);
        return;
    }
    let most = usize::from(inside.height).saturating_sub(4);
    let height = u16::try_from(top.len().min(most)).unwrap_or(inside.height);
    let [above, head, below] =
        Layout::vertical([Constraint::Length(height), Constraint::Length(1), Constraint::Min(1)]).areas(inside);
    let last = message.len().saturating_sub(usize::from(below.height));
    let first = last.saturating_sub(*scroll);
    let more = if last > 0 { ", k shows what stands before" } else { "" };
    let heading = format!(" Full message ({} lines{more})", message.len());
    pane::lines(frame, above, top, 0);
    pane::lines(frame, head, vec![Line::from(Span::styled(heading, theme.style(Role::Title)))], 0);
    pane::lines(frame, below, message, first);
}

/// Whether there is no room for everything at once: then it is one text, read from its beginning.
pub(super) fn is_short(state: &State) -> bool {
    state.size.1 < SHORT
}

/// What happened and what to do first; then the rest.
fn short(what: &str, failure: &Failure, state: &State, theme: Theme, width: usize) -> Vec<Line<'static>> {
    let mut lines = happened(failure, theme, width);
    lines.extend(remedies(what, failure, state, theme, width));
    lines.extend(facts(what, failure, state, width));
    let message = message(failure, width);
    if !message.is_empty() {
        lines.push(Line::from(Span::styled(" Full message", theme.style(Role::Title))));
    }
    lines.extend(message);
    lines
}

fn told(what: &str, failure: &Failure, state: &State, theme: Theme, width: usize) -> Vec<Line<'static>> {
    let mut lines = vec![Line::default()];
    lines.extend(happened(failure, theme, width));
    lines.push(Line::default());
    lines.extend(facts(what, failure, state, width));
    lines.push(Line::default());
    lines.extend(remedies(what, failure, state, theme, width));
    lines.push(Line::default());
    lines
}

fn happened(failure: &Failure, theme: Theme, width: usize) -> Vec<Line<'static>> {
    let wrapped = pane::wrap(&format!("{}.", failure.message), width.saturating_sub(3));
    let line = |(at, line): (usize, String)| {
        let mark = if at == 0 { theme.symbol("X", "✗") } else { " " };
        Line::from(Span::styled(format!(" {mark}  {line}"), theme.style(Role::Error)))
    };
    wrapped.into_iter().enumerate().map(line).collect()
}

/// Where it happened, what is safe now, the code.
fn facts(what: &str, failure: &Failure, state: &State, width: usize) -> Vec<Line<'static>> {
    let exit = if failure.exit_code == 0 { String::new() } else { format!("   exit code {}", failure.exit_code) };
    let place = place(what, failure, state);
    let safe = failure.state();
    let code = format!("{}{exit}", failure.code);
    let mut lines = Vec::new();
    for (name, text) in [("Where", place.as_str()), ("State", safe.as_str()), ("Code", &code)] {
        for (at, line) in pane::wrap(text, width.saturating_sub(9)).into_iter().enumerate() {
            let name = if at == 0 { name } else { "" };
            lines.push(Line::from(format!(" {name:<8} {line}")));
        }
    }
    lines
}

/// The operation of this session that failed so, else what failed.
fn place(what: &str, failure: &Failure, state: &State) -> String {
    match state.failed(what, failure) {
        Some(job) => format!("{} {what}, operation {}, {}", job.operation.name(), job.id, job.ended),
        None => what.to_owned(),
    }
}

fn remedies(what: &str, failure: &Failure, state: &State, theme: Theme, width: usize) -> Vec<Line<'static>> {
    let mut lines = vec![Line::from(Span::styled(" What to do", theme.style(Role::Title)))];
    let name = if state.row(what).is_some() { what } else { "FABRIC" };
    let filled = |remedy: &String| state.keymap.remedy(remedy).replace("FABRIC", name);
    for (number, remedy) in failure.remedy.iter().map(filled).enumerate() {
        for (at, line) in pane::wrap(&remedy, width.saturating_sub(5)).into_iter().enumerate() {
            let mark = if at == 0 { format!("{}", number + 1) } else { " ".to_owned() };
            lines.push(Line::from(format!("   {mark} {line}")));
        }
    }
    lines
}

fn message(failure: &Failure, width: usize) -> Vec<Line<'static>> {
    let wrapped = failure.detail.trim().lines().flat_map(|line| pane::wrap(line, width.saturating_sub(3)));
    wrapped.map(|line| Line::from(format!(" | {line}"))).collect()
}

/// How far it scrolls in an area, at most.
pub(super) fn most(what: &str, failure: &Failure, state: &State, area: Rect) -> usize {
    let width = usize::from(area.width).saturating_sub(4);
    let height = usize::from(area.height).saturating_sub(2);
    let plain = Theme { ascii: true, palette: crate::config::theme::plain() };
    if is_short(state) {
        return short(what, failure, state, plain, width).len().saturating_sub(height);
    }
    let top = told(what, failure, state, plain, width).len();
    let message = message(failure, width).len();
    if message == 0 {
        return top.saturating_sub(height);
    }
    let above = top.min(height.saturating_sub(4)) + 1;
    message.saturating_sub(height.saturating_sub(above).max(1))
}
