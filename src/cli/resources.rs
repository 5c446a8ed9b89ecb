//! Managed resources, shown and exported as text.

use std::path::Path;

use crate::cli::answer::Answer;
use crate::cli::args::Output;
use crate::cli::exit::NO;
use crate::cli::print::{self, findings, show};
use crate::cli::session::Session;
use crate::error::{Error, Result};
use crate::ops::report::Report;
use crate::ops::report::shown::{ExportReport, ShowReport};
use crate::ops::{Operation, Outcome};
use crate::text::{clean_line, quote};

/// Lists or prints the managed resources of one fabric.
pub(super) async fn show(fabric: String, resources: Vec<String>, session: &Session) -> Result<Answer> {
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
pub(super) async fn export(fabric: String, file: Option<&Path>, session: &Session) -> Result<Answer> {
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
    if session.is_terminal { quote(&text) } else { text }
}
