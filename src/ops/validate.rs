//! Validate: the structure of a directory and every resource of it, as it stands; and files from anywhere.

mod lines;
mod paths;

use std::sync::Arc;

use crate::config::{CheckSettings, Home};
use crate::error::{Error, Result};
use crate::fabric::Fabric;
use crate::fabric::check::Check;
use crate::fabric::finding::{Finding, Severity};
use crate::fabric::ingest::{Options, Survey, judge};
use crate::fabric::layout::{self, Place, Shape};
use crate::fabric::snapshot::{Past, Snapshot};
use crate::fabric::{loader, raw};
use crate::git::repository::Repository;
use crate::git::{Location, look};
use crate::ops::checks;
use crate::ops::planning;
use crate::ops::report::{Report, ValidateReport};
use crate::ops::select::{self, Chosen};
use crate::ops::{Context, Done};
use crate::progress::{Phase, Reporter};

/// The options of `validate`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValidateRequest {
    /// The fabrics by name; with neither fabrics nor paths, all.
    pub fabrics: Vec<String>,
    /// Files and folders from anywhere, checked as one set; a GitOps directory as what it is.
    pub paths: Vec<String>,
    /// What was read from standard input.
    pub input: Option<Arc<[u8]>>,
    /// How paths are checked; of fabrics their own settings say.
    pub checks: CheckSettings,
    /// Take what is given for the whole fabric, so that a missing reference is an error.
    pub closed_world: bool,
    /// Tell only what is at least so bad.
    pub at_least: Severity,
}

impl ValidateRequest {
    /// Everything about fabrics.
    pub fn of(fabrics: Vec<String>) -> Self {
        Self {
            fabrics,
            paths: Vec::new(),
            input: None,
            checks: CheckSettings::default(),
            closed_world: false,
            at_least: Severity::Note,
        }
    }

    fn check(&self, settings: &CheckSettings) -> Result<Check> {
        let mut check = checks::of(settings)?;
        check.rules.closed |= self.closed_world;
        Ok(check)
    }

    fn is_of_paths(&self) -> bool {
        !self.paths.is_empty() || self.input.is_some()
    }
}

/// Checks every chosen fabric, side by side, and the files given.
pub(crate) async fn validate(cx: &Context, request: &ValidateRequest, report: &Reporter) -> Result<Vec<Done>> {
    let mut done = Vec::new();
    if request.is_of_paths() {
        report.phase(Phase::Check, "files");
        let task = request.clone();
        let told = crate::ops::write::join(tokio::task::spawn_blocking(move || paths::validate(&task)).await)?;
        done.push(Done::whole(Report::Validate(shown(told, request))));
        if request.fabrics.is_empty() {
            return Ok(done);
        }
    }
    let task = request.clone();
    let work =
        move |location: &Location, chosen: &Chosen| Ok(Report::Validate(shown(one(location, chosen, &task)?, &task)));
    done.extend(select::side_by_side(cx, &request.fabrics, report, work).await?);
    Ok(done)
}

fn shown(mut report: ValidateReport, request: &ValidateRequest) -> ValidateReport {
    report.findings.retain(|finding| finding.severity <= request.at_least);
    report
}

fn one(location: &Location, chosen: &Chosen, request: &ValidateRequest) -> Result<ValidateReport> {
    let repository = Repository::open(location)?;
    let snapshot = look::snapshot(&repository, &chosen.settings.directory, &layout::is_read)?;
    if layout::shape(&snapshot) == Shape::None && snapshot.files.is_empty() {
        return Err(Error::DirNotInit { directory: crate::text::clean_line(&chosen.settings.directory) });
    }
    let questions = Survey::new(&snapshot, &Options::default());
    let fabric = Fabric::of(&chosen.settings, &location.branch);
    let past = planning::past(&repository, &fabric, &questions)?;
    let mut report = directory(questions, &request.check(&chosen.settings.checks)?, &past);
    report.directory.clone_from(&chosen.settings.directory);
    let is_users = matches!(location.home, Home::Path(_));
    report.place = is_users.then(|| location.dir.join(&chosen.settings.directory));
    Ok(report)
}

/// Checks a GitOps directory: its layout, what is managed, and raw files as an ingest would take them.
fn directory(mut survey: Survey<'_>, check: &Check, past: &Past) -> ValidateReport {
    let snapshot = survey.snapshot;
    let mut findings = judge::judge(&mut survey, check, &Options::default(), past);
    let loose = raw::read_loose(snapshot);
    findings.extend(survey.managed.findings.iter().cloned());
    findings.extend(survey.raw.iter().chain(&loose).flat_map(|file| file.findings.iter().cloned()));
    findings.extend(missing(&layout::shape(snapshot)));
    findings.extend(refused_by_the_loader(snapshot));
    check.strictly(&mut findings);
    findings.sort();
    findings.dedup();
    let raw_documents: usize = survey.raw.iter().chain(&loose).map(|file| file.documents().len()).sum();
    let files = survey.managed.documents.len() + survey.raw.len() + loose.len();
    let resources = survey.managed.resources.len() + raw_documents;
    let text = |file: &str| snapshot.files.get(file)?.bytes().map(<[u8]>::to_vec);
    let lines = lines::of(&findings, &text);
    ValidateReport { findings, files, resources, lines, ..ValidateReport::default() }
}

fn refused_by_the_loader(snapshot: &Snapshot) -> Vec<Finding> {
    let is_managed = |path: &str| layout::place(path) == Place::Managed && layout::is_yaml(path);
    let files = snapshot.files.iter().filter(|(path, _)| is_managed(path));
    let texts = files.filter_map(|(path, file)| Some((path, std::str::from_utf8(file.bytes()?).ok()?)));
    texts.flat_map(|(path, text)| loader::check(path, text, Severity::Warning)).collect()
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
