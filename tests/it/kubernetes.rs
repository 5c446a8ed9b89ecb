//! Text as Kubernetes reads it: what it refuses is never committed, what it takes is taken.

use crate::world::World;

const SERVER: &str = "apiVersion: wiring.githedgehog.com/v1beta1\nkind: Server\n";

/// The end of a Server, and the line of what Kubernetes cannot read.
const REFUSED: &[(&str, u64)] = &[
    ("metadata:\n  name: s\n\t\nspec: {}\n", 5),
    ("metadata:\n  name: s\n\t# a comment\nspec: {}\n", 5),
    ("metadata:\n  name: s\nspec: {\"description\": \"rack 4\\/2\"}\n", 5),
    ("metadata:\n  name: s\nspec:\n  description: \"\\ud83d\\ude00\"\n", 6),
    ("metadata: {name: s, annotations: {note: why? later}}\n", 3),
    ("metadata: {name\n    : s}\n", 4),
    ("metadata:\n  name: s\nspec: {}\n---# at the end\n---\n---# twice\na: 1\n", 9),
];

/// The end of a Server, and of the managed file that it becomes.
const TAKEN: &[(&str, &str)] = &[
    ("metadata:\n  name: s0\nspec:\n  description: \"rack 4,\n  row 2\"\n", ""),
    ("metadata:\n  name: s1\nspec:\n  description: 'rack 4,\nrow 2'\n", ""),
    ("metadata:\n  name: s2\nspec: {}\n---# the next\n", "metadata:\n  name: s2\nspec: {}\n# the next\n"),
    ("metadata:\n  name: s3\nspec: {}\n---\n\u{feff}", "metadata:\n  name: s3\nspec: {}\n"),
];

#[test]
fn what_kubernetes_cannot_read_is_an_error_with_its_line_and_never_committed() {
    let world = World::initialized();
    let before = world.commits();
    for (number, (text, line)) in REFUSED.iter().enumerate() {
        let name = format!("{number}.yaml");
        world.raw(&name, format!("{SERVER}{text}"));
        let path = world.path(&format!("raw/{name}"));
        let said = world.json(&["validate", path.to_str().unwrap()]);
        let found = said.entry()["findings"].as_array().unwrap().clone();
        let error = found.iter().find(|finding| finding["severity"] == "error").unwrap();
        assert_eq!((said.code, error["line"].as_u64()), (1, Some(*line)), "{text}\n{error}");
        assert!(error["code"].as_str().unwrap().starts_with("HH-T"), "{error}");
    }
    assert_eq!(world.json(&["ingest", "dc1", "--yes"]).code, 1);
    assert_eq!(world.commits(), before);
}

#[test]
fn what_kubernetes_takes_is_committed_and_exported() {
    let world = World::initialized();
    for (number, (text, _)) in TAKEN.iter().enumerate() {
        world.raw(&format!("{number}.yaml"), format!("{SERVER}{text}"));
    }
    let said = world.json(&["ingest", "dc1", "--yes"]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    for (number, (text, managed)) in TAKEN.iter().enumerate() {
        let managed = if managed.is_empty() { text } else { managed };
        assert_eq!(world.read(&format!("managed/servers/s{number}.yaml")), format!("{SERVER}{managed}"));
    }
    let said = world.run(&["export", "dc1"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.out.contains("rack 4,\n  row 2"), "{}", said.out);
}

#[test]
fn json_keeps_its_escapes() {
    let world = World::initialized();
    let text = "{\"apiVersion\": \"wiring.githedgehog.com/v1beta1\", \"kind\": \"Server\",\n\t\"metadata\": {\"name\": \"s\"},                 \"spec\": {\"description\": \"rack 4\\/2 \\ud83d\\ude00\"}}\n";
    world.raw("s.yaml", text);
    let said = world.json(&["ingest", "dc1", "--yes"]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    assert_eq!(world.read("managed/servers/s.yaml"), text);
}

#[test]
fn a_managed_file_that_kubernetes_cannot_read_is_an_error_and_keeps_export_from_being_whole() {
    let world = World::initialized();
    let text = format!("{SERVER}metadata:\n  name: s\n\t\nspec: {{}}\n");
    world.write(&format!("{}/managed/servers/s.yaml", crate::world::DIRECTORY), text);
    world.commit("by hand");
    assert_eq!(world.json(&["validate", "dc1"]).code, 1);
    assert_eq!(world.run(&["export", "dc1"]).code, 1);
}
