//! What a scalar is to kubectl: YAML 1.1 as go-yaml reads it (sigs.k8s.io/yaml, `goyaml.v2/resolve.go`).
//!
//! So `yes` and `on` are booleans and `0644` is octal, but `12:30:45` and `2025-01-01` are texts. `.inf` and `.nan` are
//! texts here: JSON, which everything becomes, has no such numbers.

use crate::source::node::Value;

/// What a plain scalar is; none: a text.
pub fn resolve(text: &str) -> Option<Value> {
    match text.as_bytes().first()? {
        b'0'..=b'9' | b'+' | b'-' | b'.' => number(text),
        _ => word(text),
    }
}

/// What a scalar behind a tag is: `!!str 1`, `!!int "1"`. Tags that are not YAML's own say nothing.
pub fn tagged(tag: Option<&str>, text: &str) -> Option<Value> {
    match (tag, resolve(text)) {
        (Some("float"), Some(Value::Integer(number))) => Some(Value::Float(number as f64)),
        (Some("null" | "bool" | "int" | "float"), value) => value,
        _ => None,
    }
}

fn word(text: &str) -> Option<Value> {
    match text {
        "~" | "null" | "Null" | "NULL" => Some(Value::Null),
        "true" | "True" | "TRUE" | "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Some(Value::Bool(true)),
        "false" | "False" | "FALSE" | "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => {
            Some(Value::Bool(false))
        }
        _ => None,
    }
}

/// Underscores count for nothing, but in what begins with a dot.
fn number(text: &str) -> Option<Value> {
    if text.starts_with('.') {
        return float(text);
    }
    let plain = text.replace('_', "");
    integer(&plain).or_else(|| float(&plain))
}

/// In base 16, 8 or 2 behind `0x`, `0o` or `0`, `0b`. One too large for us is a float.
fn integer(text: &str) -> Option<Value> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (base, digits) = match digits.get(..2) {
        Some("0x" | "0X") => (16, digits.get(2..)?),
        Some("0o" | "0O") => (8, digits.get(2..)?),
        Some("0b" | "0B") => (2, digits.get(2..)?),
        Some(_) if digits.starts_with('0') => (8, digits.get(1..)?),
        _ => (10, digits),
    };
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(base)) {
        return None;
    }
    let sign = if text.starts_with('-') { "-" } else { "" };
    let large = || digits.chars().filter_map(|digit| digit.to_digit(base));
    let large = || large().fold(0.0, |sum, digit| sum * f64::from(base) + f64::from(digit));
    let large = || if sign.is_empty() { large() } else { -large() };
    let exact = i64::from_str_radix(&format!("{sign}{digits}"), base);
    Some(exact.map_or_else(|_| Value::Float(large()), Value::Integer))
}

/// `1.5`, `.5`, `5.`, `1e3`: the dot and the exponent's sign may be missing.
fn float(text: &str) -> Option<Value> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let digits = mantissa.replacen('.', "", 1);
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(&digits) || !exponent.is_none_or(all_digits) {
        return None;
    }
    text.parse().ok().filter(|number: &f64| number.is_finite()).map(Value::Float)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_yaml_1_1_are_booleans() {
        for text in ["yes", "On", "y", "TRUE"] {
            assert_eq!(resolve(text), Some(Value::Bool(true)), "{text}");
        }
        for text in ["NO", "off", "n", "False"] {
            assert_eq!(resolve(text), Some(Value::Bool(false)), "{text}");
        }
        for text in ["yEs", "tRue", "nope", "o", "~~"] {
            assert_eq!(resolve(text), None, "{text}");
        }
    }

    #[test]
    fn integers_may_be_octal_binary_and_have_underscores() {
        let cases = [("0644", 420), ("0o644", 420), ("-0x1F", -31), ("0b101", 5), ("1_000", 1000), ("+7", 7), ("0", 0)];
        for (text, number) in cases {
            assert_eq!(resolve(text), Some(Value::Integer(number)), "{text}");
        }
        assert_eq!(resolve("18446744073709551616"), Some(Value::Float(18446744073709551616.0)));
        assert_eq!(resolve("-9223372036854775808"), Some(Value::Integer(i64::MIN)));
    }

    #[test]
    fn floats_need_neither_dot_nor_sign() {
        let cases = [("1.5", 1.5), ("1e3", 1000.0), (".5", 0.5), ("5.", 5.0), ("-1E-2", -0.01), ("08", 8.0)];
        for (text, number) in cases {
            assert_eq!(resolve(text), Some(Value::Float(number)), "{text}");
        }
    }

    #[test]
    fn the_rest_are_texts() {
        let texts = [
            "12:30:45",
            "2025-01-01",
            "1.2.3",
            "0x",
            "1e",
            "e3",
            ".",
            "-",
            "--1",
            "1e400",
            ".inf",
            "10Mi",
            "100m",
            "+.",
            "0xg1",
            "1.5.",
            "é",
            "1é",
        ];
        for text in texts {
            assert_eq!(resolve(text), None, "{text}");
        }
    }

    #[test]
    fn a_tag_says_what_it_is() {
        assert_eq!(tagged(Some("str"), "1"), None);
        assert_eq!(tagged(Some("int"), "1"), Some(Value::Integer(1)));
        assert_eq!(tagged(Some("float"), "1"), Some(Value::Float(1.0)));
        assert_eq!(tagged(None, "1"), None);
    }
}
