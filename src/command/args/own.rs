//! The arguments of the commands about the configuration and the themes.

use std::path::PathBuf;

use clap::Subcommand;

/// What `themes` does.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum ThemesAction {
    /// List every theme and where it comes from.
    List,
    /// Show every role of a theme in its colours, and what is wrong in its file.
    Preview {
        /// The theme.
        #[arg(value_name = "NAME")]
        name: String,
    },
}

/// What `config` does.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum ConfigAction {
    /// Print every place looked at, and which one won.
    Path,
    /// Read the configuration and tell every remark; exits with 1 on wrong values.
    Check,
    /// Print a commented example.
    Example,
    /// Write the first configuration from the clones and GitOps directories found.
    ///
    /// Looks in the given folders, or the current one: there, in the folders above and directly
    /// below, for clones that hold `gitops/*/*`, `.hnp/manifest.yaml` or raw/ and managed/.
    /// What would be written is shown first. A configuration that exists is never touched.
    Init {
        /// Look here instead of the current folder; may be repeated.
        #[arg(long, value_name = "PATH")]
        repo: Vec<PathBuf>,
        /// Take every GitOps directory that is found.
        #[arg(long, required = true)]
        discover: bool,
        /// Do not ask: needed where there is no terminal to ask on.
        #[arg(short, long)]
        yes: bool,
    },
}
