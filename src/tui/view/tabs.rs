//! The tabs of a fabric: their names, with the counts that need attention.

use ratatui::text::{Line, Span};

use crate::text::{cut_middle, width};
use crate::tui::state::{Row, State, Tab};
use crate::tui::theme::{Role, Theme};

/// The line of tabs, the open one in angle brackets; shorter where there is little room.
pub(super) fn line(state: &State, row: &Row, open: Tab, room: usize, theme: Theme) -> Line<'static> {
    let names = names(state, row);
    let shown = |separator: &str| {
        let marked = names
            .iter()
            .map(|(tab, name)| if *tab == open { format!("<{}>", name.to_uppercase()) } else { name.clone() });
        format!(" {}", marked.collect::<Vec<_>>().join(separator))
    };
    let text = [" | ", "|"].map(shown).into_iter().find(|text| width(text) <= room);
    let text = text.unwrap_or_else(|| {
        let at = names.iter().position(|(tab, _)| *tab == open).unwrap_or_default();
        let name = names.get(at).map_or("", |(_, name)| name.as_str());
        cut_middle(&format!(" <{}> {} of {}", name.to_uppercase(), at + 1, names.len()), room)
    });
    let keys = "[ ] tab ";
    let pad = room.saturating_sub(width(&text) + width(keys));
    let mut spans = vec![Span::styled(text, theme.style(Role::Title))];
    if pad > 2 {
        spans.push(Span::styled(format!("{}{keys}", " ".repeat(pad)), theme.style(Role::Muted)));
    }
    Line::from(spans)
}

fn names(state: &State, row: &Row) -> Vec<(Tab, String)> {
    let status = row.status.as_ref().and_then(|status| status.as_ref().ok());
    let numbered = |name: &str, count: usize| if count == 0 { name.to_owned() } else { format!("{name} {count}") };
    let raw = status.map_or("Raw".to_owned(), |status| {
        let invalid = if status.raw.invalid > 0 { format!(" !{}", status.raw.invalid) } else { String::new() };
        format!("Raw {}{invalid}", status.raw.pending)
    });
    let looked = Some(&state.looked).filter(|looked| looked.fabric == row.name);
    let differing = looked.and_then(|looked| looked.diff.get()).map(|diff| diff.files.len());
    let guess = status.map_or(0, |status| status.git.edited.len());
    vec![
        (Tab::Overview, "Overview".to_owned()),
        (Tab::Raw, raw),
        (Tab::Managed, numbered("Managed", status.map_or(0, |status| status.managed.total))),
        (Tab::Diff, numbered("Diff", differing.unwrap_or(guess))),
        (Tab::History, "History".to_owned()),
        (Tab::Log, numbered("Log", usize::from(row.error().is_some()))),
    ]
}
