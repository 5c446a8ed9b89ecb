//! Adding a fabric with its layout and push: all that leaves the machine is shown and asked about before.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use hedgerow::demo::vpc;

use crate::session::Session;
use crate::world::{World, said};

const NEW: &str = "gitops/hedgehog/dc8";

fn add<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["add", "dc8", "--repo", "netops", "--directory", NEW][..], more].concat()
}

/// A world with a commit of dc1 and a commit of a person that the remote lacks.
fn ahead() -> World {
    let world = World::initialized();
    world.raw("a.yaml", vpc("web", 1001, "10.0.1.0/24"));
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    world.write("notes.txt", "x\n");
    world.commit("notes by hand");
    world
}

/// A session whose form for dc8 is filled and sent off.
fn asked(world: &World, size: (u16, u16)) -> Session {
    let mut session = Session::start(world, &["--ascii"], size);
    session.until("P push");
    session.press("A");
    session.until("Directory");
    session.press("dc8");
    session.until("dc8");
    session.press("\t\t");
    for part in ["gitops/", "hedgehog/", "dc8"] {
        session.press(part);
        session.until(&format!("{part}_"));
    }
    session.press("\r");
    session
}

#[test]
fn the_dialog_shows_every_commit_that_is_sent_and_asks_as_a_push_does() {
    let world = ahead();
    let mut session = asked(&world, (100, 40));
    let shown = session.until("type dc8 to add");
    for part in
        ["To ", "remote.git", "fast-forward only", "the new commit after the push", "3 commits", "NOT HEDGEROW'S"]
    {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    assert!(shown.contains("1 commit is not hedgerow's"), "{shown}");
    assert!(shown.contains("notes by hand") && shown.contains("ingest(dc1): 1 resource"), "{shown}");
    assert!(!shown.contains("NOT pushed") && shown.contains("one commit, then pushed"), "{shown}");
    session.until_gone("(wait)");
    session.press("dc8");
    session.until(":  dc8_");
    session.press("\r");
    session.until("initialised, pushed and Verified");
    assert_eq!(world.remote_tip(), world.tip());
    session.press("q");
    assert_eq!(session.end().0, 0);
}

#[test]
fn the_dialog_is_read_to_its_end_in_a_small_window() {
    for size in [(80, 24), (50, 14)] {
        let world = ahead();
        let mut session = asked(&world, size);
        let mut seen = session.until("type dc8 to add");
        session.until_gone("(wait)");
        for _ in 0..12 {
            session.press(&"\u{1b}[B".repeat(6));
            session.quiet(std::time::Duration::from_millis(60));
            seen += &session.text();
        }
        for part in ["remote.git", "3 commits", "notes by hand", "in the commits pushed besides", "notes.txt"] {
            assert!(seen.contains(part), "{part} at {size:?}: {seen}");
        }
        session.press("\u{3}\u{3}");
        session.end();
    }
}

#[test]
fn the_command_line_shows_the_same_and_sends_it() {
    let world = ahead();
    let refused = world.run(&add(&[]));
    assert_eq!(refused.code, 2, "{}", refused.err);
    for part in ["push dc8: 3 commits to send", "remote.git", "-> the new commit", "new      init(dc8)", "NOT OURS"] {
        assert!(refused.err.contains(part), "{part}: {}", refused.err);
    }
    assert!(!refused.err.contains("not pushed"), "{}", refused.err);
    assert_ne!(world.remote_tip(), world.tip());
    let done = world.json(&add(&["--yes"]));
    assert_eq!(done.code, 0, "{}", done.err);
    assert_eq!(done.entry()["push"]["commits"].as_array().map(Vec::len), Some(3));
    assert_eq!(world.remote_tip(), world.tip());
}

/// A `git` that runs the script when it is called to fetch for the fourth time: after init, before the push.
fn with_git(world: &World, script: &str) -> (&'static str, String) {
    let folder = world.root.join("bin");
    fs::create_dir_all(&folder).unwrap();
    let (path, count) = (std::env::var("PATH").unwrap(), world.root.join("fetches"));
    let text = format!(
        "#!/bin/sh\nPATH='{path}'\ncase \" $* \" in *' fetch '*) echo >>'{0}'\n\
         [ $(wc -l <'{0}') -eq 4 ] && {{ {script}; }} >/dev/null 2>&1;; esac\nexec git \"$@\"\n",
        count.display()
    );
    fs::write(folder.join("git"), text).unwrap();
    fs::set_permissions(folder.join("git"), fs::Permissions::from_mode(0o755)).unwrap();
    ("PATH", format!("{}:{path}", folder.display()))
}

#[test]
fn a_branch_that_moves_before_the_push_leaves_a_true_state_and_a_way_on() {
    let world = ahead();
    let (key, path) = with_git(&world, &format!("git -C '{}' commit --allow-empty -qm late", world.clone.display()));
    let before = world.remote_tip();
    let stopped = said(&world.command(&add(&["--yes", "-o", "json"])).env(key, path).output().unwrap());
    let error = stopped.json()["error"].clone();
    assert_eq!((world.remote_tip(), error["code"].as_str()), (before, Some("E-PLAN-STALE")), "{}", stopped.out);
    let commit = world.git(&["log", "-1", "--format=%h", "--abbrev=7", "--grep=^init(dc8)"]);
    let state = format!("added to the configuration and initialised (commit {}); not pushed", commit.trim());
    assert_eq!(error["state"], state);
    let remedy = &error["remedy"];
    assert_eq!((remedy[0]["command"].as_str(), remedy[0]["key"].as_str()), (Some("hedgerow push dc8"), Some("P")));
    assert_eq!(remedy.as_array().map(Vec::len), Some(1));
    let kept = world.json(&["status", "dc8"]).entry();
    assert_eq!(kept["last_error"]["state"], state, "{kept}");
    assert_eq!(world.run(&["push", "dc8", "--yes"]).code, 0);
    assert_eq!(world.remote_tip(), world.tip());
    assert!(world.json(&["status", "dc8"]).entry()["last_error"].is_null());
}

#[test]
fn a_push_that_cannot_be_planned_is_told_before_and_not_tried() {
    let world = ahead();
    let text = fs::read_to_string(world.root.join("config.yaml")).unwrap();
    world.configure(&format!(
        "profiles:\n  frozen: {{ read_only: true }}\n{}",
        text.replace("dc1: {", "dc1: { profile: frozen,")
    ));
    let asked = world.run(&add(&[]));
    assert!(asked.err.contains("could not be pushed:\nerror E-READ-ONLY"), "{}", asked.err);
    let before = world.remote_tip();
    let done = world.json(&add(&["--yes"]));
    let state = done.json()["error"]["state"].as_str().unwrap_or_default().to_owned();
    assert!(state.starts_with("added to the configuration and initialised (commit "), "{}", done.out);
    assert_eq!((done.code, world.remote_tip()), (6, before));
}

#[test]
fn ctrl_c_after_the_configuration_was_written_says_that_it_was() {
    let world = World::initialized();
    let (reached, never) = (world.root.join("reached"), world.root.join("never"));
    assert_cmd::Command::new("mkfifo").args([&reached, &never]).assert().success();
    let signer = world.root.join("signer");
    let script = format!("#!/bin/sh\necho here > '{}'\nread answer < '{}'\n", reached.display(), never.display());
    fs::write(&signer, script).unwrap();
    fs::set_permissions(&signer, fs::Permissions::from_mode(0o755)).unwrap();
    world.git(&["config", "commit.gpgsign", "true"]);
    world.git(&["config", "gpg.program", &signer.display().to_string()]);
    let mut session = Session::start(&world, &add(&["--yes", "--no-push"]), (120, 40));
    crate::endings::read(&reached);
    session.press("\u{3}");
    let (code, bytes) = session.end();
    let said = String::from_utf8_lossy(&bytes).into_owned();
    assert_eq!(code, 130, "{said}");
    assert!(said.contains("E-STOPPED") && said.contains("added to the configuration; not initialised"), "{said}");
    assert!(!said.contains("nothing was changed"), "{said}");
    assert!(fs::read_to_string(world.root.join("config.yaml")).unwrap().contains("dc8"), "{said}");
}
