//! A plan that sends commits: where to, which, and every file they change.

use ratatui::text::{Line, Span};

use crate::fabric::message::count;
use crate::ops::report::{PushCommit, PushReport};
use crate::text::{clean_line, cut, cut_middle};
use crate::tui::theme::{Role, Theme};
use crate::tui::view::confirm::pair;

/// The plan in short.
pub(super) fn lines(push: &PushReport, theme: Theme, width: usize) -> Vec<Line<'static>> {
    let mut lines = head(push, theme, width);
    lines.extend(files(push, "in these commits", theme, width));
    lines
}

/// Where to, and which commits; one that is not made yet has no id.
pub(super) fn head(push: &PushReport, theme: Theme, width: usize) -> Vec<Line<'static>> {
    let after = push.after.as_deref().map_or("the new commit", |id| id.get(..7).unwrap_or(id));
    let short = |id: &Option<String>| id.as_deref().and_then(|id| id.get(..7)).unwrap_or("nothing").to_owned();
    let (added, changed, deleted) = push.files;
    let mut lines = vec![
        pair("To", &push.remote, width),
        pair("Branch", &format!("{}   fast-forward only, never forced", push.branch), width),
        pair("Remote", &format!("{} (read just now)  ->  {after} after the push", short(&push.before)), width),
        pair("Files", &format!("{added} added, {changed} changed, {deleted} deleted"), width),
        Line::default(),
        Line::from(Span::styled(
            format!(" {}", count(push.commits.len(), "commit", "commits")),
            theme.style(Role::Title),
        )),
    ];
    lines.extend(push.commits.iter().map(|one| commit(one, theme, width)));
    lines.push(Line::default());
    for (at, who) in push.watched_by.iter().enumerate() {
        lines.push(pair(if at == 0 { "Watched" } else { "" }, &format!("by {who}"), width));
    }
    lines.push(Line::from(" The remote is read back afterwards; only then it says Verified."));
    lines.push(Line::default());
    lines
}

/// One commit: which, what, whose.
pub(super) fn commit(commit: &PushCommit, theme: Theme, width: usize) -> Line<'static> {
    let id = if commit.id.is_empty() { "new    " } else { commit.id.get(..7).unwrap_or(&commit.id) };
    let whose = commit.fabric.as_ref().map_or("NOT HEDGEROW'S".to_owned(), |fabric| format!("({fabric})"));
    let role = if commit.fabric.is_some() { Role::Text } else { Role::Warn };
    let author = commit.author.split(" <").next().unwrap_or_default();
    let text = cut(&clean_line(&format!("{id}  {}  {whose}  {author}", commit.subject)), width.saturating_sub(3));
    Line::from(Span::styled(format!("   {text}"), theme.style(role)))
}

/// Every file the commits change, deletions first.
pub(super) fn files(push: &PushReport, which: &str, theme: Theme, width: usize) -> Vec<Line<'static>> {
    paths(&push.paths, which, theme, width)
}

/// Files by what happens to them, deletions first.
pub(super) fn paths(paths: &[(char, String)], which: &str, theme: Theme, width: usize) -> Vec<Line<'static>> {
    let mut paths: Vec<&(char, String)> = paths.iter().collect();
    paths.sort_by_key(|(sign, path)| (*sign != 'D', path));
    let line = |(sign, path): &(char, String)| {
        let role = match sign {
            'A' => Role::Added,
            'D' => Role::Removed,
            _ => Role::Warn,
        };
        let path = cut_middle(&clean_line(path), width.saturating_sub(6));
        Line::from(vec![Span::styled(format!("   {sign} "), theme.style(role)), Span::raw(path)])
    };
    let total = count(paths.len(), "file", "files");
    let head = Line::from(Span::styled(format!(" {total} {which}"), theme.style(Role::Title)));
    std::iter::once(head).chain(paths.into_iter().map(line)).collect()
}
