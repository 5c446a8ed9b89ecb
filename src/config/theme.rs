//! Theme: colours by role as data, read from YAML; a bad colour is a warning and the role keeps another.

mod colour;

use std::path::Path;

use crate::config::Remark;
use crate::config::nearest::nearest;
use crate::config::section::remark;
use crate::text::clean_line;
use crate::yaml::{self, Node, Value};

pub use colour::{Colour, Depth, Paint};

/// What a piece of text can be, in the order of a palette.
pub const ROLES: [&str; 16] = [
    "text",
    "ok",
    "warn",
    "error",
    "info",
    "muted",
    "accent",
    "key",
    "title",
    "border",
    "border_focus",
    "selection",
    "mark",
    "diff_add",
    "diff_del",
    "diff_hunk",
];
/// The built-in themes.
pub const BUILT_IN: [(&str, &str); 6] = [
    ("default", include_str!("../../assets/themes/default.yaml")),
    ("mono", include_str!("../../assets/themes/mono.yaml")),
    ("high-contrast", include_str!("../../assets/themes/high-contrast.yaml")),
    ("light", include_str!("../../assets/themes/light.yaml")),
    ("deuteranopia", include_str!("../../assets/themes/deuteranopia.yaml")),
    ("tritanopia", include_str!("../../assets/themes/tritanopia.yaml")),
];
const SELECTION: usize = 11;

/// The paint of every role, in the order of [`ROLES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Palette {
    paints: [Paint; ROLES.len()],
}

/// A theme with what was wrong in it.
#[derive(Debug, Clone)]
pub struct Theme {
    /// Its name.
    pub name: String,
    /// Where it comes from: `built in`, or its file.
    pub origin: String,
    /// Its paints.
    pub palette: Palette,
    /// What was wrong in its file.
    pub remarks: Vec<Remark>,
}

impl Palette {
    /// The paint of a role, by its place in [`ROLES`].
    pub fn paint(&self, role: usize) -> Paint {
        self.paints.get(role).copied().unwrap_or_default()
    }

    /// The palette as a terminal of this depth can show it; the selected line always stands out.
    #[must_use]
    pub fn at(mut self, depth: Depth) -> Self {
        for paint in &mut self.paints {
            *paint = paint.at(depth);
        }
        let selection = &mut self.paints[SELECTION];
        let stands_out = selection.bg != Colour::Default || selection.reverse || selection.underline;
        selection.reverse = selection.reverse || !stands_out;
        self
    }
}

/// No paint at all but for the selected line.
pub fn plain() -> Palette {
    Palette { paints: [Paint::default(); ROLES.len()] }.at(Depth::None)
}

/// Every theme: the built-in ones, then the files of the configuration directory's `themes/`.
///
/// A file called like a built-in theme takes its place.
pub fn all(folder: Option<&Path>) -> Vec<Theme> {
    let mut themes: Vec<Theme> = Vec::new();
    for (name, text) in BUILT_IN {
        let base = themes.first().map_or_else(plain, |first| first.palette);
        let (palette, remarks) = read(text, base);
        themes.push(Theme { name: name.to_owned(), origin: "built in".to_owned(), palette, remarks });
    }
    let base = themes.first().map_or_else(plain, |first| first.palette);
    for (name, path) in folder.map(files).unwrap_or_default() {
        let (palette, remarks) = match std::fs::read_to_string(&path) {
            Ok(text) => read(&text, base),
            Err(error) => (base, vec![whole(1, 1, &error.to_string())]),
        };
        let theme = Theme { name, origin: clean_line(&path.display().to_string()), palette, remarks };
        themes.retain(|other| other.name != theme.name);
        themes.push(theme);
    }
    themes
}

/// Why there is no such theme.
pub fn unknown(name: &str, themes: &[Theme]) -> String {
    let near = nearest(name, themes.iter().map(|theme| theme.name.as_str()));
    let near = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
    format!("no theme is called {}{near}", clean_line(name))
}

fn files(folder: &Path) -> Vec<(String, std::path::PathBuf)> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut found: Vec<_> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "yaml") && path.is_file())
        .filter_map(|path| Some((clean_line(path.file_stem()?.to_str()?), path)))
        .collect();
    found.sort();
    found
}

/// Reads a theme over another: what it does not say, or says wrongly, stays.
fn read(text: &str, mut palette: Palette) -> (Palette, Vec<Remark>) {
    let root = match yaml::read_one(text) {
        Ok(root) => root,
        Err(fault) => return (palette, vec![whole(fault.line as usize, fault.column as usize, &fault.message)]),
    };
    let Some(entries) = root.as_mapping() else {
        let remarks = if matches!(root.value, Value::Null) { Vec::new() } else { vec![warn(&root, "must be a map")] };
        return (palette, remarks);
    };
    let mut remarks = Vec::new();
    for entry in entries {
        let role = entry.key.as_str().unwrap_or_default();
        let Some(at) = ROLES.iter().position(|known| *known == role) else {
            let near = nearest(role, ROLES).map(|near| format!("; did you mean {near}?"));
            remarks.push(warn(&entry.key, &format!("no role is called {role}{}", near.unwrap_or_default())));
            continue;
        };
        match words(&entry.value).and_then(|text| Paint::read(&text)) {
            Ok(paint) => palette.paints[at] = paint,
            Err(why) => remarks.push(warn(&entry.value, &format!("{role}: {why}; it looks as in the default theme"))),
        }
    }
    (palette, remarks)
}

fn words(node: &Node) -> Result<String, String> {
    match &node.value {
        Value::String(text) => Ok(text.clone()),
        Value::Integer(number) => Ok(number.to_string()),
        Value::Null => Err("nothing is said; put '#rrggbb' in quotes".to_owned()),
        _ => Err("must be words such as `bold red` or `reverse`".to_owned()),
    }
}

fn warn(node: &Node, message: &str) -> Remark {
    remark(node.span, false, message)
}

fn whole(line: usize, column: usize, message: &str) -> Remark {
    Remark { line, column, stops: false, message: clean_line(message) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str, themes: &[Theme]) -> Theme {
        themes.iter().find(|theme| theme.name == name).unwrap().clone()
    }

    #[test]
    fn the_built_in_themes_are_sound_and_tell_states_apart() {
        let themes = all(None);
        assert_eq!(themes.len(), BUILT_IN.len());
        for theme in &themes {
            assert_eq!(theme.remarks, Vec::new(), "{}", theme.name);
            let palette = theme.palette.at(Depth::Sixteen);
            let [ok, warn, error, add, del] = [1, 2, 3, 13, 14].map(|role| palette.paint(role));
            assert!(
                theme.name == "mono" || (ok != warn && warn != error && ok != error && add != del),
                "{}",
                theme.name
            );
        }
        let mono = of("mono", &themes).palette;
        assert!((0..ROLES.len()).all(|role| mono.paint(role) == mono.at(Depth::None).paint(role)));
        let sober = of("default", &themes).palette;
        for role in 0..ROLES.len() {
            assert_eq!(sober.paint(role).bg, Colour::Default);
            assert!(!matches!(sober.paint(role).fg, Colour::Ansi(0 | 4 | 7..)));
        }
    }

    #[test]
    fn the_selected_line_stands_out_in_every_theme_and_depth() {
        for theme in all(None) {
            for depth in [Depth::None, Depth::Sixteen, Depth::All] {
                let paint = theme.palette.at(depth).paint(SELECTION);
                assert!(paint.reverse || paint.bg != Colour::Default, "{} {depth:?}", theme.name);
            }
        }
    }

    #[test]
    fn a_bad_colour_is_a_warning_with_its_line_and_the_role_stays() {
        let folder = tempfile::tempdir().unwrap();
        let text = "ok: bold '#00ff00'\nwarn: \"#ff8700 on 17\"\nerror: crimsn\nborder_focu: red\ninfo: #00ffff\ntitle: [bold]\n";
        std::fs::write(folder.path().join("corp.yaml"), text.replace("bold '#00ff00'", "\"bold #00ff00\"")).unwrap();
        std::fs::write(folder.path().join("broken.yaml"), "a: [").unwrap();
        let themes = all(Some(folder.path()));
        let (corp, sober) = (of("corp", &themes), of("default", &themes));
        let ok = corp.palette.paint(1);
        assert!(ok.bold && ok.fg == Colour::Rgb(0, 255, 0));
        assert_eq!(
            (corp.palette.paint(2).fg, corp.palette.paint(2).bg),
            (Colour::Rgb(255, 135, 0), Colour::Indexed(17))
        );
        assert_eq!(corp.palette.paint(3), sober.palette.paint(3));
        let told: Vec<String> = corp.remarks.iter().map(|r| format!("{} {}", r.line, r.message)).collect();
        assert_eq!(told.len(), 4, "{told:?}");
        for (at, part) in
            ["3 error: crimsn", "did you mean border_focus?", "5 info: nothing is said", "6 title"].iter().enumerate()
        {
            assert!(told[at].contains(part), "{part} in {told:?}");
        }
        let broken = of("broken", &themes);
        assert_eq!((broken.palette, broken.remarks.len()), (sober.palette, 1));
        assert!(unknown("corpp", &themes).ends_with("did you mean corp?"));
    }
}
