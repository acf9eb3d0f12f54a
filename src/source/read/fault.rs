//! What is said about YAML that cannot be read or is not taken.

mod seen;
mod syntax;

use std::ops::Range;

pub use self::seen::Seen;
pub use self::syntax::syntax;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::span::{FileId, Span};

pub fn duplicate(key: &str, second: Span, first: Span) -> Diagnostic {
    Diagnostic::new(Code::DuplicateKey, format!("the key `{key}` stands twice in this map"))
        .at(second, "here again")
        .at(first, "here first")
}

pub fn tag(tag: &str, at: Span) -> Diagnostic {
    Diagnostic::new(Code::UnsupportedYaml, format!("the tag `{tag}` is not taken"))
        .at(at, "the value behind the tag")
        .help("write the value without it; put quotes around a number that is meant as text")
}

pub fn merge(at: Span) -> Diagnostic {
    Diagnostic::new(Code::UnsupportedYaml, "the merge key `<<` is not taken")
        .at(at, "YAML 1.2 has no merge keys")
        .help("write the keys out; in platform.yaml, `environments` overlay one map with another")
}

pub fn complex_key(text: &str, at: Span) -> Diagnostic {
    if let Some(whole) = in_braces(text, at) {
        let message = "a value that starts with `{{` needs quotes";
        return Diagnostic::new(Code::UnsupportedYaml, message)
            .at(whole, "without them this is a map with a map as its key")
            .help(format!("put quotes round all of the value: `{}`", quoted(value(text, whole.range().start))));
    }
    Diagnostic::new(Code::UnsupportedYaml, "a map or list cannot be a key")
        .at(at, "expected a text")
        .help("put quotes around it if it is a text")
}

/// `{{ … }}` around a map that is a key, from the first brace to the last.
fn in_braces(text: &str, key: Span) -> Option<Span> {
    let range = key.range();
    let start =
        range.start.checked_sub(1).filter(|start| text.get(*start..).is_some_and(|text| text.starts_with("{{")))?;
    let closed = text.get(range.end..).is_some_and(|behind| behind.starts_with('}'));
    Some(Span::new(key.file, start, range.end + usize::from(closed)))
}

/// All of a value that begins with braces: what is glued to them, too. Within brackets it ends before the next item.
fn value(text: &str, start: usize) -> &str {
    let text = text.get(start..).unwrap_or_default();
    let mut end = 0;
    while let Some(rest) = text.get(end..).filter(|rest| !rest.is_empty()) {
        if let Some(closing) = rest.strip_prefix("{{").and_then(|inside| inside.find("}}")) {
            end += closing + 4;
        } else if rest.starts_with(['\n', '\r', ',', ']', '}'])
            || [": ", ":\n", " #"].iter().any(|sign| rest.starts_with(sign))
        {
            break;
        } else {
            end += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    text.get(..end).unwrap_or(text).trim_end()
}

/// In quotes that do not stand in it.
fn quoted(value: &str) -> String {
    if value.contains('"') { format!("'{}'", value.replace('\'', "''")) } else { format!("\"{value}\"") }
}

pub fn empty_key(at: Span) -> Diagnostic {
    Diagnostic::new(Code::UnsupportedYaml, "a key is missing before `:`")
        .at(at, "expected a text")
        .help("write `key: value`; an empty text as a key is `\"\": value`")
}

pub fn unknown_alias(name: &str, at: Span) -> Diagnostic {
    Diagnostic::new(Code::UnsupportedYaml, format!("no anchor `&{name}` comes before this alias"))
        .at(at, "`*` begins an alias")
        .help("put quotes around a text that starts with `*`")
}

pub fn alias_in_itself(at: Span) -> Diagnostic {
    Diagnostic::new(Code::UnsupportedYaml, "an alias stands inside the value that it names")
        .at(at, "this would never end")
        .help("write the value out")
}

pub fn alias_bomb(at: Span) -> Diagnostic {
    Diagnostic::new(Code::TooLarge, "aliases make this document too large")
        .at(at, "one copy too many")
        .note("all aliases of a document together may add 100,000 values")
}

pub fn too_deep(at: Span) -> Diagnostic {
    Diagnostic::new(Code::TooLarge, "more than 100 lists and maps stand inside one another")
        .at(at, "one level too deep")
        .help("no real document is this deep: look for a bracket that is not closed")
}

/// The fault of a tab between the start of the line and `at`.
pub fn tab_before(file: FileId, text: &str, at: usize) -> Option<Diagnostic> {
    let line = text.get(..at)?.rfind('\n').map_or(0, |line_break| line_break + 1);
    let indent = text.get(line..at)?;
    let tab = indent.find('\t').filter(|_| indent.trim_start_matches('\u{FEFF}').trim_ascii().is_empty())?;
    let tabs = text.get(line + tab..)?.bytes().take_while(|byte| *byte == b'\t').count();
    let message = "a tab stands where YAML wants spaces";
    Some(not_yaml(file, line + tab..line + tab + tabs, message, "tab").help("indent with spaces only"))
}

/// The fault of the first character that no YAML text may hold.
pub fn control_character(file: FileId, text: &str) -> Option<Diagnostic> {
    let is_control = |byte: u8| matches!(byte, 0..=8 | 11 | 12 | 14..=31 | 127);
    // Almost every text has none: without an early end many bytes are looked at in one step.
    if !text.bytes().fold(false, |any, byte| any | is_control(byte)) {
        return None;
    }
    let at = text.bytes().position(is_control)?;
    let code = text.as_bytes().get(at)?;
    let message = format!("the control character U+{code:04X} cannot stand in YAML");
    let help = format!("in a text with double quotes it is written `\\x{code:02X}`");
    Some(not_yaml(file, at..at + 1, &message, "here").help(help))
}

fn not_yaml(file: FileId, range: Range<usize>, message: &str, label: &str) -> Diagnostic {
    Diagnostic::new(Code::NotYaml, message).at(Span::new(file, range.start, range.end), label)
}
