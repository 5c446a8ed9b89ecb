//! What a scalar means to Kubernetes: go-yaml v2's rules, then JSON.

use crate::yaml::Value;

/// Reads an unquoted scalar without a tag.
///
/// None for `.nan` and `.inf`, which JSON cannot hold.
pub(crate) fn plain(text: &str) -> Option<Value> {
    let Some(first) = text.bytes().next() else {
        return Some(Value::Null);
    };
    match first {
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' => {
            Some(word(text).unwrap_or_else(|| Value::String(text.to_owned())))
        }
        b'+' | b'-' | b'.' | b'0'..=b'9' => {
            if is_unholdable(text) {
                return None;
            }
            Some(number(text).unwrap_or_else(|| Value::String(text.to_owned())))
        }
        _ => Some(Value::String(text.to_owned())),
    }
}

/// Reads a scalar that carries a tag of YAML's own, such as `str` or `int`.
///
/// The error is the reason why text and tag do not go together.
pub(crate) fn tagged(tag: &str, text: &str) -> Result<Value, String> {
    let found = match tag {
        "int" | "float" | "bool" | "null" => plain(text),
        "binary" | "timestamp" => return Err(format!("the tag !!{tag} is not read; write a string without a tag")),
        _ => return Ok(Value::String(text.to_owned())),
    };
    match (tag, found) {
        ("int", Some(value @ Value::Integer(_)))
        | ("float", Some(value @ Value::Float(_)))
        | ("bool", Some(value @ Value::Bool(_)))
        | ("null", Some(value @ Value::Null)) => Ok(value),
        #[expect(clippy::cast_precision_loss, reason = "go-yaml converts it the same way")]
        ("float", Some(Value::Integer(number))) if i64::try_from(*number).is_ok() => Ok(Value::Float(*number as f64)),
        ("float", None) => Err(format!("{text} is a number JSON cannot hold")),
        _ => Err(format!("{text:?} cannot be read as !!{tag}")),
    }
}

/// A float as a key of JSON: the shortest text of its 32 bits, as `sigs.k8s.io/yaml` writes it.
#[expect(clippy::cast_possible_truncation, reason = "it does the same")]
pub(crate) fn float_key(number: f64) -> String {
    let short = number as f32;
    if short.is_infinite() {
        return if short > 0.0 { ".inf" } else { "-.inf" }.to_owned();
    }
    let scientific = format!("{short:e}");
    let (digits, power) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    match power.parse::<i32>().unwrap_or_default() {
        -4..6 => short.to_string(),
        power if power < 0 => format!("{digits}e-{:02}", -power),
        power => format!("{digits}e+{power:02}"),
    }
}

fn word(text: &str) -> Option<Value> {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Some(Value::Bool(true)),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Some(Value::Bool(false))
        }
        "~" | "null" | "Null" | "NULL" => Some(Value::Null),
        _ => None,
    }
}

fn is_unholdable(text: &str) -> bool {
    let bare = text.strip_prefix(['+', '-']).unwrap_or(text);
    matches!(bare, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN")
}

fn number(text: &str) -> Option<Value> {
    let joined;
    let is_joined = text.contains('_') && (!text.starts_with('.') || is_well_joined(text));
    let digits = if is_joined {
        joined = text.replace('_', "");
        &joined
    } else {
        text
    };
    if let Some(integer) = integer(digits).or_else(|| signed_binary(digits)) {
        return Some(Value::Integer(Box::new(integer)));
    }
    if !is_float(digits) {
        return None;
    }
    let float: f64 = digits.parse().ok()?;
    float.is_finite().then_some(Value::Float(float))
}

/// Whether each underscore stands between two digits, as Go's `ParseFloat` wants it.
fn is_well_joined(text: &str) -> bool {
    let is_digit = |at: usize| text.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
    text.match_indices('_').all(|(at, _)| at > 0 && is_digit(at - 1) && is_digit(at + 1))
}

/// Go's `ParseInt` with base 0 in 64 bits, then `ParseUint`.
fn integer(text: &str) -> Option<i128> {
    let (signed, negative, rest) = match text.as_bytes().first()? {
        b'-' => (true, true, &text[1..]),
        b'+' => (true, false, &text[1..]),
        _ => (false, false, text),
    };
    let (radix, digits) = base(rest);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    let size = i128::from(u64::from_str_radix(digits, radix).ok()?);
    let value = if negative { -size } else { size };
    let most = if signed { i128::from(i64::MAX) } else { i128::from(u64::MAX) };
    (i128::from(i64::MIN)..=most).contains(&value).then_some(value)
}

/// go-yaml also takes a sign behind `0b`.
fn signed_binary(text: &str) -> Option<i128> {
    let digits = text.strip_prefix("0b").filter(|digits| digits.starts_with(['+', '-']))?;
    i64::from_str_radix(digits, 2).ok().map(i128::from)
}

fn base(text: &str) -> (u32, &str) {
    match text.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &text[2..]),
        [b'0', b'b' | b'B', ..] => (2, &text[2..]),
        [b'0', b'o' | b'O', ..] => (8, &text[2..]),
        [b'0', _, ..] => (8, &text[1..]),
        _ => (10, text),
    }
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
fn is_float(text: &str) -> bool {
    let rest = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, rest) = digits(rest);
    let (fraction, rest) = match rest.strip_prefix('.') {
        Some(after) => digits(after),
        None => (0, rest),
    };
    if whole + fraction == 0 {
        return false;
    }
    let Some(power) = rest.strip_prefix(['e', 'E']) else {
        return rest.is_empty();
    };
    let (count, rest) = digits(power.strip_prefix(['+', '-']).unwrap_or(power));
    count > 0 && rest.is_empty()
}

fn digits(text: &str) -> (usize, &str) {
    let count = text.bytes().take_while(u8::is_ascii_digit).count();
    (count, &text[count..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn string(text: &str) {
        assert_eq!(plain(text), Some(Value::String(text.to_owned())), "{text}");
    }

    #[test]
    fn booleans_are_those_of_yaml_1_1() {
        for text in ["y", "Y", "yes", "Yes", "YES", "true", "on", "ON"] {
            assert_eq!(plain(text), Some(Value::Bool(true)), "{text}");
        }
        for text in ["n", "no", "NO", "False", "off", "Off"] {
            assert_eq!(plain(text), Some(Value::Bool(false)), "{text}");
        }
        for text in ["yEs", "nO", "tRUE", "oN", "nil", "none"] {
            string(text);
        }
    }

    #[test]
    fn nothing_has_five_spellings() {
        for text in ["", "~", "null", "Null", "NULL"] {
            assert_eq!(plain(text), Some(Value::Null), "{text}");
        }
    }

    #[test]
    fn integers_have_go_s_bases() {
        let cases = [
            ("0", 0),
            ("-0", 0),
            ("+12", 12),
            ("010", 8),
            ("0o17", 15),
            ("-0x1f", -31),
            ("0b11", 3),
            ("1_000", 1000),
            ("18446744073709551615", 18_446_744_073_709_551_615),
            ("-9223372036854775808", -9_223_372_036_854_775_808),
        ];
        for (text, value) in cases {
            assert_eq!(plain(text), Some(Value::Integer(Box::new(value))), "{text}");
        }
    }

    #[test]
    fn other_numbers_are_floats() {
        for (text, value) in [
            ("1.5", 1.5),
            (".5", 0.5),
            ("1.", 1.0),
            ("08", 8.0),
            ("1e3", 1000.0),
            ("-1.5E-2", -0.015),
            ("18446744073709551616", 18_446_744_073_709_551_616.0),
        ] {
            assert_eq!(plain(text), Some(Value::Float(value)), "{text}");
        }
        for text in [".nan", ".NaN", ".inf", "-.Inf", "+.INF"] {
            assert_eq!(plain(text), None, "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_a_number_is_text() {
        for text in [
            "10:20:30:40:50:55",
            "65102:5000",
            "12:30",
            "10.0.0.0/16",
            "1.2.3",
            "2024-01-02",
            "1e999",
            "-",
            "--",
            "+",
            ".",
            "..",
            "0x",
            "1e",
            "-a",
            "0xZZ",
            "leaf-01",
        ] {
            string(text);
        }
    }

    #[test]
    fn a_tag_decides() {
        assert_eq!(tagged("str", "12"), Ok(Value::String("12".into())));
        assert_eq!(tagged("int", "0x10"), Ok(Value::Integer(Box::new(16))));
        assert_eq!(tagged("float", "1"), Ok(Value::Float(1.0)));
        assert!(tagged("int", "x").is_err());
        assert!(tagged("bool", "1").is_err());
    }
}
