//! Setup: the first configuration of a machine, planned from what was found, then written.

use std::path::{Path, PathBuf};

use crate::config::edit::file;
use crate::config::{self, Config, address};
use crate::error::{Error, Result};
use crate::ops::add::{self, AddRequest};
use crate::ops::discover::{FoundClone, FoundDirectory};
use crate::ops::{Context, branch};
use crate::progress::Reporter;

/// The first line of a new configuration.
const HEAD: &str = "# Written by hedgerow; `hedgerow config example` explains every key.\n";

/// A GitOps directory that becomes a fabric.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The clone, or a remote's address.
    pub repository: String,
    /// The directory in it; empty for the root.
    pub directory: String,
    /// The branch, where it is known.
    pub branch: Option<String>,
}

impl Wanted {
    /// The request for it as a fabric of this name.
    pub(crate) fn request(&self, name: String) -> AddRequest {
        AddRequest {
            name,
            repository: self.repository.clone(),
            directory: if self.directory.is_empty() { ".".to_owned() } else { self.directory.clone() },
            branch: self.branch.clone(),
            profile: None,
        }
    }
}

/// A configuration to write: data, nothing is written yet.
#[derive(Debug, Clone)]
pub struct SetupPlan {
    /// Where it goes.
    pub path: PathBuf,
    /// Its whole text.
    pub text: String,
    /// What it means.
    pub config: Config,
}

/// Everything that was found.
pub fn wanted(found: &[FoundClone]) -> Vec<Wanted> {
    let of_clone = |clone: &FoundClone| -> Vec<Wanted> {
        let repository = clone.path.display().to_string();
        let wanted = |found: &FoundDirectory| Wanted {
            repository: repository.clone(),
            directory: found.directory.clone(),
            branch: None,
        };
        clone.directories.iter().map(wanted).collect()
    };
    found.iter().flat_map(of_clone).collect()
}

/// Plans the first configuration, at a place that has none.
///
/// # Errors
/// [`Error::Usage`] where there is one already or nothing is wanted; else as [`add::plan`].
pub fn plan(wanted: &[Wanted], target: &Path, folder: &Path) -> Result<SetupPlan> {
    refuse_existing(target)?;
    if wanted.is_empty() {
        return Err(Error::Usage("no GitOps directory was chosen, so there is nothing to write".to_owned()));
    }
    let mut text = HEAD.to_owned();
    for one in wanted {
        let config = config::parse(target, &text)?;
        let request = one.request(free_name(one, &config));
        text = add::extend(&request, target, &text, folder)?.0;
    }
    Ok(SetupPlan { path: target.to_owned(), config: config::parse(target, &text)?, text })
}

/// As [`plan`], with the branches of addresses asked of their remotes.
///
/// # Errors
/// As [`plan`]; [`Error::RemoteBranch`].
pub async fn draft(
    cx: &Context,
    wanted: &[Wanted],
    (target, folder): (&Path, &Path),
    report: &Reporter,
) -> Result<SetupPlan> {
    plan(&branch::of_wanted(cx, wanted, report).await?, target, folder)
}

/// Writes a planned configuration.
///
/// # Errors
/// [`Error::Usage`] where somebody wrote one meanwhile, and [`Error::Fs`].
pub fn apply(plan: &SetupPlan) -> Result<()> {
    refuse_existing(&plan.path)?;
    file::rewrite(&plan.path, |_| Ok(plan.text.clone()))
}

fn refuse_existing(target: &Path) -> Result<()> {
    let is_there = match std::fs::read(target) {
        Ok(bytes) => !bytes.trim_ascii().is_empty(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => false,
        Err(error) => return Err(Error::fs("cannot read", target)(error)),
    };
    if is_there {
        let text = format!("there is a configuration at {} already; `hedgerow add` adds to it", target.display());
        return Err(Error::Usage(crate::text::clean_line(&text)));
    }
    Ok(())
}

/// A fabric's name after its directory: its last part, with the part before it where that is taken.
fn free_name(wanted: &Wanted, config: &Config) -> String {
    let place = wanted.repository.trim_end_matches('/');
    let root = place.rsplit(['/', ':']).next().unwrap_or_default();
    let root = root.strip_suffix(".git").unwrap_or(root);
    let parts: Vec<&str> =
        std::iter::once(root).chain(wanted.directory.split('/')).filter(|part| !part.is_empty()).collect();
    let plain = |text: &str| -> String {
        let kept = text.chars().map(|c| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '-' });
        kept.collect::<String>().trim_start_matches(['-', '.']).to_owned()
    };
    let names = (1..=parts.len()).map(|count| plain(&parts[parts.len() - count..].join("-")));
    let first = plain(parts.last().copied().unwrap_or("fabric"));
    let first = if address::is_name(&first) { first } else { "fabric".to_owned() };
    let numbered = (2..).map(|number| format!("{first}-{number}"));
    let is_free = |name: &String| address::is_name(name) && config.fabric(name).is_err();
    names.chain(std::iter::once(first.clone())).chain(numbered).find(is_free).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{Wanted, apply, plan};

    #[test]
    fn what_was_found_becomes_a_configuration_once() {
        let dir = tempfile::tempdir().unwrap();
        for clone in ["net", "edge"] {
            fs::create_dir_all(dir.path().join(clone).join(".git")).unwrap();
            fs::write(dir.path().join(clone).join(".git/HEAD"), "ref: refs/heads/main\n").unwrap();
        }
        let target = dir.path().join("etc/config.yaml");
        let want = |repository: &str, directory: &str| Wanted {
            repository: dir.path().join(repository).display().to_string(),
            directory: directory.to_owned(),
            branch: None,
        };
        let wanted = [want("net", "gitops/a/dc1"), want("net", "gitops/b/dc1"), want("edge", "")];
        let planned = plan(&wanted, &target, dir.path()).unwrap();
        assert!(!target.exists(), "a plan wrote");
        let names: Vec<&str> = planned.config.names().collect();
        assert_eq!(names, ["dc1", "b-dc1", "edge"]);
        assert_eq!(planned.config.repositories.len(), 2);
        apply(&planned).unwrap();
        assert_eq!(fs::read_to_string(&target).unwrap(), planned.text);
        assert!(plan(&wanted, &target, dir.path()).unwrap_err().to_string().contains("already"));
        assert!(apply(&planned).unwrap_err().to_string().contains("already"));
        assert!(plan(&[], &dir.path().join("x"), dir.path()).is_err());
    }
}
