//! Looking for objects: whether a blob is here, which commit brought it, which YAML files hold a word.

use gix::ObjectId;
use gix::bstr::ByteSlice;

use crate::error::Result;
use crate::git::repository::Repository;
use crate::git::{Commit, hash};

impl Repository {
    /// Whether the repository holds a blob.
    pub fn holds_blob(&self, id: &str) -> Result<bool> {
        Ok(self.gix.has_object(hash::parse(id)?))
    }

    /// The oldest commit of the branch that has `blob` at `path` while no parent of it has, and
    /// whether that commit is published.
    pub fn commit_adding(&self, path: &str, blob: &str) -> Result<Option<(Commit, bool)>> {
        let wanted = hash::parse(blob)?;
        let Some(tip) = self.tip_id()?.filter(|_| self.gix.has_object(wanted)) else {
            return Ok(None);
        };
        let mut found = None;
        for id in self.walk(None, tip)? {
            let id = id?;
            if self.adds(id, path, wanted)? {
                found = Some(id);
            }
        }
        let Some(id) = found else {
            return Ok(None);
        };
        let published = match self.upstream_id()? {
            Some(upstream) => self.contains(upstream, id)?,
            None => false,
        };
        Ok(Some((self.commit(id)?, published)))
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

    fn adds(&self, commit: ObjectId, path: &str, blob: ObjectId) -> Result<bool> {
        let has = |commit: ObjectId| -> Result<bool> {
            let entry = self.entry_at(self.tree_of(commit)?, path)?;
            Ok(entry.is_some_and(|entry| entry.id == blob))
        };
        if !has(commit)? {
            return Ok(false);
        }
        for parent in self.parents(commit)? {
            if has(parent)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
