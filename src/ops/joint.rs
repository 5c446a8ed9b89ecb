//! Joint: adding a fabric, its layout and the push of its commit; planned together, confirmed once.

mod partly;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::fabric::draft::join;
use crate::fabric::plan::ChangeKind;
use crate::ops::add::{self, AddPlan, AddRequest};
use crate::ops::question::{self, Question, is_pending, plan_id, with_mode};
use crate::ops::report::{PushCommit, PushOutcome, PushReport, Report};
use crate::ops::{Context, Entry, Failure, InitRequest, Mode, Operation, PushRequest, branch, record};
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
    /// What a push would send without the commit of init, or why it cannot; none where nothing is to be pushed.
    pub push: Option<Entry>,
    /// How far it goes.
    pub reach: Reach,
    /// What could not be found out before.
    pub notes: Vec<String>,
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
    /// What has to be typed before it is done: as for init by itself and for the push by itself.
    pub fn question(&self) -> Question {
        let name = &self.add.addition.fabric;
        let is_protected = self.add.config.fabric(name).is_ok_and(|fabric| fabric.protected);
        let protected = (self.pushes() && is_protected).then(|| "the profile is protected".to_owned());
        let why = |entry: &Option<Entry>| match question::question(entry.as_slice()) {
            Question::Typed { why, .. } => Some(why),
            Question::Yes => None,
        };
        let of_push = protected.or_else(|| why(&self.push));
        let reasons: Vec<String> = why(&self.init).into_iter().chain(of_push).collect();
        match &reasons[..] {
            [] => Question::Yes,
            _ => Question::Typed { word: name.clone(), why: reasons.join(", and ") },
        }
    }

    /// Whether a commit would be pushed.
    pub fn pushes(&self) -> bool {
        self.push.as_ref().is_some_and(|push| push.failure().is_none())
    }

    /// The push as it would be with the commit of init, the newest one, which has no id yet.
    pub fn sending(&self) -> Option<PushReport> {
        let (Some(Ok(Report::Write(init))), Some(Ok(Report::Push(push)))) =
            (self.init.as_ref().map(|entry| &entry.result), self.push.as_ref().map(|entry| &entry.result))
        else {
            return None;
        };
        let made = PushCommit {
            id: String::new(),
            subject: init.plan.as_ref().map(|plan| plan.subject.clone()).unwrap_or_default(),
            author: init.frame.author.clone(),
            fabric: Some(self.add.addition.fabric.clone()),
            at: String::new(),
        };
        let mut whole = PushReport { outcome: PushOutcome::Planned, plan: None, after: None, ..(**push).clone() };
        whole.commits.insert(0, made);
        let directory = &self.add.addition.directory;
        let place = |path: &str| if directory == "." { path.to_owned() } else { join(directory, path) };
        let mut files: BTreeMap<String, char> = push.paths.iter().map(|(sign, path)| (path.clone(), *sign)).collect();
        for change in &init.changes {
            let sign = match change.change {
                ChangeKind::Added | ChangeKind::Moved => 'A',
                ChangeKind::Modified => 'M',
                ChangeKind::Deleted => 'D',
            };
            touch(&mut files, place(&change.path), sign);
            change.from.iter().for_each(|from| touch(&mut files, place(from), 'D'));
        }
        whole.paths = files.into_iter().map(|(path, sign)| (sign, path)).collect();
        let count = |sign| whole.paths.iter().filter(|(of, _)| *of == sign).count();
        whole.files = (count('A'), count('M'), count('D'));
        Some(whole)
    }
}

/// Adds a later change of a file to an earlier one.
fn touch(files: &mut BTreeMap<String, char>, path: String, sign: char) {
    match (files.get(&path), sign) {
        (Some('A'), 'D') => drop(files.remove(&path)),
        (Some('A'), _) => {}
        (Some('D'), 'A') => drop(files.insert(path, 'M')),
        _ => drop(files.insert(path, sign)),
    }
}

/// Plans the addition and, with the configuration as it would then be, the layout.
///
/// # Errors
/// As [`add::plan`]; [`Error::ReadOnly`]; [`Error::RemoteBranch`] where the remote has other branches only.
pub async fn plan(
    cx: &Context,
    request: &AddRequest,
    (target, folder): (&Path, &Path),
    reach: Reach,
    report: &Reporter,
) -> Result<Joint> {
    check_writable(cx)?;
    let settled = branch::of_request(cx, request, &add::standing(target)?, report).await?;
    let request = &AddRequest { branch: settled.branch, ..request.clone() };
    let add = add::plan(request, target, folder)?;
    let cx = with_config(cx, &add);
    let notes = settled.unasked.iter().map(unasked).collect();
    let mut joint = Joint { add, init: None, push: None, reach, notes };
    if reach == Reach::Add {
        return Ok(joint);
    }
    branch::check(&cx, &joint.add, report).await?;
    let mut planned = entry(&cx, init(&request.name), report).await?;
    if reach == Reach::Push && is_pending(&planned) {
        let sent = entry(&cx, push(&request.name), report).await?;
        if let (Ok(Report::Write(init)), None) = (&mut planned.result, sent.failure()) {
            init.frame.is_pushed = true;
        }
        joint.push = Some(sent);
    }
    joint.init = Some(planned);
    Ok(joint)
}

/// Writes the configuration, then makes exactly the planned commit and sends exactly what was shown.
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
    let name = &joint.add.addition.fabric;
    if !is_pending(planned) {
        joined.init = Some(partly::not_initialised(planned.clone()));
        keep(&cx, joined.init.as_ref());
        return Ok(joined);
    }
    let expect = plan_id(planned).map(str::to_owned).into_iter().collect();
    let made = entry(&cx, with_mode(&init(name), None, Mode::Apply { expect }), report).await;
    let made = made.unwrap_or_else(|error| failed(name, &error));
    let commit = match &made.result {
        Ok(Report::Write(report)) => report.commit.clone(),
        _ => None,
    };
    joined.init = Some(partly::not_initialised(made));
    keep(&cx, joined.init.as_ref());
    if let (Some(commit), Some(shown)) = (commit, &joint.push) {
        let sent = send(&cx, shown, &commit, report).await.unwrap_or_else(|error| failed(name, &error));
        joined.push = Some(partly::not_pushed(sent, &commit));
        keep(&cx, joined.push.as_ref());
    }
    Ok(joined)
}

/// The sentence about a remote that was not asked for its branches.
fn unasked(error: &Error) -> String {
    format!("the remote could not be asked for its branches, so the branch is taken unseen: {error}")
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

fn push(name: &str) -> Operation {
    Operation::Push(PushRequest { fabrics: vec![name.to_owned()], mode: Mode::Plan })
}

fn failed(name: &str, error: &Error) -> Entry {
    Entry { fabric: name.to_owned(), result: Err(Failure::from(error)) }
}

async fn entry(cx: &Context, operation: Operation, report: &Reporter) -> Result<Entry> {
    let name = operation.name();
    let first = Box::pin(crate::ops::run(cx, operation, report)).await?.entries.into_iter().next();
    first.ok_or_else(|| Error::Internal(format!("{name} told nothing")))
}

/// Pushes if that sends the commit init made on top of exactly what was shown; else stops with E-PLAN-STALE.
async fn send(cx: &Context, shown: &Entry, commit: &str, report: &Reporter) -> Result<Entry> {
    let Ok(Report::Push(shown_push)) = &shown.result else {
        return Ok(shown.clone());
    };
    let operation = push(&shown.fabric);
    let planned = entry(cx, operation.clone(), report).await?;
    let Ok(Report::Push(told)) = &planned.result else {
        return Ok(planned);
    };
    if !is_as_shown(shown_push, told, commit) {
        let moved = format!("the remote or branch {} moved since the push was shown", told.branch);
        return Err(Error::PlanStale { moved });
    }
    let expect = plan_id(&planned).map(str::to_owned).into_iter().collect();
    entry(cx, with_mode(&operation, None, Mode::Apply { expect }), report).await
}

/// Whether a push sends what was shown and one commit more, to the same place.
fn is_as_shown(shown: &PushReport, told: &PushReport, commit: &str) -> bool {
    let wanted = std::iter::once(commit).chain(shown.commits.iter().map(|commit| commit.id.as_str()));
    let sent = told.commits.iter().map(|commit| commit.id.as_str());
    let to = |push: &PushReport| (push.before.clone(), push.remote.clone());
    sent.eq(wanted) && to(shown) == to(told)
}

/// Records a failure with what was added nevertheless, so that the fabric shows it until a success.
fn keep(cx: &Context, entry: Option<&Entry>) {
    let failed = entry.filter(|entry| entry.result.is_err());
    // A journal that cannot be written has been told by the operations themselves.
    let _ = record::record(cx, "add", failed.into_iter());
}
