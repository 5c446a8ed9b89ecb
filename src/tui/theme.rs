//! Theme: the look of each role, symbols and borders in Unicode or ASCII.

use ratatui::style::{Color, Modifier, Style};
use ratatui::symbols::border;

use crate::config::theme::{Colour, Paint, Palette};

/// What a piece of text is, never how it looks; in the order of `config::theme::ROLES`.
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
    /// Standing out without a meaning of its own.
    Accent,
    /// A key.
    Key,
    /// A title or heading.
    Title,
    /// A border.
    Border,
    /// The border of the pane that has the keys.
    BorderFocus,
    /// The selected line.
    Selection,
    /// A marked line.
    Mark,
    /// Added in a diff.
    Added,
    /// Removed in a diff.
    Removed,
    /// Where a diff's lines stand.
    Hunk,
}

/// How the screen looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    /// ASCII only.
    pub ascii: bool,
    /// The paint of each role, as the terminal can show it.
    pub palette: Palette,
}

impl Theme {
    /// The style of a role.
    pub fn style(self, role: Role) -> Style {
        style(self.palette.paint(role as usize))
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

fn style(paint: Paint) -> Style {
    let modifiers = [
        (paint.bold, Modifier::BOLD),
        (paint.dim, Modifier::DIM),
        (paint.underline, Modifier::UNDERLINED),
        (paint.reverse, Modifier::REVERSED),
    ];
    let mut style = Style { fg: colour(paint.fg), bg: colour(paint.bg), ..Style::default() };
    for (_, modifier) in modifiers.into_iter().filter(|(is_on, _)| *is_on) {
        style = style.add_modifier(modifier);
    }
    style
}

fn colour(colour: Colour) -> Option<Color> {
    const SIXTEEN: [Color; 16] = [
        Color::Black,
        Color::Red,
        Color::Green,
        Color::Yellow,
        Color::Blue,
        Color::Magenta,
        Color::Cyan,
        Color::Gray,
        Color::DarkGray,
        Color::LightRed,
        Color::LightGreen,
        Color::LightYellow,
        Color::LightBlue,
        Color::LightMagenta,
        Color::LightCyan,
        Color::White,
    ];
    match colour {
        Colour::Default => None,
        Colour::Ansi(at) => Some(SIXTEEN[usize::from(at % 16)]),
        Colour::Indexed(at) => Some(Color::Indexed(at)),
        Colour::Rgb(red, green, blue) => Some(Color::Rgb(red, green, blue)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::theme::{self, Depth, ROLES};

    #[test]
    fn a_role_has_the_paint_of_its_name() {
        let named = [(Role::Text, "text"), (Role::Ok, "ok"), (Role::Selection, "selection"), (Role::Hunk, "diff_hunk")];
        for (role, name) in named {
            assert_eq!(ROLES[role as usize], name);
        }
        let palette = theme::all(None)[0].palette.at(Depth::None);
        let theme = Theme { ascii: true, palette };
        assert_eq!(theme.style(Role::Ok), Style::default());
        assert!(theme.style(Role::Selection).add_modifier.contains(Modifier::REVERSED));
    }
}
