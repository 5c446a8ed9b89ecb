//! Task: the operations that change managed resources, each planned, confirmed and one commit.

use crate::error::{Error, Result};
use crate::fabric::Fabric;
use crate::fabric::check::Check;
use crate::fabric::layout::{self, Shape};
use crate::fabric::managed::Managed;
use crate::fabric::plan::Plan;
use crate::fabric::resource::Identity;
use crate::fabric::resources::Ground;
use crate::fabric::selector::Selector;
use crate::fabric::snapshot::Snapshot;
use crate::fabric::{adopt, delete, heal, migrate, rename};
use crate::ops::{Mode, show};

/// A change of managed resources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Task {
    /// Adopt hand edits of `managed/`.
    Commit,
    /// Take resources out of `managed/`.
    Delete {
        /// The resources, `KIND/NAME`.
        resources: Vec<String>,
        /// Take what refers to them too.
        with_dependents: bool,
        /// Move the files to `unmanaged/manual-overrides/`.
        keep: bool,
    },
    /// Give a resource another name, with every reference to it.
    Rename {
        /// The resource, `KIND/NAME`.
        resource: String,
        /// Its new name.
        to: String,
    },
    /// Bring documents of gone versions to those that are served.
    Migrate,
    /// Put right what the NetBox plugin left.
    Heal,
}

/// The options of an operation that changes managed resources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskRequest {
    /// The fabrics by name.
    pub fabrics: Vec<String>,
    /// What to do.
    pub task: Task,
    /// The commit's subject, where it is not the usual one.
    pub message: Option<String>,
    /// Do not fetch first.
    pub offline: bool,
    /// Plan or apply.
    pub mode: Mode,
}

impl Task {
    /// The operation's name, as on the command line.
    pub fn name(&self) -> &'static str {
        match self {
            Task::Commit => "commit",
            Task::Delete { .. } => "delete",
            Task::Rename { .. } => "rename",
            Task::Migrate => "migrate",
            Task::Heal => "heal",
        }
    }
}

/// Plans a task on one look at one fabric.
pub(crate) fn plan(fabric: &Fabric, author: &str, task: &Task, snapshot: &Snapshot, check: &Check) -> Result<Plan> {
    if layout::shape(snapshot) == Shape::None {
        return Err(Error::DirNotInit { directory: crate::text::clean_line(&snapshot.directory) });
    }
    let ground = Ground::new(fabric, author, snapshot, check);
    match task {
        Task::Commit => Ok(adopt::plan(&ground)),
        Task::Migrate => Ok(migrate::plan(&ground)),
        Task::Heal => Ok(heal::plan(&ground)),
        Task::Delete { resources, with_dependents, keep } => {
            let resources = resources.iter().map(|text| named(&ground.managed, text)).collect::<Result<_>>()?;
            let options = delete::Options { resources, with_dependents: *with_dependents, keep: *keep };
            Ok(delete::plan(&ground, &options))
        }
        Task::Rename { resource, to } => {
            let from = named(&ground.managed, resource)?;
            check_name(&ground.managed, &from, to)?;
            Ok(rename::plan(&ground, &rename::Options { from, to: to.clone() }))
        }
    }
}

fn check_name(managed: &Managed, from: &Identity, to: &str) -> Result<()> {
    if let Some(why) = rename::refusal(&from.kind, to) {
        return Err(Error::Usage(why));
    }
    let target = Identity { name: to.to_owned(), ..from.clone() };
    if managed.resources.contains_key(&target) {
        return Err(Error::Usage(format!("{target} exists already")));
    }
    Ok(())
}

/// The managed resource a text names.
fn named(managed: &Managed, text: &str) -> Result<Identity> {
    let identity = Selector::identity(text)?;
    if managed.resources.contains_key(&identity) {
        return Ok(identity);
    }
    Err(show::missing(managed, &identity.kind, &identity.name))
}
