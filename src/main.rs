//! Arguments in, screen or command, exit code out.

use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use color_eyre::eyre::Result;
use hedgerow::cli::args::{Arguments, Command, Global, PaceChoice};
use hedgerow::cli::demo::{self, Demo};
use hedgerow::cli::look::Surroundings;
use hedgerow::cli::print;
use hedgerow::cli::session::Session;
use hedgerow::config::places::{Environment, Places};
use hedgerow::config::ui::{self, Pace};
use hedgerow::config::{Config, theme};
use hedgerow::error::Error;
use hedgerow::ops::copy::Clipboard;
use hedgerow::ops::{Context, Failure};
use hedgerow::signal::Signal;
use hedgerow::text::clean_line;
use hedgerow::tui::options::{Abilities, Ending, Options, Start};
use hedgerow::tui::preferences::{Preferences, Wishes};
use hedgerow::tui::record::Recorder;
use hedgerow::tui::wishes::Place;
use tokio::signal::unix::{SignalKind, signal};

/// The exit code of a bug of ours.
const INTERNAL: u8 = 70;
/// The exit code where nobody knows yet what became of something.
const UNCERTAIN: u8 = 5;
/// The exit code where the terminal is gone and no signal said so.
const HUNG_UP: u8 = 129;
/// Longer than the dashboard waits for what runs when it leaves.
const LAST_RESORT: Duration = Duration::from_secs(35);

fn main() -> Result<ExitCode> {
    hedgerow::cli::panic::install(Places::new(&Environment::of_process(None)).state_dir)?;
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(answer) => {
            let told = answer.print();
            let failed = told.is_ok() && answer.use_stderr();
            return Ok(ExitCode::from(if failed { 2 } else { 0 }));
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let work = AssertUnwindSafe(|| runtime.block_on(run(arguments)));
    let code = std::panic::catch_unwind(work).unwrap_or(Ok(INTERNAL));
    // A thread may still wait for an answer on standard input; nobody waits for it.
    runtime.shutdown_background();
    code.map(ExitCode::from)
}

/// What the command line, the surroundings and `--record` say of the dashboard.
type Said<'a> = (&'a Global, &'a Surroundings, Option<&'a Recorder>);

async fn run(arguments: Arguments) -> Result<u8> {
    let places = Places::new(&Environment::of_process(arguments.global.config.clone()));
    let surroundings = Surroundings::of_process().without_input(&arguments.global);
    let session = Session::new(&arguments.global, &surroundings, places, signals()?);
    let arguments = match with_demo(arguments) {
        Ok(arguments) => arguments,
        Err(error) => return Ok(told(&error, &session)),
    };
    let recorder = match recorder(&arguments, &surroundings) {
        Ok(recorder) => recorder,
        Err(error) => return Ok(told(&error, &session)),
    };
    match &arguments.command {
        None if arguments.global.plain => Ok(hedgerow::cli::plain::run(&session).await),
        None if surroundings.can_draw() => {
            let title = session.title();
            let (context, start) = match session.context() {
                Ok(context) => (context, Start::Fabrics),
                Err(error) => (session.context_of(Config::default()), start(&error)),
            };
            let place =
                Place { target: session.places.target().ok().map(Path::to_owned), folder: session.folder.clone() };
            Ok(dashboard(
                context,
                (title, place, start),
                &session,
                (&arguments.global, &surroundings, recorder.as_ref()),
            )
            .await)
        }
        Some(Command::Demo { script: false, keep }) if arguments.global.plain => {
            Ok(demonstrate_lines(*keep, &session).await)
        }
        Some(Command::Demo { script: false, keep }) if surroundings.can_draw() => {
            Ok(demonstrate(*keep, &session, (&arguments.global, &surroundings, recorder.as_ref())).await)
        }
        None if arguments.global.no_input => Ok(hedgerow::cli::run(None, &session).await),
        None => {
            print::error(
                "the dashboard needs a terminal, so this is `hedgerow status`; `hedgerow --plain` works without one\n",
            );
            Ok(hedgerow::cli::run(None, &session).await)
        }
        Some(_) => Ok(hedgerow::cli::run(arguments.command, &session).await),
    }
}

/// `--demo` is the command `demo`.
fn with_demo(arguments: Arguments) -> hedgerow::error::Result<Arguments> {
    let command = match arguments.command {
        None if arguments.demo => Some(Command::Demo { script: false, keep: false }),
        Some(Command::Demo { .. }) | None => arguments.command,
        Some(_) if arguments.demo => return Err(Error::Usage("--demo takes no other command".to_owned())),
        command => command,
    };
    Ok(Arguments { command, ..arguments })
}

/// Begins the file of `--record`, which only the dashboard fills.
fn recorder(arguments: &Arguments, surroundings: &Surroundings) -> hedgerow::error::Result<Option<Recorder>> {
    let is_drawn = match &arguments.command {
        None => true,
        Some(command) => matches!(command, Command::Demo { script: false, .. }),
    } && !arguments.global.plain;
    match &arguments.global.record {
        Some(_) if !is_drawn || !surroundings.can_draw() => {
            Err(Error::Usage("--record belongs to the dashboard, in a terminal".to_owned()))
        }
        Some(path) => Recorder::create(path).map(Some),
        None => Ok(None),
    }
}

/// A session without a configuration begins with the first run, one with a broken one by saying so.
fn start(error: &Error) -> Start {
    match error {
        Error::ConfigMissing { looked } => {
            Start::FirstRun { looked: looked.iter().map(|place| clean_line(place)).collect() }
        }
        broken => Start::Broken(Box::new(Failure::from(broken))),
    }
}

/// Shows the dashboard; the answer is the exit code.
async fn dashboard(
    context: Context,
    (title, place, start): (String, Place, Start),
    session: &Session,
    said: Said<'_>,
) -> u8 {
    let options = Options { place, start, ..options(&context, title, session, said) };
    let last_resort = tokio::spawn(last_resort(session.clone()));
    let ended = hedgerow::tui::run(context, options).await;
    last_resort.abort();
    if matches!(ended, Ok(Ending::Unfinished { .. })) {
        print::error("what ran had not ended after 30 s; the next start looks up what became of it\n");
    }
    match (ended, session.signalled()) {
        (Ok(_), Some(code)) => code,
        (Ok(Ending::Left), None) => 0,
        (Ok(Ending::Lost | Ending::Unfinished { is_lost: true }), None) => HUNG_UP,
        (Ok(Ending::Unfinished { is_lost: false }), None) => UNCERTAIN,
        (Ok(Ending::Demo), None) => Box::pin(demonstrate(false, session, said)).await,
        (Err(error), code) => {
            let own = told(&error, session);
            code.unwrap_or(own)
        }
    }
}

/// Ends the process where a signal came and the dashboard does not come back from its terminal.
async fn last_resort(session: Session) {
    loop {
        session.interrupted().await;
        tokio::time::sleep(LAST_RESORT).await;
        if let Some(code) = session.signalled() {
            hedgerow::tui::restore(&session.signal);
            std::process::exit(code.into());
        }
    }
}

/// What flags, environment, kept settings and configuration make of the dashboard, in this order.
fn options(context: &Context, title: String, session: &Session, (global, surroundings, recorder): Said<'_>) -> Options {
    let mut ui = context.config.ui.clone();
    let mut remarks: Vec<String> = ui::recall(&context.state_dir, &mut ui).into_iter().map(|r| r.message).collect();
    let themes = session.themes();
    match themes.iter().find(|theme| theme.name == ui.theme) {
        None => remarks.push(theme::unknown(&ui.theme, &themes)),
        Some(theme) => {
            let first = theme.remarks.first();
            remarks.extend(first.map(|r| format!("theme {}, line {}: {}", theme.name, r.line, r.message)));
        }
    }
    let wishes = Wishes {
        ascii: surroundings.ascii_said(global),
        wants_ascii: !session.look.unicode,
        pace: global.pace.map(|pace| match pace {
            PaceChoice::Full => Pace::Full,
            PaceChoice::Calm => Pace::Calm,
            PaceChoice::Slow => Pace::Slow,
        }),
        present: global.present,
        is_remote: surroundings.is_remote,
    };
    let mut terminal = Abilities::of(&surroundings.term);
    terminal.synchronizes = ui.sync_output.or(terminal.synchronizes);
    let version = env!("CARGO_PKG_VERSION");
    let (os, arch) = (std::env::consts::OS, std::env::consts::ARCH);
    let term = clean_line(&surroundings.term);
    let tmux = surroundings.is_tmux.then_some(Clipboard::Tmux);
    Options {
        title,
        preferences: Preferences::new(&ui, themes, session.depth, wishes),
        remarks,
        terminal,
        notify: ui.notify,
        recorder: recorder.cloned(),
        clipboard: ui.copy.map(Clipboard::Command).or(tmux),
        about: format!("hedgerow {version}, {os} {arch}, TERM {term}"),
        place: Place::default(),
        start: Start::Fabrics,
        signal: session.signal.clone(),
    }
}

/// Shows the dashboard of a sandbox, which is removed afterwards unless it is kept.
async fn demonstrate(keep: bool, session: &Session, said: Said<'_>) -> u8 {
    let demo = match sandbox(keep).await {
        Ok(demo) => demo,
        Err(error) => return told(&error, session),
    };
    let mut context = demo.sandbox.context.clone();
    context.read_only = session.read_only;
    let title = "DEMO, all local".to_owned();
    let target = Some(demo.sandbox.root.join("config.yaml"));
    let place = Place { target, folder: session.folder.clone() };
    let code = dashboard(context, (title, place, Start::Fabrics), session, said).await;
    say_kept(&demo);
    code
}

/// Line mode in a sandbox, which is removed afterwards unless it is kept.
async fn demonstrate_lines(keep: bool, session: &Session) -> u8 {
    let demo = match sandbox(keep).await {
        Ok(demo) => demo,
        Err(error) => return told(&error, session),
    };
    let code = Box::pin(hedgerow::cli::plain::run(&demo.session(session))).await;
    say_kept(&demo);
    code
}

async fn sandbox(keep: bool) -> hedgerow::error::Result<Demo> {
    print::error("making a sandbox with its own remotes ...\n");
    demo::open(keep).await
}

fn say_kept(demo: &Demo) {
    if let Some(folder) = &demo.kept {
        print::error(&format!("the sandbox stays in {}\n", folder.display()));
    }
}

fn told(error: &Error, session: &Session) -> u8 {
    print::error(&print::failure(None, &Failure::from(error), session.error_look));
    error.exit_code()
}

/// The signals; the first one asks to stop, a second one ends the process at once.
fn signals() -> Result<Signal> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hangup = signal(SignalKind::hangup())?;
    let signals = Signal::default();
    let told = signals.clone();
    tokio::spawn(async move {
        loop {
            let code = tokio::select! {
                _ = interrupt.recv() => 130,
                _ = terminate.recv() => 143,
                _ = hangup.recv() => 129,
            };
            if !signals.came(code) {
                hedgerow::tui::restore(&signals);
                std::process::exit(code.into());
            }
        }
    });
    Ok(told)
}
