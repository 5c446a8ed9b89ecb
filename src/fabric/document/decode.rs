//! Decode: bytes to text, other encodings refused by name.

use crate::fabric::finding::{Finding, Severity};

/// The text of a file without BOM and with LF line ends, or why it is no text.
pub(super) fn decode(path: &str, bytes: &[u8]) -> Result<String, Finding> {
    let refused = |message: String, remedy: &str| Err(Finding::file(Severity::Error, "HH-T1", path, message, remedy));
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return refused("is UTF-16, which Kubernetes tools do not read".to_owned(), "save it as UTF-8");
    }
    if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
        return refused(format!("is binary: byte {at} is NUL"), "put a YAML file there");
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => {
            let text = text.strip_prefix('\u{feff}').unwrap_or(text);
            Ok(if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() })
        }
        Err(error) => {
            let at = error.valid_up_to();
            let line = bytes[..at].split(|byte| *byte == b'\n').count();
            refused(format!("is not UTF-8 at line {line}; perhaps Latin-1"), "save it as UTF-8")
        }
    }
}
