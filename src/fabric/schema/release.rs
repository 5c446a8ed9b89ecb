//! Release: a release of Hedgehog's fabric, `v0.129` or `v0.126.1`.

use std::fmt;

/// A release; a missing last number is the latest of its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Release {
    major: u16,
    minor: u16,
    patch: u16,
}

impl Release {
    /// Reads `v0.129`, `0.129.1`; none for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.strip_prefix('v').unwrap_or(text).split('.').map(str::parse::<u16>);
        let (major, minor) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
        let patch = match numbers.next() {
            None => u16::MAX,
            Some(patch) => patch.ok()?,
        };
        numbers.next().is_none().then_some(Self { major, minor, patch })
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { major, minor, patch } = self;
        if *patch == u16::MAX { write!(f, "v{major}.{minor}") } else { write!(f, "v{major}.{minor}.{patch}") }
    }
}

#[cfg(test)]
mod tests {
    use super::Release;

    #[test]
    fn releases_are_read_and_ordered() {
        let read = |text| Release::parse(text).unwrap();
        assert!(read("v0.126") > read("v0.126.4") && read("v0.126") < read("0.127.0"));
        assert_eq!(read("v0.129").to_string(), "v0.129");
        for text in ["", "v1", "v0.x", "v0.1.2.3", "latest"] {
            assert_eq!(Release::parse(text), None, "{text}");
        }
    }
}
