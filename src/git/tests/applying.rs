//! Commits into both homes; foreign edits stay; stale plans are refused.

use std::fs;

use super::{World, apply, edit, git};
use crate::error::Error;
use crate::git::lock;
use crate::git::program;
use crate::git::repository::Repository;
use crate::git::tree::Transaction;
use crate::git::worktree;
use crate::progress::Reporter;

const RAW: &str = "kind: VPC\n";

#[test]
fn the_first_commit_on_an_unborn_branch() {
    let world = World::empty();
    let repository = world.open();
    assert_eq!(repository.tip().unwrap(), None);
    repository.check_writable().unwrap();
    let id = apply(&world.location(), &[edit("fab/README.md", None, None, Some("hello\n"))]).unwrap();
    assert_eq!(world.git(&["rev-parse", "main"]), id.unwrap());
    assert_eq!(world.git(&["status", "--porcelain"]), "");
    assert_eq!(world.git(&["log", "-1", "--format=%an <%ae> %ct %s"]), "Ann <ann@example.org> 1700000000 ingest: one");
    assert_eq!(world.git(&["reflog", "--format=%gs"]), "hedgerow: ingest: one");
    world.git(&["fsck", "--strict"]);
}

#[test]
fn foreign_edits_stay_as_they_are() {
    let world = World::filled();
    world.write("fab/raw/new.yaml", RAW);
    world.write("README.md", "edited, not staged\n");
    world.write("other/notes.txt", "staged\n");
    world.git(&["add", "other/notes.txt"]);
    world.write("other/notes.txt", "staged and edited again\n");
    world.write("other/untracked.txt", "mine\n");
    world.git(&["write-tree"]);
    let index_before = world.git(&["ls-files", "-s"]);
    let edits = [
        edit("fab/raw/new.yaml", None, Some(RAW), None),
        edit("fab/raw/processed/new.yaml", None, None, Some(RAW)),
        edit("fab/managed/vpcs/v2.yaml", None, None, Some(RAW)),
        edit("fab/managed/vpcs/v1.yaml", Some("a: 1\n"), Some("a: 1\n"), Some("a: 2\n")),
    ];
    worktree::obstacles(&world.open(), &edits).unwrap();
    apply(&world.location(), &edits).unwrap().unwrap();

    let status = world.git(&["status", "--porcelain", "-uall"]);
    assert_eq!(status, " M README.md\nMM other/notes.txt\n?? other/untracked.txt");
    assert_eq!(world.read("other/notes.txt").unwrap(), "staged and edited again\n");
    assert_eq!(world.read("fab/managed/vpcs/v1.yaml").unwrap(), "a: 2\n");
    assert_eq!(world.read("fab/raw/new.yaml"), None);
    let shown = world.git(&["show", "--format=", "--name-only", "HEAD"]);
    assert_eq!(shown, "fab/managed/vpcs/v1.yaml\nfab/managed/vpcs/v2.yaml\nfab/raw/processed/new.yaml");

    let index_after = world.git(&["ls-files", "-s"]);
    let foreign = |text: &str| {
        text.lines()
            .filter(|line| !line.contains("fab/managed") && !line.contains("processed"))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(foreign(&index_before), foreign(&index_after));
    // What the user would commit now: the tip's tree with only the staged note on top.
    let tree = world.git(&["write-tree"]);
    assert_eq!(world.git(&["diff", "--name-only", "HEAD", &tree]), "other/notes.txt");
    world.git(&["fsck", "--strict"]);
}

#[test]
fn a_staged_raw_file_is_taken_in() {
    let world = World::filled();
    world.write("fab/raw/new.yaml", RAW);
    world.git(&["add", "fab/raw/new.yaml"]);
    let edits = [edit("fab/raw/new.yaml", None, Some(RAW), None), edit("fab/managed/new.yaml", None, None, Some(RAW))];
    worktree::obstacles(&world.open(), &edits).unwrap();
    apply(&world.location(), &edits).unwrap().unwrap();
    assert_eq!(world.git(&["status", "--porcelain"]), "");
}

#[test]
fn an_untracked_leftover_goes_without_a_commit() {
    let world = World::filled();
    let tip = world.git(&["rev-parse", "main"]);
    world.write("fab/raw/again.yaml", "a: 1\n");
    let id = apply(&world.location(), &[edit("fab/raw/again.yaml", None, Some("a: 1\n"), None)]).unwrap();
    assert_eq!(id, None);
    assert_eq!(world.read("fab/raw/again.yaml"), None);
    assert_eq!(world.git(&["rev-parse", "main"]), tip);
}

#[test]
fn obstacles_are_named() {
    let world = World::filled();
    let dirty = |edits: &[_]| match worktree::obstacles(&world.open(), edits) {
        Err(Error::RepoDirty { paths }) => paths,
        other => panic!("{other:?}"),
    };
    let path = "fab/managed/vpcs/v1.yaml";
    world.write(path, "a: by hand\n");
    let over = [edit(path, Some("a: 1\n"), Some("a: by hand\n"), Some("a: 2\n"))];
    assert_eq!(dirty(&over), [path]);
    world.git(&["add", path]);
    world.write(path, "a: 1\n");
    assert_eq!(dirty(&[edit(path, Some("a: 1\n"), Some("a: 1\n"), Some("a: 2\n"))]), [path]);
    world.write("fab/raw/x.yaml", RAW);
    assert_eq!(dirty(&[edit("fab/raw/x.yaml", None, Some(RAW), None)]), ["fab/raw/x.yaml"]);
}

#[test]
fn unsupported_paths_are_refused_in_both_homes() {
    let world = World::filled();
    world.write(".gitattributes", "*.bin filter=lfs\n");
    world.git(&["add", "-A"]);
    world.git(&["commit", "-qm", "lfs"]);
    world.git(&["update-index", "--skip-worktree", "README.md"]);
    let refused = |edits: &[_]| worktree::obstacles(&world.open(), edits).unwrap_err().to_string();
    assert!(refused(&[edit("x.bin", None, None, Some("x"))]).contains("filter=lfs"));
    let skipped = [edit("README.md", Some("read me\n"), Some("read me\n"), Some("x"))];
    assert!(refused(&skipped).contains("sparse"));
    let mut transaction = Transaction::begin(&world.open()).unwrap();
    let below = transaction.commit(&[edit("README.md/x", None, None, Some("x"))], "m", None).unwrap_err();
    assert!(below.to_string().contains("lies below README.md, which is a file"), "{below}");
    let filtered = transaction.commit(&[edit("x.bin", None, None, Some("x"))], "m", None).unwrap_err();
    assert_eq!(filtered.code(), "E-REPO-UNSUPPORTED");
    let outside = transaction.commit(&[edit("../x", None, None, Some("x"))], "m", None).unwrap_err();
    assert_eq!(outside.code(), "E-INTERNAL");
}

#[test]
fn links_are_not_followed() {
    let world = World::filled();
    let outside = world.dir.path().join("outside");
    fs::create_dir(&outside).unwrap();
    std::os::unix::fs::symlink(&outside, world.clone_dir().join("fab/link")).unwrap();
    let edits = [edit("fab/link/x.yaml", None, None, Some("x"))];
    assert_eq!(worktree::obstacles(&world.open(), &edits).unwrap_err().code(), "E-REPO-UNSUPPORTED");
    assert_eq!(apply(&world.location(), &edits).unwrap_err().code(), "E-REPO-UNSUPPORTED");
    assert_eq!(fs::read_dir(outside).unwrap().count(), 0);
}

#[test]
fn stale_plans_change_nothing() {
    let world = World::filled();
    let location = world.location();
    let index = fs::read(world.clone_dir().join(".git/index")).unwrap();
    let stale = apply(&location, &[edit("README.md", Some("old\n"), None, Some("x"))]).unwrap_err();
    assert_eq!(stale.code(), "E-PLAN-STALE");
    world.write("fab/raw/x.yaml", "changed\n");
    let raw = apply(&location, &[edit("fab/raw/x.yaml", None, Some(RAW), None), edit("y", None, None, Some("y"))]);
    assert_eq!(raw.unwrap_err().code(), "E-PLAN-STALE");
    world.write("README.md", "edited\n");
    let text = Some("read me\n");
    let edited = apply(&location, &[edit("README.md", text, text, Some("x"))]).unwrap_err();
    assert_eq!(edited.code(), "E-REPO-DIRTY");

    let lock = world.lock();
    let mut transaction = Transaction::begin(&world.open()).unwrap();
    transaction.commit(&[edit("y", None, None, Some("y"))], "m\n", None).unwrap();
    world.git(&["commit", "-q", "--allow-empty", "-m", "meanwhile"]);
    let tip = world.git(&["rev-parse", "main"]);
    let moved = transaction.apply(&lock, &Reporter::silent()).unwrap_err();
    assert_eq!(moved.code(), "E-PLAN-STALE");
    assert_eq!(world.git(&["rev-parse", "main"]), tip);
    assert_eq!(world.read("y"), None);
    assert_eq!(lock::recover(&world.open(), &lock, std::time::Duration::ZERO).unwrap(), None);
    assert_eq!(fs::read(world.clone_dir().join(".git/index")).unwrap().len(), index.len());
    assert!(!world.clone_dir().join(".git/index.lock").exists());
}

#[tokio::test]
async fn a_commit_into_a_clone_of_ours() {
    let world = World::filled();
    let location = world.ours();
    program::prepare(&location, &Reporter::silent()).await.unwrap();
    super::identify(&location.dir);
    let repository = Repository::open(&location).unwrap();
    let published = world.git(&["rev-parse", "main"]);
    assert_eq!(repository.tip().unwrap().as_ref(), Some(&published));
    assert!(!repository.has_branch().unwrap());
    let id =
        apply(&location, &[edit("README.md", Some("read me\n"), Some("read me\n"), Some("new\n"))]).unwrap().unwrap();
    let repository = Repository::open(&location).unwrap();
    assert_eq!(repository.tip().unwrap().as_ref(), Some(&id));
    let unpublished = repository.unpublished().unwrap();
    assert_eq!(unpublished.len(), 1);
    assert_eq!(unpublished[0].fabric.as_deref(), Some("fab"));
    assert_eq!(git(&location.dir, &["show", "main:README.md"]), "new");
    assert_eq!(git(&location.dir, &["rev-parse", "main~1"]), published);
    git(&location.dir, &["fsck", "--strict"]);
}
