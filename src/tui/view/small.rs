//! The notice of a window that is too small.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::tui::state::State;
use crate::tui::view::pane;

/// Draws the notice and what still runs.
pub(super) fn draw(frame: &mut Frame, area: Rect, state: &State) {
    let mut lines = vec![
        Line::from(format!(" Window too small: {}x{}", area.width, area.height)),
        Line::from(" hedgerow needs 40x12 or more."),
        Line::default(),
        Line::from(" Every key is off except"),
        Line::from("  q  Ctrl-C  quit"),
        Line::from("  Ctrl-Z     suspend"),
    ];
    if let Some(job) = state.listed().iter().find(|job| job.is_open()) {
        lines.push(Line::from(format!(" #{} {} {} running", job.id, job.operation.name(), job.fabric)));
    }
    pane::lines(frame, area, lines, 0);
}
