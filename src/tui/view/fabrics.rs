//! The fabrics: one row each with its state and the next step.
//!
//! ```text
//!    FABRIC            DIRECTORY      GIT             RAW    NEXT STEP
//! >  dc1-prod          = Ready        = In sync       3      N ingest
//! ```

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::tui::state::{Focus, Row, State};
use crate::tui::theme::{Role, Theme};
use crate::tui::view::{pane, words};

/// Draws the list.
pub(super) fn draw(frame: &mut Frame, area: Rect, state: &State, theme: Theme) {
    let count = format!("{}/{}", state.rows.len(), state.rows.len());
    let is_focused = state.focus == Focus::Main;
    let inside = pane::frame(frame, area, "1 Fabrics", &count, is_focused, theme);
    if state.rows.is_empty() {
        let text =
            "No fabrics are configured. Press A to add one, or use `hedgerow add NAME --repo PATH --directory DIR`.";
        let lines = pane::wrap(text, usize::from(inside.width)).into_iter().map(Line::from).collect();
        pane::lines(frame, inside, lines, 0);
        return;
    }
    let widths = widths(usize::from(inside.width));
    let heading = ["FABRIC", "DIRECTORY", "GIT", "RAW", "NEXT STEP"];
    let cells = heading.iter().zip(widths).map(|(word, width)| pane::cell(word, width)).collect::<String>();
    let heading = Line::from(Span::styled(format!("   {cells}"), theme.style(Role::Title)));
    let height = inside.height.saturating_sub(1);
    let first = pane::first_shown(state.selected, height);
    let mut lines = vec![heading];
    let shown = state.rows.iter().enumerate().skip(first).take(usize::from(height));
    lines.extend(shown.map(|(at, row)| line(row, at == state.selected, widths, state, theme)));
    pane::lines(frame, inside, lines, 0);
}

fn widths(width: usize) -> [usize; 5] {
    match width {
        0..50 => [14, 0, 12, 0, width.saturating_sub(30)],
        50..70 => [17, 13, 13, 6, width.saturating_sub(52)],
        _ => [width.saturating_sub(56).clamp(18, 40), 14, 16, 8, 15],
    }
}

fn line(row: &Row, is_selected: bool, widths: [usize; 5], state: &State, theme: Theme) -> Line<'static> {
    let cells =
        [words::directory(row, theme), words::git(row, theme), words::raw(row), words::next(row, &state.keymap)];
    let mark = if is_selected { ">  " } else { "   " };
    let whole = |role| theme.style(if is_selected { Role::Selection } else { role });
    let mut spans =
        vec![Span::styled(format!("{mark}{}", pane::cell(&row.name, widths[0].saturating_sub(1))), whole(Role::Text))];
    spans.push(Span::styled(" ", whole(Role::Text)));
    for ((text, role), width) in cells.into_iter().zip(&widths[1..]) {
        spans.push(Span::styled(pane::cell(&text, *width), whole(role)));
    }
    Line::from(spans)
}
