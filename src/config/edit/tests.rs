//! Tests of editing the configuration's text.

use super::{Addition, add_fabric, remove_fabric};
use crate::error::Error;

fn addition() -> Addition {
    Addition {
        fabric: "new".to_owned(),
        repository: "net".to_owned(),
        new_repository: None,
        directory: "gitops/new".to_owned(),
        profile: None,
    }
}

fn with_repository() -> Addition {
    Addition { new_repository: Some(vec![("path".to_owned(), "/srv/a clone: x".to_owned())]), ..addition() }
}

#[test]
fn an_empty_file_gets_both_sections() {
    let text = add_fabric("", &with_repository()).unwrap();
    assert_eq!(
        text,
        concat!(
            "repositories:\n  net:\n    path: \"/srv/a clone: x\"\n",
            "fabrics:\n  new:\n    repository: net\n    directory: gitops/new\n",
        )
    );
}

#[test]
fn comments_order_and_layout_stay() {
    let old = concat!(
        "# mine\nfabrics:   # all of them\n    b: { repository: net,   directory: b }  # second\n",
        "    # first\n    a:\n        repository: net\n        directory: \"a\"   # why\n",
        "        # profile: prod\n\n# the rest\nui: {}\n",
    );
    let new = add_fabric(old, &addition()).unwrap();
    let added = "    new:\n      repository: net\n      directory: gitops/new\n";
    let expected = old.replace("profile: prod\n", &format!("profile: prod\n{added}"));
    assert_eq!(new, expected);
    assert_eq!(remove_fabric(&new, "new").unwrap(), old);
}

#[test]
fn carriage_returns_and_a_missing_last_line_end_are_respected() {
    let old = "fabrics:\r\n  a:\r\n    repository: net\r\n    directory: a";
    let new = add_fabric(old, &addition()).unwrap();
    assert!(new.starts_with(old));
    assert!(new.ends_with("\r\n  new:\r\n    repository: net\r\n    directory: gitops/new\r\n"));
    assert_eq!(new.matches('\n').count(), new.matches("\r\n").count());
}

#[test]
fn braces_are_filled_where_they_stand() {
    let entry = "new: { repository: net, directory: gitops/new }";
    let one = "fabrics: { a: { repository: net, directory: a }, }\nui: {}\n";
    let new = add_fabric(one, &addition()).unwrap();
    assert_eq!(new, one.replace("a }, }", &format!("a }}, {entry}, }}")));
    assert_eq!(remove_fabric(&new, "new").unwrap(), one);
    let whole = add_fabric("{ ui: {} }\n", &addition()).unwrap();
    assert_eq!(whole, format!("{{ ui: {{}}, fabrics: {{ {entry} }} }}\n"));
    let empty = add_fabric("fabrics: {}\nui: {}\n", &addition()).unwrap();
    let lines = "fabrics:\n  new:\n    repository: net\n    directory: gitops/new\nui: {}\n";
    assert_eq!(empty, lines);
}

#[test]
fn an_empty_section_is_filled_below_its_key() {
    let old = "fabrics:  # none yet\n  # later: {}\nui: {}\n";
    let new = add_fabric(old, &addition()).unwrap();
    let expected = "later: {}\n  new:\n    repository: net\n    directory: gitops/new\nui";
    assert!(new.contains(expected), "{new}");
}

#[test]
fn what_cannot_be_edited_is_said_with_the_lines_to_add() {
    for old in ["fabrics: ~\n", "a: &x {b: {}}\nfabrics: *x\n", "ui: {}\n...\n"] {
        let Err(Error::ConfigEdit { by_hand, .. }) = add_fabric(old, &addition()) else { panic!("{old:?} was edited") };
        assert!(by_hand.contains("directory: gitops/new"));
    }
    let taken = add_fabric("fabrics:\n  new: {}\n", &addition());
    assert!(taken.unwrap_err().to_string().contains("new already"));
}

#[test]
fn removing_takes_the_entry_and_its_own_comments_only() {
    let old = concat!(
        "fabrics:\n  # about a\n  a:\n    repository: net  # x\n    # inside\n    directory: a\n",
        "    # tail of a\n\n  # about b\n  b: { repository: net, directory: b }\n",
    );
    let new = remove_fabric(old, "a").unwrap();
    let left = "fabrics:\n  # about a\n\n  # about b\n  b: { repository: net, directory: b }\n";
    assert_eq!(new, left);
    let last = remove_fabric(&new, "b").unwrap();
    assert_eq!(last, "fabrics:\n  # about a\n\n  # about b\n");
    let Err(Error::NoSuchFabric { nearest, .. }) = remove_fabric("fabrics: {dc1: {}}", "dc2") else {
        panic!("dc2 was there")
    };
    assert_eq!(nearest.as_deref(), Some("dc1"));
}

#[test]
fn an_anchor_that_others_need_is_not_removed() {
    let old = "fabrics:\n  a: &a { repository: net, directory: a }\n  b: *a\n";
    assert!(matches!(remove_fabric(old, "a"), Err(Error::ConfigEdit { .. })));
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config {
        failure_persistence: None,
        ..proptest::test_runner::Config::default()
    })]

    #[test]
    fn adding_then_removing_is_nothing(
        names in proptest::collection::vec("[a-m][a-z0-9-]{0,6}", 0..5),
        comments in proptest::collection::vec("( {0,6}# [a-z:{}]{0,8})?", 6),
        flow in proptest::collection::vec(proptest::bool::ANY, 5),
        crlf in proptest::bool::ANY,
        tail in proptest::bool::ANY,
    ) {
        let mut names = names;
        names.sort();
        names.dedup();
        let mut lines = vec![comments[5].clone(), "fabrics:".to_owned()];
        for (at, name) in names.iter().enumerate() {
            lines.push(comments[at].clone());
            if flow[at] {
                lines.push(format!("  {name}: {{ repository: net, directory: {name} }} # c"));
            } else {
                lines.push(format!("  {name}:"));
                lines.push(format!("    repository: net {}", comments[at].trim()));
                lines.push(format!("    directory: {name}"));
            }
        }
        if tail {
            lines.push("ui: {}".to_owned());
        }
        let eol = if crlf { "\r\n" } else { "\n" };
        let old = lines.join(eol) + eol;
        let new = add_fabric(&old, &addition()).unwrap();
        let mut at = new.lines();
        for line in old.lines() {
            proptest::prop_assert!(at.any(|found| found == line), "{line:?} was lost in {new:?}");
        }
        proptest::prop_assert_eq!(remove_fabric(&new, "new").unwrap(), old);
    }
}
