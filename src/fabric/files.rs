//! Files: YAML files from anywhere, checked together as one fabric.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::fabric::check::Check;
use crate::fabric::document::{self, Document};
use crate::fabric::finding::{Finding, Severity, code};
use crate::fabric::kind::Author;
use crate::fabric::resource::{self, Authors, Class, Identity, Resource};
use crate::fabric::rules::{self, Subject};
use crate::fabric::{loader, secret};
use crate::yaml::{self, Node};

/// A file's name, as findings show it, and its bytes.
pub type Source = (String, Arc<[u8]>);

/// What was checked, and what was found.
#[derive(Debug, Default)]
pub struct Checked {
    /// What was found, sorted.
    pub findings: Vec<Finding>,
    /// How many resources there are.
    pub resources: usize,
}

struct Read {
    findings: Vec<Finding>,
    resources: Vec<(Resource, Document)>,
}

/// Checks files as one set; `before` is the same set as it was, where that is known.
pub fn check(files: &[Source], before: &[Source], check: &Check) -> Checked {
    let read: Vec<Read> = files.par_iter().map(|(name, bytes)| read(name, bytes, check)).collect();
    let earlier: Vec<Read> = before.par_iter().map(|(name, bytes)| self::read(name, bytes, check)).collect();
    let mut findings: Vec<Finding> = read.iter().flat_map(|file| file.findings.iter().cloned()).collect();
    let all = subjects(&read);
    let now = once(&all, &mut findings);
    findings.extend(rules::check(&check.rules, &now, &subjects(&earlier), &[]));
    check.strictly(&mut findings);
    findings.sort();
    findings.dedup();
    Checked { findings, resources: all.len() }
}

fn subjects(files: &[Read]) -> Vec<Subject<'_>> {
    files.iter().flat_map(|file| &file.resources).filter_map(subject).collect()
}

fn subject((resource, document): &(Resource, Document)) -> Option<Subject<'_>> {
    Some(Subject { file: &document.file, identity: &resource.identity, root: document.value.as_ref()? })
}

/// LD7: the first of each identity; every other one is remarked.
fn once<'a>(all: &[Subject<'a>], findings: &mut Vec<Finding>) -> Vec<Subject<'a>> {
    let mut first: BTreeMap<&Identity, Subject<'a>> = BTreeMap::new();
    let mut kept = Vec::new();
    for subject in all {
        let (file, line) = (subject.file, subject.root.span.line);
        match first.get(subject.identity) {
            None => {
                first.insert(subject.identity, *subject);
                kept.push(*subject);
            }
            Some(other) => {
                let (place, at) = (other.file, other.root.span.line);
                let message = format!("{} is here a second time; first in {place}:{at}", subject.identity);
                let remedy = "keep one of the two; which one is applied depends on the tool";
                let finding = Finding::file(Severity::Error, "HH-LD7", file, crate::text::clean_line(&message), remedy);
                findings.push(finding.at(line, 1).with(place, at, "first here"));
            }
        }
    }
    kept
}

fn read(name: &str, bytes: &[u8], check: &Check) -> Read {
    let source = document::read(name, bytes);
    let mut read = Read { findings: source.findings, resources: Vec::new() };
    let secrets = secret::all(name, bytes).into_iter().map(|found| found.finding);
    read.findings.extend(secrets.filter(|found| found.code != code::SECRET_KIND).map(told));
    if let Ok(text) = std::str::from_utf8(bytes) {
        read.findings.extend(loader::check(name, text, Severity::Warning));
        if source.documents.iter().any(|document| document.item.is_some()) {
            read.findings.extend(lists(name, text));
        }
    }
    for mut document in source.documents {
        // The text of its own is for writing; here only the value counts.
        document.text = String::new();
        match resource::classify_of(&document, Authors::Everyone) {
            Class::Resource(found) => {
                read.findings.extend(document.findings.iter().cloned());
                read.findings.extend(found.warnings.iter().cloned());
                read.findings.extend(check.shape(&document, &found.identity));
                read.findings.extend(not_authored(&document, &found));
                read.resources.push((found, document));
            }
            Class::Foreign => read.findings.push(foreign(&document)),
            Class::Refused { findings } | Class::Invalid(findings) => read.findings.extend(findings),
        }
    }
    read
}

/// A secret is worth a word wherever it is; here nothing of it is committed.
fn told(finding: Finding) -> Finding {
    Finding { severity: Severity::Warning, ..finding }
}

fn lists(name: &str, text: &str) -> Vec<Finding> {
    let is_list = |root: &Node| root.get("kind").and_then(Node::as_str).is_some_and(|kind| kind.ends_with("List"));
    let roots = yaml::read(text).into_iter().filter_map(|parsed| parsed.root.ok().flatten());
    roots
        .filter(is_list)
        .map(|root| {
            let message = "is a List, which the installer's loader refuses";
            let remedy = "write its items as documents of their own; an ingest does that";
            Finding::file(Severity::Warning, "HH-LD5", name, message, remedy).at(root.span.line, root.span.column)
        })
        .collect()
}

fn foreign(document: &Document) -> Finding {
    let kind = document.value.as_ref().and_then(|root| root.get("kind")).and_then(Node::as_str).unwrap_or("it");
    let by_sops = document.value.as_ref().filter(|root| secret::encrypted::is_by_sops(root));
    let message = by_sops.map_or_else(|| format!("{kind} is none of Hedgehog's kinds"), secret::encrypted::by_sops);
    let remedy = match by_sops {
        Some(_) => "decrypt it before it is checked; the installer's loader cannot read it",
        None => "keep it in another file; the installer's loader takes Hedgehog's kinds only",
    };
    Finding::file(Severity::Warning, "HH-LD3", &document.file, crate::text::clean_line(&message), remedy)
        .at(document.line, 1)
}

/// K1, without SwitchProfile, which has a rule of its own.
fn not_authored(document: &Document, resource: &Resource) -> Option<Finding> {
    if resource.kind.author != Author::Controller || resource.kind.name == "SwitchProfile" {
        return None;
    }
    let (message, remedy) = crate::fabric::kind::not_authored(resource.kind)?;
    let place = document.value.as_ref()?.get("kind")?.span;
    // The installer's loader takes VPCInfo, and nothing else that controllers write.
    let severity = if resource.kind.name == "VPCInfo" { Severity::Warning } else { Severity::Error };
    Some(Finding::file(severity, "HH-K1", &document.file, message, remedy).at(place.line, place.column))
}
