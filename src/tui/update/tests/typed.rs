//! Typed words that look: a tab or the viewer opens, nothing is answered with a shell command.

use super::words::command;
use super::*;
use crate::ops::look::Against;
use crate::tui::state::Tab;
use crate::tui::viewer::Paper;

fn opened_tab(line: &str) -> (String, Tab, Option<Operation>) {
    let mut state = state(false);
    assert!(started(&command(&mut state, line)).is_empty(), "{line}");
    assert!(state.dialog.is_none(), "{line}: {:?}", state.dialog);
    let Screen::Fabric(open) = &state.screen else { panic!("{line}: {:?}", state.screen) };
    (open.name.clone(), open.tab, state.looked.wanted.clone())
}

#[test]
fn what_prints_on_the_command_line_opens_here() {
    let fabrics = vec!["dc2".to_owned()];
    let show = Operation::Show { fabrics: fabrics.clone(), resources: vec!["VPC/web".to_owned()] };
    let remote = Operation::Diff { fabrics: fabrics.clone(), against: Against::Remote };
    let dc2 = || "dc2".to_owned();
    assert_eq!(opened_tab("show dc2"), (dc2(), Tab::Managed, None));
    assert_eq!(opened_tab("show dc2 VPC/web"), (dc2(), Tab::Managed, Some(show)));
    assert_eq!(opened_tab("export dc2"), (dc2(), Tab::Managed, Some(Operation::Export { fabrics })));
    assert_eq!(opened_tab("diff dc2"), (dc2(), Tab::Diff, None));
    assert_eq!(opened_tab("diff dc2 --remote"), (dc2(), Tab::Diff, Some(remote)));
    assert_eq!(opened_tab("log dc2"), (dc2(), Tab::History, None));
    assert_eq!(opened_tab("history dc2"), (dc2(), Tab::History, None));
    assert_eq!(opened_tab("raw dc2"), (dc2(), Tab::Raw, None));
    assert_eq!(opened_tab("raw"), ("dc1".to_owned(), Tab::Raw, None), "the selected one");
    assert_eq!(opened_tab("log"), ("dc1".to_owned(), Tab::History, None), "the selected one");
}

#[test]
fn what_would_write_a_file_stays_the_shells() {
    let mut state = state(false);
    command(&mut state, "export dc1 -f 'a b.yaml'");
    assert!(state.said.contains("`hedgerow export dc1 -f 'a b.yaml'`"), "{}", state.said);
    assert!(matches!(state.screen, Screen::Fabrics) && state.looked.wanted.is_none());
    for (line, said) in [
        ("version", "version is for a shell here: `hedgerow version`"),
        ("raw dc7", "dc7"),
        ("status --no-input", "--no-input"),
        ("fetch dc1 -q", "-q"),
    ] {
        press(&mut state, "Esc");
        command(&mut state, line);
        assert!(state.said.contains(said) && matches!(state.screen, Screen::Fabrics), "{line}: {}", state.said);
    }
}

#[test]
fn a_code_is_explained_in_the_viewer_and_an_unknown_one_keeps_the_line() {
    let mut state = state(false);
    command(&mut state, "explain cn6");
    let Screen::View(viewer) = &state.screen else { panic!("{:?}", state.screen) };
    assert_eq!((viewer.title.as_str(), viewer.paper), ("HH-CN6", Paper::Plain));
    assert!(viewer.lines.iter().any(|line| line == "Wrong:"), "{:?}", viewer.lines);
    press(&mut state, "Esc");
    assert_eq!(state.screen, Screen::Fabrics);
    command(&mut state, "explain");
    assert!(matches!(&state.screen, Screen::View(viewer) if viewer.lines.len() > 50));
    press(&mut state, "Esc");
    command(&mut state, "explain HH-CN66");
    assert!(state.said.contains("did you mean HH-CN6"), "{}", state.said);
    assert!(matches!(state.dialog, Some(Dialog::Palette(_))));
}

#[test]
fn what_cannot_be_read_is_said_and_not_waited_for() {
    let mut state = state(false);
    state.rows[0].status = Some(Err(Failure::from(&crate::error::Error::Stopped)));
    command(&mut state, "export dc1");
    assert_eq!(state.looked.wanted, None);
    assert_eq!(state.said, Failure::from(&crate::error::Error::Stopped).message);
}
