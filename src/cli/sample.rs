//! Sample outcomes for the tests of this folder.

use crate::error::Error;
use crate::fabric::finding::{Finding, Severity};
use crate::fabric::plan::{Change, ChangeKind, DocumentOutcome, Outcome};
use crate::ops::report::{
    DirectoryState, DirectoryStatus, GitState, GitStatus, ManagedStatus, NextStep, PlanLine, PushCommit, PushOutcome,
    PushReport, RawStatus, Report, StatusReport, ValidateReport, WriteFrame, WriteReport, WriteResult,
};
use crate::ops::{Entry, Failure};

pub(super) const PLAN: &str = "7f3a21c9aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

pub(super) fn finding() -> Finding {
    Finding::file(Severity::Error, "HH-Y1", "raw/x.yaml", "not YAML", "correct it").at(3, 7)
}

pub(super) fn validated(fabric: &str) -> Entry {
    let report = ValidateReport { findings: vec![finding()], files: 1, resources: 1, ..ValidateReport::default() };
    Entry { fabric: fabric.to_owned(), result: Ok(Report::Validate(report)) }
}

pub(super) fn written(fabric: &str, result: WriteResult, outcome: Outcome) -> Entry {
    let report = WriteReport {
        result,
        plan: Some(PlanLine { id: PLAN.to_owned(), subject: "ingest(dc1): 1 resource".to_owned() }),
        commit: None,
        changes: vec![
            change("managed/vpcs/a.yaml", ChangeKind::Added),
            change("managed/vpcs/b.yaml", ChangeKind::Deleted),
        ],
        documents: vec![DocumentOutcome {
            file: "raw/x.yaml".to_owned(),
            line: Some(1),
            kind: Some("VPC".to_owned()),
            namespace: Some("default".to_owned()),
            name: Some("a".to_owned()),
            outcome,
            path: Some("managed/vpcs/a.yaml".to_owned()),
            note: String::new(),
        }],
        findings: vec![finding()],
        frame: WriteFrame {
            repository: "/src/net".to_owned(),
            branch: "main".to_owned(),
            author: "Alice Ng <alice@example.net>".to_owned(),
            ..WriteFrame::default()
        },
        whole: None,
    };
    Entry { fabric: fabric.to_owned(), result: Ok(Report::Write(Box::new(report))) }
}

fn change(path: &str, change: ChangeKind) -> Change {
    Change { path: path.to_owned(), change, from: None, added_lines: 3, removed_lines: 1, before: None, after: None }
}

pub(super) fn pushed(fabric: &str) -> Entry {
    let report = PushReport {
        outcome: PushOutcome::Planned,
        branch: "main".to_owned(),
        before: Some("3f2a9c1aaaa".to_owned()),
        after: Some("77be012aaaa".to_owned()),
        commits: vec![PushCommit {
            id: "77be012aaaa".to_owned(),
            subject: "ingest(dc1): 1 resource".to_owned(),
            author: "Alice Ng <alice@example.net>".to_owned(),
            fabric: Some("dc1".to_owned()),
            at: "2026-11-21T09:15:04Z".to_owned(),
        }],
        plan: Some(PLAN.to_owned()),
        watched_by: Vec::new(),
        remote: "https://git.example.net/x".to_owned(),
        files: (1, 0, 0),
        paths: Vec::new(),
        words: String::new(),
        typed_because: None,
        failure: None,
    };
    Entry { fabric: fabric.to_owned(), result: Ok(Report::Push(Box::new(report))) }
}

pub(super) fn status(fabric: &str) -> Entry {
    let report = StatusReport {
        profile: Some("prod".to_owned()),
        directory: DirectoryStatus {
            state: DirectoryState::Initialized,
            findings: Vec::new(),
            missing: Vec::new(),
            loose: 0,
        },
        git: GitStatus {
            state: GitState::Ahead,
            branch: "main".to_owned(),
            head: Some("77be012aaaa".to_owned()),
            upstream: None,
            ahead: 2,
            behind: 0,
            checked_at: None,
            note: String::new(),
            repository_ahead: 2,
            repository_behind: 0,
            edited: Vec::new(),
        },
        raw: RawStatus { pending: 3, invalid: 1, ..RawStatus::default() },
        managed: ManagedStatus::default(),
        next: Some(NextStep { action: "push".to_owned(), key: "P".to_owned() }),
        last_operation: None,
        last_error: None,
        held: None,
        repository: "/src/net".to_owned(),
        path: "gitops/dc1".to_owned(),
        protected: false,
        read_only: None,
    };
    Entry { fabric: fabric.to_owned(), result: Ok(Report::Status(Box::new(report))) }
}

pub(super) fn failed(fabric: &str) -> Entry {
    let error = Error::RepoBehind { branch: "main".to_owned(), upstream: "origin/main".to_owned(), behind: 2 };
    Entry { fabric: fabric.to_owned(), result: Err(Failure::from(&error)) }
}
