//! Node: a YAML value with its place, scalars read as Kubernetes reads them.

mod build;
mod scalar;
mod split;

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
    Integer(i128),
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
}

/// One document of a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// First byte of the document, its directives and `---` line included.
    pub start: usize,
    /// One past its last byte, its `...` line included.
    pub end: usize,
    /// Line of its first byte, from 1.
    pub line: u32,
    /// Whether it begins with a `---` line.
    pub explicit_start: bool,
    /// The value; none for an empty or comment-only document.
    pub root: Result<Option<Node>, Fault>,
}

/// Reads every document of a text; one broken document does not hide the others.
pub fn read(text: &str) -> Vec<Parsed> {
    split::split(text).into_iter().map(|part| parse(text, &part)).collect()
}

fn parse(text: &str, part: &split::Part) -> Parsed {
    let root = build::build(&text[part.start..part.end], part.start, part.line);
    Parsed { start: part.start, end: part.end, line: part.line, explicit_start: part.explicit_start, root }
}

/// Reads a text that must be one document; an empty text is null.
///
/// # Errors
/// The first fault, or a second document.
pub fn read_one(text: &str) -> Result<Node, Fault> {
    let mut found = None;
    for document in read(text) {
        match (document.root?, &found) {
            (None, _) => {}
            (Some(node), None) => found = Some(node),
            (Some(node), Some(_)) => {
                let (line, column) = (node.span.line, node.span.column);
                let message = "a second document, where only one is expected".to_owned();
                return Err(Fault { line, column, message, kind: FaultKind::Syntax });
            }
        }
    }
    Ok(found.unwrap_or(Node { value: Value::Null, span: Span { line: 1, column: 1, ..Span::default() } }))
}

impl Node {
    /// The value of a key, if this is a map that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The pair of a key, if this is a map that has it.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.as_mapping()?.iter().find(|entry| match &entry.key.value {
            Value::String(text) => text == key,
            _ => entry.key.key_text() == key,
        })
    }

    /// The value below several keys.
    pub fn path(&self, keys: &[&str]) -> Option<&Node> {
        keys.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The text, if it is text.
    pub fn as_str(&self) -> Option<&str> {
        if let Value::String(text) = &self.value { Some(text) } else { None }
    }

    /// The boolean, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        if let Value::Bool(value) = self.value { Some(value) } else { None }
    }

    /// The pairs, if it is a map.
    pub fn as_mapping(&self) -> Option<&[Entry]> {
        if let Value::Mapping(entries) = &self.value { Some(entries) } else { None }
    }

    /// The items, if it is a list.
    pub fn as_sequence(&self) -> Option<&[Node]> {
        if let Value::Sequence(items) = &self.value { Some(items) } else { None }
    }

    /// Whether it is null.
    pub fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }

    /// What it is, for a message: `a string`, `a number`, ...
    pub fn type_name(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "a boolean",
            Value::Integer(_) | Value::Float(_) => "a number",
            Value::String(_) => "a string",
            Value::Sequence(_) => "a list",
            Value::Mapping(_) => "a map",
        }
    }

    /// The key as JSON would have it: `1:` and `"1":` are the same key.
    pub fn key_text(&self) -> String {
        match &self.value {
            Value::Null => "null".to_owned(),
            Value::Bool(value) => value.to_string(),
            Value::Integer(value) => value.to_string(),
            Value::Float(value) => value.to_string(),
            Value::String(text) => text.clone(),
            Value::Sequence(_) | Value::Mapping(_) => format!("{:?}", self.value),
        }
    }
}

/// Whether two values are the same: the order of maps, places and comments do not count.
pub fn same(a: &Node, b: &Node) -> bool {
    match (&a.value, &b.value) {
        (Value::Mapping(a), Value::Mapping(b)) => a.len() == b.len() && same_maps(a, b),
        (Value::Sequence(a), Value::Sequence(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (a, b) => same_scalars(a, b),
    }
}

fn same_maps(a: &[Entry], b: &[Entry]) -> bool {
    let has_same_key = |(a, b): (&Entry, &Entry)| a.key.as_str().is_some() && a.key.as_str() == b.key.as_str();
    if a.iter().zip(b).all(has_same_key) {
        return a.iter().zip(b).all(|(a, b)| same(&a.value, &b.value));
    }
    let sorted = |entries: &'_ [Entry]| {
        let mut keys: Vec<(String, usize)> =
            entries.iter().enumerate().map(|(at, entry)| (entry.key.key_text(), at)).collect();
        keys.sort();
        keys
    };
    sorted(a)
        .iter()
        .zip(sorted(b))
        .all(|((key, at), (other, there))| *key == other && same(&a[*at].value, &b[there].value))
}

/// Whether two scalars are the same; a number is a number, whole or not.
pub fn same_scalars(a: &Value, b: &Value) -> bool {
    match (a, b) {
        #[expect(clippy::cast_precision_loss, clippy::float_cmp, reason = "as JSON compares numbers")]
        (Value::Integer(whole), Value::Float(float)) | (Value::Float(float), Value::Integer(whole)) => {
            *whole as f64 == *float
        }
        (a, b) => a == b,
    }
}
