//! Pen: how text looks, and the shortest way from one look to the next.

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

/// How text looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Pen {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

/// What shows on a blank, too.
const ON_BLANKS: Modifier = Modifier::REVERSED.union(Modifier::UNDERLINED).union(Modifier::CROSSED_OUT);
/// Each modifier with the code that sets it and the one that ends it.
const CODES: [(Modifier, u8, u8); 8] = [
    (Modifier::BOLD, 1, 22),
    (Modifier::DIM, 2, 22),
    (Modifier::ITALIC, 3, 23),
    (Modifier::UNDERLINED, 4, 24),
    (Modifier::SLOW_BLINK, 5, 25),
    (Modifier::REVERSED, 7, 27),
    (Modifier::HIDDEN, 8, 28),
    (Modifier::CROSSED_OUT, 9, 29),
];

impl Pen {
    /// The look of a cell.
    pub(super) fn of(cell: &Cell) -> Self {
        Self { fg: cell.fg, bg: cell.bg, modifier: cell.modifier }
    }

    /// Whether a blank in this look is an empty place.
    pub(super) fn leaves_blanks(self) -> bool {
        self.bg == Color::Reset && !self.modifier.intersects(ON_BLANKS)
    }

    /// Changes the look to another, and writes what the terminal must be told.
    pub(super) fn become_pen(&mut self, to: Pen, out: &mut Vec<u8>) {
        if *self == to {
            return;
        }
        let steps = self.steps(to);
        let anew = [vec![String::new()], Pen::default().steps(to)].concat();
        let (steps, anew) = (steps.join(";"), anew.join(";"));
        let shorter = if anew.len() <= steps.len() { anew } else { steps };
        out.extend_from_slice(format!("\x1b[{shorter}m").as_bytes());
        *self = to;
    }

    /// The codes from this look to another.
    fn steps(self, to: Pen) -> Vec<String> {
        let mut steps: Vec<String> = Vec::new();
        let gone = self.modifier.difference(to.modifier);
        let mut kept = self.modifier.intersection(to.modifier);
        for (modifier, _, end) in CODES {
            let end = end.to_string();
            if gone.contains(modifier) && !steps.contains(&end) {
                steps.push(end);
            }
        }
        if gone.intersects(Modifier::BOLD | Modifier::DIM) {
            kept = kept.difference(Modifier::BOLD | Modifier::DIM);
        }
        let new = to.modifier.difference(kept);
        steps.extend(CODES.iter().filter(|(modifier, ..)| new.contains(*modifier)).map(|(_, set, _)| set.to_string()));
        if self.fg != to.fg {
            steps.push(colour(to.fg, 30));
        }
        if self.bg != to.bg {
            steps.push(colour(to.bg, 40));
        }
        steps
    }
}

/// The code of a colour; `base` is 30 for the text and 40 for what is behind it.
fn colour(colour: Color, base: u8) -> String {
    let plain = |at: u8| (base + at).to_string();
    let bright = |at: u8| (base + 60 + at).to_string();
    match colour {
        Color::Reset => plain(9),
        Color::Black => plain(0),
        Color::Red => plain(1),
        Color::Green => plain(2),
        Color::Yellow => plain(3),
        Color::Blue => plain(4),
        Color::Magenta => plain(5),
        Color::Cyan => plain(6),
        Color::Gray => plain(7),
        Color::DarkGray => bright(0),
        Color::LightRed => bright(1),
        Color::LightGreen => bright(2),
        Color::LightYellow => bright(3),
        Color::LightBlue => bright(4),
        Color::LightMagenta => bright(5),
        Color::LightCyan => bright(6),
        Color::White => bright(7),
        Color::Indexed(at) => format!("{};5;{at}", base + 8),
        Color::Rgb(red, green, blue) => format!("{};2;{red};{green};{blue}", base + 8),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(from: Pen, to: Pen) -> String {
        let (mut pen, mut out) = (from, Vec::new());
        pen.become_pen(to, &mut out);
        assert_eq!(pen, to);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn only_what_changes_is_said() {
        let plain = Pen::default();
        let green = Pen { fg: Color::Green, ..plain };
        let bold = Pen { modifier: Modifier::BOLD, ..plain };
        let loud = Pen { fg: Color::Red, modifier: Modifier::BOLD | Modifier::REVERSED, ..plain };
        assert_eq!(told(plain, plain), "");
        assert_eq!(told(plain, green), "\x1b[32m");
        assert_eq!(told(green, plain), "\x1b[m");
        assert_eq!(told(loud, green), "\x1b[;32m");
        assert_eq!(told(loud, Pen { fg: Color::Red, ..bold }), "\x1b[27m");
        let dim = Pen { modifier: Modifier::DIM, ..plain };
        assert_eq!(told(bold, dim), "\x1b[;2m");
        assert_eq!(told(plain, Pen { bg: Color::Indexed(7), ..plain }), "\x1b[48;5;7m");
    }
}
