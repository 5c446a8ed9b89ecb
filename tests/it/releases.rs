//! Releases: the product's names, versions newer than what is known, and fields that came with one.

use serde_json::Value;

use crate::world::{DIRECTORY, World};

const VPC: &str = "apiVersion: vpc.githedgehog.com/v1beta1\nkind: VPC\nmetadata: { name: v1 }\nspec:\n  subnets:\n";
const SWITCH: &str = "apiVersion: wiring.githedgehog.com/v1beta1\nkind: Switch\nmetadata: { name: leaf-01 }\n\
                      spec: { role: server-leaf, profile: vs, boot: { serial: x }, portFECs: { E1/1: rs } }\n";

fn later() -> String {
    format!("{VPC}    s1: {{ subnet: 10.0.1.0/24, vlan: 1001, fieldOfALaterRelease: 3 }}\n")
}

/// Code, severity and both sentences of every finding about fields.
fn about_fields(entry: &Value) -> Vec<(String, String)> {
    let findings = entry["findings"].as_array().unwrap().iter().filter(|finding| finding["code"] == "HH-LD4");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    findings
        .map(|found| (text(&found["severity"]), format!("{} {}", text(&found["message"]), text(&found["remedy"]))))
        .collect()
}

#[test]
fn a_field_of_a_release_newer_than_known_is_a_warning_that_names_schemas() {
    let world = World::new();
    world.write("a.yaml", later());
    let file = world.clone.join("a.yaml");
    let file = file.to_str().unwrap();
    let said = world.json(&["validate", "--release", "v0.131.0", file]);
    assert_eq!(said.code, 0, "{}", said.err);
    let [(severity, words)] = about_fields(&said.entry()).try_into().unwrap();
    assert_eq!(severity, "warning");
    assert!(words.contains("fields up to v0.129") && words.contains("schemas:"), "{words}");
    for release in ["v0.129", "26.03", "0.126.0"] {
        let said = world.json(&["validate", "--release", release, file]);
        assert_eq!((said.code, about_fields(&said.entry())[0].0.as_str()), (1, "error"), "{release}");
    }
}

#[test]
fn an_ingest_into_a_newer_fabric_is_not_held_up_by_what_is_not_known() {
    let world = World::initialized();
    let settings = |release: &str| {
        world.configure(&format!(
            "repositories:\n  netops: {{ path: clone }}\n\
             fabrics:\n  dc1: {{ repository: netops, directory: {DIRECTORY}, release: {release} }}\n"
        ));
    };
    world.raw("a.yaml", later());
    settings("26.03");
    assert_eq!(world.run(&["ingest", "dc1", "--dry-run"]).code, 1);
    settings("v0.131.0");
    let said = world.run(&["ingest", "dc1", "--yes"]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    for wrong in ["25.10", "'25.07'", "0.129", "129", "v25.5.0"] {
        settings(wrong);
        let said = world.run(&["config", "check"]);
        assert!(said.code != 0, "{wrong}");
        assert!(
            format!("{}{}", said.out, said.err).contains("write the fabric version, v0.NN"),
            "{wrong}: {}",
            said.out
        );
    }
}

#[test]
fn names_of_the_product_are_read_or_refused() {
    let world = World::new();
    world.write("a.yaml", SWITCH);
    let file = world.clone.join("a.yaml");
    let file = file.to_str().unwrap();
    let told = |release: &str| {
        let said = world.json(&["validate", "--release", release, file]);
        (said.code, about_fields(&said.entry()))
    };
    assert_eq!(told("26.03"), (0, Vec::new()));
    let (code, words) = told("25.05");
    assert_eq!((code, words.len()), (1, 1));
    assert!(words[0].1.contains("exists since v0.127.0; this fabric runs v0.96"), "{words:?}");
    for unknown in ["25.07", "26.04", "v25.5.0", "latest"] {
        let said = world.run(&["validate", "--release", unknown, file]);
        assert_eq!(said.code, 2, "{unknown}: {}", said.out);
        assert!(said.err.contains("write the fabric version, v0.NN"), "{unknown}: {}", said.err);
    }
}
