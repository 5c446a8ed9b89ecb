//! Lists and maps written with brackets.

use crate::yaml::Span;
use crate::yaml::go_yaml::parse::{Found, Parser, State};
use crate::yaml::go_yaml::token::TokenKind;
use crate::yaml::step::{OpenStep, Step};

impl<'a> Parser<'a> {
    pub(super) fn flow_entry(&mut self, is_first: bool) -> Found<'a> {
        if !is_first && !self.is(&[TokenKind::FlowSequenceEnd])? {
            if !self.is(&[TokenKind::FlowEntry])? {
                return self.refuse("did not find expected ',' or ']'");
            }
            self.scanner.take()?;
        }
        match self.kind()? {
            TokenKind::FlowSequenceEnd => self.close(),
            TokenKind::Key => {
                let token = self.scanner.take()?;
                self.state = State::PairKey;
                let span = self.base.span(token.start, token.end.at);
                let properties = Span::default();
                Ok(Some(Step::Open(OpenStep { is_map: true, is_flow: false, anchor: 0, span, properties })))
            }
            _ => {
                self.outer.push(State::FlowEntry { is_first: false });
                self.node(false, false)
            }
        }
    }

    pub(super) fn pair_key(&mut self) -> Found<'a> {
        let without = [TokenKind::Value, TokenKind::FlowEntry, TokenKind::FlowSequenceEnd];
        if self.is(&without)? {
            // As go-yaml does it: the token is gone.
            let at = self.scanner.take()?.end;
            self.state = State::PairValue;
            return Ok(Some(self.empty(at)));
        }
        self.outer.push(State::PairValue);
        self.node(false, false)
    }

    pub(super) fn pair_value(&mut self) -> Found<'a> {
        let at = self.start()?;
        if self.is(&[TokenKind::Value])? {
            self.scanner.take()?;
            let without = [TokenKind::FlowEntry, TokenKind::FlowSequenceEnd];
            return self.node_then(State::PairEnd, &without, at, (false, false));
        }
        self.empty_then(State::PairEnd)
    }

    pub(super) fn flow_key(&mut self, is_first: bool) -> Found<'a> {
        if !is_first && !self.is(&[TokenKind::FlowMappingEnd])? {
            if !self.is(&[TokenKind::FlowEntry])? {
                return self.refuse("did not find expected ',' or '}'");
            }
            self.scanner.take()?;
        }
        match self.kind()? {
            TokenKind::FlowMappingEnd => self.close(),
            TokenKind::Key => {
                self.scanner.take()?;
                let at = self.start()?;
                let without = [TokenKind::Value, TokenKind::FlowEntry, TokenKind::FlowMappingEnd];
                self.node_then(State::FlowValue, &without, at, (false, false))
            }
            _ => {
                self.outer.push(State::FlowEmptyValue);
                self.node(false, false)
            }
        }
    }

    pub(super) fn flow_value(&mut self) -> Found<'a> {
        let next = State::FlowKey { is_first: false };
        if !self.is(&[TokenKind::Value])? {
            return self.empty_then(next);
        }
        self.scanner.take()?;
        let at = self.start()?;
        let without = [TokenKind::FlowEntry, TokenKind::FlowMappingEnd];
        self.node_then(next, &without, at, (false, false))
    }
}
