//! The arguments of the commands that tell the state, what differs and what was done.

use clap::{Args, Subcommand, ValueEnum};

/// The arguments of `status`.
#[derive(Debug, Clone, Default, Args)]
pub struct Status {
    /// The fabrics; none means all.
    #[arg(value_name = "FABRIC")]
    pub fabrics: Vec<String>,
    /// Ask the remotes first.
    #[arg(long)]
    pub fetch: bool,
    /// Tell only these fabrics.
    #[arg(long, value_name = "WHICH")]
    pub only: Option<Only>,
    /// Exit with 1 where a fabric has a next step.
    #[arg(long)]
    pub exit_code: bool,
}

/// Which fabrics `status` tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Only {
    /// Those that have a next step, or cannot be read.
    NeedYou,
}

/// The commands that tell what differs and what was done.
#[derive(Debug, Clone, Subcommand)]
pub enum SeeingCommand {
    /// Tell what differs, as a unified diff; exits with 1 where something does.
    ///
    /// Without options: what is here and not on the remote, that is commits to push and edits of
    /// files. Raw files that wait to be ingested are no difference.
    Diff {
        /// The fabric.
        #[arg(value_name = "FABRIC")]
        fabric: String,
        /// What changed since this commit, branch or tag.
        #[arg(value_name = "REV")]
        revision: Option<String>,
        /// What is here and not on the remote; so it is without options too.
        #[arg(long, conflicts_with_all = ["remote", "revision", "commit"])]
        local: bool,
        /// What was read of the remote and is not here, which a pull would bring.
        #[arg(long, conflicts_with_all = ["revision", "commit"])]
        remote: bool,
        /// What this one commit changed.
        #[arg(long, value_name = "COMMIT", conflicts_with = "revision")]
        commit: Option<String>,
    },
    /// Tell the history of fabrics: commits and operations, newest first.
    #[command(visible_alias = "history")]
    Log {
        /// The fabrics; none means all.
        #[arg(value_name = "FABRIC")]
        fabrics: Vec<String>,
    },
}

impl SeeingCommand {
    /// The command's name.
    pub fn name(&self) -> &'static str {
        match self {
            SeeingCommand::Diff { .. } => "diff",
            SeeingCommand::Log { .. } => "log",
        }
    }
}
