//! The fabrics: one row each with its state and the next step; only the rows seen are formatted.
//!
//! ```text
//!      FABRIC         DIRECTORY    GIT           RAW    NEXT STEP
//! > [x] dc1-prod      = Ready      = In sync     3      N ingest
//! ```

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::text::clean_line;
use crate::tui::action::Action;
use crate::tui::list::{Filter, Sort};
use crate::tui::refresh::stale;
use crate::tui::state::{Row, State};
use crate::tui::theme::{Role, Theme};
use crate::tui::view::{pane, words};

/// Below this width the selection and the mark take three columns instead of six.
const NARROW: usize = 46;

/// Columns before the first cell: the selection and the mark.
fn before(width: usize) -> usize {
    if width < NARROW { 3 } else { 6 }
}

/// Draws the list.
pub(super) fn draw(frame: &mut Frame, area: Rect, state: &State, is_focused: bool, theme: Theme) {
    let right = right(state, usize::from(area.width));
    let inside = pane::frame(frame, area, "1 Fabrics", &right, is_focused, theme);
    let empty = if state.trouble.is_some() {
        let text = "The configuration cannot be read, so its fabrics are not known. {error} tells why; {refresh} reads it again.";
        state.keymap.fill(text)
    } else if state.rows.is_empty() {
        let text = "No fabrics are configured. {add_fabric} adds one; so does `hedgerow add NAME --repo PATH --directory DIR`.";
        state.keymap.fill(text)
    } else if state.list.shown.is_empty() {
        let back = state.keymap.key(Action::Back);
        let text = match Filter::unknown(&state.list.filter) {
            Some(unknown) => format!("{unknown}. {back} shows all again."),
            None => format!("No fabric is like {}. {back} shows all again.", state.list.filter),
        };
        clean_line(&text)
    } else {
        String::new()
    };
    if !empty.is_empty() {
        let lines = pane::wrap(&empty, usize::from(inside.width)).into_iter().map(Line::from).collect();
        pane::lines(frame, inside, lines, 0);
        return;
    }
    let is_compact = state.size.0 < 80 || state.size.1 < 24;
    let columns = columns(usize::from(inside.width), is_compact);
    let cells = columns.iter().map(|(name, width)| pane::cell(name, *width)).collect::<String>();
    let before = before(usize::from(inside.width));
    let heading = Line::from(Span::styled(format!("{:before$}{cells}", ""), theme.style(Role::Title)));
    let height = inside.height.saturating_sub(1);
    let first = pane::first_shown(state.selected, height);
    let mut lines = vec![heading];
    let seen = state.list.shown.iter().enumerate().skip(first).take(usize::from(height));
    let rows = seen.filter_map(|(at, place)| Some((at, state.rows.get(*place)?)));
    lines.extend(rows.map(|(at, row)| {
        let marks = (at == state.selected, state.list.marks.contains(&row.name));
        let start = start(marks, before);
        line(row, marks, start, &columns, state, theme)
    }));
    pane::lines(frame, inside, lines, 0);
}

/// What the title says on the right: marks, filter, order, how many of how many.
fn right(state: &State, width: usize) -> String {
    let list = &state.list;
    let mut words = Vec::new();
    if !list.marks.is_empty() {
        words.push(format!("{} marked", list.marks.len()));
    }
    if list.is_typing || !list.filter.is_empty() {
        let cursor = if list.is_typing { "_" } else { "" };
        let filter = crate::text::cut_middle(&clean_line(&list.filter), width.saturating_sub(48).max(8));
        words.push(format!("/{filter}{cursor}"));
    }
    if width >= 60 && (list.sort != Sort::default() || list.reversed) {
        words.push(format!("sort:{}", list.order()));
    }
    words.push(format!("{}/{}", list.shown.len(), state.rows.len()));
    words.join("  ")
}

/// The columns: their headings and widths.
fn columns(width: usize, is_compact: bool) -> Vec<(&'static str, usize)> {
    let room = width.saturating_sub(before(width));
    if is_compact {
        // The name is cut in the middle sooner than the state's word or its numbers.
        let (status, next) = (15, if room < 40 { 10 } else { 13 });
        return vec![("FABRIC", room.saturating_sub(status + next)), ("STATUS", status), ("NEXT", next)];
    }
    if room < 66 {
        let name = room.saturating_sub(44);
        return vec![("FABRIC", name), ("DIRECTORY", 13), ("GIT", 15), ("RAW", 6), ("NEXT", 10)];
    }
    let name = room.saturating_sub(53).clamp(19, 40);
    vec![("FABRIC", name), ("DIRECTORY", 14), ("GIT", 16), ("RAW", 8), ("NEXT STEP", 15)]
}

/// The selection and the mark of a row.
fn start((is_selected, is_marked): (bool, bool), width: usize) -> String {
    let selection = if is_selected { ">" } else { " " };
    let mark = if is_marked { "x" } else { " " };
    if width < 6 { format!("{selection}{mark} ") } else { format!("{selection} [{mark}] ") }
}

fn line(
    row: &Row,
    (is_selected, is_marked): (bool, bool),
    start: String,
    columns: &[(&str, usize)],
    state: &State,
    theme: Theme,
) -> Line<'static> {
    let whole = |role| theme.style(if is_selected { Role::Selection } else { role });
    let role = if is_marked { Role::Mark } else { Role::Text };
    let mut spans = vec![Span::styled(start, whole(role))];
    for (heading, width) in columns {
        let (text, role) = match *heading {
            "FABRIC" => (row.name.clone(), role),
            "STATUS" => words::roll_up(row, theme),
            "DIRECTORY" => words::directory(row, theme),
            "GIT" => words::aged(words::git(row, theme), stale(state, row).is_some()),
            "RAW" => words::raw(row),
            "NEXT" => {
                let (text, role) = words::next(row, &state.keymap);
                (text.replace("see error", "error"), role)
            }
            _ => words::next(row, &state.keymap),
        };
        let text = format!("{} ", pane::cell(&text, width.saturating_sub(1)));
        spans.push(Span::styled(text, whole(role)));
    }
    Line::from(spans)
}
