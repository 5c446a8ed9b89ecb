//! Theme: colours by role, symbols and borders in Unicode or ASCII.

use ratatui::style::{Color, Modifier, Style};
use ratatui::symbols::border;

/// What a piece of text is, never how it looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Nothing special.
    Text,
    /// Fine.
    Ok,
    /// To be looked at.
    Warn,
    /// Wrong.
    Error,
    /// Worth knowing.
    Info,
    /// In the background.
    Muted,
    /// A title or heading.
    Title,
    /// A key.
    Key,
    /// The selected line.
    Selection,
    /// Added in a diff.
    Added,
    /// Removed in a diff.
    Removed,
}

/// How the screen looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    /// ASCII only.
    pub ascii: bool,
    /// No colour.
    pub mono: bool,
}

impl Theme {
    /// The style of a role: default colours and the sixteen of the terminal only.
    pub fn style(self, role: Role) -> Style {
        let plain = Style::default();
        let coloured = |colour| if self.mono { plain } else { plain.fg(colour) };
        match role {
            Role::Text => plain,
            Role::Ok | Role::Added => coloured(Color::Green),
            Role::Warn => coloured(Color::Yellow),
            Role::Error | Role::Removed => coloured(Color::Red).add_modifier(Modifier::BOLD),
            Role::Info => coloured(Color::Cyan),
            Role::Muted => plain.add_modifier(Modifier::DIM),
            Role::Title | Role::Key => plain.add_modifier(Modifier::BOLD),
            Role::Selection => plain.add_modifier(Modifier::REVERSED),
        }
    }

    /// The ASCII or the Unicode form of a symbol.
    pub fn symbol(self, ascii: &'static str, unicode: &'static str) -> &'static str {
        if self.ascii { ascii } else { unicode }
    }

    /// The borders of a pane; the focused one is told apart without colour.
    pub fn border(self, is_focused: bool) -> border::Set<'static> {
        match (self.ascii, is_focused) {
            (false, true) => border::DOUBLE,
            (false, false) => border::PLAIN,
            (true, is_focused) => {
                let line = if is_focused { "=" } else { "-" };
                border::Set {
                    top_left: "+",
                    top_right: "+",
                    bottom_left: "+",
                    bottom_right: "+",
                    vertical_left: "|",
                    vertical_right: "|",
                    horizontal_top: line,
                    horizontal_bottom: line,
                }
            }
        }
    }
}
