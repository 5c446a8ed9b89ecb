//! The invariants of the house, as far as a test can check them.

use std::fs;
use std::path::{Path, PathBuf};

fn sources(folder: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut waiting: Vec<PathBuf> = vec![root.join(folder)];
    let mut found = Vec::new();
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.extend((!path.ends_with("target")).then_some(path));
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let name = path.strip_prefix(root).unwrap().display().to_string();
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(!found.is_empty());
    found.retain(|(name, _)| folder == "tests" || !name.contains("/tests"));
    found.sort();
    found
}

/// The part of a file that ships: what stands before its tests.
fn shipped(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or(text)
}

#[test]
fn every_file_says_what_it_is_and_is_short() {
    for (name, text) in sources("src").into_iter().chain(sources("tests")) {
        assert!(text.starts_with("//! "), "{name} does not begin with a `//!` sentence");
        let lines = text.lines().count();
        assert!(lines <= 400, "{name} has {lines} lines");
        assert!(!name.ends_with("/mod.rs"), "{name}: foo.rs beside foo/, never mod.rs");
    }
}

#[test]
fn layers_point_down() {
    let layers: [(&str, &[&str]); 12] = [
        ("src/config", &["fabric", "git", "history", "ops", "command", "cli", "tui", "demo"]),
        ("src/yaml", &["config", "fabric", "git", "history", "ops", "command", "cli", "tui", "demo", "error"]),
        ("src/text", &["config", "fabric", "git", "history", "ops", "command", "cli", "tui", "demo"]),
        ("src/progress", &["config", "fabric", "git", "history", "ops", "command", "cli", "tui", "demo"]),
        ("src/error", &["fabric", "git", "history", "ops", "command", "cli", "tui", "demo"]),
        ("src/fabric", &["git", "history", "ops", "command", "cli", "tui", "demo"]),
        ("src/git", &["ops", "history", "command", "cli", "tui", "demo"]),
        ("src/history", &["git", "command", "cli", "tui", "demo"]),
        ("src/ops", &["command", "cli", "tui", "demo"]),
        ("src/command", &["cli", "tui", "git"]),
        ("src/cli", &["tui", "git"]),
        ("src/tui", &["cli", "git"]),
    ];
    for (name, text) in sources("src") {
        let text = shipped(&text);
        for (layer, above) in &layers {
            if !name.starts_with(&format!("{layer}.rs")) && !name.starts_with(&format!("{layer}/")) {
                continue;
            }
            for module in *above {
                let path = format!("crate::{module}::");
                let file = format!("use crate::{module};");
                assert!(!text.contains(&path) && !text.contains(&file), "{name} reaches up to {module}");
            }
        }
    }
}

#[test]
fn each_outside_thing_has_one_door() {
    for (name, text) in sources("src") {
        let text = shipped(&text);
        let in_tui = name.starts_with("src/tui");
        assert!(in_tui || !text.contains("ratatui::") && !text.contains("crossterm::"), "{name} draws");
        let in_cli = name.starts_with("src/cli") || name == "src/main.rs";
        let prints = ["io::stdout()", "io::stderr()", "println!", "eprintln!"];
        let is_terminal = name == "src/tui/terminal.rs";
        assert!(in_cli || is_terminal || !prints.iter().any(|word| text.contains(word)), "{name} prints");
        let in_git = name.starts_with("src/git/") || name == "src/git.rs";
        assert!(in_git || !text.contains("gix::") && !text.contains("gix_pack::"), "{name} names gix");
        let opens = ["gix::open", "gix::discover", "gix::init", "gix::ThreadSafeRepository"];
        let is_opener = name == "src/git/open.rs";
        assert!(is_opener || !opens.iter().any(|word| text.contains(word)), "{name} opens a repository");
        let is_program = name == "src/git/program.rs" || name.starts_with("src/git/program/");
        assert!(is_program || !text.contains("Command::new("), "{name} starts a program");
        assert!(!text.contains("macro_rules!"), "{name} defines a macro");
        assert!(!text.contains(".unwrap()"), "{name} unwraps");
        assert!(!text.contains("todo!(") && !text.contains("unimplemented!("), "{name} has a stub");
    }
}

#[test]
fn update_is_synchronous_and_starts_nothing() {
    for (name, text) in sources("src/tui") {
        if name.starts_with("src/tui/update") || name.starts_with("src/tui/view") {
            let text = shipped(&text);
            for word in ["async fn", "tokio::", "std::thread", "ops::run("] {
                assert!(!text.contains(word), "{name} has `{word}`");
            }
        }
        if name.starts_with("src/tui/view") {
            assert!(!shipped(&text).contains("&mut State"), "{name} changes the state while drawing");
        }
    }
}

#[test]
fn no_test_sleeps() {
    for (name, text) in sources("src").into_iter().chain(sources("tests")) {
        let nap = ["thread::", "sleep("].concat();
        assert!(!text.contains(&nap), "{name} sleeps");
    }
}
