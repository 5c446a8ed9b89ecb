//! Validate: the structure of a directory and every document of it, as it stands.

use crate::error::{Error, Result};
use crate::fabric::finding::{Finding, Severity};
use crate::fabric::ingest::{Options, Survey};
use crate::fabric::layout::{self, Shape};
use crate::fabric::raw;
use crate::git::repository::Repository;
use crate::git::{Location, look};
use crate::ops::report::{Report, ValidateReport};
use crate::ops::select::{self, Chosen};
use crate::ops::{Context, Done};
use crate::progress::{Phase, Reporter};

/// Checks every chosen fabric, side by side.
pub(crate) async fn validate(cx: &Context, names: &[String], report: &Reporter) -> Result<Vec<Done>> {
    let selection = select::select(cx, names)?;
    let mut done: Vec<Done> = selection.faulty.iter().map(|(chosen, error)| Done::failed(chosen, error)).collect();
    let mut running = Vec::new();
    for group in selection.groups {
        for chosen in group.fabrics {
            report.phase(Phase::Check, &chosen.settings.name);
            let (location, task) = (group.location.clone(), chosen.clone());
            running.push((chosen, tokio::task::spawn_blocking(move || one(&location, &task))));
        }
    }
    for (chosen, task) in running {
        report.check()?;
        done.push(match crate::ops::write::join(task.await) {
            Ok(told) => Done::reported(&chosen, Report::Validate(told)),
            Err(error) => Done::failed(&chosen, &error),
        });
    }
    Ok(done)
}

fn one(location: &Location, chosen: &Chosen) -> Result<ValidateReport> {
    let repository = Repository::open(location)?;
    let snapshot = look::snapshot(&repository, &chosen.settings.directory, &layout::is_read)?;
    let shape = layout::shape(&snapshot);
    if shape == Shape::None && snapshot.files.is_empty() {
        return Err(Error::DirNotInit { directory: crate::text::clean_line(&chosen.settings.directory) });
    }
    let survey = Survey::new(&snapshot, &Options::default());
    let loose = raw::read_loose(&snapshot);
    let mut findings = survey.managed.findings.clone();
    findings.extend(survey.raw.iter().chain(&loose).flat_map(|file| file.findings.iter().cloned()));
    findings.extend(missing(&shape));
    findings.sort();
    findings.dedup();
    let raw_documents: usize = survey.raw.iter().chain(&loose).map(|file| file.documents().len()).sum();
    let files = survey.managed.documents.len() + survey.raw.len() + loose.len();
    Ok(ValidateReport { findings, files, resources: survey.managed.resources.len() + raw_documents })
}

fn missing(shape: &Shape) -> Vec<Finding> {
    let Shape::Partial(paths) = shape else {
        return Vec::new();
    };
    let finding = |path: &String| {
        let remedy = "`hedgerow init` (key I) repairs the layout";
        Finding::file(Severity::Warning, "HH-LY8", path, "is missing of the layout", remedy)
    };
    paths.iter().map(finding).collect()
}
