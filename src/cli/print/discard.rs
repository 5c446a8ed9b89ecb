//! What a discard did or would do, for people: every commit, and where what it took in is.

use super::findings::many;
use super::short;
use crate::cli::look::{Look, Role};
use crate::ops::report::discard::{DiscardReport, DiscardResult};
use crate::text::clean_line;

/// A discard: how it ended, every commit, what is put back.
pub fn text(fabric: &str, report: &DiscardReport, look: Look) -> String {
    let commits = many(report.commits.len(), "commit");
    let end = match report.result {
        DiscardResult::Planned => format!("{commits} to take back; nothing is changed yet"),
        DiscardResult::Discarded => format!("{}, {commits}", look.paint(Role::Ok, "taken back")),
    };
    let mut text = format!("discard {}: {end}\n", clean_line(fabric));
    text.extend([format!(
        "  where   {}, branch {}: {} -> {}\n",
        clean_line(&report.repository),
        clean_line(&report.branch),
        short(&report.before, 7),
        short(&report.after, 7),
    )]);
    for commit in &report.commits {
        let whose = clean_line(commit.fabric.as_deref().unwrap_or("NOT OURS"));
        let (id, subject) = (short(&commit.id, 7), clean_line(&commit.subject));
        text.extend([format!("  {id}  {subject}  ({whose}; {})\n", clean_line(&commit.author))]);
    }
    text.extend([format!("  {} in these commits\n", many(report.paths.len(), "file"))]);
    for path in &report.returned {
        text.extend([format!("  back    {}\n", clean_line(path))]);
    }
    for path in &report.saved {
        text.extend([format!("  saved   {}\n", clean_line(path))]);
    }
    text.extend([format!("  kept    {}\n", clean_line(&report.kept))]);
    if report.result == DiscardResult::Planned {
        text.extend([format!("  plan    {}\n", short(&report.plan, 8))]);
    }
    for note in &report.notes {
        text.extend([format!("  note: {}\n", clean_line(note))]);
    }
    text
}
