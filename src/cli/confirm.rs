//! Asking before a write: `y`, or the name where a habit must not be enough.

use std::io::{BufRead, IsTerminal};

use rustix::termios::{QueueSelector, tcflush};

use crate::cli::print;
use crate::cli::session::Session;
use crate::error::{Error, Result};
use crate::ops::question::Question;
use crate::text::clean_line;

/// Asks on the terminal; what was typed before the question is no answer, and anything but the wanted answer is [`Error::Stopped`].
pub(super) async fn ask(session: &Session, what: &str, question: &Question) -> Result<()> {
    let (prompt, wanted) = match question {
        Question::Yes => (format!("{what}? Type y to go on: "), "y"),
        Question::Typed { word, why } => {
            let prompt = format!("{what}? {why}; type {word} to go on: ");
            (prompt, word.as_str())
        }
    };
    forget_typed();
    if line(session, &prompt).await.is_some_and(|line| line.trim() == wanted) {
        return Ok(());
    }
    Err(Error::Stopped)
}

/// Drops what waits to be read from a terminal: it was typed before anybody saw what is asked now.
fn forget_typed() {
    let input = std::io::stdin();
    if input.is_terminal() {
        // A terminal that cannot do it is gone, and gives no answer either.
        let _ = tcflush(&input, QueueSelector::IFlush);
    }
}

/// Asks for a line; none at the end of the input and when a signal came in.
pub(super) async fn line(session: &Session, prompt: &str) -> Option<String> {
    print::error(&clean_line(prompt));
    let line = tokio::task::spawn_blocking(|| {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line).map(|_| line)
    });
    let line = tokio::select! {
        line = line => line,
        () = session.interrupted() => return None,
    };
    line.ok().and_then(std::io::Result::ok).filter(|line| !line.is_empty())
}

#[cfg(test)]
mod tests {
    use crate::cli::sample;
    use crate::fabric::plan;
    use crate::ops::Entry;
    use crate::ops::question::{Question, is_pending, plan_id, question};
    use crate::ops::report::{Report, WriteResult};

    fn asked(entries: &[Entry]) -> Question {
        question(entries)
    }

    #[test]
    fn one_push_is_a_yes_and_several_are_counted() {
        assert_eq!(asked(&[sample::pushed("a")]), Question::Yes);
        let Question::Typed { word, .. } = asked(&[sample::pushed("a"), sample::pushed("b")]) else {
            panic!("two pushes were a yes")
        };
        assert_eq!(word, "2");
    }

    #[test]
    fn a_deletion_or_a_reason_wants_the_name() {
        let deleting = sample::written("dc1", WriteResult::Planned, plan::Outcome::Added);
        let Question::Typed { word, why } = asked(std::slice::from_ref(&deleting)) else {
            panic!("a deletion was a yes")
        };
        assert_eq!((word.as_str(), why.as_str()), ("dc1", "managed resources are deleted"));
        let mut harmless = deleting;
        if let Ok(Report::Write(report)) = &mut harmless.result {
            report.changes.clear();
        }
        assert_eq!(asked(std::slice::from_ref(&harmless)), Question::Yes);
        if let Ok(Report::Write(report)) = &mut harmless.result {
            report.frame.typed_because = Some("loose files move".to_owned());
        }
        assert!(matches!(asked(&[harmless]), Question::Typed { .. }));
    }

    #[test]
    fn only_plans_wait_for_an_answer() {
        let planned = sample::written("a", WriteResult::Planned, plan::Outcome::Added);
        assert!(is_pending(&planned) && plan_id(&planned) == Some(sample::PLAN));
        let idle = sample::written("a", WriteResult::NoChange, plan::Outcome::Added);
        assert!(!is_pending(&idle) && !is_pending(&sample::failed("a")));
    }
}
