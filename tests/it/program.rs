//! The program itself: words, configuration files, pipes.

use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;

/// The program with an environment of its own below a home.
fn hedgerow(home: &Path, words: &[&str]) -> Command {
    let mut command = Command::cargo_bin("hedgerow").unwrap();
    command
        .args(words)
        .current_dir(home)
        .env_clear()
        .env("HOME", home)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1");
    command
}

fn json(home: &Path, words: &[&str]) -> (i32, Value) {
    let output = hedgerow(home, words).args(["-o", "json"]).output().unwrap();
    let value = serde_json::from_slice(&output.stdout).unwrap();
    (output.status.code().unwrap(), value)
}

fn config(home: &Path, text: &str) -> std::path::PathBuf {
    let path = home.join(".config/hedgerow/config.yaml");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, text).unwrap();
    path
}

#[test]
fn the_example_is_sound_and_a_missing_configuration_says_where_it_looked() {
    let home = tempfile::tempdir().unwrap();
    let (code, value) = json(home.path(), &["status"]);
    assert_eq!((code, &value["ok"]), (3, &Value::Bool(false)));
    assert_eq!(value["error"]["code"], "E-CFG-MISSING");
    let message = value["error"]["message"].as_str().unwrap();
    assert!(message.contains(".config/hedgerow/config.yaml"), "{message}");
    let example = hedgerow(home.path(), &["config", "example"]).output().unwrap();
    config(home.path(), &String::from_utf8(example.stdout).unwrap());
    let (code, value) = json(home.path(), &["config", "check"]);
    assert_eq!(code, 0);
    assert_eq!(value["data"], Value::Array(Vec::new()));
}

#[test]
fn check_tells_every_remark_and_says_no() {
    let home = tempfile::tempdir().unwrap();
    let text = "repositories:\n  net: { path: /x, brnch: y }\nfabrics:\n  a: { repository: net, directory: /a }\n";
    config(home.path(), text);
    let (code, value) = json(home.path(), &["config", "check"]);
    assert_eq!((code, &value["ok"]), (1, &Value::Bool(true)));
    let line = |at: usize| value["data"][at]["line"].as_u64().unwrap();
    assert_eq!((line(0), line(1)), (2, 4));
    assert_eq!(value["data"][0]["severity"], "warning");
    assert_eq!(value["data"][1]["severity"], "error");
}

#[test]
fn add_and_remove_give_the_file_back_as_it_was() {
    let home = tempfile::tempdir().unwrap();
    let old = "# mine\nrepositories:\n  net: { url: 'https://h/net' } # ours\nfabrics:\n";
    let path = config(home.path(), old);
    let add = ["add", "dc1", "--repo", "net", "--directory", "a", "--no-init"];
    hedgerow(home.path(), &add).assert().code(2);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), old);
    hedgerow(home.path(), &add).arg("--yes").assert().code(0);
    let new = std::fs::read_to_string(&path).unwrap();
    assert!(new.starts_with(old) && new.contains("  dc1:\n    repository: net\n"), "{new}");
    hedgerow(home.path(), &add).arg("--yes").assert().code(3);
    hedgerow(home.path(), &["remove", "dc1", "--read-only", "--yes"]).assert().code(6);
    hedgerow(home.path(), &["remove", "dc1"]).assert().code(2);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), new);
}

#[test]
fn an_escape_code_on_the_command_line_does_not_reach_the_terminal() {
    let home = tempfile::tempdir().unwrap();
    config(home.path(), "fabrics:\n");
    let output = hedgerow(home.path(), &["validate", "--config", "\u{1b}[2Jx.yaml"]).output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(!output.stderr.contains(&0x1b), "{:?}", output.stderr);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "only the plain command takes a pipe for its output")]
fn a_closed_pipe_is_no_failure() {
    let home = tempfile::tempdir().unwrap();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let program = assert_cmd::cargo::cargo_bin("hedgerow");
    let mut command = std::process::Command::new(program);
    command.args(["config", "example"]).env("HOME", home.path());
    let output = command.stdout(writer).output().unwrap();
    assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
}

#[test]
fn wrong_words_are_a_usage_error_and_help_is_none() {
    let home = tempfile::tempdir().unwrap();
    for words in [&["bogus"][..], &["push"], &["status", "--colour"], &["-o", "xml", "status"]] {
        hedgerow(home.path(), words).assert().code(2);
    }
    for words in [&["--help"][..], &["--version"], &["ingest", "--help"]] {
        hedgerow(home.path(), words).assert().code(0);
    }
}
