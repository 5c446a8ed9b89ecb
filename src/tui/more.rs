//! More: what else can be done to a fabric, each planned and asked about before anything is written.

use crate::ops::task::{Task, TaskRequest};
use crate::ops::{DiscardRequest, Mode, Operation};

/// One line of the `m` menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum More {
    /// Adopt hand edits.
    Commit,
    /// Put right what the plugin left.
    Heal,
    /// Bring documents to versions that are served.
    Migrate,
    /// Take our newest commit back.
    Discard,
    /// Take all of ours back.
    DiscardAll,
}

impl More {
    /// Every line, in order.
    pub const ALL: [More; 5] = [More::Commit, More::Heal, More::Migrate, More::Discard, More::DiscardAll];

    /// Its key in the menu, its name and what it does.
    pub fn words(self) -> (char, &'static str, &'static str) {
        match self {
            More::Commit => ('c', "commit", "adopt hand edits of managed/"),
            More::Heal => ('h', "heal", "put right what the NetBox plugin left"),
            More::Migrate => ('v', "migrate", "bring v1alpha2 documents to v1beta1"),
            More::Discard => ('b', "discard", "take hedgerow's newest unpushed commit back"),
            More::DiscardAll => ('B', "discard all", "take all of hedgerow's unpushed commits back"),
        }
    }

    /// The operation that plans it.
    pub fn operation(self, fabric: &str) -> Operation {
        let fabrics = vec![fabric.to_owned()];
        let task = match self {
            More::Commit => Task::Commit,
            More::Heal => Task::Heal,
            More::Migrate => Task::Migrate,
            More::Discard | More::DiscardAll => {
                let all = self == More::DiscardAll;
                return Operation::Discard(DiscardRequest { fabrics, all, offline: false, mode: Mode::Plan });
            }
        };
        Operation::Task(TaskRequest { fabrics, task, message: None, offline: false, mode: Mode::Plan })
    }
}
