//! Overlays: one layer laid over another.
//!
//! Takes two layers in long form; gives one in which maps are merged and everything else is replaced whole, each part with
//! the place of the layer it came from, and the nulls that took keys away; in a patch a null that takes nothing of
//! the layer below away is a value. Fault E0208: taking away what is not there.

use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::schema::check::Taken;
use crate::schema::{Schema, Tag};
use crate::source::{Entry, Map, Node, Span, Value};

pub(super) fn lay(base: &Node, over: &Node, schema: &Schema, sink: &mut Sink) -> (Node, Taken) {
    let mut taken = Taken::default();
    let node = Layers { sink }.lay(Some(base), over, Some(schema), &mut taken);
    (node, taken)
}

struct Layers<'a> {
    sink: &'a mut Sink,
}

impl Layers<'_> {
    fn lay(&mut self, base: Option<&Node>, over: &Node, schema: Option<&Schema>, taken: &mut Taken) -> Node {
        let Value::Map(changes) = &over.value else { return over.clone() };
        let kept = base.filter(|base| !changes_provider(base, over, schema));
        let mut map = kept.and_then(Node::as_map).cloned().unwrap_or_default();
        for (key, change) in changes {
            let keeps_nulls = schema.is_some_and(|schema| schema.keeps_nulls);
            if change.node.is_null() && (!keeps_nulls || map.contains_key(key)) {
                self.take(&mut map, key, change, taken);
            } else {
                let below = schema.and_then(|schema| if keeps_nulls { Some(schema) } else { below(schema, key) });
                self.put(&mut map, key, change, below, taken);
            }
        }
        let span = kept.filter(|base| base.as_map().is_some()).map_or(over.span, |base| base.span);
        Node::new(span, Value::Map(map))
    }

    fn put(&mut self, map: &mut Map, key: &str, change: &Entry, schema: Option<&Schema>, taken: &mut Taken) {
        let before = map.get(key);
        let merges = before.is_some_and(|before| before.node.as_map().is_some() && change.node.as_map().is_some());
        let span = before.filter(|_| merges).map_or(change.key, |before| before.key);
        let mut below = Taken::default();
        let node = self.lay(before.map(|before| &before.node), &change.node, schema, &mut below);
        if below != Taken::default() {
            taken.below.insert(key.to_owned(), below);
        }
        map.insert(key.to_owned(), Entry { key: span, node });
    }

    fn take(&mut self, map: &mut Map, key: &str, null: &Entry, taken: &mut Taken) {
        let span = place_of(null);
        if map.shift_remove(key).is_some() {
            taken.below.insert(key.to_owned(), Taken { here: Some(span), ..Taken::default() });
            return;
        }
        let fault = Diagnostic::new(Code::NothingToRemove, format!("there is no `{key}` to take away"));
        let fault = fault.at(span, "null takes a key of the layer below away");
        self.sink.push(fault.suggest(key, map.keys().map(String::as_str)));
    }
}

fn below<'s>(schema: &'s Schema, key: &str) -> Option<&'s Schema> {
    schema.properties.get(key).or(schema.additional.as_deref())
}

/// Another provider has other options: those of the old one fall away.
fn changes_provider(base: &Node, over: &Node, schema: Option<&Schema>) -> bool {
    let provider = |node: &Node| node.get(Tag::Provider.as_str()).map(|node| node.value.clone());
    let has_provider = schema.is_some_and(|schema| schema.tag == Tag::Provider);
    has_provider && provider(over).is_some_and(|new| new != Value::Null && Some(new) != provider(base))
}

/// An empty value has no bytes of its own.
fn place_of(null: &Entry) -> Span {
    if null.node.span.start == null.node.span.end { null.key } else { null.node.span }
}
