//! The palette: a line to type in, what matches, and what the selected one does.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::text::{clean_line, cut, quote_line, width};
use crate::tui::palette::{Item, Mode, Palette};
use crate::tui::state::State;
use crate::tui::theme::{Role, Theme};
use crate::tui::view::pane;

/// Lines below the list: what the selected one does.
const BELOW: u16 = 4;

/// Draws the palette.
pub(super) fn draw(frame: &mut Frame, area: Rect, state: &State, palette: &Palette, theme: Theme) {
    let title = match palette.mode {
        Mode::Search => "{help} Help and commands (type to search, Enter runs it)",
        Mode::Command => "{command} Command (as on the command line, Tab completes)",
    };
    let title = &state.keymap.fill(title);
    let inside = pane::frame(frame, area, title, "Esc close", true, theme);
    let items = palette.items(state);
    let columns = usize::from(inside.width);
    let height = inside.height.saturating_sub(2 + BELOW).max(1);
    let first = pane::first_shown(palette.selected, height);
    let mut lines = vec![typed(palette, items.len(), columns, theme), Line::default()];
    let shown = items.iter().enumerate().skip(first).take(usize::from(height));
    lines.extend(shown.map(|(at, item)| one(item, at == palette.selected, columns, theme)));
    lines.resize(usize::from(height) + 2, Line::default());
    lines.push(Line::default());
    lines.extend(below(palette, items.get(palette.selected), columns, theme));
    pane::lines(frame, inside, lines, 0);
}

fn typed(palette: &Palette, count: usize, columns: usize, theme: Theme) -> Line<'static> {
    let sign = if palette.mode == Mode::Search { ">" } else { ":" };
    let right = match palette.mode {
        Mode::Search if count == 1 => "1 action matches".to_owned(),
        Mode::Search => format!("{count} actions match"),
        Mode::Command => String::new(),
    };
    let room = columns.saturating_sub(width(&right) + 6);
    let input = quote_line(&palette.input);
    // The end of a long line is where one types.
    let mut shown = input.as_str();
    while width(shown) > room {
        let mut letters = shown.chars();
        letters.next();
        shown = letters.as_str();
    }
    let pad = " ".repeat(room.saturating_sub(width(shown)));
    Line::from(vec![
        Span::styled(format!(" {sign} "), theme.style(Role::Key)),
        Span::raw(format!("{shown}_{pad} ")),
        Span::styled(right, theme.style(Role::Muted)),
    ])
}

fn one(item: &Item, is_selected: bool, columns: usize, theme: Theme) -> Line<'static> {
    let mark = if is_selected { ">" } else { " " };
    let head = format!("  {mark} {}", pane::cell(&clean_line(&item.title), 17));
    let key = pane::cell(&item.key, 11);
    let class = pane::cell(item.class, 6);
    let room = columns.saturating_sub(width(&head) + 11 + 6 + 3);
    let about = pane::cell(&cut(&clean_line(&item.about), room), room);
    let role = |role| theme.style(if is_selected { Role::Selection } else { role });
    let kind = if item.class == "write" { Role::Warn } else { Role::Muted };
    Line::from(vec![
        Span::styled(format!("{head} "), role(Role::Text)),
        Span::styled(format!("{key} "), role(Role::Key)),
        Span::styled(format!("{class} "), role(kind)),
        Span::styled(about, role(Role::Text)),
    ])
}

/// What the selected one does; or why the line was not carried out.
fn below(palette: &Palette, item: Option<&Item>, columns: usize, theme: Theme) -> Vec<Line<'static>> {
    let room = columns.saturating_sub(2);
    let wrapped = |text: &str, role: Role| -> Vec<Line<'static>> {
        let lines = pane::wrap(&clean_line(text), room).into_iter().take(2);
        lines.map(|line| Line::from(Span::styled(format!(" {line}"), theme.style(role)))).collect()
    };
    if !palette.complaint.is_empty() {
        return wrapped(&palette.complaint, Role::Error);
    }
    let Some(item) = item else {
        let text = if palette.mode == Mode::Search { "No action matches." } else { "" };
        return wrapped(text, Role::Muted);
    };
    let mut lines = wrapped(&format!("{}: {}.", item.title, item.about.trim_end_matches('.')), Role::Text);
    if !item.same.is_empty() {
        let same = cut(&format!(" Same as:  {}", clean_line(&item.same)), columns);
        lines.push(Line::from(Span::styled(same, theme.style(Role::Muted))));
    }
    lines
}
