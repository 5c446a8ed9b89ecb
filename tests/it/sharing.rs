//! A shared screen: keys shown, addresses hidden, secrets nowhere, copies on their way.

use std::fs;
use std::time::Duration;

use crate::session::{Session, holds};
use crate::world::World;

const SIZE: (u16, u16) = (80, 24);
const PAUSE: Duration = Duration::from_millis(300);
const CANARY: &str = "canary0123456789abcdef";

#[test]
fn viewers_see_keys_and_outcomes_but_no_addresses_or_clocks() {
    let world = World::initialized();
    world.raw("a.yaml", hedgerow::demo::vpc("web", 1001, "10.0.1.0/24"));
    let mut session = Session::start(&world, &["--present"], SIZE);
    let text = session.until("N ingest");
    assert!(text.contains("PRESENTING, MASKED"), "{text}");
    session.press("jjj");
    session.until("KEYS j x3");
    session.press("N");
    session.until("press y to ingest");
    let shown = session.until("KEYS j x3 N");
    assert!(!shown.contains("alice@example.net"), "{shown}");
    session.press("d");
    let shown = session.until("ip-1");
    assert!(!shown.contains("10.0.1.0"), "{shown}");
    session.press("y");
    session.until("not pushed yet");
    session.quiet(PAUSE);
    assert_eq!(session.quiet(Duration::from_secs(3)), 0, "no clock ticks");
    session.press("q");
    let (_, bytes) = session.end();
    for hidden in ["10.0.1.0", "example.net"] {
        assert!(!holds(&bytes, hidden), "{hidden}");
    }
}

#[test]
fn typed_names_are_not_in_the_cast() {
    let world = World::initialized();
    world.configure(&fs::read_to_string(world.root.join("config.yaml")).unwrap().replace(
        "directory: gitops/hedgehog/fabric-1 }",
        "directory: gitops/hedgehog/fabric-1, profile: prod }\nprofiles: { prod: { protected: true } }\nui: { keycast: true }",
    ));
    world.raw("a.yaml", hedgerow::demo::vpc("web", 1001, "10.0.1.0/24"));
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    let mut session = Session::start(&world, &[], SIZE);
    session.until("P push");
    session.until("Ahead 1");
    session.press("P");
    session.until("Enter works only when");
    session.quiet(Duration::from_millis(600));
    session.press("dc1");
    session.until("KEYS P (typing)");
    session.press("\r");
    session.until("push dc1  Verified");
    assert!(session.text().contains("KEYS P (typing) Enter"), "{}", session.text());
    session.press("q");
    session.end();
    assert_eq!(world.remote_tip(), world.tip());
}

#[test]
fn settings_show_at_once_and_are_kept() {
    let world = World::initialized();
    let mut session = Session::start(&world, &[], SIZE);
    session.until("In sync");
    session.press(",");
    session.until(", Settings");
    session.press("a");
    session.until("+==");
    session.press("tc");
    session.until("key-cast: on");
    session.press("\u{1b}");
    session.until_gone(", Settings");
    session.press("q");
    session.end();
    let kept = fs::read_to_string(world.root.join("state/hedgerow/ui.yaml")).unwrap();
    assert!(kept.contains("ascii: on") && kept.contains("theme: mono") && kept.contains("keycast: on"), "{kept}");
    let mut session = Session::start(&world, &[], SIZE);
    session.until("In sync");
    assert!(session.text().contains("+[ 1 Fabrics ]==") && session.text().contains("KEYS"), "{}", session.text());
    session.press("q");
    session.end();
}

#[test]
fn a_copy_is_always_in_a_file_and_goes_where_it_can() {
    let world = World::initialized();
    let file = world.root.join("state/hedgerow/last-copy.txt");
    let mut session = Session::start(&world, &[], SIZE);
    session.until("In sync");
    session.press("y");
    session.until("y Copy");
    session.press("c");
    session.until("sent the commit to the terminal (OSC 52); also in last-copy.txt");
    assert_eq!(fs::read_to_string(&file).unwrap(), world.tip());
    session.press("q");
    let (_, bytes) = session.end();
    assert!(holds(&bytes, "\u{1b}]52;c;"));

    let target = world.root.join("clipboard");
    let config = fs::read_to_string(world.root.join("config.yaml")).unwrap();
    world.configure(&format!("{config}ui: {{ copy: \"cat > '{}'\" }}\n", target.display()));
    let mut session = Session::start(&world, &[], SIZE);
    session.until("In sync");
    session.press("y");
    session.until("y Copy");
    session.press("m");
    session.until("copied the command by the copy command; also in last-copy.txt");
    assert_eq!(fs::read_to_string(&target).unwrap(), "hedgerow status dc1");
    session.press("q");
    let (_, bytes) = session.end();
    assert!(!holds(&bytes, "\u{1b}]52;"));
}

/// A secret in the environment, the remote's address, a credential helper, a hook and a raw file.
fn with_canary() -> World {
    let world = World::initialized();
    world.raw("a.yaml", hedgerow::demo::vpc("web", 1001, "10.0.1.0/24"));
    let secret =
        format!("apiVersion: v1\nkind: Secret\nmetadata: {{ name: s }}\nstringData: {{ password: {CANARY} }}\n");
    world.raw("secret.yaml", secret);
    world.raw("broken.yaml", format!("a: [\npassword: {CANARY}\n"));
    world.git(&["remote", "set-url", "origin", &format!("https://user:{CANARY}@127.0.0.1:1/x.git")]);
    let helper = format!("!f() {{ echo username=u; echo password={CANARY}; }}; f");
    world.git(&["config", "credential.helper", &helper]);
    world
}

#[test]
fn a_secret_is_in_no_output() {
    let world = with_canary();
    let token = format!("ghp_{CANARY}");
    let more = [("HEDGEROW_TOKEN", token.as_str()), ("GITHUB_TOKEN", token.as_str())];
    let mut session = Session::with(&world, &["--present"], SIZE, &more);
    session.until("N ingest");
    session.press("f");
    session.until("FAILED");
    session.press("\r");
    session.until("secret.yaml");
    session.press("jjj");
    session.quiet(PAUSE);
    session.press("e");
    session.until("E-");
    session.press("y");
    session.until("error report");
    session.press("e");
    session.until("error report to the terminal");
    session.press("qqq");
    let (_, bytes) = session.end();
    assert!(!holds(&bytes, CANARY), "it reached the terminal");
    for args in
        [&["status", "-o", "json"][..], &["fetch"], &["validate"], &["ingest", "dc1", "--dry-run", "-o", "json"]]
    {
        let said = world.run(args);
        assert!(!said.out.contains(CANARY) && !said.err.contains(CANARY), "{args:?}: {}{}", said.out, said.err);
    }
    for entry in fs::read_dir(world.root.join("state/hedgerow")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let text = fs::read(&path).unwrap();
            assert!(!holds(&text, CANARY), "{}", path.display());
        }
    }
}

#[test]
fn a_report_of_an_error_is_saved_by_the_bound_key() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::initialized();
    let config = fs::read_to_string(world.root.join("config.yaml")).unwrap();
    world.configure(&format!("{config}keys: {{ sort: w, back: b }}\n"));
    fs::remove_dir_all(world.root.join("remote.git")).unwrap();
    let mut session = Session::start(&world, &["--ascii"], (120, 40));
    session.until("w sort");
    session.press("f");
    session.until("FAILED E-REMOTE-MISSING");
    session.press("e");
    session.until("w save it to a file");
    session.press("s");
    session.until("s is unused here");
    session.press("w");
    session.until("the report is in");
    session.press("bq");
    assert_eq!(session.end().0, 0);
    let state = world.root.join("state/hedgerow");
    let names = fs::read_dir(&state).unwrap().map(|entry| entry.unwrap().path());
    let report = names.into_iter().find(|path| path.display().to_string().contains("/report-")).unwrap();
    let text = fs::read_to_string(&report).unwrap();
    for wanted in
        ["hedgerow 0.", "TERM xterm-256color", "E-REMOTE-MISSING", "State: nothing was changed", "* check the address"]
    {
        assert!(text.contains(wanted), "{wanted}\n{text}");
    }
    assert_eq!(fs::metadata(&report).unwrap().permissions().mode() & 0o777, 0o600);
}
