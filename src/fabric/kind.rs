//! The one table: group, kind, versions, directory names, who may author it.

/// One kind of Hedgehog's.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    /// The API group.
    pub group: &'static str,
    /// The kind's name.
    pub name: &'static str,
    /// The one served version.
    pub version: &'static str,
    /// The CRD's plural, which the NetBox plugin used as directory.
    pub plural: &'static str,
    /// The standard directory below `managed/`.
    pub directory: &'static str,
    /// Who may author it.
    pub author: Author,
}

/// Who may author a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Author {
    /// Users: it may stand in `managed/`.
    User,
    /// The installer, once; it may hold secrets.
    Install,
    /// Hedgehog's own controllers.
    Controller,
}

const WIRING: &str = "wiring.githedgehog.com";
const VPC: &str = "vpc.githedgehog.com";
const GATEWAY: &str = "gateway.githedgehog.com";
/// The group of the installer's kinds.
pub const FABRICATOR: &str = "fabricator.githedgehog.com";
const AGENT: &str = "agent.githedgehog.com";

const fn user(
    group: &'static str,
    name: &'static str,
    version: &'static str,
    plural: &'static str,
    directory: &'static str,
) -> Kind {
    Kind { group, name, version, plural, directory, author: Author::User }
}

const fn other(
    group: &'static str,
    name: &'static str,
    version: &'static str,
    plural: &'static str,
    author: Author,
) -> Kind {
    Kind { group, name, version, plural, directory: plural, author }
}

/// The table; authorable kinds first, in the order hhfab prints them.
static KINDS: [Kind; 25] = [
    user(WIRING, "VLANNamespace", "v1beta1", "vlannamespaces", "vlan-namespaces"),
    user(VPC, "IPv4Namespace", "v1beta1", "ipv4namespaces", "ipv4-namespaces"),
    user(WIRING, "SwitchGroup", "v1beta1", "switchgroups", "switch-groups"),
    user(WIRING, "Switch", "v1beta1", "switches", "switches"),
    user(WIRING, "Server", "v1beta1", "servers", "servers"),
    user(WIRING, "ServerProfile", "v1beta1", "serverprofiles", "server-profiles"),
    user(WIRING, "Connection", "v1beta1", "connections", "connections"),
    user(VPC, "External", "v1beta1", "externals", "externals"),
    user(VPC, "ExternalAttachment", "v1beta1", "externalattachments", "external-attachments"),
    user(VPC, "VPC", "v1beta1", "vpcs", "vpcs"),
    user(VPC, "VPCAttachment", "v1beta1", "vpcattachments", "vpc-attachments"),
    user(VPC, "VPCPeering", "v1beta1", "vpcpeerings", "vpc-peerings"),
    user(VPC, "ExternalPeering", "v1beta1", "externalpeerings", "external-peerings"),
    user(GATEWAY, "GatewayGroup", "v1alpha1", "gatewaygroups", "gateway-groups"),
    user(GATEWAY, "Gateway", "v1alpha1", "gateways", "gateways"),
    user(GATEWAY, "GatewayPeering", "v1alpha1", "gatewaypeerings", "gateway-peerings"),
    other(FABRICATOR, "Fabricator", "v1beta1", "fabricators", Author::Install),
    other(FABRICATOR, "ControlNode", "v1beta1", "controlnodes", Author::Install),
    other(FABRICATOR, "FabNode", "v1beta1", "fabnodes", Author::Install),
    other(WIRING, "SwitchProfile", "v1beta1", "switchprofiles", Author::Controller),
    other(AGENT, "Agent", "v1beta1", "agents", Author::Controller),
    other(AGENT, "Catalog", "v1beta1", "catalogs", Author::Controller),
    other("dhcp.githedgehog.com", "DHCPSubnet", "v1beta1", "dhcpsubnets", Author::Controller),
    other(GATEWAY, "VPCInfo", "v1alpha1", "vpcinfos", Author::Controller),
    other("gwint.githedgehog.com", "GatewayAgent", "v1alpha1", "gatewayagents", Author::Controller),
];

/// Every kind, authorable ones first.
pub fn kinds() -> &'static [Kind] {
    &KINDS
}

/// The kinds a user may author.
pub fn authorable() -> impl Iterator<Item = &'static Kind> {
    kinds().iter().filter(|kind| kind.author == Author::User)
}

/// The kind of a group and name.
pub fn find(group: &str, name: &str) -> Option<&'static Kind> {
    kinds().iter().find(|kind| kind.group == group && kind.name == name)
}

/// The authorable kind a directory belongs to, in either spelling.
pub fn of_directory(name: &str) -> Option<&'static Kind> {
    authorable().find(|kind| kind.directory == name || kind.plural == name)
}

/// Whether a group is one of Hedgehog's.
pub fn is_hedgehog_group(group: &str) -> bool {
    group == "githedgehog.com" || group.ends_with(".githedgehog.com")
}

/// Why something of Hedgehog's does not exist in this form, and what to do; none if it does.
pub fn unknown(group: &str, version: &str, name: &str) -> Option<(String, String)> {
    if let Some(gone) = gone(group, version, name) {
        return Some((format!("{name} {group}/{version} {}", gone.0), gone.1.to_owned()));
    }
    let Some(kind) = find(group, name) else {
        let message = format!("{name} is not a kind of {group}");
        return Some((message, "check the spelling of kind and apiVersion".to_owned()));
    };
    (version != kind.version).then(|| {
        let message = format!("{group} has no version {version}");
        (message, format!("write apiVersion: {group}/{}", kind.version))
    })
}

/// Why a kind is nobody's to put into a GitOps directory, and what to do; none if it is the user's.
pub fn not_authored(kind: &Kind) -> Option<(String, String)> {
    let name = kind.name;
    let (message, remedy) = match kind.author {
        Author::Controller => (
            format!("{name} is written by Hedgehog's own controllers"),
            "remove this document; the controllers make it anew",
        ),
        Author::Install => (
            format!("{name} belongs to the installation, not to a GitOps directory"),
            "keep it where the fabric is installed from",
        ),
        Author::User => return None,
    };
    Some((message, remedy.to_owned()))
}

fn gone(group: &str, version: &str, name: &str) -> Option<(&'static str, &'static str)> {
    match (group, version, name) {
        (GATEWAY, _, "Peering" | "PeeringInterface") => {
            Some(("became GatewayPeering", "`hedgerow migrate` rewrites it where no removed field is used"))
        }
        (WIRING, _, "Rack") => Some(("was removed in v0.38", "remove this document")),
        (WIRING, _, "SwitchPort" | "ServerPort") => Some(("became Connection", "write Connections instead")),
        (WIRING, _, "ControlNode") => {
            Some(("moved to fabricator.githedgehog.com", "keep it where the fabric is installed from"))
        }
        (VPC, _, "VPCMember") => Some(("became VPCAttachment", "write a VPCAttachment instead")),
        (VPC, _, "NAT" | "VPCSummary") => Some(("was removed in v0.20", "remove this document")),
        (AGENT, _, "ControlAgent") => Some(("was removed in v0.51", "remove this document")),
        (FABRICATOR, _, "Node") => Some(("became FabNode", "keep it where the fabric is installed from")),
        (_, "v1alpha2", _) => Some((
            "is a version that is gone since v0.52",
            "`hedgerow migrate` raises it where no removed field is used",
        )),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_one_directory_in_two_spellings() {
        assert_eq!(authorable().count(), 16);
        for kind in authorable() {
            assert_eq!(of_directory(kind.directory), Some(kind));
            assert_eq!(of_directory(kind.plural), Some(kind));
            assert_eq!(find(kind.group, kind.name), Some(kind));
        }
        assert_eq!(of_directory("agents"), None);
    }

    #[test]
    fn what_cannot_be_authored_says_why() {
        assert_eq!(unknown(VPC, "v1beta1", "VPC"), None);
        assert_eq!(unknown(GATEWAY, "v1alpha1", "GatewayGroup"), None);
        assert!(not_authored(find(WIRING, "SwitchProfile").unwrap()).unwrap().0.contains("controllers"));
        assert!(not_authored(find(FABRICATOR, "FabNode").unwrap()).unwrap().0.contains("installation"));
        for (group, version, name, wanted) in [
            (VPC, "v1alpha2", "VPC", "gone"),
            (GATEWAY, "v1alpha1", "Peering", "GatewayPeering"),
            ("fabric.githedgehog.com", "v1", "Fabric", "not a kind"),
            (VPC, "v1alpha1", "VPC", "no version"),
        ] {
            let (message, remedy) = unknown(group, version, name).unwrap();
            assert!(message.contains(wanted), "{message}");
            assert!(!remedy.is_empty());
        }
    }
}
