//! Managed resources shown, exported, deleted, renamed, adopted, migrated and healed, against real repositories.

use crate::world::{DIRECTORY, World};
use hedgerow::demo::{VPC, vpc};

/// A world whose demo resources are managed and pushed.
fn managed() -> World {
    let world = World::plugin();
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    assert_eq!(world.run(&["push", "dc1", "--yes"]).code, 0);
    world
}

#[test]
fn show_lists_and_prints_what_was_written() {
    let world = managed();
    let said = world.run(&["show", "dc1", "vpc/test-vpc"]);
    assert_eq!((said.code, said.out.as_str()), (0, VPC), "{}", said.err);
    let said = world.run(&["show", "dc1", "sw", "-o", "name"]);
    let names = ["leaf-01", "leaf-02", "leaf-03", "leaf-04", "leaf-05", "spine-01", "spine-02"];
    assert_eq!(said.out.lines().collect::<Vec<_>>(), names.map(|name| format!("Switch/{name}")));
    let said = world.run(&["show", "dc1"]);
    assert!(said.out.contains("47 resources; hydration none ("), "{}", said.out);
    assert_eq!(said.out.lines().filter(|line| line.starts_with("Switch ")).count(), 7);
    let entry = world.json(&["show", "dc1", "VPC/test-vpc"]).entry();
    assert_eq!(entry["resources"][0]["path"], "managed/vpcs/test-vpc.yaml");
    assert_eq!(entry["resources"][0]["text"], VPC);
    let said = world.json(&["show", "dc1", "VPC/test-vcp"]);
    assert_eq!(said.code, 2);
    assert_eq!(said.entry()["error"]["code"], "E-RESOURCE");
    assert!(said.entry()["error"]["message"].as_str().unwrap().ends_with("did you mean VPC/test-vpc?"));
    assert_eq!(world.run(&["show", "dc1", "Swich"]).code, 2);
    assert_eq!(world.run(&["status", "-o", "yaml"]).code, 2);
}

#[test]
fn an_export_is_one_file_that_comes_back_as_the_same_resources() {
    let world = managed();
    let first = world.run(&["export", "dc1"]);
    assert_eq!((first.code, first.err.as_str()), (0, ""));
    assert_eq!(first.out, world.run(&["export", "dc1"]).out);
    let documents: Vec<&str> = first.out.split("---\n").collect();
    assert_eq!(documents.len(), 47);
    assert!(documents.iter().all(|text| text.lines().any(|line| line.starts_with("apiVersion:"))));
    let kinds: Vec<&str> = first.out.lines().filter_map(|line| line.strip_prefix("kind: ")).map(str::trim).collect();
    let order = ["SwitchGroup", "Switch", "Server", "Connection", "VPC"];
    let places: Vec<usize> = order
        .iter()
        .map(|kind| kinds.iter().position(|found| found == kind).unwrap_or_else(|| panic!("{kind}")))
        .collect();
    assert!(places.is_sorted(), "{kinds:?}");
    let file = world.root.join("wiring.yaml");
    let said = world.run(&["export", "dc1", "-f", &file.display().to_string()]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), first.out);
    let said = world.json(&["ingest", "dc1", &file.display().to_string(), "--dry-run"]);
    assert_eq!(crate::world::count(&said.entry()["documents"], "outcome", "unchanged"), 47);
    world.write("gitops/hedgehog/fabric-1/managed/vpcs/bad.yaml", "a: [\n");
    let said = world.run(&["export", "dc1"]);
    assert_eq!((said.code, said.out.as_str()), (1, ""));
    assert!(
        said.err.contains("managed/vpcs/bad.yaml:1:4: error") && said.err.contains("E-PLAN-REFUSED"),
        "{}",
        said.err
    );
}

#[test]
fn hydration_is_told_with_what_is_missing() {
    let world = World::initialized();
    let spine = "apiVersion: wiring.githedgehog.com/v1beta1\nkind: Switch\nmetadata: {name: spine-01}\n\
                 spec:\n  role: spine\n  profile: vs\n  asn: 65100\n  ip: 172.30.0.8/21\n";
    world.raw("spine.yaml", spine);
    world.raw("web.yaml", vpc("web", 1001, "10.0.1.0/24"));
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    let hydration = &world.json(&["status", "dc1"]).entry()["managed"]["hydration"];
    assert_eq!((hydration["state"].as_str(), hydration["set"].as_u64()), (Some("partial"), Some(2)));
    assert_eq!(hydration["missing"][0]["field"], "spec.protocolIP");
    let said = world.run(&["status", "dc1"]);
    let line = "managed/switches/spine-01.yaml:5: Switch/spine-01 lacks spec.protocolIP";
    assert!(said.out.contains("Hydration   partial (2 of 3 fields set)") && said.out.contains(line), "{}", said.out);
}

#[test]
fn a_conflict_is_settled_by_a_choice_on_the_command_line() {
    let first = vpc("web", 1001, "10.0.1.0/24");
    let edited = first.replace("1001", "1009");
    let third = vpc("web", 1017, "10.0.1.0/24");
    for (side, outcome, managed) in
        [("raw", "updated", &third), ("managed", "kept", &edited), ("unmanaged", "unmanaged", &edited)]
    {
        let world = World::initialized();
        world.raw("a.yaml", &first);
        world.run(&["ingest", "dc1", "--yes"]);
        world.write(&format!("{DIRECTORY}/managed/vpcs/web.yaml"), &edited);
        world.commit("by hand");
        world.raw("third.yaml", &third);
        let said = world.json(&["ingest", "dc1", "--yes"]);
        assert_eq!((said.code, said.entry()["documents"][0]["outcome"].as_str()), (1, Some("conflict")));
        let before = world.commits();
        let said = world.json(&["ingest", "dc1", "--take", side, "VPC/web", "--yes"]);
        assert_eq!((said.code, said.entry()["documents"][0]["outcome"].as_str()), (0, Some(outcome)), "{}", said.out);
        assert_eq!(world.commits(), before + 1);
        assert_eq!(&world.read("managed/vpcs/web.yaml"), managed);
        assert_eq!(world.read("raw/processed/third.yaml"), third);
        let aside = world.path("unmanaged/manual-overrides/vpcs/web.yaml");
        assert_eq!(std::fs::read_to_string(aside).ok(), (side == "unmanaged").then(|| third.clone()));
        assert_eq!(world.git(&["status", "--porcelain"]), "");
    }
}

#[test]
fn a_choice_settles_two_raw_files_and_an_older_version_too() {
    let world = World::initialized();
    let (first, second) = (vpc("web", 1001, "10.0.1.0/24"), vpc("web", 1002, "10.0.1.0/24"));
    world.raw("a.yaml", &first);
    world.run(&["ingest", "dc1", "--yes"]);
    world.raw("a.yaml", &second);
    world.run(&["ingest", "dc1", "--yes"]);
    world.raw("old.yaml", &first);
    assert_eq!(world.json(&["ingest", "dc1", "--yes"]).code, 1);
    assert_eq!(world.json(&["ingest", "dc1", "--yes", "--take", "raw", "vpc/web"]).code, 0);
    assert_eq!(world.read("managed/vpcs/web.yaml"), first);
    world.raw("x.yaml", &second);
    world.raw("y.yaml", vpc("web", 1003, "10.0.1.0/24"));
    let said = world.json(&["ingest", "dc1", "--yes", "--take", "unmanaged", "VPC/web"]);
    assert_eq!(said.code, 0, "{}", said.out);
    assert_eq!(world.read("managed/vpcs/web.yaml"), first);
    let aside: Vec<_> = std::fs::read_dir(world.path("unmanaged/manual-overrides/vpcs")).unwrap().collect();
    assert_eq!(aside.len(), 2);
    let nothing = world.run(&["ingest", "dc1", "--yes", "--take", "raw", "VPC/other"]);
    assert_eq!(nothing.code, 2);
    assert!(nothing.err.contains("brings VPC/other"), "{}", nothing.err);
    assert_eq!(world.run(&["ingest", "dc1", "--take", "mine", "VPC/web"]).code, 2);
}

/// A world with one attached VPC, pushed.
fn attached() -> World {
    let world = World::initialized();
    let attachment = "# who uses it\napiVersion: vpc.githedgehog.com/v1beta1\nkind: VPCAttachment\nmetadata:\n  name: web-a\n\
                      spec:\n  subnet: web/default # here\n  connection: \"server-01--unbundled--leaf-01\"\n";
    world.raw("web.yaml", format!("{}---\n{attachment}", vpc("web", 1001, "10.0.1.0/24")));
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    assert_eq!(world.run(&["push", "dc1", "--yes"]).code, 0);
    world
}

#[test]
fn hand_edits_are_adopted_in_one_commit_that_holds_nothing_else() {
    let world = attached();
    let (before, remote) = (world.commits(), world.remote_tip());
    let edited = world.read("managed/vpcs/web.yaml").replace("1001", "1007");
    world.write(&format!("{DIRECTORY}/managed/vpcs/web.yaml"), &edited);
    world.write(&format!("{DIRECTORY}/managed/vpcs/db.yaml"), vpc("db", 1003, "10.0.3.0/24"));
    world.raw("later.yaml", vpc("later", 1004, "10.0.4.0/24"));
    world.write("other.txt", "staged\n");
    world.git(&["add", "other.txt"]);
    let plan = world.json(&["commit", "dc1", "--dry-run"]);
    assert_eq!((plan.code, plan.entry()["result"].as_str()), (0, Some("planned")), "{}{}", plan.out, plan.err);
    assert_eq!(world.commits(), before);
    let id = plan.entry()["plan"]["id"].as_str().unwrap().to_owned();
    let said = world.json(&["commit", "dc1", "--yes", "--expect-plan", &id]);
    assert_eq!((said.code, said.entry()["result"].as_str()), (0, Some("committed")), "{}{}", said.out, said.err);
    assert_eq!((world.commits(), world.remote_tip()), (before + 1, remote));
    let names = world.git(&["show", "--name-status", "--format=", "HEAD"]);
    let wanted = [format!("A\t{DIRECTORY}/managed/vpcs/db.yaml"), format!("M\t{DIRECTORY}/managed/vpcs/web.yaml")];
    assert_eq!(names.lines().collect::<Vec<_>>(), wanted);
    assert_eq!(world.read("managed/vpcs/web.yaml"), edited);
    let status = world.git(&["status", "--porcelain"]);
    assert_eq!(status, format!("A  other.txt\n?? {DIRECTORY}/raw/later.yaml\n"));
    assert!(world.git(&["log", "-1", "--format=%B"]).contains("Hedgerow-Operation: commit\n"));
    let again = world.json(&["commit", "dc1", "--yes"]);
    assert_eq!((again.code, again.entry()["result"].as_str()), (0, Some("no_change")));
    assert_eq!(world.commits(), before + 1);
}

#[test]
fn a_deletion_by_hand_is_refused_while_something_refers_to_it() {
    let world = attached();
    let before = world.commits();
    std::fs::remove_file(world.path("managed/vpcs/web.yaml")).unwrap();
    let said = world.run(&["commit", "dc1", "--yes"]);
    assert_eq!(said.code, 1, "{}{}", said.out, said.err);
    let place = "managed/vpc-attachments/web-a.yaml:7:11: error HH-VP16 VPCAttachment/web-a still refers to VPC/web";
    assert!(said.out.contains(place), "{}", said.out);
    assert_eq!(world.commits(), before);
    std::fs::remove_file(world.path("managed/vpc-attachments/web-a.yaml")).unwrap();
    let said = world.json(&["commit", "dc1", "--yes"]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    assert_eq!(world.git(&["status", "--porcelain"]), "");
    assert_eq!(world.json(&["status", "dc1"]).entry()["directory"]["state"], "initialized");
}

#[test]
fn a_delete_names_what_still_refers_or_takes_it_too() {
    let world = attached();
    let (before, remote) = (world.commits(), world.remote_tip());
    let said = world.json(&["delete", "dc1", "VPC/web", "--yes"]);
    assert_eq!((said.code, said.entry()["result"].as_str()), (1, Some("refused")));
    assert_eq!(said.entry()["findings"][0]["file"], "managed/vpc-attachments/web-a.yaml");
    assert_eq!(said.entry()["findings"][0]["line"], 7);
    assert_eq!(world.commits(), before);
    let said = world.json(&["delete", "dc1", "vpc/web", "--with-dependents", "--yes"]);
    assert_eq!((said.code, said.entry()["result"].as_str()), (0, Some("committed")), "{}{}", said.out, said.err);
    assert_eq!(crate::world::count(&said.entry()["documents"], "outcome", "deleted"), 2);
    assert_eq!((world.commits(), world.remote_tip()), (before + 1, remote));
    assert!(!world.path("managed/vpcs/web.yaml").exists());
    assert!(!world.path("managed/vpc-attachments/web-a.yaml").exists());
    assert_eq!(world.git(&["status", "--porcelain"]), "");
    let again = world.json(&["delete", "dc1", "VPC/web", "--yes"]);
    assert_eq!((again.code, again.entry()["error"]["code"].as_str()), (2, Some("E-RESOURCE")));
}

#[test]
fn a_delete_can_keep_the_file_and_never_takes_an_uncommitted_edit() {
    let world = attached();
    let text = world.read("managed/vpc-attachments/web-a.yaml");
    world.write(&format!("{DIRECTORY}/managed/vpc-attachments/web-a.yaml"), format!("{text}# mine\n"));
    let said = world.json(&["delete", "dc1", "vpcattach/web-a", "--yes"]);
    assert_eq!(said.entry()["error"]["code"], "E-REPO-DIRTY", "{}", said.out);
    world.write(&format!("{DIRECTORY}/managed/vpc-attachments/web-a.yaml"), &text);
    let said = world.json(&["delete", "dc1", "vpcattach/web-a", "--keep", "--yes"]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    assert_eq!(world.read("unmanaged/manual-overrides/vpc-attachments/web-a.yaml"), text);
    assert!(!world.path("managed/vpc-attachments/web-a.yaml").exists());
}

#[test]
fn a_rename_takes_every_reference_along_and_no_other_text() {
    let world = attached();
    let (before, remote) = (world.commits(), world.remote_tip());
    let (web, attachment) = (world.read("managed/vpcs/web.yaml"), world.read("managed/vpc-attachments/web-a.yaml"));
    let plan = world.json(&["rename", "dc1", "VPC/web", "www", "--dry-run"]);
    let id = plan.entry()["plan"]["id"].as_str().unwrap().to_owned();
    assert_eq!(plan.entry()["documents"][1]["outcome"], "renamed");
    let said = world.json(&["rename", "dc1", "VPC/web", "www", "--yes", "--expect-plan", &id]);
    assert_eq!((said.code, said.entry()["result"].as_str()), (0, Some("committed")), "{}{}", said.out, said.err);
    assert_eq!((world.commits(), world.remote_tip()), (before + 1, remote));
    assert!(!world.path("managed/vpcs/web.yaml").exists());
    assert_eq!(world.read("managed/vpcs/www.yaml"), web.replace("name: web", "name: www"));
    let wanted = attachment.replace("subnet: web/default # here", "subnet: www/default # here");
    assert_eq!(world.read("managed/vpc-attachments/web-a.yaml"), wanted);
    assert_eq!(world.git(&["status", "--porcelain"]), "");
    assert!(world.git(&["log", "-1", "--format=%B"]).contains("Hedgerow-Operation: rename\n"));
    for (arguments, code) in [(["VPC/web", "x"], 2), (["VPC/www", "www"], 2), (["VPC/www", "a-name-too-long"], 2)] {
        assert_eq!(world.run(&[&["rename", "dc1"], &arguments[..], &["--yes"]].concat()).code, code, "{arguments:?}");
    }
    assert_eq!(world.commits(), before + 1);
}

#[test]
fn a_migration_changes_versions_only_and_keeps_what_git_does_not_have() {
    let world = World::initialized();
    let old = vpc("web", 1001, "10.0.1.0/24").replace("v1beta1", "v1alpha2");
    world.raw("old.yaml", &old);
    assert_eq!(world.json(&["ingest", "dc1", "--yes"]).code, 1);
    let waiting = vpc("db", 1002, "10.0.2.0/24").replace("v1beta1", "v1alpha2");
    world.raw("new.yaml", &waiting);
    let before = world.commits();
    let said = world.json(&["migrate", "dc1", "--yes"]);
    assert_eq!((said.code, said.entry()["result"].as_str()), (0, Some("committed")), "{}{}", said.out, said.err);
    assert_eq!(crate::world::count(&said.entry()["documents"], "outcome", "updated"), 2);
    assert_eq!(world.commits(), before + 1);
    assert_eq!(world.read("raw/new.yaml"), waiting.replace("v1alpha2", "v1beta1"));
    assert_eq!(world.read("raw/processed/new.yaml"), waiting);
    assert_eq!(world.git(&["status", "--porcelain"]), "");
    let again = world.json(&["migrate", "dc1", "--yes"]);
    assert_eq!((again.code, again.entry()["result"].as_str()), (0, Some("no_change")));
    let said = world.json(&["ingest", "dc1", "--yes"]);
    assert_eq!(crate::world::count(&said.entry()["documents"], "outcome", "added"), 2, "{}", said.out);
    assert_eq!(world.read("managed/vpcs/web.yaml"), old.replace("v1alpha2", "v1beta1"));
    let bad = "apiVersion: vpc.githedgehog.com/v1alpha2\nkind: VPCAttachment\nmetadata: {name: a}\nspec:\n  vpc: web\n";
    world.raw("bad.yaml", bad);
    let said = world.json(&["migrate", "dc1", "--yes"]);
    assert_eq!((said.code, said.entry()["result"].as_str()), (1, Some("no_change")));
    assert_eq!(said.entry()["findings"][0]["line"], 5);
    assert_eq!(world.read("raw/bad.yaml"), bad);
}

#[test]
fn what_the_plugin_left_is_healed_in_one_commit_and_nothing_is_lost() {
    let world = attached();
    let web = world.read("managed/vpcs/web.yaml");
    let stamp = "# VPC: web\n# Normalized by Hedgehog NetBox Plugin\n# Generated: 2025-08-06 10:11:12 UTC\n---\n";
    world.write(&format!("{DIRECTORY}/managed/vpcs/web-1.yaml"), format!("{stamp}{web}"));
    world.write(&format!("{DIRECTORY}/managed/vpcs/web-2.yaml"), web.replace("1001", "1002"));
    let other = vpc("db", 1003, "10.0.3.0/24");
    world.write(
        &format!("{DIRECTORY}/managed/switches/db.yaml"),
        format!("{stamp}{}", other.replace("v1beta1", "v1alpha2")),
    );
    world.commit("as the plugin left it");
    let (before, remote) = (world.commits(), world.remote_tip());
    let said = world.json(&["heal", "dc1", "--yes"]);
    assert_eq!((said.code, said.entry()["result"].as_str()), (0, Some("committed")), "{}{}", said.out, said.err);
    let notes: Vec<String> = said.entry()["documents"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| format!("{} {}", one["file"].as_str().unwrap(), one["note"].as_str().unwrap()))
        .collect();
    assert_eq!(notes.len(), 3, "{notes:?}");
    assert!(notes[0].contains("switches/db.yaml v1alpha2 -> v1beta1; the plugin's header comment"), "{notes:?}");
    assert_eq!((world.commits(), world.remote_tip()), (before + 1, remote));
    assert_eq!(world.read("managed/vpcs/web.yaml"), web);
    assert_eq!(world.read("unmanaged/manual-overrides/vpcs/web-2.yaml"), web.replace("1001", "1002"));
    assert!(world.read("managed/vpcs/db.yaml").ends_with(&other));
    assert!(!world.path("managed/vpcs/web-1.yaml").exists() && !world.path("managed/switches/db.yaml").exists());
    assert_eq!(world.git(&["status", "--porcelain"]), "");
    let again = world.json(&["heal", "dc1", "--yes"]);
    assert_eq!((again.code, again.entry()["result"].as_str()), (0, Some("no_change")), "{}", again.out);
    assert_eq!(world.commits(), before + 1);
}
