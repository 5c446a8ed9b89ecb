//! Annotate: findings for the machines of others: GitHub workflows and SARIF readers.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::fabric::finding::book;
use crate::fabric::finding::{Finding, Severity};
use crate::ops::Outcome;
use crate::ops::report::Report;
use crate::text::clean_line;

/// Every finding with its file as the repository names it.
fn findings(outcome: &Outcome) -> Vec<(String, &Finding)> {
    outcome
        .entries
        .iter()
        .filter_map(|entry| match &entry.result {
            Ok(Report::Validate(report)) => Some(report),
            _ => None,
        })
        .flat_map(|report| {
            let place = |finding: &Finding| crate::fabric::draft::join(&report.directory, &finding.file);
            report.findings.iter().map(move |finding| (place(finding), finding))
        })
        .collect()
}

/// Workflow commands, a line each, which GitHub shows at the lines of a pull request.
pub fn github(outcome: &Outcome) -> String {
    let line = |(file, finding): (String, &Finding)| {
        let level = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let mut place = format!("file={}", property(&file));
        if let Some(line) = finding.line {
            place.extend([format!(",line={line}")]);
        }
        if let Some(column) = finding.column {
            place.extend([format!(",col={column}")]);
        }
        let text = format!("{}; {}", clean_line(&finding.message), clean_line(&finding.remedy));
        format!("::{level} {place},title={}::{}\n", property(finding.code), data(&text))
    };
    findings(outcome).into_iter().map(line).collect()
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(&clean_line(text)).replace(':', "%3A").replace(',', "%2C")
}

/// One run in SARIF 2.1.0, with the rules that were broken.
pub fn sarif(outcome: &Outcome) -> String {
    let found = findings(outcome);
    let mut rules: BTreeMap<&str, Value> = BTreeMap::new();
    for (_, finding) in &found {
        rules.entry(finding.code).or_insert_with(|| rule(finding.code));
    }
    let results: Vec<Value> = found.iter().map(|(file, finding)| result(file, finding)).collect();
    let driver = json!({
        "name": "hedgerow",
        "version": env!("CARGO_PKG_VERSION"),
        "rules": rules.into_values().collect::<Vec<_>>(),
    });
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{ "tool": { "driver": driver }, "columnKind": "unicodeCodePoints", "results": results }],
    });
    format!("{log:#}\n")
}

fn rule(code: &str) -> Value {
    let text = book::find(code).map(|rule| (rule.rule, rule.why)).unwrap_or_default();
    json!({ "id": code, "shortDescription": { "text": text.0 }, "help": { "text": text.1 } })
}

fn result(file: &str, finding: &Finding) -> Value {
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let related: Vec<Value> = finding
        .related
        .iter()
        .map(|related| {
            let mut place = location(&related.file, Some(related.line), None);
            place["message"] = json!({ "text": clean_line(&related.message) });
            place
        })
        .collect();
    json!({
        "ruleId": finding.code,
        "level": level,
        "message": { "text": format!("{}; {}", clean_line(&finding.message), clean_line(&finding.remedy)) },
        "locations": [location(file, finding.line, finding.column)],
        "relatedLocations": related,
    })
}

fn location(file: &str, line: Option<u32>, column: Option<u32>) -> Value {
    let mut region = serde_json::Map::new();
    region.insert("startLine".to_owned(), json!(line.unwrap_or(1)));
    if let Some(column) = column {
        region.insert("startColumn".to_owned(), json!(column));
    }
    json!({ "physicalLocation": { "artifactLocation": { "uri": uri(file) }, "region": region } })
}

/// A path as a relative URI: what is no plain character is percent-encoded.
fn uri(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte);
    path.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::{github, sarif, uri};
    use crate::cli::sample;
    use crate::ops::Outcome;

    fn outcome() -> Outcome {
        Outcome { entries: vec![sample::validated("dc1")], warnings: Vec::new() }
    }

    #[test]
    fn a_workflow_shows_each_finding_at_its_line() {
        assert_eq!(github(&outcome()), "::error file=raw/x.yaml,line=3,col=7,title=HH-Y1::not YAML; correct it\n");
    }

    #[test]
    fn sarif_names_rule_level_and_place() {
        let log: serde_json::Value = serde_json::from_str(&sarif(&outcome())).unwrap();
        let run = &log["runs"][0];
        assert_eq!(log["version"], "2.1.0");
        assert_eq!(run["results"][0]["ruleId"], run["tool"]["driver"]["rules"][0]["id"]);
        let place = &run["results"][0]["locations"][0]["physicalLocation"];
        assert_eq!(
            (&place["region"]["startLine"], &place["artifactLocation"]["uri"]),
            (&3.into(), &"raw/x.yaml".into())
        );
        assert_eq!(uri("a b/ü.yaml"), "a%20b/%C3%BC.yaml");
    }
}
