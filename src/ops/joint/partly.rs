//! Partly: what a failure says of an addition that got some of the way.

use crate::error::WriteEffect;
use crate::ops::Entry;

/// What failed as init, told as part of an addition: the fabric is in the configuration.
pub(super) fn not_initialised(mut entry: Entry) -> Entry {
    let Err(failure) = &mut entry.result else { return entry };
    let (effect, done) = match &failure.effect {
        WriteEffect::Nothing => (
            WriteEffect::Partial { commit: None, left: Vec::new() },
            "added to the configuration; not initialised, and nothing was committed or pushed".to_owned(),
        ),
        reached => (reached.clone(), format!("added to the configuration; {}; not pushed", reached.sentence())),
    };
    failure.partly(effect, done);
    told(entry, |name| format!("initialise it: `hedgerow init {name}` (key I)"))
}

/// What failed as push, told as part of an addition: the commit is made.
pub(super) fn not_pushed(mut entry: Entry, commit: &str) -> Entry {
    let Err(failure) = &mut entry.result else { return entry };
    let short = commit.get(..7).unwrap_or(commit);
    let done = format!("added to the configuration and initialised (commit {short}); not pushed");
    failure.partly(WriteEffect::Partial { commit: Some(commit.to_owned()), left: Vec::new() }, done);
    told(entry, |name| format!("see what would be sent now, and push it: `hedgerow push {name}` (key P)"))
}

fn told(mut entry: Entry, next: impl Fn(&str) -> String) -> Entry {
    let name = entry.fabric.clone();
    if let Err(failure) = &mut entry.result {
        // Nothing planned is left to be looked at again.
        if failure.code == "E-PLAN-STALE" {
            failure.remedy.clear();
        }
        failure.remedy.push(next(&name));
    }
    entry
}
