//! Scalars without quotes, and the folding of lines that they share with quoted ones.

use std::borrow::Cow;

use crate::yaml::go_yaml::cursor::{Cursor, Mark, Refusal};
use crate::yaml::go_yaml::token::{Token, TokenKind};
use crate::yaml::step::Style;

/// The text of a scalar that may go over several lines; borrowed while it is as it stands.
#[derive(Debug)]
pub(super) struct Folded<'a> {
    source: &'a str,
    start: usize,
    end: usize,
    built: Option<String>,
}

impl<'a> Folded<'a> {
    /// An empty text that begins at a byte.
    pub(super) fn new(source: &'a str, start: usize) -> Self {
        Self { source, start, end: start, built: None }
    }

    /// Takes in what stands from one byte to another.
    pub(super) fn keep(&mut self, from: usize, to: usize) {
        match &mut self.built {
            Some(built) => built.push_str(&self.source[from..to]),
            None if from == self.end => self.end = to,
            None => self.push(&self.source[from..to]),
        }
    }

    /// Adds text that does not stand there.
    pub(super) fn push(&mut self, text: &str) {
        let kept = &self.source[self.start..self.end];
        self.built.get_or_insert_with(|| kept.to_owned()).push_str(text);
    }

    /// The whole text.
    pub(super) fn finish(self) -> Cow<'a, str> {
        self.built.map_or(Cow::Borrowed(&self.source[self.start..self.end]), Cow::Owned)
    }
}

/// The line breaks between two lines of a scalar.
#[derive(Debug, Default)]
pub(super) struct Breaks<'a> {
    /// What the first one means; nothing if there was none, or an escaped one.
    pub(super) first: &'a str,
    /// What the others mean.
    pub(super) others: String,
}

impl Breaks<'_> {
    /// Adds them to a text: one becomes a space, of more the first is dropped.
    pub(super) fn fold_into(&mut self, text: &mut Folded<'_>) {
        if self.first != "\n" {
            text.push(self.first);
        } else if self.others.is_empty() {
            text.push(" ");
        }
        text.push(&self.others);
        self.first = "";
        self.others.clear();
    }
}

/// What ends a scalar, besides its text.
#[derive(Debug)]
pub(super) struct PlainEnd {
    /// Whether a line break stands behind it.
    pub(super) is_at_line: bool,
}

/// Scans a scalar without quotes; `indent` is what its further lines must have at least.
pub(super) fn scan<'a>(cursor: &mut Cursor<'a>, indent: i64, is_flow: bool) -> Result<(Token<'a>, PlainEnd), Refusal> {
    let start = cursor.mark;
    let mut end = start;
    let mut text = Folded::new(cursor.text, start.at);
    let mut breaks = Breaks::default();
    let mut is_at_line = false;
    while !cursor.is_document_marker() && cursor.byte(0) != b'#' {
        let from = cursor.mark.at;
        while !cursor.is_blank_or_end(0) && !ends(cursor, is_flow) {
            cursor.skip();
        }
        if cursor.mark.at > from {
            if is_at_line {
                breaks.fold_into(&mut text);
                text.keep(from, cursor.mark.at);
                is_at_line = false;
            } else {
                text.keep(end.at, cursor.mark.at);
            }
            end = cursor.mark;
        }
        if !cursor.is_blank(0) && !cursor.is_break(0) {
            break;
        }
        is_at_line = white_space(cursor, indent, is_at_line, &mut breaks)?;
        if !is_flow && i64::from(cursor.mark.column) < indent {
            break;
        }
    }
    let kind = TokenKind::Scalar(text.finish(), Style::Plain);
    Ok((Token { kind, start, end }, PlainEnd { is_at_line }))
}

/// Whether an indicator that ends a plain scalar stands here.
fn ends(cursor: &Cursor<'_>, is_flow: bool) -> bool {
    match cursor.byte(0) {
        b':' => cursor.is_blank_or_end(1),
        b',' | b'?' | b'[' | b']' | b'{' | b'}' => is_flow,
        _ => false,
    }
}

/// Steps over blanks and line breaks; whether a line break was among these or those before.
fn white_space<'a>(
    cursor: &mut Cursor<'a>,
    indent: i64,
    mut is_at_line: bool,
    breaks: &mut Breaks<'a>,
) -> Result<bool, Refusal> {
    loop {
        if cursor.is_blank(0) {
            if is_at_line && i64::from(cursor.mark.column) < indent && cursor.byte(0) == b'\t' {
                return cursor.refuse("found a tab character that violates indentation");
            }
            cursor.skip();
        } else if cursor.is_break(0) {
            let meaning = cursor.skip_line();
            if is_at_line {
                breaks.others.push_str(meaning);
            } else {
                breaks.first = meaning;
                is_at_line = true;
            }
        } else {
            return Ok(is_at_line);
        }
    }
}

/// The token between two places.
pub(super) fn token(kind: TokenKind<'_>, start: Mark, end: Mark) -> Token<'_> {
    Token { kind, start, end }
}
