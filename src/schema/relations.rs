//! What values of a document say of each other: `x-at-most`, `x-unique`, `x-not-first`, `x-acyclic`.
//!
//! Takes a checked and completed tree with its schema. Faults: E0204 (a duration that is longer than what it is a part of, a name
//! that is given twice, a first item that is about one before it), E0216 (entries that wait for each other in a circle).

mod circle;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use super::Schema;
use super::format::seconds;
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::source::{Map, Node, Span, Value};

/// Checks a whole document.
pub fn check(root: &Node, schema: &Schema, sink: &mut Sink) {
    Walk { around: vec![], sink }.node(root, schema, "");
    circle::check(root, schema, sink);
}

struct Walk<'a, 'n> {
    /// The maps around the node, the outermost first.
    around: Vec<&'n Map>,
    sink: &'a mut Sink,
}

impl<'n> Walk<'_, 'n> {
    fn node(&mut self, node: &'n Node, schema: &Schema, key: &str) {
        match &node.value {
            Value::Map(map) => {
                self.around.push(map);
                let variant = schema.variant(node);
                for (key, entry) in map {
                    let below = schema.below(variant, key);
                    below.into_iter().for_each(|below| self.node(&entry.node, below, key));
                }
                self.around.pop();
            }
            Value::List(list) => {
                schema.not_first.iter().for_each(|key| self.not_first(list, key));
                schema.unique.iter().for_each(|unique| self.unique(list, unique));
                let Some(items) = schema.items.as_deref() else { return };
                list.iter().for_each(|item| self.node(item, items, key));
            }
            _ => schema.at_most.iter().for_each(|limit| self.at_most(node, key, limit)),
        }
    }

    /// The limit stands in the map of the duration, or in one around it.
    fn at_most(&mut self, node: &Node, key: &str, limit: &str) {
        let own = usize::from(key == limit);
        let found = self.around.iter().rev().skip(own).find_map(|map| map.get(limit));
        let length = |node: &Node| node.as_str().and_then(seconds);
        let Some((found, most, given)) = found.and_then(|found| Some((found, length(&found.node)?, length(node)?)))
        else {
            return;
        };
        if given > most {
            let text = |node: &Node| node.as_str().unwrap_or_default().to_owned();
            let message = format!("`{key}` of {} is longer than the {} around it", text(node), text(&found.node));
            let fault = Diagnostic::new(Code::WrongValue, message).at(node.span, "it would never be reached");
            self.sink.push(fault.at(found.node.span, format!("`{limit}` ends it before")));
        }
    }

    fn not_first(&mut self, list: &[Node], key: &str) {
        let entry = list.first().and_then(Node::as_map).and_then(|first| first.get(key));
        if let Some(entry) = entry {
            let fault = Diagnostic::new(Code::WrongValue, format!("`{key}` cannot stand first"));
            self.sink.push(fault.at(entry.key, "it is about what stands before it"));
        }
    }

    fn unique(&mut self, list: &[Node], key: &str) {
        let mut seen = BTreeMap::<&str, Span>::new();
        let mut names = vec![];
        list.iter().for_each(|item| texts(item, key, &mut names));
        for (name, span) in names {
            if let Some(first) = seen.insert(name, span) {
                let message = format!("two of them have the {key} `{name}`");
                let fault = Diagnostic::new(Code::WrongValue, message).at(span, "the second one");
                self.sink.push(fault.at(first, "the first one").help("give one of them another"));
            }
        }
    }
}

/// Every text under a key, at any depth.
fn texts<'n>(node: &'n Node, key: &str, found: &mut Vec<(&'n str, Span)>) {
    match &node.value {
        Value::Map(map) => {
            for (name, entry) in map {
                match entry.node.as_str().filter(|_| name == key) {
                    Some(text) => found.push((text, entry.node.span)),
                    None => texts(&entry.node, key, found),
                }
            }
        }
        Value::List(list) => list.iter().for_each(|item| texts(item, key, found)),
        _ => {}
    }
}
