//! What a commit keeps to: line ends, modes, several in a row, signatures, linked working trees.

use std::fs;

use super::{World, apply, edit, git};
use crate::git::tree::Transaction;
use crate::progress::Reporter;

#[test]
fn line_ends_follow_the_attributes() {
    let world = World::filled();
    world.write(".gitattributes", "*.yaml text eol=crlf\n");
    world.git(&["add", "-A"]);
    world.git(&["commit", "-qm", "crlf"]);
    apply(&world.location(), &[edit("a.yaml", None, None, Some("a: 1\nb: 2\n"))]).unwrap();
    assert_eq!(world.read("a.yaml").unwrap(), "a: 1\r\nb: 2\r\n");
    assert_eq!(world.git(&["status", "--porcelain"]), "");
    assert_eq!(world.git(&["cat-file", "-s", "HEAD:a.yaml"]), "10");
}

#[test]
fn modes_and_several_commits() {
    let world = World::filled();
    world.write("run.sh", "one\n");
    world.git(&["add", "-A"]);
    world.git(&["update-index", "--chmod=+x", "run.sh"]);
    world.git(&["commit", "-qm", "run"]);
    world.git(&["checkout", "-q", "-f", "main"]);
    let lock = world.lock();
    let mut transaction = Transaction::begin(&world.open()).unwrap();
    let one = [edit("run.sh", Some("one\n"), Some("one\n"), Some("two\n"))];
    let first = transaction.commit(&one, "first\n", None).unwrap().unwrap();
    let second = transaction.commit(&[edit("b", None, None, Some("b\n"))], "second\n", None).unwrap().unwrap();
    assert_eq!(transaction.commit(&[], "none\n", None).unwrap(), None);
    transaction.apply(&lock, &Reporter::silent()).unwrap();
    assert_eq!(world.git(&["log", "-2", "--format=%H"]), format!("{second}\n{first}"));
    assert!(world.git(&["ls-tree", "HEAD", "run.sh"]).starts_with("100755"));
    assert_eq!(world.git(&["status", "--porcelain"]), "");
    assert_eq!(world.git(&["count-objects"]), world.git(&["count-objects"]));
    let keeps = world.git(&["rev-parse", "--git-path", "objects/pack"]);
    let left = fs::read_dir(world.clone_dir().join(keeps))
        .unwrap()
        .filter(|e| e.as_ref().unwrap().path().extension().is_some_and(|x| x == "keep"));
    assert_eq!(left.count(), 0);
}

#[test]
fn a_signature_that_fails_stops_everything() {
    let world = World::filled();
    world.git(&["config", "commit.gpgSign", "true"]);
    world.git(&["config", "gpg.program", "false"]);
    world.git(&["config", "user.signingKey", "ABCD"]);
    let tip = world.git(&["rev-parse", "main"]);
    assert_eq!(world.open().signing().unwrap().as_deref(), Some("openpgp, key ABCD"));
    let error = apply(&world.location(), &[edit("y", None, None, Some("y"))]).unwrap_err();
    assert_eq!(error.code(), "E-SIGN");
    assert_eq!(world.git(&["rev-parse", "main"]), tip);
}

#[test]
fn commits_are_signed_as_configured() {
    let world = World::filled();
    let script = world.dir.path().join("gpg");
    let text = "#!/bin/sh\ncat > /dev/null\necho '[GNUPG:] SIG_CREATED D' >&2\necho \"signed by $3\"\n";
    fs::write(&script, text).unwrap();
    fs::set_permissions(&script, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    world.git(&["config", "commit.gpgSign", "true"]);
    world.git(&["config", "gpg.program", script.to_str().unwrap()]);
    world.git(&["config", "user.signingKey", "ABCD"]);
    apply(&world.location(), &[edit("y", None, None, Some("y"))]).unwrap().unwrap();
    let commit = world.git(&["cat-file", "commit", "HEAD"]);
    assert!(commit.contains("\ngpgsig signed by ABCD\n"), "{commit}");
}

#[test]
fn a_linked_working_tree_has_its_own_files_and_index() {
    let world = World::filled();
    world.git(&["worktree", "add", "-q", "-b", "side", "../linked"]);
    world.git(&["checkout", "-q", "--detach"]);
    let mut location = world.at(crate::config::Home::Path(world.dir.path().join("linked")));
    location.branch = "side".to_owned();
    apply(&location, &[edit("y", None, None, Some("y\n"))]).unwrap().unwrap();
    assert_eq!(git(&location.dir, &["status", "--porcelain"]), "");
    assert_eq!(fs::read_to_string(location.dir.join("y")).unwrap(), "y\n");
    assert_eq!(world.read("y"), None);
    assert_eq!(world.git(&["status", "--porcelain"]), "");
}
