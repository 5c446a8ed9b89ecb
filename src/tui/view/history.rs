//! The history of a fabric: its commits and operations, or the journal alone.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::text::{clean_line, cut};
use crate::tui::state::{FabricScreen, Past, State, Tab};
use crate::tui::theme::{Role, Theme};
use crate::tui::view::{pane, words};

/// Draws commits and operations, newest first; the log has operations alone.
pub(super) fn draw(frame: &mut Frame, area: Rect, state: &State, open: &FabricScreen, is_focused: bool, theme: Theme) {
    let past = state.past(open.tab);
    let (title, empty) = match open.tab {
        Tab::Log => ("2 Log", " Nothing is on record yet: every operation leaves a line here."),
        _ => ("2 History", " No commit touches this directory yet."),
    };
    let inside = pane::frame(frame, area, title, &format!("{}", past.len()), is_focused, theme);
    if pane::known(frame, inside, &state.looked.log, theme).is_none() {
        return;
    }
    if past.is_empty() {
        pane::lines(frame, inside, vec![Line::from(empty)], 0);
        return;
    }
    let width = usize::from(inside.width);
    let first = pane::first_shown(open.selected, inside.height);
    let seen = past.iter().enumerate().skip(first).take(usize::from(inside.height));
    let lines = seen.map(|(at, one)| line(one, at == open.selected, width, theme)).collect();
    pane::lines(frame, inside, lines, 0);
}

fn line(one: &Past<'_>, is_selected: bool, width: usize, theme: Theme) -> Line<'static> {
    let mark = if is_selected { ">" } else { " " };
    let (at, rest, role) = match one {
        Past::Commit(commit) => {
            let waits = if commit.pushed { "" } else { "  not pushed" };
            let author = commit.author.split(" <").next().unwrap_or_default();
            let id = commit.id.get(..7).unwrap_or(&commit.id);
            let role = if commit.pushed { Role::Text } else { Role::Info };
            (&commit.at, format!("{id}  {}  {author}{waits}", commit.subject), role)
        }
        Past::Operation(record) => {
            let commit = record.commit.as_deref().and_then(|id| id.get(..7)).unwrap_or_default();
            match &record.failure {
                Some(fault) => {
                    let text = format!("{:<7}  X {} {}", record.operation, fault.code, fault.message);
                    (&record.at, text, Role::Error)
                }
                None => (
                    &record.at,
                    format!("{:<7}  {} {commit}", record.operation, words::result(&record.result)),
                    Role::Muted,
                ),
            }
        }
    };
    let time = at.get(..16).unwrap_or(at).replace('T', " ");
    let text = cut(&format!("{mark} {}  {}", clean_line(&time), clean_line(&rest)), width);
    Line::from(Span::styled(text, theme.style(if is_selected { Role::Selection } else { role })))
}
