//! Loader: what Hedgehog's own loader refuses of a text that YAML allows.

use crate::fabric::finding::{Finding, Severity};

/// One part of a text between lines that begin with `---`.
struct Part<'a> {
    /// Its first line, from 1.
    line: u32,
    lines: Vec<&'a str>,
}

/// Everything about a file's text that stops the loader before it reads a resource.
pub fn check(file: &str, text: &str, severity: Severity) -> Vec<Finding> {
    let mut check = Check { file, severity, findings: Vec::new() };
    let parts = check.parts(text.strip_prefix('\u{feff}').unwrap_or(text));
    let is_blank = |part: &Part<'_>| part.lines.iter().all(|line| line.trim().is_empty());
    if parts.len() > 1 && parts.iter().all(is_blank) {
        check.remark(1, "HH-LD2", "holds nothing but `---`", "remove the file, or write a resource");
    }
    for part in parts.iter().filter(|part| !is_blank(part)) {
        check.part(part);
    }
    check.findings
}

struct Check<'a> {
    file: &'a str,
    severity: Severity,
    findings: Vec<Finding>,
}

impl Check<'_> {
    fn parts<'a>(&mut self, text: &'a str) -> Vec<Part<'a>> {
        let mut parts = vec![Part { line: 1, lines: Vec::new() }];
        for (number, line) in (1_u32..).zip(text.lines()) {
            if let Some(rest) = line.strip_prefix("---") {
                let rest = rest.trim();
                if !rest.is_empty() && !rest.starts_with('#') {
                    let message = "has text behind `---`, which the installer's loader refuses";
                    self.remark(number, "HH-LD1", message, "move it to a line of its own");
                }
                parts.push(Part { line: number + 1, lines: Vec::new() });
            } else if let Some(part) = parts.last_mut() {
                part.lines.push(line);
            }
        }
        parts
    }

    fn part(&mut self, part: &Part<'_>) {
        let numbered = || (part.line..).zip(&part.lines);
        if let Some((number, _)) = numbered().find(|(_, line)| line.starts_with('%')) {
            self.remark(number, "HH-LD11", "has a YAML directive, which the installer's loader refuses", "remove it");
            return;
        }
        let mut solid = numbered().filter(|(_, line)| !line.trim().is_empty());
        let Some((first, opening)) = solid.next() else { return };
        let is_comment = |line: &str| line.trim_start().starts_with('#');
        if is_comment(opening) && solid.all(|(_, line)| is_comment(line)) {
            let message = "is a document of comments only, which the installer's loader refuses";
            self.remark(first, "HH-LD2", message, "remove the `---` between the comments and the next resource");
        }
        let is_json = || serde_json::from_str::<serde::de::IgnoredAny>(&part.lines.join("\n")).is_ok();
        if opening.trim_start().starts_with('{') && !is_json() {
            let message = "begins with `{` and is not JSON, which the installer's loader takes it for";
            self.remark(first, "HH-LD10", message, "write the document in block style, or put its keys in quotes");
        }
    }

    fn remark(&mut self, line: u32, code: &'static str, message: &str, remedy: &str) {
        self.findings.push(Finding::file(self.severity, code, self.file, message, remedy).at(line, 1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<(u32, &'static str)> {
        let findings = check("x.yaml", text, Severity::Warning);
        findings.iter().map(|found| (found.line.unwrap(), found.code)).collect()
    }

    #[test]
    fn what_the_loader_takes_is_silent() {
        for text in
            ["", "a: 1\n", "# head\na: 1\n---\n---\nb: 2\n", "a: 1\n--- # next\nb: 2\n", "{\"a\": 1}\n", "a: 1\n---\n"]
        {
            assert_eq!(codes(text), [], "{text}");
        }
    }

    #[test]
    fn what_the_loader_refuses_has_its_line() {
        assert_eq!(codes("# head\n---\na: 1\n"), [(1, "HH-LD2")]);
        assert_eq!(codes("---\n"), [(1, "HH-LD2")]);
        assert_eq!(codes("a: 1\n--- {b: 2}\n"), [(2, "HH-LD1")]);
        assert_eq!(codes("\n{a: 1}\n"), [(2, "HH-LD10")]);
        assert_eq!(codes("%YAML 1.2\n---\na: 1\n"), [(1, "HH-LD11")]);
    }
}
