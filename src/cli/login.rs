//! `login`: git asks on the terminal, then the remote is read as every other command does it.

use crate::cli::answer::Answer;
use crate::cli::print;
use crate::cli::session::Session;
use crate::error::{Error, Result};
use crate::modes::Modes;
use crate::ops::Operation;
use crate::ops::login::{self, Asked};
use crate::text::clean_line;

/// Hands the terminal to git, and fetches afterwards where that is allowed.
pub(super) async fn run(fabric: String, session: &Session) -> Result<Answer> {
    let context = session.context()?;
    let address = login::address(&context, &fabric)?;
    if !session.can_ask {
        let text = format!("login {} needs a terminal: git, its helpers or ssh ask there", clean_line(&fabric));
        return Err(Error::Usage(text));
    }
    print::error(&login::announcement(&context, &fabric)?);
    let modes = Modes::now();
    let asked = login::login(&context, &fabric, session.interrupted()).await;
    // Whoever asked for a password may have been killed before it could do this.
    modes.restore();
    let asked = asked?;
    let is_read_only = session.read_only || context.config.fabric(&fabric)?.read_only;
    if asked == Asked::Interrupted {
        session.signal.shared().await;
        return Err(Error::Stopped);
    }
    if asked == Asked::Locked {
        let detail = "what the signing program said stands above".to_owned();
        return Err(Error::Sign { detail, is_locked: true });
    }
    if asked == Asked::Unlocked {
        let text = format!("login {}  the key is unlocked; run it again\n", clean_line(&fabric));
        return Ok(Answer { command: "login", text, data: Some(Vec::new()), ..Answer::default() });
    }
    if is_read_only && asked != Asked::Answered {
        return Err(Error::Net { remote: address, detail: "what git said stands above".to_owned() });
    }
    if is_read_only {
        let text = format!("login {}  {address} answered\n", clean_line(&fabric));
        return Ok(Answer { command: "login", text, data: Some(Vec::new()), ..Answer::default() });
    }
    // Whether it was answered or not: the fetch tells what every other command will meet.
    let outcome = session.run(&context, "login", Operation::Fetch { fabrics: vec![fabric] }).await?;
    Ok(Answer::of("login", outcome, &context.config))
}
