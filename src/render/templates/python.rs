//! Python literals: what a value is in Python source, on one line.

use std::fmt::Write;

use minijinja::Value;
use minijinja::value::ValueKind;

use super::fault::Cause;
use super::manner::finite;
use crate::source::scalar::is_visible;

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
