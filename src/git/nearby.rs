//! Nearby: clones beside a path that is none, so that the error can name them.

use std::path::{Path, PathBuf};

/// Clones named, at most.
const MOST: usize = 5;
/// Folders looked at beside the path, at most.
const CHILDREN: usize = 500;

/// The clones around a path and the current folder, the most alike by name first.
pub fn clones(path: &Path) -> Vec<PathBuf> {
    let current = std::env::current_dir().ok();
    around(path, current.as_deref())
}

fn around(path: &Path, current: Option<&Path>) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = path.ancestors().filter(|folder| is_clone(folder)).map(Path::to_owned).collect();
    let existing = path.ancestors().skip(1).find(|folder| folder.is_dir());
    let mut others: Vec<PathBuf> = [Some(path), existing, current].into_iter().flatten().flat_map(children).collect();
    others.extend(current.into_iter().flat_map(Path::ancestors).map(Path::to_owned));
    others.retain(|folder| is_clone(folder) && folder != path);
    let wanted = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let likeness = |folder: &PathBuf| {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        strsim::jaro_winkler(&wanted, &name)
    };
    others.sort_by(|one, other| likeness(other).total_cmp(&likeness(one)).then_with(|| one.cmp(other)));
    for folder in others {
        if !found.contains(&folder) {
            found.push(folder);
        }
    }
    found.truncate(MOST);
    found
}

fn is_clone(folder: &Path) -> bool {
    folder.join(".git").exists()
}

fn children(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().take(CHILDREN);
    entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())).map(|entry| entry.path()).collect()
}

#[cfg(test)]
mod tests {
    use super::around;

    #[test]
    fn the_clone_around_a_path_and_those_beside_it_are_named_the_likest_first() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        for clone in ["src/netops", "src/netbox", "src/zoo", "here/tools"] {
            std::fs::create_dir_all(root.join(clone).join(".git")).unwrap();
        }
        std::fs::create_dir_all(root.join("src/plain")).unwrap();
        std::fs::create_dir_all(root.join("src/netops/gitops")).unwrap();
        let here = root.join("here");
        let found = around(&root.join("src/netop"), Some(&here));
        assert_eq!(found[..2], ["src/netops", "src/netbox"].map(|clone| root.join(clone)));
        assert!(found.len() == 4 && found.contains(&root.join("here/tools")), "{found:?}");
        assert_eq!(around(&root.join("src/netops/gitops"), None), [root.join("src/netops")]);
        assert_eq!(around(&root.join("away/and/gone"), None), [] as [std::path::PathBuf; 0]);
        for number in 0..9 {
            std::fs::create_dir_all(root.join(format!("src/more-{number}/.git"))).unwrap();
        }
        assert_eq!(around(&root.join("src/netops-2"), None).len(), 5);
    }
}
