//! What is on the disk first: a raw file goes only when what was made of it cannot be lost any more.

use std::fs;

use crate::world::World;
use hedgerow::demo::vpc;

/// Whether the tracer can be had; says so where not.
#[expect(clippy::print_stdout, reason = "a test that is skipped says so")]
fn has_strace() -> bool {
    let can_trace = assert_cmd::Command::new("strace").args(["-o", "/dev/null", "true"]).output();
    let found = can_trace.is_ok_and(|output| output.status.success());
    assert!(found || std::env::var_os("CI").is_none(), "strace is missing");
    if !found {
        println!("skipped: strace");
    }
    found
}

/// The system calls of an ingest of so many documents that write, in their order.
fn calls(world: &World, documents: u16) -> Vec<String> {
    let text = |n: u16| vpc(&format!("vpc-{n}"), 1000 + n, &format!("10.0.{n}.0/24"));
    world.raw("a.yaml", (1..=documents).map(text).collect::<Vec<String>>().join("---\n"));
    let trace = world.root.join("trace");
    let program = world.command(&[]).get_program().to_owned();
    let mut command = assert_cmd::Command::new("strace");
    command.args(["-f", "-y", "-e", "trace=fsync,fdatasync,syncfs,renameat,renameat2,rename,unlink,unlinkat", "-o"]);
    command.arg(&trace).arg(program).args(["ingest", "dc1", "--yes", "--offline"]).env_clear();
    let output = command.envs(world.environment()).current_dir(&world.root).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    fs::read_to_string(trace).unwrap().lines().map(str::to_owned).collect()
}

/// Where the first call stands that has all these words.
fn first(calls: &[String], words: &[&str]) -> usize {
    let found = calls.iter().position(|call| words.iter().all(|word| call.contains(word)));
    found.unwrap_or_else(|| panic!("{words:?} in\n{}", calls.join("\n")))
}

#[test]
fn working_files_are_on_the_disk_before_the_raw_file_goes() {
    if !has_strace() {
        return;
    }
    let world = World::initialized();
    let few = calls(&world, 1);
    let gone = first(&few, &["rename", "\"a.yaml\"", ".aside"]);
    assert!(first(&few, &["fsync(", "managed/vpcs/vpc-1.yaml>"]) < gone);
    assert!(first(&few, &["fsync(", "raw/processed/a.yaml>"]) < gone);
    assert!(first(&few, &["fsync(", "managed/vpcs>"]) < gone);
    assert!(first(&few, &["fsync(", "refs/heads/main>"]) < gone);
    assert!(first(&few, &["fsync(", ".idx>"]) < gone);
    let world = World::initialized();
    let many = calls(&world, 80);
    assert!(first(&many, &["syncfs("]) < first(&many, &["rename", "\"a.yaml\"", ".aside"]));
}
