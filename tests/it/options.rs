//! Options and profiles: what they change, and that nothing else changes.

use crate::world::{DIRECTORY, World, count};
use hedgerow::demo::vpc;

fn configure(world: &World, more: &str) {
    world.configure(&format!(
        "profiles:\n  ro: {{ read_only: true }}\nrepositories:\n  netops: {{ path: clone }}\nfabrics:\n  \
         dc1: {{ repository: netops, directory: {DIRECTORY}{more} }}\n"
    ));
}

#[test]
fn processed_delete_removes_only_what_git_holds() {
    let world = World::initialized();
    configure(&world, ", processed: delete");
    world.raw("held.yaml", vpc("web", 1001, "10.0.1.0/24"));
    world.commit("raw");
    world.git(&["push", "--quiet"]);
    world.raw("new.yaml", vpc("db", 1002, "10.0.2.0/24"));
    assert_eq!(world.json(&["ingest", "dc1", "--yes"]).code, 0);
    assert!(!world.path("raw/held.yaml").exists() && !world.path("raw/processed/held.yaml").exists());
    assert!(!world.path("raw/new.yaml").exists() && world.path("raw/processed/new.yaml").exists());
}

#[test]
fn partial_takes_the_sound_documents_and_the_file_stays() {
    let world = World::initialized();
    let mixed = format!("{}---\n{}", vpc("web", 1001, "10.0.1.0/24"), vpc("Bad", 1002, "10.0.2.0/24"));
    world.raw("mixed.yaml", &mixed);
    let said = world.json(&["ingest", "dc1", "--yes"]);
    assert_eq!((said.code, said.entry()["result"].as_str()), (1, Some("no_change")));
    assert_eq!(count(&said.entry()["documents"], "outcome", "waits"), 1);
    assert_eq!(world.read("raw/mixed.yaml"), mixed);
    let said = world.json(&["ingest", "dc1", "--yes", "--partial"]);
    assert_eq!((said.code, said.entry()["result"].as_str()), (1, Some("committed")));
    assert_eq!(world.read("raw/mixed.yaml"), mixed);
    assert!(world.path("managed/vpcs/web.yaml").exists());
}

#[test]
fn an_export_is_cleaned_and_other_text_is_taken_only_when_asked() {
    let world = World::initialized();
    let plain = vpc("web", 1001, "10.0.1.0/24");
    world.raw("a.yaml", plain.replace("  name: web\n", "  name: web\n  uid: abc\n") + "status: {}\n");
    assert_eq!(world.json(&["ingest", "dc1", "--yes"]).code, 0);
    assert_eq!(world.read("managed/vpcs/web.yaml"), plain);
    let commented = format!("# the web\n{plain}");
    world.raw("b.yaml", &commented);
    let said = world.json(&["ingest", "dc1", "--dry-run"]);
    assert_eq!(said.entry()["documents"][0]["outcome"], "unchanged");
    assert_eq!(world.json(&["ingest", "dc1", "--yes", "--take-text"]).code, 0);
    assert_eq!(world.read("managed/vpcs/web.yaml"), commented);
}

#[test]
fn foreign_documents_go_to_unmanaged() {
    let world = World::initialized();
    world.raw("app.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n");
    world.raw("both.yaml", format!("{}---\nkind: ConfigMap\napiVersion: v1\n", vpc("web", 1001, "10.0.1.0/24")));
    let said = world.json(&["ingest", "dc1", "--yes"]);
    assert_eq!(said.code, 0, "{}", said.out);
    assert!(world.path("unmanaged/external-configs/app.yaml").exists());
    assert_eq!(world.read("unmanaged/external-configs/both-1.yaml"), "kind: ConfigMap\napiVersion: v1\n");
    assert!(world.path("raw/processed/both.yaml").exists() && !world.path("raw/processed/app.yaml").exists());
}

#[test]
fn a_read_only_profile_refuses_below_the_interface() {
    let world = World::initialized();
    configure(&world, ", profile: ro");
    world.raw("a.yaml", vpc("web", 1001, "10.0.1.0/24"));
    let before = world.tip();
    for args in [&["ingest", "dc1", "--yes"][..], &["push", "dc1", "--yes"], &["pull", "dc1"], &["fetch", "dc1"]] {
        let said = world.json(args);
        assert_eq!((said.code, said.entry()["error"]["code"].as_str()), (6, Some("E-READ-ONLY")), "{args:?}");
    }
    assert_eq!(world.tip(), before);
}

#[test]
fn two_fabrics_of_one_remote_may_not_share_files() {
    let world = World::initialized();
    let remote = world.root.join("remote.git").display().to_string();
    world.configure(&format!(
        "repositories:\n  mine: {{ path: clone }}\n  ours: {{ url: '{remote}' }}\nfabrics:\n  \
         dc1: {{ repository: mine, directory: {DIRECTORY} }}\n  dc2: {{ repository: ours, directory: gitops }}\n"
    ));
    let said = world.json(&["status", "dc2"]);
    assert_eq!((said.code, said.entry()["error"]["code"].as_str()), (3, Some("E-DIR-OVERLAP")), "{}", said.out);
    assert_eq!(world.json(&["status", "dc1"]).code, 0);
}

#[test]
fn a_commit_is_shaped_by_the_configuration_and_tells_its_sources() {
    let world = World::initialized();
    configure(&world, ", commit: { subject: \"NET-7 {action}: {summary}\", signoff: true }");
    world.raw("a b.yaml", vpc("web", 1001, "10.0.1.0/24"));
    assert_eq!(world.json(&["ingest", "dc1", "--yes"]).code, 0);
    let message = world.git(&["log", "-1", "--format=%B"]);
    assert!(message.starts_with("NET-7 ingest: 1 resource from 1 raw file\n"), "{message}");
    let trailers = world.git(&["log", "-1", "--format=%(trailers:unfold)"]);
    for line in [
        "Hedgerow-Operation: ingest",
        "Hedgerow-Fabric: dc1",
        "Hedgerow-Source: raw/a b.yaml",
        "Signed-off-by: Alice Ng <alice@example.net>",
    ] {
        assert!(trailers.contains(line), "{line} in {trailers}");
    }
}
