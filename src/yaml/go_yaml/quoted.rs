//! Scalars in single or double quotes.

use crate::yaml::go_yaml::cursor::{Cursor, Refusal};
use crate::yaml::go_yaml::plain::{Breaks, Folded, token};
use crate::yaml::go_yaml::token::{Token, TokenKind};
use crate::yaml::step::Style;

/// Scans a quoted scalar; its further lines may begin in any column.
pub(super) fn scan<'a>(cursor: &mut Cursor<'a>) -> Result<Token<'a>, Refusal> {
    let (start, quote) = (cursor.mark, cursor.byte(0));
    cursor.skip();
    let mut text = Folded::new(cursor.text, cursor.mark.at);
    loop {
        if cursor.is_document_marker() {
            return cursor.refuse("found unexpected document indicator");
        }
        if cursor.is_end() {
            return Err(Refusal { mark: start, problem: "found unexpected end of stream" });
        }
        let is_joined = words(cursor, quote, &mut text)?;
        if cursor.byte(0) == quote {
            break;
        }
        white_space(cursor, is_joined, &mut text);
    }
    cursor.skip();
    Ok(token(TokenKind::Scalar(text.finish(), Style::Quoted), start, cursor.mark))
}

/// Reads up to white space or the closing quote; whether an escaped line break ended it.
fn words(cursor: &mut Cursor<'_>, quote: u8, text: &mut Folded<'_>) -> Result<bool, Refusal> {
    while !cursor.is_blank_or_end(0) {
        match (quote, cursor.byte(0)) {
            (b'\'', b'\'') if cursor.byte(1) == b'\'' => {
                text.push("'");
                cursor.skip_many(2);
            }
            (_, byte) if byte == quote => break,
            (b'"', b'\\') if cursor.is_break(1) => {
                cursor.skip();
                cursor.skip_line();
                return Ok(true);
            }
            (b'"', b'\\') => escape(cursor, text)?,
            _ => {
                let from = cursor.mark.at;
                cursor.skip();
                text.keep(from, cursor.mark.at);
            }
        }
    }
    Ok(false)
}

/// Reads blanks, which count, or line breaks, which are folded.
fn white_space(cursor: &mut Cursor<'_>, is_joined: bool, text: &mut Folded<'_>) {
    let mut is_at_line = is_joined;
    let mut breaks = Breaks::default();
    let from = cursor.mark.at;
    while cursor.is_blank(0) || cursor.is_break(0) {
        if cursor.is_blank(0) {
            cursor.skip();
            continue;
        }
        let meaning = cursor.skip_line();
        if is_at_line {
            breaks.others.push_str(meaning);
        } else {
            breaks.first = meaning;
            is_at_line = true;
        }
    }
    if is_at_line {
        breaks.fold_into(text);
    } else {
        text.keep(from, cursor.mark.at);
    }
}

fn escape(cursor: &mut Cursor<'_>, text: &mut Folded<'_>) -> Result<(), Refusal> {
    let meaning = match cursor.byte(1) {
        b'0' => "\0",
        b'a' => "\x07",
        b'b' => "\x08",
        b't' | b'\t' => "\t",
        b'n' => "\n",
        b'v' => "\x0b",
        b'f' => "\x0c",
        b'r' => "\r",
        b'e' => "\x1b",
        b' ' => " ",
        b'"' => "\"",
        b'\'' => "'",
        b'\\' => "\\",
        b'N' => "\u{85}",
        b'_' => "\u{a0}",
        b'L' => "\u{2028}",
        b'P' => "\u{2029}",
        b'x' => return code(cursor, 2, text),
        b'u' => return code(cursor, 4, text),
        b'U' => return code(cursor, 8, text),
        _ => return cursor.refuse("found unknown escape character"),
    };
    text.push(meaning);
    cursor.skip_many(2);
    Ok(())
}

/// Reads the character that so many hexadecimal digits name.
fn code(cursor: &mut Cursor<'_>, digits: usize, text: &mut Folded<'_>) -> Result<(), Refusal> {
    let from = cursor.mark.at + 2;
    let Some(name) = cursor.text.get(from..from + digits).filter(|name| name.bytes().all(|b| b.is_ascii_hexdigit()))
    else {
        return cursor.refuse("did not find expected hexadecimal number");
    };
    let Some(character) = u32::from_str_radix(name, 16).ok().and_then(char::from_u32) else {
        return cursor.refuse("found invalid Unicode character escape code");
    };
    text.push(character.encode_utf8(&mut [0; 4]));
    cursor.skip_many(2 + digits);
    Ok(())
}
