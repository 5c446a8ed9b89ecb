//! Line: an operation as the command line that does the same.

use crate::command::words::quote;
use crate::config::edit::Addition;
use crate::fabric::finding::Severity;
use crate::ops::look::Against;
use crate::ops::task::{Task, TaskRequest};
use crate::ops::validate::ValidateRequest;
use crate::ops::{IngestRequest, InitRequest, Mode, Operation};

/// The digits of a plan's id that people see.
const SHOWN: usize = 8;

/// The command line that does the same, such as `hedgerow push dc1`.
///
/// An operation that applies a plan says so with `--yes` and the plan's id.
pub fn line(operation: &Operation) -> String {
    let quoted: Vec<String> = words(operation).iter().map(|word| quote(word)).collect();
    format!("hedgerow {}", quoted.join(" "))
}

/// The command line that adds a fabric, initialises its directory and pushes.
pub fn add(added: &Addition) -> String {
    let new = added.new_repository.as_ref().and_then(|pairs| pairs.first());
    let place = new.map_or(&added.repository, |(_, value)| value);
    let (place, directory) = (quote(place), quote(&added.directory));
    let profile = added.profile.as_ref().map_or_else(String::new, |profile| format!(" --profile {}", quote(profile)));
    format!("hedgerow add {} --repo {place} --directory {directory}{profile} --yes", quote(&added.fabric))
}

/// The words of that line, without the program's name.
pub fn words(operation: &Operation) -> Vec<String> {
    let mut words = Words(vec![operation.name().to_owned()]);
    match operation {
        Operation::Status { fabrics, fetch } => {
            words.all(fabrics);
            words.flag("--fetch", *fetch);
        }
        Operation::Validate(request) => words.validate(request),
        Operation::Export { fabrics }
        | Operation::Fetch { fabrics }
        | Operation::Check { fabrics }
        | Operation::Pull { fabrics } => {
            words.all(fabrics);
        }
        Operation::Show { fabrics, resources } => {
            words.all(fabrics);
            words.all(resources);
        }
        Operation::Log { fabrics } => words.all(fabrics),
        Operation::Diff { fabrics, against } => {
            words.all(fabrics);
            words.side(against);
        }
        // No command reads one file; this is the nearest to it.
        Operation::File { fabric, path } => words.all(&[fabric.clone(), path.clone()]),
        Operation::Init(request) => words.init(request),
        Operation::Ingest(request) => words.ingest(request),
        Operation::Task(request) => words.task(request),
        Operation::Discard(request) => {
            words.all(&request.fabrics);
            words.flag("--all", request.all);
            words.flag("--offline", request.offline);
            words.mode(&request.mode);
        }
        Operation::Push(request) => {
            words.all(&request.fabrics);
            words.mode(&request.mode);
        }
    }
    words.0
}

struct Words(Vec<String>);

impl Words {
    fn all(&mut self, words: &[String]) {
        self.0.extend_from_slice(words);
    }

    fn flag(&mut self, flag: &str, is_set: bool) {
        self.0.extend(is_set.then(|| flag.to_owned()));
    }

    /// A value that begins with a dash stays a value.
    fn value(&mut self, option: &str, value: &str) {
        self.0.push(format!("{option}={value}"));
    }

    fn message(&mut self, subject: Option<&str>) {
        if let Some(subject) = subject {
            self.value("--message", subject);
        }
    }

    fn mode(&mut self, mode: &Mode) {
        if let Mode::Apply { expect } = mode {
            for id in expect {
                self.all(&["--expect-plan".to_owned(), id.get(..SHOWN).unwrap_or(id).to_owned()]);
            }
            self.flag("--yes", true);
        }
    }

    fn side(&mut self, against: &Against) {
        match against {
            Against::Local => {}
            Against::Remote => self.flag("--remote", true),
            Against::Revision(revision) => self.all(std::slice::from_ref(revision)),
            Against::Commit(commit) => self.value("--commit", commit),
        }
    }

    fn validate(&mut self, request: &ValidateRequest) {
        self.all(&request.fabrics);
        self.all(&request.paths);
        self.flag("-", request.input.is_some());
        self.flag("--closed-world", request.closed_world);
        match request.at_least {
            Severity::Error => self.value("--severity", "error"),
            Severity::Warning => self.value("--severity", "warning"),
            Severity::Note => {}
        }
        let checks = &request.checks;
        if let Some(release) = &checks.release {
            self.value("--release", release);
        }
        let files =
            [("--fab", &checks.fab), ("--switch-profiles", &checks.switch_profiles), ("--schemas", &checks.schemas)];
        for (option, file) in files {
            if let Some(file) = file {
                self.value(option, &file.display().to_string());
            }
        }
    }

    fn init(&mut self, request: &InitRequest) {
        self.all(&request.fabrics);
        self.flag("--force", request.force);
        self.flag("--keep-loose", request.keep_loose);
        self.message(request.message.as_deref());
        self.flag("--offline", request.offline);
        self.mode(&request.mode);
    }

    fn ingest(&mut self, request: &IngestRequest) {
        self.all(&request.fabrics);
        self.0.extend(request.files.iter().map(|(name, _)| format!("./{name}")));
        for file in &request.only {
            self.value("--only", file);
        }
        self.flag("--partial", request.partial);
        self.flag("--leave-invalid", request.leave_invalid);
        self.flag("--keep-export", request.keep_export);
        self.flag("--take-text", request.take_text);
        for (resource, choice) in &request.take {
            self.all(&["--take".to_owned(), choice.word().to_owned(), resource.clone()]);
        }
        self.message(request.message.as_deref());
        self.flag("--offline", request.offline);
        self.mode(&request.mode);
    }

    fn task(&mut self, request: &TaskRequest) {
        self.all(&request.fabrics);
        match &request.task {
            Task::Commit | Task::Migrate | Task::Heal => {}
            Task::Delete { resources, with_dependents, keep } => {
                self.all(resources);
                self.flag("--with-dependents", *with_dependents);
                self.flag("--keep", *keep);
            }
            Task::Rename { resource, to } => self.all(&[resource.clone(), to.clone()]),
        }
        self.message(request.message.as_deref());
        self.flag("--offline", request.offline);
        self.mode(&request.mode);
    }
}
