//! What init or ingest did or would do, for people: deletions first.

use std::collections::BTreeMap;

use super::findings::{self, many};
use super::short;
use crate::cli::look::{Look, Role};
use crate::fabric::plan::{Change, ChangeKind, DocumentOutcome, Outcome};
use crate::ops::report::{WriteReport, WriteResult};
use crate::text::clean_line;

/// The plan or result of one fabric.
pub fn text(command: &str, fabric: &str, report: &WriteReport, look: Look) -> String {
    let mut text = format!("{command} {}: {}\n", clean_line(fabric), ending(report, look));
    let planned = report.result == WriteResult::Planned;
    if planned {
        text.push_str(&frame(report));
    }
    text.push_str(&changes(&report.changes, planned, look));
    text.push_str(&documents(&report.documents));
    text.push_str(&findings::lines(&report.findings, look));
    for note in &report.frame.notes {
        text.extend([format!("  note: {}\n", clean_line(note))]);
    }
    text
}

fn ending(report: &WriteReport, look: Look) -> String {
    let subject = report.plan.as_ref().map_or("", |plan| plan.subject.as_str());
    match (report.result, &report.commit) {
        (WriteResult::Planned, _) => "planned; nothing is written yet".to_owned(),
        (WriteResult::Committed, Some(commit)) => {
            format!("{} {} {}", look.paint(Role::Ok, "committed"), short(commit, 7), clean_line(subject))
        }
        (WriteResult::Committed, None) => {
            format!("{} without a commit", look.paint(Role::Ok, "done"))
        }
        (WriteResult::NoChange, _) => look.paint(Role::Muted, "no change"),
        (WriteResult::Refused, _) => format!("{}; nothing was written", look.paint(Role::Error, "refused")),
    }
}

fn frame(report: &WriteReport) -> String {
    let frame = &report.frame;
    let mut text = format!(
        "  where   {}, branch {}, one commit, {}\n",
        clean_line(&frame.repository),
        clean_line(&frame.branch),
        if frame.is_pushed { "then pushed" } else { "not pushed" },
    );
    if let Some(plan) = &report.plan {
        let subject = clean_line(&plan.subject);
        text.extend([format!("  commit  {subject}\n")]);
    }
    let signing = frame.signing.as_deref().unwrap_or("not signed");
    text.extend([format!("  author  {}; {}\n", clean_line(&frame.author), clean_line(signing))]);
    if !frame.skipped_hooks.is_empty() {
        let hooks = clean_line(&frame.skipped_hooks.join(", "));
        text.extend([format!("  hooks   not run: {hooks}\n")]);
    }
    if let Some(plan) = &report.plan {
        text.extend([format!("  plan    {}\n", short(&plan.id, 8))]);
    }
    text
}

/// The counts; in a plan, every change, deletions first.
fn changes(changes: &[Change], all: bool, look: Look) -> String {
    if changes.is_empty() {
        return String::new();
    }
    let count = |kind| changes.iter().filter(|c| c.change == kind).count();
    let mut text = format!(
        "  {}: {} deleted, {} added, {} modified, {} moved\n",
        many(changes.len(), "change"),
        count(ChangeKind::Deleted),
        count(ChangeKind::Added),
        count(ChangeKind::Modified),
        count(ChangeKind::Moved)
    );
    let kinds = [ChangeKind::Deleted, ChangeKind::Modified, ChangeKind::Added, ChangeKind::Moved];
    for kind in kinds {
        let of_kind = changes.iter().filter(|c| c.change == kind);
        let shown = of_kind.filter(|_| all || kind == ChangeKind::Deleted);
        shown.for_each(|change| text.push_str(&one_change(change, look)));
    }
    text
}

fn one_change(change: &Change, look: Look) -> String {
    let path = clean_line(&change.path);
    let lines = format!("+{} -{}", change.added_lines, change.removed_lines);
    match change.change {
        ChangeKind::Deleted => format!("    {} {path}\n", look.paint(Role::Error, "D")),
        ChangeKind::Added => format!("    {} {path}\n", look.paint(Role::Ok, "A")),
        ChangeKind::Modified => format!("    {} {path}  {lines}\n", look.paint(Role::Warn, "M")),
        ChangeKind::Moved => {
            let from = clean_line(change.from.as_deref().unwrap_or_default());
            format!("    {} {from} -> {path}\n", look.paint(Role::Info, ">"))
        }
    }
}

/// How many documents ended how, and each that did not simply end in managed/.
fn documents(documents: &[DocumentOutcome]) -> String {
    if documents.is_empty() {
        return String::new();
    }
    let mut counts: BTreeMap<Outcome, usize> = BTreeMap::new();
    for document in documents {
        *counts.entry(document.outcome).or_default() += 1;
    }
    let counted: Vec<String> = counts.iter().map(|(outcome, count)| format!("{count} {}", outcome.word())).collect();
    let mut text = format!("  documents: {}\n", counted.join(", "));
    let plain = [Outcome::Added, Outcome::Updated, Outcome::Unchanged];
    for document in documents {
        if !plain.contains(&document.outcome) || !document.note.is_empty() {
            text.push_str(&one_document(document));
        }
    }
    text
}

fn one_document(document: &DocumentOutcome) -> String {
    let line = document.line.map(|line| format!(":{line}")).unwrap_or_default();
    let kind = document.kind.as_deref().map(|kind| format!(" {kind}"));
    let name = document.name.as_deref().map(|name| format!(" {name}"));
    let note = match document.note.as_str() {
        "" => String::new(),
        note => format!(": {note}"),
    };
    let text = format!(
        "{}{line}:{}{} {}{note}",
        document.file,
        kind.unwrap_or_default(),
        name.unwrap_or_default(),
        document.outcome.word()
    );
    format!("    {}\n", clean_line(&text))
}

#[cfg(test)]
mod tests {
    use crate::cli::look::Look;
    use crate::cli::sample;
    use crate::fabric::plan::Outcome;
    use crate::ops::report::WriteResult;

    fn shown(result: WriteResult, outcome: Outcome) -> String {
        let entries = vec![sample::written("dc1", result, outcome)];
        crate::cli::print::outcome("ingest", &crate::ops::Outcome { entries, warnings: Vec::new() }, Look::default())
    }

    #[test]
    fn a_plan_lists_deletions_first_and_says_where_and_who() {
        let text = shown(WriteResult::Planned, Outcome::Conflict);
        let place = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part}: {text}"));
        assert!(place("    D managed/vpcs/b.yaml") < place("    A managed/vpcs/a.yaml"));
        place("ingest dc1: planned; nothing is written yet");
        place("  where   /src/net, branch main, one commit, not pushed");
        place("  author  Alice Ng <alice@example.net>; not signed");
        place("  plan    7f3a21c9\n");
        place("raw/x.yaml:1: VPC a conflict");
        place("raw/x.yaml:3:7: error HH-Y1 not YAML");
    }

    #[test]
    fn a_result_is_short_but_names_what_was_deleted() {
        let text = shown(WriteResult::Committed, Outcome::Added);
        assert!(text.contains("D managed/vpcs/b.yaml"));
        assert!(!text.contains("A managed/vpcs/a.yaml"));
        assert!(text.contains("documents: 1 added\n"));
        assert!(shown(WriteResult::Refused, Outcome::Added).contains("refused; nothing was written"));
    }
}
