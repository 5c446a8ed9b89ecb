//! `diff` and `log`: what is here and not on the remote, what a pull would bring, what was done.

use crate::world::{World, git_in};
use hedgerow::demo::vpc;

#[test]
fn diff_shows_what_the_remote_lacks_and_nothing_that_waits() {
    let world = World::initialized();
    world.git(&["push", "origin", "main"]);
    world.raw("a.yaml", vpc("web", 1001, "10.0.1.0/24"));
    let said = world.run(&["diff", "dc1"]);
    assert_eq!(said.code, 0, "a raw file that waits is no difference: {}{}", said.out, said.err);
    assert!(said.out.starts_with("no difference between origin/main "), "{}", said.out);
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    let said = world.run(&["diff", "dc1"]);
    assert_eq!(said.code, 1, "{}", said.err);
    assert!(said.out.contains("--- /dev/null\n+++ b/managed/vpcs/web.yaml\n@@ "), "{}", said.out);
    assert!(said.out.lines().any(|line| line.starts_with('+') && line.contains("vlan: 1001")), "{}", said.out);
    let entry = world.json(&["diff", "dc1", "--commit", "HEAD"]).entry();
    let files = entry["files"].as_array().unwrap();
    let made = files.iter().find(|file| file["path"] == "managed/vpcs/web.yaml").unwrap();
    assert_eq!((made["change"].as_str(), made["removed"].as_u64()), (Some("added"), Some(0)));
    assert_eq!(world.run(&["push", "dc1", "--yes"]).code, 0);
    assert_eq!(world.run(&["diff", "dc1"]).code, 0);
    assert_eq!(world.run(&["diff", "dc1", "HEAD~1"]).code, 1);
    let said = world.run(&["diff", "dc1", "nothing-such"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("no commit is called nothing-such"), "{}", said.err);
}

#[test]
fn diff_tells_edits_and_what_a_pull_would_bring_and_hides_secrets() {
    let world = World::initialized();
    world.raw("a.yaml", vpc("web", 1001, "10.0.1.0/24"));
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    assert_eq!(world.run(&["push", "dc1", "--yes"]).code, 0);
    let path = format!("{}/managed/vpcs/web.yaml", crate::world::DIRECTORY);
    let colleague = world.colleague();
    let theirs = std::fs::read_to_string(colleague.join(&path)).unwrap().replace("1001", "1002");
    std::fs::write(colleague.join(&path), theirs).unwrap();
    git_in(&colleague, &["commit", "-qam", "vlan moved"]);
    git_in(&colleague, &["push", "-q"]);
    assert_eq!(world.run(&["fetch", "dc1"]).code, 0);
    assert_eq!(world.run(&["diff", "dc1"]).code, 0);
    let said = world.run(&["diff", "dc1", "--remote"]);
    assert_eq!(said.code, 1, "{}", said.err);
    assert!(said.out.contains("1002"), "{}", said.out);
    let edited = world.read("managed/vpcs/web.yaml");
    let key = "-----BEGIN PRIVATE KEY-----";
    world.write(&path, format!("{edited}# {key}canary\n"));
    let said = world.run(&["diff", "dc1"]);
    assert_eq!(said.code, 1, "{}", said.err);
    assert!(said.out.contains("# not shown: it holds a secret") && !said.out.contains("canary"), "{}", said.out);
}

#[test]
fn log_tells_commits_and_operations_newest_first() {
    let world = World::initialized();
    world.raw("a.yaml", vpc("web", 1001, "10.0.1.0/24"));
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    let said = world.run(&["log"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.out.starts_with("dc1: newest first\n"), "{}", said.out);
    assert!(said.out.contains("ingest(dc1): 1 resource") && said.out.contains("ingest committed"), "{}", said.out);
    let entry = world.json(&["log", "dc1"]).entry();
    assert_eq!(entry["commits"][0]["operation"], "ingest");
    assert_eq!(entry["commits"][0]["pushed"], false);
    assert_eq!(entry["operations"][0]["commit"], entry["commits"][0]["id"]);
}

#[test]
fn status_tells_by_its_exit_code_whether_something_needs_you() {
    let world = World::initialized();
    let config = std::fs::read_to_string(world.root.join("config.yaml")).unwrap();
    world.configure(&format!("{config}  edge: {{ repository: netops, directory: gitops/hedgehog/edge }}\n"));
    assert_eq!(world.run(&["status"]).code, 0, "without the flag it only tells");
    let said = world.run(&["list", "--exit-code", "--only", "need-you"]);
    assert_eq!(said.code, 1, "{}", said.err);
    assert!(said.out.contains("edge") && !said.out.contains("dc1"), "{}", said.out);
    let quiet = world.run(&["status", "dc1", "--exit-code", "--only", "need-you"]);
    assert_eq!((quiet.code, quiet.out.as_str()), (0, "nothing needs you\n"), "{}", quiet.err);
    let json = world.json(&["status", "dc1", "--only", "need-you"]).json();
    assert_eq!((&json["schema"], &json["data"]), (&"hedgerow.status/v1".into(), &serde_json::json!([])));
    world.raw("a.yaml", vpc("web", 1001, "10.0.1.0/24"));
    assert_eq!(world.run(&["status", "dc1", "--exit-code"]).code, 1);
    assert_eq!(world.run(&["status", "nothing", "--exit-code"]).code, 3);
}
