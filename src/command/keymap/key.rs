//! Key: the names of keys, and which ones a terminal can be trusted with.

/// Keys with a name, as they are shown.
const NAMED: &[&str] = &[
    "Space",
    "Enter",
    "Esc",
    "Tab",
    "Shift-Tab",
    "Backspace",
    "Up",
    "Down",
    "Left",
    "Right",
    "PgUp",
    "PgDn",
    "Home",
    "End",
];

/// The name of the key a text means.
///
/// The sentence of a refusal says why.
pub(super) fn read(text: &str) -> Result<String, String> {
    let text = if text == " " { "Space" } else { text.trim() };
    let mut characters = text.chars();
    if let (Some(character), None) = (characters.next(), characters.next()) {
        return match character {
            '~' => Err("~ at the beginning of a line is ssh's own".to_owned()),
            character if character.is_control() => Err("this is no key".to_owned()),
            character => Ok(character.to_string()),
        };
    }
    if let Some(name) = NAMED.iter().find(|name| name.eq_ignore_ascii_case(text)) {
        return Ok((*name).to_owned());
    }
    let letter = text.get(..5).filter(|start| start.eq_ignore_ascii_case("ctrl-")).map(|_| &text[5..]);
    match letter {
        Some(letter) if letter.len() == 1 && letter.bytes().all(|byte| byte.is_ascii_alphabetic()) => control(letter),
        _ => {
            Err(format!("{text} is no key that every terminal sends: write a character, Ctrl-X, {}", NAMED.join(", ")))
        }
    }
}

fn control(letter: &str) -> Result<String, String> {
    let letter = letter.to_ascii_uppercase();
    let why = match letter.as_str() {
        "A" | "B" => "screen and tmux keep it for themselves",
        "S" | "Q" => "it stops and starts the terminal's output",
        "I" => "the terminal sends Tab for it",
        "J" | "M" => "the terminal sends Enter for it",
        "H" => "the terminal may send Backspace for it",
        _ => return Ok(format!("Ctrl-{letter}")),
    };
    Err(format!("Ctrl-{letter} cannot be used: {why}"))
}

/// Whether a key is one that a write may be on.
pub(super) fn is_capital(key: &str) -> bool {
    key.len() == 1 && key.bytes().all(|byte| byte.is_ascii_uppercase())
}
