//! What a failure left done: set at the place that knows how far the work got.

use serde::{Deserialize, Serialize};

use super::Error;

/// What had been done when something failed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum WriteEffect {
    /// Nothing.
    #[default]
    Nothing,
    /// Some of it.
    Partial {
        /// The commit that was made, hexadecimal; null where none was.
        commit: Option<String>,
        /// What is not yet brought up to date: paths relative to the repository, or `the index`.
        left: Vec<String>,
    },
    /// That is not known.
    Unknown,
}

impl WriteEffect {
    /// The same for another commit of the same apply.
    #[must_use]
    pub fn of_commit(self, own: Option<&str>) -> Self {
        match self {
            WriteEffect::Partial { left, .. } => WriteEffect::Partial { commit: own.map(str::to_owned), left },
            other => other,
        }
    }

    /// It in one sentence.
    pub fn sentence(&self) -> String {
        match self {
            WriteEffect::Nothing => "nothing was changed".to_owned(),
            WriteEffect::Partial { commit, left } => partial(commit.as_deref(), left),
            WriteEffect::Unknown => "how far it got is not known; the next start looks and says it".to_owned(),
        }
    }
}

fn partial(commit: Option<&str>, left: &[String]) -> String {
    let done = commit.map_or("begun".to_owned(), |id| format!("committed {}", id.get(..7).unwrap_or(id)));
    match left {
        [] => done,
        [one] => format!("{done}; {one} is not yet brought up to date; the next start finishes"),
        many => format!("{done}; {} files not yet brought up to date; the next start finishes", many.len()),
    }
}

impl Error {
    /// The same failure, after so much was done.
    #[must_use]
    pub fn after(self, effect: WriteEffect) -> Self {
        match self {
            other if effect == WriteEffect::Nothing => other,
            Error::After { source, .. } => Error::After { effect, source },
            other => Error::After { effect, source: Box::new(other) },
        }
    }

    /// What had been done when it failed.
    pub fn effect(&self) -> WriteEffect {
        match self {
            Error::After { effect, .. } => effect.clone(),
            _ => WriteEffect::Nothing,
        }
    }

    /// The failure itself, however far the work got.
    pub fn cause(&self) -> &Error {
        match self {
            Error::After { source, .. } => source.cause(),
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::WriteEffect;
    use crate::error::Error;

    #[test]
    fn a_full_disk_after_the_commit_says_what_is_left_and_keeps_its_code() {
        let full = || {
            let source = std::io::Error::from(std::io::ErrorKind::StorageFull);
            Error::Fs { what: "cannot write", path: "/r/x".into(), source }
        };
        let left = ["a", "b", "c", "d"].map(str::to_owned).to_vec();
        let error = full().after(WriteEffect::Partial { commit: Some("57c5fed0".to_owned()), left });
        let told = error.to_string();
        assert!(
            told.starts_with("committed 57c5fed; 4 files not yet brought up to date; the next start finishes"),
            "{told}"
        );
        assert_eq!((error.code(), error.exit_code()), (full().code(), full().exit_code()));
        let hints = error.hint().join(" ");
        assert!(!hints.contains("try again") && !hints.contains("nothing"), "{hints}");
        assert_eq!(full().effect(), WriteEffect::Nothing);
        let json = serde_json::to_value(error.effect()).unwrap();
        assert_eq!((json["kind"].as_str(), json["commit"].as_str()), (Some("partial"), Some("57c5fed0")));
    }
}
