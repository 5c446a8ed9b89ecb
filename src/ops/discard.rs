//! Discard: takes our own unpublished commits at the tip back; planned, confirmed and recorded as any write.

use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::fabric::plan::digest;
use crate::fabric::raw::tagged;
use crate::git::discard::{Discard, Given};
use crate::git::lock::Lock;
use crate::git::repository::Repository;
use crate::git::{Commit, Location};
use crate::ops::push::commit_line;
use crate::ops::question::is_expected;
use crate::ops::recovery;
use crate::ops::report::Report;
use crate::ops::report::discard::{DiscardReport, DiscardResult};
use crate::ops::select::{self, Group};
use crate::ops::write::{join, prepare_clone, refresh};
use crate::ops::{Context, DiscardRequest, Done, Mode};
use crate::progress::{Phase, Reporter};

/// Takes commits back in the repository of each chosen fabric, once.
pub(crate) async fn discard(cx: &Context, request: &DiscardRequest, report: &Reporter) -> Result<Vec<Done>> {
    let selection = select::select(cx, &request.fabrics)?;
    let mut done: Vec<Done> = selection.faulty.iter().map(|(chosen, error)| Done::failed(chosen, error)).collect();
    for group in &selection.groups {
        let mut remarks = Vec::new();
        let result = one(cx, group, request, report, &mut remarks).await;
        for chosen in &group.fabrics {
            let one = match &result {
                Ok(told) => Done::reported(chosen, Report::Discard(Box::new(told.clone()))),
                Err(error) => Done::failed(chosen, error),
            };
            done.push(one.remarked(&remarks));
            remarks.clear();
        }
    }
    Ok(done)
}

async fn one(
    cx: &Context,
    group: &Group,
    request: &DiscardRequest,
    report: &Reporter,
    remarks: &mut Vec<String>,
) -> Result<DiscardReport> {
    let lock = match &request.mode {
        Mode::Plan => None,
        Mode::Apply { .. } => {
            for chosen in &group.fabrics {
                select::check_writable(cx, &chosen.settings, "discard")?;
            }
            prepare_clone(&group.location, report).await?;
            Some(recovery::locked(&group.location, "discard", report, remarks).await?)
        }
    };
    // A push whose answer was lost may have arrived: only what no remote has is taken back.
    refresh(cx, &group.location, request.offline, report).await?;
    report.check()?;
    let (cx, group, request, report) = (cx.clone(), group.clone(), request.clone(), report.clone());
    let blocking = move || match (&lock, &request.mode) {
        (Some(lock), Mode::Apply { expect }) => apply(&cx, &group, request.all, lock, expect, &report),
        _ => plan(&cx, &Repository::open(&group.location)?, &group, request.all).map(|(told, _)| told),
    };
    join(tokio::task::spawn_blocking(blocking).await)
}

fn apply(
    cx: &Context,
    group: &Group,
    all: bool,
    lock: &Lock,
    expect: &[String],
    report: &Reporter,
) -> Result<DiscardReport> {
    let repository = Repository::open(&group.location)?;
    report.phase(Phase::Plan, &group.location.name);
    let (mut told, discard) = plan(cx, &repository, group, all)?;
    if !expect.is_empty() && !is_expected(expect, &told.plan) {
        let moved = format!("branch {} or its files changed since it was shown", group.location.branch);
        return Err(Error::PlanStale { moved });
    }
    for (path, given) in saved(cx, &discard.given) {
        crate::private::write(&path, &given.bytes).map_err(Error::fs("cannot write", &path))?;
    }
    // The branch went back: there is no new commit to name, only what is not yet brought up to date.
    let applied = discard.apply(&repository, lock, report).map_err(|error| {
        let effect = error.effect().of_commit(None);
        error.after(effect)
    });
    told.notes.extend(applied?);
    told.result = DiscardResult::Discarded;
    Ok(told)
}

fn plan(cx: &Context, repository: &Repository, group: &Group, all: bool) -> Result<(DiscardReport, Discard)> {
    let location = &group.location;
    recovery::check_whole(repository)?;
    repository.check_writable()?;
    let discard = repository.discard(all)?;
    let owners = select::owners(cx, location, &discard.paths);
    for owner in owners.iter().filter_map(|owner| select::is_off(cx, owner).map(|why| (owner, why))) {
        let why = format!("the commits change {}, {}", owner.0.name, owner.1);
        if !cx.read_only {
            return Err(Error::ReadOnly { what: "discard".to_owned(), why });
        }
    }
    let paths: Vec<String> = saved(cx, &discard.given).into_iter().map(|(path, _)| shown(&path)).collect();
    let place = [location.label(), location.branch_ref(), discard.fingerprint(), format!("{all} {paths:?}")];
    let told = DiscardReport {
        result: DiscardResult::Planned,
        branch: location.branch.clone(),
        before: discard.before.clone(),
        after: discard.after.clone(),
        commits: discard.commits.iter().cloned().map(commit_line).collect(),
        kept: discard.kept(),
        returned: discard.returned.iter().map(|path| crate::text::clean_line(path)).collect(),
        saved: paths,
        plan: digest(format!("discard {place:?}").as_bytes()),
        repository: location.label(),
        paths: discard.paths.clone(),
        notes: notes(location, &discard),
        typed_because: typed_because(group, &discard.commits),
    };
    Ok((told, discard))
}

fn notes(location: &Location, discard: &Discard) -> Vec<String> {
    let mut notes = Vec::new();
    if location.is_ours() && discard.given.is_empty() {
        notes.push("the raw files these commits took in are in the commit before them again".to_owned());
    }
    notes
}

/// A discard concerns the branch: commits of fabrics that were not named need the typed name.
fn typed_because(group: &Group, commits: &[Commit]) -> Option<String> {
    let is_named = |name: &String| group.fabrics.iter().any(|chosen| &chosen.settings.name == name);
    let mut others: Vec<String> = commits.iter().filter_map(|commit| commit.fabric.clone()).collect();
    others.retain(|name| !is_named(name));
    others.sort();
    others.dedup();
    let names = crate::text::clean_line(&others.join(", "));
    (!others.is_empty()).then(|| format!("commits of {names} are taken back too"))
}

/// Where what was given from elsewhere is written: a name that is taken by something else gets a tag.
fn saved<'a>(cx: &Context, given: &'a [Given]) -> Vec<(PathBuf, &'a Given)> {
    let mut places: Vec<(PathBuf, &Given)> = Vec::new();
    for one in given {
        let folder = cx.state_dir.join("discarded").join(component(&one.fabric));
        let mut path = folder.join(component(&one.name));
        let is_other = |path: &PathBuf| std::fs::read(path).is_ok_and(|bytes| bytes != one.bytes);
        if is_other(&path) || places.iter().any(|(other, given)| *other == path && given.bytes != one.bytes) {
            path = folder.join(component(&tagged(&one.name, &one.bytes)));
        }
        places.push((path, one));
    }
    places
}

/// A name as one part of a path: trailers are text that anybody may write.
fn component(name: &str) -> String {
    let plain: String = name.chars().map(|c| if c == '/' || c == '\\' || c.is_control() { '_' } else { c }).collect();
    if plain.chars().all(|c| c == '.') { format!("_{plain}") } else { plain }
}

fn shown(path: &Path) -> String {
    crate::text::clean_line(&path.display().to_string())
}
