//! Typed: what is asked for in words and shown in a tab or in the viewer.

use std::sync::Arc;

use crate::error::{Error, Result};
use crate::fabric::finding::Finding;
use crate::fabric::finding::book::{self, Rule};
use crate::fabric::message::count;
use crate::fabric::secret;
use crate::ops::Operation;
use crate::ops::look::Against;
use crate::ops::report::Report;
use crate::ops::report::shown::{ExportReport, ShowReport};
use crate::text::clean_line;
use crate::tui::state::{Screen, State, Tab};
use crate::tui::update::open;
use crate::tui::viewer::Paper;

/// Opens the tab that shows what an operation reads, and reads it for the viewer where no tab does.
pub(super) fn look(state: &mut State, operation: Operation, fabric: &str) {
    let (tab, wanted) = match operation {
        Operation::Show { ref resources, .. } if resources.is_empty() => (Tab::Managed, None),
        Operation::Show { .. } | Operation::Export { .. } => (Tab::Managed, Some(operation)),
        Operation::Diff { against: Against::Local, .. } => (Tab::Diff, None),
        Operation::Diff { .. } => (Tab::Diff, Some(operation)),
        _ => (Tab::History, None),
    };
    open::named(state, fabric, tab);
    state.say(if wanted.is_some() { "reading".to_owned() } else { state.keymap.fill("{back} goes back") });
    state.looked.wanted = wanted;
}

/// Opens the raw files of a fabric.
pub(super) fn raw(state: &mut State, fabric: &str) {
    open::named(state, fabric, Tab::Raw);
    state.say(state.keymap.fill("{back} goes back"));
}

/// Shows what was read in the viewer.
pub(super) fn report(state: &mut State, operation: &Operation, report: &Report) {
    match (operation, report) {
        (Operation::Diff { against, .. }, Report::Diff(diff)) if diff.files.is_empty() => {
            state.say(format!("{}: nothing differs", name_of(against)));
        }
        (Operation::Diff { against, .. }, Report::Diff(diff)) => {
            let title = format!("{}, {}", name_of(against), count(diff.files.len(), "file", "files"));
            open::view(state, title, Paper::Diff, Arc::new(diff.lines()), 0);
        }
        (Operation::Show { resources, .. }, Report::Show(show)) => shown(state, resources, show),
        (_, Report::Export(export)) => exported(state, export),
        _ => {}
    }
    if matches!(state.screen, Screen::View(_)) {
        state.say(state.keymap.fill("{back} goes back"));
    }
}

fn name_of(against: &Against) -> String {
    match against {
        Against::Commit(commit) => format!("commit {}", commit.get(..7).unwrap_or(commit)),
        Against::Revision(revision) => format!("since {revision}"),
        Against::Remote => "what the remote has".to_owned(),
        Against::Local => "what the remote has not".to_owned(),
    }
}

fn shown(state: &mut State, resources: &[String], show: &ShowReport) {
    let mut lines = Vec::new();
    for one in &show.resources {
        lines.push(format!("# {}:{}", one.path, one.line));
        match &one.text {
            Some(text) => lines.extend(text.lines().map(str::to_owned)),
            None => lines.push("# holds a secret and is not shown".to_owned()),
        }
        lines.push("---".to_owned());
    }
    // The marks stand between documents.
    lines.pop();
    open::view(state, resources.join(" "), Paper::Yaml, Arc::new(lines), 0);
}

fn exported(state: &mut State, export: &ExportReport) {
    if secret::find("export.yaml", export.text.as_bytes()).is_some() {
        state.say("the export holds a secret and is not shown");
        return;
    }
    let remarks = export.findings.iter().map(|finding| format!("# {}", remark(finding)));
    let lines = remarks.chain(export.text.lines().map(str::to_owned)).collect();
    let documents = count(export.documents, "document", "documents");
    let title = if export.text.is_empty() { "nothing can be exported whole".to_owned() } else { documents };
    open::view(state, format!("export, {title}"), Paper::Yaml, Arc::new(lines), 0);
}

fn remark(finding: &Finding) -> String {
    let line = finding.line.map(|line| format!(":{line}")).unwrap_or_default();
    clean_line(&format!("{} {}{line}: {}", finding.code, finding.file, finding.message))
}

/// Shows what a code means; all codes where none is given.
///
/// # Errors
/// [`Error::Usage`] for a code that is none.
pub(super) fn explain(state: &mut State, code: Option<&str>) -> Result<()> {
    let (title, lines) = match code {
        None => {
            let rules = book::rules();
            let lines = rules.iter().map(|rule| format!("{:<8} {:<24} {}", rule.code, rule.about, rule.rule));
            ("every code; :explain CODE tells one".to_owned(), lines.collect())
        }
        Some(code) => {
            let rule = book::find(code).ok_or_else(|| Error::Usage(book::unknown(code)))?;
            (rule.code.to_owned(), page(&rule))
        }
    };
    open::view(state, title, Paper::Plain, Arc::new(lines), 0);
    if let Screen::View(viewer) = &mut state.screen {
        viewer.wraps = code.is_some();
    }
    state.say(state.keymap.fill("{back} goes back"));
    Ok(())
}

fn page(rule: &Rule) -> Vec<String> {
    let mut lines = vec![format!("{}  {}", rule.code, rule.about), String::new(), rule.rule.clone(), rule.why.clone()];
    for (title, example) in [("Wrong:", &rule.wrong), ("Right:", &rule.right)] {
        let Some(example) = example else { continue };
        lines.extend([String::new(), title.to_owned(), String::new()]);
        lines.extend(example.lines().map(|line| format!("    {line}")));
    }
    lines
}
