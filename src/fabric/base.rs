//! Base: the document of an identity that was last filed, looked for in what commits changed, newest first.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::config::Processed;
use crate::error::Result;
use crate::fabric::document::{self, Document};
use crate::fabric::layout::{self, Place};
use crate::fabric::message;
use crate::fabric::resource::{self, Class, Identity};

/// What one commit changed in a GitOps directory, against all of its parents.
#[derive(Debug, Clone, Default)]
pub struct Step {
    /// The values of its `Hedgerow-Operation` trailers; a squash may have several.
    pub operations: Vec<String>,
    /// The values of its `Hedgerow-Source` trailers, quoted as they stand there.
    pub sources: Vec<String>,
    /// The files it changed.
    pub changes: Vec<Change>,
}

/// One file a commit changed.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// The path relative to the GitOps directory.
    pub path: String,
    /// The blobs its parents have there, hexadecimal.
    pub old: Vec<String>,
    /// The blob it has itself.
    pub new: Option<String>,
}

/// Reads a blob by its hexadecimal id.
pub type Read<'a> = &'a dyn Fn(&str) -> Result<Vec<u8>>;

/// The search for the bases of some identities.
#[derive(Debug)]
pub struct Search {
    open: BTreeSet<Identity>,
    is_deleted: bool,
    found: BTreeMap<Identity, Option<Document>>,
    first: BTreeMap<Identity, Document>,
    renamed: BTreeMap<Identity, (Identity, Document)>,
    parsed: HashMap<String, Vec<(Identity, Document)>>,
}

impl Search {
    /// Of these identities, in a fabric that keeps its raw files so.
    pub fn new(wanted: BTreeSet<Identity>, processed: Processed) -> Self {
        Self {
            open: wanted,
            is_deleted: processed == Processed::Delete,
            found: BTreeMap::new(),
            first: BTreeMap::new(),
            renamed: BTreeMap::new(),
            parsed: HashMap::new(),
        }
    }

    /// Whether nothing is left to be found.
    pub fn is_over(&self) -> bool {
        self.open.is_empty()
    }

    /// Takes the next older commit.
    ///
    /// # Errors
    /// Where a blob cannot be read.
    pub fn take(&mut self, step: &Step, read: Read<'_>) -> Result<()> {
        let changes = || step.changes.iter();
        let managed = self.read_open(changes().filter(|change| is_managed(change)), Side::New, read)?;
        let mut filed = self.read_open(changes().filter(|change| is_put(step, change)), Side::New, read)?;
        for change in changes().filter(|change| is_removed(step, change)) {
            for (identity, document) in self.read_open(std::iter::once(change), Side::Old, read)? {
                let is_loose = layout::place(&change.path) == Place::Loose;
                let is_placed = !is_loose || managed.iter().any(|(other, _)| *other == identity);
                let is_told = step.sources.contains(&message::quote(&change.path));
                if is_placed && (is_told || (step.operations.is_empty() && (is_loose || self.is_deleted))) {
                    filed.push((identity, document));
                }
            }
        }
        self.take_filed(&filed, &managed);
        self.take_first(step, &managed, read)
    }

    /// The bases.
    pub fn bases(&self) -> BTreeMap<Identity, Document> {
        let known = self.found.keys().chain(self.first.keys());
        known.filter_map(|identity| Some((identity.clone(), self.base_of(identity, self.renamed.len())?))).collect()
    }

    /// What was renamed has a base only if it had one before, and the rename took no hand edit along.
    fn base_of(&self, identity: &Identity, renames: usize) -> Option<Document> {
        if let Some(found) = self.found.get(identity) {
            return found.clone();
        }
        if let Some((before, was)) = self.renamed.get(identity) {
            self.base_of(before, renames.checked_sub(1)?).filter(|base| is_same(base, was))?;
        }
        self.first.get(identity).cloned()
    }

    /// What a commit filed is a base. Where it filed two that differ (a squash may), the one it left in
    /// `managed/` came last; where that is neither, nobody can tell.
    fn take_filed(&mut self, filed: &[(Identity, Document)], managed: &[(Identity, Document)]) {
        let named: BTreeSet<&Identity> = filed.iter().map(|(identity, _)| identity).collect();
        for identity in named {
            if !self.open.remove(identity) {
                continue;
            }
            let all: Vec<&Document> = of(filed, identity).collect();
            let base = match all.as_slice() {
                [only, rest @ ..] if rest.iter().all(|other| is_same(only, other)) => Some(*only),
                all => all.iter().copied().find(|one| of(managed, identity).any(|left| is_same(one, left))),
            };
            self.found.insert(identity.clone(), base.cloned());
        }
    }

    /// What a commit of ours first wrote is a base where nothing was ever filed; a hand edit it adopted is not.
    fn take_first(&mut self, step: &Step, managed: &[(Identity, Document)], read: Read<'_>) -> Result<()> {
        let written: Vec<_> = managed.iter().filter(|(identity, _)| self.open.contains(identity)).collect();
        let is_by = |name: &str| step.operations.iter().any(|operation| operation == name);
        if step.operations.is_empty() || is_by("commit") || written.is_empty() {
            return Ok(());
        }
        let changed = || step.changes.iter().filter(|change| is_managed(change));
        let before = self.read_some(changed(), Side::Old, read, &|_| true)?;
        let after = self.read_some(changed(), Side::New, read, &|_| true)?;
        for (identity, document) in written.into_iter().filter(|(identity, _)| of(&before, identity).next().is_none()) {
            self.first.insert(identity.clone(), document.clone());
            self.renamed.remove(identity);
            let is_it = |(other, _): &&(Identity, Document)| {
                other.kind == identity.kind
                    && other.namespace == identity.namespace
                    && of(&after, other).next().is_none()
            };
            if let Some((other, was)) = before.iter().find(is_it).filter(|_| is_by("rename")) {
                self.renamed.insert(identity.clone(), (other.clone(), was.clone()));
                if !self.found.contains_key(other) {
                    self.open.insert(other.clone());
                }
            }
        }
        Ok(())
    }

    /// The documents of identities that are still looked for.
    fn read_open<'a>(
        &mut self,
        changes: impl Iterator<Item = &'a Change>,
        side: Side,
        read: Read<'_>,
    ) -> Result<Vec<(Identity, Document)>> {
        // Most files name none of the few that are looked for; what has escapes may write a name otherwise.
        let names: Vec<String> = self.open.iter().map(|identity| identity.name.clone()).collect();
        let is_worth = |bytes: &[u8]| match std::str::from_utf8(bytes) {
            Ok(text) if names.len() <= FEW => text.contains('\\') || names.iter().any(|name| text.contains(name)),
            _ => true,
        };
        let mut documents = self.read_some(changes, side, read, &is_worth)?;
        documents.retain(|(identity, _)| self.open.contains(identity));
        Ok(documents)
    }

    /// The resources on one side of changes, of files whose bytes are worth parsing.
    fn read_some<'a>(
        &mut self,
        changes: impl Iterator<Item = &'a Change>,
        side: Side,
        read: Read<'_>,
        is_worth: &dyn Fn(&[u8]) -> bool,
    ) -> Result<Vec<(Identity, Document)>> {
        let mut documents = Vec::new();
        for change in changes {
            let blobs: Vec<&String> = match side {
                Side::Old => change.old.iter().collect(),
                Side::New => change.new.iter().collect(),
            };
            for blob in blobs {
                if let Some(known) = self.parsed.get(blob) {
                    documents.extend(known.iter().cloned());
                    continue;
                }
                let bytes = read(blob)?;
                if is_worth(&bytes) {
                    let parsed = resources(&change.path, &bytes);
                    documents.extend(parsed.iter().cloned());
                    self.parsed.insert(blob.clone(), parsed);
                }
            }
        }
        Ok(documents)
    }
}

/// Up to so many names are looked for in a file's bytes before it is parsed.
const FEW: usize = 16;

/// Which side of a change.
#[derive(Debug, Clone, Copy)]
enum Side {
    Old,
    New,
}

fn resources(path: &str, bytes: &[u8]) -> Vec<(Identity, Document)> {
    let named = |document: Document| match resource::classify(&document) {
        Class::Resource(found) => Some((found.identity, document)),
        Class::Foreign | Class::Refused { .. } | Class::Invalid(_) => None,
    };
    document::read(path, bytes).documents.into_iter().filter_map(named).collect()
}

fn of<'a>(documents: &'a [(Identity, Document)], identity: &'a Identity) -> impl Iterator<Item = &'a Document> {
    documents.iter().filter(move |(other, _)| other == identity).map(|(_, document)| document)
}

fn is_same(a: &Document, b: &Document) -> bool {
    match (&a.value, &b.value) {
        (Some(a), Some(b)) => resource::same_meaning(a, b),
        _ => false,
    }
}

fn is_managed(change: &Change) -> bool {
    layout::place(&change.path) == Place::Managed
}

/// Whether a commit filed this file: put it into `raw/processed/`, where it was not just moved within.
fn is_put(step: &Step, change: &Change) -> bool {
    let Some(new) = change.new.as_ref().filter(|_| layout::place(&change.path) == Place::Processed) else {
        return false;
    };
    let below = change.path.strip_prefix("raw/processed/").unwrap_or(&change.path);
    let sources = [message::quote(below), message::quote(&format!("raw/{below}"))];
    let is_left = |other: &Change| {
        layout::place(&other.path) == Place::Processed && other.old.contains(new) && other.new.as_ref() != Some(new)
    };
    step.sources.iter().any(|source| sources.contains(source)) || !step.changes.iter().any(is_left)
}

/// Whether a commit took this file out of where it waited, and left it nowhere else.
fn is_removed(step: &Step, change: &Change) -> bool {
    let waits = matches!(layout::place(&change.path), Place::Raw | Place::Errors | Place::Loose);
    let is_elsewhere = |other: &Change| {
        let is_managed = layout::place(&other.path) == Place::Managed;
        !is_managed && other.new.as_ref().is_some_and(|new| change.old.contains(new))
    };
    waits && change.new.is_none() && !step.changes.iter().any(is_elsewhere)
}

#[cfg(test)]
mod tests {
    use super::{BTreeMap, BTreeSet, Change, Search, Step};
    use crate::config::Processed;
    use crate::fabric::resource::Identity;

    fn web() -> Identity {
        let [group, kind, namespace, name] = ["vpc.githedgehog.com", "VPC", "default", "web"].map(str::to_owned);
        Identity { group, kind, namespace, name }
    }

    fn vpc(vlan: &str) -> Vec<u8> {
        let head = "apiVersion: vpc.githedgehog.com/v1beta1\nkind: VPC\nmetadata: { name: web }\n";
        format!("{head}spec: {{ subnets: {{ default: {{ subnet: 10.0.1.0/24, vlan: {vlan} }} }} }}\n").into_bytes()
    }

    fn change(path: &str, old: &[&str], new: Option<&str>) -> Change {
        let text = |text: &&str| (*text).to_owned();
        Change { path: path.to_owned(), old: old.iter().map(text).collect(), new: new.as_ref().map(text) }
    }

    /// The base found in these commits, newest first, where a blob's id is its VLAN.
    fn base(steps: Vec<Vec<Change>>, operation: Option<&str>) -> Option<Vec<u8>> {
        let mut search = Search::new(BTreeSet::from([web()]), Processed::Keep);
        for changes in steps {
            let operations = operation.map(str::to_owned).into_iter().collect();
            let step = Step { operations, sources: Vec::new(), changes };
            search.take(&step, &|blob| Ok(vpc(blob))).unwrap();
        }
        let bases: BTreeMap<_, _> = search.bases();
        bases.get(&web()).map(|document| document.text.clone().into_bytes())
    }

    #[test]
    fn of_two_filings_in_one_commit_the_one_it_left_managed_counts() {
        let filed = |managed: &str| {
            vec![
                change("managed/vpcs/web.yaml", &[], Some(managed)),
                change("raw/processed/a.yaml", &[], Some("1001")),
                change("raw/processed/b.yaml", &[], Some("1002")),
            ]
        };
        assert_eq!(base(vec![filed("1001")], None), Some(vpc("1001")));
        assert_eq!(base(vec![filed("1002")], None), Some(vpc("1002")));
        let older = vec![change("raw/processed/c.yaml", &[], Some("1055"))];
        assert_eq!(base(vec![filed("1055"), older], None), None, "nobody can tell");
    }

    #[test]
    fn a_file_that_only_moves_within_processed_is_not_filed_anew() {
        let moved = vec![
            change("raw/processed/a.yaml", &["1001"], None),
            change("raw/processed/old/a.yaml", &[], Some("1001")),
        ];
        let filed = vec![change("raw/processed/b.yaml", &[], Some("1002"))];
        assert_eq!(base(vec![moved.clone(), filed], None), Some(vpc("1002")));
        let again = vec![change("raw/processed/b.yaml", &["1002"], Some("1001"))];
        assert_eq!(base(vec![again], None), Some(vpc("1001")));
    }

    #[test]
    fn what_we_first_wrote_counts_where_nothing_was_filed() {
        let written = |vlan| vec![change("managed/vpcs/web.yaml", &[], Some(vlan))];
        let edited = vec![change("managed/vpcs/web.yaml", &["1001"], Some("1055"))];
        assert_eq!(base(vec![edited.clone(), written("1001")], Some("init")), Some(vpc("1001")));
        assert_eq!(base(vec![edited.clone(), written("1001")], Some("commit")), None);
        assert_eq!(base(vec![edited, written("1001")], None), None);
    }
}
