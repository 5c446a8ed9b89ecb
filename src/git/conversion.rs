//! Conversion: contents as Git stores them and as it checks them out, and what Git refuses to convert.

use std::io::Read;
use std::path::Path;

use gix::attrs::StateRef;
use gix::bstr::{BStr, ByteSlice};
use gix::filter::plumbing::driver::apply::Delay;
use gix::filter::plumbing::pipeline::CrlfRoundTripCheck;
use gix::filter::plumbing::pipeline::convert::to_worktree::Options;
use gix::filter::plumbing::pipeline::convert::{ToGitOutcome, ToWorktreeOutcome};
use gix::filter::plumbing::{self, Driver};
use gix::worktree::IndexPersistedOrInMemory;

use crate::error::{Error, Result};
use crate::git::failure;
use crate::git::program::complaint_of_conversion;
use crate::git::repository::Repository;
use crate::text;

/// Git's filters for line ends, `ident` and the like, and the user's filter programs, as the clone is configured.
pub(super) struct Filters<'a> {
    repository: &'a Repository,
    pipeline: plumbing::Pipeline,
    attributes: gix::worktree::Stack,
    index: IndexPersistedOrInMemory,
    /// Whether git adds no file whose line ends would not come back (`core.safecrlf=true`).
    is_strict: bool,
}

/// Which way contents go.
#[derive(Clone, Copy)]
enum Way {
    Stored,
    CheckedOut,
}

impl<'a> Filters<'a> {
    /// The filters of a user's clone; a clone of ours has none.
    pub(super) fn new(repository: &'a Repository) -> Result<Option<Self>> {
        if repository.workdir().is_none() {
            return Ok(None);
        }
        let failed = failure::git("reading the attributes", &repository.location.dir);
        let (pipeline, index) = repository.gix.filter_pipeline(None).map_err(failed)?;
        let (mut pipeline, attributes) = pipeline.into_parts();
        let options = pipeline.options_mut();
        let is_strict = options.crlf_roundtrip_check == CrlfRoundTripCheck::Fail;
        // Git looks at this where it stores a file, and not where it compares one.
        options.crlf_roundtrip_check = CrlfRoundTripCheck::Skip;
        options.drivers.iter_mut().for_each(quiet);
        Ok(Some(Self { repository, pipeline, attributes, index, is_strict }))
    }

    /// The bytes of a working file as `git add` would store them.
    ///
    /// # Errors
    /// `PathUnsupported` where a filter program fails that is required.
    pub(super) fn stored(&mut self, path: &str, bytes: &[u8]) -> Result<Vec<u8>> {
        self.convert(path, bytes, Way::Stored)
    }

    /// Stored bytes as a checkout would write them.
    pub(super) fn checked_out(&mut self, path: &str, bytes: &[u8]) -> Result<Vec<u8>> {
        self.convert(path, bytes, Way::CheckedOut)
    }

    /// Refuses a working file that git would not add, since its line ends would not come back.
    ///
    /// # Errors
    /// `PathUnsupported` with the setting and what to do.
    pub(super) fn check_line_ends(&mut self, path: &str, bytes: &[u8]) -> Result<()> {
        if !self.is_strict || !bytes.contains(&b'\n') {
            return Ok(());
        }
        let stored = self.convert(path, bytes, Way::Stored)?;
        self.pipeline.options_mut().crlf_roundtrip_check = CrlfRoundTripCheck::Fail;
        let strict = self.apply(path, bytes, Way::Stored);
        self.pipeline.options_mut().crlf_roundtrip_check = CrlfRoundTripCheck::Skip;
        if strict.is_ok() {
            return Ok(());
        }
        let gets_crlf = self.convert(path, &stored, Way::CheckedOut)?.contains(&b'\r');
        let change = if gets_crlf { "LF would be replaced by CRLF" } else { "CRLF would be replaced by LF" };
        Err(Error::PathUnsupported {
            place: text::clean_line(path),
            what: format!("would not be added by git: {change}, and core.safecrlf is true"),
            remedy: "save the file with the other line ends, or set `git config core.safecrlf warn`",
        })
    }

    /// Whether a path is under a filter program that is configured and that git goes on without.
    pub(super) fn is_optional(&mut self, path: &str) -> Result<bool> {
        Ok(self.driver(path)?.is_some_and(|driver| !driver.required))
    }

    /// Whether the filter program of a path changes none of these bytes, either way.
    pub(super) fn is_left_alone(&mut self, path: &str, bytes: &[u8]) -> Result<bool> {
        let with = [self.convert(path, bytes, Way::Stored)?, self.convert(path, bytes, Way::CheckedOut)?];
        let drivers = std::mem::take(&mut self.pipeline.options_mut().drivers);
        let without = [Way::Stored, Way::CheckedOut].map(|way| self.convert(path, bytes, way));
        self.pipeline.options_mut().drivers = drivers;
        let [stored, checked_out] = without;
        Ok(with == [stored?, checked_out?])
    }

    fn convert(&mut self, path: &str, bytes: &[u8], way: Way) -> Result<Vec<u8>> {
        let driver = self.driver(path)?;
        let error = match (self.apply(path, bytes, way), &driver) {
            (Ok(_), Some(driver)) if driver.required && !has_program(driver, way) => None,
            (Ok(out), _) => return Ok(out),
            (Err(error), _) => Some(error),
        };
        let what = || format!("converting {}", text::clean_line(path));
        let failed = |error| failure::of_gix(what(), &self.repository.location.dir, error);
        let Some(driver) = driver else {
            return Err(error.as_ref().map_or_else(|| Error::Internal(what()), failed));
        };
        // What fails without the program as well is not the program's fault.
        let drivers = std::mem::take(&mut self.pipeline.options_mut().drivers);
        let without = self.apply(path, bytes, way);
        self.pipeline.options_mut().drivers = drivers;
        let failed = |error| failure::of_gix(what(), &self.repository.location.dir, &error);
        let out = without.map_err(failed)?;
        if !driver.required {
            return Ok(out);
        }
        let said = match way {
            Way::Stored => complaint_of_conversion(&self.repository.location, path, bytes)?,
            Way::CheckedOut => String::new(),
        };
        Err(refused(path, &driver, way, &said))
    }

    fn apply(&mut self, path: &str, bytes: &[u8], way: Way) -> std::result::Result<Vec<u8>, gix::Error> {
        let objects = &self.repository.gix.objects;
        let name: &BStr = path.into();
        let at = self.attributes.at_entry(name, None, objects).map_err(gix::Error::from_error)?;
        let mut matching = |_: &BStr, found: &mut gix::attrs::search::Outcome| {
            at.matching_attributes(found);
        };
        let mut out = Vec::new();
        match way {
            Way::Stored => {
                let index = &self.index;
                let mut indexed = |buffer: &mut Vec<u8>| {
                    let Some(entry) = index.entry_by_path(name) else { return Ok(None) };
                    let found = gix::objs::Find::try_find(objects, &entry.id, buffer)?;
                    Ok(found.filter(|found| found.kind == gix::objs::Kind::Blob).map(|_| ()))
                };
                let outcome = self.pipeline.convert_to_git(bytes, Path::new(path), &mut matching, &mut indexed)?;
                match outcome {
                    ToGitOutcome::Unchanged(bytes) | ToGitOutcome::Buffer(bytes) => out.extend_from_slice(bytes),
                    ToGitOutcome::Process(mut read) => {
                        read.read_to_end(&mut out).map_err(gix::Error::from_error)?;
                    }
                }
            }
            Way::CheckedOut => {
                let options = Options { can_delay: Delay::Forbid, ..Options::default() };
                let outcome = self.pipeline.convert_to_worktree(bytes, name, &mut matching, options)?;
                match outcome {
                    ToWorktreeOutcome::Unchanged(bytes) | ToWorktreeOutcome::Buffer(bytes) => {
                        out.extend_from_slice(bytes);
                    }
                    mut outcome @ ToWorktreeOutcome::Process(_) => {
                        let read = outcome.as_read().map(|read| read.read_to_end(&mut out));
                        read.transpose().map_err(gix::Error::from_error)?;
                    }
                }
            }
        }
        Ok(out)
    }

    /// The filter program a path is under, if it is configured.
    fn driver(&mut self, path: &str) -> Result<Option<Driver>> {
        let drivers = &self.pipeline.options_mut().drivers;
        if drivers.is_empty() {
            return Ok(None);
        }
        let mut found = self.attributes.selected_attribute_matches(["filter"]);
        let name: &BStr = path.into();
        let dir = &self.repository.location.dir;
        let at = self.attributes.at_entry(name, None, &self.repository.gix.objects);
        at.map_err(failure::fs("cannot read its attributes", dir))?.matching_attributes(&mut found);
        let driver = found.iter_selected().find_map(|hit| match hit.assignment.state {
            StateRef::Value(value) => drivers.iter().find(|driver| driver.name == value.as_bstr()),
            StateRef::Set | StateRef::Unset | StateRef::Unspecified => None,
        });
        Ok(driver.cloned())
    }
}

/// The error of a filter program that failed, with what was said.
fn refused(path: &str, driver: &Driver, way: Way, said: &str) -> Error {
    let name = text::clean_line(&driver.name.to_str_lossy());
    let key = match way {
        _ if driver.process.is_some() => "process",
        Way::Stored => "clean",
        Way::CheckedOut => "smudge",
    };
    let said: Vec<&str> = said.lines().collect();
    let said = text::clean_line(&said.join("; "));
    let colon = if said.is_empty() { "" } else { ": " };
    Error::PathUnsupported {
        place: text::clean_line(path),
        what: format!(
            "cannot be converted: filter.{name}.{key} failed, and filter.{name}.required is true{colon}{said}"
        ),
        remedy: "correct that program, or the line of .gitattributes that names it",
    }
}

/// Whether there is a program for a way.
fn has_program(driver: &Driver, way: Way) -> bool {
    let one = match way {
        Way::Stored => &driver.clean,
        Way::CheckedOut => &driver.smudge,
    };
    driver.process.is_some() || one.is_some()
}

/// Keeps a program's words off our terminal; git is asked for them where they count.
fn quiet(driver: &mut Driver) {
    for command in [&mut driver.clean, &mut driver.smudge, &mut driver.process].into_iter().flatten() {
        *command = format!("{{ {}\n}} 2>/dev/null", command.to_str_lossy()).into();
    }
}
