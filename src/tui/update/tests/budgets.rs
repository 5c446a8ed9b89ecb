//! Bytes on a slow link: what each event of the screen may cost, counted.

use crate::progress::{Phase, Progress};
use crate::tui::dialog::Dialog;
use crate::tui::event::{Event, Now};
use crate::tui::painter::Painter;
use crate::tui::preferences::Preferences;
use crate::tui::state::{JobId, State};
use crate::tui::theme::Theme;
use crate::tui::update::tests::fleet::fleet;
use crate::tui::update::tests::{opened, planned, press, started, state, wait};
use crate::tui::update::update;
use crate::tui::view;

/// A terminal at the far end, and what was sent to it.
struct Link {
    painter: Painter,
    size: (u16, u16),
    is_ascii: bool,
}

impl Link {
    /// The bytes of the next frame.
    fn send(&mut self, state: &State) -> usize {
        let backend = ratatui::backend::TestBackend::new(self.size.0, self.size.1);
        let mut canvas = ratatui::Terminal::new(backend).unwrap();
        let theme = Theme { ascii: self.is_ascii, ..Preferences::default().look() };
        canvas.draw(|frame| view::draw(frame, state, theme)).unwrap();
        self.painter.paint(canvas.backend().buffer()).len()
    }
}

fn progress(state: &mut State, id: JobId, done: u64) {
    let note = format!("{done} KiB/s");
    let told =
        Progress { phase: Phase::Receive, subject: "netops".to_owned(), done, total: Some(200), note, silent: None };
    update(state, Event::Progress(id, told));
}

fn pass(state: &mut State, clock: &str, ms: u64) {
    update(state, Event::Time(Now { ms, clock: clock.to_owned(), wall: 0 }));
}

#[test]
fn every_event_keeps_its_budget() {
    for size in [(80, 24), (120, 40)] {
        for is_ascii in [true, false] {
            let (mut state, mut link) = (state(false), Link { painter: Painter::new(true), size, is_ascii });
            state.size = size;
            let what = format!("{size:?} ASCII {is_ascii}");
            let mut costs = |state: &State, event: &str, most: usize| {
                let cost = link.send(state);
                assert!((1..=most).contains(&cost), "{what}: {event} costs {cost}, the budget is {most}");
            };
            costs(&state, "the first screen", 4608);
            press(&mut state, "j");
            costs(&state, "a cursor move", 350);
            let effects = press(&mut state, "f");
            let id = started(&effects)[0].0;
            costs(&state, "an operation that begins", 250);
            progress(&mut state, id, 41);
            costs(&state, "its first step", 64);
            progress(&mut state, id, 42);
            costs(&state, "a step", 64);
            progress(&mut state, id, 60);
            costs(&state, "a step of the bar", 64);
            pass(&mut state, "09:15:03", 1000);
            costs(&state, "a second", 40);
            press(&mut state, "f");
            costs(&state, "another line in the strip", 250);
            assert_eq!(link.send(&state), 0, "{what}: nothing changed");
        }
    }
}

#[test]
fn a_dialog_opens_and_closes_within_its_budget() {
    for is_ascii in [true, false] {
        let (mut state, mut link) = (fleet(), Link { painter: Painter::new(true), size: (80, 24), is_ascii });
        state.size = link.size;
        assert!((1..=4608).contains(&link.send(&state)));
        for keys in ["?", ":", ",", "s", "y", "A", "q", "o"] {
            press(&mut state, keys);
            let opens = link.send(&state);
            press(&mut state, "Esc");
            let closes = link.send(&state);
            let both = format!("ASCII {is_ascii}, {keys}: {opens} and {closes}");
            assert!((1..=1843).contains(&opens) && (1..=1843).contains(&closes), "{both}");
        }
        let fabrics = vec!["dc2-prod".to_owned()];
        let why = "raw/test-vpc-2.yaml changed since the plan was made".to_owned();
        state.dialog = Some(Dialog::Stale { again: state.jobs[3].operation.clone(), fabrics, why });
        let opens = link.send(&state);
        press(&mut state, "Esc");
        let closes = link.send(&state);
        assert!((1..=1843).contains(&opens) && (1..=1843).contains(&closes), "out of date: {opens} and {closes}");
        state.jobs.clear();
        link.send(&state);
        opened(&mut state, "N", planned(None));
        let opens = link.send(&state);
        wait(&mut state, 70_000);
        press(&mut state, "Esc");
        let closes = link.send(&state);
        assert!((1..=1843).contains(&opens) && (1..=1843).contains(&closes), "the plan: {opens} and {closes}");
    }
}
