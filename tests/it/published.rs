//! What is said of a secret: which keys are in clear, whether Git has it already, what SOPS has encrypted.

use serde_json::Value;

use crate::world::{DIRECTORY, World, count};
use hedgerow::demo::vpc;

const ENC: &str = "ENC[AES256_GCM,data:AAAA,iv:AAAA,tag:AAAA,type:str]";
const TOKEN: &str = "ghp_QuaintHeron0123456789abcdefABCDEF01";

fn secret(value: &str) -> String {
    format!("apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\nstringData:\n  password: {value}\n")
}

fn foreign(value: &str) -> String {
    format!("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\ndata:\n  a: {value}\n")
}

/// The sentences about a file.
fn said(entry: &Value, file: &str) -> Vec<String> {
    let findings = entry["findings"].as_array().unwrap();
    let of_file = findings.iter().filter(|finding| finding["file"] == file);
    of_file.map(|finding| finding["message"].as_str().unwrap().to_owned()).collect()
}

fn plan(world: &World) -> Value {
    world.json(&["ingest", "dc1", "--dry-run"]).entry()
}

#[test]
fn git_has_a_secret_only_where_its_history_holds_it() {
    let world = World::initialized();
    world.raw("edited.yaml", foreign("harmless"));
    world.raw("other.yaml", secret("elsewhere"));
    world.commit("without the secret in question");
    world.git(&["push", "--quiet"]);
    // The file is committed; what it holds now is not.
    world.raw("edited.yaml", foreign(TOKEN));
    world.raw("other.yaml", secret("quaint-heron-41"));
    let entry = plan(&world);
    for file in ["raw/edited.yaml", "raw/other.yaml"] {
        let said = said(&entry, file);
        assert!(said.len() == 1 && !said[0].contains("Git has it"), "{said:?}");
    }
}

#[test]
fn a_secret_is_found_in_another_file_an_older_commit_and_another_coding() {
    let world = World::initialized();
    world.write("notes.txt", format!("the token is {TOKEN}\n"));
    world.write("deploy/s.yaml", "apiVersion: v1\nkind: Secret\ndata: {password: cXVhaW50LWhlcm9uLTQx}\n");
    world.commit("by mistake");
    let first = world.tip();
    world.git(&["rm", "--quiet", "notes.txt", "deploy/s.yaml"]);
    world.commit("taken out again");
    world.raw("token.yaml", foreign(TOKEN));
    world.raw("secret.yaml", secret("quaint-heron-41"));
    world.raw("new.yaml", secret("not-known-there"));
    let wanted = format!("Git has it already, in commit {}, not pushed yet", &first[..8]);
    let entry = plan(&world);
    for file in ["raw/token.yaml", "raw/secret.yaml"] {
        assert!(said(&entry, file)[0].ends_with(&wanted), "{entry:#}");
    }
    assert!(!said(&entry, "raw/new.yaml")[0].contains("Git has it"), "{entry:#}");
    world.git(&["push", "--quiet"]);
    let entry = plan(&world);
    assert!(said(&entry, "raw/token.yaml")[0].ends_with("and it was pushed"), "{entry:#}");
    let remedies: Vec<&str> =
        entry["findings"].as_array().unwrap().iter().filter_map(|finding| finding["remedy"].as_str()).collect();
    assert!(remedies.contains(&"change the secret: deleting the file does not remove it"), "{remedies:?}");
}

#[test]
fn a_file_that_cannot_be_read_is_known_by_its_bytes() {
    let world = World::initialized();
    world.raw("broken.yaml", format!("{}broken: [\n", secret("quaint-heron-41")));
    world.commit("by mistake");
    assert!(said(&plan(&world), "raw/broken.yaml").iter().any(|said| said.contains("Git has it already")));
    world.raw("broken.yaml", format!("{}broken: [ {{\n", secret("quaint-heron-41")));
    assert!(!said(&plan(&world), "raw/broken.yaml").iter().any(|said| said.contains("Git has it")));
}

#[test]
fn a_half_encrypted_secret_names_its_keys_in_clear_and_never_their_values() {
    let world = World::initialized();
    let half = format!("{}  token: {ENC}\nsops:\n  mac: {ENC}\n", secret("quaint-heron-41"));
    world.raw("half.yaml", &half);
    world.raw("whole.yaml", half.replace("quaint-heron-41", ENC));
    world.raw("marked.yaml", format!("{}sops:\n  mac: {ENC}\n", secret("quaint-heron-41")));
    let ingested = world.json(&["ingest", "dc1", "--yes"]);
    let entry = ingested.entry();
    assert_eq!(said(&entry, "raw/half.yaml"), ["this Secret is encrypted only in part; in clear: stringData.password"]);
    assert_eq!(said(&entry, "raw/marked.yaml"), ["this file holds a Secret in clear: stringData.password"]);
    assert_eq!(count(&entry["documents"], "outcome", "secret"), 2, "{entry:#}");
    assert_eq!(count(&entry["documents"], "outcome", "unmanaged"), 1, "{entry:#}");
    assert!(!ingested.out.contains("quaint-heron"), "{}", ingested.out);
    assert!(world.path("raw/half.yaml").exists() && world.path("unmanaged/external-configs/whole.yaml").exists());
}

#[test]
fn a_document_of_hedgehogs_that_sops_encrypted_is_unmanaged_and_told_as_such() {
    let world = World::initialized();
    let text = vpc("v1", 1001, "10.0.1.0/24").replace("10.0.1.0/24", ENC)
        + &format!("sops:\n  mac: {ENC}\n  version: 3.8.1\n");
    world.raw("v1.yaml", &text);
    let wanted = "VPC is encrypted by SOPS: what it says cannot be checked";
    let checked = world.run(&["validate", &format!("{DIRECTORY}/raw/v1.yaml")]);
    let checked = if checked.out.contains(wanted) {
        checked
    } else {
        world.run(&["validate", world.path("raw/v1.yaml").to_str().unwrap()])
    };
    assert!(
        checked.out.contains(wanted) && !checked.out.contains("none of Hedgehog's"),
        "{}{}",
        checked.out,
        checked.err
    );
    let entry = world.json(&["ingest", "dc1", "--yes"]).entry();
    assert_eq!(said(&entry, "raw/v1.yaml"), [wanted], "{entry:#}");
    assert_eq!(entry["documents"][0]["outcome"], "unmanaged");
    assert_eq!(world.read("unmanaged/external-configs/v1.yaml"), text);
    world.write(&format!("{DIRECTORY}/managed/vpcs/v2.yaml"), &text);
    let checked = world.run(&["validate", "dc1"]);
    assert!(checked.out.contains(wanted), "{}", checked.out);
}

#[test]
fn our_own_sentences_are_whole() {
    let world = World::initialized();
    world.raw("secret.yaml", secret("quaint-heron-41"));
    world.raw("token.yaml", foreign(TOKEN));
    let text = std::fs::read_to_string(world.root.join("config.yaml")).unwrap().replace("dc1:", "token:");
    world.configure(&text);
    for args in [
        &["ingest", "token", "--dry-run"][..],
        &["ingest", "token", "--yes"],
        &["status", "token"],
        &["validate", "token"],
    ] {
        for more in [&[][..], &["-o", "json"]] {
            let said = world.run(&[args, more].concat());
            assert!(!said.out.contains("***") && !said.err.contains("***"), "{args:?} {}{}", said.out, said.err);
        }
    }
    let told = world.run(&["ingest", "token", "--dry-run"]).out;
    assert!(told.contains("secret: stays where it is, in no commit"), "{told}");
}
