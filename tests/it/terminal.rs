//! The dashboard and its terminal: bytes on the wire, giving it back, odd terminals, what reaches it.

use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::session::{PROGRAM, Session, holds};
use crate::world::{DIRECTORY, World};

const SIZE: (u16, u16) = (80, 24);
const PAUSE: Duration = Duration::from_millis(300);

/// A configuration of several fabrics of one clone.
fn several(count: usize) -> World {
    let world = World::initialized();
    let fabric = |at| {
        let directory = if at == 0 { DIRECTORY.to_owned() } else { format!("fabrics/dc{at}") };
        format!("  dc{at}: {{ repository: netops, directory: {directory} }}\n")
    };
    let fabrics: String = (0..count).map(fabric).collect();
    world.configure(&format!("repositories:\n  netops: {{ path: clone }}\nfabrics:\n{fabrics}"));
    world
}

fn given_back(bytes: &[u8]) {
    for code in ["\u{1b}[?1049l", "\u{1b}[?25h", "\u{1b}[?2004l", "\u{1b}[m"] {
        assert!(holds(bytes, code), "{code:?}");
    }
}

#[test]
fn few_bytes_and_none_while_idle() {
    let world = several(5);
    let mut session = Session::start(&world, &[], SIZE);
    session.until("4 Operations");
    session.until("Not init");
    session.quiet(PAUSE);
    let start = session.bytes().len();
    assert!(start <= 4608, "first screen: {start}");
    for key in ["j", "j", "k"] {
        session.press(key);
        let moved = session.quiet(PAUSE);
        assert!((1..=350).contains(&moved), "{key}: {moved}");
    }
    session.press("I");
    session.until("press y to init");
    session.quiet(PAUSE);
    session.press("\u{1b}");
    let closed = session.quiet(PAUSE);
    assert!((1..=1843).contains(&closed), "a dialog closes: {closed}");
    assert_eq!(session.quiet(Duration::from_secs(10)), 0, "idle");
    session.press("q");
    let (code, bytes) = session.end();
    assert_eq!(code, 0);
    given_back(&bytes);
}

#[test]
fn a_long_list_scrolls_in_few_bytes() {
    let world = several(60);
    let mut session = Session::start(&world, &["--read-only"], SIZE);
    session.until("60/60");
    session.until("dc9 ");
    session.until_gone("Reading");
    session.press("jjjjjjjjjjjjjjj");
    session.until("> [ ] dc16");
    session.until_gone("Reading");
    session.quiet(PAUSE);
    session.press("j");
    let moved = session.quiet(PAUSE);
    assert!(session.text().contains("> [ ] dc17"), "{}", session.text());
    assert!((1..=350).contains(&moved), "{moved}");
    session.press("q");
    session.end();
}

#[test]
fn a_window_that_changes_is_drawn_rarely_and_too_small_a_one_takes_no_writes() {
    let world = several(2);
    let mut session = Session::start(&world, &[], SIZE);
    session.until("Not init");
    let clears = |session: &Session| session.bytes().windows(4).filter(|bytes| *bytes == b"\x1b[2J").count();
    let (before, begun) = (clears(&session), Instant::now());
    for at in 0..200 {
        session.resize(81 + at % 40, 24);
        assert!(session.is_running(Duration::from_millis(8)));
    }
    session.resize(38, 9);
    session.until("Window too small: 38x9");
    // One frame every 80 ms of the time it really took, one before and one behind.
    let (drawn, took) = (clears(&session) - before, begun.elapsed());
    assert!(drawn <= 2 + usize::try_from(took.as_millis() / 80).unwrap(), "{drawn} frames in {took:?}");
    session.press("jI");
    session.resize(80, 24);
    session.until("Not init");
    session.quiet(PAUSE);
    assert!(!session.text().contains("press y"), "{}", session.text());
    session.press("q");
    assert_eq!(session.end().0, 0);
}

#[test]
fn the_selected_row_is_seen_without_colour() {
    let world = several(3);
    let mut session = Session::with(&world, &[], SIZE, &[("NO_COLOR", "1")]);
    session.until("Not init");
    session.press("j");
    session.until("> [ ] dc");
    let row = (0..24).find(|row| session.screen().contents_between(*row, 0, *row, 80).contains("> [ ] dc")).unwrap();
    assert!(session.screen().cell(row, 4).unwrap().inverse());
    assert!(!coloured(&session), "NO_COLOR was set");
    session.press("q");
    session.end();
    let mut session = Session::with(&world, &["--color", "always"], SIZE, &[("NO_COLOR", "1")]);
    session.until("Ready");
    assert!(coloured(&session), "a flag goes before NO_COLOR");
    session.press("q");
    session.end();
}

fn coloured(session: &Session) -> bool {
    let is_coloured = |at: u16| session.screen().cell(at / 80, at % 80).unwrap().fgcolor() != vt100::Color::Default;
    (0..24 * 80).any(is_coloured)
}

#[test]
fn signals_give_the_terminal_back() {
    let world = World::initialized();
    for (signal, code) in [(Signal::TERM, 143), (Signal::HUP, 129), (Signal::INT, 130)] {
        let mut session = Session::start(&world, &[], SIZE);
        session.until("dc1");
        session.signal(signal);
        let (ended, bytes) = session.end();
        assert_eq!(ended, code);
        given_back(&bytes);
    }
}

#[test]
fn suspending_gives_the_terminal_to_the_shell_and_fg_takes_it_again() {
    let world = World::initialized();
    let script = format!("set -m; '{PROGRAM}'; echo the shell has it; read line; fg; echo over");
    let mut session = Session::run(&world, "sh", &["-c", &script], SIZE, &[]);
    session.until("In sync");
    session.press("\u{1a}");
    session.until("the shell has it");
    assert!(!session.screen().alternate_screen() && !session.screen().hide_cursor());
    session.press("\n");
    session.until("In sync");
    assert!(session.screen().alternate_screen() && session.screen().hide_cursor());
    session.press("q");
    let text = session.until("over");
    assert!(!session.screen().alternate_screen(), "{text}");
    session.end();
}

#[test]
fn a_second_signal_ends_at_once_and_gives_the_terminal_back() {
    let world = World::initialized();
    let mut session = Session::start(&world, &[], SIZE);
    session.until("dc1");
    session.signal(Signal::TERM);
    session.signal(Signal::TERM);
    let (code, bytes) = session.end();
    assert_eq!(code, 143);
    given_back(&bytes);
}

#[test]
fn odd_terminals_start_and_dumb_ones_are_told() {
    let world = World::initialized();
    for term in ["", "xterm-256colour-misspelt", "vt100", "linux"] {
        let mut session = Session::with(&world, &[], SIZE, &[("TERM", term)]);
        let text = session.until("In sync");
        let is_ascii = text.contains("+[ 1 Fabrics ]=");
        assert_eq!(is_ascii, ["vt100", "linux"].contains(&term), "{term}: {text}");
        session.press("q");
        let (code, bytes) = session.end();
        assert_eq!(code, 0, "{term}");
        assert_eq!(holds(&bytes, "\u{1b}]2;"), term.starts_with("xterm"), "{term}: a title");
        assert!(!holds(&bytes, "\u{1b}[c") && !holds(&bytes, "\u{1b}[6n"), "nothing is asked");
    }
    let dumb = Session::with(&world, &[], SIZE, &[("TERM", "dumb")]);
    let (code, bytes) = dumb.end();
    assert_eq!(code, 0);
    assert!(!holds(&bytes, "\u{1b}") && holds(&bytes, "hedgerow status"), "{}", String::from_utf8_lossy(&bytes));
}

#[test]
fn no_home_and_no_reader_end_sensibly() {
    let world = World::initialized();
    let mut command = world.command(&["status"]);
    let said = command.env_remove("HOME").env_remove("XDG_STATE_HOME").output().unwrap();
    assert_eq!(said.status.code(), Some(0), "{}", String::from_utf8_lossy(&said.stderr));
    let script = format!("'{PROGRAM}' status | head -n 1; '{PROGRAM}' status >&-; echo $?");
    let mut session = Session::run(&world, "sh", &["-c", &script], SIZE, &[]);
    session.until("FABRIC");
    let (_, bytes) = session.end();
    assert!(!holds(&bytes, "panicked"), "{}", String::from_utf8_lossy(&bytes));
}

#[test]
fn pastes_and_hostile_names_do_nothing() {
    let world = World::initialized();
    let name = "a\u{1b}]0;owned\u{7}\u{202e}b.yaml";
    world.raw(name, hedgerow::demo::vpc("web", 1001, "10.0.1.0/24"));
    world.git(&["commit", "--quiet", "--allow-empty", "--message", "bad \u{1b}[2J\u{202e} subject"]);
    let before = world.tip();
    let mut session = Session::start(&world, &[], SIZE);
    session.until("N ingest");
    session.press("\u{1b}[200~Ny\ry\u{1b}[201~");
    session.until("Ignored a paste of 4 characters");
    session.press("\r");
    let text = session.until("\\x1b]0;owned");
    assert!(text.contains("\\u202e"), "{text}");
    session.press("P");
    session.until("\\x1b[2J\\u202e subject");
    session.until("Enter works only when");
    session.quiet(PAUSE);
    session.press("\u{1b}");
    session.until("cancelled");
    session.press("qq");
    let (_, bytes) = session.end();
    assert!(!holds(&bytes, "\u{1b}]0;") && !holds(&bytes, "\u{202e}"), "an escape code came through");
    assert_eq!(world.tip(), before);
}

#[test]
fn a_demo_that_is_hung_up_while_it_reads_leaves_nothing() {
    let world = World::initialized();
    let temporary = world.root.join("tmp");
    std::fs::create_dir(&temporary).unwrap();
    for signal in [Signal::HUP, Signal::TERM] {
        let place = temporary.display().to_string();
        let mut session = Session::with(&world, &["demo"], SIZE, &[("TMPDIR", &place)]);
        session.until("1 Fabrics");
        assert_eq!(std::fs::read_dir(&temporary).unwrap().count(), 1);
        session.signal(signal);
        let (code, bytes) = session.end();
        assert_eq!(code, 128 + u32::try_from(signal.as_raw()).unwrap());
        given_back(&bytes);
        let left: Vec<_> = std::fs::read_dir(&temporary).unwrap().collect();
        assert!(left.is_empty(), "{left:?}");
    }
}
