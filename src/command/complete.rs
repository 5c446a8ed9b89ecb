//! Complete: what may come next in a line that is being typed.

use clap::ValueEnum;

use crate::command::action::Action;
use crate::command::read::grammar;
use crate::command::words;

/// One word that may come next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The word.
    pub word: String,
    /// What it means, one sentence; may be empty.
    pub about: String,
}

/// What may stand where a line ends, and the byte its last word begins at.
pub fn complete(line: &str, names: &[&str]) -> (usize, Vec<Candidate>) {
    let begins = line.rfind(char::is_whitespace).map_or(0, |space| space + 1);
    let (before, typed) = line.split_at(begins);
    let (before, _) = words::scan(before);
    let candidates = match before.split_first() {
        None => verbs(),
        Some((verb, rest)) => arguments(verb, rest, typed, names),
    };
    (begins, candidates.into_iter().filter(|candidate| candidate.word.starts_with(typed)).collect())
}

/// The line with its last word replaced, and room for the next.
pub fn accept(line: &str, candidate: &Candidate) -> String {
    let begins = line.rfind(char::is_whitespace).map_or(0, |space| space + 1);
    format!("{}{} ", &line[..begins], words::quote(&candidate.word))
}

/// Every verb: the command line's first, then the dashboard's own.
fn verbs() -> Vec<Candidate> {
    let grammar = grammar();
    let mut verbs: Vec<Candidate> = Vec::new();
    for command in grammar.get_subcommands() {
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        verbs.push(Candidate { word: command.get_name().to_owned(), about });
    }
    for action in Action::value_variants() {
        let word = action.word();
        if !verbs.iter().any(|verb| verb.word == word) {
            verbs.push(Candidate { word, about: action.help().to_owned() });
        }
    }
    verbs
}

fn arguments(verb: &str, given: &[String], typed: &str, names: &[&str]) -> Vec<Candidate> {
    let grammar = grammar();
    let Some(command) = grammar.find_subcommand(verb) else {
        return Vec::new();
    };
    if typed.starts_with('-') {
        return flags(command, given);
    }
    let nested = command.get_subcommands().map(|command| Candidate {
        word: command.get_name().to_owned(),
        about: command.get_about().map(ToString::to_string).unwrap_or_default(),
    });
    let mut candidates: Vec<Candidate> = nested.collect();
    if takes_fabric(command, given.iter().filter(|word| !word.starts_with('-')).count()) {
        let free = names.iter().filter(|name| !given.iter().any(|word| word == *name));
        candidates.extend(free.map(|name| Candidate { word: (*name).to_owned(), about: String::new() }));
    }
    candidates
}

fn flags(command: &clap::Command, given: &[String]) -> Vec<Candidate> {
    let mut flags = Vec::new();
    for argument in command.get_arguments() {
        let Some(name) = argument.get_long().filter(|name| *name != "help") else {
            continue;
        };
        let word = format!("--{name}");
        let is_many = matches!(argument.get_action(), clap::ArgAction::Append);
        if is_many || !given.contains(&word) {
            flags.push(Candidate { word, about: argument.get_help().map(ToString::to_string).unwrap_or_default() });
        }
    }
    flags
}

/// Whether a fabric may stand behind so many words.
fn takes_fabric(command: &clap::Command, before: usize) -> bool {
    let names_fabric = |argument: &&clap::Arg| {
        let values = argument.get_value_names().unwrap_or_default();
        values.iter().any(|value| value.contains("FABRIC"))
    };
    let Some(argument) = command.get_positionals().find(names_fabric) else {
        // `remove` takes a fabric too, and calls it a name.
        return command.get_name() == "remove" && before == 0;
    };
    before == 0 || matches!(argument.get_action(), clap::ArgAction::Append)
}
