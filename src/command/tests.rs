//! The grammar in both directions.

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;

use crate::command::action::Action;
use crate::command::args::Arguments;
use crate::command::complete::{accept, complete};
use crate::command::line::{line, words};
use crate::command::read::{Meaning, read};
use crate::command::request::Request;
use crate::config::CheckSettings;
use crate::fabric::finding::Severity;
use crate::fabric::ingest::choice::Choice;
use crate::ops::look::Against;
use crate::ops::task::{Task, TaskRequest};
use crate::ops::validate::ValidateRequest;
use crate::ops::{DiscardRequest, IngestRequest, InitRequest, Mode, Operation, PushRequest};
use clap::{Parser, ValueEnum};

const NAMES: [&str; 3] = ["dc1", "dc2", "pop-ams"];

/// The request the command line makes of an operation's own words.
fn back(operation: &Operation) -> Request {
    let said = crate::command::words::split(&line(operation)).unwrap();
    let arguments = Arguments::try_parse_from(&said).unwrap_or_else(|error| panic!("{said:?}: {error}"));
    Request::of(arguments.command.unwrap(), &NAMES).unwrap().unwrap()
}

fn fabrics() -> impl Strategy<Value = Vec<String>> {
    let names: Vec<String> = NAMES.map(str::to_owned).to_vec();
    proptest::sample::subsequence(names, 1..=3)
}

fn resource() -> impl Strategy<Value = String> {
    "[A-Z][a-z]{1,8}/[a-z0-9]([a-z0-9 .'-]{0,8}[a-z0-9])?"
}

fn ingest() -> impl Strategy<Value = Operation> {
    let choice = prop_oneof![Just(Choice::Raw), Just(Choice::Managed), Just(Choice::Unmanaged)];
    let take = proptest::collection::vec((resource(), choice), 0..3);
    let only = proptest::collection::vec("raw/[^/\u{0}]{1,9}", 0..3);
    (fabrics(), only, take, message(), any::<[bool; 5]>()).prop_map(|(fabrics, only, take, message, flags)| {
        Operation::Ingest(IngestRequest {
            only,
            take,
            message,
            partial: flags[0],
            leave_invalid: flags[1],
            keep_export: flags[2],
            take_text: flags[3],
            offline: flags[4],
            ..IngestRequest::all(fabrics, Mode::Plan)
        })
    })
}

fn validate() -> impl Strategy<Value = Operation> {
    let file = || proptest::option::of("[a-z./ -]{1,9}".prop_map(std::path::PathBuf::from));
    let severity = prop_oneof![Just(Severity::Error), Just(Severity::Warning), Just(Severity::Note)];
    let paths = proptest::collection::vec("[.]/[a-z ]{1,9}", 0..3);
    let release = proptest::option::of(Just("v0.129".to_owned()));
    let checks = (release, file(), file(), file(), any::<bool>());
    (fabrics(), paths, severity, checks).prop_map(|(fabrics, paths, at_least, checks)| {
        let (release, fab, switch_profiles, schemas, closed_world) = checks;
        let checks = CheckSettings { release, schemas, switch_profiles, fab, closed_world };
        let request = ValidateRequest { paths, checks, closed_world, at_least, ..ValidateRequest::of(fabrics) };
        Operation::Validate(Box::new(request))
    })
}

fn task() -> impl Strategy<Value = Operation> {
    let resources = proptest::collection::vec(resource(), 1..3);
    let kind = prop_oneof![
        Just(Task::Commit),
        Just(Task::Migrate),
        Just(Task::Heal),
        (resources, any::<bool>(), any::<bool>()).prop_map(|(resources, with_dependents, keep)| Task::Delete {
            resources,
            with_dependents,
            keep
        }),
        (resource(), "[a-z]{1,9}").prop_map(|(resource, to)| Task::Rename { resource, to }),
    ];
    (kind, message(), any::<bool>()).prop_map(|(task, message, offline)| {
        Operation::Task(TaskRequest { fabrics: vec!["dc1".to_owned()], task, message, offline, mode: Mode::Plan })
    })
}

fn message() -> impl Strategy<Value = Option<String>> {
    proptest::option::of("[-a-zA-Z{}: '\"]{1,12}")
}

fn operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        (fabrics(), any::<bool>()).prop_map(|(fabrics, fetch)| Operation::Status { fabrics, fetch }),
        validate(),
        fabrics().prop_map(|fabrics| Operation::Fetch { fabrics }),
        fabrics().prop_map(|fabrics| Operation::Pull { fabrics }),
        fabrics().prop_map(|fabrics| Operation::Push(PushRequest { fabrics, mode: Mode::Plan })),
        any::<[bool; 2]>().prop_map(|[all, offline]| {
            Operation::Discard(DiscardRequest { fabrics: vec!["dc1".to_owned()], all, offline, mode: Mode::Plan })
        }),
        Just(Operation::Export { fabrics: vec!["dc1".to_owned()] }),
        Just(Operation::Log { fabrics: vec!["dc1".to_owned()] }),
        prop_oneof![
            Just(Against::Local),
            Just(Against::Remote),
            Just(Against::Revision("HEAD~1".to_owned())),
            Just(Against::Commit("77be012".to_owned())),
        ]
        .prop_map(|against| Operation::Diff { fabrics: vec!["dc2".to_owned()], against }),
        proptest::collection::vec(resource(), 0..3)
            .prop_map(|resources| Operation::Show { fabrics: vec!["dc2".to_owned()], resources }),
        (fabrics(), message(), any::<[bool; 3]>()).prop_map(|(fabrics, message, [force, keep_loose, offline])| {
            Operation::Init(InitRequest { fabrics, force, keep_loose, message, offline, mode: Mode::Plan })
        }),
        ingest(),
        task(),
    ]
}

proptest! {
    #[test]
    fn an_operations_line_asks_for_that_operation(operation in operation()) {
        let request = back(&operation);
        prop_assert_eq!(&request.operation, &operation);
        let paths = if let Operation::Validate(request) = &operation { request.paths.clone() } else { Vec::new() };
        prop_assert_eq!(&request.files, &paths);
        let typed = line(&operation);
        let typed = typed.strip_prefix("hedgerow ").unwrap();
        prop_assert_eq!(read(typed, &NAMES, &[]).unwrap(), Meaning::Run(Box::new(request)));
    }
}

#[test]
fn every_name_of_an_operation_is_in_the_law() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..400 {
        seen.insert(operation().new_tree(&mut runner).unwrap().current().name());
    }
    let (_, verbs) = complete("", &NAMES);
    for verb in verbs.iter().map(|verb| verb.word.as_str()).filter(|word| is_operation(word)) {
        assert!(seen.contains(verb), "{verb} is in no generated operation");
    }
    assert!(seen.len() >= 14, "{seen:?}");
}

fn is_operation(verb: &str) -> bool {
    let tries = [verb.to_owned(), format!("{verb} dc1"), format!("{verb} dc1 VPC/a"), format!("{verb} dc1 VPC/a b")];
    tries.iter().any(|line| matches!(read(line, &NAMES, &[]), Ok(Meaning::Run(_))))
}

#[test]
fn a_confirmed_operation_says_so() {
    let mode = Mode::Apply { expect: vec!["7f3a21c9".repeat(8)] };
    let push = Operation::Push(PushRequest { fabrics: vec!["dc1".to_owned()], mode });
    assert_eq!(line(&push), "hedgerow push dc1 --expect-plan 7f3a21c9 --yes");
    let confirm = back(&push).confirm.unwrap();
    assert!(confirm.yes && confirm.expect_plan == ["7f3a21c9"]);
}

#[test]
fn files_from_elsewhere_are_named_and_read_later() {
    let request = IngestRequest {
        files: vec![("dc2".to_owned(), Vec::new().into())],
        ..IngestRequest::all(vec!["dc1".to_owned()], Mode::Plan)
    };
    assert_eq!(words(&Operation::Ingest(request.clone())), ["ingest", "dc1", "./dc2"]);
    let read = back(&Operation::Ingest(request));
    assert_eq!(read.files, ["./dc2"]);
    assert!(read.read(&NAMES).unwrap_err().to_string().contains("no file is called ./dc2"));
}

#[test]
fn a_line_without_a_fabric_means_the_targets_only_where_one_is_wanted() {
    let targets = ["dc2".to_owned()];
    let run = |line: &str| match read(line, &NAMES, &targets).unwrap() {
        Meaning::Run(request) => request.operation,
        other => panic!("{line}: {other:?}"),
    };
    assert_eq!(run("validate"), Operation::Validate(Box::new(ValidateRequest::of(Vec::new()))));
    let partial = IngestRequest { partial: true, ..IngestRequest::all(targets.to_vec(), Mode::Plan) };
    assert_eq!(run("ingest --partial"), Operation::Ingest(partial));
    assert_eq!(read("push", &NAMES, &targets).unwrap(), Meaning::Act(Action::Push));
}

#[test]
fn every_action_can_be_typed() {
    for action in Action::value_variants() {
        let meaning = read(&action.word(), &NAMES, &["dc1".to_owned()]).unwrap();
        let is_verb = matches!(&meaning, Meaning::Run(request) if request.operation.name() == action.word());
        assert!(meaning == Meaning::Act(*action) || is_verb, "{}: {meaning:?}", action.word());
        assert_eq!(read(&action.name(), &NAMES, &["dc1".to_owned()]).unwrap(), meaning);
    }
}

#[test]
fn what_cannot_be_read_is_one_plain_sentence() {
    let said = |line: &str| read(line, &NAMES, &[]).unwrap_err().to_string();
    assert_eq!(said("pusk dc1"), "unrecognized subcommand 'pusk'; a similar subcommand exists: 'push'");
    assert!(said("ingest dc3").contains("no fabric is called dc3; did you mean dc1?"));
    assert!(said("push dc1 --yes").contains("leave --yes"));
    assert!(said("ingest dc1 - --yes").contains("leave --yes"));
    assert!(said("push 'dc1").contains("not closed"));
    assert!(said("status --config x").contains("--config"));
    assert!(!said("push \u{1b}[31m --nope").contains('\u{1b}'));
    assert_eq!(read("add", &NAMES, &[]).unwrap(), Meaning::Act(Action::AddFabric));
    let only = Meaning::Elsewhere("status --only need-you".to_owned());
    assert_eq!(read("status --only need-you", &NAMES, &[]).unwrap(), only);
    assert_eq!(read("list", &NAMES, &[]).unwrap(), read("status", &NAMES, &[]).unwrap());
    assert_eq!(read("config check", &NAMES, &[]).unwrap(), Meaning::Elsewhere("config check".to_owned()));
}

#[test]
fn completion_knows_verbs_flags_and_fabrics() {
    let words = |line: &str| {
        let (begins, found) = complete(line, &NAMES);
        (begins, found.into_iter().map(|candidate| candidate.word).collect::<Vec<_>>())
    };
    assert_eq!(words("pu"), (0, vec!["push".to_owned(), "pull".to_owned()]));
    assert!(words("").1.contains(&"page-down".to_owned()));
    assert_eq!(words("push d"), (5, vec!["dc1".to_owned(), "dc2".to_owned()]));
    assert_eq!(words("push dc1 "), (9, vec!["dc2".to_owned(), "pop-ams".to_owned()]));
    assert_eq!(words("show dc1 "), (9, Vec::new()));
    assert_eq!(words("ingest dc1 --pa"), (11, vec!["--partial".to_owned()]));
    assert_eq!(words("config c"), (7, vec!["check".to_owned()]));
    let (_, found) = complete("ingest dc1 --pa", &NAMES);
    assert!(found[0].about.starts_with("Take sound documents"));
    assert_eq!(accept("ingest dc1 --pa", &found[0]), "ingest dc1 --partial ");
}
