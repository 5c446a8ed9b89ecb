//! Arguments in, screen or command, exit code out.

use std::panic::AssertUnwindSafe;
use std::process::ExitCode;

use clap::Parser;
use color_eyre::eyre::Result;
use hedgerow::cli::args::{Arguments, ColorChoice, Command, Global};
use hedgerow::cli::demo;
use hedgerow::cli::look::Surroundings;
use hedgerow::cli::print;
use hedgerow::cli::session::Session;
use hedgerow::config::places::{Environment, Places};
use hedgerow::error::Error;
use hedgerow::ops::{Context, Failure};
use hedgerow::tui::Options;
use hedgerow::tui::theme::Theme;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// The exit code of a bug of ours.
const INTERNAL: u8 = 70;

fn main() -> Result<ExitCode> {
    color_eyre::install()?;
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

async fn run(arguments: Arguments) -> Result<u8> {
    let places = Places::new(&Environment::of_process(arguments.global.config.clone()));
    let surroundings = Surroundings::of_process();
    let session = Session::new(&arguments.global, &surroundings, places, signals()?);
    match &arguments.command {
        None if surroundings.can_draw() => {
            let title = session.title();
            // What is wrong with the configuration is told by the status of everything.
            let Ok(context) = session.context() else {
                return Ok(hedgerow::cli::run(arguments, &session).await);
            };
            Ok(dashboard(context, title, &session, &arguments.global).await)
        }
        Some(Command::Demo { script: false, keep }) if surroundings.can_draw() => {
            Ok(demonstrate(*keep, &session, &arguments.global).await)
        }
        None => {
            print::error("the dashboard needs a terminal, so this is `hedgerow status`\n");
            Ok(hedgerow::cli::run(arguments, &session).await)
        }
        Some(_) => Ok(hedgerow::cli::run(arguments, &session).await),
    }
}

/// Shows the dashboard; the answer is the exit code.
async fn dashboard(context: Context, title: String, session: &Session, global: &Global) -> u8 {
    let color = matches!(global.color, ColorChoice::Always) || session.look.color;
    let theme = Theme { ascii: !session.look.unicode, mono: !color };
    let options = Options { title, theme, signal: session.signal.clone() };
    match hedgerow::tui::run(context, options).await {
        Ok(()) => session.signalled().unwrap_or_default(),
        Err(error) => told(&error, session),
    }
}

/// Shows the dashboard of a sandbox, which is removed afterwards unless it is kept.
async fn demonstrate(keep: bool, session: &Session, global: &Global) -> u8 {
    print::error("making a sandbox with its own remotes ...\n");
    let demo = match demo::open(keep).await {
        Ok(demo) => demo,
        Err(error) => return told(&error, session),
    };
    let mut context = demo.sandbox.context.clone();
    context.read_only = session.read_only;
    let title = "DEMO, all local".to_owned();
    let code = dashboard(context, title, session, global).await;
    if let Some(folder) = &demo.kept {
        print::error(&format!("the sandbox stays in {}\n", folder.display()));
    }
    code
}

fn told(error: &Error, session: &Session) -> u8 {
    print::error(&print::failure(None, &Failure::from(error), session.error_look));
    error.exit_code()
}

/// The exit code of the first signal that asks to stop; a second one ends the process at once.
fn signals() -> Result<watch::Receiver<u8>> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hangup = signal(SignalKind::hangup())?;
    let (sender, receiver) = watch::channel(0);
    tokio::spawn(async move {
        loop {
            let code = tokio::select! {
                _ = interrupt.recv() => 130,
                _ = terminate.recv() => 143,
                _ = hangup.recv() => 129,
            };
            if *sender.borrow() != 0 {
                hedgerow::tui::restore();
                std::process::exit(code);
            }
            sender.send_replace(code.try_into().unwrap_or(INTERNAL));
        }
    });
    Ok(receiver)
}
