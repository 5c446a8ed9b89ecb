//! Managed resources: shown and exported as text, and changed by tasks that are planned and confirmed.

use std::path::Path;

use crate::cli::answer::Answer;
use crate::cli::args::Output;
use crate::cli::args::resources::ResourceCommand;
use crate::cli::exit::NO;
use crate::cli::print::{self, findings, show};
use crate::cli::session::Session;
use crate::cli::targets::once;
use crate::cli::write;
use crate::error::{Error, Result};
use crate::ops::report::Report;
use crate::ops::report::shown::{ExportReport, ShowReport};
use crate::ops::task::{Task, TaskRequest};
use crate::ops::{Mode, Operation, Outcome};
use crate::text::{clean, clean_line};

/// Carries out a command that looks at or changes managed resources.
pub(super) async fn carry_out(command: ResourceCommand, session: &Session) -> Result<Answer> {
    let name = command.name();
    let (fabrics, task, how) = match command {
        ResourceCommand::Show { fabric, resources } => return show(fabric, resources, session).await,
        ResourceCommand::Export { fabric, file } => return export(fabric, file.as_deref(), session).await,
        ResourceCommand::Commit { fabrics, task } => (once(fabrics), Task::Commit, task),
        ResourceCommand::Delete { fabric, resources, with_dependents, keep, task } => {
            (vec![fabric], Task::Delete { resources, with_dependents, keep }, task)
        }
        ResourceCommand::Rename { fabric, resource, to, task } => (vec![fabric], Task::Rename { resource, to }, task),
    };
    let operation = Operation::Task(TaskRequest { fabrics, task, offline: how.offline, mode: Mode::Plan });
    write::run(name, operation, &how.confirm, session).await
}

/// Lists or prints the managed resources of one fabric.
async fn show(fabric: String, resources: Vec<String>, session: &Session) -> Result<Answer> {
    let context = session.context()?;
    let operation = Operation::Show { fabrics: vec![fabric], resources };
    let outcome = session.run(&context, "show", operation).await?;
    let text = shown(&outcome).and_then(|report| match session.output {
        Output::Yaml => Some(safe(show::yaml(report), session)),
        Output::Name => Some(show::names(report)),
        Output::Table if report.is_named => Some(safe(show::yaml(report), session)),
        _ => None,
    });
    if let (Some(report), Some(_)) = (shown(&outcome), &text) {
        print::error(&findings::lines(&report.findings, session.error_look));
    }
    let mut answer = Answer::of("show", outcome, &context.config);
    answer.text = text.unwrap_or_default();
    Ok(answer)
}

fn shown(outcome: &Outcome) -> Option<&ShowReport> {
    match &outcome.entries.first()?.result {
        Ok(Report::Show(report)) => Some(report),
        _ => None,
    }
}

/// Writes the managed resources of one fabric as one text, to standard output or a file.
async fn export(fabric: String, file: Option<&Path>, session: &Session) -> Result<Answer> {
    let context = session.context()?;
    let operation = Operation::Export { fabrics: vec![fabric.clone()] };
    let outcome = session.run(&context, "export", operation).await?;
    let made = exported(&outcome).cloned();
    let mut answer = Answer::of("export", outcome, &context.config);
    let Some(made) = made else {
        return Ok(answer);
    };
    if session.output != Output::Json {
        print::error(&findings::lines(&made.findings, session.error_look));
    }
    if answer.exit_code == NO {
        let error =
            Error::PlanRefused(format!("{} cannot be exported whole; nothing was written", clean_line(&fabric)));
        return Ok(Answer { exit_code: NO, ..answer.but(&error) });
    }
    match file {
        None => answer.text = safe(made.text, session),
        Some(path) => {
            std::fs::write(path, &made.text).map_err(Error::fs("cannot write", path))?;
            let name = clean_line(&path.display().to_string());
            answer.text = format!("{} in {name}\n", findings::many(made.documents, "document"));
        }
    }
    Ok(answer)
}

fn exported(outcome: &Outcome) -> Option<&ExportReport> {
    match &outcome.entries.first()?.result {
        Ok(Report::Export(report)) => Some(report),
        _ => None,
    }
}

/// Byte for byte where a program reads it, cleaned where a terminal would show it.
fn safe(text: String, session: &Session) -> String {
    if session.is_terminal { clean(&text) } else { text }
}
