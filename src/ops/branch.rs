//! Branch: which branch of a remote a new entry means, asked of the remote itself.

use std::path::Path;

use crate::config::{Config, Home};
use crate::error::{Error, Result};
use crate::git::{Location, program};
use crate::ops::Context;
use crate::ops::add::{self, AddPlan, AddRequest};
use crate::ops::setup::Wanted;
use crate::progress::Reporter;

/// What was settled about a branch.
pub(crate) struct Settled {
    /// The branch; none where the request says or the remote cannot say.
    pub(crate) branch: Option<String>,
    /// Why the remote could not be asked, if it could not.
    pub(crate) unasked: Option<Error>,
}

/// The branch of a request for an address that is not configured yet: the remote's own default where
/// none is asked for.
///
/// # Errors
/// `RemoteBranch` where the one asked for is not there, or no default can be told; `Stopped`.
pub(crate) async fn of_request(
    cx: &Context,
    request: &AddRequest,
    config: &Config,
    report: &Reporter,
) -> Result<Settled> {
    match add::new_address(request, config)? {
        Some(url) => of_address(cx, url, request.branch.as_deref(), report).await,
        None => Ok(Settled { branch: request.branch.clone(), unasked: None }),
    }
}

/// As [`of_request`], for every address of a first configuration.
pub(crate) async fn of_wanted(cx: &Context, wanted: &[Wanted], report: &Reporter) -> Result<Vec<Wanted>> {
    let mut settled = Vec::new();
    for one in wanted {
        let request = one.request(String::new());
        let branch = of_request(cx, &request, &Config::default(), report).await?.branch;
        settled.push(Wanted { branch, ..one.clone() });
    }
    Ok(settled)
}

/// The branch of an addition to a repository that is there is one of the remote's; where the remote
/// cannot be asked, what comes next says why.
///
/// # Errors
/// `RemoteBranch`; `Stopped`.
pub(crate) async fn check(cx: &Context, plan: &AddPlan, report: &Reporter) -> Result<()> {
    let Some(repository) = plan.config.repository(&plan.addition.repository) else { return Ok(()) };
    let location = Location::new(repository, &cx.data_dir);
    match program::require_branch(&location, report).await {
        Err(error @ (Error::RemoteBranch { .. } | Error::Stopped)) => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

async fn of_address(cx: &Context, url: String, wanted: Option<&str>, report: &Reporter) -> Result<Settled> {
    let location = Location {
        name: url.clone(),
        dir: cx.data_dir.join(Path::new("repos/nowhere.git")),
        home: Home::Url(url),
        remote: "origin".to_owned(),
        branch: wanted.unwrap_or("main").to_owned(),
    };
    let heads = match program::heads(&location, report).await {
        Ok(heads) => heads,
        Err(Error::Stopped) => return Err(Error::Stopped),
        Err(error) => return Ok(Settled { branch: wanted.map(str::to_owned), unasked: Some(error) }),
    };
    let branch = match (wanted, heads.default.as_ref(), heads.branches.as_slice()) {
        (Some(_), _, _) => {
            heads.check(&location)?;
            wanted.map(str::to_owned)
        }
        (None, Some(default), _) => Some(default.clone()),
        (None, None, []) => None,
        (None, None, [only]) => Some(only.clone()),
        (None, None, branches) if branches.contains(&location.branch) => Some(location.branch.clone()),
        (None, None, _) => return Err(heads.missing(&location)),
    };
    Ok(Settled { branch, unasked: None })
}
