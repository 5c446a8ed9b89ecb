//! Scalars behind `|` and `>`.

use std::borrow::Cow;

use crate::yaml::go_yaml::cursor::{Cursor, Mark, Refusal};
use crate::yaml::go_yaml::plain::token;
use crate::yaml::go_yaml::token::{Token, TokenKind};
use crate::yaml::step::Style;

/// What becomes of the line breaks that end a block scalar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Chomping {
    Strip,
    Clip,
    Keep,
}

/// The lines of a block scalar, put together.
#[derive(Debug, Default)]
struct Lines {
    text: String,
    first_break: String,
    other_breaks: String,
    is_indented: bool,
}

/// Scans a block scalar; `parent` is the indentation of what holds it, -1 for nothing.
pub(super) fn scan<'a>(cursor: &mut Cursor<'a>, parent: i64) -> Result<Token<'a>, Refusal> {
    let is_literal = cursor.byte(0) == b'|';
    cursor.skip();
    let (chomping, increment) = header(cursor)?;
    let start = cursor.mark;
    let mut end = start;
    let mut indent = if increment > 0 { parent.max(0) + increment } else { 0 };
    let mut lines = Lines::default();
    breaks(cursor, parent, &mut indent, &mut lines.other_breaks, &mut end)?;
    while i64::from(cursor.mark.column) == indent && !cursor.is_end() {
        lines.add_line(cursor, is_literal);
        breaks(cursor, parent, &mut indent, &mut lines.other_breaks, &mut end)?;
    }
    let mut text = lines.text;
    if chomping != Chomping::Strip {
        text.push_str(&lines.first_break);
    }
    if chomping == Chomping::Keep {
        text.push_str(&lines.other_breaks);
    }
    Ok(token(TokenKind::Scalar(Cow::Owned(text), Style::Block), start, end))
}

impl Lines {
    fn add_line(&mut self, cursor: &mut Cursor<'_>, is_literal: bool) {
        let is_indented = cursor.is_blank(0);
        let is_folded = !is_literal && !self.is_indented && !is_indented && self.first_break == "\n";
        if !is_folded {
            self.text.push_str(&self.first_break);
        } else if self.other_breaks.is_empty() {
            self.text.push(' ');
        }
        self.text.push_str(&self.other_breaks);
        self.other_breaks.clear();
        self.is_indented = is_indented;
        let from = cursor.mark.at;
        while !cursor.is_break_or_end(0) {
            cursor.skip();
        }
        self.text.push_str(&cursor.text[from..cursor.mark.at]);
        cursor.skip_line().clone_into(&mut self.first_break);
    }
}

/// Reads what stands behind `|` or `>` in its line, and the line break.
fn header(cursor: &mut Cursor<'_>) -> Result<(Chomping, i64), Refusal> {
    let mut chomping = Chomping::Clip;
    let mut increment = 0;
    if let Some(found) = chomping_mark(cursor) {
        chomping = found;
        increment = indentation_mark(cursor)?;
    } else {
        increment = indentation_mark(cursor)?.max(increment);
        if increment > 0 {
            chomping = chomping_mark(cursor).unwrap_or(chomping);
        }
    }
    cursor.skip_blanks();
    cursor.skip_comment();
    if !cursor.is_break_or_end(0) {
        return cursor.refuse("did not find expected comment or line break");
    }
    cursor.skip_line();
    Ok((chomping, increment))
}

fn chomping_mark(cursor: &mut Cursor<'_>) -> Option<Chomping> {
    let found = match cursor.byte(0) {
        b'+' => Chomping::Keep,
        b'-' => Chomping::Strip,
        _ => return None,
    };
    cursor.skip();
    Some(found)
}

fn indentation_mark(cursor: &mut Cursor<'_>) -> Result<i64, Refusal> {
    let digit = cursor.byte(0);
    if digit == b'0' {
        return cursor.refuse("found an indentation indicator equal to 0");
    }
    if !digit.is_ascii_digit() {
        return Ok(0);
    }
    cursor.skip();
    Ok(i64::from(digit - b'0'))
}

/// Steps over indentation and blank lines; finds the indentation if it is not known yet.
fn breaks(
    cursor: &mut Cursor<'_>,
    parent: i64,
    indent: &mut i64,
    into: &mut String,
    end: &mut Mark,
) -> Result<(), Refusal> {
    *end = cursor.mark;
    let mut widest = 0;
    loop {
        let is_before = |cursor: &Cursor<'_>| *indent == 0 || i64::from(cursor.mark.column) < *indent;
        while is_before(cursor) && cursor.byte(0) == b' ' {
            cursor.skip();
        }
        widest = widest.max(i64::from(cursor.mark.column));
        if is_before(cursor) && cursor.byte(0) == b'\t' {
            return cursor.refuse("found a tab character where an indentation space is expected");
        }
        if !cursor.is_break(0) {
            break;
        }
        into.push_str(cursor.skip_line());
        *end = cursor.mark;
    }
    if *indent == 0 {
        *indent = widest.max(parent + 1).max(1);
    }
    Ok(())
}
