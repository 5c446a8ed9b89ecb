//! The integration tests: one binary, a module an operation.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod access;
mod asking;
mod cli;
mod contract;
mod endings;
mod errors;
mod habits;
mod hostile;
mod ingest;
mod init;
mod login;
mod options;
mod panics;
mod pictures;
mod program;
mod push;
mod reading;
mod rebound;
mod record;
mod refresh;
mod resources;
mod screen;
mod secrets;
mod seeing;
mod sending;
mod session;
mod setup;
mod sharing;
mod surroundings;
mod terminal;
mod tidy;
mod typed;
mod validate;
mod words;
mod world;
