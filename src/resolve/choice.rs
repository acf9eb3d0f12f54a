//! Which component provides each capability.
//!
//! Fault E0205: no such component, or one that provides something else. Keys that cannot be judged (their component is set
//! aside, or not known) are taken out of the tree, so that one mistake is one fault.

use super::layers::Layers;
use crate::component::{Catalog, Component};
use crate::diagnostic::{Code, Diagnostic, Sink, did_you_mean};
use crate::schema::Tag;
use crate::source::{Entry, Map, Node, Value};

/// The tree without what cannot be judged.
#[derive(Debug)]
pub(super) struct Chosen<'a> {
    pub tree: Node,
    pub components: Vec<&'a str>,
    /// Whether something was left out, told or not.
    pub left_out: bool,
    /// Capabilities whose provider is wrong: what depends on it is not judged.
    unclear: Vec<&'a str>,
}

/// The components that both layers together ask for, right or wrong.
pub(super) fn asked<'a>(layers: &Layers, catalog: &'a Catalog) -> Vec<&'a str> {
    let provider = |layer: &Node, capability: &str| {
        let slot = layer.get(capability)?;
        slot.get(Tag::Provider.as_str()).unwrap_or(slot).as_str().map(str::to_owned)
    };
    let of_layers = |capability: &String| {
        let over = layers.over.as_ref().and_then(|over| provider(over, capability));
        over.or_else(|| provider(&layers.base, capability))
    };
    let names = catalog.capabilities.keys().filter_map(of_layers);
    names.filter_map(|name| catalog.components.get_key_value(&name).map(|(id, _)| id.as_str())).collect()
}

pub(super) fn choose<'a>(merged: &Node, catalog: &'a Catalog, sink: &mut Sink) -> Chosen<'a> {
    let mut chosen = Chosen { tree: merged.clone(), components: vec![], left_out: false, unclear: vec![] };
    let Value::Map(map) = &mut chosen.tree.value else { return chosen };
    let before = map.len();
    map.retain(|key, entry| !is_set_aside(key, entry, catalog) && !told_as_component(key, entry, catalog, sink));
    for capability in catalog.capabilities.keys() {
        let provider = map.get(capability).and_then(|entry| entry.node.get(Tag::Provider.as_str()));
        let Some((node, name)) = provider.and_then(|node| Some((node, node.as_str()?))) else { continue };
        match catalog.providers(capability).find(|component| component.id == name) {
            Some(component) => chosen.components.push(&component.id),
            None => {
                sink.push(no_provider(name, node, capability, catalog));
                chosen.unclear.push(capability);
                map.shift_remove(capability);
            }
        }
    }
    chosen.left_out = map.len() < before;
    let collections = catalog.components.values().filter(|c| c.provides.collection.is_some());
    chosen.components.extend(collections.map(|component| component.id.as_str()));
    chosen
}

impl Chosen<'_> {
    /// N0212 for collections of components that are not chosen.
    pub fn remark(&self, catalog: &Catalog, sink: &mut Sink) {
        for (key, entry) in self.tree.as_map().into_iter().flatten() {
            let owners: Vec<&Component> =
                catalog.components.values().filter(|owner| owner.collections.contains_key(key)).collect();
            let is_chosen = |owner: &&Component| self.components.contains(&owner.id.as_str());
            let is_unclear = |owner: &&Component| self.is_unclear(owner);
            if !owners.is_empty() && !owners.iter().any(is_chosen) && !owners.iter().any(is_unclear) {
                sink.push(not_chosen(key, entry, &owners));
            }
        }
    }

    fn is_unclear(&self, owner: &Component) -> bool {
        owner.provides.capability.as_ref().is_some_and(|capability| self.unclear.contains(&capability.as_str()))
    }
}

fn not_chosen(key: &str, entry: &Entry, owners: &[&Component]) -> Diagnostic {
    let ways: Vec<String> = owners.iter().map(|owner| format!("`{}`", choosing(owner))).collect();
    let message = format!("`{key}` comes with {}, which is not chosen", ways.join(" or "));
    Diagnostic::new(Code::NotChosen, message).at(entry.key, "checked, and without effect")
}

/// `capability: component`, as it is written.
fn choosing(component: &Component) -> String {
    match &component.provides.capability {
        Some(capability) => format!("{capability}: {}", component.id),
        None => component.id.clone(),
    }
}

/// Its component is broken, and was told so.
fn is_set_aside(key: &str, entry: &Entry, catalog: &Catalog) -> bool {
    let known = catalog.components.values().any(|component| component.keys().any(|known| known == key));
    let provider = entry.node.get(Tag::Provider.as_str()).and_then(Node::as_str);
    let by_provider = provider.is_some_and(|name| catalog.set_aside.contains_key(name));
    by_provider || (!known && catalog.set_aside.values().any(|keys| keys.contains(key)))
}

/// A component's name where a capability's should stand.
fn told_as_component(key: &str, entry: &Entry, catalog: &Catalog, sink: &mut Sink) -> bool {
    let component = catalog.components.get(key).filter(|component| component.provides.capability.is_some());
    let Some(component) = component.filter(|_| !catalog.capabilities.contains_key(key)) else { return false };
    let fault = Diagnostic::new(Code::UnknownKey, format!("unknown key `{key}`"));
    let help = format!("`{key}` is a component: write `{}`", choosing(component));
    sink.push(fault.at(entry.key, "not known here").help(help));
    true
}

fn no_provider(name: &str, node: &Node, capability: &str, catalog: &Catalog) -> Diagnostic {
    let providers: Vec<&str> = catalog.providers(capability).map(|component| component.id.as_str()).collect();
    let listed = providers.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ");
    let fault = match catalog.components.get(name) {
        Some(other) => {
            let fault = Diagnostic::new(Code::UnknownComponent, format!("`{name}` does not provide `{capability}`"));
            fault.at(node.span, format!("it provides {}", provided(other)))
        }
        None => Diagnostic::new(Code::UnknownComponent, format!("no component is called `{name}`")).at(node.span, ""),
    };
    // `nginx` for `ingress-nginx`
    let part = providers.iter().find(|id| name.len() > 2 && id.contains(name));
    let fault = match (did_you_mean(name, providers.iter().copied()), part) {
        (Some(help), _) => fault.help(help),
        (None, Some(part)) => fault.help(format!("did you mean `{part}`?")),
        (None, None) => fault,
    };
    match providers.is_empty() {
        true => fault.note(format!("no component provides `{capability}`")),
        false => fault.note(format!("`{capability}` is provided by {listed}")),
    }
}

fn provided(component: &Component) -> String {
    match (&component.provides.capability, &component.provides.collection) {
        (Some(capability), _) => format!("`{capability}`"),
        (None, Some(collection)) => format!("the entries of `{collection}`"),
        (None, None) => "nothing".into(),
    }
}

/// The entries of a map, if it is one.
pub(super) fn entries(node: Option<&Node>) -> impl Iterator<Item = (&String, &Entry)> {
    node.and_then(Node::as_map).map(Map::iter).into_iter().flatten()
}
