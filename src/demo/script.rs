//! The script: init, ingest, push, a second ingest and a pull, each held against what it promises.

use crate::demo::{Sandbox, ingest_all};
use crate::error::{Error, Result};
use crate::fabric::plan::Outcome;
use crate::git::program;
use crate::ops::report::{
    DirectoryState, PushOutcome, PushReport, RemoteOutcome, Report, StatusReport, WriteReport, WriteResult,
};
use crate::ops::{InitRequest, Mode, Operation, PushRequest};

/// Walks the main job in a sandbox and tells each step; fails at the first that differs.
pub async fn script(sandbox: &Sandbox, tell: &mut (dyn FnMut(&str) + Send)) -> Result<()> {
    let before = status(sandbox, "dc1-prod").await?;
    expect(before.raw.pending == 3, "three raw files wait in dc1-prod")?;
    tell("status  dc1-prod: 3 raw files wait; next step: ingest");

    let init = init(sandbox, "dc1-lab").await?;
    expect(init.result == WriteResult::Committed, "init of dc1-lab makes a commit")?;
    let after = status(sandbox, "dc1-lab").await?;
    expect(after.directory.state == DirectoryState::Initialized, "dc1-lab is initialised")?;
    expect(after.managed.total == 4 && after.directory.loose == 0, "four loose resources are managed")?;
    tell("init    dc1-lab: layout made and 4 loose resources taken in, one commit");

    let first = ingest(sandbox, "dc1-prod").await?;
    let added = first.documents.iter().filter(|document| document.outcome == Outcome::Added).count();
    let duplicates = first.documents.iter().filter(|document| document.outcome == Outcome::Duplicate).count();
    expect(first.result == WriteResult::Committed, "the ingest makes a commit")?;
    expect(added == 47 && duplicates == 1, "47 resources are new and one is a duplicate")?;
    let after = status(sandbox, "dc1-prod").await?;
    expect(after.raw.pending == 0 && after.managed.total == 47, "nothing waits and 47 are managed")?;
    tell("ingest  dc1-prod: 48 documents, 47 managed files, 1 duplicate named, one commit");

    let push = push(sandbox, "dc1-prod").await?;
    expect(push.outcome == PushOutcome::Verified, "the push is verified")?;
    expect(push.commits.len() == 2, "two commits are pushed")?;
    let remote = sandbox.root.join("remotes/netops.git");
    let tip = program::local(&remote, &["rev-parse", "refs/heads/main"], None)?;
    expect(Some(tip.trim()) == push.after.as_deref(), "the remote has our commit")?;
    tell(&format!("push    netops: 2 commits, read back and verified at {}", &tip[..7]));

    let second = ingest(sandbox, "dc1-prod").await?;
    expect(second.result == WriteResult::NoChange && second.commit.is_none(), "a second ingest changes nothing")?;
    let again = status(sandbox, "dc1-prod").await?;
    expect(again.git.head.as_deref() == push.after.as_deref(), "a second ingest makes no commit")?;
    tell("ingest  dc1-prod again: no change, no commit");

    pull(sandbox, tell).await?;

    let site = self::init(sandbox, "new-site").await?;
    expect(site.result == WriteResult::Committed, "init of an empty remote makes the first commit")?;
    let site = self::push(sandbox, "new-site").await?;
    expect(site.outcome == PushOutcome::Verified && site.before.is_none(), "the empty remote has its first commit")?;
    tell("init    new-site: first commit of an empty remote, pushed and verified");
    Ok(())
}

/// A colleague pushes to the same branch, and a pull brings it.
async fn pull(sandbox: &Sandbox, tell: &mut (dyn FnMut(&str) + Send)) -> Result<()> {
    let (theirs, ours) = (sandbox.root.join("clones/colleagues/east"), sandbox.root.join("clones/east"));
    let path = "gitops/hedgehog/dc2-lab/managed/vpcs/guests.yaml";
    crate::demo::write(&theirs, path, &crate::demo::vpc("guests", 1031, "10.0.31.0/24"))?;
    crate::demo::commit(&theirs, "add VPC guests")?;
    program::local(&theirs, &["push", "--quiet", "origin", "main"], None)?;
    let operation = Operation::Pull { fabrics: vec!["dc2-lab".to_owned()] };
    let Report::Remote(pulled) = report(sandbox, operation).await? else { return Err(unlike()) };
    let tip = program::local(&sandbox.root.join("remotes/east.git"), &["rev-parse", "refs/heads/main"], None)?;
    expect(pulled.outcome == RemoteOutcome::Updated, "the pull brings something")?;
    expect(pulled.after.as_deref() == Some(tip.trim()), "the pull ends where the remote is")?;
    expect(ours.join(path).exists(), "the colleague's file is in the working tree")?;
    let after = status(sandbox, "dc2-lab").await?;
    expect((after.git.ahead, after.git.behind) == (0, 0), "dc2-lab is neither ahead nor behind")?;
    tell(&format!("pull    dc2-lab: a colleague's commits fast-forwarded, now {} like the remote", &tip[..7]));
    Ok(())
}

fn expect(holds: bool, promise: &str) -> Result<()> {
    if holds { Ok(()) } else { Err(Error::Internal(format!("the demo promised that {promise}, and it is not so"))) }
}

async fn report(sandbox: &Sandbox, operation: Operation) -> Result<Report> {
    let entry = sandbox.run(operation).await?.entries.pop();
    let failed = || Error::Internal("the operation told nothing".to_owned());
    entry.and_then(|entry| entry.result.ok()).ok_or_else(failed)
}

fn unlike() -> Error {
    Error::Internal("the operation told something else".to_owned())
}

async fn status(sandbox: &Sandbox, fabric: &str) -> Result<StatusReport> {
    let operation = Operation::Status { fabrics: vec![fabric.to_owned()], fetch: false };
    match report(sandbox, operation).await? {
        Report::Status(status) => Ok(*status),
        _ => Err(unlike()),
    }
}

async fn init(sandbox: &Sandbox, fabric: &str) -> Result<WriteReport> {
    let mode = Mode::Apply { expect: Vec::new() };
    let fabrics = vec![fabric.to_owned()];
    let request = InitRequest::all(fabrics, mode);
    match report(sandbox, Operation::Init(request)).await? {
        Report::Write(write) => Ok(*write),
        _ => Err(unlike()),
    }
}

async fn ingest(sandbox: &Sandbox, fabric: &str) -> Result<WriteReport> {
    match report(sandbox, Operation::Ingest(ingest_all(fabric))).await? {
        Report::Write(write) => Ok(*write),
        _ => Err(unlike()),
    }
}

async fn push(sandbox: &Sandbox, fabric: &str) -> Result<PushReport> {
    let mode = Mode::Apply { expect: Vec::new() };
    let request = PushRequest { fabrics: vec![fabric.to_owned()], mode };
    match report(sandbox, Operation::Push(request)).await? {
        Report::Push(push) => Ok(*push),
        _ => Err(unlike()),
    }
}
