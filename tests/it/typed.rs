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
