//! Two trees, field by field.
//!
//! Maps are compared by key. Items of a list are matched by the keys by which Kubernetes tells them apart; where it knows
//! none, by the first of [`NAMES`] that all of them have; else by their place. What is null is not there, as the API server
//! has it. The order of items with keys of Kubernetes' own is no change; that of others is one.

use indexmap::IndexMap;
use serde_json::Value as Json;
use similar::{Algorithm, DiffTag, capture_diff_slices};

use super::path::{FieldPath, Step};
use super::rules::text;
use crate::source::{Node, Value};
use crate::validate::keys::At;
use crate::validate::quantity::Quantity;

/// By which people tell items apart.
const NAMES: [&str; 10] =
    ["name", "metadata.name", "alert", "record", "secretKey", "host", "path", "key", "port", "id"];

/// A field that is not the same.
#[derive(Debug, Clone)]
pub struct Field<'n> {
    pub path: FieldPath,
    pub old: Option<&'n Node>,
    pub new: Option<&'n Node>,
    /// Whether both sides mean the same, though they are written otherwise.
    pub means_the_same: bool,
}

/// What two trees differ in, in their order.
#[derive(Debug, Default)]
pub struct Fields<'n> {
    pub changed: Vec<Field<'n>>,
    /// Lists with keys whose items stand in another order.
    pub reordered: Vec<FieldPath>,
}

/// Compares two trees; `schema` is that of both.
pub fn fields<'n>(old: &'n Node, new: &'n Node, schema: Option<&Json>) -> Fields<'n> {
    let mut walk = Walk { path: vec![], found: Fields::default() };
    walk.value(Some(old), Some(new), At::root(schema));
    walk.found
}

/// Whether two trees are the same, wherever they stand.
pub fn is_same(one: &Node, other: &Node) -> bool {
    match (&one.value, &other.value) {
        (Value::Float(one), Value::Float(other)) => one.total_cmp(other).is_eq(),
        (Value::List(one), Value::List(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (Value::Map(one), Value::Map(other)) => {
            let same = |key, entry: &crate::source::Entry| {
                other.get(key).is_some_and(|other: &crate::source::Entry| is_same(&entry.node, &other.node))
            };
            one.len() == other.len() && one.iter().all(|(key, entry)| same(key.as_str(), entry))
        }
        (one, other) => one == other,
    }
}

struct Walk<'n> {
    path: Vec<Step>,
    found: Fields<'n>,
}

impl<'n> Walk<'n> {
    fn value(&mut self, old: Option<&'n Node>, new: Option<&'n Node>, schema: At) {
        let is_there = |node: &&'n Node| !node.is_null();
        let (old, new) = (old.filter(is_there), new.filter(is_there));
        match (old, new) {
            (None, None) => {}
            (Some(one), Some(other)) => match (&one.value, &other.value) {
                (Value::Map(_), Value::Map(_)) => self.map(one, other, schema),
                (Value::List(before), Value::List(after)) => self.list((one, before), (other, after), schema),
                _ if is_same(one, other) => {}
                _ => self.push(old, new, is_equal_quantity(one, other, schema)),
            },
            (Some(one), None) | (None, Some(one)) => self.push(old, new, is_default(one, schema)),
        }
    }

    fn map(&mut self, old: &'n Node, new: &'n Node, schema: At) {
        let keys = |node: &'n Node| node.as_map().into_iter().flat_map(|map| map.keys());
        let gone = keys(old).filter(|key| new.get(key).is_none());
        for key in keys(new).chain(gone) {
            self.below(Step::Key(key.clone()), old.get(key), new.get(key), schema.key(key));
        }
    }

    fn below(&mut self, step: Step, old: Option<&'n Node>, new: Option<&'n Node>, schema: At) {
        self.path.push(step);
        self.value(old, new, schema);
        self.path.pop();
    }

    fn list(&mut self, old: (&'n Node, &'n [Node]), new: (&'n Node, &'n [Node]), schema: At) {
        let ((_, before), (_, after)) = (old, new);
        let items = schema.items();
        let keys = schema.keys();
        let known = |list: &'n [Node]| by_keys(list, |item| label(&items.identity(item, &keys)?));
        if let (false, Some(before), Some(after)) = (keys.is_empty(), known(before), known(after)) {
            if !is_in_order(&before, &after) {
                self.found.reordered.push(FieldPath(self.path.clone()));
            }
            return self.items(&before, &after, items);
        }
        match by_name(before, after) {
            Some((before, after)) if is_in_order(&before, &after) => self.items(&before, &after, items),
            // In such a list the order may mean something.
            Some(_) => self.push(Some(old.0), Some(new.0), false),
            None => self.by_place(before, after, items),
        }
    }

    fn items(&mut self, before: &ByLabel<'n>, after: &ByLabel<'n>, schema: At) {
        for (label, new) in after {
            self.below(Step::Item(label.clone()), before.get(label).copied(), Some(*new), schema);
        }
        for (label, old) in before.iter().filter(|(label, _)| !after.contains_key(*label)) {
            self.below(Step::Item(label.clone()), Some(*old), None, schema);
        }
    }

    /// What both have in the same order is the same; what stands between is compared item by item.
    fn by_place(&mut self, before: &'n [Node], after: &'n [Node], schema: At) {
        let written = |list: &[Node]| list.iter().map(|node| node.to_json().to_string()).collect::<Vec<String>>();
        for step in capture_diff_slices(Algorithm::Myers, &written(before), &written(after)) {
            let (olds, news) = (step.old_range(), step.new_range());
            if step.tag() == DiffTag::Equal {
                continue;
            }
            for index in 0..olds.len().max(news.len()) {
                let (old, new) = (olds.clone().nth(index), news.clone().nth(index));
                let place = new.or(old).unwrap_or_default();
                let item = |list: &'n [Node], at: Option<usize>| list.get(at?);
                self.below(Step::Index(place), item(before, old), item(after, new), schema);
            }
        }
    }

    fn push(&mut self, old: Option<&'n Node>, new: Option<&'n Node>, means_the_same: bool) {
        self.found.changed.push(Field { path: FieldPath(self.path.clone()), old, new, means_the_same });
    }
}

type ByLabel<'n> = IndexMap<String, &'n Node>;

/// The items by their labels; none where one has none, or two have the same.
fn by_keys<'n>(list: &'n [Node], label: impl Fn(&Node) -> Option<String>) -> Option<ByLabel<'n>> {
    let labels: Option<ByLabel> = list.iter().map(|item| Some((label(item)?, item))).collect();
    labels.filter(|labels| labels.len() == list.len())
}

fn by_name<'n>(before: &'n [Node], after: &'n [Node]) -> Option<(ByLabel<'n>, ByLabel<'n>)> {
    let both = |label: &dyn Fn(&Node) -> Option<String>| {
        let (before, after) = (by_keys(before, label)?, by_keys(after, label)?);
        (!before.is_empty() && !after.is_empty()).then_some((before, after))
    };
    let at = |item: &Node, name: &str| text(name.split('.').try_fold(item, |item, key| item.get(key))?);
    // A scalar is its own name.
    NAMES.iter().find_map(|name| both(&|item| at(item, name))).or_else(|| both(&text))
}

/// `web`, `8080/TCP`
fn label(identity: &[Json]) -> Option<String> {
    let part = |value: &Json| match value {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    };
    Some(identity.iter().map(part).collect::<Option<Vec<_>>>()?.join("/"))
}

/// Whether the items that both have stand in one order.
fn is_in_order(before: &ByLabel, after: &ByLabel) -> bool {
    let shared = |one: &ByLabel, other: &ByLabel| -> Vec<String> {
        one.keys().filter(|label| other.contains_key(*label)).cloned().collect()
    };
    shared(before, after) == shared(after, before)
}

/// `1000m` and `1`
fn is_equal_quantity(one: &Node, other: &Node, schema: At) -> bool {
    let is_quantity = schema.schema.get("format").and_then(Json::as_str) == Some("quantity");
    let read = |node: &Node| Quantity::read(&text(node)?);
    is_quantity && read(one).is_some() && read(one) == read(other)
}

fn is_default(node: &Node, schema: At) -> bool {
    schema.default().is_some_and(|default| *default == node.to_json())
}
