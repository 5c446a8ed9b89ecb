//! Parser: from tokens to steps, by the states of libyaml's grammar.

mod flow;

use std::borrow::Cow;
use std::collections::HashMap;

use crate::yaml::Span;
use crate::yaml::build::NO_ANCHOR;
use crate::yaml::go_yaml::Base;
use crate::yaml::go_yaml::cursor::{Mark, Refusal};
use crate::yaml::go_yaml::scan::Scanner;
use crate::yaml::go_yaml::token::TokenKind;
use crate::yaml::step::{CORE_TAGS, OpenStep, ScalarStep, Step, Style};

/// What is expected next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    FirstDocument,
    DocumentContent,
    DocumentEnd,
    BlockNode,
    BlockSequenceEntry,
    IndentlessEntry,
    BlockKey,
    BlockValue,
    FlowEntry { is_first: bool },
    PairKey,
    PairValue,
    PairEnd,
    FlowKey { is_first: bool },
    FlowValue,
    FlowEmptyValue,
    End,
}

/// The anchor and tag of a node.
#[derive(Debug, Default)]
struct Properties<'a> {
    anchor: usize,
    tag: Option<Cow<'a, str>>,
    span: Span,
}

/// Gives the steps of a text.
#[derive(Debug)]
pub(super) struct Parser<'a> {
    scanner: Scanner<'a>,
    base: Base,
    state: State,
    outer: Vec<State>,
    handles: Vec<(Cow<'a, str>, String)>,
    anchors: HashMap<&'a str, usize>,
    anchor_count: usize,
    is_checked: bool,
}

type Found<'a> = Result<Option<Step<'a>>, Refusal>;

impl<'a> Parser<'a> {
    /// Stands at the beginning of a text.
    pub(super) fn new(text: &'a str, base: Base) -> Self {
        Self {
            scanner: Scanner::new(text),
            base,
            state: State::FirstDocument,
            outer: Vec::new(),
            handles: Vec::new(),
            anchors: HashMap::new(),
            anchor_count: 0,
            is_checked: false,
        }
    }

    /// The next step, nothing at the end.
    pub(super) fn next_step(&mut self) -> Found<'a> {
        if !self.is_checked {
            self.scanner.check_characters()?;
            self.is_checked = true;
        }
        match self.state {
            State::FirstDocument => self.document_start(true),
            State::DocumentContent => self.document_content(),
            State::DocumentEnd => self.document_end(),
            State::BlockNode => self.node(true, false),
            State::BlockSequenceEntry => self.block_entry(),
            State::IndentlessEntry => self.indentless_entry(),
            State::BlockKey => self.block_key(),
            State::BlockValue => self.block_value(),
            State::FlowEntry { is_first } => self.flow_entry(is_first),
            State::PairKey => self.pair_key(),
            State::PairValue => self.pair_value(),
            State::PairEnd => {
                self.state = State::FlowEntry { is_first: false };
                let here = self.start()?;
                Ok(Some(Step::Close(self.base.span(here, here.at))))
            }
            State::FlowKey { is_first } => self.flow_key(is_first),
            State::FlowValue => self.flow_value(),
            State::FlowEmptyValue => self.empty_then(State::FlowKey { is_first: false }),
            State::End => Ok(None),
        }
    }

    fn kind(&mut self) -> Result<&TokenKind<'a>, Refusal> {
        Ok(&self.scanner.peek()?.kind)
    }

    fn is(&mut self, kinds: &[TokenKind<'a>]) -> Result<bool, Refusal> {
        let found = self.kind()?;
        Ok(kinds.contains(found))
    }

    fn start(&mut self) -> Result<Mark, Refusal> {
        Ok(self.scanner.peek()?.start)
    }

    fn refuse(&mut self, problem: &'static str) -> Found<'a> {
        Err(Refusal { mark: self.start()?, problem })
    }

    fn leave(&mut self) {
        self.state = self.outer.pop().unwrap_or(State::End);
    }

    /// Takes the token that closes a collection.
    fn close(&mut self) -> Found<'a> {
        self.leave();
        let token = self.scanner.take()?;
        Ok(Some(Step::Close(self.base.span(token.start, token.end.at))))
    }

    fn empty(&self, at: Mark) -> Step<'a> {
        let span = self.base.span(at, at.at);
        let (text, style, properties) = (Cow::Borrowed(""), Style::Plain, Span::default());
        Step::Scalar(ScalarStep { text, style, anchor: 0, tag: None, span, properties })
    }

    fn empty_then(&mut self, state: State) -> Found<'a> {
        let at = self.start()?;
        self.state = state;
        Ok(Some(self.empty(at)))
    }

    /// Reads a node that `state` follows, or nothing where one of these tokens stands.
    fn node_then(&mut self, state: State, without: &[TokenKind<'a>], at: Mark, is_block: (bool, bool)) -> Found<'a> {
        if self.is(without)? {
            self.state = state;
            return Ok(Some(self.empty(at)));
        }
        self.outer.push(state);
        self.node(is_block.0, is_block.1)
    }

    fn document_start(&mut self, is_first: bool) -> Found<'a> {
        while !is_first && self.is(&[TokenKind::DocumentEnd])? {
            self.scanner.take()?;
        }
        let here = self.start()?;
        match self.kind()? {
            TokenKind::StreamEnd => {
                self.state = State::End;
                return Ok(None);
            }
            TokenKind::Version(..) | TokenKind::TagDirective(..) | TokenKind::DocumentStart => {}
            _ if is_first => {
                self.directives()?;
                self.outer.push(State::DocumentEnd);
                self.state = State::BlockNode;
                return Ok(Some(Step::Document(self.base.span(here, here.at))));
            }
            _ => {}
        }
        self.directives()?;
        if !self.is(&[TokenKind::DocumentStart])? {
            return self.refuse("did not find expected <document start>");
        }
        self.scanner.take()?;
        self.outer.push(State::DocumentEnd);
        self.state = State::DocumentContent;
        Ok(Some(Step::Document(self.base.span(here, here.at))))
    }

    fn document_content(&mut self) -> Found<'a> {
        let here = self.start()?;
        let is_empty = matches!(
            self.kind()?,
            TokenKind::Version(..)
                | TokenKind::TagDirective(..)
                | TokenKind::DocumentStart
                | TokenKind::DocumentEnd
                | TokenKind::StreamEnd
        );
        if is_empty {
            self.leave();
            return Ok(Some(self.empty(here)));
        }
        self.node(true, false)
    }

    fn document_end(&mut self) -> Found<'a> {
        if self.is(&[TokenKind::DocumentEnd])? {
            self.scanner.take()?;
        }
        self.handles.clear();
        self.anchors.clear();
        self.document_start(false)
    }

    fn directives(&mut self) -> Result<(), Refusal> {
        let mut has_version = false;
        loop {
            let here = self.start()?;
            let refuse = |problem| Err(Refusal { mark: here, problem });
            match self.kind()? {
                TokenKind::Version(..) if has_version => return refuse("found duplicate %YAML directive"),
                TokenKind::Version(1, 1) => has_version = true,
                TokenKind::Version(..) => return refuse("found incompatible YAML document (only %YAML 1.1 is read)"),
                TokenKind::TagDirective(handle, prefix) => {
                    let (handle, prefix) = (*handle, prefix.clone());
                    if self.handles.iter().any(|(known, _)| known == handle) {
                        return refuse("found duplicate %TAG directive");
                    }
                    self.handles.push((Cow::Borrowed(handle), prefix));
                }
                _ => break,
            }
            self.scanner.take()?;
        }
        for (handle, prefix) in [("!", "!"), ("!!", CORE_TAGS)] {
            if !self.handles.iter().any(|(known, _)| known == handle) {
                self.handles.push((Cow::Borrowed(handle), prefix.to_owned()));
            }
        }
        Ok(())
    }

    fn node(&mut self, is_block: bool, may_be_indentless: bool) -> Found<'a> {
        let before = self.start()?;
        if let TokenKind::Alias(name) = *self.kind()? {
            self.leave();
            let token = self.scanner.take()?;
            let span = self.base.span(token.start, token.end.at);
            let anchor = self.anchors.get(name).copied().unwrap_or(NO_ANCHOR);
            return Ok(Some(Step::Alias(anchor, span)));
        }
        let properties = self.properties()?;
        let Properties { anchor, tag, span } = properties;
        let here = self.scanner.peek()?;
        let at = self.base.span(here.start, here.end.at);
        let mut open = OpenStep { is_map: false, is_flow: false, anchor, span: at, properties: span };
        match &here.kind {
            TokenKind::BlockEntry if may_be_indentless => self.state = State::IndentlessEntry,
            TokenKind::Scalar(..) => {
                self.leave();
                return self.scalar(Properties { anchor, tag, span });
            }
            TokenKind::FlowSequenceStart => {
                open.is_flow = true;
                self.state = State::FlowEntry { is_first: true };
            }
            TokenKind::FlowMappingStart => {
                (open.is_flow, open.is_map) = (true, true);
                self.state = State::FlowKey { is_first: true };
            }
            TokenKind::BlockSequenceStart if is_block => {
                self.scanner.take()?;
                self.state = State::BlockSequenceEntry;
            }
            TokenKind::BlockMappingStart if is_block => {
                self.scanner.take()?;
                open.is_map = true;
                self.state = State::BlockKey;
            }
            _ if anchor > 0 || tag.is_some() => {
                self.leave();
                let span_after = Span { start: span.end, end: span.end, ..span };
                let text = Cow::Borrowed("");
                let scalar = ScalarStep { text, style: Style::Plain, anchor, tag, span: span_after, properties: span };
                return Ok(Some(Step::Scalar(scalar)));
            }
            _ => return Err(Refusal { mark: before, problem: "did not find expected node content" }),
        }
        if open.is_flow {
            self.scanner.take()?;
        }
        Ok(Some(Step::Open(open)))
    }

    fn scalar(&mut self, properties: Properties<'a>) -> Found<'a> {
        let token = self.scanner.take()?;
        let Properties { anchor, tag, span: properties } = properties;
        let span = self.base.span(token.start, token.end.at);
        let TokenKind::Scalar(text, style) = token.kind else {
            return Err(Refusal { mark: token.start, problem: "did not find expected node content" });
        };
        Ok(Some(Step::Scalar(ScalarStep { text, style, anchor, tag, span, properties })))
    }

    /// Reads an anchor, a tag, or both.
    fn properties(&mut self) -> Result<Properties<'a>, Refusal> {
        let mut found = Properties::default();
        let first = self.start()?;
        loop {
            let here = self.start()?;
            match self.kind()? {
                TokenKind::Anchor(name) if found.anchor == 0 => {
                    let name = *name;
                    self.anchor_count += 1;
                    found.anchor = self.anchor_count;
                    self.anchors.insert(name, found.anchor);
                }
                TokenKind::Tag(handle, suffix) if found.tag.is_none() => {
                    let (handle, suffix) = (*handle, suffix.clone());
                    let Some(tag) = self.resolved_tag(handle, &suffix) else {
                        return Err(Refusal { mark: here, problem: "found undefined tag handle" });
                    };
                    found.tag = Some(tag);
                }
                _ => return Ok(found),
            }
            let end = self.scanner.take()?.end;
            found.span = self.base.span(first, end.at);
        }
    }

    /// A tag as a step has it: the name of one of YAML's own, or something with `!`.
    fn resolved_tag(&self, handle: &str, suffix: &str) -> Option<Cow<'a, str>> {
        let prefix = match handle {
            "" => "",
            _ => self.handles.iter().find(|(known, _)| known == handle).map(|(_, prefix)| prefix.as_str())?,
        };
        let whole = format!("{prefix}{suffix}");
        Some(match whole.strip_prefix(CORE_TAGS) {
            Some(name) => Cow::Owned(name.to_owned()),
            None if whole == "!" => Cow::Borrowed("!"),
            None => Cow::Borrowed("!local"),
        })
    }

    fn block_entry(&mut self) -> Found<'a> {
        match self.kind()? {
            TokenKind::BlockEntry => {
                let at = self.scanner.take()?.end;
                let without = [TokenKind::BlockEntry, TokenKind::BlockEnd];
                self.node_then(State::BlockSequenceEntry, &without, at, (true, false))
            }
            TokenKind::BlockEnd => self.close(),
            _ => self.refuse("did not find expected '-' indicator"),
        }
    }

    fn indentless_entry(&mut self) -> Found<'a> {
        if self.is(&[TokenKind::BlockEntry])? {
            let at = self.scanner.take()?.end;
            let without = [TokenKind::BlockEntry, TokenKind::Key, TokenKind::Value, TokenKind::BlockEnd];
            return self.node_then(State::IndentlessEntry, &without, at, (true, false));
        }
        self.leave();
        let here = self.start()?;
        Ok(Some(Step::Close(self.base.span(here, here.at))))
    }

    fn block_key(&mut self) -> Found<'a> {
        match self.kind()? {
            TokenKind::Key => {
                let at = self.scanner.take()?.end;
                let without = [TokenKind::Key, TokenKind::Value, TokenKind::BlockEnd];
                self.node_then(State::BlockValue, &without, at, (true, true))
            }
            TokenKind::BlockEnd => self.close(),
            _ => self.refuse("did not find expected key"),
        }
    }

    fn block_value(&mut self) -> Found<'a> {
        if !self.is(&[TokenKind::Value])? {
            return self.empty_then(State::BlockKey);
        }
        let at = self.scanner.take()?.end;
        let without = [TokenKind::Key, TokenKind::Value, TokenKind::BlockEnd];
        self.node_then(State::BlockKey, &without, at, (true, true))
    }
}
