//! Words: one line split and quoted as a shell does it.

use crate::error::{Error, Result};

/// The words of a line; quotes and backslashes work as in a shell.
///
/// # Errors
/// [`Error::Usage`] for a quote that is not closed.
pub fn split(line: &str) -> Result<Vec<String>> {
    let (words, is_closed) = scan(line);
    if !is_closed {
        return Err(Error::Usage("a quote is not closed".to_owned()));
    }
    Ok(words)
}

/// The words of a line that is still being typed, and whether all quotes are closed.
pub(super) fn scan(line: &str) -> (Vec<String>, bool) {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote: Option<char> = None;
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        match (quote, character) {
            (Some(open), close) if open == close => quote = None,
            (None, '\'' | '"') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (None | Some('"'), '\\') => word.get_or_insert_default().extend(characters.next()),
            (None, space) if space.is_whitespace() => words.extend(word.take()),
            (_, character) => word.get_or_insert_default().push(character),
        }
    }
    words.extend(word);
    (words, quote.is_none())
}

/// A word as a shell and [`split`] read it back.
pub fn quote(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_./:@=+,%-".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{quote, split};

    #[test]
    fn quotes_hold_words_together() {
        assert_eq!(split("  push  'dc 1' a\\ b \"c'd\" ''").unwrap(), ["push", "dc 1", "a b", "c'd", ""]);
        assert!(split("push 'dc1").unwrap_err().to_string().contains("not closed"));
        assert_eq!(split("").unwrap(), Vec::<String>::new());
        assert_eq!(quote("dc1"), "dc1");
        assert_eq!(quote("it's"), "'it'\\''s'");
    }

    proptest! {
        #[test]
        fn what_was_quoted_is_one_word(words in proptest::collection::vec(".*", 0..5)) {
            let line = words.iter().map(|word| quote(word)).collect::<Vec<_>>().join(" ");
            prop_assert_eq!(split(&line).unwrap(), words);
        }
    }
}
