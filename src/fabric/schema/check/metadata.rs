//! Metadata: what the API server takes as the metadata of any object, besides its name and namespace.

use super::{Check, DECODE};
use crate::config::nearest::nearest;
use crate::fabric::resource::is_name;
use crate::yaml::{Entry, Node, Value};

/// What `metadata` may hold.
const METADATA: &[&str] = &[
    "annotations",
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "finalizers",
    "generateName",
    "generation",
    "labels",
    "managedFields",
    "name",
    "namespace",
    "ownerReferences",
    "resourceVersion",
    "selfLink",
    "uid",
];
/// What an owner is named by; all of it has to be there.
const OWNER: [&str; 4] = ["apiVersion", "kind", "name", "uid"];
const LABELS: &str = "HH-M5";
const ANNOTATIONS: &str = "HH-M6";
const OTHERS: &str = "HH-M7";
/// The longest value of a label, and the longest last part of a key, in bytes.
const LONGEST: usize = 63;
/// How many bytes the keys and values of all annotations may have together.
const ANNOTATION_BYTES: usize = 256 << 10;
const KEY_REMEDY: &str = "use letters, digits, `-`, `_` and `.`, begun and ended by a letter or digit, 63 at most; \
                          a DNS name and `/` may stand before it";
const VALUE_REMEDY: &str = "use letters, digits, `-`, `_` and `.`, begun and ended by a letter or digit, 63 at most";

impl Check<'_> {
    pub(super) fn metadata(&mut self, metadata: &Node) {
        self.at.push("metadata".to_owned());
        for entry in metadata.as_mapping().unwrap_or_default() {
            let key = entry.key.as_str().unwrap_or_default();
            if METADATA.contains(&key) {
                self.at.push(format!(".{key}"));
                self.known(key, &entry.value);
                self.at.pop();
            } else {
                self.unknown(entry, nearest(key, METADATA.iter().copied()));
            }
        }
        self.at.pop();
    }

    fn known(&mut self, key: &str, value: &Node) {
        if value.is_null() {
            return;
        }
        match key {
            "labels" => self.labels(value),
            "annotations" => self.annotations(value),
            "finalizers" => self.finalizers(value),
            "ownerReferences" => self.owners(value),
            "managedFields" if value.as_sequence().is_none() => self.wrong(value, "a list, or leave it out"),
            "creationTimestamp" | "deletionTimestamp" => self.time(value),
            "generation" | "deletionGracePeriodSeconds" => self.whole(key, value),
            "generateName" => self.generated(value),
            "namespace" | "uid" | "resourceVersion" | "selfLink" if value.as_str().is_none() => {
                self.wrong(value, "a string; put it in quotes");
            }
            // The name is checked where it is read.
            _ => {}
        }
    }

    /// The pairs of a map of strings; what is none is told.
    fn texts<'n>(&mut self, map: &'n Node) -> Vec<(&'n Entry, String, &'n str)> {
        let Some(entries) = map.as_mapping() else {
            self.wrong(map, "a map of strings");
            return Vec::new();
        };
        let mut texts = Vec::new();
        for entry in entries {
            let key = entry.key.key_text();
            match &entry.value.value {
                Value::String(text) => texts.push((entry, key, text.as_str())),
                // A null is an empty text here, as Go reads it.
                Value::Null => texts.push((entry, key, "")),
                _ => {
                    self.at.push(format!(".{key}"));
                    self.wrong(&entry.value, "a string; put it in quotes");
                    self.at.pop();
                }
            }
        }
        texts
    }

    fn labels(&mut self, map: &Node) {
        for (entry, key, value) in self.texts(map) {
            self.at.push(format!(".{key}"));
            if !is_qualified(&key) {
                self.error(&entry.key, LABELS, &format!("`{key}` cannot be the key of a label"), KEY_REMEDY);
            }
            if !value.is_empty() && !is_word(value) {
                let message = format!("label {key} cannot be `{value}`");
                self.error(&entry.value, LABELS, &message, VALUE_REMEDY);
            }
            self.at.pop();
        }
    }

    fn annotations(&mut self, map: &Node) {
        let texts = self.texts(map);
        for (entry, key, _) in &texts {
            if !is_qualified(&key.to_lowercase()) {
                self.at.push(format!(".{key}"));
                let message = format!("`{key}` cannot be the key of an annotation");
                self.error(&entry.key, ANNOTATIONS, &message, KEY_REMEDY);
                self.at.pop();
            }
        }
        let bytes: usize = texts.iter().map(|(_, key, value)| key.len() + value.len()).sum();
        if bytes > ANNOTATION_BYTES {
            let message = format!("the annotations have {bytes} bytes together; {ANNOTATION_BYTES} are allowed");
            self.error(map, ANNOTATIONS, &message, "shorten or remove the longest");
        }
    }

    fn finalizers(&mut self, list: &Node) {
        let Some(items) = list.as_sequence() else { return self.wrong(list, "a list of names") };
        for item in items {
            match item.as_str() {
                Some(name) if is_qualified(name) => {}
                Some(name) => {
                    let message = format!("`{name}` cannot be the name of a finalizer");
                    self.error(item, OTHERS, &message, KEY_REMEDY);
                }
                None => self.wrong(item, "the name of a finalizer"),
            }
        }
        let has = |name: &str| items.iter().any(|item| item.as_str() == Some(name));
        if has("orphan") && has("foregroundDeletion") {
            let message = "the finalizers orphan and foregroundDeletion exclude each other";
            self.error(list, OTHERS, message, "keep one of them, or leave finalizers out");
        }
    }

    fn owners(&mut self, list: &Node) {
        let Some(owners) = list.as_sequence() else { return self.wrong(list, "a list of owners, or leave it out") };
        let mut controllers = 0;
        for owner in owners {
            if owner.as_mapping().is_none() {
                self.wrong(owner, "an owner, or leave ownerReferences out");
                continue;
            }
            for key in OWNER {
                self.owner(owner, key);
            }
            let is_controller = owner.get("controller").and_then(Node::as_bool) == Some(true);
            controllers += usize::from(is_controller);
            if is_controller && controllers == 2 {
                let message = "only one owner can be the controller";
                self.error(owner, OTHERS, message, "leave `controller: true` to one owner");
            }
        }
    }

    fn owner(&mut self, owner: &Node, key: &str) {
        let value = owner.get(key).filter(|value| !value.is_null());
        let text = value.map_or(Some(""), Node::as_str);
        let place = value.unwrap_or(owner);
        let is_version = |text: &str| text.split('/').count() < 3 && !text.ends_with('/');
        match text {
            None => self.wrong(place, "a string; put it in quotes"),
            Some("") => {
                let message = format!("the {key} of an owner is missing");
                self.error(place, OTHERS, &message, "name it whole, or leave ownerReferences out");
            }
            Some(text) if key == "apiVersion" && !is_version(text) => {
                self.error(place, OTHERS, &format!("`{text}` is no apiVersion"), "write it like apps/v1");
            }
            Some(_) => {}
        }
    }

    fn time(&mut self, value: &Node) {
        if !value.as_str().is_some_and(is_time) {
            let shown = value.as_str().map_or_else(|| value.type_name().to_owned(), |text| format!("`{text}`"));
            let message = format!("{} is {shown}, not a time", self.path());
            self.error(value, DECODE, &message, "write it like 2026-01-02T03:04:05Z, or leave it out");
        }
    }

    fn whole(&mut self, key: &str, value: &Node) {
        match value.as_integer() {
            Some(number) if i64::try_from(number).is_err() => self.wrong(value, "a smaller number"),
            Some(number) if key == "generation" && number < 0 => {
                self.error(value, OTHERS, &format!("the generation is {number}, below 0"), "leave it out");
            }
            Some(_) => {}
            None => self.wrong(value, "a whole number, or leave it out"),
        }
    }

    fn generated(&mut self, value: &Node) {
        let Some(prefix) = value.as_str() else { return self.wrong(value, "a string; put it in quotes") };
        if !prefix.is_empty() && !is_name(&format!("{}a", prefix.strip_suffix('-').unwrap_or(prefix))) {
            let message = format!("generateName `{prefix}` cannot begin a name");
            self.error(value, OTHERS, &message, "leave it out: the resource has a name");
        }
    }
}

/// A name with a DNS name and `/` before it, or without: the key of a label, and the name of a finalizer.
fn is_qualified(text: &str) -> bool {
    match text.split_once('/') {
        Some((prefix, name)) => is_name(prefix) && is_word(name),
        None => is_word(text),
    }
}

/// Letters, digits, `-`, `_`, `.`; a letter or digit at both ends.
fn is_word(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return false };
    bytes.len() <= LONGEST
        && first.is_ascii_alphanumeric()
        && last.is_ascii_alphanumeric()
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
}

/// A time of RFC 3339 as Go reads it: `2026-01-02T03:04:05Z`, with a fraction or an offset.
fn is_time(text: &str) -> bool {
    let is_written_so =
        text.len() >= 20 && text.is_ascii() && text.as_bytes()[10] == b'T' && !text.contains(['[', ' ']);
    let zone = text.get(19..).unwrap_or_default().trim_start_matches(|c: char| c.is_ascii_digit() || ".,".contains(c));
    let is_zone = zone == "Z" || (zone.len() == 6 && zone.as_bytes()[3] == b':' && zone.starts_with(['+', '-']));
    is_written_so && is_zone && text.parse::<jiff::Timestamp>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fabric::finding::Severity;
    use crate::fabric::schema::{Schemas, Strictness, check};
    use crate::yaml;

    /// Line and code of every error about this metadata, which stands from line 3 on.
    fn errors(metadata: &str) -> Vec<(u32, &'static str)> {
        let text = format!("kind: Server\nmetadata:\n{metadata}");
        let schemas = Schemas::built_in();
        let schema = schemas.get("wiring.githedgehog.com", "Server").unwrap();
        let strictness = Strictness { unknown: Severity::Warning, release: None };
        let found = check("x.yaml", &yaml::read_one(&text).unwrap(), schema, strictness);
        let errors = found.iter().filter(|found| found.is_error());
        errors.map(|found| (found.line.unwrap(), found.code)).collect()
    }

    #[test]
    fn labels_have_the_form_that_kubernetes_takes() {
        let bad = "  labels:\n    site: Bldg 4/2\n    room no: x\n    -a: b\n    a/b/c: d\n    /a: b\n    Up.io/a: b\n    b: _b\n    c: 5\n";
        let mut places: Vec<u32> = errors(bad).iter().map(|(line, _)| *line).collect();
        places.sort_unstable();
        assert_eq!(places, (4..=11).collect::<Vec<_>>());
        assert_eq!(errors(bad)[0], (11, "HH-LD4"));
        let long = "x".repeat(64);
        assert_eq!(errors(&format!("  labels: {{ {long}: a, b: {long}, c/{long}: d }}\n")), [(3, "HH-M5"); 3]);
        let good = format!("  labels: {{ a: '', b: , example.com/A_b.c: 1a-B, c: {}, '1': '2' }}\n", &long[1..]);
        assert_eq!(errors(&good), []);
        assert_eq!(errors("  labels: [a]\n"), [(3, "HH-LD4")]);
        assert_eq!(errors("  labels:\n  annotations: ~\n"), []);
    }

    #[test]
    fn annotations_have_keys_of_that_form_and_a_size() {
        let bad = "  annotations:\n    owner name: team\n    a/b/c: d\n    ok: any thing / at all\n    UP.io/a: b\n";
        assert_eq!(errors(bad), [(4, "HH-M6"), (5, "HH-M6")]);
        let text = |bytes: usize| format!("  annotations:\n    a: {}\n", "x".repeat(bytes));
        assert_eq!(errors(&text(ANNOTATION_BYTES - 1)), []);
        assert_eq!(errors(&text(ANNOTATION_BYTES)), [(4, "HH-M6")]);
    }

    #[test]
    fn finalizers_owners_and_prefixes_are_checked() {
        assert_eq!(errors("  finalizers: [foregroundDeletion, example.com/x]\n"), []);
        let found = errors("  finalizers:\n  - a b\n  - ''\n  - 5\n  - ~\n");
        assert_eq!(found, [(4, "HH-M7"), (5, "HH-M7"), (6, "HH-LD4"), (7, "HH-LD4")]);
        assert_eq!(errors("  finalizers: [orphan, foregroundDeletion]\n"), [(3, "HH-M7")]);
        assert_eq!(errors("  finalizers: foregroundDeletion\n"), [(3, "HH-LD4")]);
        let owner = "apiVersion: apps/v1, kind: X, name: x, uid: u";
        assert_eq!(errors(&format!("  ownerReferences: [{{ {owner} }}]\n")), []);
        let twice = format!("  ownerReferences: [{{ {owner}, controller: true }}, {{ {owner}, controller: true }}]\n");
        assert_eq!(errors(&twice), [(3, "HH-M7")]);
        assert_eq!(errors("  ownerReferences: [{ apiVersion: a/b/c, kind: '', name: x }]\n"), [(3, "HH-M7"); 3]);
        assert_eq!(errors("  name: x\n  generateName: server-\n"), []);
        assert_eq!(errors("  name: x\n  generateName: Server_\n"), [(4, "HH-M7")]);
    }

    #[test]
    fn numbers_times_and_ids_have_their_type() {
        for good in ["uid: 0-1", "creationTimestamp: ~", "creationTimestamp: 2026-01-02T03:04:05Z", "generation: 2.0"] {
            assert_eq!(errors(&format!("  {good}\n")), [], "{good}");
        }
        for bad in ["uid: 7", "resourceVersion: 123", "selfLink: [a]", "generation: '1'", "generation: 1e30"] {
            assert_eq!(errors(&format!("  {bad}\n")), [(3, "HH-LD4")], "{bad}");
        }
        assert_eq!(errors("  generation: -1\n"), [(3, "HH-M7")]);
        for bad in [
            "yesterday",
            "''",
            "2026-01-02",
            "2026-13-02T03:04:05Z",
            "2026-01-02 03:04:05Z",
            "5",
            "2026-01-02T03:04:05",
        ] {
            assert_eq!(errors(&format!("  deletionTimestamp: {bad}\n")), [(3, "HH-LD4")], "{bad}");
        }
        for good in ["2026-01-02T03:04:05.25Z", "2026-01-02T03:04:05+02:00"] {
            assert_eq!(errors(&format!("  creationTimestamp: {good}\n")), [], "{good}");
        }
    }
}
