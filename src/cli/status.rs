//! Status: the state of fabrics, of all or of those that need somebody.

use serde_json::{Value, json};

use crate::cli::answer::Answer;
use crate::cli::exit::{self, NO, REFUSED};
use crate::cli::print;
use crate::cli::session::Session;
use crate::command::args::seeing::Status;
use crate::command::args::{Command, Output};
use crate::command::request::Request;
use crate::error::{Error, Result};
use crate::ops::report::Report;
use crate::ops::{Entry, Operation, Outcome};

/// Tells the state.
pub(super) async fn status(words: Status, session: &Session) -> Result<Answer> {
    let context = session.context()?;
    let (is_filtered, is_asked, is_fetched) = (words.only.is_some(), words.exit_code, words.fetch);
    let Some(request) = Request::of(Command::Status(words), &[])? else {
        return Err(Error::Internal("status is no operation".to_owned()));
    };
    let mut outcome = session.run(&context, "status", request.operation).await?;
    let all = outcome.entries.len();
    let refused = if is_fetched { refused(&outcome) } else { Vec::new() };
    let code = exit_code(&outcome, &refused);
    if is_filtered {
        outcome.entries.retain(needs_you);
    }
    let needed = outcome.entries.iter().filter(|entry| needs_you(entry)).count();
    let mut answer = Answer::of("status", outcome, &context.config);
    if !refused.is_empty() {
        answer.exit_code = code;
        answer.warnings.extend(refused.into_iter().map(|(fabric, why)| format!("{fabric} was not fetched: {why}")));
    }
    if is_filtered && needed == 0 && all > 0 && session.output == Output::Table {
        "nothing needs you\n".clone_into(&mut answer.text);
    }
    if is_asked && needed > 0 && answer.exit_code == 0 {
        answer.exit_code = NO;
    }
    Ok(answer)
}

/// Tells the raw files of one fabric, each with what an ingest would make of it.
pub(super) async fn raw(fabric: String, session: &Session) -> Result<Answer> {
    let context = session.context()?;
    let operation = Operation::Status { fabrics: vec![fabric], fetch: false };
    let outcome = session.run(&context, "raw", operation).await?;
    let mut text = String::new();
    let mut data = Vec::new();
    for entry in &outcome.entries {
        let Ok(Report::Status(status)) = &entry.result else {
            data.push(print::json::entry("raw", entry));
            continue;
        };
        text.push_str(&print::status::raw_files(&entry.fabric, status, session.look));
        let mut value = json!({ "fabric": entry.fabric, "ok": true, "error": null });
        if let (Some(fields), Value::Object(raw)) = (value.as_object_mut(), json!(status.raw)) {
            fields.extend(raw);
        }
        data.push(value);
    }
    let failed = outcome.entries.iter().filter(|entry| entry.failure().is_some()).cloned().collect();
    let outcome = Outcome { entries: failed, ..outcome };
    Ok(Answer { text, data: Some(data), ..Answer::of("raw", outcome, &context.config) })
}

/// The fabrics whose remote was not asked because nothing may be written there, and why.
fn refused(outcome: &Outcome) -> Vec<(String, String)> {
    let why = |entry: &Entry| match &entry.result {
        Ok(Report::Status(status)) => status.read_only.clone().map(|why| (entry.fabric.clone(), why)),
        _ => None,
    };
    outcome.entries.iter().filter_map(why).collect()
}

fn exit_code(outcome: &Outcome, refused: &[(String, String)]) -> u8 {
    let is_refused = |entry: &Entry| refused.iter().any(|(fabric, _)| *fabric == entry.fabric);
    let code = |entry| if is_refused(entry) { REFUSED } else { exit::of_entry("status", entry) };
    exit::combine(&outcome.entries.iter().map(code).collect::<Vec<_>>())
}

/// Whether a fabric has a next step, or cannot be read.
fn needs_you(entry: &Entry) -> bool {
    match &entry.result {
        Ok(Report::Status(status)) => status.next.is_some(),
        other => other.is_err(),
    }
}
