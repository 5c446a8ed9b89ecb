//! Config: plain settings, found, read with positions, checked, written without losing comments.

pub mod address;
pub mod directory;
pub mod edit;
pub mod keys;
pub mod nearest;
pub mod places;
mod read;
pub mod release;
mod section;
pub mod theme;
pub mod ui;

use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// The commented example that `hedgerow config example` prints.
pub const EXAMPLE: &str = include_str!("../assets/config.yaml");

/// The whole configuration, with what was wrong in it.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// The file it was read from, if any.
    pub path: Option<PathBuf>,
    /// The repositories, in the file's order.
    pub repositories: Vec<RepositorySettings>,
    /// The fabrics, in the file's order; those with a fault are listed too.
    pub fabrics: Vec<FabricSettings>,
    /// How the dashboard looks and behaves.
    pub ui: ui::Ui,
    /// The key map's overrides, in the file's order.
    pub keys: Vec<keys::KeySetting>,
    /// Warnings and faults, in the file's order.
    pub remarks: Vec<Remark>,
}

/// One repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepositorySettings {
    /// Its name in the configuration.
    pub name: String,
    /// Where it is.
    pub home: Home,
    /// The branch, `main` by default.
    pub branch: String,
    /// The remote's name, `origin` by default.
    pub remote: String,
}

/// The two homes of a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Home {
    /// The user's own clone, `~` expanded.
    Path(PathBuf),
    /// An address we keep a bare clone of.
    Url(String),
}

/// One fabric.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FabricSettings {
    /// Its name.
    pub name: String,
    /// Its repository's name.
    pub repository: String,
    /// Its GitOps directory relative to the repository's root, with `/`; empty for the root.
    pub directory: String,
    /// Its profile's name.
    pub profile: Option<String>,
    /// Writes to the remote need the typed name.
    pub protected: bool,
    /// Nothing may be written.
    pub read_only: bool,
    /// What becomes of an ingested raw file.
    pub processed: Processed,
    /// The commit's subject: `{action}`, `{fabric}` and `{summary}` are filled in.
    pub subject: Option<String>,
    /// Whether commits carry `Signed-off-by`.
    pub signoff: bool,
    /// How its resources are checked.
    pub checks: CheckSettings,
    /// The fabric configured earlier that has its files, if one has.
    pub overlaps: Option<String>,
    /// Why this fabric cannot be used, if it cannot; it is then shown in state `error`.
    pub fault: Option<Remark>,
}

/// How a fabric's resources are checked; paths are absolute.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckSettings {
    /// The fabric's release, `v0.129`.
    pub release: Option<String>,
    /// A folder of CustomResourceDefinition files that replace the built-in schemas.
    pub schemas: Option<PathBuf>,
    /// A folder or file of SwitchProfile documents.
    pub switch_profiles: Option<PathBuf>,
    /// The `fab.yaml` the fabric was installed with.
    pub fab: Option<PathBuf>,
    /// Whether the directory is the whole fabric, so that a missing reference is an error.
    pub closed_world: bool,
}

/// What becomes of an ingested raw file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Processed {
    /// It moves to `raw/processed/`.
    #[default]
    Keep,
    /// It is deleted when the parent commit holds its bytes.
    Delete,
}

/// One remark about the configuration file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
    /// Whether it stops the fabrics it concerns, or is only a warning.
    pub stops: bool,
    /// What is wrong, one sentence.
    pub message: String,
}

/// Reads the configuration file at `path`.
///
/// # Errors
/// [`Error::ConfigMissing`] where there is no file, [`Error::ConfigSyntax`] where it is not YAML.
/// A wrong value is no error: it is a remark, and the fault of the fabrics it concerns.
pub fn load(path: &Path) -> Result<Config> {
    let bytes = std::fs::read(path).map_err(|source| unread(path, source))?;
    let text = String::from_utf8(bytes).map_err(|error| not_utf8(path, &error))?;
    parse(path, &text)
}

/// Reads the text of the configuration file at `path`.
///
/// # Errors
/// As [`load`].
pub fn parse(path: &Path, text: &str) -> Result<Config> {
    read::config(path, text, std::env::home_dir().as_deref())
}

impl Config {
    /// The fabric of this name.
    ///
    /// # Errors
    /// [`Error::NoSuchFabric`] with the nearest configured name.
    pub fn fabric(&self, name: &str) -> Result<&FabricSettings> {
        let found = self.fabrics.iter().find(|fabric| fabric.name == name);
        found.ok_or_else(|| Error::NoSuchFabric {
            name: crate::text::clean_line(name),
            nearest: nearest::nearest(name, self.names()).map(str::to_owned),
        })
    }

    /// The repository of this name; none if it is not configured or has no usable home.
    pub fn repository(&self, name: &str) -> Option<&RepositorySettings> {
        self.repositories.iter().find(|repository| repository.name == name)
    }

    /// Why a fabric cannot be used, if it cannot.
    pub fn fault(&self, fabric: &FabricSettings) -> Option<Error> {
        let fault = fabric.fault.as_ref()?;
        if let Some(other) = fabric.overlaps.as_deref().and_then(|name| self.fabric(name).ok()) {
            return Some(directory::shared(fabric, other));
        }
        let (line, column, message) = (fault.line, fault.column, fault.message.clone());
        Some(Error::ConfigValue { path: self.path.clone().unwrap_or_default(), line, column, message })
    }

    /// The names of all fabrics, in the file's order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.fabrics.iter().map(|fabric| fabric.name.as_str())
    }
}

fn unread(path: &Path, source: std::io::Error) -> Error {
    if source.kind() == std::io::ErrorKind::NotFound {
        let looked = vec![path.display().to_string()];
        return Error::ConfigMissing { looked };
    }
    Error::fs("cannot read", path)(source)
}

fn not_utf8(path: &Path, error: &std::string::FromUtf8Error) -> Error {
    let sound = &error.as_bytes()[..error.utf8_error().valid_up_to()];
    let lines: Vec<&[u8]> = sound.split(|byte| *byte == b'\n').collect();
    let line = lines.len();
    let column = lines.last().map_or(0, |last| last.len()) + 1;
    let (message, detail) = ("the file is not UTF-8".to_owned(), String::new());
    Error::ConfigSyntax { path: path.to_owned(), line, column, message, detail }
}
