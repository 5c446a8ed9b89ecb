//! Reading the configuration: every value with its place; a wrong one stops only what it concerns.

use std::collections::BTreeMap;
use std::path::Path;

use crate::config::address;
use crate::config::directory;
use crate::config::nearest::nearest;
use crate::config::release::Release;
use crate::config::section::{Section, remark};
use crate::config::{CheckSettings, Config, FabricSettings, Home, Processed, Remark, RepositorySettings};
use crate::error::{Error, Result};
use crate::text::{caret, clean_line};
use crate::yaml::{self, Node, Value};

const TOP: &[&str] = &["repositories", "fabrics", "profiles", "ui", "keys"];
const REPOSITORY: &[&str] = &["path", "url", "branch", "remote", "auth", "forge"];
const PROFILE: &[&str] = &["protected", "read_only"];
const COMMIT: &[&str] = &["subject", "signoff"];
const FABRIC: &[&str] = &[
    "repository",
    "directory",
    "profile",
    "processed",
    "commit",
    "release",
    "schemas",
    "consumer",
    "switch_profiles",
    "fab",
    "closed_world",
];
const PLACEHOLDERS: &[&str] = &["action", "fabric", "summary"];

/// What later parts of the file need of earlier ones.
struct Reader<'a> {
    folder: &'a Path,
    home: Option<&'a Path>,
    config: Config,
    profiles: BTreeMap<String, Profile>,
    broken: BTreeMap<String, Remark>,
}

/// One profile; a fault makes every fabric of it unusable.
struct Profile {
    protected: bool,
    read_only: bool,
    fault: Option<Remark>,
}

/// Reads the text of the configuration file at `path`.
pub(super) fn config(path: &Path, text: &str, home: Option<&Path>) -> Result<Config> {
    let root = yaml::read_one(text).map_err(|fault| Error::ConfigSyntax {
        path: path.to_owned(),
        line: fault.line as usize,
        column: fault.column as usize,
        message: clean_line(&fault.message),
        detail: caret::below(text, fault.line, fault.column),
    })?;
    if !is_map(&root) {
        return Err(no_map(path, &root, "the configuration"));
    }
    if let Some(fabrics) = root.get("fabrics").filter(|node| !is_map(node)) {
        return Err(no_map(path, fabrics, "fabrics"));
    }
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut reader = Reader {
        folder: absolute.parent().unwrap_or(Path::new("/")),
        home,
        config: Config { path: Some(path.to_owned()), ..Config::default() },
        profiles: BTreeMap::new(),
        broken: BTreeMap::new(),
    };
    reader.read(&root);
    let mut config = reader.config;
    if let Some(section) = root.get("keys") {
        let (keys, remarks) = crate::config::keys::read(section, text);
        config.keys = keys;
        config.remarks.extend(remarks);
    }
    config.remarks.sort_by_key(|remark| (remark.line, remark.column));
    config.remarks.dedup();
    Ok(config)
}

/// Whether a value is a map; nothing at all is an empty one.
fn is_map(node: &Node) -> bool {
    node.as_mapping().is_some() || matches!(node.value, Value::Null)
}

fn no_map(path: &Path, node: &Node, what: &str) -> Error {
    Error::ConfigValue {
        path: path.to_owned(),
        line: node.span.line as usize,
        column: node.span.column as usize,
        message: format!("{what} must be a map, not {}", node.type_name()),
    }
}

impl Reader<'_> {
    fn read(&mut self, root: &Node) {
        let mut top = Section::new("configuration", root, TOP);
        let profiles = top.map("profiles");
        let repositories = top.map("repositories");
        let fabrics = top.map("fabrics");
        for key in ["ui", "keys"] {
            if let Some(value) = top.value(key)
                && value.as_mapping().is_none()
            {
                top.warn(value.span, &format!("{key} must be a map; it is ignored"));
            }
        }
        self.config.remarks.extend(top.remarks());
        if let Some(ui) = root.get("ui").filter(|ui| ui.as_mapping().is_some()) {
            self.config.remarks.extend(crate::config::ui::read(ui, &mut self.config.ui));
        }
        each(profiles, |key, value| self.profile(key, value));
        each(repositories, |key, value| self.repository(key, value));
        each(fabrics, |key, value| self.fabric(key, value));
    }

    fn profile(&mut self, key: &Node, value: &Node) {
        let name = name_of(key);
        let mut section = Section::new(format!("profile {name}"), value, PROFILE);
        let protected = section.flag("protected");
        let read_only = section.flag("read_only");
        let fault = self.keep(section);
        let profile = Profile {
            protected: protected.unwrap_or(fault.is_some()),
            read_only: read_only.unwrap_or(fault.is_some()),
            fault,
        };
        self.profiles.insert(name, profile);
    }

    fn repository(&mut self, key: &Node, value: &Node) {
        let name = name_of(key);
        let mut section = Section::new(format!("repository {name}"), value, REPOSITORY);
        check_name(&mut section, key);
        let home = self.home_of(&mut section, key);
        let branch = section.checked("branch", |text| ref_name("branch", text));
        let remote = section.checked("remote", |text| ref_name("remote", text));
        if let Some(fault) = self.keep(section) {
            self.broken.insert(name, fault);
            return;
        }
        self.config.repositories.extend(home.map(|home| RepositorySettings {
            name,
            home,
            branch: branch.unwrap_or_else(|| "main".to_owned()),
            remote: remote.unwrap_or_else(|| "origin".to_owned()),
        }));
    }

    fn home_of(&self, section: &mut Section, key: &Node) -> Option<Home> {
        match (section.value("path"), section.value("url")) {
            (Some(_), Some(url)) => {
                section.fault(url.span, "has path and url; keep one of them");
                None
            }
            (None, None) => {
                section.fault(key.span, "has neither path nor url");
                None
            }
            (Some(_), None) => {
                section.checked("path", |text| address::path(text, self.folder, self.home)).map(Home::Path)
            }
            (None, Some(node)) => {
                let url = section.checked("url", |text| address::url(text, self.home))?;
                if address::has_password(&url) {
                    section.warn(node.span, "url holds a password; leave it to Git's credential helper");
                }
                Some(Home::Url(url))
            }
        }
    }

    fn fabric(&mut self, key: &Node, value: &Node) {
        let name = name_of(key);
        let mut section = Section::new(format!("fabric {name}"), value, FABRIC);
        check_name(&mut section, key);
        let mut fabric = settings(&mut section, key, name);
        fabric.checks = self.checks(&mut section);
        let commit = section.map("commit");
        let fault = self.keep(section);
        let commit_fault = commit.and_then(|node| self.commit(node, &mut fabric));
        fabric.fault = fault
            .or(commit_fault)
            .or_else(|| self.repository_fault(&fabric, key, value))
            .or_else(|| self.apply_profile(&mut fabric, value))
            .or_else(|| self.overlap(&mut fabric, key, value));
        if fabric.fault.is_some() {
            fabric.read_only = true;
        }
        self.config.fabrics.push(fabric);
    }

    fn checks(&self, section: &mut Section) -> CheckSettings {
        let mut place = |key: &str| section.checked(key, |text| address::path(text, self.folder, self.home));
        let (schemas, switch_profiles, fab) = (place("schemas"), place("switch_profiles"), place("fab"));
        CheckSettings {
            release: release(section),
            schemas,
            switch_profiles,
            fab,
            closed_world: section.flag("closed_world").unwrap_or(false),
        }
    }

    fn commit(&mut self, node: &Node, fabric: &mut FabricSettings) -> Option<Remark> {
        let what = format!("fabric {}, commit", fabric.name);
        let mut section = Section::new(what, node, COMMIT);
        fabric.subject = section.checked("subject", subject);
        fabric.signoff = section.flag("signoff").unwrap_or(false);
        self.keep(section)
    }

    fn repository_fault(&mut self, fabric: &FabricSettings, key: &Node, value: &Node) -> Option<Remark> {
        let name = &fabric.repository;
        if self.config.repository(name).is_some() {
            return None;
        }
        if let Some(fault) = self.broken.get(name) {
            return Some(fault.clone());
        }
        let known = self.config.repositories.iter().map(|r| r.name.as_str());
        let message = unknown("repository", name, known);
        Some(self.stop(value.get("repository").unwrap_or(key), fabric, &message))
    }

    fn apply_profile(&mut self, fabric: &mut FabricSettings, value: &Node) -> Option<Remark> {
        let name = fabric.profile.clone()?;
        if let Some(profile) = self.profiles.get(&name) {
            fabric.protected = profile.protected;
            fabric.read_only = profile.read_only;
            return profile.fault.clone();
        }
        let message = unknown("profile", &name, self.profiles.keys().map(String::as_str));
        let node = value.get("profile").unwrap_or(value);
        Some(self.stop(node, fabric, &message))
    }

    fn overlap(&mut self, fabric: &mut FabricSettings, key: &Node, value: &Node) -> Option<Remark> {
        let other = self.config.fabrics.iter().find(|other| {
            other.fault.is_none()
                && directory::overlap(&other.directory, &fabric.directory)
                && self.same_branch(&other.repository, &fabric.repository)
        })?;
        let error = directory::shared(fabric, other);
        fabric.overlaps = Some(other.name.clone());
        let message = format!("{}: {error}", error.code());
        Some(self.stop(value.get("directory").unwrap_or(key), fabric, &message))
    }

    fn same_branch(&self, left: &str, right: &str) -> bool {
        if left == right {
            return true;
        }
        let pair = (self.config.repository(left), self.config.repository(right));
        let (Some(left), Some(right)) = pair else {
            return false;
        };
        left.branch == right.branch && address::same_home(&left.home, &right.home)
    }

    fn stop(&mut self, node: &Node, fabric: &FabricSettings, message: &str) -> Remark {
        let message = format!("fabric {}: {message}", fabric.name);
        let fault = remark(node.span, true, &message);
        self.config.remarks.push(fault.clone());
        fault
    }

    /// Keeps a section's remarks and returns its first fault.
    fn keep(&mut self, section: Section) -> Option<Remark> {
        let remarks = section.remarks();
        let fault = remarks.iter().find(|remark| remark.stops).cloned();
        self.config.remarks.extend(remarks);
        fault
    }
}

fn each(map: Option<&Node>, mut read: impl FnMut(&Node, &Node)) {
    for entry in map.and_then(Node::as_mapping).unwrap_or_default() {
        read(&entry.key, &entry.value);
    }
}

fn settings(section: &mut Section, key: &Node, name: String) -> FabricSettings {
    for required in ["repository", "directory"] {
        if section.value(required).is_none() {
            let hint = if required == "directory" { "; write . for the repository's root" } else { "" };
            section.fault(key.span, &format!("{required} is missing{hint}"));
        }
    }
    FabricSettings {
        name,
        repository: section.text("repository").unwrap_or_default(),
        directory: section.checked("directory", directory::normalize).unwrap_or_default(),
        profile: section.text("profile"),
        protected: false,
        read_only: false,
        processed: section.checked("processed", processed).unwrap_or_default(),
        subject: None,
        signoff: false,
        checks: CheckSettings::default(),
        overlaps: None,
        fault: None,
    }
}

/// A release: a version of the fabric, or a name of the product's, which without quotes reads as a number.
fn release(section: &mut Section<'_>) -> Option<String> {
    let value = section.value("release")?;
    let text = match &value.value {
        Value::Float(number) => number.to_string(),
        Value::Integer(number) => number.to_string(),
        _ => return section.checked("release", |text| Release::read(text).map(|_| text.to_owned())),
    };
    if Release::of_product(&text).is_none() {
        section.fault(value.span, "release is read as a number; write the fabric version, v0.NN, such as v0.129");
        return None;
    }
    Some(text)
}

fn processed(text: &str) -> std::result::Result<Processed, String> {
    match text {
        "keep" => Ok(Processed::Keep),
        "delete" => Ok(Processed::Delete),
        _ => Err("processed must be keep or delete".to_owned()),
    }
}

fn subject(text: &str) -> std::result::Result<String, String> {
    if text.trim().is_empty() || text.chars().any(char::is_control) {
        return Err("subject must be one line of text".to_owned());
    }
    for part in text.split('{').skip(1) {
        let name = part.split('}').next().unwrap_or_default();
        if !part.contains('}') || !PLACEHOLDERS.contains(&name) {
            return Err("subject knows {action}, {fabric} and {summary} only".to_owned());
        }
    }
    Ok(text.to_owned())
}

fn ref_name(key: &str, text: &str) -> std::result::Result<String, String> {
    if address::is_ref_name(text) {
        return Ok(text.to_owned());
    }
    Err(format!("{key} is not a name Git accepts; write its short name, such as main"))
}

fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let near = nearest(name, known).map(|near| format!("; did you mean {near}?"));
    format!("no {what} is called {name}{}", near.unwrap_or_default())
}

fn check_name(section: &mut Section, key: &Node) {
    match key.as_str() {
        Some(name) if address::is_name(name) => {}
        Some(_) => section.fault(key.span, address::NAME_RULE),
        None => section.fault(key.span, "this name reads as no text; put it in quotes"),
    }
}

fn name_of(key: &Node) -> String {
    match &key.value {
        Value::String(text) => clean_line(text),
        Value::Bool(value) => value.to_string(),
        Value::Integer(value) => value.to_string(),
        Value::Float(value) => value.to_string(),
        _ => "(no name)".to_owned(),
    }
}

#[cfg(test)]
mod tests;
