//! Clone, fetch, push and pull against a bare remote by path.

use std::fs;
use std::time::{Duration, Instant};

use super::{World, apply, edit, git, identify};
use crate::git::program::{self, Child, PushAnswer, Silence};
use crate::git::repository::Repository;
use crate::progress::Reporter;

fn quiet() -> Reporter {
    Reporter::silent()
}

#[tokio::test]
async fn git_is_recent_enough() {
    assert!(program::version().await.unwrap() >= (2, 31));
}

#[tokio::test]
async fn every_talk_can_run_on_any_thread() {
    let world = World::filled();
    let (location, report) = (world.location(), quiet());
    let tip = world.git(&["rev-parse", "main"]);
    let work = async move {
        program::prepare(&location, &report).await?;
        program::fetch(&location, &report).await?;
        program::fast_forward(&location, &tip, &report).await?;
        let _held = crate::git::lock::lock(&location, "push", &report).await?;
        program::push(&location, &tip, &report).await?;
        program::ls_remote(&location, &report).await.map(|found| found == Some(tip))
    };
    assert!(tokio::spawn(work).await.unwrap().unwrap());
}

#[tokio::test]
async fn an_empty_remote_gets_its_first_commit() {
    let world = World::empty();
    for location in [world.ours(), world.location()] {
        program::prepare(&location, &quiet()).await.unwrap();
        let fetched = program::fetch(&location, &quiet()).await.unwrap();
        assert_eq!((fetched.before, fetched.after), (None, None));
        let standing = Repository::open(&location).unwrap().standing("").unwrap();
        assert!(standing.remote_is_empty && standing.checked_at.is_some());
    }
    let location = world.ours();
    identify(&location.dir);
    let id = apply(&location, &[edit("a", None, None, Some("a\n"))]).unwrap().unwrap();
    assert_eq!(Repository::open(&location).unwrap().standing("").unwrap().ahead, 1);
    let answer = program::push(&location, &id, &quiet()).await.unwrap();
    assert!(matches!(answer, PushAnswer::Accepted), "{answer:?}");
    assert_eq!(program::ls_remote(&location, &quiet()).await.unwrap().as_ref(), Some(&id));
    assert_eq!(git(&world.remote(), &["rev-parse", "main"]), id);
    let standing = Repository::open(&location).unwrap().standing("").unwrap();
    assert_eq!((standing.upstream.as_ref(), standing.ahead), (Some(&id), 0));
    assert!(!standing.remote_is_empty);
    let answer = program::push(&location, &id, &quiet()).await.unwrap();
    assert!(matches!(answer, PushAnswer::UpToDate), "{answer:?}");
}

#[tokio::test]
async fn a_moved_remote_refuses_the_push() {
    let world = World::filled();
    let location = world.location();
    let id = apply(&location, &[edit("a", None, None, Some("a\n"))]).unwrap().unwrap();
    world.move_remote("b", "b\n");
    let moved = git(&world.remote(), &["rev-parse", "main"]);
    let PushAnswer::Rejected(error) = program::push(&location, &id, &quiet()).await.unwrap() else {
        panic!("not rejected");
    };
    assert_eq!(error.code(), "E-PUSH-NONFF");
    assert_eq!(git(&world.remote(), &["rev-parse", "main"]), moved);
    let fetched = program::fetch(&location, &quiet()).await.unwrap();
    assert_eq!(fetched.after.as_ref(), Some(&moved));
    let standing = world.open().standing("").unwrap();
    assert_eq!((standing.ahead, standing.behind), (1, 1));
    let error = program::fast_forward(&location, &moved, &quiet()).await.unwrap_err();
    assert_eq!(error.code(), "E-REPO-DIVERGED");
}

#[tokio::test]
async fn hooks_of_both_sides_can_refuse() {
    let world = World::filled();
    let location = world.location();
    let id = apply(&location, &[edit("a", None, None, Some("a\n"))]).unwrap().unwrap();
    let hook = |path: std::path::PathBuf, text: &str| {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        path
    };
    let refused = async |expected: &str, word: &str| {
        let PushAnswer::Rejected(error) = program::push(&location, &id, &quiet()).await.unwrap() else {
            panic!("not rejected");
        };
        assert_eq!(error.code(), expected);
        assert!(error.detail().contains(word), "{}", error.detail());
    };
    let server = world.remote().join("hooks/pre-receive");
    hook(server.clone(), "#!/bin/sh\necho no signature >&2\nexit 1\n");
    refused("E-PUSH-HOOK", "no signature").await;
    hook(server.clone(), "#!/bin/sh\necho 'GH006: Protected branch update failed' >&2\nexit 1\n");
    refused("E-PUSH-PROTECTED", "GH006").await;
    fs::remove_file(server).unwrap();
    hook(world.clone_dir().join(".git/hooks/pre-push"), "#!/bin/sh\necho not today >&2\nexit 1\n");
    refused("E-PUSH-HOOK", "not today").await;
}

#[tokio::test]
async fn a_pull_brings_both_homes_forward() {
    let world = World::filled();
    let (path, ours) = (world.location(), world.ours());
    program::prepare(&ours, &quiet()).await.unwrap();
    identify(&ours.dir);
    let id = apply(&ours, &[edit("a", None, None, Some("a\n"))]).unwrap().unwrap();
    program::push(&ours, &id, &quiet()).await.unwrap();
    world.move_remote("b", "b\n");
    let tip = git(&world.remote(), &["rev-parse", "main"]);
    world.write("README.md", "edited\n");
    for location in [&path, &ours] {
        program::fetch(location, &quiet()).await.unwrap();
        // Nobody works in a clone of ours: it has followed already.
        let is_behind = Repository::open(location).unwrap().standing("").unwrap().behind > 0;
        assert_eq!(is_behind, !location.is_ours());
        program::fast_forward(location, &tip, &quiet()).await.unwrap();
        assert_eq!(Repository::open(location).unwrap().tip().unwrap().as_ref(), Some(&tip));
    }
    assert_eq!(world.read("b").unwrap(), "b\n");
    assert_eq!(world.read("README.md").unwrap(), "edited\n");
}

#[tokio::test]
async fn edits_in_the_way_of_a_pull_are_named() {
    let world = World::filled();
    let location = world.location();
    world.move_remote("README.md", "theirs\n");
    world.write("README.md", "mine\n");
    let tip = program::fetch(&location, &quiet()).await.unwrap().after.unwrap();
    let error = program::fast_forward(&location, &tip, &quiet()).await.unwrap_err();
    assert_eq!(error.to_string(), "not committed edits stand in the way: README.md");
    assert_eq!(world.read("README.md").unwrap(), "mine\n");
}

#[tokio::test]
async fn a_missing_remote_and_a_stop() {
    let world = World::filled();
    fs::remove_dir_all(world.remote()).unwrap();
    let error = program::fetch(&world.location(), &quiet()).await.unwrap_err();
    assert_eq!(error.code(), "E-REMOTE-MISSING");
    assert!(world.open().tip().unwrap().is_some());
    let report = quiet();
    report.stop();
    let error = program::fetch(&world.location(), &report).await.unwrap_err();
    assert_eq!(error.code(), "E-STOPPED");
}

#[tokio::test]
async fn the_configuration_of_our_clone_is_private() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::filled();
    let location = world.ours();
    program::prepare(&location, &quiet()).await.unwrap();
    let mode = |path: std::path::PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(location.dir.join("config")), 0o600);
    assert_eq!(mode(location.dir.clone()), 0o700);
    program::prepare(&location, &quiet()).await.unwrap();
    let left = fs::read_dir(location.dir.parent().unwrap()).unwrap().count();
    assert_eq!(left, 1);
}

#[tokio::test]
async fn what_a_child_said_while_we_were_stopped_counts() {
    let folder = tempfile::tempdir().unwrap();
    for round in 0..20 {
        let done = folder.path().join(round.to_string());
        let script = "echo first >&2; echo second >&2; echo out; : >\"$1\"".to_owned();
        let args = ["-c".into(), script.into(), "sh".into(), done.clone().into_os_string()].to_vec();
        let limit = Duration::from_millis(1);
        let child = Child {
            program: "sh".into(),
            args,
            envs: Vec::new(),
            without: &[],
            input: Vec::new(),
            limit: Silence::Always(limit),
        };
        // Nothing else runs meanwhile, as when the whole process is stopped.
        let mut listener = |line: &str| {
            let began = Instant::now();
            while line == "first" && (!done.exists() || began.elapsed() < limit * 10) {
                std::thread::yield_now();
            }
            true
        };
        let said = program::run(child, &quiet(), &mut listener).await.unwrap();
        assert!(said.success && !said.hung, "{said:?}");
        assert_eq!((said.stdout.as_str(), said.stderr.trim_end()), ("out\n", "first\nsecond"));
    }
}
