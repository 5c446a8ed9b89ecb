//! Settle: what the last session left open, looked up and said; the journal names it.

use crate::error::Error;
use crate::git::program;
use crate::git::repository::Repository;
use crate::git::{Location, lock};
use crate::history::{self, Fault, Record};
use crate::ops::{Context, Failure, record};
use crate::progress::Reporter;
use crate::text::clean_line;

/// How a push that was left open ended, as the journal says it.
const VERIFIED: &str = "verified";
const NOT_THERE: &str = "rejected";

/// What became of something the last session left open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// The fabric.
    pub fabric: String,
    /// What was found, one sentence.
    pub sentence: String,
    /// Whether it is certain now.
    pub is_certain: bool,
}

/// Notes that a push is about to be sent: the line is answered by the push's own.
pub(crate) fn sending(cx: &Context, fabric: &str, commit: &str) {
    let record = Record {
        at: record::now(cx),
        operation: "push".to_owned(),
        fabric: fabric.to_owned(),
        result: history::SENDING.to_owned(),
        commit: Some(commit.to_owned()),
        failure: None,
        process: Some(std::process::id()),
    };
    // The push goes on without: its own line says whether the journal can be written.
    let _ = history::record(&cx.state_dir, &record);
}

/// Settles every push that was sent by a process that is gone and never told its end, and finishes
/// or undoes what a crash left half written.
pub async fn settle(cx: &Context, report: &Reporter) -> Vec<Settled> {
    let mut settled = Vec::new();
    for open in history::read(&cx.state_dir).sending() {
        if open.process.is_some_and(is_alive) {
            continue;
        }
        if let Some(found) = pushed(cx, &open, report).await {
            settled.push(found);
        }
    }
    if !cx.read_only {
        for repository in &cx.config.repositories {
            let location = Location::new(repository, &cx.data_dir);
            settled.extend(crashed(&location));
        }
    }
    settled
}

fn is_alive(process: u32) -> bool {
    let id = i32::try_from(process).ok().and_then(rustix::process::Pid::from_raw);
    id.is_some_and(|id| rustix::process::test_kill_process(id).is_ok())
}

async fn pushed(cx: &Context, open: &Record, report: &Reporter) -> Option<Settled> {
    let fabric = cx.config.fabric(&open.fabric).ok()?;
    let repository = cx.config.repository(&fabric.repository)?;
    let location = Location::new(repository, &cx.data_dir);
    let commit = open.commit.clone()?;
    let place = location.upstream_name();
    let head = head(open);
    let (sentence, result, failure) = match holds(cx, &location, &commit, report).await {
        Ok((is_there, found)) => {
            let sentence = format!("{head} {}", checked(&place, &commit, is_there, found.as_deref()));
            (sentence, if is_there { VERIFIED } else { NOT_THERE }, None)
        }
        Err(error) => {
            let detail = format!("{head} {place} could not be read: {error}");
            let error = Error::PushUncertain { branch: location.branch.clone(), detail: detail.clone() };
            (format!("{detail}. Uncertain; f settles it."), history::UNCERTAIN, Some(Failure::from(&error)))
        }
    };
    let is_certain = failure.is_none();
    if is_certain {
        answer(cx, open, result, failure);
    }
    Some(Settled { fabric: open.fabric.clone(), sentence: clean_line(&sentence), is_certain })
}

/// Settles a fabric's push whose end nobody knows, once the remote was fetched; tells what was found.
pub(crate) fn fetched(cx: &Context, location: &Location, fabric: &str) -> Option<String> {
    let open = history::read(&cx.state_dir).sending().into_iter().find(|open| open.fabric == fabric)?;
    if open.process.is_some_and(is_alive) {
        return None;
    }
    let commit = open.commit.clone()?;
    let repository = Repository::open(location).ok()?;
    let upstream = repository.upstream().ok()?;
    let is_there = match &upstream {
        Some(upstream) => repository.is_ancestor(&commit, upstream).ok()?,
        None => false,
    };
    answer(cx, &open, if is_there { VERIFIED } else { NOT_THERE }, None);
    Some(clean_line(&checked(&location.upstream_name(), &commit, is_there, upstream.as_deref())))
}

fn head(open: &Record) -> String {
    match open.result.as_str() {
        history::UNCERTAIN => format!("The answer to a push of {} was lost.", open.fabric),
        _ => format!("Last session ended during a push of {}.", open.fabric),
    }
}

/// What was found at the remote: the commit, or where the branch is without it.
fn checked(place: &str, commit: &str, is_there: bool, found: Option<&str>) -> String {
    let short = |id: &str| id.get(..7).unwrap_or(id).to_owned();
    let commit = short(commit);
    if is_there {
        return format!("Checked: {place} has {commit}. Verified.");
    }
    let found = found.map_or("has no commit".to_owned(), |id| format!("is at {}", short(id)));
    format!("Checked: {place} {found}, without {commit}. Not pushed; P pushes.")
}

/// Whether the remote's branch is or contains the commit, and where it is; nothing is fetched under `--read-only`.
async fn holds(
    cx: &Context,
    location: &Location,
    commit: &str,
    report: &Reporter,
) -> crate::error::Result<(bool, Option<String>)> {
    let found = program::ls_remote(location, report).await?;
    if found.as_deref() == Some(commit) || cx.read_only {
        return Ok((found.as_deref() == Some(commit), found));
    }
    program::fetch(location, report).await?;
    let repository = Repository::open(location)?;
    let contains = match &repository.upstream()? {
        Some(upstream) => repository.is_ancestor(commit, upstream)?,
        None => false,
    };
    Ok((contains, found))
}

fn answer(cx: &Context, open: &Record, result: &str, failure: Option<Failure>) {
    let failure = failure.map(|failure| Fault {
        code: failure.code,
        message: failure.message,
        remedy: failure.remedy,
        detail: failure.detail,
    });
    let record = Record { at: record::now(cx), result: result.to_owned(), failure, process: None, ..open.clone() };
    // What was found is said on the screen; where the journal cannot be written it is found again.
    let _ = history::record(&cx.state_dir, &record);
}

/// Finishes or undoes a half-written plan, where nobody is at work in the repository.
fn crashed(location: &Location) -> Option<Settled> {
    let repository = Repository::open(location).ok()?;
    if !lock::is_left(&repository) {
        return None;
    }
    let lock = lock::try_lock(location, "settle").ok()??;
    let sentence = lock::recover(&repository, &lock).ok()??;
    Some(Settled { fabric: location.name.clone(), sentence: clean_line(&sentence), is_certain: true })
}
