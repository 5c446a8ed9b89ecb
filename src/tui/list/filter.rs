//! Filter: which rows a typed filter shows, and what of it is no term.

use crate::ops::report::{DirectoryState, GitState, StatusReport};
use crate::tui::state::Row;

/// What stands before a colon.
const AXES: [&str; 7] = ["git", "dir", "directory", "is", "next", "repo", "profile"];
/// What is counted.
const COUNTS: [&str; 6] = ["raw", "invalid", "ahead", "behind", "edited", "managed"];
/// What a fabric is.
const IS: [&str; 6] = ["need-you", "ok", "marked", "error", "read-only", "protected"];
/// Every state of Git.
pub(in crate::tui) const GITS: [GitState; 11] = [
    GitState::InSync,
    GitState::Ahead,
    GitState::Behind,
    GitState::Diverged,
    GitState::Dirty,
    GitState::NoAccess,
    GitState::Offline,
    GitState::Locked,
    GitState::Unborn,
    GitState::Unknown,
    GitState::WrongBranch,
];
/// Every state of a directory.
pub(in crate::tui) const DIRECTORIES: [DirectoryState; 6] = [
    DirectoryState::Initialized,
    DirectoryState::NotInitialized,
    DirectoryState::Initializing,
    DirectoryState::Incomplete,
    DirectoryState::Invalid,
    DirectoryState::Error,
];

/// What a filter asks of a row: every term must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    terms: Vec<(bool, Term)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Term {
    /// The row's words hold this text; smart case.
    Text(String),
    /// An axis has a state that begins so.
    State(String, String),
    /// A count is over, under or at a number.
    Count(String, char, usize),
}

impl Filter {
    /// Reads a filter: words are `ANDed`, `!` negates, `git:ahead`, `raw>0`, `is:need-you`.
    pub fn read(text: &str) -> Self {
        let term = |word: &str| match word.strip_prefix('!').filter(|rest| !rest.is_empty()) {
            Some(rest) => (false, Term::read(rest)),
            None => (true, Term::read(word)),
        };
        Self { terms: text.split_whitespace().map(term).collect() }
    }

    /// Which term of a filter is none, and what there is instead.
    pub fn unknown(text: &str) -> Option<String> {
        let words = text.split_whitespace();
        words
            .zip(Self::read(text).terms)
            .find_map(|(word, (_, term))| Some(format!("{word} is no term: {}", term.advice()?)))
    }

    /// Whether a row is shown.
    pub fn matches(&self, row: &Row, is_marked: bool) -> bool {
        self.terms.iter().all(|(wanted, term)| term.holds(row, is_marked) == *wanted)
    }
}

impl Term {
    fn read(word: &str) -> Self {
        let axis = |axis: &str| axis.to_lowercase();
        if let Some((name, state)) = word.split_once(':')
            && AXES.contains(&axis(name).as_str())
        {
            return Self::State(axis(name), plain(state));
        }
        if let Some(at) = word.find(['>', '<', '='])
            && COUNTS.contains(&axis(&word[..at]).as_str())
            && let Ok(number) = word[at + 1..].parse()
        {
            return Self::Count(axis(&word[..at]), char::from(word.as_bytes()[at]), number);
        }
        Self::Text(word.to_owned())
    }

    /// What there is instead of a term that no row can ever answer to.
    fn advice(&self) -> Option<String> {
        match self {
            Term::State(axis, state) => {
                let words: Vec<String> = match axis.as_str() {
                    "git" => GITS.map(|state| git_words(state)[1].replace(' ', "-")).to_vec(),
                    "dir" | "directory" => {
                        DIRECTORIES.map(|state| directory_words(state)[1].replace(' ', "-")).to_vec()
                    }
                    "is" => IS.map(str::to_owned).to_vec(),
                    _ => return None,
                };
                let tokens = GITS.map(|state| git_words(state)[0]).into_iter();
                let tokens =
                    tokens.chain(DIRECTORIES.map(|state| directory_words(state)[0])).chain(["error", "reading"]);
                let is_state = axis != "is" && tokens.map(plain).any(|token| token.starts_with(state.as_str()));
                let is_word = words.iter().any(|word| plain(word).starts_with(state.as_str()));
                (!is_state && !is_word).then(|| format!("{axis}: takes {}", words.join(", ")))
            }
            Term::Text(word) => {
                let at = word.find([':', '>', '<', '='])?;
                let (name, rest) = word.split_at(at);
                let is_word = !name.is_empty() && name.chars().all(char::is_alphabetic) && !rest.starts_with("://");
                let counts = COUNTS.join(", ");
                match rest.starts_with(':') {
                    _ if !is_word => None,
                    true => Some(format!("there are {}:", AXES.join(":, "))),
                    false => Some(format!("a number stands behind > < or = of {counts}")),
                }
            }
            Term::Count(..) => None,
        }
    }

    fn holds(&self, row: &Row, is_marked: bool) -> bool {
        let status = row.status.as_ref().and_then(|status| status.as_ref().ok());
        match self {
            Term::Text(text) => contains(&words(row, status), text),
            Term::State(axis, state) => match axis.as_str() {
                "is" => is(row, status, state, is_marked),
                "repo" => plain(&row.repository).contains(state.as_str()),
                axis => states(row, status, axis).iter().any(|word| word.starts_with(state.as_str())),
            },
            Term::Count(what, sign, number) => status.is_some_and(|status| {
                let count = count(status, what);
                match sign {
                    '>' => count > *number,
                    '<' => count < *number,
                    _ => count == *number,
                }
            }),
        }
    }
}

/// Whether a text holds another; capitals count only where the other has some.
pub fn contains(text: &str, part: &str) -> bool {
    if part.chars().any(char::is_uppercase) {
        return text.contains(part);
    }
    text.to_lowercase().contains(part)
}

/// A word without case, blanks and dashes.
fn plain(word: &str) -> String {
    word.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).flat_map(char::to_lowercase).collect()
}

fn words(row: &Row, status: Option<&StatusReport>) -> String {
    let mut words = vec![row.name.as_str(), row.repository.as_str()];
    if let Some(status) = status {
        words.extend([status.path.as_str(), status.profile.as_deref().unwrap_or_default()]);
        words.extend(git_words(status.git.state));
        words.extend(directory_words(status.directory.state));
        words.extend(status.next.iter().map(|next| next.action.as_str()));
    }
    words.join(" ")
}

fn states(row: &Row, status: Option<&StatusReport>, axis: &str) -> Vec<String> {
    let Some(status) = status else {
        let word = if row.status.is_some() { "error" } else { "reading" };
        return vec![word.to_owned()];
    };
    match axis {
        "git" => git_words(status.git.state).map(plain).to_vec(),
        "next" => status.next.iter().map(|next| plain(&next.action)).collect(),
        "profile" => status.profile.iter().map(|profile| plain(profile)).collect(),
        _ => directory_words(status.directory.state).map(plain).to_vec(),
    }
}

fn is(row: &Row, status: Option<&StatusReport>, start: &str, is_marked: bool) -> bool {
    let holds = |word: &str| match word {
        "need-you" => row.needs_you(),
        "marked" => is_marked,
        "ok" => status.is_some() && !row.needs_you(),
        "error" => row.error().is_some(),
        "read-only" => status.is_some_and(|status| status.read_only.is_some()),
        _ => status.is_some_and(|status| status.protected),
    };
    start.is_empty() || IS.iter().any(|word| plain(word).starts_with(start) && holds(word))
}

fn count(status: &StatusReport, what: &str) -> usize {
    match what {
        "raw" => status.raw.pending,
        "invalid" => status.raw.invalid,
        "ahead" => status.git.ahead,
        "behind" => status.git.behind,
        "edited" => status.git.edited.len(),
        _ => status.managed.total,
    }
}

/// The token of a state and the word the screen has for it.
fn git_words(state: GitState) -> [&'static str; 2] {
    match state {
        GitState::Locked => ["locked", "busy"],
        GitState::WrongBranch => ["wrong_branch", "wrong branch"],
        GitState::NoAccess => ["no_access", "no access"],
        GitState::Offline => ["offline", "offline"],
        GitState::Unborn => ["unborn", "unborn"],
        GitState::Unknown => ["unknown", "unknown"],
        GitState::Diverged => ["diverged", "diverged"],
        GitState::Behind => ["behind", "behind"],
        GitState::Ahead => ["ahead", "ahead"],
        GitState::Dirty => ["dirty", "edited"],
        GitState::InSync => ["in_sync", "in sync"],
    }
}

/// The token of a state and the word the screen has for it.
fn directory_words(state: DirectoryState) -> [&'static str; 2] {
    match state {
        DirectoryState::NotInitialized => ["not_initialized", "not init"],
        DirectoryState::Initializing => ["initializing", "initing"],
        DirectoryState::Initialized => ["initialized", "ready"],
        DirectoryState::Incomplete => ["incomplete", "incomplete"],
        DirectoryState::Invalid => ["invalid", "invalid"],
        DirectoryState::Error => ["error", "not cloned"],
    }
}
