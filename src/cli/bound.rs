//! Bound: the keys that an answer names, as the configuration binds them.

use crate::command::action::Action;
use crate::command::keymap::Keymap;
use crate::fabric::finding::Finding;
use crate::ops::report::{Report, StatusReport};
use crate::ops::{Entry, Failure};

/// Puts the bound keys into what is told of one fabric.
pub(super) fn entry(entry: &mut Entry, keymap: &Keymap) {
    match &mut entry.result {
        Err(failure) => self::failure(failure, keymap),
        Ok(Report::Status(status)) => self::status(status, keymap),
        Ok(Report::Validate(report)) => findings(&mut report.findings, keymap),
        Ok(Report::Write(report)) => findings(&mut report.findings, keymap),
        Ok(Report::Push(report)) => report.failure.iter_mut().for_each(|failure| self::failure(failure, keymap)),
        Ok(_) => {}
    }
}

/// Puts the bound keys into the remedies of a failure.
pub(super) fn failure(failure: &mut Failure, keymap: &Keymap) {
    for remedy in &mut failure.remedy {
        *remedy = keymap.remedy(remedy);
    }
}

fn status(status: &mut StatusReport, keymap: &Keymap) {
    if let Some(next) = &mut status.next
        && let Some(action) = Action::named(&next.action)
    {
        next.key = keymap.key(action);
    }
    findings(&mut status.directory.findings, keymap);
    for remedy in status.last_error.iter_mut().flat_map(|last| &mut last.remedy) {
        *remedy = keymap.remedy(remedy);
    }
}

fn findings(findings: &mut [Finding], keymap: &Keymap) {
    for finding in findings {
        finding.remedy = keymap.remedy(&finding.remedy);
    }
}
