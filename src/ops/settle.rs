//! Settle: what the last session left open, looked up and said; the journal names it.

use crate::git::Location;
use crate::git::program;
use crate::git::repository::Repository;
use crate::history::{self, Record};
use crate::ops::{Context, Operation, alive, cut_off, record, recovery};
use crate::progress::Reporter;
use crate::text::clean_line;

/// How a push that was left open ended, as the journal says it.
const VERIFIED: &str = "verified";
const NOT_THERE: &str = "rejected";

/// A server is not at work on a push for longer than this, in seconds: git gives up on one that is silent.
const AT_WORK: i64 = 180;

/// What became of something the last session left open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// The fabric.
    pub fabric: String,
    /// What was found, one sentence.
    pub sentence: String,
    /// Whether it is certain now.
    pub is_certain: bool,
    /// What it was, and how it ended.
    pub verdict: Verdict,
}

/// How something the last session left open ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// A push that is on the remote.
    Verified,
    /// A push that is not, and will not be.
    NotPushed,
    /// A push of which that is not known yet.
    Open,
    /// A half-written plan, finished or undone; the name is the repository's.
    Repaired,
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
        started: alive::started(std::process::id()),
        key: record::key_of(cx, fabric),
    };
    // The push goes on without: its own line says whether the journal can be written.
    let _ = history::record(&cx.state_dir, &record);
}

/// Settles every push that was sent by a process that is gone and never told its end, and finishes
/// or undoes what a crash left half written.
pub async fn settle(cx: &Context, report: &Reporter) -> Vec<Settled> {
    let mut settled = cut_off::take(cx);
    for open in left_open(cx) {
        // Nobody waits for the rest any more: the next start looks it up.
        if report.check().is_err() {
            return settled;
        }
        if is_at_work(&open) {
            continue;
        }
        let found = pushed(cx, &open, report).await;
        settled.extend(found.filter(|found| found.is_certain || report.check().is_ok()));
    }
    if report.check().is_ok() {
        settled.extend(crashed(cx, report).await);
    }
    settled
}

/// The configured fabrics' pushes that were begun and whose end nobody knows.
fn left_open(cx: &Context) -> Vec<Record> {
    let history = cx.history();
    let names = cx.config.names().filter(|name| history.is_open(name));
    let open = names.filter_map(|name| history.sending(name, &record::key_of(cx, name)?).cloned());
    open.collect()
}

/// Whether the process that began it still is: the one with its number that started when it did.
fn is_at_work(open: &Record) -> bool {
    open.process.is_some_and(|process| alive::is_alive(process, open.started))
}

async fn pushed(cx: &Context, open: &Record, report: &Reporter) -> Option<Settled> {
    let fabric = cx.config.fabric(&open.fabric).ok()?;
    let repository = cx.config.repository(&fabric.repository)?;
    let location = Location::new(repository, &cx.data_dir);
    let commit = open.commit.clone()?;
    let place = location.upstream_name();
    let (sentence, result) = match holds(cx, &location, &commit, report).await {
        Ok(Held { is_there: Some(is_there), found }) if is_there || is_given_up(cx, open) => {
            let sentence = checked(open, &place, &commit, is_there, found.as_deref());
            (sentence, Some(if is_there { VERIFIED } else { NOT_THERE }))
        }
        Ok(Held { is_there, found }) => (not_yet(open, &place, &commit, is_there, found.as_deref()), None),
        Err(error) => (
            format!("Uncertain: {}, {place} could not be read: {error}; {} f settles it.", open.fabric, why(open)),
            None,
        ),
    };
    if let Some(result) = result {
        answer(cx, open, result);
    }
    let verdict = match result {
        Some(VERIFIED) => Verdict::Verified,
        Some(_) => Verdict::NotPushed,
        None => Verdict::Open,
    };
    let (fabric, sentence) = (open.fabric.clone(), clean_line(&sentence));
    Some(Settled { fabric, sentence, is_certain: result.is_some(), verdict })
}

/// Settles a fabric's push whose end nobody knows, once the remote was fetched; tells what was found.
pub(crate) fn fetched(cx: &Context, location: &Location, fabric: &str) -> Option<String> {
    let key = record::key_of(cx, fabric)?;
    let open = cx.history().sending(fabric, &key).cloned()?;
    if is_at_work(&open) {
        return None;
    }
    let commit = open.commit.clone()?;
    let repository = Repository::open(location).ok()?;
    let upstream = repository.upstream().ok()?;
    let is_there = match &upstream {
        Some(upstream) => repository.is_ancestor(&commit, upstream).ok()?,
        None => false,
    };
    let place = location.upstream_name();
    if !is_there && !is_given_up(cx, &open) {
        return Some(clean_line(&not_yet(&open, &place, &commit, Some(false), upstream.as_deref())));
    }
    answer(cx, &open, if is_there { VERIFIED } else { NOT_THERE });
    Some(clean_line(&checked(&open, &place, &commit, is_there, upstream.as_deref())))
}

/// Why it was looked up.
fn why(open: &Record) -> &'static str {
    match open.result.as_str() {
        history::UNCERTAIN => "the answer to its push was lost.",
        _ => "the last session left its push open.",
    }
}

/// What was found at the remote: the commit, or where the branch is without it. The verdict comes first,
/// where no narrow window cuts it off.
fn checked(open: &Record, place: &str, commit: &str, is_there: bool, found: Option<&str>) -> String {
    let commit = short(commit);
    if is_there {
        return format!("Verified: {}, {place} has {commit}; {}", open.fabric, why(open));
    }
    let found = stands(found);
    format!("Not pushed: {}, {place} {found}, without {commit}; {} P pushes.", open.fabric, why(open))
}

/// What was found where the commit is not: a server may still be at work on it, or it cannot be told here.
fn not_yet(open: &Record, place: &str, commit: &str, is_there: Option<bool>, found: Option<&str>) -> String {
    let found = stands(found);
    let (fabric, why) = (&open.fabric, why(open));
    match is_there {
        Some(_) => format!("Not there yet: {fabric}, {place} {found}, without {}; {why} f looks again.", short(commit)),
        None => format!("Uncertain: {fabric}, {place} {found}, which is not here yet; {why} f settles it."),
    }
}

/// Where the branch is.
fn stands(found: Option<&str>) -> String {
    found.map_or("has no commit".to_owned(), |id| format!("is at {}", short(id)))
}

fn short(id: &str) -> &str {
    id.get(..7).unwrap_or(id)
}

/// Whether a push whose commit is not there is taken for one that never arrived. What an older version
/// wrote does not tell which repository it was for, so nothing follows from what this one has not.
fn is_given_up(cx: &Context, open: &Record) -> bool {
    open.key.is_some() && is_old(cx, open)
}

/// Whether a push was begun so long ago that no server is still at work on it.
fn is_old(cx: &Context, open: &Record) -> bool {
    let (began, now) = (open.at.parse::<jiff::Timestamp>(), record::now(cx).parse::<jiff::Timestamp>());
    match (began, now) {
        (Ok(began), Ok(now)) => now.as_second() - began.as_second() >= AT_WORK,
        _ => true,
    }
}

/// What was found of a commit at the remote.
struct Held {
    /// Whether the branch has it; none where that cannot be told without fetching.
    is_there: Option<bool>,
    /// Where the branch is.
    found: Option<String>,
}

/// Whether the remote's branch is or contains the commit, and where it is; nothing is fetched or
/// written under `--read-only`.
async fn holds(cx: &Context, location: &Location, commit: &str, report: &Reporter) -> crate::error::Result<Held> {
    let found = if cx.read_only {
        program::pushed_tip(location, report).await?
    } else {
        program::read_back(location, report).await?
    };
    if found.as_deref() == Some(commit) {
        return Ok(Held { is_there: Some(true), found });
    }
    if !cx.read_only {
        program::fetch(location, report).await?;
    }
    let repository = Repository::open(location)?;
    let is_there = match &found {
        None => Some(false),
        Some(tip) if repository.holds_blob(tip)? => Some(repository.is_ancestor(commit, tip)?),
        Some(_) => None,
    };
    Ok(Held { is_there, found })
}

fn answer(cx: &Context, open: &Record, result: &str) {
    let record = Record {
        at: record::now(cx),
        result: result.to_owned(),
        failure: None,
        process: None,
        started: None,
        key: record::key_of(cx, &open.fabric),
        ..open.clone()
    };
    // What was found is said on the screen; where the journal cannot be written it is found again.
    let _ = history::record(&cx.state_dir, &record);
}

/// Finishes or undoes half-written plans, where nobody is at work in the repository.
async fn crashed(cx: &Context, report: &Reporter) -> Vec<Settled> {
    let looking = Operation::Status { fabrics: Vec::new(), fetch: false };
    let found = recovery::each(cx, &looking, report).await.into_iter();
    let settled = found.map(|(fabric, sentence)| {
        let sentence = clean_line(&sentence);
        Settled { fabric, sentence, is_certain: true, verdict: Verdict::Repaired }
    });
    settled.collect()
}
