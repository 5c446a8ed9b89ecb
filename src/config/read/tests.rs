//! Tests of reading the configuration.

use std::path::{Path, PathBuf};

use super::config;
use crate::config::{Config, Home, Processed};
use crate::error::Error;

const HEAD: &str = "repositories:\n  net: { path: ~/net }\n";

fn read(text: &str) -> Config {
    config(Path::new("/c/config.yaml"), text, Some(Path::new("/home/a"))).unwrap()
}

fn with_fabric(lines: &str) -> Config {
    read(&format!("{HEAD}fabrics:\n  dc1:\n{lines}"))
}

fn fault(config: &Config, name: &str) -> String {
    let fault = config.fabric(name).unwrap().fault.clone().unwrap();
    format!("{}:{}: {}", fault.line, fault.column, fault.message)
}

#[test]
fn the_example_is_read_without_a_remark() {
    let config = read(crate::config::EXAMPLE);
    assert_eq!(config.remarks, []);
    assert_eq!(config.names().collect::<Vec<_>>(), ["dc1-prod", "dc2-lab"]);
    let prod = config.fabric("dc1-prod").unwrap();
    assert!(prod.protected && !prod.read_only && prod.signoff);
    assert_eq!(prod.directory, "gitops/hedgehog/dc1-prod");
    assert_eq!(prod.subject.as_deref(), Some("{action}({fabric}): {summary}"));
    let home = &config.repository("netops").unwrap().home;
    assert_eq!(*home, Home::Path(PathBuf::from("/home/a/src/netops-fabrics")));
}

#[test]
fn an_empty_file_is_an_empty_configuration() {
    for text in ["", "\n", "# nothing yet\n", "fabrics:\n", "fabrics: {}\nrepositories:\n"] {
        let config = read(text);
        assert!(config.fabrics.is_empty() && config.remarks.is_empty(), "{text:?}");
    }
}

#[test]
fn an_unknown_key_warns_with_its_line_and_the_nearest_name() {
    let config = with_fabric("    repository: net\n    directory: a\n    profle: x\n");
    let [remark] = &config.remarks[..] else { panic!("{:?}", config.remarks) };
    assert_eq!((remark.line, remark.column, remark.stops), (7, 5, false));
    assert!(remark.message.contains("profle; did you mean profile?"));
    assert_eq!(config.fabric("dc1").unwrap().fault, None);
}

#[test]
fn a_wrong_value_stops_its_own_fabric_only() {
    let config = with_fabric("    repository: net\n    directory: 7\n  dc2: { repository: net, directory: b }\n");
    assert_eq!(fault(&config, "dc1"), "6:16: fabric dc1: directory must be text, not a number; put it in quotes");
    assert!(config.fabric("dc1").unwrap().read_only);
    assert_eq!(config.fabric("dc2").unwrap().fault, None);
    assert!(!config.fabric("dc2").unwrap().read_only);
}

#[test]
fn a_wrong_repository_or_profile_stops_every_fabric_of_it() {
    let config = read(concat!(
        "repositories:\n  net: { path: /net }\n  bad: { path: /x, url: https://h/x }\n",
        "profiles:\n  p: { read_only: maybe }\n",
        "fabrics:\n  a: { repository: bad, directory: x }\n",
        "  b: { repository: net, directory: b, profile: p }\n",
        "  c: { repository: net, directory: c }\n",
    ));
    assert!(fault(&config, "a").contains("3:25: repository bad: has path and url"));
    assert!(fault(&config, "b").starts_with("5:19: profile p: read_only must be true or false"));
    assert!(config.fabric("b").unwrap().read_only);
    assert_eq!(config.fabric("c").unwrap().fault, None);
}

#[test]
fn yes_is_true_as_yaml_1_1_has_it() {
    let text = |value| {
        format!(
            "{HEAD}profiles:\n  p: {{ read_only: {value}, protected: on }}\nfabrics:\n  dc1: {{ repository: net, directory: a, profile: p }}\n"
        )
    };
    let config = read(&text("yes"));
    let fabric = config.fabric("dc1").unwrap();
    assert!(fabric.fault.is_none() && fabric.read_only && fabric.protected);
    for value in ["maybe", "", "1", "\"yes\""] {
        let config = read(&text(value));
        assert!(config.fabric("dc1").unwrap().read_only, "{value:?} read as false");
        assert!(config.fabric("dc1").unwrap().fault.is_some(), "{value:?}");
    }
}

#[test]
fn names_nobody_configured_are_faults_with_the_nearest() {
    let config = with_fabric("    repository: nett\n    directory: a\n");
    assert_eq!(fault(&config, "dc1"), "5:17: fabric dc1: no repository is called nett; did you mean net?");
    let config = with_fabric("    repository: net\n    directory: a\n    profile: prod\n");
    assert_eq!(fault(&config, "dc1"), "7:14: fabric dc1: no profile is called prod");
    let Err(Error::NoSuchFabric { nearest, .. }) = config.fabric("dc2") else { panic!("dc2 was found") };
    assert_eq!(nearest.as_deref(), Some("dc1"));
}

#[test]
fn overlapping_fabrics_are_refused_from_the_second_on() {
    let config = read(concat!(
        "repositories:\n  net: { path: /net }\n  same: { path: /x/../net }\n",
        "  other: { path: /net, branch: dev }\n",
        "fabrics:\n  a: { repository: net, directory: gitops/a }\n",
        "  b: { repository: same, directory: gitops }\n",
        "  c: { repository: other, directory: gitops }\n",
        "  d: { repository: net, directory: gitops/ab }\n",
    ));
    assert_eq!(config.fabric("a").unwrap().fault, None);
    assert_eq!(fault(&config, "b"), "7:37: fabric b: E-DIR-OVERLAP: gitops of fabric b overlaps gitops/a of fabric a");
    assert_eq!(config.fabric("c").unwrap().fault, None);
    assert_eq!(config.fabric("d").unwrap().fault, None);
}

#[test]
fn what_stands_in_a_fabric_is_read_and_checked() {
    let config = with_fabric(concat!(
        "    repository: net\n    directory: ./a/\n    processed: delete\n",
        "    commit: { subject: 'x {summary}', signoff: yes }\n    release: v0.129\n",
    ));
    let fabric = config.fabric("dc1").unwrap();
    assert_eq!(fabric.fault, None);
    assert_eq!(fabric.processed, Processed::Delete);
    assert_eq!(fabric.subject.as_deref(), Some("x {summary}"));
    assert!(fabric.signoff);
    for wrong in ["processed: never", "commit: { subject: 'x {who}' }", "commit: x"] {
        let config = with_fabric(&format!("    repository: net\n    directory: a\n    {wrong}\n"));
        assert!(fault(&config, "dc1").starts_with("7:"), "{wrong}");
    }
    let config = with_fabric("    repository: net\n");
    assert!(fault(&config, "dc1").contains("directory is missing"));
}

#[test]
fn what_is_no_yaml_names_its_place() {
    let broken = config(Path::new("c.yaml"), "fabrics:\n  a: [\n", None);
    let Err(Error::ConfigSyntax { line, .. }) = broken else { panic!("{broken:?}") };
    assert!(line >= 2);
    let list = config(Path::new("c.yaml"), "- a\n", None);
    assert!(matches!(list, Err(Error::ConfigValue { line: 1, .. })));
    let fabrics = config(Path::new("c.yaml"), "ui: {}\nfabrics: [a]\n", None);
    let Err(Error::ConfigValue { line, column, .. }) = fabrics else { panic!("{fabrics:?}") };
    assert_eq!((line, column), (2, 10));
}

#[test]
fn a_name_that_is_no_text_or_no_name_is_a_fault() {
    let config = read(&format!(
        "{HEAD}fabrics:\n  7: {{ repository: net, directory: a }}\n  'a b': {{ repository: net, directory: b }}\n"
    ));
    assert!(fault(&config, "7").contains("put it in quotes"));
    assert!(fault(&config, "a b").contains("a name has letters"));
}

#[test]
fn a_bad_value_under_ui_is_only_a_warning() {
    let config = with_fabric("    repository: net\n    directory: a\nui: 7\nkeys: { push: P }\n");
    assert_eq!(config.remarks.len(), 1);
    assert!(!config.remarks[0].stops);
    assert_eq!(config.fabric("dc1").unwrap().fault, None);
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config {
        failure_persistence: None,
        ..proptest::test_runner::Config::default()
    })]

    #[test]
    fn no_text_panics(text in "[a-z:{}\\[\\] \n#&*!|>'\"-]{0,80}") {
        let read = config(Path::new("c.yaml"), &format!("fabrics: {text}"), None);
        if let Ok(config) = read {
            for fabric in config.fabrics {
                proptest::prop_assert!(fabric.fault.is_some(), "no repository, yet no fault");
            }
        }
    }
}
