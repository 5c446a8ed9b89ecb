//! A crash between any two steps of apply: afterwards everything is as before, or as it was to become.

use std::fs;
use std::time::Duration;

use super::{World, edit};
use crate::error::{Error, Result};
use crate::fabric::plan::Edit;
use crate::git::lock;
use crate::git::tree::{Step, Transaction};
use crate::progress::Reporter;

pub(super) const RAW: &str = "kind: VPC\n";
const OLD: &str = "a: 1\n";

fn edits() -> Vec<Edit> {
    vec![
        edit("fab/managed/vpcs/v1.yaml", Some(OLD), Some(OLD), Some("a: 2\n")),
        edit("fab/managed/vpcs/v2.yaml", None, None, Some(RAW)),
        edit("fab/raw/new.yaml", None, Some(RAW), None),
        edit("fab/raw/processed/new.yaml", None, None, Some(RAW)),
    ]
}

/// A world with a raw file, and an apply of it that crashes after as many steps.
pub(super) fn crashed_after(steps: usize) -> (World, Vec<Step>) {
    let world = World::filled();
    world.write("fab/raw/new.yaml", RAW);
    world.write("other/notes.txt", "mine\n");
    let lock = world.lock();
    let mut transaction = Transaction::begin(&world.open()).unwrap();
    transaction.commit(&edits(), "ingest\n", None).unwrap().unwrap();
    let mut seen = Vec::new();
    let mut told = |step: Step| -> Result<()> {
        seen.push(step);
        if seen.len() == steps { Err(Error::Internal("crash".to_owned())) } else { Ok(()) }
    };
    let _ = transaction.apply_with(&lock, &Reporter::silent(), &mut told);
    (world, seen)
}

pub(super) fn is_new(world: &World) -> bool {
    world.git(&["log", "-1", "--format=%s"]) == "ingest"
}

pub(super) fn assert_whole(world: &World, new: bool) {
    let status = world.git(&["status", "--porcelain", "-uall"]);
    let expected = if new { " M other/notes.txt" } else { " M other/notes.txt\n?? fab/raw/new.yaml" };
    assert_eq!(status, expected);
    assert_eq!(world.read("fab/raw/new.yaml").is_some(), !new);
    assert_eq!(world.read("fab/managed/vpcs/v1.yaml").unwrap(), if new { "a: 2\n" } else { OLD });
    assert_eq!(world.read("other/notes.txt").unwrap(), "mine\n");
    let tree = world.git(&["write-tree"]);
    assert_eq!(world.git(&["rev-parse", "HEAD^{tree}"]), tree);
    assert!(!world.clone_dir().join(".git/index.lock").exists());
    assert!(!world.clone_dir().join(".git/hedgerow/intent").exists());
    world.git(&["fsck", "--strict"]);
}

#[test]
fn every_step_can_be_the_last() {
    let (world, steps) = crashed_after(usize::MAX);
    assert_whole(&world, true);
    assert_eq!(steps.len(), 11, "{steps:?}");
    for (at, step) in steps.iter().enumerate() {
        let (world, seen) = crashed_after(at + 1);
        assert_eq!(seen.last(), Some(step));
        let new = is_new(&world);
        let moved = steps.iter().position(|step| *step == Step::Moved).unwrap();
        assert_eq!(new, at >= moved, "{step:?}");
        let intended = world.clone_dir().join(".git/hedgerow/intent").exists();
        let told = lock::recover(&world.open(), &world.lock(), Duration::ZERO).unwrap();
        assert_eq!(told.is_some(), intended, "{step:?}: {told:?}");
        assert_whole(&world, new);
        assert_eq!(lock::recover(&world.open(), &world.lock(), Duration::ZERO).unwrap(), None);
    }
}

#[test]
fn a_file_changed_after_the_crash_is_left_alone() {
    let (world, seen) = crashed_after(5);
    assert_eq!(seen.last(), Some(&Step::Moved));
    world.write("fab/raw/new.yaml", "changed since\n");
    let told = lock::recover(&world.open(), &world.lock(), Duration::ZERO).unwrap().unwrap();
    assert!(told.ends_with("left alone: fab/raw/new.yaml"), "{told}");
    assert_eq!(world.read("fab/raw/new.yaml").unwrap(), "changed since\n");
    assert_eq!(world.read("fab/managed/vpcs/v2.yaml").unwrap(), RAW);
}

#[test]
fn somebody_elses_index_lock_is_never_removed() {
    let world = World::filled();
    let path = world.clone_dir().join(".git/index.lock");
    fs::write(&path, "DIRC").unwrap();
    assert_eq!(lock::recover(&world.open(), &world.lock(), Duration::ZERO).unwrap(), None);
    assert_eq!(fs::read_to_string(&path).unwrap(), "DIRC");
    assert!(world.open().standing("fab").unwrap().locked.unwrap().contains("index.lock"));
    let lock = world.lock();
    let mut transaction = Transaction::begin(&world.open()).unwrap();
    transaction.commit(&[edit("y", None, None, Some("y"))], "m\n", None).unwrap();
    let report = Reporter::silent();
    report.stop();
    assert_eq!(transaction.apply(&lock, &report).unwrap_err().code(), "E-STOPPED");
    assert!(path.exists());
}

#[tokio::test]
async fn two_holders_of_the_lock() {
    let world = World::filled();
    let location = world.location();
    assert_eq!(lock::holder(&location), None);
    let held = lock::try_lock(&location, "ingest dc1").unwrap().unwrap();
    assert!(lock::try_lock(&location, "push").unwrap().is_none());
    let holder = lock::holder(&location).unwrap();
    assert_eq!((holder.pid, holder.operation.as_str()), (std::process::id(), "ingest dc1"));
    let waited = lock::lock_within(&location, "push", &Reporter::silent(), std::time::Duration::ZERO).await;
    let error = waited.unwrap_err();
    assert!(error.to_string().contains("hedgerow ingest dc1"), "{error}");
    assert_eq!(error.code(), "E-REPO-LOCKED");
    drop(held);
    assert_eq!(lock::holder(&location), None);
    lock::lock(&location, "push", &Reporter::silent()).await.unwrap();
}
