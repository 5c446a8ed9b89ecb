//! A session that ends in the middle: a hang-up, a signal, a kill or a panic while a push is under way.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::mpsc::channel;
use std::time::Duration;

use hedgerow::demo::vpc;
use rustix::process::Signal;

use crate::session::Session;
use crate::world::{World, git_in};

const SIZE: (u16, u16) = (160, 24);
/// Longer than this no hook takes to be reached.
const PATIENCE: Duration = Duration::from_mins(1);

/// A remote that holds every push until it is let go.
struct Gate {
    reached: PathBuf,
    go: PathBuf,
    moved: PathBuf,
}

impl Gate {
    /// Puts the hooks into the remote.
    fn new(world: &World) -> Self {
        let pipe = |name: &str| {
            let path = world.root.join(name);
            assert_cmd::Command::new("mkfifo").arg(&path).assert().success();
            path
        };
        let gate = Self { reached: pipe("reached"), go: pipe("go"), moved: world.root.join("moved") };
        let wait = format!("echo here > '{}'; read answer < '{}'", gate.reached.display(), gate.go.display());
        hook(world, "pre-receive", &format!("{wait}; [ \"$answer\" = yes ]"));
        gate
    }

    /// Says so through a pipe when the branch was moved.
    fn tells_the_move(&self, world: &World) {
        assert_cmd::Command::new("mkfifo").arg(&self.moved).assert().success();
        let tell = format!("[ \"$1\" != committed ] || echo moved > '{}'", self.moved.display());
        hook(world, "reference-transaction", &tell);
    }

    /// Waits until a push stands before it.
    fn reached(&self) {
        read(&self.reached);
    }

    /// Answers the push that stands before it.
    fn answer(&self, word: &'static str) {
        let go = self.go.clone();
        within(move || fs::write(go, format!("{word}\n")).unwrap());
    }
}

/// Waits until somebody writes into a pipe.
pub(crate) fn read(pipe: &std::path::Path) {
    let pipe = pipe.to_owned();
    within(move || _ = fs::read_to_string(pipe).unwrap());
}

/// Does what may wait for ever, and does not.
fn within<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = channel();
    std::thread::spawn(move || _ = sender.send(work()));
    receiver.recv_timeout(PATIENCE).expect("nobody is at the other end")
}

fn hook(world: &World, name: &str, script: &str) {
    let path = world.root.join("remote.git/hooks").join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// A world with a commit to push, and a session whose push stands before the gate.
fn pushing() -> (World, Gate, Session) {
    let world = World::initialized();
    world.raw("a.yaml", vpc("web", 1001, "10.0.1.0/24"));
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    let gate = Gate::new(&world);
    let mut session = Session::start(&world, &["--ascii"], SIZE);
    session.until("P push");
    session.press("P");
    session.until("press y to push");
    session.press("y");
    gate.reached();
    (world, gate, session)
}

fn journal(world: &World) -> String {
    fs::read_to_string(world.root.join("state/hedgerow/journal.jsonl")).unwrap()
}

/// The next session has nothing to tell of the last one, and nothing is in its way.
fn nothing_is_open(world: &World) {
    let mut session = Session::start(world, &["--ascii"], SIZE);
    session.until("In sync");
    session.quiet(Duration::from_millis(300));
    assert!(!session.text().contains("the last session"), "{}", session.text());
    session.press("q");
    assert_eq!(session.end().0, 0);
    nothing_blocks(world);
}

/// The next session says once how a push ended that nobody could be told of.
fn told_once(world: &World) {
    let mut session = Session::start(world, &["--ascii"], SIZE);
    let shown = session.until("the last session was cut off");
    assert!(shown.contains("> Verified: dc1 at ") && shown.contains("= 1  push     dc1"), "{shown}");
    session.press("q");
    assert_eq!(session.end().0, 0);
    nothing_is_open(world);
}

fn nothing_blocks(world: &World) {
    world.git(&["fsck", "--strict"]);
    assert_eq!(world.git(&["status", "--porcelain"]), "");
    assert!(!world.clone.join(".git/index.lock").exists());
    world.raw("b.yaml", vpc("db", 1002, "10.0.2.0/24"));
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
}

#[test]
fn a_signal_during_a_push_lets_it_end_and_drops_the_queue() {
    for (signal, code) in [(Signal::HUP, 129), (Signal::TERM, 143), (Signal::INT, 130)] {
        let (world, gate, mut session) = pushing();
        session.press("f");
        session.until("1 queued");
        session.signal(signal);
        session.until_alternate(false);
        gate.answer("yes");
        let (ended, bytes) = session.end();
        assert_eq!(ended, code);
        let tail = String::from_utf8_lossy(&bytes[bytes.len().saturating_sub(200)..]).into_owned();
        assert!(bytes.ends_with(b"\x1b[?25h\x1b[23;0t"), "drawn after the terminal was given back: {tail:?}");
        assert_eq!(world.remote_tip(), world.tip());
        let journal = journal(&world);
        assert!(
            journal.contains("\"result\":\"verified\"") && !journal.contains("\"operation\":\"fetch\""),
            "{journal}"
        );
        fs::remove_file(world.root.join("remote.git/hooks/pre-receive")).unwrap();
        told_once(&world);
    }
}

#[test]
fn a_connection_that_drops_during_a_push_lets_it_end() {
    let (world, gate, session) = pushing();
    let mut program = session.hang_up();
    gate.answer("yes");
    assert_eq!(within(move || program.wait().unwrap().exit_code()), 129);
    assert_eq!(world.remote_tip(), world.tip());
    assert!(journal(&world).contains("\"result\":\"verified\""));
    fs::remove_file(world.root.join("remote.git/hooks/pre-receive")).unwrap();
    told_once(&world);
}

#[test]
fn a_dropped_connection_ends_an_idle_session() {
    let world = World::initialized();
    let mut session = Session::start(&world, &["--ascii"], SIZE);
    session.until("In sync");
    let mut program = session.hang_up();
    assert_eq!(within(move || program.wait().unwrap().exit_code()), 129);
}

#[test]
fn a_push_that_outlives_the_last_wait_is_looked_up_at_the_next_start() {
    let (world, gate, session) = pushing();
    gate.tells_the_move(&world);
    session.signal(Signal::HUP);
    assert_eq!(session.end().0, 129);
    assert!(!journal(&world).contains("\"result\":\"uncertain\""));
    gate.answer("yes");
    read(&gate.moved);
    let mut session = Session::start(&world, &["--ascii"], SIZE);
    session.until(&format!("Verified: dc1, origin/main has {}", &world.tip()[..7]));
    session.press("q");
    assert_eq!(session.end().0, 0);
}

#[test]
fn a_kill_during_a_push_is_looked_up_at_the_next_start() {
    let (world, gate, session) = pushing();
    gate.tells_the_move(&world);
    session.kill();
    gate.answer("yes");
    read(&gate.moved);
    for name in ["pre-receive", "reference-transaction"] {
        fs::remove_file(world.root.join("remote.git/hooks").join(name)).unwrap();
    }
    let mut session = Session::start(&world, &["--ascii"], SIZE);
    session.until(&format!("Verified: dc1, origin/main has {}", &world.tip()[..7]));
    session.press("q");
    assert_eq!(session.end().0, 0);
    assert_eq!(world.json(&["status", "dc1"]).entry()["last_operation"]["result"], "verified");
    nothing_blocks(&world);
}

#[test]
fn a_killed_push_that_was_refused_is_not_called_done() {
    let (world, gate, session) = pushing();
    let before = world.remote_tip();
    session.kill();
    gate.answer("no");
    let mut session = Session::start(&world, &["--ascii"], SIZE);
    session.until(&format!("without {}; the last session left its push open. f looks again.", &world.tip()[..7]));
    session.press("q");
    assert_eq!(session.end().0, 0);
    assert_eq!(world.remote_tip(), before);
    git_in(&world.root.join("remote.git"), &["fsck", "--strict"]);
    nothing_blocks(&world);
}
