//! `hedgerow themes`: which there are, and how one looks.

use serde_json::{Value, json};

use crate::cli::answer::Answer;
use crate::cli::args::own::ThemesAction;
use crate::cli::session::Session;
use crate::config::theme::{self, ROLES, Theme};
use crate::error::{Error, Result};

/// A piece of the screen that shows each role, in the order of the roles.
const SAMPLES: [&str; ROLES.len()] = [
    "dc1-prod",
    "= Ready",
    "v Behind 2",
    "X No access",
    "^ Ahead 1",
    "checked 09:14",
    "4096",
    "N ingest",
    "FABRIC",
    "+--[ 4 Operations ]--+",
    "+==[ 1 Fabrics ]==+",
    ">  dc2-prod   = Ready   = In sync   3   N ingest",
    "[x] dc2-lab",
    "+  vlan: 1001",
    "-  vlan: 1002",
    "@@ -1,7 +1,7 @@",
];

/// Lists the themes or shows one.
pub(super) fn themes(action: &ThemesAction, session: &Session) -> Result<Answer> {
    let themes = session.themes();
    match action {
        ThemesAction::List => Ok(list(&themes)),
        ThemesAction::Preview { name } => {
            let found = themes.iter().find(|theme| theme.name == *name);
            let found = found.ok_or_else(|| Error::Usage(theme::unknown(name, &themes)))?;
            Ok(preview(found, session))
        }
    }
}

fn list(themes: &[Theme]) -> Answer {
    let mut text = String::new();
    for theme in themes {
        let wrong = match theme.remarks.len() {
            0 => String::new(),
            count => format!("   {count} warnings; `hedgerow themes preview {}` tells them", theme.name),
        };
        text.extend([format!("{:<15} {}{wrong}\n", theme.name, theme.origin)]);
    }
    let data =
        themes.iter().map(|theme| json!({ "name": theme.name, "origin": theme.origin, "warnings": remarks(theme) }));
    Answer { command: "themes", text, data: Some(data.collect()), ..Answer::default() }
}

fn preview(theme: &Theme, session: &Session) -> Answer {
    let palette = theme.palette.at(session.depth);
    let mut text = format!("{}, {}\n\n", theme.name, theme.origin);
    for (at, (role, sample)) in ROLES.iter().zip(SAMPLES).enumerate() {
        let painted = if session.look.color {
            format!("{}{sample}\u{1b}[0m", palette.paint(at).escape())
        } else {
            sample.to_owned()
        };
        text.extend([format!("  {role:<14} {painted}\n")]);
    }
    for remark in &theme.remarks {
        text.extend([format!("\nwarning {}:{}:{} {}", theme.origin, remark.line, remark.column, remark.message)]);
    }
    if !theme.remarks.is_empty() {
        text.push('\n');
    }
    let data = json!({ "name": theme.name, "origin": theme.origin, "warnings": remarks(theme) });
    Answer { command: "themes", text, data: Some(vec![data]), ..Answer::default() }
}

fn remarks(theme: &Theme) -> Vec<Value> {
    let one = |remark: &crate::config::Remark| json!({ "line": remark.line, "column": remark.column, "message": remark.message });
    theme.remarks.iter().map(one).collect()
}
