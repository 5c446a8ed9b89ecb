//! The addition of a fabric: what goes into the configuration, and what is pushed besides its commit.

use ratatui::text::{Line, Span};

use crate::fabric::message::count;
use crate::ops::Entry;
use crate::ops::joint::{Joint, Reach};
use crate::ops::question::is_pending;
use crate::ops::report::Report;
use crate::text::{clean_line, cut};
use crate::tui::theme::{Role, Theme};
use crate::tui::view::confirm::{pair, push};
use crate::tui::view::pane;

/// The lines that go into the configuration, what follows, and where that is pushed to.
pub(super) fn lines(joint: &Joint, theme: Theme, width: usize) -> Vec<Line<'static>> {
    let place = clean_line(&joint.add.path.display().to_string());
    let mut lines = vec![pair("Adds", &format!("to {place}"), width)];
    let style = theme.style(Role::Added);
    let shown = joint.add.addition.shown();
    lines.extend(
        shown.lines().map(|line| Line::from(Span::styled(cut(&format!("   + {}", clean_line(line)), width), style))),
    );
    for (at, line) in pane::wrap(&then(joint), width.saturating_sub(9)).into_iter().enumerate() {
        lines.push(pair(if at == 0 { "Then" } else { "" }, &line, width));
    }
    if let Some(failure) = joint.push.as_ref().and_then(Entry::failure) {
        let text = format!("{} {}", failure.code, failure.message);
        let wrapped = pane::wrap(&clean_line(&text), width.saturating_sub(3));
        let style = theme.style(Role::Error);
        lines.extend(wrapped.into_iter().map(|line| Line::from(Span::styled(format!("   {line}"), style))));
    }
    lines.push(Line::default());
    lines.extend(joint.sending().iter().flat_map(|push| push::head(push, theme, width)));
    lines
}

fn then(joint: &Joint) -> String {
    let Some(init) = &joint.init else { return "nothing is to be initialised".to_owned() };
    let others = match joint.push.as_ref().map(|push| &push.result) {
        Some(Ok(Report::Push(push))) => push.commits.len(),
        _ => 0,
    };
    match (is_pending(init), joint.reach) {
        _ if init.failure().is_some() => "init cannot run yet; the fabric is added nevertheless".to_owned(),
        (false, _) => "nothing is to be initialised".to_owned(),
        (true, Reach::Push) if !joint.pushes() => "init makes one commit; it cannot be pushed yet:".to_owned(),
        (true, Reach::Push) if others == 0 => "init makes one commit, which is pushed and read back".to_owned(),
        (true, Reach::Push) => {
            let others = count(others, "commit", "commits");
            format!("init makes one commit; it and {others} that the remote lacks are pushed and read back")
        }
        (true, _) => "init makes one commit, NOT pushed".to_owned(),
    }
}

/// Every file of the commits that are pushed besides.
pub(super) fn others(joint: &Joint, theme: Theme, width: usize) -> Vec<Line<'static>> {
    match joint.push.as_ref().map(|push| &push.result) {
        Some(Ok(Report::Push(besides))) if !besides.paths.is_empty() => {
            let mut lines = vec![Line::default()];
            lines.extend(push::files(besides, "in the commits pushed besides", theme, width));
            lines
        }
        _ => Vec::new(),
    }
}
