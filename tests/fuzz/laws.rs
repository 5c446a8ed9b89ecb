//! The laws of reading: what holds for any bytes whatever.

use hedgerow::fabric::document::{self, Document};
use hedgerow::fabric::{loader, noise, resource, secret};
use hedgerow::yaml::{self, Node, Value};

/// Reads the bytes as a raw file and as a managed one; panics where a law is broken.
pub(crate) fn hold(bytes: &[u8]) {
    let _ = secret::find("raw/x.yaml", bytes);
    let text = String::from_utf8_lossy(bytes);
    pieces_cover_the_text(&text);
    let _ = loader::check("x.yaml", &text, hedgerow::fabric::finding::Severity::Warning);
    let lines = text.split(['\n', '\r']).count();
    let file = document::read("raw/x.yaml", bytes);
    let of_documents = file.documents.iter().flat_map(|document| document.findings.iter().chain(&document.strict));
    for finding in file.findings.iter().chain(of_documents) {
        assert!(finding.line.unwrap_or(1) as usize <= lines + 1, "{finding:?}");
    }
    for document in &file.documents {
        let _ = resource::classify(document);
        a_managed_text_means_its_document(document);
    }
}

fn pieces_cover_the_text(text: &str) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut at = 0;
    for parsed in yaml::read(text) {
        assert_eq!(parsed.start, at);
        assert!(parsed.end >= parsed.body_end && parsed.content_end <= text.len());
        assert!(text.is_char_boundary(parsed.content_end));
        at = parsed.end;
        match &parsed.root {
            Ok(Some(root)) => places_are_in_the_text(text, root, parsed.start, parsed.end),
            Ok(None) => {}
            Err(fault) => assert!(fault.line > 0 && fault.column > 0, "{fault:?}"),
        }
    }
    assert_eq!(at, text.len());
}

fn places_are_in_the_text(text: &str, node: &Node, start: usize, end: usize) {
    let span = node.span;
    assert!(span.start >= start && span.start <= span.end && span.end <= end, "{span:?} not in {start}..{end}");
    assert!(text.get(span.start..span.end).is_some(), "{span:?} cuts a character");
    match &node.value {
        Value::Sequence(items) => items.iter().for_each(|item| places_are_in_the_text(text, item, start, end)),
        Value::Mapping(entries) => {
            for entry in entries {
                places_are_in_the_text(text, &entry.key, start, end);
                places_are_in_the_text(text, &entry.value, start, end);
            }
        }
        _ => {}
    }
}

fn a_managed_text_means_its_document(document: &Document) {
    let text = &document.text;
    assert!(text.ends_with('\n') && !text.contains('\r') && !text.starts_with('\u{feff}'), "{text:?}");
    let Some(value) = &document.value else { return };
    let again = yaml::read_one(text);
    assert!(again.as_ref().is_ok_and(|again| yaml::same(again, value)), "{text:?}\n{again:?}\n{value:?}");
    let file = document::read("managed/x.yaml", text.as_bytes());
    let is_list = value.get("kind").and_then(Node::as_str).is_some_and(|kind| kind.ends_with("List"));
    assert!(is_list || file.documents.len() == 1, "{text:?}");
    assert!(is_list || file.documents[0].text == *text, "{text:?}\n{:?}", file.documents[0].text);
    for keeps in [false, true] {
        let (quiet, removed) = noise::remove(text, keeps);
        assert!(!removed.is_empty() || quiet == *text);
        let read = yaml::read_one(&quiet);
        assert!(read.is_ok_and(|read| resource::same_meaning(&read, value)), "{text:?}\n{quiet:?}");
    }
}
