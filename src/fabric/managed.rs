//! Managed: the resources below `managed/`, by identity, and what is wrong with their files.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::fabric::document::{self, Document};
use crate::fabric::finding::{Finding, Severity};
use crate::fabric::layout::{self, Directories, Place};
use crate::fabric::names;
use crate::fabric::raw;
use crate::fabric::resource::{self, Class, Identity};
use crate::fabric::secret;
use crate::fabric::snapshot::{Content, File, Snapshot};
use crate::fabric::unseen;

/// The resources below `managed/`.
#[derive(Debug, Default)]
pub struct Managed {
    /// Where each identity stands; the first spot is the one that is updated.
    pub resources: BTreeMap<Identity, Vec<Spot>>,
    /// How many documents each managed file has.
    pub documents: BTreeMap<String, usize>,
    /// What is wrong, sorted.
    pub findings: Vec<Finding>,
}

/// One document of a managed file.
#[derive(Debug)]
pub struct Spot {
    /// The file, relative to the GitOps directory.
    pub path: String,
    /// Which document of the file it is, from 0.
    pub index: usize,
    /// The document.
    pub document: Document,
}

impl Managed {
    /// Reads every managed file of a snapshot.
    pub fn read(snapshot: &Snapshot, directories: &Directories) -> Self {
        let files: Vec<(&String, &File)> =
            snapshot.files.iter().filter(|(path, _)| layout::place(path) == Place::Managed).collect();
        let read: Vec<Read> = files.par_iter().map(|(path, file)| read_file(path, file)).collect();
        let mut managed = Managed::default();
        for file in read {
            managed.take(file, directories);
        }
        for (identity, spots) in &mut managed.resources {
            spots.sort_by_key(|spot| !is_own_path(directories, identity, &spot.path));
        }
        let is_meant = |place| matches!(place, Place::Managed | Place::Unmanaged);
        managed.findings.extend(unseen::folders(snapshot, is_meant).map(|(path, why)| unseen::finding(path, why)));
        managed.remark_twins();
        let is_kept = |path: &str| path.starts_with("managed/") || path.starts_with("raw/processed/");
        managed.findings.extend(names::clashes(snapshot, is_kept));
        managed.findings.sort();
        managed
    }

    fn take(&mut self, file: Read, directories: &Directories) {
        self.findings.extend(file.findings);
        if file.count > 0 {
            self.documents.insert(file.path.clone(), file.count);
        }
        for (index, identity, document) in file.resources {
            if !is_own_path(directories, &identity, &file.path) {
                self.findings.push(wrong_place(directories, &identity, &file.path, document.line));
            }
            let spot = Spot { path: file.path.clone(), index, document };
            self.resources.entry(identity).or_default().push(spot);
        }
    }

    fn remark_twins(&mut self) {
        for (identity, spots) in &self.resources {
            for twin in spots.iter().skip(1) {
                let first = &spots[0];
                let message = format!("{identity} is also in {}:{}", first.path, first.document.line);
                let remedy = "`hedgerow heal` keeps one of them; what is applied last would win";
                let finding = Finding::file(Severity::Error, "HH-LY2", &twin.path, message, remedy);
                self.findings.push(finding.at(twin.document.line, 1));
            }
        }
    }

    /// Adds remarks, each once, in order.
    pub fn remark(&mut self, findings: Vec<Finding>) {
        self.findings.extend(findings);
        self.findings.sort();
        self.findings.dedup();
    }

    /// How many resources of each kind there are.
    pub fn kinds(&self) -> BTreeMap<String, usize> {
        let mut kinds = BTreeMap::new();
        for identity in self.resources.keys() {
            *kinds.entry(identity.kind.clone()).or_default() += 1;
        }
        kinds
    }
}

struct Read {
    path: String,
    count: usize,
    resources: Vec<(usize, Identity, Document)>,
    findings: Vec<Finding>,
}

fn read_file(path: &str, file: &File) -> Read {
    let mut read = Read { path: path.to_owned(), count: 0, resources: Vec::new(), findings: Vec::new() };
    if names::is_odd(path) {
        read.findings.extend((!matches!(file.content, Content::Deleted)).then(|| names::odd(path)));
        return read;
    }
    if layout::changes_what_is_applied(path) {
        let message = "changes what is applied of this directory: managed files may be left out";
        let remedy = "move it out of managed/";
        read.findings.push(Finding::file(Severity::Error, "HH-LY1", path, message, remedy));
        return read;
    }
    read.findings.extend(unseen::unread(path, &file.content));
    let Some(bytes) = file.bytes().filter(|_| layout::is_yaml(path)) else {
        return read;
    };
    read.findings.extend(secret::all(path, bytes).into_iter().map(|found| found.finding));
    let source = document::read(path, bytes);
    read.count = source.documents.len();
    read.findings.extend(source.findings);
    for (index, document) in source.documents.into_iter().enumerate() {
        match resource::classify(&document) {
            Class::Resource(found) => {
                read.findings.extend(found.warnings);
                read.findings.extend(document.findings.iter().cloned());
                read.resources.push((index, found.identity, document));
            }
            Class::Foreign => read.findings.push(foreign(path, &document)),
            Class::Refused { findings } | Class::Invalid(findings) => read.findings.extend(findings),
        }
    }
    read
}

fn foreign(path: &str, document: &Document) -> Finding {
    let by_sops = document.value.as_ref().filter(|root| secret::encrypted::is_by_sops(root));
    let message = by_sops.map_or_else(
        || "is not a Hedgehog resource, and is applied all the same".to_owned(),
        |root| format!("{}, and it is applied all the same", secret::encrypted::by_sops(root)),
    );
    let remedy = "move it to unmanaged/external-configs/ if it does not belong here";
    Finding::file(Severity::Warning, "HH-LY4", path, message, remedy).at(document.line, 1)
}

fn is_own_path(directories: &Directories, identity: &Identity, path: &str) -> bool {
    own_path(directories, identity).is_some_and(|own| own == path)
}

/// The path an identity's managed file has by the layout.
pub fn own_path(directories: &Directories, identity: &Identity) -> Option<String> {
    let kind = crate::fabric::kind::find(&identity.group, &identity.kind)?;
    Some(directories.path(kind, identity))
}

/// Where a managed file goes that is moved aside: below `unmanaged/manual-overrides/`, under a path
/// that is free or holds these bytes already.
pub fn override_path(snapshot: &Snapshot, path: &str, bytes: &[u8]) -> String {
    let below = path.strip_prefix("managed/").unwrap_or(path);
    let target = format!("{}/{below}", layout::OVERRIDES);
    let is_free = snapshot.files.get(&target).is_none_or(|file| {
        matches!(file.content, Content::Deleted) || (file.bytes() == Some(bytes) && !file.is_edited())
    });
    if is_free { target } else { raw::tagged(&target, bytes) }
}

fn wrong_place(directories: &Directories, identity: &Identity, path: &str, line: u32) -> Finding {
    let own = own_path(directories, identity).unwrap_or_default();
    let message = format!("{identity} belongs in {own}");
    let remedy = "it is updated where it stands; `hedgerow heal` moves it";
    Finding::file(Severity::Warning, "HH-LY3", path, message, remedy).at(line, 1)
}
