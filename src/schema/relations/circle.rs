//! `x-acyclic`: entries of one collection that name each other, in a circle.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::schema::Schema;
use crate::source::{Node, Span, Value};

/// Whom each entry names, and where.
type Named<'n> = IndexMap<&'n str, Vec<(&'n str, Span)>>;

/// Each collection is a key of the root.
pub(super) fn check(root: &Node, schema: &Schema, sink: &mut Sink) {
    for (collection, entries) in root.as_map().into_iter().flatten() {
        let Some(entry) = schema.properties.get(collection).and_then(|schema| schema.additional.as_deref()) else {
            continue;
        };
        let named = |node| {
            let mut found = vec![];
            references(node, entry, collection, &mut found);
            found
        };
        let entries = entries.node.as_map().into_iter().flatten();
        circles(entries.map(|(name, entry)| (name.as_str(), named(&entry.node))).collect(), sink);
    }
}

fn references<'n>(node: &'n Node, schema: &Schema, collection: &str, found: &mut Vec<(&'n str, Span)>) {
    match &node.value {
        Value::Map(map) => {
            let variant = schema.variant(node);
            for (key, entry) in map {
                let below = schema.below(variant, key);
                below.into_iter().for_each(|below| references(&entry.node, below, collection, found));
            }
        }
        Value::List(list) => {
            let items = schema.items.as_deref();
            items.into_iter().for_each(|items| list.iter().for_each(|item| references(item, items, collection, found)));
        }
        Value::Text(name) => {
            let to = schema.refers_to.as_deref().unwrap_or_default();
            if schema.acyclic && to.rsplit('.').next() == Some(collection) {
                found.push((name, node.span));
            }
        }
        _ => {}
    }
}

/// Takes away what waits for nothing that is left, until each that is left leads into a circle; then circle by circle.
fn circles(mut named: Named<'_>, sink: &mut Sink) {
    loop {
        let left: BTreeSet<&str> = named.keys().copied().collect();
        let before = named.len();
        named.retain(|_, waits| waits.iter().any(|(other, _)| left.contains(other)));
        if named.len() < before {
            continue;
        }
        let Some(circle) = one(&named) else { return };
        sink.push(fault(&circle));
        named.retain(|name, _| !circle.iter().any(|(member, _)| member == name));
    }
}

/// Follows the first name that is left, until it comes to one where it was before.
fn one<'n>(named: &Named<'n>) -> Option<Vec<(&'n str, Span)>> {
    let mut way: IndexMap<&str, Span> = IndexMap::new();
    let mut name = *named.keys().next()?;
    loop {
        if let Some(first) = way.get_index_of(name) {
            return Some(way.into_iter().skip(first).collect());
        }
        let (next, span) = named.get(name)?.iter().find(|(other, _)| named.contains_key(other))?;
        way.insert(name, *span);
        name = next;
    }
}

fn fault(circle: &[(&str, Span)]) -> Diagnostic {
    let names: Vec<String> = circle.iter().map(|(name, _)| format!("`{name}`")).collect();
    let message = match names.as_slice() {
        [one] => format!("{one} waits for itself"),
        all => format!("{} wait for each other in a circle", all.join(", ")),
    };
    let labelled = |fault: Diagnostic, (name, span): &(&str, Span)| fault.at(*span, format!("`{name}` waits for it"));
    circle.iter().fold(Diagnostic::new(Code::Circle, message), labelled).help("take one of these away")
}
