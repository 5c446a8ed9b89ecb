//! The arguments of the commands that look at and change managed resources.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::command::args::Confirm;

/// The commands that look at and change managed resources.
#[derive(Debug, Clone, Subcommand)]
pub enum ResourceCommand {
    /// List managed resources, or print them: `show dc1 switches`, `show dc1 VPC/web`.
    ///
    /// A kind goes by its name, its plural, its directory or the short name kubectl knows. A resource
    /// that is named is printed as it was written; `-o json|yaml|name` for programs. Below the list
    /// stands the fabric's hydration: none, full, or partial with what is missing.
    Show {
        /// The fabric.
        #[arg(value_name = "FABRIC")]
        fabric: String,
        /// Which resources; none means all.
        #[arg(value_name = "KIND[/NAME]")]
        resources: Vec<String>,
    },
    /// Write all managed resources as one file, in the order of hhfab.
    ///
    /// `hhfab init -w FILE` and `kubectl apply -f FILE` take it. Exits with 1 and writes nothing
    /// where a managed file is broken or a resource stands there twice.
    Export {
        /// The fabric.
        #[arg(value_name = "FABRIC")]
        fabric: String,
        /// Where to write it; standard output where none is given.
        #[arg(short, long, value_name = "FILE")]
        file: Option<PathBuf>,
    },
    /// Adopt hand edits of managed/ in your clone, in one commit a fabric.
    ///
    /// Every YAML file below managed/ that was edited, added or deleted is checked and committed as
    /// it stands; nothing else of the clone is. Refused with findings, and exit code 1, where one
    /// has errors or a deleted resource is still referred to.
    Commit {
        /// The fabrics.
        #[arg(value_name = "FABRIC", required = true)]
        fabrics: Vec<String>,
        /// What every task takes.
        #[command(flatten)]
        task: Task,
    },
    /// Take resources out of managed/, in one commit.
    ///
    /// What still refers to them is an error that names file and line, exit code 1.
    Delete {
        /// The fabric.
        #[arg(value_name = "FABRIC")]
        fabric: String,
        /// The resources.
        #[arg(value_name = "KIND/NAME", required = true)]
        resources: Vec<String>,
        /// List what refers to them, and take that too.
        #[arg(long)]
        with_dependents: bool,
        /// Move the files to unmanaged/manual-overrides/ instead of deleting them.
        #[arg(long)]
        keep: bool,
        /// What every task takes.
        #[command(flatten)]
        task: Task,
    },
    /// Bring v1alpha2 documents to v1beta1, and gateway Peerings to GatewayPeering.
    ///
    /// In managed/ and in what waits in raw/; only apiVersion (or kind) changes, and only where no
    /// removed field is used. Exits with 1 and says why where a document cannot be migrated.
    Migrate {
        /// The fabrics.
        #[arg(value_name = "FABRIC", required = true)]
        fabrics: Vec<String>,
        /// What every task takes.
        #[command(flatten)]
        task: Task,
    },
    /// Put right what the NetBox plugin left in managed/, each with its reason.
    ///
    /// Second files of a resource go (copies) or move to unmanaged/manual-overrides/ (others), header
    /// comments stand with their resource, the plugin's time stamps and annotations go, files move to
    /// their kind's directory, v1alpha2 becomes v1beta1. Nothing else changes.
    Heal {
        /// The fabrics.
        #[arg(value_name = "FABRIC", required = true)]
        fabrics: Vec<String>,
        /// What every task takes.
        #[command(flatten)]
        task: Task,
    },
    /// Give a resource another name, with every reference to it, in one commit.
    ///
    /// Only the names change: comments, quotes and layout stay. On the cluster it is a deletion and
    /// a new resource. Names that other tools or raw files hold are not seen.
    Rename {
        /// The fabric.
        #[arg(value_name = "FABRIC")]
        fabric: String,
        /// The resource.
        #[arg(value_name = "KIND/OLD")]
        resource: String,
        /// Its new name.
        #[arg(value_name = "NEW")]
        to: String,
        /// What every task takes.
        #[command(flatten)]
        task: Task,
    },
}

/// What everything that changes managed resources takes.
#[derive(Debug, Clone, Default, Args)]
pub struct Task {
    /// The commit's subject; {action}, {fabric} and {summary} are filled in.
    #[arg(short, long, value_name = "SUBJECT")]
    pub message: Option<String>,
    /// Do not fetch first.
    #[arg(long)]
    pub offline: bool,
    /// How to confirm.
    #[command(flatten)]
    pub confirm: Confirm,
}

impl ResourceCommand {
    /// The command's name.
    pub fn name(&self) -> &'static str {
        match self {
            ResourceCommand::Show { .. } => "show",
            ResourceCommand::Export { .. } => "export",
            ResourceCommand::Commit { .. } => "commit",
            ResourceCommand::Delete { .. } => "delete",
            ResourceCommand::Rename { .. } => "rename",
            ResourceCommand::Migrate { .. } => "migrate",
            ResourceCommand::Heal { .. } => "heal",
        }
    }
}
