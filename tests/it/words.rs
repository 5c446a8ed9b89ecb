//! Keys and words: what is told about them, overrides of the key map, completions, the manual.

use crate::world::{DIRECTORY, World};

fn with_keys(keys: &str) -> World {
    let world = World::new();
    world.configure(&format!(
        "repositories:\n  netops: {{ path: clone }}\nfabrics:\n  dc1: {{ repository: netops, directory: {DIRECTORY} }}\n\
         keys:\n{keys}"
    ));
    world
}

#[test]
fn the_keys_are_those_of_the_configuration() {
    let world = with_keys("  push: S\n  ingest: n\n  pusj: X\n  up: {}\n");
    let said = world.run(&["keys"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.out.lines().any(|line| line.starts_with("S ") && line.contains("push") && line.contains("write")));
    assert!(said.out.lines().any(|line| line.starts_with("N ") && line.contains("ingest")));
    assert!(said.err.contains("config.yaml:7:3: keys: ingest: n is no capital"), "{}", said.err);
    assert!(said.err.contains("config.yaml:8:3: keys: pusj: unknown action; did you mean push?"), "{}", said.err);
    let checked = world.run(&["config", "check"]);
    assert_eq!(checked.code, 0, "{}{}", checked.out, checked.err);
    for line in ["config.yaml:7:3", "config.yaml:8:3", "config.yaml:9:3"] {
        assert!(checked.out.contains(line), "{}", checked.out);
    }
    let json = world.json(&["keys"]).json();
    let push = json["data"].as_array().unwrap().iter().find(|entry| entry["action"] == "push").unwrap().clone();
    assert_eq!((push["keys"][0].as_str(), push["class"].as_str()), (Some("S"), Some("write")));
}

#[test]
fn keys_are_told_without_a_configuration() {
    let world = World::new();
    std::fs::remove_file(world.root.join("config.yaml")).unwrap();
    let said = world.run(&["keys"]);
    assert!(said.code == 0 && said.out.contains("page-down"), "{}{}", said.out, said.err);
}

#[test]
fn unknown_keys_anywhere_stop_nothing() {
    let world = with_keys("  push: [S, [T]]\n  5: 6\n  \"\": x\n  down: \"\"\n");
    let path = world.root.join("config.yaml");
    let text = std::fs::read_to_string(&path).unwrap();
    let text = text.replace("path: clone", "path: clone, colour: red") + "nonsense: [1, 2]\nui: { thme: x }\n";
    world.configure(&text);
    let said = world.run(&["status"]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    assert!(said.out.contains("dc1"), "{}", said.out);
    for told in ["config.yaml:2:26", "unknown key colour", "unknown key nonsense", "keys: push must be a key"] {
        assert!(said.err.contains(told), "{told}: {}", said.err);
    }
}

#[test]
fn completions_and_manual_know_every_command() {
    let world = World::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let said = world.run(&["completions", shell]);
        assert_eq!(said.code, 0, "{}", said.err);
        for word in ["ingest", "completions", "expect-plan"] {
            assert!(said.out.contains(word), "{shell} lacks {word}");
        }
    }
    let page = world.run(&["man"]);
    assert!(page.code == 0 && page.out.contains(".TH hedgerow 1") && page.out.contains("Exit codes"), "{}", page.out);
    let folder = world.root.join("pages");
    std::fs::create_dir(&folder).unwrap();
    let said = world.run(&["man", &folder.display().to_string()]);
    assert_eq!(said.code, 0, "{}", said.err);
    for name in ["hedgerow.1", "hedgerow-ingest.1", "hedgerow-config-check.1"] {
        let text = std::fs::read_to_string(folder.join(name)).unwrap();
        assert!(text.contains(".SH SYNOPSIS"), "{name}");
    }
    let said = world.run(&["man", &world.root.join("nowhere").display().to_string()]);
    assert!(said.code == 6 && said.err.contains("nowhere"), "{}", said.err);
}
