//! Ports: what a switch's profile allows of its ports, where the profile was given.

use std::collections::BTreeMap;

use crate::fabric::rules::desk::{Desk, entries, flag, present, text};
use crate::fabric::rules::profiles::{Port, Profile};
use crate::fabric::rules::switch;
use crate::yaml::{Entry, Node};

/// The profile of a switch, if it was given.
pub(super) fn profile<'a>(desk: &Desk<'a>, spec: &Node) -> Option<&'a Profile> {
    desk.world.settings.profiles.get(text(spec, &["profile"])?.0)
}

/// The breakout modes a switch asks for.
pub(super) fn breakouts(spec: &Node) -> BTreeMap<String, String> {
    let mode = |entry: &Entry| Some((entry.key.key_text(), entry.value.as_str()?.to_owned()));
    entries(spec, &["portBreakouts"]).iter().filter_map(mode).collect()
}

/// SW5, SW11, SW12 and SW14 as far as they need the profile.
pub(super) fn switch(desk: &mut Desk<'_>, spec: &Node) {
    let Some(profile) = profile(desk, spec) else { return };
    speeds(desk, spec, profile);
    for entry in entries(spec, &["portBreakouts"]) {
        let mode = entry.value.as_str().unwrap_or_default();
        let known = profile.ports.get(&entry.key.key_text()).map(|port| &port.breakouts);
        match known {
            None => no_port(desk, entry),
            Some(modes) if !modes.contains_key(mode) => {
                let modes: Vec<&str> = modes.keys().map(String::as_str).collect();
                not_supported(desk, &entry.value, mode, &modes);
            }
            Some(_) => {}
        }
    }
    for entry in entries(spec, &["portAutoNegs"]) {
        if !addressable(profile, spec, &entry.key.key_text()).is_some_and(|port| port.auto_neg) {
            let message = format!("port {} does not let auto-negotiation be set", entry.key.key_text());
            desk.error(&entry.key, "HH-SW11", message, "leave it out");
        }
    }
    for entry in entries(spec, &["portFECs"]) {
        if addressable(profile, spec, &entry.key.key_text()).is_none() {
            let message = format!("FEC cannot be set on port {}", entry.key.key_text());
            desk.error(&entry.key, "HH-SW11", message, "name a port of the switch; a broken-out port by its parts");
        }
    }
    features(desk, spec, profile);
    totals(desk, spec, profile);
}

fn speeds(desk: &mut Desk<'_>, spec: &Node, profile: &Profile) {
    let plain = |entry: &Entry| {
        let speed = entry.value.as_str().unwrap_or_default();
        speed.strip_prefix("SPEED_").unwrap_or(speed).to_owned()
    };
    for entry in entries(spec, &["portGroupSpeeds"]) {
        match profile.groups.get(&entry.key.key_text()) {
            None => no_port(desk, entry),
            Some(speeds) if !speeds.contains(&plain(entry)) => {
                let speeds: Vec<&str> = speeds.iter().map(String::as_str).collect();
                not_supported(desk, &entry.value, &plain(entry), &speeds);
            }
            Some(_) => {}
        }
    }
    for entry in entries(spec, &["portSpeeds"]) {
        match profile.ports.get(&entry.key.key_text()).and_then(|port| port.speeds.as_ref()) {
            None => no_port(desk, entry),
            Some(speeds) if !speeds.contains(&plain(entry)) => {
                let speeds: Vec<&str> = speeds.iter().map(String::as_str).collect();
                not_supported(desk, &entry.value, &plain(entry), &speeds);
            }
            Some(_) => {}
        }
    }
}

fn no_port(desk: &mut Desk<'_>, entry: &Entry) {
    let message = format!("the switch's profile has nothing to set at {}", entry.key.key_text());
    desk.error(&entry.key, "HH-SW11", message, "name a port, or port group, of the profile that can be set so");
}

fn not_supported(desk: &mut Desk<'_>, node: &Node, value: &str, known: &[&str]) {
    let remedy = if known.is_empty() { "leave it out".to_owned() } else { format!("use one of {}", known.join(", ")) };
    desk.error(node, "HH-SW11", format!("{value} is not supported there"), &remedy);
}

/// The port of a name that can be set by itself: a whole one that is not broken out, or a part of one.
fn addressable<'a>(profile: &'a Profile, spec: &Node, name: &str) -> Option<&'a Port> {
    let whole = profile.ports.get(name);
    if let Some(port) = whole {
        return (port.breakouts.is_empty() && !port.management).then_some(port);
    }
    let (above, part) = name.rsplit_once('/')?;
    let port = profile.ports.get(above)?;
    let asked = breakouts(spec);
    let mode = asked.get(above).or(port.default_breakout.as_ref())?;
    let count = *port.breakouts.get(mode)?;
    part.parse::<usize>().is_ok_and(|part| (1..=count).contains(&part)).then_some(port)
}

fn features(desk: &mut Desk<'_>, spec: &Node, profile: &Profile) {
    let wanted = [
        (flag(spec, &["roce"]), &["roce"][..], "roce", "HH-SW12"),
        (flag(spec, &["ecmp", "roceQPN"]), &["ecmp", "roceQPN"], "ecmpRoCEQPN", "HH-SW12"),
        (
            text(spec, &["redundancy", "type"]).is_some_and(|(kind, _)| kind == "eslag"),
            &["redundancy", "type"],
            "eslag",
            "HH-SW5",
        ),
        (!switch::lit(spec).is_empty(), &["portLocators"], "portLocator", "HH-SW14"),
    ];
    for (is_wanted, path, feature, code) in wanted {
        if let (true, false, Some(node)) = (is_wanted, profile.features.contains(feature), present(spec, path)) {
            desk.error(
                node,
                code,
                format!("the switch's profile has no {feature}"),
                "leave it out, or use another switch",
            );
        }
    }
    let names = profile.ports(&breakouts(spec));
    for entry in switch::lit(spec) {
        let name = entry.key.key_text();
        if name != "*" && !names.contains(&name) {
            let remedy = "name one of its ports, or `*`; a port that can be broken out by its parts, such as E1/1/1";
            let message = format!("port {name} is not a valid port for port locators");
            desk.error(&entry.key, "HH-SW14", message, remedy);
        }
    }
}

fn totals(desk: &mut Desk<'_>, spec: &Node, profile: &Profile) {
    let asked = breakouts(spec);
    let (mut total, mut pipelines): (usize, BTreeMap<&str, usize>) = (0, BTreeMap::new());
    for (name, port) in profile.ports.iter().filter(|(_, port)| !port.management) {
        let mode = asked.get(name).or(port.default_breakout.as_ref());
        let count = mode.and_then(|mode| port.breakouts.get(mode)).copied().unwrap_or(1);
        total += count;
        if let Some(pipeline) = &port.pipeline {
            *pipelines.entry(pipeline).or_default() += count;
        }
    }
    let place = present(spec, &["portBreakouts"]).unwrap_or(spec);
    let exceeds = |count: usize, most: &i128| i128::try_from(count).is_ok_and(|count| count > *most);
    if let Some(most) = profile.max_ports.filter(|most| *most > 0 && exceeds(total, most)) {
        desk.error(place, "HH-SW12", format!("{total} ports, the switch has room for {most}"), "break out fewer ports");
    }
    for (pipeline, count) in pipelines {
        if let Some(most) = profile.pipelines.get(pipeline).filter(|most| exceeds(count, most)) {
            let message = format!("{count} ports in pipeline {pipeline}, which has room for {most}");
            desk.error(place, "HH-SW12", message, "break out fewer ports of it");
        }
    }
}
