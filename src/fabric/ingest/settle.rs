//! Settle: the outcome of every document, decided identity by identity.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::fabric::document::{self, Document};
use crate::fabric::ingest::Options;
use crate::fabric::ingest::choice::{self, Choice};
use crate::fabric::layout::Directories;
use crate::fabric::managed::{self, Managed, Spot};
use crate::fabric::message::count;
use crate::fabric::names;
use crate::fabric::noise;
use crate::fabric::plan::Outcome;
use crate::fabric::raw::{RawDocument, RawFile, RawState};
use crate::fabric::resource::{self, Class, Identity};
use crate::fabric::snapshot::{Content, Past, Snapshot};
use crate::yaml::{Node, Value};

/// What settling needs to know.
pub(crate) struct Ground<'a> {
    /// Which spellings it uses.
    pub(crate) directories: &'a Directories,
    /// Its managed resources.
    pub(crate) managed: &'a Managed,
    /// What history says of the resources in question.
    pub(crate) past: &'a Past,
    /// The paths that are taken, by their folded spelling: some file systems tell no difference.
    pub(crate) taken: HashMap<String, &'a str>,
    /// The directory.
    pub(crate) snapshot: &'a Snapshot,
    /// What was decided about single resources.
    pub(crate) choices: &'a BTreeMap<Identity, Choice>,
    /// Take sound documents out of files with bad ones.
    pub(crate) partial: bool,
    /// Keep what an export added.
    pub(crate) keep_export: bool,
    /// Write other comments and layout of unchanged resources too.
    pub(crate) take_text: bool,
}

impl<'a> Ground<'a> {
    /// The ground of an ingest.
    pub(crate) fn new(
        snapshot: &'a Snapshot,
        directories: &'a Directories,
        managed: &'a Managed,
        past: &'a Past,
        options: &'a Options,
    ) -> Self {
        Self {
            directories,
            managed,
            past,
            taken: taken(snapshot),
            snapshot,
            choices: &options.choices,
            partial: options.partial,
            keep_export: options.keep_export,
            take_text: options.take_text,
        }
    }
}

/// The paths below `managed/` that are taken, by their folded spelling.
pub(crate) fn taken(snapshot: &Snapshot) -> HashMap<String, &str> {
    let is_there = |path: &str, content: &Content| path.starts_with("managed/") && !matches!(content, Content::Deleted);
    let files = snapshot.files.iter().filter(|(path, file)| is_there(path, &file.content));
    files.map(|(path, _)| (names::folded(path), path.as_str())).collect()
}

/// What becomes of one document.
#[derive(Debug, Clone)]
pub(crate) struct Fate {
    /// The outcome.
    pub(crate) outcome: Outcome,
    /// Where it ends up, relative to the GitOps directory.
    pub(crate) path: Option<String>,
    /// One sentence; may be empty.
    pub(crate) note: String,
    /// Whether its file has to stay because of it.
    pub(crate) holds_file: bool,
    /// The text to write, and which document of the managed file it replaces.
    pub(crate) write: Option<(usize, String)>,
}

impl Fate {
    /// A fate that writes nothing.
    pub(crate) fn of(outcome: Outcome, path: Option<String>, note: &str) -> Self {
        Self::new(outcome, path, note)
    }

    fn new(outcome: Outcome, path: Option<String>, note: impl Into<String>) -> Self {
        let holds_file = outcome.is_no();
        Self { outcome, path, note: note.into(), holds_file, write: None }
    }
}

/// Whether a file has a document that holds it up, or is broken as a whole.
pub(crate) fn is_bad(file: &RawFile) -> bool {
    let is_broken = file.findings.iter().any(super::super::finding::Finding::is_error);
    is_broken || file.documents().iter().any(RawDocument::is_bad)
}

/// The identities whose history decides something, with their managed paths: raw and managed differ there.
pub(crate) fn questions(files: &[RawFile], managed: &Managed) -> BTreeMap<Identity, String> {
    let mut asked = BTreeMap::new();
    for document in files.iter().filter(|file| file.is_pending()).flat_map(RawFile::documents) {
        let Class::Resource(found) = &document.class else {
            continue;
        };
        let Some(spot) = managed.resources.get(&found.identity).and_then(|spots| spots.first()) else {
            continue;
        };
        if !is_same(&document.document, &spot.document) {
            asked.insert(found.identity.clone(), spot.path.clone());
        }
    }
    asked
}

/// Decides every document of every file; the result is indexed as the files are.
pub(crate) fn settle(ground: &Ground, files: &[RawFile]) -> Vec<Vec<Fate>> {
    let mut pool: BTreeMap<&Identity, Vec<(usize, usize)>> = BTreeMap::new();
    let mut fates: Vec<Vec<Option<Fate>>> = Vec::new();
    for (at, file) in files.iter().enumerate() {
        let waits = is_bad(file) && !ground.partial;
        let is_read = matches!(file.state, RawState::Read(_));
        let mut row = Vec::new();
        for (index, document) in file.documents().iter().enumerate() {
            let fate = alone(document, waits);
            if let (None, true, Class::Resource(found)) = (&fate, is_read, &document.class) {
                pool.entry(&found.identity).or_default().push((at, index));
            }
            row.push(fate);
        }
        fates.push(row);
    }
    for (identity, mut places) in pool {
        places.sort_by_key(|(at, index)| (&files[*at].path, files[*at].documents()[*index].document.line));
        let documents: Vec<&Document> =
            places.iter().map(|(at, index)| &files[*at].documents()[*index].document).collect();
        for ((at, index), fate) in places.iter().zip(decide_all(ground, identity, &documents)) {
            fates[*at][*index] = Some(fate);
        }
    }
    let unread = || Fate::new(Outcome::Invalid, None, "still has errors");
    fates.into_iter().map(|row| row.into_iter().map(|fate| fate.unwrap_or_else(unread)).collect()).collect()
}

fn alone(document: &RawDocument, waits: bool) -> Option<Fate> {
    match &document.class {
        Class::Invalid(_) => Some(Fate::new(Outcome::Invalid, None, "")),
        Class::Foreign => Some(Fate::new(Outcome::Unmanaged, None, "")),
        Class::Refused { findings, .. } => {
            let why = findings.first().map(|finding| finding.message.clone()).unwrap_or_default();
            Some(Fate::new(Outcome::Refused, None, why))
        }
        Class::Resource(_) if waits => {
            Some(Fate::new(Outcome::Waits, None, "another document of its file holds it up"))
        }
        Class::Resource(_) => None,
    }
}

fn decide_all(ground: &Ground, identity: &Identity, documents: &[&Document]) -> Vec<Fate> {
    let first = documents[0];
    let spot = ground.managed.resources.get(identity).and_then(|spots| spots.first());
    match (ground.choices.get(identity), spot) {
        (Some(Choice::Unmanaged), _) => return choice::aside(ground, identity, documents),
        (Some(Choice::Managed), Some(spot)) => {
            let fate = Fate::new(Outcome::Kept, Some(spot.path.clone()), "managed stays, as chosen");
            return documents.iter().map(|_| fate.clone()).collect();
        }
        _ => {}
    }
    if let Some(other) = documents.iter().find(|other| !is_same(first, other)) {
        let note = format!("{}:{} and {}:{} disagree about {identity}", first.file, first.line, other.file, other.line);
        let path = ground.managed.resources.get(identity).map(|spots| spots[0].path.clone());
        return documents.iter().map(|_| Fate::new(Outcome::Conflict, path.clone(), note.clone())).collect();
    }
    let decided = decide(ground, identity, first);
    let mut twin =
        Fate::new(Outcome::Duplicate, decided.path.clone(), format!("the same as {}:{}", first.file, first.line));
    twin.holds_file = decided.holds_file;
    std::iter::once(decided).chain(documents.iter().skip(1).map(|_| twin.clone())).collect()
}

fn decide(ground: &Ground, identity: &Identity, raw: &Document) -> Fate {
    match ground.managed.resources.get(identity).and_then(|spots| spots.first()) {
        None => added(ground, identity, raw),
        Some(spot) if is_same(raw, &spot.document) => unchanged(ground, raw, spot),
        Some(spot) if ground.choices.contains_key(identity) => replaced(ground, raw, spot, "taken as chosen"),
        Some(spot) => changed(ground, identity, raw, spot),
    }
}

fn added(ground: &Ground, identity: &Identity, raw: &Document) -> Fate {
    let Some(path) = managed::own_path(ground.directories, identity) else {
        return Fate::new(Outcome::Conflict, None, format!("{identity} has no place in the layout"));
    };
    let taken = ground.taken.get(&names::folded(&path));
    if let Some(other) = taken {
        let note = format!("{other} is taken by something else");
        return Fate::new(Outcome::Conflict, Some(path), note);
    }
    let (text, note) = managed_text(ground, raw);
    Fate { write: Some((0, text)), ..Fate::new(Outcome::Added, Some(path), note) }
}

fn unchanged(ground: &Ground, raw: &Document, spot: &Spot) -> Fate {
    let (text, _) = managed_text(ground, raw);
    let path = Some(spot.path.clone());
    if text == spot.document.text {
        return Fate::new(Outcome::Unchanged, path, "");
    }
    if ground.take_text {
        let note = "comments or layout only";
        return Fate { write: Some((spot.index, text)), ..Fate::new(Outcome::Updated, path, note) };
    }
    let lines = differing_lines(&spot.document.text, &text);
    let note = format!("comments or layout differ in {}; --take-text writes them", count(lines, "line", "lines"));
    Fate::new(Outcome::Unchanged, path, note)
}

fn differing_lines(before: &str, after: &str) -> usize {
    let diff = similar::TextDiff::from_lines(before, after);
    diff.iter_all_changes().filter(|change| change.tag() != similar::ChangeTag::Equal).count()
}

fn changed(ground: &Ground, identity: &Identity, raw: &Document, spot: &Spot) -> Fate {
    let path = Some(spot.path.clone());
    let base = ground.past.bases.get(identity);
    if base.is_some_and(|base| is_same(raw, base)) {
        let note = "managed was edited by hand since; the edit stays";
        return Fate::new(Outcome::Kept, path, note);
    }
    let version = |bytes: &[u8]| version_of(identity, &spot.path, bytes);
    let mut earlier = ground.past.earlier.get(&spot.path).into_iter().flatten();
    let earlier = earlier.find(|earlier| version(&earlier.bytes).is_some_and(|document| is_same(raw, &document)));
    if let Some(earlier) = earlier {
        let commit = earlier.replaced_by.get(..8).unwrap_or(&earlier.replaced_by);
        let note = format!("the same as before commit {commit}, which is newer; --take raw takes it all the same");
        return Fate::new(Outcome::Older, path, note);
    }
    let dropped = match (&raw.value, &spot.document.value) {
        (Some(raw), Some(managed)) => resource::dropped_hydration(&identity.kind, managed, raw),
        _ => Vec::new(),
    };
    if !dropped.is_empty() {
        let note = format!("would drop what the fabric filled in: {}; --take chooses", dropped.join(", "));
        return Fate::new(Outcome::Conflict, path, note);
    }
    let note = match base {
        Some(base) if is_same(base, &spot.document) => return replaced(ground, raw, spot, ""),
        Some(_) => "raw and managed were both changed since the last ingest; --take chooses",
        None => "no commit tells what managed was filed from, so an edit may be in it; --take raw replaces it",
    };
    Fate::new(Outcome::Conflict, path, note)
}

/// Raw replaces managed.
fn replaced(ground: &Ground, raw: &Document, spot: &Spot, why: &str) -> Fate {
    let (text, note) = managed_text(ground, raw);
    let note = join_notes([why.to_owned(), gone(raw, &spot.document), note]);
    Fate { write: Some((spot.index, text)), ..Fate::new(Outcome::Updated, Some(spot.path.clone()), note) }
}

fn join_notes(notes: [String; 3]) -> String {
    notes.into_iter().filter(|note| !note.is_empty()).collect::<Vec<_>>().join("; ")
}

fn version_of(identity: &Identity, path: &str, bytes: &[u8]) -> Option<Document> {
    document::read(path, bytes)
        .documents
        .into_iter()
        .find(|document| matches!(resource::classify(document), Class::Resource(found) if &found.identity == identity))
}

fn managed_text(ground: &Ground, raw: &Document) -> (String, String) {
    let (text, removed) = noise::remove(&raw.text, ground.keep_export);
    let mut notes = Vec::new();
    if !removed.is_empty() {
        notes.push(format!("export noise removed: {}", removed.join(", ")));
    }
    let stuck = noise::remaining(&text, ground.keep_export);
    if !stuck.is_empty() {
        notes.push(format!("export noise that stays, since something else needs it: {}", stuck.join(", ")));
    }
    if raw.rewritten {
        notes.push("written anew from its List".to_owned());
    }
    (text, notes.join("; "))
}

fn is_same(a: &Document, b: &Document) -> bool {
    match (&a.value, &b.value) {
        (Some(a), Some(b)) => resource::same_meaning(a, b),
        _ => false,
    }
}

fn gone(raw: &Document, managed: &Document) -> String {
    let (Some(raw), Some(managed)) = (&raw.value, &managed.value) else {
        return String::new();
    };
    let (mut kept, mut had) = (BTreeSet::new(), BTreeSet::new());
    leaves(raw, "", &mut kept);
    leaves(managed, "", &mut had);
    match had.difference(&kept).count() {
        0 => String::new(),
        number => format!("{} disappear", count(number, "key", "keys")),
    }
}

fn leaves(node: &Node, path: &str, into: &mut BTreeSet<String>) {
    match &node.value {
        Value::Mapping(entries) => {
            for entry in entries {
                let key = entry.key.as_str().map_or_else(|| format!("{:?}", entry.key.value), str::to_owned);
                leaves(&entry.value, &format!("{path}.{key}"), into);
            }
        }
        Value::Sequence(items) => {
            for (index, item) in items.iter().enumerate() {
                leaves(item, &format!("{path}[{index}]"), into);
            }
        }
        _ => {
            into.insert(path.to_owned());
        }
    }
}
