//! Consumer: what applies a directory, as the repository itself says.

use crate::yaml::{self, Node};

/// An Argo CD Application or a Flux Kustomization that watches a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watcher {
    /// `Argo CD Application` or `Flux Kustomization`.
    pub what: &'static str,
    /// Its name.
    pub name: String,
    /// The file it stands in, relative to the repository's root.
    pub file: String,
    /// The path it watches, relative to the repository's root; empty for the root.
    pub path: String,
}

/// Texts that a file with a watcher holds.
pub const NEEDLES: [&str; 2] = ["argoproj.io/", "kustomize.toolkit.fluxcd.io/"];

/// Finds the watchers whose path is the directory itself or one above it.
pub fn watchers(files: &[(String, Vec<u8>)], directory: &str) -> Vec<Watcher> {
    let mut found = Vec::new();
    for (file, bytes) in files {
        let Ok(text) = std::str::from_utf8(bytes) else {
            continue;
        };
        for document in yaml::read(text) {
            if let Ok(Some(root)) = &document.root {
                found.extend(watcher(file, root).into_iter().filter(|found| is_above(&found.path, directory)));
            }
        }
    }
    found
}

fn watcher(file: &str, root: &Node) -> Vec<Watcher> {
    let text = |keys: &[&str]| root.path(keys).and_then(Node::as_str).unwrap_or_default();
    let name = text(&["metadata", "name"]).to_owned();
    let make = |what, path: &str| Watcher { what, name: name.clone(), file: file.to_owned(), path: tidy(path) };
    let version = text(&["apiVersion"]);
    match text(&["kind"]) {
        "Application" if version.starts_with(NEEDLES[0]) => {
            let single = root.path(&["spec", "source", "path"]).and_then(Node::as_str);
            let several = root.path(&["spec", "sources"]).and_then(Node::as_sequence).unwrap_or_default();
            let several = several.iter().filter_map(|source| source.get("path")?.as_str());
            single.into_iter().chain(several).map(|path| make("Argo CD Application", path)).collect()
        }
        "Kustomization" if version.starts_with(NEEDLES[1]) => {
            vec![make("Flux Kustomization", text(&["spec", "path"]))]
        }
        _ => Vec::new(),
    }
}

fn tidy(path: &str) -> String {
    path.split('/').filter(|part| !part.is_empty() && *part != ".").collect::<Vec<_>>().join("/")
}

fn is_above(path: &str, directory: &str) -> bool {
    path.is_empty() || path == directory || directory.starts_with(&format!("{path}/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_watcher_above_the_directory_is_found_and_one_beside_it_is_not() {
        let application = |path: &str| {
            format!(
                "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {{name: dc1}}\n\
                 spec:\n  source: {{path: {path}}}\n"
            )
        };
        let files = vec![
            ("a.yaml".to_owned(), application("gitops").into_bytes()),
            ("b.yaml".to_owned(), application("gitops/other").into_bytes()),
            ("c.yaml".to_owned(), application("./").into_bytes()),
        ];
        let found: Vec<String> = watchers(&files, "gitops/dc1").into_iter().map(|found| found.file).collect();
        assert_eq!(found, ["a.yaml", "c.yaml"]);
    }
}
