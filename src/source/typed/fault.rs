//! What serde says, in our words, and the narrowest place it is about.

use std::fmt;

use serde::de::{Error, Expected, Unexpected};

use super::TypedError;
use crate::diagnostic::nearest;
use crate::source::span::Span;

/// An error on its way out of the tree: the first node that it passes is where it is.
#[derive(Debug)]
pub struct Fault {
    span: Option<Span>,
    message: String,
}

impl Fault {
    pub fn new(message: String) -> Self {
        Self { span: None, message }
    }

    /// Places the error, unless something inside has.
    pub fn at(self, span: Span) -> Self {
        Self { span: self.span.or(Some(span)), ..self }
    }

    pub fn or_at(self, span: Span) -> TypedError {
        TypedError { span: self.span.unwrap_or(span), message: self.message }
    }
}

impl Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Self {
        let message = message.to_string();
        if message.starts_with("data did not match any variant of untagged enum") {
            return Self::new("this value has none of the expected forms".into());
        }
        Self::new(message)
    }

    fn invalid_type(found: Unexpected, expected: &dyn Expected) -> Self {
        Self::new(format!("expected {}, found {}", wanted(expected), described(found)))
    }

    fn invalid_value(found: Unexpected, expected: &dyn Expected) -> Self {
        Self::invalid_type(found, expected)
    }

    fn invalid_length(length: usize, expected: &dyn Expected) -> Self {
        Self::new(format!("expected {expected}, found {length} entries"))
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        Self::new(format!("`{variant}` is not known here{}", known(variant, expected)))
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        Self::new(format!("the key `{field}` is not known here{}", known(field, expected)))
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new(format!("the key `{field}` is missing"))
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::new(format!("the key `{field}` stands twice"))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Fault {}

/// The nearest of the known names, or all of them.
fn known(wrong: &str, names: &'static [&'static str]) -> String {
    if let Some(name) = nearest(wrong, names.iter().copied()) {
        return format!(", did you mean `{name}`?");
    }
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    if names.is_empty() { String::new() } else { format!(", expected {}", names.join(", ")) }
}

/// Rust's names for what was expected, in the words of YAML.
fn wanted(expected: &dyn Expected) -> String {
    let text = expected.to_string();
    match text.as_str() {
        "a string" | "a borrowed string" => "a text".into(),
        "a boolean" => "`true` or `false`".into(),
        "a sequence" => "a list".into(),
        "a map" => "a map".into(),
        "f32" | "f64" => "a number".into(),
        other if other.starts_with("struct ") => "a map".into(),
        other => range(other).unwrap_or(text),
    }
}

fn range(name: &str) -> Option<String> {
    let bounds: (i128, i128) = match name {
        "u8" => (0, u8::MAX.into()),
        "u16" => (0, u16::MAX.into()),
        "u32" => (0, u32::MAX.into()),
        "i8" => (i8::MIN.into(), i8::MAX.into()),
        "i16" => (i16::MIN.into(), i16::MAX.into()),
        "i32" => (i32::MIN.into(), i32::MAX.into()),
        "u64" | "usize" => return Some("a whole number, 0 or more".into()),
        "i64" | "isize" => return Some("a whole number".into()),
        _ => return None,
    };
    Some(format!("a whole number from {} to {}", bounds.0, bounds.1))
}

fn described(found: Unexpected) -> String {
    match found {
        Unexpected::Bool(value) => format!("the boolean `{value}`"),
        Unexpected::Unsigned(value) => format!("the number `{value}`"),
        Unexpected::Signed(value) => format!("the number `{value}`"),
        Unexpected::Float(value) => format!("the number `{value}`"),
        Unexpected::Str(text) if text.chars().count() > 40 || text.contains('\n') => "a text".into(),
        Unexpected::Str(text) => format!("the text `{text}`"),
        Unexpected::Unit | Unexpected::Option => "nothing".into(),
        Unexpected::Seq => "a list".into(),
        Unexpected::Map => "a map".into(),
        other => other.to_string(),
    }
}
