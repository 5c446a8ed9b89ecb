//! Hedgerow: the map of the house.
//!
//! ```text
//!  hedgerow ~/.config/... | 9 fabrics, 8 need you            READ-WRITE | checked 09:14   tui/view/header.rs
//! +[ 1 Fabrics ]==================================================================[ 9/9 ]+
//! |   FABRIC       DIRECTORY     GIT           RAW   NEXT STEP                           | tui/view/fabrics.rs
//! |>  dc1-prod     = Ready       = In sync     3     N ingest                            |   ops/report.rs StatusReport
//! +======================================================================================+   tui/view/confirm.rs (a plan)
//! +-[ 4 Operations ]-----------------------------------------[ 1 running, 0 queued ]-----+
//! | > 3  push     dc1-prod   [#####.....] send 4/8                        0:02 x stop    | tui/view/operations.rs
//! +--------------------------------------------------------------------------------------+   progress.rs Progress
//!  j/k move  Enter open  r refresh  f fetch  p pull  v validate  e error                    tui/view/footer.rs
//!  KEYS N y P y    > push dc1-prod  Verified 77be012 on main                    09:15:02
//! ```
//!
//! Layers; an arrow only ever points down:
//!
//! ```text
//!  7  main
//!  6  cli            tui                 two faces; neither knows the other
//!  5  command                            words become operations: the grammar of the command line and of `:`
//!  4  demo                               a sandbox; calls ops
//!  3  ops                                what can be done: the one door
//!  2  git   history                      the outside world and the record
//!  1  fabric                             the domain: layout, documents, plan; no network, no git, no clock
//!  0  config  private  progress  error  text  yaml  signal  modes
//! ```
//!
//! Invariants; `tests/it/tidy.rs` checks those that a test can:
//!
//! * I1 Layers point down. `cli` and `tui` reach the outside only through `ops` and `history`.
//! * I2 Nothing outside `tui` names ratatui or crossterm; nothing outside `cli` prints.
//! * I3 `tui::update` is the only function that changes `State`; it is synchronous and returns `Effect`s.
//! * I4 `draw` takes `&State`.
//! * I5 Every operation passes `ops::run`, which runs it and records it; writers hold the repository's
//!   lock meanwhile, readers never wait. Command line and dashboard call the same one.
//! * I6 gix is used in `git/`, the `git` program is started in `git/program`.
//! * I7 Planning is pure: `fabric` turns (options, snapshot, history) into a `Plan` and touches nothing.
//!   Locks, objects and signatures come before apply; apply takes no input and is not cancellable.
//! * I8 No trait with one implementor, no global state, no macros of our own, no `unwrap` outside tests.
//! * I9 A file has at most 400 lines and begins with one sentence that says what it is.

pub mod cli;
pub mod command;
pub mod config;
pub mod demo;
pub mod error;
pub mod fabric;
pub mod git;
pub mod history;
pub mod modes;
pub mod ops;
pub mod private;
pub mod progress;
pub mod signal;
pub mod text;
pub mod tui;
pub mod yaml;
