//! Places: where the configuration, clones of ours and records lie on this machine.

use std::path::{Path, PathBuf};

use directories::ProjectDirs;

use crate::error::{self, Error, Result};

/// A folder that can never be made: where one is needed and no home is known, the failure says so.
const NOWHERE: &str = "/dev/null/HOME-is-not-set";

/// What of the process's surroundings decides the places; data, so that a test can make one.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    /// `--config`.
    pub option: Option<PathBuf>,
    /// `$HEDGEROW_CONFIG`, where it is not empty.
    pub variable: Option<PathBuf>,
    /// `$XDG_CONFIG_HOME`, where it is an absolute path.
    pub xdg_config: Option<PathBuf>,
    /// `$XDG_DATA_HOME`, where it is an absolute path.
    pub xdg_data: Option<PathBuf>,
    /// `$XDG_STATE_HOME`, where it is an absolute path.
    pub xdg_state: Option<PathBuf>,
    /// The user's home.
    pub home: Option<PathBuf>,
    /// The platform's places for this program.
    pub platform: Option<Platform>,
}

/// The platform's places for this program.
#[derive(Debug, Clone, Default)]
pub struct Platform {
    /// For settings.
    pub config: PathBuf,
    /// For data.
    pub data: PathBuf,
    /// For state; macOS has none, so it is the local data there.
    pub state: PathBuf,
}

/// The places found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// Where the configuration may be, the most wanted first; only the first that exists is read.
    pub candidates: Vec<Candidate>,
    /// Where clones of ours lie.
    pub data_dir: PathBuf,
    /// Where the journal and last errors lie.
    pub state_dir: PathBuf,
}

/// One place the configuration may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The file.
    pub path: PathBuf,
    /// Why it is looked at, such as `$HEDGEROW_CONFIG`.
    pub reason: &'static str,
}

impl Environment {
    /// The surroundings of this process.
    pub fn of_process(option: Option<PathBuf>) -> Self {
        let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        let folder = |name| variable(name).map(PathBuf::from).filter(|p| p.is_absolute());
        Self {
            option,
            variable: variable("HEDGEROW_CONFIG").map(PathBuf::from),
            xdg_config: folder("XDG_CONFIG_HOME"),
            xdg_data: folder("XDG_DATA_HOME"),
            xdg_state: folder("XDG_STATE_HOME"),
            home: std::env::home_dir().filter(|home| home.is_absolute()),
            // A home that is a relative path would put our files wherever we are started.
            platform: ProjectDirs::from("", "", "hedgerow").filter(|dirs| dirs.data_dir().is_absolute()).map(|dirs| {
                Platform {
                    config: dirs.config_dir().to_owned(),
                    data: dirs.data_dir().to_owned(),
                    state: dirs.state_dir().unwrap_or(dirs.data_local_dir()).to_owned(),
                }
            }),
        }
    }
}

impl Places {
    /// Works out the places from the surroundings.
    pub fn new(environment: &Environment) -> Self {
        let platform = environment.platform.as_ref();
        let own = |xdg: &Option<PathBuf>, platform: Option<&PathBuf>| {
            let xdg = xdg.as_ref().map(|folder| folder.join("hedgerow"));
            xdg.or_else(|| platform.cloned()).unwrap_or(PathBuf::from(NOWHERE))
        };
        Self {
            candidates: candidates(environment),
            data_dir: own(&environment.xdg_data, platform.map(|p| &p.data)),
            state_dir: own(&environment.xdg_state, platform.map(|p| &p.state)),
        }
    }

    /// The configuration file to read.
    ///
    /// # Errors
    /// [`Error::ConfigMissing`] with every place looked at.
    pub fn config(&self) -> Result<&Path> {
        self.existing().ok_or_else(|| Error::ConfigMissing { looked: self.looked() })
    }

    /// The configuration file to write: the one that is read, or else the place for a new one.
    ///
    /// # Errors
    /// [`Error::ConfigMissing`] where no place is known.
    pub fn target(&self) -> Result<&Path> {
        let new = || self.candidates.last().map(|last| last.path.as_path());
        self.existing().or_else(new).ok_or_else(|| Error::ConfigMissing { looked: self.looked() })
    }

    fn existing(&self) -> Option<&Path> {
        // One that cannot be told to be absent is read, and its error told, rather than passed over.
        let found = self.candidates.iter().find(|place| error::exists(&place.path).unwrap_or(true));
        found.map(|place| place.path.as_path())
    }

    fn looked(&self) -> Vec<String> {
        if self.candidates.is_empty() {
            return vec!["$HEDGEROW_CONFIG (unset)".into(), "$HOME (unset)".into()];
        }
        let shown = |place: &Candidate| format!("{} ({})", place.path.display(), place.reason);
        self.candidates.iter().map(shown).collect()
    }
}

/// `--config` or `$HEDGEROW_CONFIG` alone where given; else XDG, `~/.config` and the platform.
fn candidates(environment: &Environment) -> Vec<Candidate> {
    let place = |path: PathBuf, reason| Candidate { path, reason };
    if let Some(path) = &environment.option {
        return vec![place(path.clone(), "--config")];
    }
    if let Some(path) = &environment.variable {
        return vec![place(path.clone(), "$HEDGEROW_CONFIG")];
    }
    let file = |folder: &Path| folder.join("hedgerow").join("config.yaml");
    let xdg = environment.xdg_config.as_deref();
    let dot = environment.home.as_ref().map(|home| home.join(".config"));
    let mut found: Vec<Candidate> = Vec::new();
    found.extend(xdg.map(|folder| place(file(folder), "$XDG_CONFIG_HOME")));
    if xdg.is_none() {
        found.extend(dot.map(|folder| place(file(&folder), "~/.config")));
        let platform = environment.platform.as_ref();
        let own = platform.map(|p| place(p.config.join("config.yaml"), "the platform's place"));
        found.extend(own);
        found.dedup_by(|second, first| second.path == first.path);
    }
    found
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::{Environment, Places, Platform};
    use crate::error::Error;

    fn surroundings(home: &Path) -> Environment {
        Environment {
            home: Some(home.to_owned()),
            platform: Some(Platform {
                config: home.join("Library/hedgerow"),
                data: home.join("data"),
                state: home.join("state"),
            }),
            ..Environment::default()
        }
    }

    #[test]
    fn an_explicit_file_is_the_only_candidate() {
        let home = tempfile::tempdir().unwrap();
        let mut environment = surroundings(home.path());
        environment.variable = Some(PathBuf::from("/from/variable.yaml"));
        let places = Places::new(&environment);
        assert_eq!(places.candidates.len(), 1);
        assert_eq!(places.candidates[0].reason, "$HEDGEROW_CONFIG");
        environment.option = Some(PathBuf::from("/from/option.yaml"));
        let places = Places::new(&environment);
        assert_eq!(places.target().unwrap(), Path::new("/from/option.yaml"));
        let Err(Error::ConfigMissing { looked }) = places.config() else { panic!("a missing file was found") };
        assert_eq!(looked, ["/from/option.yaml (--config)"]);
    }

    #[test]
    fn dot_config_wins_only_where_it_exists() {
        let home = tempfile::tempdir().unwrap();
        let environment = surroundings(home.path());
        let places = Places::new(&environment);
        assert_eq!(places.target().unwrap(), home.path().join("Library/hedgerow/config.yaml"));
        let dot = home.path().join(".config/hedgerow");
        std::fs::create_dir_all(&dot).unwrap();
        std::fs::write(dot.join("config.yaml"), "").unwrap();
        assert_eq!(places.target().unwrap(), dot.join("config.yaml"));
    }

    #[test]
    fn xdg_goes_before_the_platform() {
        let home = tempfile::tempdir().unwrap();
        let mut environment = surroundings(home.path());
        environment.xdg_config = Some(home.path().join("xdg"));
        environment.xdg_state = Some(home.path().join("xdg-state"));
        let places = Places::new(&environment);
        let expected = home.path().join("xdg/hedgerow/config.yaml");
        assert_eq!(places.target().unwrap(), expected);
        assert_eq!(places.state_dir, home.path().join("xdg-state/hedgerow"));
        assert_eq!(places.data_dir, home.path().join("data"));
    }

    #[test]
    fn without_a_home_only_what_is_needed_fails() {
        let places = Places::new(&Environment::default());
        assert!(matches!(places.config(), Err(Error::ConfigMissing { .. })));
        assert!(std::fs::create_dir_all(&places.state_dir).is_err());
        assert!(places.state_dir.display().to_string().contains("HOME-is-not-set"));
    }
}
