//! Coming: actions that are not in this version yet: their keys and words say so and do nothing.

/// An action that is not in this version yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coming {
    /// The key that is kept for it.
    pub key: &'static str,
    /// The words it will have after `:` and on the command line.
    pub words: &'static [&'static str],
    /// What it is called.
    pub title: &'static str,
    /// What is not there yet, and what to do meanwhile.
    pub about: &'static str,
}

/// Every one, in the order of the help.
pub const ALL: [Coming; 5] = [
    Coming {
        key: "R",
        words: &["pr"],
        title: "Pull request",
        about: "no pull requests in this version yet; push a branch with git",
    },
    Coming {
        key: "U",
        words: &["undo"],
        title: "Undo",
        about: "no undo in this version yet; git revert takes a commit back",
    },
    Coming {
        key: "H",
        words: &["hold", "release"],
        title: "Hold",
        about: "no hold in this version yet; a read_only profile stops writes",
    },
    Coming {
        key: "w",
        words: &["watch"],
        title: "Watch",
        about: "no watch in this version yet; refresh and fetch tell what is new",
    },
    Coming {
        key: "c",
        words: &["drift"],
        title: "Drift",
        about: "no drift in this version yet; Argo CD, Flux or kubectl diff tell",
    },
];

/// What is kept for a key.
pub fn of_key(name: &str) -> Option<&'static Coming> {
    ALL.iter().find(|coming| coming.key == name)
}

/// What a word will mean.
pub fn of_word(word: &str) -> Option<&'static Coming> {
    ALL.iter().find(|coming| coming.words.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::ALL;
    use crate::command::action::Action;
    use crate::command::keymap::Keymap;

    #[test]
    fn what_is_coming_is_not_there() {
        let keymap = Keymap::built_in().unwrap();
        for coming in ALL {
            assert_eq!(keymap.named(coming.key), None, "{}", coming.key);
            assert!(coming.words.iter().all(|word| Action::named(word).is_none()), "{:?}", coming.words);
            assert!(coming.about.contains(" in this version yet; ") && coming.about.len() < 66, "{}", coming.about);
        }
    }
}
