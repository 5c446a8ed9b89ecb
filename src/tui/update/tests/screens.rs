//! The screens: each in every size, as a snapshot, and what holds for all of them.
//!
//! After a change on purpose: `INSTA_UPDATE=always cargo test --lib screens`, then read the difference.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;

use super::fleet::{diff, every_state, fleet, log, raw};
use super::{opened, planned, press, pushed, update, wait};
use crate::config::theme::{Palette, plain};
use crate::ops::report::seen::FileReport;
use crate::ops::report::shown::{ShowReport, ShownResource};
use crate::ops::report::{PushOutcome, Report, ValidateReport};
use crate::ops::setup::Wanted;
use crate::tui::dialog::Dialog;
use crate::tui::event::Event;
use crate::tui::setup::FirstRun;
use crate::tui::state::{Screen, Stage, State};
use crate::tui::theme::Theme;
use crate::tui::view;
use crate::tui::viewer::{Paper, Viewer};

const SIZES: [(u16, u16); 5] = [(120, 40), (80, 24), (50, 14), (40, 12), (38, 9)];

const FILE: &str = "apiVersion: vpc.githedgehog.com/v1beta1\nkind: VPC\nmetadata:\n  name: test-vpc-2\nspec:\n  subnets:\n    default: # web\n      vlan: 5000\n      subnet: 10.0.2.0/24\n";

fn buffer(state: &mut State, size: (u16, u16), ascii: bool, palette: Palette) -> Buffer {
    state.size = size;
    let mut terminal = Terminal::new(TestBackend::new(size.0, size.1)).unwrap();
    terminal.draw(|frame| view::draw(frame, state, Theme { ascii, palette })).unwrap();
    terminal.backend().buffer().clone()
}

fn text(buffer: &Buffer) -> String {
    let row = |y| (0..buffer.area.width).map(|x| buffer[(x, y)].symbol()).collect::<String>();
    (0..buffer.area.height).map(|y| row(y).trim_end().to_owned() + "\n").collect()
}

/// The colourful theme and the one without colours.
fn palettes() -> [Palette; 2] {
    let themes = crate::config::theme::all(None);
    let of = |name: &str| themes.iter().find(|theme| theme.name == name).unwrap().palette;
    [of("default"), of("mono")]
}

fn fabric(state: &mut State, name: &str, keys: &str) {
    state.selected = state.list.shown.iter().position(|at| state.rows[*at].name == name).unwrap();
    press(state, keys);
}

fn looked(state: &mut State) {
    let file = FileReport { path: String::new(), text: Some(FILE.to_owned()), note: String::new() };
    state.looked.file = ("raw/test-vpc-2.yaml".to_owned(), crate::tui::looked::Part::default());
    state.looked.file.1.is_asked = true;
    state.looked.file.1.take(Ok(file));
    let resource = |name: &str| ShownResource {
        kind: "Connection".to_owned(),
        api_version: "wiring.githedgehog.com/v1beta1".to_owned(),
        namespace: "default".to_owned(),
        name: name.to_owned(),
        identity: format!("Connection/{name}"),
        path: format!("managed/connections/{name}.yaml"),
        line: 1,
        text: Some(FILE.to_owned()),
    };
    let resources = vec![resource("server-01--mclag--leaf-01--leaf-02"), resource("spine-01--fabric--leaf-01")];
    let report = ShowReport {
        resources,
        hydration: crate::fabric::hydration::Hydration::default(),
        findings: Vec::new(),
        is_named: false,
    };
    state.looked.resources.take(Ok(report));
}

type Prepare = fn(&mut State);

/// Every screen by its name.
fn screens() -> BTreeMap<&'static str, State> {
    let prepared = |(name, prepare): (&'static str, Prepare)| {
        let mut state = fleet();
        prepare(&mut state);
        (name, state)
    };
    panes().into_iter().chain(dialogs()).chain(menus()).map(prepared).collect()
}

fn panes() -> Vec<(&'static str, Prepare)> {
    vec![
        ("home", |_| {}),
        ("home_marked", |state| {
            press(state, "Space Space / d c Enter");
        }),
        ("overview", |state| fabric(state, "dc2-lab", "Enter [")),
        ("raw", |state| {
            fabric(state, "dc2-lab", "Enter");
            looked(state);
        }),
        ("raw_new", |state| fabric(state, "edge-17", "Enter")),
        ("managed", |state| {
            fabric(state, "dc2-lab", "Enter ]");
            looked(state);
        }),
        ("diff", |state| {
            fabric(state, "dc1-staging", "Enter ] ]");
            state.looked.diff_lines = Arc::new(diff().lines());
            state.looked.diff.take(Ok(diff()));
        }),
        ("history", |state| {
            fabric(state, "dc1-staging", "Enter ] ] ]");
            state.looked.log.take(Ok(log()));
        }),
        ("journal", |state| {
            fabric(state, "dc1-staging", "Enter ] ] ] ] j");
            state.looked.log.take(Ok(log()));
        }),
        ("viewer", |state| {
            let lines = Arc::new(FILE.lines().map(str::to_owned).collect());
            let viewer = Viewer::new("raw/test-vpc-2.yaml".to_owned(), Paper::Yaml, lines, 0, Screen::Fabrics);
            state.screen = Screen::View(Box::new(viewer));
            press(state, "/ v l a n Enter");
        }),
    ]
}

fn dialogs() -> Vec<(&'static str, Prepare)> {
    vec![
        ("findings", |state| {
            let findings = raw().files.remove(0).findings;
            let report = ValidateReport { findings, ..ValidateReport::default() };
            state.screen = Screen::Findings { reports: vec![("dc2-lab".to_owned(), report)], at: 0, selected: 0 };
        }),
        ("ingest", |state| ask(state, "N", &planned(None))),
        ("push_protected", |state| {
            let mut plan = pushed(PushOutcome::Planned);
            if let Ok(Report::Push(push)) = &mut plan.entries[0].result {
                push.typed_because = Some("the profile is protected".to_owned());
            }
            ask(state, "P", &plan);
        }),
        ("error", |state| fabric(state, "pop-ams", "e")),
        ("first_run", |state| {
            let found = ["dc1-prod", "dc2-prod"].map(|name| Wanted {
                repository: "/home/alice/src/netops".to_owned(),
                directory: format!("gitops/hedgehog/{name}"),
                branch: None,
            });
            let run = FirstRun {
                looked: vec!["$HEDGEROW_CONFIG (unset)".to_owned()],
                target: "/home/alice/.config/hedgerow/config.yaml".to_owned(),
                found: Some(found.to_vec()),
                remarks: vec!["ready, 0 raw".to_owned(), "ready, 3 raw".to_owned()],
                chosen: BTreeSet::from([0]),
                ..FirstRun::default()
            };
            state.screen = Screen::FirstRun(Box::new(run));
        }),
        ("stale", |state| {
            state.dialog = Some(Dialog::Stale {
                again: state.jobs[3].operation.clone(),
                fabrics: vec!["dc2-prod".to_owned()],
                why: "raw/test-vpc-2.yaml changed since the plan was made, and origin/main is at 77be012 now"
                    .to_owned(),
            });
        }),
    ]
}

fn menus() -> Vec<(&'static str, Prepare)> {
    vec![
        ("help", |state| {
            press(state, "? p u s");
        }),
        ("command", |state| {
            press(state, ": p u");
        }),
        ("quit", |state| {
            press(state, "q");
        }),
        ("copy", |state| {
            press(state, "y");
        }),
        ("sort", |state| {
            press(state, "s");
        }),
        ("settings", |state| {
            press(state, ",");
        }),
        ("add", |state| {
            press(state, "A");
        }),
        ("operations", |state| {
            press(state, "o");
        }),
        ("log", |state| {
            press(state, "o Enter");
        }),
    ]
}

/// Opens the confirmation of a plan, armed.
fn ask(state: &mut State, key: &str, plan: &crate::ops::Outcome) {
    state.jobs.clear();
    opened(state, key, plan.clone());
    wait(state, 60_300);
}

#[test]
fn every_screen_in_every_size() {
    for (name, mut state) in screens() {
        let shown = SIZES.map(|size| {
            let (columns, rows) = size;
            format!("{columns}x{rows}\n{}", text(&buffer(&mut state, size, true, plain())))
        });
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(name, shown.join("\n"));
        });
    }
}

#[test]
fn colour_and_unicode_change_no_word() {
    // What the two forms have for each other: borders, bars, symbols of states.
    const GLYPHS: &str = "✓✗∅⟳⇡⇣⇅⋯∙═║╔╗╚╝─│┌┐└┘!*?+";
    let [colourful, mono] = palettes();
    for (name, mut state) in screens() {
        for size in SIZES {
            let ascii = buffer(&mut state, size, true, mono);
            let colours = buffer(&mut state, size, true, colourful);
            assert_eq!(text(&ascii), text(&colours), "{name} {size:?}");
            assert!(text(&ascii).is_ascii(), "{name} {size:?}\n{}", text(&ascii));
            let unicode = buffer(&mut state, size, false, mono);
            for (one, other) in ascii.content.iter().zip(&unicode.content) {
                let is_same = one.symbol() == other.symbol() || GLYPHS.contains(other.symbol());
                assert!(is_same, "{name} {size:?}: {} for {}\n{}", other.symbol(), one.symbol(), text(&unicode));
            }
            for cell in &ascii.content {
                let colours = [cell.fg, cell.bg];
                assert!(colours.iter().all(|colour| *colour == ratatui::style::Color::Reset), "{name}: {colours:?}");
            }
        }
    }
}

#[test]
fn fixed_places_hold_in_every_size() {
    for (name, mut state) in screens() {
        for size in SIZES.into_iter().filter(|size| !view::is_too_small(*size)) {
            let shown = text(&buffer(&mut state, size, true, plain()));
            let lines: Vec<&str> = shown.lines().collect();
            assert!(lines[0].contains("READ-WRITE") || lines[0].contains("RW"), "{name} {size:?}\n{shown}");
            let said = lines.last().unwrap();
            assert!(state.said.is_empty() || said.contains("> "), "{name} {size:?}\n{shown}");
        }
    }
}

#[test]
fn every_state_is_told_apart_by_text() {
    let mut state = fleet();
    state.jobs.clear();
    state.rows = every_state();
    state.list.shown.clear();
    state.arrange();
    let shown = text(&buffer(&mut state, (99, 60), true, plain()));
    let mut seen = BTreeMap::new();
    for row in &state.rows {
        let line = shown.lines().find(|line| line.contains(&format!(" {} ", row.name))).unwrap();
        let cells: Vec<&str> = line.split("   ").map(str::trim).filter(|cell| !cell.is_empty()).skip(1).collect();
        if let Some(other) = seen.insert(cells.join("|"), row.name.clone()) {
            // Ready and in sync is the sixth state of each list.
            assert_eq!((other.as_str(), row.name.as_str()), ("f0", "f6"), "{shown}");
        }
    }
    let mut state = fleet();
    let mut lines = BTreeSet::new();
    for stage in
        [Stage::Queued, Stage::Running, Stage::Stopping, Stage::Done, Stage::NoChange, Stage::Failed, Stage::Uncertain]
    {
        state.jobs.truncate(1);
        state.jobs[0].stage = stage;
        state.jobs[0].result = String::new();
        let shown = text(&buffer(&mut state, (80, 24), true, plain()));
        let line = shown.lines().find(|line| line.contains("fetch    pop-ams")).unwrap().to_owned();
        assert!(lines.insert(line.clone()), "{stage:?} {line}");
    }
}

#[test]
fn the_clock_alone_changes_nothing_of_an_idle_screen() {
    let mut state = fleet();
    state.jobs.retain(|job| !job.is_open());
    let before = text(&buffer(&mut state, (80, 24), true, plain()));
    state.is_dirty = false;
    wait(&mut state, 120_000);
    assert!(update(&mut state, Event::Rest).is_empty() && !state.is_dirty);
    assert_eq!(before, text(&buffer(&mut state, (80, 24), true, plain())));
}
