//! From the events of one document to its tree: tags, aliases, merge keys, limits.

use std::collections::HashMap;

use crate::yaml::check::{Check, Verdict};
use crate::yaml::frame::{Frame, Kind, Weighed};
use crate::yaml::go_yaml::{Base, GoYaml};
use crate::yaml::granit::Granit;
use crate::yaml::split::{BLANK, Piece};
use crate::yaml::step::{OpenStep, ScalarStep, Step, Stop, Style};
use crate::yaml::{Fault, FaultKind, Node, Span, Value, scalar};

/// Collections inside each other beyond this are a fault.
pub(crate) const MAX_DEPTH: usize = 100;

/// The number of an anchor that is not there.
pub(super) const NO_ANCHOR: usize = usize::MAX;

/// How many remarks one document gets; what is beyond would say the same.
const MAX_REMARKS: usize = 50;

/// What the documents of one text may still cost together.
#[derive(Debug, Clone, Copy)]
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
///
/// What go-yaml refuses is refused, and where it reads something else its reading counts: Kubernetes
/// reads with it.
pub(crate) fn build(text: &str, piece: &Piece, budget: &mut Budget) -> Built {
    let before = *budget;
    let base = Base { at: piece.text_start, line: piece.text_line };
    let source = &text[piece.text_start..piece.body_end];
    let mut builder = Builder::new(source, piece.text_start, budget);
    let mut check = Check::of(source, base);
    let outcome = builder.read(&mut Granit::new(source, base), &mut check);
    let first = match outcome {
        Err(Stop::Unusable(fault)) if !check.is_different() => return builder.finish(text, Err(fault)),
        Err(Stop::Unusable(_)) => None,
        Err(Stop::Refused(fault)) => Some(fault),
        Ok(()) => match check.verdict(builder.root.as_ref()) {
            Verdict::Same => return builder.finish(text, Ok(())),
            Verdict::Refused(fault) => return builder.finish(text, Err(fault)),
            Verdict::Different => None,
        },
    };
    *budget = before;
    let mut builder = Builder::new(source, piece.text_start, budget);
    match builder.read_again(&mut GoYaml::new(source, base)) {
        Ok(()) => builder.finish(text, Ok(())),
        Err(Stop::Unusable(fault)) => builder.finish(text, Err(fault)),
        Err(Stop::Refused(fault)) => {
            let first = first.filter(|_| fault.kind != FaultKind::Tab);
            builder.finish(text, Err(first.unwrap_or(fault)))
        }
    }
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

struct Builder<'b> {
    budget: &'b mut Budget,
    keeps_anchors: bool,
    anchors: HashMap<usize, Weighed>,
    frames: Vec<Frame>,
    root: Option<Node>,
    documents: usize,
    content_end: usize,
    last_block: Option<usize>,
    remarks: Vec<Fault>,
}

impl<'b> Builder<'b> {
    fn new(source: &str, start: usize, budget: &'b mut Budget) -> Self {
        Self {
            budget,
            keeps_anchors: source.contains('*'),
            anchors: HashMap::new(),
            frames: Vec::new(),
            root: None,
            documents: 0,
            content_end: start,
            last_block: None,
            remarks: Vec::new(),
        }
    }

    fn read<'a>(&mut self, granit: &mut Granit<'a>, check: &mut Check<'a>) -> Result<(), Stop> {
        while let Some(step) = granit.next_step()? {
            check.compare(&step);
            self.take(step).map_err(Stop::Unusable)?;
        }
        Ok(())
    }

    fn read_again(&mut self, go_yaml: &mut GoYaml<'_>) -> Result<(), Stop> {
        while let Some(step) = go_yaml.next_step().map_err(Stop::Refused)? {
            self.take(step).map_err(Stop::Unusable)?;
        }
        Ok(())
    }

    fn finish(self, text: &str, outcome: Result<(), Fault>) -> Built {
        let last_block = self.last_block.map(|at| block_header(text, at).unwrap_or((at, at)));
        let keeps_blank = last_block.is_some_and(|(start, end)| text[start..end].contains('+'));
        let content_end = if self.last_block.is_some() && !keeps_blank {
            trimmed_end(text, self.content_end)
        } else {
            self.content_end
        };
        let mut remarks = self.remarks;
        let root = outcome.and_then(|()| without_duplicates(self.root, &mut remarks));
        Built { root, content_end, last_block, remarks }
    }

    fn take(&mut self, step: Step<'_>) -> Result<(), Fault> {
        match step {
            Step::Document(span) => self.open_document(span),
            Step::Scalar(scalar) => self.scalar(&scalar),
            Step::Open(open) => self.open(&open),
            Step::Close(span) => self.close(span),
            Step::Alias(anchor, span) => self.alias(anchor, span),
            Step::Reach(span) => {
                self.reach(span);
                Ok(())
            }
        }
    }

    fn open_document(&mut self, at: Span) -> Result<(), Fault> {
        self.documents += 1;
        if self.documents < 2 {
            return Ok(());
        }
        let message = "a second document begins here without a --- line before it";
        Err(fault(at, FaultKind::Syntax, message))
    }

    fn scalar(&mut self, step: &ScalarStep<'_>) -> Result<(), Fault> {
        let ScalarStep { text, style, anchor, tag, span, properties } = step;
        let is_bare = *style == Style::Plain && tag.is_none();
        let is_nothing = is_bare && span.start == span.end && *anchor == 0;
        if is_nothing && self.frames.is_empty() {
            return Ok(());
        }
        let value = match tag.as_deref() {
            None if is_bare => scalar::plain(text).ok_or_else(|| {
                let message = format!("{text} is a number JSON cannot hold");
                fault(*span, FaultKind::Number, message)
            })?,
            None => Value::String(text.to_string()),
            Some(tag) => scalar::tagged(tag, text).map_err(|why| fault(*span, FaultKind::Tag, why))?,
        };
        self.reach(*properties);
        self.reach(*span);
        if *style == Style::Block {
            self.last_block = Some(span.start);
        }
        let is_merge = text == "<<" && (is_bare || matches!(tag.as_deref(), Some("merge" | "!")));
        let weighed = Weighed::scalar(Node { value, span: *span });
        self.keep(*anchor, &weighed, *span)?;
        self.push(weighed, is_merge)
    }

    fn open(&mut self, step: &OpenStep) -> Result<(), Fault> {
        if self.frames.len() >= MAX_DEPTH {
            return Err(too_deep(step.span));
        }
        self.reach(step.properties);
        let kind = if step.is_map { Kind::mapping() } else { Kind::sequence() };
        self.frames.push(Frame::new(kind, step.is_flow, step.anchor, step.span));
        Ok(())
    }

    fn close(&mut self, span: Span) -> Result<(), Fault> {
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

    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), Fault> {
        self.reach(span);
        let Some(found) = self.anchors.get(&anchor) else {
            let message = if anchor == NO_ANCHOR {
                "this alias names an anchor that its document does not define"
            } else {
                "this alias stands inside what it names"
            };
            return Err(fault(span, FaultKind::UnknownAnchor, message));
        };
        if self.frames.len() + found.height > MAX_DEPTH {
            return Err(too_deep(span));
        }
        spend(&mut self.budget.aliases, found.weight, span)?;
        let mut copy = found.clone();
        copy.node.span = span;
        copy.is_alias = true;
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
}

fn too_dense(at: Span) -> Fault {
    fault(at, FaultKind::Values, "the text holds more values than any file of its size in ordinary use")
}

fn spend(budget: &mut usize, weight: usize, at: Span) -> Result<(), Fault> {
    if let Some(left) = budget.checked_sub(weight) {
        *budget = left;
        return Ok(());
    }
    let message = "the aliases of this text multiply beyond any ordinary use";
    Err(fault(at, FaultKind::Aliases, message))
}

/// More collections inside each other than ordinary use has.
pub(super) fn too_deep(at: Span) -> Fault {
    let message = format!("more than {MAX_DEPTH} lists and maps stand inside each other");
    fault(at, FaultKind::Depth, message)
}

/// A fault at the start of a span.
pub(crate) fn fault(at: Span, kind: FaultKind, message: impl Into<String>) -> Fault {
    Fault { line: at.line, column: at.column, message: message.into(), kind }
}
