//! Config: plain settings, found, read with positions, checked, written without losing comments.

use std::path::PathBuf;

/// The whole configuration, with what was wrong in it.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// The file it was read from, if any.
    pub path: Option<PathBuf>,
    /// The repositories, in the file's order.
    pub repositories: Vec<RepositorySettings>,
    /// The fabrics, in the file's order; those with a fault are listed too.
    pub fabrics: Vec<FabricSettings>,
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
    /// Why this fabric cannot be used, if it cannot; it is then shown in state `error`.
    pub fault: Option<Remark>,
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
