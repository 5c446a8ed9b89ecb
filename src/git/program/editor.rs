//! Editor: the user's own editor in the foreground, at a line of a file.

use std::path::Path;
use std::process::Command;

use crate::error::{Error, Result};

#[expect(clippy::disallowed_methods, reason = "this folder is where children are started")]
/// Opens a file in an editor and waits for it; the terminal is the editor's meanwhile.
///
/// # Errors
/// [`Error::Usage`] where the editor cannot be started or fails.
pub fn edit(editor: &str, file: &Path, line: u32) -> Result<()> {
    let mut words = editor.split_whitespace();
    let Some(program) = words.next() else {
        return Err(Error::Usage("no editor is set: set $VISUAL or $EDITOR".to_owned()));
    };
    let name = Path::new(program).file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let mut command = Command::new(program);
    command.args(words);
    if matches!(name, "code" | "codium" | "subl" | "hx" | "helix" | "zed") {
        let place = format!("{}:{line}", file.display());
        let goto: &[&str] = if name.starts_with("cod") { &["--wait", "--goto"] } else { &[] };
        command.args(goto).arg(place);
    } else {
        command.arg(format!("+{line}")).arg(file);
    }
    let failed = |why: String| Error::Usage(crate::text::clean_line(&format!("the editor {program}: {why}")));
    let status = command.status().map_err(|error| failed(error.to_string()))?;
    if status.success() { Ok(()) } else { Err(failed(format!("ended with {status}"))) }
}

#[cfg(test)]
mod tests {
    use super::edit;

    #[test]
    fn an_editor_is_told_the_line_and_its_failure_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let (file, script, told) = (dir.path().join("x.yaml"), dir.path().join("ed.sh"), dir.path().join("told"));
        std::fs::write(&script, format!("printf '%s ' \"$@\" > {}\n", told.display())).unwrap();
        edit(&format!("sh {}", script.display()), &file, 8).unwrap();
        assert_eq!(std::fs::read_to_string(&told).unwrap(), format!("+8 {} ", file.display()));
        assert!(edit("false", &file, 1).unwrap_err().to_string().contains("false"));
        assert!(edit("", &file, 1).is_err());
    }
}
