//! Colour: how text can look, in words and numbers, and as far as a terminal can show it.

/// A colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Colour {
    /// The terminal's own.
    #[default]
    Default,
    /// One of the terminal's sixteen.
    Ansi(u8),
    /// One of 256.
    Indexed(u8),
    /// Red, green, blue.
    Rgb(u8, u8, u8),
}

/// How many colours a terminal shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// None: only bold, dim, underlined, reversed.
    None,
    /// Sixteen.
    Sixteen,
    /// Any.
    All,
}

/// How text looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Paint {
    /// The text's colour.
    pub fg: Colour,
    /// The colour behind it.
    pub bg: Colour,
    /// Bold.
    pub bold: bool,
    /// Dim.
    pub dim: bool,
    /// Underlined.
    pub underline: bool,
    /// The two colours exchanged.
    pub reverse: bool,
}

const NAMES: [&str; 8] = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];
/// The sixteen colours as most terminals show them.
const SIXTEEN: [(u8, u8, u8); 16] = [
    (0, 0, 0),
    (205, 0, 0),
    (0, 205, 0),
    (205, 205, 0),
    (0, 0, 238),
    (205, 0, 205),
    (0, 205, 205),
    (229, 229, 229),
    (127, 127, 127),
    (255, 0, 0),
    (0, 255, 0),
    (255, 255, 0),
    (92, 92, 255),
    (255, 0, 255),
    (0, 255, 255),
    (255, 255, 255),
];

impl Depth {
    /// What a terminal shows: `$COLORTERM` alone speaks for more than sixteen colours.
    pub fn of(has_colour: bool, colorterm: &str) -> Self {
        match (has_colour, colorterm) {
            (false, _) => Depth::None,
            (true, "truecolor" | "24bit") => Depth::All,
            (true, _) => Depth::Sixteen,
        }
    }
}

impl Paint {
    /// Reads words such as `bold red on #202020`.
    ///
    /// # Errors
    /// The word that is no colour.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut paint = Self::default();
        let mut is_behind = false;
        for word in text.split_whitespace() {
            match word {
                "bold" => paint.bold = true,
                "dim" => paint.dim = true,
                "underline" => paint.underline = true,
                "reverse" => paint.reverse = true,
                "on" => is_behind = true,
                word if is_behind => paint.bg = Colour::read(word)?,
                word => paint.fg = Colour::read(word)?,
            }
        }
        Ok(paint)
    }

    /// The paint as a terminal of this depth can show it.
    #[must_use]
    pub fn at(self, depth: Depth) -> Self {
        Self { fg: self.fg.at(depth), bg: self.bg.at(depth), ..self }
    }

    /// The escape code that switches it on, after a reset.
    pub fn escape(self) -> String {
        let mut codes = vec!["0".to_owned()];
        for (is_on, code) in [(self.bold, "1"), (self.dim, "2"), (self.underline, "4"), (self.reverse, "7")] {
            codes.extend(is_on.then(|| code.to_owned()));
        }
        codes.extend(self.fg.code(30));
        codes.extend(self.bg.code(40));
        format!("\u{1b}[{}m", codes.join(";"))
    }
}

impl Colour {
    fn read(word: &str) -> Result<Self, String> {
        let wrong = || format!("{word} is no colour");
        if let Some(digits) = word.strip_prefix('#') {
            let number = u32::from_str_radix(digits, 16).ok().filter(|_| digits.len() == 6).ok_or_else(wrong)?;
            let [_, red, green, blue] = number.to_be_bytes();
            return Ok(Colour::Rgb(red, green, blue));
        }
        if let Ok(number) = word.parse::<u8>() {
            return Ok(if number < 16 { Colour::Ansi(number) } else { Colour::Indexed(number) });
        }
        if word == "default" {
            return Ok(Colour::Default);
        }
        let (name, bright) = word.strip_prefix("bright-").map_or((word, 0), |name| (name, 8));
        let at = NAMES.iter().position(|known| *known == name).ok_or_else(wrong)?;
        Ok(Colour::Ansi(u8::try_from(at).unwrap_or(0) + bright))
    }

    fn at(self, depth: Depth) -> Self {
        match (depth, self) {
            (Depth::None, _) => Colour::Default,
            (Depth::Sixteen, Colour::Rgb(red, green, blue)) => nearest((red, green, blue)),
            (Depth::Sixteen, Colour::Indexed(at)) => nearest(of_256(at)),
            (_, colour) => colour,
        }
    }

    fn code(self, base: u8) -> Option<String> {
        match self {
            Colour::Default => None,
            Colour::Ansi(at @ 0..8) => Some((base + at).to_string()),
            Colour::Ansi(at) => Some((base + 52 + at % 16).to_string()),
            Colour::Indexed(at) => Some(format!("{};5;{at}", base + 8)),
            Colour::Rgb(red, green, blue) => Some(format!("{};2;{red};{green};{blue}", base + 8)),
        }
    }
}

/// The nearest of the sixteen.
fn nearest((red, green, blue): (u8, u8, u8)) -> Colour {
    let apart = |left: u8, right: u8| u32::from(left.abs_diff(right)).pow(2);
    let distance = |at: &u8| {
        let (r, g, b) = SIXTEEN[usize::from(*at)];
        apart(r, red) + apart(g, green) + apart(b, blue)
    };
    Colour::Ansi((0..16).min_by_key(distance).unwrap_or(7))
}

/// A colour of the 256 as red, green, blue.
fn of_256(at: u8) -> (u8, u8, u8) {
    let step = |level: u8| if level == 0 { 0 } else { 55 + 40 * level };
    match at {
        0..16 => SIXTEEN[usize::from(at)],
        16..232 => (step((at - 16) / 36), step((at - 16) / 6 % 6), step((at - 16) % 6)),
        _ => {
            let grey = 8 + 10 * (at - 232);
            (grey, grey, grey)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_come_down_to_what_the_terminal_shows() {
        let paint = Paint::read("bold #ff8700 on 17").unwrap();
        assert_eq!(paint.at(Depth::All), paint);
        let few = paint.at(Depth::Sixteen);
        assert!(matches!((few.fg, few.bg), (Colour::Ansi(_), Colour::Ansi(_))), "{few:?}");
        assert_eq!(paint.at(Depth::None), Paint { bold: true, ..Paint::default() });
        assert_eq!(Depth::of(true, "truecolor"), Depth::All);
        assert_eq!(Depth::of(true, ""), Depth::Sixteen);
        assert_eq!(Depth::of(false, "truecolor"), Depth::None);
    }

    #[test]
    fn words_become_codes() {
        assert_eq!(Paint::read("bold bright-red on black").unwrap().escape(), "\u{1b}[0;1;91;40m");
        assert_eq!(Paint::read("#010203").unwrap().escape(), "\u{1b}[0;38;2;1;2;3m");
        assert_eq!(Paint::read("default").unwrap(), Paint::default());
        for wrong in ["mauve", "#12345", "256", "#gggggg"] {
            assert!(Paint::read(wrong).unwrap_err().starts_with(wrong));
        }
    }
}
