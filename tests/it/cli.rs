//! The command line: envelopes, exit codes, configuration commands, the demo.

use crate::world::{DIRECTORY, World};

#[test]
fn the_demo_keeps_its_promises_and_leaves_nothing() {
    let world = World::new();
    let temp = world.root.join("tmp");
    std::fs::create_dir_all(&temp).unwrap();
    let begun = std::time::Instant::now();
    let output = world.command(&["demo", "--script"]).env("TMPDIR", &temp).output().unwrap();
    assert!(begun.elapsed() < std::time::Duration::from_secs(20), "{:?}", begun.elapsed());
    let said = crate::world::said(&output);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    assert!(said.out.contains("47 managed files") && said.out.contains("verified"), "{}", said.out);
    assert!(said.out.contains("pull    dc2-lab: a colleague's commits fast-forwarded"), "{}", said.out);
    assert_eq!(std::fs::read_dir(&temp).unwrap().count(), 0);
}

#[test]
fn the_envelope_has_its_fields_and_one_failure_hides_no_other() {
    let world = World::initialized();
    world.configure(&format!(
        "repositories:\n  netops: {{ path: clone }}\n  gone: {{ path: nowhere }}\nfabrics:\n  \
         dc1: {{ repository: netops, directory: {DIRECTORY} }}\n  lost: {{ repository: gone, directory: x }}\n"
    ));
    let said = world.json(&["status"]);
    let json = said.json();
    assert_eq!(json["schema"], "hedgerow.status/v1");
    assert_eq!(json["data"].as_array().unwrap().len(), 2);
    assert_eq!(json["data"][0]["fabric"], "dc1");
    assert_eq!((json["data"][0]["ok"].as_bool(), json["data"][1]["ok"].as_bool()), (Some(true), Some(false)));
    assert_eq!(json["data"][1]["error"]["code"], "E-REPO-MISSING");
    assert_eq!(said.code, 7);
    let json = world.json(&["status", "dc1"]).json();
    assert_eq!((json["ok"].as_bool(), json["error"].is_null()), (Some(true), true));
    for field in ["profile", "directory", "git", "raw", "managed", "next", "last_operation", "last_error", "held"] {
        assert!(json["data"][0].get(field).is_some(), "{field}");
    }
}

#[test]
fn a_fabric_that_is_not_configured_is_named_with_the_nearest() {
    let world = World::new();
    let said = world.run(&["status", "dc2"]);
    assert_eq!(said.code, 3);
    assert!(said.err.contains("dc1"), "{}", said.err);
}

#[test]
fn add_keeps_comments_and_reaches_the_remote_and_remove_takes_the_entry_only() {
    let world = World::new();
    let text = "# our fabrics\nrepositories:\n  netops: { path: clone } # the clone\nfabrics:\n  # the first\n  \
                dc1: { repository: netops, directory: gitops/hedgehog/fabric-1 }\n";
    world.configure(text);
    let said = world.run(&["add", "dc2", "--repo", "netops", "--directory", "gitops/hedgehog/dc2", "--yes"]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    let config = std::fs::read_to_string(world.root.join("config.yaml")).unwrap();
    for comment in ["# our fabrics", "# the clone", "# the first"] {
        assert!(config.contains(comment), "{config}");
    }
    let status = world.json(&["status", "dc2"]).entry();
    assert_eq!(status["directory"]["state"], "initialized");
    assert_eq!(status["git"]["state"], "in_sync");
    assert_eq!(world.remote_tip(), world.tip());
    assert_eq!(world.run(&["remove", "dc2", "--yes"]).code, 0);
    assert_eq!(std::fs::read_to_string(world.root.join("config.yaml")).unwrap(), text);
    assert!(world.clone.join("gitops/hedgehog/dc2/managed").exists());
}

#[test]
fn a_configuration_that_is_no_yaml_is_shown_with_a_caret() {
    let world = World::new();
    world.configure("repositories:\n  netops: { path: clone }\nfabrics: [ {\n");
    for command in [&["config", "check"][..], &["status"]] {
        let said = world.run(command);
        assert_eq!(said.code, 3, "{}", said.err);
        let lines: Vec<&str> = said.err.lines().collect();
        let at = lines.iter().position(|line| line.starts_with("  | ") && line.contains(" | ")).unwrap();
        assert!(lines[at + 1].trim_end().ends_with('^'), "{}", said.err);
    }
}

#[test]
fn config_check_warns_of_a_theme_that_is_none_and_of_a_theme_file_with_faults() {
    let world = World::new();
    let text = "repositories:\n  netops: { path: clone }\nfabrics: {}\n";
    world.configure(&format!("{text}ui:\n  theme: defualt\n"));
    std::fs::create_dir(world.root.join("themes")).unwrap();
    std::fs::write(world.root.join("themes/corp.yaml"), "error: crimsn\n").unwrap();
    let said = world.run(&["config", "check"]);
    assert_eq!(said.code, 0, "a warning stops nothing: {}{}", said.out, said.err);
    assert!(said.out.contains("config.yaml:5:10: ") && said.out.contains("did you mean default?"), "{}", said.out);
    assert!(said.out.contains("themes/corp.yaml:1:8: error: crimsn"), "{}", said.out);
    let told = world.json(&["config", "check"]).json();
    assert_eq!(told["data"].as_array().unwrap().len(), 2, "{told}");
    world.configure(text);
    std::fs::remove_dir_all(world.root.join("themes")).unwrap();
    let said = world.run(&["config", "check"]);
    assert!(!said.out.contains("warning"), "{}", said.out);
}

#[test]
fn config_check_names_the_line_and_the_nearest_key() {
    let world = World::new();
    world.configure(
        "repositories:\n  netops: { path: clone }\nfabrics:\n  dc1:\n    repositry: netops\n    directory: d\n",
    );
    let said = world.run(&["config", "check"]);
    let all = format!("{}{}", said.out, said.err);
    assert!(all.contains(":5:") && all.contains("repository"), "{all}");
    world.configure("repositories: [\n");
    assert_eq!(world.run(&["status"]).code, 3);
    let said = world.run(&["config", "path"]);
    assert!(said.out.contains("config.yaml"), "{}", said.out);
    assert!(world.run(&["config", "example"]).out.contains("fabrics:"));
}

#[test]
fn no_configuration_is_said_with_what_to_do() {
    let world = World::new();
    std::fs::remove_file(world.root.join("config.yaml")).unwrap();
    let said = world.run(&["status"]);
    assert_eq!(said.code, 3);
    assert!(said.err.contains("hedgerow add") && said.err.contains("hedgerow demo"), "{}", said.err);
}
