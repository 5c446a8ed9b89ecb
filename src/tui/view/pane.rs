//! Pane: a bordered place with a title, and lines cut to its width.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Borders, Clear, Paragraph};

use crate::text;
use crate::tui::looked::Part;
use crate::tui::theme::{Role, Theme};

/// Draws an empty pane and returns what is inside its borders.
pub(super) fn frame(frame: &mut Frame, area: Rect, title: &str, right: &str, is_focused: bool, theme: Theme) -> Rect {
    let border = theme.border(is_focused);
    let left = text::cut(title, usize::from(area.width).saturating_sub(6));
    let mut block = Block::default()
        .borders(Borders::ALL)
        .border_set(border)
        .border_style(theme.style(if is_focused { Role::BorderFocus } else { Role::Border }))
        .title_top(Line::from(Span::styled(format!("[ {left} ]"), theme.style(Role::Title))));
    if !right.is_empty() && text::width(title) + text::width(right) + 12 < usize::from(area.width) {
        block = block.title_top(Line::from(format!("[ {right} ]")).right_aligned());
    }
    let inside = block.inner(area);
    frame.render_widget(Clear, area);
    frame.render_widget(block, area);
    inside
}

/// Draws lines from a first one on.
pub(super) fn lines(frame: &mut Frame, area: Rect, lines: Vec<Line<'_>>, first: usize) {
    let shown: Vec<Line> = lines.into_iter().skip(first).take(usize::from(area.height)).collect();
    frame.render_widget(Paragraph::new(shown), area);
}

/// What was read of a tab; where there is nothing yet, says why.
pub(super) fn known<'a, T>(frame: &mut Frame, area: Rect, part: &'a Part<T>, theme: Theme) -> Option<&'a T> {
    let text = match &part.known {
        Some(Ok(known)) => return Some(known.as_ref()),
        Some(Err(failure)) => format!("{} {}", failure.code, failure.message),
        None => "reading ...".to_owned(),
    };
    let role = if part.known.is_some() { Role::Error } else { Role::Muted };
    let broken = wrap(&text, usize::from(area.width).saturating_sub(2));
    let told = broken.into_iter().map(|line| Line::from(Span::styled(format!(" {line}"), theme.style(role))));
    lines(frame, area, told.collect(), 0);
    None
}

/// The first line to show so that the selected one is seen.
pub(super) fn first_shown(selected: usize, height: u16) -> usize {
    (selected + 1).saturating_sub(usize::from(height))
}

/// Pads or cuts (in the middle) a text to a width.
pub(super) fn cell(content: &str, width: usize) -> String {
    let cut = text::cut_middle(content, width);
    let pad = width.saturating_sub(text::width(&cut));
    format!("{cut}{}", " ".repeat(pad))
}

/// Breaks a text into lines of at most a width, at spaces where there are any.
pub(super) fn wrap(content: &str, width: usize) -> Vec<String> {
    let width = width.max(10);
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in content.split(' ') {
        let needed = text::width(&line) + usize::from(!line.is_empty()) + text::width(word);
        if needed > width && !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        while text::width(&line) > width {
            let head: String = line.chars().take(width).collect();
            line.drain(..head.len());
            lines.push(head);
        }
    }
    lines.push(line);
    lines
}
