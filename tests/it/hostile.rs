//! Hostile and broken input: a clear sentence each, nothing written outside, nothing lost.

use std::fs;
use std::os::unix::fs::symlink;

use crate::world::{DIRECTORY, World, count};
use hedgerow::demo::vpc;
use serde_json::Value;

fn finding(entry: &Value, file: &str) -> String {
    let findings = entry["findings"].as_array().unwrap();
    let found = findings.iter().find(|finding| finding["file"] == file && finding["severity"] == "error");
    let found = found.unwrap_or_else(|| panic!("no error for {file} in {findings:#?}"));
    format!("{} {}", found["code"].as_str().unwrap(), found["message"].as_str().unwrap())
}

#[test]
fn each_bad_file_gets_a_sentence_and_the_good_one_is_placed() {
    let world = World::initialized();
    let outside = world.root.join("outside.yaml");
    fs::write(&outside, vpc("outside", 1005, "10.0.5.0/24")).unwrap();
    world.raw("traversal.yaml", vpc("../../x", 1001, "10.0.1.0/24"));
    let mut bomb = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
    for level in 1..10 {
        let aliases = vec![format!("*a{}", level - 1); 9].join(",");
        bomb = format!("{bomb}a{level}: &a{level} [{aliases}]\n");
    }
    world.raw("bomb.yaml", bomb);
    world.raw("binary.yaml", [0_u8, 159, 146, 150, 0, 1]);
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain("a: b\n".encode_utf16().flat_map(u16::to_le_bytes)).collect();
    world.raw("utf16.yaml", utf16);
    world.raw("crlf.yaml", vpc("crlf", 1002, "10.0.2.0/24").replace('\n', "\r\n"));
    world.raw("bom.yaml", format!("\u{feff}{}", vpc("bom", 1003, "10.0.3.0/24")));
    symlink(&outside, world.path("raw/link.yaml")).unwrap();
    fs::File::create(world.path("raw/huge.yaml")).unwrap().set_len(50 * 1024 * 1024).unwrap();
    let said = world.json(&["ingest", "dc1", "--yes"]);
    assert_eq!(said.code, 1, "{}{}", said.out, said.err);
    let entry = said.entry();
    for file in ["traversal", "bomb", "binary", "utf16", "link", "huge"] {
        let sentence = finding(&entry, &format!("raw/{file}.yaml"));
        assert!(sentence.starts_with("HH-"), "{sentence}");
    }
    assert_eq!(count(&entry["documents"], "outcome", "added"), 2, "{entry:#}");
    assert!(!world.read("managed/vpcs/crlf.yaml").contains('\r'));
    assert!(world.read("managed/vpcs/bom.yaml").starts_with("apiVersion"));
    assert!(world.path("raw/link.yaml").is_symlink() && world.path("raw/huge.yaml").exists());
    assert!(world.path("raw/errors/traversal.yaml").exists());
    assert!(world.read("raw/errors/bomb.yaml.findings.txt").contains("HH-"));
    assert!(!world.clone.join("x.yaml").exists() && !world.root.join("x.yaml").exists());
    let status = world.json(&["status", "dc1"]).entry();
    assert!(status["raw"]["invalid"].as_u64().unwrap() >= 4, "{status:#}");
}

#[test]
fn a_corrected_file_in_errors_is_a_raw_file_again() {
    let world = World::initialized();
    world.raw("good.yaml", vpc("good", 1001, "10.0.1.0/24"));
    world.raw("bad.yaml", "apiVersion: vpc.githedgehog.com/v1beta1\nkind: VPC\nmetadata: {name: Bad}\n");
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 1);
    assert!(world.path("raw/errors/bad.yaml").exists());
    assert_eq!(world.json(&["status", "dc1"]).entry()["raw"]["invalid"], 1);
    world.write(&format!("{DIRECTORY}/raw/errors/bad.yaml"), vpc("bad", 1002, "10.0.2.0/24"));
    assert_eq!(world.json(&["ingest", "dc1", "--yes"]).code, 0);
    assert!(world.path("managed/vpcs/bad.yaml").exists());
    assert!(!world.path("raw/errors/bad.yaml").exists());
    assert!(!world.path("raw/errors/bad.yaml.findings.txt").exists());
}

#[test]
fn a_secret_enters_no_commit_and_is_never_shown() {
    let world = World::initialized();
    let before = world.commits();
    let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {password: hunter2-canary}\n";
    world.raw("mixed.yaml", format!("{}---\n{secret}", vpc("web", 1001, "10.0.1.0/24")));
    for extra in [&["--partial"][..], &[]] {
        let said = world.json(&[&["ingest", "dc1", "--yes"], extra].concat());
        assert_eq!(said.code, 1);
        assert_eq!(said.entry()["documents"][0]["outcome"], "secret");
        assert!(!said.out.contains("hunter2") && !said.err.contains("hunter2"));
    }
    assert_eq!(world.commits(), before);
    assert!(world.path("raw/mixed.yaml").exists());
    let validate = world.run(&["validate", "dc1"]);
    assert_eq!(validate.code, 1);
    assert!(!validate.out.contains("hunter2"));
}

#[test]
fn a_foreign_lock_is_reported_and_not_removed() {
    let world = World::initialized();
    world.raw("web.yaml", vpc("web", 1001, "10.0.1.0/24"));
    let lock = world.clone.join(".git/index.lock");
    fs::write(&lock, "").unwrap();
    let before = world.commits();
    let said = world.json(&["ingest", "dc1", "--yes"]);
    assert_eq!((said.code, said.entry()["error"]["code"].as_str()), (6, Some("E-REPO-LOCKED")));
    assert!(lock.exists());
    assert_eq!(world.commits(), before);
    assert!(world.path("raw/web.yaml").exists() && !world.path("managed/vpcs/web.yaml").exists());
}

#[test]
fn escape_codes_of_file_names_do_not_reach_the_terminal() {
    let world = World::initialized();
    world.raw("a\u{1b}[31mred\u{202e}.yaml", "kind: VPC\n");
    for args in [&["status", "dc1"][..], &["validate", "dc1"], &["ingest", "dc1", "--dry-run"]] {
        let said = world.run(args);
        let all = format!("{}{}", said.out, said.err);
        assert!(!all.contains('\u{1b}') && !all.contains('\u{202e}'), "{args:?}: {all:?}");
        assert!(all.contains("red"), "{args:?}: {all}");
    }
}

#[test]
fn a_url_with_a_secret_is_never_shown() {
    let world = World::new();
    world.configure(
        "repositories:\n  x: { url: 'https://user:canary-token@127.0.0.1:1/x.git' }\n\
         fabrics:\n  dc1: { repository: x, directory: d }\n",
    );
    for args in [&["fetch", "dc1"][..], &["status", "dc1"], &["ingest", "dc1", "--yes"], &["push", "dc1", "--yes"]] {
        let said = world.json(args);
        assert!(!said.out.contains("canary") && !said.err.contains("canary"), "{args:?} {}{}", said.out, said.err);
    }
    let said = world.json(&["fetch", "dc1"]);
    assert_eq!(said.code, 5, "{}", said.out);
    assert_eq!(world.json(&["status", "dc1"]).entry()["git"]["state"], "offline");
    let journal = fs::read_to_string(world.root.join("state/hedgerow/journal.jsonl")).unwrap();
    assert!(!journal.contains("canary"));
}
