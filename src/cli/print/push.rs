//! What a push, fetch or pull did or would do, for people.

use super::findings::many;
use super::short;
use crate::cli::look::{Look, Role};
use crate::ops::report::{PushOutcome, PushReport, RemoteOutcome, RemoteReport};
use crate::text::{clean, clean_line};

/// A push: how it ended, from where to where, and every commit.
pub fn text(fabric: &str, report: &PushReport, look: Look) -> String {
    let mut text = format!("push {}: {}\n", clean_line(fabric), ending(fabric, report, look));
    if report.outcome == PushOutcome::NoChange {
        return text;
    }
    text.extend([format!(
        "  to      {}, branch {}, fast-forward only\n  remote  {}\n",
        clean_line(&report.remote),
        clean_line(&report.branch),
        aim(report),
    )]);
    for commit in &report.commits {
        let whose = commit.fabric.as_deref().unwrap_or("NOT OURS");
        text.extend([format!(
            "  {}  {}  ({}; {})\n",
            if commit.id.is_empty() { "new    ".to_owned() } else { short(&commit.id, 7) },
            clean_line(&commit.subject),
            clean_line(whose),
            clean_line(&commit.author),
        )]);
    }
    let (added, modified, deleted) = report.files;
    text.extend([format!(
        "  {}: {added} added, {modified} modified, {deleted} deleted\n",
        many(added + modified + deleted, "file")
    )]);
    for who in &report.watched_by {
        text.extend([format!("  watched by {}\n", clean_line(who))]);
    }
    if report.outcome == PushOutcome::Planned
        && let Some(plan) = &report.plan
    {
        text.extend([format!("  plan    {}\n", short(plan, 8))]);
    }
    for line in clean(&report.words).lines() {
        text.extend([format!("  | {line}\n")]);
    }
    text
}

/// A fetch or pull: how it ended, from where to where.
pub fn remote(command: &str, fabric: &str, report: &RemoteReport, look: Look) -> String {
    let branch = clean_line(&report.branch);
    let end = match report.outcome {
        RemoteOutcome::NoChange => look.paint(Role::Muted, "no change"),
        RemoteOutcome::Updated => {
            format!("{} {}", look.paint(Role::Ok, "updated"), moved(report.before.as_deref(), report.after.as_deref()))
        }
    };
    let settled = report.settled.as_ref().map(|settled| format!("  {}\n", clean_line(settled))).unwrap_or_default();
    format!("{command} {}: {end} on {branch}\n{settled}", clean_line(fabric))
}

fn ending(fabric: &str, report: &PushReport, look: Look) -> String {
    let commits = many(report.commits.len(), "commit");
    match report.outcome {
        PushOutcome::Planned => format!("{commits} to send; nothing is sent yet"),
        PushOutcome::Verified => {
            format!("{}: the remote was read back and has {commits} more", look.paint(Role::Ok, "verified"))
        }
        PushOutcome::NoChange => look.paint(Role::Muted, "no change: nothing to send"),
        PushOutcome::Rejected => {
            format!("{} by the server; nothing changed there, {commits} safe here", look.paint(Role::Error, "rejected"))
        }
        PushOutcome::Uncertain => format!(
            "{}: sent, and the answer was lost; `hedgerow fetch {}` settles it",
            look.paint(Role::Warn, "uncertain"),
            clean_line(fabric)
        ),
    }
}

/// From where to where; a commit that is not made yet has no id.
fn aim(report: &PushReport) -> String {
    let (before, after) = (report.before.as_deref(), report.after.as_deref());
    match (report.outcome, after) {
        (PushOutcome::Planned, None) => format!("{} -> the new commit", tip(before)),
        _ => moved(before, after),
    }
}

fn moved(before: Option<&str>, after: Option<&str>) -> String {
    format!("{} -> {}", tip(before), tip(after))
}

fn tip(id: Option<&str>) -> String {
    id.map_or_else(|| "none".to_owned(), |id| short(id, 7))
}

#[cfg(test)]
mod tests {
    use crate::cli::look::Look;
    use crate::cli::sample;
    use crate::ops::Outcome;

    #[test]
    fn every_commit_is_listed_and_foreign_ones_are_marked() {
        let mut entry = sample::pushed("dc1");
        if let Ok(crate::ops::report::Report::Push(report)) = &mut entry.result {
            let mut foreign = report.commits[0].clone();
            foreign.id = "1234567890".to_owned();
            foreign.fabric = None;
            report.commits.push(foreign);
        }
        let outcome = Outcome { entries: vec![entry], warnings: Vec::new() };
        let text = crate::cli::print::outcome("push", &outcome, Look::default());
        assert!(text.contains("push dc1: 2 commits to send; nothing is sent yet"));
        assert!(text.contains("3f2a9c1 -> 77be012"));
        assert!(text.contains("77be012  ingest(dc1): 1 resource  (dc1; Alice Ng"));
        assert!(text.contains("1234567  ingest(dc1): 1 resource  (NOT OURS; "));
        assert!(text.contains("plan    7f3a21c9\n"));
    }
}
