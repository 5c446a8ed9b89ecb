//! Node: a YAML value with its place, scalars read as Kubernetes reads them.

pub(crate) mod build;
mod check;
mod frame;
mod go_yaml;
mod granit;
mod node;
mod scalar;
pub(crate) mod split;
mod step;
pub(crate) mod write;

#[cfg(test)]
mod tests;

use std::collections::HashMap;

/// One document of a text.
#[derive(Debug)]
pub struct Parsed {
    /// First byte: of its directives, its head comment or its `---` line.
    pub start: usize,
    /// One past the last byte, with its closing `...` line.
    pub end: usize,
    /// Line of the first byte, from 1.
    pub line: u32,
    /// The first byte of its `---`, if it has one.
    pub marker: Option<usize>,
    /// Whether it opens with `---`.
    pub explicit_start: bool,
    /// One past the last byte of its body: the `...` line, or the end.
    pub body_end: usize,
    /// One past the last byte that means something (not a comment, not a blank line), as far as
    /// it could be read.
    pub content_end: usize,
    /// The byte range of the header (`|`, `>-2`, ...) of the block scalar that ends it, if one
    /// does; empty where that has no line.
    pub last_block: Option<(usize, usize)>,
    /// Its value, nothing for an empty or comment-only document, or why it cannot be read.
    pub root: Result<Option<Node>, Fault>,
    /// What else is wrong with it: every other key given twice, merged keys that are overridden.
    pub remarks: Vec<Fault>,
}

/// How many documents a text of so many bytes may have; ordinary ones have hundreds of bytes.
pub fn most_documents(bytes: usize) -> usize {
    10_000 + bytes / 64
}

/// Reads every document of a text; one broken document does not hide the others.
pub fn read(text: &str) -> Vec<Parsed> {
    let pieces = match split::split(text, most_documents(text.len())) {
        Ok(pieces) => pieces,
        Err(piece) => return vec![too_many(text, &piece)],
    };
    let mut budget = build::Budget::of(text.len());
    pieces.into_iter().map(|piece| parsed(text, &piece, &mut budget)).collect()
}

fn parsed(text: &str, piece: &split::Piece, budget: &mut build::Budget) -> Parsed {
    let built = build::build(text, piece, budget);
    Parsed {
        start: piece.start,
        end: piece.end,
        line: piece.line,
        marker: piece.marker,
        explicit_start: piece.marker.is_some(),
        body_end: piece.body_end,
        content_end: built.content_end,
        last_block: built.last_block,
        root: built.root,
        remarks: built.remarks,
    }
}

/// The whole text as one document that cannot be read.
fn too_many(text: &str, piece: &split::Piece) -> Parsed {
    let at = Span { line: piece.line, column: 1, ..Span::default() };
    let message = format!("has more than {} documents", most_documents(text.len()));
    Parsed {
        start: 0,
        end: text.len(),
        line: 1,
        marker: None,
        explicit_start: false,
        body_end: text.len(),
        content_end: text.len(),
        last_block: None,
        root: Err(build::fault(at, FaultKind::Documents, message)),
        remarks: Vec::new(),
    }
}

/// Reads a text that must be one document; an empty one is null.
///
/// # Errors
/// The first fault, or a second document.
pub fn read_one(text: &str) -> Result<Node, Fault> {
    let mut found: Option<Node> = None;
    for parsed in read(text) {
        let Some(node) = parsed.root? else { continue };
        if found.is_some() {
            let message = "a second document begins here; only one is read";
            return Err(build::fault(node.span, FaultKind::Syntax, message));
        }
        found = Some(node);
    }
    Ok(found.unwrap_or(Node { value: Value::Null, span: Span { line: 1, column: 1, ..Span::default() } }))
}

/// Whether two scalars are the same; a number is a number, whole or not.
pub fn same_scalars(a: &Value, b: &Value) -> bool {
    match (a, b) {
        #[expect(clippy::cast_precision_loss, clippy::float_cmp, reason = "JSON has one number type")]
        (Value::Integer(integer), Value::Float(float)) | (Value::Float(float), Value::Integer(integer)) => {
            **integer as f64 == *float
        }
        (a, b) => a == b,
    }
}

/// Whether two nodes are the same value; the order of maps and the places do not count.
pub fn same(a: &Node, b: &Node) -> bool {
    match (&a.value, &b.value) {
        (Value::Sequence(a), Value::Sequence(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Mapping(a), Value::Mapping(b)) => same_map(a, b),
        (a, b) => same_scalars(a, b),
    }
}

fn same_map(a: &[Entry], b: &[Entry]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let in_order = a.iter().zip(b).all(|(a, b)| a.key.json_key() == b.key.json_key());
    if in_order {
        return a.iter().zip(b).all(|(a, b)| same(&a.value, &b.value));
    }
    let other: HashMap<_, _> = b.iter().map(|e| (e.key.json_key(), &e.value)).collect();
    (a.iter()).all(|e| other.get(&e.key.json_key()).is_some_and(|value| same(&e.value, value)))
}

/// A place in a text: byte range, and line and column of its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Line of the first byte, from 1.
    pub line: u32,
    /// Column of the first byte in characters, from 1.
    pub column: u32,
}

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Where it stands.
    pub span: Span,
}

/// A YAML value after resolution (tags, plain scalars, aliases, merge keys).
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing, `~`, `null`.
    Null,
    /// A boolean, YAML 1.1 spellings included.
    Bool(bool),
    /// An integer of 64 bits, signed or unsigned.
    Integer(Box<i128>),
    /// Any other number.
    Float(f64),
    /// Text.
    String(String),
    /// A list.
    Sequence(Vec<Node>),
    /// A map in the order written.
    Mapping(Vec<Entry>),
}

/// One pair of a map.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: Node,
    /// The value.
    pub value: Node,
}

/// Why a text is not YAML, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// What is wrong, one sentence.
    pub message: String,
    /// What kind of fault it is.
    pub kind: FaultKind,
}

/// The kinds of faults a reader tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// Not YAML.
    Syntax,
    /// The same key twice in one map.
    DuplicateKey,
    /// Aliases that multiply beyond ordinary use.
    Aliases,
    /// Nested deeper than ordinary use.
    Depth,
    /// An alias without its anchor, or across documents.
    UnknownAnchor,
    /// A number JSON cannot hold.
    Number,
    /// More documents in one text than ordinary use has.
    Documents,
    /// More values in one text than ordinary use has.
    Values,
    /// A tab where YAML wants spaces.
    Tab,
    /// A key that JSON cannot hold.
    Key,
    /// A key brought by `<<` that its map, or another merged map, has too.
    Merge,
    /// A tag that its value does not fit.
    Tag,
}
