//! Login: git gets the terminal, so that it can ask; afterwards the remote is read again.

use crate::ops::Operation;
use crate::ops::login::{self, Asked};
use crate::tui::action::Action;
use crate::tui::event::Effect;
use crate::tui::state::{Job, Purpose, Stage, State};
use crate::tui::update::{jobs, keys, read_status};

/// Lets git ask for the remote of the current fabric.
pub(super) fn current(state: &mut State) -> Vec<Effect> {
    match state.current().map(|row| row.name.clone()) {
        Some(fabric) => ask(state, fabric),
        None => Vec::new(),
    }
}

/// Lets git ask for the remote of a fabric; a masked screen stays masked, so it is refused there.
pub(super) fn ask(state: &mut State, fabric: String) -> Vec<Effect> {
    if is_masked(state, "git") {
        return Vec::new();
    }
    vec![Effect::Login(fabric)]
}

/// Whether what another program shows is to be masked, which is said.
pub(super) fn is_masked(state: &mut State, program: &str) -> bool {
    if state.preferences.privacy {
        let settings = state.keymap.key(Action::Settings);
        state.say(format!("{program} would show what is masked: {settings} switches the mask off"));
    }
    state.preferences.privacy
}

/// Reads the remote again once git was answered; where fetching is off, the status.
pub(super) fn ended(state: &mut State, fabric: &str, asked: Result<Asked, String>) -> Vec<Effect> {
    match asked {
        Ok(Asked::Answered) if keys::refusal(state, "fetch", &[fabric.to_owned()]).is_some() => {
            state.say(format!("login {fabric}  the remote answered git"));
            read_status(state, fabric)
        }
        Ok(Asked::Answered) => {
            state.say(format!("login {fabric}  the remote answered git; reading it"));
            let fabrics = vec![fabric.to_owned()];
            let operation = Operation::Fetch { fabrics: fabrics.clone() };
            jobs::start_all(state, operation, Purpose::Act, &fabrics)
        }
        Ok(Asked::Unlocked) => {
            state.say(format!("login {fabric}  the key is unlocked"));
            go_on(state, fabric)
        }
        Ok(Asked::Locked) => {
            state.say(format!("login {fabric}  FAILED: the key stays locked"));
            Vec::new()
        }
        Ok(Asked::Interrupted) => {
            state.say(format!("login {fabric}  stopped"));
            Vec::new()
        }
        Ok(Asked::Refused) => {
            state.say(format!("login {fabric}  FAILED: git could not read the remote"));
            Vec::new()
        }
        Err(why) => {
            state.say(format!("login {fabric}  FAILED: {why}"));
            Vec::new()
        }
    }
}

/// Starts the fabric's latest operation again where it failed for want of a signature: it was confirmed, and
/// is refused where its plan is another one by now.
fn go_on(state: &mut State, fabric: &str) -> Vec<Effect> {
    let is_it = |job: &&Job| job.purpose == Purpose::Act && job.fabrics.iter().any(|one| one == fabric);
    let latest = state.jobs.iter().rev().find(is_it);
    let unsigned = latest.filter(|job| job.stage == Stage::Failed && job.result.contains(login::UNSIGNED));
    let Some((operation, fabrics)) = unsigned.map(|job| (job.operation.clone(), job.fabrics.clone())) else {
        return Vec::new();
    };
    state.say(format!("login {fabric}  the key is unlocked; going on with {}", operation.name()));
    jobs::start_all(state, operation, Purpose::Act, &fabrics)
}
