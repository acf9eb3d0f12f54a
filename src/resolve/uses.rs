//! The parts of a [`super::Platform`], from the checked tree.
//!
//! Faults: E0209 (unknown Kubernetes version).

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde::de::DeserializeOwned;

use super::input::{External, FIXED, Fixed, KUBERNETES, Waiver};
use super::{Use, choice};
use crate::component::{Catalog, Component};
use crate::diagnostic::{Code, Diagnostic, Sink, nearest};
use crate::schema::check::{Mode, check};
use crate::schema::{Schema, Tag};
use crate::source::typed::typed;
use crate::source::{Entry, Map, Node, NodePath, Span, Value};

/// Versions that are not known; those that are no text are told by the check.
pub(super) fn unknown_versions(merged: &Node, sink: &mut Sink) {
    for node in merged.get("kubernetes").and_then(Node::as_list).unwrap_or_default() {
        if let Some(version) = node.as_str().filter(|version| !KUBERNETES.contains(version)) {
            sink.push(unknown_version(version, Some(node.span)));
        }
    }
}

/// The versions in ascending order.
pub(super) fn versions(checked: &Node) -> Vec<String> {
    let nodes = checked.get("kubernetes").and_then(Node::as_list).unwrap_or_default();
    let wanted = |known: &&&str| nodes.iter().any(|node| node.as_str() == Some(**known));
    KUBERNETES.iter().filter(wanted).map(|known| (*known).to_owned()).collect()
}

/// In a file, or on the command line.
pub fn unknown_version(version: &str, place: Option<Span>) -> Diagnostic {
    let fault = Diagnostic::new(Code::UnknownVersion, format!("Kubernetes {version} is not known"));
    let fault = place.into_iter().fold(fault, |fault, span| fault.at(span, ""));
    let fault = fault.note(format!("known are {}", KUBERNETES.join(", ")));
    let minor = version.trim_start_matches('v').splitn(3, '.').take(2).collect::<Vec<_>>().join(".");
    match (KUBERNETES.contains(&minor.as_str()), beyond(&minor)) {
        (true, _) => fault.help(format!("write the minor version: `\"{minor}\"`")),
        (false, Some(help)) => fault.help(help),
        (false, None) => match nearest(version, KUBERNETES).filter(|_| version.chars().count() > 3) {
            Some(near) => fault.help(format!("did you mean `\"{near}\"`?")),
            None => fault,
        },
    }
}

/// What to do about a version that is older or newer than all that are known.
fn beyond(minor: &str) -> Option<String> {
    let number = |version: &str| version.strip_prefix("1.")?.parse::<u32>().ok();
    let (asked, oldest, newest) = (number(minor)?, *KUBERNETES.first()?, *KUBERNETES.last()?);
    if number(oldest)? > asked {
        Some(format!("the oldest that is known is `\"{oldest}\"`"))
    } else if number(newest)? < asked {
        Some(format!("the newest that is known is `\"{newest}\"`; a newer platformc may know this one"))
    } else {
        None
    }
}

pub(super) fn fixed(checked: &Node, sink: &mut Sink) -> Option<Fixed> {
    let entries = checked.as_map()?.iter().filter(|(key, _)| FIXED.properties.contains_key(*key));
    let map: Map = entries.map(|(key, entry)| (key.clone(), entry.clone())).collect();
    let told = |error: crate::source::typed::TypedError| {
        sink.push(Diagnostic::new(Code::WrongType, error.message).at(error.span, ""));
    };
    typed(&Node::new(checked.span, Value::Map(map))).map_err(told).ok()
}

/// What stands under `external`, in a file of its own.
pub fn external(node: &Node, sink: &mut Sink) -> Option<External> {
    read_as(node, FIXED.properties.get("external")?, sink)
}

/// What stands under `waivers`, in a file of its own that has only this key.
pub fn waivers(root: &Node, sink: &mut Sink) -> Option<Vec<Waiver>> {
    let mut schema = FIXED.clone();
    schema.properties.retain(|key, _| key == "waivers");
    schema.required = vec!["waivers".into()];
    let only: BTreeMap<String, Vec<Waiver>> = read_as(root, &schema, sink)?;
    only.into_values().next()
}

fn read_as<T: DeserializeOwned>(node: &Node, schema: &Schema, sink: &mut Sink) -> Option<T> {
    let mut found = Sink::default();
    let checked = check(node, schema, Mode::Plain, &mut found);
    found.iter().for_each(|fault| sink.push(fault.clone()));
    if found.has_errors() {
        return None;
    }
    typed(&checked).map_err(|error| sink.push(Diagnostic::new(Code::WrongType, error.message).at(error.span, ""))).ok()
}

pub(super) fn uses(checked: &Node, catalog: &Catalog) -> Vec<Use> {
    let map = checked.as_map();
    let slots = catalog.capabilities.keys().filter_map(|slot| {
        let entry = map?.get(slot)?;
        let component = catalog.components.get(entry.node.get(Tag::Provider.as_str())?.as_str()?)?;
        Some(used(component, slot, &component.id, NodePath::root().key(slot), entry))
    });
    let behind =
        catalog.components.values().filter_map(|component| Some((component, component.provides.collection.as_ref()?)));
    let entries = behind.flat_map(|(component, slot)| {
        let path = NodePath::root().key(slot);
        choice::entries(checked.get(slot)).map(move |(key, entry)| used(component, slot, key, path.key(key), entry))
    });
    slots.chain(entries).collect()
}

fn used(component: &Component, slot: &str, name: &str, path: NodePath, entry: &Entry) -> Use {
    let mut options = entry.node.as_map().cloned().unwrap_or_default();
    if component.provides.capability.is_some() {
        options.shift_remove(Tag::Provider.as_str());
    }
    let mut take = |key: &str| match component.options.properties.contains_key(key) {
        true => options.get(key).map(|entry| entry.node.clone()),
        false => options.shift_remove(key).map(|entry| entry.node),
    };
    let (namespace, version, values) = (take("namespace"), take("version"), take("values"));
    Use {
        component: component.id.clone(),
        slot: slot.to_owned(),
        name: name.to_owned(),
        path,
        options: Node::new(entry.node.span, Value::Map(options)),
        namespace,
        version,
        values,
        span: entry.key,
    }
}

/// Every collection in the file, and those of the chosen components that are not.
pub(super) fn collections(checked: &Node, catalog: &Catalog, chosen: &[&str]) -> IndexMap<String, Node> {
    let mut all = IndexMap::new();
    for component in catalog.components.values() {
        for name in component.collections.keys() {
            match checked.get(name) {
                Some(node) => drop(all.insert(name.clone(), node.clone())),
                None if chosen.contains(&component.id.as_str()) => {
                    all.insert(name.clone(), Node::new(checked.span, Value::Map(Map::new())));
                }
                None => {}
            }
        }
    }
    all
}
