//! Push, fast-forward only, and what the server answered.

use super::remote::progress;
use super::{Child, Done, Silence, refusal, run};
use crate::error::{Error, Refusal, RefusalKind, Result};
use crate::git::Location;
use crate::git::repository::Repository;
use crate::progress::{Phase, Reporter};

/// What is said where the pre-push hook, which has ten minutes, does not come to an end.
const QUIET_HOOK: &str =
    "the pre-push hook, or the remote before it, said nothing for 10 minutes and nobody was there to wait";

/// How the server answered a push.
#[derive(Debug)]
pub enum PushAnswer {
    /// The branch was moved.
    Accepted,
    /// The branch was there already.
    UpToDate,
    /// Refused: `PushNonFf`, `PushProtected` or `PushHook` with the server's own words.
    Rejected(Error),
    /// Sent, and the answer was lost, or is a refusal only if the branch did not move.
    Unknown(Lost),
}

/// What is known of a push whose answer was lost.
#[derive(Debug)]
pub struct Lost {
    /// What git said.
    pub words: String,
    /// What the server answered, if that was a refusal.
    pub refusal: Option<Error>,
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
    let has_hook = !location.is_ours() && Repository::open(location)?.has_hook("pre-push");
    let limit = if has_hook { Silence::Hook } else { Silence::Remote };
    let child = Child { limit, ..Child::in_clone(location, &args) };
    let done = run(child, report, &mut listener).await?;
    if done.hung && has_hook && !sent {
        let detail = format!("{QUIET_HOOK}\n{}", refusal::words(location, &done.stderr));
        return Ok(PushAnswer::Rejected(Error::PushHook {
            branch: location.branch.clone(),
            is_ours: location.is_ours(),
            detail,
        }));
    }
    answer(location, &done, sent)
}

fn answer(location: &Location, done: &Done, sent: bool) -> Result<PushAnswer> {
    let target = format!(":{}", location.branch_ref());
    let line = done.stdout.lines().find_map(|line| {
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
        _ if done.success => Ok(lost(said, None)),
        _ if sent => {
            let refusal = refusal::after_sending(location, &done.stderr).filter(|_| !done.hung);
            Ok(lost(said, refusal))
        }
        _ if done.hung => Err(refusal::hung(location, &done.stderr)),
        _ if is_hook(&done.stderr) => Ok(PushAnswer::Rejected(Error::PushHook {
            branch: location.branch.clone(),
            is_ours: location.is_ours(),
            detail: said,
        })),
        _ => Err(refusal::classify(location, &done.stderr)),
    }
}

fn lost(words: String, refusal: Option<Error>) -> PushAnswer {
    PushAnswer::Unknown(Lost { words, refusal })
}

/// A `pre-push` hook that says no leaves no line about the branch and no word of the network.
fn is_hook(stderr: &str) -> bool {
    let is_git = stderr.contains("fatal:") || stderr.contains("error: src refspec");
    stderr.contains("failed to push some refs") && !is_git
}

fn refused(location: &Location, summary: &str, said: &str) -> PushAnswer {
    let branch = location.branch.clone();
    let detail = crate::text::quote(&format!("{summary}\n{said}"));
    let lower = detail.to_lowercase();
    let has = |needles: &[&str]| needles.iter().any(|needle| lower.contains(needle));
    let reason = summary.to_lowercase();
    let moved = ["non-fast-forward", "fetch first", "stale info", "reference already exists", "incorrect old value"];
    let stuck = ["cannot lock ref", "failed to update ref"];
    let told = |needles: &[&str]| needles.iter().any(|needle| reason.contains(needle));
    let refuse = |kind, place: &str| Error::Refused(Refusal { kind, place: place.to_owned(), detail: detail.clone() });
    if told(&["[remote failure]"]) {
        return lost(detail, None);
    }
    PushAnswer::Rejected(if told(&stuck) && has(&[".lock': file exists"]) {
        refuse(RefusalKind::PushLocked, &branch)
    } else if told(&["unpacker error", "failed to write", "unable to migrate"]) || told(&stuck) && has(&BROKEN) {
        refuse(RefusalKind::ServerFailed, &refusal::remote_label(location))
    } else if told(&moved) || told(&stuck) {
        Error::PushNonFf { branch, is_ours: location.is_ours(), detail }
    } else if has(&PROTECTED) {
        Error::PushProtected { branch, is_ours: location.is_ours(), detail }
    } else if told(&["hook", "declined"]) {
        Error::PushHook { branch, is_ours: location.is_ours(), detail }
    } else {
        refuse(RefusalKind::PushRefused, &branch)
    })
}

/// What a server says of its own troubles.
const BROKEN: [&str; 4] = ["permission denied", "no space left", "read-only file system", "input/output error"];

/// What servers say of a branch that a rule protects.
const PROTECTED: [&str; 7] = [
    "protected branch",
    "protected ref",
    "gh006",
    "gh013",
    "branch is protected",
    "not allowed to push code to protected",
    "tf402455",
];

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
