//! Anchors, aliases, tags and directives.

use crate::yaml::go_yaml::cursor::{Cursor, Mark, Refusal};
use crate::yaml::go_yaml::plain::token;
use crate::yaml::go_yaml::token::{Token, TokenKind};

/// Scans `*name` or `&name`.
pub(super) fn scan_anchor<'a>(cursor: &mut Cursor<'a>) -> Result<Token<'a>, Refusal> {
    let (start, is_alias) = (cursor.mark, cursor.byte(0) == b'*');
    cursor.skip();
    let name = name(cursor);
    let is_ended = cursor.is_blank_or_end(0) || b"?:,]}%@`".contains(&cursor.byte(0));
    if name.is_empty() || !is_ended {
        return cursor.refuse("did not find expected alphabetic or numeric character");
    }
    let kind = if is_alias { TokenKind::Alias(name) } else { TokenKind::Anchor(name) };
    Ok(token(kind, start, cursor.mark))
}

/// Scans a tag: `!<uri>`, `!handle!suffix`, `!suffix` or `!`.
pub(super) fn scan_tag<'a>(cursor: &mut Cursor<'a>) -> Result<Token<'a>, Refusal> {
    let start = cursor.mark;
    let (handle, suffix) = if cursor.byte(1) == b'<' {
        cursor.skip_many(2);
        let suffix = uri(cursor, "")?;
        if cursor.byte(0) != b'>' {
            return cursor.refuse("did not find the expected '>'");
        }
        cursor.skip();
        ("", suffix)
    } else {
        shorthand(cursor)?
    };
    if !cursor.is_blank_or_end(0) {
        return cursor.refuse("did not find expected whitespace or line break");
    }
    Ok(token(TokenKind::Tag(handle, suffix), start, cursor.mark))
}

fn shorthand<'a>(cursor: &mut Cursor<'a>) -> Result<(&'a str, String), Refusal> {
    let handle = handle(cursor, false)?;
    if handle.len() > 1 && handle.ends_with('!') {
        return Ok((handle, uri(cursor, "")?));
    }
    let suffix = uri(cursor, handle)?;
    Ok(if suffix.is_empty() { ("", "!".to_owned()) } else { ("!", suffix) })
}

/// Scans a directive line.
pub(super) fn scan_directive<'a>(cursor: &mut Cursor<'a>) -> Result<Token<'a>, Refusal> {
    let start = cursor.mark;
    cursor.skip();
    let name = name(cursor);
    if name.is_empty() {
        return cursor.refuse("could not find expected directive name");
    }
    if !cursor.is_blank_or_end(0) {
        return cursor.refuse("found unexpected non-alphabetical character");
    }
    let kind = match name {
        "YAML" => version(cursor)?,
        "TAG" => tag_directive(cursor)?,
        _ => return Err(Refusal { mark: start, problem: "found unknown directive name" }),
    };
    end_of_directive(cursor, kind, start)
}

fn end_of_directive<'a>(cursor: &mut Cursor<'a>, kind: TokenKind<'a>, start: Mark) -> Result<Token<'a>, Refusal> {
    let end = cursor.mark;
    cursor.skip_blanks();
    cursor.skip_comment();
    if !cursor.is_break_or_end(0) {
        return cursor.refuse("did not find expected comment or line break");
    }
    cursor.skip_line();
    Ok(token(kind, start, end))
}

fn version<'a>(cursor: &mut Cursor<'a>) -> Result<TokenKind<'a>, Refusal> {
    cursor.skip_blanks();
    let major = version_number(cursor)?;
    if cursor.byte(0) != b'.' {
        return cursor.refuse("did not find expected digit or '.' character");
    }
    cursor.skip();
    Ok(TokenKind::Version(major, version_number(cursor)?))
}

fn version_number(cursor: &mut Cursor<'_>) -> Result<u32, Refusal> {
    let mut number = None;
    for _ in 0..2 {
        if !cursor.byte(0).is_ascii_digit() {
            break;
        }
        number = Some(number.unwrap_or(0) * 10 + u32::from(cursor.byte(0) - b'0'));
        cursor.skip();
    }
    if cursor.byte(0).is_ascii_digit() {
        return cursor.refuse("found extremely long version number");
    }
    number.map_or_else(|| cursor.refuse("did not find expected version number"), Ok)
}

fn tag_directive<'a>(cursor: &mut Cursor<'a>) -> Result<TokenKind<'a>, Refusal> {
    cursor.skip_blanks();
    let handle = handle(cursor, true)?;
    if !cursor.is_blank(0) {
        return cursor.refuse("did not find expected whitespace");
    }
    cursor.skip_blanks();
    let prefix = uri(cursor, "")?;
    if !cursor.is_blank_or_end(0) {
        return cursor.refuse("did not find expected whitespace or line break");
    }
    Ok(TokenKind::TagDirective(handle, prefix))
}

fn name<'a>(cursor: &mut Cursor<'a>) -> &'a str {
    let from = cursor.mark.at;
    while cursor.is_name() {
        cursor.skip();
    }
    &cursor.text[from..cursor.mark.at]
}

/// Reads `!`, `!name` or `!name!`; in a directive not the second.
fn handle<'a>(cursor: &mut Cursor<'a>, is_directive: bool) -> Result<&'a str, Refusal> {
    let from = cursor.mark.at;
    if cursor.byte(0) != b'!' {
        return cursor.refuse("did not find expected '!'");
    }
    cursor.skip();
    let name = name(cursor);
    if cursor.byte(0) == b'!' {
        cursor.skip();
    } else if is_directive && !name.is_empty() {
        return cursor.refuse("did not find expected '!'");
    }
    Ok(&cursor.text[from..cursor.mark.at])
}

/// Reads the characters of an address behind what was read of it already, its `!` left out.
fn uri(cursor: &mut Cursor<'_>, head: &str) -> Result<String, Refusal> {
    let mut uri = head.get(1..).unwrap_or_default().to_owned();
    let mut is_there = !head.is_empty();
    while cursor.is_name() || b";/?:@&=+$,.!~*'()[]%".contains(&cursor.byte(0)) {
        is_there = true;
        if cursor.byte(0) == b'%' {
            uri.push(escaped(cursor)?);
        } else {
            uri.push(char::from(cursor.byte(0)));
            cursor.skip();
        }
    }
    if is_there { Ok(uri) } else { cursor.refuse("did not find expected tag URI") }
}

/// Reads a character written as `%xx`, once for each of its bytes.
fn escaped(cursor: &mut Cursor<'_>) -> Result<char, Refusal> {
    let mut bytes = Vec::new();
    while bytes.len() < 4 {
        let digits = cursor.text.get(cursor.mark.at + 1..cursor.mark.at + 3).unwrap_or_default();
        let octet = u8::from_str_radix(digits, 16).ok().filter(|_| cursor.byte(0) == b'%' && !digits.starts_with('+'));
        let Some(octet) = octet else {
            return cursor.refuse("did not find URI escaped octet");
        };
        bytes.push(octet);
        cursor.skip_many(3);
        if let Ok(text) = std::str::from_utf8(&bytes) {
            return Ok(text.chars().next().unwrap_or_default());
        }
    }
    cursor.refuse("found an incorrect leading UTF-8 octet")
}
