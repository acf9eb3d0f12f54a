//! ExternalSecret → its store: a SecretStore of its namespace, or a ClusterSecretStore (External Secrets docs, "API").
//!
//! The store that the `secrets` capability exports is the user's to make, as its component says. Among some manifests a
//! store that is missing is ordinary: it is told only where it looks like a misspelt one.

use super::{Place, called};
use crate::diagnostic::{Code, Diagnostic, Sink, misspelt, nearest};
use crate::link::symbols::{Extent, Made, Symbols};
use crate::resolve::input::lists;
use crate::source::Node;
use crate::validate::Object;

const GROUP: &str = "external-secrets.io";

pub(super) fn check(symbols: &Symbols, sink: &mut Sink) {
    for object in symbols.objects.iter().filter(|object| object.group() == GROUP) {
        let spec = object.node.get("spec");
        match (object.kind, spec) {
            ("ExternalSecret", Some(spec)) => of_external(spec).for_each(|store| one(symbols, object, store, sink)),
            ("PushSecret", Some(spec)) => {
                let stores = spec.get("secretStoreRefs").and_then(Node::as_list).unwrap_or_default();
                stores.iter().for_each(|store| one(symbols, object, store, sink));
            }
            _ => {}
        }
    }
}

/// The store of all keys, and those that single keys name instead.
fn of_external(spec: &Node) -> impl Iterator<Item = &Node> {
    let lists = ["data", "dataFrom"].into_iter().filter_map(|key| spec.get(key)?.as_list()).flatten();
    let own = lists.filter_map(|entry| entry.get("sourceRef")?.get("storeRef"));
    spec.get("secretStoreRef").into_iter().chain(own)
}

fn one(symbols: &Symbols, object: &Object, store: &Node, sink: &mut Sink) {
    let Some(name) = store.get("name") else { return };
    let kind = store.get("kind").and_then(Node::as_str).unwrap_or("SecretStore");
    if let Some(wanted) = name.as_str().filter(|wanted| !is_there(symbols, object, kind, wanted)) {
        sink.extend(unknown(symbols, object, kind, name, wanted));
    }
}

fn is_there(symbols: &Symbols, object: &Object, kind: &str, name: &str) -> bool {
    let namespace = object.namespace_name();
    let unplaced = symbols.extent == Extent::Part && namespace.is_empty();
    symbols.named(&format!("{kind}.{GROUP}"), namespace, name).is_some()
        || exported(symbols).any(|(of_kind, known)| (of_kind, known) == (kind, name))
        || lists(&symbols.external.secret_stores, namespace, name)
        || unplaced && symbols.anywhere(kind, name).is_some()
}

/// The stores that the providers of `secrets` read from: kind and name.
fn exported<'s>(symbols: &'s Symbols) -> impl Iterator<Item = (&'s str, &'s str)> {
    let instances = symbols.plan.map(|plan| plan.instances.as_slice()).unwrap_or_default();
    instances.iter().filter_map(|instance| {
        let store = instance.exports.values.get("store").filter(|_| instance.used.slot == "secrets")?;
        Some((store.get("kind")?.as_str()?, store.get("name")?.as_str()?))
    })
}

fn unknown(symbols: &Symbols, object: &Object, kind: &str, name: &Node, wanted: &str) -> Option<Diagnostic> {
    let of_kind = format!("{kind}.{GROUP}");
    let namespace = object.namespace_name();
    let ours = symbols.of_kind(&of_kind).filter(|store| store.namespace.as_deref().is_none_or(|of| of == namespace));
    let known: Vec<&str> = ours.map(|store| store.name).chain(exported(symbols).map(|(_, known)| known)).collect();
    let near = nearest(wanted, known.iter().copied());
    if symbols.extent == Extent::Part && misspelt(wanted, near).is_none() {
        return None;
    }
    let message = format!("{} reads from {kind} {wanted}, which is not there", called(object));
    let fault = Place::Object(object, name.span).absent(symbols, Code::UnknownStore, message);
    let fault = match near.and_then(|near| Some((near, symbols.named(&of_kind, namespace, near)?))) {
        Some((_, store)) => Made::Object(store).beside(fault, "the nearest one"),
        None => fault,
    };
    let fault = near.into_iter().fold(fault, |fault, near| fault.help(format!("did you mean `{near}`?")));
    Some(match symbols.extent {
        Extent::Whole => {
            fault.help(format!("if it is made elsewhere, say so: `external: {{secretStores: [{wanted}]}}`"))
        }
        Extent::Part => fault,
    })
}
