//! Palette: the one widget behind `?` and `:`: every action to search, every command to type.

use clap::ValueEnum;

use crate::command::action::Action;
use crate::command::coming::{self, Coming};
use crate::command::complete::{Candidate, complete};
use crate::tui::state::State;

/// What is typed into the palette.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Words to search an action with.
    Search,
    /// A command.
    Command,
}

/// The open palette.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Palette {
    /// What is typed into it.
    pub mode: Mode,
    /// What was typed so far.
    pub input: String,
    /// The selected line.
    pub selected: usize,
    /// Which of the earlier lines is shown, from the newest.
    pub past: Option<usize>,
    /// Why the line could not be carried out.
    pub complaint: String,
}

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What it is called.
    pub title: String,
    /// Its keys.
    pub key: String,
    /// What it can do at most, in a word.
    pub class: &'static str,
    /// What it does, one sentence.
    pub about: String,
    /// The command line that does the same, if there is one.
    pub same: String,
    /// The action, where it is one.
    pub action: Option<Action>,
}

impl Palette {
    /// The palette, just opened.
    pub fn new(mode: Mode) -> Self {
        Self { mode, input: String::new(), selected: 0, past: None, complaint: String::new() }
    }

    /// The lines of the list: actions that match, or words that may come next.
    pub fn items(&self, state: &State) -> Vec<Item> {
        match self.mode {
            Mode::Search => found(state, &self.input),
            Mode::Command => self.candidates(state).iter().map(|candidate| worded(state, candidate)).collect(),
        }
    }

    /// The words that may come next.
    pub fn candidates(&self, state: &State) -> Vec<Candidate> {
        let names: Vec<&str> = state.rows.iter().map(|row| row.name.as_str()).collect();
        complete(&self.input, &names).1
    }
}

/// The actions that match a search, the best first.
fn found(state: &State, search: &str) -> Vec<Item> {
    let mut ranked: Vec<(u32, Item)> = Vec::new();
    let actions = Action::value_variants().iter().map(|action| item(state, *action));
    for item in actions.chain(coming::ALL.iter().map(|coming| later(state, coming))) {
        let in_words = rank(search, &item.title).or_else(|| rank(search, &item.key));
        let in_about = item.about.to_lowercase().contains(&search.to_lowercase()).then_some(u32::MAX / 2);
        if let Some(rank) = in_words.or(in_about) {
            ranked.push((rank, item));
        }
    }
    if search.is_empty() {
        // Nothing is searched yet: what changes something comes first, the rest in its own order.
        let order = |item: &Item| ["write", "local", "look", "later"].iter().position(|class| *class == item.class);
        ranked.sort_by_key(|(_, item)| order(item));
    } else {
        ranked.sort_by_key(|(rank, _)| *rank);
    }
    ranked.into_iter().map(|(_, item)| item).collect()
}

fn item(state: &State, action: Action) -> Item {
    let word = action.word();
    let mut title = word.replace('-', " ");
    if let Some(first) = title.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let keys = state.keymap.keys(action).join(" ");
    Item {
        title,
        key: if keys.is_empty() { state.keymap.key(action) } else { keys },
        class: action.class().word(),
        about: about(state, action),
        same: same(state, action),
        action: Some(action),
    }
}

/// Whether an action concerns every fabric that is marked.
fn is_of_all(action: Action) -> bool {
    matches!(action, Action::Init | Action::Ingest | Action::Push | Action::Fetch | Action::Pull | Action::Validate)
}

/// What the action does, and to what where fabrics are marked.
fn about(state: &State, action: Action) -> String {
    let targets = state.targets();
    if is_of_all(action) && targets.len() > 1 {
        return format!("{} marked ({}): {}", targets.len(), targets.join(", "), action.help());
    }
    action.help().to_owned()
}

/// What is not in this version yet: found like an action, and nothing that runs.
fn later(state: &State, coming: &Coming) -> Item {
    let is_free = state.keymap.named(coming.key).is_none();
    Item {
        title: coming.title.to_owned(),
        key: if is_free { coming.key.to_owned() } else { String::new() },
        class: "later",
        about: coming.about.to_owned(),
        same: String::new(),
        action: None,
    }
}

/// The command line of an action that is one.
fn same(state: &State, action: Action) -> String {
    let is_verb = is_of_all(action);
    let targets = state.targets();
    match action {
        Action::Refresh => "hedgerow status".to_owned(),
        _ if is_verb && !targets.is_empty() => format!("hedgerow {} {}", action.word(), targets.join(" ")),
        _ => String::new(),
    }
}

fn worded(state: &State, candidate: &Candidate) -> Item {
    let action = Action::named(&candidate.word);
    let is_name = state.row(&candidate.word).is_some();
    Item {
        title: candidate.word.clone(),
        key: action.filter(|_| !is_name).map(|action| state.keymap.keys(action).join(" ")).unwrap_or_default(),
        class: action.filter(|_| !is_name).map_or("", |action| action.class().word()),
        about: if is_name { "fabric".to_owned() } else { candidate.about.clone() },
        same: String::new(),
        action: None,
    }
}

/// How well a search matches a text: all its letters in their order; the closer and earlier, the lower.
fn rank(search: &str, text: &str) -> Option<u32> {
    let text = text.to_lowercase();
    let mut rest = text.char_indices();
    let (mut rank, mut last) = (0, None);
    for wanted in search.to_lowercase().chars().filter(|letter| !letter.is_whitespace()) {
        let (at, _) = rest.find(|(_, letter)| *letter == wanted)?;
        let gap = last.map_or(at * 2, |last: usize| (at - last - 1) * 4);
        rank += u32::try_from(gap).unwrap_or(u32::MAX / 4).min(1000);
        last = Some(at);
    }
    Some(rank + u32::try_from(text.len()).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::rank;

    #[test]
    fn the_closest_match_comes_first() {
        assert!(rank("pus", "push").unwrap() < rank("pus", "page up slowly").unwrap());
        assert!(rank("pd", "page down").is_some() && rank("dp", "page down").is_none());
        assert!(rank("", "push").is_some());
        assert!(rank("PUSH", "Push").is_some());
    }
}
