//! What changes in the very last moment: nobody's newer text is lost, no link is followed, nothing waits for ever.

use std::fs;
use std::os::unix::fs::symlink;

use super::World;
use crate::git::hash;
use crate::git::repository::{Repository, blob_id};
use crate::git::tree::Stored;
use crate::git::worktree::Working;

const PATH: &str = "fab/managed/vpcs/v1.yaml";

fn stored(text: &str) -> Stored {
    Stored {
        id: hash::blob_object(text.as_bytes()).unwrap(),
        bytes: text.as_bytes().into(),
        executable: false,
        in_worktree: true,
    }
}

fn working(repository: &Repository) -> Working<'_> {
    Working::new(repository).unwrap().unwrap()
}

/// What lies in the folder of the path, by name.
fn names(world: &World) -> Vec<String> {
    let folder = world.clone_dir().join("fab/managed/vpcs");
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

/// Where the text that was moved aside lies.
fn aside() -> String {
    format!("fab/managed/vpcs/.hedgerow-{}.aside", &blob_id(PATH.as_bytes())[..16])
}

#[test]
fn a_text_written_in_the_last_moment_stays_whatever_was_to_become_of_it() {
    let world = World::filled();
    let repository = world.open();
    let mut working = working(&repository);
    let old = blob_id(b"a: 1\n");
    // Between the look and the writing the user saved.
    world.write(PATH, "mine\n");
    assert!(!working.write(PATH, &stored("a: 2\n"), Some(&old)).unwrap());
    assert_eq!((world.read(PATH).unwrap(), names(&world)), ("mine\n".to_owned(), vec!["v1.yaml".to_owned()]));
    assert!(!working.remove(PATH, Some(&old)).unwrap());
    assert_eq!((world.read(PATH).unwrap(), names(&world)), ("mine\n".to_owned(), vec!["v1.yaml".to_owned()]));
    assert!(!working.write(PATH, &stored("a: 2\n"), None).unwrap());
    assert_eq!((world.read(PATH).unwrap(), names(&world)), ("mine\n".to_owned(), vec!["v1.yaml".to_owned()]));
    // A file that went away is not made anew.
    fs::remove_file(world.clone_dir().join(PATH)).unwrap();
    assert!(!working.write(PATH, &stored("a: 2\n"), Some(&old)).unwrap());
    assert!(working.remove(PATH, Some(&old)).unwrap());
    assert_eq!(names(&world), Vec::<String>::new());
}

#[test]
fn what_is_as_it_was_is_written_and_removed() {
    let world = World::filled();
    let repository = world.open();
    let mut working = working(&repository);
    assert!(working.write(PATH, &stored("a: 2\n"), Some(&blob_id(b"a: 1\n"))).unwrap());
    assert_eq!(world.read(PATH).unwrap(), "a: 2\n");
    assert!(working.write("new/deep/file", &stored("x\n"), None).unwrap());
    assert_eq!(world.read("new/deep/file").unwrap(), "x\n");
    assert!(working.remove(PATH, Some(&blob_id(b"a: 2\n"))).unwrap());
    assert_eq!(names(&world), Vec::<String>::new());
}

#[test]
fn what_a_crash_left_aside_goes_back_where_git_does_not_have_it() {
    let (old, new) = (blob_id(b"a: 1\n"), blob_id(b"a: 2\n"));
    // The place, what lies aside, and what is in the place afterwards.
    let cases = [
        (Some("a: 2\n"), "a: 1\n", Some("a: 2\n"), 0),
        (Some("a: 1\n"), "a: 2\n", Some("a: 1\n"), 0),
        (None, "a: 1\n", None, 0),
        (None, "mine\n", Some("mine\n"), 0),
        (Some("a: 2\n"), "mine\n", Some("mine\n"), 0),
        (Some("newer\n"), "mine\n", Some("newer\n"), 1),
    ];
    for (place, left, after, kept) in cases {
        let world = World::filled();
        let repository = world.open();
        match place {
            Some(text) => world.write(PATH, text),
            None => fs::remove_file(world.clone_dir().join(PATH)).unwrap(),
        }
        world.write(&aside(), left);
        let settled = working(&repository).remove_leftover(PATH, Some(&old), Some(&new));
        assert_eq!(settled.is_err(), kept == 1, "{place:?} {left}");
        assert_eq!(world.read(PATH).as_deref(), after, "{place:?} {left}");
        let kept_files: Vec<String> = names(&world).into_iter().filter(|name| name != "v1.yaml").collect();
        assert_eq!(kept_files.len(), kept, "{kept_files:?}");
        if let Some(name) = kept_files.first() {
            assert_eq!(world.read(&format!("fab/managed/vpcs/{name}")).unwrap(), "mine\n");
            assert!(settled.unwrap_err().to_string().contains(name.as_str()));
            // It is told once and stops nothing afterwards.
            working(&repository).remove_leftover(PATH, Some(&old), Some(&new)).unwrap();
        }
    }
}

#[test]
fn no_link_on_the_way_is_followed() {
    let world = World::filled();
    let outside = world.dir.path().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("v1.yaml"), "theirs\n").unwrap();
    let folder = world.clone_dir().join("fab/managed/vpcs");
    fs::remove_dir_all(&folder).unwrap();
    symlink(&outside, &folder).unwrap();
    let repository = world.open();
    let mut working = working(&repository);
    let theirs = blob_id(b"theirs\n");
    for refused in [
        working.current(PATH).unwrap_err(),
        working.write(PATH, &stored("x\n"), Some(&theirs)).unwrap_err(),
        working.write("fab/managed/vpcs/deep/new", &stored("x\n"), None).unwrap_err(),
        working.remove(PATH, Some(&theirs)).unwrap_err(),
        working.remove_leftover(PATH, Some(&theirs), None).unwrap_err(),
    ] {
        assert_eq!(refused.code(), "E-REPO-UNSUPPORTED", "{refused}");
        assert!(refused.to_string().contains("symbolic link"), "{refused}");
    }
    assert_eq!(fs::read_to_string(outside.join("v1.yaml")).unwrap(), "theirs\n");
    assert_eq!(fs::read_dir(&outside).unwrap().count(), 1);
}

#[test]
fn a_file_that_is_a_link_is_the_link_and_a_pipe_is_waited_for_by_nobody() {
    let world = World::filled();
    let file = world.clone_dir().join(PATH);
    fs::remove_file(&file).unwrap();
    symlink("/etc/hostname", &file).unwrap();
    let repository = world.open();
    let mut working = working(&repository);
    assert_eq!(working.current(PATH).unwrap(), Some(blob_id(b"/etc/hostname")));
    assert!(working.write(PATH, &stored("a: 2\n"), Some(&blob_id(b"/etc/hostname"))).unwrap());
    assert_eq!(world.read(PATH).unwrap(), "a: 2\n");
    fs::remove_file(&file).unwrap();
    rustix::fs::mknodat(rustix::fs::CWD, &file, rustix::fs::FileType::Fifo, rustix::fs::Mode::RWXU, 0).unwrap();
    assert!(working.current(PATH).unwrap_err().to_string().contains("is no file"));
    assert!(!working.remove(PATH, Some(&blob_id(b"a: 2\n"))).unwrap());
    assert!(file.symlink_metadata().is_ok());
}
