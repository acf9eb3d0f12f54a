//! Whether a kind can stand where a schema says what is wanted.

use crate::component::expression::{Kind, Record};
use crate::schema::{Schema, Type};
use crate::source::Node;

/// Why no value of the kind can stand there, or not every one; none where all can, as far as is known.
pub(super) fn unfit(kind: &Kind, schema: &Schema) -> Option<String> {
    match (kind, schema.short.as_ref().and_then(|key| schema.properties.get(key))) {
        (Kind::Any | Kind::Never | Kind::None, _) => None,
        (Kind::Map(_) | Kind::Record(_), _) | (_, None) => unfit_itself(kind, schema),
        (kind, Some(short)) => unfit(kind, short),
    }
}

fn unfit_itself(kind: &Kind, schema: &Schema) -> Option<String> {
    if !takes(kind, schema) {
        return Some(format!("expected {}, and this is {}", wanted(schema), kind.called()));
    }
    match kind {
        Kind::Choice(choices) => choices.iter().find_map(|text| not_allowed(text, &schema.allowed)),
        Kind::List(items) => schema.items.as_deref().and_then(|below| unfit(items.required(), below)),
        Kind::Map(values) => schema.additional.as_deref().and_then(|below| unfit(values.required(), below)),
        Kind::Record(record) => unfit_record(record, schema),
        _ => None,
    }
}

fn takes(kind: &Kind, schema: &Schema) -> bool {
    let takes = |one: Type| schema.types.is_empty() || schema.types.contains(&one);
    match kind {
        Kind::Boolean => takes(Type::Boolean) || schema.as_written,
        Kind::Integer => takes(Type::Integer) || takes(Type::Number) || schema.as_written,
        Kind::Number => takes(Type::Number) || schema.as_written,
        Kind::Text | Kind::Choice(_) => takes(Type::String) || schema.as_written,
        Kind::OneOf(kinds) => kinds.iter().all(|kind| self::takes(kind, schema)),
        Kind::List(_) => takes(Type::Array),
        Kind::Map(_) | Kind::Record(_) => takes(Type::Object),
        Kind::Optional(_) | Kind::None | Kind::Never | Kind::Any => true,
    }
}

fn wanted(schema: &Schema) -> String {
    let names = schema.types.iter().map(|one| match one {
        Type::Object => "a map",
        Type::Array => "a list",
        Type::String => "a text",
        Type::Integer => "an integer",
        Type::Number => "a number",
        Type::Boolean => "a boolean",
    });
    names.collect::<Vec<_>>().join(" or ")
}

fn not_allowed(text: &str, allowed: &[Node]) -> Option<String> {
    let known = allowed.iter().filter_map(Node::as_str).collect::<Vec<_>>();
    let unfit = !allowed.is_empty() && !known.contains(&text);
    unfit.then(|| format!("this may be `{text}`, and expected is one of {}", known.join(", ")))
}

fn unfit_record(record: &Record, schema: &Schema) -> Option<String> {
    let closed = schema.additional.is_none() && !schema.properties.is_empty();
    record.members.iter().find_map(|(name, kind)| {
        let below = schema.properties.get(name).or(schema.additional.as_deref());
        match below {
            None if closed && schema.variants.is_empty() => Some(format!("`{name}` of this map is not known here")),
            None => None,
            Some(below) => unfit(kind.required(), below).map(|why| format!("`{name}`: {why}")),
        }
    })
}
