//! Draft: the changes of a plan while it is being made, and the lists they become.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use similar::{ChangeTag, TextDiff};

use crate::fabric::finding::Finding;
use crate::fabric::names::{self, Taken};
use crate::fabric::plan::{Change, ChangeKind, Edit};
use crate::fabric::snapshot::{Content, File, Snapshot};

/// The changes of a plan while it is being made.
pub struct Draft<'a> {
    snapshot: &'a Snapshot,
    steps: BTreeMap<String, Step>,
    moves: BTreeMap<String, String>,
    /// What is there, and what is written, by the one spelling of some file systems.
    taken: OnceCell<Taken>,
    written: Taken,
}

struct Step {
    after: Option<Arc<[u8]>>,
    takes_in: bool,
}

impl<'a> Draft<'a> {
    /// An empty draft over a snapshot.
    pub fn new(snapshot: &'a Snapshot) -> Self {
        let (steps, moves) = (BTreeMap::new(), BTreeMap::new());
        Self { snapshot, steps, moves, taken: OnceCell::new(), written: Taken::default() }
    }

    /// Writes a path; an edit of somebody else there refuses the plan when it is applied.
    pub fn write(&mut self, path: &str, bytes: impl Into<Arc<[u8]>>) {
        self.written.take(path);
        self.steps.insert(path.to_owned(), Step { after: Some(bytes.into()), takes_in: false });
    }

    /// Removes a path whose working bytes the plan has taken in.
    pub fn remove(&mut self, path: &str) {
        self.steps.insert(path.to_owned(), Step { after: None, takes_in: true });
    }

    /// Writes a path whose working bytes the plan takes in; they must live on elsewhere in the plan.
    pub fn replace(&mut self, path: &str, bytes: impl Into<Arc<[u8]>>) {
        self.written.take(path);
        self.steps.insert(path.to_owned(), Step { after: Some(bytes.into()), takes_in: true });
    }

    /// Takes in what the working tree has at a path, or that it has nothing there; what could not be
    /// read is left alone.
    pub fn adopt(&mut self, path: &str) {
        let file = self.snapshot.files.get(path);
        if file.is_some_and(|file| file.bytes().is_none() && !matches!(file.content, Content::Deleted)) {
            return;
        }
        let after = file.and_then(|file| file.bytes()).map(Into::into);
        self.steps.insert(path.to_owned(), Step { after, takes_in: true });
    }

    /// Moves a path whose working bytes the plan takes in, replacing what stands at the target.
    pub fn rename(&mut self, from: &str, to: &str, bytes: Arc<[u8]>) {
        self.remove(from);
        self.write(to, bytes);
        self.moves.insert(to.to_owned(), from.to_owned());
    }

    /// Another path, there or written, that some file systems take for this one.
    pub fn clash(&self, path: &str) -> Option<&str> {
        let stays = |other: &str| self.steps.get(other).is_none_or(|step| step.after.is_some());
        let there = || self.taken.get_or_init(|| Taken::of(self.snapshot)).other(path).filter(|other| stays(other));
        self.written.other(path).filter(|other| stays(other)).or_else(there)
    }

    /// The errors about new paths that some file systems take for others.
    pub fn clashes(&self) -> Vec<Finding> {
        let is_new = |path: &str| self.snapshot.files.get(path).is_none_or(|file| file.committed.is_none());
        let new = self.steps.iter().filter(|(path, step)| step.after.is_some() && is_new(path));
        new.filter_map(|(path, _)| Some(names::clash(path, self.clash(path)?))).collect()
    }

    /// Whether the draft writes or removes this path.
    pub fn holds(&self, path: &str) -> bool {
        self.steps.contains_key(path)
    }

    /// Whether anything would change, in the commit or among untracked files.
    pub fn is_empty(&self) -> bool {
        self.edits().is_empty()
    }

    /// What applying does, sorted by path.
    pub fn edits(&self) -> Vec<Edit> {
        self.steps.iter().filter_map(|(path, step)| self.edit(path, step)).collect()
    }

    fn edit(&self, path: &str, step: &Step) -> Option<Edit> {
        let file = self.snapshot.files.get(path);
        let committed = file.and_then(|file| file.committed.clone());
        let working = file.and_then(|file| file.current.clone());
        let current = if step.takes_in { working.clone() } else { committed.clone() };
        let is_there = match (&step.after, file) {
            (Some(after), Some(file)) => committed == working && file.bytes() == Some(after),
            (Some(_), None) => false,
            (None, _) => committed.is_none() && working.is_none(),
        };
        let path = join(&self.snapshot.directory, path);
        (!is_there).then(|| Edit { path, committed, current, after: step.after.clone() })
    }

    /// A directory as it will be with these changes.
    pub fn upon(&self, mut after: Snapshot) -> Snapshot {
        for (path, step) in &self.steps {
            match &step.after {
                None => {
                    after.files.remove(path);
                }
                Some(bytes) => {
                    let content = Content::Bytes(Arc::clone(bytes));
                    after.files.insert(path.clone(), File { committed: None, current: None, content });
                }
            }
        }
        after
    }

    /// What is shown of it, sorted by path.
    pub fn changes(&self) -> Vec<Change> {
        let sources: BTreeSet<&String> = self.moves.values().collect();
        self.steps
            .iter()
            .filter(|(path, step)| self.edit(path, step).is_some())
            .filter(|(path, step)| step.after.is_some() || !sources.contains(path))
            .map(|(path, step)| self.change(path, step))
            .collect()
    }

    fn change(&self, path: &str, step: &Step) -> Change {
        let file = self.snapshot.files.get(path);
        let before: Option<Arc<[u8]>> = file.and_then(|file| file.bytes()).map(Into::into);
        let from = self.moves.get(path).cloned();
        let change = match (&step.after, &from) {
            (None, _) => ChangeKind::Deleted,
            (Some(_), Some(_)) => ChangeKind::Moved,
            (Some(_), None) if file.is_some_and(|file| file.committed.is_some()) => ChangeKind::Modified,
            (Some(_), None) => ChangeKind::Added,
        };
        let (added_lines, removed_lines) = match change {
            ChangeKind::Moved => (0, 0),
            _ => line_counts(before.as_deref(), step.after.as_deref()),
        };
        let after = step.after.clone();
        Change { path: path.to_owned(), change, from, added_lines, removed_lines, before, after }
    }
}

fn line_counts(before: Option<&[u8]>, after: Option<&[u8]>) -> (usize, usize) {
    let lines = |bytes: &[u8]| String::from_utf8_lossy(bytes).lines().count();
    match (before, after) {
        (None, Some(after)) => (lines(after), 0),
        (Some(before), None) => (0, lines(before)),
        (None, None) => (0, 0),
        (Some(before), Some(after)) => {
            let (before, after) = (String::from_utf8_lossy(before), String::from_utf8_lossy(after));
            let diff = TextDiff::from_lines(before.as_ref(), after.as_ref());
            let count = |tag| diff.iter_all_changes().filter(|change| change.tag() == tag).count();
            (count(ChangeTag::Insert), count(ChangeTag::Delete))
        }
    }
}

/// Joins the GitOps directory (empty for the root) and a path below it.
pub fn join(directory: &str, path: &str) -> String {
    if directory.is_empty() { path.to_owned() } else { format!("{directory}/{path}") }
}
