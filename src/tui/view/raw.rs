//! The raw files of a fabric, what ingest would make of each, and what is wrong with the selected one.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};

use crate::fabric::message::count;
use crate::fabric::plan::Outcome;
use crate::ops::report::{DirectoryState, RawFile, StatusReport};
use crate::text;
use crate::tui::state::{FabricScreen, Focus, State};
use crate::tui::theme::{Role, Theme};
use crate::tui::view::{highlight, pane, viewer};
use crate::tui::viewer::Paper;

/// Draws the table, and below it what is wrong with the selected file, where it is.
pub(super) fn draw(frame: &mut Frame, area: Rect, state: &State, open: &FabricScreen, theme: Theme) {
    let is_focused = state.focus == Focus::Main;
    let Some(Some(Ok(status))) = state.row(&open.name).map(|row| &row.status) else {
        let inside = pane::frame(frame, area, "2 Raw files", "", is_focused, theme);
        pane::lines(frame, inside, vec![Line::from(" reading ...")], 0);
        return;
    };
    let rows = u16::try_from(status.raw.files.len() + 3).unwrap_or(u16::MAX).max(5);
    let above = rows.min(area.height / 2).max(area.height.min(5));
    let [above, below] = Layout::vertical([Constraint::Length(above), Constraint::Min(0)]).areas(area);
    let documents: usize = status.raw.files.iter().map(|file| file.documents).sum();
    let errors = status.raw.files.iter().flat_map(|file| &file.findings).filter(|finding| finding.is_error()).count();
    let right = format!(
        "{}, {}, {}",
        count(status.raw.files.len(), "file", "files"),
        count(documents, "doc", "docs"),
        count(errors, "error", "errors")
    );
    let inside = pane::frame(frame, above, "2 Raw files", &right, is_focused, theme);
    table(frame, inside, status, (open, state), theme);
    if below.height < 3 {
        return;
    }
    let selected = status.raw.files.get(open.selected);
    let title = selected.map_or("no raw file", |file| file.path.as_str());
    let inside = pane::frame(
        frame,
        below,
        &format!("3 {}", text::clean_line(title)),
        &state.keymap.fill("{open} view"),
        false,
        theme,
    );
    let known = Some(&state.looked.file).filter(|(path, _)| path == title && state.looked.fabric == open.name);
    let lines = known.and_then(|(_, part)| part.get()).and_then(|file| file.text.as_deref());
    let lines = selected.map_or_else(Vec::new, |file| below_lines(file, lines, inside, theme));
    pane::lines(frame, inside, lines, 0);
}

/// The place of the first error with a caret where the text is known, then every finding in words.
fn below_lines(file: &RawFile, known: Option<&str>, area: Rect, theme: Theme) -> Vec<Line<'static>> {
    let (width, rows) = (usize::from(area.width), usize::from(area.height));
    let words = about(file, theme, width);
    let first = file.findings.iter().find(|finding| finding.is_error()).or(file.findings.first());
    let line = first.and_then(|finding| finding.line);
    let (Some(known), Some(finding), Some(line)) = (known, first, line) else {
        let mut lines = words;
        let room = rows.saturating_sub(lines.len());
        let text = known.unwrap_or_default().lines().take(room);
        lines.extend(text.map(|line| highlight::line(&format!(" {}", text::quote_line(line)), Paper::Yaml, theme)));
        return lines;
    };
    let note = format!("{}: {}", finding.code, text::clean_line(&finding.message));
    let places = rows.saturating_sub(words.len()).clamp(3, 8).min(rows);
    let column = finding.column.unwrap_or(1) as usize;
    let mut lines = viewer::round(known, line as usize, column, &note, places, theme);
    lines.extend(words);
    lines
}

fn table(frame: &mut Frame, area: Rect, status: &StatusReport, (open, state): (&FabricScreen, &State), theme: Theme) {
    if status.raw.files.is_empty() {
        let text = state.keymap.fill(&empty(status));
        let lines = pane::wrap(&text, usize::from(area.width)).into_iter().map(Line::from).collect();
        pane::lines(frame, area, lines, 0);
        return;
    }
    let widths = widths(usize::from(area.width));
    let heading: String =
        ["RAW FILE", "DOCS", "KINDS", "SIZE"].iter().zip(widths).map(|(word, width)| pane::cell(word, width)).collect();
    let heading = format!("   {heading}CHECK");
    let mut lines = vec![Line::from(Span::styled(heading, theme.style(Role::Title)))];
    let height = area.height.saturating_sub(1);
    let first = pane::first_shown(open.selected, height);
    for (at, file) in status.raw.files.iter().enumerate().skip(first).take(usize::from(height)) {
        let is_out = open.left_out.contains(&file.path);
        lines.push(line(file, at == open.selected, is_out, widths, theme));
    }
    pane::lines(frame, area, lines, 0);
}

/// What to do where no raw file is.
fn empty(status: &StatusReport) -> String {
    let raw = text::clean_line(&format!("{}/raw", status.path));
    match (status.directory.state, status.directory.loose) {
        (DirectoryState::NotInitialized, 0) => {
            format!("The directory has no layout yet. {{init}} makes it; then copy YAML into {raw}.")
        }
        (DirectoryState::NotInitialized, loose) => {
            let files = count(loose, "YAML file that lies", "YAML files that lie");
            format!("The directory has no layout yet. {{init}} makes it and takes in {files} loose.")
        }
        _ => format!("No raw files. Copy YAML into {raw} and press {{refresh}}."),
    }
}

/// Columns of the file, its documents, its kinds and its size; the kinds go first.
fn widths(width: usize) -> [usize; 4] {
    match width {
        0..50 => [width.saturating_sub(18).max(10), 0, 0, 0],
        50..66 => [width.saturating_sub(31), 5, 0, 8],
        _ => [width.saturating_sub(50).clamp(12, 60), 6, 20, 8],
    }
}

fn line(file: &RawFile, is_selected: bool, is_out: bool, widths: [usize; 4], theme: Theme) -> Line<'static> {
    let mark = match (is_selected, is_out) {
        (true, true) => ">x ",
        (true, false) => ">  ",
        (false, true) => " x ",
        (false, false) => "   ",
    };
    let path = text::clean_line(file.path.strip_prefix("raw/").unwrap_or(&file.path));
    let kinds: Vec<String> = file.kinds.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
    let docs = if file.documents == 0 { "-".to_owned() } else { file.documents.to_string() };
    let (check, role) = if is_out { (". Left out".to_owned(), Role::Muted) } else { check(file, theme) };
    let [name, documents, kind, bytes] = widths;
    let kinds = text::cut(&text::clean_line(&kinds.join(", ")), kind.saturating_sub(1));
    let cells = format!(
        "{mark}{} {}{}{}",
        pane::cell(&path, name.saturating_sub(1)),
        pane::cell(&docs, documents),
        pane::cell(&kinds, kind),
        pane::cell(&size(file.size), bytes)
    );
    let style = |role| theme.style(if is_selected { Role::Selection } else { role });
    Line::from(vec![Span::styled(cells, style(Role::Text)), Span::styled(check, style(role))])
}

/// What ingest would make of a file, in a word.
pub(super) fn check(file: &RawFile, theme: Theme) -> (String, Role) {
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
        return (". No document".to_owned(), Role::Muted);
    }
    (format!("{} OK", theme.symbol("=", "✓")), Role::Ok)
}

/// A size in bytes, KiB or MiB.
pub(super) fn size(bytes: u64) -> String {
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
