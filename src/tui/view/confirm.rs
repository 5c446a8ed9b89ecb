//! The confirmation: the plan itself, and the one key that carries it out.

mod addition;
mod discard;
mod push;
mod write;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};

use crate::command::line;
use crate::ops::Entry;
use crate::ops::question::{is_pending, plan_id};
use crate::ops::report::Report;
use crate::text::{self, clean_line, cut};
use crate::tui::dialog::{Confirm, Face, Typed};
use crate::tui::theme::{Role, Theme};
use crate::tui::view::pane;

/// Draws a plan and what it asks.
pub(super) fn draw(frame: &mut Frame, area: Rect, confirm: &Confirm, theme: Theme) {
    let action = if confirm.joint.is_some() { "add" } else { confirm.then.name() };
    let title = format!("{} {} ?", capital(action), confirm.what);
    let right = match (&confirm.typed, confirm.face) {
        (_, Face::Files) => "EVERY FILE",
        (_, Face::Command) => "AS A COMMAND",
        (Some(_), Face::Plan) => "TYPE TO CONFIRM",
        (None, Face::Plan) => "",
    };
    let inside = pane::frame(frame, area, &title, right, true, theme);
    let width = usize::from(inside.width).saturating_sub(2);
    let asking = asking(confirm, width, theme);
    let [above, below] = Layout::vertical([Constraint::Min(1), Constraint::Length(asking)]).areas(inside);
    let lines = face(confirm, theme, width);
    let most = lines.len().saturating_sub(usize::from(above.height));
    let rest = most.saturating_sub(confirm.scroll);
    pane::lines(frame, above, lines, confirm.scroll.min(most));
    pane::lines(frame, below, question(confirm, action, rest, width, theme), 0);
}

fn asking(confirm: &Confirm, width: usize, theme: Theme) -> u16 {
    let action = if confirm.joint.is_some() { "add" } else { confirm.then.name() };
    u16::try_from(question(confirm, action, 0, width, theme).len()).unwrap_or(2)
}

/// How far the plan scrolls in an area, at most.
pub(super) fn most(confirm: &Confirm, area: Rect) -> usize {
    let theme = Theme { ascii: true, palette: crate::config::theme::plain() };
    let width = usize::from(area.width).saturating_sub(4);
    let room = area.height.saturating_sub(2 + asking(confirm, width, theme)).max(1);
    face(confirm, theme, width).len().saturating_sub(usize::from(room))
}

fn face(confirm: &Confirm, theme: Theme, width: usize) -> Vec<Line<'static>> {
    if confirm.face == Face::Command {
        let mut lines = vec![Line::default(), Line::from(" The command that does the same:"), Line::default()];
        let command = match &confirm.joint {
            Some(joint) => line::add(&joint.0.add.addition),
            None => line::line(&confirm.then),
        };
        let command = clean_line(&command);
        lines.extend(
            pane::wrap(&command, width.saturating_sub(4)).into_iter().map(|line| Line::from(format!("   {line}"))),
        );
        return lines;
    }
    let several = confirm.entries.len() > 1;
    let mut lines = confirm.joint.iter().flat_map(|joint| addition::lines(&joint.0, theme, width)).collect::<Vec<_>>();
    let mut shown: Vec<&str> = Vec::new();
    for entry in &confirm.entries {
        if several {
            lines.push(heading(entry, theme, width));
        }
        // Fabrics of one branch are pushed once: the plan is told with the first of them.
        let is_told =
            matches!(entry.result, Ok(Report::Push(_))) && plan_id(entry).is_some_and(|id| shown.contains(&id));
        if is_told {
            lines.push(Line::from("   pushed together with the fabric above: one branch, one push"));
            continue;
        }
        shown.extend(plan_id(entry));
        lines.extend(plan(entry, confirm.face, theme, width));
    }
    lines.extend(confirm.joint.iter().flat_map(|joint| addition::others(&joint.0, theme, width)));
    lines
}

fn heading(entry: &Entry, theme: Theme, width: usize) -> Line<'static> {
    let left_out = if is_pending(entry) { "" } else { "   left out" };
    Line::from(Span::styled(cut(&format!(" {}{left_out}", clean_line(&entry.fabric)), width), theme.style(Role::Title)))
}

fn plan(entry: &Entry, face: Face, theme: Theme, width: usize) -> Vec<Line<'static>> {
    match (&entry.result, face) {
        (Ok(_), _) if !is_pending(entry) => vec![Line::from("   nothing to do")],
        (Ok(Report::Write(write)), Face::Files) => write::differences(&write.changes, theme, width),
        (Ok(Report::Write(write)), _) => write::lines(write, theme, width),
        (Ok(Report::Push(push)), Face::Files) => push::files(push, "in these commits", theme, width),
        (Ok(Report::Push(push)), _) => push::lines(push, theme, width),
        (Ok(Report::Discard(discard)), Face::Files) => discard::files(discard, theme, width),
        (Ok(Report::Discard(discard)), _) => discard::lines(discard, theme, width),
        (Ok(_), _) => Vec::new(),
        (Err(failure), _) => {
            let text = cut(&format!("   {} {}", failure.code, failure.message), width);
            vec![Line::from(Span::styled(text, theme.style(Role::Error)))]
        }
    }
}

fn question(confirm: &Confirm, action: &str, rest: usize, width: usize, theme: Theme) -> Vec<Line<'static>> {
    let key = if confirm.typed.is_some() { "Down" } else { "j" };
    let more = if rest > 0 { format!("{rest} more lines, {key} shows them") } else { String::new() };
    let more = Line::from(Span::styled(format!(" {more}"), theme.style(Role::Muted)));
    if let Some(subject) = &confirm.subject {
        let subject = clean_line(subject);
        let room = width.saturating_sub(11);
        // The end of a long line is where one types.
        let hidden = subject.chars().count().saturating_sub(room);
        let shown: String = subject.chars().skip(hidden).collect();
        let help = "        Enter plans anew with it and asks again     Esc leaves it as it was";
        return vec![
            Line::from(format!(" Subject: {shown}_")),
            Line::from(Span::styled(help, theme.style(Role::Title))),
        ];
    }
    match &confirm.typed {
        Some(typed) => asks_for_word(confirm, typed, action, more, width, theme),
        None => {
            let press = if confirm.is_armed { format!("press y to {action}") } else { String::new() };
            let text = match width {
                0..42 => format!(" {press}; n, Esc cancel"),
                42..66 => format!(" {press:<18} n, Esc, Enter = cancel"),
                _ => format!("        [ Cancel ]        {press:<24}n, Esc, Enter = cancel"),
            };
            vec![more, Line::from(Span::styled(text, theme.style(Role::Title)))]
        }
    }
}

/// Why a word is asked for, which, and what was typed of it: the last is never cut.
fn asks_for_word(
    confirm: &Confirm,
    typed: &Typed,
    action: &str,
    more: Line<'static>,
    width: usize,
    theme: Theme,
) -> Vec<Line<'static>> {
    let armed = if confirm.is_armed { "" } else { "(wait) " };
    let object = if typed.wanted == confirm.what { String::new() } else { format!(" {}", confirm.what) };
    let input = clean_line(&typed.input);
    let because = format!("Because {},", typed.because);
    let wanted = format!("type {} to {action}{object}:  {input}_", typed.wanted);
    let mut lines = vec![more];
    if text::width(&because) + text::width(&wanted) + text::width(armed) + 2 <= width {
        lines.push(Line::from(format!(" {armed}{because} {wanted}")));
    } else {
        lines.extend(pane::wrap(&because, width).into_iter().take(2).map(|line| Line::from(format!(" {line}"))));
        lines.push(Line::from(format!(" {armed}{wanted}")));
    }
    let help = if width < 66 {
        " Enter when it matches; Esc cancels"
    } else {
        "        [ Cancel ]                  Enter works only when it matches"
    };
    lines.push(Line::from(Span::styled(cut(help, width + 2), theme.style(Role::Title))));
    lines
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn pair(name: &str, text: &str, width: usize) -> Line<'static> {
    Line::from(format!(" {name:<9}{}", cut(&clean_line(text), width.saturating_sub(9))))
}
