//! Resources: what the planners that change managed resources share, and how their plans end.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::fabric::Fabric;
use crate::fabric::check::Check;
use crate::fabric::document::Document;
use crate::fabric::draft::Draft;
use crate::fabric::finding::{Finding, Severity};
use crate::fabric::ingest::judge;
use crate::fabric::kind;
use crate::fabric::layout::{self, Directories, Place};
use crate::fabric::managed::{Managed, Spot};
use crate::fabric::message::{Message, count};
use crate::fabric::plan::{Change, ChangeKind, DocumentOutcome, Outcome, Plan, Verdict, plan_id};
use crate::fabric::resource::Identity;
use crate::fabric::secret;
use crate::fabric::snapshot::{Content, File, Snapshot};
use crate::fabric::splice::{self, Part};
use crate::fabric::unseen;

/// What such a plan is made of.
#[derive(Debug)]
pub struct Ground<'a> {
    /// The fabric.
    pub fabric: &'a Fabric,
    /// `Name <address>`.
    pub author: &'a str,
    /// The directory.
    pub snapshot: &'a Snapshot,
    /// Which spellings it uses.
    pub directories: Directories,
    /// Its managed resources.
    pub managed: Managed,
    /// How resources are checked.
    pub check: &'a Check,
}

impl<'a> Ground<'a> {
    /// Reads the managed resources of a snapshot.
    pub fn new(fabric: &'a Fabric, author: &'a str, snapshot: &'a Snapshot, check: &'a Check) -> Self {
        let directories = Directories::of(snapshot);
        let managed = Managed::read(snapshot, &directories);
        Self { fabric, author, snapshot, directories, managed, check }
    }

    /// The bytes of a path, if it was read.
    pub(crate) fn bytes(&self, path: &str) -> Option<&[u8]> {
        self.snapshot.files.get(path).and_then(|file| file.bytes())
    }
}

/// A plan while it is being made.
pub(crate) struct Making<'a> {
    /// The changes of files.
    pub(crate) draft: Draft<'a>,
    /// What becomes of each document.
    pub(crate) documents: Vec<DocumentOutcome>,
    /// What was remarked; an error refuses the plan.
    pub(crate) findings: Vec<Finding>,
    /// Sentences about the plan as a whole.
    pub(crate) notes: Vec<String>,
    /// What of the check of the directory as it would be belongs to the plan.
    pub(crate) reach: Reach,
    /// Where a file of the plan stood before, by its new path: what was wrong there is not new.
    pub(crate) moved: BTreeMap<String, String>,
}

/// What of the check of the directory as it would be belongs to a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// The errors the plan would cause; they refuse it.
    Errors,
    /// These, and what is remarked about the files of the plan.
    Remarks,
    /// Errors are uncovered, not caused: they are told as warnings.
    Uncovered,
}

impl<'a> Making<'a> {
    /// Nothing planned yet.
    pub(crate) fn new(ground: &Ground<'a>) -> Self {
        Self {
            draft: Draft::new(ground.snapshot),
            documents: Vec::new(),
            findings: Vec::new(),
            notes: Vec::new(),
            reach: Reach::Errors,
            moved: BTreeMap::new(),
        }
    }

    /// Says what becomes of one managed document.
    pub(crate) fn tell(&mut self, identity: &Identity, spot: &Spot, outcome: Outcome, path: Option<&str>, note: &str) {
        self.documents.push(DocumentOutcome {
            file: spot.path.clone(),
            line: Some(spot.document.line),
            kind: Some(identity.kind.clone()),
            namespace: Some(identity.namespace.clone()),
            name: Some(identity.name.clone()),
            outcome,
            path: path.map(str::to_owned),
            note: note.to_owned(),
        });
    }

    /// Writes a managed file with some of its documents replaced or dropped; a file of which nothing
    /// is left is removed.
    pub(crate) fn rebuild(&mut self, ground: &Ground, path: &str, parts: &BTreeMap<usize, Part>) {
        let total = ground.managed.documents.get(path).copied().unwrap_or_default();
        let is_gone = (0..total).all(|index| parts.get(&index) == Some(&Part::Drop));
        let part = |index: usize| parts.get(&index).cloned().unwrap_or(Part::Keep);
        match ground.bytes(path).and_then(|bytes| splice::rebuild(path, bytes, part)) {
            _ if is_gone => self.draft.remove(path),
            Some(text) => self.draft.write(path, text.into_bytes()),
            None => self.findings.push(homeless(path, Severity::Error)),
        }
    }

    /// Ends the plan: checks the directory as it would be, writes the message, hashes everything.
    pub(crate) fn finish(mut self, ground: &Ground, action: &'static str, asked: &str, summary: &str) -> Plan {
        // What could not be read is not gone: no plan is made around it.
        self.findings.extend(unseen::findings(ground.snapshot, |place| place == Place::Managed));
        self.findings.extend(self.draft.clashes());
        self.keep_folders(ground);
        if !self.draft.is_empty() {
            let caused = self.caused(ground);
            self.findings.extend(caused);
            self.findings.extend(self.draft.changes().iter().filter_map(secret_in));
        }
        self.findings.sort();
        self.findings.dedup();
        self.documents.sort_by(|a, b| (&a.file, a.line, a.outcome).cmp(&(&b.file, b.line, b.outcome)));
        let is_refused = self.findings.iter().any(Finding::is_error);
        if is_refused {
            // Nothing becomes of any document, and nothing must sound as if it did.
            self.documents.clear();
        }
        let (edits, changes) =
            if is_refused { (Vec::new(), Vec::new()) } else { (self.draft.edits(), self.draft.changes()) };
        let message = if edits.is_empty() {
            String::new()
        } else {
            let (summary, body) = (summary.to_owned(), body(&self.documents));
            Message { action, summary, body, ..Message::default() }.text(ground.fabric, ground.author)
        };
        let fabric = ground.fabric;
        let made_of = [action, &fabric.name, &fabric.directory, &fabric.branch, ground.author, asked];
        let id = plan_id(&made_of, ground.snapshot, &edits, &message);
        let verdict = match (is_refused, edits.is_empty()) {
            (true, _) => Verdict::Refused,
            (false, true) => Verdict::NoChange,
            (false, false) => Verdict::Planned,
        };
        let typed_because = typed_because(&changes);
        let (documents, findings, notes) = (self.documents, self.findings, self.notes);
        let fabric = fabric.name.clone();
        Plan { id, fabric, verdict, message, edits, changes, documents, findings, notes, typed_because }
    }

    /// A kind directory that loses its last file keeps its place in the layout.
    fn keep_folders(&mut self, ground: &Ground) {
        let after = self.draft.upon(committed(ground.snapshot));
        let left = layout::folders(&after);
        let lost: BTreeSet<&str> = ground
            .snapshot
            .files
            .keys()
            .filter_map(|path| kind_folder(path))
            .filter(|one| !left.contains(one))
            .collect();
        for folder in lost {
            self.draft.write(&format!("{folder}/.gitkeep"), Vec::new());
        }
    }

    /// What the check says of the directory as it would be, and does not say of it today.
    fn caused(&self, ground: &Ground) -> Vec<Finding> {
        let base = committed(ground.snapshot);
        let after = self.draft.upon(base.clone());
        let (before, now) = (read(&base), read(&after));
        let key = |finding: &Finding| (finding.file.clone(), finding.code, finding.message.clone());
        let standing = before.findings.iter().cloned().chain(judge::managed(&before, &[], ground.check));
        let standing: BTreeSet<_> = standing.flat_map(|finding| [key(&finding), self.elsewhere(&finding)]).collect();
        let is_meant = |finding: &Finding| match self.reach {
            Reach::Remarks => {
                finding.is_error() || (finding.severity == Severity::Warning && self.draft.holds(&finding.file))
            }
            Reach::Errors | Reach::Uncovered => finding.is_error(),
        };
        let is_new =
            |finding: &Finding| !standing.contains(&key(finding)) && !standing.contains(&self.elsewhere(finding));
        let is_told = |finding: &Finding| {
            let is_same = |other: &Finding| other.line == finding.line || other.code == finding.code;
            self.findings.iter().any(|other| other.file == finding.file && is_same(other))
        };
        let is_wanted = |finding: &Finding| is_meant(finding) && is_new(finding) && !is_told(finding);
        let mut caused: Vec<Finding> = now.findings.iter().filter(|one| is_wanted(one)).cloned().collect();
        // What cannot be read is not gone: nothing is said of those who refer to it.
        if self.reach == Reach::Uncovered || !caused.iter().any(Finding::is_error) {
            let found = judge::managed(&now, &replaced(&before, &now), ground.check);
            caused.extend(found.into_iter().filter(is_wanted));
        }
        for finding in caused.iter_mut().filter(|_| self.reach == Reach::Uncovered) {
            finding.severity = Severity::Warning;
        }
        caused
    }

    /// What a finding is known by where its file moved: not by its words, which may name the file.
    fn elsewhere(&self, finding: &Finding) -> (String, &'static str, String) {
        let file = self.moved.get(&finding.file).unwrap_or(&finding.file).clone();
        let is_moved = self.moved.values().any(|old| *old == file);
        let message = if is_moved { String::new() } else { finding.message.clone() };
        (file, finding.code, message)
    }
}

/// The finding that a file holds text of no document, such as a resource that is commented out.
pub(crate) fn homeless(path: &str, severity: Severity) -> Finding {
    let message = "holds text that belongs to no document, such as a resource that is commented out";
    let remedy = "move that text elsewhere by hand and try again";
    Finding::file(severity, "HH-X1", path, message, remedy)
}

fn read(snapshot: &Snapshot) -> Managed {
    Managed::read(snapshot, &Directories::of(snapshot))
}

/// The directory as it is committed, without what was edited in `managed/`.
fn committed(snapshot: &Snapshot) -> Snapshot {
    let mut base = snapshot.clone();
    for path in edited(snapshot) {
        match snapshot.before.get(path) {
            Some(bytes) => {
                let content = Content::Bytes(Arc::clone(bytes));
                base.files.insert(path.to_owned(), File { committed: None, current: None, content });
            }
            None => {
                base.files.remove(path);
            }
        }
    }
    base
}

/// The documents of before whose resource changed or went.
fn replaced(before: &Managed, now: &Managed) -> Vec<(Identity, Document)> {
    let first = |managed: &Managed, identity: &Identity| -> Option<Document> {
        managed.resources.get(identity).and_then(|spots| spots.first()).map(|spot| spot.document.clone())
    };
    let changed = before.resources.keys().filter_map(|identity| {
        let was = first(before, identity)?;
        let is_same = first(now, identity).is_some_and(|is| is.text == was.text && is.file == was.file);
        (!is_same).then(|| (identity.clone(), was))
    });
    changed.collect()
}

/// `managed/vpcs` of `managed/vpcs/web.yaml`.
fn kind_folder(path: &str) -> Option<&str> {
    let (folder, _) = path.rsplit_once('/')?;
    folder.strip_prefix("managed/").and_then(kind::of_directory).map(|_| folder)
}

/// A secret enters no commit, not even one that Git has already.
fn secret_in(change: &Change) -> Option<Finding> {
    secret::find(&change.path, change.after.as_deref()?)
}

fn body(documents: &[DocumentOutcome]) -> Vec<String> {
    let mut tally: BTreeMap<Outcome, usize> = BTreeMap::new();
    for document in documents {
        *tally.entry(document.outcome).or_default() += 1;
    }
    tally.iter().map(|(outcome, number)| format!("{} {number}", outcome.word())).collect()
}

fn typed_because(changes: &[Change]) -> Option<String> {
    let is_gone =
        |change: &&Change| change.change == ChangeKind::Deleted && layout::place(&change.path) == Place::Managed;
    let gone = changes.iter().filter(is_gone).count();
    (gone > 0).then(|| format!("{} deleted", count(gone, "managed file is", "managed files are")))
}

/// The managed files that were edited by hand and not committed, deleted ones among them.
pub(crate) fn edited(snapshot: &Snapshot) -> Vec<&str> {
    let is_edited = |path: &str, file: &File| {
        layout::place(path) == Place::Managed && file.is_edited() && !matches!(file.content, Content::Ignored)
    };
    snapshot.files.iter().filter(|(path, file)| is_edited(path, file)).map(|(path, _)| path.as_str()).collect()
}
