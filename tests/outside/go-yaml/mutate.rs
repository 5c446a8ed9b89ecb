//! Mutation: resources as people write them, damaged in many ways, the same for the same seed.

use crate::pieces::{SEEDS, TOKENS};

/// A source of numbers (xorshift), the same for the same seed.
#[derive(Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    /// A source from a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self((seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap_or(0) % most.max(1)
    }

    fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}

/// One damaged text: mostly one or two places, sometimes many.
pub(crate) fn text(dice: &mut Dice) -> String {
    let mut text: Vec<char> = dice.pick(SEEDS).chars().collect();
    let count = match dice.below(10) {
        0..5 => 1,
        5..8 => 2,
        8 => 3 + dice.below(3),
        _ => 4 + dice.below(10),
    };
    for _ in 0..count {
        damage(&mut text, dice);
    }
    let text: String = text.into_iter().collect();
    match dice.below(40) {
        0 => text.replace('\n', "\r\n"),
        1 => format!("\u{feff}{text}"),
        2 => text.trim_end().to_owned(),
        _ => text,
    }
}

fn damage(text: &mut Vec<char>, dice: &mut Dice) {
    match dice.below(16) {
        12.. => soften(text, dice),
        0 => remove(text, dice),
        1 => repeat(text, dice),
        2..5 => insert(text, dice, anywhere),
        5..7 => insert(text, dice, at_token),
        7 => insert(text, dice, at_line),
        8 => replace_value(text, dice),
        9 => indent_line(text, dice),
        10 => swap_lines(text, dice),
        _ => quote_value(text, dice),
    }
}

/// What mostly leaves a text readable: comments, blank lines, white space at the end of lines.
fn soften(text: &mut Vec<char>, dice: &mut Dice) {
    let pieces = [
        "# c\n",
        "  # c\n",
        "\n",
        "   \n",
        " \t\n",
        "\t\n",
        "        # c\n",
        "---\n",
        "---# c\n",
        "--- \n",
        "#\n",
        "b: c\n",
        "  b: c\n",
        "    b: c\n",
        "- b\n",
        "  - b\n",
        "x\n",
        "  x\n",
        "    x y\n",
        "      \"q\"\n",
        "\u{feff}",
    ];
    let places = lines(text);
    let at = places[dice.below(places.len())];
    if dice.below(3) > 0 || at == 0 {
        text.splice(at..at, dice.pick(&pieces).chars());
    } else {
        text.splice(
            at - 1..at - 1,
            dice.pick(&[" ", "\t", " # c", "\r", "  # c: d", " #", "#", " \t# c", "\\", " x", ",", " \"q\"", " 'q'"])
                .chars(),
        );
    }
}

fn anywhere(text: &[char], dice: &mut Dice) -> usize {
    dice.below(text.len() + 1)
}

/// A place before or behind one of YAML's marks.
fn at_token(text: &[char], dice: &mut Dice) -> usize {
    let places: Vec<usize> = (0..text.len()).filter(|at| ":-,[]{}'\"#&*!|>?\\".contains(text[*at])).collect();
    if places.is_empty() { 0 } else { places[dice.below(places.len())] + dice.below(2) }
}

/// The beginning or the end of a line.
fn at_line(text: &[char], dice: &mut Dice) -> usize {
    let places: Vec<usize> = (0..text.len()).filter(|at| text[*at] == '\n').collect();
    if places.is_empty() { 0 } else { places[dice.below(places.len())] + dice.below(2) }
}

fn insert(text: &mut Vec<char>, dice: &mut Dice, place: fn(&[char], &mut Dice) -> usize) {
    let at = place(text, dice);
    text.splice(at..at, dice.pick(TOKENS).chars());
}

fn remove(text: &mut Vec<char>, dice: &mut Dice) {
    let at = if dice.below(2) == 0 { anywhere(text, dice) } else { at_token(text, dice) };
    let most = if dice.below(3) == 0 { 20 } else { 2 };
    let end = (at + 1 + dice.below(most)).min(text.len());
    text.drain(at.min(end)..end);
}

fn repeat(text: &mut Vec<char>, dice: &mut Dice) {
    let at = anywhere(text, dice);
    let end = (at + dice.below(30)).min(text.len());
    let piece: Vec<char> = text[at..end].to_vec();
    let goal = if dice.below(2) == 0 { at_line(text, dice) } else { anywhere(text, dice) };
    text.splice(goal..goal, piece);
}

/// The part of a line behind `: ` or `- `.
fn value(text: &[char], dice: &mut Dice) -> Option<(usize, usize)> {
    let begins = |at: &usize| matches!(text[*at], ':' | '-') && text.get(at + 1) == Some(&' ');
    let places: Vec<usize> = (0..text.len()).filter(begins).collect();
    let at = *places.get(dice.below(places.len()))? + 2;
    let end = text[at..].iter().position(|c| "\n,]}".contains(*c)).map_or(text.len(), |found| at + found);
    Some((at, end))
}

fn replace_value(text: &mut Vec<char>, dice: &mut Dice) {
    if let Some((at, end)) = value(text, dice) {
        text.splice(at..end, dice.pick(TOKENS).chars());
    }
}

fn quote_value(text: &mut Vec<char>, dice: &mut Dice) {
    let Some((at, end)) = value(text, dice) else { return };
    let (open, close) = dice.pick::<(&str, &str)>(&[
        &("\"", "\""),
        &("'", "'"),
        &("\"\n", "\""),
        &("'", "\n'"),
        &("\"a\n", "\n  b\""),
        &("[", "]"),
        &("{", "}"),
        &("|\n  ", "\n"),
        &(">\n    ", "\n"),
        &("&q ", ""),
        &("!!str ", ""),
        &("", " # c"),
        &("", "#c"),
        &("(", ")"),
        &("\"x\\\n", "\""),
        &("", "\nb"),
        &("", "\n  b"),
    ]);
    text.splice(end..end, close.chars());
    text.splice(at..at, open.chars());
}

fn lines(text: &[char]) -> Vec<usize> {
    std::iter::once(0).chain((0..text.len()).filter(|at| text[*at] == '\n').map(|at| at + 1)).collect()
}

fn indent_line(text: &mut Vec<char>, dice: &mut Dice) {
    let places = lines(text);
    let at = places[dice.below(places.len())];
    let spaces = text[at..].iter().take_while(|c| **c == ' ').count();
    match dice.below(4) {
        0 => drop(text.drain(at..at + spaces)),
        1 if spaces > 0 => drop(text.remove(at)),
        2 => text.insert(at, ' '),
        _ => text.insert(at + spaces, '\t'),
    }
}

fn swap_lines(text: &mut Vec<char>, dice: &mut Dice) {
    let whole: String = text.iter().collect();
    let mut lines: Vec<&str> = whole.split_inclusive('\n').collect();
    let (a, b) = (dice.below(lines.len()), dice.below(lines.len()));
    if !lines.is_empty() {
        lines.swap(a, b);
    }
    *text = lines.concat().chars().collect();
}
