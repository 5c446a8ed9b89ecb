//! The key map: what the built-in file and overrides may do, and what is shown of them.

use super::Keymap;
use crate::command::action::Action;
use crate::config::keys::KeySetting;
use clap::ValueEnum;

fn set(action: &str, keys: &str) -> KeySetting {
    let keys = keys.split_whitespace().map(str::to_owned).collect();
    KeySetting { action: action.to_owned(), keys, line: 3, column: 3 }
}

fn told(settings: &[KeySetting]) -> (Keymap, Vec<String>) {
    let (keymap, remarks) = Keymap::with(settings).unwrap();
    assert!(remarks.iter().all(|remark| !remark.stops && remark.line == 3));
    (keymap, remarks.into_iter().map(|remark| remark.message).collect())
}

#[test]
fn writes_are_on_capitals_only() {
    for keys in ["p: push", "j: nothing_such", "j: up\n  j: down", "w: wrap"] {
        assert!(Keymap::read(&format!("keys:\n  {keys}\nviewer: {{}}\n")).is_err(), "{keys}");
    }
    assert!(Keymap::read("keys: { j: down }\nviewer: { w: wrap }\n").is_ok());
    let (keymap, remarks) = told(&[set("push", "p"), set("ingest", "Ctrl-N"), set("init", "Space")]);
    assert_eq!(keymap, Keymap::built_in().unwrap());
    assert_eq!(remarks.len(), 3);
    assert!(remarks[0].ends_with("writes are on capitals only; the default stays"), "{}", remarks[0]);
}

#[test]
fn every_action_has_a_key_of_its_own_but_one_that_is_typed() {
    let keymap = Keymap::built_in().unwrap();
    for action in Action::value_variants() {
        let is_typed = *action == Action::Login;
        assert_eq!(keymap.keys(*action).is_empty(), is_typed, "{} {}", action.word(), keymap.key(*action));
        assert_eq!(Action::named(&action.name()), Some(*action));
        assert!(!action.help().is_empty());
    }
}

#[test]
fn an_override_replaces_every_key_of_its_action() {
    let (keymap, remarks) = told(&[set("push", "S"), set("down", "t Down"), set("pull", ""), set("page-up", "ctrl-k")]);
    assert!(remarks.is_empty(), "{remarks:?}");
    assert_eq!(keymap.keys(Action::Push), ["S"]);
    assert_eq!((keymap.named("P"), keymap.named("j"), keymap.named("p")), (None, None, None));
    assert_eq!((keymap.named("t"), keymap.named("Down")), (Some(Action::Down), Some(Action::Down)));
    assert_eq!(keymap.key(Action::Pull), ":pull");
    assert_eq!(keymap.keys(Action::PageUp), ["Ctrl-K"]);
}

#[test]
fn two_actions_may_swap_their_keys() {
    let (keymap, remarks) = told(&[set("ingest", "P"), set("push", "N")]);
    assert!(remarks.is_empty(), "{remarks:?}");
    assert_eq!((keymap.named("P"), keymap.named("N")), (Some(Action::Ingest), Some(Action::Push)));
}

#[test]
fn a_clash_is_a_warning_and_the_default_stays() {
    let (keymap, remarks) = told(&[set("push", "N")]);
    assert_eq!(remarks, ["keys: push: N is the key of ingest; the default stays"]);
    assert_eq!(keymap.key(Action::Push), "P");
    // Once ingest keeps its N, push cannot have it either.
    let (keymap, remarks) = told(&[set("push", "N"), set("ingest", "G")]);
    assert_eq!(remarks.len(), 2, "{remarks:?}");
    assert_eq!(keymap, Keymap::built_in().unwrap());
}

#[test]
fn what_is_no_key_or_no_action_is_told() {
    let wrong = [
        ("psuh", "S", "did you mean push?"),
        ("down", "F5", "every terminal sends"),
        ("down", "Ctrl-B", "screen and tmux"),
        ("down", "~", "ssh"),
        ("down", "Alt-x", "every terminal sends"),
        ("help", "", "it needs a key"),
        ("interrupt", "X", "fixed"),
    ];
    for (action, keys, why) in wrong {
        let (keymap, remarks) = told(&[set(action, keys)]);
        assert!(remarks.len() == 1 && remarks[0].contains(why), "{remarks:?}");
        assert_eq!(keymap, Keymap::built_in().unwrap());
    }
}

#[test]
fn texts_name_the_bound_keys() {
    let (keymap, _) = told(&[set("pull", "b"), set("fetch", "")]);
    assert_eq!(keymap.fill("{pull} pull, {fetch}, {nothing} {"), "b pull, :fetch, {nothing} {");
    assert_eq!(keymap.remedy("pull first (`hedgerow pull`, key p)"), "pull first (`hedgerow pull`, key b)");
    assert_eq!(keymap.remedy("(`hedgerow fetch`, key f), then"), "(`hedgerow fetch`, key :fetch), then");
    assert_eq!(keymap.remedy("an ssh key for git"), "an ssh key for git");
    assert_eq!(super::named_in("add your key to the agent: `ssh-add` (once)"), None);
    assert_eq!(super::named_in("confirm that one (key r)"), Some("r"));
}

#[test]
fn viewers_have_keys_of_their_own_that_may_mean_something_else_elsewhere() {
    let keymap = Keymap::built_in().unwrap();
    assert_eq!((keymap.in_viewer("N"), keymap.named("N")), (Some(Action::PreviousMatch), Some(Action::Ingest)));
    assert_eq!((keymap.in_viewer("j"), keymap.named("w")), (Some(Action::Down), None));
    let (keymap, remarks) = told(&[set("wrap", "P"), set("next_match", "j")]);
    assert_eq!(keymap.in_viewer("P"), Some(Action::Wrap));
    assert_eq!(keymap.named("P"), Some(Action::Push));
    assert_eq!(remarks, ["keys: next_match: j is the key of down; the default stays"]);
}
