//! Kubernetes objects, read as a program would read them.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::Failed;

/// Every document of a text that is not empty; the items of a `List` are documents of their own.
pub fn documents(text: &str) -> Result<Vec<Value>, Failed> {
    let mut all = Vec::new();
    for document in serde_yaml::Deserializer::from_str(text) {
        match Value::deserialize(document)? {
            Value::Null => {}
            Value::Object(mut list) if list.get("kind").is_some_and(|kind| kind == "List") => {
                all.extend(list.get_mut("items").and_then(Value::as_array_mut).map(std::mem::take).unwrap_or_default());
            }
            object => all.push(object),
        }
    }
    Ok(all)
}

/// `Kind namespace/name` of an object.
pub fn identity(object: &Value) -> String {
    let text = |path: &str| object.pointer(path).and_then(Value::as_str).unwrap_or_default();
    format!("{} {}/{}", text("/kind"), text("/metadata/namespace"), text("/metadata/name"))
}

/// The objects by what they are called.
pub fn by_identity(objects: Vec<Value>) -> BTreeMap<String, Value> {
    objects.into_iter().map(|object| (identity(&object), object)).collect()
}

/// In what two sets of objects differ.
pub fn differences(expected: &BTreeMap<String, Value>, actual: &BTreeMap<String, Value>) -> Vec<String> {
    let gone = expected.keys().filter(|name| !actual.contains_key(*name)).map(|name| format!("{name} is missing"));
    let new = actual.keys().filter(|name| !expected.contains_key(*name)).map(|name| format!("{name} is new"));
    let changed = expected.iter().filter(|(name, object)| actual.get(*name).is_some_and(|other| other != *object));
    gone.chain(new).chain(changed.map(|(name, _)| format!("{name} is another"))).collect()
}

/// Where an object is: its namespace, or its name in the cluster.
pub fn place(object: &Value) -> String {
    match object["metadata"]["namespace"].as_str() {
        Some(namespace) => namespace.to_owned(),
        None => identity(object),
    }
}
