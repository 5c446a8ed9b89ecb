//! What git, ssh and servers refuse, each code provoked: none is called a fault of the network that is none.

use crate::errors::{ByHand, Case, new_vpc, server};
use crate::http::Server;
use crate::world::{Said, World, git_in, said};

/// A code, what is done to an initialised world before, and the command that meets it.
pub(crate) const CASES: [Case; 17] = [
    ("E-SSH-HOSTKEY", |world| ssh(world, "echo Host key verification failed. >&2"), &["fetch", "dc1"]),
    ("E-SSH-HOSTKEY-CHANGED", host_key_changed, &["fetch", "dc1"]),
    ("E-SSH-AGENT", |world| ssh(world, "echo 'git@x: Permission denied (publickey).' >&2"), &["fetch", "dc1"]),
    (
        "E-NET-DNS",
        |world| ssh(world, "echo 'ssh: Could not resolve hostname x: Name or service not known' >&2"),
        &["fetch", "dc1"],
    ),
    (
        "E-NET-TIMEOUT",
        |world| ssh(world, "echo 'ssh: connect to host x port 22: Connection timed out' >&2"),
        &["fetch", "dc1"],
    ),
    ("E-NET", |world| ssh(world, "echo 'Connection closed by remote host' >&2"), &["fetch", "dc1"]),
    (
        "E-NET-REFUSED",
        |world| ssh(world, "echo 'ssh: connect to host x port 22: Connection refused' >&2"),
        &["fetch", "dc1"],
    ),
    ("E-NET-PROXY", proxy, &["fetch", "dc1"]),
    ("E-API-RATE", |world| server(world, "http", BUSY), &["fetch", "dc1"]),
    ("E-REMOTE-SERVER", |world| server(world, "http", DOWN), &["fetch", "dc1"]),
    ("E-REMOTE-NOTGIT", |world| ssh(world, "echo Welcome to bastion-1"), &["fetch", "dc1"]),
    ("E-REMOTE-UNSUPPORTED", sha256_remote, &["fetch", "dc1"]),
    ("E-GIT-CONFIG", |world| drop(world.git(&["config", "fetch.prune", "perhaps"])), &["fetch", "dc1"]),
    ("E-PUSH-OPTIONS", push_options, &["push", "dc1", "--yes"]),
    ("E-PUSH-LOCKED", locked_there, &["push", "dc1", "--yes"]),
    ("E-PUSH-REFUSED", checked_out_there, &["push", "dc1", "--yes"]),
    (
        "E-GIT-FAILED",
        |world| drop(world.git(&["remote", "set-url", "origin", "nowhere::netops/fabrics"])),
        &["fetch", "dc1"],
    ),
];

/// Codes that take more than a command.
pub(crate) const BY_HAND: [ByHand; 3] =
    [("E-SSH-KEY", key_refused), ("E-REPO-OWNER", of_another_account), ("E-PUSH-SIZE", too_large)];

const BUSY: &str = "HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
const DOWN: &str = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/// An ssh that does this and fails.
fn ssh(world: &World, script: &str) {
    let file = world.root.join("ssh.sh");
    std::fs::write(&file, format!("{script}\nexit 255\n")).unwrap();
    world.git(&["config", "core.sshCommand", &format!("sh {}", file.display())]);
    world.git(&["config", "ssh.variant", "simple"]);
    world.git(&["remote", "set-url", "origin", "git@x:netops/fabrics.git"]);
}

fn host_key_changed(world: &World) {
    let words = "@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @";
    ssh(world, &format!("printf '{words}\\r\\nHost key verification failed.\\r\\n' >&2"));
}

/// A proxy that wants to know who asks.
fn proxy(world: &World) {
    server(
        world,
        "http",
        "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    );
    let proxy = world.git(&["remote", "get-url", "origin"]).trim().trim_end_matches("/netops.git").to_owned();
    world.git(&["config", "http.proxy", &proxy]);
    world.git(&["remote", "set-url", "origin", "https://git.example/netops.git"]);
}

fn sha256_remote(world: &World) {
    // Git 2.39 cannot push to such a repository, so the commit is made where it is read.
    let remote = world.root.join("sha256");
    let place = remote.display().to_string();
    git_in(&world.root, &["init", "--quiet", "--object-format=sha256", "--initial-branch=main", &place]);
    let author = ["-c", "user.name=B", "-c", "user.email=b@x"];
    git_in(&remote, &[&author[..], &["commit", "--quiet", "--allow-empty", "--message", "x"]].concat());
    world.git(&["remote", "set-url", "origin", &place]);
}

/// A commit to push.
fn ahead(world: &World) {
    world.git(&["commit", "--quiet", "--allow-empty", "--message", "ours"]);
}

fn push_options(world: &World) {
    ahead(world);
    world.git(&["config", "push.pushOption", "ci.skip"]);
}

fn locked_there(world: &World) {
    ahead(world);
    std::fs::write(world.root.join("remote.git/refs/heads/main.lock"), "").unwrap();
}

fn checked_out_there(world: &World) {
    ahead(world);
    git_in(&world.root.join("remote.git"), &["config", "core.bare", "false"]);
}

/// An agent is there, and the server takes none of its keys.
fn key_refused(world: &World) -> Said {
    ssh(world, "echo 'git@x: Permission denied (publickey).' >&2");
    let agent = world.root.join("agent");
    let _listens = std::os::unix::net::UnixListener::bind(&agent).unwrap();
    said(&world.command(&["fetch", "dc1", "-o", "json"]).env("SSH_AUTH_SOCK", agent).output().unwrap())
}

fn of_another_account(world: &World) -> Said {
    let mut command = world.command(&["fetch", "dc1", "-o", "json"]);
    let said = said(&command.env("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1").output().unwrap());
    assert!(said.out.contains("safe.directory '"), "{}", said.out);
    said
}

/// A world with a commit to push over HTTP.
fn over_http() -> (World, Server) {
    let world = World::initialized();
    let server = Server::start(world.root.clone());
    world.git(&["remote", "set-url", "origin", &server.url("remote.git")]);
    new_vpc(&world);
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    (world, server)
}

const PACK: &str = "POST /remote.git/git-receive-pack";

fn too_large(world: &World) -> Said {
    ahead(world);
    let server = Server::start(world.root.clone());
    world.git(&["remote", "set-url", "origin", &server.url("remote.git")]);
    server.answer(PACK, "413 Request Entity Too Large", "");
    world.json(&["push", "dc1", "--yes"])
}

#[test]
fn an_answer_to_the_pack_is_a_refusal_where_the_branch_did_not_move() {
    let (world, server) = over_http();
    let before = world.remote_tip();
    for (status, code) in [
        ("401 Unauthorized", "E-AUTH-NONE"),
        ("403 Forbidden", "E-AUTH-DENIED"),
        ("404 Not Found", "E-REMOTE-MISSING"),
        ("413 Request Entity Too Large", "E-PUSH-SIZE"),
        ("429 Too Many Requests", "E-API-RATE"),
        ("500 Internal Server Error", "E-REMOTE-SERVER"),
        ("502 Bad Gateway", "E-REMOTE-SERVER"),
        ("503 Service Unavailable", "E-REMOTE-SERVER"),
    ] {
        server.answer(PACK, status, "");
        let said = world.json(&["push", "dc1", "--yes"]);
        let entry = said.entry();
        assert_eq!(entry["error"]["code"], code, "{status}: {}{}", said.out, said.err);
        assert_ne!(entry["outcome"], "uncertain", "{status}");
        assert_ne!(said.code, 0);
        assert_eq!(world.remote_tip(), before);
    }
    server.answer("no request", "500", "");
    let said = world.json(&["push", "dc1", "--yes"]);
    assert_eq!(said.entry()["outcome"], "verified", "{}{}", said.out, said.err);
}

#[test]
fn what_a_hook_writes_without_end_is_kept_in_part() {
    let world = World::initialized();
    ahead(&world);
    let script = "head -c 30000000 /dev/zero | tr '\\0' '\\033' | fold -w 100 >&2; echo 'ticket missing' >&2; exit 1";
    let hook = world.clone.join(".git/hooks/pre-push");
    std::fs::create_dir_all(hook.parent().unwrap()).unwrap();
    std::fs::write(&hook, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&hook, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let said = world.json(&["push", "dc1", "--yes"]);
    assert_eq!(said.entry()["error"]["code"], "E-PUSH-HOOK");
    let detail = said.entry()["error"]["detail"].as_str().unwrap().to_owned();
    assert!(detail.len() <= 64 * 1024 && detail.contains("ticket missing"), "{}", detail.len());
    assert!(detail.contains("bytes are left out"));
    let journal = std::fs::read_to_string(world.root.join("state/hedgerow/journal.jsonl")).unwrap();
    let longest = journal.lines().map(str::len).max().unwrap();
    assert!(longest <= 64 * 1024 && journal.contains("ticket missing"), "{longest}");
}

#[test]
fn lines_of_a_server_that_end_in_both_are_told() {
    let world = World::initialized();
    ahead(&world);
    let hook = world.root.join("remote.git/hooks/pre-receive");
    std::fs::create_dir_all(hook.parent().unwrap()).unwrap();
    std::fs::write(&hook, "#!/bin/sh\nprintf 'ticket missing\\r\\nask Bob\\r\\n' >&2\nexit 1\n").unwrap();
    std::fs::set_permissions(&hook, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let detail = world.json(&["push", "dc1", "--yes"]).entry()["error"]["detail"].to_string();
    assert!(detail.contains("remote: ticket missing") && detail.contains("remote: ask Bob"), "{detail}");
}

#[test]
fn where_pushes_go_is_what_git_says() {
    let world = World::initialized();
    let other = world.root.join("other.git");
    git_in(&world.root, &["clone", "-q", "--bare", "remote.git", "other.git"]);
    new_vpc(&world);
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    let rewrite = |key: &str| format!("url.{}.{key}", other.display());
    let remote = world.root.join("remote.git").display().to_string();
    world.git(&["config", &rewrite("pushInsteadOf"), &remote]);
    // Somebody reads the other one elsewhere still: what was rewritten is not rewritten again.
    world.git(&["config", "url./nowhere.insteadOf", &world.root.join("other").display().to_string()]);
    let before = world.remote_tip();
    let plan = world.run(&["push", "dc1", "--dry-run"]);
    assert!(plan.out.contains(&format!("{}, branch main", other.display())), "{}{}", plan.out, plan.err);
    let done = world.run(&["push", "dc1", "--yes"]);
    assert!(done.code == 0 && done.out.contains("verified"), "{}{}", done.out, done.err);
    assert_eq!((git_in(&other, &["rev-parse", "main"]).trim().to_owned(), world.remote_tip()), (world.tip(), before));
    git_in(&other, &["update-ref", "-d", "refs/heads/main"]);
    let refused = world.run(&["push", "dc1", "--yes"]);
    assert!(refused.code == 6 && refused.err.contains("these must be one repository"), "{}", refused.err);
    assert_eq!(git_in(&other, &["for-each-ref"]), "");
    // Read and pushed elsewhere alike is no other repository.
    world.git(&["config", "--unset", &rewrite("pushInsteadOf")]);
    git_in(&world.root, &["clone", "-q", "--bare", "remote.git", "moved.git"]);
    world.git(&["config", &format!("url.{}.insteadOf", world.root.join("moved.git").display()), &remote]);
    let done = world.run(&["push", "dc1", "--yes"]);
    assert!(done.code == 0 && done.out.contains("verified"), "{}{}", done.out, done.err);
    assert_eq!(git_in(&world.root.join("moved.git"), &["rev-parse", "main"]).trim(), world.tip());
}
