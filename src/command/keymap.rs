//! Keymap: which key means what: the built-in file, and what the configuration changes of it.

mod key;

use crate::command::action::Action;
use crate::config::Remark;
use crate::config::keys::KeySetting;
use crate::config::nearest::nearest;
use crate::error::{Error, Result};
use clap::ValueEnum;
use serde::Deserialize;

/// Actions nobody can do without: they keep a key whatever the configuration says.
const NEEDED: &[Action] = &[Action::Open, Action::Back, Action::Quit, Action::Interrupt, Action::Help, Action::Command];

/// Which key means what, in the order of the built-in file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keymap {
    keys: Vec<(String, Action)>,
}

impl Keymap {
    /// The built-in keys.
    ///
    /// # Errors
    /// [`Error::Internal`] if the built-in file is broken, binds a key twice, or binds a write to
    /// anything but a capital.
    pub fn built_in() -> Result<Self> {
        Self::read(include_str!("../../assets/keymap.yaml"))
    }

    fn read(text: &str) -> Result<Self> {
        let broken = |why: String| Error::Internal(format!("assets/keymap.yaml: {why}"));
        let file: File = serde_yaml::from_str(text).map_err(|error| broken(error.to_string()))?;
        let mut keys: Vec<(String, Action)> = Vec::new();
        for (map, is_of_viewers) in [(file.keys, false), (file.viewer, true)] {
            for (key, action) in map {
                let key: String = serde_yaml::from_value(key).map_err(|error| broken(error.to_string()))?;
                let action: Action = serde_yaml::from_value(action).map_err(|error| broken(error.to_string()))?;
                if action.writes() && !key::is_capital(&key) {
                    return Err(broken(format!("{key} writes and is no capital")));
                }
                if action.is_of_viewers() != is_of_viewers {
                    return Err(broken(format!("{} is in the wrong list", action.word())));
                }
                keys.push((key, action));
            }
        }
        Ok(Self { keys })
    }

    /// The built-in keys with the configuration's overrides, and what is wrong in those.
    ///
    /// An override that clashes, or puts a write on anything but a capital, is a warning and the
    /// default stays.
    ///
    /// # Errors
    /// As [`Keymap::built_in`].
    pub fn with(settings: &[KeySetting]) -> Result<(Self, Vec<Remark>)> {
        let defaults = Self::built_in()?;
        let mut remarks = Vec::new();
        let mut wanted = Vec::new();
        for setting in settings {
            match check(setting) {
                Ok((action, keys)) => {
                    wanted.retain(|(earlier, _, _)| *earlier != action);
                    wanted.push((action, keys, setting));
                }
                Err(why) => remarks.push(warning(setting, &why)),
            }
        }
        // A default that stays may clash with an override taken before, so it begins anew.
        while let Some((at, why)) = defaults.clash(&wanted) {
            let (_, _, setting) = wanted.remove(at);
            remarks.push(warning(setting, &why));
        }
        remarks.sort_by_key(|remark| (remark.line, remark.column));
        Ok((defaults.overridden(&wanted), remarks))
    }

    /// The first override that takes a key of another action.
    fn clash(&self, wanted: &[Wanted]) -> Option<(usize, String)> {
        let kept = self.keys.iter().filter(|(_, action)| !wanted.iter().any(|(other, _, _)| other == action));
        let mut taken: Vec<(String, Action)> = kept.cloned().collect();
        for (at, (action, keys, _)) in wanted.iter().enumerate() {
            for key in keys {
                let meets = |other: Action| match (action.is_of_viewers(), other.is_of_viewers()) {
                    (true, false) => other.is_in_viewers(),
                    (false, true) => action.is_in_viewers(),
                    _ => true,
                };
                if let Some((_, other)) = taken.iter().find(|(bound, other)| bound == key && meets(*other)) {
                    return Some((at, format!("{key} is the key of {}", other.word())));
                }
                taken.push((key.clone(), *action));
            }
        }
        None
    }

    fn overridden(&self, wanted: &[Wanted]) -> Self {
        let mut keys: Vec<(String, Action)> = Vec::new();
        for (key, action) in &self.keys {
            match wanted.iter().find(|(other, _, _)| other == action) {
                None => keys.push((key.clone(), *action)),
                Some((_, own, _)) if !keys.iter().any(|(_, other)| other == action) => {
                    keys.extend(own.iter().map(|key| (key.clone(), *action)));
                }
                Some(_) => {}
            }
        }
        let without = wanted.iter().filter(|(action, _, _)| !self.keys.iter().any(|(_, other)| other == action));
        for (action, own, _) in without {
            keys.extend(own.iter().map(|key| (key.clone(), *action)));
        }
        Self { keys }
    }

    /// What a key of this name means outside viewers.
    pub fn named(&self, name: &str) -> Option<Action> {
        self.keys.iter().find(|(bound, action)| bound == name && !action.is_of_viewers()).map(|(_, action)| *action)
    }

    /// What a key of this name means in a viewer: its own actions go first.
    pub fn in_viewer(&self, name: &str) -> Option<Action> {
        let own = self.keys.iter().find(|(bound, action)| bound == name && action.is_of_viewers());
        own.map(|(_, action)| *action).or_else(|| self.named(name))
    }

    /// Every key with its action, in the order of the file.
    pub fn all(&self) -> &[(String, Action)] {
        &self.keys
    }

    /// The keys of an action.
    pub fn keys(&self, action: Action) -> Vec<&str> {
        self.keys.iter().filter(|(_, other)| *other == action).map(|(key, _)| key.as_str()).collect()
    }

    /// The first key of an action; what to type where it has none.
    pub fn key(&self, action: Action) -> String {
        self.keys(action).first().map_or_else(|| format!(":{}", action.word()), |key| (*key).to_owned())
    }

    /// A text with `{push}` and the like replaced by the key of that action.
    pub fn fill(&self, template: &str) -> String {
        let mut text = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let action = after.split_once('}').and_then(|(name, behind)| Some((Action::named(name)?, behind)));
            match action {
                Some((action, behind)) => {
                    text.push_str(&self.key(action));
                    rest = behind;
                }
                None => {
                    text.push('{');
                    rest = after;
                }
            }
        }
        text + rest
    }

    /// A remedy with the built-in key it names, `(key p)` or `, key p)`, replaced by the bound one.
    pub fn remedy(&self, text: &str) -> String {
        let Some(name) = named_in(text) else { return text.to_owned() };
        match Self::built_in().ok().and_then(|defaults| defaults.named(name)) {
            Some(action) => text.replacen(&format!("key {name})"), &format!("key {})", self.key(action)), 1),
            None => text.to_owned(),
        }
    }
}

/// The built-in file.
#[derive(Deserialize)]
struct File {
    keys: serde_yaml::Mapping,
    viewer: serde_yaml::Mapping,
}

/// The key that a remedy names as `(key p)` or `, key p)`, if it names one.
pub fn named_in(text: &str) -> Option<&str> {
    let rest = text.split_once("(key ").or_else(|| text.split_once(", key ")).map(|(_, rest)| rest)?;
    rest.split_once(')').map(|(name, _)| name).filter(|name| !name.is_empty() && !name.contains(' '))
}

/// An override that is sound by itself.
type Wanted<'a> = (Action, Vec<String>, &'a KeySetting);

fn check(setting: &KeySetting) -> std::result::Result<(Action, Vec<String>), String> {
    let action = Action::named(&setting.action).ok_or_else(|| unknown(&setting.action))?;
    if action == Action::Interrupt {
        return Err("its key is fixed".to_owned());
    }
    let mut keys = Vec::new();
    for text in &setting.keys {
        let key = key::read(text)?;
        if action.writes() && !key::is_capital(&key) {
            return Err(format!("{key} is no capital, and {} writes: writes are on capitals only", action.word()));
        }
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    if keys.is_empty() && NEEDED.contains(&action) {
        return Err("it needs a key".to_owned());
    }
    Ok((action, keys))
}

fn unknown(name: &str) -> String {
    let words: Vec<String> = Action::value_variants().iter().map(|action| action.name()).collect();
    match nearest(name, words.iter().map(String::as_str)) {
        Some(near) => format!("unknown action; did you mean {near}?"),
        None => "unknown action; `hedgerow keys` lists them".to_owned(),
    }
}

fn warning(setting: &KeySetting, why: &str) -> Remark {
    let stays = if Action::named(&setting.action).is_some() { "; the default stays" } else { "" };
    let message = crate::text::clean_line(&format!("keys: {}: {why}{stays}", setting.action));
    Remark { line: setting.line, column: setting.column, stops: false, message }
}

#[cfg(test)]
mod tests;
