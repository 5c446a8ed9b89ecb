//! Settings: the `,` menu; every change shows at once and is kept.

use crossterm::event::{KeyCode, KeyEvent};

use crate::tui::dialog::Dialog;
use crate::tui::event::Effect;
use crate::tui::preferences::Setting;
use crate::tui::state::State;

/// Takes a key while the settings are open.
pub(super) fn key(state: &mut State, key: &KeyEvent) -> Vec<Effect> {
    let Some(Dialog::Settings { selected }) = &mut state.dialog else {
        return Vec::new();
    };
    let last = Setting::ALL.len() - 1;
    match key.code {
        KeyCode::Down | KeyCode::Char('j') => *selected = (*selected + 1).min(last),
        KeyCode::Up | KeyCode::Char('k') => *selected = selected.saturating_sub(1),
        KeyCode::Enter | KeyCode::Char(' ') => {
            return Setting::ALL.get(*selected).map_or_else(Vec::new, |setting| change(state, *setting));
        }
        KeyCode::Esc | KeyCode::Char('q' | ',') => state.dialog = None,
        KeyCode::Char(letter) => {
            let Some(at) = Setting::ALL.iter().position(|setting| setting.words().0 == letter) else {
                return Vec::new();
            };
            *selected = at;
            return change(state, Setting::ALL[at]);
        }
        _ => {}
    }
    Vec::new()
}

fn change(state: &mut State, setting: Setting) -> Vec<Effect> {
    state.preferences.change(setting);
    let (_, name, _) = setting.words();
    state.say(format!("{name}: {}", state.preferences.value(setting)));
    let mut effects = vec![Effect::Keep(state.preferences.kept(setting))];
    if setting == Setting::Ascii {
        effects.push(Effect::Redraw);
    }
    effects
}
