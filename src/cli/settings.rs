//! `hedgerow config`: where the configuration is, whether it is sound, and an example of one.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::cli::answer::{Answer, sentence};
use crate::cli::exit::NO;
use crate::cli::session::Session;
use crate::cli::{confirm, print};
use crate::command::keymap::Keymap;
use crate::config::theme::{self, Theme};
use crate::config::{self, Config, Remark};
use crate::error::{Error, Result};
use crate::fabric::message::count;
use crate::ops::question::Question;
use crate::ops::{discover, setup};
use crate::text::{clean, clean_line};
use crate::yaml;

/// Every place looked at, and which one won.
pub(super) fn path(session: &Session) -> Answer {
    let chosen = session.places.config().ok();
    let mut text = String::new();
    let mut data: Vec<Value> = Vec::new();
    for place in &session.places.candidates {
        let read = chosen == Some(place.path.as_path());
        let exists = place.path.exists();
        let word = match (read, exists) {
            (true, _) => "read",
            (false, true) => "not read",
            (false, false) => "missing",
        };
        let shown = clean_line(&place.path.display().to_string());
        text.extend([format!("{word:<8}  {shown}  ({})\n", place.reason)]);
        data.push(json!({
            "path": place.path.display().to_string(),
            "reason": place.reason,
            "exists": exists,
            "read": read,
        }));
    }
    Answer { command: "config", text, data: Some(data), ..Answer::default() }
}

/// Every remark about the configuration; 1 where a value is wrong.
pub(super) fn check(session: &Session) -> Result<Answer> {
    let mut config = config::load(session.places.config()?)?;
    config.remarks.extend(Keymap::with(&config.keys)?.1);
    let themes = session.themes();
    config.remarks.extend(no_theme(&config, &themes));
    config.remarks.sort_by_key(|remark| (remark.line, remark.column));
    let place = config.path.as_deref().map(|path| path.display().to_string());
    let place = place.unwrap_or_default();
    let of_themes = themes.iter().flat_map(|theme| theme.remarks.iter().map(|remark| (&theme.origin, remark)));
    let told: Vec<(&String, &Remark)> = config.remarks.iter().map(|remark| (&place, remark)).chain(of_themes).collect();
    let mut text = String::new();
    for (place, remark) in &told {
        let severity = if remark.stops { "error" } else { "warning" };
        let line = format!("{severity} {}", sentence(place, remark));
        text.extend([format!("{}\n", clean_line(&line))]);
    }
    let wrong = config.remarks.iter().any(|remark| remark.stops);
    text.extend([format!(
        "{}: {} fabrics in {} repositories, {}\n",
        clean_line(&place),
        config.fabrics.len(),
        config.repositories.len(),
        if wrong { "not sound" } else { "sound" }
    )]);
    let remarks = told.iter().map(|(file, remark)| {
        json!({
            "file": file,
            "line": remark.line,
            "column": remark.column,
            "severity": if remark.stops { "error" } else { "warning" },
            "message": remark.message,
        })
    });
    Ok(Answer {
        command: "config",
        text,
        data: Some(remarks.collect()),
        exit_code: if wrong { NO } else { 0 },
        ..Answer::default()
    })
}

/// The remark about a theme that is none, at its place in the configuration.
fn no_theme(config: &Config, themes: &[Theme]) -> Option<Remark> {
    let name = &config.ui.theme;
    if themes.iter().any(|theme| theme.name == *name) {
        return None;
    }
    let text = config.path.as_deref().and_then(|path| std::fs::read_to_string(path).ok()).unwrap_or_default();
    let root = yaml::read_one(&text).ok();
    let node = root.as_ref().and_then(|root| root.get("ui")?.get("theme"));
    let (line, column) = node.map_or((1, 1), |node| (node.span.line as usize, node.span.column as usize));
    Some(Remark { line, column, stops: false, message: theme::unknown(name, themes) })
}

/// Writes the first configuration from what is found below these folders, or the current one.
pub(super) async fn init(repos: &[PathBuf], yes: bool, session: &Session) -> Result<Answer> {
    session.check_writable("config init")?;
    let target = session.places.target()?;
    let folders: Vec<PathBuf> = match repos {
        [] => vec![session.folder.clone()],
        given => given.iter().map(|path| session.folder.join(path)).collect(),
    };
    let wanted = setup::wanted(&discover::discover(&folders));
    if wanted.is_empty() {
        let looked: Vec<String> = folders.iter().map(|path| path.display().to_string()).collect();
        let text = format!("no clone with a GitOps directory in or around {}", looked.join(", "));
        return Err(Error::Usage(clean_line(&text)));
    }
    let plan = setup::plan(&wanted, target, &session.folder)?;
    let place = clean_line(&plan.path.display().to_string());
    if !yes {
        print::error(&format!("these lines go to {place}:\n{}", clean(&plan.text)));
        let what = format!("write {place}");
        if !session.can_ask {
            return Err(Error::NeedsYes { what });
        }
        confirm::ask(session, &what, &Question::Yes).await?;
    }
    setup::apply(&plan)?;
    let names: Vec<&str> = plan.config.names().collect();
    let text = format!("wrote {place} with {}: {}\n", count(names.len(), "fabric", "fabrics"), names.join(", "));
    let data = json!({ "path": plan.path.display().to_string(), "fabrics": names, "text": plan.text });
    Ok(Answer { command: "config", text, data: Some(vec![data]), ..Answer::default() })
}

/// A commented example.
pub(super) fn example() -> Answer {
    Answer {
        command: "config",
        text: config::EXAMPLE.to_owned(),
        data: Some(vec![json!({ "example": config::EXAMPLE })]),
        ..Answer::default()
    }
}
