//! Python literals: what a value is in Python source, on one line.

use std::fmt::Write;

use minijinja::Value;
use minijinja::value::ValueKind;

use super::fault::Cause;
use super::manner::finite;
use crate::source::scalar::is_visible;

/// The words that no name may be (Python's language reference, "Keywords"), and those that only some places keep.
const WORDS: [&str; 39] = [
    "False", "None", "True", "_", "and", "as", "assert", "async", "await", "break", "case", "class", "continue", "def",
    "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "match",
    "nonlocal", "not", "or", "pass", "raise", "return", "try", "type", "while", "with", "yield",
];

/// Whether a variable can be called so; ASCII only.
pub fn is_identifier(text: &str) -> bool {
    let first = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    first && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !WORDS.contains(&text)
}

/// In the largest unit of which it is a whole number.
pub fn timedelta(seconds: f64) -> String {
    const UNITS: [(&str, f64); 4] = [("days", 86_400.0), ("hours", 3_600.0), ("minutes", 60.0), ("seconds", 1.0)];
    let whole = UNITS.iter().find(|(_, length)| seconds >= *length && seconds % length == 0.0);
    match whole {
        Some((unit, length)) => format!("timedelta({unit}={})", seconds / length),
        None => format!("timedelta(seconds={seconds})"),
    }
}

pub fn literal(value: &Value) -> Result<String, Cause> {
    let mut out = String::new();
    push(&mut out, value)?;
    Ok(out)
}

fn push(out: &mut String, value: &Value) -> Result<(), Cause> {
    match value.kind() {
        ValueKind::None => out.push_str("None"),
        ValueKind::Undefined => return Err(Cause::Nothing),
        ValueKind::Bool => out.push_str(if value.is_true() { "True" } else { "False" }),
        ValueKind::Number if value.is_integer() => out.push_str(&value.to_string()),
        ValueKind::Number => out.push_str(&finite(value)?.to_string()),
        ValueKind::String => push_text(out, value.as_str().unwrap_or_default()),
        ValueKind::Map => push_map(out, value)?,
        ValueKind::Seq | ValueKind::Iterable => push_list(out, value)?,
        _ => return Err(Cause::NotScalar),
    }
    Ok(())
}

fn push_list(out: &mut String, value: &Value) -> Result<(), Cause> {
    out.push('[');
    for (at, item) in value.try_iter().map_err(|_| Cause::NotScalar)?.enumerate() {
        out.push_str(if at == 0 { "" } else { ", " });
        push(out, &item)?;
    }
    out.push(']');
    Ok(())
}

fn push_map(out: &mut String, value: &Value) -> Result<(), Cause> {
    out.push('{');
    for (at, key) in value.try_iter().map_err(|_| Cause::NotScalar)?.enumerate() {
        out.push_str(if at == 0 { "" } else { ", " });
        push(out, &key)?;
        out.push_str(": ");
        push(out, &value.get_item(&key).map_err(|_| Cause::NotScalar)?)?;
    }
    out.push('}');
    Ok(())
}

fn push_text(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if is_visible(c) => out.push(c),
            _ => push_code(out, u32::from(c)),
        }
    }
    out.push('"');
}

fn push_code(out: &mut String, code: u32) {
    // Writing to a String cannot fail.
    let _ = match code {
        0..=0xFF => write!(out, "\\x{code:02x}"),
        0x100..=0xFFFF => write!(out, "\\u{code:04x}"),
        _ => write!(out, "\\U{code:08x}"),
    };
}
