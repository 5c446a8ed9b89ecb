//! Code: the stable codes of findings.

/// The code as it is written in the rule book; none if there is no such code.
pub fn known(code: &str) -> Option<&'static str> {
    ALL.iter().find(|known| **known == code).copied()
}

/// Every code, in the order of the rule book.
pub const ALL: &[&str] = &[
    "HH-T1", "HH-T2", "HH-T3", "HH-T4", "HH-T5", "HH-T6", "HH-T7", "HH-T8", "HH-T9", "HH-T10", "HH-T11", "HH-T12",
    "HH-T13", "HH-T14", "HH-T15", "HH-T16", "HH-T17", "HH-T18", "HH-T19", "HH-LD1", "HH-LD2", "HH-LD3", "HH-LD4",
    "HH-LD5", "HH-LD6", "HH-LD7", "HH-LD10", "HH-LD11", "HH-LD12", "HH-K1", "HH-K2", "HH-M1", "HH-M2", "HH-M3",
    "HH-M4", "HH-M5", "HH-M6", "HH-M7", "HH-M8", "HH-VN1", "HH-VN2", "HH-VN3", "HH-VN4", "HH-VN5", "HH-IN1", "HH-IN2",
    "HH-IN3", "HH-IN4", "HH-SG1", "HH-SW1", "HH-SW2", "HH-SW3", "HH-SW4", "HH-SW5", "HH-SW6", "HH-SW7", "HH-SW8",
    "HH-SW9", "HH-SW10", "HH-SW11", "HH-SW12", "HH-SW13", "HH-SW14", "HH-SW15", "HH-SW16", "HH-CN1", "HH-CN2",
    "HH-CN3", "HH-CN4", "HH-CN5", "HH-CN6", "HH-CN7", "HH-CN8", "HH-CN9", "HH-CN10", "HH-CN11", "HH-CN12", "HH-VP1",
    "HH-VP2", "HH-VP3", "HH-VP4", "HH-VP5", "HH-VP6", "HH-VP7", "HH-VP8", "HH-VP9", "HH-VP10", "HH-VP11", "HH-VP12",
    "HH-VP13", "HH-VP14", "HH-VP15", "HH-VP16", "HH-VA1", "HH-VA2", "HH-VA3", "HH-VA4", "HH-VA5", "HH-VA6", "HH-PE1",
    "HH-PE2", "HH-EX1", "HH-EX2", "HH-EX3", "HH-EA1", "HH-EA2", "HH-EA3", "HH-EA4", "HH-EP1", "HH-GG1", "HH-GW0",
    "HH-GW1", "HH-GW2", "HH-GW3", "HH-GW4", "HH-GW5", "HH-GW6", "HH-GP1", "HH-GP2", "HH-GP3", "HH-GP4", "HH-GP5",
    "HH-GP6", "HH-SP1", "HH-FB1", "HH-FB2", "HH-LY1", "HH-LY2", "HH-LY3", "HH-LY4", "HH-LY5", "HH-LY6", "HH-LY7",
    "HH-LY8", "HH-S1", "HH-S2", "HH-S3", "HH-S4", "HH-S5", "HH-RW1", "HH-RW2", "HH-RW3", "HH-RW4", "HH-X1",
];

/// Not UTF-8 text: another encoding, or not text at all.
pub const ENCODING: &str = "HH-T1";
/// Not YAML.
pub const SYNTAX: &str = "HH-T2";
/// The same key twice in one map.
pub const DUPLICATE_KEY: &str = "HH-T3";
/// Aliases that multiply beyond ordinary use.
pub const ALIASES: &str = "HH-T4";
/// Nested deeper than ordinary use.
pub const DEPTH: &str = "HH-T5";
/// A template, not a resource.
pub const TEMPLATE: &str = "HH-T6";
/// An alias without its anchor.
pub const UNKNOWN_ANCHOR: &str = "HH-T7";
/// A number JSON cannot hold.
pub const NUMBER: &str = "HH-T8";
/// A List without items.
pub const EMPTY_LIST: &str = "HH-T9";
/// A resource that is commented out: it goes into no managed file.
pub const COMMENTED_OUT: &str = "HH-T10";
/// Larger than what is read.
pub const SIZE: &str = "HH-T11";
/// A byte order mark, which the managed file does without.
pub const BYTE_ORDER_MARK: &str = "HH-T12";
/// A character that Kubernetes takes for a line break and newer YAML does not.
pub const LINE_BREAK: &str = "HH-T13";
/// A key that comes by `<<` and stands in the map, or in another merged map, too.
pub const MERGE: &str = "HH-T14";
/// More documents than ordinary use has.
pub const DOCUMENTS: &str = "HH-T15";
/// More values than ordinary use has.
pub const VALUES: &str = "HH-T16";
/// A tab in the indentation.
pub const TAB: &str = "HH-T17";
/// A key that JSON cannot hold.
pub const KEY: &str = "HH-T18";
/// A tag that its value does not fit.
pub const TAG: &str = "HH-T19";
/// A directive that Hedgehog's tools refuse.
pub const DIRECTIVE: &str = "HH-LD11";
/// A `Secret` in clear.
pub const SECRET: &str = "HH-S1";
/// A private key.
pub const PRIVATE_KEY: &str = "HH-S2";
/// A password hash.
pub const PASSWORD_HASH: &str = "HH-S3";
/// A kind of the installer, which holds password hashes and join tokens.
pub const SECRET_KIND: &str = "HH-S4";
/// A token, or a password in an address or a header.
pub const TOKEN: &str = "HH-S5";
/// No apiVersion, kind or metadata, or not as they must be.
pub const SHAPE: &str = "HH-LD2";
/// A name that is missing or not a lowercase DNS name.
pub const NAME: &str = "HH-LD6";
/// A namespace other than `default`.
pub const NAMESPACE: &str = "HH-M2";
/// A name that gives a file that changes what is applied.
pub const FILE_NAME: &str = "HH-LY1";
/// Nothing people may author.
pub const REFUSED: &str = "HH-K1";
