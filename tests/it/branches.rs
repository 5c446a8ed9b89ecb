//! Branches: one that is not on the remote is not an empty repository, whoever asks for it.

use std::fs;

use crate::session::Session;
use crate::world::{DIRECTORY, Said, World, git_in, said};

/// A remote whose only branches are `trunk`, its default, and `mainline`.
fn world() -> World {
    let world = World::new();
    world.git(&["push", "--quiet", "origin", "main:refs/heads/trunk", "main:refs/heads/mainline"]);
    let remote = world.root.join("remote.git");
    git_in(&remote, &["symbolic-ref", "HEAD", "refs/heads/trunk"]);
    git_in(&remote, &["update-ref", "-d", "refs/heads/main"]);
    world
}

fn address(world: &World) -> String {
    format!("file://{}", world.root.join("remote.git").display())
}

/// Runs the program where git knows an author in every repository.
fn run(world: &World, args: &[&str]) -> Said {
    let identity = [("GIT_AUTHOR_NAME", "A"), ("GIT_AUTHOR_EMAIL", "a@x"), ("GIT_COMMITTER_NAME", "A")];
    let mut command = world.command(args);
    command.envs(identity).env("GIT_COMMITTER_EMAIL", "a@x");
    said(&command.output().unwrap())
}

/// Types a text bit by bit: what comes all at once is a paste.
fn type_in(session: &mut Session, text: &str) {
    let letters: Vec<char> = text.chars().collect();
    let mut typed = String::new();
    for bit in letters.chunks(6) {
        typed.extend(bit);
        session.press(&bit.iter().collect::<String>());
        let end: Vec<char> = typed.chars().rev().take(10).collect();
        session.until(&format!("{}_", end.iter().rev().collect::<String>()));
    }
}

/// A configuration of the remote's address, with this branch.
fn configure(world: &World, branch: &str) {
    world.configure(&format!(
        "repositories:\n  netops: {{ url: {}, branch: {branch} }}\nfabrics:\n  dc1: {{ repository: netops, directory: {DIRECTORY} }}\n",
        address(world)
    ));
}

fn branches(world: &World) -> String {
    git_in(&world.root.join("remote.git"), &["for-each-ref", "--format=%(refname) %(objectname)"])
}

fn unconfigured(world: &World) {
    world.configure("repositories: {}\nfabrics: {}\n");
}

#[test]
fn nothing_is_published_beside_a_branch_that_is_not_there() {
    let world = world();
    let before = branches(&world);
    for home in ["url", "path"] {
        if home == "url" {
            configure(&world, "main");
        } else {
            let text = fs::read_to_string(world.root.join("config.yaml")).unwrap();
            world.configure(&text.replace(&format!("url: {}", address(&world)), "path: clone"));
        }
        for action in [
            &["fetch", "dc1"][..],
            &["pull", "dc1"],
            &["init", "dc1", "--yes"],
            &["init", "dc1", "--dry-run"],
            &["init", "dc1", "--dry-run", "--read-only"],
            &["ingest", "dc1", "--yes"],
            &["push", "dc1", "--yes"],
        ] {
            let told = run(&world, action);
            assert_eq!(told.code, 3, "{home} {action:?}: {}{}", told.out, told.err);
            assert!(told.err.contains("E-REMOTE-BRANCH") && told.err.contains("mainline, trunk"), "{}", told.err);
        }
        let status = world.json(&["status", "dc1"]).entry();
        assert_eq!((&status["git"]["state"], &status["next"]["action"]), (&"wrong_branch".into(), &"error".into()));
        assert_eq!(branches(&world), before, "{home}");
    }
}

#[test]
fn offline_no_history_of_its_own_is_begun_beside_the_remotes() {
    let world = world();
    configure(&world, "trunk");
    assert_eq!(run(&world, &["fetch", "dc1"]).code, 0);
    // The same clone of ours, with a branch that was never there.
    let text = fs::read_to_string(world.root.join("config.yaml")).unwrap();
    world.configure(&text.replace("branch: trunk", "branch: main"));
    let told = run(&world, &["init", "dc1", "--yes", "--offline"]);
    assert!(told.code == 3 && told.err.contains("E-REMOTE-BRANCH"), "{}{}", told.out, told.err);
    world.configure(&text);
    assert_eq!(run(&world, &["init", "dc1", "--yes"]).code, 0);
    let pushed = run(&world, &["push", "dc1", "--yes"]);
    assert_eq!(pushed.code, 0, "{}", pushed.err);
    assert!(!branches(&world).contains("refs/heads/main "), "{}", branches(&world));
}

#[test]
fn an_address_means_the_default_branch_of_its_remote() {
    let world = world();
    unconfigured(&world);
    let told = run(&world, &["add", "dc1", "--repo", &address(&world), "--directory", DIRECTORY, "--yes"]);
    assert_eq!(told.code, 0, "{}{}", told.out, told.err);
    let text = fs::read_to_string(world.root.join("config.yaml")).unwrap();
    assert!(text.contains("branch: trunk"), "{text}");
    let remote = world.root.join("remote.git");
    assert!(git_in(&remote, &["log", "--format=%s", "trunk"]).starts_with("init(dc1)"), "{}", told.out);
    assert_eq!(git_in(&remote, &["rev-list", "--max-parents=0", "--all"]).lines().count(), 1, "an unrelated root");
}

#[test]
fn a_branch_asked_for_by_add_is_one_of_the_remotes_or_nothing_is_written() {
    let world = world();
    unconfigured(&world);
    let before = fs::read_to_string(world.root.join("config.yaml")).unwrap();
    let add = |repository: &str, more: &[&str]| {
        run(&world, &[&["add", "dc1", "--repo", repository, "--directory", DIRECTORY, "--yes"][..], more].concat())
    };
    // The clone is on main, which the remote has no more.
    let tried = [(address(&world), &["--branch", "mian"][..]), ("clone".to_owned(), &[])];
    for (repository, more) in &tried {
        let told = add(repository, more);
        assert_eq!(told.code, 3, "{repository}: {}{}", told.out, told.err);
        assert!(told.err.contains("E-REMOTE-BRANCH") && told.err.contains("mainline"), "{}", told.err);
        assert_eq!(fs::read_to_string(world.root.join("config.yaml")).unwrap(), before);
    }
    let told = add(&address(&world), &["--branch", "mian", "--no-init"]);
    assert_eq!(told.code, 3, "{}", told.err);
    let told = add(&address(&world), &["--branch", "mainline", "--no-init"]);
    assert_eq!(told.code, 0, "{}", told.err);
    assert!(fs::read_to_string(world.root.join("config.yaml")).unwrap().contains("branch: mainline"));
}

#[test]
fn a_remote_without_any_branch_gets_its_first_commit() {
    let world = World::empty();
    unconfigured(&world);
    let told = run(&world, &["add", "dc1", "--repo", &address(&world), "--directory", DIRECTORY, "--yes"]);
    assert_eq!(told.code, 0, "{}{}", told.out, told.err);
    assert!(branches(&world).starts_with("refs/heads/main "), "{}", branches(&world));
}

#[test]
fn a_remote_that_cannot_be_asked_is_added_unseen_and_said_so() {
    let world = World::new();
    unconfigured(&world);
    let nowhere = world.root.join("nowhere.git").display().to_string();
    let url = format!("file://{nowhere}");
    let told = run(&world, &["add", "dc1", "--repo", &url, "--directory", DIRECTORY, "--yes", "--no-init"]);
    assert_eq!(told.code, 0, "{}{}", told.out, told.err);
    assert!(told.err.contains("could not be asked for its branches"), "{}", told.err);
}

#[test]
fn the_form_takes_the_default_and_names_a_branch_that_is_not_there() {
    let world = world();
    configure(&world, "trunk");
    assert_eq!(run(&world, &["fetch", "dc1"]).code, 0);
    let other = world.root.join("other.git");
    git_in(&world.root, &["clone", "--quiet", "--bare", &address(&world), &other.display().to_string()]);
    let identity = [("GIT_AUTHOR_NAME", "A"), ("GIT_AUTHOR_EMAIL", "a@x"), ("GIT_COMMITTER_NAME", "A")];
    let more = [&identity[..], &[("GIT_COMMITTER_EMAIL", "a@x")]].concat();
    let mut session = Session::with(&world, &["--ascii"], (140, 40), &more);
    session.until("dc1");
    session.press("A");
    session.until("Directory");
    type_in(&mut session, "dc8");
    session.press("\t");
    session.press("\u{15}");
    type_in(&mut session, &format!("file://{}", other.display()));
    session.press("\t");
    type_in(&mut session, "gitops/dc8");
    session.press("\t");
    type_in(&mut session, "mian");
    session.press("\r");
    let told = session.until("E-REMOTE-BRANCH");
    assert!(told.contains("mainline"), "{told}");
    session.press("\u{15}");
    session.press("\r");
    let shown = session.until("to add");
    assert!(shown.contains("branch: trunk"), "{shown}");
    session.press("\u{1b}");
    session.until("cancelled");
    session.press("q");
    session.end();
}

#[test]
fn the_first_run_takes_the_default_of_an_address() {
    let world = world();
    fs::remove_file(world.root.join("config.yaml")).unwrap();
    fs::remove_dir_all(&world.clone).unwrap();
    let mut session = Session::start(&world, &["--ascii"], (120, 40));
    session.until("step 1 of 2");
    session.press("\r");
    type_in(&mut session, &format!("{} {DIRECTORY}", address(&world)));
    session.press("\r");
    session.until("not looked into yet");
    session.press("k");
    session.press("\r");
    let shown = session.until("press y to write it");
    assert!(shown.contains("branch: trunk"), "{shown}");
    session.press("\u{7f}");
    session.press("q");
    session.end();
}
