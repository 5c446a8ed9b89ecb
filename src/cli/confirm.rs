//! Asking before a write: `y`, or the name where a habit must not be enough.

use std::io::BufRead;

use crate::cli::print;
use crate::cli::session::Session;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::fabric::plan::ChangeKind;
use crate::ops::report::{PushOutcome, Report, WriteReport, WriteResult};
use crate::ops::{Entry, Outcome};
use crate::text::clean_line;

/// What has to be typed before something is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Question {
    /// `y`.
    Yes,
    /// This word, for this reason.
    Typed {
        /// The fabric's name, or the number of fabrics.
        word: String,
        /// Why a `y` is not enough.
        why: String,
    },
}

/// Whether a plan has something to carry out.
pub(super) fn is_pending(entry: &Entry) -> bool {
    match &entry.result {
        Ok(Report::Write(report)) => report.result == WriteResult::Planned,
        Ok(Report::Push(report)) => report.outcome == PushOutcome::Planned,
        _ => false,
    }
}

/// The id of a fabric's plan.
pub(super) fn plan_id(entry: &Entry) -> Option<&str> {
    match &entry.result {
        Ok(Report::Write(report)) => report.plan.as_ref().map(|plan| plan.id.as_str()),
        Ok(Report::Push(report)) => report.plan.as_deref(),
        _ => None,
    }
}

/// What these plans want typed.
pub(super) fn question(config: &Config, outcome: &Outcome) -> Question {
    let pending: Vec<&Entry> = outcome.entries.iter().filter(|e| is_pending(e)).collect();
    let pushes = |entry: &Entry| matches!(entry.result, Ok(Report::Push(_)));
    let reason = pending.iter().find_map(|entry| reason(config, entry));
    match &pending[..] {
        [one] => reason.map_or(Question::Yes, |why| Question::Typed { word: one.fabric.clone(), why }),
        several if reason.is_some() || several.iter().any(|entry| pushes(entry)) => Question::Typed {
            word: several.len().to_string(),
            why: reason.unwrap_or_else(|| format!("{} fabrics are pushed", several.len())),
        },
        _ => Question::Yes,
    }
}

fn reason(config: &Config, entry: &Entry) -> Option<String> {
    match &entry.result {
        Ok(Report::Write(report)) => report.frame.typed_because.clone().or_else(|| deletes(report)),
        Ok(Report::Push(report)) => {
            let profile = || {
                let fabric = config.fabric(&entry.fabric).ok()?;
                let protected = "the profile is protected".to_owned();
                fabric.protected.then_some(protected)
            };
            report.typed_because.clone().or_else(profile)
        }
        _ => None,
    }
}

fn deletes(report: &WriteReport) -> Option<String> {
    let gone = |kind, path: &str| kind == ChangeKind::Deleted && path.starts_with("managed/");
    let deletes = report.changes.iter().any(|c| gone(c.change, &c.path));
    deletes.then(|| "managed resources are deleted".to_owned())
}

/// Asks on the terminal; anything but the wanted answer is [`Error::Stopped`].
pub(super) async fn ask(session: &Session, what: &str, question: &Question) -> Result<()> {
    let (prompt, wanted) = match question {
        Question::Yes => (format!("{what}? Type y to go on: "), "y"),
        Question::Typed { word, why } => {
            let prompt = format!("{what}? {why}; type {word} to go on: ");
            (prompt, word.as_str())
        }
    };
    print::error(&clean_line(&prompt));
    let line = tokio::task::spawn_blocking(|| {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line).map(|_| line)
    });
    let line = tokio::select! {
        line = line => line,
        () = session.interrupted() => return Err(Error::Stopped),
    };
    let line = line.ok().and_then(std::io::Result::ok).unwrap_or_default();
    if line.trim() == wanted {
        return Ok(());
    }
    Err(Error::Stopped)
}

#[cfg(test)]
mod tests {
    use super::{Question, is_pending, plan_id, question};
    use crate::cli::sample;
    use crate::config::Config;
    use crate::fabric::plan;
    use crate::ops::report::{Report, WriteResult};
    use crate::ops::{Entry, Outcome};

    fn asked(entries: Vec<Entry>) -> Question {
        question(&Config::default(), &Outcome { entries, warnings: Vec::new() })
    }

    #[test]
    fn one_push_is_a_yes_and_several_are_counted() {
        assert_eq!(asked(vec![sample::pushed("a")]), Question::Yes);
        let Question::Typed { word, .. } = asked(vec![sample::pushed("a"), sample::pushed("b")]) else {
            panic!("two pushes were a yes")
        };
        assert_eq!(word, "2");
    }

    #[test]
    fn a_deletion_or_a_reason_wants_the_name() {
        let deleting = sample::written("dc1", WriteResult::Planned, plan::Outcome::Added);
        let Question::Typed { word, why } = asked(vec![deleting.clone()]) else { panic!("a deletion was a yes") };
        assert_eq!((word.as_str(), why.as_str()), ("dc1", "managed resources are deleted"));
        let mut harmless = deleting;
        if let Ok(Report::Write(report)) = &mut harmless.result {
            report.changes.clear();
        }
        assert_eq!(asked(vec![harmless.clone()]), Question::Yes);
        if let Ok(Report::Write(report)) = &mut harmless.result {
            report.frame.typed_because = Some("loose files move".to_owned());
        }
        assert!(matches!(asked(vec![harmless]), Question::Typed { .. }));
    }

    #[test]
    fn only_plans_wait_for_an_answer() {
        let planned = sample::written("a", WriteResult::Planned, plan::Outcome::Added);
        assert!(is_pending(&planned) && plan_id(&planned) == Some(sample::PLAN));
        let idle = sample::written("a", WriteResult::NoChange, plan::Outcome::Added);
        assert!(!is_pending(&idle) && !is_pending(&sample::failed("a")));
    }
}
