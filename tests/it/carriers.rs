//! Every kind of secret in everything that can carry one: it enters no commit and is told nowhere.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::world::{DIRECTORY, World, git_in};
use hedgerow::demo::vpc;
use serde_json::Value;

/// A secret, and a part of it that nothing may tell.
struct Sample {
    name: &'static str,
    text: String,
    canary: &'static str,
}

fn samples() -> Vec<Sample> {
    let of = |name, text: &str, canary| Sample { name, text: text.to_owned(), canary };
    let pem = |kind: &str| {
        format!(
            "-----BEGIN {kind}PRIVATE KEY-----\nKz7QuaintHeron41KeyBodyAAAABBBBCCCCDDDD\n-----END {kind}PRIVATE KEY-----"
        )
    };
    vec![
        of("rsa", &pem("RSA "), "KeyBodyAAAA"),
        of("dsa", &pem("DSA "), "KeyBodyAAAA"),
        of("openssh", &pem("OPENSSH "), "KeyBodyAAAA"),
        of("pkcs8", &pem(""), "KeyBodyAAAA"),
        of(
            "putty",
            "PuTTY-User-Key-File-2: ssh-dss\nEncryption: none\nPrivate-Lines: 1\nPuttyBodyAAAABBBBCCCC\nPrivate-MAC: 01",
            "PuttyBodyAAAA",
        ),
        of("github", "ghp_QuaintHeron0123456789abcdefABCDEF01", "QuaintHeron0123"),
        of("fine", "github_pat_QuaintHeron0123456789_abcdefABCDEF", "QuaintHeron0123"),
        of("gitlab", "glpat-QuaintHeron012345678", "QuaintHeron0123"),
        of("slack", "xoxb-123456789012-QuaintHeron0123", "QuaintHeron0123"),
        of("aws", "AKIAQUAINTHERON12345", "QUAINTHERON12345"),
        of("session", "ASIAQUAINTHERON12345", "QUAINTHERON12345"),
        of("jwt", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJRdWFpbnRIZXJvbiJ9.QuaintHeron0123456789abcdef", "QuaintHeron0123"),
        of("age", "AGE-SECRET-KEY-1QUAINTHERQNQQPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LQQPZ", "QUAINTHERQNQQPZRY"),
        of("hash", "$6$quaintheron$QuaintHeronHashAAAABBBBCCCCDDDDEEEE", "QuaintHeronHash"),
        of("yescrypt", "$y$j9T$QuaintHeronSalt$QuaintHeronHashAAAABBBB", "QuaintHeronHash"),
        of("bcrypt", "$2b$12$QuaintHeronHashAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIII", "QuaintHeronHash"),
        of(
            "kind",
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\nstringData:\n  password: quaint-heron-41\n",
            "quaint-heron-41",
        ),
        of(
            "install",
            "apiVersion: fabricator.githedgehog.com/v1beta1\nkind: Fabricator\nmetadata:\n  name: default\nspec:\n  config:\n    joinToken: quaint-heron-41\n",
            "quaint-heron-41",
        ),
    ]
}

/// A foreign resource with this value.
fn map(value: &str) -> String {
    format!("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\ndata:\n  text: {value}\n")
}

/// A VPC with this annotation.
fn annotated(value: &str) -> String {
    vpc("a", 1001, "10.0.1.0/24").replacen("metadata:\n", &format!("metadata:\n  annotations:\n    note: {value}\n"), 1)
}

fn indented(text: &str, by: usize) -> String {
    text.lines().map(|line| format!("{}{line}\n", " ".repeat(by))).collect::<Vec<_>>().concat()
}

fn json(value: &str) -> String {
    serde_json::to_string(value).unwrap()
}

/// Standard base64, written anew so that nothing of the program judges itself.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bits = bytes.iter().map(|byte| format!("{byte:08b}")).collect::<Vec<_>>().concat();
    while !bits.len().is_multiple_of(6) {
        bits.push('0');
    }
    let digits =
        bits.as_bytes().chunks(6).map(|six| usize::from_str_radix(std::str::from_utf8(six).unwrap(), 2).unwrap());
    let mut text: String = digits.map(|digit| char::from(LETTERS[digit])).collect();
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

/// The secret in everything that can carry it.
fn carried(sample: &Sample) -> Vec<(&'static str, String)> {
    let text = sample.text.as_str();
    let bytes = text.bytes().map(|byte| format!("\\x{byte:02x}")).collect::<Vec<_>>().concat();
    let block = |sign: &str, text: &str| format!("{sign}\n{}", indented(text, 4));
    let comment = text.lines().map(|line| format!("# {line}\n")).collect::<Vec<_>>().concat();
    let list = format!("apiVersion: v1\nkind: List\nitems:\n- {}", indented(&map(&json(text)), 2).trim_start());
    let template = format!(
        "apiVersion: v1\nkind: Template\nmetadata: {{name: t}}\nobjects:\n- {}",
        indented(&map(&json(text)), 2).trim_start()
    );
    let inner = map(&json(text));
    let applied = format!("{{\"kind\":\"VPC\",\"note\":{}}}", json(text));
    let mut all = vec![
        ("quoted", map(&json(text))),
        ("escaped", map(&format!("\"{bytes}\""))),
        ("block", map(&block("|", text))),
        ("second", format!("{}---\n{}", vpc("b", 1002, "10.0.2.0/24"), map(&json(text)))),
        ("list", list),
        ("template", template),
        ("nested", map(&block("|", &inner))),
        ("deeper", map(&block("|-", &map(&block("|", &inner))))),
        ("json", format!("{{\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\", \"data\": {{\"a\": {}}}}}\n", json(text))),
        ("annotation", annotated(&json(text))),
        ("applied", annotated(&json(&applied))),
        ("comment", format!("{comment}{}", vpc("c", 1003, "10.0.3.0/24"))),
        ("commented", format!("{}{comment}", vpc("c", 1003, "10.0.3.0/24"))),
        ("broken", format!("{}broken: [\n", map(&json(text)))),
        ("bare", format!("{text}\nbroken: [\n")),
        ("crlf", map(&block("|", text)).replace('\n', "\r\n")),
        ("mark", format!("\u{feff}{}", map(&json(text)))),
    ];
    for (at, before) in ["", "a", "ab"].into_iter().enumerate() {
        let name = ["base64", "base64-a", "base64-ab"][at];
        let text = if sample.name == "kind" || sample.name == "install" {
            format!("{before}: x\n{text}")
        } else {
            format!("{before}{text}")
        };
        let text = text.trim_start_matches(": x\n");
        all.push((name, map(&base64(text.as_bytes()))));
    }
    if !text.contains('\n') {
        all.push(("plain", map(text)));
        all.push(("folded", map(&block(">-", &format!("first\n{text}\nlast")))));
        all.push(("key", format!("apiVersion: v1\nkind: ConfigMap\ndata:\n  {}: x\n", json(text))));
        all.push(("flow", format!("[{{a: [{}]}}]\n", json(text))));
    }
    if sample.name == "kind" {
        all.extend(kinds(text));
    }
    all
}

/// A Secret whose kind is written in other ways.
fn kinds(text: &str) -> Vec<(&'static str, String)> {
    let mut all = Vec::new();
    let escaped = text.replace("kind: Secret", "\"k\\x69nd\": \"S\\u0065cret\"");
    all.push(("as it is", text.to_owned()));
    all.push(("kind escaped", escaped.clone()));
    all.push(("kind folded", text.replace("Secret", ">-\n  Secret")));
    all.push(("kind continued", text.replace("Secret", "\"Sec\\\n  ret\"")));
    all.push(("kind tagged", text.replace("Secret", "!!str &kind Secret")));
    all.push(("in a list", format!("kind: List\napiVersion: v1\nitems:\n- {}", indented(text, 2).trim_start())));
    all.push((
        "in a template",
        format!("kind: Template\napiVersion: v1\nobjects:\n- {}", indented(text, 2).trim_start()),
    ));
    all.push(("escaped, broken", format!("{escaped}broken: [\n")));
    all
}

/// Every form in which the canary must be nowhere.
fn forms(canary: &str) -> Vec<String> {
    let coded = (0..3).map(|before| {
        let text = base64(&[&b"abc"[..before], canary.as_bytes()].concat());
        text[4..text.len() - 4].to_owned()
    });
    coded.chain([canary.to_owned()]).collect()
}

/// The outcome of every file that was told as a whole or by its documents.
fn outcome<'a>(entry: &'a Value, file: &str) -> Vec<&'a str> {
    let documents = entry["documents"].as_array().unwrap_or_else(|| panic!("{entry:#}"));
    documents.iter().filter(|one| one["file"] == file).map(|one| one["outcome"].as_str().unwrap()).collect()
}

fn texts_below(folder: &Path, found: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            texts_below(&path, found);
        } else {
            found.push_str(&String::from_utf8_lossy(&fs::read(&path).unwrap()));
        }
    }
}

/// The files, by their names, each with the forms in which it may be told nowhere.
fn files() -> Vec<(String, String, &'static str)> {
    let mut files = Vec::new();
    for sample in samples() {
        for (at, (carrier, text)) in carried(&sample).into_iter().enumerate() {
            let name = format!("{}-{at:02}-{}.yaml", sample.name, carrier.replace([' ', ','], "-"));
            files.push((name, text, sample.canary));
        }
    }
    files
}

fn check(world: &World, files: &[(String, String, &'static str)]) {
    let args: [&[&str]; 5] = [
        &["status", "dc1"],
        &["validate", "dc1"],
        &["ingest", "dc1", "--dry-run"],
        &["ingest", "dc1", "--yes", "--partial"],
        &["ingest", "dc1", "--yes"],
    ];
    let mut told = String::new();
    for args in args {
        let (words, data) = (world.run(args), world.json(args));
        if args[0] == "ingest" {
            let entry = data.entry();
            for (name, text, _) in files {
                assert_eq!(outcome(&entry, &format!("raw/{name}")), ["secret"], "{args:?} {name}\n{text}");
            }
        }
        told += &[words.out, words.err, data.out, data.err].concat();
    }
    texts_below(&world.root.join("state"), &mut told);
    let canaries: BTreeSet<&str> = files.iter().map(|(_, _, canary)| *canary).collect();
    for form in canaries.into_iter().flat_map(forms) {
        assert!(!told.contains(&form), "{form} is told");
    }
}

#[test]
fn in_a_clone_every_secret_stays_where_it_is() {
    let world = World::initialized();
    let files = files();
    for (name, text, _) in &files {
        world.raw(name, text);
    }
    world.raw("good.yaml", vpc("good", 1010, "10.0.10.0/24"));
    check(&world, &files);
    for (name, text, _) in &files {
        assert_eq!(&world.read(&format!("raw/{name}")), text, "{name}");
    }
    assert!(world.path("managed/vpcs/good.yaml").exists());
    let committed = world.git(&["log", "--patch", "--all", "--format=%B"]);
    let canaries: BTreeSet<&str> = files.iter().map(|(_, _, canary)| *canary).collect();
    for form in canaries.into_iter().flat_map(forms) {
        assert!(!committed.contains(&form), "{form} is committed");
    }
    let names = world.git(&["ls-files"]);
    assert!(files.iter().all(|(name, _, _)| !names.contains(name.as_str())), "{names}");
}

#[test]
fn in_a_clone_of_ours_no_secret_is_moved() {
    let world = World::initialized();
    let files = files();
    for (name, text, _) in &files {
        world.raw(name, text);
    }
    world.raw("good.yaml", vpc("good", 1010, "10.0.10.0/24"));
    world.commit("as it came");
    world.git(&["push", "--quiet"]);
    let (before, remote) = (world.tip(), world.root.join("remote.git"));
    world.configure(&format!(
        "repositories:\n  netops: {{ url: '{}' }}\nfabrics:\n  dc1: {{ repository: netops, directory: {DIRECTORY} }}\n",
        remote.display()
    ));
    assert_eq!(world.run(&["fetch", "dc1"]).code, 0);
    let clone = fs::read_dir(world.root.join("data/hedgerow/repos")).unwrap().next().unwrap().unwrap().path();
    git_in(&clone, &["config", "user.name", "Alice Ng"]);
    git_in(&clone, &["config", "user.email", "alice@example.net"]);
    check(&world, &files);
    world.run(&["push", "dc1", "--yes"]);
    let changed = git_in(&remote, &["diff", "--name-only", &before, "refs/heads/main"]);
    assert!(changed.contains("managed/vpcs/good.yaml"), "{changed}");
    for (name, _, _) in &files {
        assert!(!changed.contains(name.as_str()), "{name} was moved:\n{changed}");
    }
}

#[test]
fn what_is_no_secret_is_not_held_up() {
    let world = World::initialized();
    let named = |name: &str, vlan: u16| vpc(name, vlan, &format!("10.1.{}.0/24", vlan - 1000));
    world.raw("token-ring.yaml", named("token-ring", 1001));
    world.raw("secret-vpc.yaml", named("secret-vpc", 1002));
    let noted =
        |note: &str| named("noted", 1003).replacen("metadata:\n", &format!("metadata:\n  annotations:\n{note}"), 1);
    world.raw(
        "noted.yaml",
        noted("    git: 57c5fedb4f5e1bb0c2d1f2b9e3a0f4d5c6b7a899\n    image: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\n    password: rotated by the vault\n    uid: 7f3b9a52-6f0e-4b1c-9e2d-5a4c3b2d1e0f\n    key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKjM2cUeQdJfG5oBtV1iZxDnA2abcdefghijkl me@example\n    about: 'the Secret: kept elsewhere, see https://git.example/x'\n"),
    );
    world.raw("wiring.yaml", hedgerow::demo::WIRING);
    world.raw("sealed.yaml", "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: s}\nspec: {encryptedData: {a: AgBy3i4OJSWK}}\n");
    world.raw("certificate.yaml", map("|\n    -----BEGIN CERTIFICATE-----\n    MIIDazCCAlOgAwIBAgIUabcdefghijklmnopqrstuvwxyz\n    -----END CERTIFICATE-----"));
    world.raw(
        "reference.yaml",
        "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: s}\nsecrets: [{kind: Secret, name: x}]\n",
    );
    let said = world.json(&["ingest", "dc1", "--yes"]);
    let entry = said.entry();
    assert_eq!(crate::world::count(&entry["documents"], "outcome", "secret"), 0, "{entry:#}");
    for name in ["token-ring", "secret-vpc", "noted"] {
        assert!(world.path(&format!("managed/vpcs/{name}.yaml")).exists(), "{name} {entry:#}");
    }
    for name in ["sealed", "certificate", "reference"] {
        assert!(world.path(&format!("unmanaged/external-configs/{name}.yaml")).exists(), "{name} {entry:#}");
    }
}
