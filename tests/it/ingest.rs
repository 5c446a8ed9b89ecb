//! Ingest, end to end, against real repositories.

use crate::world::{DIRECTORY, World, count};
use hedgerow::demo::{VPC, vpc};

fn is_yaml(path: &str) -> bool {
    std::path::Path::new(path).extension().is_some_and(|ending| ending == "yaml")
}

#[test]
fn the_plugins_directory_becomes_47_files_in_one_commit() {
    let world = World::plugin();
    let before = world.commits();
    let said = world.json(&["ingest", "dc1", "--yes"]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    let entry = said.entry();
    assert_eq!(entry["result"], "committed");
    assert_eq!(count(&entry["documents"], "outcome", "added"), 47);
    assert_eq!(count(&entry["documents"], "outcome", "duplicate"), 1);
    assert_eq!(world.commits(), before + 1);
    let managed = world.git(&["ls-tree", "-r", "--name-only", "HEAD", &format!("{DIRECTORY}/managed")]);
    assert_eq!(managed.lines().filter(|path| is_yaml(path)).count(), 47);
    let raw = world.git(&["ls-tree", "-r", "--name-only", "HEAD", &format!("{DIRECTORY}/raw/")]);
    let waiting: Vec<&str> = raw.lines().filter(|path| is_yaml(path) && !path.contains("/processed/")).collect();
    assert!(waiting.is_empty(), "{waiting:?}");
    assert_eq!(world.git(&["status", "--porcelain"]), "");
    let second = world.json(&["ingest", "dc1", "--yes"]);
    assert_eq!((second.code, second.entry()["result"].as_str()), (0, Some("no_change")));
    assert_eq!(world.commits(), before + 1);
}

#[test]
fn no_comment_is_lost_and_nothing_is_added() {
    let world = World::plugin();
    world.run(&["ingest", "dc1", "--yes"]);
    let files = world.git(&["ls-tree", "-r", "--name-only", "HEAD", &format!("{DIRECTORY}/managed")]);
    let texts: Vec<String> = files
        .lines()
        .filter(|path| is_yaml(path))
        .map(|path| std::fs::read_to_string(world.clone.join(path)).unwrap())
        .collect();
    let all = texts.concat();
    for line in hedgerow::demo::WIRING.lines().chain(VPC.lines()).filter(|line| line.contains('#')) {
        assert!(all.contains(line), "lost: {line}");
    }
    for text in &texts {
        let first = text.lines().find(|line| !line.starts_with('#')).unwrap();
        assert!(first.starts_with("apiVersion: "), "{text}");
        assert!(!text.contains("annotations"), "{text}");
        assert!(text.ends_with('\n') && !text.ends_with("\n\n"));
    }
    assert_eq!(world.read("managed/vpcs/test-vpc.yaml"), VPC);
    assert_eq!(world.read("raw/processed/prepop.yaml"), hedgerow::demo::WIRING);
}

#[test]
fn one_changed_vpc_updates_one_file_and_the_old_version_is_older() {
    let world = World::plugin();
    world.run(&["ingest", "dc1", "--yes"]);
    let changed = VPC.replace("vlan: 1001", "vlan: 1002");
    world.raw("new.yaml", &changed);
    let said = world.json(&["ingest", "dc1", "--yes"]);
    assert_eq!(said.code, 0);
    assert_eq!(said.entry()["documents"][0]["outcome"], "updated");
    assert_eq!(world.read("managed/vpcs/test-vpc.yaml"), changed);
    let names = world.git(&["show", "--name-status", "--format=", "--no-renames", "HEAD"]);
    let managed: Vec<&str> = names.lines().filter(|line| line.contains("/managed/")).collect();
    assert_eq!(managed, [format!("M\t{DIRECTORY}/managed/vpcs/test-vpc.yaml")]);

    let before = world.commits();
    world.raw("old.yaml", VPC);
    let said = world.json(&["ingest", "dc1", "--yes"]);
    assert_eq!(said.code, 1);
    assert_eq!(said.entry()["documents"][0]["outcome"], "older");
    assert_eq!(world.commits(), before);
    assert_eq!(world.read("managed/vpcs/test-vpc.yaml"), changed);
    assert_eq!(world.read("raw/old.yaml"), VPC);
}

#[test]
fn two_raw_files_that_disagree_write_neither() {
    let world = World::initialized();
    let before = world.commits();
    world.raw("a.yaml", vpc("web", 1001, "10.0.1.0/24"));
    world.raw("b.yaml", vpc("web", 1002, "10.0.1.0/24"));
    world.raw("c.yaml", vpc("db", 1003, "10.0.3.0/24"));
    let said = world.json(&["ingest", "dc1", "--yes"]);
    assert_eq!(said.code, 1);
    assert_eq!(count(&said.entry()["documents"], "outcome", "conflict"), 2);
    assert_eq!(count(&said.entry()["documents"], "outcome", "added"), 1);
    assert_eq!(world.commits(), before + 1);
    assert!(!world.path("managed/vpcs/web.yaml").exists());
    assert!(world.path("raw/a.yaml").exists() && world.path("raw/b.yaml").exists());
    assert!(world.path("managed/vpcs/db.yaml").exists() && !world.path("raw/c.yaml").exists());
}

#[test]
fn a_hand_edit_is_kept_and_a_real_conflict_is_shown() {
    let world = World::initialized();
    let first = vpc("web", 1001, "10.0.1.0/24");
    world.raw("a.yaml", &first);
    world.run(&["ingest", "dc1", "--yes"]);
    let edited = first.replace("1001", "1009");
    world.write(&format!("{DIRECTORY}/managed/vpcs/web.yaml"), &edited);
    world.commit("by hand");
    world.raw("again.yaml", &first);
    let said = world.json(&["ingest", "dc1", "--yes"]);
    assert_eq!((said.code, said.entry()["documents"][0]["outcome"].as_str()), (0, Some("kept")));
    assert_eq!(world.read("managed/vpcs/web.yaml"), edited);
    world.raw("third.yaml", vpc("web", 1017, "10.0.1.0/24"));
    let said = world.json(&["ingest", "dc1", "--yes"]);
    assert_eq!((said.code, said.entry()["documents"][0]["outcome"].as_str()), (1, Some("conflict")));
    assert_eq!(world.read("managed/vpcs/web.yaml"), edited);
    assert!(world.path("raw/third.yaml").exists());
}

#[test]
fn foreign_edits_are_untouched() {
    let world = World::initialized();
    world.write("staged.txt", "one\n");
    world.write("unstaged.txt", "one\n");
    world.commit("two files");
    world.git(&["push", "--quiet"]);
    world.write("staged.txt", "two\n");
    world.git(&["add", "staged.txt"]);
    world.write("unstaged.txt", "two\n");
    world.write("untracked.txt", "new\n");
    world.raw("a.yaml", vpc("web", 1001, "10.0.1.0/24"));
    let before = world.git(&["write-tree"]);
    let said = world.json(&["ingest", "dc1", "--yes"]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    let status = world.git(&["status", "--porcelain"]);
    assert_eq!(status, "M  staged.txt\n M unstaged.txt\n?? untracked.txt\n");
    let after = world.git(&["write-tree"]);
    let names = world.git(&["diff-tree", "-r", "--name-only", "--no-renames", before.trim(), after.trim()]);
    let wanted = [format!("{DIRECTORY}/managed/vpcs/web.yaml"), format!("{DIRECTORY}/raw/processed/a.yaml")];
    assert_eq!(names.lines().collect::<Vec<_>>(), wanted);
    let committed = world.git(&["show", "--name-only", "--format=", "HEAD"]);
    assert_eq!(committed.lines().collect::<Vec<_>>(), wanted);
    assert!(!world.git(&["fsck", "--strict"]).contains("error"));
}

#[test]
fn a_plan_that_is_out_of_date_is_refused() {
    let world = World::initialized();
    world.raw("a.yaml", vpc("web", 1001, "10.0.1.0/24"));
    let plan = world.json(&["ingest", "dc1", "--dry-run"]);
    let id = plan.entry()["plan"]["id"].as_str().unwrap().to_owned();
    assert_eq!(plan.entry()["result"], "planned");
    world.raw("a.yaml", vpc("web", 1002, "10.0.1.0/24"));
    let before = world.commits();
    let said = world.json(&["ingest", "dc1", "--yes", "--expect-plan", &id]);
    assert_eq!(said.code, 6);
    assert_eq!(said.entry()["error"]["code"], "E-PLAN-STALE");
    assert_eq!(world.commits(), before);
    world.raw("a.yaml", vpc("web", 1001, "10.0.1.0/24"));
    assert_eq!(world.json(&["ingest", "dc1", "--yes", "--expect-plan", &id[..8]]).code, 0);
}

#[test]
fn files_from_elsewhere_are_taken_and_left_alone() {
    let world = World::initialized();
    let file = world.root.join("elsewhere.yaml");
    std::fs::write(&file, vpc("web", 1001, "10.0.1.0/24")).unwrap();
    let said = world.json(&["ingest", "dc1", &file.display().to_string(), "--yes"]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    assert!(file.exists());
    assert!(world.path("raw/processed/elsewhere.yaml").exists());
    let output = world
        .command(&["ingest", "dc1", "-", "--yes", "-o", "json"])
        .write_stdin(vpc("db", 1002, "10.0.2.0/24"))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(world.path("managed/vpcs/db.yaml").exists());
    let before = world.commits();
    let output = world
        .command(&["ingest", "dc1", "-", "--yes", "-o", "json"])
        .write_stdin("kind: VPC\napiVersion: [\n")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(world.commits(), before);
}

#[test]
fn two_processes_at_once_make_whole_commits() {
    let world = World::initialized();
    world.configure(&format!(
        "repositories:\n  netops: {{ path: clone }}\nfabrics:\n  dc1: {{ repository: netops, directory: {DIRECTORY} }}\n  \
         dc2: {{ repository: netops, directory: gitops/hedgehog/fabric-2 }}\n"
    ));
    assert_eq!(world.run(&["init", "dc2", "--yes"]).code, 0);
    for number in 0..20 {
        let text = vpc(&format!("vpc-{number}"), 1001 + number, &format!("10.0.{number}.0/24"));
        world.raw(&format!("{number}.yaml"), &text);
        world.write(&format!("gitops/hedgehog/fabric-2/raw/{number}.yaml"), &text);
    }
    let before = world.commits();
    let codes: Vec<i32> = std::thread::scope(|scope| {
        let both: Vec<_> = ["dc1", "dc2"]
            .into_iter()
            .map(|fabric| scope.spawn(|| world.json(&["ingest", fabric, "--yes"]).code))
            .collect();
        both.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(codes, [0, 0]);
    assert_eq!(world.commits(), before + 2);
    assert_eq!(world.git(&["status", "--porcelain"]), "");
    assert!(!world.git(&["fsck", "--strict"]).contains("error"));
}

#[test]
fn a_subject_of_ones_own_stands_in_the_commit() {
    let world = World::initialized();
    world.raw("a.yaml", vpc("web", 1001, "10.0.1.0/24"));
    let said = world.run(&["ingest", "dc1", "--yes", "--message", "NET-7: {action} of {fabric}, {summary}"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let subject = world.git(&["log", "-1", "--format=%s"]);
    assert_eq!(subject.trim(), "NET-7: ingest of dc1, 1 resource from 1 raw file");
    assert!(world.git(&["log", "-1", "--format=%b"]).contains("Hedgerow-Operation: ingest"));
    world.raw("b.yaml", vpc("db", 1002, "10.0.2.0/24"));
    for wrong in ["", " ", "two\nlines", "\u{1b}[2J"] {
        let said = world.run(&["ingest", "dc1", "--yes", "--message", wrong]);
        assert!(said.code == 2 && said.err.contains("one line"), "{wrong:?}: {}", said.err);
    }
    assert_eq!(world.git(&["log", "-1", "--format=%s"]), subject);
}
