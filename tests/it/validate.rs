//! Validate: files from anywhere, a directory in its context, and what an ingest makes of rules.

use serde_json::Value;

use crate::session::Session;
use crate::world::{DIRECTORY, World, count};

const VPC: &str = "apiVersion: vpc.githedgehog.com/v1beta1\nkind: VPC\n";

fn vpc(name: &str, subnet: &str, vlan: u16) -> String {
    format!("{VPC}metadata: {{ name: {name} }}\nspec:\n  subnets:\n    default: {{ subnet: {subnet}, vlan: {vlan} }}\n")
}

fn attachment(name: &str, subnet: &str) -> String {
    format!(
        "apiVersion: vpc.githedgehog.com/v1beta1\nkind: VPCAttachment\nmetadata: {{ name: {name} }}\n\
         spec: {{ subnet: {subnet}, connection: server-01--unbundled--leaf-01 }}\n"
    )
}

fn codes(entry: &Value, severity: &str) -> Vec<String> {
    let findings = entry["findings"].as_array().unwrap();
    let chosen = findings.iter().filter(|finding| finding["severity"] == severity);
    chosen.map(|finding| finding["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn files_need_no_configuration() {
    let world = World::new();
    std::fs::remove_file(world.root.join("config.yaml")).unwrap();
    world.write("a.yaml", vpc("vpc-1", "10.0.1.0/24", 1001));
    world.write("b.yaml", vpc("vpc-2", "10.0.1.0/25", 1001));
    let (a, b) = (world.clone.join("a.yaml"), world.clone.join("b.yaml"));
    let (a, b) = (a.to_str().unwrap(), b.to_str().unwrap());
    let said = world.json(&["validate", a, b]);
    assert_eq!(said.code, 1, "{}", said.err);
    let entry = said.entry();
    assert_eq!(entry["fabric"], Value::Null);
    assert_eq!(codes(&entry, "error"), ["HH-VP14", "HH-VP14"]);
    let clash = &entry["findings"].as_array().unwrap().iter().find(|finding| finding["code"] == "HH-VP14").unwrap();
    assert_eq!((clash["file"].as_str(), clash["line"].as_u64()), (Some(b), Some(6)));
    assert_eq!(clash["path"], "spec.subnets.default.subnet");
    assert_eq!((clash["related"][0]["file"].as_str(), clash["related"][0]["line"].as_u64()), (Some(a), Some(6)));
    assert_eq!(world.json(&["validate", a]).code, 0);
    let closed = world.json(&["validate", "--closed-world", a]);
    assert_eq!((closed.code, codes(&closed.entry(), "error")), (1, vec!["HH-VP2".to_owned(), "HH-VP2".to_owned()]));
    let quiet = world.json(&["validate", "--severity", "error", a]);
    assert_eq!((quiet.code, quiet.entry()["findings"].as_array().unwrap().len()), (0, 0));
    assert_eq!(world.run(&["validate"]).code, 3);
    assert_eq!(world.run(&["validate", "nowhere.yaml"]).code, 3);
}

#[test]
fn standard_input_and_other_programs_forms() {
    let world = World::new();
    let text = vpc("my-first-vpc", "10.0.1.0/24", 5000);
    let mut command = world.command(&["validate", "-", "-o", "github"]);
    let output = command.write_stdin(text.clone()).output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(told.contains("::error file=stdin,line=3,col=19,title=HH-VP1::"), "{told}");
    assert!(told.contains("line=6") && told.contains("title=HH-VP5::"), "{told}");
    let output = world.command(&["validate", "-", "-o", "sarif"]).write_stdin(text).output().unwrap();
    let log: Value = serde_json::from_slice(&output.stdout).unwrap();
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(count(&Value::Array(rules.clone()), "id", "HH-VP1"), 1);
    assert_eq!(world.run(&["status", "-o", "sarif"]).code, 2);
}

#[test]
fn a_line_in_question_is_shown_with_a_caret() {
    let world = World::initialized();
    world.raw("x.yaml", vpc("vpc-1", "10.0.1.0/24", 5000));
    let said = world.run(&["validate", "dc1"]);
    assert_eq!(said.code, 1);
    let wanted = "raw/x.yaml:6:43: error HH-VP5";
    assert!(said.out.contains(wanted), "{}", said.out);
    let lines: Vec<&str> = said.out.lines().collect();
    let at = lines.iter().position(|line| line.starts_with(wanted)).unwrap();
    assert!(lines[at + 1].contains("6 |     default: { subnet: 10.0.1.0/24, vlan: 5000 }"), "{}", said.out);
    assert_eq!(lines[at + 2].find("^^^^"), lines[at + 1].find("5000"));
}

#[test]
fn a_folder_is_a_set_of_files_and_a_gitops_directory_is_one() {
    let world = World::initialized();
    world.raw("x.yaml", vpc("vpc-1", "10.0.1.0/24", 1001));
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    world.raw("y.yaml", vpc("vpc-1", "10.0.1.0/24", 1001));
    let directory = world.clone.join(DIRECTORY);
    let said = world.json(&["validate", directory.to_str().unwrap()]);
    assert_eq!((said.code, codes(&said.entry(), "error")), (0, Vec::new()), "{}", said.out);
    let managed = directory.join("managed");
    let said = world.json(&["validate", "--closed-world", managed.to_str().unwrap()]);
    assert_eq!(said.code, 1);
    assert_eq!(said.entry()["resources"], 1);
}

#[test]
fn rules_hold_up_a_raw_file_and_what_refers_to_it() {
    let world = World::initialized();
    world.raw("a.yaml", vpc("vpc-1", "10.0.1.0/24", 1001));
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    world.raw("clash.yaml", vpc("vpc-2", "10.0.1.0/24", 1002));
    world.raw("refers.yaml", attachment("att-2", "vpc-2/default"));
    world.raw("fine.yaml", vpc("vpc-3", "10.0.3.0/24", 1003));
    let said = world.json(&["ingest", "dc1", "--yes"]);
    assert_eq!(said.code, 1, "{}", said.out);
    let documents = &said.entry()["documents"];
    assert_eq!((count(documents, "outcome", "invalid"), count(documents, "outcome", "added")), (2, 1));
    assert_eq!(codes(&said.entry(), "error"), ["HH-VP14", "HH-VA2"]);
    let findings = world.read("raw/errors/clash.yaml.findings.txt");
    assert!(findings.contains("HH-VP14") && findings.contains("VPC/vpc-1"), "{findings}");
    assert!(world.path("managed/vpcs/vpc-3.yaml").exists());
}

#[test]
fn a_change_that_would_break_what_is_managed_is_held_up() {
    let world = World::initialized();
    let namespace = |subnets: &str| {
        format!(
            "apiVersion: vpc.githedgehog.com/v1beta1\nkind: IPv4Namespace\nmetadata: {{ name: default }}\n\
             spec: {{ subnets: [{subnets}] }}\n"
        )
    };
    world.raw("a.yaml", format!("{}---\n{}", namespace("10.0.0.0/16"), vpc("vpc-1", "10.0.1.0/24", 1001)));
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    world.raw("b.yaml", namespace("10.9.0.0/16"));
    let said = world.json(&["ingest", "dc1", "--yes"]);
    assert_eq!(said.code, 1, "{}", said.out);
    assert_eq!(codes(&said.entry(), "error"), ["HH-IN4"]);
    assert!(world.read("managed/ipv4-namespaces/default.yaml").contains("10.0.0.0/16"));
}

#[test]
fn a_fabrics_settings_say_how_it_is_checked() {
    let world = World::initialized();
    world.write(
        "fab.yaml",
        "kind: Fabricator\nspec: { config: { control: { managementSubnet: 10.7.0.0/21, controlVIP: 10.7.0.1/32 } } }\n",
    );
    let settings = "release: v0.100, closed_world: true, fab: clone/fab.yaml";
    world.configure(&format!(
        "repositories:\n  netops: {{ path: clone }}\nfabrics:\n  dc1: {{ repository: netops, directory: {DIRECTORY}, {settings} }}\n"
    ));
    let text =
        vpc("vpc-1", "10.7.1.0/24", 1001).replace("vlan: 1001", "vlan: 1001, hostBGP: false, dhcp: { relayVPC: x }");
    world.raw("x.yaml", text);
    let said = world.json(&["validate", "dc1"]);
    let found = codes(&said.entry(), "error");
    for code in ["HH-VP4", "HH-VP2", "HH-LD4", "HH-VP7"] {
        assert!(found.iter().any(|found| found == code), "{code} {found:?}");
    }
    world.configure(&format!(
        "repositories:\n  netops: {{ path: clone }}\nfabrics:\n  dc1: {{ repository: netops, directory: {DIRECTORY}, release: latest }}\n"
    ));
    let said = world.json(&["validate", "dc1"]);
    assert_eq!(said.code, 3);
    assert!(said.entry()["error"]["message"].as_str().unwrap().contains("v0.129"), "{}", said.out);
}

#[test]
fn what_changed_since_the_last_commit_is_compared() {
    let world = World::initialized();
    let connection = |kind: &str| {
        format!(
            "apiVersion: wiring.githedgehog.com/v1beta1\nkind: Connection\nmetadata: {{ name: leaf-01--external }}\n\
             spec: {{ {kind}: {{ link: {{ switch: {{ port: leaf-01/E1/1 }} }} }} }}\n"
        )
    };
    world.raw("a.yaml", format!("{}---\n{}", connection("external"), vpc("vpc-1", "10.0.1.0/24", 1001)));
    world.raw("b.yaml", attachment("att-1", "vpc-1/default"));
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    world.write(&format!("{DIRECTORY}/managed/connections/leaf-01--external.yaml"), connection("fabric"));
    std::fs::remove_file(world.path("managed/vpcs/vpc-1.yaml")).unwrap();
    let said = world.json(&["validate", "dc1"]);
    let found = codes(&said.entry(), "error");
    assert!(found.iter().any(|code| code == "HH-CN11"), "{found:?}");
    assert!(found.iter().any(|code| code == "HH-VP16"), "{found:?}");
}

#[test]
fn explain_shows_rule_and_examples() {
    let world = World::new();
    let said = world.run(&["explain", "vp14"]);
    assert_eq!(said.code, 0);
    assert!(said.out.contains("HH-VP14") && said.out.contains("Wrong:") && said.out.contains("<--"), "{}", said.out);
    let all = world.json(&["explain"]);
    assert!(all.json()["data"].as_array().unwrap().len() > 120);
    let said = world.run(&["explain", "HH-VP99"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("HH-VP9"), "{}", said.err);
}

#[test]
fn a_status_is_known_until_something_changes() {
    let world = World::initialized();
    world.raw("x.yaml", vpc("vpc-1", "10.0.1.0/24", 5000));
    let first = world.json(&["status", "dc1"]).entry();
    assert_eq!(first["raw"]["invalid"], 1);
    assert_eq!(count(&first["raw"]["files"][0]["findings"], "code", "HH-VP5"), 1);
    let kept = world.root.join("state/hedgerow/known");
    let file = std::fs::read_dir(&kept).unwrap().next().unwrap().unwrap().path();
    let mut known: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    known["known"]["raw"]["pending"] = 42.into();
    std::fs::write(&file, known.to_string()).unwrap();
    assert_eq!(world.json(&["status", "dc1"]).entry()["raw"]["pending"], 42, "an unchanged tree is not read again");
    world.raw("x.yaml", vpc("vpc-1", "10.0.1.0/24", 1001));
    let changed = world.json(&["status", "dc1"]).entry();
    assert_eq!((&changed["raw"]["pending"], &changed["raw"]["invalid"]), (&1.into(), &0.into()));
    std::fs::write(&file, "{ damaged").unwrap();
    assert_eq!(world.json(&["status", "dc1"]).entry()["raw"], changed["raw"]);
}

#[test]
fn the_dashboard_shows_each_finding_and_opens_the_editor_at_its_line() {
    let world = World::initialized();
    let told = world.root.join("told");
    let editor = world.root.join("editor.sh");
    std::fs::write(&editor, format!("printf '%s' \"$*\" > {}\n", told.display())).unwrap();
    let text = vpc("vpc-1", "10.0.1.0/24", 5000);
    world.raw("x.yaml", text.replace("spec:\n", "spec:\n  colour: red\n"));
    let visual = format!("sh {}", editor.display());
    let mut session = Session::with(&world, &["--ascii"], (80, 24), &[("VISUAL", &visual)]);
    session.until("dc1");
    session.press("v");
    let all = session.until("Findings of dc1");
    assert!(all.contains("1 error") && all.contains("HH-VP5"), "{all}");
    session.press("G");
    let last = session.until("Fix: use a VLAN of the namespace");
    assert!(last.contains("7 |     default: { subnet: 10.0.1.0/24, vlan: 5000 }"), "{last}");
    assert!(last.contains("^^^^"), "{last}");
    session.press("\r");
    session.until("edited; v validates again");
    let wanted = format!("+7 {}", world.path("raw/x.yaml").display());
    assert_eq!(std::fs::read_to_string(&told).unwrap(), wanted);
    for screen in ["2 Raw files", "1 Fabrics"] {
        session.press("\u{1b}");
        session.until(screen);
    }
    session.press("q");
    assert_eq!(session.end().0, 0);
}

#[test]
fn metadata_that_the_api_server_refuses_is_not_taken_in() {
    let world = World::initialized();
    let labels = "labels: {site: \"Bldg 4/2\", \"room no\": x}\n  annotations: {\"owner name\": team}";
    world.raw(
        "bad.yaml",
        format!(
            "apiVersion: vpc.githedgehog.com/v1beta1\nkind: IPv4Namespace\nmetadata:\n  name: lab\n  {labels}\n\
             spec:\n  subnets: [10.9.0.0/16]\n"
        ),
    );
    let said = world.json(&["validate", "dc1"]);
    assert_eq!(said.code, 1);
    let entry = said.entry();
    let found = entry["findings"].as_array().unwrap().iter().filter(|found| found["severity"] == "error");
    let found: Vec<_> = found.map(|found| (found["code"].as_str().unwrap(), found["line"].as_u64().unwrap())).collect();
    assert_eq!(found, [("HH-M5", 5), ("HH-M5", 5), ("HH-M6", 6)]);
    assert_eq!(world.run(&["ingest", "dc1", "--yes", "--leave-invalid"]).code, 1);
    let explained = world.run(&["explain", "m6"]);
    assert!(explained.code == 0 && explained.out.contains("256 KiB"), "{}", explained.out);
}
