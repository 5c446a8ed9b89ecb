//! Lines: the source lines that findings are about, for people; none of a file with a secret.

use std::collections::{BTreeMap, BTreeSet};

use crate::fabric::finding::Finding;
use crate::fabric::secret;

/// Lines by file and number.
pub(crate) type Lines = BTreeMap<String, BTreeMap<u32, String>>;

/// The lines of the findings; `text` gives a file's bytes.
pub(super) fn of(findings: &[Finding], text: &dyn Fn(&str) -> Option<Vec<u8>>) -> Lines {
    let mut wanted: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
    for finding in findings {
        wanted.entry(&finding.file).or_default().extend(finding.line);
    }
    for finding in findings.iter().filter(|finding| secret::is_code(finding.code)) {
        wanted.remove(finding.file.as_str());
    }
    let mut lines = Lines::new();
    for (file, numbers) in wanted {
        let Some(text) = text(file).and_then(|bytes| String::from_utf8(bytes).ok()) else { continue };
        let found: BTreeMap<u32, String> = (1..)
            .zip(text.lines())
            .filter(|(number, _)| numbers.contains(number))
            .map(|(number, line)| (number, crate::text::cut(line, 400)))
            .collect();
        lines.insert(file.to_owned(), found);
    }
    lines
}
