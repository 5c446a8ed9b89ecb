//! Command: words become operations and back; one grammar for the command line and for the dashboard's `:`.
//!
//! | | |
//! | --- | --- |
//! | [`args`] | what may be said; the doc comments are the help |
//! | [`request`] | a command as the operation it asks for |
//! | [`line`] | an operation as the command line that does the same |
//! | [`read`], [`complete`], [`past`] | a line of `:`: its meaning, what may come next, what was typed before |
//! | [`coming`] | what is not in this version yet, and says so |
//! | [`action`], [`keymap`] | what a key can mean, and which key means what |

pub mod action;
pub mod args;
pub mod coming;
pub mod complete;
pub mod keymap;
pub mod line;
pub mod past;
pub mod read;
pub mod request;
mod targets;
pub mod words;

#[cfg(test)]
mod tests;
