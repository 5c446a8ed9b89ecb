//! Selector: which resources are meant by `KIND`, `KIND/NAME` or `KIND/NAMESPACE/NAME`.

use crate::config::nearest::nearest;
use crate::error::{Error, Result};
use crate::fabric::kind::{self, Kind};
use crate::fabric::resource::Identity;
use crate::text::clean_line;

/// Which resources are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selector {
    /// Of this kind.
    pub kind: &'static Kind,
    /// In this namespace; none means `default` where a name is given, else any.
    pub namespace: Option<String>,
    /// With this name; none means all of the kind.
    pub name: Option<String>,
}

/// The short names `kubectl` knows.
const SHORT: [(&str, &str); 13] = [
    ("vlanns", "VLANNamespace"),
    ("ipns", "IPv4Namespace"),
    ("sg", "SwitchGroup"),
    ("sw", "Switch"),
    ("srv", "Server"),
    ("conn", "Connection"),
    ("ext", "External"),
    ("extattach", "ExternalAttachment"),
    ("vpcattach", "VPCAttachment"),
    ("vpcpeer", "VPCPeering"),
    ("extpeering", "ExternalPeering"),
    ("extpeer", "ExternalPeering"),
    ("gwgr", "GatewayGroup"),
];

impl Selector {
    /// Reads a selector; the kind in any case, plural, as its directory or by its short name.
    ///
    /// # Errors
    /// `Usage` for a word that is no authorable kind or a name that is empty.
    pub fn read(text: &str) -> Result<Self> {
        let (word, rest) = text.split_once('/').map_or((text, None), |(word, rest)| (word, Some(rest)));
        let kind = kind_of(word)?;
        let (namespace, name) = match rest.map(|rest| rest.split_once('/').unwrap_or(("", rest))) {
            None => (None, None),
            Some((namespace, name)) if !name.is_empty() && !name.contains('/') => {
                ((!namespace.is_empty()).then(|| namespace.to_owned()), Some(name.to_owned()))
            }
            Some(_) => {
                let what = format!("{} is no resource; write KIND/NAME", clean_line(text));
                return Err(Error::Usage(what));
            }
        };
        Ok(Self { kind, namespace, name })
    }

    /// Reads a selector that must name one resource.
    ///
    /// # Errors
    /// As [`Selector::read`]; `Usage` where the name is missing.
    pub fn identity(text: &str) -> Result<Identity> {
        let selector = Self::read(text)?;
        let Some(name) = selector.name else {
            let what = format!("{} names no resource; write KIND/NAME", clean_line(text));
            return Err(Error::Usage(what));
        };
        Ok(Identity {
            group: selector.kind.group.to_owned(),
            kind: selector.kind.name.to_owned(),
            namespace: selector.namespace.unwrap_or_else(|| "default".to_owned()),
            name,
        })
    }

    /// Whether a resource is meant.
    pub fn matches(&self, identity: &Identity) -> bool {
        let namespace = match (&self.namespace, &self.name) {
            (Some(namespace), _) => identity.namespace == *namespace,
            (None, Some(_)) => identity.namespace == "default",
            (None, None) => true,
        };
        identity.group == self.kind.group
            && identity.kind == self.kind.name
            && namespace
            && self.name.as_ref().is_none_or(|name| *name == identity.name)
    }
}

fn kind_of(word: &str) -> Result<&'static Kind> {
    let lower = word.to_lowercase();
    let short = SHORT.iter().chain(&[("gw", "Gateway"), ("gwpeer", "GatewayPeering")]);
    let full = short.clone().find(|(short, _)| *short == lower).map(|(_, kind)| *kind);
    let is_it = |kind: &&Kind| {
        full == Some(kind.name) || kind.name.to_lowercase() == lower || kind.plural == lower || kind.directory == lower
    };
    kind::authorable().find(is_it).ok_or_else(|| {
        let near = nearest(word, kind::authorable().map(|kind| kind.name));
        let near = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
        Error::Usage(format!("{} is no kind of resource{near}", clean_line(word)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_goes_by_every_name_it_has() {
        for word in ["Connection", "connection", "CONNECTIONS", "conn"] {
            assert_eq!(Selector::read(word).unwrap().kind.name, "Connection", "{word}");
        }
        for (word, kind) in [("gwpeer", "GatewayPeering"), ("vlan-namespaces", "VLANNamespace"), ("sw", "Switch")] {
            assert_eq!(Selector::read(word).unwrap().kind.name, kind);
        }
        for (short, kind) in SHORT {
            assert_eq!(Selector::read(short).unwrap().kind.name, kind, "{short}");
        }
    }

    #[test]
    fn a_resource_is_its_kind_and_name_in_the_default_namespace() {
        let identity = Selector::identity("vpc/web").unwrap();
        assert_eq!(identity.to_string(), "VPC/web");
        assert!(Selector::read("vpc/web").unwrap().matches(&identity));
        assert!(!Selector::read("vpc/other/web").unwrap().matches(&identity));
        assert!(!Selector::read("vpc/we").unwrap().matches(&identity));
        let elsewhere = Selector::identity("VPC/other/web").unwrap();
        assert_eq!(elsewhere.namespace, "other");
        assert!(Selector::read("vpcs").unwrap().matches(&elsewhere));
        assert!(!Selector::read("vpcs/web").unwrap().matches(&elsewhere));
    }

    #[test]
    fn a_slip_is_told_with_what_was_meant() {
        let message = |text: &str| Selector::read(text).unwrap_err().to_string();
        assert_eq!(message("Conection/a"), "Conection is no kind of resource; did you mean Connection?");
        assert!(message("Agent").ends_with("no kind of resource"), "{}", message("Agent"));
        assert!(message("vpc/").contains("KIND/NAME"));
        assert!(message("vpc/a/b/c").contains("KIND/NAME"));
        assert!(Selector::identity("vpc").unwrap_err().to_string().contains("names no resource"));
    }
}
