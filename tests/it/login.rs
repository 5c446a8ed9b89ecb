//! Login: git asks on the terminal it was given, its helper keeps the answer, and the dashboard comes back.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;

use crate::session::{PROGRAM, Session, holds};
use crate::world::{DIRECTORY, World};

const SECRET: &str = "canary-5f0c2b71";

/// A remote over HTTP that wants a name and a password, and a helper of git that keeps them.
fn guarded() -> World {
    let world = World::initialized();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let tip = world.tip();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
            let asked: Vec<String> = lines.by_ref().take_while(|line| !line.is_empty()).collect();
            let _written = stream.write_all(answer(&asked, &tip).as_bytes());
        }
    });
    world.git(&["remote", "set-url", "origin", &format!("http://127.0.0.1:{port}/netops.git")]);
    let kept = world.root.join("kept-by-git");
    world.git(&["config", "credential.helper", &format!("store --file={}", kept.display())]);
    world
}

fn answer(asked: &[String], tip: &str) -> String {
    let is_known = asked.iter().any(|line| line.to_lowercase().starts_with("authorization: basic "));
    let (status, more, body) = match asked.first().map_or("", String::as_str) {
        _ if !is_known => ("401 Unauthorized", "WWW-Authenticate: Basic realm=\"netops\"\r\n", String::new()),
        line if line.contains("info/refs") => ("200 OK", "", format!("{tip}\trefs/heads/main\n")),
        line if line.contains("/HEAD") => ("200 OK", "", "ref: refs/heads/main\n".to_owned()),
        _ => ("404 Not Found", "", String::new()),
    };
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\n{more}Content-Type: text/plain\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
}

fn everything_below(folder: &std::path::Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        bytes.extend(if path.is_dir() { everything_below(&path) } else { fs::read(&path).unwrap() });
    }
    bytes
}

#[test]
fn git_asks_on_the_terminal_and_the_dashboard_comes_back_with_a_fetch() {
    let world = guarded();
    let mut session = Session::start(&world, &["--ascii"], (100, 30));
    session.until("In sync");
    session.press("f");
    session.until("FAILED E-AUTH-NONE");
    session.press("e");
    session.until(":login in the dashboard");
    session.press("\u{1b}");
    session.until("1 Fabrics");
    session.press(":login\r");
    session.until("Username for");
    session.press("alice\r");
    session.until("Password for");
    session.press(&format!("{SECRET}\r"));
    session.until("Enter goes back to the dashboard");
    session.press("\r");
    session.until("No change: nothing new");
    session.press("q");
    let (code, bytes) = session.end();
    assert_eq!(code, 0);
    assert!(!holds(&bytes, SECRET), "the password was shown");
    assert!(!holds(&everything_below(&world.root.join("state")), SECRET), "the password was kept by us");
    assert!(fs::read_to_string(world.root.join("kept-by-git")).unwrap().contains(SECRET));
    assert_eq!(world.run(&["fetch", "dc1"]).code, 0);
}

#[test]
fn ctrl_c_at_the_question_comes_back_to_the_dashboard() {
    let world = guarded();
    let mut session = Session::start(&world, &["--ascii", "--read-only"], (100, 30));
    session.until("In sync");
    session.press(":login dc1\r");
    session.until("Username for");
    session.press("\u{3}");
    session.until("Enter goes back to the dashboard");
    session.press("\r");
    session.until("login dc1  stopped");
    session.press("q");
    assert_eq!(session.end().0, 0);
    assert!(!world.root.join("kept-by-git").exists());
}

#[test]
fn the_command_line_asks_too_but_only_on_a_terminal() {
    let world = guarded();
    let said = world.json(&["login", "dc1"]);
    assert_eq!((said.code, said.json()["error"]["code"].as_str()), (2, Some("E-USAGE")), "{}", said.out);
    assert_eq!(world.run(&["login", "nowhere"]).code, 3);
    let mut session = Session::start(&world, &["login", "dc1"], (100, 30));
    session.until("Username for");
    session.press("alice\r");
    session.until("Password for");
    session.press(&format!("{SECRET}\r"));
    let (code, bytes) = session.end();
    assert_eq!(code, 0, "{}", String::from_utf8_lossy(&bytes));
    assert!(!holds(&bytes, SECRET) && holds(&bytes, "login dc1"));
}

#[test]
fn a_masked_screen_is_not_left() {
    let world = guarded();
    let mut session = Session::start(&world, &["--present"], (100, 30));
    session.until("In sync");
    session.press(":login\r");
    session.until("git would show");
    session.press("q");
    assert_eq!(session.end().0, 0);
}

#[test]
fn before_there_is_a_clone_the_address_that_is_shown_is_asked_wherever_the_user_stands() {
    let world = guarded();
    let url = world.git(&["remote", "get-url", "origin"]).trim().to_owned();
    world.git(&["remote", "set-url", "origin", &world.root.join("remote.git").display().to_string()]);
    world.configure(&format!(
        "repositories:\n  netops: {{ url: '{url}' }}\nfabrics:\n  dc1: {{ repository: netops, directory: {DIRECTORY} }}\n"
    ));
    let script = format!("cd clone && exec '{PROGRAM}' login dc1");
    let mut session = Session::run(&world, "sh", &["-c", &script], (100, 30), &[]);
    let host = url.trim_end_matches("/netops.git");
    session.until(&format!("Username for '{host}'"));
    session.press("\u{3}");
    assert_eq!(session.end().0, 130);
}

#[test]
fn a_kill_at_the_question_ends_git_and_gives_the_terminal_back() {
    for args in [&["login", "dc1"][..], &["--ascii", "--read-only"]] {
        let world = guarded();
        let mut session = Session::start(&world, args, (100, 30));
        if args[0] != "login" {
            session.until("In sync");
            session.press(":login dc1\r");
        }
        session.until("Username for");
        session.press("alice\r");
        session.until("Password for");
        session.signal(rustix::process::Signal::TERM);
        // Its end is that of everybody who has the terminal open, and the terminal is set as before.
        assert_eq!(session.end().0, 143, "{args:?}");
    }
}
