//! The arguments of `ingest`: fabrics first, then files from elsewhere.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::config::nearest::nearest;
use crate::error::{self, Error, Result};
use crate::fabric::ingest::choice::Choice;
use crate::text::clean_line;

/// One byte more than a raw file may have: enough for the planner to see that it is too large.
const LIMIT: u64 = 32 * 1024 * 1024 + 1;

/// The arguments of `ingest`, told apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Targets {
    /// The fabrics.
    pub(super) fabrics: Vec<String>,
    /// Files from elsewhere, `-` among them.
    pub(super) files: Vec<String>,
}

/// Tells fabrics from files: the first argument that is no configured fabric begins the files.
pub(super) fn split(names: &[&str], arguments: &[String]) -> Result<Targets> {
    let is_fabric = |word: &String| names.contains(&word.as_str());
    let count = arguments.iter().take_while(|word| is_fabric(word)).count();
    let (fabrics, files) = arguments.split_at(count);
    if fabrics.is_empty() {
        return Err(no_such(names, files.first().map_or("", String::as_str)));
    }
    if let Some(late) = files.iter().find(|word| is_fabric(word)) {
        let text = format!("{late} is a fabric: name fabrics first, or write the file as ./{late}");
        return Err(Error::Usage(clean_line(&text)));
    }
    if fabrics.len() > 1 && !files.is_empty() {
        let text = "files from elsewhere go into one fabric: name exactly one before them";
        return Err(Error::Usage(text.to_owned()));
    }
    Ok(Targets { fabrics: once(fabrics.to_vec()), files: files.to_vec() })
}

/// Refuses a word that is neither a fabric nor a file.
pub(super) fn check(files: &[String], names: &[&str]) -> Result<()> {
    let is_absent = |file: &&String| Ok(*file != "-" && !error::exists(Path::new(file))?);
    let absent = files.iter().map(|file| Ok(is_absent(&file)?.then_some(file))).collect::<Result<Vec<_>>>()?;
    let Some(nothing) = absent.into_iter().flatten().next() else {
        return Ok(());
    };
    let near = nearest(nothing, names.iter().copied()).map(|near| format!("; did you mean {near}?"));
    let text = format!("no fabric and no file is called {nothing}{}", near.unwrap_or_default());
    Err(Error::Usage(clean_line(&text)))
}

fn no_such(names: &[&str], name: &str) -> Error {
    let nearest = nearest(name, names.iter().copied()).map(str::to_owned);
    Error::NoSuchFabric { name: clean_line(name), nearest }
}

/// The names in their order, each once.
pub(super) fn once(names: Vec<String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let first = |name: &String| seen.insert(name.clone());
    names.into_iter().filter(first).collect()
}

/// Reads files from elsewhere: each one's own name and bytes; standard input is named by its bytes.
pub(super) fn read(files: &[String]) -> Result<Vec<(String, Arc<[u8]>)>> {
    files.iter().map(|file| read_one(file)).collect()
}

fn read_one(file: &str) -> Result<(String, Arc<[u8]>)> {
    let mut bytes = Vec::new();
    if file == "-" {
        let input = std::io::stdin().lock().take(LIMIT).read_to_end(&mut bytes);
        input.map_err(Error::fs("cannot read", "standard input"))?;
        return Ok((input_name(&bytes), bytes.into()));
    }
    let path = Path::new(file);
    regular(file)?;
    let opened = File::open(path).and_then(|open| open.take(LIMIT).read_to_end(&mut bytes));
    opened.map_err(Error::fs("cannot read", path))?;
    let name = path.file_name().unwrap_or_default();
    Ok((name.to_string_lossy().into_owned(), bytes.into()))
}

/// Refuses what is no file to read to its end: a directory, a pipe, a device. A pipe is never opened, as
/// that waits for its other end.
fn regular(file: &str) -> Result<()> {
    let path = Path::new(file);
    let kind = path.metadata().map_err(Error::fs("cannot read", path))?.file_type();
    let text = match (kind.is_file(), kind.is_dir()) {
        (true, _) => return Ok(()),
        (_, true) => format!("{file} is a directory; name files"),
        _ => format!("{file} is a pipe or a device, not a file; on a command line `-` reads standard input"),
    };
    Err(Error::Usage(clean_line(&text)))
}

/// Refuses pipes and devices among files and folders.
pub(super) fn check_kinds(files: &[String]) -> Result<()> {
    files.iter().filter(|file| *file != "-" && !Path::new(file).is_dir()).try_for_each(|file| regular(file))
}

fn input_name(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    let hash = u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]);
    format!("stdin-{hash:08x}.yaml")
}

/// The pairs of `--take`: whose text counts, and the resource.
pub(super) fn choices(words: &[String]) -> Result<Vec<(String, Choice)>> {
    let pair = |pair: &[String]| {
        let [word, resource] = pair else {
            return Err(Error::Usage("--take wants raw, managed or unmanaged, and KIND/NAME".to_owned()));
        };
        let choice = match word.as_str() {
            "raw" => Choice::Raw,
            "managed" => Choice::Managed,
            "unmanaged" => Choice::Unmanaged,
            other => {
                let text = format!("--take wants raw, managed or unmanaged, not {other}");
                return Err(Error::Usage(clean_line(&text)));
            }
        };
        Ok((resource.clone(), choice))
    };
    words.chunks(2).map(pair).collect()
}

/// A raw file as `--only` names it, relative to the GitOps directory.
pub(super) fn raw_path(file: &str) -> String {
    let file = file.strip_prefix("./").unwrap_or(file);
    if file.starts_with("raw/") {
        return file.to_owned();
    }
    format!("raw/{file}")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Choice, Targets, check, check_kinds, choices, input_name, raw_path, read, split};
    use crate::error::Error;

    const NAMES: [&str; 2] = ["dc1", "dc2"];

    fn told(words: &[&str]) -> crate::error::Result<Targets> {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let targets = split(&NAMES, &words)?;
        check(&targets.files, &NAMES)?;
        Ok(targets)
    }

    #[test]
    fn fabrics_come_first_and_the_rest_are_files() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("a.yaml");
        std::fs::write(&file, "x").unwrap();
        let file = file.display().to_string();
        let both = told(&["dc1", "dc2"]).unwrap();
        assert_eq!(both.fabrics, ["dc1", "dc2"]);
        assert_eq!(told(&["dc2", "dc1", "dc2"]).unwrap().fabrics, ["dc2", "dc1"]);
        let one = told(&["dc1", &file, "-"]).unwrap();
        assert_eq!((one.fabrics.len(), one.files.len()), (1, 2));
        let several = told(&["dc1", "dc2", &file]);
        assert!(several.unwrap_err().to_string().contains("one fabric"));
        let late = told(&["dc1", &file, "dc2"]);
        assert!(late.unwrap_err().to_string().contains("./dc2"));
    }

    #[test]
    fn a_slip_is_neither_fabric_nor_file() {
        assert!(matches!(told(&["dc3"]), Err(Error::NoSuchFabric { .. })));
        let error = told(&["dc1", "dc-2"]).unwrap_err();
        assert!(error.to_string().ends_with("did you mean dc2?"), "{error}");
    }

    #[test]
    fn files_are_read_under_their_own_name() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.yaml");
        std::fs::write(&path, "kind: VPC\n").unwrap();
        let files = read(&[path.display().to_string()]).unwrap();
        assert_eq!(files[0].0, "a.yaml");
        assert_eq!(&*files[0].1, b"kind: VPC\n");
        assert!(read(&[dir.path().display().to_string()]).is_err());
        let pipe = dir.path().join("pipe.yaml").display().to_string();
        let _bound = std::os::unix::net::UnixListener::bind(&pipe).unwrap();
        let refused = read(std::slice::from_ref(&pipe)).unwrap_err();
        assert!(refused.to_string().contains("pipe.yaml is a pipe or a device, not a file"), "{refused}");
        assert!(check_kinds(&[pipe]).is_err());
        assert!(check_kinds(&["-".to_owned(), dir.path().display().to_string()]).is_ok());
        assert_eq!(input_name(b""), "stdin-e3b0c442.yaml");
        assert!(Path::new(&input_name(b"x")).extension().is_some());
    }

    #[test]
    fn a_choice_is_a_side_and_a_resource() {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let taken = choices(&words(&["raw", "VPC/a", "unmanaged", "sw/b"])).unwrap();
        assert_eq!(taken, [("VPC/a".to_owned(), Choice::Raw), ("sw/b".to_owned(), Choice::Unmanaged)]);
        assert!(choices(&words(&["mine", "VPC/a"])).unwrap_err().to_string().ends_with("not mine"));
    }

    #[test]
    fn raw_files_may_be_named_with_or_without_their_area() {
        assert_eq!(raw_path("x.yaml"), "raw/x.yaml");
        assert_eq!(raw_path("./raw/pending/x.yaml"), "raw/pending/x.yaml");
    }
}
