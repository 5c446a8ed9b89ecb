//! The command line: arguments become operations, outcomes become text or JSON and an exit code.

mod add;
mod answer;
mod bound;
mod confirm;
mod contract;
pub mod demo;
pub mod exit;
mod explain;
mod login;
pub mod look;
mod manual;
pub mod panic;
pub mod plain;
pub mod print;
mod resources;
#[cfg(test)]
mod sample;
pub mod session;
mod settings;
mod status;
mod themes;
mod write;

pub use crate::command::args;

use crate::cli::answer::Answer;
use crate::cli::session::Session;
use crate::command::args::own::{ConfigAction, ThemesAction};
use crate::command::args::resources::ResourceCommand;
use crate::command::args::seeing::Status;
use crate::command::args::{Command, Output};
use crate::command::request::Request;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::ops::{Context, Operation};

/// Carries out one command, `status` without one, and tells what came of it; the answer is the exit code.
pub async fn run(command: Option<Command>, session: &Session) -> u8 {
    let command = command.unwrap_or(Command::Status(Status::default()));
    let name = name_of(&command);
    let belongs = match session.output {
        Output::Yaml | Output::Name => "show",
        Output::Github | Output::Sarif => "validate",
        Output::Table | Output::Json => name,
    };
    if belongs != name {
        let error = Error::Usage("-o yaml and -o name belong to show, -o github and -o sarif to validate".to_owned());
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
        Command::Status(words) => status::status(words, session).await,
        Command::Resources(ResourceCommand::Show { fabric, resources }) => {
            resources::show(fabric, resources, session).await
        }
        Command::Resources(ResourceCommand::Export { fabric, file }) => {
            resources::export(fabric, file.as_deref(), session).await
        }
        Command::Add(add) => add::add(&add, session).await,
        Command::Remove { name, yes } => add::remove(&name, yes, session).await,
        Command::Login { fabric } => login::run(fabric, session).await,
        Command::Schema { name } => manual::schema(name.as_deref()),
        Command::Raw { fabric } => status::raw(fabric, session).await,
        Command::Keys => manual::keys(session),
        Command::Version => Ok(manual::version()),
        Command::Completions { shell } => Ok(manual::completions(shell)),
        Command::Man { folder } => manual::man(folder.as_deref()),
        Command::Config { action } => match action {
            ConfigAction::Path => Ok(settings::path(session)),
            ConfigAction::Check => settings::check(session),
            ConfigAction::Example => Ok(settings::example()),
            ConfigAction::Init { repo, yes, .. } => settings::init(&repo, yes, session).await,
        },
        Command::Themes { action } => themes::themes(&action.unwrap_or(ThemesAction::List), session),
        Command::Demo { keep, .. } => {
            demo::walk(keep).await?;
            Ok(Answer { command: "demo", ..Answer::default() })
        }
        Command::Explain { code } => explain::explain(code.as_deref(), session),
        Command::Validate(words) => {
            let context = context_of(&words.targets, session)?;
            operate(Command::Validate(words), context, session).await
        }
        command => operate(command, session.context()?, session).await,
    }
}

/// Files and folders need no configuration, and no sound one.
fn context_of(targets: &[String], session: &Session) -> Result<Context> {
    let is_place = |word: &String| word == "-" || crate::error::exists(std::path::Path::new(word)).unwrap_or(true);
    match session.context() {
        Err(_) if !targets.is_empty() && targets.iter().all(is_place) => Ok(session.context_of(Config::default())),
        context => context,
    }
}

/// Carries out a command that is an operation, as the grammar reads it.
async fn operate(command: Command, context: Context, session: &Session) -> Result<Answer> {
    let name = name_of(&command);
    let names: Vec<&str> = context.config.names().collect();
    let Some(request) = Request::of(command, &names)? else {
        return Err(Error::Internal(format!("{name} is no operation")));
    };
    let Request { operation, confirm, .. } = request.read(&names)?;
    match confirm {
        Some(confirm) => write::run(name, operation, &confirm, session).await,
        None => read(name, operation, context, session).await,
    }
}

/// Runs an operation that asks nothing: reading ones, and fetch and pull, which are exempt by name.
async fn read(name: &'static str, operation: Operation, context: Context, session: &Session) -> Result<Answer> {
    let outcome = session.run(&context, name, operation).await?;
    Ok(Answer::of(name, outcome, &context.config))
}

fn name_of(command: &Command) -> &'static str {
    match command {
        Command::Status(_) => "status",
        Command::Resources(command) => command.name(),
        Command::Seeing(command) => command.name(),
        Command::Init(_) => "init",
        Command::Validate(_) => "validate",
        Command::Explain { .. } => "explain",
        Command::Ingest(_) => "ingest",
        Command::Push { .. } => "push",
        Command::Discard(_) => "discard",
        Command::Fetch { .. } => "fetch",
        Command::Pull { .. } => "pull",
        Command::Add(_) => "add",
        Command::Remove { .. } => "remove",
        Command::Login { .. } => "login",
        Command::Schema { .. } => "schema",
        Command::Raw { .. } => "raw",
        Command::Keys => "keys",
        Command::Version => "version",
        Command::Completions { .. } => "completions",
        Command::Man { .. } => "man",
        Command::Config { .. } => "config",
        Command::Themes { .. } => "themes",
        Command::Demo { .. } => "demo",
    }
}
