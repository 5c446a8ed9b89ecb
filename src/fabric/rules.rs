//! Rules: resources against each other, as Hedgehog's own checks have it.

mod acl;
mod attachment;
mod connection;
mod desk;
mod dhcp;
mod external;
pub mod facts;
mod gateway;
mod install;
mod metadata;
mod namespaces;
pub(crate) mod net;
mod peering;
mod ports;
pub mod profiles;
mod static_external;
mod switch;
mod vpc;
mod world;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::fabric::finding::{Finding, Severity};
use crate::fabric::hydration::{HydrationState, MissingField};
use crate::fabric::resource::Identity;
use crate::fabric::rules::desk::Desk;
use crate::fabric::rules::facts::Facts;
use crate::fabric::rules::profiles::Profiles;
use crate::fabric::rules::world::World;
use crate::text::clean_line;
use crate::yaml::Node;

/// What the rules assume of the fabric, and how strict they are.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Whether the directory is the whole fabric: a missing reference is then an error.
    pub closed: bool,
    /// What the fabric was installed with.
    pub facts: Facts,
    /// The switch profiles that were given.
    pub profiles: Profiles,
    /// Whether the fabric runs a release newer than what is built in: it may have profiles of its own.
    pub newer: bool,
}

impl Settings {
    /// How bad a reference to something that is not there is.
    pub fn unresolved(&self) -> Severity {
        if self.closed { Severity::Error } else { Severity::Warning }
    }
}

/// One resource to check.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// Its file, as findings name it.
    pub file: &'a str,
    /// Which one it is.
    pub identity: &'a Identity,
    /// Its document's value.
    pub root: &'a Node,
}

impl<'a> Subject<'a> {
    /// The spec; the whole document where there is none.
    fn spec(&self) -> &'a Node {
        self.root.get("spec").filter(|spec| spec.as_mapping().is_some()).unwrap_or(self.root)
    }

    /// Kind and name.
    fn key(&self) -> (&'a str, &'a str) {
        (&self.identity.kind, &self.identity.name)
    }

    /// A finding about a value of this resource.
    fn finding(&self, severity: Severity, node: &Node, code: &'static str, message: &str, remedy: &str) -> Finding {
        let path = desk::path_of(self.root, node).unwrap_or_default();
        Finding::file(severity, code, self.file, clean_line(message), clean_line(remedy)).about(node.span, path)
    }
}

/// Checks every resource; `before` is the directory at the branch's last commit, `rejected` what was not taken in.
pub fn check(
    settings: &Settings,
    subjects: &[Subject<'_>],
    before: &[Subject<'_>],
    rejected: &[Identity],
) -> Vec<Finding> {
    let world = World::new(settings, subjects, before, rejected);
    let mut findings: Vec<Finding> = subjects.par_iter().flat_map_iter(|subject| one(&world, subject)).collect();
    findings.extend(vpc::across(&world));
    findings.extend(peering::across(&world));
    findings.extend(install::across(&world));
    findings.extend(unfilled(&world));
    once_each(&mut findings);
    findings
}

/// What usually lives in the cluster only is told once, not for every resource that needs it.
fn once_each(findings: &mut Vec<Finding>) {
    findings.sort();
    let mut told: BTreeMap<(&'static str, String), usize> = BTreeMap::new();
    let key = |finding: &Finding| {
        let is_usual = finding.severity == Severity::Warning && finding.message.contains("Namespace default is not in");
        is_usual.then(|| (finding.code, finding.message.clone()))
    };
    for finding in findings.iter() {
        if let Some(key) = key(finding) {
            *told.entry(key).or_default() += 1;
        }
    }
    let mut seen = BTreeSet::new();
    findings.retain_mut(|finding| {
        let Some(key) = key(finding) else { return true };
        if let Some(more) = told.get(&key).filter(|count| **count > 1).map(|count| count - 1) {
            finding.message = match more {
                1 => format!("{}; 1 more resource needs it", finding.message),
                more => format!("{}; {more} more resources need it", finding.message),
            };
        }
        seen.insert(key)
    });
}

/// Where some addresses are filled in, every missing one is remarked: the installer refuses such a directory.
fn unfilled(world: &World<'_>) -> Vec<Finding> {
    if world.hydration.state != HydrationState::Partial {
        return Vec::new();
    }
    let remark = |missing: &MissingField| {
        let message = format!("{} is missing, while other addresses of the fabric are filled in", missing.field);
        let remedy = "fill it in, or remove all addresses and let the installer fill them in";
        let mut finding = Finding::file(world.settings.unresolved(), "HH-SW6", &missing.file, message, remedy);
        finding.path = Some(clean_line(&missing.field));
        finding.at(missing.line, 1)
    };
    world.hydration.missing.iter().map(remark).collect()
}

fn one<'a>(world: &'a World<'a>, subject: &'a Subject<'a>) -> Vec<Finding> {
    let mut desk = Desk::new(world, subject);
    metadata::check(&mut desk);
    match subject.identity.kind.as_str() {
        "VLANNamespace" => namespaces::vlan(&mut desk),
        "IPv4Namespace" => namespaces::ipv4(&mut desk),
        "Switch" => switch::check(&mut desk),
        "Connection" => connection::check(&mut desk),
        "VPC" => vpc::check(&mut desk),
        "VPCAttachment" => attachment::check(&mut desk),
        "VPCPeering" => attachment::peering(&mut desk),
        "External" => external::check(&mut desk),
        "ExternalAttachment" => external::attachment(&mut desk),
        "ExternalPeering" => external::peering(&mut desk),
        "GatewayGroup" => gateway::enabled(&mut desk),
        "Gateway" => gateway::check(&mut desk),
        "GatewayPeering" => peering::check(&mut desk),
        "Fabricator" => install::fabricator(&mut desk),
        "ControlNode" | "FabNode" => install::node(&mut desk),
        _ => {}
    }
    desk.findings
}
