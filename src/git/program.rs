//! Running `git`: the one place that starts children; in a session of their own, without the terminal, within limits.

mod access;
mod addresses;
mod conversion;
pub mod editor;
mod feed;
mod heads;
pub(super) mod identity;
mod known;
mod local;
mod login;
mod maintenance;
mod push;
mod refusal;
mod remote;
mod running;
mod variables;
mod words;

use std::ffi::OsString;
use std::time::Duration;

use crate::error::{Error, Result};
use crate::git::{Location, repository};
use crate::progress::Reporter;

pub use access::{can_read, can_write};
pub(super) use conversion::complaint_of_conversion;
pub use feed::feed;
pub use heads::{Heads, heads, require_branch};
pub use local::local;
pub use login::{Asked, login, unlock};
pub use maintenance::maintain;
pub use push::{Lost, PushAnswer, push};
pub use remote::{Fetched, check, fast_forward, fetch, ls_remote, prepare, push_address, pushed_tip, read_back};
pub(super) use running::{run, run_blocking};

/// How long a remote may say nothing where nobody waits.
const SILENCE: Duration = Duration::from_mins(2);

/// The same of a local hook.
const HOOK: Duration = Duration::from_mins(10);

/// How long a child that was asked to end may take, and what it leaves in its pipes.
const GRACE: Duration = Duration::from_secs(2);

/// The oldest `git` that is good enough.
const OLDEST: (u32, u32) = (2, 31);

/// What every git in a clone is told; the last two keep it from tidying up in the background, beside our
/// own writing and after we have ended.
const SETTINGS: [&str; 5] =
    ["core.fsmonitor=false", "submodule.recurse=false", "color.ui=false", "maintenance.auto=false", "gc.auto=0"];

/// A program to run.
pub(super) struct Child {
    pub(super) program: OsString,
    pub(super) args: Vec<OsString>,
    pub(super) envs: Vec<(OsString, OsString)>,
    /// Variables it does not get, beside those no child gets.
    pub(super) without: &'static [&'static str],
    pub(super) input: Vec<u8>,
    pub(super) limit: Silence,
}

/// How long a child may say nothing before it counts as hung.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Silence {
    /// So long, whoever is there.
    Always(Duration),
    /// A remote: as long as somebody waits for it, else two minutes.
    Remote,
    /// A remote, and before the pack a local hook, which may take its time.
    Hook,
    /// A local command, which may run hooks: as long as somebody waits for it, else ten minutes.
    Local,
}

impl Silence {
    /// The limit; none where it is waited for however long it takes.
    fn limit(self, is_attended: bool, is_sent: bool) -> Option<Duration> {
        let alone = match self {
            Silence::Always(limit) => return Some(limit),
            Silence::Hook if !is_sent => HOOK,
            Silence::Remote | Silence::Hook => SILENCE,
            Silence::Local => HOOK,
        };
        (!is_attended).then_some(alone)
    }
}

/// What a program left.
#[derive(Debug)]
pub(super) struct Done {
    pub(super) success: bool,
    /// As `stderr`, not more of it than [`crate::text::ends::MOST`].
    pub(super) stdout: String,
    pub(super) stderr: String,
    /// It said nothing for too long and was ended.
    pub(super) hung: bool,
}

/// Told each line of stderr; says whether stopping is still possible.
pub(super) type Listener<'a> = dyn FnMut(&str) -> bool + Send + 'a;

/// The version of the `git` program.
///
/// # Errors
/// `GitProgram` when it is missing or older than 2.31.
pub async fn version() -> Result<(u32, u32)> {
    let child = Child::git(["version"]);
    let done = run(child, &Reporter::silent(), &mut |_| true).await?;
    let number = done.stdout.split_whitespace().nth(2).unwrap_or_default();
    let mut parts = number.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let found = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    if found < OLDEST {
        let number = crate::text::clean_line(number);
        return Err(Error::GitProgram(format!("git {number} is too old; 2.31 or newer is needed")));
    }
    Ok(found)
}

impl Child {
    /// `git` with these arguments.
    fn git<I: IntoIterator<Item: Into<OsString>>>(args: I) -> Self {
        let mut envs: Vec<(OsString, OsString)> = [
            ("GIT_TERMINAL_PROMPT", "0"),
            ("GCM_INTERACTIVE", "never"),
            ("SSH_ASKPASS_REQUIRE", "force"),
            ("SSH_ASKPASS", "false"),
            ("LC_ALL", "C"),
        ]
        .map(|(name, value)| (name.into(), value.into()))
        .to_vec();
        if std::env::var_os("GIT_ASKPASS").is_none() {
            envs.push(("GIT_ASKPASS".into(), "false".into()));
        }
        let args = args.into_iter().map(Into::into).collect();
        Self { program: "git".into(), args, envs, without: &[], input: Vec::new(), limit: Silence::Remote }
    }

    /// The same with a remote of this name at an address.
    fn with_remote(mut self, name: &str, url: &str) -> Self {
        self.envs.extend(remote_by_environment(name, url).into_iter().map(|(name, value)| (name.into(), value.into())));
        self
    }

    /// The same with more settings of git, which may hold secrets.
    fn with_settings(mut self, settings: &[(String, &str)]) -> Self {
        let set = settings_by_environment(settings);
        self.envs.extend(set.into_iter().map(|(name, value)| (name.into(), value.into())));
        self
    }

    /// `git` in a clone.
    fn in_clone(location: &Location, args: &[&str]) -> Self {
        let mut all: Vec<OsString> = vec!["-C".into(), location.dir.clone().into()];
        if location.is_ours() {
            all.push("--git-dir=.".into());
        }
        for setting in SETTINGS {
            all.extend(["-c".into(), setting.into()]);
        }
        all.extend(args.iter().map(OsString::from));
        let mut child = Self::git(all);
        if let Some(ssh) = repository::ssh_command(location) {
            child.envs.push(("GIT_SSH_COMMAND".into(), ssh.into()));
        }
        child
    }
}

/// The variables that give a remote of this name an address. An address may hold a password, so it is no
/// argument: those are seen by everybody.
fn remote_by_environment(name: &str, url: &str) -> Vec<(String, String)> {
    settings_by_environment(&[(format!("remote.{name}.url"), url)])
}

/// The variables that give git more settings than the user's.
fn settings_by_environment(settings: &[(String, &str)]) -> Vec<(String, String)> {
    let before = std::env::var("GIT_CONFIG_COUNT").ok().and_then(|count| count.parse::<usize>().ok()).unwrap_or(0);
    let mut set = vec![("GIT_CONFIG_COUNT".to_owned(), (before + settings.len()).to_string())];
    for (at, (key, value)) in (before..).zip(settings) {
        set.push((format!("GIT_CONFIG_KEY_{at}"), key.clone()));
        set.push((format!("GIT_CONFIG_VALUE_{at}"), (*value).to_owned()));
    }
    set
}
