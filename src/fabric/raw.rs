//! Raw: the files that wait to be taken in, read and classified.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::fabric::document::{self, Document};
use crate::fabric::finding::{Finding, Severity};
use crate::fabric::layout::{self, Place};
use crate::fabric::names::{self, Taken};
use crate::fabric::resource::{self, Class, Identity};
use crate::fabric::secret;
use crate::fabric::snapshot::{Content, File, Snapshot};
use crate::fabric::unseen::{self, Unseen};

/// A file from elsewhere, given on the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct External {
    /// Its name, one path component.
    pub name: String,
    /// Its bytes.
    pub bytes: Arc<[u8]>,
}

/// One file to take in.
#[derive(Debug)]
pub struct RawFile {
    /// The path relative to the GitOps directory; for a file from elsewhere, `raw/<name>`.
    pub path: String,
    /// Its size in bytes.
    pub size: u64,
    /// Whether it comes from elsewhere and is not in the repository.
    pub is_external: bool,
    /// What is in it.
    pub state: RawState,
    /// What was remarked about the file and its documents.
    pub findings: Vec<Finding>,
}

/// What is in a raw file.
#[derive(Debug)]
pub enum RawState {
    /// Not read, and why.
    LeftOut(String),
    /// In `raw/errors/`, and still with errors.
    StillInvalid(Vec<RawDocument>),
    /// Holds a secret.
    Secret,
    /// Holds no document.
    Empty,
    /// Its documents.
    Read(Vec<RawDocument>),
}

/// One document of a raw file.
#[derive(Debug)]
pub struct RawDocument {
    /// The document.
    pub document: Document,
    /// What it is.
    pub class: Class,
}

impl RawDocument {
    /// Kind, namespace and name as far as they can be told.
    pub fn describe(&self) -> (Option<String>, Option<String>, Option<String>) {
        let text =
            |keys: &[&str]| -> Option<String> { self.document.value.as_ref()?.path(keys)?.as_str().map(str::to_owned) };
        let name = text(&["metadata", "name"]);
        let namespace = text(&["metadata", "namespace"]).filter(|namespace| !namespace.is_empty());
        let namespace = namespace.or_else(|| name.as_ref().map(|_| "default".to_owned()));
        (text(&["kind"]), namespace, name)
    }

    /// The identity it names, as far as it can be told.
    pub fn named(&self) -> Option<Identity> {
        let (kind, namespace, name) = self.describe();
        let group = self.document.value.as_ref()?.get("apiVersion")?.as_str()?.split('/').next()?.to_owned();
        Some(Identity { group, kind: kind?, namespace: namespace?, name: name? })
    }

    /// Whether the document holds up its file.
    pub fn is_bad(&self) -> bool {
        matches!(self.class, Class::Invalid(_) | Class::Refused { .. })
    }
}

impl RawFile {
    /// The documents, if the file was read.
    pub fn documents(&self) -> &[RawDocument] {
        match &self.state {
            RawState::Read(documents) | RawState::StillInvalid(documents) => documents,
            _ => &[],
        }
    }

    /// The documents, to be judged.
    pub(crate) fn documents_mut(&mut self) -> &mut [RawDocument] {
        match &mut self.state {
            RawState::Read(documents) | RawState::StillInvalid(documents) => documents,
            _ => &mut [],
        }
    }

    /// Adds remarks, each once, in order.
    pub(crate) fn remark(&mut self, findings: Vec<Finding>) {
        self.findings.extend(findings);
        self.findings.sort();
        self.findings.dedup();
    }

    /// Whether it waits to be ingested.
    pub fn is_pending(&self) -> bool {
        matches!(self.state, RawState::Read(_) | RawState::Secret | RawState::Empty)
    }

    /// How many documents of each kind it has.
    pub fn kinds(&self) -> BTreeMap<String, usize> {
        let mut kinds = BTreeMap::new();
        for document in self.documents() {
            let kind = document.describe().0.unwrap_or_else(|| "?".to_owned());
            *kinds.entry(kind).or_default() += 1;
        }
        kinds
    }
}

/// Reads every raw file of a snapshot; with `only`, the others are left out.
pub fn read(snapshot: &Snapshot, only: &[String]) -> Vec<RawFile> {
    let files: Vec<(&String, &File)> = snapshot
        .files
        .iter()
        .filter(|(path, file)| {
            let place = layout::place(path);
            let is_ours = place == Place::Errors && path.ends_with(".findings.txt");
            matches!(place, Place::Raw | Place::Errors) && !is_ours && !matches!(file.content, Content::Deleted)
        })
        .collect();
    let mut read: Vec<RawFile> = files.par_iter().map(|(path, file)| read_one(path, file, only)).collect();
    let is_meant = |place| matches!(place, Place::Raw | Place::Errors | Place::Processed);
    read.extend(unseen::folders(snapshot, is_meant).map(|(folder, why)| unseen_folder(folder, why)));
    read.sort_by(|one, other| one.path.cmp(&other.path));
    remark_clashes(snapshot, &mut read);
    read
}

/// A file that would lie in `processed/` under a name that some file systems take for another's stays.
fn remark_clashes(snapshot: &Snapshot, files: &mut [RawFile]) {
    let processed = |path: &str| format!("raw/processed/{}", path.strip_prefix("raw/").unwrap_or(path));
    let mut taken = Taken::of(snapshot);
    for file in files.iter_mut().filter(|file| matches!(file.state, RawState::Read(_))) {
        let target = processed(&file.path);
        match taken.other(&target).map(|other| names::clash(&file.path, other)) {
            Some(finding) => file.remark(vec![finding]),
            None => taken.take(&target),
        }
    }
}

/// Reads the loose files of a snapshot.
pub fn read_loose(snapshot: &Snapshot) -> Vec<RawFile> {
    let files: Vec<(&String, &File)> = snapshot
        .files
        .iter()
        .filter(|(path, file)| layout::place(path) == Place::Loose && !matches!(file.content, Content::Deleted))
        .collect();
    let mut read: Vec<RawFile> = files.par_iter().map(|(path, file)| read_one(path, file, &[])).collect();
    let folders = unseen::folders(snapshot, |place| place == Place::Loose);
    read.extend(folders.map(|(folder, why)| unseen_folder(folder, why)));
    read
}

/// A folder that was not looked into, told as one file that is left out.
fn unseen_folder(folder: &str, why: &Unseen) -> RawFile {
    // What lies below a dot folder would be left out in any case.
    let findings = if layout::is_leftover(folder) { Vec::new() } else { vec![unseen::finding(folder, why)] };
    let state = RawState::LeftOut(why.reason());
    RawFile { path: folder.to_owned(), size: 0, is_external: false, state, findings }
}

/// Reads files from elsewhere.
pub fn read_external(files: &[External]) -> Vec<RawFile> {
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    let mut read = Vec::new();
    for file in files {
        let seen = names.entry(&file.name).or_default();
        *seen += 1;
        let name = if *seen > 1 { tagged(&file.name, &file.bytes) } else { file.name.clone() };
        let path = format!("raw/{name}");
        let mut raw = if names::is_odd(&path) {
            let (state, findings) = (RawState::LeftOut(names::WHY_ODD.to_owned()), vec![names::odd(&path)]);
            RawFile { path, size: file.bytes.len() as u64, is_external: true, state, findings }
        } else {
            read_bytes(&path, &file.bytes)
        };
        raw.is_external = true;
        read.push(raw);
    }
    read
}

/// `x.yaml` with the first eight digits of its bytes' hash: `x-1a2b3c4d.yaml`.
pub fn tagged(name: &str, bytes: &[u8]) -> String {
    let hash = crate::fabric::plan::digest(bytes);
    match name.rsplit_once('.') {
        Some((stem, ending)) => format!("{stem}-{}.{ending}", &hash[..8]),
        None => format!("{name}-{}", &hash[..8]),
    }
}

fn read_one(path: &str, file: &File, only: &[String]) -> RawFile {
    if let Some((reason, finding)) = left_out(path, &file.content, only) {
        return RawFile {
            path: path.to_owned(),
            size: size(&file.content),
            is_external: false,
            state: RawState::LeftOut(reason),
            findings: finding.into_iter().collect(),
        };
    }
    read_bytes(path, file.bytes().unwrap_or_default())
}

fn size(content: &Content) -> u64 {
    match content {
        Content::Bytes(bytes) => bytes.len() as u64,
        Content::Unread(size) | Content::TooLarge(size) => *size,
        _ => 0,
    }
}

fn left_out(path: &str, content: &Content, only: &[String]) -> Option<(String, Option<Finding>)> {
    let finding = |code, message: &str, remedy: &str| Some(Finding::file(Severity::Error, code, path, message, remedy));
    if names::is_odd(path) {
        return Some((names::WHY_ODD.to_owned(), Some(names::odd(path))));
    }
    Some(match content {
        Content::Symlink => (
            "a symbolic link".to_owned(),
            finding("HH-RW1", "is a symbolic link, which is never followed", "put the file itself there"),
        ),
        Content::Unreadable(answer) => (
            "not readable".to_owned(),
            finding(
                "HH-RW2",
                &format!("cannot be read: {}", crate::text::clean_line(answer)),
                "correct its permissions",
            ),
        ),
        Content::Refused { why, remedy } => ("refused by Git".to_owned(), finding("HH-RW2", why, remedy)),
        Content::TooLarge(size) => (
            "too large".to_owned(),
            finding(
                "HH-RW3",
                &format!("has {size} bytes, more than the limit of 32 MiB"),
                "split it into smaller files",
            ),
        ),
        Content::Special => ("not a regular file".to_owned(), None),
        Content::Unseen => ("below a folder that cannot be looked into".to_owned(), None),
        Content::Ignored => ("ignored by Git".to_owned(), None),
        _ if layout::is_leftover(path) => ("a dotfile or an editor's leftover".to_owned(), None),
        _ if layout::changes_what_is_applied(path) => ("configures Kustomize, Helm or Argo CD".to_owned(), None),
        _ if !layout::is_yaml(path) => ("not YAML".to_owned(), None),
        _ if !only.is_empty() && !only.iter().any(|chosen| chosen == path) => ("not chosen".to_owned(), None),
        _ => return None,
    })
}

fn read_bytes(path: &str, bytes: &[u8]) -> RawFile {
    let mut findings: Vec<Finding> = Vec::new();
    findings.extend(secret::all(path, bytes).into_iter().map(|found| found.finding));
    let state = if findings.is_empty() { read_documents(path, bytes, &mut findings) } else { RawState::Secret };
    findings.sort();
    RawFile { path: path.to_owned(), size: bytes.len() as u64, is_external: false, state, findings }
}

fn read_documents(path: &str, bytes: &[u8], findings: &mut Vec<Finding>) -> RawState {
    let source = document::read(path, bytes);
    let is_broken = source.findings.iter().any(Finding::is_error);
    findings.extend(source.findings);
    let mut documents = Vec::new();
    for document in source.documents {
        let class = resource::classify(&document);
        findings.extend(document.findings.iter().cloned());
        let found = match &class {
            Class::Invalid(found) | Class::Refused { findings: found } => found.as_slice(),
            Class::Resource(found) => found.warnings.as_slice(),
            Class::Foreign => &[],
        };
        findings.extend(found.iter().cloned());
        findings.extend(resource::by_sops(&document));
        documents.push(RawDocument { document, class });
    }
    findings.sort();
    findings.dedup();
    let has_errors = is_broken || findings.iter().any(Finding::is_error);
    if layout::place(path) == Place::Errors && has_errors {
        RawState::StillInvalid(documents)
    } else if documents.is_empty() && !is_broken {
        RawState::Empty
    } else {
        RawState::Read(documents)
    }
}
