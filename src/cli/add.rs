//! `add` and `remove`: the configuration's edit, init and push in one confirmation.

use serde_json::{Value, json};

use crate::cli::answer::{self, Answer};
use crate::cli::args::Add;
use crate::cli::confirm;
use crate::cli::exit;
use crate::cli::print;
use crate::cli::session::Session;
use crate::config::Home;
use crate::error::{Error, Result};
use crate::history::{self, Fault, Record};
use crate::ops::add::{self, AddPlan, AddRequest};
use crate::ops::question::{self, Question, with_mode};
use crate::ops::report::Report;
use crate::ops::{Context, Entry, Failure, InitRequest, Mode, Operation, Outcome, PushRequest};
use crate::text::clean_line;

/// Adds a fabric, then initialises its directory and pushes that one commit.
pub(super) async fn add(args: &Add, session: &Session) -> Result<Answer> {
    session.check_writable("add")?;
    let request = AddRequest {
        name: args.name.clone(),
        repository: args.repo.clone(),
        directory: args.directory.clone(),
        branch: args.branch.clone(),
    };
    let plan = add::plan(&request, session.places.target()?, &session.folder)?;
    let context = session.context_of(plan.config.clone());
    let init = if args.no_init { None } else { Some(entry(session, &context, "init", init(&args.name)).await?) };
    let shown = show(&plan, init.as_ref(), args, session);
    confirmed(args, &plan, init.as_ref(), &shown, session).await?;
    add::apply(&plan)?;
    let mut added = Added { init: None, push: None };
    if let Some(planned) = init {
        added.carry_out(planned, args, &context, session).await?;
    }
    Ok(added.answer(&plan, session))
}

/// Takes a fabric out of the configuration; nothing else is touched.
pub(super) async fn remove(name: &str, yes: bool, session: &Session) -> Result<Answer> {
    session.check_writable("remove")?;
    let context = session.context()?;
    let path = session.places.config()?;
    context.config.fabric(name)?;
    let what = format!("remove {name} from {}", path.display());
    let warnings: Vec<String> = unpushed(name, &context, session).await.into_iter().collect();
    if !yes {
        if !session.can_ask {
            return Err(Error::NeedsYes { what });
        }
        for warning in &warnings {
            print::error(&print::warning(warning, session.error_look));
        }
        confirm::ask(session, &what, &Question::Yes).await?;
    }
    add::remove(name, path)?;
    Ok(Answer {
        command: "remove",
        text: clean_line(&format!("removed {name} from {}; its files and clones stay", path.display())) + "\n",
        data: Some(vec![json!({ "fabric": name, "ok": true, "error": null, "result": "removed" })]),
        warnings,
        ..Answer::default()
    })
}

/// What came of the two operations behind the configuration's edit.
struct Added {
    init: Option<Entry>,
    push: Option<Entry>,
}

impl Added {
    /// Applies the init that was shown and pushes its commit; a failure is kept as an entry.
    async fn carry_out(&mut self, planned: Entry, args: &Add, context: &Context, session: &Session) -> Result<()> {
        if !question::is_pending(&planned) {
            keep_failure(&planned, context);
            self.init = Some(planned);
            return Ok(());
        }
        let expect = question::plan_id(&planned).map(str::to_owned).into_iter().collect();
        let operation = with_mode(&init(&args.name), None, Mode::Apply { expect });
        let done = entry(session, context, "init", operation).await?;
        let commit = commit_of(&done);
        self.init = Some(done);
        if let Some(commit) = commit.filter(|_| !args.no_push) {
            self.push = Some(push(&args.name, &commit, context, session).await?);
        }
        Ok(())
    }

    fn answer(self, plan: &AddPlan, session: &Session) -> Answer {
        let name = &plan.addition.fabric;
        let mut text = format!("added {name} to {}\n", plan.path.display());
        let mut codes = Vec::new();
        let mut failed = Vec::new();
        for (command, entry) in [("init", &self.init), ("push", &self.push)] {
            let Some(entry) = entry else { continue };
            codes.push(exit::of_entry(command, entry));
            let entries = vec![entry.clone()];
            text.push_str(&print::outcome(command, &Outcome { entries, warnings: Vec::new() }, session.look));
            failed.extend(entry.failure().cloned());
        }
        let exit_code = codes.into_iter().max().unwrap_or_default();
        Answer {
            command: "add",
            text,
            data: Some(vec![self.data(plan, exit_code)]),
            warnings: answer::warnings(&plan.config),
            error: failed.into_iter().next(),
            exit_code,
            ..Answer::default()
        }
    }

    fn data(&self, plan: &AddPlan, exit_code: u8) -> Value {
        let part = |command: &str, entry: &Option<Entry>| {
            let entry = entry.as_ref();
            entry.map(|entry| print::json::entry(command, entry))
        };
        let mut failures = [&self.init, &self.push].into_iter().flatten();
        let first = failures.find_map(|entry| entry.failure());
        json!({
            "fabric": plan.addition.fabric,
            "ok": exit_code <= exit::NO,
            "error": first.map(print::json::failure),
            "result": "added",
            "repository": plan.addition.repository,
            "directory": plan.addition.directory,
            "init": part("init", &self.init),
            "push": part("push", &self.push),
        })
    }
}

fn init(name: &str) -> Operation {
    Operation::Init(InitRequest {
        fabrics: vec![name.to_owned()],
        force: false,
        keep_loose: false,
        offline: false,
        mode: Mode::Plan,
    })
}

/// Runs an operation of one fabric and returns its entry; a failure of the call is one, too.
async fn entry(session: &Session, context: &Context, name: &str, operation: Operation) -> Result<Entry> {
    let outcome = session.run(context, name, operation).await?;
    let first = outcome.entries.into_iter().next();
    first.ok_or_else(|| Error::Internal(format!("{name} told nothing")))
}

fn show(plan: &AddPlan, init: Option<&Entry>, args: &Add, session: &Session) -> String {
    let path = clean_line(&plan.path.display().to_string());
    let mut text = format!("add {}: these lines go to {path}\n", args.name);
    for line in plan.addition.shown().lines() {
        text.extend([format!("    {}\n", clean_line(line))]);
    }
    let Some(entry) = init else { return text };
    let entries = vec![entry.clone()];
    text.push_str(&print::failures(&entries, session.error_look));
    text.push_str(&print::outcome("init", &Outcome { entries, warnings: Vec::new() }, session.error_look));
    if question::is_pending(entry) && !args.no_push {
        text.push_str("  then exactly this commit is pushed and read back\n");
    }
    if entry.failure().is_some() {
        text.push_str("  the fabric would be added nevertheless, in state error\n");
    }
    text
}

async fn confirmed(args: &Add, plan: &AddPlan, init: Option<&Entry>, shown: &str, session: &Session) -> Result<()> {
    if session.signalled().is_some() {
        return Err(Error::Stopped);
    }
    if args.yes {
        return Ok(());
    }
    print::error(shown);
    let what = format!("add {}", args.name);
    if !session.can_ask {
        return Err(Error::NeedsYes { what });
    }
    let entries: Vec<Entry> = init.cloned().into_iter().collect();
    let mut asked = question::question(&entries);
    let fabric = plan.config.fabric(&args.name)?;
    if asked == Question::Yes && fabric.protected && !args.no_push {
        asked = Question::Typed { word: args.name.clone(), why: "the profile is protected".to_owned() };
    }
    confirm::ask(session, &what, &asked).await
}

/// Pushes if that sends exactly the commit init made; else stops with E-PLAN-STALE.
async fn push(name: &str, commit: &str, context: &Context, session: &Session) -> Result<Entry> {
    let operation = Operation::Push(PushRequest { fabrics: vec![name.to_owned()], mode: Mode::Plan });
    let planned = entry(session, context, "push", operation.clone()).await?;
    let Ok(Report::Push(report)) = &planned.result else {
        return Ok(planned);
    };
    if !question::is_pending(&planned) {
        return Ok(planned);
    }
    if report.commits.len() != 1 || report.commits[0].id != commit {
        let moved = "the push would send more than the commit of init; see `hedgerow push`";
        let error = Error::PlanStale { moved: moved.to_owned() };
        let failed = Entry { fabric: name.to_owned(), result: Err(Failure::from(&error)) };
        keep_failure(&failed, context);
        return Ok(failed);
    }
    let expect = question::plan_id(&planned).map(str::to_owned).into_iter().collect();
    let operation = with_mode(&operation, None, Mode::Apply { expect });
    entry(session, context, "push", operation).await
}

fn commit_of(entry: &Entry) -> Option<String> {
    match &entry.result {
        Ok(Report::Write(report)) => report.commit.clone(),
        _ => None,
    }
}

/// Records a failure no applied operation records, so that the fabric shows it until a success.
fn keep_failure(entry: &Entry, context: &Context) {
    let Some(failure) = entry.failure() else {
        return;
    };
    let record = Record {
        at: answer::now(),
        operation: "add".to_owned(),
        fabric: entry.fabric.clone(),
        result: "failed".to_owned(),
        commit: None,
        failure: Some(Fault {
            code: failure.code.clone(),
            message: failure.message.clone(),
            remedy: failure.remedy.clone(),
            detail: failure.detail.clone(),
        }),
    };
    history::record(&context.state_dir, &record);
}

/// A warning where a clone of ours holds commits that only it has.
async fn unpushed(name: &str, context: &Context, session: &Session) -> Option<String> {
    let fabric = context.config.fabric(name).ok()?;
    let repository = context.config.repository(&fabric.repository)?;
    let Home::Url(_) = repository.home else {
        return None;
    };
    let fabrics = vec![name.to_owned()];
    let operation = Operation::Status { fabrics, fetch: false };
    let entry = entry(session, context, "status", operation).await.ok()?;
    let Ok(Report::Status(report)) = entry.result else {
        return None;
    };
    let ahead = report.git.repository_ahead;
    (ahead > 0).then(|| format!("the clone of {} holds {ahead} commits that were never pushed", repository.name))
}
