//! Discover: clones on this machine and the GitOps directories in them, read and nothing else.

use std::path::{Path, PathBuf};

use crate::fabric::kind;
use crate::fabric::layout::{self, Place};
use crate::text::{clean_line, redact_url};

/// Folders looked into in one clone, at most.
const MOST: usize = 20_000;
/// Folders below a clone's root, at most.
const DEEPEST: usize = 6;
/// Clones looked for directly below a folder, at most.
const CHILDREN: usize = 500;

/// A clone, with the GitOps directories found in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundClone {
    /// Its folder.
    pub path: PathBuf,
    /// The remote's address without secrets; none if it has no `origin`.
    pub origin: Option<String>,
    /// Its GitOps directories, sorted.
    pub directories: Vec<FoundDirectory>,
}

/// A GitOps directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundDirectory {
    /// Its path in the clone, with `/`; empty for the root.
    pub directory: String,
    /// Whether it has all three areas.
    pub is_ready: bool,
    /// YAML files waiting in `raw/`.
    pub raw: usize,
    /// YAML files that lie loose in it.
    pub loose: usize,
}

/// Looks in these folders, their parents and what lies directly below them.
pub fn discover(folders: &[PathBuf]) -> Vec<FoundClone> {
    let mut paths: Vec<PathBuf> = Vec::new();
    for folder in folders {
        let Ok(folder) = folder.canonicalize() else { continue };
        paths.extend(folder.ancestors().filter(|path| is_clone(path)).map(Path::to_owned));
        paths.extend(children(&folder).into_iter().take(CHILDREN).filter(|path| is_clone(path)));
    }
    paths.sort();
    paths.dedup();
    let found = |path: PathBuf| FoundClone { origin: origin(&path), directories: directories(&path), path };
    paths.into_iter().map(found).collect()
}

fn is_clone(path: &Path) -> bool {
    path.join(".git").exists()
}

/// The folders directly below a folder, sorted; links and dot folders are not followed.
fn children(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let is_folder = |entry: &std::fs::DirEntry| {
        entry.file_type().is_ok_and(|kind| kind.is_dir()) && !entry.file_name().to_string_lossy().starts_with('.')
    };
    let mut found: Vec<PathBuf> = entries.filter(is_folder).map(|entry| entry.path()).collect();
    found.sort();
    found
}

fn origin(clone: &Path) -> Option<String> {
    let text = std::fs::read_to_string(clone.join(".git/config")).ok()?;
    let mut lines = text.lines().map(str::trim).skip_while(|line| *line != "[remote \"origin\"]").skip(1);
    let url = lines.by_ref().take_while(|line| !line.starts_with('[')).find_map(|line| {
        let (key, value) = line.split_once('=')?;
        (key.trim() == "url").then(|| value.trim().to_owned())
    })?;
    Some(clean_line(&redact_url(&url)))
}

fn directories(clone: &Path) -> Vec<FoundDirectory> {
    let mut found = Vec::new();
    let mut waiting = vec![(clone.to_owned(), 0)];
    let mut seen = 0;
    while let Some((folder, depth)) = waiting.pop() {
        seen += 1;
        let Some(directory) = relative(clone, &folder) else { continue };
        if is_gitops(&directory, &folder) {
            found.push(look(directory, &folder));
        } else if depth < DEEPEST && seen < MOST {
            waiting
                .extend(children(&folder).into_iter().filter(|child| !is_clone(child)).map(|child| (child, depth + 1)));
        }
    }
    found.sort_by(|a, b| a.directory.cmp(&b.directory));
    found
}

fn relative(clone: &Path, folder: &Path) -> Option<String> {
    let parts = folder.strip_prefix(clone).ok()?.iter().map(|part| part.to_str()).collect::<Option<Vec<_>>>()?;
    Some(parts.join("/"))
}

/// `gitops/*/*`, the NetBox plugin's manifest, or two of the three areas.
fn is_gitops(directory: &str, folder: &Path) -> bool {
    let parts: Vec<&str> = directory.split('/').collect();
    let by_place = parts.len() == 3 && parts[0] == "gitops";
    by_place || folder.join(".hnp/manifest.yaml").is_file() || areas(folder) >= 2
}

fn areas(folder: &Path) -> usize {
    ["raw", "managed", "unmanaged"].iter().filter(|area| folder.join(area).is_dir()).count()
}

fn look(directory: String, folder: &Path) -> FoundDirectory {
    let is_kind = |child: &&PathBuf| child.file_name().and_then(|name| name.to_str()).is_some_and(is_of_kind);
    let mut loose = yaml_files(folder, "", Place::Loose);
    for child in children(folder).iter().filter(is_kind) {
        loose += yaml_files(child, &below("", child), Place::Loose);
    }
    let mut raw = 0;
    let mut waiting = vec![(folder.join("raw"), "raw/".to_owned())];
    let mut seen = 0;
    while let Some((folder, prefix)) = waiting.pop() {
        seen += 1;
        raw += yaml_files(&folder, &prefix, Place::Raw);
        if seen < MOST {
            waiting.extend(children(&folder).into_iter().map(|child| (child.clone(), below(&prefix, &child))));
        }
    }
    FoundDirectory { directory, is_ready: areas(folder) == 3, raw, loose }
}

fn is_of_kind(name: &str) -> bool {
    kind::of_directory(name).is_some()
}

fn below(prefix: &str, folder: &Path) -> String {
    format!("{prefix}{}/", folder.file_name().unwrap_or_default().to_string_lossy())
}

/// The files of one folder that are taken for `place`, as a status counts them by their names.
fn yaml_files(folder: &Path, prefix: &str, place: Place) -> usize {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let is_taken = |entry: &std::fs::DirEntry| {
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        layout::place(&path) == place
            && layout::is_yaml(&path)
            && !layout::is_leftover(&path)
            && !layout::changes_what_is_applied(&path)
    };
    entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()) && is_taken(entry)).count()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{FoundDirectory, discover};

    fn touch(root: &Path, path: &str) {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "").unwrap();
    }

    #[test]
    fn clones_are_found_from_inside_beside_and_above() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        touch(&root, "net/.git/HEAD");
        fs::write(root.join("net/.git/config"), "[remote \"origin\"]\n\turl = https://me:tok@h/x.git\n[core]\n")
            .unwrap();
        for path in [
            "net/gitops/hedgehog/dc1/raw/a.yaml",
            "net/gitops/hedgehog/dc1/raw/processed/b.yaml",
            "net/gitops/hedgehog/dc1/managed/c.yaml",
            "net/gitops/hedgehog/dc1/unmanaged/d.yaml",
            "net/gitops/hedgehog/edge/loose.yml",
            "net/gitops/hedgehog/edge/vpcs/web.yaml",
            "net/gitops/hedgehog/edge/vpcs/kustomization.yaml",
            "net/gitops/hedgehog/edge/elsewhere/x.yaml",
            "net/gitops/hedgehog/edge/.hidden.yaml",
            "net/gitops/hedgehog/dc1/raw/sub/deep/e.yaml",
            "net/other/place/.hnp/manifest.yaml",
            "net/third/raw/x.yaml",
            "net/third/managed/x.yaml",
            "net/plain/x.yaml",
        ] {
            touch(&root, path);
        }
        for start in [root.join("net"), root.clone(), root.join("net/gitops/hedgehog/dc1/raw")] {
            let found = discover(std::slice::from_ref(&start));
            assert_eq!(found.len(), 1, "{start:?}");
            assert_eq!(found[0].path, root.join("net"));
            let origin = found[0].origin.clone().unwrap();
            assert!(origin.contains("@h/x.git") && !origin.contains("tok"), "{origin}");
            let names: Vec<&str> = found[0].directories.iter().map(|found| found.directory.as_str()).collect();
            assert_eq!(names, ["gitops/hedgehog/dc1", "gitops/hedgehog/edge", "other/place", "third"]);
            let first = FoundDirectory { directory: names[0].to_owned(), is_ready: true, raw: 2, loose: 0 };
            assert_eq!(found[0].directories[0], first);
            assert_eq!((found[0].directories[1].is_ready, found[0].directories[1].loose), (false, 2));
        }
        assert!(discover(&[root.join("nowhere")]).is_empty());
    }
}
