//! Check: the second reader beside the first, step by step.

use crate::yaml::go_yaml::{Base, GoYaml};
use crate::yaml::split::BLANK;
use crate::yaml::step::Step;
use crate::yaml::{Entry, Fault, Node, Value};

/// What the second reader is, and what it said so far.
pub(super) struct Check<'a> {
    other: Other<'a>,
}

enum Other<'a> {
    /// A document that is JSON: Kubernetes reads it as that.
    Json(serde_json::Value),
    /// go-yaml, the same as the first reader so far.
    Yaml(Box<GoYaml<'a>>),
    /// It refused the text.
    Refused(Fault),
    /// It said something else.
    Different,
}

/// What came of the comparison.
pub(super) enum Verdict {
    /// Both read the same.
    Same,
    /// Only the first reads it.
    Refused(Fault),
    /// They read different things.
    Different,
}

impl<'a> Check<'a> {
    /// Reads a text that begins at `base` in its file.
    pub(super) fn of(source: &'a str, base: Base) -> Self {
        let bare = source.trim_matches(BLANK);
        let bare = bare.strip_prefix("---").map_or(bare, |rest| rest.trim_start_matches(BLANK));
        let json = bare.starts_with('{').then(|| serde_json::from_str(bare).ok()).flatten();
        let other = json.map_or_else(|| Other::Yaml(Box::new(GoYaml::new(source, base))), Other::Json);
        Self { other }
    }

    /// Compares the next step of the first reader.
    pub(super) fn compare(&mut self, step: &Step<'_>) {
        let Other::Yaml(go_yaml) = &mut self.other else { return };
        if matches!(step, Step::Reach(_)) {
            return;
        }
        match go_yaml.next_step() {
            Ok(Some(said)) if step.agrees_with(&said) => {}
            Ok(_) => self.other = Other::Different,
            Err(fault) => self.other = Other::Refused(fault),
        }
    }

    /// Whether the second reader said something else.
    pub(super) fn is_different(&self) -> bool {
        matches!(self.other, Other::Different)
    }

    /// What came of it, when the first reader is at the end.
    pub(super) fn verdict(self, root: Option<&Node>) -> Verdict {
        match self.other {
            Other::Json(json) => match root {
                Some(root) if !is_json(root, &json) => Verdict::Different,
                _ => Verdict::Same,
            },
            Other::Yaml(mut go_yaml) => match go_yaml.next_step() {
                Ok(None) => Verdict::Same,
                Ok(Some(_)) => Verdict::Different,
                Err(fault) => Verdict::Refused(fault),
            },
            Other::Refused(fault) => Verdict::Refused(fault),
            Other::Different => Verdict::Different,
        }
    }
}

/// Whether a value is what JSON says; of keys given twice only the first counts.
fn is_json(node: &Node, json: &serde_json::Value) -> bool {
    match (&node.value, json) {
        (Value::Null, serde_json::Value::Null) => true,
        (Value::Bool(a), serde_json::Value::Bool(b)) => a == b,
        #[expect(clippy::cast_precision_loss, reason = "JSON has one number type")]
        (Value::Integer(a), serde_json::Value::Number(b)) => b.as_f64().is_some_and(|b| is_close(**a as f64, b)),
        (Value::Float(a), serde_json::Value::Number(b)) => b.as_f64().is_some_and(|b| is_close(*a, b)),
        (Value::String(a), serde_json::Value::String(b)) => a == b,
        (Value::Sequence(a), serde_json::Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_json(a, b))
        }
        (Value::Mapping(a), serde_json::Value::Object(b)) => a.len() == b.len() && a.iter().all(|e| has(b, e)),
        _ => false,
    }
}

fn has(map: &serde_json::Map<String, serde_json::Value>, entry: &Entry) -> bool {
    entry.key.as_str().and_then(|key| map.get(key)).is_some_and(|value| is_json(&entry.value, value))
}

/// Whether two floats are the same, as far as a quick reader of JSON gets them.
fn is_close(a: f64, b: f64) -> bool {
    (a - b).abs() <= a.abs() * 1e-15
}
