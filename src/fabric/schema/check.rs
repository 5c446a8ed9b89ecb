//! Check: one resource against its kind's fields.

mod metadata;

use std::collections::BTreeMap;

use crate::config::nearest::nearest;
use crate::config::release::Release;
use crate::fabric::finding::{Finding, Severity};
use crate::fabric::schema::duration::is_duration;
use crate::fabric::schema::{Field, Schema, Shape};
use crate::text::clean_line;
use crate::yaml::{Entry, Node, Value};

/// How strictly fields are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Strictness {
    /// How bad a field is that the kind does not have.
    pub unknown: Severity,
    /// The fabric's release; newer fields are errors there.
    pub release: Option<Release>,
}

const TOP: &[&str] = &["apiVersion", "kind", "metadata", "spec", "status"];
const DECODE: &str = "HH-LD4";
/// What to do about what a newer release may have.
const LOAD: &str = "name the CustomResourceDefinitions of that release under `schemas:`, and they are checked too";

/// Everything about one resource's fields that the API would not take.
pub fn check(file: &str, root: &Node, schema: &Schema, strictness: Strictness) -> Vec<Finding> {
    let mut check = Check { file, schema, strictness, at: Vec::new(), keys: Vec::new(), findings: Vec::new() };
    check.top(root);
    check.findings
}

struct Check<'a> {
    file: &'a str,
    schema: &'a Schema,
    strictness: Strictness,
    /// The path as it is shown: `spec`, `.subnets`, `.default`, `[0]`.
    at: Vec<String>,
    /// The path as schemas have it: `subnets`, `*`, `[]`.
    keys: Vec<String>,
    findings: Vec<Finding>,
}

impl Check<'_> {
    fn top(&mut self, root: &Node) {
        for entry in root.as_mapping().unwrap_or_default() {
            match entry.key.as_str().unwrap_or_default() {
                "spec" => self.spec(&entry.value),
                "metadata" => self.metadata(&entry.value),
                key if TOP.contains(&key) => {}
                key => {
                    let near = nearest(key, TOP.iter().copied()).map(str::to_owned);
                    let place = near.or_else(|| self.schema.only_place(key));
                    self.unknown(entry, place.as_deref());
                }
            }
        }
    }

    fn spec(&mut self, spec: &Node) {
        let schema = self.schema;
        self.at.push("spec".to_owned());
        self.value(spec, &schema.spec);
        self.at.pop();
    }

    fn value(&mut self, node: &Node, field: &Field) {
        if node.is_null() {
            return;
        }
        match (&field.shape, &node.value) {
            (Shape::Any, _)
            | (Shape::Boolean, Value::Bool(_))
            | (Shape::Number, Value::Integer(_) | Value::Float(_)) => {}
            (Shape::Boolean, _) => self.wrong(node, "true or false, without quotes"),
            (Shape::Number, _) => self.wrong(node, "a number, without quotes"),
            (Shape::Integer { least, most }, value) => self.integer(node, value, (*least, *most), field.code),
            (Shape::Duration, Value::String(text)) => {
                if !is_duration(text) {
                    self.wrong(node, "a duration such as `2m0s`");
                }
            }
            (Shape::Text { choices, pattern }, Value::String(text)) => {
                self.text(node, text, choices, pattern.as_ref(), field.code);
            }
            (Shape::Text { .. } | Shape::Duration, Value::Sequence(_) | Value::Mapping(_)) => {
                self.wrong(node, "a string");
            }
            (Shape::Text { .. } | Shape::Duration, _) => self.wrong(node, "a string; put it in quotes"),
            (Shape::Object(fields), Value::Mapping(entries)) => self.object(node, fields, entries),
            (Shape::Map(field), Value::Mapping(entries)) => self.map(entries, field),
            (Shape::Object(_) | Shape::Map(_), _) => self.wrong(node, "a map"),
            (Shape::List { item, least, most }, Value::Sequence(items)) => {
                self.list(node, items, item, (*least, *most), field.code);
            }
            (Shape::List { .. }, _) => self.wrong(node, "a list"),
        }
    }

    fn integer(&mut self, node: &Node, value: &Value, (least, most): (i128, i128), code: &'static str) {
        let Some(number) = node.as_integer() else {
            let is_quoted = matches!(value, Value::String(_));
            return self.wrong(node, if is_quoted { "a whole number, without quotes" } else { "a whole number" });
        };
        if !(least..=most).contains(&number) {
            let code = if code == super::LIMIT { DECODE } else { code };
            let message = format!("{} is {number}, not within {least}..{most}", self.path());
            self.error(node, code, &message, &format!("write a number from {least} to {most}"));
        }
    }

    fn text(
        &mut self,
        node: &Node,
        text: &str,
        choices: &[String],
        pattern: Option<&regex_lite::Regex>,
        code: &'static str,
    ) {
        let is_choice = choices.is_empty() || choices.iter().any(|choice| choice == text);
        if text.is_empty() || (is_choice && pattern.is_none_or(|pattern| pattern.is_match(text))) {
            return;
        }
        let message = format!("{} cannot be `{text}`", self.path());
        let remedy = if is_choice {
            "write an IPv4 address, with its prefix length where one belongs to it".to_owned()
        } else {
            let near = nearest(text, choices.iter().map(String::as_str));
            let meant = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
            format!("write one of {}{meant}", choices.join(", "))
        };
        match self.beyond().filter(|_| !is_choice) {
            None => self.error(node, code, &message, &remedy),
            Some(known) => {
                let message = format!("{message}: {known}");
                let finding = Finding::file(Severity::Warning, code, self.file, clean_line(&message), LOAD);
                self.findings.push(finding.about(node.span, self.path()));
            }
        }
    }

    fn object(&mut self, node: &Node, fields: &BTreeMap<String, Field>, entries: &[Entry]) {
        for entry in entries {
            let key = entry.key.key_text();
            match fields.get(&key) {
                Some(field) => {
                    self.at.push(format!(".{key}"));
                    self.keys.push(key);
                    self.newer(entry, field);
                    self.value(&entry.value, field);
                    self.keys.pop();
                    self.at.pop();
                }
                None if self.schema.open => {}
                None => {
                    let near = nearest(&key, fields.keys().map(String::as_str)).map(str::to_owned);
                    let place = near.or_else(|| self.schema.only_place(&key));
                    self.unknown(entry, place.as_deref());
                }
            }
        }
        for (key, field) in fields.iter().filter(|(_, field)| field.required) {
            let value = node.get(key).filter(|value| !value.is_null() && value.as_str() != Some(""));
            if value.is_none() {
                let message = format!("{}.{key} is missing", self.path());
                self.error(node, field.code, &message, &format!("write `{key}`"));
            }
        }
    }

    fn map(&mut self, entries: &[Entry], field: &Field) {
        for entry in entries {
            self.at.push(format!(".{}", entry.key.key_text()));
            self.keys.push("*".to_owned());
            self.newer(entry, field);
            match &field.shape {
                Shape::Object(_) if entry.value.is_null() => self.nothing(entry, field.takes_nothing),
                _ => self.value(&entry.value, field),
            }
            self.keys.pop();
            self.at.pop();
        }
    }

    /// A null where a map of its own belongs: the API server drops the key before anybody sees it.
    fn nothing(&mut self, entry: &Entry, is_taken: bool) {
        let path = self.path();
        let message = format!("{path} is nothing: the API server drops the key");
        let remedy = "write what it holds, or `{}` if that is nothing";
        let severity = if is_taken { Severity::Warning } else { Severity::Error };
        self.findings.push(Finding::file(severity, DECODE, self.file, message, remedy).about(entry.key.span, path));
    }

    fn list(&mut self, node: &Node, items: &[Node], field: &Field, (least, most): (usize, usize), code: &'static str) {
        if !(least..=most).contains(&items.len()) {
            let most = if most == usize::MAX { "or more".to_owned() } else { format!("to {most}") };
            let message = format!("{} has {} items; {least} {most} are allowed", self.path(), items.len());
            self.error(node, code, &message, "add or remove items");
        }
        for (index, item) in items.iter().enumerate() {
            self.at.push(format!("[{index}]"));
            self.keys.push("[]".to_owned());
            if item.is_null() {
                self.wrong(item, "a value: null is allowed for fields, not for items of a list");
            }
            self.value(item, field);
            self.keys.pop();
            self.at.pop();
        }
    }

    fn newer(&mut self, entry: &Entry, field: &Field) {
        if let (Some(release), Some(since)) = (self.strictness.release, field.since)
            && since > release
        {
            let message = format!("{} exists since {since}; this fabric runs {release}", self.path());
            self.error(&entry.key, DECODE, &message, "leave it out, or correct `release:` in the configuration");
        }
    }

    fn unknown(&mut self, entry: &Entry, place: Option<&str>) {
        let key = clean_line(&entry.key.key_text());
        self.at.push(format!(".{key}"));
        let path = self.path();
        let removed = self.schema.removed.iter().find(|removed| {
            let (last, above) = removed.path.split_last().map_or(("", [].as_slice()), |(last, above)| (last, above));
            self.at.first().is_some_and(|first| first == "spec") && last == key && above == self.keys
        });
        let beyond = self.beyond().filter(|_| removed.is_none());
        let severity = if beyond.is_some() { Severity::Warning } else { self.strictness.unknown };
        let (message, remedy) = match (removed, beyond, place) {
            (Some(removed), _, _) => (format!("`{path}` was removed after {}", removed.after), removed.instead.clone()),
            (None, Some(known), place) => {
                let meant = place.map(|place| format!("did you mean `{place}`? ")).unwrap_or_default();
                (format!("unknown field `{path}`: {known}"), format!("{meant}{LOAD}"))
            }
            (None, None, Some(place)) => (format!("unknown field `{path}`"), format!("did you mean `{place}`?")),
            (None, None, None) => (
                format!("unknown field `{path}`"),
                "leave it out; what is unknown is dropped when it is applied, or refused".to_owned(),
            ),
        };
        let finding = Finding::file(severity, DECODE, self.file, message, remedy);
        self.findings.push(finding.about(entry.key.span, path));
        self.at.pop();
    }

    /// What is known, in words, where the fabric runs a release newer than that and this is its own part.
    fn beyond(&self) -> Option<String> {
        let (newest, release) = (self.schema.newest?, self.strictness.release?);
        let is_spec = self.at.first().is_some_and(|first| first == "spec");
        let words = || format!("this hedgerow knows fields up to {newest}, the fabric runs {release}");
        (is_spec && release.is_beyond(newest)).then(words)
    }

    fn wrong(&mut self, node: &Node, wanted: &str) {
        let message = format!("{} is {}", self.path(), node.type_name());
        self.error(node, DECODE, &message, &format!("write {wanted}"));
    }

    fn error(&mut self, node: &Node, code: &'static str, message: &str, remedy: &str) {
        let path = self.path();
        let finding = Finding::file(Severity::Error, code, self.file, clean_line(message), clean_line(remedy));
        self.findings.push(finding.about(node.span, path));
    }

    fn path(&self) -> String {
        let path = self.at.concat();
        clean_line(path.strip_prefix('.').unwrap_or(&path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fabric::schema::Schemas;
    use crate::yaml;

    fn findings(kind: &str, spec: &str, release: Option<&str>) -> Vec<(u32, &'static str, Severity, String, String)> {
        let group = if kind.starts_with("VPC") { "vpc" } else { "wiring" };
        let text = format!("kind: {kind}\nmetadata: {{name: x}}\nspec:\n{spec}");
        let root = yaml::read_one(&text).unwrap();
        let schemas = Schemas::built_in();
        let schema = schemas.get(&format!("{group}.githedgehog.com"), kind).unwrap();
        let unknown = if release.is_some() { Severity::Error } else { Severity::Warning };
        let strictness = Strictness { unknown, release: release.map(|release| Release::read(release).unwrap()) };
        check("x.yaml", &root, schema, strictness)
            .into_iter()
            .map(|found| (found.line.unwrap(), found.code, found.severity, found.message, found.remedy))
            .collect()
    }

    #[test]
    fn unknown_fields_are_told_with_the_nearest_name_or_what_became_of_them() {
        let found = findings("VPCAttachment", "  vpc: a\n  conection: b\n", None);
        assert_eq!((found[0].0, found[0].2), (4, Severity::Warning));
        assert!(found[0].3.contains("removed after v0.20") && found[0].4.contains("<vpc>/<subnet>"));
        assert!(found[1].4.contains("`connection`"));
        let found = findings("Connection", "  staticExternal: {link: {switch: {port: a/b}}, vlan: 3}\n", None);
        assert!(found[0].4.contains("spec.staticExternal.link.switch.vlan"), "{found:?}");
    }

    #[test]
    fn types_and_ranges_are_those_of_the_api() {
        let found =
            findings("VPC", "  subnets:\n    a: {vlan: 70000, subnet: 10, hostBGP: \"yes\", gateway: null}\n", None);
        let codes: Vec<&str> = found.iter().map(|found| found.1).collect();
        assert_eq!(codes, ["HH-LD4", "HH-LD4", "HH-LD4"]);
        assert!(found[0].3.contains("70000") && found[0].3.contains("spec.subnets.a.vlan"));
        assert!(findings("VPC", "  subnets:\n    a: {vlan: 1001, hostBGP: yes, dhcp: null}\n", None).is_empty());
        assert!(findings("VPC", "  permit:\n  - [a, b]\n", None).is_empty());
        assert_eq!(findings("VPC", "  permit:\n  - [a, null]\n", None).len(), 1);
    }

    #[test]
    fn required_fields_choices_and_releases() {
        let found = findings("Switch", "  role: leaf\n  portFECs: {E1/1: rs}\n", Some("v0.126"));
        assert_eq!(found.iter().map(|found| (found.0, found.1)).collect::<Vec<_>>(), [(4, "HH-SW1"), (5, "HH-LD4")]);
        assert_eq!(findings("Switch", "  profile: vs\n", None)[0].1, "HH-SW1");
        let prefix = "  subnets: {a: {hostBGP: true, hostBGPMinPrefixLen: 30}}\n";
        assert!(
            findings("VPC", prefix, Some("v0.128.1")).is_empty() && findings("VPC", prefix, Some("26.03")).is_empty()
        );
        assert!(findings("VPC", prefix, Some("v0.126.9"))[0].3.contains("exists since v0.127.0"));
    }

    #[test]
    fn what_a_release_newer_than_is_known_may_have_is_a_warning_that_says_so() {
        let spec = "  role: hyper-leaf\n  portFECz: {E1/1: rs}\n  nextThing: 1\n  lldp: {}\n  asn: 1.5\n";
        let found = findings("Switch", spec, Some("v0.131.0"));
        let severities: Vec<Severity> = found.iter().map(|found| found.2).collect();
        assert_eq!(
            severities,
            [Severity::Warning, Severity::Warning, Severity::Warning, Severity::Error, Severity::Error]
        );
        for warning in &found[..3] {
            assert!(warning.3.contains("fields up to v0.129.1, the fabric runs v0.131.0"), "{warning:?}");
            assert!(warning.4.contains("schemas:"), "{warning:?}");
        }
        assert!(found[1].4.contains("did you mean `portFECs`?"), "{found:?}");
        let pinned = |release| findings("Switch", "  role: spine\n  nextThing: 1\n", Some(release))[0].2;
        assert_eq!([pinned("v0.129"), pinned("26.03")], [Severity::Error; 2]);
        assert_eq!(pinned("v0.129.4"), Severity::Warning);
    }
}
