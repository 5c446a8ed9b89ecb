//! Selection: which fabrics an operation concerns, grouped by the repository they share.

use std::sync::Arc;

use crate::config::{FabricSettings, directory};
use crate::error::{Error, Result};
use crate::git::Location;
use crate::ops::report::Report;
use crate::ops::{Context, Done};
use crate::progress::{Phase, Reporter};

/// One chosen fabric.
#[derive(Debug, Clone)]
pub(crate) struct Chosen {
    /// Its place in the order asked.
    pub(crate) at: usize,
    /// Its settings.
    pub(crate) settings: FabricSettings,
}

/// Fabrics that share a repository.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    /// The repository.
    pub(crate) location: Location,
    /// Its chosen fabrics, in the order asked.
    pub(crate) fabrics: Vec<Chosen>,
}

/// What was chosen: the groups, and the fabrics whose settings are faulty.
#[derive(Debug, Default)]
pub(crate) struct Selection {
    /// By repository, in the order first named.
    pub(crate) groups: Vec<Group>,
    /// Fabrics that cannot be used, and why.
    pub(crate) faulty: Vec<(Chosen, Error)>,
}

/// Chooses fabrics by name; no names mean all.
pub(crate) fn select(cx: &Context, names: &[String]) -> Result<Selection> {
    let mut selection = Selection::default();
    for (at, settings) in named(cx, names)?.into_iter().enumerate() {
        let chosen = Chosen { at, settings: settings.clone() };
        match place(cx, settings) {
            Err(error) => selection.faulty.push((chosen, error)),
            Ok(location) => {
                let known = selection.groups.iter_mut().find(|group| group.location.name == location.name);
                match known {
                    Some(group) => group.fabrics.push(chosen),
                    None => selection.groups.push(Group { location, fabrics: vec![chosen] }),
                }
            }
        }
    }
    Ok(selection)
}

/// The repository of one fabric.
pub(crate) fn location(cx: &Context, fabric: &str) -> Result<Location> {
    place(cx, cx.config.fabric(fabric)?)
}

fn named<'a>(cx: &'a Context, names: &[String]) -> Result<Vec<&'a FabricSettings>> {
    if names.is_empty() {
        return Ok(cx.config.fabrics.iter().collect());
    }
    let mut chosen: Vec<&FabricSettings> = Vec::new();
    for name in names {
        let fabric = cx.config.fabrics.iter().find(|fabric| &fabric.name == name);
        let fabric = fabric.ok_or_else(|| Error::NoSuchFabric { name: name.clone(), nearest: nearest(cx, name) })?;
        if !chosen.iter().any(|other| other.name == fabric.name) {
            chosen.push(fabric);
        }
    }
    Ok(chosen)
}

fn nearest(cx: &Context, name: &str) -> Option<String> {
    let names = cx.config.fabrics.iter().map(|fabric| &fabric.name);
    let scored = names.map(|other| (strsim::jaro_winkler(name, other), other));
    scored.filter(|(score, _)| *score > 0.75).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, name)| name.clone())
}

fn place(cx: &Context, settings: &FabricSettings) -> Result<Location> {
    if let Some(error) = cx.config.fault(settings) {
        return Err(error);
    }
    let path = cx.config.path.clone().unwrap_or_default();
    let known = cx.config.repository(&settings.repository);
    let repository = known.ok_or_else(|| {
        let message = format!("fabric {} names an unknown repository {}", settings.name, settings.repository);
        Error::ConfigValue { path, line: 1, column: 1, message }
    })?;
    let location = Location::new(repository, &cx.data_dir);
    overlap(cx, settings, &location).map_or(Ok(location), Err)
}

/// A fabric configured earlier that shares files with this one by way of another entry of the same
/// remote; what shares a repository entry is told by the configuration itself.
fn overlap(cx: &Context, settings: &FabricSettings, location: &Location) -> Option<Error> {
    let earlier = cx.config.fabrics.iter().take_while(|other| other.name != settings.name);
    let shares = |other: &&FabricSettings| {
        other.repository != settings.repository && directory::overlap(&other.directory, &settings.directory)
    };
    let other = earlier.filter(shares).find(|other| is_of_remote(cx, other, location))?;
    Some(directory::shared(settings, other))
}

/// Whether a fabric lies on the same branch of the same remote, by whatever entry.
fn is_of_remote(cx: &Context, settings: &FabricSettings, location: &Location) -> bool {
    let repository = cx.config.repository(&settings.repository);
    repository.is_some_and(|repository| {
        repository.branch == location.branch
            && Location::new(repository, &cx.data_dir).remote_key() == location.remote_key()
    })
}

/// The configured fabrics of a remote's branch that have one of these files, chosen or not.
pub(crate) fn owners<'a>(cx: &'a Context, location: &Location, files: &[(char, String)]) -> Vec<&'a FabricSettings> {
    let has = |fabric: &&FabricSettings| files.iter().any(|(_, path)| directory::contains(&fabric.directory, path));
    let is_here = |fabric: &&FabricSettings| fabric.repository == location.name || is_of_remote(cx, fabric, location);
    cx.config.fabrics.iter().filter(has).filter(is_here).collect()
}

/// Refuses a write where writing is switched off.
pub(crate) fn check_writable(cx: &Context, settings: &FabricSettings, what: &str) -> Result<()> {
    is_off(cx, settings).map_or(Ok(()), |why| Err(Error::ReadOnly { what: what.to_owned(), why }))
}

/// Why writing is switched off, if it is.
pub(crate) fn is_off(cx: &Context, settings: &FabricSettings) -> Option<String> {
    if cx.read_only {
        return Some("--read-only".to_owned());
    }
    let profile = || format!("profile {}", settings.profile.as_deref().unwrap_or("of the fabric"));
    settings.read_only.then(profile)
}

/// Does the same reading work for every chosen fabric, side by side; a failure is that fabric's alone.
pub(crate) async fn side_by_side(
    cx: &Context,
    names: &[String],
    report: &Reporter,
    work: impl Fn(&Location, &Chosen) -> Result<Report> + Send + Sync + 'static,
) -> Result<Vec<Done>> {
    let work = Arc::new(work);
    let selection = select(cx, names)?;
    let mut done: Vec<Done> = selection.faulty.iter().map(|(chosen, error)| Done::failed(chosen, error)).collect();
    let mut running = Vec::new();
    for group in selection.groups {
        for chosen in group.fabrics {
            report.phase(Phase::Check, &chosen.settings.name);
            let (location, task, work) = (group.location.clone(), chosen.clone(), Arc::clone(&work));
            running.push((chosen, tokio::task::spawn_blocking(move || work(&location, &task))));
        }
    }
    for (chosen, task) in running {
        done.push(match crate::ops::write::join(task.await) {
            Ok(told) => Done::reported(&chosen, told),
            Err(error) => Done::failed(&chosen, &error),
        });
    }
    // Whoever is told that it ended may remove what it read and wrote.
    report.check()?;
    Ok(done)
}
