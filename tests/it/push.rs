//! Push, fetch and pull against a real remote.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use crate::world::{DIRECTORY, World, git_in};
use hedgerow::demo::vpc;

fn with_commit(world: &World) {
    world.raw("a.yaml", vpc("web", 1001, "10.0.1.0/24"));
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
}

fn colleague_pushes(world: &World) {
    let other = world.colleague();
    fs::create_dir_all(other.join(DIRECTORY).join("managed/vpcs")).unwrap();
    fs::write(other.join(DIRECTORY).join("managed/vpcs/bob.yaml"), vpc("bob", 1009, "10.0.9.0/24")).unwrap();
    git_in(&other, &["add", "--all"]);
    git_in(&other, &["commit", "--quiet", "--message", "bob"]);
    git_in(&other, &["push", "--quiet"]);
}

#[test]
fn a_push_is_read_back_and_a_second_has_nothing_to_send() {
    let world = World::initialized();
    with_commit(&world);
    let status = world.json(&["status", "dc1"]).entry();
    assert_eq!((status["git"]["state"].as_str(), status["git"]["ahead"].as_u64()), (Some("ahead"), Some(1)));
    let said = world.json(&["push", "dc1", "--yes"]);
    assert_eq!(said.code, 0);
    assert_eq!(said.entry()["outcome"], "verified");
    assert_eq!(said.entry()["commits"][0]["fabric"], "dc1");
    assert_eq!(said.entry()["after"], world.remote_tip());
    assert_eq!(world.json(&["push", "dc1", "--yes"]).entry()["outcome"], "no_change");
    assert_eq!(world.json(&["status", "dc1"]).entry()["git"]["state"], "in_sync");
}

#[test]
fn a_remote_that_moved_stops_the_push_and_keeps_the_commit() {
    let world = World::initialized();
    with_commit(&world);
    let tip = world.tip();
    colleague_pushes(&world);
    let theirs = world.remote_tip();
    let said = world.json(&["push", "dc1", "--yes"]);
    assert_eq!(said.code, 6);
    assert_eq!(said.entry()["error"]["code"], "E-REPO-DIVERGED");
    assert!(!said.entry()["error"]["remedy"].as_array().unwrap().is_empty());
    assert_eq!((world.tip(), world.remote_tip()), (tip, theirs));
}

#[test]
fn a_hooks_own_words_are_told() {
    let world = World::initialized();
    with_commit(&world);
    let hook = world.root.join("remote.git/hooks/pre-receive");
    fs::create_dir_all(hook.parent().unwrap()).unwrap();
    fs::write(&hook, "#!/bin/sh\necho 'the freeze ends on Monday'\nprintf 'red \\033[31mtext\\n'\nexit 1\n").unwrap();
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).unwrap();
    let before = world.remote_tip();
    let said = world.json(&["push", "dc1", "--yes"]);
    assert_eq!(said.code, 6);
    assert_eq!(said.entry()["outcome"], "rejected");
    let detail = said.entry()["error"]["detail"].as_str().unwrap().to_owned();
    assert!(detail.contains("the freeze ends on Monday"), "{detail}");
    assert!(!detail.contains('\u{1b}'));
    let table = world.run(&["push", "dc1", "--yes"]);
    assert!(!table.out.contains('\u{1b}') && !table.err.contains('\u{1b}'));
    assert_eq!(world.remote_tip(), before);
}

#[test]
fn behind_stops_an_ingest_and_pull_brings_the_working_tree_forward() {
    let world = World::initialized();
    colleague_pushes(&world);
    world.raw("a.yaml", vpc("web", 1001, "10.0.1.0/24"));
    let said = world.json(&["ingest", "dc1", "--yes"]);
    assert_eq!((said.code, said.entry()["error"]["code"].as_str()), (6, Some("E-REPO-BEHIND")));
    assert_eq!(world.json(&["status", "dc1"]).entry()["git"]["state"], "behind");
    let said = world.json(&["pull", "dc1"]);
    assert_eq!(said.entry()["outcome"], "updated", "{}{}", said.out, said.err);
    assert!(world.path("managed/vpcs/bob.yaml").exists());
    assert_eq!(world.tip(), world.remote_tip());
    assert_eq!(world.json(&["ingest", "dc1", "--yes"]).code, 0);
    assert_eq!(world.json(&["fetch", "dc1"]).entry()["outcome"], "no_change");
}

#[test]
fn a_bare_clone_of_ours_does_the_whole_way() {
    let world = World::initialized();
    let remote = world.root.join("remote.git").display().to_string();
    world.configure(&format!(
        "repositories:\n  netops: {{ url: '{remote}' }}\nfabrics:\n  dc1: {{ repository: netops, directory: {DIRECTORY} }}\n"
    ));
    assert_eq!(world.json(&["status", "dc1"]).entry()["git"]["state"], "unknown");
    assert_eq!(world.json(&["fetch", "dc1"]).code, 0);
    let file = world.root.join("x.yaml");
    fs::write(&file, vpc("web", 1001, "10.0.1.0/24")).unwrap();
    let author = [("GIT_AUTHOR_NAME", "Alice"), ("GIT_AUTHOR_EMAIL", "a@example.net")];
    let committer = [("GIT_COMMITTER_NAME", "Alice"), ("GIT_COMMITTER_EMAIL", "a@example.net")];
    let mut command = world.command(&["ingest", "dc1", &file.display().to_string(), "--yes", "-o", "json"]);
    let said = crate::world::said(&command.envs(author).envs(committer).output().unwrap());
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    let said = world.json(&["push", "dc1", "--yes"]);
    assert_eq!(said.entry()["outcome"], "verified", "{}{}", said.out, said.err);
    assert_eq!(said.entry()["after"], world.remote_tip());
    world.git(&["pull", "--quiet"]);
    assert!(world.path("managed/vpcs/web.yaml").exists());
}

/// A hook of the remote that runs when references are moved, with `$1` the state of the transaction.
fn on_transaction(world: &World, script: &str) {
    let hook = world.root.join("remote.git/hooks/reference-transaction");
    fs::create_dir_all(hook.parent().unwrap()).unwrap();
    fs::write(&hook, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_lost_answer_is_settled_by_reading_the_remote() {
    let world = World::initialized();
    with_commit(&world);
    on_transaction(&world, "[ \"$1\" = committed ] && kill -9 $PPID; exit 0");
    let said = world.json(&["push", "dc1", "--yes"]);
    assert_eq!((said.code, said.entry()["outcome"].as_str()), (0, Some("verified")), "{}{}", said.out, said.err);
    assert_eq!(world.remote_tip(), world.tip());
}

#[test]
fn a_push_that_did_not_arrive_is_no_success() {
    let world = World::initialized();
    with_commit(&world);
    let before = world.remote_tip();
    on_transaction(&world, "kill -9 $PPID; exit 1");
    let said = world.json(&["push", "dc1", "--yes"]);
    assert_ne!(said.code, 0);
    assert_eq!(world.remote_tip(), before);
    assert_ne!(said.entry()["outcome"], "verified");
}

#[test]
fn an_answer_nobody_can_read_is_uncertain_until_a_fetch() {
    let world = World::initialized();
    with_commit(&world);
    let (here, away) = (world.root.join("remote.git"), world.root.join("away.git"));
    let script =
        format!("[ \"$1\" = committed ] && mv '{}' '{}' && kill -9 $PPID; exit 0", here.display(), away.display());
    on_transaction(&world, &script);
    let said = world.json(&["push", "dc1", "--yes"]);
    assert_eq!((said.code, said.entry()["outcome"].as_str()), (5, Some("uncertain")), "{}{}", said.out, said.err);
    assert_eq!(said.entry()["error"]["code"], "E-PUSH-UNCERTAIN");
    fs::rename(&away, &here).unwrap();
    fs::remove_file(here.join("hooks/reference-transaction")).unwrap();
    assert_eq!(world.json(&["fetch", "dc1"]).code, 0);
    assert_eq!(world.json(&["status", "dc1"]).entry()["git"]["state"], "in_sync");
}

#[test]
fn a_push_says_who_applies_it() {
    let world = World::initialized();
    let app = |name: &str, path: &str| {
        format!(
            "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: {name}\nspec:\n  source:\n    path: {path}\n"
        )
    };
    fs::create_dir_all(world.clone.join("apps")).unwrap();
    let (ours, others) = (app("dc1-app", &format!("{DIRECTORY}/managed")), app("other", "gitops/elsewhere"));
    fs::write(world.clone.join("apps/dc1.yaml"), format!("{ours}---\n{others}")).unwrap();
    world.git(&["add", "apps"]);
    world.git(&["commit", "-qm", "apps"]);
    let said = world.json(&["push", "dc1", "--dry-run"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(said.entry()["watched_by"], serde_json::json!(["Argo CD Application dc1-app (apps/dc1.yaml)"]));
    assert!(world.run(&["push", "dc1", "--dry-run"]).out.contains("watched by Argo CD Application dc1-app"));
}

/// A world with a commit to push, and a second repository with what the remote has.
fn with_another_remote() -> (World, PathBuf) {
    let world = World::initialized();
    let other = world.root.join("other.git");
    git_in(&world.root, &["clone", "-q", "--bare", "remote.git", "other.git"]);
    world.raw("a.yaml", vpc("web", 1001, "10.0.1.0/24"));
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    (world, other)
}

#[test]
fn a_push_address_is_shown_and_read_back() {
    let (world, other) = with_another_remote();
    let address = format!("file://{}", other.display());
    git_in(&world.clone, &["config", "remote.origin.pushurl", &address]);
    let plan = world.run(&["push", "dc1", "--dry-run"]);
    assert!(plan.out.contains(&address), "{}", plan.out);
    let before = world.remote_tip();
    let done = world.run(&["push", "dc1", "--yes"]);
    assert_eq!(done.code, 0, "{}{}", done.out, done.err);
    assert!(done.out.contains("verified"), "{}", done.out);
    assert_eq!(git_in(&other, &["rev-parse", "main"]).trim(), world.tip());
    assert_eq!(world.remote_tip(), before);
    let again = world.run(&["push", "dc1", "--yes"]);
    assert_eq!(again.code, 6, "{}{}", again.out, again.err);
    assert!(again.err.contains("these must be one repository"), "{}", again.err);
}

#[test]
fn a_push_address_of_another_repository_and_several_are_refused() {
    let (world, other) = with_another_remote();
    git_in(&other, &["update-ref", "-d", "refs/heads/main"]);
    git_in(&world.clone, &["config", "remote.origin.pushurl", &other.display().to_string()]);
    let refused = world.run(&["push", "dc1", "--yes"]);
    assert_eq!(refused.code, 6, "{}", refused.err);
    assert!(
        refused.err.contains("E-REPO-UNSUPPORTED") && refused.err.contains("not there where pushes go"),
        "{}",
        refused.err
    );
    git_in(
        &world.clone,
        &["config", "--add", "remote.origin.pushurl", &world.root.join("remote.git").display().to_string()],
    );
    let refused = world.run(&["push", "dc1", "--yes"]);
    assert!(refused.err.contains("pushes to 2 addresses at once"), "{}", refused.err);
    assert_ne!(world.remote_tip(), world.tip());
    assert_eq!(git_in(&other, &["for-each-ref"]), "");
}
