//! Running `git`: the one place that starts children; in a session of their own, without the terminal, within limits.

mod access;
pub mod editor;
mod feed;
mod local;
mod login;
mod push;
mod refusal;
mod remote;
mod variables;

use std::ffi::OsString;
use std::process::Stdio;
use std::time::Duration;

use process_wrap::tokio::{ChildWrapper, CommandWrap, ProcessSession};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::time::{Instant, sleep_until};

use crate::error::{Error, Result};
use crate::git::{Location, repository};
use crate::progress::Reporter;
use crate::text::known;

pub use access::{can_read, can_write};
pub use feed::feed;
pub use local::local;
pub use login::{Asked, login};
pub use push::{PushAnswer, push};
pub use remote::{Fetched, check, check_push_address, fast_forward, fetch, ls_remote, prepare, pushed_tip, read_back};

/// How long a child may say nothing before it counts as hung.
const SILENCE: Duration = Duration::from_mins(2);

/// How long a child that was asked to end may take, and what it leaves in its pipes.
const GRACE: Duration = Duration::from_secs(2);

/// After a limit has passed, how long is listened once more: this process may have been stopped itself.
const AGAIN: Duration = Duration::from_millis(500);

/// The oldest `git` that is good enough.
const OLDEST: (u32, u32) = (2, 31);

/// A program to run.
pub(super) struct Child {
    pub(super) program: OsString,
    pub(super) args: Vec<OsString>,
    pub(super) envs: Vec<(OsString, OsString)>,
    pub(super) input: Vec<u8>,
    pub(super) limit: Duration,
}

/// What a program left.
#[derive(Debug)]
pub(super) struct Done {
    pub(super) success: bool,
    pub(super) stdout: Vec<u8>,
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
    let text = String::from_utf8_lossy(&done.stdout).into_owned();
    let number = text.split_whitespace().nth(2).unwrap_or_default();
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
        Self { program: "git".into(), args, envs, input: Vec::new(), limit: SILENCE }
    }

    /// The same with a remote of this name at an address.
    fn with_remote(mut self, name: &str, url: &str) -> Self {
        self.envs.extend(remote_by_environment(name, url).map(|(name, value)| (name.into(), value.into())));
        self
    }

    /// `git` in a clone.
    fn in_clone(location: &Location, args: &[&str]) -> Self {
        let mut all: Vec<OsString> = vec!["-C".into(), location.dir.clone().into()];
        if location.is_ours() {
            all.push("--git-dir=.".into());
        }
        for setting in ["core.fsmonitor=false", "submodule.recurse=false", "color.ui=false"] {
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
fn remote_by_environment(name: &str, url: &str) -> [(String, String); 3] {
    let count = std::env::var("GIT_CONFIG_COUNT").ok().and_then(|count| count.parse::<u32>().ok()).unwrap_or(0);
    [
        ("GIT_CONFIG_COUNT".to_owned(), (count + 1).to_string()),
        (format!("GIT_CONFIG_KEY_{count}"), format!("remote.{name}.url")),
        (format!("GIT_CONFIG_VALUE_{count}"), url.to_owned()),
    ]
}

/// Runs a child from a blocking function, on a thread of its own.
pub(super) fn run_blocking(child: Child, report: &Reporter) -> Result<Done> {
    let work = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Error::Internal(error.to_string()))?;
        runtime.block_on(run(child, report, &mut |_| true))
    };
    std::thread::scope(|scope| scope.spawn(work).join())
        .unwrap_or_else(|_| Err(Error::Internal("a child's thread panicked".to_owned())))
}

/// Runs a child to its end.
///
/// # Errors
/// `GitProgram` when it cannot be started, `Stopped` when the user stopped it while that was possible.
pub(super) async fn run(child: Child, report: &Reporter, listener: &mut Listener<'_>) -> Result<Done> {
    report.check()?;
    let name = child.program.to_string_lossy().into_owned();
    let mut process = spawn(&child).map_err(|error| Error::GitProgram(format!("{name} cannot be started: {error}")))?;
    let stdout = process.stdout().take();
    let stderr = process.stderr().take();
    let stdin = process.stdin().take();
    let input = child.input;
    let feed = async move {
        if let Some(mut stdin) = stdin {
            // A child that ends without reading says so by its exit status.
            let _ = stdin.write_all(&input).await;
        }
    };
    let deadline = Instant::now() + child.limit;
    let mut talk = Talk { listener, line: Vec::new(), all: Vec::new(), can_stop: true, deadline, looks_again: false };
    let mut out = Vec::new();
    let (end, ()) = tokio::join!(listen(&mut process, stdout, stderr, &mut out, &mut talk, report, child.limit), feed);
    let stderr = known::hide(&String::from_utf8_lossy(&talk.all), &environment());
    match end {
        End::Exited(success) => Ok(Done { success, stdout: out, stderr, hung: false }),
        End::Hung => Ok(Done { success: false, stdout: out, stderr, hung: true }),
        End::Stopped => Err(Error::Stopped),
    }
}

/// The secrets of our own environment, which a hook or a helper may repeat.
fn environment() -> Vec<String> {
    let is_secret = |name: &str| ["TOKEN", "PASSWORD", "PASSWD", "SECRET"].iter().any(|word| name.ends_with(word));
    let all =
        std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    all.filter(|(name, _)| is_secret(&name.to_uppercase())).map(|(_, value)| value).collect()
}

enum End {
    Exited(bool),
    Hung,
    Stopped,
}

/// What stderr said so far.
struct Talk<'a, 'b> {
    listener: &'a mut Listener<'b>,
    line: Vec<u8>,
    all: Vec<u8>,
    can_stop: bool,
    deadline: Instant,
    /// Whether the deadline has passed once.
    looks_again: bool,
}

impl Talk<'_, '_> {
    fn hear(&mut self, bytes: &[u8], limit: Duration) {
        (self.deadline, self.looks_again) = (Instant::now() + limit, false);
        for byte in bytes {
            if matches!(byte, b'\r' | b'\n') {
                let line = String::from_utf8_lossy(&self.line).into_owned();
                self.can_stop &= (self.listener)(&line);
                if *byte == b'\n' {
                    self.all.extend_from_slice(&self.line);
                    self.all.push(b'\n');
                }
                self.line.clear();
            } else if self.line.len() < 4096 {
                self.line.push(*byte);
            }
        }
    }
}

async fn listen(
    process: &mut Box<dyn ChildWrapper>,
    mut stdout: Option<impl AsyncRead + Unpin>,
    mut stderr: Option<impl AsyncRead + Unpin>,
    out: &mut Vec<u8>,
    talk: &mut Talk<'_, '_>,
    report: &Reporter,
    limit: Duration,
) -> End {
    let (mut first, mut second) = (vec![0; 16 * 1024], vec![0; 16 * 1024]);
    let mut success = None;
    let (mut drained, mut looked_again) = (Instant::now() + Duration::from_hours(24), false);
    while stdout.is_some() || stderr.is_some() || success.is_none() {
        tokio::select! {
            read = read(&mut stdout, &mut first) => match read {
                Some(count) => out.extend_from_slice(first.get(..count).unwrap_or_default()),
                None => stdout = None,
            },
            read = read(&mut stderr, &mut second) => match read {
                Some(count) => talk.hear(second.get(..count).unwrap_or_default(), limit),
                None => stderr = None,
            },
            status = process.wait(), if success.is_none() => {
                success = Some(status.is_ok_and(|status| status.success()));
                // A daemon it left behind may keep the pipes open.
                drained = Instant::now() + GRACE;
            },
            () = sleep_until(drained), if success.is_some() => {
                if looked_again {
                    break;
                }
                // We may have been stopped meanwhile: what waits in the pipes is read first.
                (looked_again, drained) = (true, Instant::now() + AGAIN);
            },
            () = sleep_until(talk.deadline), if success.is_none() => {
                if !talk.looks_again {
                    (talk.looks_again, talk.deadline) = (true, Instant::now() + AGAIN);
                    continue;
                }
                end(process).await;
                rest(&mut stderr, &mut second, talk, limit).await;
                return End::Hung;
            },
            () = report.token().cancelled(), if talk.can_stop && success.is_none() => {
                end(process).await;
                // What it had said by then tells whether the stop came in time.
                rest(&mut stderr, &mut second, talk, limit).await;
                return if talk.can_stop { End::Stopped } else { End::Exited(false) };
            },
        }
    }
    talk.hear(b"\n", limit);
    End::Exited(success.unwrap_or(false))
}

/// What a child that was ended had said by then.
async fn rest(from: &mut Option<impl AsyncRead + Unpin>, buffer: &mut [u8], talk: &mut Talk<'_, '_>, limit: Duration) {
    let all = async {
        while let Some(count) = read(from, buffer).await {
            talk.hear(buffer.get(..count).unwrap_or_default(), limit);
        }
    };
    let _ = tokio::time::timeout(GRACE, all).await;
    talk.hear(b"\n", limit);
}

/// Reads what there is; none at the end, and never again then.
async fn read(from: &mut Option<impl AsyncRead + Unpin>, buffer: &mut [u8]) -> Option<usize> {
    match from {
        Some(from) => from.read(buffer).await.ok().filter(|count| *count > 0),
        None => std::future::pending().await,
    }
}

/// Asks a child and its group to end, and ends them when they do not.
async fn end(process: &mut Box<dyn ChildWrapper>) {
    #[cfg(unix)]
    {
        const TERMINATE: i32 = 15;
        let _ = process.signal(TERMINATE);
        if tokio::time::timeout(GRACE, process.wait()).await.is_ok() {
            return;
        }
    }
    let _ = process.start_kill();
    let _ = process.wait().await;
}

fn spawn(child: &Child) -> std::io::Result<Box<dyn ChildWrapper>> {
    let mut command = CommandWrap::with_new(&child.program, |command| {
        command.args(&child.args).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        command.stdin(if child.input.is_empty() { Stdio::null() } else { Stdio::piped() });
        for name in variables::removed() {
            command.env_remove(name);
        }
        command.envs(child.envs.iter().map(|(name, value)| (name, value)));
    });
    #[cfg(unix)]
    command.wrap(ProcessSession);
    command.spawn()
}
