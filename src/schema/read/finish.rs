//! What can be said of a schema only once all its words are read.

use super::super::check::{Mode, check};
use super::super::format::Format;
use super::super::{Schema, Tag, Type};
use super::{Reader, key_span};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::source::{Map, Node};

impl Reader<'_> {
    pub(super) fn finish(&mut self, schema: &mut Schema, map: &Map) {
        infer_type(schema);
        close_tag(schema);
        // `cpu: 1` and `cpu: 0.5` are how people write quantities.
        schema.as_written |= schema.format == Some(Format::Quantity);
        let required = schema.required.clone();
        self.names(schema, map, "required", &required);
        let beside = schema.beside.iter().flat_map(|(key, others)| std::iter::once(key).chain(others));
        let beside: Vec<String> = beside.cloned().collect();
        self.names(schema, map, "x-beside", &beside);
        let one_of = schema.one_of.clone();
        self.names(schema, map, "x-one-of", &one_of);
        let short: Vec<String> = schema.short.iter().cloned().collect();
        self.names(schema, map, "x-short", &short);
        self.default(schema);
    }

    /// The keys that a word names must be keys of the map.
    fn names(&mut self, schema: &Schema, map: &Map, word: &str, names: &[String]) {
        if schema.additional.is_some() || schema.properties.is_empty() {
            return;
        }
        let unknown = names.iter().filter(|name| !schema.properties.contains_key(*name));
        for name in unknown {
            let Some(span) = key_span(map, word, schema) else { continue };
            let message = format!("`{word}` names `{name}`, which is none of the `properties`");
            let fault = Diagnostic::new(Code::Component, message).at(span, "");
            self.sink.push(fault.suggest(name, schema.properties.keys().map(String::as_str)));
        }
    }

    fn default(&mut self, schema: &Schema) {
        let Some(default) = &schema.default else { return };
        let mut found = Sink::default();
        check(default, schema, Mode::Plain, &mut found);
        let Some(first) = found.iter().next() else { return };
        let fault = Diagnostic::new(Code::Component, "this default does not pass its own schema");
        self.sink.push(fault.at(default.span, first.message.clone()));
    }
}

fn infer_type(schema: &mut Schema) {
    let object = !schema.properties.is_empty() || schema.additional.is_some() || !schema.variants.is_empty();
    if !schema.types.is_empty() {
        return;
    }
    if object {
        schema.types.push(Type::Object);
    } else if schema.items.is_some() {
        schema.types.push(Type::Array);
    }
}

/// The keys of `x-variants` are the values of `type`.
fn close_tag(schema: &mut Schema) {
    if schema.variants.is_empty() {
        return;
    }
    let Some(span) = schema.span else { return };
    let names: Vec<Node> = schema.variants.keys().map(|name| Node::text(span, name)).collect();
    let tag = schema.properties.entry(Tag::Type.as_str().to_owned()).or_default();
    tag.types = vec![Type::String];
    if tag.allowed.is_empty() {
        tag.allowed = names;
    }
}
