//! The error: what happened, what to do, and the full text.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::ops::Failure;
use crate::tui::theme::{Role, Theme};
use crate::tui::view::pane;

/// Draws one failure.
pub(super) fn draw(frame: &mut Frame, area: Rect, what: &str, failure: &Failure, scroll: usize, theme: Theme) {
    let inside = pane::frame(frame, area, &format!("Error of {what}"), &failure.code, true, theme);
    let width = usize::from(inside.width).saturating_sub(2);
    let mut lines = vec![Line::default()];
    for line in pane::wrap(&format!("{}.", failure.message), width.saturating_sub(3)) {
        let mark = if lines.len() == 1 { theme.symbol("X", "✗") } else { " " };
        lines.push(Line::from(Span::styled(format!(" {mark}  {line}"), theme.style(Role::Error))));
    }
    lines.push(Line::default());
    lines.push(Line::from(Span::styled(" What to do", theme.style(Role::Title))));
    for (number, remedy) in failure.remedy.iter().enumerate() {
        for (at, line) in pane::wrap(remedy, width.saturating_sub(5)).into_iter().enumerate() {
            let mark = if at == 0 { format!("{}", number + 1) } else { " ".to_owned() };
            lines.push(Line::from(format!("   {mark} {line}")));
        }
    }
    if !failure.detail.trim().is_empty() {
        lines.push(Line::default());
        lines.push(Line::from(Span::styled(" Full message", theme.style(Role::Title))));
        for line in failure.detail.lines() {
            lines.extend(
                pane::wrap(line, width.saturating_sub(3)).into_iter().map(|line| Line::from(format!(" | {line}"))),
            );
        }
    }
    let first = scroll.min(lines.len().saturating_sub(1));
    pane::lines(frame, inside, lines, first);
}

/// About how many lines a failure takes.
pub(super) fn length(failure: &Failure) -> usize {
    6 + failure.remedy.len() + failure.detail.lines().count()
}
