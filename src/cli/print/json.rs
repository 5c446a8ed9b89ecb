//! The JSON envelope: one object a command, one entry of `data` a fabric.

use serde_json::{Map, Value, json};

use crate::cli::contract::{Fault, Remedy};
use crate::cli::exit::{NO, of_entry};
use crate::command::keymap;
use crate::ops::{Entry, Failure};
use crate::text::clean;

/// What the envelope says.
#[derive(Debug, Clone, Default)]
pub struct Envelope {
    /// The command, such as `status`.
    pub command: &'static str,
    /// When, RFC 3339.
    pub generated_at: String,
    /// The exit code.
    pub exit_code: u8,
    /// Sentences to warn with.
    pub warnings: Vec<String>,
    /// One entry a fabric.
    pub data: Vec<Value>,
    /// What failed for the whole call.
    pub error: Option<Failure>,
}

/// The envelope as text, with one line end; every string in it is cleaned.
pub fn envelope(envelope: &Envelope) -> String {
    let mut value = json!({
        "schema": format!("hedgerow.{}/v1", envelope.command),
        "generated_at": envelope.generated_at,
        "ok": envelope.exit_code <= NO,
        "warnings": envelope.warnings,
        "data": envelope.data,
        "error": envelope.error.as_ref().map(failure),
    });
    clean_all(&mut value);
    format!("{value:#}\n")
}

/// One fabric's entry: `fabric`, `ok`, `error`, then the fields of its report.
pub fn entry(command: &str, entry: &Entry) -> Value {
    let mut fields = Map::new();
    let fabric = (!entry.fabric.is_empty()).then_some(&entry.fabric);
    fields.insert("fabric".to_owned(), json!(fabric));
    fields.insert("ok".to_owned(), json!(of_entry(command, entry) <= NO));
    match &entry.result {
        Err(error) => {
            fields.insert("error".to_owned(), failure(error));
        }
        Ok(report) => {
            fields.insert("error".to_owned(), entry.failure().map_or(Value::Null, failure));
            if let Ok(Value::Object(report)) = serde_json::to_value(report) {
                fields.extend(report);
            }
        }
    }
    Value::Object(fields)
}

/// A failure: code, sentence, state, remedies as text, key and command, and the full text.
pub fn failure(failure: &Failure) -> Value {
    let fault = Fault {
        code: failure.code.clone(),
        message: failure.message.clone(),
        effect: failure.effect.clone(),
        state: Some(failure.state()),
        remedy: failure.remedy.iter().map(|line| remedy(line)).collect(),
        detail: failure.detail.clone(),
    };
    json!(fault)
}

fn remedy(line: &str) -> Remedy {
    let command = line.split('`').nth(1).filter(|text| text.starts_with("hedgerow "));
    let key = keymap::named_in(line).map(str::to_owned);
    Remedy { text: line.to_owned(), key, command: command.map(str::to_owned) }
}

fn clean_all(value: &mut Value) {
    match value {
        Value::String(text) => *text = clean(text),
        Value::Array(items) => items.iter_mut().for_each(clean_all),
        Value::Object(fields) => {
            let old = std::mem::take(fields);
            for (key, mut value) in old {
                clean_all(&mut value);
                fields.insert(clean(&key), value);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Envelope, entry, envelope};
    use crate::cli::sample;
    use crate::fabric::plan::Outcome;
    use crate::ops::report::WriteResult;

    #[test]
    fn the_envelope_has_its_six_fields_in_order() {
        let text = envelope(&Envelope {
            command: "status",
            generated_at: "2026-11-21T09:15:04Z".to_owned(),
            exit_code: 1,
            data: vec![entry("status", &sample::status("dc1"))],
            ..Envelope::default()
        });
        let value: Value = serde_json::from_str(&text).unwrap();
        let keys: Vec<&String> = value.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["schema", "generated_at", "ok", "warnings", "data", "error"]);
        assert_eq!(value["schema"], "hedgerow.status/v1");
        assert_eq!(value["ok"], true);
        assert_eq!(value["error"], Value::Null);
        let fabric = &value["data"][0];
        assert_eq!(fabric["fabric"], "dc1");
        assert_eq!(fabric["directory"]["state"], "initialized");
        assert_eq!(fabric["git"]["state"], "ahead");
        assert_eq!(fabric["next"], json!({ "action": "push", "key": "P" }));
        assert_eq!(fabric["held"], Value::Null);
        assert!(text.ends_with("}\n"));
    }

    #[test]
    fn tokens_are_snake_case_and_a_no_is_still_ok() {
        let one = sample::written("dc1", WriteResult::NoChange, Outcome::LeftOut);
        let value = entry("ingest", &one);
        assert_eq!(value["result"], "no_change");
        assert_eq!(value["documents"][0]["outcome"], "left_out");
        assert_eq!(value["plan"]["id"], sample::PLAN);
        assert_eq!(value["commit"], Value::Null);
        assert_eq!(value["ok"], true);
        assert!(value.get("frame").is_none() && value.get("whole").is_none());
    }

    #[test]
    fn a_failure_tells_code_state_and_remedy() {
        let value = entry("push", &sample::failed("dc1"));
        assert_eq!(value["ok"], false);
        assert_eq!(value["error"]["code"], "E-REPO-BEHIND");
        assert_eq!(value["error"]["state"], "nothing was changed");
        assert_eq!(value["error"]["remedy"][0]["key"], "p");
        assert_eq!(value["error"]["remedy"][0]["command"], "hedgerow pull");
    }
}
