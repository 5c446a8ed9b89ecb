//! The header: where am I, may I write, how old is the data.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::fabric::message::count;
use crate::text;
use crate::tui::dialog::Dialog;
use crate::tui::refresh::stale;
use crate::tui::state::{Screen, State};
use crate::tui::theme::{Role, Theme};

/// Draws line 1.
pub(super) fn draw(frame: &mut Frame, area: Rect, state: &State, theme: Theme) {
    let width = usize::from(area.width);
    let right = right(state);
    let room = width.saturating_sub(text::width(&right) + 3);
    let left = text::cut(&left(state, room), room);
    let pad = " ".repeat(width.saturating_sub(text::width(&left) + text::width(&right) + 2));
    let role = if state.read_only { Role::Warn } else { Role::Text };
    let line = Line::from(vec![
        Span::styled(format!(" {left}"), theme.style(Role::Title)),
        Span::raw(pad),
        Span::styled(right, theme.style(role)),
        Span::raw(" "),
    ]);
    frame.render_widget(Paragraph::new(line), area);
}

fn left(state: &State, room: usize) -> String {
    let name = |suffix: &str| {
        let fabric = state.current().map(|row| row.name.clone()).unwrap_or_default();
        format!("hedgerow {} > {fabric}{suffix}", state.title)
    };
    match (&state.dialog, &state.screen) {
        (Some(Dialog::Confirm(confirm)), _) => {
            format!("hedgerow {} > {} > {}", state.title, confirm.what, confirm.then.name())
        }
        (_, Screen::Fabric(_)) => name(""),
        (_, Screen::View(_)) => format!("hedgerow {} > view", state.title),
        (_, Screen::Findings { .. }) => name(" > findings"),
        (_, Screen::FirstRun(_)) => "hedgerow first run".to_owned(),
        (_, Screen::Log { id, .. }) => format!("hedgerow {} > operation {id}", state.title),
        (_, Screen::Error { what, .. }) => format!("hedgerow {} > {what} > error", state.title),
        (_, Screen::Fabrics) => {
            let needing = state.rows.iter().filter(|row| row.needs_you()).count();
            if state.size.0 < 70 {
                // The title gives way to what needs somebody.
                let needing = format!(" | {needing} need you");
                let title = format!("hedgerow {}", state.title);
                return format!("{}{needing}", text::cut_middle(&title, room.saturating_sub(text::width(&needing))));
            }
            let fabrics = count(state.rows.len(), "fabric", "fabrics");
            format!("hedgerow {} | {fabrics}, {needing} need you", state.title)
        }
    }
}

fn right(state: &State) -> String {
    let mode = match (state.read_only, state.size.0 < 70) {
        (true, _) => "READ-ONLY",
        (false, true) => "RW",
        (false, false) => "READ-WRITE",
    };
    let checked = match state.current().and_then(|row| row.status.as_ref()) {
        Some(Ok(status)) => status.git.checked_at.as_deref().map(|time| format!("checked {}", local_time(time))),
        _ => None,
    };
    let stale = state.current().and_then(|row| stale(state, row)).map(|age| format!("STALE {}", span(age)));
    // The first thing to go in a narrow window is a time; that it is too old stays.
    let checked = stale.or(checked.filter(|_| state.size.0 >= 50));
    let shared = match (state.preferences.presenting, state.preferences.privacy) {
        (true, true) => "PRESENTING, MASKED | ",
        (true, false) => "PRESENTING | ",
        (false, true) => "MASKED | ",
        (false, false) => "",
    };
    let shared = if state.size.0 < 70 && !shared.is_empty() { "SHARED | " } else { shared };
    match checked {
        Some(read) if state.size.0 < 70 => format!("{shared}{mode} | {}", read.trim_start_matches("checked ")),
        None if state.size.0 < 70 => format!("{shared}{mode}"),
        Some(read) => format!("{shared}{mode} | {read}"),
        None => format!("{shared}{mode} | not checked"),
    }
}

/// A time in one number: minutes, hours or days.
fn span(seconds: u64) -> String {
    match seconds / 60 {
        minutes @ ..60 => format!("{minutes}m"),
        minutes @ 60..2880 => format!("{}h", minutes / 60),
        minutes => format!("{}d", minutes / 1440),
    }
}

/// An RFC 3339 time as the local wall clock has it; with the date where it is not today's.
fn local_time(text: &str) -> String {
    let Ok(time) = text.parse::<jiff::Timestamp>() else {
        return text.to_owned();
    };
    let time = time.to_zoned(jiff::tz::TimeZone::system());
    if time.date() == jiff::Zoned::now().date() {
        time.strftime("%H:%M").to_string()
    } else {
        time.strftime("%Y-%m-%d").to_string()
    }
}
