//! The operations: what runs, what waits, what came of the last ones.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};

use crate::tui::action::Action;
use crate::tui::state::{Focus, Job, JobId, Stage, State};
use crate::tui::theme::{Role, Theme};
use crate::tui::view::pane;

/// From this height on the steps of one operation stand below the list.
const TALL: u16 = 8;
/// Below this width a line has no columns and no bar.
const NARROW: usize = 70;
/// Operations that are listed above them.
const LISTED: u16 = 4;

/// Draws the pane, or one line where there is no room for a pane.
pub(super) fn draw(frame: &mut Frame, area: Rect, state: &State, theme: Theme) {
    let jobs = state.listed();
    let open = |stage: &[Stage]| jobs.iter().filter(|job| stage.contains(&job.stage)).count();
    let right = format!("{} running, {} queued", open(&[Stage::Running, Stage::Stopping]), open(&[Stage::Queued]));
    let width = usize::from(area.width);
    if area.height < 3 {
        let lines = jobs.first().map(|job| line(job, state, theme, width)).into_iter().collect();
        pane::lines(frame, area, lines, 0);
        return;
    }
    let is_focused = state.focus == Focus::Operations && state.dialog.is_none();
    let inside = pane::frame(frame, area, "4 Operations", &right, is_focused, theme);
    if jobs.is_empty() {
        let text = state
            .keymap
            .fill(" Nothing was done yet. What runs is shown here; {operations} comes here, {open} its steps.");
        let told = crate::text::cut(&text, usize::from(inside.width));
        pane::lines(frame, inside, vec![Line::from(Span::styled(told, theme.style(Role::Muted)))], 0);
        return;
    }
    // Where there is room, the steps of one stand below.
    let rows = if inside.height >= TALL && !state.is_zoomed { LISTED } else { inside.height };
    let [inside, below] = Layout::vertical([Constraint::Length(rows), Constraint::Min(0)]).areas(inside);
    let width = usize::from(inside.width);
    let selected = |at: usize| is_focused && at == state.operation;
    let lines: Vec<Line> = jobs
        .iter()
        .enumerate()
        .map(|(at, job)| {
            let line = line(job, state, theme, width);
            if selected(at) { line.patch_style(theme.style(Role::Selection)) } else { line }
        })
        .collect();
    let first = if is_focused { pane::first_shown(state.operation, inside.height) } else { 0 };
    pane::lines(frame, inside, lines, first);
    let told = if is_focused { jobs.get(state.operation) } else { jobs.first() };
    if let Some(job) = told.filter(|_| below.height > 1) {
        steps(frame, below, job, theme);
    }
}

/// The last steps of an operation.
fn steps(frame: &mut Frame, area: Rect, job: &Job, theme: Theme) {
    let width = usize::from(area.width);
    let room = usize::from(area.height) - 1;
    let title = format!(" Log of {}", job.id);
    let mut lines = vec![Line::from(Span::styled(title, theme.style(Role::Title)))];
    let first = job.log.len().saturating_sub(room);
    let cut = |line: &String| Line::from(crate::text::cut(&format!(" {line}"), width));
    lines.extend(job.log.iter().skip(first).map(cut));
    pane::lines(frame, area, lines, 0);
}

/// Draws what one operation did, step by step.
pub(super) fn draw_log(frame: &mut Frame, area: Rect, state: &State, id: JobId, scroll: usize, theme: Theme) {
    let job = state.jobs.iter().find(|job| job.id == id);
    let title =
        job.map_or_else(|| format!("Operation {id}"), |job| format!("{id} {} {}", job.operation.name(), job.fabric));
    let inside = pane::frame(frame, area, &title, "log", true, theme);
    let lines: Vec<Line> = log_lines(job, inside.width).into_iter().map(Line::from).collect();
    let most = lines.len().saturating_sub(usize::from(inside.height));
    pane::lines(frame, inside, lines, scroll.min(most));
}

/// The steps of an operation, none cut off: what does not fit goes on below its time.
pub(super) fn log_lines(job: Option<&Job>, width: u16) -> Vec<String> {
    let width = usize::from(width).saturating_sub(2);
    let log = job.map_or(&[][..], |job| &job.log);
    let indented = |(at, line): (usize, String)| if at == 0 { format!(" {line}") } else { format!("   {line}") };
    let wrapped = |line: &String| pane::wrap(line, width.saturating_sub(2)).into_iter().enumerate().map(indented);
    log.iter().flat_map(wrapped).collect()
}

fn line(job: &Job, state: &State, theme: Theme, width: usize) -> Line<'static> {
    let (ascii, unicode, role) = match job.stage {
        Stage::Queued => (".", "⋯", Role::Muted),
        Stage::Running | Stage::Stopping => (">", "⟳", Role::Info),
        Stage::Done => ("=", "✓", Role::Ok),
        Stage::NoChange => (".", "∙", Role::Muted),
        Stage::Failed => ("X", "✗", Role::Error),
        Stage::Uncertain => ("?", "?", Role::Warn),
    };
    let symbol = theme.symbol(ascii, unicode);
    if width < NARROW {
        let text = format!(" {symbol} {} {} {}  ", job.id, job.operation.name(), job.fabric);
        let tail = match job.stage {
            Stage::Queued => state.keymap.fill("  {stop} drop"),
            Stage::Running if state.can_stop(job.id) => state.keymap.fill("  {stop} stop"),
            _ => String::new(),
        };
        let room = width.saturating_sub(crate::text::width(&tail));
        let text = pane::cell(&crate::text::cut(&format!("{text}{}", briefly(job, state)), room), room);
        return Line::from(vec![Span::styled(text, theme.style(role)), Span::styled(tail, theme.style(Role::Muted))]);
    }
    let head = format!(" {symbol} {:<3}{:<9}{} ", job.id, job.operation.name(), pane::cell(&job.fabric, 14));
    let tail = format!(" {}", tail(job, state));
    let room = width.saturating_sub(crate::text::width(&head) + crate::text::width(&tail) + 1);
    let middle = pane::cell(&crate::text::cut(&middle(job, state), room), room);
    Line::from(vec![
        Span::styled(head, theme.style(role)),
        Span::raw(middle),
        Span::styled(format!("{tail} "), theme.style(Role::Muted)),
    ])
}

fn middle(job: &Job, state: &State) -> String {
    match job.stage {
        Stage::Queued => match state.ahead_of(job) {
            Some(id) => format!("queued behind {id} (same repository)"),
            None => "queued".to_owned(),
        },
        Stage::Running | Stage::Stopping => match &job.progress {
            Some(progress) => match progress.total.filter(|total| *total > 0 && progress.silent.is_none()) {
                Some(total) => {
                    let bar = bar(progress.phase.word(), progress.done, total);
                    format!("{bar} {}", progress.note).trim_end().to_owned()
                }
                None => progress.words(),
            },
            None => "starting".to_owned(),
        },
        _ => job.result.clone(),
    }
}

/// How far it is, without a bar.
fn briefly(job: &Job, state: &State) -> String {
    let progress = job.progress.as_ref().filter(|_| job.stage == Stage::Running);
    match progress.and_then(|progress| Some((progress, progress.total.filter(|total| *total > 0)?))) {
        Some((progress, total)) => format!("{} {}/{total}", progress.phase.word(), progress.done),
        None => middle(job, state),
    }
}

fn bar(phase: &str, done: u64, total: u64) -> String {
    let full = usize::try_from(done.min(total) * 10 / total).unwrap_or(10);
    format!("[{}{}] {phase} {done}/{total}", "#".repeat(full), ".".repeat(10 - full))
}

fn tail(job: &Job, state: &State) -> String {
    match job.stage {
        Stage::Queued => state.keymap.fill("{stop} drop"),
        Stage::Stopping => "stopping".to_owned(),
        Stage::Running => {
            let seconds = state.now.ms.saturating_sub(job.started) / 1000;
            let stop = format!("{} stop", state.keymap.key(Action::Stop));
            // Too late to stop: nothing is offered, and nothing moves.
            let stop = if state.can_stop(job.id) { stop } else { " ".repeat(crate::text::width(&stop)) };
            format!("{}:{:02} {stop}", seconds / 60, seconds % 60)
        }
        _ => job.ended.clone(),
    }
}
