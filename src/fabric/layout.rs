//! The three areas: recognise, complete, where a resource belongs.

use std::collections::{BTreeMap, BTreeSet};

use crate::fabric::kind::{self, Kind};
use crate::fabric::resource::Identity;
use crate::fabric::snapshot::{Content, Snapshot};
use crate::fabric::unseen;

/// The first line of the READMEs that `init` writes; a README without it is the user's.
pub const OURS: &str = "<!-- hedgerow layout 1 -->";

/// Where `init` keeps what the layout is.
pub const METADATA: &str = "managed/metadata/directory-info.json";

/// Where files go that somebody moved out of `managed/`.
pub const OVERRIDES: &str = "unmanaged/manual-overrides";

/// What a path below a GitOps directory is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Waiting in `raw/`, `raw/pending/` or a folder below them.
    Raw,
    /// Below `raw/errors/`.
    Errors,
    /// Below `raw/processed/`.
    Processed,
    /// Below `managed/`.
    Managed,
    /// Below `unmanaged/`.
    Unmanaged,
    /// In the directory itself, or in a kind directory directly below it.
    Loose,
    /// The layout's own files: READMEs, `.gitkeep`, `.sourceignore`, metadata.
    Layout,
    /// Anything else; never touched.
    Other,
}

/// Tells what a path, relative to the GitOps directory, is for.
pub fn place(path: &str) -> Place {
    let name = file_name(path);
    let area = path.split('/').next().unwrap_or_default();
    let in_area = matches!(area, "raw" | "managed" | "unmanaged") && path.contains('/');
    if in_area && (matches!(name, ".gitkeep" | ".sourceignore") || path == METADATA) {
        return Place::Layout;
    }
    if in_area && name == "README.md" && path.matches('/').count() == 1 {
        return Place::Layout;
    }
    if path.starts_with("raw/processed/") {
        return Place::Processed;
    }
    if path.starts_with("raw/errors/") {
        return Place::Errors;
    }
    match (in_area, area) {
        (true, "raw") => Place::Raw,
        (true, "managed") => Place::Managed,
        (true, _) => Place::Unmanaged,
        (false, _) => loose_or_other(path),
    }
}

fn loose_or_other(path: &str) -> Place {
    let mut parts = path.split('/');
    let (first, second, third) = (parts.next(), parts.next(), parts.next());
    let loose = match (first, second, third) {
        (Some(_), None, None) => true,
        (Some(folder), Some(_), None) => kind::of_directory(folder).is_some(),
        _ => false,
    };
    if loose && is_yaml(path) { Place::Loose } else { Place::Other }
}

/// Whether a path lies below `raw/`, whatever it is there.
pub fn is_raw(path: &str) -> bool {
    path.starts_with("raw/")
}

/// The last component of a path.
pub fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Whether a path ends in `.yaml`, `.yml` or `.json`.
pub fn is_yaml(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    [".yaml", ".yml", ".json"].iter().any(|ending| lower.ends_with(ending))
}

/// Whether a file name is a dotfile or an editor's leftover.
pub fn is_leftover(path: &str) -> bool {
    let name = file_name(path);
    let lower = name.to_ascii_lowercase();
    path.split('/').any(|part| part.starts_with('.'))
        || name.starts_with('#')
        || name.ends_with('~')
        || [".swp", ".swo", ".bak", ".orig", ".rej", ".tmp"].iter().any(|ending| lower.ends_with(ending))
}

/// Whether a file changes what Argo CD or Flux applies of the directory it lies in.
pub fn changes_what_is_applied(path: &str) -> bool {
    let name = file_name(path);
    matches!(name, "kustomization.yaml" | "kustomization.yml" | "Kustomization" | "Chart.yaml")
        || (name.starts_with(".argocd-source") && is_yaml(name))
        || name.to_ascii_lowercase().ends_with(".jsonnet")
}

/// Whether planning needs the bytes of a path.
pub fn is_read(path: &str) -> bool {
    match place(path) {
        Place::Raw | Place::Loose | Place::Managed | Place::Errors => is_yaml(path) || path.ends_with(".findings.txt"),
        Place::Unmanaged => {
            path.starts_with("unmanaged/external-configs/") || path.starts_with("unmanaged/manual-overrides/")
        }
        Place::Layout => file_name(path) == "README.md" || path == METADATA,
        Place::Processed | Place::Other => false,
    }
}

/// How complete a directory's layout is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// None of the three areas.
    None,
    /// All of the standard layout, or the plugin's.
    Complete,
    /// Some of it; these paths are missing.
    Partial(Vec<String>),
}

/// Recognises how complete a directory is.
pub fn shape(snapshot: &Snapshot) -> Shape {
    let folders = folders(snapshot);
    let areas: Vec<&str> = ["raw", "unmanaged", "managed"].into_iter().filter(|area| folders.contains(*area)).collect();
    if areas.is_empty() {
        return Shape::None;
    }
    let is_standard = exists(snapshot, METADATA) || exists(snapshot, "raw/.sourceignore");
    let has_kind = folders
        .iter()
        .filter_map(|folder| folder.strip_prefix("managed/"))
        .any(|folder| kind::of_directory(folder).is_some());
    if !is_standard && areas.len() == 3 && has_kind {
        return Shape::Complete;
    }
    let missing: Vec<String> = missing(snapshot).into_iter().filter(|path| !is_optional(path)).collect();
    if missing.is_empty() { Shape::Complete } else { Shape::Partial(missing) }
}

fn is_optional(path: &str) -> bool {
    path.ends_with("README.md") || path == METADATA
}

fn exists(snapshot: &Snapshot, path: &str) -> bool {
    snapshot.files.get(path).is_some_and(|file| !matches!(file.content, Content::Deleted))
}

/// Every folder that holds a file or was not looked into, however deep, relative to the directory.
pub fn folders(snapshot: &Snapshot) -> BTreeSet<&str> {
    let mut folders = BTreeSet::new();
    // What was not looked into is there all the same.
    folders.extend(snapshot.unseen.keys().map(String::as_str));
    let there = snapshot.files.iter().filter(|(_, file)| !matches!(file.content, Content::Deleted));
    for path in there.map(|(path, _)| path).chain(snapshot.unseen.keys()) {
        let mut rest = path.as_str();
        while let Some((folder, _)) = rest.rsplit_once('/') {
            if !folders.insert(folder) {
                break;
            }
            rest = folder;
        }
    }
    folders
}

/// The layout's files that are missing, relative to the directory: what `init` writes.
pub fn missing(snapshot: &Snapshot) -> Vec<String> {
    let folders = folders(snapshot);
    let mut wanted: Vec<String> =
        ["raw/README.md", "raw/.sourceignore", "unmanaged/README.md", "unmanaged/.sourceignore"]
            .into_iter()
            .chain(["managed/README.md", METADATA])
            .map(str::to_owned)
            .collect();
    wanted.retain(|path| !exists(snapshot, path));
    let areas = ["raw/pending", "raw/processed", "raw/errors"]
        .into_iter()
        .chain(["unmanaged/external-configs", "unmanaged/manual-overrides"]);
    for folder in areas.filter(|folder| !folders.contains(folder)) {
        wanted.push(format!("{folder}/.gitkeep"));
    }
    for kind in kind::authorable() {
        let spellings = [format!("managed/{}", kind.directory), format!("managed/{}", kind.plural)];
        if !spellings.iter().any(|folder| folders.contains(folder.as_str())) {
            wanted.push(format!("{}/.gitkeep", spellings[0]));
        }
    }
    wanted.retain(|path| !unseen::hides(snapshot, path));
    wanted.sort();
    wanted
}

/// The kind directories in use: the spelling found in `managed/`, else the standard one.
#[derive(Debug, Clone)]
pub struct Directories {
    in_use: BTreeMap<(String, String), String>,
}

impl Directories {
    /// Reads which spellings a directory uses.
    pub fn of(snapshot: &Snapshot) -> Self {
        let folders = folders(snapshot);
        let in_use = kind::kinds()
            .iter()
            .map(|kind| {
                let standard = folders.contains(format!("managed/{}", kind.directory).as_str());
                let plugin = folders.contains(format!("managed/{}", kind.plural).as_str());
                let folder = if plugin && !standard { kind.plural } else { kind.directory };
                ((kind.group.to_owned(), kind.name.to_owned()), folder.to_owned())
            })
            .collect();
        Self { in_use }
    }

    /// The path of a resource's managed file, relative to the GitOps directory.
    pub fn path(&self, kind: &Kind, identity: &Identity) -> String {
        let key = (kind.group.to_owned(), kind.name.to_owned());
        let folder = self.in_use.get(&key).map_or(kind.directory, String::as_str);
        if identity.namespace == "default" {
            format!("managed/{folder}/{}.yaml", identity.name)
        } else {
            format!("managed/{folder}/{}_{}.yaml", identity.namespace, identity.name)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_one_place() {
        for (path, wanted) in [
            ("raw/x.yaml", Place::Raw),
            ("raw/pending/team/x.yaml", Place::Raw),
            ("raw/processed/x.yaml", Place::Processed),
            ("raw/errors/x.yaml", Place::Errors),
            ("raw/.gitkeep", Place::Layout),
            ("raw/README.md", Place::Layout),
            ("managed/vpcs/x.yaml", Place::Managed),
            (METADATA, Place::Layout),
            ("unmanaged/external-configs/x.yaml", Place::Unmanaged),
            ("x.yaml", Place::Loose),
            ("vpcs/x.yaml", Place::Loose),
            ("vpcattachments/x.yml", Place::Loose),
            ("scripts/x.yaml", Place::Other),
            (".hnp/manifest.yaml", Place::Other),
            ("raw", Place::Other),
        ] {
            assert_eq!(place(path), wanted, "{path}");
        }
    }

    #[test]
    fn leftovers_are_told() {
        for path in ["raw/.x.yaml", "raw/x.yaml~", "raw/.x.yaml.swp", "raw/#x.yaml#", "raw/.git/x.yaml"] {
            assert!(is_leftover(path), "{path}");
        }
        assert!(!is_leftover("raw/x.yaml"));
    }
}
