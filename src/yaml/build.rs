//! Build: parser events to a value tree, with budgets.

use std::collections::{HashMap, HashSet};

use granit_parser::{Event, Parser, ScalarStyle, ScanError, Span as Place, Tag, options};

use super::{Entry, Fault, FaultKind, Node, Span, Value, scalar};

/// Nested deeper than this is no ordinary use.
const MAX_DEPTH: usize = 100;
/// Nodes that aliases may add to a document.
const MAX_ALIASED: usize = 100_000;

/// Builds the value of one document's text; `base` and `line` are where the text begins in its file.
pub(super) fn build(text: &str, base: usize, line: u32) -> Result<Option<Node>, Fault> {
    let options = options! { emit_comments: false, flow_nesting_limit: 200, block_nesting_limit: 200 };
    let parser = Parser::new_from_str_with_options(text, options);
    let mut builder = Builder { parser, base, line, anchors: HashMap::new(), aliased: 0 };
    builder.document()
}

struct Builder<'a> {
    parser: Parser<'a, granit_parser::StrInput<'a>>,
    base: usize,
    line: u32,
    anchors: HashMap<usize, (Node, usize)>,
    aliased: usize,
}

type Next<'a> = (Event<'a>, Place);

impl<'a> Builder<'a> {
    fn document(&mut self) -> Result<Option<Node>, Fault> {
        let mut root = None;
        while let Some(next) = self.parser.next_event() {
            let (event, place) = next.map_err(|error| self.fault(&error))?;
            match event {
                Event::StreamStart | Event::DocumentStart(..) | Event::DocumentEnd | Event::StreamEnd => {}
                event => {
                    let is_plain = matches!(&event, Event::Scalar(_, ScalarStyle::Plain, 0, None));
                    let is_empty = is_plain && place.byte_range().is_none_or(|range| range.is_empty());
                    let node = self.node(event, place, 0)?;
                    root = root.or((!is_empty).then_some(node));
                }
            }
        }
        Ok(root)
    }

    fn next(&mut self) -> Result<Next<'a>, Fault> {
        match self.parser.next_event() {
            Some(next) => next.map_err(|error| self.fault(&error)),
            None => Err(self.at(Span::default(), FaultKind::Syntax, "ends in the middle of a value")),
        }
    }

    fn node(&mut self, event: Event<'a>, place: Place, depth: usize) -> Result<Node, Fault> {
        let mut span = self.span(&place);
        if depth > MAX_DEPTH {
            return Err(self.at(span, FaultKind::Depth, "is nested deeper than 100 levels"));
        }
        let (value, anchor) = match event {
            Event::Alias(id) => return self.alias(id, span),
            Event::Scalar(text, style, anchor, tag) => {
                let value = resolve(&text, style, tag.as_deref())
                    .map_err(|message| self.at(span, FaultKind::Number, &message))?;
                (value, anchor)
            }
            Event::SequenceStart(_, anchor, _) => (self.sequence(&mut span, depth)?, anchor),
            Event::MappingStart(_, anchor, _) => (self.mapping(&mut span, depth)?, anchor),
            _ => return Err(self.at(span, FaultKind::Syntax, "is not a value")),
        };
        let node = Node { value, span };
        if anchor != 0 {
            let size = size(&node);
            self.anchors.insert(anchor, (node.clone(), size));
        }
        Ok(node)
    }

    fn alias(&mut self, id: usize, span: Span) -> Result<Node, Fault> {
        let Some((node, size)) = self.anchors.get(&id) else {
            return Err(self.at(span, FaultKind::UnknownAnchor, "refers to an anchor that is not defined before it"));
        };
        self.aliased += size;
        if self.aliased > MAX_ALIASED {
            return Err(self.at(span, FaultKind::Aliases, "aliases multiply this document beyond any ordinary use"));
        }
        Ok(Node { value: node.value.clone(), span })
    }

    fn sequence(&mut self, span: &mut Span, depth: usize) -> Result<Value, Fault> {
        let mut items = Vec::new();
        loop {
            let (event, place) = self.next()?;
            if matches!(event, Event::SequenceEnd) {
                span.end = self.span(&place).end.max(items.last().map_or(0, |item: &Node| item.span.end));
                return Ok(Value::Sequence(items));
            }
            items.push(self.node(event, place, depth + 1)?);
        }
    }

    fn mapping(&mut self, span: &mut Span, depth: usize) -> Result<Value, Fault> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut keys = Keys::default();
        let mut merged: Vec<Node> = Vec::new();
        loop {
            let (event, place) = self.next()?;
            if matches!(event, Event::MappingEnd) {
                span.end = self.span(&place).end.max(entries.last().map_or(0, |entry| entry.value.span.end));
                break;
            }
            let is_merge = matches!(&event, Event::Scalar(text, ScalarStyle::Plain, _, None) if text == "<<");
            let key = self.node(event, place, depth + 1)?;
            let (event, place) = self.next()?;
            let value = self.node(event, place, depth + 1)?;
            if is_merge {
                merged.push(value);
                continue;
            }
            if let Some(line) = keys.seen(&entries, &key) {
                let message = format!("key {} is here a second time; first in line {line}", key.key_text());
                return Err(self.at(key.span, FaultKind::DuplicateKey, &message));
            }
            entries.push(Entry { key, value });
        }
        if !merged.is_empty() {
            self.merge(&mut entries, merged)?;
        }
        Ok(Value::Mapping(entries))
    }

    fn merge(&self, entries: &mut Vec<Entry>, merged: Vec<Node>) -> Result<(), Fault> {
        let mut known: HashSet<String> = entries.iter().map(|entry| entry.key.key_text()).collect();
        for node in merged {
            let sources = match node.value {
                Value::Sequence(items) => items,
                _ => vec![node],
            };
            for source in sources {
                let span = source.span;
                let Value::Mapping(found) = source.value else {
                    return Err(self.at(span, FaultKind::Syntax, "only maps can be merged with <<"));
                };
                entries.extend(found.into_iter().filter(|entry| known.insert(entry.key.key_text())));
            }
        }
        Ok(())
    }

    fn span(&self, place: &Place) -> Span {
        let range = place.byte_range().unwrap_or_default();
        Span {
            start: self.base + range.start,
            end: self.base + range.end,
            line: self.line + u32::try_from(place.start.line()).unwrap_or(u32::MAX).saturating_sub(1),
            column: u32::try_from(place.start.col()).unwrap_or(u32::MAX).saturating_add(1),
        }
    }

    fn at(&self, span: Span, kind: FaultKind, message: &str) -> Fault {
        let line = if span.line == 0 { self.line } else { span.line };
        Fault { line, column: span.column.max(1), message: message.to_owned(), kind }
    }

    fn fault(&self, error: &ScanError) -> Fault {
        let marker = error.marker();
        let message = error.info();
        let lower = message.to_lowercase();
        let kind = if lower.contains("nest") || lower.contains("recursion") {
            FaultKind::Depth
        } else if lower.contains("anchor") {
            FaultKind::UnknownAnchor
        } else {
            FaultKind::Syntax
        };
        Fault {
            line: self.line + u32::try_from(marker.line()).unwrap_or(u32::MAX).saturating_sub(1),
            column: u32::try_from(marker.col()).unwrap_or(u32::MAX).saturating_add(1),
            message,
            kind,
        }
    }
}

/// The keys of one map: few are compared one by one, many are looked up.
#[derive(Default)]
struct Keys {
    lines: HashMap<String, u32>,
}

impl Keys {
    /// The line of the same key, if the map has it already.
    fn seen(&mut self, entries: &[Entry], key: &Node) -> Option<u32> {
        if entries.len() < 16 {
            let is_same = |entry: &&Entry| match (entry.key.as_str(), key.as_str()) {
                (Some(a), Some(b)) => a == b,
                _ => entry.key.key_text() == key.key_text(),
            };
            return entries.iter().find(is_same).map(|entry| entry.key.span.line);
        }
        if self.lines.is_empty() {
            self.lines = entries.iter().map(|entry| (entry.key.key_text(), entry.key.span.line)).collect();
        }
        self.lines.insert(key.key_text(), key.span.line)
    }
}

fn resolve(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Result<Value, String> {
    match tag.and_then(Tag::core_suffix) {
        Some("str") => Ok(Value::String(text.to_owned())),
        Some("int" | "float") => scalar::number(text).ok_or_else(|| format!("{text} is not a number")),
        Some("bool" | "null") => scalar::resolve(text),
        _ if style == ScalarStyle::Plain => scalar::resolve(text),
        _ => Ok(Value::String(text.to_owned())),
    }
}

fn size(node: &Node) -> usize {
    1 + match &node.value {
        Value::Sequence(items) => items.iter().map(size).sum(),
        Value::Mapping(entries) => entries.iter().map(|entry| 1 + size(&entry.value)).sum(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{FaultKind, read, read_one, same};

    fn fault(text: &str) -> super::Fault {
        read_one(text).unwrap_err()
    }

    #[test]
    fn places_count_from_one_and_in_the_whole_text() {
        let text = "a: 1\n---\n# c\nb:\n  ünï: [x, y]\n";
        let documents = read(text);
        let node = documents[1].root.as_ref().unwrap().as_ref().unwrap();
        let inner = node.path(&["b", "ünï"]).unwrap();
        assert_eq!((inner.span.line, inner.span.column), (5, 8));
        assert_eq!(&text[inner.span.start..inner.span.end], "[x, y]");
    }

    #[test]
    fn duplicate_keys_are_told_with_both_places() {
        let found = fault("a: 1\nb: 2\na: 3\n");
        assert_eq!((found.line, found.column, found.kind), (3, 1, FaultKind::DuplicateKey));
        assert!(found.message.contains("line 1"));
        assert_eq!(fault("1: a\n\"1\": b\n").kind, FaultKind::DuplicateKey);
    }

    #[test]
    fn duplicate_keys_are_found_among_many() {
        let lines: Vec<String> = (0..40).map(|number| format!("k{number}: 1\n")).collect();
        let text = lines.concat();
        assert!(read_one(&text).is_ok());
        assert_eq!(fault(&format!("{text}k3: 2\n")).line, 41);
        assert_eq!(fault(&format!("{text}k39: 2\n")).line, 41);
    }

    #[test]
    fn a_broken_document_does_not_hide_the_others() {
        let documents = read("a: 1\n---\nb: [\n---\nc: 3\n");
        let sound: Vec<bool> = documents.iter().map(|document| document.root.is_ok()).collect();
        assert_eq!(sound, [true, false, true]);
    }

    #[test]
    fn bombs_and_depth_are_refused() {
        let mut bomb = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
        for level in 1..10 {
            let aliases = vec![format!("*a{}", level - 1); 9].join(",");
            bomb = format!("{bomb}a{level}: &a{level} [{aliases}]\n");
        }
        assert_eq!(fault(&bomb).kind, FaultKind::Aliases);
        assert_eq!(fault(&"[".repeat(100_000)).kind, FaultKind::Depth);
        assert_eq!(fault("a: *nowhere\n").kind, FaultKind::UnknownAnchor);
    }

    #[test]
    fn merge_keys_fill_in_and_own_keys_win() {
        let merged = read_one("base: &b {x: 1, y: 2}\nuse: {<<: *b, y: 3}\n").unwrap();
        let plain = read_one("{y: 3, x: 1}").unwrap();
        assert!(same(merged.get("use").unwrap(), &plain));
    }

    #[test]
    fn an_empty_document_has_no_value() {
        let documents = read("---\n---\n# only a comment\n---\na: 1\n");
        let found: Vec<bool> = documents.iter().map(|document| document.root.as_ref().unwrap().is_some()).collect();
        assert_eq!(found, [false, false, true]);
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[-a-z0-9:#&*!|>'\"%@`{}\\[\\], \n\t~<]{0,200}") {
            for document in read(&text) {
                prop_assert!(document.start <= document.end && document.end <= text.len());
            }
        }
    }
}
