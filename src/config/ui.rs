//! Ui: how the dashboard looks and behaves, from `ui:` of the configuration and what `,` kept.

use std::path::Path;

use crate::config::Remark;
use crate::config::section::Section;
use crate::error::{Error, Result};
use crate::yaml::{self, Node, Span, Value};

/// The keys of `ui:`.
const KEYS: &[&str] = &[
    "theme",
    "ascii",
    "mouse",
    "pace",
    "keycast",
    "privacy",
    "notify",
    "sync_output",
    "copy",
    "sort",
    "filter",
    "refresh",
];
/// What `,` kept, in the state directory.
const KEPT: &str = "ui.yaml";

/// Seconds between two checks of a remote, unless it is said.
pub const REFRESH: u32 = 60;
/// Remotes are not asked more often than this, in seconds.
const OFTENEST: u32 = 5;

/// How the dashboard looks and behaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ui {
    /// The theme's name.
    pub theme: String,
    /// Whether to draw with ASCII characters only.
    pub ascii: Choice,
    /// Whether the mouse selects.
    pub mouse: bool,
    /// How often the screen changes by itself; none finds it out.
    pub pace: Option<Pace>,
    /// Whether the last line shows the keys pressed.
    pub keycast: bool,
    /// Whether addresses, names of machines and people are shown as tokens.
    pub privacy: bool,
    /// How the end of a long operation is told outside the window.
    pub notify: Notify,
    /// Whether a frame is shown at once or not at all.
    pub sync_output: Choice,
    /// The order of the fabrics, as the dashboard kept it; empty for the usual one.
    pub sort: String,
    /// The filter of the fabrics, as the dashboard kept it; empty shows all.
    pub filter: String,
    /// Seconds between two checks of a remote; none means never.
    pub refresh: Option<u32>,
    /// A command that puts its standard input into the clipboard.
    pub copy: Option<String>,
}

/// A setting that is found out unless it is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Choice {
    /// Found out.
    #[default]
    Auto,
    /// Yes.
    On,
    /// No.
    Off,
}

/// How often the screen changes by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// Fifteen times a second.
    Full,
    /// Four times a second.
    Calm,
    /// Once a second.
    Slow,
}

/// How the end of a long operation is told outside the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Notify {
    /// Not at all.
    #[default]
    Off,
    /// By the bell.
    Bell,
    /// By a notice of the terminal.
    Osc9,
}

impl Default for Ui {
    fn default() -> Self {
        Self {
            theme: "default".to_owned(),
            ascii: Choice::Auto,
            mouse: false,
            pace: None,
            keycast: false,
            privacy: false,
            notify: Notify::Off,
            sync_output: Choice::Auto,
            sort: String::new(),
            filter: String::new(),
            refresh: Some(REFRESH),
            copy: None,
        }
    }
}

impl Choice {
    /// The choice, or what was found out.
    pub fn or(self, found: bool) -> bool {
        match self {
            Choice::Auto => found,
            Choice::On => true,
            Choice::Off => false,
        }
    }
}

impl Pace {
    /// Every pace, the quickest first.
    pub const ALL: [Pace; 3] = [Pace::Full, Pace::Calm, Pace::Slow];

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Pace::Full => "full",
            Pace::Calm => "calm",
            Pace::Slow => "slow",
        }
    }

    /// The pace one step slower, or the slowest.
    #[must_use]
    pub fn slower(self) -> Self {
        match self {
            Pace::Full => Pace::Calm,
            Pace::Calm | Pace::Slow => Pace::Slow,
        }
    }

    /// The pace of a word.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|pace| pace.word() == word)
    }
}

/// Reads `ui:` over what it is already; what is wrong is a warning and leaves the value as it was.
pub(super) fn read(node: &Node, ui: &mut Ui) -> Vec<Remark> {
    let mut section = Section::new("ui", node, KEYS);
    if let Some(theme) = section.text("theme") {
        ui.theme = theme;
    }
    if let Some(sort) = section.text("sort") {
        ui.sort = sort;
    }
    if let Some(filter) = section.text("filter") {
        ui.filter = filter;
    }
    if let Some(copy) = section.text("copy") {
        ui.copy = Some(copy).filter(|command| !command.trim().is_empty());
    }
    flag(&mut section, "mouse", &mut ui.mouse);
    flag(&mut section, "keycast", &mut ui.keycast);
    word(&mut section, "privacy", "off or mask", &mut ui.privacy, |word| match word {
        "mask" | "on" => Some(true),
        "off" => Some(false),
        _ => None,
    });
    word(&mut section, "ascii", "auto, true or false", &mut ui.ascii, choice);
    word(&mut section, "sync_output", "auto, on or off", &mut ui.sync_output, choice);
    word(&mut section, "pace", "auto, full, calm or slow", &mut ui.pace, |word| match word {
        "auto" => Some(None),
        word => Pace::of(word).map(Some),
    });
    word(
        &mut section,
        "refresh",
        "off, seconds such as 60, or minutes such as 5m",
        &mut ui.refresh,
        |word| match word {
            "off" => Some(None),
            word => interval(word).map(Some),
        },
    );
    word(&mut section, "notify", "off, bell or osc9", &mut ui.notify, |word| match word {
        "off" => Some(Notify::Off),
        "bell" => Some(Notify::Bell),
        "osc9" => Some(Notify::Osc9),
        _ => None,
    });
    section.remarks().into_iter().map(as_warning).collect()
}

/// A fault here stops nothing.
fn as_warning(remark: Remark) -> Remark {
    if !remark.stops {
        return remark;
    }
    Remark { stops: false, message: format!("{}; it is left as it was", remark.message), ..remark }
}

fn flag(section: &mut Section, key: &str, to: &mut bool) {
    if let Some(value) = section.flag(key) {
        *to = value;
    }
}

fn word<T>(section: &mut Section, key: &str, words: &str, to: &mut T, read: impl Fn(&str) -> Option<T>) {
    let Some(node) = section.value(key) else { return };
    match spelled(node).as_deref().and_then(read) {
        Some(value) => *to = value,
        None => section.fault(node.span, &format!("{key} must be {words}")),
    }
}

/// A value as a word; YAML reads a bare `off` as a boolean.
fn spelled(node: &Node) -> Option<String> {
    match &node.value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(value) => Some(if *value { "on" } else { "off" }.to_owned()),
        Value::Integer(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Seconds: `60`, `60s` or `5m`.
fn interval(word: &str) -> Option<u32> {
    let (digits, unit) = match word.strip_suffix('m') {
        Some(digits) => (digits, 60),
        None => (word.strip_suffix('s').unwrap_or(word), 1),
    };
    let seconds = digits.parse::<u32>().ok()?.checked_mul(unit)?;
    (OFTENEST..=24 * 3600).contains(&seconds).then_some(seconds)
}

fn choice(word: &str) -> Option<Choice> {
    match word {
        "auto" => Some(Choice::Auto),
        "on" => Some(Choice::On),
        "off" => Some(Choice::Off),
        _ => None,
    }
}

/// Reads what `,` kept in the state directory over what the configuration says.
pub fn recall(state_dir: &Path, ui: &mut Ui) -> Vec<Remark> {
    let path = state_dir.join(KEPT);
    let Ok(text) = std::fs::read_to_string(&path) else { return Vec::new() };
    match yaml::read_one(&text) {
        Ok(node) => read(&node, ui),
        Err(fault) => {
            let span = Span { start: 0, end: 0, line: fault.line, column: fault.column };
            let message = format!("{}: {}", path.display(), fault.message);
            vec![super::section::remark(span, false, &message)]
        }
    }
}

/// Keeps one setting in the state directory, in the form of `ui:`, beside those kept before.
///
/// # Errors
/// What the file system refuses.
pub fn keep(state_dir: &Path, key: &str, value: &str) -> Result<()> {
    let path = state_dir.join(KEPT);
    let before = std::fs::read_to_string(&path).unwrap_or_default();
    let is_other = |line: &&str| !line.starts_with('#') && !line.starts_with(&format!("{key}:"));
    let mut lines = vec!["# What was chosen with the comma key; it goes before the configuration's ui:.".to_owned()];
    lines.extend(before.lines().filter(is_other).map(str::to_owned));
    lines.push(format!("{key}: {value}\n"));
    crate::private::write(&path, lines.join("\n").as_bytes()).map_err(Error::fs("cannot write", &path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> (Ui, Vec<String>) {
        let mut ui = Ui::default();
        let remarks = read(&yaml::read_one(text).unwrap(), &mut ui);
        assert!(remarks.iter().all(|remark| !remark.stops));
        (ui, remarks.into_iter().map(|remark| format!("{}: {}", remark.line, remark.message)).collect())
    }

    #[test]
    fn every_setting_is_read() {
        let text = "theme: mono\nascii: true\nmouse: yes\npace: slow\nkeycast: true\nprivacy: mask\nnotify: bell\nsync_output: off\ncopy: wl-copy\nrefresh: 5m\n";
        let (ui, remarks) = told(text);
        assert_eq!(remarks, Vec::<String>::new());
        let wanted = Ui {
            theme: "mono".to_owned(),
            ascii: Choice::On,
            mouse: true,
            pace: Some(Pace::Slow),
            keycast: true,
            privacy: true,
            notify: Notify::Bell,
            sync_output: Choice::Off,
            copy: Some("wl-copy".to_owned()),
            sort: String::new(),
            filter: String::new(),
            refresh: Some(300),
        };
        assert_eq!(ui, wanted);
        let refresh = |text: &str| told(&format!("refresh: {text}\n")).0.refresh;
        assert_eq!(
            ["off", "30", "45s", "2", "1d", "-9"].map(refresh),
            [None, Some(30), Some(45), Some(60), Some(60), Some(60)]
        );
        assert_eq!(told("pace: auto\nprivacy: off\n").0, Ui::default());
    }

    #[test]
    fn a_bad_value_is_a_warning_and_changes_nothing() {
        let (ui, remarks) = told("pace: warp\nmouse: 3\nthem: mono\nnotify: gong\nascii: [a]\n");
        assert_eq!(ui, Ui::default());
        let text = remarks.join("\n");
        for part in ["1: ui: pace must be auto, full, calm or slow; it is left", "2: ui: mouse", "did you mean theme?"]
        {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert_eq!(remarks.len(), 5);
    }

    #[test]
    fn what_is_kept_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state");
        let mut ui = Ui::default();
        assert_eq!(recall(&state, &mut ui), Vec::new());
        for (key, value) in [("theme", "mono"), ("privacy", "mask"), ("filter", "\"!a #b\""), ("theme", "light")] {
            keep(&state, key, value).unwrap();
        }
        assert_eq!(recall(&state, &mut ui), Vec::new());
        assert_eq!((ui.theme.as_str(), ui.privacy, ui.mouse), ("light", true, false));
        assert_eq!(ui.filter, "!a #b");
    }

    #[test]
    fn what_is_kept_is_ours_alone_and_follows_no_link() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (file, theirs) = (folder.path().join(KEPT), folder.path().join("theirs"));
        std::fs::write(&theirs, "mouse: true\n").unwrap();
        symlink(&theirs, &file).unwrap();
        keep(folder.path(), "theme", "mono").unwrap();
        assert_eq!(std::fs::read_to_string(&theirs).unwrap(), "mouse: true\n");
        let found = std::fs::symlink_metadata(&file).unwrap();
        assert_eq!((found.is_file(), found.permissions().mode() & 0o777), (true, 0o600));
        assert!(std::fs::read_to_string(&file).unwrap().ends_with("mouse: true\ntheme: mono\n"));
    }
}
