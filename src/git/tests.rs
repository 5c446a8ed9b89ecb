//! Tests of the Git half against real repositories and remotes by path.

mod applying;
mod crashes;
mod details;
mod discards;
mod looking;
mod maintaining;
mod races;
mod recovering;
mod remotes;
mod silences;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;

use crate::config::{Home, RepositorySettings};
use crate::error::Result;
use crate::fabric::plan::Edit;
use crate::git::Location;
use crate::git::lock::{self, Lock};
use crate::git::repository::{Repository, blob_id};
use crate::git::tree::Transaction;
use crate::progress::Reporter;

/// A temporary folder with a bare remote and a user's clone of it on branch `main`.
struct World {
    dir: TempDir,
}

impl World {
    /// An empty remote and a clone with an unborn branch.
    fn empty() -> Self {
        let world = Self { dir: tempfile::tempdir().unwrap() };
        let init = ["init", "-q", "--bare", "--initial-branch=main", "remote.git"];
        git(world.dir.path(), &init);
        git(world.dir.path(), &["clone", "-q", "remote.git", "clone"]);
        let clone = world.clone_dir();
        git(&clone, &["symbolic-ref", "HEAD", "refs/heads/main"]);
        identify(&clone);
        world
    }

    /// The same with one pushed commit that has some files.
    fn filled() -> Self {
        let world = Self::empty();
        for (path, text) in [
            ("README.md", "read me\n"),
            ("fab/managed/vpcs/v1.yaml", "a: 1\n"),
            ("fab/raw/.gitkeep", ""),
            ("other/notes.txt", "notes\n"),
        ] {
            world.write(path, text);
        }
        world.git(&["add", "-A"]);
        world.git(&["commit", "-qm", "first"]);
        world.git(&["push", "-q", "origin", "main"]);
        world
    }

    fn remote(&self) -> PathBuf {
        self.dir.path().join("remote.git")
    }

    fn clone_dir(&self) -> PathBuf {
        self.dir.path().join("clone")
    }

    fn git(&self, args: &[&str]) -> String {
        git(&self.clone_dir(), args)
    }

    fn write(&self, path: &str, text: &str) {
        let full = self.clone_dir().join(path);
        fs::create_dir_all(full.parent().unwrap()).unwrap();
        fs::write(full, text).unwrap();
    }

    fn read(&self, path: &str) -> Option<String> {
        fs::read_to_string(self.clone_dir().join(path)).ok()
    }

    fn location(&self) -> Location {
        self.at(Home::Path(self.clone_dir()))
    }

    /// The location of a clone of ours of the same remote.
    fn ours(&self) -> Location {
        self.at(Home::Url(self.remote().display().to_string()))
    }

    fn at(&self, home: Home) -> Location {
        let settings = RepositorySettings {
            name: "fleet".to_owned(),
            home,
            branch: "main".to_owned(),
            remote: "origin".to_owned(),
        };
        Location::new(&settings, &self.dir.path().join("data"))
    }

    fn open(&self) -> Repository {
        Repository::open(&self.location()).unwrap()
    }

    fn lock(&self) -> Lock {
        lock::try_lock(&self.location(), "test").unwrap().unwrap()
    }

    /// Pushes a commit from a second clone: the remote moves on.
    fn move_remote(&self, path: &str, text: &str) {
        let other = self.dir.path().join("elsewhere");
        if !other.exists() {
            git(self.dir.path(), &["clone", "-q", "remote.git", "elsewhere"]);
            identify(&other);
        }
        fs::create_dir_all(other.join(path).parent().unwrap()).unwrap();
        fs::write(other.join(path), text).unwrap();
        git(&other, &["add", "-A"]);
        git(&other, &["commit", "-qm", "elsewhere"]);
        git(&other, &["push", "-q", "origin", "HEAD:main"]);
    }
}

/// Applies one commit and returns it.
fn apply(location: &Location, edits: &[Edit]) -> Result<Option<String>> {
    let repository = Repository::open(location)?;
    let lock = lock::try_lock(location, "test")?.unwrap();
    let mut transaction = Transaction::begin(&repository)?;
    let message = "ingest: one\n\nHedgerow-Operation: ingest\nHedgerow-Fabric: fab\n";
    let id = transaction.commit(edits, message, Some(1_700_000_000))?;
    assert_eq!(transaction.apply(&lock, &Reporter::silent())?, Vec::<String>::new());
    Ok(id)
}

/// An edit of a path, with what is committed and what the working file holds.
fn edit(path: &str, committed: Option<&str>, current: Option<&str>, after: Option<&str>) -> Edit {
    let id = |text: &str| blob_id(text.as_bytes());
    Edit {
        path: path.to_owned(),
        committed: committed.map(id),
        current: current.map(id),
        after: after.map(|text| Arc::from(text.as_bytes())),
    }
}

fn identify(dir: &Path) {
    for (key, value) in [
        ("user.name", "Ann"),
        ("user.email", "ann@example.org"),
        ("commit.gpgSign", "false"),
        ("core.autocrlf", "false"),
    ] {
        git(dir, &["config", key, value]);
    }
}

/// Runs git to set up or to look, without the user's configuration.
#[expect(clippy::disallowed_methods, reason = "tests set up and read repositories by git itself")]
fn git(dir: &Path, args: &[&str]) -> String {
    let out = std::process::Command::new("git")
        .args(args)
        .current_dir(dir)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("HOME", dir)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .unwrap();
    assert!(out.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap().trim_end().to_owned()
}
