//! Push, fast-forward only, and what the server answered.

use super::remote::progress;
use super::{Child, Done, refusal, run};
use crate::error::{Error, Result};
use crate::git::Location;
use crate::progress::{Phase, Reporter};

/// How the server answered a push.
#[derive(Debug)]
pub enum PushAnswer {
    /// The branch was moved.
    Accepted,
    /// The branch was there already.
    UpToDate,
    /// Refused: `PushNonFf`, `PushProtected` or `PushHook` with the server's own words.
    Rejected(Error),
    /// Sent, and the answer was lost; what git said.
    Unknown(String),
}

/// Sends one commit to the branch at the remote; never forced, the `pre-push` hook runs.
///
/// # Errors
/// What kept the push from being sent at all: a credential, the network, the user.
pub async fn push(location: &Location, commit: &str, report: &Reporter) -> Result<PushAnswer> {
    report.phase(Phase::Connect, &location.name);
    let refspec = format!("{commit}:{}", location.branch_ref());
    let settings = ["-c", "push.followTags=false", "-c", "push.recurseSubmodules=no"];
    let mut args = settings.to_vec();
    args.extend(["push", "--porcelain", "--progress", "--", &location.remote, &refspec]);
    let mut sent = false;
    let mut listener = |line: &str| {
        sent |= line.starts_with("Writing objects") || line.starts_with("Total ");
        tell(report, location, line);
        !sent
    };
    let done = run(Child::in_clone(location, &args), report, &mut listener).await?;
    answer(location, &done, sent)
}

fn answer(location: &Location, done: &Done, sent: bool) -> Result<PushAnswer> {
    let stdout = String::from_utf8_lossy(&done.stdout).into_owned();
    let target = format!(":{}", location.branch_ref());
    let line = stdout.lines().find_map(|line| {
        let mut parts = line.splitn(3, '\t');
        let flag = parts.next()?;
        parts.next().filter(|refs| refs.ends_with(&target))?;
        Some((flag.to_owned(), parts.next().unwrap_or_default().to_owned()))
    });
    let said = refusal::words(location, &done.stderr);
    match line {
        Some((flag, _)) if flag == "=" => Ok(PushAnswer::UpToDate),
        Some((flag, summary)) if flag == "!" => Ok(refused(location, &summary, &said)),
        Some(_) if done.success => Ok(PushAnswer::Accepted),
        _ if done.success => Ok(PushAnswer::Unknown(said)),
        _ if sent => Ok(PushAnswer::Unknown(said)),
        _ if done.hung => Err(refusal::hung(location, &done.stderr)),
        _ if is_hook(&done.stderr) => {
            Ok(PushAnswer::Rejected(Error::PushHook { branch: location.branch.clone(), detail: said }))
        }
        _ => Err(refusal::classify(location, &done.stderr)),
    }
}

/// A `pre-push` hook that says no leaves no line about the branch and no word of the network.
fn is_hook(stderr: &str) -> bool {
    stderr.contains("failed to push some refs") && !stderr.contains("fatal:")
}

fn refused(location: &Location, summary: &str, said: &str) -> PushAnswer {
    let branch = location.branch.clone();
    let detail = crate::text::clean(&format!("{summary}\n{said}"));
    let lower = detail.to_lowercase();
    let has = |needles: &[&str]| needles.iter().any(|needle| lower.contains(needle));
    let reason = summary.to_lowercase();
    let moved = [
        "non-fast-forward",
        "fetch first",
        "stale info",
        "cannot lock ref",
        "failed to update ref",
        "reference already exists",
        "incorrect old value",
    ];
    if reason.contains("[remote failure]") {
        PushAnswer::Unknown(detail)
    } else if moved.iter().any(|needle| reason.contains(needle)) {
        PushAnswer::Rejected(Error::PushNonFf { branch, detail })
    } else if has(&[
        "protected branch",
        "protected ref",
        "gh006",
        "gh013",
        "branch is protected",
        "not allowed to push code to protected",
        "tf402455",
    ]) {
        PushAnswer::Rejected(Error::PushProtected { branch, detail })
    } else {
        PushAnswer::Rejected(Error::PushHook { branch, detail })
    }
}

fn tell(report: &Reporter, location: &Location, line: &str) {
    let phases = [
        ("Counting objects", Phase::Pack),
        ("Compressing objects", Phase::Pack),
        ("Writing objects", Phase::Send),
        ("Total ", Phase::Wait),
    ];
    if let Some(progress) = progress(line, &phases, &location.name) {
        report.tell(progress);
    }
}
