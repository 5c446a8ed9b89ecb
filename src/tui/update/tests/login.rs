//! Login: who is asked for, and what follows.

use super::words::command;
use super::{started, state};
use crate::ops::Operation;
use crate::ops::login::Asked;
use crate::tui::event::{Effect, Event};
use crate::tui::update::update;

fn asked(state: &mut crate::tui::state::State, asked: Result<Asked, String>) -> Vec<Effect> {
    update(state, Event::LoggedIn { fabric: "dc2".to_owned(), asked })
}

#[test]
fn the_typed_fabric_is_asked_for_else_the_current_one_and_a_fetch_follows() {
    let mut state = state(false);
    let typed = command(&mut state, "login dc2");
    assert!(typed.contains(&Effect::Login("dc2".to_owned())), "{typed:?}");
    let current = command(&mut state, "login");
    assert!(current.contains(&Effect::Login("dc1".to_owned())), "{current:?}");
    let effects = asked(&mut state, Ok(Asked::Answered));
    assert_eq!(started(&effects)[0].1, &Operation::Fetch { fabrics: vec!["dc2".to_owned()] });
    for (end, told) in
        [(Ok(Asked::Refused), "FAILED"), (Ok(Asked::Interrupted), "stopped"), (Err("no git".to_owned()), "no git")]
    {
        assert!(asked(&mut state, end).is_empty());
        assert!(state.said.starts_with("login dc2") && state.said.contains(told), "{}", state.said);
    }
}

#[test]
fn where_nothing_is_fetched_the_status_is_read_and_a_mask_stays() {
    let mut state = state(true);
    let effects = asked(&mut state, Ok(Asked::Answered));
    assert!(matches!(&started(&effects)[0].1, Operation::Status { fabrics, fetch: false } if fabrics == &["dc2"]));
    state.preferences.privacy = true;
    assert!(!command(&mut state, "login").iter().any(|effect| matches!(effect, Effect::Login(_))));
    assert!(state.said.contains(", switches the mask off"), "{}", state.said);
}
