//! Branches: what is known here of the remote's, without asking it.

use gix::bstr::ByteSlice;

use crate::error::{Error, Result};
use crate::git::failure;
use crate::git::repository::Repository;

impl Repository {
    /// The branch or its tracking branch is here, or the remote is not known to have any.
    ///
    /// # Errors
    /// `RemoteBranch` where only other branches of the remote are here: a first commit would begin a
    /// history of its own beside theirs.
    pub fn check_branch(&self) -> Result<()> {
        if self.tip_id()?.is_some() || self.upstream_id()?.is_some() {
            return Ok(());
        }
        let others = self.tracked_branches()?;
        if others.is_empty() {
            return Ok(());
        }
        let location = &self.location;
        Err(Error::remote_branch(&location.address(), &location.branch, &others))
    }

    /// The branches of the remote that were fetched, sorted.
    fn tracked_branches(&self) -> Result<Vec<String>> {
        let failed = || failure::git("reading the tracking branches", &self.location.dir);
        let prefix = format!("refs/remotes/{}/", self.location.remote);
        let references = self.gix.references().map_err(failed())?;
        let mut names = Vec::new();
        for reference in references.prefixed(prefix.as_str()).map_err(failed())? {
            let Ok(reference) = reference else { continue };
            let name = reference.name().as_bstr().to_str_lossy().into_owned();
            names.extend(name.strip_prefix(&prefix).filter(|name| *name != "HEAD").map(str::to_owned));
        }
        names.sort();
        Ok(names)
    }
}
