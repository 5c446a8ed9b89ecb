//! Referring: who refers to what, over all managed resources.

use std::collections::BTreeMap;

use crate::fabric::managed::{Managed, Spot};
use crate::fabric::reference::{self, Reference};
use crate::fabric::resource::Identity;

/// One managed document that refers to another resource.
#[derive(Debug)]
pub struct Referrer<'a> {
    /// Who refers.
    pub identity: &'a Identity,
    /// Where it stands.
    pub spot: &'a Spot,
    /// How it refers.
    pub reference: Reference,
}

/// Every reference of every managed resource, by its target.
#[derive(Debug)]
pub struct Referring<'a> {
    by_target: BTreeMap<&'static str, BTreeMap<String, Vec<Referrer<'a>>>>,
}

impl<'a> Referring<'a> {
    /// Reads every reference.
    pub fn of(managed: &'a Managed) -> Self {
        let mut by_target: BTreeMap<_, BTreeMap<_, Vec<_>>> = BTreeMap::new();
        for (identity, spots) in &managed.resources {
            for spot in spots {
                let Some(root) = &spot.document.value else { continue };
                for reference in reference::references(&identity.kind, root) {
                    let name = reference.name.clone();
                    let found = Referrer { identity, spot, reference };
                    by_target.entry(found.reference.target).or_default().entry(name).or_default().push(found);
                }
            }
        }
        Self { by_target }
    }

    /// What refers to a resource; references only reach the namespace `default`.
    pub fn to(&self, target: &Identity) -> &[Referrer<'a>] {
        if target.namespace != "default" {
            return &[];
        }
        let named = self.by_target.get(target.kind.as_str()).and_then(|names| names.get(&target.name));
        named.map_or(&[], Vec::as_slice)
    }
}
