//! Adding to and taking out of the configuration's text, every other byte left as it is.

pub mod file;
mod insert;

mod verify;

use crate::config::nearest::nearest;
use crate::error::{Error, Result};
use crate::text::clean_line;
use crate::yaml::{self, Entry, Node};

/// What `add` writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addition {
    /// The fabric's name.
    pub fabric: String,
    /// Its repository's name.
    pub repository: String,
    /// The repository's own keys and values, where it is new.
    pub new_repository: Option<Vec<(String, String)>>,
    /// The GitOps directory, `.` for the root.
    pub directory: String,
    /// Its profile, if it has one.
    pub profile: Option<String>,
}

/// One entry of a section: a name and its keys and values.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Item<'a> {
    section: &'a str,
    name: &'a str,
    pairs: Vec<(&'a str, &'a str)>,
}

/// The text with a fabric added, and its repository where it is new.
///
/// # Errors
/// [`Error::Usage`] where the name is taken; [`Error::ConfigEdit`] with the lines to add by hand
/// where the text is written in a way that cannot be edited safely.
pub fn add_fabric(text: &str, addition: &Addition) -> Result<String> {
    let mut text = text.to_owned();
    for item in addition.items() {
        text = add(&text, &item).map_err(|why| Error::ConfigEdit { why, by_hand: addition.shown() })?;
    }
    Ok(text)
}

/// The text without a fabric; its repository stays.
///
/// # Errors
/// [`Error::NoSuchFabric`]; [`Error::ConfigEdit`] where the text cannot be edited safely.
pub fn remove_fabric(text: &str, name: &str) -> Result<String> {
    let fail = |why: String| Error::ConfigEdit { why, by_hand: format!("(remove) fabrics: {name}") };
    let root = parse(text).map_err(fail)?;
    let fabrics = root.get("fabrics");
    let entries = fabrics.and_then(Node::as_mapping).unwrap_or_default();
    let position = entries.iter().position(|entry| is_called(entry, name));
    let (Some(fabrics), Some(position)) = (fabrics, position) else {
        let names = entries.iter().filter_map(|entry| entry.key.as_str());
        return Err(Error::NoSuchFabric { name: clean_line(name), nearest: nearest(name, names).map(str::to_owned) });
    };
    let range = insert::extent(text, fabrics, position).map_err(fail)?;
    let mut result = text.to_owned();
    result.replace_range(range, "");
    verify::removed(&root, &result, "fabrics", name).map_err(fail)?;
    Ok(result)
}

impl Addition {
    /// The lines as they are added, for the eye and for adding them by hand.
    pub fn shown(&self) -> String {
        let lines = |item: Item| format!("{}:\n{}", item.section, insert::block(&item, 2, "\n"));
        self.items().into_iter().map(lines).collect()
    }

    fn items(&self) -> Vec<Item<'_>> {
        let repository = self.new_repository.as_ref().map(|pairs| Item {
            section: "repositories",
            name: &self.repository,
            pairs: pairs.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect(),
        });
        let mut pairs = vec![("repository", self.repository.as_str()), ("directory", self.directory.as_str())];
        pairs.extend(self.profile.as_deref().map(|profile| ("profile", profile)));
        let fabric = Item { section: "fabrics", name: &self.fabric, pairs };
        repository.into_iter().chain([fabric]).collect()
    }
}

fn add(text: &str, item: &Item) -> std::result::Result<String, String> {
    let root = parse(text)?;
    let section = root.get(item.section).and_then(Node::as_mapping);
    if section.is_some_and(|entries| entries.iter().any(|entry| is_called(entry, item.name))) {
        return Err(format!("{} has {} already", item.section, item.name));
    }
    let result = insert::insert(text, &root, item)?;
    verify::added(&root, &result, item)?;
    Ok(result)
}

fn parse(text: &str) -> std::result::Result<Node, String> {
    yaml::read_one(text).map_err(|fault| {
        let message = clean_line(&fault.message);
        format!("line {}, column {}: {message}", fault.line, fault.column)
    })
}

fn is_called(entry: &Entry, name: &str) -> bool {
    entry.key.as_str() == Some(name)
}

#[cfg(test)]
mod tests;
