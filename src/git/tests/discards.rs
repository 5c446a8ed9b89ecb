//! Discards in a user's clone, cut off after every step.

use super::{World, apply, edit, identify};
use crate::error::{Error, Result};
use crate::git::lock;
use crate::git::tree::Step;
use crate::progress::Reporter;

const RAW: &str = "kind: VPC\n";
const OLD: &str = "a: 1\n";

/// A world where one commit of ours took an untracked raw file in.
fn taken_in() -> World {
    let world = World::filled();
    world.write("fab/raw/new.yaml", RAW);
    world.write("other/notes.txt", "mine\n");
    let edits = [
        edit("fab/managed/vpcs/v1.yaml", Some(OLD), Some(OLD), Some("a: 2\n")),
        edit("fab/raw/new.yaml", None, Some(RAW), None),
        edit("fab/raw/processed/new.yaml", None, None, Some(RAW)),
    ];
    let message = "ingest: one\n\nHedgerow-Operation: ingest\nHedgerow-Fabric: fab\nHedgerow-Directory: fab\n\
                   Hedgerow-Source: raw/new.yaml\n";
    let (location, lock) = (world.location(), world.lock());
    let mut transaction = crate::git::tree::Transaction::begin(&world.open()).unwrap();
    transaction.commit(&edits, message, None).unwrap().unwrap();
    transaction.apply(&lock, &Reporter::silent()).unwrap();
    assert_eq!(location.dir, world.clone_dir());
    world
}

/// Takes the commit back, and crashes after as many steps.
fn crashed_after(steps: usize) -> (World, Vec<Step>) {
    let world = taken_in();
    let discard = world.open().discard(false).unwrap();
    let mut seen = Vec::new();
    let mut told = |step: Step| -> Result<()> {
        seen.push(step);
        if seen.len() == steps { Err(Error::Internal("crash".to_owned())) } else { Ok(()) }
    };
    let _ = discard.apply_with(&world.open(), &world.lock(), &Reporter::silent(), &mut told);
    (world, seen)
}

fn assert_whole(world: &World, is_back: bool) {
    let status = world.git(&["status", "--porcelain", "-uall"]);
    let expected = if is_back { " M other/notes.txt\n?? fab/raw/new.yaml" } else { " M other/notes.txt" };
    assert_eq!(status, expected);
    assert_eq!(world.read("fab/raw/new.yaml").is_some(), is_back);
    assert_eq!(world.read("fab/raw/processed/new.yaml").is_some(), !is_back);
    assert_eq!(world.read("fab/managed/vpcs/v1.yaml").unwrap(), if is_back { OLD } else { "a: 2\n" });
    assert_eq!(world.git(&["rev-parse", "HEAD^{tree}"]), world.git(&["write-tree"]));
    assert!(!world.clone_dir().join(".git/hedgerow/intent").exists());
    world.git(&["fsck", "--strict"]);
}

#[test]
fn every_step_of_a_discard_can_be_the_last() {
    let (world, steps) = crashed_after(usize::MAX);
    assert_whole(&world, true);
    let moved = steps.iter().position(|step| *step == Step::Moved).unwrap();
    for (at, step) in steps.iter().enumerate() {
        let (world, seen) = crashed_after(at + 1);
        assert_eq!(seen.last(), Some(step));
        let is_back = world.git(&["log", "-1", "--format=%s"]) == "first";
        assert_eq!(is_back, at >= moved, "{step:?}");
        lock::recover(&world.open(), &world.lock(), std::time::Duration::ZERO).unwrap();
        assert_whole(&world, is_back);
        assert_eq!(lock::recover(&world.open(), &world.lock(), std::time::Duration::ZERO).unwrap(), None);
        let ids = world.git(&["for-each-ref", "--format=%(refname)", "refs/hedgerow/old"]);
        assert!(ids.starts_with("refs/hedgerow/old/"), "{step:?}");
    }
}

#[test]
fn a_clone_of_ours_follows_until_it_has_a_commit_of_its_own() {
    let world = World::filled();
    let ours = world.ours();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        crate::git::program::prepare(&ours, &Reporter::silent()).await.unwrap();
        crate::git::program::fetch(&ours, &Reporter::silent()).await.unwrap();
        let repository = || crate::git::repository::Repository::open(&ours).unwrap();
        identify(&ours.dir);
        apply(&ours, &[edit("fab/x.yaml", None, None, Some("x\n"))]).unwrap();
        let own = repository().tip().unwrap();
        assert_ne!(own, repository().upstream().unwrap());
        world.move_remote("there.txt", "there\n");
        crate::git::program::fetch(&ours, &Reporter::silent()).await.unwrap();
        assert_eq!(repository().tip().unwrap(), own, "its own commit stays the tip");
        let plan = repository().discard(true).unwrap();
        plan.apply(&repository(), &lock::try_lock(&ours, "test").unwrap().unwrap(), &Reporter::silent()).unwrap();
        assert_eq!(repository().tip().unwrap(), repository().upstream().unwrap());
        let standing = repository().standing("").unwrap();
        assert_eq!((standing.repository_ahead, standing.repository_behind), (0, 0));
    });
}
