//! Crashes and errors at every system call that changes something; strace stops or refuses the call.
//!
//! `cargo test` tries a few of them. All of them, with their figures:
//! `HEDGEROW_CRASHES=1 cargo test --test it crashes:: -- --nocapture`; another number tries every so many,
//! and `5:push` every fifth of the scenes whose names begin so.

mod scene;

use std::collections::BTreeMap;
use std::io::Write;

use scene::{Scene, Traced};
use serde_json::Value;

/// What changes something, or sees to it that it is on the disk.
const CALLS: [&str; 16] = [
    "rename",
    "renameat",
    "renameat2",
    "link",
    "linkat",
    "unlink",
    "unlinkat",
    "fsync",
    "fdatasync",
    "ftruncate",
    "mkdir",
    "rmdir",
    "chmod",
    "fchmod",
    "pwrite64",
    "write",
];

/// The calls that the sample tries: those that move, make and remove.
const SAMPLE: [&str; 4] = ["rename", "renameat", "linkat", "unlink"];

const ERRORS: [&str; 4] = ["ENOSPC", "EIO", "EACCES", "EMFILE"];

/// Every so many points of the whole campaign, and how the names of its scenes begin; none where only
/// the sample is wanted.
fn wanted() -> Option<(usize, String)> {
    let text = std::env::var("HEDGEROW_CRASHES").ok()?;
    let (stride, name) = text.split_once(':').unwrap_or((&text, ""));
    Some((stride.parse().ok().filter(|stride| *stride > 0)?, name.to_owned()))
}

fn stride() -> Option<usize> {
    wanted().map(|(stride, _)| stride)
}

/// Says something that is read however the tests are run.
fn say(text: &str) {
    // Nobody waits for it.
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Whether strace can be had; a missing one fails where the tests run unattended.
fn has_strace() -> bool {
    let traced = assert_cmd::Command::new("strace").args(["-f", "-o", "/dev/null", "true"]).output();
    let found = traced.is_ok_and(|output| output.status.success());
    assert!(found || std::env::var_os("CI").is_none(), "strace is missing");
    if !found {
        say("skipped: strace");
    }
    found
}

fn calls(extra: &[&'static str]) -> Vec<&'static str> {
    match stride() {
        Some(_) => CALLS.iter().chain(extra).copied().collect(),
        None => SAMPLE.to_vec(),
    }
}

fn scenes() -> Vec<Scene> {
    let (_, name) = wanted().unwrap_or((1, "ingest path".to_owned()));
    Scene::all(&name)
}

/// Tries every point of a call; ends with the first that the run never comes to.
fn each(scene: &Scene, call: &str, what: &str, mut check: impl FnMut(&Traced, usize)) -> usize {
    let mut tried = 0;
    // Most files that are opened are only read.
    let step = if call == "openat" { 8 } else { 1 };
    for at in (1..).step_by(step * stride().unwrap_or(3)) {
        scene.restore();
        let traced = scene.traced(&format!("{call}:{what}:when={at}"));
        if !traced.was_hit {
            break;
        }
        tried += 1;
        check(&traced, at);
    }
    tried
}

#[test]
fn a_kill_at_any_call_is_settled_by_the_next_start() {
    if !has_strace() {
        return;
    }
    let mut figures: BTreeMap<String, usize> = BTreeMap::new();
    for scene in scenes() {
        for call in calls(&[]) {
            let tried = each(&scene, call, "signal=SIGKILL", |_, at| {
                let point = format!("{} killed at {call} {at}", scene.name);
                scene.go_on(at, &point);
            });
            *figures.entry(scene.name.to_owned()).or_default() += tried;
        }
        say(&format!("{}: {} kills", scene.name, figures[scene.name]));
    }
    say(&format!("kills: {figures:#?}"));
    assert!(figures.values().sum::<usize>() > 3, "{figures:?}");
}

#[test]
fn an_error_of_any_call_is_told_as_it_is_on_the_branch() {
    if !has_strace() {
        return;
    }
    let mut figures: BTreeMap<String, usize> = BTreeMap::new();
    let errors = if stride().is_some() { &ERRORS[..] } else { &ERRORS[..1] };
    for scene in scenes() {
        for error in errors {
            for call in calls(&["openat"]) {
                each(&scene, call, &format!("error={error}"), |traced, at| {
                    let point = format!("{} {error} at {call} {at}", scene.name);
                    let told = told_truly(&scene, traced, &point);
                    *figures.entry(format!("{}: {told}", scene.name)).or_default() += 1;
                    scene.go_on(at, &point);
                });
            }
        }
        let of_scene = figures.iter().filter(|(name, _)| name.starts_with(scene.name));
        say(&format!("{}: {} errors", scene.name, of_scene.map(|(_, count)| count).sum::<usize>()));
    }
    say(&format!("errors: {figures:#?}"));
    assert!(figures.values().sum::<usize>() > 3, "{figures:?}");
}

/// Compares what was said with what is on the branch; returns in a word what was said.
fn told_truly(scene: &Scene, traced: &Traced, point: &str) -> String {
    let Ok(value) = serde_json::from_str::<Value>(&traced.out) else {
        // The answer itself could not be written, or the program could not start; it does not say that all is well.
        assert_ne!(traced.code, 0, "{point}: {}", traced.err);
        return "no answer".to_owned();
    };
    let entry = &value["data"][0];
    let error = [&entry["error"], &value["error"]].into_iter().find(|error| !error.is_null());
    let tip = scene.tip();
    let Some(error) = error else {
        assert_eq!(traced.code, 0, "{point}: {value}");
        assert!(scene.is_done(), "{point}: said to be done, and is not: {value}");
        if let Some(commit) = entry["commit"].as_str() {
            assert_eq!(Some(commit), tip.as_deref(), "{point}: {value}");
        }
        return "done".to_owned();
    };
    assert_ne!(traced.code, 0, "{point}: {value}");
    let kind = error["effect"]["kind"].as_str().unwrap_or_else(|| panic!("{point}: {error}"));
    match kind {
        "nothing" => {
            assert!(!scene.is_done(), "{point}: said that nothing was done: {error}");
            assert_eq!(scene.before, scene.look(), "{point}: {error}");
        }
        "partial" => {
            assert_eq!(error["effect"]["commit"].as_str(), tip.as_deref(), "{point}: {error}");
            let text = error.to_string();
            assert!(!text.contains("try again") && !text.contains("nothing was changed"), "{point}: {text}");
        }
        "unknown" => {}
        other => panic!("{point}: {other}"),
    }
    format!("{kind} {}", error["code"].as_str().unwrap_or_default())
}
