//! Remarks: the findings about a document's text, in words.

use crate::fabric::document::comment::CommentedOut;
use crate::fabric::finding::{Finding, Severity, code};
use crate::text;
use crate::yaml::{Fault, FaultKind};

/// Why a document cannot be read, or is read by some and refused by others.
pub(super) fn fault(path: &str, fault: &Fault) -> Finding {
    let (code, remedy) = match fault.kind {
        FaultKind::Syntax => (code::SYNTAX, "correct the YAML at this place"),
        FaultKind::DuplicateKey => (code::DUPLICATE_KEY, "remove one of the two"),
        FaultKind::Aliases => (code::ALIASES, "write the values out instead of repeating aliases"),
        FaultKind::Depth => (code::DEPTH, "nest less deeply; no resource goes so deep"),
        FaultKind::Documents => (code::DOCUMENTS, "split the file into smaller ones"),
        FaultKind::Values => (code::VALUES, "split the file into smaller ones"),
        FaultKind::UnknownAnchor => (code::UNKNOWN_ANCHOR, "define the anchor before, in the same document"),
        FaultKind::Number => (code::NUMBER, "put it in quotes, or write a number JSON can hold"),
        FaultKind::Tab => (code::TAB, "indent with spaces"),
        FaultKind::Key => (code::KEY, "write a key of text, in quotes if need be"),
        FaultKind::Merge => (code::MERGE, "write the values out, each key once"),
        FaultKind::Tag => (code::TAG, "remove the tag or correct the value"),
    };
    let message = text::quote_line(&fault.message);
    Finding::file(Severity::Error, code, path, message, remedy).at(fault.line, fault.column)
}

/// A document that is a template.
pub(super) fn template(path: &str) -> Finding {
    let message = "this is a template, not a resource: a value is still to be filled in";
    Finding::file(Severity::Error, code::TEMPLATE, path, message, "fill it in before it is ingested")
}

/// A line break that only some readers see.
pub(super) fn line_break(path: &str) -> Finding {
    let message = "holds a Unicode line break (U+0085, U+2028 or U+2029), which Kubernetes reads as a new line";
    let remedy = "remove it, or write it as an escape in a quoted string";
    Finding::file(Severity::Error, code::LINE_BREAK, path, message, remedy)
}

/// A character that no YAML may hold.
pub(super) fn control(path: &str, character: char) -> Finding {
    let message = format!("holds the control character U+{:04X}, which YAML does not allow", u32::from(character));
    Finding::file(Severity::Error, code::SYNTAX, path, message, "remove it, or write it as an escape in double quotes")
}

/// A tag directive, which the managed text needs and `hhfab` refuses.
pub(super) fn tag_directive(path: &str, line: u32) -> Finding {
    let message = "a %TAG directive: hhfab and kubectl refuse files that have one";
    let remedy = "remove the directive and the tags that need it";
    Finding::file(Severity::Error, code::DIRECTIVE, path, message, remedy).at(line, 1)
}

/// A List without items.
pub(super) fn empty_list(path: &str, line: u32) -> Finding {
    let message = "is a List without items";
    Finding::file(Severity::Note, code::EMPTY_LIST, path, message, "nothing to do").at(line, 1)
}

/// A resource that is commented out.
pub(super) fn commented_out(path: &str, found: &CommentedOut) -> Finding {
    let kind = text::clean_line(&found.kind);
    let message = format!("a {kind} is commented out here; it goes into no managed file");
    let remedy = "nothing to do: the raw file keeps it";
    Finding::file(Severity::Note, code::COMMENTED_OUT, path, message, remedy).at(found.line, 1)
}
