//! What hooks, helpers and servers repeat of the secrets they were told reaches no output.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;

use crate::world::{World, said};

/// Of no known shape: only where it comes from tells that it is a secret.
const CANARY: &str = "Kz7-quaint-heron-41";
/// Part of `x:CANARY` in base64, and of the canary in percent form behind a slash.
const CODED: &str = "cXVhaW50LWhlcm9u";

/// Runs a push that the remote's hook refuses with these words; all that is told and kept.
fn told(world: &World, hook: &str, environment: &[(&str, &str)]) -> String {
    let path = world.root.join("remote.git/hooks/pre-receive");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, format!("#!/bin/sh\n{hook}\nexit 1\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    let mut all = String::new();
    for args in [&["push", "dc1", "--yes"][..], &["push", "dc1", "--yes", "-o", "json"]] {
        let said = said(&world.command(args).envs(environment.iter().copied()).output().unwrap());
        assert_eq!(said.code, 6, "{}{}", said.out, said.err);
        all += &(said.out + &said.err);
    }
    all + &fs::read_to_string(world.root.join("state/hedgerow/journal.jsonl")).unwrap()
}

fn with_a_commit() -> World {
    let world = World::initialized();
    world.raw("a.yaml", hedgerow::demo::vpc("web", 1001, "10.0.1.0/24"));
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    world
}

#[test]
fn secrets_of_the_environment_are_hidden_by_their_names_in_every_form() {
    let world = with_a_commit();
    let coded = "WDpLejctcXVhaW50LWhlcm9uLTQx";
    let hook = format!("echo 'plain {CANARY} basic {coded} percent Kz7%2dquaint%2Dheron%2D41' >&2");
    for name in ["MY_KEY", "DB_PASSWD", "X_SECRET_1", "GH_TOKEN", "GITHUB_PAT", "AWS_CREDENTIAL", "my_passphrase"] {
        let told = told(&world, &hook, &[(name, CANARY)]);
        assert!(told.contains("plain *** basic"), "{name}: {told}");
        for form in [CANARY, CODED, "quaint%2"] {
            assert!(!told.contains(form), "{name} {form}: {told}");
        }
    }
}

#[test]
fn what_is_no_secret_stays_readable() {
    let world = with_a_commit();
    let hook = "echo 'denied: de 1 in /home/me/.ssh/id_ed25519 for workshop at 1234567890 by user.name of Short-1' >&2";
    let told = told(
        &world,
        hook,
        &[
            ("SSH_KEY_PATH", "/home/me/.ssh/id_ed25519"),
            ("API_KEY_ID", "1"),
            ("KEYMAP", "de"),
            ("KEY_NUMBER", "1234567890"),
            ("PASSWORD_STORE", "workshop"),
            ("A_TOKEN", "Short-1"),
            ("GIT_CONFIG_COUNT", "1"),
            ("GIT_CONFIG_KEY_0", "user.name"),
            ("GIT_CONFIG_VALUE_0", "Alice Nguyen"),
        ],
    );
    let wanted = "denied: de 1 in /home/me/.ssh/id_ed25519 for workshop at 1234567890 by user.name of Short-1";
    assert!(told.contains(wanted), "{told}");
}

#[test]
fn settings_given_by_the_environment_count_by_their_keys() {
    let world = with_a_commit();
    let hook = format!("echo 'plain {CANARY} of http.https://h.example/.extraHeader and credential.helper' >&2");
    for (key, value) in [
        ("http.https://h.example/.extraHeader", format!("X-Deploy: {CANARY}")),
        ("http.extraheader", "Authorization: Basic WDpLejctcXVhaW50LWhlcm9uLTQx".to_owned()),
        ("credential.helper", format!("!f() {{ echo username=u; echo password={CANARY}; }}; f")),
        ("remote.elsewhere.url", format!("https://me:{CANARY}@h.example/x.git")),
        ("url.https://me:Kz7-quaint-heron-41@h.example/.insteadOf", "https://h.example/".to_owned()),
    ] {
        let told = told(
            &world,
            &hook,
            &[("GIT_CONFIG_COUNT", "1"), ("GIT_CONFIG_KEY_0", key), ("GIT_CONFIG_VALUE_0", &value)],
        );
        assert!(told.contains("of http.https://h.example/.extraHeader and credential.helper"), "{key}: {told}");
        assert!(!told.contains(CANARY), "{key}: {told}");
    }
}

#[test]
fn settings_of_the_clone_count() {
    let world = with_a_commit();
    let hook = format!("echo 'plain {CANARY} or WDpLejctcXVhaW50LWhlcm9uLTQx' >&2");
    for (key, value) in [
        ("http.https://h.example/.extraHeader", "Authorization: Basic WDpLejctcXVhaW50LWhlcm9uLTQx".to_owned()),
        ("remote.other.pushurl", format!("https://me:{CANARY}@h.example/x.git")),
        ("credential.helper", format!("!f() {{ echo username=u; echo password={CANARY}; }}; f")),
    ] {
        world.git(&["config", key, &value]);
        let told = told(&world, &hook, &[]);
        assert!(!told.contains(CANARY) && !told.contains(CODED), "{key}: {told}");
        world.git(&["config", "--unset", key]);
    }
}

/// A server that asks for a password and then refuses it, repeating what it was sent.
fn refusing() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/x.git", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let head: Vec<String> = lines.by_ref().map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
            let sent = head.iter().find_map(|line| line.strip_prefix("Authorization: "));
            let (status, body) = match sent {
                None => ("401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"", "who are you".to_owned()),
                Some(sent) => ("403 Forbidden", format!("no right for {sent}, which is {CANARY} to us")),
            };
            let length = body.len();
            let answer = format!(
                "HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
            );
            stream.write_all(answer.as_bytes()).unwrap();
        }
    });
    address
}

#[test]
fn what_a_credential_helper_gave_is_not_repeated() {
    let world = with_a_commit();
    // The helper keeps the password to itself: no setting tells it.
    let helper = world.root.join("helper.sh");
    fs::write(&helper, format!("#!/bin/sh\ntest \"$1\" = get && echo username=bot && echo password={CANARY}\n"))
        .unwrap();
    fs::set_permissions(&helper, fs::Permissions::from_mode(0o755)).unwrap();
    world.git(&["config", "credential.helper", &helper.display().to_string()]);
    world.git(&["remote", "set-url", "origin", &refusing()]);
    for args in [&["fetch", "dc1"][..], &["push", "dc1", "--yes"], &["status", "dc1", "--fetch"]] {
        for more in [&[][..], &["-o", "json"]] {
            let said = world.run(&[args, more].concat());
            let told = said.out + &said.err;
            assert!(!told.contains(CANARY) && !told.contains(CODED), "{args:?} {told}");
        }
    }
    let said = world.run(&["fetch", "dc1"]);
    assert!(said.err.contains("which is *** to us"), "{}{}", said.out, said.err);
    let journal = fs::read_to_string(world.root.join("state/hedgerow/journal.jsonl")).unwrap();
    assert!(!journal.contains(CANARY) && !journal.contains(CODED), "{journal}");
}
