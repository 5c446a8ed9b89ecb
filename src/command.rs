//! Command: words become operations; one grammar for the command line and for the dashboard's `:`.

pub mod action;
pub mod args;
pub mod request;
mod targets;
