//! Commands typed into the dashboard that only look: they open there.

use crate::session::Session;
use crate::world::World;

#[test]
fn typed_commands_that_print_open_in_the_viewer() {
    let world = World::initialized();
    world.raw("a.yaml", hedgerow::demo::vpc("web", 1001, "10.0.1.0/24"));
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    let mut session = Session::start(&world, &["--ascii"], (80, 24));
    session.until("P push");
    for (line, title, inside) in [
        (":show dc1 VPC/web\r", "VPC/web", "# managed/vpcs/web.yaml:"),
        (":export dc1\r", "export, 1 document", "vlan: 1001"),
        (":diff dc1 --commit HEAD\r", "commit HEAD, ", "+++ b/managed/vpcs/web.yaml"),
        (":explain cn6\r", "HH-CN6", "Wrong:"),
        (":diff dc1\r", "Diff", "+  name: web"),
        (":log dc1\r", "History", "ingest(dc1): 1 resource"),
    ] {
        session.press(&line[..1]);
        session.until(": Command");
        session.press(&line[1..]);
        let shown = session.until(title);
        if !shown.contains(inside) {
            session.until(inside);
        }
    }
    session.press("qq");
    assert_eq!(session.end().0, 0);
}

#[test]
fn a_pipe_is_refused_and_holds_nothing_up() {
    let world = World::initialized();
    assert_cmd::Command::new("mkfifo").arg(world.root.join("pipe.yaml")).assert().success();
    for words in [&["ingest", "dc1", "pipe.yaml", "--yes"][..], &["ingest", "dc1", "/dev/null", "--yes"]] {
        let told = world.run(words);
        assert_eq!(told.code, 2, "{}", told.err);
        assert!(told.err.contains("is a pipe or a device, not a file"), "{}", told.err);
    }
    let mut session = Session::start(&world, &["--ascii"], (120, 30));
    session.until("In sync");
    for line in ["ingest dc1 pipe.yaml", "validate pipe.yaml"] {
        session.press(":");
        session.until(": Command");
        session.press(&format!("{line}\r"));
        session.until("pipe.yaml is a pipe or a device, not a file");
        session.press("r");
        session.until("reading the directories again");
    }
    session.press("q");
    assert_eq!(session.end().0, 0);
}
