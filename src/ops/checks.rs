//! Checks: how one fabric's resources are checked, read from its settings.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::config::CheckSettings;
use crate::config::release::Release;
use crate::error::{Error, Result};
use crate::fabric::check::Check;
use crate::fabric::document::MAX_FILE;
use crate::fabric::rules::facts::Facts;
use crate::fabric::rules::profiles::Profiles;
use crate::fabric::schema::is_newer;
use crate::text::clean_line;
use crate::yaml::{self, Node};

/// Reads what a fabric's settings name: schemas, profiles and the installer's file.
pub(crate) fn of(settings: &CheckSettings) -> Result<Check> {
    let mut check = Check::built_in();
    check.release = settings.release.as_deref().and_then(|release| Release::read(release).ok());
    check.rules.closed = settings.closed_world;
    check.rules.newer = check.release.is_some_and(is_newer);
    if let Some(place) = &settings.schemas {
        let files = files(place)?;
        let texts = files.iter().map(|(name, text)| (name.as_str(), text.as_str()));
        let schemas = check.schemas.as_ref().clone().with_definitions(texts);
        check.schemas = Arc::new(schemas.map_err(|fault| Error::Usage(fault.to_string()))?);
    }
    if let Some(place) = &settings.switch_profiles {
        let documents = documents(place)?;
        check.rules.profiles = Profiles::of(documents.iter().filter(|root| is_kind(root, "SwitchProfile")));
    }
    if let Some(place) = &settings.fab {
        let documents = documents(place)?;
        let found = documents.iter().find(|root| is_kind(root, "Fabricator"));
        let found = found.ok_or_else(|| Error::Usage(format!("{} holds no Fabricator", shown(place))))?;
        check.rules.facts = Facts::of_fabricator(found);
    }
    Ok(check)
}

/// The bytes of every file that the settings name, as one hash.
pub(crate) fn fingerprint(settings: &CheckSettings) -> Result<String> {
    let places = [&settings.schemas, &settings.switch_profiles, &settings.fab];
    let mut text = String::new();
    for place in places.into_iter().flatten() {
        for (name, found) in files(place)? {
            text.extend([name, "\n".to_owned(), found]);
        }
    }
    Ok(crate::fabric::plan::digest(text.as_bytes()))
}

fn is_kind(root: &Node, kind: &str) -> bool {
    root.get("kind").and_then(Node::as_str) == Some(kind)
}

fn shown(path: &Path) -> String {
    clean_line(&path.display().to_string())
}

/// The YAML files of a folder, in order, or one file, each with its text.
fn files(place: &Path) -> Result<Vec<(String, String)>> {
    let mut paths: Vec<PathBuf> = Vec::new();
    let kind = std::fs::metadata(place).map_err(Error::fs("cannot read", place))?;
    if kind.is_dir() {
        for entry in std::fs::read_dir(place).map_err(Error::fs("cannot read", place))? {
            let path = entry.map_err(Error::fs("cannot read", place))?.path();
            let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_owned();
            if matches!(ending.as_str(), "yaml" | "yml" | "json")
                && std::fs::metadata(&path).map_err(Error::fs("cannot read", &path))?.is_file()
            {
                paths.push(path);
            }
        }
        paths.sort();
    } else {
        paths.push(place.to_owned());
    }
    paths.into_iter().map(|path| text(&path)).collect()
}

fn text(path: &Path) -> Result<(String, String)> {
    let metadata = std::fs::metadata(path).map_err(Error::fs("cannot read", path))?;
    if !metadata.is_file() {
        return Err(Error::Usage(format!("{} is no file and no folder", shown(path))));
    }
    let size = metadata.len();
    if size > MAX_FILE {
        return Err(Error::Usage(format!("{} has {size} bytes, more than the limit of 32 MiB", shown(path))));
    }
    let bytes = std::fs::read(path).map_err(Error::fs("cannot read", path))?;
    let text = String::from_utf8(bytes).map_err(|_| Error::Usage(format!("{} is not UTF-8", shown(path))))?;
    Ok((path.display().to_string(), text))
}

fn documents(place: &Path) -> Result<Vec<Node>> {
    let mut roots = Vec::new();
    for (name, text) in files(place)? {
        for parsed in yaml::read(&text) {
            let fault = |fault: yaml::Fault| {
                Error::Usage(format!("{}:{}: {}", clean_line(&name), fault.line, clean_line(&fault.message)))
            };
            roots.extend(parsed.root.map_err(fault)?);
        }
    }
    Ok(roots)
}
