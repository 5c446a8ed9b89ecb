//! Scroll: finding lines that only moved.

use ratatui::buffer::{Buffer, Cell};

/// Cells that scrolling must save; it costs some twenty bytes itself.
const WORTH: usize = 40;
/// Lines a list moves by at most in one step of the keys.
const FAR: u16 = 12;

/// A part of the screen that moves.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Scroll {
    /// The first row.
    pub(super) top: u16,
    /// The last row.
    pub(super) bottom: u16,
    /// By how many lines.
    pub(super) lines: u16,
    /// Whether lines move up.
    pub(super) up: bool,
}

/// The scrolling that saves most, if one is worth it.
pub(super) fn find(shown: &Buffer, next: &Buffer) -> Option<Scroll> {
    let height = next.area.height;
    let plain = |y: u16| differing(row(shown, y), row(next, y));
    let costs: Vec<usize> = (0..height).map(plain).collect();
    if costs.iter().sum::<usize>() < 2 * WORTH {
        return None;
    }
    let mut best: Option<(usize, Scroll)> = None;
    for lines in 1..=FAR.min(height.saturating_sub(1)) {
        for up in [true, false] {
            let Some((saved, scroll)) = candidate(shown, next, &costs, lines, up) else { continue };
            if best.as_ref().is_none_or(|(most, _)| saved > *most) {
                best = Some((saved, scroll));
            }
        }
    }
    best.filter(|(saved, _)| *saved > WORTH).map(|(_, scroll)| scroll)
}

/// What moving by so many lines saves, between the first and the last row that it makes right.
fn candidate(shown: &Buffer, next: &Buffer, costs: &[usize], lines: u16, up: bool) -> Option<(usize, Scroll)> {
    let height = next.area.height;
    let source = |y: u16| if up { Some(y + lines).filter(|y| *y < height) } else { y.checked_sub(lines) };
    let is_right = |y: &u16| {
        costs[usize::from(*y)] > 0 && source(*y).is_some_and(|from| differing(row(shown, from), row(next, *y)) == 0)
    };
    let first = (0..height).find(is_right)?;
    let last = (0..height).rev().find(is_right)?;
    let (top, bottom) = if up { (first, last + lines) } else { (first - lines, last) };
    let blank = Cell::EMPTY;
    let after = |y: u16| match source(y).filter(|from| (top..=bottom).contains(from)) {
        Some(from) => differing(row(shown, from), row(next, y)),
        None => row(next, y).iter().filter(|cell| **cell != blank).count(),
    };
    let before: usize = (top..=bottom).map(|y| costs[usize::from(y)]).sum();
    let saved = before.checked_sub((top..=bottom).map(after).sum())?;
    Some((saved, Scroll { top, bottom, lines, up }))
}

fn row(buffer: &Buffer, y: u16) -> &[Cell] {
    let width = usize::from(buffer.area.width);
    let start = usize::from(y) * width;
    &buffer.content[start..start + width]
}

fn differing(old: &[Cell], new: &[Cell]) -> usize {
    old.iter().zip(new).filter(|(old, new)| old != new).count()
}

impl Scroll {
    /// Moves the lines of a buffer as the terminal does.
    pub(super) fn apply(&self, buffer: &mut Buffer) {
        let width = usize::from(buffer.area.width);
        let part = usize::from(self.top) * width..(usize::from(self.bottom) + 1) * width;
        let part = &mut buffer.content[part];
        let moved = usize::from(self.lines) * width;
        let kept = part.len() - moved;
        if self.up {
            part.rotate_left(moved);
            part[kept..].fill(Cell::EMPTY);
        } else {
            part.rotate_right(moved);
            part[..moved].fill(Cell::EMPTY);
        }
    }
}
