//! Token: the forms of the tokens that services give out.

use super::{SecretKind, SecretMatch};

/// Which characters a token goes on with.
#[derive(Clone, Copy)]
enum Letters {
    /// Letters and digits.
    Plain,
    /// Capitals and digits.
    Capital,
    /// Letters, digits and `_`.
    Word,
    /// Letters, digits, `_` and `-`.
    Dash,
    /// Letters, digits, `_`, `-`, `.` and the signs of base64.
    Any,
}

/// What a token begins with, what it goes on with, and for how long at least.
struct TokenForm(&'static str, Letters, usize);

use Letters::{Any, Capital, Dash, Plain, Word};

/// Every form, sorted. Where a service says how long its tokens are, less is enough: a part of one is a secret too.
const FORMS: [TokenForm; 63] = [
    TokenForm("ABIA", Capital, 16),
    TokenForm("ACCA", Capital, 16),
    TokenForm("AGE-PLUGIN-", Dash, 40),
    TokenForm("AGE-SECRET-KEY-", Capital, 16),
    TokenForm("AIza", Dash, 35),
    TokenForm("AKIA", Capital, 16),
    TokenForm("ASIA", Capital, 16),
    TokenForm("ATATT3x", Any, 32),
    TokenForm("ATCTT3x", Any, 32),
    TokenForm("FwoGZXIvYXdz", Any, 40),
    TokenForm("GOCSPX-", Dash, 20),
    TokenForm("GR1348941", Dash, 20),
    TokenForm("IQoJb3JpZ2luX2Vj", Any, 40),
    TokenForm("K10", Any, 64),
    TokenForm("SG.", Any, 40),
    TokenForm("dckr_oat_", Dash, 16),
    TokenForm("dckr_pat_", Dash, 16),
    TokenForm("dop_v1_", Plain, 32),
    TokenForm("gho_", Word, 16),
    TokenForm("ghp_", Word, 16),
    TokenForm("ghr_", Word, 16),
    TokenForm("ghs_", Any, 16),
    TokenForm("ghu_", Word, 16),
    TokenForm("github_pat_", Word, 16),
    TokenForm("glagent-", Dash, 20),
    TokenForm("glc_", Any, 32),
    TokenForm("glcbt-", Dash, 20),
    TokenForm("gldt-", Dash, 20),
    TokenForm("glffct-", Dash, 20),
    TokenForm("glft-", Dash, 20),
    TokenForm("glimt-", Dash, 20),
    TokenForm("gloas-", Dash, 20),
    TokenForm("glpat-", Any, 16),
    TokenForm("glptt-", Dash, 20),
    TokenForm("glrt-", Any, 20),
    TokenForm("glsa_", Word, 24),
    TokenForm("glsoat-", Dash, 20),
    TokenForm("hf_", Plain, 30),
    TokenForm("hooks.slack.com/services/T", Any, 20),
    TokenForm("hvb.", Dash, 20),
    TokenForm("hvs.", Dash, 20),
    TokenForm("nbt_", Any, 20),
    TokenForm("npm_", Plain, 30),
    TokenForm("pypi-AgE", Dash, 16),
    TokenForm("rk_live_", Plain, 16),
    TokenForm("rubygems_", Plain, 32),
    TokenForm("sgp_", Word, 32),
    TokenForm("sk-ant-", Dash, 20),
    TokenForm("sk-proj-", Dash, 20),
    TokenForm("sk_live_", Plain, 16),
    TokenForm("tskey-", Dash, 16),
    TokenForm("xapp-", Dash, 16),
    TokenForm("xoxa-", Dash, 10),
    TokenForm("xoxb-", Dash, 10),
    TokenForm("xoxc-", Dash, 10),
    TokenForm("xoxd-", Any, 10),
    TokenForm("xoxe-", Dash, 10),
    TokenForm("xoxe.xox", Any, 10),
    TokenForm("xoxo-", Dash, 10),
    TokenForm("xoxp-", Dash, 10),
    TokenForm("xoxr-", Dash, 10),
    TokenForm("xoxs-", Dash, 10),
    TokenForm("ya29.", Dash, 20),
];

/// Where the forms with a first byte begin and end.
const BY_FIRST: [(u8, u8); 256] = by_first();

#[expect(clippy::cast_possible_truncation, reason = "there are fewer forms than that")]
const fn by_first() -> [(u8, u8); 256] {
    let mut places = [(0, 0); 256];
    let mut at = 0;
    while at < FORMS.len() {
        let first = FORMS[at].0.as_bytes()[0] as usize;
        if places[first].1 == 0 {
            places[first].0 = at as u8;
        }
        at += 1;
        places[first].1 = at as u8;
    }
    places
}

/// The tokens of a text; in what was decoded, one may follow other letters at once.
pub(super) fn find(text: &str, is_decoded: bool, found: &mut Vec<SecretMatch>) {
    let mut end = 0;
    for (at, byte) in text.bytes().enumerate() {
        let (first, last) = BY_FIRST[usize::from(byte)];
        if at < end || last == 0 && byte != b'e' {
            continue;
        }
        let length = length(text, at, is_decoded, &FORMS[usize::from(first)..usize::from(last)]);
        if length > 0 {
            end = at + length;
            let kind = if text[at..].starts_with("AGE-") { SecretKind::PrivateKey } else { SecretKind::Token };
            found.push(SecretMatch { value: text[at..end].to_owned(), range: at..end, kind });
        }
    }
}

/// What a key is the same key by, however its lines are broken, quoted and escaped.
pub(super) fn bare(text: &str) -> String {
    let mut bare = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => drop(characters.next()),
            other if other.is_ascii_alphanumeric() || "+/".contains(other) => bare.push(other),
            _ => {}
        }
    }
    bare
}

/// The length of the token that begins at a byte; nought where none does.
fn length(text: &str, at: usize, is_decoded: bool, forms: &[TokenForm]) -> usize {
    let rest = &text[at..];
    let is_alone = || is_decoded || !text[..at].ends_with(|before: char| before.is_ascii_alphanumeric());
    if rest.starts_with("eyJ") {
        return if is_alone() { web_token(rest) } else { 0 };
    }
    let fitting = forms.iter().filter(|form| rest.starts_with(form.0));
    fitting.map(|form| form.length(rest, is_alone())).max().unwrap_or(0)
}

impl TokenForm {
    fn length(&self, text: &str, is_alone: bool) -> usize {
        let TokenForm(start, letters, least) = self;
        let Some(rest) = text.strip_prefix(start) else { return 0 };
        let count = rest.bytes().take_while(|byte| letters.has(*byte)).count();
        let is_telling = start.len() > 4 || start.starts_with("gh");
        let is_it = match letters {
            // A key's name of AWS has one length; what age writes has none such.
            Capital if start.len() == 4 => count == *least && !rest[count..].starts_with(is_word),
            _ if *start == "K10" => count >= *least && rest[*least..].starts_with("::"),
            _ => count >= *least,
        };
        let is_example = rest[..count].bytes().all(|byte| matches!(byte, b'x' | b'X' | b'.' | b'-'));
        let end = rest[..count].trim_end_matches(['.', '-', '/']).len();
        if is_it && (is_alone || is_telling) && !is_example { start.len() + end } else { 0 }
    }
}

impl Letters {
    fn has(self, byte: u8) -> bool {
        match self {
            Plain => byte.is_ascii_alphanumeric(),
            Capital => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
            Word => byte.is_ascii_alphanumeric() || byte == b'_',
            Dash => byte.is_ascii_alphanumeric() || b"_-".contains(&byte),
            Any => byte.is_ascii_alphanumeric() || b"_-.+/=%".contains(&byte),
        }
    }
}

fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric()
}

/// A JSON Web Token: three or five parts, the first of which is an object.
fn web_token(text: &str) -> usize {
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.".contains(byte);
    let length = text.bytes().take_while(is_letter).count();
    let end = text[..length].trim_end_matches('-').len();
    let parts: Vec<&str> = text[..end].split('.').collect();
    let is_token =
        parts.len() >= 3 && parts[0].len() >= 10 && parts[1].len() + parts.get(2).map_or(0, |p| p.len()) > 10;
    if is_token && end > 30 { end } else { 0 }
}
