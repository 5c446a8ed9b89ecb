//! The managed resources of a fabric by kind; only the rows seen are formatted.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::fabric::message::count;
use crate::ops::report::DirectoryState;
use crate::ops::report::shown::ShownResource;
use crate::text::clean_line;
use crate::tui::state::{FabricScreen, State};
use crate::tui::theme::{Role, Theme};
use crate::tui::view::pane;

/// Draws the resources.
pub(super) fn draw(frame: &mut Frame, area: Rect, state: &State, open: &FabricScreen, is_focused: bool, theme: Theme) {
    let part = &state.looked.resources;
    let right = part.get().map(|show| count(show.resources.len(), "resource", "resources")).unwrap_or_default();
    let inside = pane::frame(frame, area, "2 Managed resources", &right, is_focused, theme);
    let Some(show) = pane::known(frame, inside, part, theme) else {
        return;
    };
    if show.resources.is_empty() {
        let is_new = state.row(&open.name).and_then(|row| row.status.as_ref()?.as_ref().ok());
        let is_new = is_new.is_some_and(|status| status.directory.state == DirectoryState::NotInitialized);
        let next = if is_new { "{init} makes the layout first." } else { "{ingest} files what waits in raw/." };
        let text = state.keymap.fill(&format!("No managed resources yet. {next}"));
        let lines = pane::wrap(&text, usize::from(inside.width)).into_iter().map(Line::from).collect();
        pane::lines(frame, inside, lines, 0);
        return;
    }
    let room = usize::from(inside.width).saturating_sub(3);
    let widths = widths(room);
    let heading: String =
        ["KIND", "NAME", "FILE"].iter().zip(&widths).map(|(word, width)| pane::cell(word, *width)).collect();
    let mut lines = vec![Line::from(Span::styled(format!("   {heading}"), theme.style(Role::Title)))];
    let height = inside.height.saturating_sub(1);
    let first = pane::first_shown(open.selected, height);
    let seen = show.resources.iter().enumerate().skip(first).take(usize::from(height));
    lines.extend(seen.map(|(at, one)| line(one, at == open.selected, &widths, theme)));
    pane::lines(frame, inside, lines, 0);
}

/// Of kind, name and file; a narrow pane leaves the file out, since the name says it.
fn widths(room: usize) -> Vec<usize> {
    if room < 64 {
        let kind = 15.min(room / 3);
        return vec![kind, room - kind];
    }
    let kind = (room / 4).clamp(15, 22);
    let name = (room - kind) * 3 / 5;
    vec![kind, name, room - kind - name]
}

fn line(one: &ShownResource, is_selected: bool, widths: &[usize], theme: Theme) -> Line<'static> {
    let name = match one.namespace.as_str() {
        "default" => one.name.clone(),
        namespace => format!("{namespace}/{}", one.name),
    };
    let file = one.path.strip_prefix("managed/").unwrap_or(&one.path);
    let cells = [one.kind.as_str(), &name, file].map(clean_line);
    let padded =
        cells.iter().zip(widths).map(|(text, width)| format!("{} ", pane::cell(text, width.saturating_sub(1))));
    let mark = if is_selected { ">  " } else { "   " };
    let role = if is_selected { Role::Selection } else { Role::Text };
    Line::from(Span::styled(format!("{mark}{}", padded.collect::<String>()), theme.style(role)))
}
