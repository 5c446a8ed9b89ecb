//! What is here and not on the remote, or the other way where a pull is due, as a unified diff.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::fabric::message::count;
use crate::text::{clean_line, cut_middle};
use crate::tui::state::{FabricScreen, State};
use crate::tui::theme::{Role, Theme};
use crate::tui::view::{highlight, pane};
use crate::tui::viewer::Paper;

/// Draws the difference from the selected line on.
pub(super) fn draw(frame: &mut Frame, area: Rect, state: &State, open: &FabricScreen, is_focused: bool, theme: Theme) {
    let part = &state.looked.diff;
    let right = part.get().map_or(String::new(), |diff| {
        let added: usize = diff.files.iter().map(|file| file.added).sum();
        let removed: usize = diff.files.iter().map(|file| file.removed).sum();
        format!("{} +{added} -{removed}", count(diff.files.len(), "file", "files"))
    });
    let inside = pane::frame(frame, area, "2 Diff", &right, is_focused, theme);
    let Some(diff) = pane::known(frame, inside, part, theme) else {
        return;
    };
    let width = usize::from(inside.width);
    let sides = cut_middle(&format!(" {} -> {}", clean_line(&diff.from), clean_line(&diff.to)), width);
    let mut lines = vec![Line::from(Span::styled(sides, theme.style(Role::Muted)))];
    if diff.files.is_empty() {
        lines.push(Line::from(" Nothing differs. Raw files that wait for N are listed under Raw."));
    }
    let rows = usize::from(inside.height).saturating_sub(1);
    let seen = state.looked.diff_lines.iter().skip(open.selected).take(rows);
    lines.extend(seen.map(|line| highlight::line(&clean_line(line), Paper::Diff, theme)));
    pane::lines(frame, inside, lines, 0);
}
