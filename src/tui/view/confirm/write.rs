//! A plan that writes files: what it reads, what it changes, which commit it makes.

use std::collections::BTreeMap;

use ratatui::text::{Line, Span};

use crate::fabric::message::count;
use crate::fabric::plan::{Change, ChangeKind};
use crate::fabric::secret;
use crate::ops::report::WriteReport;
use crate::text::{clean_line, cut, cut_middle, quote_line, width as width_of};
use crate::tui::theme::{Role, Theme};
use crate::tui::view::confirm::pair;
use crate::tui::view::pane;

/// The file that keeps an empty folder.
const KEEPER: &str = ".gitkeep";

/// Lines that the folders of one kind of change may take.
const LINES: usize = 3;

/// The plan in short.
pub(super) fn lines(write: &WriteReport, theme: Theme, width: usize) -> Vec<Line<'static>> {
    let frame = &write.frame;
    let place = cut_middle(&clean_line(&frame.repository), width.saturating_sub(30));
    let mut lines = vec![
        pair("Writes", &format!("{place}, branch {}", frame.branch), width),
        pair("", if frame.is_pushed { "one commit, then pushed" } else { "one commit, NOT pushed" }, width),
    ];
    lines.extend(tally(&write.changes, width));
    lines.extend(outcomes(write, theme, width));
    if let Some(plan) = &write.plan {
        lines.push(pair("Commit", &plan.subject, width));
    }
    let signing = frame.signing.clone().unwrap_or_else(|| "not signed".to_owned());
    lines.push(pair("Author", &format!("{}   {signing}", frame.author), width));
    if !frame.skipped_hooks.is_empty() {
        lines.push(pair("Hooks", &format!("{} will not run", frame.skipped_hooks.join(", ")), width));
    }
    if let Some(plan) = &write.plan {
        let id = plan.id.get(..8).unwrap_or(&plan.id);
        lines.push(pair("Plan", &format!("{id}   refused if anything it was made of changes"), width));
    }
    for note in &frame.notes {
        for (at, line) in pane::wrap(&clean_line(note), width.saturating_sub(9)).into_iter().enumerate() {
            lines.push(pair(if at == 0 { "Note" } else { "" }, &line, width));
        }
    }
    lines.push(Line::default());
    lines.extend(
        write
            .changes
            .iter()
            .filter(|change| change.change == ChangeKind::Deleted)
            .map(|change| one(change, theme, width)),
    );
    lines.extend(
        write
            .changes
            .iter()
            .filter(|change| change.change != ChangeKind::Deleted)
            .map(|change| one(change, theme, width)),
    );
    lines
}

fn tally(changes: &[Change], width: usize) -> Vec<Line<'static>> {
    let kinds = [
        ("A", "new", ChangeKind::Added),
        ("M", "changed", ChangeKind::Modified),
        ("D", "deleted", ChangeKind::Deleted),
        (">", "moved", ChangeKind::Moved),
    ];
    let mut lines = Vec::new();
    for (sign, word, kind) in kinds {
        let of_kind: Vec<&Change> = changes.iter().filter(|change| change.change == kind).collect();
        let head = format!("   {sign} {:>4} {word:<9}", of_kind.len());
        let told = fitting(&folders(&of_kind), width.saturating_sub(head.len()));
        for (at, text) in told.into_iter().enumerate() {
            let head = if at == 0 { head.clone() } else { " ".repeat(head.len()) };
            lines.push(Line::from(head + &text));
        }
    }
    lines
}

/// How many files each folder gets; files that only keep a folder are no resources.
fn folders(changes: &[&Change]) -> Vec<String> {
    let mut folders: BTreeMap<&str, usize> = BTreeMap::new();
    let mut kept = 0;
    for change in changes {
        let (folder, name) = change.path.rsplit_once('/').unwrap_or(("", &change.path));
        if name == KEEPER {
            kept += 1;
            continue;
        }
        *folders.entry(folder.strip_prefix("managed/").unwrap_or(folder)).or_default() += 1;
    }
    let kept = (kept > 0).then(|| count(kept, "empty folder", "empty folders"));
    folders.iter().map(|(folder, count)| clean_line(&format!("{folder}/ {count}"))).chain(kept).collect()
}

/// The parts on a few lines, none cut apart; how many more there are where they do not fit.
fn fitting(parts: &[String], width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for (at, part) in parts.iter().enumerate() {
        let more = format!("   and {} more", parts.len() - at);
        let is_last_line = lines.len() == LINES;
        let Some(line) = lines.last_mut() else { break };
        let longer = if line.is_empty() { part.clone() } else { format!("{line}   {part}") };
        let reserve = if is_last_line && at + 1 < parts.len() { more.len() } else { 0 };
        if width_of(&longer) + reserve <= width {
            *line = longer;
        } else if is_last_line {
            line.push_str(&more);
            break;
        } else {
            lines.push(cut(part, width));
        }
    }
    lines
}

fn outcomes(write: &WriteReport, theme: Theme, width: usize) -> Vec<Line<'static>> {
    let mut counts: BTreeMap<_, usize> = BTreeMap::new();
    for document in &write.documents {
        *counts.entry(document.outcome).or_default() += 1;
    }
    let words: Vec<String> = counts.iter().map(|(outcome, count)| format!("{} {count}", outcome.word())).collect();
    let mut lines = Vec::new();
    if !words.is_empty() {
        lines.push(pair("Reads", &words.join(", "), width));
    }
    let held = write.documents.iter().filter(|document| document.outcome.is_no() || !document.note.is_empty());
    for document in held {
        let place = document.line.map_or_else(String::new, |line| format!(":{line}"));
        let text = format!("{}{place} {}: {}", document.file, document.outcome.word(), document.note);
        let role = if document.outcome.is_no() { Role::Warn } else { Role::Muted };
        let text = cut(&clean_line(text.trim_end_matches(": ")), width.saturating_sub(3));
        lines.push(Line::from(Span::styled(format!("   {text}"), theme.style(role))));
    }
    lines
}

fn one(change: &Change, theme: Theme, width: usize) -> Line<'static> {
    let (sign, role) = match change.change {
        ChangeKind::Added => ("A", Role::Added),
        ChangeKind::Modified => ("M", Role::Warn),
        ChangeKind::Deleted => ("D", Role::Removed),
        ChangeKind::Moved => (">", Role::Info),
    };
    let counts = match change.change {
        ChangeKind::Moved => format!("from {}", clean_line(change.from.as_deref().unwrap_or_default())),
        _ => format!("+{} -{}", change.added_lines, change.removed_lines),
    };
    let counts = cut_middle(&counts, width / 2);
    let room = width.saturating_sub(counts.len() + 6);
    let path = pane::cell(&cut_middle(&clean_line(&change.path), room), room);
    Line::from(vec![Span::styled(format!("   {sign} "), theme.style(role)), Span::raw(format!("{path} {counts}"))])
}

/// Every file with its differences, deletions first and in full.
pub(super) fn differences(changes: &[Change], theme: Theme, width: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let mut changes: Vec<&Change> = changes.iter().collect();
    changes.sort_by_key(|change| change.change != ChangeKind::Deleted);
    for change in changes {
        lines.push(one(change, theme, width));
        if change.change == ChangeKind::Moved {
            continue;
        }
        if [&change.before, &change.after].into_iter().flatten().any(|side| secret::find(&change.path, side).is_some())
        {
            lines.push(Line::from(Span::styled("    it holds a secret and is not shown", theme.style(Role::Muted))));
            continue;
        }
        let text = |bytes: &Option<std::sync::Arc<[u8]>>| {
            String::from_utf8_lossy(bytes.as_deref().unwrap_or_default()).into_owned()
        };
        let (before, after) = (text(&change.before), text(&change.after));
        let diff = similar::TextDiff::from_lines(&before, &after);
        for group in diff.grouped_ops(3) {
            for step in group.iter().flat_map(|operation| diff.iter_changes(operation)) {
                let (sign, role) = match step.tag() {
                    similar::ChangeTag::Insert => ("+", Role::Added),
                    similar::ChangeTag::Delete => ("-", Role::Removed),
                    similar::ChangeTag::Equal => (" ", Role::Muted),
                };
                let text = quote_line(step.value().trim_end_matches('\n'));
                let text = cut(&text, width.saturating_sub(5));
                lines.push(Line::from(Span::styled(format!("    {sign}{text}"), theme.style(role))));
            }
        }
    }
    lines
}
