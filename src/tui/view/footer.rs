//! The footer: what can be pressed, and keys, action, outcome.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::text;
use crate::tui::dialog::Dialog;
use crate::tui::state::{Focus, Screen, State, Tab};
use crate::tui::theme::{Role, Theme};

/// Draws the hint lines.
pub(super) fn hints(frame: &mut Frame, area: Rect, state: &State, theme: Theme) {
    let (first, second) = words(state);
    let width = usize::from(area.width);
    let line = |text: &str| Line::from(Span::styled(text::cut(text, width), theme.style(Role::Muted)));
    frame.render_widget(Paragraph::new(vec![line(first), line(second)]), area);
}

fn words(state: &State) -> (&'static str, &'static str) {
    let writes = " Writes: I init  N iNgest  P Push  (always asks first)      ? help  q back";
    match (&state.dialog, &state.screen) {
        (Some(Dialog::Confirm(confirm)), _) if confirm.typed.is_some() => {
            (" type it, then Enter   Esc cancel", " arrows scroll   Ctrl-D every file   Ctrl-O as command")
        }
        (Some(Dialog::Confirm(_)), _) => (" y yes   n/Esc/Enter cancel", " d every file   c as command   j/k scroll"),
        (Some(Dialog::Stale { .. }), _) => (" r show the new plan   Esc cancel", ""),
        (Some(Dialog::Settings { .. }), _) => (" the letter, or Enter, changes   j/k move   Esc close", ""),
        (Some(Dialog::Copy { .. }), _) => (" the letter, or Enter, copies   j/k move   Esc close", ""),
        (Some(Dialog::Form(_)), _) => (" Tab next field   Enter shows the plan   Ctrl-U empties   Esc cancel", ""),
        (None, Screen::FirstRun(run)) if run.plan.is_some() => {
            (" y writes it   n/Esc back   j/k scroll", " d demo instead (nothing leaves this machine)")
        }
        (None, Screen::FirstRun(_)) => (
            " Space choose  Enter shows what would be written  Esc quit",
            " d demo instead (nothing leaves this machine)",
        ),
        (Some(Dialog::Quit), _) => (" w wait, then quit   d drop the queue   b back", ""),
        (None, _) if state.focus == Focus::Operations => {
            (" j/k move  Enter its log  x stop or drop  e error  Esc back", "")
        }
        (None, Screen::Fabrics) => (
            " j/k move  Enter open  r refresh  f fetch  p pull  v validate  e error",
            " Writes: I init  N iNgest  P Push  A Add  (always asks first)   ? help  q quit",
        ),
        (None, Screen::Fabric(open)) if open.tab == Tab::Raw => {
            (" j/k move  [ ] tab  Space leave out  v validate  r refresh  Esc back", writes)
        }
        (None, Screen::Fabric(_)) => (" [ ] tab  v validate  r refresh  f fetch  p pull  e error  Esc back", writes),
        (None, Screen::Findings { .. }) => (" j/k scroll  Esc back  v validate again", writes),
        (None, Screen::Error { .. }) if state.trouble.is_some() => (
            " r reads the configuration again once it is corrected   q quit",
            " [ ] previous and next error   j/k scroll",
        ),
        (None, Screen::Error { .. }) => (" j/k scroll the message  [ ] previous and next error  Esc back", ""),
        (None, Screen::Log { .. } | Screen::Help { .. }) => (" j/k scroll  Esc back", ""),
    }
}

/// Draws the last line.
pub(super) fn outcome(frame: &mut Frame, area: Rect, state: &State, theme: Theme) {
    let width = usize::from(area.width);
    let keys = state.keys.text(width / 3);
    let left = if state.preferences.keycast { format!(" KEYS {keys}   ") } else { " ".to_owned() };
    let room = width.saturating_sub(text::width(&left) + text::width(&state.said_at) + 3);
    let said = if state.said.is_empty() { String::new() } else { format!("> {}", text::cut(&state.said, room)) };
    let used = text::width(&left) + text::width(&said) + text::width(&state.said_at) + 1;
    let pad = " ".repeat(width.saturating_sub(used));
    let role = if state.said.contains("FAILED") { Role::Error } else { Role::Text };
    let line = Line::from(vec![
        Span::styled(left, theme.style(Role::Muted)),
        Span::styled(said, theme.style(role)),
        Span::raw(pad),
        Span::styled(state.said_at.clone(), theme.style(Role::Muted)),
    ]);
    frame.render_widget(Paragraph::new(line), area);
}
