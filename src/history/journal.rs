//! Journal: the file of records; appended under a lock, shortened when it is long, read when it changed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Result, Seek, SeekFrom, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use super::known::{History, LATEST};
use super::{Record, cleaned, journal};
use crate::private;
use crate::text::ends::{MOST, ends};

/// A longer journal is shortened to half of it, in bytes.
const LONG: u64 = 8 << 20;

/// How many of a fabric's latest lines may stay in a shortened journal, the most wanted first.
const RECENT: [usize; 8] = [LATEST, 100, 50, 20, 10, 5, 1, 0];

/// What a journal said when it was last read; clones share it.
#[derive(Debug, Clone, Default)]
pub struct Cache(Arc<Mutex<Option<Kept>>>);

/// What was read, and of which state of the file.
type Kept = (Stamp, Arc<History>);

/// What tells one state of a file from another: its place, which file it is, its length and when it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stamp(PathBuf, u64, u64, Option<SystemTime>);

impl Cache {
    /// What the journal of a state directory says; it is read again only where it changed.
    pub fn read(&self, state_dir: &Path) -> Arc<History> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let stamp = stamp(&journal(state_dir));
        if let (Some(stamp), Some((known, history))) = (&stamp, &*kept)
            && stamp == known
        {
            return Arc::clone(history);
        }
        let history = Arc::new(super::read(state_dir));
        // What is appended meanwhile makes another stamp than this one.
        *kept = stamp.map(|stamp| (stamp, Arc::clone(&history)));
        history
    }
}

fn stamp(path: &Path) -> Option<Stamp> {
    let found = std::fs::metadata(path).ok()?;
    Some(Stamp(path.to_owned(), found.ino(), found.len(), found.modified().ok()))
}

/// Appends one line under a lock; a torn last line of a crash is ended first.
pub(super) fn append(state_dir: &Path, record: &Record) -> Result<()> {
    append_within(state_dir, record, LONG)
}

/// The same where a journal of so many bytes is long.
pub(super) fn append_within(state_dir: &Path, record: &Record, long: u64) -> Result<()> {
    private::folder(state_dir)?;
    let path = journal(state_dir);
    let mut file = locked(&path)?;
    let mut line = encoded(record)?;
    line.push(b'\n');
    if is_torn(&mut file)? {
        line.insert(0, b'\n');
    }
    file.write_all(&line)?;
    if file.metadata()?.len() > long {
        shorten(state_dir, &path, long)?;
    }
    Ok(())
}

/// One line, never longer than what is kept of a program's words: of longer ones both ends are kept.
fn encoded(record: &Record) -> Result<Vec<u8>> {
    let mut record = record.clone();
    let mut line = serde_json::to_vec(&record)?;
    let mut most = MOST / 2;
    while let (true, Some(fault)) = (line.len() > MOST && most > 0, record.failure.as_mut()) {
        fault.detail = ends(&fault.detail, most);
        fault.message = ends(&fault.message, most).replace('\n', " ");
        line = serde_json::to_vec(&record)?;
        most /= 2;
    }
    Ok(line)
}

/// The journal, locked; one that was replaced while the lock was waited for is let go.
fn locked(path: &Path) -> Result<File> {
    loop {
        let file = OpenOptions::new().create(true).read(true).append(true).mode(0o600).open(path)?;
        file.lock()?;
        let is_it = |now: std::fs::Metadata| file.metadata().is_ok_and(|own| own.ino() == now.ino());
        if std::fs::metadata(path).is_ok_and(is_it) {
            return Ok(file);
        }
    }
}

fn is_torn(file: &mut File) -> Result<bool> {
    if let Err(error) = file.seek(SeekFrom::End(-1)) {
        let empty = error.kind() == ErrorKind::InvalidInput;
        return if empty { Ok(false) } else { Err(error) };
    }
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last[0] != b'\n')
}

/// Replaces a long journal, whose lock is held, by what is still wanted of it, whole or not at all.
fn shorten(state_dir: &Path, path: &Path, long: u64) -> Result<()> {
    let bytes = std::fs::read(path)?;
    let mut file = tempfile::NamedTempFile::new_in(state_dir)?;
    for line in kept(&bytes, long / 2) {
        file.write_all(line)?;
        file.write_all(b"\n")?;
    }
    file.as_file().sync_all()?;
    file.persist(path).map(drop).map_err(|error| error.error)
}

/// The lines that stay, in their order: those that make the state what it is, and so many of each
/// fabric's latest as have room.
pub(super) fn kept(bytes: &[u8], room: u64) -> Vec<&[u8]> {
    let mut history = History::default();
    let mut lines: Vec<(&[u8], String)> = Vec::new();
    for (line, record) in sound(bytes) {
        lines.push((line, record.fabric.clone()));
        history.take(record);
    }
    let needed: BTreeSet<usize> = history.needed().collect();
    let mut ages = vec![0; lines.len()];
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, (_, fabric)) in lines.iter().enumerate().rev() {
        let count = counts.entry(fabric).or_default();
        (ages[at], *count) = (*count, *count + 1);
    }
    let chosen = |recent: usize| {
        let stays = |at: &usize| ages[*at] < recent || needed.contains(at);
        (0..lines.len()).filter(stays).map(|at| lines[at].0).collect::<Vec<_>>()
    };
    let fits = |lines: &[&[u8]]| lines.iter().map(|line| line.len() as u64 + 1).sum::<u64>() <= room;
    RECENT.into_iter().map(chosen).find(|lines| fits(lines)).unwrap_or_else(|| chosen(0))
}

/// Every line that can be read, with its record.
pub(super) fn sound(bytes: &[u8]) -> impl Iterator<Item = (&[u8], Record)> {
    let lines = bytes.split(|byte| *byte == b'\n');
    lines.filter_map(|line| Some((line, cleaned(&serde_json::from_slice(line).ok()?))))
}
