//! Setup: the first run and the form for a fabric, as data, and what they ask of the outside.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use crate::config::Config;
use crate::ops::Failure;
use crate::ops::access::Access;
use crate::ops::add::AddRequest;
use crate::ops::discover::FoundClone;
use crate::ops::joint::{Joined, Joint};
use crate::ops::settle::Settled;
use crate::ops::setup::{SetupPlan, Wanted};

/// The first run: what was looked at, what was found, what is chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FirstRun {
    /// Every place looked at for a configuration.
    pub looked: Vec<String>,
    /// Where the configuration would go.
    pub target: String,
    /// What was found; none while it is looked for.
    pub found: Option<Vec<Wanted>>,
    /// A remark on each found directory, in the same order.
    pub remarks: Vec<String>,
    /// The chosen ones.
    pub chosen: BTreeSet<usize>,
    /// The selected line; the one behind the last directory is for another place.
    pub selected: usize,
    /// What the remotes allow, by clone or address, as far as it was tried.
    pub access: BTreeMap<String, Option<Access>>,
    /// The text of another place, while one is typed.
    pub typing: Option<String>,
    /// What would be written, once it is shown.
    pub plan: Option<Shared<SetupPlan>>,
    /// When it was shown first, in milliseconds.
    pub shown: u64,
    /// The first line shown of what would be written.
    pub scroll: usize,
}

/// The form for a fabric.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form {
    /// The texts, in the order of [`FIELDS`].
    pub texts: [String; 5],
    /// The field that has the keys.
    pub at: usize,
    /// What was wrong with the last try.
    pub wrong: Option<Failure>,
    /// What was asked for and not answered yet.
    pub asked: Option<AddRequest>,
}

/// The fields of the form: name and explanation.
pub const FIELDS: [(&str, &str); 5] = [
    ("Name", "what you call the fabric, such as dc1-prod"),
    ("Repository", "a configured name, the path of your clone, or an address"),
    ("Directory", "the GitOps directory in it, such as gitops/hedgehog/dc1; . is the root"),
    ("Branch", "empty: the configured one, the one the clone is on, or the remote's default"),
    ("Profile", "empty, or one of the configured profiles"),
];

/// What is asked of the outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// Look for clones: in these folders, or around the current one.
    Search(Vec<PathBuf>),
    /// Try whether its remote can be read and written.
    Try(Wanted),
    /// Plan the first configuration.
    Draft(Vec<Wanted>),
    /// Write it.
    Write(Shared<SetupPlan>),
    /// Plan the addition of a fabric.
    Plan(AddRequest),
    /// Carry it out.
    Add(Shared<Joint>),
    /// Look up what the last session left open.
    Settle,
    /// Maintain the clone of a fabric, which is ours.
    Maintain(String),
    /// Read the configuration again.
    Reload,
    /// Work with this configuration from now on.
    Adopt(Shared<Config>),
    /// Leave and show the demo.
    Demo,
}

/// What the outside answered.
#[derive(Debug, Clone)]
pub enum Answer {
    /// What was found.
    Found(Vec<FoundClone>),
    /// What a remote allows, or why that cannot be tried, by clone or address.
    Tried(String, Result<Access, Failure>),
    /// The first configuration, planned.
    Drafted(Result<Shared<SetupPlan>, Failure>),
    /// The configuration was written, or read again.
    Configured(Result<Shared<Config>, Failure>),
    /// The addition that was asked for, planned.
    Planned(AddRequest, Result<Shared<Joint>, Failure>),
    /// The addition, carried out.
    Added(Shared<Joint>, Result<Box<Joined>, Failure>),
    /// What the last session left open.
    Settled(Vec<Settled>),
}

/// Something big that is handed around and equal only to itself.
#[derive(Debug)]
pub struct Shared<T>(pub Arc<T>);

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Eq for Shared<T> {}

impl Form {
    /// What the form asks for.
    pub fn request(&self) -> AddRequest {
        let text = |at: usize| self.texts[at].trim().to_owned();
        let optional = |at: usize| Some(text(at)).filter(|text| !text.is_empty());
        let directory = optional(2).unwrap_or_else(|| ".".to_owned());
        AddRequest { name: text(0), repository: text(1), directory, branch: optional(3), profile: optional(4) }
    }
}
