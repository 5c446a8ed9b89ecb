//! Login: passwords and tokens of any form, told by where they stand.

use std::ops::Range;

use super::{SecretKind, SecretMatch};

/// What stands before the secret half of an AWS key.
const AWS: [&str; 5] =
    ["secret_access_key", "secretaccesskey", "secret-access-key", "aws_secret_key", "aws-secret-key"];

/// How long the secret half of an AWS key is.
const AWS_LENGTH: usize = 40;

/// The ways a header says who asks.
const SCHEMES: [&str; 4] = ["basic", "bearer", "token", "apikey"];

/// The shortest token of a header.
const SHORTEST: usize = 12;

pub(super) fn find(text: &str, found: &mut Vec<SecretMatch>) {
    let login =
        |range: Range<usize>| SecretMatch { value: text[range.clone()].to_owned(), range, kind: SecretKind::Login };
    let addresses = text.match_indices("://").filter_map(|(at, _)| password(text, at + 3));
    found.extend(addresses.map(login));
    found.extend(of_headers(text).map(login));
    found.extend(of_aws(text).map(login));
    found.extend(of_wireguard(text).map(|range| SecretMatch { kind: SecretKind::PrivateKey, ..login(range) }));
}

/// The password of the address whose authority begins here.
fn password(text: &str, start: usize) -> Option<Range<usize>> {
    let is_end = |character: char| character.is_whitespace() || "/\"'<>?#`\\".contains(character);
    let authority = &text[start..start + text[start..].find(is_end).unwrap_or(text.len() - start)];
    let (user, _) = authority.rsplit_once('@')?;
    let (name, password) = user.split_once(':')?;
    let first = start + name.len() + 1;
    let is_placeholder = password.contains(['$', '{', '(']) || password.chars().all(|one| "*xX.".contains(one));
    (!password.is_empty() && !is_placeholder).then_some(first..first + password.len())
}

/// Where a word stands, in small letters or capitals; `part` is a part of it in both, and what stands before it.
fn places<'a>(
    text: &'a str,
    word: &'static str,
    part: [&'static str; 2],
    before: usize,
) -> impl Iterator<Item = usize> + 'a {
    let found =
        part.into_iter().flat_map(|part| text.match_indices(part)).filter_map(move |(at, _)| at.checked_sub(before));
    found.filter(move |at| {
        let found = text.as_bytes().get(*at..*at + word.len());
        found.is_some_and(|found| found.eq_ignore_ascii_case(word.as_bytes()))
    })
}

/// What follows `Authorization: Bearer`.
fn of_headers(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    places(text, "authorization", ["uthorization", "UTHORIZATION"], 1).filter_map(|at| {
        let value = behind(text, at + "authorization".len());
        let start = SCHEMES.iter().find_map(|scheme| {
            let word = text.get(value..value + scheme.len())?;
            let rest = &text[value + scheme.len()..];
            let gap = rest.len() - rest.trim_start().len();
            (word.eq_ignore_ascii_case(scheme) && gap > 0).then_some(value + scheme.len() + gap)
        })?;
        let length = text[start..].bytes().take_while(|byte| is_letter(*byte) || b"-_.~".contains(byte)).count();
        let is_word = text[start..start + length].bytes().all(|byte| byte.is_ascii_lowercase());
        (length >= SHORTEST && !is_word).then_some(start..start + length)
    })
}

/// What follows the name of the secret half of an AWS key: at once, or as the `value` of a list of variables.
fn of_aws(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let names = AWS.iter().flat_map(|name| {
        let before = name.find("ecret").unwrap_or(0);
        places(text, name, ["ecret", "ECRET"], before).map(|at| at + name.len())
    });
    names.filter_map(|end| {
        let mut start = behind(text, end);
        if text.get(start..start + 5).is_some_and(|word| word.eq_ignore_ascii_case("value")) {
            start = behind(text, start + 5);
        }
        let length = text[start..].bytes().take_while(|byte| is_letter(*byte)).count();
        (length == AWS_LENGTH).then_some(start..start + length)
    })
}

/// The key of a WireGuard interface.
fn of_wireguard(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    ["PrivateKey", "PresharedKey"].into_iter().flat_map(|name| text.match_indices(name)).filter_map(|(at, name)| {
        let start = behind(text, at + name.len());
        let length = text[start..].bytes().take_while(|byte| is_letter(*byte)).count();
        (length == 44 && text[start..start + length].ends_with('=')).then_some(start..start + length)
    })
}

/// Where the value behind a name begins.
fn behind(text: &str, at: usize) -> usize {
    let is_gap = |byte: &u8| byte.is_ascii_whitespace() || b"\"'=:,>|-".contains(byte);
    at + text[at..].bytes().take_while(is_gap).count().min(40)
}

fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/=".contains(&byte)
}
