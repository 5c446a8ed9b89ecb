//! The exit code: what an outcome comes to as one number.

use crate::fabric::finding::Finding;
use crate::fabric::unseen;
use crate::ops::report::{PushOutcome, Report, WriteReport, WriteResult};
use crate::ops::{Entry, Outcome};

/// The answer is no.
pub const NO: u8 = 1;
/// Refused or in conflict.
pub const REFUSED: u8 = 6;
/// The network, or an answer that was lost.
const NETWORK: u8 = 5;
/// Some of several fabrics failed.
const SOME: u8 = 7;

/// The exit code of a whole outcome: that of the one fabric; of several, 7 where some failed and
/// the common code where all failed alike.
pub fn of_outcome(command: &str, outcome: &Outcome) -> u8 {
    let codes: Vec<u8> = outcome.entries.iter().map(|e| of_entry(command, e)).collect();
    combine(&codes)
}

/// The exit code of several fabrics' codes.
pub fn combine(codes: &[u8]) -> u8 {
    let failed = codes.iter().filter(|code| **code > NO).count();
    match codes.first() {
        None => 0,
        Some(first) if codes.iter().all(|code| code == first) => *first,
        Some(_) if failed > 0 => SOME,
        Some(_) => codes.iter().copied().max().unwrap_or_default(),
    }
}

/// The exit code of one fabric's part.
pub fn of_entry(command: &str, entry: &Entry) -> u8 {
    match &entry.result {
        Err(failure) => failure.exit_code,
        Ok(Report::Status(_) | Report::Discard(_) | Report::Remote(_) | Report::Log(_) | Report::File(_)) => 0,
        Ok(Report::Show(report)) => u8::from(report.findings.iter().any(is_unread)),
        Ok(Report::Diff(report)) => u8::from(!report.files.is_empty()),
        Ok(Report::Export(report)) => u8::from(report.findings.iter().any(Finding::is_error)),
        Ok(Report::Validate(report)) => u8::from(report.findings.iter().any(Finding::is_error)),
        Ok(Report::Write(report)) => of_write(command, report),
        Ok(Report::Push(report)) => match report.outcome {
            PushOutcome::Planned | PushOutcome::Verified | PushOutcome::NoChange => 0,
            PushOutcome::Rejected => REFUSED,
            PushOutcome::Uncertain => NETWORK,
        },
    }
}

fn of_write(command: &str, report: &WriteReport) -> u8 {
    let bad = report.documents.iter().any(|d| d.outcome.is_no());
    if matches!(command, "ingest" | "migrate") && bad {
        return NO;
    }
    // What was not read is no "no change".
    if report.findings.iter().any(is_unread) {
        return NO;
    }
    if command != "init" && report.result == WriteResult::Refused && report.findings.iter().any(Finding::is_error) {
        return NO;
    }
    if report.result == WriteResult::Refused {
        return REFUSED;
    }
    0
}

fn is_unread(finding: &Finding) -> bool {
    finding.is_error() && unseen::is_code(finding.code)
}

#[cfg(test)]
mod tests {
    use super::{combine, of_entry};
    use crate::cli::sample;
    use crate::fabric::plan::Outcome;
    use crate::ops::report::{PushOutcome, Report, WriteResult};

    #[test]
    fn several_fabrics_hide_no_failure() {
        assert_eq!(combine(&[]), 0);
        assert_eq!(combine(&[0, 0]), 0);
        assert_eq!(combine(&[0, 1]), 1);
        assert_eq!(combine(&[6]), 6);
        assert_eq!(combine(&[0, 6]), 7);
        assert_eq!(combine(&[4, 6]), 7);
        assert_eq!(combine(&[5, 5]), 5);
    }

    #[test]
    fn an_ingest_that_leaves_a_document_says_no() {
        for (outcome, code) in [
            (Outcome::Added, 0),
            (Outcome::Duplicate, 0),
            (Outcome::AsksForNothing, 0),
            (Outcome::LeftOut, 0),
            (Outcome::Conflict, 1),
            (Outcome::Older, 1),
            (Outcome::Invalid, 1),
            (Outcome::Refused, 1),
            (Outcome::Secret, 1),
            (Outcome::Waits, 1),
        ] {
            let entry = sample::written("dc1", WriteResult::Committed, outcome);
            assert_eq!(of_entry("ingest", &entry), code, "{outcome:?}");
            assert_eq!(of_entry("init", &entry), 0, "{outcome:?}");
        }
        let refused = sample::written("dc1", WriteResult::Refused, Outcome::Added);
        assert_eq!(of_entry("init", &refused), 6);
    }

    #[test]
    fn a_push_that_was_not_verified_is_a_failure() {
        for (outcome, code) in [
            (PushOutcome::Verified, 0),
            (PushOutcome::NoChange, 0),
            (PushOutcome::Rejected, 6),
            (PushOutcome::Uncertain, 5),
        ] {
            let mut entry = sample::pushed("dc1");
            if let Ok(Report::Push(report)) = &mut entry.result {
                report.outcome = outcome;
            }
            assert_eq!(of_entry("push", &entry), code, "{outcome:?}");
        }
        assert_eq!(of_entry("push", &sample::failed("dc1")), 6);
    }
}
