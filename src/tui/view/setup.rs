//! The first run and the form: what was found, what would be written, what is asked for.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::ops::Failure;
use crate::text::{clean_line, cut, cut_middle};
use crate::tui::setup::{FIELDS, FirstRun, Form};
use crate::tui::theme::{Role, Theme};
use crate::tui::view::pane;

/// From this many rows on the form has blank lines.
const ROOMY: u16 = 12;

/// Draws the first run.
pub(super) fn draw(frame: &mut Frame, area: Rect, run: &FirstRun, theme: Theme) {
    match &run.plan {
        Some(plan) => draw_plan(frame, area, run, &plan.0.text, theme),
        None => draw_choice(frame, area, run, theme),
    }
}

fn draw_choice(frame: &mut Frame, area: Rect, run: &FirstRun, theme: Theme) {
    let inside = pane::frame(frame, area, "Which fabrics should I watch?", "step 1 of 2", true, theme);
    let width = usize::from(inside.width).saturating_sub(2);
    let mut lines = vec![Line::from(" No configuration found. I looked in:")];
    lines.extend(
        run.looked.iter().map(|place| Line::from(format!("   {}", cut_middle(place, width.saturating_sub(3))))),
    );
    lines.push(Line::default());
    lines.extend(choices(run, theme, width));
    lines.push(Line::default());
    lines.push(Line::from(cut(&access(run, theme), width)));
    let target = cut_middle(&run.target, width.saturating_sub(40).max(20));
    lines.push(Line::from(format!(" Would write {target}; Enter shows it first.")));
    lines.push(Line::from(" No token is stored: Git's credential helpers and keys are used when needed."));
    let height = usize::from(inside.height);
    let first =
        (run.looked.len() + run.selected * 2 + 8).saturating_sub(height).min(lines.len().saturating_sub(height));
    pane::lines(frame, inside, lines, first);
}

/// What the remote of the selected directory allows, as far as it was tried.
fn access(run: &FirstRun, theme: Theme) -> String {
    let selected = run.found.as_ref().and_then(|found| found.get(run.selected));
    let word = |answer: &Result<(), Failure>| match answer {
        Ok(()) => format!("{} OK", theme.symbol("=", "✓")),
        Err(failure) => format!("{} refused, {}", theme.symbol("X", "✗"), failure.code),
    };
    match selected.and_then(|wanted| run.access.get(&wanted.repository)) {
        None => " Access  ? not tried  (t tests reading, and writing by a dry run)".to_owned(),
        Some(None) => " Access  testing ...".to_owned(),
        Some(Some(access)) => {
            let write = access.write.as_ref().map_or_else(|| format!("? not tried: {}", access.note), word);
            format!(" Access  read {}   write {write}", word(&access.read))
        }
    }
}

fn choices(run: &FirstRun, theme: Theme, width: usize) -> Vec<Line<'static>> {
    let Some(found) = &run.found else {
        return vec![Line::from(" Looking around this folder, in those above and directly below ...")];
    };
    let heading = if found.is_empty() {
        " No GitOps directory around here. Name another place, or press d for a demo."
    } else {
        " Found on this machine:"
    };
    let mut lines = vec![Line::from(cut(heading, width))];
    let mut repository = "";
    for (at, wanted) in found.iter().enumerate() {
        if wanted.repository != repository {
            repository = &wanted.repository;
            let text = cut_middle(&clean_line(repository), width.saturating_sub(3));
            lines.push(Line::from(Span::styled(format!("   {text}"), theme.style(Role::Title))));
        }
        let mark = if run.chosen.contains(&at) { "x" } else { " " };
        let directory = if wanted.directory.is_empty() { "." } else { &wanted.directory };
        let remark = run.remarks.get(at).map_or("", String::as_str);
        let room = width.saturating_sub(34).max(27).min(width.saturating_sub(10));
        lines.push(choice(
            run.selected == at,
            &cut(&format!("[{mark}] {} {remark}", pane::cell(&clean_line(directory), room)), width.saturating_sub(4)),
            theme,
        ));
    }
    let text = match &run.typing {
        Some(text) => format!("[ ] folder, or address and directory: {}_", clean_line(text)),
        None => "[ ] another clone or address ...".to_owned(),
    };
    lines.push(choice(run.selected == found.len(), &text, theme));
    lines
}

fn choice(is_selected: bool, text: &str, theme: Theme) -> Line<'static> {
    let mark = if is_selected { ">" } else { " " };
    let role = if is_selected { Role::Selection } else { Role::Text };
    Line::from(Span::styled(format!("   {mark} {text}"), theme.style(role)))
}

fn draw_plan(frame: &mut Frame, area: Rect, run: &FirstRun, text: &str, theme: Theme) {
    let inside = pane::frame(frame, area, "Write this configuration?", "step 2 of 2", true, theme);
    let width = usize::from(inside.width).saturating_sub(2);
    let mut lines =
        vec![Line::from(format!(" To {}:", cut_middle(&run.target, width.saturating_sub(5)))), Line::default()];
    lines
        .extend(text.lines().map(|line| Line::from(format!("   {}", cut(&clean_line(line), width.saturating_sub(3))))));
    let below = 2;
    let [above, last] = ratatui::layout::Layout::vertical([
        ratatui::layout::Constraint::Min(1),
        ratatui::layout::Constraint::Length(below),
    ])
    .areas(inside);
    let most = lines.len().saturating_sub(usize::from(above.height));
    let more =
        if most > run.scroll { format!(" {} more lines, j shows them", most - run.scroll) } else { String::new() };
    pane::lines(frame, above, lines, run.scroll.min(most));
    let question = "        [ Back ]        press y to write it        n, Esc = back";
    pane::lines(frame, last, vec![Line::from(more), Line::from(Span::styled(question, theme.style(Role::Title)))], 0);
}

/// Draws the form for a fabric.
pub(super) fn draw_form(frame: &mut Frame, area: Rect, form: &Form, theme: Theme) {
    let inside = pane::frame(frame, area, "Add a fabric", "", true, theme);
    let width = usize::from(inside.width).saturating_sub(2);
    // In a small window nothing stands apart, and what is wrong takes the place of the explanation.
    let is_tight = inside.height < ROOMY;
    let mut parts = vec![fields(form, width, theme)];
    let told = |text: &str, role| -> Vec<Line<'static>> {
        let lines = pane::wrap(&clean_line(text), width.saturating_sub(2)).into_iter();
        lines.map(|line| Line::from(Span::styled(format!("   {line}"), theme.style(role)))).collect()
    };
    if form.wrong.is_none() || !is_tight {
        parts.push(told(FIELDS[form.at].1, Role::Muted));
    }
    if let Some(failure) = &form.wrong {
        parts.push(told(&format!("{} {}", failure.code, failure.message), Role::Error));
    }
    let next = "Enter shows what would be written, the layout and the push. Nothing is written yet.";
    let next = if is_tight { "Nothing is written yet." } else { next };
    parts.push(pane::wrap(next, width).into_iter().map(|line| Line::from(format!(" {line}"))).collect());
    let apart = |mut part: Vec<Line<'static>>| {
        if !is_tight {
            part.insert(0, Line::default());
        }
        part
    };
    pane::lines(frame, inside, parts.into_iter().flat_map(apart).collect(), 0);
}

/// The fields and what stands in them.
fn fields(form: &Form, width: usize, theme: Theme) -> Vec<Line<'static>> {
    let line = |(at, (name, _)): (usize, &(&str, &str))| {
        let is_open = form.at == at;
        let cursor = if is_open { "_" } else { "" };
        let shown = cut_middle(&clean_line(&form.texts[at]), width.saturating_sub(16));
        let role = if is_open { Role::Title } else { Role::Text };
        let mark = if is_open { ">" } else { " " };
        Line::from(Span::styled(format!(" {mark} {name:<11} {shown}{cursor}"), theme.style(role)))
    };
    FIELDS.iter().enumerate().map(line).collect()
}
