//! The loop: event → update → effects → draw.
//!
//! One channel carries what happens; the loop drains what waits, then draws once, and only if
//! something changed. An idle screen writes nothing.

mod burst;
pub mod cast;
mod clipboard;
pub mod dialog;
pub mod event;
pub mod jobs;
pub mod keymap;
pub mod list;
pub mod looked;
mod mask;
pub mod more;
pub mod options;
mod outside;
mod painter;
pub mod palette;
pub mod preferences;
pub mod record;
pub mod refresh;
mod rhythm;
pub mod setup;
pub mod state;
mod terminal;
pub mod theme;
pub mod update;
pub mod view;
pub mod viewer;
pub mod wishes;

pub use crate::command::action;

use std::future::poll_fn;
use std::path::PathBuf;
use std::task::Poll;
use std::time::{Duration, Instant};

use crossterm::event::{Event as Input, EventStream};
use futures_util::StreamExt as _;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::command::past;
use crate::error::{Error, Result};
use crate::ops::{Context, cut_off};
use crate::signal::Signal;
use crate::tui::burst::Burst;
use crate::tui::dialog::Dialog;
use crate::tui::event::{Effect, Event, Now};
use crate::tui::jobs::Jobs;
use crate::tui::keymap::Keymap;
use crate::tui::mask::Mask;
use crate::tui::options::{Ending, Options, Start};
use crate::tui::rhythm::Rhythm;
use crate::tui::setup::{FirstRun, Wish};
use crate::tui::state::{Screen as Main, State};
use crate::tui::terminal::{Guard, Screen};

/// How long a lost connection waits for what runs.
const LAST_WAIT: Duration = Duration::from_secs(30);

/// Shows the dashboard until the user leaves; what runs then is waited for.
///
/// # Errors
/// What the terminal refuses.
pub async fn run(context: Context, options: Options) -> Result<Ending> {
    let (keymap, remarks) = Keymap::with(&context.config.keys)?;
    let mut state = State::new(&context.config, options.title.clone(), context.read_only, keymap);
    state.preferences = options.preferences.clone();
    state.list.restore(&options.preferences.order);
    state.list.refilter(&options.preferences.filter);
    state.arrange();
    if !state.list.filter.is_empty() {
        state.say(format!("the filter {} is on, as you left it; Esc shows all", state.list.filter));
    }
    state.about.clone_from(&options.about);
    state.refresh.seed = u64::from(std::process::id());
    for remark in &options.remarks {
        state.say(remark.as_str());
    }
    state.lines = past::load(&context.state_dir).unwrap_or_else(|error| {
        state.say(error.to_string());
        Vec::new()
    });
    state.warn(&[&context.config.remarks[..], &remarks].concat());
    begin(&mut state, &options);
    let (sender, receiver) = unbounded_channel();
    let state_dir = context.state_dir.clone();
    let jobs = Jobs::new(context, options.place.clone(), sender.clone());
    let (guard, screen) = terminal::take(options.terminal, options.recorder.clone())?;
    let mut dashboard = Dashboard {
        state,
        state_dir,
        jobs,
        guard,
        screen,
        options,
        mask: Mask::default(),
        rhythm: Rhythm::default(),
        burst: Burst::default(),
        started: Instant::now(),
        sender,
        receiver,
        away: None,
    };
    let ended = match dashboard.go().await {
        Err(error) if terminal::is_lost(&error) => Ok(Ending::Lost),
        ended => ended,
    };
    dashboard.guard.release();
    let state = &dashboard.state;
    let pushing = state.pushing();
    dashboard.jobs.wind_down(|id| state.can_stop(id));
    let finish = dashboard.jobs.finish();
    if tokio::time::timeout(LAST_WAIT, finish).await.is_err() {
        return ended.map(|ending| Ending::Unfinished { is_lost: ending == Ending::Lost });
    }
    if matches!(ended, Ok(Ending::Lost)) {
        cut_off::note(dashboard.jobs.context(), &pushing);
    }
    ended
}

/// Shows what the session begins with.
fn begin(state: &mut State, options: &Options) {
    match &options.start {
        Start::Fabrics => {}
        Start::FirstRun { looked } => {
            let target = options.place.target.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
            let run = FirstRun { looked: looked.clone(), target, ..FirstRun::default() };
            state.screen = Main::FirstRun(Box::new(run));
        }
        Start::Broken(failure) => update::setup::broken(state, (**failure).clone()),
    }
}

/// Gives the terminal back where the dashboard cannot do it itself, such as at a second signal; it is set
/// as it was even if another program has it.
pub fn restore(signal: &Signal) {
    terminal::restore(signal.is_lent());
    signal.restore_modes();
}

/// Another program that gets the terminal for a while.
enum Away {
    /// The user's editor, with a file and a line.
    Edit(PathBuf, u32),
    /// Git, to ask for the remote of a fabric.
    Login(String),
}

/// The error of a session in which something panicked.
fn fallen() -> Error {
    Error::Internal("a part of the dashboard panicked; its report is above".to_owned())
}

struct Dashboard {
    state: State,
    state_dir: PathBuf,
    jobs: Jobs,
    guard: Guard,
    screen: Screen,
    options: Options,
    mask: Mask,
    rhythm: Rhythm,
    burst: Burst,
    started: Instant,
    sender: UnboundedSender<Event>,
    receiver: UnboundedReceiver<Event>,
    /// What gets the terminal, once the keys are let go of.
    away: Option<Away>,
}

impl Dashboard {
    async fn go(&mut self) -> Result<Ending> {
        // From here on a change of the size is told; measured earlier, one could be missed.
        let mut input = EventStream::new();
        self.state.size = terminal::size()?;
        self.screen.resize(self.state.size);
        self.take_time()?;
        if self.state.preferences.mouse {
            self.screen.mouse(true)?;
        }
        let effects = update::setup::open(&mut self.state);
        self.draw()?;
        if let Some(ending) = self.carry_out(effects)? {
            return Ok(ending);
        }
        loop {
            let Some(events) = self.next(&mut input).await else { return Ok(Ending::Lost) };
            if !self.guard.is_held() {
                self.guard.panicked().await;
                return Err(fallen());
            }
            self.take_time()?;
            let events = self.burst.gather(events, &self.state);
            let rests = !self.burst.goes_on(&self.state)
                && !events.iter().any(|event| matches!(event, Event::Key(_) | Event::Paste(_)));
            for event in events.into_iter().chain(rests.then_some(Event::Rest)) {
                if let Some(ending) = self.take(event)? {
                    return Ok(ending);
                }
            }
            if let Some(away) = self.away.take() {
                // The stream reads keys in the background: they are another program's now.
                drop(input);
                self.hand_over(away).await?;
                input = EventStream::new();
            }
            if self.state.dialog.is_some() {
                self.rhythm.hurry();
            }
            if self.state.is_dirty && self.now() >= self.rhythm.due(self.state.preferences.pace) {
                self.draw()?;
            }
        }
    }

    /// What happened; nothing more once the terminal or a signal ended the session.
    ///
    /// All input that waits is read before anything is drawn.
    async fn next(&mut self, input: &mut EventStream) -> Option<Vec<Event>> {
        let due = self.state.is_dirty.then(|| self.rhythm.due(self.state.preferences.pace));
        let pause = due.into_iter().chain(wake(&self.state)).min().map(|at| at.saturating_sub(self.now()).max(1));
        let mut events = Vec::new();
        tokio::select! {
            read = poll_fn(|task| read(input, task)) => events.extend(translate(read?.ok()?)),
            event = self.receiver.recv() => events.extend(event),
            () = self.options.signal.wait() => return None,
            () = self.guard.panicked() => {}
            () = sleep(pause) => {}
        }
        // Asked with the waker of this task: the stream keeps the one it saw last.
        while let Poll::Ready(read) = poll_fn(|task| Poll::Ready(read(input, task))).await {
            events.extend(translate(read?.ok()?));
        }
        while let Ok(event) = self.receiver.try_recv() {
            events.push(event);
        }
        Some(events)
    }

    /// Changes the state by one event and does what follows; tells how it ends, if it does.
    fn take(&mut self, event: Event) -> Result<Option<Ending>> {
        match &event {
            Event::Key(_) | Event::Paste(_) | Event::Mouse(_) | Event::Copied { .. } => self.rhythm.hurry(),
            Event::Resize(..) => self.rhythm.resized(),
            _ => {}
        }
        let effects = update::update(&mut self.state, event);
        self.carry_out(effects)
    }

    fn now(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn take_time(&mut self) -> Result<()> {
        let zoned = jiff::Zoned::now();
        let clock = zoned.strftime("%H:%M:%S").to_string();
        let now = Now { ms: self.now(), clock, wall: zoned.timestamp().as_second() };
        let effects = update::update(&mut self.state, Event::Time(now));
        self.carry_out(effects)?;
        Ok(())
    }

    /// Does what `update` asked; tells how it ends, if it does.
    fn carry_out(&mut self, effects: Vec<Effect>) -> Result<Option<Ending>> {
        for effect in effects {
            match effect {
                Effect::Start(id, operation) => self.jobs.start(id, operation),
                Effect::Stop(id) => self.jobs.stop(id),
                Effect::Redraw => self.screen.resize(self.state.size),
                Effect::Suspend => self.suspend()?,
                Effect::Edit(file, line) => self.away = Some(Away::Edit(file, line)),
                Effect::Login(fabric) => self.away = Some(Away::Login(fabric)),
                Effect::Wish(Wish::Demo) => return Ok(Some(Ending::Demo)),
                Effect::Wish(wish) => self.jobs.wish(wish),
                Effect::Quit => return Ok(Some(Ending::Left)),
                Effect::Copy { what, text } => self.copy(what, text)?,
                Effect::Save(report) => self.save(&report)?,
                Effect::Osc52 { what, text } => self.osc52(what, &text)?,
                Effect::Keep(setting) => self.keep(setting)?,
                Effect::Notify(text) => self.notify(&text)?,
                Effect::Remember(line) => self.remember(&line)?,
                Effect::Read(request) => self.read(*request),
            }
        }
        Ok(None)
    }

    fn draw(&mut self) -> Result<()> {
        update::update(&mut self.state, Event::Frame);
        self.state.is_dirty = false;
        let (state, mask) = (&self.state, &mut self.mask);
        let preferences = &state.preferences;
        let title = self.options.terminal.has_title.then(|| view::title(state));
        let took = self.screen.draw(title, |frame| {
            view::draw(frame, state, preferences.look());
            if preferences.privacy {
                mask.buffer(frame.buffer_mut());
            }
        })?;
        if let Some(error) = self.screen.lost_recording() {
            self.take(Event::Said(format!("the recording ends here: {error}")))?;
        }
        if self.rhythm.drew(self.now(), took) {
            self.take(Event::Slower)?;
        }
        Ok(())
    }
}

/// When the loop wakes by itself: a dialog arms, something on the screen counts seconds, a remote
/// is to be asked, or a reading grows stale.
fn wake(state: &State) -> Option<u64> {
    match &state.dialog {
        Some(Dialog::Confirm(confirm)) if !confirm.is_armed => Some(confirm.arms),
        _ if state.needs_ticks() => Some(state.now.ms + 1000),
        _ => refresh::next(state).map(|(_, at)| at).into_iter().chain(refresh::grows_stale(state)).min(),
    }
}

async fn sleep(pause: Option<u64>) {
    match pause {
        Some(ms) => tokio::time::sleep(Duration::from_millis(ms)).await,
        None => std::future::pending().await,
    }
}

/// Reads what was typed; nothing more once the terminal is gone, where the stream would read for ever.
fn read(input: &mut EventStream, task: &mut std::task::Context<'_>) -> Poll<Option<std::io::Result<Input>>> {
    if terminal::is_gone() { Poll::Ready(None) } else { input.poll_next_unpin(task) }
}

fn translate(input: Input) -> Option<Event> {
    match input {
        Input::Key(key) => Some(Event::Key(key)),
        Input::Paste(text) => Some(Event::Paste(text)),
        Input::Mouse(mouse) => Some(Event::Mouse(mouse)),
        Input::Resize(columns, rows) => Some(Event::Resize(columns, rows)),
        _ => None,
    }
}
