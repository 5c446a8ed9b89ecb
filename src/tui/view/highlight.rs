//! Highlight: lines of YAML and of differences in their colours, told from the line alone.

use ratatui::text::{Line, Span};

use crate::tui::theme::{Role, Theme};
use crate::tui::viewer::Paper;

/// A cleaned line in its colours.
pub(super) fn line(text: &str, paper: Paper, theme: Theme) -> Line<'static> {
    let parts = match paper {
        Paper::Yaml => yaml(text),
        Paper::Diff => vec![(diff(text), text)],
        Paper::Plain => vec![(Role::Text, text)],
    };
    Line::from(
        parts.into_iter().map(|(role, part)| Span::styled(part.to_owned(), theme.style(role))).collect::<Vec<_>>(),
    )
}

/// What a line of a unified diff is.
fn diff(text: &str) -> Role {
    match text.as_bytes() {
        [b'+', b'+', b'+', ..] | [b'-', b'-', b'-', ..] => Role::Title,
        [b'+', ..] => Role::Added,
        [b'-', ..] => Role::Removed,
        [b'@', ..] => Role::Hunk,
        [b'#', ..] => Role::Muted,
        _ => Role::Text,
    }
}

/// A line of YAML in parts: key, value, comment.
fn yaml(text: &str) -> Vec<(Role, &str)> {
    let (code, comment) = text.split_at(comment(text));
    let mut parts = Vec::new();
    let (key, value) = code.split_at(key_end(code));
    let indent = key.len() - key.trim_start_matches([' ', '-']).len();
    if !key.is_empty() {
        parts.push((Role::Text, &key[..indent]));
        parts.push((Role::Info, &key[indent..]));
    }
    if !value.is_empty() {
        parts.push((scalar(value), value));
    }
    if !comment.is_empty() {
        parts.push((Role::Muted, comment));
    }
    parts
}

/// Where the comment begins; the end of the line where there is none.
fn comment(text: &str) -> usize {
    let mut quote = None;
    let mut before = ' ';
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (None, '#') if before == ' ' => return at,
            (None, '"' | '\'') if matches!(before, ' ' | '[' | '{' | ',') => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            _ => {}
        }
        before = letter;
    }
    text.len()
}

/// Behind the colon of a key; 0 where the line has none.
fn key_end(code: &str) -> usize {
    let is_key = |at: &usize| code[at + 1..].is_empty() || code[at + 1..].starts_with(' ');
    let first = code.match_indices(':').map(|(at, _)| at).find(is_key);
    first
        .filter(|at| !code[..*at].trim_start_matches([' ', '-']).starts_with(['"', '\'', '[', '{']))
        .map_or(0, |at| at + 1)
}

fn scalar(value: &str) -> Role {
    let word = value.trim().trim_start_matches("- ").trim();
    let is_word = matches!(word, "true" | "false" | "null" | "~" | "yes" | "no" | "on" | "off");
    if is_word || (!word.is_empty() && word.parse::<f64>().is_ok()) {
        return Role::Warn;
    }
    if word.is_empty() || matches!(word, "---" | "..." | "|" | ">" | "-" | "{}" | "[]") {
        return Role::Text;
    }
    Role::Ok
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yaml_is_told_apart_line_by_line() {
        assert_eq!(yaml("  vlan: 1001"), [(Role::Text, "  "), (Role::Info, "vlan:"), (Role::Warn, " 1001")]);
        assert_eq!(
            yaml("- name: \"a # b\" # why"),
            [(Role::Text, "- "), (Role::Info, "name:"), (Role::Ok, " \"a # b\" "), (Role::Muted, "# why")]
        );
        assert_eq!(yaml("# only"), [(Role::Muted, "# only")]);
        assert_eq!(yaml("---"), [(Role::Text, "---")]);
        assert_eq!(yaml("  subnet: 10.0.1.0/24")[2].0, Role::Ok);
        assert_eq!(yaml("url: http://x:80/y")[2], (Role::Ok, " http://x:80/y"));
        assert_eq!(yaml("- E1/1:2"), [(Role::Ok, "- E1/1:2")]);
        assert_eq!(yaml("é: ü # ß").len(), 4);
    }

    #[test]
    fn a_difference_is_told_by_its_first_letter() {
        let roles = ["+++ b/x", "+a", "-a", "@@ -1 +1 @@", " a"].map(diff);
        assert_eq!(roles, [Role::Title, Role::Added, Role::Removed, Role::Hunk, Role::Text]);
    }
}
