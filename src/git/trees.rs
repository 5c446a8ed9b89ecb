//! Trees read as plain data: one entry by its path, everything below a directory, what differs between two.

use gix::ObjectId;
use gix::bstr::ByteSlice;
use gix::objs::tree::EntryKind;

use crate::error::Result;
use crate::git::failure;
use crate::git::repository::Repository;

/// One entry of a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// What it is.
    pub(super) kind: EntryKind,
    /// The object.
    pub(super) id: ObjectId,
}

impl Entry {
    /// Whether it is a regular file, executable or not.
    pub(super) fn is_file(self) -> bool {
        matches!(self.kind, EntryKind::Blob | EntryKind::BlobExecutable)
    }
}

/// One path that differs between two trees; submodules and links count as files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Difference {
    /// The path below the two trees.
    pub(super) path: String,
    /// What the old tree has.
    pub(super) old: Option<ObjectId>,
    /// What the new tree has.
    pub(super) new: Option<ObjectId>,
}

impl Repository {
    /// The root tree of a commit.
    pub(super) fn tree_of(&self, commit: ObjectId) -> Result<ObjectId> {
        let dir = &self.location.dir;
        let failed = || failure::git(format!("reading commit {commit}"), dir);
        let commit = self.gix.find_commit(commit).map_err(failed())?;
        Ok(commit.tree_id().map_err(failed())?.detach())
    }

    /// The entry at a path below a tree; the tree itself for an empty path.
    pub(super) fn entry_at(&self, tree: ObjectId, path: &str) -> Result<Option<Entry>> {
        if path.is_empty() {
            return Ok(Some(Entry { kind: EntryKind::Tree, id: tree }));
        }
        let failed = || failure::git(format!("reading {path}"), &self.location.dir);
        let found =
            self.gix.find_tree(tree).and_then(|tree| tree.lookup_entry(path.split('/').map(Name))).map_err(failed())?;
        Ok(found.map(|entry| Entry { kind: entry.mode().kind(), id: entry.object_id() }))
    }

    /// The tree at a path below a tree, if there is one.
    pub(super) fn subtree(&self, tree: ObjectId, path: &str) -> Result<Option<ObjectId>> {
        let entry = self.entry_at(tree, path)?;
        Ok(entry.filter(|entry| entry.kind == EntryKind::Tree).map(|entry| entry.id))
    }

    /// The tree at a path of a commit, if there is one.
    pub(super) fn directory_at(&self, commit: ObjectId, path: &str) -> Result<Option<ObjectId>> {
        self.subtree(self.tree_of(commit)?, path)
    }

    /// The entries of one tree with their names.
    pub(super) fn children(&self, tree: ObjectId) -> Result<Vec<(gix::bstr::BString, Entry)>> {
        let failed = || failure::git(format!("reading tree {tree}"), &self.location.dir);
        let tree = self.gix.find_tree(tree).map_err(failed())?;
        let decoded = tree.decode().map_err(failed())?;
        let entry = |e: &gix::objs::tree::EntryRef<'_>| {
            (e.filename.to_owned(), Entry { kind: e.mode.kind(), id: e.oid.to_owned() })
        };
        Ok(decoded.entries.iter().map(entry).collect())
    }

    /// Calls `found` for everything below a tree that is not a tree, by its path below it.
    pub(super) fn walk_tree(
        &self,
        tree: ObjectId,
        prefix: &str,
        found: &mut dyn FnMut(&str, Entry) -> Result<()>,
    ) -> Result<()> {
        for (name, entry) in self.children(tree)? {
            let path = super::join(prefix, &shown_name(&name));
            if entry.kind == EntryKind::Tree {
                self.walk_tree(entry.id, &path, found)?;
            } else {
                found(&path, entry)?;
            }
        }
        Ok(())
    }

    /// Every path that differs between two trees; none is an empty tree.
    pub(super) fn differences(&self, old: Option<ObjectId>, new: Option<ObjectId>) -> Result<Vec<Difference>> {
        let mut out = Vec::new();
        self.compare(old, new, "", &mut out)?;
        Ok(out)
    }

    fn compare(
        &self,
        old: Option<ObjectId>,
        new: Option<ObjectId>,
        prefix: &str,
        out: &mut Vec<Difference>,
    ) -> Result<()> {
        if old == new {
            return Ok(());
        }
        let read = |tree: Option<ObjectId>| tree.map_or(Ok(Vec::new()), |tree| self.children(tree));
        let mut pairs = std::collections::BTreeMap::new();
        for (name, entry) in read(old)? {
            pairs.insert(name, (Some(entry), None));
        }
        for (name, entry) in read(new)? {
            pairs.entry(name).or_insert((None, None)).1 = Some(entry);
        }
        for (name, (before, after)) in pairs {
            if before != after {
                self.compare_entries(before, after, super::join(prefix, &shown_name(&name)), out)?;
            }
        }
        Ok(())
    }

    fn compare_entries(
        &self,
        before: Option<Entry>,
        after: Option<Entry>,
        path: String,
        out: &mut Vec<Difference>,
    ) -> Result<()> {
        let tree = |entry: Option<Entry>| entry.filter(|e| e.kind == EntryKind::Tree).map(|e| e.id);
        let leaf = |entry: Option<Entry>| entry.filter(|e| e.kind != EntryKind::Tree).map(|e| e.id);
        self.compare(tree(before), tree(after), &path, out)?;
        if leaf(before) != leaf(after) {
            out.push(Difference { path, old: leaf(before), new: leaf(after) });
        }
        Ok(())
    }

    /// The bytes of a blob.
    pub(super) fn blob(&self, id: ObjectId) -> Result<Vec<u8>> {
        let failed = failure::git(format!("reading blob {id}"), &self.location.dir);
        let mut blob = self.gix.find_blob(id).map_err(failed)?;
        Ok(blob.take_data())
    }
}

/// The name of a file or folder as it is shown; one that is never written (not UTF-8 text, a backslash,
/// nothing Git would take) is quoted as Git quotes it, so that it always holds a backslash.
pub fn shown_name(name: &[u8]) -> String {
    // As a tree is written: what is only odd on Windows is taken.
    let options = gix::validate::path::component::Options { protect_windows: false, ..Default::default() };
    let is_taken = gix::validate::path::component(name.as_bstr(), None, options);
    let is_plain = |text: &&str| !text.contains('\\') && is_taken.is_ok();
    if let Some(text) = std::str::from_utf8(name).ok().filter(is_plain) {
        return text.to_owned();
    }
    let mut quoted = String::new();
    for byte in name {
        match byte {
            b'\\' => quoted.push_str(r"\\"),
            b'.' | b'_' | b'-' => quoted.push(char::from(*byte)),
            byte if byte.is_ascii_alphanumeric() => quoted.push(char::from(*byte)),
            byte => quoted.extend([format!("\\{byte:03o}")]),
        }
    }
    quoted
}

/// A path component that compares with a tree entry's name.
struct Name<'a>(&'a str);

impl PartialEq<gix::bstr::BStr> for Name<'_> {
    fn eq(&self, other: &gix::bstr::BStr) -> bool {
        other == self.0.as_bytes()
    }
}
