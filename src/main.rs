//! Arguments in, screen or command, exit code out.

use std::panic::AssertUnwindSafe;
use std::process::ExitCode;

use clap::Parser;
use color_eyre::eyre::Result;
use hedgerow::cli::args::Arguments;
use hedgerow::cli::look::Surroundings;
use hedgerow::cli::print;
use hedgerow::cli::session::Session;
use hedgerow::config::places::{Environment, Places};
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
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
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
    if arguments.command.is_none() && !surroundings.can_draw() {
        print::error("the dashboard needs a terminal, so this is `hedgerow status`\n");
    }
    Ok(hedgerow::cli::run(arguments, &session).await)
}

/// The exit code of the first signal that asks to stop; a second one ends the process at once.
fn signals() -> Result<watch::Receiver<u8>> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let (sender, receiver) = watch::channel(0);
    tokio::spawn(async move {
        loop {
            let code = tokio::select! {
                _ = interrupt.recv() => 130,
                _ = terminate.recv() => 143,
            };
            if *sender.borrow() != 0 {
                std::process::exit(code);
            }
            sender.send_replace(code.try_into().unwrap_or(INTERNAL));
        }
    });
    Ok(receiver)
}
