//! A plan that takes commits back: which, and where what they took in is put.

use ratatui::text::{Line, Span};

use crate::fabric::message::count;
use crate::ops::report::discard::DiscardReport;
use crate::text::{clean_line, cut, cut_middle};
use crate::tui::theme::{Role, Theme};
use crate::tui::view::confirm::{pair, push};

/// The plan in short.
pub(super) fn lines(discard: &DiscardReport, theme: Theme, width: usize) -> Vec<Line<'static>> {
    let short = |id: &str| id.get(..7).unwrap_or(id).to_owned();
    let place = cut_middle(&clean_line(&discard.repository), width.saturating_sub(30));
    let mut lines = vec![
        pair("In", &format!("{place}, branch {}", discard.branch), width),
        pair(
            "Branch",
            &format!("{}  ->  {}   nothing is pushed", short(&discard.before), short(&discard.after)),
            width,
        ),
        Line::default(),
        Line::from(Span::styled(
            format!(" {} to take back", count(discard.commits.len(), "commit", "commits")),
            theme.style(Role::Title),
        )),
    ];
    lines.extend(discard.commits.iter().map(|commit| push::commit(commit, theme, width)));
    lines.push(Line::default());
    for (name, paths) in [("Back", &discard.returned), ("Saved", &discard.saved)] {
        for (at, path) in paths.iter().enumerate() {
            let path = cut_middle(&clean_line(path), width.saturating_sub(9));
            lines.push(pair(if at == 0 { name } else { "" }, &path, width));
        }
    }
    lines.push(pair("Kept", &cut(&clean_line(&discard.kept), width.saturating_sub(9)), width));
    lines.push(pair(
        "Plan",
        &format!("{}   refused if anything moves", discard.plan.get(..8).unwrap_or_default()),
        width,
    ));
    lines.extend(discard.notes.iter().map(|note| pair("Note", note, width)));
    lines.push(Line::default());
    lines.extend(files(discard, theme, width));
    lines
}

/// Every file the commits changed.
pub(super) fn files(discard: &DiscardReport, theme: Theme, width: usize) -> Vec<Line<'static>> {
    push::paths(&discard.paths, "change with the branch", theme, width)
}
