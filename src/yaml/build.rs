//! From the events of one document to its tree: tags, aliases, merge keys, limits.

use std::collections::HashMap;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, Span as Mark, StrInput, StructureStyle, Tag};

use crate::yaml::frame::{Frame, Kind, Weighed};
use crate::yaml::split::{BLANK, Piece};
use crate::yaml::{Fault, FaultKind, Node, Span, Value, scalar};

/// Collections inside each other beyond this are a fault.
pub(crate) const MAX_DEPTH: usize = 100;

/// How many remarks one document gets; what is beyond would say the same.
const MAX_REMARKS: usize = 50;

/// What the documents of one text may still cost together.
#[derive(Debug)]
pub(crate) struct Budget {
    /// What aliases may add: one unit a byte of text, 64 a node.
    aliases: usize,
    /// How many values may be written out.
    values: usize,
}

impl Budget {
    /// The budget of a text of so many bytes: ordinary files have nine or more bytes a value, and what
    /// is read stays at about twenty times the text.
    pub(crate) fn of(bytes: usize) -> Self {
        Self { aliases: (4 << 20) + 4 * bytes, values: 50_000 + bytes / 6 }
    }
}

/// What reading one piece gave.
#[derive(Debug)]
pub(crate) struct Built {
    /// The tree, nothing, or why not.
    pub(crate) root: Result<Option<Node>, Fault>,
    /// One past the last byte that means something, as far as the reader came.
    pub(crate) content_end: usize,
    /// The byte range of the header (`|`, `>-2`, ...) of the block scalar that ends the document.
    pub(crate) last_block: Option<(usize, usize)>,
    /// What is wrong besides.
    pub(crate) remarks: Vec<Fault>,
}

/// Reads one piece of a text; `budget` is what it may still cost.
pub(crate) fn build(text: &str, piece: &Piece, budget: &mut Budget) -> Built {
    let source = &text[piece.start..piece.body_end];
    let options = granit_parser::options! {
        emit_comments: false,
        emit_anchor_events: true,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    let mut builder = Builder {
        piece,
        budget,
        keeps_anchors: source.contains('*'),
        source,
        anchors: HashMap::new(),
        frames: Vec::new(),
        root: None,
        documents: 0,
        content_end: piece.start,
        last_block: None,
        remarks: Vec::new(),
    };
    let outcome = builder.read(Parser::new_from_str_with_options(source, options));
    let last_block = builder.last_block.map(|at| block_header(text, at).unwrap_or((at, at)));
    let keeps_blank = last_block.is_some_and(|(start, end)| text[start..end].contains('+'));
    let content_end = if builder.last_block.is_some() && !keeps_blank {
        trimmed_end(text, builder.content_end)
    } else {
        builder.content_end
    };
    let mut remarks = builder.remarks;
    let root = outcome.and_then(|()| without_duplicates(builder.root, &mut remarks));
    Built { root, content_end, last_block, remarks }
}

/// A map with a key given twice has no value: the first such fault stands for it, the others stay remarks.
fn without_duplicates(root: Option<Node>, remarks: &mut Vec<Fault>) -> Result<Option<Node>, Fault> {
    match remarks.iter().position(|remark| remark.kind == FaultKind::DuplicateKey) {
        Some(at) => Err(remarks.remove(at)),
        None => Ok(root),
    }
}

/// The header of the block scalar whose text begins at a byte: the end of the last written line.
fn block_header(text: &str, at: usize) -> Option<(usize, usize)> {
    let break_before = text[..at].rfind(['\n', '\r'])?;
    let above = text[..break_before].trim_end_matches(BLANK);
    let line = &above[above.rfind(['\n', '\r']).map_or(0, |found| found + 1)..];
    let bare = line.find(" #").map_or(line, |found| &line[..found]).trim_end_matches(BLANK);
    let marks = bare.trim_end_matches(|c: char| c.is_ascii_digit() || "+-".contains(c));
    let from = above.len() - line.len();
    (marks.ends_with(['|', '>'])).then(|| (from + marks.len() - 1, from + bare.len()))
}

/// The end of the last line before a byte that is not blank, with its break.
fn trimmed_end(text: &str, end: usize) -> usize {
    let kept = text[..end].trim_end_matches(BLANK).len();
    text[kept..end].find('\n').map_or(end, |found| kept + found + 1)
}

struct Builder<'a> {
    piece: &'a Piece,
    budget: &'a mut Budget,
    keeps_anchors: bool,
    source: &'a str,
    anchors: HashMap<usize, Weighed>,
    frames: Vec<Frame>,
    root: Option<Node>,
    documents: usize,
    content_end: usize,
    last_block: Option<usize>,
    remarks: Vec<Fault>,
}

impl<'a> Builder<'a> {
    fn read(&mut self, mut parser: Parser<'a, StrInput<'a>>) -> Result<(), Fault> {
        while let Some(next) = parser.next_event() {
            let (event, mark) = next.map_err(|error| self.refused(&error))?;
            self.take(event, mark)?;
        }
        Ok(())
    }

    fn take(&mut self, event: Event<'_>, mark: Mark) -> Result<(), Fault> {
        match event {
            Event::DocumentStart(..) => self.open_document(mark),
            Event::Scalar(text, style, anchor, tag) => self.scalar(&text, style, anchor, tag.as_deref(), mark),
            Event::SequenceStart(style, anchor, _) => self.open(Kind::sequence(), style, anchor, mark),
            Event::MappingStart(style, anchor, _) => self.open(Kind::mapping(), style, anchor, mark),
            Event::SequenceEnd | Event::MappingEnd => self.close(mark),
            Event::Alias(anchor) => self.alias(anchor, mark),
            Event::Anchor(..) => {
                self.reach(self.span(mark));
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn open_document(&mut self, mark: Mark) -> Result<(), Fault> {
        self.documents += 1;
        if self.documents < 2 {
            return Ok(());
        }
        let message = "a second document begins here without a --- line before it";
        Err(fault(self.span(mark), FaultKind::Syntax, message))
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        mark: Mark,
    ) -> Result<(), Fault> {
        let is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        let mut span = self.span(mark);
        if is_block {
            span.end = self.block_end(span);
        }
        let is_bare = style == ScalarStyle::Plain && tag.is_none();
        let is_nothing = is_bare && span.start == span.end && anchor == 0;
        if is_nothing && self.frames.is_empty() {
            return Ok(());
        }
        let text = if is_block { self.without_invented_break(text, span) } else { text };
        let value = match tag {
            None if is_bare => scalar::plain(text).ok_or_else(|| {
                let message = format!("{text} is a number JSON cannot hold");
                fault(span, FaultKind::Number, message)
            })?,
            None => Value::String(text.to_owned()),
            Some(tag) => tagged(tag, text).map_err(|why| fault(span, FaultKind::Tag, why))?,
        };
        if let Some(tag) = mark.tag_span() {
            self.reach(self.span(tag));
        }
        self.reach(span);
        if is_block {
            self.last_block = Some(span.start);
        }
        let is_merge = is_bare && text == "<<";
        let weighed = Weighed::scalar(Node { value, span });
        self.keep(anchor, &weighed, span)?;
        self.push(weighed, is_merge)
    }

    /// A block scalar whose last line has no break ends without one in go-yaml; granit adds it.
    fn without_invented_break<'t>(&self, text: &'t str, span: Span) -> &'t str {
        let is_open_end = span.end == self.piece.body_end && !self.source.ends_with(['\n', '\r']);
        text.strip_suffix('\n').filter(|_| is_open_end).unwrap_or(text)
    }

    /// Where a block scalar ends: granit counts the indentation of the next line to it.
    fn block_end(&self, span: Span) -> usize {
        let source = &self.source[span.start - self.piece.start..span.end - self.piece.start];
        let bare = source.trim_end_matches([' ', '\t']);
        let is_at_line = bare.is_empty() || bare.ends_with(['\n', '\r']);
        if is_at_line { span.start + bare.len() } else { span.end }
    }

    fn open(&mut self, kind: Kind, style: StructureStyle, anchor: usize, mark: Mark) -> Result<(), Fault> {
        let span = self.span(mark);
        if self.frames.len() >= MAX_DEPTH {
            return Err(too_deep(span));
        }
        if let Some(tag) = mark.tag_span() {
            self.reach(self.span(tag));
        }
        let is_flow = style == StructureStyle::Flow;
        self.frames.push(Frame::new(kind, is_flow, anchor, span));
        Ok(())
    }

    fn close(&mut self, mark: Mark) -> Result<(), Fault> {
        let span = self.span(mark);
        let Some(frame) = self.frames.pop() else {
            return Ok(());
        };
        let end = frame.is_flow.then_some(span.end);
        if end.is_some() {
            self.reach(span);
        }
        let (anchor, start) = (frame.anchor, frame.span);
        let weighed = frame.finish(end);
        self.keep(anchor, &weighed, start)?;
        self.push(weighed, false)
    }

    fn alias(&mut self, anchor: usize, mark: Mark) -> Result<(), Fault> {
        let span = self.span(mark);
        self.reach(span);
        let Some(found) = self.anchors.get(&anchor) else {
            let message = "this alias stands inside what it names";
            return Err(fault(span, FaultKind::UnknownAnchor, message));
        };
        if self.frames.len() + found.height > MAX_DEPTH {
            return Err(too_deep(span));
        }
        spend(&mut self.budget.aliases, found.weight, span)?;
        let mut copy = found.clone();
        copy.node.span = span;
        self.push(copy, false)
    }

    /// Remembers an anchored node, if anything in this document may name it.
    fn keep(&mut self, anchor: usize, node: &Weighed, at: Span) -> Result<(), Fault> {
        if anchor == 0 || !self.keeps_anchors {
            return Ok(());
        }
        spend(&mut self.budget.aliases, node.weight, at)?;
        self.anchors.insert(anchor, node.clone());
        Ok(())
    }

    fn push(&mut self, node: Weighed, is_merge: bool) -> Result<(), Fault> {
        self.budget.values = self.budget.values.checked_sub(1).ok_or_else(|| too_dense(node.node.span))?;
        if let Some(frame) = self.frames.last_mut() {
            frame.push(node, is_merge, &mut self.remarks)?;
            self.remarks.truncate(MAX_REMARKS);
            return Ok(());
        }
        self.root = Some(node.node);
        Ok(())
    }

    fn reach(&mut self, span: Span) {
        if span.end > self.content_end && span.end > span.start {
            self.content_end = span.end;
            self.last_block = None;
        }
    }

    fn span(&self, mark: Mark) -> Span {
        let line = u32::try_from(mark.start.line()).unwrap_or(u32::MAX);
        let column = u32::try_from(mark.start.col()).unwrap_or(u32::MAX);
        Span {
            start: self.piece.start + mark.start.byte_offset().unwrap_or_default(),
            end: self.piece.start + mark.end.byte_offset().unwrap_or_default(),
            line: self.piece.line.saturating_add(line).saturating_sub(1),
            column: column.saturating_add(1),
        }
    }

    /// The tab that a line is indented with, if that is what went wrong.
    fn tab(&self, at: Span) -> Option<Fault> {
        let source = self.source;
        let end = source.floor_char_boundary(at.start - self.piece.start);
        let line = source[..end].rfind(['\n', '\r']).map_or(0, |found| found + 1);
        let indent = source[line..].len() - source[line..].trim_start_matches([' ', '\t']).len();
        let tab = source[line..line + indent].find('\t')?;
        let message = "a tab stands in the indentation of this line, where YAML takes only spaces";
        let column = u32::try_from(tab + 1).unwrap_or(u32::MAX);
        Some(fault(Span { column, ..at }, FaultKind::Tab, message))
    }

    fn refused(&self, error: &ScanError) -> Fault {
        let span = self.span(Mark::empty(*error.marker()));
        match error.kind() {
            ErrorKind::RecursionLimitExceeded => too_deep(span),
            ErrorKind::UnknownAnchor => {
                let message = "this alias names an anchor that its document does not define";
                fault(span, FaultKind::UnknownAnchor, message)
            }
            _ => self.tab(span).unwrap_or_else(|| fault(span, FaultKind::Syntax, error.info())),
        }
    }
}

fn too_dense(at: Span) -> Fault {
    fault(at, FaultKind::Values, "the text holds more values than any file of its size in ordinary use")
}

fn tagged(tag: &Tag, text: &str) -> Result<Value, String> {
    match tag.core_suffix() {
        Some(name) => scalar::tagged(name, text),
        None => Ok(Value::String(text.to_owned())),
    }
}

fn spend(budget: &mut usize, weight: usize, at: Span) -> Result<(), Fault> {
    if let Some(left) = budget.checked_sub(weight) {
        *budget = left;
        return Ok(());
    }
    let message = "the aliases of this text multiply beyond any ordinary use";
    Err(fault(at, FaultKind::Aliases, message))
}

fn too_deep(at: Span) -> Fault {
    let message = format!("more than {MAX_DEPTH} lists and maps stand inside each other");
    fault(at, FaultKind::Depth, message)
}

/// A fault at the start of a span.
pub(crate) fn fault(at: Span, kind: FaultKind, message: impl Into<String>) -> Fault {
    Fault { line: at.line, column: at.column, message: message.into(), kind }
}
