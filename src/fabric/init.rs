//! Init: creates or repairs the layout, and takes loose resources in, in one commit.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::config::Processed;
use crate::fabric::Fabric;
use crate::fabric::consumer::Watcher;
use crate::fabric::draft::Draft;
use crate::fabric::finding::{Finding, Severity};
use crate::fabric::ingest::settle::{self, Fate, Ground};
use crate::fabric::ingest::{self, Survey, filing};
use crate::fabric::layout::{self, Directories, Place};
use crate::fabric::managed::Managed;
use crate::fabric::message::{Message, count};
use crate::fabric::plan::{Plan, Verdict, plan_id};
use crate::fabric::raw::{self, RawState};
use crate::fabric::snapshot::{Past, Snapshot};
use crate::fabric::unseen;

/// What an init was asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// Rewrite our own READMEs and metadata.
    pub force: bool,
    /// Leave loose files where they are.
    pub keep_loose: bool,
}

/// Reads what an init concerns.
pub fn survey(snapshot: &Snapshot, options: Options) -> Survey<'_> {
    let directories = Directories::of(snapshot);
    let managed = Managed::read(snapshot, &directories);
    let raw = if options.keep_loose { Vec::new() } else { raw::read_loose(snapshot) };
    Survey { snapshot, directories, managed, raw }
}

/// Plans an init: pure, from the survey, what history says of its questions, and who watches.
pub fn plan(
    fabric: &Fabric,
    author: &str,
    options: Options,
    survey: &Survey,
    past: &Past,
    watchers: &[Watcher],
) -> Plan {
    let plain = ingest::Options::default();
    let ground = Ground::new(survey.snapshot, &survey.directories, &survey.managed, past, &plain);
    let mut fates = settle::settle(&ground, &survey.raw);
    hold_back(survey, &mut fates);
    let mut draft = Draft::new(survey.snapshot);
    write_layout(&mut draft, fabric, options, survey.snapshot);
    let mut findings = ingest::write_managed(&mut draft, survey, &fates);
    let taken = take_loose(&mut draft, survey, &mut fates);
    findings.extend(survey.raw.iter().flat_map(|file| file.findings.iter().cloned()));
    findings.extend(survey.raw.iter().filter_map(left_where_it_is));
    let mut stops = unseen::findings(survey.snapshot, |place| place == Place::Managed);
    let areas = unseen::folders(survey.snapshot, |place| !matches!(place, Place::Loose | Place::Other));
    stops.extend(areas.map(|(folder, why)| unseen::finding(folder, why)));
    stops.extend(draft.clashes());
    let is_refused = !stops.is_empty();
    findings.extend(stops);
    findings.sort();
    findings.dedup();
    let documents = ingest::outcomes(&survey.raw, &fates);
    let (edits, changes) = if is_refused { (Vec::new(), Vec::new()) } else { (draft.edits(), draft.changes()) };
    let message = if edits.is_empty() { String::new() } else { message(&taken, changes.len()).text(fabric, author) };
    let options = format!("{options:?}");
    let made_of = ["init", &fabric.name, &fabric.directory, &fabric.branch, author, &options];
    let id = plan_id(&made_of, survey.snapshot, &edits, &message);
    let verdict = match (is_refused, edits.is_empty()) {
        (true, _) => Verdict::Refused,
        (false, true) => Verdict::NoChange,
        (false, false) => Verdict::Planned,
    };
    let notes = watchers.iter().map(|watcher| watcher_note(watcher, fabric)).collect();
    let typed_because =
        (!taken.is_empty()).then(|| format!("{} in use move", count(taken.len(), "loose file", "loose files")));
    let fabric = fabric.name.clone();
    Plan { id, fabric, verdict, message, edits, changes, documents, findings, notes, typed_because }
}

/// A loose file is taken whole or not at all.
fn hold_back(survey: &Survey, fates: &mut [Vec<Fate>]) {
    for (file, fates) in survey.raw.iter().zip(fates) {
        if !filing::is_placed(file, fates, settle::is_bad(file)) {
            for fate in fates.iter_mut() {
                fate.write = None;
            }
        }
    }
}

fn left_where_it_is(file: &raw::RawFile) -> Option<Finding> {
    let RawState::LeftOut(reason) = &file.state else {
        return None;
    };
    let message = format!("stays where it is: {reason}");
    let remedy = "whoever watches this directory still reads it; move it by hand if it should not";
    Some(Finding::file(Severity::Warning, "HH-LY7", &file.path, message, remedy))
}

fn watcher_note(watcher: &Watcher, fabric: &Fabric) -> String {
    let path = if watcher.path.is_empty() { "the repository's root" } else { &watcher.path };
    let managed = crate::fabric::draft::join(&fabric.directory, "managed");
    format!("{} {} ({}) watches {path}: point it at {managed}", watcher.what, watcher.name, watcher.file)
}

fn write_layout(draft: &mut Draft, fabric: &Fabric, options: Options, snapshot: &Snapshot) {
    let mut paths: BTreeSet<String> = layout::missing(snapshot).into_iter().collect();
    if options.force {
        paths.extend(ours(snapshot));
    }
    for path in paths {
        let text = match path.as_str() {
            "raw/README.md" => include_str!("../../assets/layout/raw.md").to_owned(),
            "unmanaged/README.md" => include_str!("../../assets/layout/unmanaged.md").to_owned(),
            "managed/README.md" => include_str!("../../assets/layout/managed.md").to_owned(),
            layout::METADATA => metadata(fabric),
            path if path.ends_with(".sourceignore") => "*\n".to_owned(),
            _ => String::new(),
        };
        draft.write(&path, text.into_bytes());
    }
}

fn ours(snapshot: &Snapshot) -> impl Iterator<Item = String> + '_ {
    let readmes = ["raw/README.md", "unmanaged/README.md", "managed/README.md"];
    let is_ours = |path: &&str| {
        let bytes = snapshot.files.get(*path).and_then(|file| file.bytes());
        bytes.is_some_and(|bytes| bytes.starts_with(layout::OURS.as_bytes()))
    };
    readmes.into_iter().filter(is_ours).map(str::to_owned).chain([layout::METADATA.to_owned()])
}

/// At the same time an empty list, for tools that apply every `.json` they find, and our metadata.
fn metadata(fabric: &Fabric) -> String {
    let text = |text: &str| serde_json::Value::from(text).to_string();
    let directory = if fabric.directory.is_empty() { "." } else { &fabric.directory };
    format!(
        "{{\n  \"apiVersion\": \"v1\",\n  \"kind\": \"List\",\n  \"items\": [],\n  \"hedgerow\": {{\n    \
         \"argocd\": \"+argocd:skip-file-rendering\",\n    \"structureVersion\": 1,\n    \"fabric\": {},\n    \
         \"directory\": {}\n  }}\n}}\n",
        text(&fabric.name),
        text(directory)
    )
}

/// Moves the loose files that were placed; returns their paths.
fn take_loose(draft: &mut Draft, survey: &Survey, fates: &mut [Vec<Fate>]) -> Vec<String> {
    let mut taken = Vec::new();
    for (file, fates) in survey.raw.iter().zip(fates.iter_mut()) {
        if !filing::is_placed(file, fates, settle::is_bad(file)) {
            continue;
        }
        let source = survey.snapshot.files.get(&file.path).and_then(|file| file.bytes());
        let bytes: Arc<[u8]> = source.unwrap_or_default().into();
        taken.push(file.path.clone());
        match fates.as_slice() {
            [Fate { path: Some(path), write: Some((_, text)), .. }] if text.as_bytes() == &*bytes => {
                draft.rename(&file.path, &path.clone(), bytes);
            }
            [Fate { write: Some(_), .. }] => draft.remove(&file.path),
            _ => filing::file_away(draft, survey.snapshot, file, &bytes, fates, Processed::Keep),
        }
    }
    taken
}

fn message<'a>(taken: &[String], changes: usize) -> Message<'a> {
    let summary = match taken.len() {
        0 => "GitOps layout".to_owned(),
        number => format!("GitOps layout, {} taken in", count(number, "loose file", "loose files")),
    };
    let body = vec![count(changes, "file", "files")];
    Message { action: "init", summary, body, sources: taken.to_vec(), is_given: false }
}
