//! Running: a child from its start to its end; what it says is heard meanwhile, and how long it is silent.

use std::process::Stdio;
use std::time::Duration;

use process_wrap::tokio::{ChildWrapper, CommandWrap, ProcessSession};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::time::{Instant, sleep_until};

use super::known::Place;
use super::words::{Kept, Talk};
use super::{Child, Done, GRACE, Listener, SILENCE, Silence, variables};
use crate::error::{Error, Result};
use crate::progress::Reporter;

/// After a limit has passed, how long is listened once more: this process may have been stopped itself.
const AGAIN: Duration = Duration::from_millis(500);

/// How often a silence is told.
const TOLD: Duration = Duration::from_secs(10);

/// Far enough away.
const NEVER: Duration = Duration::from_hours(24 * 365);

/// Runs a child from a blocking function, on a thread of its own.
pub(in crate::git) fn run_blocking(child: Child, report: &Reporter) -> Result<Done> {
    let work = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Error::Internal(error.to_string()))?;
        runtime.block_on(run(child, report, &mut |_| true))
    };
    std::thread::scope(|scope| scope.spawn(work).join())
        .unwrap_or_else(|_| Err(Error::Internal("a child's thread panicked".to_owned())))
}

/// Runs a child to its end; what it said has lost the secrets that are known here.
///
/// # Errors
/// `GitProgram` when it cannot be started, `Stopped` when the user stopped it while that was possible.
pub(in crate::git) async fn run(child: Child, report: &Reporter, listener: &mut Listener<'_>) -> Result<Done> {
    let place = Place::of(&child);
    let done = Box::pin(run_unheard(child, report, listener)).await?;
    Ok(Box::pin(place.hide(done)).await)
}

/// The same with every word as it was said: for answers that are not shown.
pub(super) async fn run_unheard(child: Child, report: &Reporter, listener: &mut Listener<'_>) -> Result<Done> {
    report.check()?;
    let name = child.program.to_string_lossy().into_owned();
    let mut process = spawn(&child).map_err(|error| Error::GitProgram(format!("{name} cannot be started: {error}")))?;
    let (stdout, stderr, stdin) = (process.stdout().take(), process.stderr().take(), process.stdin().take());
    let input = child.input;
    let feed = async move {
        if let Some(mut stdin) = stdin {
            // A child that ends without reading says so by its exit status.
            let _ = stdin.write_all(&input).await;
        }
    };
    let mut ears = Ears { talk: Talk::new(listener), out: Kept::of_answer(), limit: child.limit, report };
    let (end, ()) = tokio::join!(ears.listen(&mut process, stdout, stderr), feed);
    let (stdout, stderr) = (ears.out.into_text(), ears.talk.kept.into_text());
    match end {
        End::Exited(success) => Ok(Done { success, stdout, stderr, hung: false }),
        End::Hung => Ok(Done { success: false, stdout, stderr, hung: true }),
        End::Stopped => Err(Error::Stopped),
    }
}

enum End {
    Exited(bool),
    Hung,
    Stopped,
}

/// What is heard of a child, and how long nothing may be.
struct Ears<'a, 'b, 'c> {
    talk: Talk<'a, 'b>,
    out: Kept,
    limit: Silence,
    report: &'c Reporter,
}

impl Ears<'_, '_, '_> {
    async fn listen(
        &mut self,
        process: &mut Box<dyn ChildWrapper>,
        mut stdout: Option<impl AsyncRead + Unpin>,
        mut stderr: Option<impl AsyncRead + Unpin>,
    ) -> End {
        let (mut first, mut second) = (vec![0; 16 * 1024], vec![0; 16 * 1024]);
        let mut success = None;
        let (mut drained, mut looked_again) = (Instant::now() + NEVER, false);
        let mut silence = Quiet::since(self.talk.heard);
        let report = self.report;
        while stdout.is_some() || stderr.is_some() || success.is_none() {
            silence.follow(self.talk.heard);
            tokio::select! {
                read = read(&mut stdout, &mut first) => match read {
                    Some(count) => self.take_out(first.get(..count).unwrap_or_default()),
                    None => stdout = None,
                },
                read = read(&mut stderr, &mut second) => match read {
                    Some(count) => self.talk.hear(second.get(..count).unwrap_or_default()),
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
                () = sleep_until(silence.next(self.limit())), if success.is_none() => {
                    if silence.is_over(self.limit()) {
                        end(process).await;
                        self.rest(&mut stderr, &mut second).await;
                        return End::Hung;
                    }
                    if let Some(so_far) = silence.tell().filter(|_| report.is_attended()) {
                        report.tell_silence(so_far);
                    }
                },
                () = report.token().cancelled(), if self.can_stop(&silence) && success.is_none() => {
                    end(process).await;
                    // What it had said by then tells whether the stop came in time.
                    self.rest(&mut stderr, &mut second).await;
                    return if self.talk.can_stop { End::Stopped } else { End::Exited(false) };
                },
                () = report.given_up(), if success.is_none() => {
                    end(process).await;
                    self.rest(&mut stderr, &mut second).await;
                    return End::Exited(false);
                },
            }
        }
        self.talk.end();
        End::Exited(success.unwrap_or(false))
    }

    fn take_out(&mut self, bytes: &[u8]) {
        self.talk.heard = Instant::now();
        self.out.take(bytes);
    }

    fn limit(&self) -> Option<Duration> {
        self.limit.limit(self.report.is_attended(), !self.talk.can_stop)
    }

    /// What nothing was heard of for long can be given up, though nobody knows then what became of it.
    fn can_stop(&self, silence: &Quiet) -> bool {
        self.talk.can_stop || silence.since.elapsed() >= SILENCE
    }

    /// What a child that was ended had said by then.
    async fn rest(&mut self, from: &mut Option<impl AsyncRead + Unpin>, buffer: &mut [u8]) {
        let all = async {
            while let Some(count) = read(from, buffer).await {
                self.talk.hear(buffer.get(..count).unwrap_or_default());
            }
        };
        let _ = tokio::time::timeout(GRACE, all).await;
        self.talk.end();
    }
}

/// A silence: since when it lasts, what was told of it, and whether its limit has passed once.
struct Quiet {
    since: Instant,
    told: Duration,
    again: Option<Instant>,
}

impl Quiet {
    fn since(since: Instant) -> Self {
        Self { since, told: Duration::ZERO, again: None }
    }

    /// Begins anew where something was heard meanwhile.
    fn follow(&mut self, heard: Instant) {
        if heard != self.since {
            *self = Self::since(heard);
        }
    }

    /// When there is something to do, if nothing is heard till then.
    fn next(&self, limit: Option<Duration>) -> Instant {
        let ends = limit.map(|limit| self.again.unwrap_or(self.since + limit));
        let tells = self.since + self.told + TOLD;
        ends.map_or(tells, |ends| ends.min(tells))
    }

    /// Whether it is longer than its limit, at the second look.
    fn is_over(&mut self, limit: Option<Duration>) -> bool {
        let Some(limit) = limit.filter(|limit| self.since.elapsed() >= *limit) else { return false };
        let again = *self.again.get_or_insert(self.since + limit + AGAIN);
        again <= Instant::now()
    }

    /// How long it lasts in whole steps, where that is news.
    fn tell(&mut self) -> Option<Duration> {
        let steps = u32::try_from(self.since.elapsed().as_secs() / TOLD.as_secs()).unwrap_or(u32::MAX);
        let so_far = TOLD.saturating_mul(steps);
        (so_far > self.told).then(|| {
            self.told = so_far;
            so_far
        })
    }
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
        for name in variables::removed().chain(child.without.iter().map(Into::into)) {
            command.env_remove(name);
        }
        command.envs(child.envs.iter().map(|(name, value)| (name, value)));
    });
    #[cfg(unix)]
    command.wrap(ProcessSession);
    command.spawn()
}
