//! Writing to standard output and standard error: the only file that prints.

pub mod annotate;
pub mod discard;
pub mod findings;
pub mod json;
pub mod push;
pub mod seen;
pub mod show;
pub mod status;
pub mod table;
pub mod write;

use std::io::Write;

use crate::cli::look::{Look, Role};
use crate::ops::report::Report;
use crate::ops::{Entry, Failure, Outcome};
use crate::text::{clean, clean_line};

/// Writes a text to standard output.
///
/// # Errors
/// What the system says; a closed pipe among them.
pub fn output(text: &str) -> std::io::Result<()> {
    let mut stream = std::io::stdout().lock();
    stream.write_all(text.as_bytes())?;
    stream.flush()
}

/// Writes a text to standard error; nobody can be told if that fails.
pub fn error(text: &str) {
    let mut stream = std::io::stderr().lock();
    let _ = stream.write_all(text.as_bytes());
    let _ = stream.flush();
}

/// Everything an outcome has to say to people, fabric by fabric; failures are left to [`failures`].
pub fn outcome(command: &str, outcome: &Outcome, look: Look) -> String {
    if command == "status" {
        return status::text(&outcome.entries, look);
    }
    let mut text = String::new();
    for entry in &outcome.entries {
        if let Ok(report) = &entry.result {
            text.push_str(&one(command, &entry.fabric, report, look));
        }
    }
    text
}

/// Every failure of an outcome with its remedy and full text.
pub fn failures(entries: &[Entry], look: Look) -> String {
    let failed = |entry: &Entry| {
        let failure = entry.failure()?;
        Some(self::failure(Some(&entry.fabric), failure, look))
    };
    entries.iter().filter_map(failed).collect()
}

/// One failure: code and sentence, what to do, and the full text behind it.
pub fn failure(fabric: Option<&str>, failure: &Failure, look: Look) -> String {
    let label = look.paint(Role::Error, "error");
    let name = fabric.map(|name| format!("{}: ", clean_line(name)));
    let mut text =
        format!("{label} {} {}{}\n", clean_line(&failure.code), name.unwrap_or_default(), clean_line(&failure.message));
    if let Some(done) = &failure.done {
        text.extend([format!("  done: {}\n", clean_line(done))]);
    }
    for line in &failure.remedy {
        text.extend([format!("  - {}\n", clean_line(line))]);
    }
    for line in clean(&failure.detail).lines() {
        text.extend([format!("  | {line}\n")]);
    }
    text
}

/// One warning.
pub fn warning(sentence: &str, look: Look) -> String {
    format!("{} {}\n", look.paint(Role::Warn, "warning"), clean_line(sentence))
}

fn one(command: &str, fabric: &str, report: &Report, look: Look) -> String {
    match report {
        Report::Status(_) | Report::Export(_) => String::new(),
        Report::Show(report) => show::text(report, look),
        Report::Diff(report) => seen::diff(report, look),
        Report::Log(report) => seen::log(fabric, report, look),
        Report::File(report) => clean(report.text.as_deref().unwrap_or_default()),
        Report::Validate(report) => findings::validated(fabric, report, look),
        Report::Write(report) => write::text(command, fabric, report, look),
        Report::Push(report) => push::text(fabric, report, look),
        Report::Discard(report) => discard::text(fabric, report, look),
        Report::Remote(report) => push::remote(command, fabric, report, look),
    }
}

/// A hexadecimal id as people see it: so many digits of it.
fn short(id: &str, digits: usize) -> String {
    clean_line(&id.chars().take(digits).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::{failures, outcome};
    use crate::cli::look::Look;
    use crate::cli::sample;
    use crate::ops::{Failure, Outcome};

    #[test]
    fn one_failure_never_hides_the_others() {
        let entries = vec![sample::failed("a"), sample::pushed("b"), sample::failed("c")];
        let whole = Outcome { entries, warnings: Vec::new() };
        let shown = outcome("push", &whole, Look::default());
        assert!(shown.contains("push b: "), "{shown}");
        let failed = failures(&whole.entries, Look::default());
        assert!(failed.contains("error E-REPO-BEHIND a: branch main is 2 commits behind"));
        assert!(failed.contains("E-REPO-BEHIND c: "));
        assert!(failed.contains("  - pull first"));
    }

    #[test]
    fn the_words_of_a_tool_stand_behind_bars() {
        let failure = Failure {
            code: "E-NET".to_owned(),
            message: "no answer".to_owned(),
            remedy: Vec::new(),
            detail: "fatal: one\nfatal: two".to_owned(),
            effect: crate::error::WriteEffect::Nothing,
            done: None,
            exit_code: 5,
        };
        let text = super::failure(None, &failure, Look::default());
        assert_eq!(text, "error E-NET no answer\n  | fatal: one\n  | fatal: two\n");
    }
}
