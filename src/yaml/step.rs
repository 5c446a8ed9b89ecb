//! Step: what a reader of YAML says next, the same for both readers.

use std::borrow::Cow;

use crate::yaml::{Fault, Span};

/// Tags of YAML's own begin so; a step has the rest of their name.
pub(super) const CORE_TAGS: &str = "tag:yaml.org,2002:";

/// The next thing in a document.
#[derive(Debug)]
pub(super) enum Step<'a> {
    /// A document begins.
    Document(Span),
    /// A scalar.
    Scalar(ScalarStep<'a>),
    /// A list or a map begins.
    Open(OpenStep),
    /// The innermost list or map ends; with brackets the span is that of the closing one.
    Close(Span),
    /// An alias, with the number of its anchor.
    Alias(usize, Span),
    /// Text that means something without being a value.
    Reach(Span),
}

/// A scalar as written, without its quotes and escapes.
#[derive(Debug)]
pub(super) struct ScalarStep<'a> {
    /// Its text.
    pub(super) text: Cow<'a, str>,
    /// How it is written.
    pub(super) style: Style,
    /// The number of its anchor, 0 for none.
    pub(super) anchor: usize,
    /// Its tag: the name of one of YAML's own, or something that begins with `!`.
    pub(super) tag: Option<Cow<'a, str>>,
    /// Where it stands; a block scalar begins behind its header.
    pub(super) span: Span,
    /// Where its anchor and tag stand; empty for none.
    pub(super) properties: Span,
}

/// The beginning of a list or map.
#[derive(Debug)]
pub(super) struct OpenStep {
    /// Whether it is a map.
    pub(super) is_map: bool,
    /// Whether it is written with brackets.
    pub(super) is_flow: bool,
    /// The number of its anchor, 0 for none.
    pub(super) anchor: usize,
    /// Where it starts.
    pub(super) span: Span,
    /// Where its anchor and tag stand; empty for none.
    pub(super) properties: Span,
}

/// How a scalar is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// Without quotes.
    Plain,
    /// With one kind of quotes.
    Quoted,
    /// Behind `|` or `>`.
    Block,
}

/// Why there is no next step.
#[derive(Debug)]
pub(super) enum Stop {
    /// The text is no YAML to this reader.
    Refused(Fault),
    /// What is read so far cannot be kept.
    Unusable(Fault),
}

impl Step<'_> {
    /// Whether the other reader said the same.
    pub(super) fn agrees_with(&self, other: &Step<'_>) -> bool {
        match (self, other) {
            (Step::Scalar(a), Step::Scalar(b)) => {
                a.text == b.text
                    && (a.style == Style::Plain) == (b.style == Style::Plain)
                    && (a.anchor == b.anchor && a.tag == b.tag)
            }
            (Step::Open(a), Step::Open(b)) => a.is_map == b.is_map && a.anchor == b.anchor,
            (Step::Close(_), Step::Close(_))
            | (Step::Document(_), Step::Document(_))
            | (Step::Reach(_), Step::Reach(_)) => true,
            (Step::Alias(a, _), Step::Alias(b, _)) => a == b,
            _ => false,
        }
    }
}
