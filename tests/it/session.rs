//! A session: the program in a real pty, its screen read, its keys pressed, its bytes counted.

use std::io::{Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use crate::world::World;

/// The program under test.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_hedgerow");
/// Longer than this nothing takes that still works.
const PATIENCE: Duration = Duration::from_mins(1);

/// The program in a terminal of its own.
pub(crate) struct Session {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    chunks: Receiver<Vec<u8>>,
    reading: JoinHandle<()>,
    is_over: Arc<AtomicBool>,
    screen: vt100::Parser,
    bytes: Vec<u8>,
    before: String,
}

impl Session {
    /// The dashboard in a terminal of a size.
    pub(crate) fn start(world: &World, args: &[&str], size: (u16, u16)) -> Self {
        Self::with(world, args, size, &[])
    }

    /// The same with more of an environment; an empty value takes a variable away.
    pub(crate) fn with(world: &World, args: &[&str], size: (u16, u16), more: &[(&str, &str)]) -> Self {
        Self::run(world, PROGRAM, args, size, more)
    }

    /// Any program.
    pub(crate) fn run(world: &World, program: &str, args: &[&str], size: (u16, u16), more: &[(&str, &str)]) -> Self {
        let (cols, rows) = size;
        let pair = native_pty_system().openpty(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
        let before = format!("{:?}", pair.master.get_termios().unwrap());
        let mut command = CommandBuilder::new(program);
        command.args(args);
        command.env_clear();
        command.cwd(&world.root);
        for (key, value) in world.environment() {
            command.env(key, value);
        }
        for (key, value) in more {
            if value.is_empty() {
                command.env_remove(key);
            } else {
                command.env(key, value);
            }
        }
        let child = pair.slave.spawn_command(command).unwrap();
        let (mut reader, writer) = (pair.master.try_clone_reader().unwrap(), pair.master.take_writer().unwrap());
        let (sender, chunks) = channel();
        let is_over = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&is_over);
        let reading = std::thread::spawn(move || {
            let mut buffer = [0; 8192];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                if sender.send(buffer[..count].to_vec()).is_err() || seen.load(Ordering::SeqCst) {
                    break;
                }
            }
        });
        let size = (rows.try_into().unwrap(), cols.try_into().unwrap());
        let screen = vt100::Parser::new(size.0, size.1, 0);
        Self { child, master: pair.master, writer, chunks, reading, is_over, screen, bytes: Vec::new(), before }
    }

    /// What the screen shows.
    pub(crate) fn text(&self) -> String {
        self.screen.screen().contents()
    }

    /// Reads until the screen shows a text.
    pub(crate) fn until(&mut self, wanted: &str) -> String {
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

    /// Reads until the screen no longer shows a text.
    pub(crate) fn until_gone(&mut self, unwanted: &str) {
        while self.text().contains(unwanted) {
            let chunk = self.chunks.recv_timeout(PATIENCE).unwrap_or_else(|error| panic!("{error}: {}", self.text()));
            self.take(&chunk);
        }
    }

    fn take(&mut self, chunk: &[u8]) {
        self.screen.process(chunk);
        self.bytes.extend_from_slice(chunk);
    }

    /// Reads until the first screen is back, or the other one shown.
    pub(crate) fn until_alternate(&mut self, wanted: bool) {
        while self.screen.screen().alternate_screen() != wanted {
            let chunk = self.chunks.recv_timeout(PATIENCE).unwrap_or_else(|error| panic!("{error}: {}", self.text()));
            self.take(&chunk);
        }
    }

    /// Closes the other end of the terminal, as a connection that drops does.
    pub(crate) fn hang_up(mut self) -> Box<dyn Child + Send + Sync> {
        self.is_over.store(true, Ordering::SeqCst);
        // Whoever reads holds the terminal open, too: the help makes the program write, which ends the reading.
        self.press("?");
        self.reading.join().unwrap();
        self.child
    }

    /// Kills the program, which can give nothing back then.
    pub(crate) fn kill(mut self) {
        self.signal(rustix::process::Signal::KILL);
        self.child.wait().unwrap();
    }

    /// Types keys.
    pub(crate) fn press(&mut self, keys: &str) {
        self.try_to_press(keys).unwrap();
    }

    /// Types keys into a program that may have ended.
    pub(crate) fn try_to_press(&mut self, keys: &str) -> std::io::Result<()> {
        self.writer.write_all(keys.as_bytes())?;
        self.writer.flush()
    }

    /// The bytes written until nothing comes for a while.
    pub(crate) fn quiet(&mut self, pause: Duration) -> usize {
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

    /// Reads what came within a pause; tells whether the program still runs.
    pub(crate) fn is_running(&mut self, pause: Duration) -> bool {
        loop {
            match self.chunks.recv_timeout(pause) {
                Ok(chunk) => self.take(&chunk),
                Err(RecvTimeoutError::Timeout) => return true,
                Err(RecvTimeoutError::Disconnected) => return false,
            }
        }
    }

    /// Sends a signal.
    pub(crate) fn signal(&self, signal: rustix::process::Signal) {
        rustix::process::kill_process(self.process(), signal).unwrap();
    }

    /// The program's process.
    pub(crate) fn process(&self) -> rustix::process::Pid {
        rustix::process::Pid::from_raw(self.child.process_id().unwrap().cast_signed()).unwrap()
    }

    /// Gives the terminal another size.
    pub(crate) fn resize(&mut self, cols: u16, rows: u16) {
        self.master.resize(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
        self.screen.screen_mut().set_size(rows.try_into().unwrap(), cols.try_into().unwrap());
    }

    /// Everything written so far.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The screen behind it.
    pub(crate) fn screen(&self) -> &vt100::Screen {
        self.screen.screen()
    }

    /// How the terminal is set.
    fn modes(&self) -> String {
        format!("{:?}", self.master.get_termios().unwrap())
    }

    /// Waits for the end and returns the exit code and everything written; the terminal is set as before.
    pub(crate) fn end(mut self) -> (u32, Vec<u8>) {
        loop {
            match self.chunks.recv_timeout(PATIENCE) {
                Ok(chunk) => self.take(&chunk),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {
                    self.child.kill().unwrap();
                    panic!("it does not end:\n{}", self.text());
                }
            }
        }
        let code = self.child.wait().unwrap().exit_code();
        assert_eq!(self.modes(), self.before, "the terminal is not set as it was");
        (code, self.bytes)
    }
}

/// Whether bytes hold a text.
pub(crate) fn holds(bytes: &[u8], wanted: &str) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted.as_bytes())
}
