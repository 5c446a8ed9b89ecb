//! Line mode and the questions of the command line: what a typed line may say, and when an answer counts.

use std::time::Duration;

use hedgerow::demo::vpc;

use crate::session::Session;
use crate::world::{Said, World, said};

/// A fabric with a commit that is not on the remote.
fn ahead() -> World {
    let world = World::initialized();
    world.raw("a.yaml", vpc("web", 1001, "10.0.1.0/24"));
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    world
}

fn typed(world: &World, args: &[&str], lines: &str) -> Said {
    said(&world.command(args).write_stdin(lines).output().unwrap())
}

#[test]
fn a_typed_line_cannot_say_what_holds_for_the_whole_program() {
    let world = ahead();
    std::fs::write(world.root.join("c.yaml"), "{}\n").unwrap();
    let before = world.remote_tip();
    for (line, option) in [
        ("push dc1 --yes --read-only", "--read-only"),
        ("push dc1 --yes --config c.yaml", "--config"),
        ("status --config=c.yaml", "--config"),
        ("push dc1 --yes -o json", "-o"),
        ("--plain", "--plain"),
    ] {
        let said = typed(&world, &["--plain"], &format!("{line}\nq\n"));
        assert_eq!(said.code, 0, "{line}: {}", said.err);
        let told = format!("{option} holds for the whole program: leave, and start hedgerow with it.");
        assert!(said.out.contains(&told) && !said.out.contains("Done, exit code"), "{line}: {}", said.out);
        assert_eq!(world.remote_tip(), before, "{line}");
    }
    let said = typed(&world, &["--plain"], "hedgerow push dc1 --yes --nosuch\npush 'dc1\npush --help\nq\n");
    assert!(said.out.contains("unexpected argument '--nosuch'"), "{}", said.out);
    assert!(said.out.contains("a quote is not closed") && said.out.contains("Usage: push"), "{}", said.out);
    assert_eq!(world.remote_tip(), before);
    assert!(typed(&world, &["--plain"], "hedgerow push 'dc1' --yes\nq\n").out.contains("Done, exit code 0."));
    assert_eq!(world.remote_tip(), world.tip());
}

#[test]
fn an_answer_typed_before_the_question_is_none() {
    let world = ahead();
    let before = world.remote_tip();
    let mut session = Session::start(&world, &["push", "dc1"], (80, 24));
    session.press("y\n");
    session.until("push dc1? Type y to go on:");
    assert!(session.is_running(Duration::from_millis(300)), "{}", session.text());
    assert_eq!(world.remote_tip(), before);
    session.press("y\n");
    session.until("verified");
    assert_eq!(session.end().0, 0);
    assert_eq!(world.remote_tip(), world.tip());
}

#[test]
fn a_name_typed_before_the_question_is_none_and_line_mode_keeps_its_next_commands() {
    let world = ahead();
    assert_eq!(world.run(&["push", "dc1", "--yes"]).code, 0);
    let tip = world.tip();
    let mut session = Session::start(&world, &["delete", "dc1", "VPC/web"], (80, 24));
    session.press("dc1\n");
    session.until("type dc1 to go on:");
    assert!(session.is_running(Duration::from_millis(300)), "{}", session.text());
    session.press("n\n");
    assert_eq!(session.end().0, 8);
    assert_eq!(world.tip(), tip);
    let mut session = Session::start(&world, &["--plain"], (80, 24));
    session.press("status dc1\ndelete dc1 VPC/web\ndc1\n");
    session.until("type dc1 to go on:");
    assert!(session.is_running(Duration::from_millis(300)), "{}", session.text());
    assert_eq!(world.tip(), tip);
    session.press("dc1\n");
    session.until("Done, exit code 0.\r\n".trim());
    session.press("q\n");
    assert_eq!(session.end().0, 0);
    assert_ne!(world.tip(), tip);
}

#[test]
fn the_demo_has_a_line_mode_and_a_flag() {
    let world = World::initialized();
    for args in [&["--plain", "demo"][..], &["demo", "--plain"], &["--demo", "--plain"]] {
        let said = typed(&world, args, "status core\nq\n");
        assert_eq!(said.code, 0, "{args:?}: {}", said.err);
        assert!(said.out.contains("hedgerow, line mode: 9 fabrics."), "{args:?}: {}", said.out);
        assert!(said.out.contains("Done, exit code 0.") && !said.out.contains(": dc1,"), "{args:?}: {}", said.out);
    }
    let mut session = Session::start(&world, &["--demo", "--ascii"], (80, 24));
    session.until("DEMO, all local");
    session.until("pop-ams");
    session.press("q");
    assert_eq!(session.end().0, 0);
    let said = world.run(&["--demo", "status"]);
    assert_eq!((said.code, said.err.contains("--demo takes no other command")), (2, true), "{}", said.err);
}
