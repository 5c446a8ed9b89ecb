//! Messages: a commit's subject and body from the plan, and trailers that no file name can forge.

use std::fmt::Write as _;

use crate::fabric::Fabric;

/// What a commit message is made of.
#[derive(Debug, Clone, Default)]
pub struct Message<'a> {
    /// `init`, `ingest`, ...
    pub action: &'a str,
    /// The plan in a few words, such as `43 resources from 3 raw files`.
    pub summary: String,
    /// Lines of the body.
    pub body: Vec<String>,
    /// The raw files the commit takes in, relative to the GitOps directory.
    pub sources: Vec<String>,
    /// Whether these were given from elsewhere and never lay in the directory.
    pub is_given: bool,
}

impl Message<'_> {
    /// The commit's subject, one line.
    pub fn subject(&self, fabric: &Fabric) -> String {
        let default = "{action}({fabric}): {summary}";
        let template = fabric.subject.as_deref().unwrap_or(default);
        let subject = template
            .replace("{action}", self.action)
            .replace("{fabric}", &fabric.name)
            .replace("{summary}", &self.summary);
        subject.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The whole message; the last paragraph is trailers.
    pub fn text(&self, fabric: &Fabric, author: &str) -> String {
        let mut text = format!("{}\n\n", self.subject(fabric));
        for line in &self.body {
            let _ = writeln!(text, "{line}");
        }
        if !self.body.is_empty() {
            text.push('\n');
        }
        let directory = if fabric.directory.is_empty() { "." } else { &fabric.directory };
        let _ = writeln!(text, "Hedgerow-Operation: {}", self.action);
        let _ = writeln!(text, "Hedgerow-Fabric: {}", quote(&fabric.name));
        let _ = writeln!(text, "Hedgerow-Directory: {}", quote(directory));
        for source in &self.sources {
            let _ = writeln!(text, "Hedgerow-Source: {}", quote(source));
        }
        if self.is_given {
            let _ = writeln!(text, "Hedgerow-Origin: {ELSEWHERE}");
        }
        if fabric.signoff {
            let _ = writeln!(text, "Signed-off-by: {author}");
        }
        text
    }
}

/// What the trailer `Hedgerow-Origin` says of sources that never lay in the directory.
pub const ELSEWHERE: &str = "elsewhere";

/// Quotes a path as Git does: in double quotes with escapes where it holds anything unusual.
pub fn quote(path: &str) -> String {
    let is_plain = |byte: u8| (0x20..0x7f).contains(&byte) && byte != b'"' && byte != b'\\';
    if path.bytes().all(is_plain) && !path.starts_with(' ') && !path.ends_with(' ') {
        return path.to_owned();
    }
    let mut quoted = String::from("\"");
    for byte in path.bytes() {
        match byte {
            b'"' => quoted.push_str("\\\""),
            b'\\' => quoted.push_str("\\\\"),
            b'\n' => quoted.push_str("\\n"),
            b'\t' => quoted.push_str("\\t"),
            byte if is_plain(byte) => quoted.push(char::from(byte)),
            byte => {
                let _ = write!(quoted, "\\{byte:03o}");
            }
        }
    }
    quoted.push('"');
    quoted
}

/// Reads what [`quote`] wrote.
pub fn unquote(text: &str) -> String {
    let Some(inner) = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) else {
        return text.to_owned();
    };
    let mut bytes = Vec::new();
    let mut rest = inner.as_bytes();
    while let [first, after @ ..] = rest {
        let (byte, taken) = if *first == b'\\' { escaped(after) } else { (*first, 0) };
        bytes.push(byte);
        rest = after.get(taken..).unwrap_or_default();
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The byte that stands behind a backslash, and how many it is written with.
fn escaped(after: &[u8]) -> (u8, usize) {
    let digits = after.get(..3).and_then(|digits| std::str::from_utf8(digits).ok());
    let octal = digits.and_then(|digits| u8::from_str_radix(digits, 8).ok());
    match (octal, after.first()) {
        (Some(byte), _) => (byte, 3),
        (None, Some(b'n')) => (b'\n', 1),
        (None, Some(b't')) => (b'\t', 1),
        (None, Some(byte)) => (*byte, 1),
        (None, None) => (b'\\', 0),
    }
}

/// `1 file`, `2 files`.
pub fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_cannot_forge_a_trailer() {
        assert_eq!(quote("raw/a\nHedgerow-Fabric: x.yaml"), "\"raw/a\\nHedgerow-Fabric: x.yaml\"");
        assert_eq!(quote("raw/ä.yaml"), "\"raw/\\303\\244.yaml\"");
        assert_eq!(quote("raw/a.yaml"), "raw/a.yaml");
        for path in ["raw/a\nb.yaml", "raw/ä\t\"x\\.yaml", " raw/a", "raw/a.yaml", "raw/\\101"] {
            assert_eq!(unquote(&quote(path)), path);
        }
    }

    #[test]
    fn a_template_shapes_the_subject_only() {
        let mut fabric = Fabric::named("dc1", "gitops/dc1");
        fabric.subject = Some("NET-1 {action}: {summary}\ninjected".to_owned());
        fabric.signoff = true;
        let message = Message {
            action: "ingest",
            summary: "1 resource from 1 raw file".to_owned(),
            body: vec!["added 1".to_owned()],
            sources: vec!["raw/a.yaml".to_owned()],
            is_given: false,
        };
        assert_eq!(
            message.text(&fabric, "A <a@x>"),
            "NET-1 ingest: 1 resource from 1 raw file injected\n\nadded 1\n\nHedgerow-Operation: ingest\n\
             Hedgerow-Fabric: dc1\nHedgerow-Directory: gitops/dc1\nHedgerow-Source: raw/a.yaml\n\
             Signed-off-by: A <a@x>\n"
        );
    }
}
