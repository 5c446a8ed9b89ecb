//! Clone, fetch, the remote's tip, and bringing a branch forward.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::Write;
use std::path::Path;

use super::addresses::{self, PUSHED};
use super::{Child, Done, Silence, refusal, require_branch, run};
use crate::config::Home;
use crate::error::{Error, Result};
use crate::git::repository::Repository;
use crate::git::{Location, failure, litter};
use crate::progress::{Phase, Progress, Reporter};

/// What a fetch did to the tracking branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// The tracking branch before, hexadecimal.
    pub before: Option<String>,
    /// The tracking branch after, hexadecimal.
    pub after: Option<String>,
}

/// Makes the bare clone of a `url:` repository where there is none yet, and fills it.
pub async fn prepare(location: &Location, report: &Reporter) -> Result<()> {
    let Home::Url(url) = &location.home else {
        return Ok(());
    };
    if let Some(parent) = location.dir.parent().filter(|parent| parent.exists()) {
        litter::sweep_clones(parent)?;
    }
    if !location.dir.join("HEAD").exists() {
        create(location, url).await?;
    }
    if Repository::open(location)?.checked().is_none() {
        fetch(location, report).await?;
    }
    Ok(())
}

/// Reads the remote into the tracking branch; a remote without any branch is fine.
///
/// # Errors
/// `RemoteBranch` where it has other branches only.
pub async fn fetch(location: &Location, report: &Reporter) -> Result<Fetched> {
    let before = Repository::open(location)?.upstream()?;
    report.phase(Phase::Connect, &location.name);
    let refspec = format!("+{}:{}", location.branch_ref(), location.upstream_ref());
    // Whoever fetched first in a shared clone owns FETCH_HEAD, and nobody else may write it.
    let mut args = vec!["fetch", "--no-write-fetch-head", "--no-tags", "--no-recurse-submodules", "--progress"];
    if location.is_ours() {
        args.extend(["--prune", "--", &location.remote]);
    } else {
        args.extend(["--", &location.remote, &refspec]);
    }
    let child = Child::in_clone(location, &args);
    let done = run(child, report, &mut |line| tell(report, location, line)).await?;
    let no_branch = done.stderr.contains("couldn't find remote ref");
    if !done.success && !no_branch {
        return Err(failed(location, &done));
    }
    let after = Repository::open(location)?.upstream()?;
    if no_branch || after.is_none() {
        require_branch(location, report).await?;
    }
    let repository = Repository::open(location)?;
    repository.record_checked(no_branch || after.is_none())?;
    Ok(Fetched { before, after })
}

/// The branch's tip at the remote, hexadecimal; none if the remote has no branch at all. Nothing is written.
///
/// # Errors
/// `RemoteBranch` where it has other branches only.
pub async fn ls_remote(location: &Location, report: &Reporter) -> Result<Option<String>> {
    report.phase(Phase::ReadRemote, &location.name);
    let branch = location.branch_ref();
    let child = Child::in_clone(location, &["ls-remote", "--", &location.remote, &branch]);
    let tip = tip_told(location, &run(child, report, &mut |_| true).await?)?;
    if tip.is_none() {
        require_branch(location, report).await?;
    }
    Ok(tip)
}

fn tip_told(location: &Location, done: &Done) -> Result<Option<String>> {
    if !done.success {
        return Err(failed(location, done));
    }
    let branch = location.branch_ref();
    let found = done.stdout.lines().filter_map(|line| line.split_once('\t')).find(|(_, name)| *name == branch);
    Ok(found.map(|(id, _)| id.to_owned()))
}

/// The same where pushes go.
pub async fn pushed_tip(location: &Location, report: &Reporter) -> Result<Option<String>> {
    let addresses = addresses::effective(location, report).await?;
    match addresses.elsewhere() {
        Some(url) => tip_at(location, url, report).await,
        None => ls_remote(location, report).await,
    }
}

/// The same at an address that git has rewritten already.
async fn tip_at(location: &Location, url: &str, report: &Reporter) -> Result<Option<String>> {
    report.phase(Phase::ReadRemote, &location.name);
    let branch = location.branch_ref();
    let child = Child::in_clone(location, &["ls-remote", "--", PUSHED, &branch]).with_exact_remote(PUSHED, url);
    tip_told(location, &run(child, report, &mut |_| true).await?)
}

/// Where pushes go, without secrets: to one place, where the branch stands as it does where the remote is read.
///
/// # Errors
/// `RepoUnsupported` where they do not: such a push could not be shown before, nor read back after.
pub async fn push_address(location: &Location, report: &Reporter) -> Result<String> {
    let addresses = addresses::effective(location, report).await?;
    let refused = |what| Err(Error::RepoUnsupported { path: location.dir.clone(), what });
    if addresses.push.len() > 1 {
        return refused(format!("its remote {} pushes to {} addresses at once", location.remote, addresses.push.len()));
    }
    let read = addresses::label(&addresses.read);
    let Some(url) = addresses.elsewhere() else { return Ok(read) };
    let push = addresses::label(url);
    let (there, here) = (tip_at(location, url, report).await?, Repository::open(location)?.upstream()?);
    if there == here {
        return Ok(push);
    }
    let at = |tip: Option<String>| tip.map_or("not there".to_owned(), |tip| format!("at {}", &tip[..tip.len().min(7)]));
    let (branch, here, there) = (&location.branch, at(here), at(there));
    refused(format!(
        "{branch} is {here} where its remote is read ({read}), but {there} where pushes go ({push}); these must be one repository"
    ))
}

/// The tip where the remote is read, and writes down in the clone that the remote was read where nothing moved.
pub async fn check(location: &Location, report: &Reporter) -> Result<Option<String>> {
    let tip = ls_remote(location, report).await?;
    let repository = Repository::open(location)?;
    if repository.upstream()? == tip {
        repository.record_checked(tip.is_none())?;
    }
    Ok(tip)
}

/// What a push is read back from: the tip where pushes go, written down as read where that is where the remote is read.
pub async fn read_back(location: &Location, report: &Reporter) -> Result<Option<String>> {
    let addresses = addresses::effective(location, report).await?;
    match addresses.elsewhere() {
        Some(url) => tip_at(location, url, report).await,
        None => check(location, report).await,
    }
}

/// Brings the branch, and the working tree of a user's clone, forward to a commit that contains it.
///
/// # Errors
/// `RepoDiverged` when the branch has commits of its own, `RepoDirty` naming edits in the way.
pub async fn fast_forward(location: &Location, to: &str, report: &Reporter) -> Result<()> {
    report.phase(Phase::Update, &location.name);
    let repository = Repository::open(location)?;
    repository.check_writable()?;
    if let Some(tip) = repository.tip()?
        && !repository.is_ancestor(&tip, to)?
    {
        return Err(diverged(&repository)?);
    }
    if location.is_ours() {
        return repository.move_forward(to);
    }
    let before = repository.tip()?;
    drop(repository);
    let args = ["-c", "merge.autoStash=false", "merge", "--ff-only", "--no-stat", to];
    let options = (format!("branch.{}.mergeOptions", location.branch), "");
    let child = Child { limit: Silence::Local, ..Child::in_clone(location, &args) }.with_settings(&[options]);
    let done = run(child, &report.to_the_end(), &mut |_| true).await?;
    if done.success {
        return Ok(());
    }
    let paths = in_the_way(&done.stderr);
    if paths.is_empty() {
        if let Some(before) = before {
            take_back(location, to, &before, report).await?;
        }
        return Err(refusal::local(location, "bringing the branch forward", &done.stderr));
    }
    Err(Error::RepoDirty { paths })
}

/// Brings the files back to a branch that did not move: git writes them first, then the branch. What was
/// edited beside them stays.
async fn take_back(location: &Location, from: &str, to: &str, report: &Reporter) -> Result<()> {
    if Repository::open(location)?.tip()?.as_deref() != Some(to) {
        return Ok(());
    }
    let child = Child::in_clone(location, &["read-tree", "-m", "-u", from, to]);
    let done = run(Child { limit: Silence::Local, ..child }, &report.to_the_end(), &mut |_| true).await?;
    if done.success { Ok(()) } else { Err(refusal::local(location, "taking the files back", &done.stderr)) }
}

fn diverged(repository: &Repository) -> Result<Error> {
    let standing = repository.standing("")?;
    Ok(Error::RepoDiverged {
        branch: repository.location().branch.clone(),
        upstream: repository.location().upstream_name(),
        ahead: standing.repository_ahead,
        behind: standing.repository_behind,
        is_ours: repository.location().is_ours(),
    })
}

/// The indented paths of git's complaint about files that would be overwritten.
fn in_the_way(stderr: &str) -> Vec<String> {
    if !stderr.contains("would be overwritten") {
        return Vec::new();
    }
    let paths = stderr.lines().filter_map(|line| line.strip_prefix('\t'));
    paths.map(|path| crate::text::clean_line(path.trim())).collect()
}

/// Makes an empty bare repository beside its place and renames it there.
async fn create(location: &Location, url: &str) -> Result<()> {
    let parent = location.dir.parent().unwrap_or(Path::new("."));
    private_folder(parent)?;
    let _making = litter::making(parent)?;
    let beside = tempfile::Builder::new().prefix(litter::NEW).tempdir_in(parent);
    let beside = beside.map_err(failure::fs("cannot create", parent))?;
    protect(beside.path(), 0o700)?;
    let head = format!("--initial-branch={}", location.branch);
    let settings = ["-c", "init.defaultRefFormat=files"];
    let init = ["init", "--quiet", "--bare", "--template=", "--object-format=sha1", &head, "--"];
    let mut child = Child::git(settings.into_iter().chain(init));
    child.args.push(beside.path().into());
    let done = run(child, &Reporter::silent(), &mut |_| true).await?;
    if !done.success {
        return Err(refusal::local(location, "making the clone", &done.stderr));
    }
    configure(&beside.path().join("config"), location, url)?;
    let made = beside.keep();
    match fs::rename(&made, &location.dir) {
        // Somebody else made it meanwhile.
        Err(_) if location.dir.join("HEAD").exists() => {
            fs::remove_dir_all(&made).map_err(failure::fs("cannot remove", &made))
        }
        other => other.map_err(failure::fs("cannot create", &location.dir)),
    }
}

/// Adds the remote to a configuration that only its owner can read; the address may hold a secret.
fn configure(path: &Path, location: &Location, url: &str) -> Result<()> {
    let quoted = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
    let (remote, url) = (quoted(&location.remote), quoted(url));
    let text = format!(
        "[remote \"{remote}\"]\n\turl = \"{url}\"\n\tfetch = \"+refs/heads/*:refs/remotes/{remote}/*\"\n[core]\n\tlogAllRefUpdates = true\n"
    );
    protect(path, 0o600)?;
    let written = OpenOptions::new().append(true).open(path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(failure::fs("cannot write", path))
}

#[cfg(unix)]
fn protect(path: &Path, mode: u32) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).map_err(failure::fs("cannot protect", path))
}

#[cfg(not(unix))]
fn protect(_path: &Path, _mode: u32) -> Result<()> {
    Ok(())
}

fn private_folder(path: &Path) -> Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(path).map_err(failure::fs("cannot create", path))
}

pub(super) fn failed(location: &Location, done: &Done) -> Error {
    if done.hung { refusal::hung(location, &done.stderr) } else { refusal::classify(location, &done.stderr) }
}

/// Tells a progress line of a fetch; stopping is possible all the time.
fn tell(report: &Reporter, location: &Location, line: &str) -> bool {
    let phases = [
        ("Receiving objects", Phase::Receive),
        ("Unpacking objects", Phase::Receive),
        ("Resolving deltas", Phase::Update),
    ];
    if let Some(progress) = progress(line, &phases, &location.name) {
        report.tell(progress);
    }
    true
}

/// A line such as `Receiving objects:  45% (9/20)` as progress.
pub(super) fn progress(line: &str, phases: &[(&str, Phase)], subject: &str) -> Option<Progress> {
    let line = line.strip_prefix("remote: ").unwrap_or(line);
    let (_, phase) = phases.iter().find(|(start, _)| line.starts_with(start))?;
    let counts =
        line.split_once('(').and_then(|(_, rest)| rest.split_once(')')).and_then(|(counts, _)| counts.split_once('/'));
    let (done, total) = counts.map_or((0, None), |(done, total)| (done.parse().unwrap_or(0), total.parse().ok()));
    let rate = line.split_once(" | ").map_or("", |(_, rate)| rate.split(',').next().unwrap_or_default());
    let note = crate::text::clean_line(rate.trim());
    Some(Progress { phase: *phase, subject: subject.to_owned(), done, total, note, silent: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_git_tells_phase_counts_and_rate() {
        let phases = [("Receiving objects", Phase::Receive)];
        let told = |line: &str| progress(line, &phases, "netops");
        let full = told("Receiving objects:  45% (9/20), 1.20 MiB | 2.00 MiB/s, done.").unwrap();
        assert_eq!(
            (full.phase, full.done, full.total, full.note.as_str()),
            (Phase::Receive, 9, Some(20), "2.00 MiB/s")
        );
        let bare = told("remote: Receiving objects: 3").unwrap();
        assert_eq!((bare.done, bare.total, bare.note.as_str()), (0, None, ""));
        assert!(told("Counting objects: 100% (3/3)").is_none());
    }
}
