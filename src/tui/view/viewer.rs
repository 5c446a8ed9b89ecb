//! The viewer: one text in full; only what is seen is cleaned, coloured and cut.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::text::{clean_line, quote_line, width};
use crate::tui::list::contains;
use crate::tui::theme::{Role, Theme};
use crate::tui::view::{highlight, pane};
use crate::tui::viewer::{Paper, Viewer};

/// Draws the text from its first line on.
pub(super) fn draw(frame: &mut Frame, area: Rect, viewer: &Viewer, theme: Theme) {
    let title = format!("3 {}", clean_line(&viewer.title));
    let wide = usize::from(area.width);
    let title = crate::text::cut_middle(&title, wide.saturating_sub(30).max(10));
    let inside = pane::frame(frame, area, &title, &place(viewer), true, theme);
    let rows = usize::from(inside.height);
    let mut lines: Vec<Line> = Vec::with_capacity(rows);
    for text in viewer.lines.iter().skip(viewer.top) {
        if lines.len() >= rows {
            break;
        }
        lines.extend(shown(text, viewer, usize::from(inside.width), theme));
    }
    if viewer.lines.is_empty() {
        lines.push(Line::from(" It is empty."));
    }
    pane::lines(frame, inside, lines, 0);
}

fn place(viewer: &Viewer) -> String {
    match &viewer.input {
        Some(input) => format!("/{}_", quote_line(input)),
        None => format!("line {} of {}", (viewer.top + 1).min(viewer.lines.len()), viewer.lines.len()),
    }
}

/// One line of the text as one line, or several, of the screen.
fn shown(text: &str, viewer: &Viewer, room: usize, theme: Theme) -> Vec<Line<'static>> {
    let text = match viewer.paper {
        Paper::Yaml | Paper::Diff => quote_line(text),
        Paper::Plain => clean_line(text),
    };
    let is_found = !viewer.search.is_empty() && contains(&text, &viewer.search);
    let style = |line: Line<'static>| {
        if is_found { line.patch_style(theme.style(Role::Mark)) } else { line }
    };
    if viewer.wraps {
        return broken(&text, room).iter().map(|part| style(highlight::line(part, viewer.paper, theme))).collect();
    }
    vec![style(sideways(highlight::line(&text, viewer.paper, theme), viewer.left))]
}

/// A text in pieces of at most so many columns.
fn broken(text: &str, room: usize) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut used = 0;
    for part in text.graphemes(true) {
        if used + width(part) > room.max(2) {
            pieces.push(String::new());
            used = 0;
        }
        used += width(part);
        if let Some(piece) = pieces.last_mut() {
            piece.push_str(part);
        }
    }
    pieces
}

/// A line without its first columns.
fn sideways(line: Line<'static>, left: usize) -> Line<'static> {
    if left == 0 {
        return line;
    }
    let mut gone = 0;
    let mut spans = line.spans;
    for span in &mut spans {
        let rest: String = span
            .content
            .graphemes(true)
            .skip_while(|part| {
                let is_out = gone < left;
                gone += if is_out { width(part) } else { 0 };
                is_out
            })
            .collect();
        span.content = rest.into();
    }
    Line::from(spans)
}

/// The lines round a place of a file with a caret below it, for the pane under the raw files.
pub(super) fn round(
    text: &str,
    line: usize,
    column: usize,
    note: &str,
    rows: usize,
    theme: Theme,
) -> Vec<Line<'static>> {
    let first = line.saturating_sub(rows / 2).max(1);
    let mut lines = Vec::new();
    for (at, text) in text.lines().enumerate().skip(first - 1).take(rows.saturating_sub(1).max(1)) {
        let mut shown = highlight::line(&quote_line(text), Paper::Yaml, theme);
        shown.spans.insert(0, format!(" {:>4} ", at + 1).into());
        lines.push(shown);
        if at + 1 == line {
            let before: String = text.chars().take(column.saturating_sub(1)).collect();
            let pad = " ".repeat(6 + width(&clean_line(&before)));
            let marked: String =
                text.chars().skip(column.saturating_sub(1)).take_while(|c| !c.is_whitespace()).collect();
            let carets = "^".repeat(width(&clean_line(&marked)).clamp(1, 40));
            lines.push(Line::from(format!("{pad}{carets} {note}")).style(theme.style(Role::Error)));
        }
    }
    lines.truncate(rows);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn theme() -> Theme {
        crate::tui::preferences::Preferences::default().look()
    }

    #[test]
    fn a_caret_stands_below_what_is_wrong() {
        let lines = round("a: 1\nvlan: 5000\nb: 2\n", 2, 7, "HH-VP5: must be 1-4094", 6, theme());
        let text: Vec<String> = lines.iter().map(ToString::to_string).collect();
        assert_eq!(text[1], "    2 vlan: 5000");
        assert_eq!(text[2], "            ^^^^ HH-VP5: must be 1-4094");
        assert_eq!(text[3], "    3 b: 2");
    }

    #[test]
    fn long_lines_break_or_move_sideways() {
        assert_eq!(broken("abcdef", 4), ["abcd", "ef"]);
        assert_eq!(broken("漢字漢", 5), ["漢字", "漢"]);
        assert_eq!(sideways(Line::from("abcdef"), 4).to_string(), "ef");
    }
}
