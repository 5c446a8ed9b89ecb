//! Painter: the fewest bytes that turn what the terminal shows into the next frame.
//!
//! It remembers every cell the terminal shows. A frame becomes one string of bytes: text where
//! cells differ, the shortest way from one difference to the next, colours only where they change,
//! blanks erased instead of written, and lines that only moved scrolled instead of repainted.

mod pen;
mod scroll;

use std::io::Write as _;

use ratatui::buffer::{Buffer, Cell};
use unicode_width::UnicodeWidthStr as _;

use crate::tui::painter::pen::Pen;

/// Begins a frame that the terminal shows at once or not at all.
const BEGIN: &[u8] = b"\x1b[?2026h";
/// Ends such a frame.
const END: &[u8] = b"\x1b[?2026l";
/// A frame this small cannot tear: it travels in one packet.
const SMALL: usize = 512;

/// What the terminal shows, and how to change it.
pub(super) struct Painter {
    shown: Option<Buffer>,
    pen: Pen,
    at: Option<(u16, u16)>,
    out: Vec<u8>,
    is_synchronized: bool,
}

/// One place of a row: its text (empty behind a wide one) and how it looks.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Glyph<'a> {
    text: &'a str,
    pen: Pen,
}

impl Painter {
    /// A painter of a terminal that shows nobody knows what.
    pub(super) fn new(is_synchronized: bool) -> Self {
        Self { shown: None, pen: Pen::default(), at: None, out: Vec::new(), is_synchronized }
    }

    /// Forgets what the terminal shows: the next frame clears it.
    pub(super) fn forget(&mut self) {
        self.shown = None;
    }

    /// The bytes that make the terminal show `next`; none where it shows that already.
    pub(super) fn paint(&mut self, next: &Buffer) -> &[u8] {
        self.out.clear();
        let mut shown = match self.shown.take() {
            Some(shown) if shown.area == next.area => shown,
            _ => self.clear(next),
        };
        self.scroll(&mut shown, next);
        for y in 0..next.area.height {
            self.row(&glyphs(&shown, y), &glyphs(next, y), y);
        }
        shown.content.clone_from(&next.content);
        self.shown = Some(shown);
        if self.is_synchronized && self.out.len() > SMALL {
            self.out.splice(0..0, BEGIN.iter().copied());
            self.out.extend_from_slice(END);
        }
        &self.out
    }

    fn clear(&mut self, next: &Buffer) -> Buffer {
        self.out.extend_from_slice(b"\x1b[m\x1b[r\x1b[2J");
        (self.pen, self.at) = (Pen::default(), None);
        Buffer::empty(next.area)
    }

    /// Scrolls the part of the screen that only moved, if that is worth its bytes.
    fn scroll(&mut self, shown: &mut Buffer, next: &Buffer) {
        let Some(scroll) = scroll::find(shown, next) else { return };
        self.blank_pen();
        let (top, bottom) = (scroll.top + 1, scroll.bottom + 1);
        let (from, step) = if scroll.up { (bottom, "\n") } else { (top, "\x1bM") };
        let steps = step.repeat(usize::from(scroll.lines));
        let _ = write!(self.out, "\x1b[{top};{bottom}r\x1b[{from}H{steps}\x1b[r");
        self.at = None;
        scroll.apply(shown);
    }

    fn row(&mut self, old: &[Glyph<'_>], new: &[Glyph<'_>], y: u16) {
        let mut x = 0;
        while x < new.len() {
            if old[x] == new[x] || new[x].text.is_empty() {
                x += 1;
            } else if new[x].is_blank() {
                x = self.blanks(old, new, x, y);
            } else {
                self.go(new, x, y);
                self.write(new, x);
                x += 1;
            }
        }
    }

    /// Writes or erases the blanks from a place on; the answer is the place behind them.
    fn blanks(&mut self, old: &[Glyph<'_>], new: &[Glyph<'_>], x: usize, y: u16) -> usize {
        let run = new[x..].iter().take_while(|glyph| glyph.is_blank()).count();
        let changed = (x..x + run).rev().find(|at| old[*at] != new[*at]).map_or(1, |last| last - x + 1);
        self.go(new, x, y);
        self.blank_pen();
        let to_the_end = x + run == new.len();
        if to_the_end && changed > 3 {
            self.out.extend_from_slice(b"\x1b[K");
            return x + run;
        }
        let erase = format!("\x1b[{changed}X");
        let on = if to_the_end { 0 } else { format!("\x1b[{changed}C").len() };
        if changed > erase.len() + on {
            self.out.extend_from_slice(erase.as_bytes());
        } else {
            self.out.extend(std::iter::repeat_n(b' ', changed));
            self.at = Some((column(x + changed), y));
        }
        x + changed
    }

    /// Makes the pen one whose blanks are blank.
    fn blank_pen(&mut self) {
        if !self.pen.leaves_blanks() {
            self.pen.become_pen(Pen::default(), &mut self.out);
        }
    }

    fn write(&mut self, new: &[Glyph<'_>], x: usize) {
        self.pen.become_pen(new[x].pen, &mut self.out);
        self.out.extend_from_slice(new[x].text.as_bytes());
        if let Some((at, _)) = &mut self.at {
            *at += column(new[x].text.width());
        }
    }

    /// Brings the cursor to a place, the shortest way.
    fn go(&mut self, new: &[Glyph<'_>], x: usize, y: u16) {
        let to = column(x);
        if self.at == Some((to, y)) {
            return;
        }
        let mut best = absolute(to, y);
        for way in self.ways(new, to, y) {
            if way.len() < best.len() {
                best = way;
            }
        }
        self.out.extend_from_slice(&best);
        self.at = Some((to, y));
    }

    fn ways(&self, new: &[Glyph<'_>], to: u16, y: u16) -> Vec<Vec<u8>> {
        let Some((from, line)) = self.at else { return Vec::new() };
        let down = usize::from(y.wrapping_sub(line));
        if y < line || down > 8 {
            return Vec::new();
        }
        // Behind the last column the cursor waits to wrap: only a return is sure.
        let is_waiting = usize::from(from) >= new.len();
        let mut ways = vec![[&b"\r"[..], &b"\n".repeat(down), &forward(to)].concat()];
        if !is_waiting && from <= to {
            ways.push([&b"\n".repeat(down)[..], &forward(to - from)].concat());
        }
        if !is_waiting && from > to {
            ways.push([&b"\n".repeat(down)[..], &b"\x08".repeat(usize::from(from - to))].concat());
        }
        if down == 0 && from < to {
            ways.extend(self.again(&new[usize::from(from)..usize::from(to)]));
        }
        ways
    }

    /// What stands between two places, written once more where the pen is right for it.
    fn again(&self, between: &[Glyph<'_>]) -> Option<Vec<u8>> {
        let fits = |glyph: &Glyph<'_>| {
            glyph.pen == self.pen && !glyph.is_blank() || glyph.is_blank() && self.pen.leaves_blanks()
        };
        let is_short = between.len() < 8 && between.iter().all(|glyph| fits(glyph) && glyph.text.width() == 1);
        is_short.then(|| between.iter().flat_map(|glyph| glyph.text.bytes()).collect())
    }
}

impl Glyph<'_> {
    /// Nothing to be seen; blanks are drawn with no pen, so they are all alike.
    fn is_blank(&self) -> bool {
        self.text == " " && self.pen == Pen::default()
    }
}

/// A row as it is seen.
fn glyphs(buffer: &Buffer, y: u16) -> Vec<Glyph<'_>> {
    let width = usize::from(buffer.area.width);
    let start = usize::from(y) * width;
    let mut row: Vec<Glyph> = buffer.content[start..start + width].iter().map(glyph).collect();
    for x in 1..row.len() {
        if row[x - 1].text.width() > 1 {
            row[x] = Glyph { text: "", pen: row[x - 1].pen };
        }
    }
    row
}

fn glyph(cell: &Cell) -> Glyph<'_> {
    let (text, pen) = (cell.symbol(), Pen::of(cell));
    // Cleaned texts have no such characters; a forgotten cleaning must not reach the terminal either.
    let is_unfit = |character: char| character.is_control() || crate::text::is_hidden(character);
    let text = if text.chars().any(is_unfit) { "?" } else { text };
    let pen = if text == " " && pen.leaves_blanks() { Pen::default() } else { pen };
    Glyph { text, pen }
}

fn column(x: usize) -> u16 {
    u16::try_from(x).unwrap_or(u16::MAX)
}

fn absolute(x: u16, y: u16) -> Vec<u8> {
    match (x, y) {
        (0, 0) => b"\x1b[H".to_vec(),
        (0, y) => format!("\x1b[{}H", y + 1).into_bytes(),
        (x, y) => format!("\x1b[{};{}H", y + 1, x + 1).into_bytes(),
    }
}

fn forward(by: u16) -> Vec<u8> {
    match by {
        0 => Vec::new(),
        1 => b"\x1b[C".to_vec(),
        by => format!("\x1b[{by}C").into_bytes(),
    }
}

#[cfg(test)]
mod tests;
