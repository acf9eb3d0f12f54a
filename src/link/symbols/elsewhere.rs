//! Pods that no manifest shows: operators make them for custom resources.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use super::selector::{Labels, Selector, labels_at};
use crate::source::{Node, Value};
use crate::validate::Object;
use crate::validate::schemas::{Schemas, versions};

/// Objects of custom kinds, by namespace.
pub fn resources(objects: &[Object]) -> IndexMap<String, Vec<usize>> {
    let newest = versions().pop().unwrap_or_default();
    let mut natives: BTreeMap<&str, bool> = BTreeMap::new();
    let mut resources: IndexMap<String, Vec<usize>> = IndexMap::new();
    for (index, object) in objects.iter().enumerate() {
        let group = object.group();
        if !*natives.entry(group).or_insert_with(|| Schemas::is_native(newest, group)) {
            resources.entry(object.namespace_name().to_owned()).or_default().push(index);
        }
    }
    resources
}

/// Whether an operator may give the pods of a custom resource the labels of a selector: the resource has them somewhere, on
/// itself or for its pods, or they are its name.
pub fn may_make(object: &Object, selector: &Selector) -> bool {
    let mut labels = Labels::new();
    collect(object.node, &mut labels);
    let is_named = |value: &str| value == object.name;
    selector.labels().next().is_some()
        && selector.labels().all(|(key, value)| is_named(value) || labels.get(key).is_some_and(|known| known == value))
}

fn collect(node: &Node, labels: &mut Labels) {
    match &node.value {
        Value::Map(map) => {
            labels.extend(labels_at(node, &["labels"]));
            map.values().for_each(|entry| collect(&entry.node, labels));
        }
        Value::List(list) => list.iter().for_each(|node| collect(node, labels)),
        _ => {}
    }
}
