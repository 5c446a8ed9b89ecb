//! Request: what a command asks for, as an operation that plans, with the files to be read for it.

use crate::command::args::check::{Level, Validate};
use crate::command::args::resources::ResourceCommand;
use crate::command::args::seeing::{SeeingCommand, Status};
use crate::command::args::{Command, Confirm, Discard, Ingest};
use crate::command::targets::{self, Targets, once};
use crate::config::CheckSettings;
use crate::config::release::Release;
use crate::error::{Error, Result};
use crate::fabric::finding::Severity;
use crate::ops::look::Against;
use crate::ops::task::{Task, TaskRequest};
use crate::ops::validate::ValidateRequest;
use crate::ops::{DiscardRequest, IngestRequest, InitRequest, Mode, Operation, PushRequest};

/// An operation asked for in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The operation; what writes only plans.
    pub operation: Operation,
    /// Files from elsewhere that [`Request::read`] reads; `-` is standard input.
    pub files: Vec<String>,
    /// How a write is confirmed; none for what asks nothing.
    pub confirm: Option<Confirm>,
}

impl Request {
    /// What a command asks for, where the configured fabrics have these names; none for a command
    /// that is no operation.
    ///
    /// # Errors
    /// [`Error::Usage`] and [`Error::NoSuchFabric`].
    pub fn of(command: Command, names: &[&str]) -> Result<Option<Self>> {
        let request = match command {
            Command::Status(Status { fabrics, fetch, .. }) => {
                asks_nothing(Operation::Status { fabrics: once(fabrics), fetch })
            }
            Command::Validate(words) => validate(words, names)?,
            Command::Fetch { fabrics } => asks_nothing(Operation::Fetch { fabrics: once(fabrics) }),
            Command::Pull { fabrics } => asks_nothing(Operation::Pull { fabrics: once(fabrics) }),
            Command::Seeing(command) => seeing(command),
            Command::Init(init) => {
                let request = InitRequest {
                    fabrics: once(init.fabrics),
                    force: init.force,
                    keep_loose: init.keep_loose,
                    message: init.message,
                    offline: init.offline,
                    mode: Mode::Plan,
                };
                Self { operation: Operation::Init(request), files: Vec::new(), confirm: Some(init.confirm) }
            }
            Command::Ingest(words) => ingest(words, names)?,
            Command::Push { fabrics, confirm } => {
                let operation = Operation::Push(PushRequest { fabrics: once(fabrics), mode: Mode::Plan });
                Self { operation, files: Vec::new(), confirm: Some(confirm) }
            }
            Command::Discard(words) => {
                let Discard { fabric, all, offline, confirm } = words;
                let request = DiscardRequest { fabrics: vec![fabric], all, offline, mode: Mode::Plan };
                Self { operation: Operation::Discard(request), files: Vec::new(), confirm: Some(confirm) }
            }
            Command::Resources(command) => resources(command),
            _ => return Ok(None),
        };
        Ok(Some(request))
    }

    /// Reads the files where there is no standard input and nobody could end a pipe.
    ///
    /// # Errors
    /// As [`Request::read`]; [`Error::Usage`] for a pipe or a device, too.
    pub fn read_files(self, names: &[&str]) -> Result<Self> {
        targets::check(&self.files, names)?;
        targets::check_kinds(&self.files)?;
        self.read(names)
    }

    /// Reads the files, so that the operation has everything it needs.
    ///
    /// # Errors
    /// [`Error::Usage`] for a word that is neither fabric nor file; what the file system says.
    pub fn read(mut self, names: &[&str]) -> Result<Self> {
        targets::check(&self.files, names)?;
        match &mut self.operation {
            Operation::Ingest(request) => request.files.extend(targets::read(&self.files)?),
            Operation::Validate(request) if self.files.iter().any(|file| file == "-") => {
                let input = targets::read(&["-".to_owned()])?;
                request.input = input.into_iter().next().map(|(_, bytes)| bytes);
            }
            _ => {}
        }
        Ok(self)
    }
}

/// Fabrics and paths in any order; a word that is a fabric's name is that fabric.
fn validate(words: Validate, names: &[&str]) -> Result<Request> {
    let is_fabric = |word: &String| names.contains(&word.as_str());
    let (fabrics, paths): (Vec<String>, Vec<String>) = words.targets.into_iter().partition(is_fabric);
    if let Some(Err(fault)) = words.release.as_deref().map(Release::read) {
        return Err(Error::Usage(crate::text::clean_line(&fault)));
    }
    let request = ValidateRequest {
        fabrics: once(fabrics),
        paths: paths.iter().filter(|path| *path != "-").cloned().collect(),
        input: None,
        checks: CheckSettings {
            release: words.release,
            schemas: words.schemas,
            switch_profiles: words.switch_profiles,
            fab: words.fab,
            closed_world: words.closed_world,
        },
        closed_world: words.closed_world,
        at_least: match words.severity {
            Level::Error => Severity::Error,
            Level::Warning => Severity::Warning,
            Level::Note => Severity::Note,
        },
    };
    Ok(Request { operation: Operation::Validate(Box::new(request)), files: paths, confirm: None })
}

fn resources(command: ResourceCommand) -> Request {
    let (fabrics, task, how) = match command {
        ResourceCommand::Show { fabric, resources } => {
            return asks_nothing(Operation::Show { fabrics: vec![fabric], resources });
        }
        ResourceCommand::Export { fabric, .. } => return asks_nothing(Operation::Export { fabrics: vec![fabric] }),
        ResourceCommand::Commit { fabrics, task } => (once(fabrics), Task::Commit, task),
        ResourceCommand::Migrate { fabrics, task } => (once(fabrics), Task::Migrate, task),
        ResourceCommand::Heal { fabrics, task } => (once(fabrics), Task::Heal, task),
        ResourceCommand::Delete { fabric, resources, with_dependents, keep, task } => {
            (vec![fabric], Task::Delete { resources, with_dependents, keep }, task)
        }
        ResourceCommand::Rename { fabric, resource, to, task } => (vec![fabric], Task::Rename { resource, to }, task),
    };
    let request = TaskRequest { fabrics, task, message: how.message, offline: how.offline, mode: Mode::Plan };
    Request { operation: Operation::Task(request), files: Vec::new(), confirm: Some(how.confirm) }
}

fn seeing(command: SeeingCommand) -> Request {
    match command {
        SeeingCommand::Log { fabrics } => asks_nothing(Operation::Log { fabrics: once(fabrics) }),
        SeeingCommand::Diff { fabric, revision, remote, commit, .. } => {
            let against = match (revision, commit) {
                (Some(revision), _) => Against::Revision(revision),
                (None, Some(commit)) => Against::Commit(commit),
                (None, None) if remote => Against::Remote,
                (None, None) => Against::Local,
            };
            asks_nothing(Operation::Diff { fabrics: vec![fabric], against })
        }
    }
}

fn asks_nothing(operation: Operation) -> Request {
    Request { operation, files: Vec::new(), confirm: None }
}

fn ingest(ingest: Ingest, names: &[&str]) -> Result<Request> {
    let Targets { fabrics, files } = targets::split(names, &ingest.targets)?;
    let from_input = files.iter().any(|file| file == "-");
    if from_input && !ingest.confirm.yes && !ingest.confirm.dry_run {
        let text = "`-` is read from standard input, so nothing can be asked: add --yes or --dry-run";
        return Err(Error::Usage(text.to_owned()));
    }
    let request = IngestRequest {
        fabrics,
        only: ingest.only.iter().map(|file| targets::raw_path(file)).collect(),
        files: Vec::new(),
        partial: ingest.partial,
        leave_invalid: ingest.leave_invalid,
        keep_export: ingest.keep_export,
        take_text: ingest.take_text,
        take: targets::choices(&ingest.take)?,
        message: ingest.message,
        offline: ingest.offline,
        mode: Mode::Plan,
    };
    Ok(Request { operation: Operation::Ingest(request), files, confirm: Some(ingest.confirm) })
}
