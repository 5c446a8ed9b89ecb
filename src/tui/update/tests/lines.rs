//! The first and the last lines: what stays on them in every width.

use super::fleet::fleet;
use super::*;

const SIZES: [(u16, u16); 4] = [(120, 40), (80, 24), (50, 14), (40, 12)];

/// The lines of a screen without the quotes around them.
fn shown(state: &mut State, size: (u16, u16)) -> Vec<String> {
    state.size = size;
    screen(state, true, size).lines().map(|line| line.trim_matches('"').to_owned()).collect()
}

fn named(title: &str) -> State {
    let mut state = fleet();
    state.title = title.to_owned();
    state
}

#[test]
fn the_title_gives_way_before_what_needs_somebody() {
    for title in ["", "~/.config/hedgerow/config.yaml", &format!("/srv/{}/config.yaml", "long/".repeat(40))] {
        for is_presenting in [false, true] {
            let mut state = named(title);
            (state.preferences.presenting, state.preferences.privacy) = (is_presenting, is_presenting);
            for size in SIZES {
                let line = shown(&mut state, size).remove(0);
                assert!(line.contains("5 need you") && line.contains('W') && line.contains('R'), "{line}");
                assert!(line.contains("READ-WRITE") || (size.0 < 70 && line.contains(" RW")), "{line}");
                assert!(!is_presenting || line.contains("PRESENTING") || line.contains("SHARED"), "{line}");
                assert_eq!(line.chars().count(), usize::from(size.0), "{line}");
            }
        }
    }
    let line = shown(&mut named("~/.config/hedgerow/config.yaml"), (80, 24)).remove(0);
    assert!(
        line.contains("~/.") && line.contains("yaml | 7 fabrics, 5 need you") && line.contains("checked"),
        "{line}"
    );
}

#[test]
fn the_end_of_the_path_to_here_stays() {
    let name = "dc1-production-of-the-northern-region-with-a-long-name";
    for size in SIZES {
        let mut state = named("~/.config/hedgerow/config.yaml");
        state.jobs.clear();
        opened(&mut state, "N", planned(None));
        assert!(shown(&mut state, size)[0].contains("> dc1 > ingest"), "{size:?}");
        let Some(Dialog::Confirm(confirm)) = &mut state.dialog else { panic!("no dialog") };
        name.clone_into(&mut confirm.what);
        let line = shown(&mut state, size).remove(0);
        assert!(line.contains("dc1") && line.contains("name > ingest"), "{size:?} {line}");
    }
}

#[test]
fn a_fabric_that_is_only_read_says_so_on_line_1() {
    let mut state = fleet();
    let name = state.current().unwrap().name.clone();
    let row = state.rows.iter_mut().find(|row| row.name == name).unwrap();
    let Some(Ok(status)) = &mut row.status else { panic!("not read") };
    status.read_only = Some("profile ro".to_owned());
    assert!(shown(&mut state, (80, 24))[0].contains("READ-WRITE"), "others can be written to");
    press(&mut state, "Enter");
    for size in SIZES {
        let lines = shown(&mut state, size);
        assert!(lines[0].contains("READ-ONLY") && !lines[0].contains("WRITE"), "{}", lines[0]);
    }
    press(&mut state, "[");
    let lines = shown(&mut state, (80, 24)).join("\n");
    assert!(lines.contains("read-only: profile ro") && lines.contains("Writing is off: profile ro"), "{lines}");
    assert!(!lines.contains("iNgest") && !lines.contains("f fetch") && lines.contains("? help"), "{lines}");
    press(&mut state, "Esc");
    state.rows.retain(|row| row.name == name);
    state.list.shown.clear();
    state.arrange();
    assert!(shown(&mut state, (80, 24))[0].contains("READ-ONLY"), "all that are listed");
}

#[test]
fn a_session_that_only_reads_says_it_once_in_the_overview() {
    let mut state = fleet();
    (state.read_only, state.asked_read_only) = (true, true);
    for row in &mut state.rows {
        if let Some(Ok(status)) = &mut row.status {
            status.read_only = Some("--read-only".to_owned());
        }
    }
    press(&mut state, "Enter [");
    let lines = shown(&mut state, (80, 24)).join("\n");
    assert_eq!(lines.matches("--read-only").count(), 1, "{lines}");
}

#[test]
fn hints_of_a_session_that_only_reads_offer_no_write() {
    for keys in ["k", "Space", "Enter", "Enter ]"] {
        let mut state = state(true);
        press(&mut state, keys);
        for size in SIZES {
            let lines = shown(&mut state, size).join("\n");
            for write in ["iNgest", "P Push", "I init", "A Add", "f fetch", "p pull", "Writes:"] {
                assert!(!lines.contains(write), "{keys} {size:?} {write}\n{lines}");
            }
            assert!(size.1 < 24 || lines.contains("Writing is off: --read-only"), "{keys} {size:?}\n{lines}");
        }
    }
}

#[test]
fn the_outcome_stays_longer_than_keys_and_time() {
    let mut state = fleet();
    state.preferences.keycast = true;
    press(&mut state, "j j j P y k k k k k e");
    state.said_at = "13:50:46".to_owned();
    for (size, said, wanted) in [
        ((80, 24), "push dc2-prod  Verified a38c0ac on main", "> push dc2-prod  Verified a38c0ac on main"),
        ((50, 14), "push dc2-prod  Verified a38c0ac on main", "KEYS k x5 e   > push dc2-prod  Verified"),
        ((80, 24), &"a very long outcome that is cut ".repeat(4), "KEYS k x5 e   > a very long outcome"),
    ] {
        state.said = said.to_owned();
        let line = shown(&mut state, size).pop().unwrap();
        assert!(line.contains(wanted), "{line}");
        assert!(!line.contains("13:50:46") || line.contains(" 13:50:46"), "{line}");
    }
    state.said = "push dc2-prod  Verified".to_owned();
    let line = shown(&mut state, (80, 24)).pop().unwrap();
    assert!(line.ends_with(" 13:50:46 ") && line.contains("P y k x5 e   > push"), "{line}");
}

#[test]
fn what_is_too_late_to_stop_is_not_offered() {
    let mut state = fleet();
    for (size, offered) in [((80, 24), "x stop"), ((50, 14), "x stop")] {
        for (phase, is_offered) in
            [(Phase::Connect, true), (Phase::Pack, true), (Phase::Send, false), (Phase::Wait, false)]
        {
            let progress = state.jobs[2].progress.as_mut().unwrap();
            (progress.phase, progress.total) = (phase, (phase == Phase::Send).then_some(8));
            let lines = shown(&mut state, size);
            let line = lines.iter().find(|line| line.contains("12 push")).unwrap();
            assert_eq!(line.contains(offered), is_offered, "{line}");
            assert!(line.contains(phase.word()), "{line}");
        }
    }
    press(&mut state, "q");
    let lines = shown(&mut state, (80, 24)).join("\n");
    assert!(lines.contains("sent to server, waiting for its answer"), "{lines}");
    for size in SIZES {
        let lines = shown(&mut state, size).join("\n");
        assert!(lines.contains("d  drop the queue") && lines.contains("b  back"), "{lines}");
        assert!(size.0 < 50 || (lines.contains("too late to stop it") && lines.contains("hide the result")), "{lines}");
    }
}

#[test]
fn the_state_keeps_its_word_and_numbers_in_the_smallest_window() {
    let mut state = fleet();
    let at = state.list.shown[0];
    "dc1-staging-of-the-north".clone_into(&mut state.rows[at].name);
    let Some(Ok(status)) = &mut state.rows[at].status else { panic!("not read") };
    (status.git.state, status.git.ahead, status.git.behind) = (crate::ops::report::GitState::Diverged, 1, 1);
    let lines = shown(&mut state, (40, 12)).join("\n");
    assert!(lines.contains("% Diverged 1/1 ") && lines.contains("dc1..") && lines.contains("P push"), "{lines}");
}

#[test]
fn a_plan_counts_resources_by_folder_and_cuts_no_number() {
    use crate::fabric::plan::{Change, ChangeKind};
    let new = |path: &str| Change {
        path: path.to_owned(),
        change: ChangeKind::Added,
        from: None,
        added_lines: 1,
        removed_lines: 0,
        before: None,
        after: None,
    };
    let kinds = ["connections", "external-attachments", "external-peerings", "ip-namespaces", "servers", "switches"];
    let mut plan = planned(None);
    let Ok(Report::Write(write)) = &mut plan.entries[0].result else { panic!("no plan") };
    write.changes = kinds.iter().map(|kind| new(&format!("managed/{kind}/a.yaml"))).collect();
    write.changes.extend(kinds.iter().map(|kind| new(&format!("managed/{kind}/.gitkeep"))));
    let mut state = fleet();
    state.jobs.clear();
    opened(&mut state, "N", plan);
    wait(&mut state, 300);
    let lines = shown(&mut state, (80, 24)).join("\n");
    assert!(lines.contains("12 new") && lines.contains("switches/ 1   6 empty folders"), "{lines}");
    assert!(lines.contains("external-attachments/ 1") && !lines.contains("connections/ 2"), "{lines}");
    let lines = shown(&mut state, (40, 24)).join("\n");
    assert!(lines.contains("connections/ 1") && lines.contains("more "), "{lines}");
}
