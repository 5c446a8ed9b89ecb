//! Look: reading what an open tab shows, when it is first wanted and when it has become old.

use crate::ops::look::Against;
use crate::ops::report::seen::DiffReport;
use crate::ops::report::{Report, StatusReport};
use crate::ops::{Entry, Operation};
use crate::tui::event::Effect;
use crate::tui::looked::Looked;
use crate::tui::state::{FabricScreen, Purpose, Screen, State, Tab};
use crate::tui::update::{jobs, typed};

/// Asks for what the open tab lacks; one reading at a time.
pub(super) fn ask(state: &mut State) -> Vec<Effect> {
    let Screen::Fabric(open) = &state.screen else {
        return Vec::new();
    };
    let (name, screen) = (open.name.clone(), open.clone());
    if state.looked.fabric != name {
        state.looked = Looked::of(&name);
    }
    if let Some(Some(Err(failure))) = state.row(&name).map(|row| row.status.clone())
        && state.looked.wanted.take().is_some()
    {
        state.say(failure.message);
    }
    let is_reading = state.jobs.iter().any(|job| is_look(&job.operation) && job.is_open());
    if is_reading || !matches!(state.row(&name).map(|row| &row.status), Some(Some(Ok(_)))) {
        return Vec::new();
    }
    match wanted(state, &screen) {
        Some(operation) => jobs::start(state, operation, Purpose::Status, &name),
        None => Vec::new(),
    }
}

/// Whether an operation reads what a tab shows.
pub(super) fn is_look(operation: &Operation) -> bool {
    matches!(
        operation,
        Operation::File { .. }
            | Operation::Show { .. }
            | Operation::Export { .. }
            | Operation::Diff { .. }
            | Operation::Log { .. }
    )
}

/// The operation that reads what is lacking; it counts as asked from now on.
fn wanted(state: &mut State, open: &FabricScreen) -> Option<Operation> {
    let status = state.row(&open.name)?.status.as_ref()?.as_ref().ok()?;
    let raw = status.raw.files.get(open.selected).map(|file| file.path.clone());
    let against = against(status);
    let looked = &mut state.looked;
    let fabrics = vec![open.name.clone()];
    if let Some(operation) = looked.wanted.clone() {
        return Some(operation);
    }
    let is_asked = match open.tab {
        Tab::Overview => return None,
        Tab::Raw => {
            let path = raw?;
            if looked.file.0 != path {
                looked.file = (path, crate::tui::looked::Part::default());
            }
            &mut looked.file.1.is_asked
        }
        Tab::Managed => &mut looked.resources.is_asked,
        Tab::Diff => &mut looked.diff.is_asked,
        Tab::History | Tab::Log => &mut looked.log.is_asked,
    };
    if std::mem::replace(is_asked, true) {
        return None;
    }
    Some(match open.tab {
        Tab::Managed => Operation::Show { fabrics, resources: Vec::new() },
        Tab::Diff => Operation::Diff { fabrics, against },
        Tab::History | Tab::Log => Operation::Log { fabrics },
        _ => Operation::File { fabric: open.name.clone(), path: looked.file.0.clone() },
    })
}

/// What the tab of differences tells: what the remote has where nothing else differs.
fn against(status: &StatusReport) -> Against {
    let only_behind = status.git.behind > 0 && status.git.ahead == 0 && status.git.edited.is_empty();
    if only_behind { Against::Remote } else { Against::Local }
}

/// Whether a tab shows what an operation reads; what only the viewer wanted belongs to none.
fn is_of_a_tab(state: &State, operation: &Operation) -> bool {
    match operation {
        Operation::Diff { against: told, .. } => match state.row(&state.looked.fabric).map(|row| &row.status) {
            Some(Some(Ok(status))) => *told == against(status),
            _ => matches!(told, Against::Local | Against::Remote),
        },
        Operation::Show { resources, .. } => resources.is_empty(),
        _ => true,
    }
}

/// Takes what was read.
pub(super) fn take(state: &mut State, operation: &Operation, entries: Vec<Entry>) {
    let fabric = state.looked.fabric.clone();
    let is_of_a_tab = is_of_a_tab(state, operation);
    for entry in entries.into_iter().filter(|entry| entry.fabric == fabric) {
        let looked = &mut state.looked;
        if looked.wanted.as_ref() == Some(operation) {
            looked.wanted = None;
            looked.grow_old();
            // Whoever went elsewhere meanwhile does not want it any more.
            let is_here = matches!(&state.screen, Screen::Fabric(open) if open.name == fabric);
            match entry.result {
                _ if !is_here => {}
                Ok(report) => typed::report(state, operation, &report),
                Err(failure) => state.say(failure.message),
            }
            continue;
        }
        if !is_of_a_tab {
            continue;
        }
        match (operation, entry.result) {
            (Operation::Diff { .. }, Ok(Report::Diff(report))) => take_diff(looked, *report),
            (Operation::Show { .. }, Ok(Report::Show(report))) => looked.resources.take(Ok(*report)),
            (Operation::Log { .. }, Ok(Report::Log(report))) => looked.log.take(Ok(*report)),
            (Operation::File { path, .. }, Ok(Report::File(report))) if *path == looked.file.0 => {
                looked.file.1.take(Ok(*report));
            }
            (Operation::Diff { .. }, Err(failure)) => looked.diff.take(Err(failure)),
            (Operation::Show { .. }, Err(failure)) => looked.resources.take(Err(failure)),
            (Operation::Log { .. }, Err(failure)) => looked.log.take(Err(failure)),
            (Operation::File { path, .. }, Err(failure)) if *path == looked.file.0 => {
                looked.file.1.take(Err(failure));
            }
            _ => {}
        }
    }
}

fn take_diff(looked: &mut Looked, report: DiffReport) {
    looked.diff_lines = std::sync::Arc::new(report.lines());
    looked.diff.take(Ok(report));
}
