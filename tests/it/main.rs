//! The integration tests: one binary, a module an operation.

mod cli;
mod hostile;
mod ingest;
mod init;
mod push;
mod tidy;
mod world;
