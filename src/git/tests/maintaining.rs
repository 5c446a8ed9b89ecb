//! Maintenance: only in a clone of ours, once a day, and never in the way of a writer.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use super::{World, git};
use crate::git::lock;
use crate::git::program;
use crate::git::repository::Repository;
use crate::progress::Reporter;

/// Gives a clone three packs, and a limit of one.
async fn filled(world: &World, location: &crate::git::Location) {
    program::prepare(location, &Reporter::silent()).await.unwrap();
    for at in ["1", "2", "3"] {
        world.move_remote("a", at);
        program::fetch(location, &Reporter::silent()).await.unwrap();
        git(&location.dir, &["repack", "-q", "-d"]);
    }
    git(&location.dir, &["config", "gc.autoPackLimit", "1"]);
    assert!(packs(&location.dir) >= 3);
}

fn packs(dir: &Path) -> usize {
    let all = fs::read_dir(dir.join("objects/pack")).unwrap();
    all.filter(|entry| entry.as_ref().unwrap().path().extension().is_some_and(|end| end == "pack")).count()
}

#[tokio::test]
async fn many_packs_become_one_at_most_once_a_day() {
    let world = World::filled();
    let location = world.ours();
    filled(&world, &location).await;
    let held = lock::try_lock(&location, "ingest").unwrap().unwrap();
    assert!(!program::maintain(&location, &Reporter::silent()).await.unwrap(), "beside a writer");
    drop(held);
    assert!(program::maintain(&location, &Reporter::silent()).await.unwrap());
    assert_eq!(packs(&location.dir), 1);
    assert!(!program::maintain(&location, &Reporter::silent()).await.unwrap(), "on the same day");
    let stamp = fs::File::options().write(true).open(location.dir.join("hedgerow/maintained")).unwrap();
    stamp.set_modified(SystemTime::now() - Duration::from_hours(25)).unwrap();
    assert!(program::maintain(&location, &Reporter::silent()).await.unwrap());
}

#[tokio::test]
async fn a_users_clone_and_one_that_somebody_maintains_are_left_alone() {
    let world = World::filled();
    world.git(&["config", "gc.autoPackLimit", "1"]);
    for at in ["1", "2", "3"] {
        world.write("a", at);
        world.git(&["add", "-A"]);
        world.git(&["commit", "-qm", at]);
        world.git(&["repack", "-q", "-d"]);
    }
    let before = packs(&world.clone_dir().join(".git"));
    assert!(!program::maintain(&world.location(), &Reporter::silent()).await.unwrap());
    assert_eq!(packs(&world.clone_dir().join(".git")), before);
    let location = world.ours();
    filled(&world, &location).await;
    fs::write(location.dir.join("gc.pid"), "1 elsewhere").unwrap();
    assert!(!program::maintain(&location, &Reporter::silent()).await.unwrap());
    assert!(location.dir.join("gc.pid").exists() && packs(&location.dir) >= 3);
}

#[cfg(unix)]
#[tokio::test]
async fn a_writer_that_waits_gets_the_lock_and_a_stop_ends_it() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::filled();
    let location = world.ours();
    filled(&world, &location).await;
    // Git asks this hook before it begins, and it never answers.
    let hook = location.dir.join("hooks/pre-auto-gc");
    fs::create_dir_all(hook.parent().unwrap()).unwrap();
    fs::write(&hook, "#!/bin/sh\nmkfifo never 2>/dev/null\nexec cat never\n").unwrap();
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).unwrap();
    let report = Reporter::silent();
    let (maintained, held) =
        tokio::join!(program::maintain(&location, &report), lock::lock(&location, "ingest", &report));
    assert!(!maintained.unwrap());
    drop(held.unwrap());
    let stopped = Reporter::silent();
    let (maintained, ()) = tokio::join!(program::maintain(&location, &stopped), async { stopped.stop() });
    assert!(!maintained.unwrap());
    for left in ["gc.pid", "objects/maintenance.lock", "hedgerow/maintained"] {
        assert!(!location.dir.join(left).exists(), "{left}");
    }
    assert!(Repository::open(&location).unwrap().tip().unwrap().is_some());
    assert!(lock::try_lock(&location, "ingest").unwrap().is_some());
}
