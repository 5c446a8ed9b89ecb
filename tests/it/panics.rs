//! A panic: the terminal comes back, and a report says what happened and where it was written.
//!
//! The program has no way to panic on demand, so these tests run the library's dashboard in a process
//! of their own, which is this test binary again, with something beside it that panics.

use std::fs;
use std::sync::Arc;

use hedgerow::config;
use hedgerow::history::Cache;
use hedgerow::ops::Context;
use hedgerow::signal::Signal;
use hedgerow::tui::options::{Abilities, Options, Start};
use hedgerow::tui::preferences::Preferences;
use hedgerow::tui::wishes::Place;

use crate::session::{Session, holds};
use crate::world::World;

/// Who panics in the process of its own: `task`, `thread`, `screen`, or `lent` while the editor has the terminal.
const WHO: &str = "PANIC_OF_THE_TEST";
const WORDS: &str = "the sky fell \u{1b}[2J token=hunter2-canary";

#[test]
#[ignore = "the other tests run it in a terminal of its own"]
fn a_dashboard_beside_which_something_panics() {
    let Ok(who) = std::env::var(WHO) else { return };
    let folder = std::env::current_dir().unwrap();
    let state_dir = folder.join("state/hedgerow");
    hedgerow::cli::panic::install(state_dir.clone()).unwrap();
    let config = Arc::new(config::load(&folder.join("config.yaml")).unwrap());
    let context = Context {
        config,
        data_dir: folder.join("data"),
        state_dir,
        journal: Cache::default(),
        read_only: false,
        fixed_time: None,
    };
    let options = Options {
        title: "test".to_owned(),
        preferences: Preferences::default(),
        remarks: Vec::new(),
        terminal: Abilities::of("xterm"),
        notify: config::ui::Notify::Off,
        clipboard: None,
        about: String::new(),
        recorder: None,
        place: Place::default(),
        start: Start::Fabrics,
        signal: Signal::default(),
    };
    let trigger = folder.join("trigger");
    let asked = move || _ = fs::read_to_string(trigger).unwrap();
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(async {
        match who.as_str() {
            "thread" => _ = std::thread::spawn(move || fall(asked)),
            "lent" => {
                let fell = folder.join("fell");
                _ = std::thread::spawn(move || {
                    assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| fall(asked))).is_err());
                    fs::write(fell, "now").unwrap();
                });
            }
            "task" => _ = tokio::task::spawn_blocking(move || fall(asked)),
            _ => {
                let asked = tokio::task::spawn_blocking(asked);
                return tokio::select! {
                    ended = hedgerow::tui::run(context, options) => panic!("it ended: {ended:?}"),
                    _ = asked => fall(|| ()),
                };
            }
        }
        let ended = hedgerow::tui::run(context, options).await;
        assert_eq!(ended.unwrap_err().code(), "E-INTERNAL");
    });
}

fn fall(asked: impl FnOnce()) {
    asked();
    panic!("{WORDS}");
}

#[test]
fn a_panic_anywhere_gives_the_terminal_back_and_is_reported() {
    let itself = std::env::current_exe().unwrap().display().to_string();
    let name = "panics::a_dashboard_beside_which_something_panics";
    let words = [name, "--exact", "--ignored", "--nocapture", "--test-threads=1"];
    for who in ["thread", "task", "screen"] {
        let world = World::initialized();
        let trigger = world.root.join("trigger");
        assert_cmd::Command::new("mkfifo").arg(&trigger).assert().success();
        let mut session = Session::run(&world, &itself, &words, (100, 24), &[(WHO, who)]);
        session.until("In sync");
        assert!(session.screen().alternate_screen() && session.screen().hide_cursor());
        fs::write(&trigger, "now").unwrap();
        session.until_alternate(false);
        let text = session.until("the report is in ");
        assert!(!session.screen().hide_cursor(), "{who}: {text}");
        assert!(text.contains("E-INTERNAL") && text.contains("the sky fell") && text.contains("panics.rs:"), "{text}");
        let (_, bytes) = session.end();
        let kept = fs::read_to_string(world.root.join("state/hedgerow/last-panic.txt")).unwrap();
        assert!(kept.contains("the sky fell") && kept.contains("panics.rs"), "{kept}");
        assert!(!kept.contains("hunter2") && !holds(&bytes, "hunter2"), "{who}: a secret was told");
        assert!(!holds(&bytes, "fell \u{1b}[2J") && !kept.contains('\u{1b}'), "{who}: an escape code came through");
    }
}

#[test]
fn a_panic_while_the_editor_has_the_terminal_ends_the_session() {
    let itself = std::env::current_exe().unwrap().display().to_string();
    let name = "panics::a_dashboard_beside_which_something_panics";
    let words = [name, "--exact", "--ignored", "--nocapture", "--test-threads=1"];
    let world = World::initialized();
    world.raw("bad.yaml", hedgerow::demo::vpc("web", 5000, "10.0.1.0/24"));
    let pipes = ["trigger", "fell"].map(|name| world.root.join(name).display().to_string());
    for pipe in &pipes {
        assert_cmd::Command::new("mkfifo").arg(pipe).assert().success();
    }
    let editor = world.root.join("editor.sh");
    fs::write(&editor, format!("echo now > {}\nread word < {}\n", pipes[0], pipes[1])).unwrap();
    let editor = format!("sh {}", editor.display());
    let mut session = Session::run(&world, &itself, &words, (100, 24), &[(WHO, "lent"), ("EDITOR", &editor)]);
    session.until("dc1");
    session.press("v");
    session.until("Findings of dc1");
    session.press("\r");
    let text = session.until("the report is in ");
    assert!(text.contains("the sky fell"), "{text}");
    assert_eq!(session.end().0, 0, "the dashboard ended with E-INTERNAL");
}
