//! Every rule's wrong example gives exactly its code at the marked line, the right one nothing.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{entries, find, rule, rules};
use crate::fabric::check::Check;
use crate::fabric::files::{self, Source};
use crate::fabric::finding::text::TEXT_RULES;
use crate::fabric::finding::{Finding, Severity, code};
use crate::fabric::rules::facts::Facts;
use crate::fabric::rules::profiles::Profiles;
use crate::yaml::{self, Node};

const GROUND: &str = include_str!("../../../../assets/rules/ground.yaml");
const EXAMPLE: &str = "example.yaml";

/// Codes whose examples are files, folders or whole operations; their tests stand with what finds them.
const ELSEWHERE: [&str; 5] = ["HH-T", "HH-LY", "HH-RW", "HH-S", "HH-X"];

fn source(name: &str, text: &str) -> Source {
    (name.to_owned(), Arc::from(text.as_bytes()))
}

/// The ground without the documents that an example replaces.
fn ground(entry: &Node, example: &str) -> String {
    let named = |text: &str| -> BTreeSet<(String, String)> {
        let roots = yaml::read(text).into_iter().filter_map(|parsed| parsed.root.ok().flatten());
        roots
            .filter_map(|root| {
                let word = |path: &[&str]| root.path(path).and_then(Node::as_str).map(str::to_owned);
                Some((word(&["kind"])?, word(&["metadata", "name"])?))
            })
            .collect()
    };
    let own = if entry.get("replaces").is_some() { named(example) } else { BTreeSet::new() };
    let kept = GROUND.split("---\n").filter(|text| named(text).is_disjoint(&own));
    kept.collect::<Vec<_>>().join("---\n")
}

fn check_of(entry: &Node) -> Check {
    let mut check = Check::built_in();
    check.rules.closed = true;
    let text = |key: &str| entry.get(key).and_then(Node::as_str);
    if let Some(profiles) = text("profiles") {
        check.rules.profiles = Profiles::of([&yaml::read_one(profiles).unwrap()]);
    }
    if let Some(fab) = text("fab") {
        check.rules.facts = Facts::of_fabricator(&yaml::read_one(fab).unwrap());
    }
    check
}

fn findings(entry: &Node, example: &str) -> Vec<Finding> {
    let text = |key: &str| entry.get(key).and_then(Node::as_str);
    let ground = ground(entry, example);
    let mut files = Vec::new();
    if entry.get("alone").is_none() {
        files.push(source("ground.yaml", &ground));
    } else {
        let neutral = ground.split("---\n").filter(|text| !text.contains("kind: Switch\n"));
        files.push(source(
            "ground.yaml",
            &neutral.filter(|text| !text.contains("kind: Connection")).collect::<Vec<_>>().join("---\n"),
        ));
    }
    files.extend(text("extra").map(|extra| source("extra.yaml", extra)));
    let mut before = Vec::new();
    if let Some(earlier) = text("before") {
        before = files.clone();
        before.push(source("before.yaml", earlier));
    }
    files.push(source(EXAMPLE, example));
    files::check(&files, &before, &check_of(entry)).findings
}

#[test]
fn the_ground_is_sound() {
    let found = files::check(&[source("ground.yaml", GROUND)], &[], &check_of(&yaml::read_one("{}").unwrap()));
    assert_eq!(found.findings, []);
    assert_eq!(found.resources, 19);
}

#[test]
fn every_code_is_in_the_book_once() {
    let book: Vec<&str> = rules().iter().map(|rule| rule.code).collect();
    let set: BTreeSet<&str> = book.iter().copied().collect();
    assert_eq!(book.len(), set.len());
    assert_eq!(entries().len() + TEXT_RULES.len(), book.len(), "an entry with an unknown code");
    assert_eq!(set, code::ALL.iter().copied().collect());
    assert_eq!(find("cn6").unwrap().code, "HH-CN6");
    assert!(find("HH-nothing").is_none());
}

#[test]
fn a_wrong_example_gives_exactly_its_code_at_the_marked_line() {
    let mut failures = Vec::new();
    for entry in entries() {
        let rule = rule(&entry).unwrap();
        let Some(wrong) = &rule.wrong else {
            let is_elsewhere = ELSEWHERE.iter().any(|prefix| {
                rule.code.strip_prefix(prefix).is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
            });
            if !is_elsewhere && rule.code != "HH-LD12" {
                failures.push(format!("{}: no example", rule.code));
            }
            continue;
        };
        let found = findings(&entry, wrong);
        let marked: Vec<u32> =
            (1..).zip(wrong.lines()).filter(|(_, line)| line.contains("<--")).map(|(n, _)| n).collect();
        let is_note = found.iter().any(|finding| finding.code == rule.code && finding.severity == Severity::Note);
        let loud: BTreeSet<&str> =
            found.iter().filter(|finding| finding.severity != Severity::Note).map(|finding| finding.code).collect();
        let is_marked = found.iter().any(|finding| {
            finding.code == rule.code
                && finding.file == EXAMPLE
                && finding.line.is_some_and(|line| marked.contains(&line))
        });
        let is_exact = if is_note { loud.is_empty() } else { loud == BTreeSet::from([rule.code]) };
        if !is_exact || !is_marked {
            let told: Vec<String> =
                found.iter().map(|f| format!("  {}:{:?} {} {}", f.file, f.line, f.code, f.message)).collect();
            failures.push(format!("{} wants line {marked:?}\n{}", rule.code, told.join("\n")));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn a_right_example_gives_nothing() {
    let mut failures = Vec::new();
    for entry in entries() {
        let rule = rule(&entry).unwrap();
        let Some(right) = &rule.right else { continue };
        let found = findings(&entry, right);
        let told: Vec<String> = found
            .iter()
            .filter(|finding| finding.severity != Severity::Note || finding.code == rule.code)
            .map(|f| format!("  {}:{:?} {} {}", f.file, f.line, f.code, f.message))
            .collect();
        if !told.is_empty() {
            failures.push(format!("{}\n{}", rule.code, told.join("\n")));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
