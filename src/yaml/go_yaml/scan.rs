//! Scanner: from characters to tokens, with indentation and simple keys.

use std::collections::VecDeque;

use crate::yaml::go_yaml::cursor::{Cursor, Mark, Refusal, check_characters};
use crate::yaml::go_yaml::token::{Token, TokenKind};
use crate::yaml::go_yaml::{block, plain, quoted, tag};

/// Lists and maps inside each other beyond this are refused.
const MOST_LEVELS: usize = 10_000;

/// How many characters a key may have that stands without `?`.
const LONGEST_KEY: usize = 1024;

/// What may turn out to be a key, once its `:` is found.
#[derive(Debug, Clone, Copy, Default)]
struct SimpleKey {
    is_possible: bool,
    /// Whether nothing else can stand there.
    is_required: bool,
    /// Whether tokens wait for it to be decided.
    is_awaited: bool,
    /// The number of its first token.
    number: usize,
    mark: Mark,
}

/// Gives the tokens of a text.
#[derive(Debug)]
pub(super) struct Scanner<'a> {
    cursor: Cursor<'a>,
    queue: VecDeque<Token<'a>>,
    /// How many tokens were taken out of the queue.
    taken: usize,
    /// One for each level of brackets, and one for the text.
    keys: Vec<SimpleKey>,
    indent: i64,
    outer_indents: Vec<i64>,
    may_be_key: bool,
}

impl<'a> Scanner<'a> {
    /// Stands at the beginning of a text.
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            cursor: Cursor::new(text),
            queue: VecDeque::new(),
            taken: 0,
            keys: vec![SimpleKey::default()],
            indent: -1,
            outer_indents: Vec::new(),
            may_be_key: true,
        }
    }

    /// Refuses a text with a character that YAML allows nowhere.
    pub(super) fn check_characters(&self) -> Result<(), Refusal> {
        check_characters(self.cursor.text)
    }

    /// The next token; behind the end of the text, that end again.
    pub(super) fn peek(&mut self) -> Result<&Token<'a>, Refusal> {
        while self.queue.is_empty() || self.awaits_key()? {
            self.fetch()?;
        }
        let at_end = self.cursor.mark;
        let end = Token { kind: TokenKind::StreamEnd, start: at_end, end: at_end };
        if self.queue.is_empty() {
            self.queue.push_back(end);
        }
        Ok(&self.queue[0])
    }

    /// Takes the next token.
    pub(super) fn take(&mut self) -> Result<Token<'a>, Refusal> {
        let Token { start, end, .. } = *self.peek()?;
        self.taken += 1;
        Ok(self.queue.pop_front().unwrap_or(Token { kind: TokenKind::StreamEnd, start, end }))
    }

    /// Whether the next token may be that of a key whose `:` was not found yet.
    fn awaits_key(&mut self) -> Result<bool, Refusal> {
        let found = self.keys.iter().position(|key| key.is_awaited && key.number == self.taken);
        found.map_or(Ok(false), |level| self.is_valid(level))
    }

    /// Whether a simple key may still become one.
    fn is_valid(&mut self, level: usize) -> Result<bool, Refusal> {
        let key = self.keys[level];
        if !key.is_possible {
            return Ok(false);
        }
        let here = self.cursor.mark;
        if key.mark.line >= here.line && key.mark.characters + LONGEST_KEY >= here.characters {
            return Ok(true);
        }
        self.keys[level].is_possible = false;
        if key.is_required { refuse_key(key) } else { Ok(false) }
    }

    fn save_key(&mut self) -> Result<(), Refusal> {
        if !self.may_be_key {
            return Ok(());
        }
        self.remove_key()?;
        let is_required = !self.is_flow() && self.indent == i64::from(self.cursor.mark.column);
        let number = self.taken + self.queue.len();
        let mark = self.cursor.mark;
        *self.last_key() = SimpleKey { is_possible: true, is_required, is_awaited: true, number, mark };
        Ok(())
    }

    fn remove_key(&mut self) -> Result<(), Refusal> {
        let key = self.last_key();
        if key.is_possible && key.is_required {
            return refuse_key(*key);
        }
        if key.is_possible {
            key.is_possible = false;
            key.is_awaited = false;
        }
        Ok(())
    }

    fn last_key(&mut self) -> &mut SimpleKey {
        let last = self.keys.len() - 1;
        &mut self.keys[last]
    }

    fn is_flow(&self) -> bool {
        self.keys.len() > 1
    }

    /// Begins a list or map by indentation, if the column lies deeper; at the place of a token.
    fn roll_indent(&mut self, column: i64, at: Option<usize>, kind: TokenKind<'a>, mark: Mark) -> Result<(), Refusal> {
        if self.is_flow() || self.indent >= column {
            return Ok(());
        }
        self.outer_indents.push(self.indent);
        self.indent = column;
        if self.outer_indents.len() > MOST_LEVELS {
            return self.cursor.refuse("exceeded max depth of 10000");
        }
        self.insert(at, Token { kind, start: mark, end: mark });
        Ok(())
    }

    /// Ends the lists and maps whose indentation is greater than a column.
    fn unroll_indent(&mut self, column: i64) {
        while !self.is_flow() && self.indent > column {
            self.push(TokenKind::BlockEnd, 0);
            self.indent = self.outer_indents.pop().unwrap_or(-1);
        }
    }

    /// Puts a token before the one with a number, or behind all.
    fn insert(&mut self, number: Option<usize>, token: Token<'a>) {
        match number.and_then(|number| number.checked_sub(self.taken)) {
            Some(place) if place <= self.queue.len() => self.queue.insert(place, token),
            _ => self.queue.push_back(token),
        }
    }

    /// Steps over an indicator of so many characters and adds its token.
    fn push(&mut self, kind: TokenKind<'a>, characters: usize) {
        let start = self.cursor.mark;
        self.cursor.skip_many(characters);
        self.queue.push_back(Token { kind, start, end: self.cursor.mark });
    }

    /// Reads on until there is another token.
    fn fetch(&mut self) -> Result<(), Refusal> {
        self.skip_to_token();
        self.unroll_indent(i64::from(self.cursor.mark.column));
        if self.cursor.is_end() {
            return self.fetch_end();
        }
        if self.cursor.mark.column == 0 && self.cursor.byte(0) == b'%' {
            self.reset()?;
            let token = tag::scan_directive(&mut self.cursor)?;
            self.queue.push_back(token);
            return Ok(());
        }
        if self.cursor.is_document_marker() {
            let is_start = self.cursor.byte(0) == b'-';
            self.reset()?;
            self.push(if is_start { TokenKind::DocumentStart } else { TokenKind::DocumentEnd }, 3);
            return Ok(());
        }
        self.fetch_indicator()
    }

    fn fetch_indicator(&mut self) -> Result<(), Refusal> {
        let is_flow = self.is_flow();
        let before_blank = self.cursor.is_blank_or_end(1);
        match self.cursor.byte(0) {
            b'[' => self.fetch_open(TokenKind::FlowSequenceStart),
            b'{' => self.fetch_open(TokenKind::FlowMappingStart),
            b']' => self.fetch_close(TokenKind::FlowSequenceEnd),
            b'}' => self.fetch_close(TokenKind::FlowMappingEnd),
            b',' => {
                self.remove_key()?;
                self.may_be_key = true;
                self.push(TokenKind::FlowEntry, 1);
                Ok(())
            }
            b'-' if before_blank => self.fetch_entry(),
            b'?' if is_flow || before_blank => self.fetch_key(),
            b':' if is_flow || before_blank => self.fetch_value(),
            b'*' | b'&' => self.fetch_word(tag::scan_anchor),
            b'!' => self.fetch_word(tag::scan_tag),
            b'|' | b'>' if !is_flow => {
                self.remove_key()?;
                self.may_be_key = true;
                let token = block::scan(&mut self.cursor, self.indent)?;
                self.queue.push_back(token);
                Ok(())
            }
            b'\'' | b'"' => self.fetch_word(quoted::scan),
            _ => self.fetch_plain(),
        }
    }

    fn fetch_plain(&mut self) -> Result<(), Refusal> {
        let is_plain = match self.cursor.byte(0) {
            b'-' => !self.cursor.is_blank(1),
            b'?' | b':' => !self.is_flow() && !self.cursor.is_blank_or_end(1),
            first => !b",[]{}#&*!|>'\"%@`".contains(&first) && !self.cursor.is_blank_or_end(0),
        };
        if !is_plain {
            return self.cursor.refuse("found character that cannot start any token");
        }
        self.save_key()?;
        let is_flow = self.is_flow();
        let (token, end) = plain::scan(&mut self.cursor, self.indent + 1, is_flow)?;
        self.may_be_key = end.is_at_line;
        self.queue.push_back(token);
        Ok(())
    }

    /// Reads something that may be a key and that no key may follow.
    fn fetch_word(&mut self, scan: fn(&mut Cursor<'a>) -> Result<Token<'a>, Refusal>) -> Result<(), Refusal> {
        self.save_key()?;
        self.may_be_key = false;
        let token = scan(&mut self.cursor)?;
        self.queue.push_back(token);
        Ok(())
    }

    fn fetch_end(&mut self) -> Result<(), Refusal> {
        if self.cursor.mark.column != 0 {
            self.cursor.mark.column = 0;
            self.cursor.mark.line += 1;
        }
        self.reset()?;
        self.push(TokenKind::StreamEnd, 0);
        Ok(())
    }

    /// Ends whatever is open: a document ends here.
    fn reset(&mut self) -> Result<(), Refusal> {
        self.unroll_indent(-1);
        self.remove_key()?;
        self.may_be_key = false;
        Ok(())
    }

    fn fetch_open(&mut self, kind: TokenKind<'a>) -> Result<(), Refusal> {
        self.save_key()?;
        let number = self.taken + self.queue.len();
        self.keys.push(SimpleKey { number, mark: self.cursor.mark, ..SimpleKey::default() });
        if self.keys.len() > MOST_LEVELS {
            return self.cursor.refuse("exceeded max depth of 10000");
        }
        self.may_be_key = true;
        self.push(kind, 1);
        Ok(())
    }

    fn fetch_close(&mut self, kind: TokenKind<'a>) -> Result<(), Refusal> {
        self.remove_key()?;
        if self.is_flow() {
            let number = self.last_key().number;
            self.keys.pop();
            let outer = self.last_key();
            // go-yaml forgets the key that the brackets are, where none stood in them.
            outer.is_awaited = outer.is_awaited && outer.number != number;
        }
        self.may_be_key = false;
        self.push(kind, 1);
        Ok(())
    }

    fn fetch_entry(&mut self) -> Result<(), Refusal> {
        if !self.is_flow() {
            if !self.may_be_key {
                return self.cursor.refuse("block sequence entries are not allowed in this context");
            }
            self.roll_here(TokenKind::BlockSequenceStart)?;
        }
        self.remove_key()?;
        self.may_be_key = true;
        self.push(TokenKind::BlockEntry, 1);
        Ok(())
    }

    fn fetch_key(&mut self) -> Result<(), Refusal> {
        if !self.is_flow() {
            if !self.may_be_key {
                return self.cursor.refuse("mapping keys are not allowed in this context");
            }
            self.roll_here(TokenKind::BlockMappingStart)?;
        }
        self.remove_key()?;
        self.may_be_key = !self.is_flow();
        self.push(TokenKind::Key, 1);
        Ok(())
    }

    fn fetch_value(&mut self) -> Result<(), Refusal> {
        let level = self.keys.len() - 1;
        if self.is_valid(level)? {
            let SimpleKey { number, mark, .. } = self.keys[level];
            self.insert(Some(number), Token { kind: TokenKind::Key, start: mark, end: mark });
            self.roll_indent(i64::from(mark.column), Some(number), TokenKind::BlockMappingStart, mark)?;
            self.keys[level].is_possible = false;
            self.keys[level].is_awaited = false;
            self.may_be_key = false;
        } else {
            if !self.is_flow() {
                if !self.may_be_key {
                    return self.cursor.refuse("mapping values are not allowed in this context");
                }
                self.roll_here(TokenKind::BlockMappingStart)?;
            }
            self.may_be_key = !self.is_flow();
        }
        self.push(TokenKind::Value, 1);
        Ok(())
    }

    fn roll_here(&mut self, kind: TokenKind<'a>) -> Result<(), Refusal> {
        let mark = self.cursor.mark;
        self.roll_indent(i64::from(mark.column), None, kind, mark)
    }

    /// Steps over white space and comments; a tab is white space only where no key may begin.
    fn skip_to_token(&mut self) {
        loop {
            let takes_tabs = self.is_flow() || !self.may_be_key;
            while self.cursor.byte(0) == b' ' || takes_tabs && self.cursor.byte(0) == b'\t' {
                self.cursor.skip();
            }
            self.cursor.skip_comment();
            if !self.cursor.is_break(0) {
                return;
            }
            self.cursor.skip_line();
            if !self.is_flow() {
                self.may_be_key = true;
            }
        }
    }
}

fn refuse_key<T>(key: SimpleKey) -> Result<T, Refusal> {
    Err(Refusal { mark: key.mark, problem: "could not find expected ':'" })
}
