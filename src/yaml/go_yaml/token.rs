//! Token: the words of the grammar, with their places.

use std::borrow::Cow;

use crate::yaml::go_yaml::cursor::Mark;
use crate::yaml::step::Style;

/// A token and where it stands.
#[derive(Debug)]
pub(super) struct Token<'a> {
    /// What it is.
    pub(super) kind: TokenKind<'a>,
    /// Its first byte.
    pub(super) start: Mark,
    /// One past its last byte.
    pub(super) end: Mark,
}

/// What a token is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum TokenKind<'a> {
    /// The end of the text.
    StreamEnd,
    /// `%YAML`, with its two numbers.
    Version(u32, u32),
    /// `%TAG`, with handle and prefix.
    TagDirective(&'a str, String),
    /// `---`.
    DocumentStart,
    /// `...`.
    DocumentEnd,
    /// A list by indentation begins.
    BlockSequenceStart,
    /// A map by indentation begins.
    BlockMappingStart,
    /// A list or map by indentation ends.
    BlockEnd,
    /// `[`.
    FlowSequenceStart,
    /// `]`.
    FlowSequenceEnd,
    /// `{`.
    FlowMappingStart,
    /// `}`.
    FlowMappingEnd,
    /// `-`.
    BlockEntry,
    /// `,`.
    FlowEntry,
    /// `?`, or the place before a simple key.
    Key,
    /// `:`.
    Value,
    /// `*name`.
    Alias(&'a str),
    /// `&name`.
    Anchor(&'a str),
    /// A tag, with handle and suffix.
    Tag(&'a str, String),
    /// A scalar.
    Scalar(Cow<'a, str>, Style),
}
