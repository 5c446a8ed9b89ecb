//! `add` and `remove`: the configuration's edit, init and push in one confirmation.

use serde_json::{Value, json};

use crate::cli::answer::{self, Answer};
use crate::cli::args::Add;
use crate::cli::confirm;
use crate::cli::exit;
use crate::cli::print;
use crate::cli::session::Session;
use crate::config::{Config, Home};
use crate::error::{Error, Result};
use crate::ops::add::{self, AddPlan, AddRequest};
use crate::ops::joint::{self, Joined, Joint, Reach};
use crate::ops::question::Question;
use crate::ops::report::Report;
use crate::ops::{Context, Entry, Operation, Outcome};
use crate::text::clean_line;

/// Adds a fabric, then initialises its directory and pushes its commit.
pub(super) async fn add(args: &Add, session: &Session) -> Result<Answer> {
    session.check_writable("add")?;
    let request = AddRequest {
        name: args.name.clone(),
        repository: args.repo.clone(),
        directory: args.directory.clone(),
        branch: args.branch.clone(),
        profile: args.profile.clone(),
    };
    let reach = match (args.no_init, args.no_push) {
        (true, _) => Reach::Add,
        (false, true) => Reach::Init,
        (false, false) => Reach::Push,
    };
    let context = session.context_of(Config::default());
    let reporter = session.reporter("add");
    let places = (session.places.target()?, session.folder.as_path());
    let joint = session.finish(&reporter, joint::plan(&context, &request, places, reach, &reporter)).await?;
    confirmed(args, &joint, session).await?;
    let joined = session.finish(&reporter, joint::carry_out(&context, &joint, &reporter)).await?;
    Ok(answer(&joint, &joined, session))
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

fn answer(joint: &Joint, joined: &Joined, session: &Session) -> Answer {
    let plan = &joint.add;
    let name = &plan.addition.fabric;
    let mut text = format!("added {name} to {}\n", plan.path.display());
    let mut codes = Vec::new();
    let mut failed = Vec::new();
    for (command, entry) in [("init", &joined.init), ("push", &joined.push)] {
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
        data: Some(vec![data(plan, joined, exit_code)]),
        warnings: answer::warnings(&plan.config).into_iter().chain(joint.notes.iter().cloned()).collect(),
        error: failed.into_iter().next(),
        exit_code,
        ..Answer::default()
    }
}

fn data(plan: &AddPlan, joined: &Joined, exit_code: u8) -> Value {
    let part = |command, entry: &Option<Entry>| {
        let entry = entry.as_ref();
        entry.map(|entry| print::json::entry(command, entry))
    };
    let mut failures = [&joined.init, &joined.push].into_iter().flatten();
    let first = failures.find_map(|entry| entry.failure());
    json!({
        "fabric": plan.addition.fabric,
        "ok": exit_code <= exit::NO,
        "error": first.map(print::json::failure),
        "result": "added",
        "repository": plan.addition.repository,
        "directory": plan.addition.directory,
        "init": part("init", &joined.init),
        "push": part("push", &joined.push),
    })
}

/// Runs an operation of one fabric and returns its entry; a failure of the call is one, too.
async fn entry(session: &Session, context: &Context, name: &str, operation: Operation) -> Result<Entry> {
    let outcome = session.run(context, name, operation).await?;
    let first = outcome.entries.into_iter().next();
    first.ok_or_else(|| Error::Internal(format!("{name} told nothing")))
}

fn show(joint: &Joint, session: &Session) -> String {
    let plan = &joint.add;
    let path = clean_line(&plan.path.display().to_string());
    let mut text = format!("add {}: these lines go to {path}\n", plan.addition.fabric);
    for line in plan.addition.shown().lines() {
        text.extend([format!("    {}\n", clean_line(line))]);
    }
    for note in &joint.notes {
        text.extend([format!("  {}\n", clean_line(note))]);
    }
    let Some(entry) = &joint.init else { return text };
    let entries = vec![entry.clone()];
    text.push_str(&print::failures(&entries, session.error_look));
    text.push_str(&print::outcome("init", &Outcome { entries, warnings: Vec::new() }, session.error_look));
    if let Some(whole) = joint.sending() {
        let told = Entry { fabric: plan.addition.fabric.clone(), result: Ok(Report::Push(Box::new(whole))) };
        let then = Outcome { entries: vec![told], warnings: Vec::new() };
        text.push_str(&print::outcome("push", &then, session.error_look));
    } else if let Some(refused) = &joint.push {
        text.push_str("  the commit would be made and could not be pushed:\n");
        text.push_str(&print::failures(std::slice::from_ref(refused), session.error_look));
    }
    if entry.failure().is_some() {
        text.push_str("  the fabric would be added nevertheless, in state error\n");
    }
    text
}

async fn confirmed(args: &Add, joint: &Joint, session: &Session) -> Result<()> {
    if session.signalled().is_some() {
        return Err(Error::Stopped);
    }
    if args.yes {
        return Ok(());
    }
    print::error(&show(joint, session));
    let what = format!("add {}", args.name);
    if !session.can_ask {
        return Err(Error::NeedsYes { what });
    }
    confirm::ask(session, &what, &joint.question()).await
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
