//! What is told about the program itself: its keys, completions for shells, the manual.

use std::path::Path;

use clap::{CommandFactory, ValueEnum};
use clap_complete::Shell;
use clap_mangen::Man;
use serde_json::json;

use crate::cli::answer::{Answer, sentence};
use crate::cli::contract;
use crate::cli::look::Role;
use crate::cli::print::table::{self, Cell};
use crate::cli::session::Session;
use crate::command::action::{Action, Class};
use crate::command::args::Arguments;
use crate::command::keymap::Keymap;
use crate::config;
use crate::config::nearest::nearest;
use crate::error::{Error, Result};
use crate::text::clean_line;

/// Every action with its keys, as the configuration has them; without one, as they are built in.
pub(super) fn keys(session: &Session) -> Result<Answer> {
    let config = match session.places.config() {
        Ok(path) => config::load(path)?,
        Err(_) => config::Config::default(),
    };
    let (keymap, remarks) = Keymap::with(&config.keys)?;
    let place = config.path.as_deref().map(|path| path.display().to_string()).unwrap_or_default();
    let head = ["KEYS", "ACTION", "CLASS", "DOES"].map(|word| Cell::of(Role::Muted, word)).to_vec();
    let mut rows = vec![head];
    for action in Action::value_variants() {
        let class = action.class();
        let role = if class == Class::Write { Role::Warn } else { Role::Info };
        rows.push(vec![
            Cell::plain(&keymap.keys(*action).join(" ")),
            Cell::plain(&action.word()),
            Cell::of(role, class.word()),
            Cell::plain(action.help()),
        ]);
    }
    let data = Action::value_variants().iter().map(|action| {
        json!({
            "action": action.name(),
            "keys": keymap.keys(*action),
            "class": action.class().word(),
            "help": action.help(),
        })
    });
    Ok(Answer {
        command: "keys",
        text: table::lines(&rows, session.look),
        data: Some(data.collect()),
        warnings: remarks.iter().map(|remark| sentence(&place, remark)).collect(),
        ..Answer::default()
    })
}

/// The JSON Schema of a command's result, or the names of all commands.
pub(super) fn schema(name: Option<&str>) -> Result<Answer> {
    let program = Arguments::command();
    let names: Vec<&str> = program.get_subcommands().map(clap::Command::get_name).collect();
    let Some(name) = name else {
        let data = names.iter().map(|name| json!({ "command": name })).collect();
        return Ok(Answer { command: "schema", text: names.join("\n") + "\n", data: Some(data), ..Answer::default() });
    };
    let schema = contract::schema(name).ok_or_else(|| {
        let near = nearest(name, names.iter().copied()).map(|near| format!("; did you mean {near}?"));
        Error::Usage(clean_line(&format!("no command is called {name}{}", near.unwrap_or_default())))
    })?;
    Ok(Answer { command: "schema", text: format!("{schema:#}\n"), data: Some(vec![schema]), ..Answer::default() })
}

/// The version, as `--version` prints it.
pub(super) fn version() -> Answer {
    let text = Arguments::command().render_version();
    let data = Some(vec![json!({ "version": env!("CARGO_PKG_VERSION") })]);
    Answer { command: "version", text, data, ..Answer::default() }
}

/// A script for a shell.
pub(super) fn completions(shell: Shell) -> Answer {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "hedgerow", &mut script);
    let text = String::from_utf8_lossy(&script).into_owned();
    Answer { command: "completions", data: Some(vec![json!({ "script": text })]), text, ..Answer::default() }
}

/// The manual page on standard output, or every page in a folder.
pub(super) fn man(folder: Option<&Path>) -> Result<Answer> {
    let command = Arguments::command();
    if let Some(folder) = folder {
        clap_mangen::generate_to(command, folder).map_err(Error::fs("cannot write", folder))?;
        let shown = crate::text::clean_line(&folder.display().to_string());
        let data = Some(vec![json!({ "folder": shown })]);
        return Ok(Answer { command: "man", text: format!("the pages are in {shown}\n"), data, ..Answer::default() });
    }
    let mut page = Vec::new();
    Man::new(command).render(&mut page).map_err(Error::fs("cannot write", "the page"))?;
    let text = String::from_utf8_lossy(&page).into_owned();
    Ok(Answer { command: "man", data: Some(vec![json!({ "page": text })]), text, ..Answer::default() })
}
