//! Read: what a line of the dashboard's `:` means; the same grammar as the command line.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, Parser};

use crate::command::action::Action;
use crate::command::args::resources::ResourceCommand;
use crate::command::args::seeing::Status;
use crate::command::args::{Arguments, Command, Confirm};
use crate::command::coming;
use crate::command::request::Request;
use crate::command::words;
use crate::config::nearest::nearest;
use crate::error::{Error, Result};
use crate::text::clean_line;

/// The command line without its program and without what applies to every command.
#[derive(Debug, Clone, Parser)]
#[command(name = "hedgerow", no_binary_name = true, disable_help_subcommand = true)]
struct Line {
    #[command(subcommand)]
    command: Command,
}

/// What a line means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// The same as the action's key.
    Act(Action),
    /// An operation.
    Run(Box<Request>),
    /// Git asks on the terminal for the remote of this fabric.
    Login(String),
    /// The raw files of this fabric.
    Raw(String),
    /// What a code means; none lists every code.
    Explain(Option<String>),
    /// What only a shell can do, as it is written there behind `hedgerow`.
    Elsewhere(String),
}

/// The commands as clap knows them.
pub(super) fn grammar() -> clap::Command {
    Line::command()
}

/// Reads the words of a line-mode command: those of the command line, without what is said once for
/// the whole program.
///
/// # Errors
/// What the parser answers: its complaint, or the help that was asked for.
pub fn command(words: &[String]) -> std::result::Result<Command, String> {
    Line::try_parse_from(words).map(|line| line.command).map_err(|wrong| {
        let said = wrong.render().to_string();
        match program_option(&wrong) {
            Some(option) => format!("{option} holds for the whole program: leave, and start hedgerow with it.\n{said}"),
            None => said,
        }
    })
}

/// The option of the whole program that a line was refused for.
fn program_option(wrong: &clap::Error) -> Option<String> {
    let (ErrorKind::UnknownArgument, Some(ContextValue::String(given))) =
        (wrong.kind(), wrong.get(ContextKind::InvalidArg))
    else {
        return None;
    };
    let program = Arguments::command();
    let is_it = |known: &clap::Arg| {
        let (long, short) = (known.get_long(), known.get_short());
        long.is_some_and(|long| given.strip_prefix("--").is_some_and(|given| given.split('=').next() == Some(long)))
            || short.is_some_and(|short| given.strip_prefix('-').is_some_and(|given| given.starts_with(short)))
    };
    program.get_arguments().any(is_it).then(|| clean_line(given))
}

/// Reads a line where the configured fabrics have these names.
///
/// A line means what it means after `hedgerow`. Where the command line would want a fabric and
/// none is given, the targets are meant; a single word may be an action of the dashboard.
///
/// # Errors
/// [`Error::Usage`] and [`Error::NoSuchFabric`].
pub fn read(line: &str, names: &[&str], targets: &[String]) -> Result<Meaning> {
    let words = words::split(line)?;
    let action = match &words[..] {
        [word] => Action::named(word),
        _ => None,
    };
    let wrong = match Line::try_parse_from(&words) {
        Ok(Line { command }) => return meaning(command, action, &words, names),
        Err(wrong) => wrong,
    };
    if let Some(action) = action {
        return Ok(Meaning::Act(action));
    }
    if let Some(coming) = words.first().and_then(|word| coming::of_word(word)) {
        return Err(Error::Usage(coming.about.to_owned()));
    }
    let misses_fabric = wrong.kind() == ErrorKind::MissingRequiredArgument && !targets.is_empty();
    if let (true, Some((verb, rest))) = (misses_fabric, words.split_first()) {
        let mut filled = vec![verb.clone()];
        filled.extend_from_slice(targets);
        filled.extend_from_slice(rest);
        if let Ok(Line { command }) = Line::try_parse_from(&filled) {
            return meaning(command, None, &filled, names);
        }
    }
    Err(Error::Usage(sentence(&wrong)))
}

fn meaning(command: Command, action: Option<Action>, words: &[String], names: &[&str]) -> Result<Meaning> {
    let line = || words.iter().map(|word| words::quote(word)).collect::<Vec<_>>().join(" ");
    match command {
        Command::Login { fabric } => return known(fabric, names).map(Meaning::Login),
        Command::Raw { fabric } => return known(fabric, names).map(Meaning::Raw),
        // A filter of the output and an exit code mean nothing on the screen, which has its own filter.
        Command::Status(Status { only: Some(_), .. } | Status { exit_code: true, .. }) => {
            return Ok(Meaning::Elsewhere(line()));
        }
        Command::Explain { code } => return Ok(Meaning::Explain(code)),
        Command::Resources(ResourceCommand::Export { file: Some(_), .. }) => return Ok(Meaning::Elsewhere(line())),
        _ => {}
    }
    if let Some(request) = Request::of(command, names)? {
        check(&request)?;
        return Ok(Meaning::Run(Box::new(request)));
    }
    Ok(action.map_or_else(|| Meaning::Elsewhere(line()), Meaning::Act))
}

/// A fabric's name, if one is called so.
fn known(name: String, names: &[&str]) -> Result<String> {
    if names.contains(&name.as_str()) {
        return Ok(name);
    }
    let nearest = nearest(&name, names.iter().copied()).map(str::to_owned);
    Err(Error::NoSuchFabric { name: clean_line(&name), nearest })
}

/// On the screen every write is planned, shown and confirmed: words about that mean nothing there.
fn check(request: &Request) -> Result<()> {
    if request.confirm.as_ref().is_some_and(|confirm| *confirm != Confirm::default()) {
        let text = "here every write is shown and asked about: leave --yes, --dry-run and --expect-plan away";
        return Err(Error::Usage(text.to_owned()));
    }
    if request.files.iter().any(|file| file == "-") {
        return Err(Error::Usage("`-` is standard input, which the dashboard has none of: name a file".to_owned()));
    }
    Ok(())
}

/// The parser's first sentence and its tips, on one line.
fn sentence(wrong: &clap::Error) -> String {
    let text = wrong.render().to_string();
    let mut told: Vec<&str> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if line.starts_with("Usage:") || line.starts_with("For more") {
            break;
        }
        told.push(line.strip_prefix("error: ").or(line.strip_prefix("tip: ")).unwrap_or(line));
    }
    clean_line(&told.join("; ").replace(":;", ":"))
}
