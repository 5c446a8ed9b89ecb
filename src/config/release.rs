//! Release: a release of Hedgehog's fabric, `v0.129` or `v0.126.1`, or the product's name of one.

use std::fmt;

/// A release; a missing last number is the latest of its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Release {
    major: u16,
    minor: u16,
    patch: u16,
}

/// The product's releases and the fabric's lines in them, as their release notes name them.
const PRODUCTS: [(&str, &str); 10] = [
    ("26.03", "v0.129"),
    ("26.02", "v0.120"),
    ("26.01", "v0.115"),
    ("25.05.1", "v0.96"),
    ("25.05", "v0.96"),
    ("25.04", "v0.87"),
    ("25.03", "v0.81"),
    ("25.02", "v0.75"),
    ("25.01", "v0.71"),
    ("24.09", "v0.58"),
];

/// Versions from here on are years: names of product releases, never versions of the fabric.
const FIRST_YEAR: u16 = 10;

impl Release {
    /// Reads `v0.129`, `0.129.1`, and the names of the product's releases that are known.
    ///
    /// # Errors
    /// The sentence that says what to write.
    pub fn read(text: &str) -> Result<Self, String> {
        let found = Self::of_product(text).or_else(|| Self::numbers(text).filter(|found| found.major < FIRST_YEAR));
        found.ok_or_else(|| format!("{text} is no release; write the fabric version, v0.NN, such as v0.129"))
    }

    /// The fabric's line in a release of the product, such as `26.03`; none for names that are not known.
    pub fn of_product(text: &str) -> Option<Self> {
        let name = text.strip_prefix('v').unwrap_or(text);
        let (_, line) = PRODUCTS.iter().find(|(product, _)| *product == name)?;
        Self::numbers(line)
    }

    fn numbers(text: &str) -> Option<Self> {
        let number = |part: &str| part.parse::<u16>().ok().filter(|_| part.bytes().all(|byte| byte.is_ascii_digit()));
        let mut numbers = text.strip_prefix('v').unwrap_or(text).split('.').map(number);
        let (major, minor) = (numbers.next()??, numbers.next()??);
        let patch = match numbers.next() {
            None => u16::MAX,
            Some(patch) => patch?,
        };
        numbers.next().is_none().then_some(Self { major, minor, patch })
    }

    /// Whether it is newer than another; a line without its last number is not newer than one of its own.
    pub fn is_beyond(self, other: Self) -> bool {
        let line = |release: Self| (release.major, release.minor);
        if self.patch == u16::MAX { line(self) > line(other) } else { self > other }
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
    use super::*;

    fn read(text: &str) -> Release {
        Release::read(text).unwrap()
    }

    #[test]
    fn releases_are_read_and_ordered() {
        assert!(read("v0.126") > read("v0.126.4") && read("v0.126") < read("0.127.0"));
        assert_eq!(read("v0.129").to_string(), "v0.129");
        for text in ["", "v1", "v0.x", "v0.1.2.3", "latest", "v0.+5", "v0.-5", "v0. 5", "0.70000"] {
            assert!(Release::read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn names_of_the_product_are_the_fabric_s_lines_or_refused() {
        for (product, _) in PRODUCTS {
            assert!(Release::of_product(product).is_some(), "{product}");
        }
        assert_eq!(read("26.03"), read("v0.129"));
        assert_eq!(read("v25.05.1").to_string(), "v0.96");
        for text in ["25.10", "26.3", "27.01", "v25.5.0", "24.09.2", "10.0"] {
            assert!(Release::read(text).unwrap_err().contains("write the fabric version, v0.NN"), "{text}");
        }
    }

    #[test]
    fn a_line_is_not_beyond_what_is_known_of_it() {
        let known = read("v0.129.1");
        for text in ["v0.129", "v0.129.1", "v0.129.0", "v0.58", "26.03"] {
            assert!(!read(text).is_beyond(known), "{text}");
        }
        for text in ["v0.129.2", "v0.130", "v0.131.0", "v1.0"] {
            assert!(read(text).is_beyond(known), "{text}");
        }
    }
}
