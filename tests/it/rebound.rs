//! Keys that the configuration binds elsewhere: every screen, every answer and the help name the bound ones.

use std::fs;

use hedgerow::command::read::Meaning;

use crate::session::Session;
use crate::world::World;

/// Every action whose key a screen names, somewhere else; `back` and `open` too.
const KEYS: &str = "keys:
  push: W
  ingest: K
  init: D
  add_fabric: O
  validate: b
  help: F
  quit: X
  fetch: u
  pull: i
  error: t
  sort: '+'
  filter: '&'
  copy: '%'
  settings: ';'
  refresh: '='
  back: B
  open: E
  leave_out: '#'
  zoom: '@'
  next_tab: '>'
  previous_tab: '<'
  command: '!'
";

/// What the screens would say with the built-in keys.
const STALE: [&str; 27] = [
    "P push",
    "P Push",
    "N ingest",
    "N iNgest",
    "I init",
    "A Add",
    "v validate",
    "? help",
    "? Help",
    "q quit",
    "q back",
    "f fetch",
    "p pull",
    "e error",
    "s sort",
    "s save",
    "/ filter",
    "y copy",
    "y Copy",
    ", Settings",
    "r refresh",
    "Esc back",
    "Enter open",
    "Enter view",
    "Space mark",
    "[ ] tab",
    ": command",
];

fn world() -> World {
    let world = World::initialized();
    let config = fs::read_to_string(world.root.join("config.yaml")).unwrap();
    world.configure(&format!("{config}{KEYS}"));
    world.raw("a.yaml", hedgerow::demo::vpc("web", 1001, "10.0.1.0/24"));
    world
}

fn look(session: &mut Session, key: &str, wanted: &str) {
    session.press(key);
    let shown = session.until(wanted);
    for stale in STALE {
        assert!(!shown.contains(&format!(" {stale}")), "after {key:?} the screen says {stale:?}\n{shown}");
    }
}

#[test]
fn every_screen_names_the_bound_keys() {
    let world = world();
    let mut session = Session::start(&world, &["--ascii"], (120, 40));
    look(&mut session, "", "K ingest");
    look(&mut session, "E", "K iNgest");
    for _ in 0..6 {
        look(&mut session, ">", "< > tab");
    }
    look(&mut session, "B", "X quit");
    look(&mut session, "%", "% Copy");
    look(&mut session, "\u{1b}", "X quit");
    look(&mut session, ";", "; Settings");
    look(&mut session, "\u{1b}", "X quit");
    look(&mut session, "+", "+ Sort");
    look(&mut session, "\u{1b}", "X quit");
    look(&mut session, "K", "press y to ingest");
    look(&mut session, "y", "ingest dc1");
    session.until("W push");
    world.git(&["remote", "set-url", "origin", "/nowhere"]);
    look(&mut session, "u", "FAILED E-REMOTE-MISSING");
    look(&mut session, "t", "+ save it to a file");
    look(&mut session, "B", "X quit");
    session.press("P");
    session.until("P is unused here; F lists every action");
    session.press("X");
    assert_eq!(session.end().0, 0);
}

#[test]
fn the_help_lists_every_action_with_its_bound_key_and_every_word_is_known() {
    let world = world();
    let told = world.json(&["keys"]).json();
    let actions = told["data"].as_array().unwrap();
    assert!(actions.len() > 40, "{told}");
    let mut session = Session::start(&world, &["--ascii"], (120, 40));
    session.until("K ingest");
    for action in actions {
        let word = action["action"].as_str().unwrap().replace('_', "-");
        let meaning = hedgerow::command::read::read(&word, &["dc1"], &["dc1".to_owned()]);
        assert!(matches!(meaning, Ok(Meaning::Act(_) | Meaning::Run(_) | Meaning::Login(_))), "{word}: {meaning:?}");
        let title = title(&word);
        session.press("F");
        session.until("F Help and commands");
        session.press(&word.replace('-', " "));
        let shown = session.until(&format!("> {title}"));
        let line = shown.lines().find(|line| line.contains(&format!("> {title}"))).unwrap();
        let key = action["keys"][0].as_str().map_or_else(|| format!(":{word}"), str::to_owned);
        assert!(line.contains(&key), "{key} is not in {line}");
        session.press("\u{1b}");
        session.until_gone("F Help and commands");
    }
    session.press("X");
    assert_eq!(session.end().0, 0);
}

/// How the help writes an action's word.
fn title(word: &str) -> String {
    let text = word.replace('-', " ");
    let (first, rest) = text.split_at(1);
    first.to_uppercase() + rest
}

#[test]
fn the_command_line_names_the_bound_keys() {
    let world = world();
    assert_eq!(world.json(&["status"]).entry()["next"]["key"], "K");
    fs::remove_dir_all(world.path("unmanaged")).unwrap();
    let said = world.run(&["validate", "dc1"]);
    assert!(said.out.contains("(key D)") && !said.out.contains("(key I)"), "{}", said.out);
    world.configure(&fs::read_to_string(world.root.join("config.yaml")).unwrap().replace("fabric-1", "elsewhere"));
    let said = world.run(&["ingest", "dc1", "--yes"]);
    assert!(said.err.contains("`hedgerow init`, key D)"), "{}", said.err);
    let remedy = world.json(&["ingest", "dc1", "--yes"]).entry()["error"]["remedy"][0].clone();
    assert_eq!((remedy["key"].as_str(), remedy["command"].as_str()), (Some("D"), Some("hedgerow init")), "{remedy}");
}
