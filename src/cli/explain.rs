//! Explain: what a finding's code means, with a wrong and a right example.

use serde_json::json;

use crate::cli::answer::Answer;
use crate::cli::look::{Look, Role};
use crate::cli::session::Session;
use crate::error::{Error, Result};
use crate::fabric::finding::book::{self, Rule};

/// Explains one code, or lists all.
pub(super) fn explain(code: Option<&str>, session: &Session) -> Result<Answer> {
    let rules = match code {
        None => book::rules(),
        Some(code) => vec![book::find(code).ok_or_else(|| Error::Usage(book::unknown(code)))?],
    };
    let text = if code.is_none() { list(&rules) } else { rules.iter().map(|rule| page(rule, session.look)).collect() };
    let data = rules.iter().map(|rule| json!(rule)).collect();
    Ok(Answer { command: "explain", text, data: Some(data), ..Answer::default() })
}

fn list(rules: &[Rule]) -> String {
    let lines = rules.iter().map(|rule| format!("{:<8} {:<24} {}", rule.code, rule.about, rule.rule));
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

fn page(rule: &Rule, look: Look) -> String {
    let mut text = format!("{}  {}\n\n{}\n{}\n", rule.code, rule.about, rule.rule, rule.why);
    for (title, role, example) in [("Wrong", Role::Error, &rule.wrong), ("Right", Role::Ok, &rule.right)] {
        let Some(example) = example else { continue };
        let lines: Vec<String> = example.lines().map(|line| format!("    {line}")).collect();
        text.extend([format!("\n{}:\n\n{}\n", look.paint(role, title), lines.join("\n"))]);
    }
    text
}
