//! Line mode: lines that are only ever appended, numbered choices, the same plans and confirmations.

use crate::cli::answer::Answer;
use crate::cli::confirm;
use crate::cli::print;
use crate::cli::session::Session;
use crate::command::{read, words};
use crate::error::{Error, Result};
use crate::fabric::message::count;
use crate::ops::report::{Report, StatusReport};
use crate::ops::{Entry, Operation, settle};
use crate::progress::Reporter;
use crate::text::clean_line;

/// The choices for one fabric: the word that is typed on the command line, and what it does.
const CHOICES: [(&str, &str); 7] = [
    ("status", "tell everything about it"),
    ("ingest", "file raw documents under managed/; asks first"),
    ("push", "send commits to the remote and read it back; asks first"),
    ("init", "create or repair the layout; asks first"),
    ("validate", "check structure and documents"),
    ("fetch", "read the remote"),
    ("pull", "bring the branch forward, fast-forward only"),
];

/// Lists the fabrics, takes choices and commands until the user leaves; the answer is the exit code.
pub async fn run(session: &Session) -> u8 {
    match converse(session).await {
        Ok(()) => session.signalled().unwrap_or_default(),
        Err(error) => Answer::failed("plain", &error).tell(session),
    }
}

async fn converse(session: &Session) -> Result<()> {
    let context = session.context()?;
    let report = Reporter::silent();
    for settled in session.finish(&report, settle::settle(&context, &report)).await {
        say(&settled.sentence)?;
    }
    if session.signalled().is_some() {
        return Ok(());
    }
    let mut names = list(session).await?;
    loop {
        say("Type a number for a fabric, a command such as push dc1, Enter to read again, or q to leave.")?;
        let Some(line) = confirm::line(session, "> ").await else { return Ok(()) };
        match line.trim() {
            "q" | "quit" | "exit" => return Ok(()),
            "" => names = list(session).await?,
            text => match text.parse::<usize>() {
                Ok(number) => match number.checked_sub(1).and_then(|at| names.get(at)) {
                    Some(name) => choose(name, session).await?,
                    None => say(&format!("There is no fabric {number}; there are {}.", names.len()))?,
                },
                Err(_) => match words::split(text) {
                    Ok(words) => command(&words, session).await?,
                    Err(error) => say(&error.to_string())?,
                },
            },
        }
    }
}

/// Tells every fabric in one line and returns their names in this order.
async fn list(session: &Session) -> Result<Vec<String>> {
    let context = session.context()?;
    let operation = Operation::Status { fabrics: Vec::new(), fetch: false };
    let outcome = session.run(&context, "status", operation).await?;
    let total = outcome.entries.len();
    say(&format!("hedgerow, line mode: {}.", count(total, "fabric", "fabrics")))?;
    for (at, entry) in outcome.entries.iter().enumerate() {
        say(&format!("fabric {} of {total}: {}", at + 1, sentence(entry)))?;
    }
    Ok(outcome.entries.into_iter().map(|entry| entry.fabric).collect())
}

fn sentence(entry: &Entry) -> String {
    let state = match &entry.result {
        Ok(Report::Status(status)) => told(status),
        Ok(_) => "nothing is known.".to_owned(),
        Err(failure) => format!("error {}, {}.", failure.code, failure.message),
    };
    format!("{}, {state}", entry.fabric)
}

fn told(status: &StatusReport) -> String {
    let word = |value: Option<serde_json::Value>| {
        value.and_then(|value| value.as_str().map(|word| word.replace('_', " "))).unwrap_or_default()
    };
    let directory = match word(serde_json::to_value(status.directory.state).ok()) {
        state if state == "initialized" => "ready".to_owned(),
        state => state,
    };
    let git = match (word(serde_json::to_value(status.git.state).ok()), status.git.ahead, status.git.behind) {
        (state, 0, 0) => state,
        (state, ahead, 0) => format!("{state} {ahead}"),
        (state, 0, behind) => format!("{state} {behind}"),
        (state, ahead, behind) => format!("{state}, {ahead} here and {behind} there"),
    };
    let raw = count(status.raw.pending, "raw file", "raw files");
    let wrong = if status.raw.invalid > 0 { format!(", {} with errors", status.raw.invalid) } else { String::new() };
    let next = status.next.as_ref().map_or("none", |next| next.action.as_str());
    format!("directory {directory}, git {git}, {raw}{wrong}. Next step: {next}.")
}

async fn choose(name: &str, session: &Session) -> Result<()> {
    say(&format!("{name}:"))?;
    for (at, (word, what)) in CHOICES.iter().enumerate() {
        say(&format!("{} {word}: {what}", at + 1))?;
    }
    let Some(line) = confirm::line(session, "Type a number, or Enter to go back: ").await else { return Ok(()) };
    let chosen = line.trim().parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    match chosen.and_then(|at| CHOICES.get(at)) {
        Some((word, _)) => command(&[(*word).to_owned(), name.to_owned()], session).await,
        None if line.trim().is_empty() => Ok(()),
        None => say("That is none of the numbers."),
    }
}

/// Carries out one command, exactly as the program would in this session.
async fn command(words: &[String], session: &Session) -> Result<()> {
    let words = if words.first().is_some_and(|word| word == "hedgerow") { &words[1..] } else { words };
    match read::command(words) {
        Ok(command) => {
            let code = Box::pin(crate::cli::run(Some(command), session)).await;
            say(&format!("Done, exit code {code}."))
        }
        Err(answer) => say(&answer),
    }
}

fn say(text: &str) -> Result<()> {
    let lines: Vec<String> = text.lines().map(clean_line).collect();
    print::output(&format!("{}\n", lines.join("\n"))).map_err(Error::fs("cannot write", "standard output"))
}
