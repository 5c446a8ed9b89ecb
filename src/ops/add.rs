//! Adding a fabric to the configuration and taking one out: planned first, then written.

use std::path::{Path, PathBuf};

use crate::config::edit::{self, Addition, file};
use crate::config::{self, Config, Home, RepositorySettings, address, directory};
use crate::error::{self, Error, Result};
use crate::git::nearby;
use crate::text::clean_line;

/// What `add` was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddRequest {
    /// The fabric's name.
    pub name: String,
    /// A configured repository's name, a remote's address, or the path of a clone.
    pub repository: String,
    /// The GitOps directory; `.` is the root.
    pub directory: String,
    /// The branch, for a repository that is not configured yet.
    pub branch: Option<String>,
    /// The profile, if it is to have one.
    pub profile: Option<String>,
}

/// What would be written into the configuration: data, nothing is written yet.
#[derive(Debug, Clone)]
pub struct AddPlan {
    /// The configuration file.
    pub path: PathBuf,
    /// The entries to add.
    pub addition: Addition,
    /// The configuration as it would then be.
    pub config: Config,
}

/// Plans an addition to the configuration file `target`; relative paths start at `folder`.
///
/// # Errors
/// [`Error::Usage`] for a name or directory that cannot be; [`Error::RepoMissing`] and
/// [`Error::RepoNotGit`] for a path that is no clone; [`Error::DirOverlap`] and
/// [`Error::ConfigValue`] where the new fabric could not be used; [`Error::ConfigEdit`].
pub fn plan(request: &AddRequest, target: &Path, folder: &Path) -> Result<AddPlan> {
    let text = read(target)?;
    let (new, addition) = extend(request, target, &text, folder)?;
    Ok(AddPlan { path: target.to_owned(), addition, config: config::parse(target, &new)? })
}

/// The text of the configuration file `target` with a fabric added, and what was added.
///
/// # Errors
/// As [`plan`].
pub fn extend(request: &AddRequest, target: &Path, text: &str, folder: &Path) -> Result<(String, Addition)> {
    let old = config::parse(target, text)?;
    let directory = directory::normalize(&request.directory).map_err(Error::Usage)?;
    if !address::is_name(&request.name) {
        let text = format!("{} cannot name a fabric: {}", request.name, address::NAME_RULE);
        return Err(Error::Usage(clean_line(&text)));
    }
    let (repository, new_repository) = repository(request, &old, folder)?;
    let addition = Addition {
        fabric: request.name.clone(),
        repository,
        new_repository,
        directory: directory::shown(&directory).to_owned(),
        profile: request.profile.clone(),
    };
    let new = edit::add_fabric(text, &addition)?;
    let config = config::parse(target, &new)?;
    if let Some(error) = config.fault(config.fabric(&request.name)?) {
        return Err(error);
    }
    Ok((new, addition))
}

/// Writes a planned addition, whatever else was written into the file since.
///
/// # Errors
/// As [`plan`], and [`Error::Fs`].
pub fn apply(plan: &AddPlan) -> Result<()> {
    file::rewrite(&plan.path, |text| edit::add_fabric(text, &plan.addition))
}

/// Takes a fabric out of the configuration file; its repository, files and clones stay.
///
/// # Errors
/// [`Error::NoSuchFabric`], [`Error::ConfigEdit`], [`Error::Fs`].
pub fn remove(name: &str, path: &Path) -> Result<()> {
    file::rewrite(path, |text| edit::remove_fabric(text, name))
}

fn read(target: &Path) -> Result<String> {
    match std::fs::read_to_string(target) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(Error::fs("cannot read", target)(error)),
    }
}

/// The address a request is for, if it is one that is not configured yet.
///
/// # Errors
/// [`Error::Usage`] for an address that cannot be.
pub(crate) fn new_address(request: &AddRequest, old: &Config) -> Result<Option<String>> {
    let text = request.repository.as_str();
    if old.repository(text).is_some() || !address::is_address(text) {
        return Ok(None);
    }
    let url = address::url(text, None).map_err(Error::Usage)?;
    refuse_password(&url)?;
    let home = Home::Url(url.clone());
    let known = old.repositories.iter().find(|known| address::same_home(&known.home, &home));
    let is_known = known.is_some_and(|known| request.branch.as_ref().is_none_or(|branch| *branch == known.branch));
    Ok((!is_known).then_some(url))
}

/// The configuration as it stands at `target`; none there is an empty one.
///
/// # Errors
/// [`Error::Fs`], and what is wrong with its text.
pub(crate) fn standing(target: &Path) -> Result<Config> {
    config::parse(target, &read(target)?)
}

type NewRepository = Option<Vec<(String, String)>>;

/// The repository's name, and its keys where it is new.
fn repository(request: &AddRequest, old: &Config, folder: &Path) -> Result<(String, NewRepository)> {
    let text = request.repository.as_str();
    let branch = request.branch.as_deref();
    if let Some(known) = old.repository(text) {
        return same_branch(known, branch).map(|()| (known.name.clone(), None));
    }
    let (home, key, value) = if address::is_address(text) {
        let url = address::url(text, None).map_err(Error::Usage)?;
        refuse_password(&url)?;
        (Home::Url(url.clone()), "url", url)
    } else {
        let home = std::env::home_dir();
        let path = address::path(text, folder, home.as_deref()).map_err(Error::Usage)?;
        check_clone(&path)?;
        let shown = path
            .to_str()
            .map(str::to_owned)
            .ok_or_else(|| Error::Usage("the path of the clone is not UTF-8".to_owned()))?;
        (Home::Path(path), "path", shown)
    };
    let known = old.repositories.iter().find(|r| address::same_home(&r.home, &home));
    if let Some(known) = known.filter(|r| branch.is_none_or(|branch| branch == r.branch)) {
        return Ok((known.name.clone(), None));
    }
    let mut pairs = vec![(key.to_owned(), value.clone())];
    let found = branch.map(str::to_owned).or_else(|| checked_out(&home));
    pairs.extend(found.filter(|b| b != "main").map(|b| ("branch".to_owned(), b)));
    Ok((free_name(&value, old), Some(pairs)))
}

fn same_branch(known: &RepositorySettings, branch: Option<&str>) -> Result<()> {
    if branch.is_none_or(|branch| branch == known.branch) {
        return Ok(());
    }
    Err(Error::Usage(clean_line(&format!(
        "repository {} is configured with branch {}; leave out --branch, or name its path or address",
        known.name, known.branch
    ))))
}

fn refuse_password(url: &str) -> Result<()> {
    if address::has_password(url) {
        let text = "the address holds a password; leave it out and let Git's credential helper give it";
        return Err(Error::Usage(text.to_owned()));
    }
    Ok(())
}

fn check_clone(path: &Path) -> Result<()> {
    let path = path.to_owned();
    if !error::exists(&path)? {
        return Err(Error::RepoMissing { found: nearby::clones(&path), path });
    }
    if path.join(".git").exists() {
        return Ok(());
    }
    if path.join("HEAD").is_file() && path.join("objects").is_dir() {
        let what = "a bare repository".to_owned();
        return Err(Error::RepoUnsupported { path, what });
    }
    Err(Error::RepoNotGit { found: nearby::clones(&path), path })
}

/// The branch a clone is on: what a new entry of it most likely means.
fn checked_out(home: &Home) -> Option<String> {
    let Home::Path(path) = home else { return None };
    let head = std::fs::read_to_string(path.join(".git/HEAD")).ok()?;
    let branch = head.trim().strip_prefix("ref: refs/heads/")?;
    address::is_ref_name(branch).then(|| branch.to_owned())
}

/// A name for a new repository, after the last part of its path or address.
fn free_name(value: &str, old: &Config) -> String {
    let value = value.trim_end_matches('/');
    let last = value.rsplit(['/', ':']).next().unwrap_or_default();
    let last = last.strip_suffix(".git").unwrap_or(last);
    let plain = |c: char| {
        if c.is_alphanumeric() || "-_.".contains(c) { c } else { '-' }
    };
    let name: String = last.chars().map(plain).collect();
    let name = name.trim_start_matches(['-', '.']);
    let name = if name.is_empty() { "repository" } else { name };
    let taken = |name: &str| old.repository(name).is_some();
    if !taken(name) {
        return name.to_owned();
    }
    let numbered = (2..).map(|number| format!("{name}-{number}"));
    numbered.into_iter().find(|name| !taken(name)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{AddRequest, apply, plan, remove};
    use crate::error::Error;

    fn request(repository: &str) -> AddRequest {
        AddRequest {
            name: "dc1".to_owned(),
            repository: repository.to_owned(),
            directory: "./gitops/dc1/".to_owned(),
            branch: None,
            profile: None,
        }
    }

    fn clone(folder: &Path, branch: &str) {
        std::fs::create_dir_all(folder.join("net/.git")).unwrap();
        let head = format!("ref: refs/heads/{branch}\n");
        std::fs::write(folder.join("net/.git/HEAD"), head).unwrap();
    }

    #[test]
    fn a_clone_becomes_a_repository_with_the_branch_it_is_on() {
        let dir = tempfile::tempdir().unwrap();
        clone(dir.path(), "trunk");
        let target = dir.path().join("config.yaml");
        let planned = plan(&request("net"), &target, dir.path()).unwrap();
        assert!(!target.exists(), "a plan wrote");
        assert_eq!(planned.config.fabrics[0].directory, "gitops/dc1");
        assert_eq!(planned.config.repositories[0].branch, "trunk");
        apply(&planned).unwrap();
        let text = std::fs::read_to_string(&target).unwrap();
        assert!(text.contains("  net:\n    path: ") && text.contains("branch: trunk\n"), "{text}");
        let mut second = request("net");
        second.directory = "gitops/dc1/x".to_owned();
        let taken = plan(&second, &target, dir.path()).unwrap_err();
        assert!(taken.to_string().contains("dc1 already"), "{taken}");
        second.name = "dc2".to_owned();
        let overlap = plan(&second, &target, dir.path()).unwrap_err();
        assert!(matches!(overlap, Error::DirOverlap { .. }), "{overlap}");
        second.directory = "gitops/dc2".to_owned();
        let same = plan(&second, &target, dir.path()).unwrap();
        assert_eq!(same.addition.new_repository, None);
        remove("dc1", &target).unwrap();
        assert!(!std::fs::read_to_string(&target).unwrap().contains("gitops/dc1"));
    }

    #[test]
    fn an_address_is_named_after_its_last_part_and_carries_no_password() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("config.yaml");
        let planned = plan(&request("git@h:team/net.git"), &target, dir.path()).unwrap();
        assert_eq!(planned.addition.repository, "net");
        let secret = plan(&request("https://me:tok@h/x"), &target, dir.path()).unwrap_err();
        assert!(!secret.to_string().contains("tok"), "{secret}");
    }

    #[test]
    fn what_is_no_clone_is_refused_by_name() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("config.yaml");
        let tried = |text: &str| plan(&request(text), &target, dir.path()).unwrap_err();
        assert!(matches!(tried("nothing"), Error::RepoMissing { .. }));
        std::fs::create_dir(dir.path().join("plain")).unwrap();
        assert!(matches!(tried("plain"), Error::RepoNotGit { .. }));
        let mut odd = request("h:x");
        odd.name = "-x".to_owned();
        assert!(matches!(plan(&odd, &target, dir.path()), Err(Error::Usage(_))));
        odd = request("h:x");
        odd.directory = "../x".to_owned();
        assert!(matches!(plan(&odd, &target, dir.path()), Err(Error::Usage(_))));
    }
}
