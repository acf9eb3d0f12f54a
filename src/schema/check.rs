//! Checking a node against a schema, and completing it.
//!
//! Takes what was written; gives the same tree with short forms spelt out and defaults filled, without what nobody knows.
//! Faults: E0201 unknown key, E0202 wrong type, E0203 missing key, E0204 wrong value; all of them at once. Names that refer
//! to an entry elsewhere are collected, not looked up.

mod keys;
mod object;
mod scalar;
mod wording;

#[cfg(test)]
pub(crate) mod tests;

use std::collections::BTreeMap;

use super::spell::short_form;
use super::{Schema, Type};
use crate::diagnostic::{Diagnostic, Sink};
use crate::source::{Node, Span, Value};

/// How a document is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// `platform.yaml`: values as they are. Defaults are filled, and keys `x-…` may stand on any map of fixed keys.
    Plain,
    /// `component.yaml`: a text with `{{` may stand for anything, and nothing is filled.
    Templated,
}

/// Checks a whole document.
pub fn check(node: &Node, schema: &Schema, mode: Mode, sink: &mut Sink) -> Node {
    let taken = Taken::default();
    let place = Place { name: "", at: start(node), taken: &taken };
    Checker::new(mode, sink).check(node, schema, &place)
}

/// The nulls that took keys away, by the way to them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Taken {
    /// The null that took this key.
    pub here: Option<Span>,
    pub below: BTreeMap<String, Taken>,
}

const NOTHING_TAKEN: &Taken = &Taken { here: None, below: BTreeMap::new() };

impl Taken {
    pub fn below(&self, key: &str) -> &Taken {
        self.below.get(key).unwrap_or(NOTHING_TAKEN)
    }
}

/// What a value is called, and where faults of the whole value point.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The key it stands under; empty at the root.
    pub name: &'a str,
    /// The key, or in a list where the item begins.
    pub at: Span,
    pub taken: &'a Taken,
}

/// A text that must be the name of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// What `x-refers-to` says: `connections`, `dataIntegration.connections`.
    pub to: String,
    pub name: String,
    pub span: Span,
}

/// One run over a document.
#[derive(Debug)]
pub struct Checker<'a> {
    mode: Mode,
    sink: &'a mut Sink,
    pub references: Vec<Reference>,
}

impl<'a> Checker<'a> {
    pub fn new(mode: Mode, sink: &'a mut Sink) -> Self {
        Self { mode, sink, references: vec![] }
    }

    /// The node as it is meant.
    pub fn check(&mut self, node: &Node, schema: &Schema, place: &Place<'_>) -> Node {
        if self.is_templated(node) && is_whole(node) {
            return node.clone();
        }
        if let Some(spelt) = short_form(node, schema) {
            return self.check(&spelt, schema, place);
        }
        match &node.value {
            _ if self.is_templated(node) => node.clone(),
            Value::Null if !is_anything(schema) => self.nothing(node, schema, place),
            Value::Map(map) if schema.admits(&node.value) => self.map(node, map, schema, place),
            Value::List(list) if schema.admits(&node.value) => self.list(node, list, schema, place),
            Value::Map(_) | Value::List(_) | Value::Null if is_anything(schema) => node.clone(),
            _ => self.scalar(node, schema, place),
        }
    }

    fn list(&mut self, node: &Node, list: &[Node], schema: &Schema, place: &Place<'_>) -> Node {
        self.length(node, list.len(), schema, place);
        let Some(items) = &schema.items else { return node.clone() };
        let checked = list.iter().map(|item| {
            let place = Place { name: place.name, at: start(item), taken: NOTHING_TAKEN };
            self.check(item, items, &place)
        });
        Node::new(node.span, Value::List(checked.collect()))
    }

    fn is_templated(&self, node: &Node) -> bool {
        self.mode == Mode::Templated && node.as_str().is_some_and(|text| text.contains("{{"))
    }

    fn push(&mut self, diagnostic: Diagnostic) {
        self.sink.push(diagnostic);
    }
}

/// Whether a text is one expression alone: its value may be of any type, a map in long form too.
pub(crate) fn is_whole(node: &Node) -> bool {
    let text = node.as_str().unwrap_or_default().trim();
    text.starts_with("{{") && text.ends_with("}}") && text.matches("{{").count() == 1
}

/// Whether a schema says nothing of a value's shape.
fn is_anything(schema: &Schema) -> bool {
    schema.types.is_empty() && schema.allowed.is_empty() && !schema.as_written
}

/// Where a value begins, for faults of the whole of it: a map that spans lines is shown by its first key.
fn start(node: &Node) -> Span {
    match &node.value {
        Value::Map(map) => map.first().map_or(node.span, |(_, entry)| entry.key),
        Value::List(list) => list.first().map_or(node.span, start),
        _ => node.span,
    }
}

/// Whether a map by name is what a schema describes.
fn is_by_name(schema: &Schema) -> bool {
    schema.types == [Type::Object] && schema.additional.is_some() && schema.properties.is_empty()
}
