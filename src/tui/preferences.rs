//! Preferences: how the dashboard looks and behaves now; `,` changes them.

use crate::config::theme::{self, Depth, Palette};
use crate::config::ui::{Pace, REFRESH, Ui};
use crate::tui::theme::Theme;

/// The theme of a shared screen.
const SHARED: &str = "high-contrast";

/// Seconds between two checks of a remote while nobody presses a key, at least.
pub const RARELY: u32 = 300;

/// How the dashboard looks and behaves now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preferences {
    /// Every theme by name, as the terminal can show it.
    pub themes: Vec<(String, Palette)>,
    /// The place of the theme in use.
    pub theme: usize,
    /// ASCII only.
    pub ascii: bool,
    /// Whether the mouse selects.
    pub mouse: bool,
    /// The order of the fabrics as it was kept; empty for the usual one.
    pub order: String,
    /// The filter of the fabrics as it was kept; empty shows all.
    pub filter: String,
    /// How often the screen changes by itself.
    pub pace: Pace,
    /// Whether a slow link may make it slower.
    pub adapts: bool,
    /// Whether the last line shows the keys pressed.
    pub keycast: bool,
    /// Whether addresses, machines and people are shown as tokens.
    pub privacy: bool,
    /// Seconds between two checks of a remote; none means never.
    pub refresh: Option<u32>,
    /// Whether the screen is shared: the four above, and no clock that ticks.
    pub presenting: bool,
}

/// One line of the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// Everything for a shared screen at once.
    Present,
    /// The key-cast.
    Keycast,
    /// The privacy mask.
    Privacy,
    /// The theme.
    Theme,
    /// ASCII only.
    Ascii,
    /// The mouse.
    Mouse,
    /// The pace.
    Pace,
    /// How often remotes are asked.
    Refresh,
}

/// What the surroundings and the command line say beside the configuration.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wishes {
    /// ASCII or not, where a flag or the environment says so.
    pub ascii: Option<bool>,
    /// Whether locale and terminal want ASCII.
    pub wants_ascii: bool,
    /// The pace, where a flag says so.
    pub pace: Option<Pace>,
    /// Whether the screen is shared.
    pub present: bool,
    /// Whether the terminal is at the end of an ssh.
    pub is_remote: bool,
}

impl Setting {
    /// Every setting, in the order shown.
    pub const ALL: [Setting; 8] = [
        Setting::Present,
        Setting::Keycast,
        Setting::Privacy,
        Setting::Theme,
        Setting::Ascii,
        Setting::Mouse,
        Setting::Pace,
        Setting::Refresh,
    ];

    /// Its key, its name, and what it does.
    pub fn words(self) -> (char, &'static str, &'static str) {
        match self {
            Setting::Present => ('p', "present", "for a shared screen: all this, no clocks"),
            Setting::Keycast => ('c', "key-cast", "the last line shows the keys pressed"),
            Setting::Privacy => ('h', "hide", "addresses, machines and people as tokens"),
            Setting::Theme => ('t', "theme", "the next theme"),
            Setting::Ascii => ('a', "ascii", "ASCII characters only"),
            Setting::Mouse => ('m', "mouse", "a click selects, the wheel scrolls"),
            Setting::Pace => ('s', "pace", "how often the screen changes by itself"),
            Setting::Refresh => ('r', "refresh", "how often the remotes are asked"),
        }
    }
}

impl Preferences {
    /// What the configuration says, with the wishes before it.
    pub fn new(ui: &Ui, themes: Vec<theme::Theme>, depth: Depth, wishes: Wishes) -> Self {
        let themes: Vec<(String, Palette)> =
            themes.into_iter().map(|theme| (theme.name, theme.palette.at(depth))).collect();
        let found = if wishes.is_remote { Pace::Calm } else { Pace::Full };
        let said = wishes.pace.or(ui.pace);
        let mut preferences = Self {
            theme: themes.iter().position(|(name, _)| *name == ui.theme).unwrap_or(0),
            themes,
            ascii: wishes.ascii.unwrap_or(ui.ascii.or(wishes.wants_ascii)),
            mouse: ui.mouse,
            order: ui.sort.clone(),
            filter: ui.filter.clone(),
            pace: said.unwrap_or(found),
            adapts: said.is_none(),
            keycast: ui.keycast,
            privacy: ui.privacy,
            refresh: ui.refresh,
            presenting: false,
        };
        if wishes.present {
            preferences.present();
        }
        preferences
    }

    /// The theme in use.
    pub fn look(&self) -> Theme {
        let palette = self.themes.get(self.theme).or(self.themes.first());
        let palette = palette.map_or_else(theme::plain, |(_, palette)| *palette);
        Theme { ascii: self.ascii, palette }
    }

    /// The name of the theme in use.
    pub fn theme_name(&self) -> &str {
        self.themes.get(self.theme).map_or("default", |(name, _)| name)
    }

    /// Everything for a shared screen.
    fn present(&mut self) {
        (self.presenting, self.keycast, self.privacy, self.pace) = (true, true, true, Pace::Calm);
        self.adapts = false;
        self.theme = self.themes.iter().position(|(name, _)| name == SHARED).unwrap_or(self.theme);
    }

    /// Changes one setting to its next value.
    pub fn change(&mut self, setting: Setting) {
        match setting {
            Setting::Present if self.presenting => {
                (self.presenting, self.keycast, self.privacy, self.theme) = (false, false, false, 0);
            }
            Setting::Present => self.present(),
            Setting::Keycast => self.keycast = !self.keycast,
            Setting::Privacy => self.privacy = !self.privacy,
            Setting::Theme => self.theme = (self.theme + 1) % self.themes.len().max(1),
            Setting::Ascii => self.ascii = !self.ascii,
            Setting::Mouse => self.mouse = !self.mouse,
            Setting::Pace => {
                let at = Pace::ALL.iter().position(|pace| *pace == self.pace).unwrap_or(0);
                self.pace = Pace::ALL[(at + 1) % Pace::ALL.len()];
                self.adapts = false;
            }
            Setting::Refresh => {
                self.refresh = match self.refresh {
                    None => Some(REFRESH),
                    Some(seconds) if seconds < RARELY => Some(RARELY),
                    Some(_) => None,
                };
            }
        }
    }

    /// What a setting is now, in a word.
    pub fn value(&self, setting: Setting) -> String {
        let on = |is_on: bool| if is_on { "on" } else { "off" }.to_owned();
        match setting {
            Setting::Present => on(self.presenting),
            Setting::Keycast => on(self.keycast),
            Setting::Privacy => on(self.privacy),
            Setting::Theme => self.theme_name().to_owned(),
            Setting::Ascii => on(self.ascii),
            Setting::Mouse => on(self.mouse),
            Setting::Pace => self.pace.word().to_owned(),
            Setting::Refresh => match self.refresh {
                None => "off".to_owned(),
                Some(seconds) if seconds % 60 == 0 && seconds > 60 => format!("{}m", seconds / 60),
                Some(seconds) => format!("{seconds}s"),
            },
        }
    }

    /// How a changed setting is kept, in the form of `ui:`; sharing the screen is not kept.
    pub fn kept(&self, setting: Setting) -> Option<(&'static str, String)> {
        let key = match setting {
            Setting::Present => return None,
            Setting::Keycast => "keycast",
            Setting::Privacy => return Some(("privacy", if self.privacy { "mask" } else { "off" }.to_owned())),
            Setting::Theme => "theme",
            Setting::Ascii => "ascii",
            Setting::Mouse => "mouse",
            Setting::Pace => "pace",
            Setting::Refresh => "refresh",
        };
        Some((key, self.value(setting)))
    }
}

impl Default for Preferences {
    fn default() -> Self {
        Self::new(&Ui::default(), theme::all(None), Depth::Sixteen, Wishes::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::ui::Choice;

    fn made(ui: &Ui, wishes: Wishes) -> Preferences {
        Preferences::new(ui, theme::all(None), Depth::Sixteen, wishes)
    }

    #[test]
    fn flags_go_before_the_configuration_and_that_before_what_is_found() {
        let ui = Ui { theme: "light".to_owned(), ascii: Choice::Off, ..Ui::default() };
        let found = Wishes { wants_ascii: true, is_remote: true, ..Wishes::default() };
        let made = |wishes| made(&ui, wishes);
        assert_eq!((made(found).theme_name(), made(found).ascii, made(found).pace), ("light", false, Pace::Calm));
        assert!(made(found).adapts);
        let said = Wishes { ascii: Some(true), pace: Some(Pace::Slow), ..found };
        assert_eq!((made(said).ascii, made(said).pace, made(said).adapts), (true, Pace::Slow, false));
        assert!(Preferences::new(&Ui::default(), theme::all(None), Depth::None, found).ascii);
    }

    #[test]
    fn present_switches_everything_for_a_shared_screen() {
        let mut preferences = made(&Ui::default(), Wishes { present: true, ..Wishes::default() });
        assert!(preferences.keycast && preferences.privacy && preferences.presenting);
        assert_eq!((preferences.theme_name(), preferences.pace), (SHARED, Pace::Calm));
        preferences.change(Setting::Present);
        assert!(!preferences.keycast && !preferences.privacy && !preferences.presenting);
        assert_eq!(preferences.kept(Setting::Present), None);
        preferences.change(Setting::Pace);
        assert_eq!(preferences.kept(Setting::Pace), Some(("pace", "slow".to_owned())));
    }
}
