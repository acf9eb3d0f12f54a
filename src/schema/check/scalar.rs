//! Scalars: type, allowed values, bounds, pattern, format.

use super::super::{Schema, Type};
use super::{Checker, Place, Reference, wording};
use crate::source::{Node, Value};

impl Checker<'_> {
    pub(super) fn scalar(&mut self, node: &Node, schema: &Schema, place: &Place<'_>) -> Node {
        let node = if schema.as_written { as_written(node) } else { node.clone() };
        if !schema.admits(&node.value) {
            self.push(wording::wrong_type(&node, schema, place));
            return node;
        }
        match self.reason(&node, schema) {
            Some(wrong) => self.push(wording::wrong_value(&node, schema, place, &wrong)),
            None => self.refer(&node, schema),
        }
        node
    }

    fn reason(&self, node: &Node, schema: &Schema) -> Option<Wrong> {
        if !schema.allowed.is_empty() && !schema.allowed.iter().any(|allowed| same(&allowed.value, &node.value)) {
            return Some(Wrong::NotAllowed);
        }
        match &node.value {
            Value::Text(text) => text_reason(text, schema),
            Value::Integer(number) => number_reason(*number as f64, schema),
            Value::Float(number) => number_reason(*number, schema),
            _ => None,
        }
    }

    fn refer(&mut self, node: &Node, schema: &Schema) {
        if let (Some(to), Value::Text(name)) = (&schema.refers_to, &node.value) {
            self.references.push(Reference { to: to.clone(), name: name.clone(), span: node.span });
        }
    }

    /// The number of a list's items.
    pub(super) fn length(&mut self, node: &Node, length: usize, schema: &Schema, place: &Place<'_>) {
        let length = length as u64;
        let wrong = match (schema.min_items, schema.max_items) {
            (Some(1), _) if length == 0 => "it is empty".to_owned(),
            (Some(least), _) if length < least => format!("it has {length} items, and {least} are the fewest"),
            (_, Some(most)) if length > most => format!("it has {length} items, and {most} are the most"),
            _ => return,
        };
        self.push(wording::wrong_value(node, schema, place, &Wrong::Because(wrong)));
    }

    /// A null in the base file.
    pub(super) fn nothing(&mut self, node: &Node, schema: &Schema, place: &Place<'_>) -> Node {
        self.push(wording::nothing(node, schema, place));
        node.clone()
    }
}

/// Why a value of the right type is wrong.
#[derive(Debug)]
pub(super) enum Wrong {
    /// It is none of the allowed ones.
    NotAllowed,
    /// A reason in words.
    Because(String),
}

pub(super) fn text_reason(text: &str, schema: &Schema) -> Option<Wrong> {
    let length = text.chars().count() as u64;
    let because = |reason: String| Some(Wrong::Because(reason));
    if let Some(Err(reason)) = schema.format.map(|format| format.check(text)) {
        return because(reason);
    }
    match (schema.min_length, schema.max_length, &schema.pattern) {
        (Some(1), ..) if length == 0 => because("it is empty".into()),
        (Some(least), ..) if length < least => because(format!("it is shorter than {least} characters")),
        (_, Some(most), _) if length > most => because(format!("it is longer than {most} characters")),
        (.., Some(pattern)) if !pattern.0.is_match(text) => because(format!("it does not match `{}`", pattern.0)),
        _ => None,
    }
}

fn number_reason(number: f64, schema: &Schema) -> Option<Wrong> {
    match (schema.minimum, schema.maximum) {
        (Some(least), _) if number < least => Some(Wrong::Because(format!("it is below {least}"))),
        (_, Some(most)) if number > most => Some(Wrong::Because(format!("it is above {most}"))),
        (Some(_), _) | (_, Some(_)) if number.is_nan() => Some(Wrong::Because("it is not a number".into())),
        _ => None,
    }
}

/// Any scalar as the text that was written.
fn as_written(node: &Node) -> Node {
    let text = match (&node.value, &node.written) {
        (Value::Text(_) | Value::Null | Value::List(_) | Value::Map(_), _) => return node.clone(),
        (_, Some(written)) => written.to_string(),
        (Value::Bool(value), None) => value.to_string(),
        (Value::Integer(value), None) => value.to_string(),
        (Value::Float(value), None) => value.to_string(),
    };
    Node::text(node.span, text)
}

/// Whether two values are the same wherever they stand.
pub(super) fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::List(left), Value::List(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(&left.value, &right.value))
        }
        (Value::Map(left), Value::Map(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .all(|(key, entry)| right.get(key).is_some_and(|other| same(&entry.node.value, &other.node.value)))
        }
        (left, right) => left == right,
    }
}

/// Whether a schema takes texts and nothing else.
pub(super) fn wants_text(schema: &Schema) -> bool {
    schema.types == [Type::String]
}
