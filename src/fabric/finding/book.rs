//! Book: what every code means, why, and an example that breaks the rule and one that keeps it.

use crate::config::nearest::nearest;
use crate::fabric::finding::code;
use crate::fabric::finding::text::{TEXT_RULES, TextRule};
use crate::text::clean_line;
use crate::yaml::{self, Node};

const CHAPTERS: [&str; 8] = [
    include_str!("../../../assets/rules/directory.yaml"),
    include_str!("../../../assets/rules/loader.yaml"),
    include_str!("../../../assets/rules/wiring.yaml"),
    include_str!("../../../assets/rules/connections.yaml"),
    include_str!("../../../assets/rules/vpcs.yaml"),
    include_str!("../../../assets/rules/externals.yaml"),
    include_str!("../../../assets/rules/gateways.yaml"),
    include_str!("../../../assets/rules/install.yaml"),
];

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct Rule {
    /// Its code, `HH-…`.
    pub code: &'static str,
    /// What it is about: kinds, files or areas.
    pub about: String,
    /// The rule, one sentence.
    pub rule: String,
    /// Why, one sentence.
    pub why: String,
    /// A text that breaks it; the line in question ends in `<--`.
    pub wrong: Option<String>,
    /// A text that keeps it.
    pub right: Option<String>,
}

/// Every rule, in the order of the book.
pub fn rules() -> Vec<Rule> {
    TEXT_RULES.iter().map(of_text).chain(entries().iter().filter_map(rule)).collect()
}

fn of_text(rule: &TextRule) -> Rule {
    let example = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    Rule {
        code: rule.code,
        about: "every file".to_owned(),
        rule: rule.rule.to_owned(),
        why: rule.why.to_owned(),
        wrong: example(rule.wrong),
        right: example(rule.right),
    }
}

/// The rule of a code, in upper or lower case, with or without `HH-`.
pub fn find(code: &str) -> Option<Rule> {
    let wanted = code.to_uppercase();
    let wanted = wanted.strip_prefix("HH-").unwrap_or(&wanted).to_owned();
    rules().into_iter().find(|rule| rule.code.strip_prefix("HH-") == Some(wanted.as_str()))
}

/// What to say of a code that is none: the nearest one.
pub fn unknown(code: &str) -> String {
    let wanted = code.to_uppercase();
    if wanted.starts_with("E-") {
        return clean_line(&format!(
            "{code} is the error of an operation, which tells what to do itself; this explains findings (HH-...)"
        ));
    }
    let rules = rules();
    let near = nearest(&wanted, rules.iter().map(|rule| rule.code)).map(|near| format!("; did you mean {near}?"));
    clean_line(&format!("there is no code {code}{}; `hedgerow explain` lists all", near.unwrap_or_default()))
}

fn entries() -> Vec<Node> {
    let read = |chapter: &&str| yaml::read_one(chapter).ok();
    let items = |chapter: Node| chapter.as_sequence().map(<[Node]>::to_vec).unwrap_or_default();
    CHAPTERS.iter().filter_map(read).flat_map(items).collect()
}

fn rule(entry: &Node) -> Option<Rule> {
    let text = |key: &str| entry.get(key).and_then(Node::as_str).map(str::to_owned);
    Some(Rule {
        code: code::known(&text("code")?)?,
        about: text("about")?,
        rule: text("rule")?,
        why: text("why")?,
        wrong: text("wrong"),
        right: text("right"),
    })
}

#[cfg(test)]
mod tests;
