//! Planning: one look at one fabric, and the plan of init or ingest made of it.

use crate::config::FabricSettings;
use crate::error::{Error, Result};
use crate::fabric::Fabric;
use crate::fabric::base::Search;
use crate::fabric::check::Check;
use crate::fabric::consumer::{self, Watcher};
use crate::fabric::ingest::{self, Survey, judge};
use crate::fabric::init;
use crate::fabric::layout::{self, Shape};
use crate::fabric::plan::Plan;
use crate::fabric::raw::External;
use crate::fabric::selector::Selector;
use crate::fabric::snapshot::{Past, Snapshot};
use crate::git::repository::Repository;
use crate::git::{Location, look, tree, worktree};
use crate::ops::report::WriteFrame;
use crate::ops::task::{self, Task};
use crate::ops::write::Planned;
use crate::ops::{IngestRequest, InitRequest, checks, published, recovery};

/// Which plan is wanted.
#[derive(Debug, Clone)]
pub(crate) enum Work {
    /// Of `init`.
    Init(init::Options),
    /// Of `ingest`.
    Ingest(ingest::Options),
    /// Of what changes managed resources.
    Task(Task),
}

impl Work {
    /// The work of an init request.
    pub(crate) fn init(request: &InitRequest) -> Self {
        Work::Init(init::Options { force: request.force, keep_loose: request.keep_loose })
    }

    /// The work of an ingest request.
    ///
    /// # Errors
    /// `Usage` where a choice names no resource.
    pub(crate) fn ingest(request: &IngestRequest) -> Result<Self> {
        let external =
            |(name, bytes): &(String, _)| External { name: name.clone(), bytes: std::sync::Arc::clone(bytes) };
        let choices = request.take.iter().map(|(text, choice)| Ok((Selector::identity(text)?, *choice)));
        let choices = choices.collect::<Result<_>>()?;
        Ok(Work::Ingest(ingest::Options {
            only: request.only.clone(),
            files: request.files.iter().map(external).collect(),
            partial: request.partial,
            leave_invalid: request.leave_invalid,
            keep_export: request.keep_export,
            take_text: request.take_text,
            choices,
        }))
    }

    /// The action's name.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Work::Init(_) => "init",
            Work::Ingest(_) => "ingest",
            Work::Task(task) => task.name(),
        }
    }
}

/// Looks at one fabric and plans.
pub(crate) fn plan(location: &Location, settings: &FabricSettings, work: &Work) -> Result<Planned> {
    let repository = Repository::open(location)?;
    recovery::check_whole(&repository)?;
    repository.check_writable()?;
    repository.check_branch()?;
    check_standing(&repository, location, &settings.directory)?;
    let author = repository.author()?;
    let fabric = Fabric::of(settings, &location.branch);
    let snapshot = look::snapshot(&repository, &settings.directory, &layout::is_read)?;
    let check = checks::of(&settings.checks)?;
    let mut plan = match work {
        Work::Init(options) => plan_init(&repository, &fabric, &author, *options, &snapshot, &check)?,
        Work::Ingest(options) => plan_ingest(&repository, &fabric, &author, options, &snapshot, &check)?,
        Work::Task(task) => task::plan(&fabric, &author, task, &snapshot, &check)?,
    };
    let files = if let Work::Ingest(options) = work { options.files.as_slice() } else { &[] };
    published::remark(&repository, &snapshot, files, &mut plan.findings)?;
    // Whatever would stop the plan when it is applied stops it now.
    worktree::obstacles(&repository, &plan.edits)?;
    tree::check(&repository, &plan.edits)?;
    let frame = WriteFrame {
        repository: location.label(),
        branch: location.branch.clone(),
        is_pushed: false,
        author,
        signing: repository.signing()?,
        skipped_hooks: repository.skipped_hooks(),
        notes: plan.notes.clone(),
        typed_because: plan.typed_because.clone(),
    };
    // Nor on what somebody else began to change meanwhile.
    recovery::check_whole(&repository)?;
    Ok(Planned { plan, frame })
}

fn check_standing(repository: &Repository, location: &Location, directory: &str) -> Result<()> {
    let standing = repository.standing(directory)?;
    let (branch, upstream) = (location.branch.clone(), location.upstream_name());
    let (ahead, behind) = (standing.repository_ahead, standing.repository_behind);
    match (ahead, behind) {
        (_, 0) => Ok(()),
        (0, behind) => Err(Error::RepoBehind { branch, upstream, behind }),
        (ahead, behind) => Err(Error::RepoDiverged { branch, upstream, ahead, behind, is_ours: location.is_ours() }),
    }
}

fn plan_init(
    repository: &Repository,
    fabric: &Fabric,
    author: &str,
    options: init::Options,
    snapshot: &Snapshot,
    check: &Check,
) -> Result<Plan> {
    let mut survey = init::survey(snapshot, options);
    let past = past(repository, fabric, &survey)?;
    judge::judge(&mut survey, check, &ingest::Options::default(), &past);
    let watchers = watchers(repository, fabric)?;
    Ok(init::plan(fabric, author, options, &survey, &past, &watchers))
}

fn watchers(repository: &Repository, fabric: &Fabric) -> Result<Vec<Watcher>> {
    let files = repository.find_text(&consumer::NEEDLES, 64 * 1024, &|_| false)?;
    Ok(consumer::watchers(&files, &fabric.directory))
}

fn plan_ingest(
    repository: &Repository,
    fabric: &Fabric,
    author: &str,
    options: &ingest::Options,
    snapshot: &Snapshot,
    check: &Check,
) -> Result<Plan> {
    if layout::shape(snapshot) == Shape::None {
        return Err(Error::DirNotInit { directory: crate::text::clean_line(&snapshot.directory) });
    }
    let mut survey = Survey::new(snapshot, options);
    check_chosen(options, &survey)?;
    let past = past(repository, fabric, &survey)?;
    judge::judge(&mut survey, check, options, &past);
    let plan = ingest::plan(fabric, author, options, &survey, &past);
    let edited: Vec<String> = plan
        .documents
        .iter()
        .filter_map(|document| document.path.clone())
        .filter(|path| {
            path.starts_with("managed/")
                && snapshot.files.get(path).is_some_and(crate::fabric::snapshot::File::is_edited)
        })
        .collect();
    if edited.is_empty() { Ok(plan) } else { Err(Error::RepoDirty { paths: edited }) }
}

fn check_chosen(options: &ingest::Options, survey: &Survey) -> Result<()> {
    if let Some(identity) = options.choices.keys().find(|identity| !survey.brings(identity)) {
        let message = format!("no raw file of this fabric brings {identity}, so there is nothing to choose");
        return Err(Error::Usage(crate::text::clean_line(&message)));
    }
    let missing = options.only.iter().find(|chosen| !survey.raw.iter().any(|file| &file.path == *chosen));
    missing.map_or(Ok(()), |path| {
        Err(Error::Usage(format!("{} is no raw file of this fabric", crate::text::clean_line(path))))
    })
}

/// What history says of the resources whose raw and managed documents differ.
pub(crate) fn past(repository: &Repository, fabric: &Fabric, survey: &Survey) -> Result<Past> {
    let asked = survey.questions();
    let earlier = repository.earlier_texts(&fabric.directory, &asked.values().cloned().collect())?;
    let mut search = Search::new(asked.into_keys().collect(), fabric.processed);
    repository.search_bases(&fabric.directory, &mut search)?;
    Ok(Past { bases: search.bases(), earlier })
}
