//! Hedgerow: a terminal dashboard and a command line for the GitOps directories of Hedgehog fabrics.

pub mod cli;
pub mod config;
pub mod demo;
pub mod error;
pub mod fabric;
pub mod git;
pub mod history;
pub mod ops;
pub mod progress;
pub mod text;
pub mod tui;
pub mod yaml;
