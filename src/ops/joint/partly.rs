//! Partly: what a failure says of an addition that got some of the way.

use crate::ops::Entry;

/// What failed as init, told as part of an addition: the fabric is in the configuration.
pub(super) fn not_initialised(entry: Entry) -> Entry {
    let done = "added to the configuration; not initialised, and nothing was committed or pushed".to_owned();
    told(entry, done, |name| format!("initialise it: `hedgerow init {name}` (key I)"))
}

/// What failed as push, told as part of an addition: the commit is made.
pub(super) fn not_pushed(entry: Entry, commit: &str) -> Entry {
    let commit = commit.get(..7).unwrap_or(commit);
    let done = format!("added to the configuration and initialised (commit {commit}); not pushed");
    told(entry, done, |name| format!("see what would be sent now, and push it: `hedgerow push {name}` (key P)"))
}

/// What is not known to be whole, such as after a full disk, keeps its own words.
fn told(mut entry: Entry, done: String, next: impl Fn(&str) -> String) -> Entry {
    let name = entry.fabric.clone();
    if let Err(failure) = &mut entry.result
        && failure.state().is_some()
    {
        // Nothing planned is left to be looked at again.
        if failure.code == "E-PLAN-STALE" {
            failure.remedy.clear();
        }
        failure.done = Some(done);
        failure.remedy.push(next(&name));
    }
    entry
}
