//! Names of files: those that are left out, and those that some file system takes for one and the same.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;

use crate::fabric::finding::{Finding, Severity};
use crate::fabric::layout;
use crate::fabric::snapshot::{Content, Snapshot};

/// Bytes that the name of one file or folder has at most on any common file system.
pub const LONGEST: usize = 255;

/// Whether a path is only shown and never written: a name in it is not UTF-8 text or holds a backslash.
/// Whoever looks quotes such names as Git does, so that no other path holds a backslash.
pub fn is_odd(path: &str) -> bool {
    path.contains('\\')
}

/// The one spelling of all paths that a file system without case, or with normal forms, takes for the same.
pub fn folded(path: &str) -> String {
    if path.is_ascii() {
        return path.to_ascii_lowercase();
    }
    path.nfc().collect::<String>().to_lowercase().nfc().collect()
}

/// The paths of a directory by their folded spelling.
#[derive(Debug, Default)]
pub struct Taken(HashMap<String, String>);

impl Taken {
    /// Every path that is there.
    pub fn of(snapshot: &Snapshot) -> Self {
        let there = snapshot.files.iter().filter(|(_, file)| !matches!(file.content, Content::Deleted));
        Self(there.map(|(path, _)| (folded(path), path.clone())).collect())
    }

    /// Another path that the same file would have somewhere.
    pub fn other(&self, path: &str) -> Option<&str> {
        self.0.get(&folded(path)).map(String::as_str).filter(|other| *other != path)
    }

    /// Takes a path.
    pub fn take(&mut self, path: &str) {
        self.0.insert(folded(path), path.to_owned());
    }
}

/// The error that two paths are one on some file systems.
pub(crate) fn clash(path: &str, other: &str) -> Finding {
    let other = crate::text::clean_line(other);
    let message = format!("differs from {other} only in upper and lower case, or in how its letters are composed");
    let remedy = "rename one of them: some file systems hold only one";
    Finding::file(Severity::Error, "HH-LY6", path, message, remedy)
}

/// The clashes among the paths of a directory that some predicate means, each told at the later one.
pub(crate) fn clashes(snapshot: &Snapshot, is_meant: impl Fn(&str) -> bool) -> Vec<Finding> {
    let mut taken = Taken::default();
    let mut findings = Vec::new();
    let there = snapshot.files.iter().filter(|(_, file)| !matches!(file.content, Content::Deleted));
    for path in there.map(|(path, _)| path).filter(|path| is_meant(path)) {
        findings.extend(taken.other(path).map(|other| clash(path, other)));
        taken.take(path);
    }
    findings
}

/// Why a name is left out.
pub const WHY_ODD: &str = "its name is not UTF-8 text, or holds a backslash";

/// The error about a file whose name is left out.
pub(crate) fn odd(path: &str) -> Finding {
    let code = if layout::is_raw(path) { "HH-RW4" } else { "HH-LY5" };
    let message = "has a name that is not UTF-8 text or holds a backslash, so it is left out";
    Finding::file(Severity::Error, code, path, message, "rename it (`git mv`); plain letters are read everywhere")
}

#[cfg(test)]
mod tests {
    use super::{folded, is_odd};

    #[test]
    fn case_and_composition_make_no_difference() {
        for (one, other) in [("raw/Web.yaml", "raw/web.YAML"), ("caf\u{e9}", "cafe\u{301}"), ("\u{c9}", "e\u{301}")] {
            assert_eq!(folded(one), folded(other), "{one} {other}");
        }
        assert_ne!(folded("a-b"), folded("a_b"));
        assert!(is_odd(r"raw/stra\337e.yaml") && !is_odd("raw/straße.yaml"));
    }
}
