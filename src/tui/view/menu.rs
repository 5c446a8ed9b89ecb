//! The menu: a small box over what it is about, one key a line.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::text::{clean_line, cut, width};
use crate::tui::dialog::Copyable;
use crate::tui::keymap::Keymap;
use crate::tui::list::Sort;
use crate::tui::more::More;
use crate::tui::preferences::{Preferences, Setting};
use crate::tui::theme::{Role, Theme};
use crate::tui::view::pane;

/// Draws the `,` menu.
pub(super) fn settings(
    frame: &mut Frame,
    area: Rect,
    keymap: &Keymap,
    preferences: &Preferences,
    selected: usize,
    theme: Theme,
) {
    let rows: Vec<[String; 3]> = Setting::ALL
        .iter()
        .map(|setting| {
            let (key, name, help) = setting.words();
            [key.to_string(), format!("{name:<9} {:<15}", cut(&preferences.value(*setting), 14)), help.to_owned()]
        })
        .collect();
    draw(frame, area, &keymap.fill("{settings} Settings"), &rows, selected, theme);
}

/// Draws the `y` menu.
pub(super) fn copy(frame: &mut Frame, area: Rect, keymap: &Keymap, found: &[Copyable], selected: usize, theme: Theme) {
    let rows: Vec<[String; 3]> = found
        .iter()
        .map(|entry| [entry.key.to_string(), format!("{:<13}", entry.what), clean_line(entry.text.trim_end())])
        .collect();
    draw(frame, area, &keymap.fill("{copy} Copy"), &rows, selected, theme);
}

/// Draws the `s` menu.
pub(super) fn sort(frame: &mut Frame, area: Rect, keymap: &Keymap, order: &str, selected: usize, theme: Theme) {
    let row = |sort: &Sort| {
        let (key, name, help) = sort.words();
        let now = if order.trim_start_matches('-') == name { "now " } else { "" };
        [key.to_string(), format!("{name:<11}"), format!("{now}{help}")]
    };
    let rows: Vec<[String; 3]> = Sort::ALL.iter().map(row).collect();
    draw(frame, area, &keymap.fill("{sort} Sort"), &rows, selected, theme);
}

/// Draws the `m` menu.
pub(super) fn more(frame: &mut Frame, area: Rect, keymap: &Keymap, fabric: &str, selected: usize, theme: Theme) {
    let row = |more: &More| {
        let (key, name, help) = more.words();
        [key.to_string(), format!("{name:<13}"), help.to_owned()]
    };
    let rows: Vec<[String; 3]> = More::ALL.iter().map(row).collect();
    draw(frame, area, &keymap.fill(&format!("{{more}} More for {}", clean_line(fabric))), &rows, selected, theme);
}

fn draw(frame: &mut Frame, area: Rect, title: &str, rows: &[[String; 3]], selected: usize, theme: Theme) {
    let most = usize::from(area.width).saturating_sub(4);
    let widest = rows.iter().map(|[key, name, help]| width(key) + width(name) + width(help) + 8).max().unwrap_or(0);
    let columns = widest.clamp(40.min(most), most.min(76));
    let lines = rows.iter().enumerate().map(|(at, row)| line(row, at == selected, columns, theme)).collect();
    let height = u16::try_from(rows.len() + 2).unwrap_or(u16::MAX).min(area.height);
    let place = Rect { x: area.x, y: area.bottom() - height, width: u16::try_from(columns).unwrap_or(0), height };
    let inside = pane::frame(frame, place, title, "Esc", true, theme);
    pane::lines(frame, inside, lines, 0);
}

fn line(row: &[String; 3], is_selected: bool, columns: usize, theme: Theme) -> Line<'static> {
    let [key, name, help] = row;
    let mark = if is_selected { ">" } else { " " };
    let room = columns.saturating_sub(width(key) + width(name) + 8);
    let role = |role| theme.style(if is_selected { Role::Selection } else { role });
    Line::from(vec![
        Span::raw(format!("{mark} ")),
        Span::styled(key.clone(), theme.style(Role::Key)),
        Span::raw("  "),
        Span::styled(name.clone(), role(Role::Text)),
        Span::styled(cut(help, room), theme.style(Role::Muted)),
    ])
}
