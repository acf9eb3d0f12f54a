//! YAML out: block style, two spaces, every scalar the same in YAML 1.1 and 1.2.
//!
//! Lists stand two columns inside their key, texts of several lines are written as `|` where their lines can stand as they
//! are. Numbers keep their type: a float has its dot in both versions.

use std::fmt::Write;

use serde_json::{Map, Number, Value as Json};

use super::scalar::{is_visible, scalar};

/// How far one level stands inside another.
const INDENT: usize = 2;

/// Readers look at most 1,024 characters ahead for the `:` behind a key; a longer one is marked by `?`.
const LONGEST_KEY: usize = 1000;

/// A map or list in block style, each line after the first indented by `column` spaces, without a line break at the end;
/// an empty one is `{}` or `[]`.
pub fn block(value: &Json, column: usize) -> String {
    let mut out = String::new();
    push(&mut out, value, column);
    out
}

/// A whole document, with a line break at its end.
pub fn document(value: &Json) -> String {
    let mut out = block(value, 0);
    out.push('\n');
    out
}

/// A number that both versions read as one: YAML 1.1 wants a dot in a float, and a sign in its exponent.
pub fn number(number: &Number) -> String {
    let text = number.to_string();
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else { return text };
    let dot = if mantissa.contains('.') { "" } else { ".0" };
    let sign = if exponent.starts_with(['+', '-']) { "" } else { "+" };
    format!("{mantissa}{dot}e{sign}{exponent}")
}

fn push(out: &mut String, value: &Json, column: usize) {
    match value {
        Json::Null => out.push_str("null"),
        Json::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Json::Number(value) => out.push_str(&number(value)),
        Json::String(text) if is_literal(text) => literal(out, text, column),
        Json::String(text) => out.push_str(&scalar(text)),
        Json::Array(list) if list.is_empty() => out.push_str("[]"),
        Json::Array(list) => push_list(out, list, column),
        Json::Object(map) if map.is_empty() => out.push_str("{}"),
        Json::Object(map) => push_map(out, map, column),
    }
}

fn push_list(out: &mut String, list: &[Json], column: usize) {
    for (at, item) in list.iter().enumerate() {
        if at > 0 {
            new_line(out, column);
        }
        out.push_str("- ");
        push(out, item, column + INDENT);
    }
}

fn push_map(out: &mut String, map: &Map<String, Json>, column: usize) {
    for (at, (key, value)) in map.iter().enumerate() {
        if at > 0 {
            new_line(out, column);
        }
        push_key(out, key, column);
        if is_filled(value) {
            new_line(out, column + INDENT);
        } else {
            out.push(' ');
        }
        push(out, value, column + INDENT);
    }
}

fn push_key(out: &mut String, key: &str, column: usize) {
    let key = scalar(key);
    if key.len() > LONGEST_KEY {
        out.push_str("? ");
        out.push_str(&key);
        new_line(out, column);
    } else {
        out.push_str(&key);
    }
    out.push(':');
}

/// Whether the value takes lines of its own.
fn is_filled(value: &Json) -> bool {
    match value {
        Json::Array(list) => !list.is_empty(),
        Json::Object(map) => !map.is_empty(),
        _ => false,
    }
}

/// Whether a text can be written as `|`: several lines, of which none is empty at the start, begins the text with a blank
/// or ends with one. More than one line break at the end is not: how many there are would depend on what follows.
fn is_literal(text: &str) -> bool {
    text.trim_end_matches('\n').contains('\n')
        && !text.starts_with([' ', '\t', '\n'])
        && !text.ends_with("\n\n")
        && text.split('\n').all(|line| !line.ends_with([' ', '\t']) && line.chars().all(|c| is_visible(c) || c == '\t'))
}

fn literal(out: &mut String, text: &str, column: usize) {
    // A text at the root is written two columns in, too: at column 0 a line of it could be taken for `---`.
    let column = column.max(INDENT);
    out.push_str(if text.ends_with('\n') { "|" } else { "|-" });
    for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
        if line.is_empty() {
            out.push('\n');
        } else {
            new_line(out, column);
            out.push_str(line);
        }
    }
}

fn new_line(out: &mut String, column: usize) {
    let _ = write!(out, "\n{:column$}", "");
}

#[cfg(test)]
mod tests;
