//! Mask: addresses, machines and people as short tokens that stay the same for the session.

use std::collections::BTreeMap;

use ratatui::buffer::{Buffer, Cell};
use unicode_width::UnicodeWidthStr as _;

/// API groups are no machines.
const OURS: [&str; 2] = ["githedgehog.com", "k8s.io"];
/// Ends of names that are files, not machines.
const FILES: [&str; 10] = ["yaml", "yml", "md", "json", "txt", "git", "gitkeep", "jsonl", "cast", "sh"];

/// What was masked so far, and as what.
#[derive(Debug, Default)]
pub(super) struct Mask {
    tokens: BTreeMap<(Kind, String), usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Address,
    Mac,
    Host,
    Person,
    Serial,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Kind::Address => "ip",
            Kind::Mac => "mac",
            Kind::Host => "host",
            Kind::Person => "user",
            Kind::Serial => "serial",
        }
    }
}

impl Mask {
    /// Masks what stands on a screen; each text keeps its width.
    pub(super) fn buffer(&mut self, buffer: &mut Buffer) {
        let width = usize::from(buffer.area.width).max(1);
        for row in buffer.content.chunks_mut(width) {
            let (text, places) = seen(row);
            for (start, end, token) in self.found(&text) {
                let (Some(from), Some(to)) = (places.get(&start), places.get(&end)) else { continue };
                let token = token.chars().chain(std::iter::repeat(' '));
                for (cell, symbol) in row[*from..*to].iter_mut().zip(token) {
                    cell.set_char(symbol);
                }
            }
        }
    }

    /// The text with tokens for what must not be seen.
    pub(super) fn text(&mut self, text: &str) -> String {
        let lines: Vec<String> = text
            .split('\n')
            .map(|line| {
                let mut masked = line.to_owned();
                for (start, end, token) in self.found(line).into_iter().rev() {
                    masked.replace_range(start..end, &token);
                }
                masked
            })
            .collect();
        lines.join("\n")
    }

    /// Where a line has something to mask, in its order, and the tokens for it.
    fn found(&mut self, line: &str) -> Vec<(usize, usize, String)> {
        let mut found: Vec<(usize, usize, Kind)> = Vec::new();
        let mut is_serial = false;
        for (start, word) in words(line) {
            let end = start + word.len();
            if is_serial {
                found.push((start, end, Kind::Serial));
            } else {
                self.classify(line, start, word, &mut found);
            }
            is_serial = word.to_ascii_lowercase().ends_with("serial") && line[end..].starts_with(':')
                || word.to_ascii_lowercase().ends_with("serial:");
        }
        found.into_iter().map(|(start, end, kind)| (start, end, self.token(kind, &line[start..end]))).collect()
    }

    fn classify(&self, line: &str, start: usize, word: &str, found: &mut Vec<(usize, usize, Kind)>) {
        let trimmed = word.trim_end_matches(['.', ':']);
        let end = start + trimmed.len();
        if let Some(at) = trimmed.find('@') {
            let host = trimmed[at + 1..].split(':').next().unwrap_or_default();
            if at > 0 && !trimmed.starts_with("***") {
                found.push((start, start + at, Kind::Person));
            }
            if !host.is_empty() {
                found.push((start + at + 1, start + at + 1 + host.len(), Kind::Host));
            }
        } else if is_mac(trimmed) {
            found.push((start, end, Kind::Mac));
        } else if let Some(length) = address(trimmed, word.ends_with("..")) {
            found.push((start, start + length, Kind::Address));
        } else {
            let host = trimmed.split(':').next().unwrap_or_default();
            let is_known = self.tokens.contains_key(&(Kind::Host, host.to_ascii_lowercase()));
            let is_remote = line[..start].ends_with("://") && !host.is_empty() && !line[..start].ends_with("file://");
            if is_known || is_remote || is_host(host) {
                found.push((start, start + host.len(), Kind::Host));
            }
        }
    }

    fn token(&mut self, kind: Kind, text: &str) -> String {
        let next = self.tokens.keys().filter(|(other, _)| *other == kind).count() + 1;
        let number = *self.tokens.entry((kind, text.to_ascii_lowercase())).or_insert(next);
        format!("{}-{number}", kind.word())
    }
}

/// The text of a row, and the cell that each of its bytes begins.
fn seen(row: &[Cell]) -> (String, BTreeMap<usize, usize>) {
    let (mut text, mut places) = (String::new(), BTreeMap::new());
    let mut is_behind = false;
    for (at, cell) in row.iter().enumerate() {
        if !is_behind {
            places.insert(text.len(), at);
            text.push_str(cell.symbol());
        }
        is_behind = !is_behind && cell.symbol().width() > 1;
    }
    places.insert(text.len(), row.len());
    (text, places)
}

/// The words of a line with their places.
fn words(line: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_word =
        |character: char| character.is_alphanumeric() || matches!(character, '.' | ':' | '@' | '-' | '_' | '*');
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + line[at..].find(is_word)?;
        let end = line[start..].find(|character| !is_word(character)).map_or(line.len(), |length| start + length);
        at = end;
        Some((start, &line[start..end]))
    })
}

fn is_mac(word: &str) -> bool {
    let parts: Vec<&str> = word.split([':', '-']).collect();
    parts.len() == 6 && parts.iter().all(|part| part.len() == 2 && is_hex(part))
}

fn is_hex(part: &str) -> bool {
    part.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// How much of a word is an IP address, cut ones and ones with a port included.
fn address(word: &str, is_cut: bool) -> Option<usize> {
    let v4 = word.split(':').next().unwrap_or_default();
    let parts: Vec<&str> = v4.split('.').filter(|part| !part.is_empty()).collect();
    let is_number = |part: &&str| part.parse::<u8>().is_ok();
    let is_whole = parts.len() == 4 || is_cut && (2..4).contains(&parts.len());
    if is_whole && parts.iter().all(is_number) {
        return Some(v4.len());
    }
    let is_v6 = word.matches(':').count() >= 2 && (word.contains("::") || word.matches(':').count() == 7);
    let all = word.split(':').all(|part| part.len() <= 4 && is_hex(part));
    (is_v6 && all && word.len() > 2).then_some(word.len())
}

/// Whether a word is the full name of a machine.
fn is_host(word: &str) -> bool {
    let parts: Vec<&str> = word.split('.').collect();
    let is_label =
        |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let last = parts.last().copied().unwrap_or_default();
    parts.len() >= 3
        && parts.iter().all(is_label)
        && last.len() >= 2
        && last.bytes().all(|byte| byte.is_ascii_alphabetic())
        && !FILES.contains(&last)
        && !OURS.iter().any(|group| word.ends_with(group))
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;

    #[test]
    fn what_tells_where_and_who_becomes_a_token() {
        let mut mask = Mask::default();
        for (text, wanted) in [
            ("subnet: 10.0.2.0/24 via 10.0.2.1", "subnet: ip-1/24 via ip-2"),
            ("again 10.0.2.0.", "again ip-1."),
            ("to https://***@git.example.net/x.git", "to https://***@host-1/x.git"),
            ("ssh git@git.example.net:net/x.git", "ssh user-1@host-1:net/x.git"),
            ("Alice Ng <alice@example.org>", "Alice Ng <user-2@host-2>"),
            ("mac: 0c:20:12:fe:00:01", "mac: mac-1"),
            ("serial: ABC-123 next", "serial: serial-1 next"),
            ("https://forge:8443/x", "https://host-3:8443/x"),
            ("the forge refused", "the host-3 refused"),
            ("fe80::1 and 2001:db8::2", "ip-3 and ip-4"),
            ("shown 10.0.3..", "shown ip-5.."),
        ] {
            assert_eq!(mask.text(text), wanted);
        }
    }

    #[test]
    fn what_tells_nothing_stays() {
        let mut mask = Mask::default();
        for text in [
            "test-vpc.yaml 1.2.3 09:14:02 v1.28.0",
            "managed/connections/server-01--mclag--leaf-01.yaml",
            "vpc.githedgehog.com/v1beta1 prepop.raw.yaml",
            "E-PUSH-NONFF 77be012 file:///tmp/x.git",
        ] {
            let masked = mask.text(text);
            assert_eq!(masked, text);
        }
    }

    #[test]
    fn a_screen_keeps_its_columns() {
        let mut mask = Mask::default();
        let mut buffer = Buffer::empty(Rect::new(0, 0, 40, 1));
        buffer.set_string(0, 0, "│ 漢 10.20.30.40/24 on git.example.net │", Style::new());
        mask.buffer(&mut buffer);
        let shown: String = buffer.content.iter().map(Cell::symbol).collect();
        assert!(shown.contains("ip-1       /24 on host-1"), "{shown}");
        assert_eq!(buffer[(39, 0)].symbol(), "│", "{shown}");
    }
}
