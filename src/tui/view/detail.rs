//! The detail: all about one fabric.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::fabric::message::count;
use crate::ops::report::{RawFile, StatusReport};
use crate::tui::action::Action;
use crate::tui::keymap::Keymap;
use crate::tui::state::{Row, State};
use crate::tui::theme::{Role, Theme};
use crate::tui::view::{pane, raw, words};

/// Raw files that are listed; the tab Raw has all.
const RAW: usize = 6;

/// Draws the overview of the current fabric.
pub(super) fn draw(frame: &mut Frame, area: Rect, state: &State, is_focused: bool, theme: Theme) {
    let Some(row) = state.current() else {
        pane::frame(frame, area, "2 Fabric", "", is_focused, theme);
        return;
    };
    let inside = pane::frame(frame, area, &format!("2 {}", row.name), "Overview", is_focused, theme);
    pane::lines(frame, inside, lines(row, &state.keymap, theme, usize::from(inside.width)), 0);
}

fn lines(row: &Row, keymap: &Keymap, theme: Theme, width: usize) -> Vec<Line<'static>> {
    match &row.status {
        None => vec![Line::from(" reading ...")],
        Some(Err(failure)) => {
            let mut lines = vec![Line::from(Span::styled(format!(" {}", failure.code), theme.style(Role::Error)))];
            let text = format!("{}. Press {} for what to do.", failure.message, keymap.key(Action::Error));
            lines.extend(
                pane::wrap(&text, width.saturating_sub(2)).into_iter().map(|line| Line::from(format!(" {line}"))),
            );
            lines
        }
        Some(Ok(status)) => overview(row, status, keymap, theme, width),
    }
}

fn pair(name: &str, text: &str, role: Role, theme: Theme, width: usize) -> Line<'static> {
    let text = crate::text::cut_middle(text, width.saturating_sub(14));
    Line::from(vec![
        Span::styled(format!(" {name:<12}"), theme.style(Role::Title)),
        Span::styled(text, theme.style(role)),
    ])
}

fn overview(row: &Row, status: &StatusReport, keymap: &Keymap, theme: Theme, width: usize) -> Vec<Line<'static>> {
    let git = &status.git;
    let head = git.head.as_deref().and_then(|head| head.get(..7)).unwrap_or("no commit");
    let directory = if status.path.is_empty() { "the repository's root" } else { &status.path };
    let (state, role) = words::directory(row, theme);
    let (git_state, git_role) = words::git(row, theme);
    let line = |name: &str, text: &str, role| pair(name, &crate::text::clean_line(text), role, theme, width);
    let mut lines = vec![
        line("Repository", &status.repository, Role::Text),
        line("Branch", &format!("{} at {head}", git.branch), Role::Text),
        line("Directory", directory, Role::Text),
        line("State", &state, role),
    ];
    // Where nothing at all can be written, the header and the hints say so.
    if let Some(why) = row.why_read_only().filter(|why| *why != "--read-only") {
        lines.push(line("", &format!("read-only: {why}"), Role::Warn));
    }
    if !status.directory.missing.is_empty() {
        lines.push(line("Missing", &status.directory.missing.join(", "), Role::Warn));
    }
    if status.directory.loose > 0 {
        let text = format!("{} files, which init takes in", status.directory.loose);
        lines.push(line("Loose", &text, Role::Warn));
    }
    lines.push(line("Git", &git_state, git_role));
    if !git.note.is_empty() {
        lines.push(line("", &git.note, Role::Muted));
    }
    if git.repository_ahead + git.repository_behind > 0 {
        let text = format!("whole repository: {} to push, {} to pull", git.repository_ahead, git.repository_behind);
        lines.push(line("", &text, Role::Muted));
    }
    lines.push(Line::default());
    let raw = &status.raw;
    let text = format!("{} pending, {} with errors, {} left out", raw.pending, raw.invalid, raw.left_out);
    lines.push(line("Raw", &text, words::raw(row).1));
    lines.extend(raw.files.iter().take(RAW).map(|file| raw_file(file, theme, width)));
    if raw.files.len() > RAW {
        lines.push(line("", &format!("... {} more", raw.files.len() - RAW), Role::Muted));
    }
    let resources = count(status.managed.total, "resource", "resources");
    lines.push(line("Managed", &resources, Role::Text));
    let kinds: Vec<String> = status.managed.kinds.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
    let kinds = pane::wrap(&crate::text::clean_line(&kinds.join(", ")), width.saturating_sub(14));
    lines.extend(kinds.iter().filter(|text| !text.is_empty()).map(|text| line("", text, Role::Muted)));
    if status.managed.hydration.total > 0 {
        lines.push(line("Hydration", &status.managed.hydration.words(), Role::Text));
    }
    lines.extend(last(status, &line));
    let (next, role) = words::next(row, keymap);
    lines.push(Line::default());
    lines.push(line("Next step", &next, role));
    lines
}

/// A raw file with what ingest would make of it.
fn raw_file(file: &RawFile, theme: Theme, width: usize) -> Line<'static> {
    let (check, role) = raw::check(file, theme);
    let docs = count(file.documents, "doc", "docs");
    let right = match width {
        0..64 => format!(" {}", pane::cell(&check, 12)),
        _ => format!(" {docs:>8} {:>7}  {}", raw::size(file.size), pane::cell(&check, 12)),
    };
    let room = width.saturating_sub(14 + right.chars().count());
    let path = crate::text::clean_line(file.path.strip_prefix("raw/").unwrap_or(&file.path));
    Line::from(vec![Span::raw(format!("{:13}{}", "", pane::cell(&path, room))), Span::styled(right, theme.style(role))])
}

fn last(status: &StatusReport, line: &dyn Fn(&str, &str, Role) -> Line<'static>) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    if let Some(last) = &status.last_operation {
        let commit = last.commit.as_deref().and_then(|id| id.get(..7)).unwrap_or_default();
        let text = format!("{} {} {commit} {}", last.operation, words::result(&last.result), short_time(&last.at));
        lines.push(line("Last", &text, Role::Text));
    }
    if let Some(last) = &status.last_error {
        lines.push(line(
            "Last error",
            &format!("{} {} {}", last.code, last.message, short_time(&last.at)),
            Role::Error,
        ));
    }
    lines
}

/// `2026-11-21T06:04:32Z` as `2026-11-21 06:04` in UTC.
fn short_time(at: &str) -> String {
    at.get(..16).unwrap_or(at).replace('T', " ")
}
