//! Error codes provoked one by one: the code, a remedy, an exit code, and nothing changed.

use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use hedgerow::command::keymap::Keymap;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::refused;
use crate::world::{DIRECTORY, Said, World, git_in, said};

/// A code, what is done to an initialised world before, and the command that meets it.
pub(crate) type Case = (&'static str, fn(&World), &'static [&'static str]);

/// A folder where nobody may make a file, whoever they are.
const FORBIDDEN_FILE: &str = if cfg!(target_os = "linux") { "/sys/hedgerow.yaml" } else { "/System/hedgerow.yaml" };

const CASES: [Case; 37] = [
    ("E-USAGE", |_| (), &["add", "dc 2", "--repo", "clone", "--directory", "d", "--yes"]),
    ("E-CONFIRM", new_vpc, &["ingest", "dc1"]),
    ("E-CFG-MISSING", |world| std::fs::remove_file(world.root.join("config.yaml")).unwrap(), &["status"]),
    ("E-CFG-SYNTAX", |world| world.configure("fabrics: { dc1: [\n"), &["status"]),
    ("E-CFG-VALUE", |world| configure(world, "processed: perhaps"), &["ingest", "dc1", "--yes"]),
    ("E-CFG-FABRIC", |_| (), &["ingest", "nowhere", "--yes"]),
    ("E-RESOURCE", |_| (), &["show", "dc1", "VPC/nowhere"]),
    ("E-DIR-NOTINIT", |world| configure(world, "directory: elsewhere"), &["ingest", "dc1", "--yes"]),
    (
        "E-REPO-MISSING",
        |world| std::fs::rename(&world.clone, world.root.join("gone")).unwrap(),
        &["ingest", "dc1", "--yes"],
    ),
    ("E-REPO-NOTGIT", |world| std::fs::remove_dir_all(world.clone.join(".git")).unwrap(), &["ingest", "dc1", "--yes"]),
    ("E-REPO-UNSUPPORTED", sha256, &["ingest", "dc1", "--yes"]),
    ("E-REPO-LOCKED", |world| lock(world), &["ingest", "dc1", "--yes"]),
    ("E-REPO-DIRTY", dirty, &["delete", "dc1", "VPC/vpc-1", "--yes"]),
    ("E-REPO-DETACHED", |world| detach(world), &["ingest", "dc1", "--yes"]),
    ("E-REPO-BRANCH", |world| branch(world), &["ingest", "dc1", "--yes"]),
    ("E-REPO-INPROGRESS", |world| merging(world), &["ingest", "dc1", "--yes"]),
    ("E-REPO-DIVERGED", diverged, &["pull", "dc1"]),
    ("E-DISCARD", |_| (), &["discard", "dc1", "--yes"]),
    ("E-AUTHOR", nobody, &["ingest", "dc1", "--yes"]),
    ("E-SIGN", unsigned, &["ingest", "dc1", "--yes"]),
    ("E-FS", |_| (), &["export", "dc1", "-f", "no/such/folder/all.yaml"]),
    ("E-READ-ONLY", new_vpc, &["ingest", "dc1", "--yes", "--read-only"]),
    ("E-PUSH-NONFF", moves_meanwhile, &["push", "dc1", "--yes"]),
    ("E-PUSH-HOOK", |world| hook(world, "ticket number missing"), &["push", "dc1", "--yes"]),
    ("E-PUSH-PROTECTED", |world| hook(world, "GH006: Protected branch update failed"), &["push", "dc1", "--yes"]),
    ("E-REMOTE-MISSING", |world| std::fs::remove_dir_all(world.root.join("remote.git")).unwrap(), &["fetch", "dc1"]),
    ("E-NET-TLS", |world| server(world, "https", "this is not TLS\r\n"), &["fetch", "dc1"]),
    ("E-AUTH-NONE", |world| server(world, "http", UNAUTHORIZED), &["fetch", "dc1"]),
    ("E-AUTH-DENIED", |world| server(world, "http", FORBIDDEN), &["fetch", "dc1"]),
    (
        "E-PLAN-REFUSED",
        |world| world.write(&format!("{DIRECTORY}/managed/vpcs/a.yaml"), "{ broken"),
        &["export", "dc1"],
    ),
    (
        "E-CFG-EDIT",
        |world| world.configure("repositories:\n  netops: { path: clone }\nfabrics: ~\n"),
        &["add", "dc2", "--repo", "netops", "--directory", "d", "--no-init", "--yes"],
    ),
    ("E-REPO-GIT", without_a_tree, &["ingest", "dc1", "--yes"]),
    ("E-REPO-BEHIND", behind, &["ingest", "dc1", "--yes"]),
    ("E-DIR-OVERLAP", |_| (), &["add", "dc2", "--repo", "netops", "--directory", "gitops", "--no-init", "--yes"]),
    ("E-FS-PERM", |_| (), &["export", "dc1", "-f", FORBIDDEN_FILE]),
    ("E-PLAN-STALE", new_vpc, &["ingest", "dc1", "--yes", "--expect-plan", "0000000000000000"]),
    ("E-REMOTE-BRANCH", |world| configure_branch(world, "mian"), &["fetch", "dc1"]),
];

/// A code, and what is done until the program says it.
pub(crate) type ByHand = (&'static str, fn(&World) -> Said);

/// Codes that take more than a command.
const BY_HAND: [ByHand; 5] = [
    ("E-GIT-PROGRAM", without_git),
    ("E-PUSH-UNCERTAIN", lost_answer),
    ("E-FS-FULL", full_disk),
    ("E-STOPPED", stopped),
    ("E-INTERNAL", moved_nothing),
];

const UNAUTHORIZED: &str = "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
const FORBIDDEN: &str = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

#[test]
fn each_code_is_met_with_a_remedy_and_changes_nothing() {
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let parts = [&CASES[..18], &CASES[18..], &refused::CASES[..8], &refused::CASES[8..]];
        let parts = parts.map(|part| scope.spawn(|| part.iter().filter_map(differs).collect::<Vec<_>>()));
        parts.into_iter().flat_map(|part| part.join().unwrap()).collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_code_that_takes_more_than_a_command_is_met_too() {
    for (code, provoke) in BY_HAND.into_iter().chain(refused::BY_HAND) {
        let said = provoke(&World::initialized());
        let fault = [&said.out, &said.err].into_iter().find_map(|text| fault(text));
        let told = fault.as_ref().is_some_and(|fault| fault["code"] == code && is_helpful(fault));
        let plain = said.err.contains(&format!("error {code} ")) && said.err.contains("\n  - ");
        assert!((told || plain) && said.code != 0, "{code}: exit {}\n{}{}", said.code, said.out, said.err);
    }
}

#[test]
fn every_code_the_program_has_is_provoked_here() {
    let files = [include_str!("../../src/error/advice.rs"), include_str!("../../src/error/refusal.rs")];
    let words = files.iter().flat_map(|text| text.split('"'));
    let known: BTreeSet<&str> = words.filter(|word| word.starts_with("E-")).collect();
    let by_hand = BY_HAND.iter().chain(&refused::BY_HAND).map(|case| case.0);
    let provoked: Vec<&str> = CASES.iter().chain(&refused::CASES).map(|case| case.0).chain(by_hand).collect();
    assert_eq!(known, provoked.iter().copied().collect());
    assert_eq!(known.len(), provoked.len(), "one is provoked twice");
}

#[test]
fn every_key_a_text_names_is_an_action_or_bound() {
    let keymap = Keymap::built_in().unwrap();
    let advice = [include_str!("../../src/error/advice.rs"), include_str!("../../src/error/refusal.rs")].concat();
    let keys: Vec<&str> = advice.split(", key ").skip(1).filter_map(|rest| rest.split(')').next()).collect();
    assert!(keys.len() > 4, "{keys:?}");
    for key in keys {
        assert!(keymap.named(key).is_some(), "{key} is bound to nothing");
    }
    let footer = include_str!("../../src/tui/view/footer.rs");
    let (words, _) = footer.split_once("fn of_dialog").unwrap();
    let parts: Vec<&str> = words.split('"').collect();
    let is_hint = |pair: &&[&str]| pair.len() == 2 && pair[1].starts_with(' ') && !pair[0].ends_with("format!(");
    let hints = parts.chunks(2).filter(is_hint).map(|pair| pair[1]);
    let names: BTreeSet<&str> =
        hints.flat_map(|text| text.split('{').skip(1)).filter_map(|rest| rest.split('}').next()).collect();
    assert!(names.len() > 15, "{names:?}");
    for name in names {
        assert_ne!(keymap.fill(&format!("{{{name}}}")), format!("{{{name}}}"), "no action is called {name}");
    }
}

/// Whether every remedy says something, and every key it names is bound.
fn is_helpful(fault: &Value) -> bool {
    let keymap = Keymap::built_in().unwrap();
    let says = |line: &Value| line["text"].as_str().is_some_and(|text| !text.trim().is_empty());
    let is_bound = |line: &Value| line["key"].as_str().is_none_or(|key| keymap.named(key).is_some());
    fault["remedy"]
        .as_array()
        .is_some_and(|lines| !lines.is_empty() && lines.iter().all(|line| says(line) && is_bound(line)))
}

fn without_git(world: &World) -> Said {
    let said = said(&world.command(&["fetch", "dc1", "-o", "json"]).env("PATH", "/nonexistent").output().unwrap());
    assert!(said.out.contains("install git"), "{}", said.out);
    said
}

/// A git that says it brought the branch forward, and did not.
fn moved_nothing(world: &World) -> Said {
    behind(world);
    let (bin, path) = (world.root.join("bin"), std::env::var("PATH").unwrap());
    let text = format!("case \" $* \" in *' merge '*) exit 0;; esac\nPATH='{path}' exec git \"$@\"");
    executable(&bin.join("git"), &text);
    said(&world.command(&["pull", "dc1", "-o", "json"]).env("PATH", bin).output().unwrap())
}

/// The server takes the push, and is gone before it can say so.
fn lost_answer(world: &World) -> Said {
    world.git(&["commit", "--quiet", "--allow-empty", "--message", "ours"]);
    let (here, away) = (world.root.join("remote.git"), world.root.join("away.git"));
    let away = format!("mv '{}' '{}' && kill -9 $PPID", here.display(), away.display());
    script(world, "reference-transaction", &format!("[ \"$1\" = committed ] && {away}; exit 0"));
    world.json(&["push", "dc1", "--yes"])
}

/// Standard output on a device that is always full.
fn full_disk(world: &World) -> Said {
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    said(&program(world, &["status"]).stdout(full).output().unwrap())
}

#[expect(clippy::disallowed_methods, reason = "its output goes to a device, and it is sent a signal")]
fn program(world: &World, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hedgerow"));
    command.env_clear().envs(world.environment()).current_dir(&world.root).args(args);
    command
}

/// A signal while a remote keeps silent.
fn stopped(world: &World) -> Said {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    world.git(&["remote", "set-url", "origin", &format!("http://127.0.0.1:{port}/netops.git")]);
    let mut command = program(world, &["fetch", "dc1", "-o", "json"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let asked = listener.accept().unwrap();
    kill_process(Pid::from_raw(child.id().cast_signed()).unwrap(), Signal::TERM).unwrap();
    let said = said(&child.wait_with_output().unwrap());
    drop(asked);
    said
}

#[test]
fn a_wrong_path_names_the_clones_nearby_and_a_lock_its_holder() {
    let world = World::initialized();
    let gone = world.root.join("gone");
    std::fs::rename(&world.clone, &gone).unwrap();
    let remedy = world.json(&["status"]).entry()["error"]["remedy"][1]["text"].as_str().unwrap().to_owned();
    assert!(remedy.contains("clones nearby") && remedy.contains(&gone.display().to_string()), "{remedy}");
    std::fs::rename(&gone, &world.clone).unwrap();
    lock(&world);
    let said = world.json(&["ingest", "dc1", "--yes"]);
    let message = said.entry()["error"]["message"].as_str().unwrap().to_owned();
    assert!(message.contains("another program") && message.contains(", for "), "{message}");
    assert!(said.err.contains("index.lock of another program"), "{}", said.err);
    std::fs::write(world.clone.join(".git/index.lock"), "hedgerow 4711\n").unwrap();
    let status = world.json(&["status"]).entry();
    assert!(status["git"].to_string().contains("hedgerow (process 4711, which is gone), for "), "{status}");
}

/// What a case does other than it should.
fn differs((code, prepare, args): &Case) -> Option<String> {
    let world = World::initialized();
    prepare(&world);
    let git = [world.clone.clone(), world.root.join("gone")].into_iter().find(|dir| dir.join(".git").exists());
    let tip = || git.as_ref().map(|dir| git_in(dir, &["rev-parse", "refs/heads/main"]));
    let before = tip();
    let said = world.json(args);
    let Some(fault) = [&said.out, &said.err].into_iter().find_map(|text| fault(text)) else {
        return Some(format!("{code}: exit {}, {} {}", said.code, said.out, said.err));
    };
    let is_right = fault["code"] == *code && is_helpful(&fault) && said.code != 0 && tip() == before;
    (!is_right).then(|| format!("{code}: exit {}, {fault}", said.code))
}

/// The error of a JSON answer, wherever it stands.
fn fault(text: &str) -> Option<Value> {
    fn within(value: &Value) -> Option<Value> {
        let is_fault = value["code"].as_str().is_some_and(|code| code.starts_with("E-"));
        if is_fault {
            return Some(value.clone());
        }
        match value {
            Value::Array(list) => list.iter().find_map(within),
            Value::Object(map) => map.values().find_map(within),
            _ => None,
        }
    }
    within(&serde_json::from_str(text).ok()?)
}

pub(crate) fn new_vpc(world: &World) {
    world.raw("new.yaml", hedgerow::demo::VPC);
}

fn configure_branch(world: &World, branch: &str) {
    world.configure(&format!(
        "repositories:\n  netops: {{ path: clone, branch: {branch} }}\nfabrics:\n  dc1: {{ repository: netops, directory: {DIRECTORY} }}\n"
    ));
}

fn configure(world: &World, with: &str) {
    new_vpc(world);
    let directory = if with.starts_with("directory") { String::new() } else { format!("directory: {DIRECTORY}, ") };
    world.configure(&format!(
        "repositories:\n  netops: {{ path: clone }}\nfabrics:\n  dc1: {{ repository: netops, {directory}{with} }}\n"
    ));
}

fn sha256(world: &World) {
    std::fs::remove_dir_all(world.clone.join(".git")).unwrap();
    git_in(&world.clone, &["init", "--quiet", "--object-format=sha256", "--initial-branch=main", "--template="]);
    world.git(&["config", "user.name", "Alice Ng"]);
    world.git(&["config", "user.email", "alice@example.net"]);
    world.commit("start");
}

fn lock(world: &World) {
    new_vpc(world);
    std::fs::write(world.clone.join(".git/index.lock"), "").unwrap();
}

fn dirty(world: &World) {
    let file = format!("{DIRECTORY}/managed/vpcs/vpc-1.yaml");
    let text = "apiVersion: vpc.githedgehog.com/v1beta1
kind: VPC
metadata:
  name: vpc-1
spec: {}
";
    world.write(&file, text);
    world.commit("by hand");
    world.write(
        &file,
        format!(
            "# mine
{text}"
        ),
    );
}

fn detach(world: &World) {
    new_vpc(world);
    world.git(&["checkout", "--quiet", "--detach"]);
}

fn branch(world: &World) {
    new_vpc(world);
    world.git(&["checkout", "--quiet", "-b", "other"]);
}

fn merging(world: &World) {
    new_vpc(world);
    std::fs::write(world.clone.join(".git/MERGE_HEAD"), world.tip()).unwrap();
}

fn diverged(world: &World) {
    let other = world.colleague();
    git_in(&other, &["commit", "--quiet", "--allow-empty", "--message", "theirs"]);
    git_in(&other, &["push", "--quiet"]);
    world.git(&["commit", "--quiet", "--allow-empty", "--message", "ours"]);
}

/// The remote moves after it was read and before it is sent to.
fn moves_meanwhile(world: &World) {
    let other = world.colleague();
    git_in(&other, &["commit", "--quiet", "--allow-empty", "--message", "theirs"]);
    world.git(&["commit", "--quiet", "--allow-empty", "--message", "ours"]);
    let script = format!("env -u GIT_DIR -u GIT_WORK_TREE git -C '{}' push --quiet", other.display());
    executable(&world.clone.join(".git/hooks/pre-push"), &script);
}

fn nobody(world: &World) {
    new_vpc(world);
    for key in ["user.name", "user.email"] {
        world.git(&["config", "--unset", key]);
    }
}

fn unsigned(world: &World) {
    new_vpc(world);
    world.git(&["config", "commit.gpgsign", "true"]);
    world.git(&["config", "gpg.program", "false"]);
}

fn behind(world: &World) {
    new_vpc(world);
    let other = world.colleague();
    git_in(&other, &["commit", "--quiet", "--allow-empty", "--message", "theirs"]);
    git_in(&other, &["push", "--quiet"]);
}

/// The tree of the last commit is gone from the disk.
fn without_a_tree(world: &World) {
    world.raw("other.yaml", hedgerow::demo::VPC);
    world.commit("by hand");
    let tree = world.git(&["rev-parse", "HEAD^{tree}"]);
    let (folder, file) = tree.trim().split_at(2);
    std::fs::remove_file(world.clone.join(".git/objects").join(folder).join(file)).unwrap();
}

fn hook(world: &World, words: &str) {
    world.git(&["commit", "--quiet", "--allow-empty", "--message", "ours"]);
    script(world, "pre-receive", &format!("echo '{words}' >&2\nexit 1"));
}

/// A hook of the remote.
fn script(world: &World, name: &str, text: &str) {
    executable(&world.root.join("remote.git/hooks").join(name), text);
}

fn executable(file: &std::path::Path, text: &str) {
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, format!("#!/bin/sh\n{text}\n")).unwrap();
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// A server that gives every request the same answer.
pub(crate) fn server(world: &World, scheme: &str, answer: &'static str) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    world.git(&["remote", "set-url", "origin", &format!("{scheme}://127.0.0.1:{port}/netops.git")]);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut request = [0; 4096];
            let _read = stream.read(&mut request);
            let _written = stream.write_all(answer.as_bytes());
        }
    });
}
