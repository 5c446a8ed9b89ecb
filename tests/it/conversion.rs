//! Conversion: line ends and filter programs that git refuses to go on with, or goes on without.

use std::fs;

use hedgerow::demo::vpc;

use crate::world::{DIRECTORY, Said, World};

fn ingest(world: &World) -> Said {
    world.json(&["ingest", "dc1", "--offline", "--yes"])
}

/// An initialised fabric whose resources go through a filter program of this name and these settings.
fn filtered(pattern: &str, settings: &[(&str, &str)]) -> World {
    let world = World::initialized();
    world.write(".gitattributes", format!("{pattern} filter=odd\n"));
    world.commit("attributes");
    for (key, value) in settings {
        world.git(&["config", &format!("filter.odd.{key}"), value]);
    }
    world
}

/// Whether git itself adds a file; the index stays as it was.
fn git_adds(world: &World, path: &str) -> bool {
    let mut command = assert_cmd::Command::new("git");
    command.current_dir(&world.clone).env_clear();
    for (key, value) in world.environment() {
        command.env(key, value);
    }
    let index = world.root.join("other-index");
    fs::copy(world.clone.join(".git/index"), &index).unwrap();
    command.env("GIT_INDEX_FILE", &index).args(["add", "--", path]).output().unwrap().status.success()
}

fn is_told(said: &Said, words: &[&str]) {
    let all = format!("{}{}", said.out, said.err);
    assert!(!all.contains("fsck") && !all.contains("internal error") && !all.contains("E-INTERNAL"), "{all}");
    for word in words {
        assert!(all.contains(word), "{word}: {all}");
    }
}

#[test]
fn line_ends_that_git_refuses_are_told_and_block_no_other_file() {
    for (autocrlf, is_crlf, words) in [
        ("input", true, "CRLF would be replaced by LF"),
        ("true", false, "LF would be replaced by CRLF"),
        ("true", true, ""),
        ("input", false, ""),
    ] {
        let world = World::initialized();
        world.git(&["config", "core.autocrlf", autocrlf]);
        world.git(&["config", "core.safecrlf", "true"]);
        let ends = |text: String, is_crlf: bool| if is_crlf { text.replace('\n', "\r\n") } else { text };
        world.raw("odd.yaml", ends(vpc("odd", 1001, "10.0.1.0/24"), is_crlf));
        let odd = format!("{DIRECTORY}/raw/odd.yaml");
        assert_eq!(git_adds(&world, &odd), words.is_empty(), "{autocrlf} {is_crlf}: git decides");
        let status = world.run(&["status", "dc1"]);
        assert!(status.code < 2, "{}{}", status.out, status.err);
        let good = ends(vpc("good", 1002, "10.0.2.0/24"), autocrlf == "true");
        world.raw("good.yaml", good);
        let said = ingest(&world);
        assert!(world.path("managed/vpcs/good.yaml").exists(), "{autocrlf} {is_crlf}: {}{}", said.out, said.err);
        assert_eq!(world.path("raw/odd.yaml").exists(), !words.is_empty(), "{}", said.out);
        if words.is_empty() {
            assert_eq!(said.code, 0, "{}", said.out);
        } else {
            is_told(&said, &["raw/odd.yaml", words, "core.safecrlf"]);
            is_told(&world.run(&["raw", "dc1"]), &["raw/odd.yaml", words, "core.safecrlf"]);
            world.git(&["config", "core.safecrlf", "warn"]);
            assert_eq!(ingest(&world).code, 0);
            assert!(!world.path("raw/odd.yaml").exists());
        }
        assert_eq!(world.git(&["status", "--porcelain"]), "", "{autocrlf} {is_crlf}");
    }
}

#[test]
fn a_hand_edit_whose_line_ends_git_refuses_is_named_by_commit_alone() {
    let world = World::initialized();
    world.raw("web.yaml", vpc("web", 1001, "10.0.1.0/24"));
    assert_eq!(ingest(&world).code, 0);
    world.git(&["config", "core.autocrlf", "input"]);
    world.git(&["config", "core.safecrlf", "true"]);
    let edited = world.read("managed/vpcs/web.yaml").replace("1001", "1055").replace('\n', "\r\n");
    fs::write(world.path("managed/vpcs/web.yaml"), edited).unwrap();
    assert!(!git_adds(&world, &format!("{DIRECTORY}/managed/vpcs/web.yaml")));
    let tip = world.tip();
    let said = world.json(&["commit", "dc1", "--offline", "--yes"]);
    is_told(&said, &["managed/vpcs/web.yaml", "core.safecrlf"]);
    assert_eq!((said.code, world.tip()), (6, tip), "{}", said.out);
    world.raw("db.yaml", vpc("db", 1002, "10.0.2.0/24"));
    assert_eq!(ingest(&world).code, 0);
    world.git(&["config", "core.safecrlf", "warn"]);
    assert_eq!(world.json(&["commit", "dc1", "--offline", "--yes"]).code, 0);
    assert!(world.git(&["show", &format!("HEAD:{DIRECTORY}/managed/vpcs/web.yaml")]).contains("1055"));
}

#[test]
fn git_goes_on_without_a_filter_that_fails_and_so_do_we() {
    for settings in [
        &[("clean", "false"), ("smudge", "false")][..],
        &[("clean", "no-such-program"), ("smudge", "no-such-program %f")],
        &[("clean", "sed s/1001/1234/; echo words >&2; exit 3")],
        &[("process", "/no/such/program"), ("required", "false")],
        &[("clean", ""), ("smudge", "")],
    ] {
        let world = filtered("*.yaml", settings);
        world.raw("web.yaml", vpc("web", 1001, "10.0.1.0/24"));
        let said = ingest(&world);
        assert_eq!(said.code, 0, "{settings:?}: {}{}", said.out, said.err);
        assert!(!said.err.contains("words"), "{}", said.err);
        for path in ["managed/vpcs/web.yaml", "raw/processed/web.yaml"] {
            let path = format!("{DIRECTORY}/{path}");
            let stored = world.git(&["rev-parse", &format!("HEAD:{path}")]);
            assert_eq!(stored, world.git(&["hash-object", "--", &path]), "{settings:?}: {path}");
        }
        assert_eq!(world.git(&["status", "--porcelain"]), "", "{settings:?}");
    }
    // Whether git goes on without a process that ends at once depends on how fast it ends.
    let world = filtered("*.yaml", &[("process", "false")]);
    world.raw("web.yaml", vpc("web", 1001, "10.0.1.0/24"));
    let said = ingest(&world);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
}

#[test]
fn a_required_filter_that_fails_is_named_with_its_words_and_blocks_no_other_file() {
    for settings in [
        &[("clean", "echo no key today >&2; exit 3"), ("required", "true")][..],
        &[("clean", "echo no key today >&2; no-such-program"), ("required", "true")],
        &[("smudge", "cat"), ("required", "true")],
        &[("process", "false"), ("required", "true")],
    ] {
        let world = filtered("odd.yaml", settings);
        world.raw("odd.yaml", vpc("odd", 1001, "10.0.1.0/24"));
        world.raw("good.yaml", vpc("good", 1002, "10.0.2.0/24"));
        assert!(!git_adds(&world, &format!("{DIRECTORY}/raw/odd.yaml")), "{settings:?}: git decides");
        let said = ingest(&world);
        is_told(&said, &["raw/odd.yaml", "filter.odd.", " failed, and "]);
        if settings.iter().any(|(_, value)| value.contains("no key today")) {
            is_told(&said, &["no key today"]);
        }
        assert!(world.path("managed/vpcs/good.yaml").exists() && world.path("raw/odd.yaml").exists(), "{}", said.out);
        for look in [&["status", "dc1"][..], &["validate", "dc1"], &["raw", "dc1"], &["show", "dc1"]] {
            let said = world.run(look);
            is_told(&said, &[]);
            assert!(said.code < 2, "{look:?}: {}{}", said.out, said.err);
        }
    }
}

#[test]
fn a_filter_that_makes_the_contents_is_refused_as_before() {
    let world = filtered("*.yaml", &[("clean", "sed s/1001/1234/"), ("smudge", "sed s/1234/1001/")]);
    world.raw("web.yaml", vpc("web", 1001, "10.0.1.0/24"));
    let tip = world.tip();
    let said = ingest(&world);
    is_told(&said, &["filter=odd"]);
    assert_eq!((said.entry()["error"]["code"].as_str(), world.tip()), (Some("E-REPO-UNSUPPORTED"), tip));
    assert!(world.path("raw/web.yaml").exists());
}
