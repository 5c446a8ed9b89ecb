//! Feed: a program that takes a text, such as a clipboard's.

use std::time::Duration;

use crate::error::Result;
use crate::git::program::{Child, Silence, run};
use crate::progress::Reporter;

/// A clipboard that takes longer is none.
const LIMIT: Duration = Duration::from_secs(5);

/// Runs a program with a text as its standard input; tells whether it took it.
///
/// # Errors
/// `GitProgram` when it cannot be started.
pub async fn feed(program: &str, args: &[&str], input: &str) -> Result<bool> {
    let args = args.iter().map(Into::into).collect();
    let child = Child {
        program: program.into(),
        args,
        envs: Vec::new(),
        without: &[],
        input: input.into(),
        limit: Silence::Always(LIMIT),
    };
    let done = run(child, &Reporter::silent(), &mut |_| true).await?;
    Ok(done.success)
}
