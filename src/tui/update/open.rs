//! Open: what Enter leads to, and one step back.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::history::Record;
use crate::ops::Operation;
use crate::ops::look::Against;
use crate::tui::looked::Looked;
use crate::tui::state::{FabricScreen, Focus, Past, Screen, State, Tab};
use crate::tui::update::list;
use crate::tui::viewer::{Paper, Viewer};

/// Opens what is selected.
pub(super) fn open(state: &mut State) {
    if state.focus == Focus::Operations {
        if let Some(id) = state.listed().get(state.operation).map(|job| job.id) {
            over(state, Screen::Log { id, scroll: 0 });
            state.focus = Focus::Main;
        }
        return;
    }
    match &state.screen {
        Screen::Fabrics => fabric(state, Tab::Raw),
        Screen::Fabric(open) => {
            let open = open.clone();
            line(state, &open);
        }
        _ => {}
    }
}

/// Shows findings, an error or a log; a fabric that is open stays as it is beneath.
pub(super) fn over(state: &mut State, screen: Screen) {
    match std::mem::replace(&mut state.screen, screen) {
        Screen::Fabric(open) => state.under = Some(open),
        Screen::Findings { .. } | Screen::Error { .. } | Screen::Log { .. } => {}
        _ => state.under = None,
    }
}

/// Opens the selected fabric at a tab.
pub(super) fn fabric(state: &mut State, tab: Tab) {
    if let Some(name) = state.current().map(|row| row.name.clone()) {
        named(state, &name, tab);
    }
}

/// Opens a fabric at a tab.
pub(super) fn named(state: &mut State, name: &str, tab: Tab) {
    // What was left out of the next ingest stays so while the same fabric is open.
    let same = state.opened().filter(|open| open.name == name);
    let left_out = same.map(|open| open.left_out.clone()).unwrap_or_default();
    state.screen = Screen::Fabric(FabricScreen { name: name.to_owned(), tab, selected: 0, left_out });
    state.focus = Focus::Main;
    if state.looked.fabric != name {
        state.looked = Looked::of(name);
    }
}

fn line(state: &mut State, open: &FabricScreen) {
    match open.tab {
        Tab::Overview => {
            if let Screen::Fabric(open) = &mut state.screen {
                open.tab = Tab::Raw;
            }
        }
        Tab::Raw => raw(state, open),
        Tab::Managed => resource(state, open),
        Tab::Diff => {
            let lines = Arc::clone(&state.looked.diff_lines);
            if lines.is_empty() {
                state.say("nothing differs");
            } else {
                view(state, format!("diff of {}", open.name), Paper::Diff, lines, open.selected);
            }
        }
        Tab::History | Tab::Log => past(state, open),
    }
}

fn raw(state: &mut State, open: &FabricScreen) {
    let Some(Ok(status)) = state.row(&open.name).and_then(|row| row.status.as_ref()) else {
        return;
    };
    let first = status.raw.files.get(open.selected).and_then(|file| file.findings.first());
    let top = first.and_then(|finding| finding.line).map_or(0, |line| (line as usize).saturating_sub(4));
    let (path, part) = &state.looked.file;
    let path = path.clone();
    match &part.known {
        None => state.say("reading"),
        Some(Err(failure)) => {
            let message = failure.message.clone();
            state.say(message);
        }
        Some(Ok(file)) => match &file.text {
            Some(text) => {
                let lines = split(text);
                view(state, path, Paper::Yaml, lines, top);
            }
            None => {
                let note = format!("{path} is not shown: {}", file.note);
                state.say(note);
            }
        },
    }
}

fn resource(state: &mut State, open: &FabricScreen) {
    let Some(one) = state.looked.resources.get().and_then(|show| show.resources.get(open.selected)) else {
        return;
    };
    let path = one.path.clone();
    match &one.text {
        Some(text) => {
            let lines = split(text);
            view(state, path, Paper::Yaml, lines, 0);
        }
        None => state.say(format!("{path} holds a secret and is not shown")),
    }
}

fn past(state: &mut State, open: &FabricScreen) {
    let past = state.past(open.tab);
    match past.get(open.selected) {
        Some(Past::Commit(commit)) => {
            let against = Against::Commit(commit.id.clone());
            state.looked.wanted = Some(Operation::Diff { fabrics: vec![open.name.clone()], against });
            state.say("reading the commit");
        }
        Some(Past::Operation(record)) => {
            let (title, lines) = (format!("{} {}", record.operation, record.at), told(record));
            view(state, title, Paper::Plain, Arc::new(lines), 0);
        }
        None => {}
    }
}

/// Everything a record says.
fn told(record: &Record) -> Vec<String> {
    let mut lines = vec![
        format!("Operation  {}", record.operation),
        format!("Fabric     {}", record.fabric),
        format!("When       {}", record.at),
        format!("Result     {}", record.result),
    ];
    lines.extend(record.commit.iter().map(|commit| format!("Commit     {commit}")));
    if let Some(fault) = &record.failure {
        lines.push(format!("Code       {}", fault.code));
        lines.push(format!("Message    {}", fault.message));
        lines.extend(fault.remedy.iter().map(|remedy| format!("What to do {remedy}")));
        lines.extend(fault.detail.lines().map(|line| format!("| {line}")));
    }
    lines
}

/// Shows a text in the viewer; Esc leads back to where one was.
pub(super) fn view(state: &mut State, title: String, paper: Paper, lines: Arc<Vec<String>>, top: usize) {
    let back = std::mem::replace(&mut state.screen, Screen::Fabrics);
    state.screen = Screen::View(Box::new(Viewer::new(title, paper, lines, top, back)));
}

fn split(text: &str) -> Arc<Vec<String>> {
    Arc::new(text.lines().map(str::to_owned).collect())
}

/// Takes one step back.
pub(super) fn back(state: &mut State) {
    if state.is_zoomed {
        state.is_zoomed = false;
        return;
    }
    if state.focus == Focus::Operations {
        state.focus = Focus::Main;
        return;
    }
    let screen = std::mem::replace(&mut state.screen, Screen::Fabrics);
    let is_over = matches!(screen, Screen::Findings { .. } | Screen::Error { .. } | Screen::Log { .. });
    if let Some(open) = state.under.take_if(|_| is_over) {
        state.screen = Screen::Fabric(open);
        return;
    }
    state.screen = match screen {
        Screen::Fabrics => {
            list::step_back(state);
            Screen::Fabrics
        }
        Screen::Findings { mut reports, .. } if reports.len() == 1 => {
            let name = reports.pop().map(|(name, _)| name).unwrap_or_default();
            Screen::Fabric(FabricScreen { name, tab: Tab::Raw, selected: 0, left_out: BTreeSet::new() })
        }
        Screen::View(viewer) => *viewer.back,
        _ => Screen::Fabrics,
    };
}
