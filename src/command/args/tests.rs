//! Tests of the arguments: consistent, and their help complete.

use clap::{CommandFactory, Parser};

use super::{Arguments, Command};

#[test]
fn the_command_line_is_consistent() {
    Arguments::command().debug_assert();
}

#[test]
fn the_help_names_every_exit_code() {
    let help = Arguments::command().render_long_help().to_string();
    for code in ["0", "1", "2", "3", "4", "5", "6", "7", "8", "70", "129", "130"] {
        assert!(help.contains(&format!("\n  {code:<4} ")), "{code}");
    }
    assert!(help.contains("143"));
}

#[test]
fn writing_commands_want_a_fabric_and_reading_ones_do_not() {
    for command in ["init", "ingest", "push", "add", "remove", "commit", "delete"] {
        assert!(Arguments::try_parse_from(["hedgerow", command]).is_err(), "{command}");
    }
    for command in ["status", "validate", "fetch", "pull"] {
        assert!(Arguments::try_parse_from(["hedgerow", command]).is_ok(), "{command}");
    }
}

#[test]
fn standard_input_and_global_options_stand_anywhere() {
    let words = ["hedgerow", "ingest", "dc1", "-", "--yes", "-o", "json", "--read-only"];
    let arguments = Arguments::try_parse_from(words).unwrap();
    assert!(arguments.global.read_only);
    let Some(Command::Ingest(ingest)) = arguments.command else { panic!("not an ingest") };
    assert_eq!(ingest.targets, ["dc1", "-"]);
    assert!(ingest.confirm.yes);
}
