//! The loop: event → update → effects → draw.
//!
//! One channel carries what happens; the loop drains what waits, then draws once, and only if
//! something changed. An idle screen writes nothing.

pub mod dialog;
pub mod event;
pub mod jobs;
pub mod keymap;
mod painter;
pub mod state;
mod terminal;
pub mod theme;
pub mod update;
pub mod view;

pub use crate::command::action;

use std::time::{Duration, Instant};

use crossterm::event::{Event as Input, EventStream};
use futures_util::StreamExt as _;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::sync::watch;

use crate::error::{Error, Result};
use crate::ops::Context;
use crate::tui::dialog::Dialog;
use crate::tui::event::{Effect, Event, Now};
use crate::tui::jobs::Jobs;
use crate::tui::keymap::Keymap;
use crate::tui::state::State;
use crate::tui::terminal::{Guard, Screen};
use crate::tui::theme::Theme;

/// At most one frame in this time.
const FRAME: Duration = Duration::from_millis(16);
/// How long a lost connection waits for what runs.
const LAST_WAIT: Duration = Duration::from_secs(30);

/// How the dashboard is shown.
#[derive(Debug, Clone)]
pub struct Options {
    /// What line 1 calls the configuration.
    pub title: String,
    /// How it looks.
    pub theme: Theme,
    /// The exit code of a signal that came in; 0 while none did.
    pub signal: watch::Receiver<u8>,
}

/// Shows the dashboard until the user leaves; what runs then is waited for.
///
/// # Errors
/// What the terminal refuses.
pub async fn run(context: Context, options: Options) -> Result<()> {
    let state = State::new(&context.config, options.title.clone(), context.read_only, Keymap::built_in()?);
    let (sender, receiver) = unbounded_channel();
    let jobs = Jobs::new(context, sender);
    let (guard, screen) = terminal::take(true)?;
    let mut dashboard =
        Dashboard { state, jobs, guard, screen, options, started: Instant::now(), drawn: Instant::now(), receiver };
    let ended = dashboard.go().await;
    dashboard.guard.release();
    let finish = dashboard.jobs.finish();
    if tokio::time::timeout(LAST_WAIT, finish).await.is_err() {
        return Err(Error::Internal("an operation did not end within 30 s of leaving".to_owned()));
    }
    ended
}

struct Dashboard {
    state: State,
    jobs: Jobs,
    guard: Guard,
    screen: Screen,
    options: Options,
    started: Instant,
    drawn: Instant,
    receiver: UnboundedReceiver<Event>,
}

impl Dashboard {
    async fn go(&mut self) -> Result<()> {
        self.state.size = terminal::size()?;
        self.take_time();
        let effects = update::begin(&mut self.state);
        self.draw()?;
        if self.carry_out(effects)? {
            return Ok(());
        }
        let mut input = EventStream::new();
        let mut signal = self.options.signal.clone();
        loop {
            let first = tokio::select! {
                event = input.next() => match event {
                    Some(Ok(event)) => translate(event),
                    _ => return Ok(()),
                },
                event = self.receiver.recv() => event,
                _ = signal.wait_for(|code| *code != 0) => return Ok(()),
                () = wake(&self.state) => None,
            };
            // What comes while a frame is young shares the next one; keys never wait.
            if !matches!(first, Some(Event::Key(_))) {
                tokio::time::sleep(FRAME.saturating_sub(self.drawn.elapsed())).await;
            }
            if !self.guard.is_held() {
                return Err(Error::Internal("a background task panicked; its report is above".to_owned()));
            }
            self.take_time();
            let mut events: Vec<Event> = first.into_iter().collect();
            while let Ok(event) = self.receiver.try_recv() {
                events.push(event);
            }
            for event in events {
                let effects = update::update(&mut self.state, event);
                if self.carry_out(effects)? {
                    return Ok(());
                }
            }
            self.draw()?;
        }
    }

    fn take_time(&mut self) {
        let ms = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let clock = jiff::Zoned::now().strftime("%H:%M:%S").to_string();
        update::update(&mut self.state, Event::Time(Now { ms, clock }));
    }

    /// Does what `update` asked; tells whether to end.
    fn carry_out(&mut self, effects: Vec<Effect>) -> Result<bool> {
        for effect in effects {
            match effect {
                Effect::Start(id, operation) => self.jobs.start(id, operation),
                Effect::Stop(id) => self.jobs.stop(id),
                Effect::Redraw => self.screen.resize(self.state.size),
                Effect::Suspend => self.suspend()?,
                Effect::Quit => return Ok(true),
            }
        }
        Ok(false)
    }

    fn suspend(&mut self) -> Result<()> {
        self.guard.release();
        rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::TSTP)
            .map_err(|error| Error::fs("cannot suspend", "ourselves")(error.into()))?;
        self.guard.hold()?;
        self.state.is_dirty = true;
        self.screen.clear();
        Ok(())
    }

    fn draw(&mut self) -> Result<()> {
        if !self.state.is_dirty {
            return Ok(());
        }
        self.state.is_dirty = false;
        let (state, theme) = (&self.state, self.options.theme);
        self.screen.draw(|frame| view::draw(frame, state, theme))?;
        self.drawn = Instant::now();
        Ok(())
    }
}

/// Gives the terminal back where the dashboard cannot do it itself, such as at a second signal.
pub fn restore() {
    terminal::restore();
}

/// Wakes the loop when a dialog arms, or each second while something on the screen counts.
async fn wake(state: &State) {
    let arms = match &state.dialog {
        Some(Dialog::Confirm(confirm)) if !confirm.is_armed => {
            Some((confirm.opened + dialog::ARMING).saturating_sub(state.now.ms))
        }
        _ => None,
    };
    match (arms, state.needs_ticks()) {
        (Some(ms), _) => tokio::time::sleep(Duration::from_millis(ms.max(1))).await,
        (None, true) => tokio::time::sleep(Duration::from_secs(1)).await,
        (None, false) => std::future::pending().await,
    }
}

fn translate(input: Input) -> Option<Event> {
    match input {
        Input::Key(key) => Some(Event::Key(key)),
        Input::Paste(text) => Some(Event::Paste(text.chars().count())),
        Input::Resize(columns, rows) => Some(Event::Resize(columns, rows)),
        _ => None,
    }
}
