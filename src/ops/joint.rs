//! Joint: adding a fabric, its layout and the push of that one commit; planned together, confirmed once.

use std::path::Path;
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::ops::add::{self, AddPlan, AddRequest};
use crate::ops::question::{self, Question, is_pending, plan_id, with_mode};
use crate::ops::report::Report;
use crate::ops::{Context, Entry, Failure, InitRequest, Mode, Operation, PushRequest, record};
use crate::progress::Reporter;

/// How far adding goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The configuration only.
    Add,
    /// And the layout.
    Init,
    /// And the push of its commit.
    Push,
}

/// What would be done: data, nothing is written yet.
#[derive(Debug, Clone)]
pub struct Joint {
    /// The configuration's edit.
    pub add: AddPlan,
    /// What init would do, or why it cannot; none where it is not wanted.
    pub init: Option<Entry>,
    /// How far it goes.
    pub reach: Reach,
}

/// What was done behind the configuration's edit.
#[derive(Debug, Clone, Default)]
pub struct Joined {
    /// What init came to.
    pub init: Option<Entry>,
    /// What the push came to.
    pub push: Option<Entry>,
}

impl Joint {
    /// What has to be typed before it is done.
    pub fn question(&self) -> Question {
        let entries: Vec<Entry> = self.init.iter().cloned().collect();
        let name = &self.add.addition.fabric;
        let is_protected = self.add.config.fabric(name).is_ok_and(|fabric| fabric.protected);
        match question::question(&entries) {
            Question::Yes if is_protected && self.reach == Reach::Push => {
                Question::Typed { word: name.clone(), why: "the profile is protected".to_owned() }
            }
            asked => asked,
        }
    }

    /// Whether a commit would be pushed.
    pub fn pushes(&self) -> bool {
        self.reach == Reach::Push && self.init.as_ref().is_some_and(is_pending)
    }
}

/// Plans the addition and, with the configuration as it would then be, the layout.
///
/// # Errors
/// As [`add::plan`]; [`Error::ReadOnly`].
pub async fn plan(
    cx: &Context,
    request: &AddRequest,
    (target, folder): (&Path, &Path),
    reach: Reach,
    report: &Reporter,
) -> Result<Joint> {
    check_writable(cx)?;
    let add = add::plan(request, target, folder)?;
    let cx = with_config(cx, &add);
    let init = match reach {
        Reach::Add => None,
        Reach::Init | Reach::Push => Some(entry(&cx, init(&request.name), report).await?),
    };
    Ok(Joint { add, init, reach })
}

/// Writes the configuration, then makes exactly the planned commit and pushes exactly that one.
///
/// # Errors
/// As [`add::apply`]. What fails behind the configuration's edit is an entry: the fabric is added.
pub async fn carry_out(cx: &Context, joint: &Joint, report: &Reporter) -> Result<Joined> {
    check_writable(cx)?;
    add::apply(&joint.add)?;
    let cx = with_config(cx, &joint.add);
    let mut joined = Joined::default();
    let Some(planned) = &joint.init else {
        return Ok(joined);
    };
    if !is_pending(planned) {
        keep(&cx, planned);
        joined.init = Some(planned.clone());
        return Ok(joined);
    }
    let name = &joint.add.addition.fabric;
    let expect = plan_id(planned).map(str::to_owned).into_iter().collect();
    let done = entry(&cx, with_mode(&init(name), None, Mode::Apply { expect }), report).await?;
    let commit = match &done.result {
        Ok(Report::Write(report)) => report.commit.clone(),
        _ => None,
    };
    joined.init = Some(done);
    if let Some(commit) = commit.filter(|_| joint.reach == Reach::Push) {
        joined.push = Some(push(&cx, name, &commit, report).await?);
    }
    Ok(joined)
}

fn check_writable(cx: &Context) -> Result<()> {
    if cx.read_only {
        return Err(Error::ReadOnly { what: "add".to_owned(), why: "--read-only was given".to_owned() });
    }
    Ok(())
}

/// The context with the configuration as it is after the addition.
fn with_config(cx: &Context, add: &AddPlan) -> Context {
    Context { config: Arc::new(add.config.clone()), ..cx.clone() }
}

fn init(name: &str) -> Operation {
    Operation::Init(InitRequest::all(vec![name.to_owned()], Mode::Plan))
}

async fn entry(cx: &Context, operation: Operation, report: &Reporter) -> Result<Entry> {
    let name = operation.name();
    let first = crate::ops::run(cx, operation, report).await?.entries.into_iter().next();
    first.ok_or_else(|| Error::Internal(format!("{name} told nothing")))
}

/// Pushes if that sends exactly the commit init made; else stops with E-PLAN-STALE.
async fn push(cx: &Context, name: &str, commit: &str, report: &Reporter) -> Result<Entry> {
    let operation = Operation::Push(PushRequest { fabrics: vec![name.to_owned()], mode: Mode::Plan });
    let planned = entry(cx, operation.clone(), report).await?;
    let Ok(Report::Push(told)) = &planned.result else {
        return Ok(planned);
    };
    if !is_pending(&planned) {
        return Ok(planned);
    }
    if told.commits.len() != 1 || told.commits[0].id != commit {
        let moved = "the push would send more than the commit of init; see `hedgerow push`".to_owned();
        let failed = Entry { fabric: name.to_owned(), result: Err(Failure::from(&Error::PlanStale { moved })) };
        keep(cx, &failed);
        return Ok(failed);
    }
    let expect = plan_id(&planned).map(str::to_owned).into_iter().collect();
    entry(cx, with_mode(&operation, None, Mode::Apply { expect }), report).await
}

/// Records a failure no applied operation records, so that the fabric shows it until a success.
fn keep(cx: &Context, entry: &Entry) {
    if entry.failure().is_some() {
        // A journal that cannot be written has been told by the operations themselves.
        let _ = record::record(cx, "add", std::iter::once(entry));
    }
}
