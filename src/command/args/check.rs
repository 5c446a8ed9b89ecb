//! The arguments of `validate`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// The arguments of `validate`.
#[derive(Debug, Clone, Args)]
pub struct Validate {
    /// Fabrics, files and folders in any order; `-` is standard input; none means all fabrics.
    #[arg(value_name = "FABRIC|PATH")]
    pub targets: Vec<String>,
    /// Take what is given for the whole fabric: a reference to something that is not there is an
    /// error, and so is what only the installer refuses.
    #[arg(long)]
    pub closed_world: bool,
    /// Tell only what is at least so bad; the exit code does not change.
    #[arg(long, value_name = "LEVEL", default_value = "note")]
    pub severity: Level,
    /// The fabric's release, such as v0.129 or 26.03; unknown fields are errors then. For files and folders.
    #[arg(long, value_name = "RELEASE")]
    pub release: Option<String>,
    /// The fab.yaml the fabric was installed with. For files and folders.
    #[arg(long, value_name = "FILE")]
    pub fab: Option<PathBuf>,
    /// A folder or file of SwitchProfiles, to check ports with. For files and folders.
    #[arg(long, value_name = "PATH")]
    pub switch_profiles: Option<PathBuf>,
    /// A folder of CustomResourceDefinitions instead of the built-in fields. For files and folders.
    #[arg(long, value_name = "FOLDER")]
    pub schemas: Option<PathBuf>,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Level {
    /// Errors only.
    Error,
    /// Warnings and errors.
    Warning,
    /// Everything.
    Note,
}
