//! Schema: what the spec of a kind may hold, and one resource checked against it.

mod check;
mod compact;
mod crd;
mod duration;
mod removed;

use std::collections::BTreeMap;

use crate::config::release::Release;

pub use check::{Strictness, check};
pub use crd::CrdFault;
pub(crate) use duration::is_duration;

/// The schemas of all kinds that are known.
#[derive(Debug, Clone, Default)]
pub struct Schemas {
    kinds: BTreeMap<(String, String), Schema>,
}

/// What the spec of one kind may hold.
#[derive(Debug, Clone)]
pub struct Schema {
    /// The API version, `group/version`.
    pub api_version: String,
    /// The spec.
    spec: Field,
    /// Whether fields that are not listed are let through.
    open: bool,
    /// Fields that are gone.
    removed: Vec<Removed>,
    /// The newest release whose fields it knows; none if it is the fabric's own.
    newest: Option<Release>,
}

/// A field that is gone from a kind that still exists.
#[derive(Debug, Clone)]
struct Removed {
    path: Vec<String>,
    after: String,
    instead: String,
}

/// One field.
#[derive(Debug, Clone)]
struct Field {
    shape: Shape,
    required: bool,
    /// Whether the installer takes a null for an empty map here.
    takes_nothing: bool,
    since: Option<Release>,
    code: &'static str,
}

/// What a value may be.
#[derive(Debug, Clone)]
enum Shape {
    Any,
    Boolean,
    Integer { least: i128, most: i128 },
    Number,
    Duration,
    Text { choices: Vec<String>, pattern: Option<regex_lite::Regex> },
    Object(BTreeMap<String, Field>),
    Map(Box<Field>),
    List { item: Box<Field>, least: usize, most: usize },
}

impl Field {
    fn new(shape: Shape) -> Self {
        Self { shape, required: false, takes_nothing: false, since: None, code: LIMIT }
    }
}

/// Whether a release is newer than what comes with the program.
pub fn is_newer(release: Release) -> bool {
    Release::read(compact::NEWEST).is_ok_and(|newest| release.is_beyond(newest))
}

/// The code of a value outside the limits of its field where no rule of its own says so.
const LIMIT: &str = "HH-LD12";

impl Schemas {
    /// The schemas that come with the program.
    pub fn built_in() -> Self {
        let kinds = compact::built_in().into_iter().map(|(kind, schema)| ((schema.group().to_owned(), kind), schema));
        Self { kinds: kinds.collect() }
    }

    /// These schemas, replaced by those of CustomResourceDefinition files: `(name, text)` each.
    ///
    /// # Errors
    /// The first text that is no CustomResourceDefinition, with its place.
    pub fn with_definitions<'a>(
        mut self,
        files: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, CrdFault> {
        for (name, text) in files {
            for (kind, mut schema) in crd::read(name, text)? {
                let key = (schema.group().to_owned(), kind);
                if let Some(known) = self.kinds.get(&key) {
                    schema.removed.clone_from(&known.removed);
                    schema.spec.adopt(&known.spec);
                }
                self.kinds.insert(key, schema);
            }
        }
        Ok(self)
    }

    /// The schema of a kind.
    pub fn get(&self, group: &str, kind: &str) -> Option<&Schema> {
        self.kinds.get(&(group.to_owned(), kind.to_owned()))
    }
}

impl Schema {
    /// The API group.
    pub fn group(&self) -> &str {
        self.api_version.split_once('/').map_or("", |(group, _)| group)
    }

    /// Where a field of this name stands in the spec, if there is exactly one such place.
    fn only_place(&self, name: &str) -> Option<String> {
        let mut places = Vec::new();
        self.spec.places("spec", name, &mut places);
        if places.len() == 1 { places.pop() } else { None }
    }
}

impl Field {
    fn places(&self, path: &str, name: &str, found: &mut Vec<String>) {
        match &self.shape {
            Shape::Object(fields) => {
                for (key, field) in fields {
                    let path = format!("{path}.{key}");
                    if key == name {
                        found.push(path.clone());
                    }
                    field.places(&path, name, found);
                }
            }
            Shape::Map(field) => field.places(&format!("{path}.<name>"), name, found),
            Shape::List { item, .. } => item.places(&format!("{path}[]"), name, found),
            _ => {}
        }
    }

    /// Takes over which rule a limit belongs to, and what a webhook fills in.
    fn adopt(&mut self, known: &Field) {
        self.code = known.code;
        self.takes_nothing = known.takes_nothing;
        self.required = self.required && known.required;
        match (&mut self.shape, &known.shape) {
            (Shape::Object(fields), Shape::Object(known)) => {
                for (key, field) in fields {
                    if let Some(known) = known.get(key) {
                        field.adopt(known);
                    }
                }
            }
            (Shape::Map(field), Shape::Map(known)) => field.adopt(known),
            (Shape::List { item, .. }, Shape::List { item: known, .. }) => item.adopt(known),
            _ => {}
        }
    }
}
