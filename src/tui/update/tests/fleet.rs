//! Fleet: fabrics in every state there is, for the pictures of the screens.

use super::state;
use crate::fabric::finding::{Finding, Severity};
use crate::fabric::plan::Outcome;
use crate::history::{Fault, Record};
use crate::ops::report::seen::{DiffFile, DiffReport, LogCommit, LogReport};
use crate::ops::report::{
    DirectoryState, DirectoryStatus, GitState, GitStatus, ManagedStatus, NextStep, RawFile, RawStatus, StatusReport,
};
use crate::ops::{Failure, IngestRequest, Mode, Operation, PushRequest};
use crate::progress::{Phase, Progress};
use crate::tui::list::filter::{DIRECTORIES, GITS};
use crate::tui::state::{Job, JobId, Purpose, Row, Stage, State};

/// A fabric that is in order.
pub(super) fn status() -> StatusReport {
    StatusReport {
        profile: Some("prod".to_owned()),
        directory: DirectoryStatus {
            state: DirectoryState::Initialized,
            findings: Vec::new(),
            missing: Vec::new(),
            loose: 0,
        },
        git: GitStatus {
            state: GitState::InSync,
            branch: "main".to_owned(),
            head: Some("3f2a9c1".repeat(5)),
            upstream: Some("3f2a9c1".repeat(5)),
            ahead: 0,
            behind: 0,
            checked_at: Some("2026-01-02T12:00:00Z".to_owned()),
            note: String::new(),
            repository_ahead: 0,
            repository_behind: 0,
            edited: Vec::new(),
        },
        raw: RawStatus { pending: 0, invalid: 0, left_out: 0, files: Vec::new() },
        managed: ManagedStatus {
            total: 47,
            kinds: [("Connection", 22), ("Server", 10), ("Switch", 7), ("VPC", 8)]
                .map(|(kind, count)| (kind.to_owned(), count))
                .into(),
            ..ManagedStatus::default()
        },
        next: None,
        last_operation: None,
        last_error: None,
        held: None,
        repository: "/home/alice/fabrics/netops".to_owned(),
        path: "gitops/hedgehog/dc1-prod".to_owned(),
        protected: false,
        read_only: None,
    }
}

/// One fabric of every state of a directory, then one of every state of Git.
pub(super) fn every_state() -> Vec<Row> {
    let of_directory = DIRECTORIES.into_iter().map(|state| {
        let mut status = status();
        status.directory.state = state;
        status
    });
    let of_git = GITS.into_iter().map(|state| {
        let mut status = status();
        (status.git.state, status.git.ahead, status.git.behind) = (state, 1, 2);
        status.git.edited = vec!["managed/vpcs/web.yaml".to_owned()];
        status
    });
    of_directory.chain(of_git).enumerate().map(|(at, status)| row(&format!("f{at}"), Some(Ok(status)))).collect()
}

fn row(name: &str, status: Option<Result<StatusReport, Failure>>) -> Row {
    let mut row = state(false).rows.remove(0);
    (row.name, row.status) = (name.to_owned(), status);
    row
}

fn raw_file(name: &str, documents: usize, findings: Vec<Finding>) -> RawFile {
    RawFile {
        path: format!("raw/{name}"),
        size: 298 * documents as u64,
        documents,
        kinds: [("VPC".to_owned(), documents)].into(),
        outcomes: [(if findings.is_empty() { Outcome::Added } else { Outcome::Invalid }, documents)].into(),
        findings,
    }
}

/// Three raw files, one with an error at a place.
pub(super) fn raw() -> RawStatus {
    let mut wrong = Finding::file(
        Severity::Error,
        "HH-VP5",
        "raw/test-vpc-2.yaml",
        "VLAN 5000 is none: it must be 1-4094",
        "use a VLAN of the namespace",
    )
    .at(8, 13);
    wrong.length = Some(4);
    let files = vec![
        raw_file("test-vpc-2.yaml", 1, vec![wrong]),
        raw_file("test-vpc.yaml", 1, Vec::new()),
        raw_file("prepop--with-a-very-long-name-that-carries-meaning--at-both-ends.yaml", 41, Vec::new()),
    ];
    RawStatus { pending: 3, invalid: 1, left_out: 0, files }
}

fn next(action: &str) -> NextStep {
    NextStep { action: action.to_owned(), key: String::new() }
}

/// A session in the middle of its work: fabrics in many states, operations that run, wait and ended.
pub(super) fn fleet() -> State {
    let mut state = state(false);
    state.jobs.clear();
    let mut ahead = status();
    (ahead.git.state, ahead.git.ahead, ahead.next) = (GitState::Ahead, 1, Some(next("push")));
    let mut waiting = status();
    (waiting.raw, waiting.next) = (raw(), Some(next("ingest")));
    let mut behind = waiting.clone();
    (behind.git.state, behind.git.behind, behind.next) = (GitState::Behind, 2, Some(next("pull")));
    let mut new = status();
    (new.directory.state, new.directory.loose, new.next) = (DirectoryState::NotInitialized, 4, Some(next("init")));
    let refused = Failure {
        code: "E-AUTH-DENIED".to_owned(),
        message: "the remote refuses the credential".to_owned(),
        remedy: vec!["make a new token, then fetch again (key f)".to_owned()],
        detail: "remote: HTTP Basic: Access denied\nfatal: Authentication failed for 'https://git.example.net/x'"
            .to_owned(),
        effect: crate::error::WriteEffect::Nothing,
        done: None,
        exit_code: 4,
    };
    let told = [
        ("dc1-prod", Some(Ok(status()))),
        ("dc1-staging", Some(Ok(ahead))),
        ("dc2-prod", Some(Ok(waiting))),
        ("dc2-lab", Some(Ok(behind))),
        ("edge-17", Some(Ok(new))),
        ("pop-ams", Some(Err(refused))),
        ("pop-fra", None),
    ];
    state.rows = told.into_iter().map(|(name, status)| row(name, status)).collect();
    state.list.shown.clear();
    state.arrange();
    state.now.clock = "09:15:02".to_owned();
    state.now.ms = 60_000;
    let push = Operation::Push(PushRequest { fabrics: vec!["dc1-staging".to_owned()], mode: Mode::Plan });
    let ingest = Operation::Ingest(IngestRequest::all(vec!["dc2-prod".to_owned()], Mode::Plan));
    let pull = Operation::Pull { fabrics: vec!["dc2-lab".to_owned()] };
    let fetch = Operation::Fetch { fabrics: vec!["pop-ams".to_owned()] };
    state.jobs = vec![
        job(10, fetch, "pop-ams", Stage::Failed, "FAILED E-AUTH-DENIED; e tells what to do"),
        job(11, pull, "dc2-lab", Stage::Done, "main is now 3f2a9c1"),
        job(12, push, "dc1-staging", Stage::Running, ""),
        job(13, ingest, "dc2-prod", Stage::Queued, ""),
    ];
    let (subject, note) = (String::new(), String::new());
    state.jobs[2].progress =
        Some(Progress { phase: Phase::Send, subject, done: 4, total: Some(8), note, silent: None });
    state.said = "push dc1-staging  started".to_owned();
    state.said_at = "09:15:00".to_owned();
    state
}

fn job(id: JobId, operation: Operation, fabric: &str, stage: Stage, result: &str) -> Job {
    Job {
        id,
        operation,
        purpose: Purpose::Act,
        fabric: fabric.to_owned(),
        fabrics: vec![fabric.to_owned()],
        repositories: vec!["netops".to_owned()],
        stage,
        progress: None,
        asked: 58_000,
        started: 58_000,
        ended: if result.is_empty() { String::new() } else { "09:14:07".to_owned() },
        result: result.to_owned(),
        log: ["09:14:02  started", "09:14:03  read remote", "09:14:04  pack"].map(str::to_owned).to_vec(),
    }
}

/// What differs: one file changed, one new.
pub(super) fn diff() -> DiffReport {
    let file = |path: &str, change, added, removed, diff: &str| DiffFile {
        path: path.to_owned(),
        change,
        added,
        removed,
        diff: Some(diff.to_owned()),
        note: String::new(),
    };
    let changed =
        "@@ -6,3 +6,3 @@\n     default: # web\n-      vlan: 1000\n+      vlan: 1001\n       subnet: 10.0.2.0/24\n";
    let new = "@@ -0,0 +1,2 @@\n+kind: Connection\n+apiVersion: wiring.githedgehog.com/v1beta1\n";
    DiffReport {
        from: "origin/main 3f2a9c1".to_owned(),
        to: "main 77be012".to_owned(),
        files: vec![
            file("managed/vpcs/test-vpc.yaml", "modified", 1, 1, changed),
            file("managed/connections/server-01--mclag--leaf-01--leaf-02.yaml", "added", 2, 0, new),
        ],
    }
}

/// Commits and operations: pushed and not, done, unchanged, failed, and one whose end is not known.
pub(super) fn log() -> LogReport {
    let commit = |id: &str, at: &str, subject: &str, pushed| LogCommit {
        id: id.repeat(5),
        at: at.to_owned(),
        subject: subject.to_owned(),
        author: "Alice Ng <alice@example.net>".to_owned(),
        operation: None,
        pushed,
    };
    let record = |at: &str, operation: &str, result: &str| Record {
        at: at.to_owned(),
        operation: operation.to_owned(),
        fabric: "dc1-staging".to_owned(),
        result: result.to_owned(),
        commit: Some("77be0129".repeat(5)),
        failure: None,
        process: None,
        started: None,
        key: None,
    };
    let mut failed = record("2026-01-02T09:00:00Z", "push", "failed");
    failed.failure = Some(Fault {
        code: "E-PUSH-NONFF".to_owned(),
        message: "the remote has commits that are not here".to_owned(),
        ..Fault::default()
    });
    LogReport {
        commits: vec![
            commit("77be0129", "2026-01-02T12:00:00Z", "ingest(dc1-staging): 43 resources from 3 raw files", false),
            commit("3f2a9c18", "2026-01-01T12:00:00Z", "by hand", true),
        ],
        operations: vec![
            record("2026-01-02T12:00:01Z", "ingest", "committed"),
            record("2026-01-02T11:00:00Z", "push", crate::history::SENDING),
            record("2026-01-02T10:00:00Z", "ingest", "no_change"),
            failed,
            record("2026-01-01T12:00:30Z", "push", "verified"),
        ],
    }
}
