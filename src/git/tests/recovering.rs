//! What a run that was cut off left: its locks, its record, its litter; and what is not its own.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use serde_json::Value;

use super::crashes::{RAW, assert_whole, crashed_after, is_new};
use super::{World, edit, git, identify};
use crate::config::Home;
use crate::git::Location;
use crate::git::lock;
use crate::git::repository::Repository;
use crate::git::tree::Transaction;
use crate::progress::Reporter;

/// Of an apply: the objects are on the disk, the branch has not moved.
const PACKED: usize = 4;
/// The branch has moved, files and index have not.
const MOVED: usize = 5;

fn dot_git(world: &World, path: &str) -> PathBuf {
    world.clone_dir().join(".git").join(path)
}

fn intent(world: &World) -> Value {
    serde_json::from_slice(&fs::read(dot_git(world, "hedgerow/intent")).unwrap()).unwrap()
}

fn recover(world: &World) -> Option<String> {
    lock::recover(&world.open(), &world.lock(), Duration::ZERO).unwrap()
}

fn age(path: &PathBuf) {
    let file = fs::OpenOptions::new().write(true).open(path).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_hours(1)).unwrap();
}

#[test]
fn the_locks_of_a_dead_run_are_removed_however_much_was_written() {
    for (head, branch) in [("", None), ("whole", Some("")), ("whole", Some("begun")), ("whole", Some("whole"))] {
        let (world, _) = crashed_after(PACKED);
        let new = intent(&world)["new"].as_str().unwrap().to_owned() + "\n";
        let text = |what: &str| match what {
            "whole" => new.clone(),
            "begun" => new[..17].to_owned(),
            _ => String::new(),
        };
        fs::write(dot_git(&world, "packed-refs.lock"), "").unwrap();
        fs::write(dot_git(&world, "HEAD.lock"), text(head)).unwrap();
        if let Some(branch) = branch {
            fs::write(dot_git(&world, "refs/heads/main.lock"), text(branch)).unwrap();
        }
        let told = recover(&world).unwrap();
        assert!(told.contains("cut off before it changed anything"), "{told}");
        assert!(!is_new(&world));
        assert_whole(&world, false);
        world.git(&["add", "fab/raw/new.yaml"]);
        world.git(&["commit", "-qm", "by hand"]);
        world.git(&["pack-refs", "--all"]);
    }
}

#[test]
fn the_lock_of_packed_references_goes_after_the_branch_moved() {
    let (world, _) = crashed_after(MOVED);
    fs::write(dot_git(&world, "packed-refs.lock"), "").unwrap();
    let told = recover(&world).unwrap();
    let tip = world.git(&["rev-parse", "HEAD"]);
    assert_eq!(
        told,
        format!("an earlier test was cut off after commit {}; 4 files were brought up to date", &tip[..7])
    );
    assert_whole(&world, true);
    assert!(!dot_git(&world, "packed-refs.lock").exists());
}

#[test]
fn a_lock_that_is_not_ours_stays_and_is_told() {
    let (world, _) = crashed_after(PACKED);
    let other = world.git(&["rev-parse", "HEAD"]);
    let lock = dot_git(&world, "refs/heads/main.lock");
    // A commit of somebody else takes all of them together, so HEAD's stays as well.
    fs::write(&lock, format!("{other}\n")).unwrap();
    fs::write(dot_git(&world, "HEAD.lock"), "").unwrap();
    recover(&world).unwrap();
    assert!(lock.exists() && dot_git(&world, "HEAD.lock").exists());
    let told = world.open().standing("fab").unwrap().locked.unwrap();
    assert!(told.contains("HEAD.lock"), "{told}");
    let held = world.lock();
    let mut transaction = Transaction::begin(&world.open()).unwrap();
    transaction.commit(&[edit("y", None, None, Some("y"))], "m\n", None).unwrap();
    let error = transaction.apply(&held, &Reporter::silent()).unwrap_err();
    assert_eq!(error.code(), "E-REPO-LOCKED");
    assert_eq!(world.git(&["rev-parse", "HEAD"]), other);
    assert!(!dot_git(&world, "hedgerow/intent").exists() && !dot_git(&world, "index.lock").exists());
}

#[test]
fn a_lock_older_than_the_intent_stays() {
    let (world, _) = crashed_after(PACKED);
    let new = intent(&world)["new"].as_str().unwrap().to_owned();
    let lock = dot_git(&world, "refs/heads/main.lock");
    fs::write(&lock, format!("{new}\n")).unwrap();
    age(&lock);
    recover(&world).unwrap();
    assert!(lock.exists());
}

#[test]
fn a_lock_of_ours_that_no_intent_names_is_told_at_once() {
    let world = World::filled();
    let path = dot_git(&world, "index.lock");
    fs::write(&path, "hedgerow 4242\n").unwrap();
    assert_eq!(recover(&world), None);
    assert!(path.exists());
    let held = world.lock();
    let mut transaction = Transaction::begin(&world.open()).unwrap();
    transaction.commit(&[edit("y", None, None, Some("y"))], "m\n", None).unwrap();
    let since = std::time::Instant::now();
    let error = transaction.apply(&held, &Reporter::silent()).unwrap_err();
    assert!(since.elapsed() < Duration::from_secs(8), "{:?}", since.elapsed());
    assert_eq!(error.code(), "E-REPO-LOCKED");
    assert!(error.to_string().contains("process 4242, which is gone"), "{error}");
}

#[test]
fn a_damaged_intent_is_set_aside_once() {
    for damaged in [
        "",
        "{",
        "no",
        r#"{"old":null,"new":"x","paths":[]}"#,
        r#"{"old":null,"new":null,"paths":[{"path":"../x","committed":null,"current":null,"after":null,"executable":false}]}"#,
    ] {
        let world = World::filled();
        fs::create_dir_all(dot_git(&world, "hedgerow")).unwrap();
        fs::write(dot_git(&world, "hedgerow/intent"), damaged).unwrap();
        assert!(lock::is_left(&world.open()));
        let told = recover(&world).unwrap();
        assert!(told.contains("could not be read") && told.contains("intent.damaged-"), "{told}");
        assert_eq!(recover(&world), None);
        let kept = fs::read_dir(dot_git(&world, "hedgerow")).unwrap().flatten();
        assert!(kept.map(|entry| entry.path()).any(|path| fs::read_to_string(path).is_ok_and(|text| text == damaged)));
        super::apply(&world.location(), &[edit("y", None, None, Some("y"))]).unwrap();
    }
}

#[test]
fn an_intent_of_an_older_version_is_understood() {
    let (world, _) = crashed_after(MOVED);
    let mut old = intent(&world);
    let fields = old.as_object_mut().unwrap();
    for name in ["operation", "branch", "locks"] {
        fields.remove(name).unwrap();
    }
    // It took the lock of the index before it wrote the intent.
    fs::write(dot_git(&world, "index.lock"), "hedgerow 4242\n").unwrap();
    age(&dot_git(&world, "index.lock"));
    fs::write(dot_git(&world, "hedgerow/intent"), old.to_string()).unwrap();
    fs::write(dot_git(&world, "HEAD.lock"), "").unwrap();
    let told = recover(&world).unwrap();
    assert!(told.starts_with("an earlier run was cut off after commit "), "{told}");
    assert_whole(&world, true);
    assert!(!dot_git(&world, "HEAD.lock").exists());
}

#[test]
fn another_branch_that_is_checked_out_keeps_its_files() {
    let (world, _) = crashed_after(MOVED);
    fs::remove_file(dot_git(&world, "index.lock")).unwrap();
    world.git(&["stash", "-q"]);
    world.git(&["checkout", "-q", "-b", "other", "main~1"]);
    let before = world.git(&["status", "--porcelain"]);
    let told = recover(&world).unwrap();
    assert!(told.contains("main is not checked out any more, so no file was touched"), "{told}");
    assert_eq!(world.git(&["status", "--porcelain"]), before);
    assert!(!lock::is_left(&world.open()));
}

#[test]
fn a_linked_working_tree_has_its_own_intent_and_shared_locks() {
    let world = World::filled();
    world.git(&["worktree", "add", "-q", "-b", "side", "../linked"]);
    let dir = world.dir.path().join("linked");
    let location =
        Location { home: Home::Path(dir.clone()), dir: dir.clone(), branch: "side".to_owned(), ..world.location() };
    let held = lock::try_lock(&location, "ingest").unwrap().unwrap();
    let mut transaction = Transaction::begin(&Repository::open(&location).unwrap()).unwrap();
    transaction.commit(&[edit("y", None, None, Some("y"))], "m\n", None).unwrap();
    let mut steps = 0;
    let crash = transaction.apply_with(&held, &Reporter::silent(), &mut |_| {
        steps += 1;
        if steps == MOVED { Err(crate::error::Error::Stopped) } else { Ok(()) }
    });
    assert!(crash.is_err());
    drop(held);
    fs::write(dot_git(&world, "packed-refs.lock"), "").unwrap();
    assert!(lock::is_left(&world.open()));
    let told = recover(&world).unwrap();
    assert!(told.contains("in another working tree"), "{told}");
    assert!(!dot_git(&world, "packed-refs.lock").exists());
    assert!(!dir.join("y").exists());
    let lock = lock::try_lock(&location, "status").unwrap().unwrap();
    lock::recover(&Repository::open(&location).unwrap(), &lock, Duration::ZERO).unwrap().unwrap();
    assert_eq!(fs::read_to_string(dir.join("y")).unwrap(), "y");
    assert_eq!(git(&dir, &["status", "--porcelain"]), "");
}

#[test]
fn a_line_that_was_cut_off_in_a_log_is_taken_out() {
    let (world, _) = crashed_after(PACKED);
    let log = dot_git(&world, "logs/HEAD");
    let whole = fs::read_to_string(&log).unwrap();
    let old = world.git(&["rev-parse", "HEAD"]);
    fs::write(&log, format!("{whole}{old} {}", &old[..12])).unwrap();
    recover(&world).unwrap();
    assert_eq!(fs::read_to_string(&log).unwrap(), whole);
}

#[test]
fn litter_of_a_dead_run_is_swept_away_and_nothing_else() {
    let (world, _) = crashed_after(PACKED);
    let pack = |name: &str| dot_git(&world, &format!("objects/pack/{name}"));
    let marked: Vec<PathBuf> = fs::read_dir(pack("")).unwrap().flatten().map(|entry| entry.path()).collect();
    let ours = marked.iter().find(|path| path.extension().is_some_and(|end| end == "keep")).unwrap();
    fs::write(ours, "").unwrap();
    for name in [".tmpAbCd12", ".tmp-7-pack-1.pack", "pack-mine.keep"] {
        fs::write(pack(name), "").unwrap();
    }
    fs::write(pack("pack-mine.pack"), "").unwrap();
    age(&pack("pack-mine.pack"));
    fs::write(dot_git(&world, "index.hedgerow-4242"), "").unwrap();
    recover(&world).unwrap();
    assert!(!ours.exists() && !pack(".tmpAbCd12").exists());
    assert!(!dot_git(&world, "index.hedgerow-4242").exists());
    assert!(pack(".tmp-7-pack-1.pack").exists() && pack("pack-mine.keep").exists());
}

#[test]
fn a_run_cut_off_in_a_clone_of_ours_leaves_no_lock() {
    let world = World::filled();
    let location = world.ours();
    fs::create_dir_all(location.dir.parent().unwrap()).unwrap();
    git(world.dir.path(), &["clone", "-q", "--bare", "remote.git", &location.dir.display().to_string()]);
    identify(&location.dir);
    let held = lock::try_lock(&location, "ingest").unwrap().unwrap();
    let mut transaction = Transaction::begin(&Repository::open(&location).unwrap()).unwrap();
    let new = transaction.commit(&[edit("y", None, None, Some(RAW))], "m\n", None).unwrap().unwrap();
    let mut told = |step| match step {
        crate::git::tree::Step::Packed => Err(crate::error::Error::Stopped),
        _ => Ok(()),
    };
    transaction.apply_with(&held, &Reporter::silent(), &mut told).unwrap_err();
    let lock = location.dir.join("refs/heads/main.lock");
    fs::write(&lock, format!("{new}\n")).unwrap();
    let told = lock::recover(&Repository::open(&location).unwrap(), &held, Duration::ZERO).unwrap().unwrap();
    assert!(told.contains("before it changed anything"), "{told}");
    assert!(!lock.exists());
}
