//! Cast: the keys pressed last, as viewers of a shared screen read them.

use std::collections::VecDeque;

/// Keys shown.
const SHOWN: usize = 8;
/// Keys that are shown in however little room.
const LEAST: usize = 2;
/// What stands for keys of a text.
const TYPING: &str = "(typing)";

/// The keys pressed last, repeated ones once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cast {
    keys: VecDeque<(String, usize)>,
}

impl Cast {
    /// Notes a key by its name.
    pub fn press(&mut self, name: String) {
        match self.keys.back_mut() {
            Some((last, times)) if *last == name => *times += 1,
            _ => self.keys.push_back((name, 1)),
        }
        while self.keys.len() > SHOWN {
            self.keys.pop_front();
        }
    }

    /// Notes that a text is being typed: neither its characters nor their number.
    pub fn typing(&mut self) {
        if self.keys.back().is_none_or(|(last, _)| last != TYPING) {
            self.press(TYPING.to_owned());
        }
    }

    /// Whether no key was pressed yet.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The keys in a line, as many of the last ones as fit; the last two always.
    pub fn text(&self, width: usize) -> String {
        let mut text = String::new();
        for (at, (name, times)) in self.keys.iter().rev().enumerate() {
            let word = if *times > 1 { format!("{name} x{times}") } else { name.clone() };
            let longer = if text.is_empty() { word } else { format!("{word} {text}") };
            if at >= LEAST && crate::text::width(&longer) > width {
                break;
            }
            text = longer;
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_keys_are_counted_and_typed_ones_are_not() {
        let mut cast = Cast::default();
        for key in ["N", "j", "j", "j", "Ctrl-D"] {
            cast.press(key.to_owned());
        }
        assert_eq!(cast.text(40), "N j x3 Ctrl-D");
        assert_eq!(cast.text(12), "j x3 Ctrl-D");
        assert_eq!(cast.text(0), "j x3 Ctrl-D");
        cast.typing();
        cast.typing();
        cast.press("Enter".to_owned());
        assert_eq!(cast.text(40), "N j x3 Ctrl-D (typing) Enter");
        for number in 0..20 {
            cast.press(number.to_string());
        }
        assert_eq!(cast.text(80).split(' ').count(), 8);
    }
}
