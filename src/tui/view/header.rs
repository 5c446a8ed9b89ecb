//! The header: where am I, may I write, how old is the data.
//!
//! In a narrow window the configuration's name gives way first, then times, then the program's own name;
//! never what needs somebody, the end of the path to here, and whether writing is on.

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

/// Below this width the words are short ones.
const NARROW: u16 = 70;
/// A configuration's name that is cut to less says nothing.
const LEAST_TITLE: usize = 8;

/// What stands on the left beside the program's and the configuration's names.
struct Place {
    /// The path to here, or what needs somebody; its last part stays.
    path: Vec<String>,
    /// What stands before each part.
    sign: &'static str,
}

/// Draws line 1.
pub(super) fn draw(frame: &mut Frame, area: Rect, state: &State, theme: Theme) {
    let width = usize::from(area.width);
    let (left, right) = fitting(state, width.saturating_sub(3));
    let pad = " ".repeat(width.saturating_sub(text::width(&left) + text::width(&right) + 2));
    let role = if state.why_read_only().is_some() { Role::Warn } else { Role::Text };
    let line = Line::from(vec![
        Span::styled(format!(" {left}"), theme.style(Role::Title)),
        Span::raw(pad),
        Span::styled(right, theme.style(role)),
        Span::raw(" "),
    ]);
    frame.render_widget(Paragraph::new(line), area);
}

/// The two sides of the line, as much of them as fits.
fn fitting(state: &State, width: usize) -> (String, String) {
    let place = place(state);
    let end = place.end();
    let mut right = String::new();
    for side in sides(state) {
        right = side;
        let room = width.saturating_sub(text::width(&right));
        let taken = text::width("hedgerow ") + text::width(&end);
        let title = if matches!(state.screen, Screen::FirstRun(_)) { "" } else { state.title.as_str() };
        let title_room = room.saturating_sub(taken);
        if !title.is_empty() && title_room >= LEAST_TITLE.min(text::width(title)) {
            return (format!("hedgerow {}{end}", text::cut_middle(title, title_room)), right);
        }
        if taken <= room + 1 {
            return (format!("hedgerow{end}"), right);
        }
    }
    let room = width.saturating_sub(text::width(&right));
    (place.within(room), right)
}

impl Place {
    /// All of it, as it stands behind the names.
    fn end(&self) -> String {
        self.path.iter().flat_map(|part| [self.sign, part.as_str()]).collect()
    }

    /// It alone: the names in it are cut in the middle, what is done to them stays.
    fn within(&self, room: usize) -> String {
        let alone = self.path.join(self.sign);
        let Some((last, before)) = self.path.split_last().filter(|_| text::width(&alone) > room) else {
            return alone;
        };
        let last = format!("{}{last}", if before.is_empty() { "" } else { self.sign });
        let before = text::cut_middle(&before.join(self.sign), room.saturating_sub(text::width(&last)));
        text::cut_middle(&format!("{before}{last}"), room)
    }
}

fn place(state: &State) -> Place {
    let fabric = || state.current().map(|row| row.name.clone()).unwrap_or_default();
    let path = match (&state.dialog, &state.screen) {
        (Some(Dialog::Confirm(confirm)), _) => {
            let action = if confirm.joint.is_some() { "add" } else { confirm.then.name() };
            vec![confirm.what.clone(), action.to_owned()]
        }
        (_, Screen::Fabric(_)) => vec![fabric()],
        (_, Screen::View(_)) => vec!["view".to_owned()],
        (_, Screen::Findings { .. }) => vec![fabric(), "findings".to_owned()],
        (_, Screen::FirstRun(_)) => return Place { path: vec!["first run".to_owned()], sign: " " },
        (_, Screen::Log { id, .. }) => vec![format!("operation {id}")],
        // What is wrong with the configuration is called as it is.
        (_, Screen::Error { what, .. }) if *what == state.title => vec!["error".to_owned()],
        (_, Screen::Error { what, .. }) => vec![what.clone(), "error".to_owned()],
        (_, Screen::Fabrics) => return Place { path: vec![roll_up(state)], sign: " | " },
    };
    Place { path, sign: " > " }
}

fn roll_up(state: &State) -> String {
    let needing = state.rows.iter().filter(|row| row.needs_you()).count();
    if state.size.0 < NARROW {
        return format!("{needing} need you");
    }
    format!("{}, {needing} need you", count(state.rows.len(), "fabric", "fabrics"))
}

/// The right side, first whole, then what of it stays in ever less room.
fn sides(state: &State) -> Vec<String> {
    let is_narrow = state.size.0 < NARROW;
    let mode = match (state.why_read_only().is_some(), is_narrow) {
        (true, _) => "READ-ONLY",
        (false, true) => "RW",
        (false, false) => "READ-WRITE",
    };
    let shared = match (state.preferences.presenting, state.preferences.privacy) {
        (false, false) => "",
        _ if is_narrow => "SHARED | ",
        (true, true) => "PRESENTING, MASKED | ",
        (true, false) => "PRESENTING | ",
        (false, true) => "MASKED | ",
    };
    let short = if shared.is_empty() { "" } else { "SHARED | " };
    let (whole, brief) = age(state);
    let mut sides = vec![format!("{shared}{mode}{whole}"), format!("{shared}{mode}{brief}")];
    if is_narrow {
        sides.remove(0);
    }
    sides.extend([format!("{short}{mode}{brief}"), format!("{short}{mode}"), mode.to_owned()]);
    sides
}

/// How old the data of the current fabric is, whole and brief; nothing where there is no fabric.
fn age(state: &State) -> (String, String) {
    let Some(row) = state.current() else {
        return (String::new(), String::new());
    };
    if let Some(age) = stale(state, row) {
        let text = format!(" | STALE {}", span(age));
        return (text.clone(), text);
    }
    let checked = match &row.status {
        Some(Ok(status)) => status.git.checked_at.as_deref(),
        _ => None,
    };
    match checked.map(local_time) {
        // The first thing to go in a narrow window is a time.
        Some(_) if state.size.0 < 50 => (String::new(), String::new()),
        Some(time) => (format!(" | checked {time}"), format!(" | {time}")),
        None => (" | not checked".to_owned(), String::new()),
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
