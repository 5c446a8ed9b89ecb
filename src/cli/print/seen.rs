//! A unified diff and a history for people.

use std::fmt::Write as _;

use super::short;
use super::table::{self, Cell};
use crate::cli::look::{Look, Role};
use crate::history::Record;
use crate::ops::report::seen::{DiffReport, LogCommit, LogReport};
use crate::text::clean_line;

/// The difference as one unified diff; a sentence where there is none.
pub fn diff(report: &DiffReport, look: Look) -> String {
    if report.files.is_empty() {
        return format!("no difference between {} and {}\n", clean_line(&report.from), clean_line(&report.to));
    }
    let paint = |line: String| match line.as_bytes().first() {
        Some(b'+') => look.paint(Role::Ok, &line),
        Some(b'-') => look.paint(Role::Error, &line),
        Some(b'@') => look.paint(Role::Info, &line),
        _ => line,
    };
    let lines = report.lines().into_iter();
    lines.flat_map(|line| [paint(clean_line(&line)), "\n".to_owned()]).collect()
}

/// Commits and operations, newest first.
pub fn log(fabric: &str, report: &LogReport, look: Look) -> String {
    let mut rows: Vec<(String, Vec<Cell>)> =
        report.commits.iter().map(|commit| (commit.at.clone(), made(commit))).collect();
    rows.extend(report.operations.iter().map(|record| (record.at.clone(), done(record))));
    rows.sort_by(|a, b| b.0.cmp(&a.0));
    let mut text = String::new();
    let _ = writeln!(
        text,
        "{}: {}",
        clean_line(fabric),
        if rows.is_empty() { "nothing on record yet" } else { "newest first" }
    );
    let rows: Vec<Vec<Cell>> = rows.into_iter().map(|(_, row)| row).collect();
    if !rows.is_empty() {
        text.push_str(&table::lines(&rows, look));
    }
    text
}

fn made(commit: &LogCommit) -> Vec<Cell> {
    let pushed = if commit.pushed { "" } else { "not pushed" };
    let author = commit.author.split(" <").next().unwrap_or_default();
    [&short(&commit.at, 16).replace('T', " "), "commit", &short(&commit.id, 7), &commit.subject, author, pushed]
        .map(Cell::plain)
        .to_vec()
}

fn done(record: &Record) -> Vec<Cell> {
    let commit = record.commit.as_deref().map(|id| short(id, 7)).unwrap_or_default();
    let fault = record.failure.as_ref().map(|fault| format!("{} {}", fault.code, fault.message)).unwrap_or_default();
    let what = format!("{} {}", record.operation, record.result);
    [&short(&record.at, 16).replace('T', " "), "operation", &commit, &what, &fault, ""].map(Cell::plain).to_vec()
}
