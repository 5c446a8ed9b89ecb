//! A writing command: plan, show, confirm, apply exactly what was shown.

use crate::cli::answer::Answer;
use crate::cli::args::Confirm;
use crate::cli::confirm;
use crate::cli::print;
use crate::cli::session::Session;
use crate::error::{Error, Result};
use crate::ops::question::{self, with_mode};
use crate::ops::{Context, Entry, Mode, Operation, Outcome};

/// Runs a writing operation as its confirmation wants it.
pub(super) async fn run(name: &'static str, operation: Operation, how: &Confirm, session: &Session) -> Result<Answer> {
    check_ids(&how.expect_plan)?;
    let context = session.context()?;
    if !how.dry_run {
        session.check_writable(name)?;
    }
    if how.yes && !how.dry_run {
        let expect = how.expect_plan.clone();
        let operation = with_mode(&operation, None, Mode::Apply { expect });
        let outcome = session.run(&context, name, operation).await?;
        return Ok(Answer::of(name, outcome, &context.config));
    }
    let planned = session.run(&context, name, operation.clone()).await?;
    check_expected(&planned, &how.expect_plan)?;
    let pending: Vec<&Entry> = planned.entries.iter().filter(|e| question::is_pending(e)).collect();
    if how.dry_run || pending.is_empty() || session.signalled().is_some() {
        return Ok(Answer::of(name, planned, &context.config));
    }
    let what = describe(name, &pending);
    if !session.can_ask {
        let answer = Answer::of(name, planned, &context.config);
        return Ok(answer.but(&Error::NeedsYes { what }));
    }
    print::error(&print::outcome(name, &planned, session.error_look));
    let asked = question::question(&planned.entries);
    confirm::ask(session, &what, &asked).await?;
    let outcome = apply(name, &operation, planned, &context, session).await?;
    Ok(Answer::of(name, outcome, &context.config))
}

/// Applies the plans that were shown; what needed nothing or failed keeps its entry.
async fn apply(
    name: &str,
    operation: &Operation,
    planned: Outcome,
    context: &Context,
    session: &Session,
) -> Result<Outcome> {
    let pending = planned.entries.iter().filter(|e| question::is_pending(e));
    let fabrics = pending.clone().map(|entry| entry.fabric.clone()).collect();
    let ids = pending.filter_map(question::plan_id);
    let expect: Vec<String> = ids.map(str::to_owned).collect();
    if expect.is_empty() {
        return Err(Error::Internal("a plan without an id".to_owned()));
    }
    let operation = with_mode(operation, Some(fabrics), Mode::Apply { expect });
    let applied = session.run(context, name, operation).await?;
    let mut entries = planned.entries;
    for done in applied.entries {
        if let Some(entry) = entries.iter_mut().find(|e| e.fabric == done.fabric) {
            *entry = done;
        }
    }
    Ok(Outcome { entries, warnings: applied.warnings })
}

fn describe(name: &str, pending: &[&Entry]) -> String {
    let names: Vec<&str> = pending.iter().map(|entry| entry.fabric.as_str()).collect();
    format!("{name} {}", names.join(" "))
}

fn check_ids(ids: &[String]) -> Result<()> {
    let sound = |id: &&String| id.len() >= 8 && id.chars().all(|c| c.is_ascii_hexdigit());
    match ids.iter().find(|id| !sound(id)) {
        None => Ok(()),
        Some(_) => Err(Error::Usage("--expect-plan takes eight or more hexadecimal digits".to_owned())),
    }
}

/// Every plan must be one of the expected ones, where any are.
fn check_expected(planned: &Outcome, expected: &[String]) -> Result<()> {
    if expected.is_empty() {
        return Ok(());
    }
    let pending = planned.entries.iter().filter(|e| question::is_pending(e));
    for entry in pending {
        let id = question::plan_id(entry).unwrap_or_default();
        if !question::is_expected(expected, id) {
            let digits: String = id.chars().take(8).collect();
            let moved = format!("the plan of {} is now {digits}", entry.fabric);
            return Err(Error::PlanStale { moved });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{check_expected, check_ids, with_mode};
    use crate::cli::sample;
    use crate::error::Error;
    use crate::fabric::plan;
    use crate::ops::report::WriteResult;
    use crate::ops::{Mode, Operation, Outcome, PushRequest};

    #[test]
    fn only_the_expected_plan_goes_on() {
        let entries = vec![sample::written("a", WriteResult::Planned, plan::Outcome::Added)];
        let planned = Outcome { entries, warnings: Vec::new() };
        let ids = |text: &str| vec![text.to_owned()];
        assert!(check_expected(&planned, &[]).is_ok());
        assert!(check_expected(&planned, &ids("7F3A21C9")).is_ok());
        let stale = check_expected(&planned, &ids("00000000")).unwrap_err();
        assert!(matches!(stale, Error::PlanStale { .. }));
        assert!(check_ids(&ids("7f3a21c9")).is_ok());
        assert!(check_ids(&ids("7f3a")).is_err() && check_ids(&ids("no hex!!")).is_err());
    }

    #[test]
    fn another_mode_keeps_the_rest() {
        let push = Operation::Push(PushRequest { fabrics: vec!["a".to_owned(), "b".to_owned()], mode: Mode::Plan });
        let expect = vec!["7f3a21c9".to_owned()];
        let apply = Mode::Apply { expect };
        let Operation::Push(request) = with_mode(&push, Some(vec!["b".to_owned()]), apply.clone()) else {
            panic!("no push any more")
        };
        assert_eq!((request.fabrics, request.mode), (vec!["b".to_owned()], apply.clone()));
        let Operation::Push(request) = with_mode(&push, None, apply) else { panic!("no push any more") };
        assert_eq!(request.fabrics.len(), 2);
    }
}
