//! Error codes provoked one by one: the code, a remedy, an exit code, and nothing changed.
//!
//! Stale plans, lost answers, a remote that moved, overlaps and stopping have tests beside their actions.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use crate::world::{DIRECTORY, World, git_in, said};

/// A code, what is done to an initialised world before, and the command that meets it.
type Case = (&'static str, fn(&World), &'static [&'static str]);

const CASES: [Case; 34] = [
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
    ("E-AUTHOR", nobody, &["ingest", "dc1", "--yes"]),
    ("E-SIGN", unsigned, &["ingest", "dc1", "--yes"]),
    ("E-FS", |_| (), &["export", "dc1", "-f", "no/such/folder/all.yaml"]),
    ("E-READ-ONLY", new_vpc, &["ingest", "dc1", "--yes", "--read-only"]),
    ("E-PUSH-NONFF", diverged, &["push", "dc1", "--yes"]),
    ("E-PUSH-HOOK", |world| hook(world, "ticket number missing"), &["push", "dc1", "--yes"]),
    ("E-PUSH-PROTECTED", |world| hook(world, "GH006: Protected branch update failed"), &["push", "dc1", "--yes"]),
    ("E-REMOTE-MISSING", |world| std::fs::remove_dir_all(world.root.join("remote.git")).unwrap(), &["fetch", "dc1"]),
    ("E-SSH-HOSTKEY", |world| ssh(world, "Host key verification failed."), &["fetch", "dc1"]),
    ("E-SSH-AGENT", |world| ssh(world, "git@x: Permission denied (publickey)."), &["fetch", "dc1"]),
    (
        "E-NET-DNS",
        |world| ssh(world, "ssh: Could not resolve hostname x: Name or service not known"),
        &["fetch", "dc1"],
    ),
    ("E-NET-TIMEOUT", |world| ssh(world, "ssh: connect to host x port 22: Connection timed out"), &["fetch", "dc1"]),
    ("E-NET", |world| ssh(world, "Connection closed by remote host"), &["fetch", "dc1"]),
    ("E-NET-TLS", |world| server(world, "https", "this is not TLS\r\n"), &["fetch", "dc1"]),
    ("E-AUTH-NONE", |world| server(world, "http", UNAUTHORIZED), &["fetch", "dc1"]),
    ("E-AUTH-DENIED", |world| server(world, "http", FORBIDDEN), &["fetch", "dc1"]),
    (
        "E-PLAN-REFUSED",
        |world| world.write(&format!("{DIRECTORY}/managed/vpcs/a.yaml"), "{ broken"),
        &["export", "dc1"],
    ),
];

const UNAUTHORIZED: &str = "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
const FORBIDDEN: &str = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

#[test]
fn each_code_is_met_with_a_remedy_and_changes_nothing() {
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let parts: Vec<_> =
            CASES.chunks(9).map(|part| scope.spawn(|| part.iter().filter_map(differs).collect::<Vec<_>>())).collect();
        parts.into_iter().flat_map(|part| part.join().unwrap()).collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn without_git_the_error_says_what_to_install() {
    let world = World::initialized();
    new_vpc(&world);
    let said = said(&world.command(&["fetch", "dc1", "-o", "json"]).env("PATH", "/nonexistent").output().unwrap());
    let fault = [&said.out, &said.err].into_iter().find_map(|text| fault(text)).unwrap();
    assert_eq!((said.code, fault["code"].as_str()), (6, Some("E-GIT-PROGRAM")), "{fault}");
    assert!(fault["remedy"].to_string().contains("install git"), "{fault}");
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
    let has_remedy = fault["remedy"].as_array().is_some_and(|lines| !lines.is_empty());
    let is_right = fault["code"] == *code && has_remedy && said.code != 0 && tip() == before;
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

fn new_vpc(world: &World) {
    world.raw("new.yaml", hedgerow::demo::VPC);
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

fn hook(world: &World, words: &str) {
    world.git(&["commit", "--quiet", "--allow-empty", "--message", "ours"]);
    let hooks = world.root.join("remote.git/hooks");
    std::fs::create_dir_all(&hooks).unwrap();
    let file = hooks.join("pre-receive");
    std::fs::write(&file, format!("#!/bin/sh\necho '{words}' >&2\nexit 1\n")).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// An ssh that says a sentence and fails.
fn ssh(world: &World, words: &str) {
    let file = world.root.join("ssh.sh");
    std::fs::write(&file, format!("echo '{words}' >&2\nexit 255\n")).unwrap();
    world.git(&["config", "core.sshCommand", &format!("sh {}", file.display())]);
    world.git(&["config", "ssh.variant", "simple"]);
    world.git(&["remote", "set-url", "origin", "git@x:netops/fabrics.git"]);
}

/// A server that gives every request the same answer.
fn server(world: &World, scheme: &str, answer: &'static str) {
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
