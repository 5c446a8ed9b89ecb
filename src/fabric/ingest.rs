//! Ingest: raw documents to managed files, every one with a named outcome, in one commit.

pub mod choice;
pub(crate) mod filing;
pub mod judge;
pub(crate) mod settle;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::fabric::Fabric;
use crate::fabric::document;
use crate::fabric::draft::Draft;
use crate::fabric::finding::{Finding, Severity};
use crate::fabric::ingest::choice::Choice;
use crate::fabric::ingest::settle::{Fate, Ground};
use crate::fabric::layout::{Directories, Place};
use crate::fabric::managed::Managed;
use crate::fabric::message::{Message, count};
use crate::fabric::plan::{DocumentOutcome, Outcome, Plan, Verdict, plan_id};
use crate::fabric::raw::{self, External, RawFile, RawState};
use crate::fabric::resource::{self, Identity};
use crate::fabric::snapshot::{Past, Snapshot};
use crate::fabric::splice::{self, Part};
use crate::fabric::unseen;

/// What an ingest was asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// Only these raw files, relative to the GitOps directory; empty means all.
    pub only: Vec<String>,
    /// Files from elsewhere.
    pub files: Vec<External>,
    /// Take sound documents out of files with bad ones.
    pub partial: bool,
    /// Leave invalid files where they are.
    pub leave_invalid: bool,
    /// Keep what an export added.
    pub keep_export: bool,
    /// Write other comments and layout of unchanged resources too.
    pub take_text: bool,
    /// What was decided about single resources.
    pub choices: BTreeMap<Identity, Choice>,
}

/// A directory read for planning: its managed resources and its raw files.
#[derive(Debug)]
pub struct Survey<'a> {
    /// The directory.
    pub snapshot: &'a Snapshot,
    /// Which spellings it uses.
    pub directories: Directories,
    /// Its managed resources.
    pub managed: Managed,
    /// The raw files, in the order of their paths; files from elsewhere last.
    pub raw: Vec<RawFile>,
}

impl<'a> Survey<'a> {
    /// Reads what an ingest concerns.
    pub fn new(snapshot: &'a Snapshot, options: &Options) -> Self {
        let directories = Directories::of(snapshot);
        let (managed, mut raw) = rayon::join(
            || Managed::read(snapshot, &directories),
            || {
                if options.files.is_empty() { raw::read(snapshot, &options.only) } else { Vec::new() }
            },
        );
        raw.extend(raw::read_external(&options.files));
        Self { snapshot, directories, managed, raw }
    }

    /// The identities whose history the plan needs, with their managed paths.
    pub fn questions(&self) -> BTreeMap<Identity, String> {
        settle::questions(&self.raw, &self.managed)
    }

    /// Whether a raw document brings this resource.
    pub fn brings(&self, identity: &Identity) -> bool {
        let is_it = |document: &raw::RawDocument| match &document.class {
            resource::Class::Resource(found) => found.identity == *identity,
            _ => false,
        };
        self.raw.iter().filter(|file| file.is_pending()).flat_map(RawFile::documents).any(is_it)
    }

    /// The bytes of a raw file.
    fn bytes(&self, file: &RawFile, options: &Options) -> Arc<[u8]> {
        if file.is_external {
            let external = self.raw.iter().filter(|raw| raw.is_external).position(|raw| raw.path == file.path);
            return external.map_or_else(|| Arc::from([]), |at| Arc::clone(&options.files[at].bytes));
        }
        self.snapshot.files.get(&file.path).and_then(|file| file.bytes()).unwrap_or_default().into()
    }
}

/// Plans an ingest: pure, from the survey and what history says of [`Survey::questions`].
pub fn plan(fabric: &Fabric, author: &str, options: &Options, survey: &Survey, past: &Past) -> Plan {
    let ground = Ground::new(survey.snapshot, &survey.directories, &survey.managed, past, options);
    let mut fates = settle::settle(&ground, &survey.raw);
    let mut draft = Draft::new(survey.snapshot);
    let mut findings = write_managed(&mut draft, survey, &fates);
    file_raw(&mut draft, fabric, options, survey, &mut fates);
    findings.extend(survey.raw.iter().flat_map(|file| file.findings.iter().cloned()));
    let stops: Vec<Finding> = unseen(survey.snapshot).into_iter().chain(draft.clashes()).collect();
    let is_stopped = !stops.is_empty();
    findings.extend(stops);
    findings.sort();
    findings.dedup();
    let documents = outcomes(&survey.raw, &fates);
    let is_refused = is_stopped || is_refused(options, &documents, &findings);
    finish(fabric, author, options, survey, &draft, documents, findings, is_refused)
}

#[expect(clippy::too_many_arguments, reason = "the parts of one plan, gathered once")]
fn finish(
    fabric: &Fabric,
    author: &str,
    options: &Options,
    survey: &Survey,
    draft: &Draft,
    documents: Vec<DocumentOutcome>,
    findings: Vec<Finding>,
    is_refused: bool,
) -> Plan {
    let (edits, changes) = if is_refused { (Vec::new(), Vec::new()) } else { (draft.edits(), draft.changes()) };
    let is_commit = edits.iter().any(|edit| edit.committed.is_some() || edit.after.is_some());
    let message = if is_commit { message(options, &documents, &changes).text(fabric, author) } else { String::new() };
    let made_of = ["ingest", &fabric.name, &fabric.directory, &fabric.branch, author, &format!("{options:?}")];
    let id = plan_id(&made_of, survey.snapshot, &edits, &message);
    // Whether there is something to do is not known where something was not read.
    let is_unread = findings.iter().any(|finding| finding.is_error() && unseen::is_code(finding.code));
    let verdict = match (is_refused, edits.is_empty()) {
        (true, _) => Verdict::Refused,
        (false, true) if is_unread => Verdict::Refused,
        (false, true) => Verdict::NoChange,
        (false, false) => Verdict::Planned,
    };
    let notes = if edits.is_empty() || is_commit {
        Vec::new()
    } else {
        vec!["only removes raw files whose bytes are in processed/ already; no commit is needed".to_owned()]
    };
    let fabric = fabric.name.clone();
    Plan { id, fabric, verdict, message, edits, changes, documents, findings, notes, typed_because: None }
}

/// What an ingest must have seen: everything that is managed, and where raw files go.
fn unseen(snapshot: &Snapshot) -> Vec<Finding> {
    let mut findings = unseen::findings(snapshot, |place| place == Place::Managed);
    let is_needed = |folder: &str| folder == "raw" || matches!(folder, "raw/processed" | "raw/errors");
    let folders = snapshot.unseen.iter().filter(|(folder, _)| is_needed(folder));
    findings.extend(folders.map(|(folder, why)| unseen::finding(folder, why)));
    findings
}

/// Files from elsewhere are taken whole or not at all; and nothing is written that changed its meaning.
fn is_refused(options: &Options, documents: &[DocumentOutcome], findings: &[Finding]) -> bool {
    let is_bad = |outcome| matches!(outcome, Outcome::Invalid | Outcome::Refused | Outcome::Secret);
    let external = !options.files.is_empty() && documents.iter().any(|document| is_bad(document.outcome));
    external || findings.iter().any(|finding| finding.code == CHANGED_MEANING)
}

const CHANGED_MEANING: &str = "HH-X1";

pub(crate) fn write_managed(draft: &mut Draft, survey: &Survey, fates: &[Vec<Fate>]) -> Vec<Finding> {
    let mut writes: BTreeMap<&str, Vec<(usize, &str, &raw::RawDocument)>> = BTreeMap::new();
    for (file, fates) in survey.raw.iter().zip(fates) {
        for (document, fate) in file.documents().iter().zip(fates) {
            if let (Some(path), Some((index, text))) = (&fate.path, &fate.write) {
                writes.entry(path).or_default().push((*index, text, document));
            }
        }
    }
    let mut findings = Vec::new();
    for (path, texts) in writes {
        for (_, text, document) in &texts {
            if !means_the_same(path, text, document) {
                findings.push(changed_meaning(document, path));
            }
        }
        match survey.managed.documents.get(path) {
            Some(number) if *number > 1 => match spliced(survey, path, &texts) {
                Some(text) => draft.write(path, text.into_bytes()),
                None => findings.push(changed_meaning(texts[0].2, path)),
            },
            _ => draft.write(path, texts[0].1.as_bytes()),
        }
    }
    findings
}

fn means_the_same(path: &str, text: &str, document: &raw::RawDocument) -> bool {
    let read = document::read(path, text.as_bytes());
    match (read.documents.as_slice(), &document.document.value) {
        ([only], Some(source)) => only.value.as_ref().is_some_and(|value| resource::same_meaning(value, source)),
        _ => false,
    }
}

fn changed_meaning(document: &raw::RawDocument, path: &str) -> Finding {
    let message = format!("cannot be written to {path} without changing what it means");
    let remedy = "write this document in plain block style and try again";
    Finding::file(Severity::Error, CHANGED_MEANING, &document.document.file, message, remedy)
        .at(document.document.line, 1)
}

/// A managed file of several documents with some of them replaced; none if text would be lost.
fn spliced(survey: &Survey, path: &str, texts: &[(usize, &str, &raw::RawDocument)]) -> Option<String> {
    let before = survey.snapshot.files.get(path)?.bytes()?;
    let replaced = |index: usize| texts.iter().find(|(at, _, _)| *at == index).map(|(_, text, _)| (*text).to_owned());
    splice::rebuild(path, before, |index| replaced(index).map_or(Part::Keep, Part::Replace))
}

fn file_raw(draft: &mut Draft, fabric: &Fabric, options: &Options, survey: &Survey, fates: &mut [Vec<Fate>]) {
    for (file, fates) in survey.raw.iter().zip(fates.iter_mut()) {
        if filing::is_placed(file, fates, settle::is_bad(file)) {
            let bytes = survey.bytes(file, options);
            filing::file_away(draft, survey.snapshot, file, &bytes, fates, fabric.processed);
        }
    }
    if options.leave_invalid || options.partial || draft.is_empty() {
        return;
    }
    for file in survey.raw.iter().filter(|file| matches!(file.state, RawState::Read(_))) {
        if settle::is_bad(file) {
            filing::set_aside(draft, file, &survey.bytes(file, options));
        }
    }
}

/// One line for every document and for every file that is told as a whole.
pub(crate) fn outcomes(files: &[RawFile], fates: &[Vec<Fate>]) -> Vec<DocumentOutcome> {
    let mut outcomes = Vec::new();
    for (file, fates) in files.iter().zip(fates) {
        let whole = |outcome, note: &str| DocumentOutcome {
            file: file.path.clone(),
            line: None,
            kind: None,
            namespace: None,
            name: None,
            outcome,
            path: None,
            note: note.to_owned(),
        };
        match &file.state {
            RawState::LeftOut(reason) => outcomes.push(whole(Outcome::LeftOut, reason)),
            RawState::Secret => outcomes.push(whole(Outcome::Secret, "stays where it is, in no commit")),
            RawState::Empty => {
                outcomes.push(whole(Outcome::AsksForNothing, "holds no document; ingest never deletes"));
            }
            RawState::StillInvalid(_) => {}
            RawState::Read(documents) if documents.is_empty() => outcomes.push(whole(Outcome::Invalid, "")),
            RawState::Read(documents) => {
                outcomes.extend(documents.iter().zip(fates).map(|(document, fate)| one(document, fate)));
            }
        }
    }
    outcomes
}

fn one(document: &raw::RawDocument, fate: &Fate) -> DocumentOutcome {
    let (kind, namespace, name) = document.describe();
    DocumentOutcome {
        file: document.document.file.clone(),
        line: Some(document.document.line),
        kind,
        namespace,
        name,
        outcome: fate.outcome,
        path: fate.path.clone(),
        note: fate.note.clone(),
    }
}

fn message<'a>(
    options: &Options,
    documents: &[DocumentOutcome],
    changes: &[crate::fabric::plan::Change],
) -> Message<'a> {
    let mut tally: BTreeMap<Outcome, usize> = BTreeMap::new();
    for document in documents {
        *tally.entry(document.outcome).or_default() += 1;
    }
    let written = [Outcome::Added, Outcome::Updated].iter().filter_map(|outcome| tally.get(outcome)).sum();
    let is_taken = |document: &&DocumentOutcome| document.path.is_some() && !document.outcome.is_no();
    let mut sources: Vec<String> = documents.iter().filter(is_taken).map(|document| document.file.clone()).collect();
    sources.dedup();
    let files = count(sources.len(), "raw file", "raw files");
    let summary = match written {
        0 if sources.is_empty() => count(changes.len(), "file set aside", "files set aside"),
        0 => format!("{files} filed, nothing new"),
        written => format!("{} from {files}", count(written, "resource", "resources")),
    };
    let body = tally
        .iter()
        .filter(|(outcome, _)| **outcome != Outcome::LeftOut)
        .map(|(outcome, number)| format!("{} {number}", outcome.word()))
        .collect();
    Message { action: "ingest", summary, body, sources, is_given: !options.files.is_empty() }
}
