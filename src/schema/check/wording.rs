//! How each fault is said.

use super::object::Shape;
use super::scalar::{Wrong, text_reason, wants_text};
use super::{Place, is_by_name};
use crate::diagnostic::{Code, Diagnostic};
use crate::schema::format::Format;
use crate::schema::{Schema, Tag, Type};
use crate::source::scalar::scalar;
use crate::source::{Entry, Map, Node, Span, Value};

/// As many known names as a reader takes in at a glance.
const FEW: usize = 12;

/// More known keys than these help nobody who looks for one.
const MANY: usize = 30;

pub(super) fn unknown(key: &str, span: Span, meant: Option<&str>, known: &[&str]) -> Diagnostic {
    let fault = Diagnostic::new(Code::UnknownKey, format!("unknown key `{key}`")).at(span, "not known here");
    match meant {
        Some(meant) => fault.help(format!("did you mean `{meant}`?")),
        None if known.is_empty() || known.len() > MANY => fault,
        None => fault.note(format!("known here: {}", listed(known))),
    }
}

pub(super) fn of_another(key: &str, span: Span, tag: Option<&Entry>, others: &[&str], kind: Tag) -> Diagnostic {
    let owners: Vec<String> = others.iter().map(|name| format!("`{}`", kind.is(name))).collect();
    let fault = Diagnostic::new(Code::UnknownKey, format!("`{key}` belongs to {}", owners.join(" and ")));
    let chosen = tag.and_then(|entry| entry.node.as_str().map(|chosen| (entry, chosen)));
    let fault = fault.at(span, "not known here");
    match chosen {
        Some((entry, chosen)) => fault.at(entry.node.span, format!("this is `{}`", kind.is(chosen))),
        None => fault.note(format!("`{}` is not given, so its default holds", kind.as_str())),
    }
}

pub(super) fn missing(key: &str, map: &Map, shape: &Shape<'_>, place: &Place<'_>) -> Diagnostic {
    let fault = Diagnostic::new(Code::MissingKey, format!("missing key `{key}`"));
    let fault = match place.taken.below(key).here {
        Some(null) => fault.at(null, "taken away here"),
        None if place.name.is_empty() => fault.at(beginning(place.at), ""),
        None => fault.at(place.at, format!("`{}` needs it", place.name)),
    };
    let fault = match in_long_form(key, map, place) {
        Some(help) => fault.help(help),
        None => fault,
    };
    let Some(schema) = shape.property(key) else { return fault };
    let fault = described(fault, key, schema);
    match schema.allowed.len() {
        1..=FEW => fault.note(format!("`{key}` is {}", expected(schema))),
        _ => fault,
    }
}

pub(super) fn alone(key: &str, span: Span, others: &[String]) -> Diagnostic {
    let others: Vec<&str> = others.iter().map(String::as_str).collect();
    let fault = Diagnostic::new(Code::MissingKey, format!("`{key}` means something only beside {}", one_of(&others)));
    fault.at(span, "nothing of that stands here")
}

/// A short form has no room for another key.
fn in_long_form(key: &str, map: &Map, place: &Place<'_>) -> Option<String> {
    let (first, entry) = map.first().filter(|(_, entry)| entry.key == entry.node.span)?;
    let value = entry.node.as_str()?;
    Some(format!("write the long form: `{}: {{{first}: {value}, {key}: …}}`", place.name))
}

pub(super) fn none_of(keys: &[String], place: &Place<'_>) -> Diagnostic {
    let known: Vec<&str> = keys.iter().map(String::as_str).collect();
    let fault = Diagnostic::new(Code::MissingKey, format!("one of {} is needed", listed(&known)));
    match keys.iter().find_map(|key| place.taken.below(key).here) {
        Some(null) => fault.at(null, "taken away here"),
        None => fault.at(place.at, "none of them stands here"),
    }
}

pub(super) fn both(first: &str, at: Span, second: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::WrongValue, format!("`{first}` and `{second}` cannot stand together"))
        .at(span, "take one of them away")
        .at(at, "the other one")
}

pub(super) fn wrong_type(node: &Node, schema: &Schema, place: &Place<'_>) -> Diagnostic {
    let expected = expected(schema);
    let message = format!("expected {}, found {}", with_short(&expected, schema), found(node));
    let fault = Diagnostic::new(Code::WrongType, message).at(node.span, format!("expected {expected}"));
    let fault = match type_help(node, schema) {
        Some(help) => fault.help(help),
        None => fault,
    };
    described(fault, place.name, schema)
}

/// What was found, as it was written: `1.10`, not 1.1.
fn found(node: &Node) -> String {
    match (&node.value, &node.written) {
        (Value::Integer(_) | Value::Float(_), Some(written)) => format!("the number `{written}`"),
        _ => node.describe(),
    }
}

fn expected(schema: &Schema) -> String {
    match schema.allowed.len() {
        1..=FEW => {
            let allowed: Vec<String> = schema.allowed.iter().map(shown).collect();
            one_of(&allowed.iter().map(String::as_str).collect::<Vec<_>>())
        }
        _ => schema.phrase(),
    }
}

fn with_short(expected: &str, schema: &Schema) -> String {
    let short = schema.short.as_ref().and_then(|key| Some((key, schema.properties.get(key)?)));
    match short {
        Some((key, below)) => format!("{expected}, or {} for `{key}`", below.phrase()),
        None => expected.to_owned(),
    }
}

/// What people mix up.
fn type_help(node: &Node, schema: &Schema) -> Option<String> {
    let wants = |expected: Type| schema.types.contains(&expected);
    match &node.value {
        Value::Integer(number) if schema.format == Some(Format::Percent) => Some(format!("write `{number}%`")),
        Value::Integer(_) | Value::Bool(_) | Value::Float(_) if wants_text(schema) => in_quotes(node, schema),
        Value::Text(text) if wants(Type::Integer) && text.parse::<i64>().is_ok() => Some("take the quotes away".into()),
        Value::Text(text) if wants(Type::Boolean) => boolean(text),
        Value::List(list) if is_by_name(schema) => Some(by_name(list)),
        Value::Null | Value::Map(_) | Value::List(_) => None,
        _ if schema.types == [Type::Array] => Some(as_list(node, schema)),
        _ => None,
    }
}

/// A list of what has names, as other tools want it.
fn by_name(list: &[Node]) -> String {
    let first = list.first().and_then(|item| item.get("name")).and_then(Node::as_str);
    match first.map(scalar) {
        Some(name) => format!("it is a map by name: write `{name}: …` in the place of `- name: {name}`"),
        None => "it is a map by name: write `NAME: …` for each, in the place of `- …`".into(),
    }
}

fn as_list(node: &Node, schema: &Schema) -> String {
    let text = node.written.as_deref().or(node.as_str()).unwrap_or("…");
    match schema.items.as_deref().is_some_and(wants_text) {
        true => format!("write a list: `[{}]`", scalar(text)),
        false => format!("write a list: `[{text}]`"),
    }
}

/// Quotes mend it only where the text would then be right.
fn in_quotes(node: &Node, schema: &Schema) -> Option<String> {
    let written = node.written.as_deref()?;
    if text_reason(written, schema).is_some() || !schema.allowed.is_empty() {
        return None;
    }
    match node.value {
        Value::Float(value) if value.to_string() != written => {
            Some(format!("write `\"{written}\"`: without quotes YAML reads the number {value}"))
        }
        _ => Some(format!("put quotes round it: `\"{written}\"`")),
    }
}

fn boolean(text: &str) -> Option<String> {
    match text.to_ascii_lowercase().as_str() {
        "yes" | "on" | "y" | "true" => Some("write `true`".into()),
        "no" | "off" | "n" | "false" => Some("write `false`".into()),
        _ => None,
    }
}

pub(super) fn wrong_value(node: &Node, schema: &Schema, place: &Place<'_>, wrong: &Wrong) -> Diagnostic {
    match wrong {
        Wrong::NotAllowed => not_allowed(node, schema, place),
        Wrong::Because(reason) => {
            let message = match (schema.format, node.as_str()) {
                (Some(format), Some(_)) => format!("{} is not {}", quoted(node), format.phrase()),
                _ if place.name.is_empty() => "wrong value".into(),
                _ => format!("wrong value for `{}`", place.name),
            };
            described(Diagnostic::new(Code::WrongValue, message).at(node.span, reason.clone()), place.name, schema)
        }
    }
}

fn not_allowed(node: &Node, schema: &Schema, place: &Place<'_>) -> Diagnostic {
    let allowed: Vec<String> = schema.allowed.iter().map(shown).collect();
    let allowed: Vec<&str> = allowed.iter().map(String::as_str).collect();
    let message = match place.name {
        "" => format!("{} is not allowed here", quoted(node)),
        name => format!("{} is no value of `{name}`", quoted(node)),
    };
    let fault = Diagnostic::new(Code::WrongValue, message).at(node.span, few(&allowed));
    match node.as_str() {
        Some(text) => fault.suggest(text, allowed.iter().copied()),
        None => fault,
    }
}

pub(super) fn nothing(node: &Node, schema: &Schema, place: &Place<'_>) -> Diagnostic {
    let name = if place.name.is_empty() { "this".into() } else { format!("`{}`", place.name) };
    let span = if node.span.start == node.span.end { place.at } else { node.span };
    let fault = Diagnostic::new(Code::WrongType, format!("{name} has no value: expected {}", schema.phrase()));
    described(fault.at(span, "nothing here"), place.name, schema).help("remove the key, or give it a value")
}

/// Adds what the schema says of the value.
fn described(fault: Diagnostic, name: &str, schema: &Schema) -> Diagnostic {
    match &schema.description {
        Some(description) if !name.is_empty() => fault.note(format!("`{name}`: {description}")),
        _ => fault,
    }
}

fn quoted(node: &Node) -> String {
    match &node.value {
        Value::Text(text) if text.chars().count() <= 60 && !text.contains('\n') => format!("`{text}`"),
        Value::Text(_) => "this text".into(),
        _ => node.describe(),
    }
}

fn shown(node: &Node) -> String {
    node.as_str().map_or_else(|| node.to_json().to_string(), str::to_owned)
}

/// `a`, `b`, `c`
pub(super) fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// `a`, `b` or `c`
fn one_of(names: &[&str]) -> String {
    match names {
        [before @ .., last] if !before.is_empty() => format!("{} or `{last}`", listed(before)),
        _ => listed(names),
    }
}

fn few(names: &[&str]) -> String {
    if names.len() > FEW { "not known".into() } else { format!("expected {}", one_of(names)) }
}

/// Where a document begins.
fn beginning(span: Span) -> Span {
    Span { end: span.start, ..span }
}
