//! Hydrated: addresses that the installer filled in are never dropped unsaid.

use crate::world::World;

#[test]
fn a_new_first_link_drops_no_address_of_another() {
    let world = World::initialized();
    let connection = |links: &str| {
        format!(
            "apiVersion: wiring.githedgehog.com/v1beta1\nkind: Connection\nmetadata: {{ name: spine-01--fabric--leaf-01 }}\n\
             spec:\n  fabric:\n    links:\n{links}"
        )
    };
    let link = |number: u8, ips: [&str; 2]| {
        let end = |device: &str, ip: &str| {
            let ip = if ip.is_empty() { String::new() } else { format!(", ip: {ip}") };
            format!("{{ port: {device}/E1/{number}{ip} }}")
        };
        format!("    - spine: {}\n      leaf: {}\n", end("spine-01", ips[0]), end("leaf-01", ips[1]))
    };
    let filled = link(1, ["172.30.128.0/31", "172.30.128.1/31"]);
    let new = link(2, ["172.30.128.2/31", "172.30.128.3/31"]);
    world.raw("a.yaml", connection(&filled));
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    world.raw("a.yaml", connection(&format!("{new}{}", link(1, ["", ""]))));
    let plan = world.json(&["ingest", "dc1", "--dry-run"]);
    let document = &plan.entry()["documents"][0];
    assert_eq!(document["outcome"], "conflict", "{}", plan.out);
    assert!(document["note"].as_str().unwrap().contains("spec.fabric.links[0].leaf.ip"), "{}", plan.out);
    world.raw("a.yaml", connection(&format!("{new}{filled}")));
    let plan = world.json(&["ingest", "dc1", "--dry-run"]);
    assert_eq!(plan.entry()["documents"][0]["outcome"], "updated", "{}", plan.out);
}
