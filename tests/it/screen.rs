//! The dashboard in a real pty: keys typed, screens read, the remote looked at.

use std::io::{Read, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use crate::world::World;

/// Longer than this nothing takes that still works.
const PATIENCE: Duration = Duration::from_mins(1);

/// The program in a terminal of its own.
struct Session {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    chunks: Receiver<Vec<u8>>,
    screen: vt100::Parser,
    bytes: Vec<u8>,
}

impl Session {
    fn start(world: &World, args: &[&str], size: (u16, u16)) -> Self {
        let (cols, rows) = size;
        let pair = native_pty_system().openpty(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_hedgerow"));
        command.args(args);
        command.env_clear();
        command.cwd(&world.root);
        for (key, value) in world.environment() {
            command.env(key, value);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        let (mut reader, writer) = (pair.master.try_clone_reader().unwrap(), pair.master.take_writer().unwrap());
        let (sender, chunks) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 8192];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                if sender.send(buffer[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        let size = (rows.try_into().unwrap(), cols.try_into().unwrap());
        let screen = vt100::Parser::new(size.0, size.1, 0);
        Self { child, master: pair.master, writer, chunks, screen, bytes: Vec::new() }
    }

    fn text(&self) -> String {
        self.screen.screen().contents()
    }

    /// Reads until the screen shows a text.
    fn until(&mut self, wanted: &str) -> String {
        let deadline = Instant::now() + PATIENCE;
        while !self.text().contains(wanted) {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.chunks.recv_timeout(left) {
                Ok(chunk) => self.take(&chunk),
                Err(error) => panic!("{error}: no {wanted:?} in\n{}", self.text()),
            }
        }
        self.text()
    }

    fn take(&mut self, chunk: &[u8]) {
        self.screen.process(chunk);
        self.bytes.extend_from_slice(chunk);
    }

    fn press(&mut self, keys: &str) {
        self.writer.write_all(keys.as_bytes()).unwrap();
        self.writer.flush().unwrap();
    }

    /// The bytes written until nothing comes for a while.
    fn quiet(&mut self, pause: Duration) -> usize {
        let mut count = 0;
        loop {
            match self.chunks.recv_timeout(pause) {
                Ok(chunk) => {
                    count += chunk.len();
                    self.take(&chunk);
                }
                Err(RecvTimeoutError::Timeout) => return count,
                Err(RecvTimeoutError::Disconnected) => panic!("it ended"),
            }
        }
    }

    /// Waits for the end and returns the exit code and everything written.
    fn end(mut self) -> (u32, Vec<u8>) {
        let code = self.child.wait().unwrap().exit_code();
        drop(self.master);
        while let Ok(chunk) = self.chunks.recv_timeout(PATIENCE) {
            self.bytes.extend_from_slice(&chunk);
        }
        (code, self.bytes)
    }
}

fn holds(bytes: &[u8], wanted: &str) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted.as_bytes())
}

#[test]
fn typed_keys_take_raw_files_to_the_remote() {
    let world = World::plugin();
    let mut session = Session::start(&world, &[], (80, 24));
    session.until("N ingest");
    session.press("N");
    let plan = session.until("press y to ingest");
    assert!(plan.contains("47 new") && plan.contains("NOT pushed"), "{plan}");
    session.press("y");
    session.until("not pushed yet");
    session.press("P");
    session.until("press y to push");
    session.press("y");
    session.until("push dc1  Verified");
    assert_eq!(world.remote_tip(), world.tip());
    assert!(world.git(&["log", "-1", "--format=%s"]).starts_with("ingest(dc1): 47 resources"));
    assert!(session.quiet(Duration::from_millis(300)) < 4096);
    assert_eq!(session.quiet(Duration::from_millis(1500)), 0, "an idle screen writes nothing");
    session.press("q");
    let (code, bytes) = session.end();
    assert_eq!(code, 0);
    for given_back in ["\u{1b}[?1049l", "\u{1b}[?25h", "\u{1b}[?2004l"] {
        assert!(holds(&bytes, given_back), "{given_back:?}");
    }
}

#[test]
fn a_plan_made_stale_between_n_and_y_is_not_carried_out() {
    let world = World::initialized();
    world.raw("a.yaml", hedgerow::demo::vpc("web", 1001, "10.0.1.0/24"));
    let before = world.commits();
    let mut session = Session::start(&world, &["--ascii"], (80, 24));
    session.until("N ingest");
    session.press("N");
    session.until("press y to ingest");
    world.raw("a.yaml", hedgerow::demo::vpc("web", 1002, "10.0.1.0/24"));
    session.press("y");
    session.until("out of date");
    assert_eq!(world.commits(), before);
    session.press("r");
    session.until("press y to ingest");
    session.press("y");
    session.until("not pushed yet");
    assert_eq!(world.commits(), before + 1);
    assert!(world.read("managed/vpcs/web.yaml").contains("1002"));
    session.press("q");
    assert_eq!(session.end().0, 0);
}

#[test]
fn a_signal_gives_the_terminal_back() {
    let world = World::initialized();
    let session = {
        let mut session = Session::start(&world, &[], (80, 24));
        session.until("dc1");
        session
    };
    let process = rustix::process::Pid::from_raw(session.child.process_id().unwrap().cast_signed()).unwrap();
    rustix::process::kill_process(process, rustix::process::Signal::TERM).unwrap();
    let (code, bytes) = session.end();
    assert_eq!(code, 143);
    assert!(holds(&bytes, "\u{1b}[?1049l") && holds(&bytes, "\u{1b}[?25h"));
}

#[test]
fn read_only_writes_nothing_whatever_is_pressed() {
    let world = World::plugin();
    let before = world.tip();
    let mut session = Session::start(&world, &["--read-only"], (80, 24));
    session.until("READ-ONLY");
    session.until("N ingest");
    session.press("NyPyIyfp\r");
    session.until("RAW 3");
    session.press("q");
    session.press("q");
    assert_eq!(session.end().0, 0);
    assert_eq!(world.tip(), before);
    assert_eq!(world.git(&["status", "--porcelain"]), "");
}
