//! Holder: which process has a lock file, as far as the system tells.

use std::fs;
use std::path::Path;

use crate::git::index_lock::MARK;
use crate::git::standing::modified;
use crate::text::clean_line;

/// Who has a lock file of Git and for how long, in words; nobody has the repository's own lock, so one
/// with our mark is of a process that is gone.
pub(super) fn holder(lock: &Path) -> String {
    let age = modified(lock).and_then(|since| since.elapsed().ok()).unwrap_or_default();
    format!("{}, for {} s", who(lock), age.as_secs())
}

fn who(lock: &Path) -> String {
    if let Some(pid) = ours(lock) {
        return format!("hedgerow (process {pid}, which is gone)");
    }
    match opened_by(lock) {
        Some((pid, name)) => format!("{name} (process {pid})"),
        None if Path::new("/proc/self/fd").exists() => "another program (no process has it open now)".to_owned(),
        None => "another program".to_owned(),
    }
}

/// Whether a process that we may look into has a file open now.
pub(super) fn is_open(path: &Path) -> bool {
    opened_by(path).is_some()
}

/// The process that our own mark in the file names.
fn ours(lock: &Path) -> Option<u32> {
    fs::read_to_string(lock).ok()?.strip_prefix(MARK)?.trim().parse().ok()
}

/// The process that has the file open, and its name; only processes we may look into are found.
fn opened_by(lock: &Path) -> Option<(u32, String)> {
    let lock = lock.canonicalize().ok()?;
    for process in fs::read_dir("/proc").ok()?.flatten() {
        let Some(pid) = process.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        let mut files = fs::read_dir(process.path().join("fd")).into_iter().flatten().flatten();
        if files.any(|file| fs::read_link(file.path()).is_ok_and(|target| target == lock)) {
            let name = fs::read_to_string(process.path().join("comm")).unwrap_or_default();
            return Some((pid, clean_line(name.trim())));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    #[cfg(target_os = "linux")]
    #[test]
    fn a_process_is_named_by_our_mark_or_by_the_open_file() {
        use super::holder;
        let dir = tempfile::tempdir().unwrap();
        let lock = dir.path().join("index.lock");
        let file = std::fs::File::create(&lock).unwrap();
        let told = holder(&lock);
        assert!(told.contains(&format!("(process {}), for ", std::process::id())), "{told}");
        drop(file);
        // Looking through all processes takes its time, so the age is anybody's guess.
        let told = holder(&lock);
        assert!(told.starts_with("another program (no process has it open now), for "), "{told}");
        std::fs::write(&lock, "hedgerow 42\n").unwrap();
        let told = holder(&lock);
        assert!(told.starts_with("hedgerow (process 42, which is gone), for ") && told.ends_with(" s"), "{told}");
    }
}
