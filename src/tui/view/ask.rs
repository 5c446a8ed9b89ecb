//! The smaller questions: a plan that moved, and quitting while something runs.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::fabric::message::count;
use crate::progress::Phase;
use crate::text::cut;
use crate::tui::state::{Job, Purpose, Stage, State};
use crate::tui::theme::Theme;
use crate::tui::view::pane;

/// Draws what happened to a plan that moved.
pub(super) fn draw_stale(frame: &mut Frame, area: Rect, fabrics: &[String], why: &str, theme: Theme) {
    let title = format!("The plan of {} is out of date", fabrics.join(", "));
    let inside = pane::frame(frame, area, &title, "E-PLAN-STALE", true, theme);
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
    let jobs: Vec<&Job> = state.jobs.iter().filter(|job| job.purpose != Purpose::Status && job.is_open()).collect();
    let queued = jobs.iter().filter(|job| job.stage == Stage::Queued).count();
    let running = count(jobs.len() - queued, "operation is", "operations are");
    let width = usize::from(inside.width);
    let answers = answers(width);
    let height = usize::from(inside.height).saturating_sub(answers.len());
    let mut lines = vec![Line::from(format!(" {running} running and {queued} queued."))];
    lines.extend(jobs.iter().flat_map(|job| told(job, theme, width)).map(|line| Line::from(cut(&line, width))));
    // Where there is room, what belongs together stands apart; the answers are never dropped.
    if lines.len() + 3 <= height {
        lines.insert(1, Line::default());
        lines.insert(0, Line::default());
        lines.push(Line::default());
    }
    lines.truncate(height);
    lines.extend(answers.into_iter().map(Line::from));
    pane::lines(frame, inside, lines, 0);
}

fn answers(width: usize) -> [&'static str; 3] {
    let drop = if width < 60 {
        "   d  drop the queue, wait, then quit"
    } else {
        "   d  drop the queue, wait for what runs, then quit"
    };
    ["   w  wait, then quit           (default)", drop, "   b  back"]
}

fn told(job: &Job, theme: Theme, width: usize) -> Vec<String> {
    let head = format!("{} {} {}", job.id, job.operation.name(), job.fabric);
    if job.stage == Stage::Queued {
        return vec![format!("   {} {head}   queued, can be dropped", theme.symbol(".", "⋯"))];
    }
    let phase = job.progress.as_ref().map(|progress| progress.phase);
    let doing = match phase {
        None => "starting",
        Some(Phase::Wait) => "sent to server, waiting for its answer",
        Some(Phase::Verify) => "sent to server, reading the remote back",
        Some(phase) => phase.word(),
    };
    let head = format!("   {} {head}", theme.symbol(">", "⟳"));
    let mut lines = if crate::text::width(&head) + crate::text::width(doing) + 3 <= width {
        vec![format!("{head}   {doing}")]
    } else {
        vec![head, format!("        {doing}")]
    };
    if phase.is_some_and(|phase| !phase.can_stop()) {
        let late = "too late to stop it; quitting now would only hide the result";
        lines.extend(pane::wrap(late, width.saturating_sub(9)).into_iter().map(|line| format!("        {line}")));
    }
    lines
}
