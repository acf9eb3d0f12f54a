//! A schema from what a component's description says of its options.
//!
//! Takes a node; gives a [`Schema`] and faults E0213: words that are no words of ours, values of the wrong type, names that
//! nothing has, a default that its own schema refuses. `json` reads the schemas of our Rust types.

mod finish;
mod json;
mod keyword;
#[cfg(test)]
mod tests;

pub use json::schema_of;
pub use keyword::{KEYWORDS, Keyword, Takes};

use indexmap::IndexMap;

use super::format::Format;
use super::{Pattern, Schema, Type};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::source::{Entry, Map, Node, Span, Value};

/// Reads a schema; what is wrong in it goes to the sink and is left out.
pub fn read(node: &Node, sink: &mut Sink) -> Schema {
    Reader { sink }.schema(node)
}

struct Reader<'a> {
    sink: &'a mut Sink,
}

impl Reader<'_> {
    fn schema(&mut self, node: &Node) -> Schema {
        let mut schema = Schema { span: Some(node.span), ..Schema::default() };
        let Some(map) = node.as_map() else {
            self.expected("a schema, which is a map", node);
            return schema;
        };
        for (key, entry) in map {
            self.entry(&mut schema, key, entry);
        }
        self.finish(&mut schema, map);
        schema
    }

    fn entry(&mut self, schema: &mut Schema, key: &str, entry: &Entry) {
        match Keyword::named(key) {
            Some(keyword) if keyword.takes.admits(&entry.node.value) => self.keyword(schema, key, &entry.node),
            Some(keyword) => self.expected(keyword.takes.phrase(), &entry.node),
            None => self.unknown(key, entry.key),
        }
    }

    fn keyword(&mut self, schema: &mut Schema, key: &str, node: &Node) {
        match key {
            "type" => schema.types = self.types(node),
            "description" => schema.description = text(node),
            "properties" => schema.properties = self.schemas(node),
            "required" => schema.required = self.texts(node),
            "additionalProperties" => schema.additional = self.additional(node),
            "propertyNames" => schema.property_names = Some(Box::new(self.schema(node))),
            "items" => schema.items = Some(Box::new(self.schema(node))),
            "default" => schema.default = Some(node.clone()),
            "const" => schema.allowed = vec![node.clone()],
            "enum" => schema.allowed = node.as_list().unwrap_or_default().to_vec(),
            "pattern" => schema.pattern = self.pattern(node),
            "format" => schema.format = self.format(node),
            "x-short" => schema.short = text(node),
            "x-one-of" => schema.one_of = self.texts(node),
            "x-beside" => schema.beside = self.names_by_key(node),
            "x-variants" => schema.variants = self.schemas(node),
            "x-refers-to" => schema.refers_to = text(node),
            "x-acyclic" => schema.acyclic = node.value == Value::Bool(true),
            "x-at-most" => schema.at_most = text(node),
            "x-not-first" => schema.not_first = text(node),
            "x-unique" => schema.unique = text(node),
            "x-as-written" => schema.as_written = node.value == Value::Bool(true),
            _ => self.bound(schema, key, node),
        }
    }

    fn bound(&mut self, schema: &mut Schema, key: &str, node: &Node) {
        let count = node.as_integer().and_then(|number| u64::try_from(number).ok());
        match key {
            "minimum" => schema.minimum = number(node),
            "maximum" => schema.maximum = number(node),
            "minLength" => schema.min_length = count,
            "maxLength" => schema.max_length = count,
            "minItems" => schema.min_items = count,
            "maxItems" => schema.max_items = count,
            _ => {}
        }
    }

    fn types(&mut self, node: &Node) -> Vec<Type> {
        let nodes = node.as_list().unwrap_or(std::slice::from_ref(node));
        nodes.iter().filter_map(|node| self.one_type(node)).collect()
    }

    fn one_type(&mut self, node: &Node) -> Option<Type> {
        let name = node.as_str().unwrap_or_default();
        let found = Type::ALL.iter().copied().find(|known| known.as_str() == name);
        if found.is_none() {
            let known: Vec<&str> = Type::ALL.iter().map(|known| known.as_str()).collect();
            self.not_known("type", node, &known);
        }
        found
    }

    fn format(&mut self, node: &Node) -> Option<Format> {
        let found = Format::named(node.as_str().unwrap_or_default());
        if found.is_none() {
            let known: Vec<&str> = Format::ALL.iter().map(|known| known.as_str()).collect();
            self.not_known("format", node, &known);
        }
        found
    }

    fn pattern(&mut self, node: &Node) -> Option<Pattern> {
        match regex::Regex::new(node.as_str()?) {
            Ok(regex) => Some(Pattern(regex)),
            Err(error) => {
                let reason = error.to_string();
                let reason = reason.lines().last().unwrap_or_default().trim_start_matches("error: ");
                self.fault(node.span, "this pattern is no regular expression", reason);
                None
            }
        }
    }

    fn additional(&mut self, node: &Node) -> Option<Box<Schema>> {
        match node.value {
            Value::Bool(false) => None,
            Value::Bool(true) => Some(Box::default()),
            _ => Some(Box::new(self.schema(node))),
        }
    }

    fn schemas(&mut self, node: &Node) -> IndexMap<String, Schema> {
        let entries = node.as_map().into_iter().flatten();
        entries.map(|(key, entry)| (key.clone(), self.schema(&entry.node))).collect()
    }

    fn texts(&mut self, node: &Node) -> Vec<String> {
        let mut texts = vec![];
        for item in node.as_list().unwrap_or_default() {
            match item.as_str() {
                Some(text) => texts.push(text.to_owned()),
                None => self.expected("a text", item),
            }
        }
        texts
    }

    fn names_by_key(&mut self, node: &Node) -> IndexMap<String, Vec<String>> {
        let mut names = IndexMap::new();
        for (key, entry) in node.as_map().into_iter().flatten() {
            match entry.node.as_list() {
                Some(_) => drop(names.insert(key.clone(), self.texts(&entry.node))),
                None => self.expected("a list of texts", &entry.node),
            }
        }
        names
    }

    fn unknown(&mut self, key: &str, span: Span) {
        let message = format!("unknown word `{key}` in a schema");
        let fault = Diagnostic::new(Code::Component, message).at(span, "not known here");
        self.sink.push(match instead(key) {
            Some(help) => fault.help(help),
            None => fault.suggest(key, KEYWORDS.iter().map(|keyword| keyword.name)),
        });
    }

    fn not_known(&mut self, what: &str, node: &Node, known: &[&str]) {
        let wrong = node.as_str().unwrap_or_default();
        let fault = Diagnostic::new(Code::Component, format!("unknown {what} `{wrong}`"))
            .at(node.span, "not known")
            .note(format!("known are {}", known.join(", ")));
        self.sink.push(fault.suggest(wrong, known.iter().copied()));
    }

    fn expected(&mut self, what: &str, node: &Node) {
        let message = format!("expected {what}, found {}", node.describe());
        self.fault(node.span, &message, "");
    }

    fn fault(&mut self, span: Span, message: &str, label: &str) {
        self.sink.push(Diagnostic::new(Code::Component, message).at(span, label));
    }
}

/// What to say in place of a word of JSON Schema that is left out on purpose.
fn instead(key: &str) -> Option<&'static str> {
    match key {
        "anyOf" | "oneOf" | "not" | "allOf" => Some(
            "a fault must be about one branch: `x-one-of` names keys of which one stands, `x-variants` chooses by `type`",
        ),
        "if" | "then" | "else" => Some("`x-variants` chooses further keys by the value of `type`"),
        "$ref" | "$defs" | "definitions" => Some("write the schema out where it is used"),
        "nullable" => Some("null takes a key away in an overlay, so no option may be null"),
        _ => None,
    }
}

fn text(node: &Node) -> Option<String> {
    node.as_str().map(str::to_owned)
}

fn number(node: &Node) -> Option<f64> {
    match node.value {
        Value::Integer(number) => Some(number as f64),
        Value::Float(number) => Some(number),
        _ => None,
    }
}

/// The span of a key, or of the whole where the key is not there.
fn key_span(map: &Map, key: &str, schema: &Schema) -> Option<Span> {
    map.get(key).map(|entry| entry.key).or(schema.span)
}
