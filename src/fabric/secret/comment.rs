//! Comment: what a file's comments would say without their marks.

/// Every block of comment lines without its marks, and its first line, from 1.
pub(super) fn blocks(text: &str) -> Vec<(u32, String)> {
    let mut found: Vec<(u32, String)> = Vec::new();
    let mut is_open = false;
    for (number, line) in (1..).zip(text.lines()) {
        let Some(said) = line.trim_start().strip_prefix('#') else {
            is_open = false;
            continue;
        };
        let said = said.trim_start_matches('#');
        match found.last_mut().filter(|_| is_open) {
            Some((_, block)) => {
                block.push('\n');
                block.push_str(said);
            }
            None => found.push((number, said.to_owned())),
        }
        is_open = true;
    }
    found
}
