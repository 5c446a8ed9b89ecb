//! Show: managed resources listed and printed, one by one or exported as one text; nothing is written.

use std::collections::BTreeSet;

use crate::error::{Error, Result};
use crate::fabric::export::export;
use crate::fabric::hydration::hydration;
use crate::fabric::kind;
use crate::fabric::layout::{self, Directories, Shape};
use crate::fabric::managed::{Managed, Spot};
use crate::fabric::resource::Identity;
use crate::fabric::selector::Selector;
use crate::git::repository::Repository;
use crate::git::{Location, look};
use crate::ops::report::Report;
use crate::ops::report::shown::{ExportReport, ShowReport, ShownResource};
use crate::ops::select::{self, Chosen};
use crate::ops::{Context, Done, unread};
use crate::progress::Reporter;

/// What is wanted of the managed resources.
#[derive(Debug, Clone)]
pub(crate) enum Want {
    /// Those that these selectors mean; none means all.
    Resources(Vec<String>),
    /// One text of all.
    Export,
}

/// Reads the managed resources of every chosen fabric, side by side.
pub(crate) async fn show(cx: &Context, names: &[String], want: Want, report: &Reporter) -> Result<Vec<Done>> {
    if let Want::Resources(selectors) = &want {
        selectors.iter().try_for_each(|text| Selector::read(text).map(|_| ()))?;
    }
    select::side_by_side(cx, names, report, move |location, chosen| one(location, chosen, &want)).await
}

fn one(location: &Location, chosen: &Chosen, want: &Want) -> Result<Report> {
    let repository = Repository::open(location)?;
    let snapshot = look::snapshot(&repository, &chosen.settings.directory, &layout::is_read)?;
    if layout::shape(&snapshot) == Shape::None {
        return Err(Error::DirNotInit { directory: crate::text::clean_line(&chosen.settings.directory) });
    }
    let managed = Managed::read(&snapshot, &Directories::of(&snapshot));
    match want {
        Want::Export => {
            let made = export(&managed);
            let (documents, text, findings) = (made.documents, made.text, made.findings);
            Ok(Report::Export(Box::new(ExportReport { documents, text, findings })))
        }
        Want::Resources(selectors) => Ok(Report::Show(Box::new(shown(&managed, selectors)?))),
    }
}

fn shown(managed: &Managed, selectors: &[String]) -> Result<ShowReport> {
    let selectors: Vec<Selector> = selectors.iter().map(|text| Selector::read(text)).collect::<Result<_>>()?;
    for selector in &selectors {
        check_there(managed, selector)?;
    }
    let is_meant = |identity: &Identity| selectors.is_empty() || selectors.iter().any(|one| one.matches(identity));
    let secret: BTreeSet<&str> = managed
        .findings
        .iter()
        .filter(|finding| crate::fabric::secret::is_code(finding.code))
        .map(|finding| finding.file.as_str())
        .collect();
    let mut resources = Vec::new();
    for kind in kind::authorable() {
        for (identity, spots) in &managed.resources {
            if identity.kind == kind.name && identity.group == kind.group && is_meant(identity) {
                let row = |spot: &Spot| resource(identity, spot, secret.contains(spot.path.as_str()));
                resources.extend(spots.iter().map(row));
            }
        }
    }
    let findings = managed.findings.iter().filter(|finding| finding.is_error()).cloned().collect();
    let is_named = selectors.iter().any(|selector| selector.name.is_some());
    Ok(ShowReport { resources, hydration: hydration(managed), findings, is_named })
}

fn check_there(managed: &Managed, selector: &Selector) -> Result<()> {
    let Some(name) = &selector.name else {
        return Ok(());
    };
    if managed.resources.keys().any(|identity| selector.matches(identity)) {
        return Ok(());
    }
    Err(missing(managed, selector.kind.name, name))
}

/// The error about a resource that is not managed, with the nearest name of its kind.
pub(crate) fn missing(managed: &Managed, kind: &str, name: &str) -> Error {
    if let Err(error) = unread::check_managed(&managed.findings) {
        return error;
    }
    let names =
        managed.resources.keys().filter(|identity| identity.kind == kind).map(|identity| identity.name.as_str());
    let nearest = crate::config::nearest::nearest(name, names).map(|near| format!("{kind}/{near}"));
    Error::NoSuchResource { resource: crate::text::clean_line(&format!("{kind}/{name}")), nearest }
}

fn resource(identity: &Identity, spot: &Spot, is_secret: bool) -> ShownResource {
    let value = spot.document.value.as_ref();
    let version = value.and_then(|root| root.get("apiVersion")).and_then(crate::yaml::Node::as_str);
    ShownResource {
        kind: identity.kind.clone(),
        api_version: version.unwrap_or_default().to_owned(),
        namespace: identity.namespace.clone(),
        name: identity.name.clone(),
        identity: identity.to_string(),
        path: spot.path.clone(),
        line: spot.document.line,
        text: (!is_secret).then(|| spot.document.text.clone()),
    }
}
