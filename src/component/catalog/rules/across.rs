//! Components beside each other: capabilities and collections that several speak of.

use std::collections::BTreeMap;

use super::super::scope;
use super::{Word, entries, fault};
use crate::component::{Catalog, Component};
use crate::diagnostic::{Diagnostic, Sink};
use crate::resolve::input;
use crate::schema::Schema;
use crate::source::{Node, NodePath, Span};

/// The rules that need all components; one that breaks them is set aside.
pub(in super::super) fn across(catalog: &mut Catalog, sink: &mut Sink) {
    add_capabilities(catalog);
    let wrong = {
        let catalog = &*catalog;
        let components: Vec<&Component> = catalog.components.values().collect();
        sink.on_all_cores(&components, |component, sink| {
            keys(component, catalog, sink);
            capabilities(component, catalog, sink);
            exports(component, catalog, sink);
            references(component, catalog, sink);
            scope::check(component, catalog, sink);
            sink.has_errors().then(|| component.id.clone())
        })
    };
    for id in wrong.into_iter().flatten() {
        let keys = catalog.components.remove(&id).map(|component| component.keys().cloned().collect());
        catalog.set_aside.insert(id, keys.unwrap_or_default());
    }
}

/// A capability that nobody described demands no exports.
fn add_capabilities(catalog: &mut Catalog) {
    for component in catalog.components.values() {
        if let Some(name) = &component.provides.capability {
            catalog.capabilities.entry(name.clone()).or_default();
        }
    }
}

/// No two things may want one top-level key of platform.yaml.
fn keys(component: &Component, catalog: &Catalog, sink: &mut Sink) {
    let taken = owners(component, catalog);
    let description = &component.description;
    let provides = component.provides.capability.iter().chain(&component.provides.collection);
    let provides = provides.map(|key| (key, description.nearest(&NodePath::dotted("provides"))));
    let collections = component.collections.keys();
    let collections = collections.map(|key| (key, description.nearest(&NodePath::dotted("collections").key(key))));
    for (key, span) in provides.chain(collections) {
        let fixed = input::is_fixed(key).then(|| "platform.yaml itself".to_owned());
        if let Some(owner) = fixed.or_else(|| taken.get(key.as_str()).cloned()) {
            let message = format!("the key `{key}` belongs to {owner}");
            sink.push(fault(message, span, "call it otherwise"));
        }
    }
}

/// Who has which top-level key, seen from one component: providers of one capability may share all theirs.
fn owners<'a>(component: &Component, catalog: &'a Catalog) -> BTreeMap<&'a str, String> {
    let capability = component.provides.capability.as_deref();
    let others = catalog.components.values().filter(|other| other.id < component.id);
    let others = others.filter(|other| capability.is_none() || other.provides.capability.as_deref() != capability);
    let keys = others.flat_map(|other| other.keys().map(move |key| (key.as_str(), format!("`{}`", other.id))));
    let own = capability.into_iter();
    let known = catalog.capabilities.keys().map(String::as_str).filter(|name| own.clone().all(|own| own != *name));
    known.map(|name| (name, "the capability of that name".to_owned())).chain(keys).collect()
}

fn capabilities(component: &Component, catalog: &Catalog, sink: &mut Sink) {
    let list = |key: &str| component.description.get(key).and_then(Node::as_list).unwrap_or_default();
    let required = list("requires").iter().filter_map(|item| item.get("capability"));
    let within = entries(component, Word::Workloads).filter_map(|(_, entry)| entry.node.get("in"));
    for node in required.chain(list("uses")).chain(within) {
        let Some(name) = node.as_str().filter(|name| !name.contains("{{")) else { continue };
        if !catalog.capabilities.contains_key(name) {
            let message = format!("no capability is called `{name}`");
            sink.push(fault(message, node.span, "not known").suggest(name, known(catalog)));
        }
    }
}

fn known(catalog: &Catalog) -> impl Iterator<Item = &str> {
    catalog.capabilities.keys().map(String::as_str)
}

/// A provider exports what its capability promises to the others, but for values with a default.
fn exports(component: &Component, catalog: &Catalog, sink: &mut Sink) {
    let Some(name) = &component.provides.capability else { return };
    let Some(capability) = catalog.capabilities.get(name) else { return };
    let values = capability.values.iter().filter(|(_, schema)| schema.default.is_none());
    let values: Vec<&String> = values.map(|(name, _)| name).collect();
    let asked = [
        ("services", capability.services.keys().collect()),
        ("workloads", capability.workloads.keys().collect()),
        ("secrets", capability.secrets.keys().collect()),
        ("values", values),
    ];
    for (kind, export) in asked.iter().flat_map(|(kind, names)| names.iter().map(move |export| (*kind, *export))) {
        let path = NodePath::dotted("exports").key(kind);
        if component.description.at(&path.key(export)).is_none() {
            sink.push(not_exported(component, name, kind, export, component.description.nearest(&path)));
        }
    }
}

fn not_exported(component: &Component, capability: &str, kind: &str, export: &str, near: Span) -> Diagnostic {
    let span = match component.description.get("exports") {
        Some(_) => near,
        None => component.description.nearest(&NodePath::dotted("provides")),
    };
    let message = format!("a provider of `{capability}` must export `{kind}.{export}`");
    fault(message, span, "not exported").note(format!("`capabilities.yaml` says what `{capability}` is to others"))
}

/// `x-refers-to` names a collection that some component brings.
fn references(component: &Component, catalog: &Catalog, sink: &mut Sink) {
    let collections: Vec<&str> =
        catalog.components.values().flat_map(|other| other.collections.keys()).map(String::as_str).collect();
    let aside = |name: &str| catalog.set_aside.values().any(|keys| keys.contains(name));
    for schema in component.collections.values().chain([&component.options]) {
        each(schema, &mut |schema| {
            let Some(to) = &schema.refers_to else { return };
            let name = to.rsplit('.').next().unwrap_or_default();
            if !collections.contains(&name) && !aside(name) {
                let span = schema.span.unwrap_or(component.description.span);
                let message = format!("`x-refers-to: {to}` names no collection of a component");
                sink.push(fault(message, span, "").suggest(name, collections.iter().copied()));
            }
        });
    }
}

/// Calls `see` with a schema and all below it.
fn each(schema: &Schema, see: &mut impl FnMut(&Schema)) {
    see(schema);
    let below = schema.properties.values().chain(schema.variants.values());
    below.chain(schema.additional.as_deref()).chain(schema.items.as_deref()).for_each(|below| each(below, see));
}
