//! Scalars out: a text as a YAML scalar that a YAML 1.1 and a YAML 1.2 reader both give back as exactly this text.
//!
//! Plain where that is so, in block and in flow context, as a value and as a key; else in quotes. What merely looks like a
//! number, a date or a boolean is quoted too: kubectl reads YAML 1.1, and people read in a hurry.

use std::borrow::Cow;
use std::fmt::Write;

/// `text` as a scalar on one line.
pub fn scalar(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        Cow::Borrowed(text)
    } else if prefers_single_quotes(text) {
        Cow::Owned(format!("'{text}'"))
    } else {
        Cow::Owned(double_quoted(text))
    }
}

/// Whether `c` shows on the screen as itself, and means itself in every YAML version. The rest is escaped: controls,
/// blanks other than the space, line breaks of YAML 1.1, byte order marks, what changes the direction of the text.
pub fn is_visible(c: char) -> bool {
    match c {
        ' '..='~' => true,
        '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{AD}' => false,
        '\u{E000}'..='\u{F8FF}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFF0}'..='\u{FFFF}' => false,
        _ => c < '\u{E0000}' && !c.is_control() && !c.is_whitespace() && (u32::from(c) & 0xFFFE) != 0xFFFE,
    }
}

fn is_plain(text: &str) -> bool {
    text.bytes().next().is_some_and(may_start)
        && !text.ends_with([' ', ':'])
        && has_plain_characters(text)
        && !text.starts_with("- ")
        && !text.starts_with("---")
        && !is_word(text)
        && !looks_like_number(text)
}

/// Indicators begin something else; `-` does so only where a blank follows.
fn may_start(first: u8) -> bool {
    !matches!(first, b' ' | b'?' | b':' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\'' | b'"' | b'%' | b'@' | b'`')
}

fn has_plain_characters(text: &str) -> bool {
    let mut before = ' ';
    text.chars().all(|c| {
        // libyaml takes `:?` for the end of a key between brackets.
        let ends = (before == ':' && matches!(c, ' ' | '?')) || (before == ' ' && c == '#');
        before = c;
        !ends && is_visible(c) && !matches!(c, ',' | '[' | ']' | '{' | '}')
    })
}

/// The words that some version takes for a boolean, null, merge key or default value, in any case.
fn is_word(text: &str) -> bool {
    const WORDS: &[&str] = &["~", "=", "<<", "y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    text.len() <= 5 && WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// Integers in any base, floats, base 60, dates and times, and their like.
fn looks_like_number(text: &str) -> bool {
    let Some(b'0'..=b'9' | b'+' | b'-' | b'.') = text.bytes().next() else { return false };
    let digits = text.trim_start_matches(['+', '-']);
    let signs = |byte: u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b':' | b'_' | b' ');
    let letters = |byte: u8| matches!(byte, b'e' | b'E' | b't' | b'T' | b'z' | b'Z');
    digits.bytes().all(|byte| signs(byte) || letters(byte)) || has_base(digits) || is_no_number(digits)
}

fn has_base(digits: &str) -> bool {
    let mut bytes = digits.bytes();
    bytes.next() == Some(b'0')
        && matches!(bytes.next(), Some(b'x' | b'X' | b'o' | b'O' | b'b' | b'B'))
        && bytes.all(|byte| byte.is_ascii_hexdigit() || byte == b'_')
}

/// `.inf` and `.nan`
fn is_no_number(digits: &str) -> bool {
    [".inf", ".nan"].iter().any(|word| word.eq_ignore_ascii_case(digits))
}

/// Where double quotes would need escapes and single quotes need none.
fn prefers_single_quotes(text: &str) -> bool {
    text.contains(['"', '\\']) && !text.contains('\'') && text.chars().all(is_visible)
}

fn double_quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            _ if is_visible(c) => out.push(c),
            _ => push_code(&mut out, u32::from(c)),
        }
    }
    out.push('"');
    out
}

fn push_code(out: &mut String, code: u32) {
    // Writing to a String cannot fail.
    let _ = match code {
        0..=0xFF => write!(out, "\\x{code:02X}"),
        0x100..=0xFFFF => write!(out, "\\u{code:04X}"),
        _ => write!(out, "\\U{code:08X}"),
    };
}

#[cfg(test)]
mod tests;
