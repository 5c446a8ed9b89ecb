//! Snapshots, standing, log and histories.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use super::{World, apply, edit, git};
use crate::config::Home;
use crate::fabric::snapshot::Content;
use crate::fabric::unseen::Unseen;
use crate::git::look;
use crate::git::redact;
use crate::git::repository::{Repository, blob_id};

#[test]
fn a_snapshot_of_a_working_tree() {
    let world = World::filled();
    world.write(".gitignore", "*.swp\n");
    world.git(&["add", "-A"]);
    world.git(&["commit", "-qm", "ignore"]);
    world.write("fab/raw/new.yaml", "n: 1\n");
    world.write("fab/raw/x.swp", "swap");
    fs::remove_file(world.clone_dir().join("fab/managed/vpcs/v1.yaml")).unwrap();
    std::os::unix::fs::symlink("/etc", world.clone_dir().join("fab/raw/link")).unwrap();
    git(&world.clone_dir(), &["init", "-q", "fab/raw/nested"]);
    let big = fs::File::create(world.clone_dir().join("fab/raw/big.yaml")).unwrap();
    big.set_len(33 * 1024 * 1024).unwrap();

    let seen = look::snapshot(&world.open(), "fab", &|path| path.starts_with("raw/")).unwrap();
    assert!(seen.has_worktree);
    assert_eq!(seen.tree.as_ref(), Some(&world.git(&["rev-parse", "HEAD:fab"])));
    let file = |path: &str| &seen.files[path];
    assert_eq!(file("raw/new.yaml").bytes(), Some(b"n: 1\n".as_slice()));
    assert_eq!(file("raw/new.yaml").current, Some(blob_id(b"n: 1\n")));
    assert_eq!(file("raw/new.yaml").committed, None);
    assert!(matches!(file("raw/x.swp").content, Content::Ignored));
    assert!(matches!(file("raw/link").content, Content::Symlink));
    assert_eq!(seen.unseen, BTreeMap::from([("raw/nested".to_owned(), Unseen::Repository)]));
    assert!(matches!(file("raw/big.yaml").content, Content::TooLarge(_)));
    assert!(matches!(file("managed/vpcs/v1.yaml").content, Content::Deleted));
    assert!(file("managed/vpcs/v1.yaml").is_edited());
    assert!(!file("raw/.gitkeep").is_edited());
    assert_eq!(seen.files.len(), 6);
}

#[test]
fn a_staged_file_is_seen_as_it_lies_there() {
    let world = World::filled();
    world.write("README.md", "staged\n");
    world.git(&["add", "README.md"]);
    let seen = look::snapshot(&world.open(), "", &|_| false).unwrap();
    let file = &seen.files["README.md"];
    assert_eq!(file.current, Some(blob_id(b"staged\n")));
    assert_eq!(file.committed, Some(blob_id(b"read me\n")));
    assert!(matches!(file.content, Content::Unread(7)));
    assert!(!seen.files["other/notes.txt"].is_edited());
}

#[test]
fn a_directory_behind_a_link_is_refused() {
    let world = World::filled();
    std::os::unix::fs::symlink("fab", world.clone_dir().join("alias")).unwrap();
    let error = look::snapshot(&world.open(), "alias", &|_| true).unwrap_err();
    assert_eq!(error.code(), "E-REPO-UNSUPPORTED");
}

#[test]
fn standing_counts_the_directory_apart() {
    let world = World::filled();
    world.write("other/notes.txt", "n\n");
    world.git(&["commit", "-qam", "other"]);
    world.write("fab/managed/vpcs/v1.yaml", "a: 2\n");
    world.git(&["commit", "-qam", "fab"]);
    let standing = world.open().standing("fab").unwrap();
    assert_eq!((standing.ahead, standing.repository_ahead, standing.behind), (1, 2, 0));
    assert_eq!(standing.obstacle, None);
    let log: Vec<_> = world.open().log("fab", 9).unwrap().into_iter().map(|commit| commit.subject).collect();
    assert_eq!(log, ["fab", "first"]);
    world.git(&["checkout", "-q", "-b", "side"]);
    assert!(world.open().standing("fab").unwrap().obstacle.unwrap().contains("on branch side"));
    assert_eq!(world.open().check_writable().unwrap_err().code(), "E-REPO-BRANCH");
    world.git(&["checkout", "-q", "--detach"]);
    assert_eq!(world.open().check_writable().unwrap_err().code(), "E-REPO-DETACHED");
}

#[test]
fn changes_between_commits() {
    let world = World::filled();
    let first = world.git(&["rev-parse", "HEAD"]);
    world.write("a/b", "b\n");
    fs::remove_file(world.clone_dir().join("README.md")).unwrap();
    world.write("fab/managed/vpcs/v1.yaml", "a: 2\n");
    world.git(&["add", "-A"]);
    world.git(&["commit", "-qm", "second"]);
    let second = world.git(&["rev-parse", "HEAD"]);
    let changed = world.open().changed_files(Some(&first), &second).unwrap();
    let expected = [('D', "README.md"), ('A', "a/b"), ('M', "fab/managed/vpcs/v1.yaml")];
    assert_eq!(changed, expected.map(|(letter, path)| (letter, path.to_owned())));
    assert!(world.open().is_ancestor(&first, &second).unwrap());
    assert!(!world.open().is_ancestor(&second, &first).unwrap());
    let mut seen = Vec::new();
    let mut sees = |commit: &str, blob: &str, bytes: &[u8]| {
        seen.push((commit.to_owned(), blob.to_owned(), bytes.to_vec()));
        Ok(true)
    };
    world.open().look_through_history(1000, &mut sees).unwrap();
    let bringing = |bytes: &[u8]| seen.iter().filter(|one| one.2 == bytes).map(|one| one.0.clone()).collect::<Vec<_>>();
    assert_eq!((bringing(b"b\n"), bringing(b"a: 1\n")), (vec![second.clone()], vec![first.clone()]));
    assert!(seen.iter().all(|(_, blob, bytes)| *blob == blob_id(bytes)));
    assert!(!world.open().is_published(&second).unwrap());
}

#[test]
fn histories_know_the_earlier_texts() {
    let world = World::filled();
    let path = "fab/managed/vpcs/v1.yaml";
    apply(&world.location(), &[edit(path, Some("a: 1\n"), Some("a: 1\n"), Some("a: 2\n"))]).unwrap();
    world.git(&["checkout", "-q", "-b", "side"]);
    world.write(path, "a: 3\n");
    world.git(&["commit", "-qam", "by hand"]);
    world.git(&["checkout", "-q", "main"]);
    world.write("fab/managed/vpcs/v9.yaml", "nine\n");
    world.git(&["add", "-A"]);
    world.git(&["commit", "-qm", "another"]);
    world.git(&["merge", "-q", "--no-edit", "side"]);
    let paths = BTreeSet::from(["managed/vpcs/v1.yaml".to_owned(), "managed/vpcs/none.yaml".to_owned()]);
    let histories = world.open().earlier_texts("fab", &paths).unwrap();
    let history = &histories["managed/vpcs/v1.yaml"];
    let earlier: Vec<&[u8]> = history.iter().map(|version| &*version.bytes).collect();
    assert_eq!(earlier, [b"a: 2\n", b"a: 1\n"]);
    assert_eq!(history[0].replaced_by, world.git(&["rev-parse", "side"]));
    assert!(histories["managed/vpcs/none.yaml"].is_empty());
}

#[test]
fn text_is_found_at_the_tip() {
    let world = World::filled();
    world.write("apps/a.yaml", "kind: Application\n");
    world.write("apps/b.yaml", "kind: Deployment\n");
    world.git(&["add", "-A"]);
    world.git(&["commit", "-qm", "apps"]);
    let found = world.open().find_text(&["kind: Application"], 1000, &|_| false).unwrap();
    assert_eq!(found, [("apps/a.yaml".to_owned(), b"kind: Application\n".to_vec())]);
}

#[test]
fn unsupported_repositories_are_named() {
    let world = World::filled();
    let what = |home| Repository::open(&world.at(home)).unwrap_err().to_string();
    assert!(what(Home::Path(world.remote())).contains("bare repository"));
    assert!(what(Home::Path(world.dir.path().join("none"))).contains("does not exist"));
    assert!(what(Home::Path(world.clone_dir().join("fab"))).contains("not a Git repository"));
    let from = format!("file://{}", world.remote().display());
    world.move_remote("x", "x");
    git(world.dir.path(), &["clone", "-q", "--depth=1", &from, "shallow"]);
    assert!(what(Home::Path(world.dir.path().join("shallow"))).contains("shallow"));
    git(world.dir.path(), &["init", "-q", "--object-format=sha256", "wide"]);
    assert!(what(Home::Path(world.dir.path().join("wide"))).contains("SHA-256"));
    // As newer gits write it: an older one cannot make such a repository.
    let table = world.dir.path().join("table");
    git(world.dir.path(), &["init", "-q", "table"]);
    git(&table, &["config", "core.repositoryFormatVersion", "1"]);
    std::fs::write(
        table.join(".git/config"),
        std::fs::read_to_string(table.join(".git/config")).unwrap() + "[extensions]\n\trefStorage = reftable\n",
    )
    .unwrap();
    assert!(what(Home::Path(world.dir.path().join("table"))).contains("reftable"));
    world.git(&["config", "remote.origin.promisor", "true"]);
    assert!(what(Home::Path(world.clone_dir())).contains("partial"));
}

#[test]
fn hooks_that_will_not_run_are_named() {
    let world = World::filled();
    let hook = world.clone_dir().join(".git/hooks/pre-commit");
    fs::create_dir_all(hook.parent().unwrap()).unwrap();
    fs::write(&hook, "#!/bin/sh\n").unwrap();
    assert_eq!(world.open().skipped_hooks(), Vec::<String>::new());
    fs::set_permissions(&hook, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    assert_eq!(world.open().skipped_hooks(), ["pre-commit"]);
    assert_eq!(world.open().author().unwrap(), "Ann <ann@example.org>");
}

#[test]
fn addresses_are_compared_and_shown_without_secrets() {
    let world = World::filled();
    let key = |url: &str| world.at(Home::Url(url.to_owned())).remote_key();
    assert_eq!(key("https://me:pw@Git.example/a/b.git"), key("git@git.example:a/b"));
    assert_eq!(key("ssh://git@git.example/a/b"), key("https://git.example/a/b/"));
    assert_ne!(key("https://git.example/a/b"), key("https://git.example/a/c"));
    assert_eq!(world.location().remote_key(), world.ours().remote_key());
    assert_eq!(redact("https://me:pw@git.example/a?token=x"), "https://git.example/a");
    assert_eq!(redact("ssh://git@git.example/a"), "ssh://git@git.example/a");
}
