//! The state of fabrics as a table, and of one fabric in detail.

use super::findings::{self, many};
use super::short;
use super::table::{self, Cell};
use crate::cli::look::{Look, Role};
use crate::ops::Entry;
use crate::ops::report::{DirectoryState, GitState, RawStatus, Report, StatusReport};
use crate::text::clean_line;

/// The table; below it what needs a sentence, and for a single fabric everything known.
pub fn text(entries: &[Entry], look: Look) -> String {
    if entries.is_empty() {
        return "No fabric is configured. `hedgerow add NAME --repo PATH --directory DIR` adds one.\n".to_owned();
    }
    let head = ["FABRIC", "DIRECTORY", "GIT", "RAW", "NEXT STEP"];
    let mut rows = vec![head.map(Cell::plain).to_vec()];
    rows.extend(entries.iter().map(|entry| row(entry, look)));
    let mut text = table::lines(&rows, look);
    for entry in entries {
        if let Ok(Report::Status(report)) = &entry.result {
            text.push_str(&remarks(&entry.fabric, report));
            if entries.len() == 1 {
                text.push_str(&detail(report, look));
            }
        }
    }
    text
}

fn row(entry: &Entry, look: Look) -> Vec<Cell> {
    let name = Cell::plain(&entry.fabric);
    let Ok(Report::Status(report)) = &entry.result else {
        let error = format!("{} Error", look.symbol("X", "✗"));
        let unknown = || Cell::of(Role::Muted, "? Unknown");
        return vec![name, Cell::of(Role::Error, &error), unknown(), Cell::plain("?"), Cell::plain("see the error")];
    };
    let next = report.next.as_ref().map_or("-", |next| next.action.as_str());
    vec![name, directory(report, look), git(report, look), Cell::plain(&raw(&report.raw)), Cell::plain(next)]
}

fn directory(report: &StatusReport, look: Look) -> Cell {
    let findings = report.directory.findings.iter();
    let errors = findings.filter(|finding| finding.is_error()).count();
    let invalid = format!("Invalid {errors}");
    let (ascii, unicode, word, role) = match report.directory.state {
        DirectoryState::NotInitialized => ("-", "∅", "Not init", Role::Muted),
        DirectoryState::Initializing => (">", "⟳", "Initing", Role::Info),
        DirectoryState::Initialized => ("=", "✓", "Ready", Role::Ok),
        DirectoryState::Incomplete => ("!", "!", "Incomplete", Role::Warn),
        DirectoryState::Invalid => ("!", "!", invalid.as_str(), Role::Error),
        DirectoryState::Error => ("X", "✗", "Error", Role::Error),
    };
    Cell::of(role, &format!("{} {word}", look.symbol(ascii, unicode)))
}

fn git(report: &StatusReport, look: Look) -> Cell {
    let git = &report.git;
    let word = match git.state {
        GitState::Ahead => format!("Ahead {}", git.ahead),
        GitState::Behind => format!("Behind {}", git.behind),
        GitState::Diverged => format!("Diverged {}/{}", git.ahead, git.behind),
        GitState::Dirty => format!("Edited {}", git.edited.len()),
        GitState::InSync => "In sync".to_owned(),
        GitState::NoAccess => "No access".to_owned(),
        GitState::Offline => "Offline".to_owned(),
        GitState::Locked => "Busy".to_owned(),
        GitState::Unborn => "Unborn".to_owned(),
        GitState::Unknown => "Unknown".to_owned(),
        GitState::WrongBranch => "Wrong branch".to_owned(),
    };
    let (ascii, unicode, role) = match git.state {
        GitState::InSync => ("=", "✓", Role::Ok),
        GitState::Ahead => ("^", "⇡", Role::Info),
        GitState::Behind => ("v", "⇣", Role::Warn),
        GitState::Diverged => ("%", "⇅", Role::Error),
        GitState::Dirty => ("*", "*", Role::Warn),
        GitState::NoAccess => ("X", "✗", Role::Error),
        GitState::Offline | GitState::Unknown => ("?", "?", Role::Muted),
        GitState::Locked => (".", "⋯", Role::Muted),
        GitState::Unborn => ("-", "∅", Role::Muted),
        GitState::WrongBranch => ("!", "!", Role::Error),
    };
    Cell::of(role, &format!("{} {word}", look.symbol(ascii, unicode)))
}

fn raw(raw: &RawStatus) -> String {
    if raw.invalid > 0 {
        return format!("{} !{}", raw.pending, raw.invalid);
    }
    raw.pending.to_string()
}

fn remarks(fabric: &str, report: &StatusReport) -> String {
    let name = clean_line(fabric);
    let mut text = String::new();
    if !report.git.note.is_empty() {
        text.extend([format!("{name}: {}\n", clean_line(&report.git.note))]);
    }
    if let Some(why) = &report.read_only {
        text.extend([format!("{name}: read-only, {}\n", clean_line(why))]);
    }
    if let Some(last) = &report.last_error {
        let line = format!("{fabric}: {} failed at {}: {} {}", last.operation, last.at, last.code, last.message);
        text.extend([format!("{}\n", clean_line(&line))]);
    }
    text
}

fn detail(report: &StatusReport, look: Look) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: &str| {
        text.extend([format!("{name:<12}{}\n", clean_line(value))]);
    };
    line("Repository", &report.repository);
    line("Directory", crate::config::directory::shown(&report.path));
    let head = report.git.head.as_deref().map_or("no commit".to_owned(), |id| short(id, 7));
    line("Branch", &format!("{} at {head}", report.git.branch));
    line("Checked", report.git.checked_at.as_deref().unwrap_or("never"));
    if let Some(profile) = &report.profile {
        let protected = if report.protected { ", protected" } else { "" };
        line("Profile", &format!("{profile}{protected}"));
    }
    let kinds: Vec<String> = report.managed.kinds.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
    line("Managed", &format!("{}  {}", report.managed.total, kinds.join(", ")));
    line("Hydration", &report.managed.hydration.words());
    if let Some(last) = &report.last_operation {
        let commit = last.commit.as_deref().map(|id| short(id, 7)).unwrap_or_default();
        let value = format!("{} {} {commit} at {}", last.operation, last.result, last.at);
        line("Last", &value);
    }
    if !report.directory.missing.is_empty() {
        line("Missing", &report.directory.missing.join(", "));
    }
    text.push_str(&super::show::missing(&report.managed.hydration));
    text.push_str(&files(report, look));
    text.push_str(&findings::lines(&report.directory.findings, look));
    text
}

/// The raw files of one fabric, what an ingest would make of each, and what is wrong with it.
pub fn raw_files(fabric: &str, report: &StatusReport, look: Look) -> String {
    let raw = &report.raw;
    let counts = if raw.files.is_empty() {
        "no raw files".to_owned()
    } else {
        format!("{} pending, {} invalid, {} left out", raw.pending, raw.invalid, raw.left_out)
    };
    format!("raw {}: {counts}\n{}", clean_line(fabric), files(report, look))
}

fn files(report: &StatusReport, look: Look) -> String {
    let mut rows = Vec::new();
    for file in &report.raw.files {
        let outcomes: Vec<String> =
            file.outcomes.iter().map(|(outcome, count)| format!("{count} {}", outcome.word())).collect();
        rows.push(vec![
            Cell::plain(&format!("  {}", file.path)),
            Cell::plain(&many(file.documents, "document")),
            Cell::plain(&outcomes.join(", ")),
        ]);
    }
    let mut text = table::lines(&rows, look);
    for file in &report.raw.files {
        text.push_str(&findings::lines(&file.findings, look));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::text;
    use crate::cli::look::Look;
    use crate::cli::sample;

    #[test]
    fn the_table_has_a_symbol_and_a_word_a_cell() {
        let entries = [sample::status("dc1"), sample::failed("dc2")];
        let expected = concat!(
            "FABRIC  DIRECTORY  GIT        RAW   NEXT STEP\n",
            "dc1     = Ready    ^ Ahead 2  3 !1  push\n",
            "dc2     X Error    ? Unknown  ?     see the error\n",
        );
        assert_eq!(text(&entries, Look::default()), expected);
        let unicode = text(&entries, Look { unicode: true, color: false });
        assert!(unicode.contains("✓ Ready    ⇡ Ahead 2"));
    }

    #[test]
    fn one_fabric_is_told_in_detail_and_none_is_said() {
        let shown = text(&[sample::status("dc1")], Look::default());
        assert!(shown.contains("Repository  /src/net\n"));
        assert!(shown.contains("Branch      main at 77be012\n"));
        assert!(text(&[], Look::default()).starts_with("No fabric is configured"));
    }
}
