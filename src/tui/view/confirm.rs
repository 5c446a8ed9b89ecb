//! The confirmation: the plan itself, and the one key that carries it out.

use std::collections::BTreeMap;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};

use crate::fabric::message::count;
use crate::fabric::plan::{Change, ChangeKind};
use crate::ops::report::{PushReport, Report, WriteReport};
use crate::text::{clean_line, cut, cut_middle};
use crate::tui::dialog::Confirm;
use crate::tui::state::{Stage, State};
use crate::tui::theme::{Role, Theme};
use crate::tui::view::pane;

/// Draws a plan and what it asks.
pub(super) fn draw(frame: &mut Frame, area: Rect, confirm: &Confirm, theme: Theme) {
    let action = confirm.then.name();
    let title = format!("{} {} ?", capital(action), confirm.entry.fabric);
    let right = if confirm.typed.is_some() { "TYPE THE NAME" } else { "" };
    let inside = pane::frame(frame, area, &title, right, true, theme);
    let asking = if confirm.typed.is_some() { 3 } else { 2 };
    let [above, below] = Layout::vertical([Constraint::Min(1), Constraint::Length(asking)]).areas(inside);
    let width = usize::from(inside.width).saturating_sub(2);
    let lines = match &confirm.entry.result {
        Ok(Report::Write(write)) if confirm.is_diff => differences(&write.changes, theme, width),
        Ok(Report::Write(write)) => write_lines(write, theme, width),
        Ok(Report::Push(push)) => push_lines(push, theme, width),
        _ => Vec::new(),
    };
    let most = lines.len().saturating_sub(usize::from(above.height));
    let rest = most.saturating_sub(confirm.scroll);
    pane::lines(frame, above, lines, confirm.scroll.min(most));
    pane::lines(frame, below, question(confirm, action, rest, theme), 0);
}

fn question(confirm: &Confirm, action: &str, rest: usize, theme: Theme) -> Vec<Line<'static>> {
    let key = if confirm.typed.is_some() { "Down" } else { "j" };
    let more = if rest > 0 { format!("{rest} more lines, {key} shows them") } else { String::new() };
    let more = Line::from(Span::styled(format!(" {more}"), theme.style(Role::Muted)));
    match &confirm.typed {
        Some(typed) => {
            let armed = if confirm.is_armed { "" } else { "(wait) " };
            let input = clean_line(&typed.input);
            vec![
                more,
                Line::from(format!(" {armed}Because {}, type {} to {action}:  {input}_", typed.because, typed.wanted)),
                Line::from("        [ Cancel ]                  Enter works only when the name matches"),
            ]
        }
        None => {
            let press = if confirm.is_armed { format!("press y to {action}") } else { String::new() };
            let text = format!("        [ Cancel ]        {press:<24}n, Esc, Enter = cancel");
            vec![more, Line::from(Span::styled(text, theme.style(Role::Title)))]
        }
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn pair(name: &str, text: &str, width: usize) -> Line<'static> {
    Line::from(format!(" {name:<9}{}", cut(&clean_line(text), width.saturating_sub(9))))
}

fn write_lines(write: &WriteReport, theme: Theme, width: usize) -> Vec<Line<'static>> {
    let frame = &write.frame;
    let place = cut_middle(&clean_line(&frame.repository), width.saturating_sub(30));
    let mut lines = vec![
        pair("Writes", &format!("{place}, branch {}", frame.branch), width),
        pair("", "one commit, NOT pushed", width),
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
        let mut folders: BTreeMap<&str, usize> = BTreeMap::new();
        for change in &of_kind {
            let folder = change.path.rsplit_once('/').map_or("", |(folder, _)| folder);
            *folders.entry(folder.strip_prefix("managed/").unwrap_or(folder)).or_default() += 1;
        }
        let shown: Vec<String> = folders.iter().map(|(folder, count)| format!("{folder}/ {count}")).collect();
        let head = format!("   {sign} {:>4} {word:<9}", of_kind.len());
        let text = cut(&clean_line(&shown.join("   ")), width.saturating_sub(head.len()));
        lines.push(Line::from(head + &text));
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

fn differences(changes: &[Change], theme: Theme, width: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for change in changes {
        lines.push(one(change, theme, width));
        if change.change == ChangeKind::Moved {
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
                let text = clean_line(step.value().trim_end_matches('\n'));
                let text = cut(&text, width.saturating_sub(5));
                lines.push(Line::from(Span::styled(format!("    {sign}{text}"), theme.style(role))));
            }
        }
    }
    lines
}

fn push_lines(push: &PushReport, theme: Theme, width: usize) -> Vec<Line<'static>> {
    let short = |id: &Option<String>| id.as_deref().and_then(|id| id.get(..7)).unwrap_or("nothing").to_owned();
    let (added, changed, deleted) = push.files;
    let mut lines = vec![
        pair("To", &push.remote, width),
        pair("Branch", &format!("{}   fast-forward only, never forced", push.branch), width),
        pair(
            "Remote",
            &format!("{} (read just now)  ->  {} after the push", short(&push.before), short(&push.after)),
            width,
        ),
        pair("Files", &format!("{added} added, {changed} changed, {deleted} deleted"), width),
        Line::default(),
        Line::from(Span::styled(
            format!(" {}", count(push.commits.len(), "commit", "commits")),
            theme.style(Role::Title),
        )),
    ];
    for commit in &push.commits {
        let id = commit.id.get(..7).unwrap_or(&commit.id);
        let whose = commit.fabric.as_ref().map_or("NOT HEDGEROW'S".to_owned(), |fabric| format!("({fabric})"));
        let role = if commit.fabric.is_some() { Role::Text } else { Role::Warn };
        let author = commit.author.split(" <").next().unwrap_or_default();
        let text = cut(&clean_line(&format!("{id}  {}  {whose}  {author}", commit.subject)), width.saturating_sub(3));
        lines.push(Line::from(Span::styled(format!("   {text}"), theme.style(role))));
    }
    lines.push(Line::default());
    lines.push(Line::from(" The remote is read back afterwards; only then it says Verified."));
    lines
}

/// Draws what happened to a plan that moved.
pub(super) fn draw_stale(frame: &mut Frame, area: Rect, fabric: &str, why: &str, theme: Theme) {
    let inside = pane::frame(frame, area, &format!("The plan of {fabric} is out of date"), "E-PLAN-STALE", true, theme);
    let mut lines = vec![Line::default()];
    let width = usize::from(inside.width).saturating_sub(2);
    lines.extend(pane::wrap(why, width).into_iter().map(|line| Line::from(format!(" {line}"))));
    lines.push(Line::default());
    lines.push(Line::from(" Nothing was written. Press r to see the new plan, Esc to leave it."));
    pane::lines(frame, inside, lines, 0);
}

/// Draws the question before quitting while something runs.
pub(super) fn draw_quit(frame: &mut Frame, area: Rect, state: &State, theme: Theme) {
    let inside = pane::frame(frame, area, "Quit?", "", true, theme);
    let jobs = state.listed();
    let running = jobs.iter().filter(|job| matches!(job.stage, Stage::Running | Stage::Stopping)).count();
    let queued = jobs.iter().filter(|job| job.stage == Stage::Queued).count();
    let lines = vec![
        Line::default(),
        Line::from(format!(" {running} running, {queued} queued.")),
        Line::default(),
        Line::from("   w  wait, then quit           (default)"),
        Line::from("   d  drop the queue, wait for what runs, then quit"),
        Line::from("   b  back"),
    ];
    pane::lines(frame, inside, lines, 0);
}
