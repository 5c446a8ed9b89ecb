//! Edit: a file of the user's clone in the user's editor.

use std::path::Path;

use crate::error::Result;
use crate::git::program::editor;

/// Opens a file at a line in `$VISUAL`, `$EDITOR` or vi and waits for it.
///
/// # Errors
/// Where the editor cannot be started or fails.
pub fn edit(file: &Path, line: u32) -> Result<()> {
    let named = ["VISUAL", "EDITOR"].iter().filter_map(|name| std::env::var(name).ok());
    let editor = named.into_iter().find(|editor| !editor.trim().is_empty()).unwrap_or_else(|| "vi".to_owned());
    editor::edit(&editor, file, line)
}
