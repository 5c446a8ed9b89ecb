//! The second reader: YAML as go-yaml v2 takes it, the library that Kubernetes reads its files with.
//!
//! It follows libyaml's scanner and parser (see `LICENSE` beside its files) as go-yaml v2 has them, so
//! that a text is refused here exactly where Kubernetes refuses it. No crate does that: those made of
//! libyaml are one of its later releases, which reads more (`\/`, `a?b` in brackets, `%YAML 1.2`).

mod block;
mod cursor;
mod parse;
mod plain;
mod quoted;
mod scan;
mod tag;
mod token;

#[cfg(test)]
mod tests;

use crate::yaml::build::fault;
use crate::yaml::step::Step;
use crate::yaml::{Fault, FaultKind, Span};
use cursor::{Mark, Refusal};

/// What go-yaml says of one document's text, step by step.
pub(super) struct GoYaml<'a> {
    parser: parse::Parser<'a>,
    source: &'a str,
    base: Base,
}

/// Where the text begins in the file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Base {
    /// Its first byte.
    pub(super) at: usize,
    /// The line of that byte, from 1.
    pub(super) line: u32,
}

impl Base {
    /// A place in the text as a span of the file.
    fn span(self, start: Mark, end: usize) -> Span {
        Span {
            start: self.at + start.at,
            end: self.at + end,
            line: self.line.saturating_add(start.line),
            column: start.column.saturating_add(1),
        }
    }
}

impl<'a> GoYaml<'a> {
    /// Reads a text that begins at `base` in its file.
    pub(super) fn new(source: &'a str, base: Base) -> Self {
        Self { parser: parse::Parser::new(source, base), source, base }
    }

    /// The next step, nothing at the end.
    pub(super) fn next_step(&mut self) -> Result<Option<Step<'a>>, Fault> {
        self.parser.next_step().map_err(|refusal| self.refused(&refusal))
    }

    fn refused(&self, refusal: &Refusal) -> Fault {
        let span = self.base.span(refusal.mark, refusal.mark.at);
        if let Some(tab) = tab_of_line(self.source, refusal.mark.at) {
            let message = "a tab stands in the indentation of this line, where YAML takes only spaces";
            let column = u32::try_from(tab + 1).unwrap_or(u32::MAX);
            return fault(Span { column, ..span }, FaultKind::Tab, message);
        }
        let message = format!("Kubernetes cannot read this: {}", refusal.problem);
        fault(span, FaultKind::Syntax, message)
    }
}

/// The place of the first tab among the white space that begins the line of a byte.
pub(super) fn tab_of_line(source: &str, at: usize) -> Option<usize> {
    let end = source.floor_char_boundary(at);
    let line = source[..end].rfind(['\n', '\r']).map_or(0, |found| found + 1);
    let indent = source[line..].len() - source[line..].trim_start_matches([' ', '\t']).len();
    source[line..line + indent].find('\t')
}
