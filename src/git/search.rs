//! Looking for objects: whether a blob is here, what the history holds, which YAML files hold a word.

use std::collections::HashSet;

use gix::ObjectId;
use gix::bstr::ByteSlice;
use gix::objs::tree::EntryKind;

use crate::error::Result;
use crate::git::hash;
use crate::git::repository::Repository;

/// How many commits of a history are looked through at most, the newest.
const MOST_COMMITS: usize = 50_000;

/// Sees one content: the commit that brought it and the content's id, both hexadecimal, and the bytes; says whether
/// to go on.
pub(super) type Sees<'a> = dyn FnMut(&str, &str, &[u8]) -> Result<bool> + 'a;

impl Repository {
    /// Whether the repository holds a blob.
    pub fn holds_blob(&self, id: &str) -> Result<bool> {
        Ok(self.gix.has_object(hash::parse(id)?))
    }

    /// Shows every file content of the branch's history and of its remote's, each once, the oldest commit first,
    /// until `sees` says that it is enough. Of a very long history, the newest part; contents over the limit are
    /// passed over.
    pub fn look_through_history(&self, limit_bytes: u64, sees: &mut Sees<'_>) -> Result<()> {
        let mut commits = Vec::new();
        for tip in [self.tip_id()?, self.upstream_id()?].into_iter().flatten() {
            commits.extend(self.walk(None, tip)?.take(MOST_COMMITS).collect::<Result<Vec<ObjectId>>>()?);
        }
        let mut seen = HashSet::new();
        for commit in commits.into_iter().rev() {
            if !self.look_through(commit, self.tree_of(commit)?, limit_bytes, &mut seen, sees)? {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Whether a commit is on the remote, as far as the last fetch knows.
    pub fn is_published(&self, commit: &str) -> Result<bool> {
        let commit = hash::parse(commit)?;
        self.upstream_id()?.map_or(Ok(false), |upstream| self.contains(upstream, commit))
    }

    fn look_through(
        &self,
        commit: ObjectId,
        tree: ObjectId,
        limit_bytes: u64,
        seen: &mut HashSet<ObjectId>,
        sees: &mut Sees<'_>,
    ) -> Result<bool> {
        if !seen.insert(tree) {
            return Ok(true);
        }
        for (_, entry) in self.children(tree)? {
            let goes_on = if entry.kind == EntryKind::Tree {
                self.look_through(commit, entry.id, limit_bytes, seen, sees)?
            } else if entry.is_file() && seen.insert(entry.id) && self.size(entry.id)? <= limit_bytes {
                sees(&commit.to_string(), &entry.id.to_string(), &self.blob(entry.id)?)?
            } else {
                true
            };
            if !goes_on {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The YAML files at the tip that hold one of the needles and have at most `limit_bytes` each,
    /// by their path in the repository; those to be passed over are not read.
    pub fn find_text(
        &self,
        needles: &[&str],
        limit_bytes: u64,
        passes_over: &dyn Fn(&str) -> bool,
    ) -> Result<Vec<(String, Vec<u8>)>> {
        let mut out = Vec::new();
        let Some(tip) = self.tip_id()? else {
            return Ok(out);
        };
        self.walk_tree(self.tree_of(tip)?, "", &mut |path, entry| {
            let yaml = [".yaml", ".yml", ".json"].iter().any(|end| path.ends_with(end));
            if !yaml || !entry.is_file() || passes_over(path) || self.size(entry.id)? > limit_bytes {
                return Ok(());
            }
            let bytes = self.blob(entry.id)?;
            if needles.iter().any(|needle| bytes.contains_str(needle)) {
                out.push((path.to_owned(), bytes));
            }
            Ok(())
        })?;
        Ok(out)
    }

    /// The size of a blob in bytes.
    pub(super) fn size(&self, id: ObjectId) -> Result<u64> {
        let failed = super::failure::git(format!("reading blob {id}"), &self.location.dir);
        Ok(self.gix.find_header(id).map_err(failed)?.size())
    }
}
