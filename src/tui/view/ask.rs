//! The smaller questions: a plan that moved, and quitting while something runs.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::fabric::message::count;
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
    let mut lines =
        vec![Line::default(), Line::from(format!(" {running} running and {queued} queued.")), Line::default()];
    let width = usize::from(inside.width);
    for job in &jobs {
        lines.extend(told(job, theme).into_iter().map(|line| Line::from(cut(&line, width))));
    }
    lines.push(Line::default());
    lines.push(Line::from("   w  wait, then quit           (default)"));
    lines.push(Line::from("   d  drop the queue, wait for what runs, then quit"));
    lines.push(Line::from("   b  back"));
    pane::lines(frame, inside, lines, 0);
}

fn told(job: &Job, theme: Theme) -> Vec<String> {
    let head = format!("{} {} {}", job.id, job.operation.name(), job.fabric);
    if job.stage == Stage::Queued {
        return vec![format!("   {} {head}   queued, can be dropped", theme.symbol(".", "⋯"))];
    }
    let phase = job.progress.as_ref().map(|progress| progress.phase);
    let doing = phase.map_or("starting", crate::progress::Phase::word);
    let mut lines = vec![format!("   {} {head}   {doing}", theme.symbol(">", "⟳"))];
    if phase.is_some_and(|phase| !phase.can_stop()) {
        lines.push("        too late to stop it; quitting now would only hide the result".to_owned());
    }
    lines
}
