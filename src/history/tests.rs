//! Tests of the journal: what it keeps, clears and survives.

use std::path::Path;

use proptest::prelude::*;

use super::journal::{append_within, kept};
use super::{Cache, Fault, LastError, LastOperation, Record, journal, read, record};

fn last_error(state: &Path, fabric: &str) -> Option<LastError> {
    read(state).last_error(fabric, "").cloned()
}

fn last_operation(state: &Path, fabric: &str) -> Option<LastOperation> {
    read(state).last_operation(fabric, "").cloned()
}

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
        key: None,
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
    assert_eq!(read(dir.path()).sending("a", ""), Some(&begun));
    assert_eq!(last_operation(dir.path(), "a").unwrap().result, "committed");
    let lost = Record { operation: "push".to_owned(), ..done("a", super::UNCERTAIN) };
    record(dir.path(), &lost);
    record(dir.path(), &done("a", "no_change"));
    assert_eq!(read(dir.path()).sending("a", ""), Some(&lost));
    record(dir.path(), &Record { operation: "push".to_owned(), ..done("a", "verified") });
    assert!(!read(dir.path()).is_open("a"));
}

#[test]
fn a_failure_ends_only_the_push_of_its_own_process() {
    let dir = tempfile::tempdir().unwrap();
    let push = |record: Record| Record { operation: "push".to_owned(), ..record };
    let open = || usize::from(read(dir.path()).is_open("a"));
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
fn times_are_told_in_whole_seconds() {
    let dir = tempfile::tempdir().unwrap();
    for (at, told) in [
        ("2026-11-21T14:01:56.67288117Z", "2026-11-21T14:01:56Z"),
        ("2026-11-21T14:01:56Z", "2026-11-21T14:01:56Z"),
        ("yesterday.x", "yesterday.x"),
    ] {
        record(dir.path(), &Record { at: at.to_owned(), ..done("a", "committed") });
        assert_eq!(last_operation(dir.path(), "a").unwrap().at, told);
    }
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

#[test]
fn a_record_tells_only_of_the_fabric_with_its_key() {
    let dir = tempfile::tempdir().unwrap();
    let keyed = |key: &str, record: Record| Record { key: Some(key.to_owned()), ..record };
    let push = |record: Record| Record { operation: "push".to_owned(), ..record };
    record(dir.path(), &failed("a"));
    record(dir.path(), &keyed("one", push(done("a", super::SENDING))));
    record(dir.path(), &keyed("two", push(done("a", "verified"))));
    let history = read(dir.path());
    assert_eq!(history.last_error("a", "one").unwrap().code, "E-NET", "written by an older version");
    assert_eq!(history.last_error("a", "two"), None);
    assert!(history.sending("a", "one").is_some() && history.sending("a", "two").is_none());
    assert!(history.sending("a", "three").is_none() && history.last_error("a", "three").is_some());
    assert_eq!(history.last_operation("a", "two").unwrap().result, "verified");
    assert_eq!(history.last_operation("a", "one").unwrap().result, "failed");
    let results = |key: &str| history.records("a", key).into_iter().map(|record| record.result).collect::<Vec<_>>();
    assert_eq!(
        (results("one"), results("two")),
        (vec!["sending".into(), "failed".into()], vec!["verified".into(), "failed".into()])
    );
}

#[test]
fn what_was_read_is_kept_until_the_journal_changes() {
    let dir = tempfile::tempdir().unwrap();
    let cache = Cache::default();
    assert!(cache.read(dir.path()).last_operation("a", "").is_none());
    record(dir.path(), &done("a", "committed"));
    let first = cache.clone().read(dir.path());
    assert_eq!(first.last_operation("a", "").unwrap().result, "committed");
    assert!(std::sync::Arc::ptr_eq(&first, &cache.read(dir.path())));
    record(dir.path(), &done("a", "no_change"));
    assert_eq!(cache.read(dir.path()).last_operation("a", "").unwrap().result, "no_change");
    assert!(cache.read(&dir.path().join("other")).last_operation("a", "").is_none());
}

#[test]
fn a_long_journal_is_shortened_and_keeps_what_is_open_and_last() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let path = journal(dir.path());
    let push = |record: Record| Record { operation: "push".to_owned(), ..record };
    let long = 20_000;
    append_within(dir.path(), &push(done("quiet", super::SENDING)), long).unwrap();
    append_within(dir.path(), &failed("quiet"), long).unwrap();
    let mut longest = 0;
    for number in 0..1000 {
        append_within(dir.path(), &done("busy", &number.to_string()), long).unwrap();
        longest = longest.max(std::fs::metadata(&path).unwrap().len());
    }
    assert!(longest <= long, "{longest}");
    let history = read(dir.path());
    assert_eq!(history.last_error("quiet", "").unwrap().code, "E-NET");
    assert!(history.is_open("quiet") && !history.is_open("busy"));
    let latest: Vec<String> = history.records("busy", "").into_iter().map(|record| record.result).take(50).collect();
    assert_eq!(latest, (950..1000).rev().map(|number| number.to_string()).collect::<Vec<_>>());
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1, "nothing is left beside it");
}

#[test]
fn writers_lose_no_line_while_the_journal_is_shortened() {
    let dir = tempfile::tempdir().unwrap();
    std::thread::scope(|scope| {
        for writer in 0..8 {
            let state = dir.path();
            scope.spawn(move || {
                for number in 0..60 {
                    append_within(state, &done(&format!("f{writer}"), &number.to_string()), 30_000).unwrap();
                }
            });
        }
    });
    let history = read(dir.path());
    for writer in 0..8 {
        let latest: Vec<String> =
            history.records(&format!("f{writer}"), "").into_iter().map(|record| record.result).take(5).collect();
        assert_eq!(latest, ["59", "58", "57", "56", "55"]);
    }
}

fn any_record() -> impl Strategy<Value = Record> {
    let results = ["sending", "uncertain", "verified", "rejected", "failed", "committed"];
    let operations = ["push", "push", "fetch", "check", "ingest"];
    let codes = ["", "", "E-NET", "E-PUSH-HOOK"];
    (0..operations.len(), 0..results.len(), 0..codes.len(), 0..3_u32, 0..2_u32, 0..2_u32).prop_map(
        move |(operation, result, code, key, process, commit)| Record {
            operation: operations[operation].to_owned(),
            commit: Some(format!("c{commit}")),
            failure: (!codes[code].is_empty()).then(|| Fault { code: codes[code].to_owned(), ..Fault::default() }),
            process: Some(process),
            key: (key > 0).then(|| key.to_string()),
            ..done("a", results[result])
        },
    )
}

proptest! {
    #[test]
    fn a_shortened_journal_says_the_same(records in proptest::collection::vec(any_record(), 0..40), room in 0..3000_u64) {
        let text: Vec<String> = records.iter().map(|record| serde_json::to_string(record).unwrap()).collect();
        let whole = text.join("\n");
        let short = kept(whole.as_bytes(), room);
        let said = |lines: &[&[u8]]| {
            let dir = tempfile::tempdir().unwrap();
            std::fs::write(journal(dir.path()), lines.join(&b'\n')).unwrap();
            let history = read(dir.path());
            ["", "1", "2", "other"].map(|key| {
                let (operation, error) = (history.last_operation("a", key), history.last_error("a", key));
                (operation.cloned(), error.cloned(), history.sending("a", key).cloned())
            })
        };
        prop_assert_eq!(said(&short), said(&[whole.as_bytes()]));
        prop_assert!(short.len() <= records.len());
    }
}
