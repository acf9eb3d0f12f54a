//! A patch into an object, as Kubernetes merges what several have said about it.
//!
//! Maps are merged, null takes a key away. A list whose items Kubernetes tells apart by keys (`x-list-map-keys` in our
//! schemas; a CRD's own) is merged item by item; new items come last. Every other value is replaced whole. As in a strategic
//! merge patch, `$patch: delete` takes an item away, and `$patch: replace` keeps nothing of what was there.

use serde_json::Value as Json;

use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::source::{Entry, Map, Node, Span, Value};
use crate::validate::keys::At;

/// The key of an instruction in a strategic merge patch (Kubernetes docs, "Update API Objects in Place Using kubectl patch").
const DIRECTIVE: &str = "$patch";

pub(super) struct Merge<'a> {
    root: At<'a>,
    sink: &'a mut Sink,
    /// Where the key of a map stands that lost a key, and what took it.
    pub taken: Vec<(Span, Span)>,
}

impl<'a> Merge<'a> {
    /// Without a schema no list has keys.
    pub fn new(schema: Option<&'a Json>, sink: &'a mut Sink) -> Self {
        Self { root: At::root(schema), sink, taken: vec![] }
    }

    pub fn document(&mut self, node: &Node, patch: &Entry) -> Node {
        self.value(Some((node.span, node)), &patch.node, self.root)
    }

    /// `under` is what is patched, with the place that faults of the whole of it point at.
    fn value(&mut self, under: Option<(Span, &Node)>, patch: &Node, schema: At<'a>) -> Node {
        match &patch.value {
            Value::Map(changes) => self.map(under, patch, changes, schema),
            Value::List(items) => self.list(under.map(|(_, node)| node), patch, items, schema),
            _ => patch.clone(),
        }
    }

    fn map(&mut self, under: Option<(Span, &Node)>, patch: &Node, changes: &Map, schema: At<'a>) -> Node {
        let replaces = self.replaces(changes);
        let before = under.filter(|(_, node)| node.as_map().is_some() && !replaces);
        let mut map = before.and_then(|(_, node)| node.as_map()).cloned().unwrap_or_default();
        for (key, change) in changes.iter().filter(|(key, _)| *key != DIRECTIVE) {
            if change.node.is_null() {
                self.take(&mut map, key, change, before.map(|(place, _)| place));
                continue;
            }
            let old = map.get(key);
            let node = self.value(old.map(|old| (old.key, &old.node)), &change.node, schema.key(key));
            // What is replaced whole stands where the patch does.
            let merged = old.filter(|old| old.node.span == node.span);
            let span = merged.map_or(change.key, |old| old.key);
            map.insert(key.clone(), Entry { key: span, node });
        }
        Node::new(before.map_or(patch.span, |(_, node)| node.span), Value::Map(map))
    }

    fn take(&mut self, map: &mut Map, key: &str, null: &Entry, place: Option<Span>) {
        let span = if null.node.span.start == null.node.span.end { null.key } else { null.node.span };
        if map.shift_remove(key).is_some() {
            self.taken.extend(place.map(|place| (place, span)));
            return;
        }
        let fault = Diagnostic::new(Code::BadPatch, format!("there is no `{key}` to take away"));
        let fault = fault.at(span, "null takes a key of the object away");
        self.sink.push(fault.suggest(key, map.keys().map(String::as_str)));
    }

    fn list(&mut self, under: Option<&Node>, patch: &Node, items: &[Node], schema: At<'a>) -> Node {
        let keys = schema.keys();
        let before = under.and_then(Node::as_list).filter(|_| !keys.is_empty());
        let Some(before) = before else { return patch.clone() };
        let kind = schema.items();
        let mut list = before.to_vec();
        for item in items {
            self.item(&mut list, item, &keys, kind);
        }
        Node::new(under.map_or(patch.span, |node| node.span), Value::List(list))
    }

    fn item(&mut self, list: &mut Vec<Node>, item: &Node, keys: &[&str], schema: At<'a>) {
        let Some(identity) = schema.identity(item, keys) else {
            let fault = Diagnostic::new(Code::BadPatch, format!("an item of this list needs {}", both(keys)));
            return self.sink.push(fault.at(start(item), "it is not known which item is meant"));
        };
        let known = list.iter().position(|old| schema.identity(old, keys).as_ref() == Some(&identity));
        let deletes = item.get(DIRECTIVE).and_then(Node::as_str) == Some("delete");
        match known.and_then(|at| list.get_mut(at).map(|old| (at, old))) {
            Some((at, _)) if deletes => drop(list.remove(at)),
            Some((_, old)) => *old = self.value(Some((old.span, old)), item, schema),
            None if deletes => {
                let fault = Diagnostic::new(Code::BadPatch, "there is no such item to take away");
                self.sink.push(fault.at(start(item), format!("no item has {}", said(item, keys))));
            }
            None => list.push(self.value(None, item, schema)),
        }
    }

    /// Whether nothing is kept of what was there. Other directives than the two are faults.
    fn replaces(&mut self, changes: &Map) -> bool {
        let Some(entry) = changes.get(DIRECTIVE) else { return false };
        let replaces = entry.node.as_str() == Some("replace");
        if !replaces {
            let message = format!("`{DIRECTIVE}` here can only be `replace`");
            let fault = Diagnostic::new(Code::BadPatch, message).at(entry.node.span, "");
            self.sink.push(fault.help("a key is taken away by null, an item of a list with keys by `$patch: delete`"));
        }
        replaces
    }
}

/// "`containerPort` and `protocol`"
fn both(keys: &[&str]) -> String {
    keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(" and ")
}

/// "`name: tmp`"
fn said(item: &Node, keys: &[&str]) -> String {
    let fields = keys.iter().filter_map(|key| Some(format!("`{key}: {}`", scalar(item.get(key)?))));
    fields.collect::<Vec<_>>().join(" and ")
}

fn scalar(node: &Node) -> String {
    node.as_str().map_or_else(|| node.to_json().to_string(), str::to_owned)
}

/// Where an item begins: one that spans lines is shown by its first key.
fn start(item: &Node) -> Span {
    item.as_map().and_then(|map| map.first()).map_or(item.span, |(_, entry)| entry.key)
}

#[cfg(test)]
mod tests;
