//! The command line's arguments; their doc comments are the help.

pub mod check;
pub mod own;
pub mod resources;
pub mod seeing;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::command::args::check::Validate;
use crate::command::args::own::{ConfigAction, ThemesAction};
use crate::command::args::resources::ResourceCommand;
use crate::command::args::seeing::{SeeingCommand, Status};

const EXIT_CODES: &str = "\
Exit codes:
  0    fine, or nothing to do
  1    the answer is no: findings of severity error, documents that were not placed, or something
       needs you and status was given --exit-code
  2    wrong usage, or a confirmation was needed and --yes was not given
  3    the configuration is missing or wrong
  4    access denied: credentials, keys
  5    the network, or a push whose answer was lost
  6    refused: behind, diverged, locked, read-only, out of date, rejected by the server,
       the file system, signing
  7    some of several fabrics failed
  8    stopped by you
  70   internal error
  129  hung up (SIGHUP)
  130  interrupted (Ctrl-C);  143  ended (SIGTERM)";

/// A dashboard and command line for the GitOps directories of Hedgehog network fabrics.
///
/// Without a command it opens the dashboard. Everything the dashboard does is a command here too:
/// results go to standard output, progress and questions to standard error.
#[derive(Debug, Clone, Parser)]
#[command(name = "hedgerow", version, after_help = EXIT_CODES, disable_help_subcommand = true)]
pub struct Arguments {
    /// What applies to every command.
    #[command(flatten)]
    pub global: Global,
    /// The same as the command demo.
    #[arg(long)]
    pub demo: bool,
    /// The command; none opens the dashboard.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What applies to every command.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// Read this configuration file instead of $HEDGEROW_CONFIG or the usual place.
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Refuse everything that writes; nothing is fetched either.
    #[arg(long, global = true)]
    pub read_only: bool,
    /// When to use colour; auto also looks at $HEDGEROW_COLOR, $NO_COLOR and the terminal.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: ColorChoice,
    /// Without a command, or with demo: lines only, and numbered choices, for screen readers.
    #[arg(long, global = true)]
    pub plain: bool,
    /// Draw with ASCII characters only.
    #[arg(long, global = true, conflicts_with = "unicode")]
    pub ascii: bool,
    /// Draw with Unicode characters whatever the locale says.
    #[arg(long, global = true)]
    pub unicode: bool,
    /// For a shared screen: shows the keys pressed, hides addresses and names, calm and clear.
    #[arg(long, global = true)]
    pub present: bool,
    /// Record what the dashboard shows into a new file that asciinema plays; --present masks it.
    #[arg(long, global = true, value_name = "FILE.cast")]
    pub record: Option<PathBuf>,
    /// How often the dashboard changes by itself; without it calm over ssh, else full.
    #[arg(long, global = true, value_name = "PACE")]
    pub pace: Option<PaceChoice>,
    /// Never ask: what has to be confirmed wants --yes, and there is no dashboard.
    #[arg(long, global = true, conflicts_with = "plain")]
    pub no_input: bool,
    /// No progress on standard error; what failed is told nevertheless.
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// The form of the result on standard output.
    #[arg(short, long, global = true, value_name = "FORM", default_value = "table")]
    pub output: Output,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// Never.
    Never,
    /// On a terminal, unless the environment says no.
    Auto,
    /// Always.
    Always,
}

/// How often the dashboard changes by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PaceChoice {
    /// Fifteen times a second.
    Full,
    /// Four times a second.
    Calm,
    /// Once a second.
    Slow,
}

/// The form of the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Output {
    /// For people.
    Table,
    /// For programs: one JSON object.
    Json,
    /// The documents' own text; only `show`.
    Yaml,
    /// `KIND/NAME`, a line each; only `show`.
    Name,
    /// Annotations of a GitHub workflow; only `validate`.
    Github,
    /// SARIF 2.1.0 for code scanning; only `validate`.
    Sarif,
}

/// The commands.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Tell the state of fabrics: directory, Git, raw files, next step.
    #[command(visible_alias = "list")]
    Status(Status),
    /// Create or repair the standard layout of GitOps directories, in one commit each.
    Init(Init),
    /// Check directories, raw files and managed resources; exits with 1 on errors.
    ///
    /// Takes fabrics, files, folders and `-`. Files and folders need no configuration: they are
    /// checked together as one fabric; a folder with raw/ and managed/ as the GitOps directory it is.
    Validate(Validate),
    /// Tell what a finding's code means, with a wrong and a right example; without a code, list all.
    Explain {
        /// The code, such as HH-CN6 or cn6.
        code: Option<String>,
    },
    /// Tell the raw files of a fabric, and what an ingest would make of each.
    Raw {
        /// The fabric.
        #[arg(value_name = "FABRIC")]
        fabric: String,
    },
    /// Tell what differs and what was done.
    #[command(flatten)]
    Seeing(SeeingCommand),
    /// Look at and change managed resources.
    #[command(flatten)]
    Resources(ResourceCommand),
    /// File raw documents under managed/, one file a resource, in one commit a fabric.
    ///
    /// The first arguments are fabrics. The first one that is no configured fabric, and everything
    /// behind it, are files from elsewhere for the one fabric named: `ingest dc1 a.yaml b.yaml`,
    /// `ingest dc1 - --yes`. A file that is called like a fabric is written ./NAME. Without files,
    /// each fabric's own raw/ is ingested.
    ///
    /// Exits with 1 when a document ends as conflict, older, invalid, refused, secret or waits.
    Ingest(Ingest),
    /// Send the branch, fast-forward only, and read the remote back.
    Push {
        /// The fabrics; those of one branch are pushed once.
        #[arg(value_name = "FABRIC", required = true)]
        fabrics: Vec<String>,
        /// How to confirm.
        #[command(flatten)]
        confirm: Confirm,
    },
    /// Take hedgerow's own newest commit back, or all of them in a row; never one that a remote has.
    ///
    /// The way out where a branch has diverged or a server refuses a commit. Raw files are put back
    /// where they lay, what was given by FILE or `-` is written to the state directory, and the
    /// commits are kept under refs/hedgerow/old/. It concerns the branch: commits of other fabrics
    /// on it need the typed name.
    Discard(Discard),
    /// Read the remotes into the tracking branches.
    Fetch {
        /// The fabrics; none means all.
        #[arg(value_name = "FABRIC")]
        fabrics: Vec<String>,
    },
    /// Bring branches forward to their remotes, fast-forward only.
    Pull {
        /// The fabrics; none means all.
        #[arg(value_name = "FABRIC")]
        fabrics: Vec<String>,
    },
    /// Add a fabric to the configuration, then initialise its directory and push.
    ///
    /// What is written into the configuration and what init would commit are shown together and
    /// confirmed once. If init or push fail, the fabric stays added, in state error.
    Add(Add),
    /// Take a fabric out of the configuration; its files and clones stay.
    Remove {
        /// The fabric.
        #[arg(value_name = "NAME")]
        name: String,
        /// Do not ask.
        #[arg(short, long)]
        yes: bool,
    },
    /// Let git ask for a credential, passphrase or host key on the terminal, then fetch.
    ///
    /// Everything else runs git without the terminal, so that nothing ever hangs on a question.
    /// After a commit that could not be signed, the signer asks for the key's passphrase instead.
    /// hedgerow keeps nothing of what is typed: a credential helper of git or an ssh agent does.
    Login {
        /// The fabric.
        #[arg(value_name = "FABRIC")]
        fabric: String,
    },
    /// List every action of the dashboard with its keys.
    Keys,
    /// Print the version, as --version does.
    Version,
    /// Print a script that completes commands and flags in a shell.
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// Print the manual page, or write one a command into a folder.
    Man {
        /// The folder; it must exist.
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
    },
    /// Print the JSON Schema of what a command prints with -o json; without a name, list the commands.
    Schema {
        /// The command.
        #[arg(value_name = "COMMAND")]
        name: Option<String>,
    },
    /// Find and check the configuration.
    Config {
        /// What about it.
        #[command(subcommand)]
        action: ConfigAction,
    },
    /// Show the themes of the dashboard.
    Themes {
        /// What about them.
        #[command(subcommand)]
        action: Option<ThemesAction>,
    },
    /// Try the program in a sandbox of its own; nothing leaves this machine.
    Demo {
        /// Walk init, ingest, push and a second ingest without a terminal.
        #[arg(long)]
        script: bool,
        /// Leave the sandbox on disk afterwards.
        #[arg(long)]
        keep: bool,
    },
}

/// The arguments of `init`.
#[derive(Debug, Clone, Args)]
pub struct Init {
    /// The fabrics.
    #[arg(value_name = "FABRIC", required = true)]
    pub fabrics: Vec<String>,
    /// Rewrite our own READMEs and metadata; never a file of yours.
    #[arg(long)]
    pub force: bool,
    /// Leave loose YAML files where they are instead of taking them in.
    #[arg(long)]
    pub keep_loose: bool,
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

/// The arguments of `ingest`.
#[derive(Debug, Clone, Args)]
pub struct Ingest {
    /// Fabrics first, then files from elsewhere; `-` is standard input.
    #[arg(value_name = "FABRIC|FILE", required = true)]
    pub targets: Vec<String>,
    /// Only this raw file, below raw/; may be repeated.
    #[arg(long, value_name = "RAWFILE")]
    pub only: Vec<String>,
    /// Take sound documents out of files with bad ones; the file stays.
    #[arg(long)]
    pub partial: bool,
    /// Leave invalid files where they are instead of moving them to raw/errors/.
    #[arg(long)]
    pub leave_invalid: bool,
    /// Keep what an export from a cluster added.
    #[arg(long)]
    pub keep_export: bool,
    /// Write other comments and layout of unchanged resources too.
    #[arg(long)]
    pub take_text: bool,
    /// Decide about one resource where raw and managed differ: whose text counts.
    ///
    /// `raw` writes the raw document, `managed` keeps what is there, `unmanaged` moves the raw
    /// document to unmanaged/manual-overrides/. May be repeated.
    #[arg(long, num_args = 2, value_names = ["raw|managed|unmanaged", "KIND/NAME"])]
    pub take: Vec<String>,
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

/// The arguments of `discard`.
#[derive(Debug, Clone, Args)]
pub struct Discard {
    /// The fabric.
    #[arg(value_name = "FABRIC")]
    pub fabric: String,
    /// All of hedgerow's own commits in a row, not the newest alone.
    #[arg(long)]
    pub all: bool,
    /// Do not fetch first.
    #[arg(long)]
    pub offline: bool,
    /// How to confirm.
    #[command(flatten)]
    pub confirm: Confirm,
}

/// How a writing command is confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Args)]
pub struct Confirm {
    /// Plan and tell, write nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Go on only if the plan has this id (eight digits or more); once a fabric.
    #[arg(long, value_name = "ID")]
    pub expect_plan: Vec<String>,
    /// Do not ask: needed where there is no terminal to ask on.
    #[arg(short, long)]
    pub yes: bool,
}

/// The arguments of `add`.
#[derive(Debug, Clone, Args)]
pub struct Add {
    /// The fabric's name.
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Your clone, a remote's address, or the name of a configured repository.
    #[arg(long, value_name = "PATH|URL|NAME")]
    pub repo: String,
    /// The GitOps directory in the repository; `.` is its root.
    #[arg(long, value_name = "DIR")]
    pub directory: String,
    /// The branch; only for a repository that is not configured yet. Without it: the one the clone is on, or the
    /// default of the remote.
    #[arg(long)]
    pub branch: Option<String>,
    /// The profile, one of those configured.
    #[arg(long)]
    pub profile: Option<String>,
    /// Only add it, do not initialise.
    #[arg(long)]
    pub no_init: bool,
    /// Initialise, do not push.
    #[arg(long)]
    pub no_push: bool,
    /// Do not ask: needed where there is no terminal to ask on.
    #[arg(short, long)]
    pub yes: bool,
}

#[cfg(test)]
mod tests;
