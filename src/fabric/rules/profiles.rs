//! Profiles: what the SwitchProfiles that were given say of ports; the built-in ones by name only.

use std::collections::{BTreeMap, BTreeSet};

use crate::fabric::rules::desk::{entries, flag, items, number, text};
use crate::yaml::Node;

/// The SwitchProfiles that come with Hedgehog's fabric.
pub const BUILT_IN: &[&str] = &[
    "celestica-ds2000",
    "celestica-ds2000-clsp",
    "celestica-ds3000",
    "celestica-ds3000-clsp",
    "celestica-ds4000",
    "celestica-ds4000-clsp",
    "celestica-ds4101",
    "celestica-ds4101-clsp",
    "celestica-ds5000",
    "celestica-ds5000-clsp",
    "cumulus-vx",
    "dell-s5232f-on",
    "dell-s5248f-on",
    "dell-z9332f-on",
    "edgecore-dcs203",
    "edgecore-dcs204",
    "edgecore-dcs240",
    "edgecore-dcs501",
    "edgecore-eps202",
    "edgecore-eps203",
    "supermicro-sse-c4632sb",
    "vs",
    "vs-clsp",
];

/// The profiles that were given, by name.
#[derive(Debug, Clone, Default)]
pub struct Profiles {
    known: BTreeMap<String, Profile>,
}

/// One profile.
#[derive(Debug, Clone, Default)]
pub(crate) struct Profile {
    /// The features it has.
    pub(crate) features: BTreeSet<String>,
    /// Its ports by name.
    pub(crate) ports: BTreeMap<String, Port>,
    /// The supported speeds of its port groups.
    pub(crate) groups: BTreeMap<String, Vec<String>>,
    /// How many ports it may have in all.
    pub(crate) max_ports: Option<i128>,
    /// How many ports each pipeline may have.
    pub(crate) pipelines: BTreeMap<String, i128>,
}

/// One port of a profile.
#[derive(Debug, Clone, Default)]
pub(crate) struct Port {
    /// Whether it is a management port.
    pub(crate) management: bool,
    /// The speeds it can be set to by itself.
    pub(crate) speeds: Option<Vec<String>>,
    /// Its breakout modes, with how many ports each gives.
    pub(crate) breakouts: BTreeMap<String, usize>,
    /// The mode it is in if nothing is said.
    pub(crate) default_breakout: Option<String>,
    /// Whether auto-negotiation can be set.
    pub(crate) auto_neg: bool,
    /// The pipeline it belongs to.
    pub(crate) pipeline: Option<String>,
}

impl Profiles {
    /// The profiles of `SwitchProfile` documents.
    pub fn of<'a>(documents: impl IntoIterator<Item = &'a Node>) -> Self {
        let read = |root: &Node| {
            let name = text(root, &["metadata", "name"])?.0.to_owned();
            Some((name, Profile::of(root.get("spec")?)))
        };
        Self { known: documents.into_iter().filter_map(read).collect() }
    }

    /// Whether a switch can have this profile.
    pub fn has(&self, name: &str) -> bool {
        self.known.contains_key(name) || BUILT_IN.contains(&name)
    }

    /// What is known of a profile.
    pub(crate) fn get(&self, name: &str) -> Option<&Profile> {
        self.known.get(name)
    }
}

impl Profile {
    fn of(spec: &Node) -> Self {
        let features = ["acls", "ecmpRoCEQPN", "eslag", "l2vni", "l3vni", "mclag", "portLocator", "roce"];
        let words = |name: &str, path: &[&str]| -> Vec<String> {
            let profile = spec.path(&["portProfiles", name]);
            profile
                .map(|profile| {
                    items(profile, path).iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
                })
                .unwrap_or_default()
        };
        let groups = entries(spec, &["portGroups"]).iter().map(|entry| {
            let profile = text(&entry.value, &["profile"]).map_or("", |(name, _)| name);
            (entry.key.key_text(), words(profile, &["speed", "supported"]))
        });
        let ports = entries(spec, &["ports"]).iter().map(|entry| (entry.key.key_text(), Port::of(spec, &entry.value)));
        let pipelines = entries(spec, &["pipelines"])
            .iter()
            .filter_map(|entry| Some((entry.key.key_text(), number(&entry.value, &["maxPorts"])?.0)));
        Self {
            features: features
                .iter()
                .filter(|name| flag(spec, &["features", name]))
                .map(|&name| name.to_owned())
                .collect(),
            ports: ports.collect(),
            groups: groups.collect(),
            max_ports: number(spec, &["maxPorts"]).map(|(number, _)| number),
            pipelines: pipelines.collect(),
        }
    }

    /// The names a port can be used under, given what is broken out how: its own, and the one of its port's first part.
    pub(crate) fn names(&self, breakouts: &BTreeMap<String, String>) -> BTreeSet<String> {
        let mut names = self.ports(breakouts);
        names.extend(self.usable().map(|(name, _)| name.clone()));
        names
    }

    /// The ports there are, given what is broken out how: what can be broken out counts by its parts alone.
    pub(crate) fn ports(&self, breakouts: &BTreeMap<String, String>) -> BTreeSet<String> {
        let mut ports = BTreeSet::new();
        for (name, port) in self.usable() {
            if port.breakouts.is_empty() {
                ports.insert(name.clone());
            }
            let mode = breakouts.get(name).or(port.default_breakout.as_ref());
            let count = mode.and_then(|mode| port.breakouts.get(mode)).copied().unwrap_or(0);
            ports.extend((1..=count).map(|at| format!("{name}/{at}")));
        }
        ports
    }

    /// The ports that are not for management.
    fn usable(&self) -> impl Iterator<Item = (&String, &Port)> {
        self.ports.iter().filter(|(_, port)| !port.management)
    }
}

impl Port {
    fn of(spec: &Node, port: &Node) -> Self {
        let profile = text(port, &["profile"]).and_then(|(name, _)| spec.path(&["portProfiles", name]));
        let mut read = Self {
            management: flag(port, &["management"]),
            pipeline: text(port, &["pipeline"]).map(|(name, _)| name.to_owned()),
            ..Self::default()
        };
        let Some(profile) = profile else { return read };
        read.auto_neg = flag(profile, &["autoNegAllowed"]);
        if profile.get("speed").is_some_and(|speed| !speed.is_null()) {
            let speeds = items(profile, &["speed", "supported"]);
            read.speeds = Some(speeds.iter().filter_map(|speed| speed.as_str().map(str::to_owned)).collect());
        }
        for entry in entries(profile, &["breakout", "supported"]) {
            read.breakouts.insert(entry.key.key_text(), items(&entry.value, &["offsets"]).len());
        }
        read.default_breakout = text(profile, &["breakout", "default"]).map(|(mode, _)| mode.to_owned());
        read
    }
}
