//! Duration: a text as Go reads durations.

/// Whether a text is a duration as Go reads it: `5m0s`, `1.5h`, `300ms`, `0`.
pub(crate) fn is_duration(text: &str) -> bool {
    let mut rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    if rest == "0" {
        return true;
    }
    while !rest.is_empty() {
        let number = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
        let is_number = rest[..number].bytes().any(|byte| byte.is_ascii_digit())
            && rest[..number].bytes().filter(|byte| *byte == b'.').count() < 2;
        rest = &rest[number..];
        let unit = ["ns", "us", "µs", "ms", "s", "m", "h"].iter().filter(|unit| rest.starts_with(**unit));
        let Some(unit) = unit.max_by_key(|unit| unit.len()).filter(|_| is_number) else {
            return false;
        };
        rest = &rest[unit.len()..];
    }
    !text.trim_start_matches(['-', '+']).is_empty()
}

#[cfg(test)]
mod tests {
    use super::is_duration;

    #[test]
    fn durations_are_read_as_go_reads_them() {
        for text in ["5m0s", "1.5h", "300ms", "0", "-1m", "1h2m3s"] {
            assert!(is_duration(text), "{text}");
        }
        for text in ["", "5", "m", "1d", "1m5", "-", "1..5s"] {
            assert!(!is_duration(text), "{text}");
        }
    }
}
