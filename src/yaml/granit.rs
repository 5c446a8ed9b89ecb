//! The first reader: the events of granit-parser, with byte ranges for everything.

use std::borrow::Cow;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, Span as Mark, StrInput, StructureStyle, Tag};

use crate::yaml::build::{MAX_DEPTH, fault, too_deep};
use crate::yaml::go_yaml::{Base, tab_of_line};
use crate::yaml::step::{CORE_TAGS, OpenStep, ScalarStep, Step, Stop, Style};
use crate::yaml::{Fault, FaultKind, Span};

/// What granit says of one document's text, step by step.
pub(super) struct Granit<'a> {
    parser: Parser<'a, StrInput<'a>>,
    source: &'a str,
    base: Base,
}

impl<'a> Granit<'a> {
    /// Reads a text that begins at `base` in its file.
    pub(super) fn new(source: &'a str, base: Base) -> Self {
        let options = granit_parser::options! {
            emit_comments: false,
            emit_anchor_events: true,
            flow_nesting_limit: MAX_DEPTH,
            block_nesting_limit: MAX_DEPTH,
        };
        Self { parser: Parser::new_from_str_with_options(source, options), source, base }
    }

    /// The next step, nothing at the end.
    pub(super) fn next_step(&mut self) -> Result<Option<Step<'a>>, Stop> {
        while let Some(next) = self.parser.next_event() {
            let (event, mark) = next.map_err(|error| self.refused(&error))?;
            if let Some(step) = self.step(event, mark) {
                return Ok(Some(step));
            }
        }
        Ok(None)
    }

    fn step(&self, event: Event<'a>, mark: Mark) -> Option<Step<'a>> {
        let span = self.span(mark);
        let properties = mark.tag_span().map_or_else(Span::default, |tag| self.span(tag));
        let open = |is_map, style, anchor| {
            let is_flow = style == StructureStyle::Flow;
            Some(Step::Open(OpenStep { is_map, is_flow, anchor, span, properties }))
        };
        match event {
            Event::DocumentStart(..) => Some(Step::Document(span)),
            Event::Scalar(text, style, anchor, tag) => {
                let scalar = self.scalar(text, style, span);
                Some(Step::Scalar(ScalarStep { anchor, tag: tag.map(|tag| tag_name(&tag)), properties, ..scalar }))
            }
            Event::SequenceStart(style, anchor, _) => open(false, style, anchor),
            Event::MappingStart(style, anchor, _) => open(true, style, anchor),
            Event::SequenceEnd | Event::MappingEnd => Some(Step::Close(span)),
            Event::Alias(anchor) => Some(Step::Alias(anchor, span)),
            Event::Anchor(..) => Some(Step::Reach(span)),
            _ => None,
        }
    }

    fn scalar(&self, text: Cow<'a, str>, style: ScalarStyle, span: Span) -> ScalarStep<'a> {
        let (anchor, tag, properties) = (0, None, Span::default());
        match style {
            ScalarStyle::Plain => {
                // Where nothing stands granit says `~`.
                let text = if span.start == span.end { Cow::Borrowed("") } else { text };
                ScalarStep { text, style: Style::Plain, anchor, tag, span, properties }
            }
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let span = Span { end: self.block_end(span), ..span };
                let text = self.without_invented_break(text, span);
                ScalarStep { text, style: Style::Block, anchor, tag, span, properties }
            }
            _ => ScalarStep { text, style: Style::Quoted, anchor, tag, span, properties },
        }
    }

    /// A block scalar whose last line has no break ends without one in go-yaml; granit adds it.
    fn without_invented_break(&self, text: Cow<'a, str>, span: Span) -> Cow<'a, str> {
        let end = self.base.at + self.source.len();
        let is_open_end = span.end == end && !self.source.ends_with(['\n', '\r']);
        match text.strip_suffix('\n').filter(|_| is_open_end) {
            Some(bare) => Cow::Owned(bare.to_owned()),
            None => text,
        }
    }

    /// Where a block scalar ends: granit counts the indentation of the next line to it.
    fn block_end(&self, span: Span) -> usize {
        let source = &self.source[span.start - self.base.at..span.end - self.base.at];
        let bare = source.trim_end_matches([' ', '\t']);
        let is_at_line = bare.is_empty() || bare.ends_with(['\n', '\r']);
        if is_at_line { span.start + bare.len() } else { span.end }
    }

    fn span(&self, mark: Mark) -> Span {
        let line = u32::try_from(mark.start.line()).unwrap_or(u32::MAX);
        let column = u32::try_from(mark.start.col()).unwrap_or(u32::MAX);
        Span {
            start: self.base.at + mark.start.byte_offset().unwrap_or_default(),
            end: self.base.at + mark.end.byte_offset().unwrap_or_default(),
            line: self.base.line.saturating_add(line).saturating_sub(1),
            column: column.saturating_add(1),
        }
    }

    fn refused(&self, error: &ScanError) -> Stop {
        let span = self.span(Mark::empty(*error.marker()));
        match error.kind() {
            ErrorKind::RecursionLimitExceeded => Stop::Unusable(too_deep(span)),
            ErrorKind::UnknownAnchor => {
                let message = "this alias names an anchor that its document does not define";
                Stop::Refused(fault(span, FaultKind::UnknownAnchor, message))
            }
            _ => Stop::Refused(self.tab(span).unwrap_or_else(|| fault(span, FaultKind::Syntax, error.info()))),
        }
    }

    /// The tab that a line is indented with, if that is what went wrong.
    fn tab(&self, at: Span) -> Option<Fault> {
        let tab = tab_of_line(self.source, at.start - self.base.at)?;
        let message = "a tab stands in the indentation of this line, where YAML takes only spaces";
        let column = u32::try_from(tab + 1).unwrap_or(u32::MAX);
        Some(fault(Span { column, ..at }, FaultKind::Tab, message))
    }
}

/// A tag as a step has it: the name of one of YAML's own, or something with `!`.
fn tag_name<'a>(tag: &Tag) -> Cow<'a, str> {
    match tag.suffix_in_namespace(CORE_TAGS) {
        Some(name) => Cow::Owned(name.into_owned()),
        None if tag.parts() == ("", "!") || tag.parts() == ("!", "") => Cow::Borrowed("!"),
        None => Cow::Borrowed("!local"),
    }
}
