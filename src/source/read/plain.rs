//! What a plain scalar is: a boolean, number or null where YAML 1.1 and 1.2 agree that it is, else a text.
//!
//! So `yes`, `on`, `y`, `012`, `0o14`, `1_000`, `1e3`, `12:30:45` and `2025-01-01` are texts: one of the two versions says
//! so, and a person meant what they wrote. `.inf` and `.nan` are texts too: JSON, which everything becomes, has no such
//! numbers.

use crate::source::node::Value;

/// None: a text.
pub fn resolve(text: &str) -> Option<Value> {
    match text.as_bytes().first()? {
        b'~' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' => word(text),
        b'0'..=b'9' | b'+' | b'-' | b'.' => number(text),
        _ => None,
    }
}

fn word(text: &str) -> Option<Value> {
    match text {
        "~" | "null" | "Null" | "NULL" => Some(Value::Null),
        "true" | "True" | "TRUE" => Some(Value::Bool(true)),
        "false" | "False" | "FALSE" => Some(Value::Bool(false)),
        _ => None,
    }
}

fn number(text: &str) -> Option<Value> {
    if let Some(digits) = text.strip_prefix("0x") {
        return hexadecimal(digits);
    }
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if is_decimal(digits) {
        return integer(text).or_else(|| float(text));
    }
    if is_float(digits) { float(text) } else { None }
}

fn hexadecimal(digits: &str) -> Option<Value> {
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let large =
        || digits.chars().filter_map(|digit| digit.to_digit(16)).fold(0.0, |sum, digit| sum * 16.0 + f64::from(digit));
    Some(i64::from_str_radix(digits, 16).map_or_else(|_| Value::Float(large()), Value::Integer))
}

fn integer(text: &str) -> Option<Value> {
    text.parse().ok().map(Value::Integer)
}

/// None for what only infinity could stand for.
fn float(text: &str) -> Option<Value> {
    text.parse().ok().filter(|number: &f64| number.is_finite()).map(Value::Float)
}

/// No leading zero: YAML 1.1 reads octal there.
fn is_decimal(digits: &str) -> bool {
    digits == "0" || (!digits.starts_with('0') && all_digits(digits))
}

/// `1.5`, `.5`, `5.`, `1.5e+3`: YAML 1.1 wants the dot, and a sign in the exponent.
fn is_float(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let Some((whole, fraction)) = mantissa.split_once('.') else { return false };
    let digits = |part: &str| part.is_empty() || all_digits(part);
    mantissa.len() > 1
        && digits(whole)
        && digits(fraction)
        && exponent.is_none_or(|exponent| exponent.strip_prefix(['+', '-']).is_some_and(all_digits))
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
