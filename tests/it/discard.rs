//! Discard: our own unpublished commits taken back, what they took in put back, in both homes and both faces.

use std::fs;
use std::time::Duration;

use hedgerow::demo::vpc;
use serde_json::Value;

use crate::session::Session;
use crate::world::{DIRECTORY, Said, World, git_in, said};

fn web(vlan: u16) -> String {
    vpc("web", vlan, "10.0.1.0/24")
}

/// A commit of somebody else on the remote.
fn moves_on(world: &World, file: &str) {
    let other = world.root.join("colleague");
    let other = if other.exists() { other } else { world.colleague() };
    fs::create_dir_all(other.join(file).parent().unwrap()).unwrap();
    fs::write(other.join(file), "theirs\n").unwrap();
    for args in [&["add", "--all"][..], &["commit", "--quiet", "--message", "theirs"], &["push", "--quiet"]] {
        git_in(&other, args);
    }
}

/// The same remote by its address: a clone of hedgerow's own.
fn by_address() -> World {
    let world = World::initialized();
    let remote = world.root.join("remote.git").display().to_string();
    let global = world.root.join("gitconfig");
    fs::write(&global, "[user]\n\tname = Alice Ng\n\temail = alice@example.net\n").unwrap();
    world.configure(&format!(
        "repositories:\n  netops: {{ url: '{remote}' }}\nfabrics:\n  dc1: {{ repository: netops, directory: {DIRECTORY} }}\n"
    ));
    assert_eq!(world.json(&["fetch", "dc1"]).code, 0);
    world
}

fn run(world: &World, args: &[&str]) -> Said {
    let mut command = world.command(&[args, &["-o", "json"]].concat());
    said(&command.env("GIT_CONFIG_GLOBAL", world.root.join("gitconfig")).output().unwrap())
}

fn give(world: &World, name: &str, text: &str) -> Said {
    let file = world.root.join(name);
    fs::write(&file, text).unwrap();
    run(world, &["ingest", "dc1", &file.display().to_string(), "--yes"])
}

fn code(said: &Said) -> (i32, String) {
    (said.code, said.entry()["error"]["code"].as_str().unwrap_or_default().to_owned())
}

fn own_clone(world: &World) -> std::path::PathBuf {
    let repos = world.root.join("data/hedgerow/repos");
    fs::read_dir(repos).unwrap().next().unwrap().unwrap().path()
}

fn texts(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_raw_file_is_back_where_it_lay_and_nothing_else_moves() {
    let world = World::initialized();
    world.write("notes.txt", "one\n");
    world.commit("notes");
    world.git(&["push", "--quiet"]);
    let start = world.tip();
    world.write("notes.txt", "edited\n");
    world.write("staged.txt", "staged\n");
    world.git(&["add", "staged.txt"]);
    world.raw("a.yaml", web(1001));
    world.raw("pending/bad.yaml", "kind: VPC\napiVersion: [\n");
    world.raw("map.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: x }\n");
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 1);
    let (tip, status) = (world.tip(), world.git(&["status", "--porcelain"]));
    assert!(world.path("raw/errors/pending/bad.yaml").exists());

    let plan = world.json(&["discard", "dc1", "--dry-run"]);
    assert_eq!((plan.code, plan.entry()["result"].as_str()), (0, Some("planned")), "{}{}", plan.out, plan.err);
    assert_eq!((world.tip(), world.git(&["status", "--porcelain"])), (tip.clone(), status));
    let id = plan.entry()["plan"].as_str().unwrap().to_owned();
    let told = world.json(&["discard", "dc1", "--yes", "--expect-plan", &id]);
    assert_eq!((told.code, told.entry()["result"].as_str()), (0, Some("discarded")), "{}{}", told.out, told.err);
    assert_eq!(world.tip(), start);
    assert_eq!(told.entry()["commits"][0]["fabric"], "dc1");
    for (path, text) in [("raw/a.yaml", web(1001)), ("raw/pending/bad.yaml", "kind: VPC\napiVersion: [\n".to_owned())] {
        assert_eq!(world.read(path), text);
    }
    for gone in ["managed/vpcs/web.yaml", "raw/processed/a.yaml", "raw/errors/pending/bad.yaml"] {
        assert!(!world.path(gone).exists(), "{gone}");
    }
    assert!(!world.path("unmanaged/external-configs/map.yaml").exists() && world.path("raw/map.yaml").exists());
    let wanted = format!(
        "A  staged.txt\n M notes.txt\n?? {DIRECTORY}/raw/a.yaml\n?? {DIRECTORY}/raw/map.yaml\n?? {DIRECTORY}/raw/pending/bad.yaml\n"
    );
    let status = world.git(&["status", "--porcelain", "--untracked-files=all"]);
    let sorted = |text: &str| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert_eq!(sorted(&status), sorted(&wanted));
    assert_eq!(world.git(&["rev-parse", &format!("refs/hedgerow/old/{tip}")]).trim(), tip);
    assert!(!world.git(&["fsck", "--strict"]).contains("error"));
    let record = fs::read_to_string(world.root.join("state/hedgerow/journal.jsonl")).unwrap();
    assert!(record.lines().last().unwrap().contains("\"operation\":\"discard\""), "{record}");
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 1);
    assert!(world.path("managed/vpcs/web.yaml").exists());
}

#[test]
fn an_edited_raw_file_comes_back_as_it_was_found() {
    let world = World::initialized();
    world.raw("a.yaml", web(1001));
    world.commit("bring web");
    world.git(&["push", "--quiet"]);
    world.raw("a.yaml", web(1002));
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    assert_eq!(world.run(&["discard", "dc1", "--yes"]).code, 0);
    assert_eq!(world.read("raw/a.yaml"), web(1002));
    assert_eq!(world.git(&["status", "--porcelain"]), format!(" M {DIRECTORY}/raw/a.yaml\n"));
    assert_eq!(world.git(&["show", &format!(":{DIRECTORY}/raw/a.yaml")]), web(1001));
}

#[test]
fn adopted_edits_are_edits_again() {
    let world = World::initialized();
    world.raw("a.yaml", web(1001));
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    assert_eq!(world.run(&["push", "dc1", "--yes"]).code, 0);
    world.write(&format!("{DIRECTORY}/managed/vpcs/web.yaml"), web(1055));
    world.write(&format!("{DIRECTORY}/managed/vpcs/db.yaml"), vpc("db", 1100, "10.1.0.0/24"));
    assert_eq!(world.run(&["commit", "dc1", "--yes"]).code, 0);
    assert_eq!(world.run(&["discard", "dc1", "--yes"]).code, 0);
    let status = world.git(&["status", "--porcelain"]);
    let (web_file, db_file) =
        (format!("{DIRECTORY}/managed/vpcs/web.yaml"), format!("{DIRECTORY}/managed/vpcs/db.yaml"));
    assert_eq!(status, format!(" M {web_file}\n?? {db_file}\n"));
    assert_eq!(world.read("managed/vpcs/web.yaml"), web(1055));
}

#[test]
fn what_stands_in_the_way_is_refused_or_kept() {
    let world = World::initialized();
    world.raw("a.yaml", web(1001));
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    let tip = world.tip();
    world.write(&format!("{DIRECTORY}/managed/vpcs/web.yaml"), web(1055));
    assert_eq!(code(&world.json(&["discard", "dc1", "--yes"])), (6, "E-REPO-DIRTY".to_owned()));
    assert_eq!((world.tip(), world.read("managed/vpcs/web.yaml")), (tip, web(1055)));
    assert!(!world.path("raw/a.yaml").exists());
    world.git(&["checkout", "--quiet", "."]);
    world.raw("a.yaml", web(1003));
    assert_eq!(world.run(&["discard", "dc1", "--yes"]).code, 0);
    assert_eq!(world.read("raw/a.yaml"), web(1003), "a newer one of that name stays");
    let names = fs::read_dir(world.path("raw")).unwrap().map(|entry| entry.unwrap().path());
    let texts: Vec<String> =
        names.filter(|path| path.is_file()).map(|path| fs::read_to_string(path).unwrap()).collect();
    assert!(texts.contains(&web(1001)), "and the one that was taken in is beside it: {texts:?}");
}

#[test]
fn only_our_own_newest_commits_that_no_remote_has_are_taken_back() {
    let world = World::initialized();
    let refusal = |world: &World| {
        let tip = world.tip();
        let told = world.json(&["discard", "dc1", "--all", "--yes"]);
        assert_eq!((code(&told), world.tip()), ((6, "E-DISCARD".to_owned()), tip), "{}", told.out);
        told.entry()["error"]["message"].as_str().unwrap().to_owned()
    };
    assert!(refusal(&world).contains("is published: origin/main has it"));
    world.raw("a.yaml", web(1001));
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    let ours = world.tip();
    world.write("notes.txt", "mine\n");
    world.commit("by hand");
    assert!(refusal(&world).contains("is not hedgerow's"));
    world.git(&["reset", "--quiet", "--hard", &ours]);
    world.git(&["push", "--quiet", "origin", "HEAD:refs/heads/review"]);
    assert!(refusal(&world).contains("is published: origin/review has it"));
    world.git(&["push", "--quiet", "origin", "--delete", "review"]);
    assert_eq!(world.run(&["discard", "dc1", "--yes"]).code, 0);
}

#[test]
fn a_row_of_commits_goes_and_those_of_others_need_the_name() {
    let world = World::initialized();
    let text = fs::read_to_string(world.root.join("config.yaml")).unwrap();
    world.configure(&format!("{text}  dc2: {{ repository: netops, directory: gitops/hedgehog/fabric-2 }}\n"));
    let start = world.tip();
    world.raw("a.yaml", web(1001));
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    assert_eq!(world.run(&["init", "dc2", "--yes"]).code, 0);
    world.raw("a.yaml", web(1002));
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    let plan = world.json(&["discard", "dc1", "--all", "--dry-run"]);
    let fabrics: Vec<Value> =
        plan.entry()["commits"].as_array().unwrap().iter().map(|one| one["fabric"].clone()).collect();
    assert_eq!(fabrics, ["dc1", "dc2", "dc1"]);
    let mut session = Session::start(&world, &[], (100, 30));
    session.until("dc2");
    session.press("m");
    session.until("More for dc1");
    session.press("B");
    session.until("commits of dc2 are taken back too");
    session.until("Enter works only when");
    session.quiet(Duration::from_millis(600));
    session.press("dc1");
    session.until("to discard:  dc1_");
    session.press("\r");
    session.until("took back 3 commits");
    session.press("q");
    session.end();
    assert_eq!(world.tip(), start);
    assert_eq!(world.read("raw/a.yaml"), web(1002));
    let raw: Vec<String> = fs::read_dir(world.path("raw"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    assert!(raw.contains(&web(1001)), "both files of one name are back: {raw:?}");
}

#[test]
fn a_diverged_clone_of_our_own_has_a_way_out() {
    let world = by_address();
    assert_eq!(code(&give(&world, "one.yaml", &web(1001))), (0, String::new()));
    assert_eq!(code(&give(&world, "two.yaml", &vpc("db", 1100, "10.1.0.0/24"))), (0, String::new()));
    moves_on(&world, &format!("{DIRECTORY}/notes.txt"));
    let told = run(&world, &["push", "dc1", "--yes"]);
    assert_eq!(code(&told), (6, "E-REPO-DIVERGED".to_owned()));
    let remedies = told.entry()["error"]["remedy"].to_string();
    assert!(remedies.contains("hedgerow discard FABRIC --all") && !remedies.contains("rebase"), "{remedies}");
    let next = run(&world, &["status", "dc1"]).entry()["next"].clone();
    assert_eq!((next["action"].as_str(), next["key"].as_str()), (Some("discard"), Some("m")));
    assert_eq!(code(&give(&world, "one.yaml", &web(1001))), (6, "E-REPO-DIVERGED".to_owned()));

    let told = run(&world, &["discard", "dc1", "--all", "--yes"]);
    assert_eq!(told.code, 0, "{}{}", told.out, told.err);
    let saved = texts(&told.entry()["saved"]);
    let held: Vec<String> = saved.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    assert_eq!(held, [vpc("db", 1100, "10.1.0.0/24"), web(1001)]);
    assert!(saved[1].ends_with("state/hedgerow/discarded/dc1/one.yaml"), "{saved:?}");
    let kept = told.entry()["kept"].as_str().unwrap().to_owned();
    assert_eq!(git_in(&own_clone(&world), &["rev-parse", &kept]).trim(), told.entry()["before"].as_str().unwrap());
    assert_eq!(code(&give(&world, "one.yaml", &web(1001))), (0, String::new()));
    let told = run(&world, &["push", "dc1", "--yes"]);
    assert_eq!(told.entry()["outcome"], "verified", "{}{}", told.out, told.err);
}

#[test]
fn a_raw_file_in_a_clone_of_our_own_is_in_the_commit_before_again() {
    let world = by_address();
    let other = world.colleague();
    fs::write(other.join(DIRECTORY).join("raw/a.yaml"), web(1001)).unwrap();
    moves_on(&world, "notes.txt");
    assert_eq!(code(&run(&world, &["ingest", "dc1", "--yes"])), (0, String::new()), "it follows by itself");
    let told = run(&world, &["discard", "dc1", "--yes"]);
    assert_eq!((told.code, texts(&told.entry()["saved"])), (0, Vec::new()), "{}{}", told.out, told.err);
    let status = run(&world, &["status", "dc1"]).entry();
    assert_eq!((status["raw"]["pending"].as_u64(), status["git"]["state"].as_str()), (Some(1), Some("in_sync")));
}

#[test]
fn a_clone_of_our_own_that_is_only_behind_follows_by_itself() {
    let world = by_address();
    assert_eq!(code(&give(&world, "one.yaml", &web(1001))), (0, String::new()));
    assert_eq!(run(&world, &["push", "dc1", "--yes"]).entry()["outcome"], "verified");
    moves_on(&world, "notes.txt");
    let plan = run(&world, &["ingest", "dc1", "--dry-run"]);
    assert_eq!(code(&plan), (0, String::new()), "{}", plan.out);
    assert_eq!(code(&give(&world, "two.yaml", &web(1002))), (0, String::new()));
    moves_on(&world, "more.txt");
    let theirs = world.remote_tip();
    assert_eq!(run(&world, &["push", "dc1", "--yes"]).code, 6);
    assert_eq!(run(&world, &["discard", "dc1", "--yes"]).code, 0);
    let pulled = run(&world, &["pull", "dc1"]);
    assert_eq!((pulled.code, pulled.entry()["after"].as_str()), (0, Some(theirs.as_str())), "{}", pulled.out);
    moves_on(&world, "last.txt");
    let pulled = run(&world, &["pull", "dc1"]).entry();
    assert_eq!(
        (pulled["outcome"].as_str(), pulled["after"].as_str()),
        (Some("updated"), Some(world.remote_tip().as_str()))
    );
    assert_eq!(run(&world, &["init", "dc1", "--yes"]).code, 0);
}

#[test]
fn what_was_given_to_a_clone_of_the_user_is_saved_too() {
    let world = World::initialized();
    let output = world.command(&["ingest", "dc1", "-", "--yes"]).write_stdin(web(1001)).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let told = world.json(&["discard", "dc1", "--yes"]);
    assert_eq!(told.code, 0, "{}{}", told.out, told.err);
    let saved = texts(&told.entry()["saved"]);
    assert_eq!(fs::read_to_string(&saved[0]).unwrap(), web(1001));
    assert!(saved[0].contains("/discarded/dc1/stdin-"), "{saved:?}");
    assert_eq!(world.git(&["status", "--porcelain"]), "");
}

#[test]
fn a_discard_that_stops_half_way_says_what_is_left_and_names_no_commit() {
    let world = World::initialized();
    world.raw("a.yaml", web(1001));
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    world.raw("a.yaml", web(1002));
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    let before = world.git(&["rev-parse", "HEAD^"]);
    // Something lies where the file is written before it takes its place.
    let file = world.root.join("path");
    fs::write(&file, format!("{DIRECTORY}/managed/vpcs/web.yaml")).unwrap();
    let name = world.git(&["hash-object", "--no-filters", &file.display().to_string()]);
    let beside = world.path(&format!("managed/vpcs/.hedgerow-{}", &name[..16]));
    fs::create_dir_all(beside.join("full")).unwrap();
    let told = world.json(&["discard", "dc1", "--yes"]);
    let error = told.entry()["error"].clone();
    let state = error["state"].as_str().unwrap_or_default().to_owned();
    assert!(told.code != 0 && world.git(&["rev-parse", "HEAD"]) == before, "{}{}", told.out, told.err);
    assert!(state.starts_with("begun; ") && state.ends_with("the next start finishes"), "{error}");
    fs::remove_dir_all(&beside).unwrap();
    assert_eq!(world.run(&["status", "dc1"]).code, 0);
    assert_eq!((world.read("managed/vpcs/web.yaml"), world.read("raw/a.yaml")), (web(1001), web(1002)));
    let status = world.git(&["status", "--porcelain"]);
    assert_eq!(status, format!("?? {DIRECTORY}/raw/a.yaml\n"));
}
