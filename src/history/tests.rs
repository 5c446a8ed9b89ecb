//! Tests of the journal: what it keeps, clears and survives.

use std::path::Path;

use super::{Fault, Record, journal, last_error, last_operation, record};

fn done(fabric: &str, result: &str) -> Record {
    Record {
        at: "2026-11-21T09:15:04Z".to_owned(),
        operation: "ingest".to_owned(),
        fabric: fabric.to_owned(),
        result: result.to_owned(),
        commit: Some("77be012".to_owned()),
        failure: None,
        process: None,
        started: None,
    }
}

fn failed(fabric: &str) -> Record {
    Record {
        commit: None,
        failure: Some(Fault { code: "E-NET".to_owned(), message: "no answer".to_owned(), ..Fault::default() }),
        ..done(fabric, "failed")
    }
}

#[test]
fn an_error_stays_until_a_success_of_the_same_fabric() {
    let dir = tempfile::tempdir().unwrap();
    let state = dir.path().join("state/hedgerow");
    assert_eq!(last_operation(&state, "a"), None);
    assert_eq!(record(&state, &failed("a")), None);
    assert_eq!(record(&state, &done("b", "committed")), None);
    assert_eq!(last_error(&state, "a").unwrap().code, "E-NET");
    assert_eq!(last_operation(&state, "a").unwrap().result, "failed");
    assert_eq!(record(&state, &done("a", "no_change")), None);
    assert_eq!(last_error(&state, "a"), None);
    assert_eq!(last_operation(&state, "a").unwrap().result, "no_change");
}

#[test]
fn a_check_clears_what_reading_said_and_never_what_a_push_was_told() {
    let dir = tempfile::tempdir().unwrap();
    let told = |operation: &str, code: &str| {
        let failure = (!code.is_empty()).then(|| Fault { code: code.to_owned(), ..Fault::default() });
        record(dir.path(), &Record { operation: operation.to_owned(), failure, ..done("a", "x") });
        last_error(dir.path(), "a").map(|last| (last.operation, last.code))
    };
    let error = |operation: &str, code: &str| Some((operation.to_owned(), code.to_owned()));
    assert_eq!(told("push", "E-AUTH-DENIED"), error("push", "E-AUTH-DENIED"));
    assert_eq!(told("check", ""), error("push", "E-AUTH-DENIED"));
    assert_eq!(told("check", "E-NET"), error("push", "E-AUTH-DENIED"));
    for reading in ["fetch", "pull", "check"] {
        told("push", "");
        assert_eq!(told(reading, "E-AUTH-DENIED"), error(reading, "E-AUTH-DENIED"));
        assert_eq!(told("check", "E-NET"), error("check", "E-NET"));
        assert_eq!(told("check", ""), None);
    }
}

#[test]
fn a_push_that_was_begun_is_open_until_its_end_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let begun = Record { operation: "push".to_owned(), process: Some(7), ..done("a", super::SENDING) };
    record(dir.path(), &done("a", "committed"));
    record(dir.path(), &begun);
    assert_eq!(super::read(dir.path()).sending(), [begun]);
    assert_eq!(last_operation(dir.path(), "a").unwrap().result, "committed");
    let lost = Record { operation: "push".to_owned(), ..done("a", super::UNCERTAIN) };
    record(dir.path(), &lost);
    record(dir.path(), &done("a", "no_change"));
    assert_eq!(super::read(dir.path()).sending(), [lost]);
    record(dir.path(), &Record { operation: "push".to_owned(), ..done("a", "verified") });
    assert!(super::read(dir.path()).sending().is_empty());
}

#[test]
fn a_failure_ends_only_the_push_of_its_own_process() {
    let dir = tempfile::tempdir().unwrap();
    let push = |record: Record| Record { operation: "push".to_owned(), ..record };
    let open = || super::read(dir.path()).sending().len();
    record(dir.path(), &push(Record { process: Some(7), ..done("a", super::SENDING) }));
    record(dir.path(), &push(Record { process: Some(8), ..failed("a") }));
    assert_eq!(open(), 1, "another process was refused the lock");
    record(dir.path(), &push(Record { process: Some(7), started: Some(2), ..failed("a") }));
    assert_eq!(open(), 1, "a later process has the same number");
    record(dir.path(), &push(done("a", super::UNCERTAIN)));
    record(dir.path(), &push(Record { process: Some(7), ..failed("a") }));
    assert_eq!(open(), 1, "a retry that did not get through tells nothing of the first");
    record(dir.path(), &push(done("a", "rejected")));
    assert_eq!(open(), 0, "the same commit was looked up");
    record(dir.path(), &push(Record { process: Some(7), ..done("a", super::SENDING) }));
    record(dir.path(), &push(Record { process: Some(7), ..failed("a") }));
    assert_eq!(open(), 0);
}

#[test]
fn the_journal_is_ours_alone_and_survives_torn_lines() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    record(dir.path(), &failed("a"));
    let path = journal(dir.path());
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let mut bytes = std::fs::read(&path).unwrap();
    bytes.extend_from_slice(b"\xff not json\n{\"at\":\"20");
    std::fs::write(&path, bytes).unwrap();
    assert_eq!(last_error(dir.path(), "a").unwrap().message, "no answer");
    assert_eq!(record(dir.path(), &done("a", "committed")), None);
    assert_eq!(last_error(dir.path(), "a"), None);
}

#[test]
fn many_writers_lose_no_line() {
    let dir = tempfile::tempdir().unwrap();
    std::thread::scope(|scope| {
        for writer in 0..8 {
            let state = dir.path();
            scope.spawn(move || {
                for _ in 0..20 {
                    assert_eq!(record(state, &done(&format!("f{writer}"), "x")), None);
                }
            });
        }
    });
    let text = std::fs::read_to_string(journal(dir.path())).unwrap();
    let sound = text.lines().filter(|line| serde_json::from_str::<Record>(line).is_ok());
    assert_eq!(sound.count(), 160);
}

#[test]
fn a_place_that_cannot_be_written_is_only_a_warning() {
    let warning = record(Path::new("/dev/null/x"), &done("a", "committed")).unwrap();
    assert!(warning.contains("/dev/null/x/journal.jsonl could not be written"));
}
