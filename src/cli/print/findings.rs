//! Findings as lines that an editor can jump to.

use crate::cli::look::{Look, Role};
use crate::fabric::finding::{Finding, Severity};
use crate::ops::report::ValidateReport;
use crate::text::{caret, clean_line};

/// `file:line:column: severity CODE message`, and the remedy on a line of its own.
pub fn lines(findings: &[Finding], look: Look) -> String {
    findings.iter().map(|finding| one(finding, None, look)).collect()
}

/// What validation found in one fabric.
pub fn validated(fabric: &str, report: &ValidateReport, look: Look) -> String {
    let source = |finding: &Finding| report.lines.get(&finding.file)?.get(&finding.line?).map(String::as_str);
    let told: String = report.findings.iter().map(|finding| one(finding, source(finding), look)).collect();
    format!(
        "validate {}: {} in {}, {}\n{told}",
        if fabric.is_empty() { "files".to_owned() } else { clean_line(fabric) },
        counted(&report.findings),
        many(report.files, "file"),
        many(report.resources, "resource"),
    )
}

/// How many of each severity, in words.
pub fn counted(findings: &[Finding]) -> String {
    let count = |severity| findings.iter().filter(|f| f.severity == severity).count();
    let parts: Vec<String> =
        [(count(Severity::Error), "error"), (count(Severity::Warning), "warning"), (count(Severity::Note), "note")]
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| many(count, word))
            .collect();
    if parts.is_empty() {
        return "no findings".to_owned();
    }
    parts.join(", ")
}

/// A count with its noun.
pub fn many(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

fn one(finding: &Finding, source: Option<&str>, look: Look) -> String {
    let line = finding.line.map(|line| format!(":{line}")).unwrap_or_default();
    let column = finding.column.map(|column| format!(":{column}")).unwrap_or_default();
    let severity = match finding.severity {
        Severity::Error => look.paint(Role::Error, "error"),
        Severity::Warning => look.paint(Role::Warn, "warning"),
        Severity::Note => look.paint(Role::Info, "note"),
    };
    let mut text = format!(
        "{}{line}{column}: {severity} {} {}\n",
        clean_line(&finding.file),
        finding.code,
        clean_line(&finding.message)
    );
    text.push_str(&excerpt(finding, source, look));
    for related in &finding.related {
        let (file, message) = (clean_line(&related.file), clean_line(&related.message));
        text.extend([format!("    {message}: {file}:{}\n", related.line)]);
    }
    if !finding.remedy.is_empty() {
        text.extend([format!("    fix: {}\n", clean_line(&finding.remedy))]);
    }
    text
}

/// The line in question with a caret below the value.
fn excerpt(finding: &Finding, source: Option<&str>, look: Look) -> String {
    let (Some(source), Some(number), Some(column)) = (source, finding.line, finding.column) else {
        return String::new();
    };
    let marked = caret::marked(source, column, finding.length);
    let gutter = format!("{number:>6}");
    let carets = look.paint(Role::Error, &"^".repeat(marked.length));
    format!("{gutter} | {}\n{:>6} | {}{carets}\n", marked.line, "", " ".repeat(marked.start))
}

#[cfg(test)]
mod tests {
    use super::{counted, lines};
    use crate::cli::look::Look;
    use crate::cli::sample;

    #[test]
    fn a_finding_is_a_place_and_a_sentence() {
        let text = lines(&[sample::finding()], Look::default());
        assert_eq!(text, "raw/x.yaml:3:7: error HH-Y1 not YAML\n    fix: correct it\n");
        assert_eq!(counted(&[sample::finding()]), "1 error");
        assert_eq!(counted(&[]), "no findings");
    }
}
