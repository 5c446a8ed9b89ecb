//! Scalar: how Kubernetes reads a plain scalar (YAML 1.1 as go-yaml v2 has it, then JSON).

use super::Value;

/// Resolves a plain (unquoted, untagged) scalar.
pub(super) fn resolve(text: &str) -> Result<Value, String> {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            return Ok(Value::Bool(true));
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            return Ok(Value::Bool(false));
        }
        "" | "~" | "null" | "Null" | "NULL" => return Ok(Value::Null),
        ".nan" | ".NaN" | ".NAN" | ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" | "-.inf" | "-.Inf"
        | "-.INF" => {
            return Err(format!("{text} is a number that JSON cannot hold"));
        }
        _ => {}
    }
    let first = text.as_bytes()[0];
    if !(first.is_ascii_digit() || matches!(first, b'+' | b'-' | b'.')) || is_date(text) {
        return Ok(Value::String(text.to_owned()));
    }
    Ok(number(text).unwrap_or_else(|| Value::String(text.to_owned())))
}

/// Reads a number as Go does with base 0 and `_` taken out.
pub(super) fn number(text: &str) -> Option<Value> {
    let plain: String = text.chars().filter(|character| *character != '_').collect();
    if let Some(whole) = whole(&plain) {
        return Some(Value::Integer(whole));
    }
    if !is_float(&plain) {
        return None;
    }
    plain.parse().ok().filter(|float: &f64| float.is_finite()).map(Value::Float)
}

fn whole(text: &str) -> Option<i128> {
    let (sign, digits) = match text.as_bytes().first()? {
        b'-' => (-1, &text[1..]),
        b'+' => (1, &text[1..]),
        _ => (1, text),
    };
    let lower = digits.to_ascii_lowercase();
    let (radix, digits) = match lower.as_bytes() {
        [b'0', b'x', ..] => (16, &lower[2..]),
        [b'0', b'b', ..] => (2, &lower[2..]),
        [b'0', b'o', ..] => (8, &lower[2..]),
        [b'0', _, ..] => (8, &lower[1..]),
        _ => (10, lower.as_str()),
    };
    if digits.is_empty() || !digits.bytes().all(|digit| char::from(digit).is_digit(radix)) {
        return None;
    }
    let value = i128::from_str_radix(digits, radix).ok()? * sign;
    (i128::from(i64::MIN)..=i128::from(u64::MAX)).contains(&value).then_some(value)
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
fn is_float(text: &str) -> bool {
    let text = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let has_mantissa = match mantissa.split_once('.') {
        None => is_digits(mantissa),
        Some(("", fraction)) => is_digits(fraction),
        Some((whole, fraction)) => is_digits(whole) && (fraction.is_empty() || is_digits(fraction)),
    };
    let exponent_is_fine =
        exponent.is_none_or(|exponent| is_digits(exponent.strip_prefix(['-', '+']).unwrap_or(exponent)));
    has_mantissa && exponent_is_fine
}

/// Whether a text begins as a date, `2024-1-2`; it becomes a string.
fn is_date(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let (year, month, rest) = (parts.next(), parts.next(), parts.next());
    let is_digits = |part: Option<&str>, most: usize| {
        part.is_some_and(|part| (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    year.is_some_and(|year| year.len() == 4)
        && is_digits(year, 4)
        && is_digits(month, 2)
        && rest.is_some_and(|rest| rest.starts_with(|digit: char| digit.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_are_read_as_kubernetes_reads_them() {
        let text = |text: &str| Value::String(text.to_owned());
        for (plain, wanted) in [
            ("yes", Value::Bool(true)),
            ("NO", Value::Bool(false)),
            ("~", Value::Null),
            ("0123", Value::Integer(83)),
            ("0o17", Value::Integer(15)),
            ("0x1f", Value::Integer(31)),
            ("0b11", Value::Integer(3)),
            ("-7", Value::Integer(-7)),
            ("1_000", Value::Integer(1000)),
            ("18446744073709551615", Value::Integer(18_446_744_073_709_551_615)),
            ("1.5", Value::Float(1.5)),
            (".5e3", Value::Float(500.0)),
            ("08", Value::Float(8.0)),
            ("10:20:30:40:50:55", text("10:20:30:40:50:55")),
            ("65102:5000", text("65102:5000")),
            ("12:30", text("12:30")),
            ("2024-1-2", text("2024-1-2")),
            ("2024-01-02 03:04:05", text("2024-01-02 03:04:05")),
            ("10.0.0.0/24", text("10.0.0.0/24")),
            ("-", text("-")),
            ("yEs", text("yEs")),
        ] {
            assert_eq!(resolve(plain), Ok(wanted), "{plain}");
        }
        assert!(resolve("-.inf").is_err());
    }
}
