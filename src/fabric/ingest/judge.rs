//! Judge: every document checked in the tree as it would be after the commit.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::fabric::check::Check;
use crate::fabric::document::{self, Document};
use crate::fabric::finding::{Finding, Severity};
use crate::fabric::ingest::settle::{self, Fate, Ground};
use crate::fabric::ingest::{Options, Survey};
use crate::fabric::managed::Managed;
use crate::fabric::raw::{RawDocument, RawFile, RawState};
use crate::fabric::reference;
use crate::fabric::resource::{self, Class, Identity};
use crate::fabric::rules::{self, Subject};
use crate::fabric::snapshot::{Past, Snapshot};

/// Checks a survey: a raw document with errors becomes invalid, and so does one that would break
/// what is managed. Returns what is wrong in `managed/` as it stands.
pub fn judge(survey: &mut Survey<'_>, check: &Check, options: &Options, past: &Past) -> Vec<Finding> {
    let before = committed(survey.snapshot, &survey.managed);
    let standing = managed(&survey.managed, &before, check);
    shapes(&mut survey.raw, check);
    if survey.raw.iter().all(|file| !matches!(file.state, RawState::Read(_)) || file.documents().is_empty()) {
        return standing;
    }
    let Survey { snapshot, directories, managed, raw } = survey;
    let ground = Ground::new(snapshot, directories, managed, past, options);
    loop {
        let fates = settle::settle(&ground, raw);
        let found = after(managed, raw, &fates, check, &standing);
        let errors: Vec<Finding> = found.iter().filter(|finding| finding.is_error()).cloned().collect();
        if !reject(managed, raw, &fates, &errors) {
            let besides = besides(managed, raw, check);
            remark(raw, found);
            remark(raw, besides);
            return standing;
        }
    }
}

/// Everything that is wrong in `managed/` as it stands: fields, rules, and what changed since the last commit.
pub fn managed(managed: &Managed, before: &[(Identity, Document)], check: &Check) -> Vec<Finding> {
    let spots: Vec<_> =
        managed.resources.iter().flat_map(|(identity, spots)| spots.iter().map(move |s| (identity, s))).collect();
    let mut findings: Vec<Finding> =
        spots.par_iter().flat_map_iter(|(identity, spot)| check.shape(&spot.document, identity)).collect();
    let subjects = subjects(managed, &BTreeSet::new());
    let before: Vec<Subject<'_>> =
        before.iter().filter_map(|(identity, document)| subject(identity, document)).collect();
    let before = if before.is_empty() { subjects.clone() } else { merged(&subjects, &before) };
    findings.extend(rules::check(&check.rules, &subjects, &before, &[]));
    check.strictly(&mut findings);
    findings.sort();
    findings
}

/// The resources of managed files as the last commit has them, where the working tree differs.
pub fn committed(snapshot: &Snapshot, managed: &Managed) -> Vec<(Identity, Document)> {
    let mut found = Vec::new();
    for (path, bytes) in snapshot.before.iter().filter(|(path, _)| crate::fabric::layout::is_yaml(path)) {
        for document in document::read(path, bytes).documents {
            if let Class::Resource(resource) = resource::classify(&document) {
                found.push((resource.identity, document));
            }
        }
    }
    // What moved to a file that was not edited is still there.
    found.retain(|(identity, document)| {
        managed.resources.get(identity).is_none_or(|spots| spots.iter().any(|spot| spot.path == document.file))
    });
    found
}

/// The directory at the last commit: what stands unedited, and the committed state of what was edited.
fn merged<'a>(now: &[Subject<'a>], before: &[Subject<'a>]) -> Vec<Subject<'a>> {
    let edited: BTreeSet<&Identity> = before.iter().map(|subject| subject.identity).collect();
    let unedited = now.iter().filter(|subject| !edited.contains(subject.identity)).copied();
    unedited.chain(before.iter().copied()).collect()
}

fn subject<'a>(identity: &'a Identity, document: &'a Document) -> Option<Subject<'a>> {
    Some(Subject { file: &document.file, identity, root: document.value.as_ref()? })
}

/// The managed resources but these, in the order of files and lines.
fn subjects<'a>(managed: &'a Managed, without: &BTreeSet<&Identity>) -> Vec<Subject<'a>> {
    let kept = managed.resources.iter().filter(|(identity, _)| !without.contains(identity));
    let mut found: Vec<Subject<'_>> =
        kept.filter_map(|(identity, spots)| subject(identity, &spots.first()?.document)).collect();
    found.sort_by_key(|subject| (subject.file, subject.root.span.line));
    found
}

fn shapes(files: &mut [RawFile], check: &Check) {
    files.par_iter_mut().for_each(|file| {
        let mut found = Vec::new();
        for document in file.documents_mut() {
            let Class::Resource(resource) = &document.class else { continue };
            let mut findings = check.shape(&document.document, &resource.identity);
            findings.extend(resource.warnings.iter().cloned());
            check.strictly(&mut findings);
            found.extend(findings.iter().cloned());
            if findings.iter().any(Finding::is_error) {
                document.class = Class::Invalid(findings);
            }
        }
        check.strictly(&mut file.findings);
        file.remark(found);
    });
}

/// What the rules say of the tree after the commit, without what they say of it today.
fn after(
    managed: &Managed,
    files: &[RawFile],
    fates: &[Vec<Fate>],
    check: &Check,
    standing: &[Finding],
) -> Vec<Finding> {
    let mut written: Vec<(&Identity, &Document)> = Vec::new();
    let mut rejected: Vec<Identity> = Vec::new();
    for (file, fates) in files.iter().zip(fates) {
        for (document, fate) in file.documents().iter().zip(fates) {
            match &document.class {
                Class::Resource(found) if fate.write.is_some() => written.push((&found.identity, &document.document)),
                Class::Resource(found) if fate.outcome.is_no() => rejected.push(found.identity.clone()),
                Class::Invalid(_) => rejected.extend(document.named()),
                _ => {}
            }
        }
    }
    let replaced: BTreeSet<&Identity> = written.iter().map(|(identity, _)| *identity).collect();
    rejected.retain(|identity| !managed.resources.contains_key(identity) && !replaced.contains(identity));
    let before = subjects(managed, &BTreeSet::new());
    let mut now = subjects(managed, &replaced);
    now.extend(written.iter().filter_map(|(identity, document)| subject(identity, document)));
    let mut findings = rules::check(&check.rules, &now, &before, &rejected);
    check.strictly(&mut findings);
    findings.retain(|finding| finding.severity != Severity::Note && !standing.contains(finding));
    findings.sort();
    findings
}

/// What the rules say besides of documents that are invalid already: all errors are told at once.
fn besides(managed: &Managed, files: &[RawFile], check: &Check) -> Vec<Finding> {
    let is_invalid = |document: &&RawDocument| matches!(document.class, Class::Invalid(_));
    let invalid: Vec<(Identity, &Document)> = files
        .iter()
        .flat_map(|file| file.documents().iter().filter(is_invalid))
        .filter_map(|document| Some((document.named()?, &document.document)))
        .collect();
    if invalid.is_empty() {
        return Vec::new();
    }
    let replaced: BTreeSet<&Identity> = invalid.iter().map(|(identity, _)| identity).collect();
    let mut now = subjects(managed, &replaced);
    let sound = files.iter().flat_map(RawFile::documents).filter_map(|document| match &document.class {
        Class::Resource(found) if !replaced.contains(&found.identity) => subject(&found.identity, &document.document),
        _ => None,
    });
    now.extend(sound);
    now.extend(invalid.iter().filter_map(|(identity, document)| subject(identity, document)));
    let places: BTreeSet<(&str, u32)> =
        invalid.iter().map(|(_, document)| (document.file.as_str(), document.line)).collect();
    let mut findings = rules::check(&check.rules, &now, &[], &[]);
    check.strictly(&mut findings);
    findings.retain(|finding| {
        let Some(file) = files.iter().find(|file| file.path == finding.file) else { return false };
        let lines = at_line(file, finding.line.unwrap_or(1));
        let starts = lines.iter().map(|index| file.documents()[*index].document.line);
        finding.severity != Severity::Note
            && starts.into_iter().any(|start| places.contains(&(file.path.as_str(), start)))
    });
    findings
}

/// Makes invalid what has errors, and what would cause them elsewhere; says whether anything was.
fn reject(managed: &Managed, files: &mut [RawFile], fates: &[Vec<Fate>], errors: &[Finding]) -> bool {
    let mut is_changed = false;
    for error in errors {
        let blamed = blame(managed, files, fates, error);
        for (at, index) in blamed {
            let file = &mut files[at];
            let path = file.path.clone();
            let Some(document) = file.documents_mut().get_mut(index) else { continue };
            let finding = if error.file == path { error.clone() } else { caused(error, &document.document) };
            match &mut document.class {
                Class::Invalid(findings) if findings.contains(&finding) => continue,
                Class::Invalid(findings) => findings.push(finding.clone()),
                class => *class = Class::Invalid(vec![finding.clone()]),
            }
            file.remark(vec![finding]);
            is_changed = true;
        }
    }
    is_changed
}

/// An error elsewhere, told at the document that would cause it.
fn caused(error: &Finding, document: &Document) -> Finding {
    let mut finding = error.clone();
    finding.message = format!("would break {}: {}", error.file, error.message);
    finding.file.clone_from(&document.file);
    finding.path = None;
    finding.length = None;
    finding.at(document.line, 1).with(&error.file, error.line.unwrap_or(1), "broken here")
}

/// The documents, by file and index, that an error comes from.
fn blame(managed: &Managed, files: &[RawFile], fates: &[Vec<Fate>], error: &Finding) -> Vec<(usize, usize)> {
    let places = std::iter::once((error.file.as_str(), error.line.unwrap_or(1)))
        .chain(error.related.iter().map(|related| (related.file.as_str(), related.line)));
    for (path, line) in places {
        if let Some(at) = files.iter().position(|file| file.path == path) {
            return at_line(&files[at], line).into_iter().map(|index| (at, index)).collect();
        }
    }
    let referred = referred(managed, error);
    let mut all: Vec<(usize, usize, bool)> = Vec::new();
    for (at, (file, fates)) in files.iter().zip(fates).enumerate() {
        for (index, (document, fate)) in file.documents().iter().zip(fates).enumerate() {
            if let (Class::Resource(found), Some(_)) = (&document.class, &fate.write) {
                let key = (found.identity.kind.as_str(), found.identity.name.as_str());
                all.push((at, index, referred.iter().any(|(kind, name)| (*kind, name.as_str()) == key)));
            }
        }
    }
    let is_named = all.iter().any(|(_, _, is_named)| *is_named);
    all.into_iter().filter(|(_, _, named)| *named || !is_named).map(|(at, index, _)| (at, index)).collect()
}

/// The documents of a file that a line belongs to: the last that begins at or before it.
fn at_line(file: &RawFile, line: u32) -> Vec<usize> {
    let documents = file.documents();
    let start = documents.iter().map(|document| document.document.line).filter(|start| *start <= line).max();
    (0..documents.len()).filter(|index| Some(documents[*index].document.line) == start).collect()
}

/// What the managed resource an error is about refers to.
fn referred(managed: &Managed, error: &Finding) -> Vec<(&'static str, String)> {
    let spots = managed.resources.iter().flat_map(|(identity, spots)| spots.iter().map(move |spot| (identity, spot)));
    let found = spots.filter(|(_, spot)| spot.path == error.file).filter_map(|(identity, spot)| {
        let root = spot.document.value.as_ref()?;
        Some(reference::references(&identity.kind, root))
    });
    found.flatten().map(|reference| (reference.target, reference.name)).collect()
}

/// What is left are warnings; they stand with the files they are about.
fn remark(files: &mut [RawFile], findings: Vec<Finding>) {
    let mut by_file: BTreeMap<String, Vec<Finding>> = BTreeMap::new();
    for finding in findings {
        by_file.entry(finding.file.clone()).or_default().push(finding);
    }
    for file in files {
        if let Some(found) = by_file.remove(&file.path) {
            file.remark(found);
        }
    }
}
