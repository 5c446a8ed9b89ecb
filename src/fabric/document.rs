//! One YAML document: its text, its place, its value; splitting a file.

mod comment;
mod compose;
mod decode;
mod list;
mod remark;
mod template;
#[cfg(test)]
mod tests;

use crate::fabric::finding::Finding;
use crate::yaml::{Node, write};

/// A file larger than this many bytes is not read.
pub const MAX_FILE: u64 = 32 << 20;

/// A file, taken apart.
#[derive(Debug, Clone, Default)]
pub struct SourceFile {
    /// Its path, relative to the GitOps directory.
    pub path: String,
    /// Its documents in order, Lists unpacked; none if it could not be read as text.
    pub documents: Vec<Document>,
    /// Findings about the file as a whole: its encoding, resources commented out.
    pub findings: Vec<Finding>,
}

/// One document of a file, or one item of a List in it.
#[derive(Debug, Clone)]
pub struct Document {
    /// The file's path, relative to the GitOps directory.
    pub file: String,
    /// The line where its content begins, from 1.
    pub line: u32,
    /// The text a managed file of it holds: its own, with the comments that belong to it.
    pub text: String,
    /// Its value; none where it cannot be read. Spans count in the file's text without BOM.
    pub value: Option<Node>,
    /// What is wrong with its text, whatever it is.
    pub findings: Vec<Finding>,
    /// What is wrong with its text if it is a resource of Hedgehog's; others may be so.
    pub strict: Vec<Finding>,
    /// Its number in the List it was unpacked from, from 0.
    pub item: Option<usize>,
    /// Whether its text had to be written anew.
    pub rewritten: bool,
    /// Whether it is a template that a program must fill in.
    pub is_template: bool,
}

/// Takes a file apart; never fails, what is wrong becomes findings.
pub fn read(path: &str, bytes: &[u8]) -> SourceFile {
    let mut file = SourceFile { path: path.to_owned(), ..SourceFile::default() };
    match decode::text(path, bytes) {
        Ok(decoded) => {
            let notes = decoded.marked_lines.iter().map(|line| decode::byte_order_mark(path, *line));
            file.findings.extend(notes);
            compose::compose(&mut file, &decoded.text);
        }
        Err(finding) => file.findings.push(finding),
    }
    file
}

/// Writes a value anew in block style, strings quoted where a reader could take them for something else.
pub fn in_block_style(node: &Node) -> String {
    write::write(node)
}
