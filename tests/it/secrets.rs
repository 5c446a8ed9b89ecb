//! Secrets in every source, through everything the program does: they are in no output and in no file of ours.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::session::{Session, holds};
use crate::world::{DIRECTORY, World};

/// Of no known shape: only where it comes from tells that it is a secret.
const CANARY: &str = "Kz7-quaint-heron-41";
const SIZE: (u16, u16) = (80, 24);

/// What a hook may repeat of what it was told.
const HOOK: &str = "#!/bin/sh
echo 'password: CANARY' >&2
echo 'Authorization: Basic Ym90OkNBTkFSWQ== CANARY' >&2
echo 'asked https://bot:CANARY@ci.example/x and got 403' >&2
echo 'the key CANARY is not allowed here' >&2
exit 1
";

const FILES: [(&str, &str); 4] = [
    ("raw/secret.yaml", "apiVersion: v1\nkind: Secret\nmetadata: { name: s }\nstringData: { any: CANARY }\n"),
    ("raw/broken.yaml", "a: [\npassword: CANARY\n"),
    (
        "raw/vpc.yaml",
        "# password: CANARY\napiVersion: vpc.githedgehog.com/v1beta1\nkind: VPC\nmetadata:\n  name: x\n  annotations: { password: CANARY }\nspec: {}\n",
    ),
    (
        "unmanaged/manual-overrides/s.yaml",
        "apiVersion: v1\nkind: Secret\nmetadata: { name: t }\nstringData: { any: CANARY }\n",
    ),
];

/// A world with the canary in every source but the remote's address.
fn world() -> World {
    let world = World::initialized();
    world.raw("a.yaml", hedgerow::demo::vpc("web", 1001, "10.0.1.0/24"));
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    for (path, text) in FILES {
        world.write(&format!("{DIRECTORY}/{path}"), text.replace("CANARY", CANARY));
    }
    let helper = format!("!f() {{ echo username=u; echo password={CANARY}; }}; f");
    world.git(&["config", "credential.helper", &helper]);
    let hook = world.root.join("remote.git/hooks/pre-receive");
    fs::create_dir_all(hook.parent().unwrap()).unwrap();
    fs::write(&hook, HOOK.replace("CANARY", CANARY)).unwrap();
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).unwrap();
    world
}

/// Puts the canary into the remote's address too; nothing answers there.
fn with_address(world: &World) {
    world.git(&["remote", "set-url", "origin", &format!("https://user:{CANARY}@127.0.0.1:1/x.git")]);
}

fn environment() -> [(&'static str, &'static str); 2] {
    [("HEDGEROW_TOKEN", CANARY), ("CI_PASSWORD", CANARY)]
}

/// Every file of our state directory that holds the canary.
fn kept(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(kept(&path));
        } else if holds(&fs::read(&path).unwrap(), CANARY) {
            found.push(path.display().to_string());
        }
    }
    found
}

#[test]
fn no_command_tells_a_secret() {
    let world = world();
    for address in [false, true] {
        if address {
            with_address(&world);
        }
        for args in [
            &["status", "dc1"][..],
            &["status", "dc1", "--fetch"],
            &["validate", "dc1"],
            &["validate", DIRECTORY],
            &["ingest", "dc1", "--dry-run"],
            &["ingest", "dc1", "--yes"],
            &["push", "dc1", "--yes"],
            &["fetch", "dc1"],
            &["pull", "dc1"],
            &["diff", "dc1"],
            &["log", "dc1"],
            &["show", "dc1"],
            &["export", "dc1"],
            &["add", "dc9", "--repo", "https://me:Kz7-quaint-heron-41@127.0.0.1:1/y.git", "--directory", "d", "--yes"],
            &["config", "check"],
        ] {
            for more in [&[][..], &["-o", "json"]] {
                let mut command = world.command(&[args, more].concat());
                let said = crate::world::said(&command.envs(environment()).output().unwrap());
                let told = said.out + &said.err;
                assert!(!told.contains(CANARY), "{args:?}\n{told}");
                assert!(!told.contains("Ym90OkNBTkFSWQ"), "{args:?}\n{told}");
            }
        }
    }
    assert_eq!(kept(&world.root.join("state")), [] as [String; 0]);
}

#[test]
fn no_screen_shows_a_secret_and_nothing_of_it_is_kept_or_copied() {
    let world = world();
    for flags in [&["--ascii"][..], &["--present"]] {
        let mut session = Session::with(&world, flags, SIZE, &environment());
        session.until("1 Fabrics");
        session.until("Ahead");
        session.press("P");
        session.until("press y to push");
        session.quiet(std::time::Duration::from_millis(600));
        session.press("y");
        session.until("FAILED E-PUSH-HOOK");
        session.press("e");
        session.until("Full message");
        session.press("s");
        session.until("report");
        session.press("y");
        session.until("error report");
        session.press("e");
        session.until("OSC 52");
        session.press("\u{1b}");
        session.until("1 Fabrics");
        session.press("\r");
        session.until("secret.yaml");
        for _ in 0..4 {
            session.press("\r");
            session.quiet(std::time::Duration::from_millis(200));
            session.press("\u{1b}");
            session.quiet(std::time::Duration::from_millis(200));
            session.press("j");
        }
        session.press("]]");
        session.quiet(std::time::Duration::from_millis(300));
        session.press("]]");
        session.quiet(std::time::Duration::from_millis(300));
        session.press("qq");
        let (_, bytes) = session.end();
        assert!(!holds(&bytes, CANARY), "it reached the terminal of {flags:?}");
    }
    let state = world.root.join("state");
    let reports = fs::read_dir(state.join("hedgerow")).unwrap().flatten();
    assert!(reports.into_iter().any(|entry| entry.file_name().to_string_lossy().starts_with("report-")));
    let journal = fs::read_to_string(state.join("hedgerow/journal.jsonl")).unwrap();
    assert!(journal.contains("E-PUSH-HOOK") && journal.contains("is not allowed here"), "{journal}");
    assert_eq!(kept(&state), [] as [String; 0]);
}

#[test]
fn a_secret_that_is_typed_is_not_kept() {
    let world = world();
    with_address(&world);
    let mut session = Session::with(&world, &["--present"], SIZE, &environment());
    session.until("1 Fabrics");
    session.press(&format!(":add dc9 --repo https://me:{CANARY}@127.0.0.1:1/y.git --directory d\r"));
    session.until("add is for a shell");
    session.press("\u{1b}");
    session.until("1 Fabrics");
    session.press("f");
    session.until("FAILED");
    let cast = session.text().lines().last().unwrap().to_owned();
    assert!(cast.contains("KEYS") && !cast.contains(CANARY), "{cast}");
    session.press("q");
    session.end();
    assert_eq!(kept(&world.root.join("state")), [] as [String; 0]);
    assert!(fs::read_to_string(world.root.join("state/hedgerow/lines")).unwrap().contains("add dc9"));
}
