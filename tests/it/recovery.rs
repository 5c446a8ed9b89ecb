//! A run that was cut off after its commit: whatever starts next finishes it and says so, or says what is in the way.

use std::sync::Arc;

use hedgerow::config::{Home, RepositorySettings};
use hedgerow::error::Error;
use hedgerow::fabric::plan::Edit;
use hedgerow::git::Location;
use hedgerow::git::lock::{self, Lock};
use hedgerow::git::repository::{Repository, blob_id};
use hedgerow::git::tree::{Step, Transaction};
use hedgerow::progress::Reporter;

use crate::world::{DIRECTORY, World};

const TOLD: &str = "an earlier ingest was cut off after commit ";

fn location(world: &World) -> Location {
    let settings = RepositorySettings {
        name: "netops".to_owned(),
        home: Home::Path(world.clone.clone()),
        branch: "main".to_owned(),
        remote: "origin".to_owned(),
    };
    Location::new(&settings, &world.root.join("data"))
}

fn lock(world: &World) -> Lock {
    lock::try_lock(&location(world), "ingest").unwrap().unwrap()
}

/// A world whose ingest of one raw file was cut off right after a step.
fn cut_off(last: &Step) -> World {
    let world = World::initialized();
    let text = hedgerow::demo::vpc("web", 1001, "10.0.1.0/24");
    world.raw("a.yaml", &text);
    let id = blob_id(text.as_bytes());
    let edit = |path: &str, current: Option<&String>, after: Option<&str>| Edit {
        path: format!("{DIRECTORY}/{path}"),
        committed: None,
        current: current.cloned(),
        after: after.map(|text| Arc::from(text.as_bytes())),
    };
    let edits = [
        edit("managed/vpcs/web.yaml", None, Some(&text)),
        edit("raw/a.yaml", Some(&id), None),
        edit("raw/processed/a.yaml", None, Some(&text)),
    ];
    let held = lock(&world);
    let mut transaction = Transaction::begin(&Repository::open(&location(&world)).unwrap()).unwrap();
    transaction.commit(&edits, "ingest(dc1): 1 resource\n\nHedgerow-Fabric: dc1\n", None).unwrap();
    let mut told = |step: Step| if step == *last { Err(Error::Stopped) } else { Ok(()) };
    transaction.apply_with(&held, &Reporter::silent(), &mut told).unwrap_err();
    world
}

fn assert_whole(world: &World, what: &str) {
    assert_eq!(world.git(&["status", "--porcelain"]), "", "{what}");
    assert!(!world.path("raw/a.yaml").exists() && world.path("managed/vpcs/web.yaml").exists(), "{what}");
    assert!(!world.clone.join(".git/index.lock").exists(), "{what}");
}

#[test]
fn whatever_starts_next_finishes_it_and_says_so() {
    for words in [
        &["status"][..],
        &["validate", "dc1"],
        &["raw", "dc1"],
        &["show", "dc1"],
        &["export", "dc1"],
        &["diff", "dc1"],
        &["log", "dc1"],
        &["fetch", "dc1"],
        &["pull", "dc1"],
        &["ingest", "dc1", "--dry-run"],
        &["ingest", "dc1", "--yes"],
        &["init", "dc1", "--yes"],
        &["push", "dc1", "--dry-run"],
        &["push", "dc1", "--yes"],
    ] {
        let world = cut_off(&Step::Moved);
        let told = format!("netops: {TOLD}{}; 3 files were brought up to date", &world.tip()[..7]);
        let said = world.run(words);
        // That something is to be pushed is a no of `diff`.
        assert_eq!(said.code, i32::from(words[0] == "diff"), "{words:?}: {}", said.err);
        assert_eq!(said.err.matches(&told).count(), 1, "{words:?}: {}", said.err);
        assert_whole(&world, &words.join(" "));
        assert!(!world.run(words).err.contains("cut off"), "{words:?}");
    }
}

#[test]
fn it_is_told_in_json_as_well() {
    for words in [&["status"][..], &["validate", "dc1"], &["ingest", "dc1", "--yes"], &["push", "dc1", "--yes"]] {
        let world = cut_off(&Step::Moved);
        let said = world.json(words).json();
        let warnings = said["warnings"].as_array().unwrap();
        let told = warnings.iter().filter(|warning| warning.as_str().unwrap().contains(TOLD)).count();
        assert_eq!(told, 1, "{words:?}: {warnings:?}");
    }
}

#[test]
fn what_may_not_write_says_what_is_in_the_way_and_reads_on() {
    let world = cut_off(&Step::Moved);
    let before = world.git(&["status", "--porcelain"]);
    let said = world.run(&["status", "--read-only"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.err.contains("an earlier ingest was cut off and is not finished; it stays so"), "{}", said.err);
    let status = world.json(&["status", "--read-only"]).entry();
    assert_eq!(status["git"]["state"], "locked");
    assert!(status["git"]["note"].as_str().unwrap().contains("is not finished"), "{status}");
    let plan = world.json(&["ingest", "dc1", "--dry-run", "--offline", "--read-only"]);
    assert_eq!((plan.code, plan.entry()["error"]["code"].as_str()), (6, Some("E-REPO-INPROGRESS")));
    assert_eq!(world.git(&["status", "--porcelain"]), before);
}

#[test]
fn a_lock_that_somebody_has_is_not_waited_for_by_a_reader() {
    let world = cut_off(&Step::Moved);
    let before = world.git(&["status", "--porcelain"]);
    let held = lock(&world);
    let said = world.run(&["status"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!((said.out.clone() + &said.err).contains("hedgerow ingest (process "), "{}{}", said.out, said.err);
    assert_eq!(world.git(&["status", "--porcelain"]), before);
    drop(held);
    let index = world.clone.join(".git/index.lock");
    std::fs::write(&index, "DIRC").unwrap();
    let said = world.run(&["validate", "dc1"]);
    assert!(said.err.contains("it stays so") && said.err.contains("index.lock"), "{}", said.err);
    std::fs::remove_file(index).unwrap();
    assert!(world.run(&["status"]).err.contains(TOLD));
    assert_whole(&world, "status");
}

#[test]
fn a_damaged_record_blocks_nothing() {
    let world = World::initialized();
    world.raw("a.yaml", hedgerow::demo::vpc("web", 1001, "10.0.1.0/24"));
    std::fs::write(world.clone.join(".git/hedgerow/intent"), "\0\0").unwrap();
    let said = world.run(&["ingest", "dc1", "--yes"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.err.contains("could not be read") && said.err.contains("intent.damaged-"), "{}", said.err);
    assert!(!world.run(&["status"]).err.contains("could not be read"));
}
