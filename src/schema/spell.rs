//! Short forms spelt out: `x-short: KEY` makes a scalar or list mean `{KEY: it}`.
//!
//! Takes one layer of a document; gives the same layer in long form. It runs before overlays merge, so that a short form in
//! one layer meets the long form in another. What the layer leaves open (the provider of a capability, the type of a
//! variant) is read from the layer below. No faults.

use std::borrow::Cow;

use super::{Schema, Tag};
use crate::source::{Entry, Map, Node, Value};

/// The layer in long form; `below` is the spelt layer that it lies on.
pub fn spell(node: &Node, schema: &Schema, below: Option<&Node>) -> Node {
    let node = short_form(node, schema).map_or(Cow::Borrowed(node), Cow::Owned);
    match &node.value {
        Value::Map(map) => Node::new(node.span, Value::Map(spell_map(&node, map, schema, below))),
        Value::List(list) => match &schema.items {
            Some(items) => {
                Node::new(node.span, Value::List(list.iter().map(|item| spell(item, items, None)).collect()))
            }
            None => node.into_owned(),
        },
        _ => node.into_owned(),
    }
}

fn spell_map(node: &Node, map: &Map, schema: &Schema, below: Option<&Node>) -> Map {
    let below = below.filter(|below| !is_of_another(node, below, schema));
    let variant = chosen(node, schema, below);
    let spelt = map.iter().map(|(key, entry)| {
        let under = below.and_then(|below| below.get(key));
        let node = match schema.below(variant, key) {
            Some(known) => spell(&entry.node, known, under),
            None => entry.node.clone(),
        };
        (key.clone(), Entry { key: entry.key, node })
    });
    spelt.collect()
}

/// Another provider's options say nothing of this one's.
fn is_of_another(node: &Node, below: &Node, schema: &Schema) -> bool {
    let tag = schema.tag.as_str();
    let other = node.get(tag).is_some_and(|new| below.get(tag).is_none_or(|old| old.value != new.value));
    schema.tag == Tag::Provider && other
}

/// The variant of this layer: the layer's own tag counts, then that of the layer below, then the default.
fn chosen<'a>(node: &Node, schema: &'a Schema, below: Option<&Node>) -> Option<&'a Schema> {
    match below {
        Some(below) if node.get(schema.tag.as_str()).is_none() => schema.variant(below),
        _ => schema.variant(node),
    }
}

/// The long form of a scalar or list, if this is a short form.
pub fn short_form(node: &Node, schema: &Schema) -> Option<Node> {
    let key = schema.short.as_ref()?;
    if matches!(node.value, Value::Null | Value::Map(_)) || !may_be_short(node, key, schema) {
        return None;
    }
    let entry = Entry { key: node.span, node: node.clone() };
    Some(Node::new(node.span, Value::Map(Map::from_iter([(key.clone(), entry)]))))
}

/// A list is no short form of a scalar: it is a fault of its own, and a clearer one.
fn may_be_short(node: &Node, key: &str, schema: &Schema) -> bool {
    let Value::List(_) = node.value else { return true };
    schema.properties.get(key).is_none_or(|below| below.short.is_some() || below.admits(&node.value))
}

#[cfg(test)]
mod tests {
    use super::super::check::tests::{node, schema};
    use super::spell;

    const STORAGE: &str = "
properties:
  storage:
    type: object
    x-short: type
    properties: {type: {type: string, default: minio}}
    x-variants:
      minio: {properties: {size: {type: string}}}
      s3: {properties: {bucket: {type: object, x-short: name, properties: {name: {type: string}}}}}
  steps: {type: array, items: {type: object, x-short: sync, properties: {sync: {type: string}}}}
";

    fn spelt(layer: &str, below: Option<&str>) -> String {
        let below = below.map(node);
        spell(&node(layer), &schema(STORAGE), below.as_ref()).to_json().to_string()
    }

    #[test]
    fn scalars_become_maps_at_every_depth() {
        assert_eq!(spelt("storage: s3", None), r#"{"storage":{"type":"s3"}}"#);
        assert_eq!(spelt("steps: [a, {sync: b}]", None), r#"{"steps":[{"sync":"a"},{"sync":"b"}]}"#);
    }

    #[test]
    fn the_layer_below_says_which_variant_it_is() {
        let layer = "storage: {bucket: logs}";
        assert_eq!(spelt(layer, None), r#"{"storage":{"bucket":"logs"}}"#);
        assert_eq!(spelt(layer, Some("storage: {type: s3}")), r#"{"storage":{"bucket":{"name":"logs"}}}"#);
    }

    #[test]
    fn null_is_no_short_form() {
        assert_eq!(spelt("storage: null", None), r#"{"storage":null}"#);
    }
}
