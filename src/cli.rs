//! The command line: arguments become operations, outcomes become text or JSON and an exit code.

mod add;
mod answer;
pub mod args;
mod confirm;
pub mod demo;
pub mod exit;
pub mod look;
pub mod print;
mod resources;
#[cfg(test)]
mod sample;
pub mod session;
mod settings;
mod targets;
mod write;

use crate::cli::answer::Answer;
use crate::cli::args::{Arguments, Command, ConfigAction, Output};
use crate::cli::session::Session;
use crate::cli::targets::{Targets, once};
use crate::error::{Error, Result};
use crate::ops::{IngestRequest, InitRequest, Mode, Operation, PushRequest};

/// Carries out one command line and tells what came of it; the answer is the exit code.
pub async fn run(arguments: Arguments, session: &Session) -> u8 {
    let command = arguments.command.unwrap_or(Command::Status { fabrics: Vec::new(), fetch: false });
    let name = name_of(&command);
    if matches!(session.output, Output::Yaml | Output::Name) && name != "show" {
        let error = Error::Usage("-o yaml and -o name belong to show".to_owned());
        return Answer::failed(name, &error).tell(session);
    }
    let answer = match carry_out(command, session).await {
        Ok(answer) => answer,
        Err(error) => Answer::failed(name, &error),
    };
    answer.tell(session)
}

async fn carry_out(command: Command, session: &Session) -> Result<Answer> {
    match command {
        Command::Status { fabrics, fetch } => {
            let fabrics = once(fabrics);
            read("status", Operation::Status { fabrics, fetch }, session).await
        }
        Command::Validate { fabrics } => {
            let fabrics = once(fabrics);
            read("validate", Operation::Validate { fabrics }, session).await
        }
        Command::Fetch { fabrics } => {
            let fabrics = once(fabrics);
            read("fetch", Operation::Fetch { fabrics }, session).await
        }
        Command::Pull { fabrics } => {
            let fabrics = once(fabrics);
            read("pull", Operation::Pull { fabrics }, session).await
        }
        Command::Resources(command) => resources::carry_out(command, session).await,
        Command::Init(init) => {
            let operation = Operation::Init(InitRequest {
                fabrics: once(init.fabrics),
                force: init.force,
                keep_loose: init.keep_loose,
                offline: init.offline,
                mode: Mode::Plan,
            });
            write::run("init", operation, &init.confirm, session).await
        }
        Command::Ingest(ingest) => self::ingest(ingest, session).await,
        Command::Push { fabrics, confirm } => {
            let operation = Operation::Push(PushRequest { fabrics: once(fabrics), mode: Mode::Plan });
            write::run("push", operation, &confirm, session).await
        }
        Command::Add(add) => add::add(&add, session).await,
        Command::Remove { name, yes } => add::remove(&name, yes, session).await,
        Command::Config { action } => match action {
            ConfigAction::Path => Ok(settings::path(session)),
            ConfigAction::Check => settings::check(session),
            ConfigAction::Example => Ok(settings::example()),
        },
        Command::Demo { keep, .. } => {
            demo::walk(keep).await?;
            Ok(Answer { command: "demo", ..Answer::default() })
        }
    }
}

/// Runs an operation that asks nothing: reading ones, and fetch and pull, which are exempt by name.
async fn read(name: &'static str, operation: Operation, session: &Session) -> Result<Answer> {
    let context = session.context()?;
    let outcome = session.run(&context, name, operation).await?;
    Ok(Answer::of(name, outcome, &context.config))
}

async fn ingest(ingest: args::Ingest, session: &Session) -> Result<Answer> {
    let context = session.context()?;
    let Targets { fabrics, files } = targets::split(&context.config, &ingest.targets)?;
    let from_input = files.iter().any(|file| file == "-");
    if from_input && !ingest.confirm.yes && !ingest.confirm.dry_run {
        let text = "`-` is read from standard input, so nothing can be asked: add --yes or --dry-run";
        return Err(Error::Usage(text.to_owned()));
    }
    let operation = Operation::Ingest(IngestRequest {
        fabrics,
        only: ingest.only.iter().map(|file| targets::raw_path(file)).collect(),
        files: targets::read(&files)?,
        partial: ingest.partial,
        leave_invalid: ingest.leave_invalid,
        keep_export: ingest.keep_export,
        take_text: ingest.take_text,
        take: targets::choices(&ingest.take)?,
        offline: ingest.offline,
        mode: Mode::Plan,
    });
    write::run("ingest", operation, &ingest.confirm, session).await
}

fn name_of(command: &Command) -> &'static str {
    match command {
        Command::Status { .. } => "status",
        Command::Resources(command) => command.name(),
        Command::Init(_) => "init",
        Command::Validate { .. } => "validate",
        Command::Ingest(_) => "ingest",
        Command::Push { .. } => "push",
        Command::Fetch { .. } => "fetch",
        Command::Pull { .. } => "pull",
        Command::Add(_) => "add",
        Command::Remove { .. } => "remove",
        Command::Config { .. } => "config",
        Command::Demo { .. } => "demo",
    }
}
