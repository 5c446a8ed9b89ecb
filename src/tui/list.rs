//! List: which fabrics are shown, in which order, and which are marked.

pub(in crate::tui) mod filter;

use std::collections::BTreeSet;

use crate::ops::report::{DirectoryState, GitState};
use crate::tui::state::Row;

pub use filter::{Filter, contains};

/// Which fabrics are shown, in which order, and which are marked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct List {
    /// The filter as it was typed.
    pub filter: String,
    /// The filter as it was kept last.
    pub kept: String,
    /// Whether the filter is being typed.
    pub is_typing: bool,
    /// Whether the first letter typed takes the place of what stands there.
    pub is_replaced: bool,
    /// The column that sorts.
    pub sort: Sort,
    /// Whether the order is reversed.
    pub reversed: bool,
    /// The marked fabrics by name, shown or not.
    pub marks: BTreeSet<String>,
    /// Whether a row changed since: the next frame arranges anew, however many did.
    pub is_old: bool,
    /// The places of the rows shown, in their order.
    pub shown: Vec<usize>,
}

/// What sorts the list; ties are broken by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// What needs somebody first.
    #[default]
    Need,
    /// By name.
    Name,
    /// By the state of the directory.
    Directory,
    /// By the state of Git.
    Git,
    /// By raw files waiting, most first.
    Raw,
    /// By the next step.
    Next,
    /// By repository.
    Repository,
}

impl Sort {
    /// Every order, as the menu lists them.
    pub const ALL: [Sort; 7] =
        [Sort::Need, Sort::Name, Sort::Directory, Sort::Git, Sort::Raw, Sort::Next, Sort::Repository];

    /// Its key in the menu, its word, and what it does.
    pub fn words(self) -> (char, &'static str, &'static str) {
        match self {
            Sort::Need => ('u', "need-you", "what needs you first, then by name"),
            Sort::Name => ('n', "name", "by name"),
            Sort::Directory => ('d', "directory", "by the state of the directory, worst first"),
            Sort::Git => ('g', "git", "by the state of Git, worst first"),
            Sort::Raw => ('w', "raw", "by raw files waiting, most first"),
            Sort::Next => ('x', "next", "by the next step"),
            Sort::Repository => ('r', "repository", "by repository"),
        }
    }

    /// The order of a word, as it is kept.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.words().1 == word)
    }

    fn key(self, row: &Row) -> (usize, String) {
        let status = row.status.as_ref().and_then(|status| status.as_ref().ok());
        let is_error = matches!(row.status, Some(Err(_)));
        match self {
            // What is not read yet may need somebody: it sinks once it is known not to.
            Sort::Need => (usize::from(row.status.is_some() && !row.needs_you()), String::new()),
            Sort::Name => (0, natural(&row.name)),
            Sort::Directory => {
                (status.map_or(usize::from(!is_error) * 9, |s| directory_rank(s.directory.state)), String::new())
            }
            Sort::Git => (status.map_or(usize::from(!is_error) * 99, |s| git_rank(s.git.state)), String::new()),
            Sort::Raw => (usize::MAX - status.map_or(0, |s| s.raw.pending + s.raw.invalid), String::new()),
            Sort::Next => {
                let next = status.and_then(|s| s.next.as_ref()).map(|next| next.action.clone());
                (usize::from(next.is_none() && !is_error), next.unwrap_or_default())
            }
            Sort::Repository => (0, row.repository.clone()),
        }
    }
}

/// A name that sorts its numbers as numbers: `dc9` before `dc10`.
fn natural(name: &str) -> String {
    let mut text = String::new();
    let mut digits = String::new();
    for letter in name.chars().chain(['\0']) {
        if letter.is_ascii_digit() {
            digits.push(letter);
            continue;
        }
        if !digits.is_empty() {
            text.extend(std::iter::repeat_n('0', 12usize.saturating_sub(digits.len())));
            text.push_str(&digits);
            digits.clear();
        }
        text.push(letter);
    }
    text
}

fn directory_rank(state: DirectoryState) -> usize {
    match state {
        DirectoryState::Error => 0,
        DirectoryState::Invalid => 1,
        DirectoryState::Incomplete => 2,
        DirectoryState::NotInitialized => 3,
        DirectoryState::Initializing => 4,
        DirectoryState::Initialized => 5,
    }
}

fn git_rank(state: GitState) -> usize {
    const WORST_FIRST: [GitState; 11] = [
        GitState::NoAccess,
        GitState::WrongBranch,
        GitState::Diverged,
        GitState::Behind,
        GitState::Ahead,
        GitState::Dirty,
        GitState::Unborn,
        GitState::Offline,
        GitState::Unknown,
        GitState::Locked,
        GitState::InSync,
    ];
    WORST_FIRST.iter().position(|known| *known == state).unwrap_or(WORST_FIRST.len())
}

impl List {
    /// Finds out which rows are shown, in which order.
    pub fn arrange(&mut self, rows: &[Row]) {
        self.is_old = false;
        let filter = Filter::read(&self.filter);
        let shown = rows.iter().enumerate().filter(|(_, row)| filter.matches(row, self.marks.contains(&row.name)));
        let mut keyed: Vec<_> = shown.map(|(at, row)| (self.sort.key(row), natural(&row.name), at)).collect();
        keyed.sort_by(|a, b| {
            let order = if self.reversed { b.0.cmp(&a.0) } else { a.0.cmp(&b.0) };
            order.then_with(|| a.1.cmp(&b.1))
        });
        self.shown = keyed.into_iter().map(|(_, _, at)| at).collect();
    }

    /// Sorts by a column; the same column again reverses.
    pub fn sort_by(&mut self, sort: Sort) {
        self.reversed = self.sort == sort && !self.reversed;
        self.sort = sort;
    }

    /// The order in a word, `-` before a reversed one, as it is kept.
    pub fn order(&self) -> String {
        format!("{}{}", if self.reversed { "-" } else { "" }, self.sort.words().1)
    }

    /// Takes a filter as it was kept; control characters do not come from a keyboard.
    pub fn refilter(&mut self, filter: &str) {
        self.filter = filter.chars().filter(|letter| !letter.is_control()).collect();
        self.kept.clone_from(&self.filter);
    }

    /// Takes an order as it was kept.
    pub fn restore(&mut self, order: &str) {
        let word = order.strip_prefix('-');
        if let Some(sort) = Sort::of(word.unwrap_or(order)) {
            (self.sort, self.reversed) = (sort, word.is_some());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::natural;

    #[test]
    fn numbers_in_names_sort_as_numbers() {
        let mut names = vec!["dc10", "dc9", "dc1-b", "dc1-a", "edge"];
        names.sort_by_key(|name| natural(name));
        assert_eq!(names, ["dc1-a", "dc1-b", "dc9", "dc10", "edge"]);
    }
}
