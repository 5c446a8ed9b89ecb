//! The raw files of a fabric, what ingest would make of each, and what is wrong with the selected one.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};

use crate::fabric::plan::Outcome;
use crate::ops::report::{RawFile, StatusReport};
use crate::text;
use crate::tui::action::Action;
use crate::tui::state::{FabricScreen, Focus, Row, State};
use crate::tui::theme::{Role, Theme};
use crate::tui::view::pane;

/// The tabs of a fabric, the open one in angle brackets.
pub(super) fn tabs(row: &Row, open: usize) -> String {
    let (raw, managed) = match &row.status {
        Some(Ok(status)) if status.raw.invalid > 0 => {
            (format!("Raw {} !{}", status.raw.pending, status.raw.invalid), format!("Managed {}", status.managed.total))
        }
        Some(Ok(status)) => (format!("Raw {}", status.raw.pending), format!("Managed {}", status.managed.total)),
        _ => ("Raw".to_owned(), "Managed".to_owned()),
    };
    let names = ["Overview".to_owned(), raw, managed];
    let shown: Vec<String> = names
        .iter()
        .enumerate()
        .map(|(at, name)| if at == open { format!("<{}>", name.to_uppercase()) } else { name.clone() })
        .collect();
    shown.join(" | ")
}

/// Draws the table and the finding below it.
pub(super) fn draw(frame: &mut Frame, area: Rect, state: &State, open: &FabricScreen, theme: Theme) {
    let Some(row) = state.row(&open.name) else {
        return;
    };
    let [above, below] = Layout::vertical([Constraint::Min(4), Constraint::Length(6)]).areas(area);
    let is_focused = state.focus == Focus::Main;
    let inside = pane::frame(frame, above, &tabs(row, 1), "[ ] tab", is_focused, theme);
    let Some(Ok(status)) = &row.status else {
        pane::lines(frame, inside, vec![Line::from(" reading ...")], 0);
        return;
    };
    table(frame, inside, status, (open, state), theme);
    let selected = status.raw.files.get(open.selected);
    let title = selected.map_or("no raw file", |file| file.path.as_str());
    let inside = pane::frame(frame, below, &text::clean_line(title), "", false, theme);
    let lines = selected.map_or_else(Vec::new, |file| about(file, theme, usize::from(inside.width)));
    pane::lines(frame, inside, lines, 0);
}

fn table(frame: &mut Frame, area: Rect, status: &StatusReport, (open, state): (&FabricScreen, &State), theme: Theme) {
    if status.raw.files.is_empty() {
        let text = format!(
            "No raw files. Copy YAML into {} and press {}.",
            crate::text::clean_line(&format!("{}/raw", status.path)),
            state.keymap.key(Action::Refresh)
        );
        let lines = pane::wrap(&text, usize::from(area.width)).into_iter().map(Line::from).collect();
        pane::lines(frame, area, lines, 0);
        return;
    }
    let name = usize::from(area.width).saturating_sub(50).clamp(12, 60);
    let heading = format!(
        "   {}{}{}{}CHECK",
        pane::cell("RAW FILE", name),
        pane::cell("DOCS", 6),
        pane::cell("KINDS", 20),
        pane::cell("SIZE", 8)
    );
    let mut lines = vec![Line::from(Span::styled(heading, theme.style(Role::Title)))];
    let height = area.height.saturating_sub(1);
    let first = pane::first_shown(open.selected, height);
    for (at, file) in status.raw.files.iter().enumerate().skip(first).take(usize::from(height)) {
        let is_out = open.left_out.contains(&file.path);
        lines.push(line(file, at == open.selected, is_out, name, theme));
    }
    pane::lines(frame, area, lines, 0);
}

fn line(file: &RawFile, is_selected: bool, is_out: bool, name: usize, theme: Theme) -> Line<'static> {
    let mark = match (is_selected, is_out) {
        (true, true) => ">x ",
        (true, false) => ">  ",
        (false, true) => " x ",
        (false, false) => "   ",
    };
    let path = text::clean_line(file.path.strip_prefix("raw/").unwrap_or(&file.path));
    let kinds: Vec<String> = file.kinds.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
    let docs = if file.documents == 0 { "-".to_owned() } else { file.documents.to_string() };
    let (check, role) = if is_out { (". Left out by you".to_owned(), Role::Muted) } else { check(file, theme) };
    let cells = format!(
        "{mark}{} {}{}{}",
        pane::cell(&path, name.saturating_sub(1)),
        pane::cell(&docs, 6),
        pane::cell(&format!("{} ", text::cut(&text::clean_line(&kinds.join(", ")), 19)), 20),
        pane::cell(&size(file.size), 8)
    );
    let style = |role| theme.style(if is_selected { Role::Selection } else { role });
    Line::from(vec![Span::styled(cells, style(Role::Text)), Span::styled(check, style(role))])
}

/// What ingest would make of a file, in a word.
fn check(file: &RawFile, theme: Theme) -> (String, Role) {
    let errors = file.findings.iter().filter(|finding| finding.is_error()).count();
    if errors > 0 {
        return (format!("! {errors} {}", if errors == 1 { "error" } else { "errors" }), Role::Error);
    }
    let held = file.outcomes.keys().find(|outcome| outcome.is_no());
    if let Some(outcome) = held {
        return (format!("! {}", outcome.word()), Role::Warn);
    }
    if file.outcomes.contains_key(&Outcome::LeftOut) {
        return (". Left out".to_owned(), Role::Muted);
    }
    if file.outcomes.contains_key(&Outcome::AsksForNothing) {
        return (". asks for nothing".to_owned(), Role::Muted);
    }
    (format!("{} OK", theme.symbol("=", "✓")), Role::Ok)
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes}B"),
        1024..1_048_576 => format!("{}.{}K", bytes / 1024, bytes % 1024 * 10 / 1024),
        _ => format!("{}.{}M", bytes / 1_048_576, bytes % 1_048_576 * 10 / 1_048_576),
    }
}

fn about(file: &RawFile, theme: Theme, width: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for finding in &file.findings {
        let place = match (finding.line, finding.column) {
            (Some(line), Some(column)) => format!("{line}:{column} "),
            _ => String::new(),
        };
        let role = if finding.is_error() { Role::Error } else { Role::Muted };
        let text = format!("{place}{}: {}", finding.code, text::clean_line(&finding.message));
        for line in pane::wrap(&text, width.saturating_sub(2)) {
            lines.push(Line::from(Span::styled(format!(" {line}"), theme.style(role))));
        }
        let remedy = format!("Fix: {}", text::clean_line(&finding.remedy));
        lines.extend(
            pane::wrap(&remedy, width.saturating_sub(2)).into_iter().map(|line| Line::from(format!(" {line}"))),
        );
    }
    let outcomes: Vec<String> =
        file.outcomes.iter().map(|(outcome, count)| format!("{} {count}", outcome.word())).collect();
    if !outcomes.is_empty() {
        lines.push(Line::from(format!(" Ingest would give: {}", outcomes.join(", "))));
    }
    lines
}
