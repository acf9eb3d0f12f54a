//! Gateways and ListenerSets: their listeners, their class, their certificates.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::admission::admits_namespace;
use super::cause::Causes;
use super::certificate::{Certificates, Wanted};
use super::class::Classes;
use super::grant::{Granted, Grants};
use super::issuer::is_annotated;
use super::parent::Parent;
use crate::diagnostic::{Code, Sink};
use crate::link::fields::{called, field, items, path, text};
use crate::link::symbols::{Extent, Made, Symbols};
use crate::source::Node;
use crate::validate::Object;

pub const GROUP: &str = "gateway.networking.k8s.io";

/// The kinds that have listeners; routes name either (Gateway API, "ListenerSet").
pub const KINDS: [&str; 2] = ["Gateway", "ListenerSet"];

/// A Gateway or ListenerSet.
pub struct Gateway<'a> {
    pub object: &'a Object<'a>,
    pub listeners: Vec<Listener<'a>>,
}

#[derive(Debug, Clone, Copy)]
pub struct Listener<'a> {
    pub node: &'a Node,
    pub name: &'a str,
    pub hostname: Option<&'a Node>,
    pub port: Option<i64>,
    pub protocol: &'a str,
}

/// Each by its identity, the group apart: `Gateway shop/web`.
pub struct Gateways<'a>(BTreeMap<String, Gateway<'a>>);

impl<'a> Gateways<'a> {
    pub fn of(symbols: &Symbols<'a>) -> Self {
        let objects = symbols.objects.iter().filter(|object| object.group() == GROUP && KINDS.contains(&object.kind));
        let mut gateways: BTreeMap<String, Gateway> = BTreeMap::new();
        for object in objects {
            let gateway = Gateway::of(object);
            match gateways.entry(called(object)) {
                // Variants of one, side by side: a route may be for any of them.
                Entry::Occupied(first) => first.into_mut().listeners.extend(gateway.listeners),
                Entry::Vacant(free) => {
                    free.insert(gateway);
                }
            }
        }
        Self(gateways)
    }

    /// Among some manifests, one that says no namespace may be applied to any.
    pub fn get(&self, symbols: &Symbols, kind: &str, namespace: &str, name: &str) -> Option<&Gateway<'a>> {
        let nowhere = || self.0.get(&format!("{kind} {name}")).filter(|_| symbols.extent == Extent::Part);
        self.0.get(&format!("{kind} {}", path(namespace, name))).or_else(nowhere)
    }

    /// The names of those of a kind.
    pub fn names(&self, kind: &str) -> impl Iterator<Item = &'a str> {
        self.0.values().filter(move |gateway| gateway.object.kind == kind).map(|gateway| gateway.object.name)
    }

    pub fn check(
        &self,
        symbols: &Symbols,
        classes: &Classes,
        certificates: &Certificates,
        grants: &Grants,
        sink: &mut Sink,
    ) {
        let mut causes = Causes::default();
        for gateway in self.0.values() {
            let class = field(gateway.object.node, &["spec", "gatewayClassName"]);
            class.into_iter().for_each(|class| classes.check(symbols, gateway.object, class, &mut causes));
            for listener in &gateway.listeners {
                check_tls(symbols, gateway, listener, certificates, grants, sink);
            }
            if gateway.object.kind == "ListenerSet" {
                self.check_parent(symbols, gateway.object, sink);
            }
        }
        causes.tell(sink);
    }

    /// A Gateway takes no ListenerSets unless it says which (Gateway API, "GatewaySpec", `allowedListeners`).
    fn check_parent(&self, symbols: &Symbols, set: &Object, sink: &mut Sink) {
        let Some(parent) = field(set.node, &["spec", "parentRef"]) else { return };
        let Parent::Here { gateway, .. } = self.parent(symbols, set, parent, sink) else { return };
        let allowed = field(gateway.object.node, &["spec", "allowedListeners", "namespaces"]);
        if admits_namespace(symbols, allowed, "None", gateway.object, set) {
            return;
        }
        let message = format!("{} admits no listeners of {}", called(gateway.object), called(set));
        let fault = symbols.fault(Code::NotAdmitted, message, set, parent.span);
        let fault = Made::Object(gateway.object).beside(fault, "the Gateway");
        sink.push(fault.help("write `allowedListeners: {namespaces: {from: …}}` in it"));
    }
}

impl<'a> Gateway<'a> {
    fn of(object: &'a Object<'a>) -> Self {
        let listeners = items(object.node, &["spec", "listeners"]).iter().map(Listener::of);
        Self { object, listeners: listeners.collect() }
    }
}

impl<'a> Listener<'a> {
    fn of(node: &'a Node) -> Self {
        Self {
            node,
            name: text(node, &["name"]).unwrap_or_default(),
            hostname: node.get("hostname").filter(|hostname| hostname.as_str().is_some_and(|name| !name.is_empty())),
            port: node.get("port").and_then(Node::as_integer),
            protocol: text(node, &["protocol"]).unwrap_or_default(),
        }
    }

    /// None where it is for every host.
    pub fn host(&self) -> Option<&'a str> {
        self.hostname.and_then(Node::as_str)
    }
}

/// What a listener that ends TLS takes its certificate from.
fn check_tls(
    symbols: &Symbols,
    gateway: &Gateway,
    listener: &Listener,
    certificates: &Certificates,
    grants: &Grants,
    sink: &mut Sink,
) {
    let by = gateway.object;
    for reference in items(listener.node, &["tls", "certificateRefs"]) {
        let is_secret = text(reference, &["kind"]).unwrap_or("Secret") == "Secret"
            && text(reference, &["group"]).unwrap_or_default().is_empty();
        let Some(secret) = reference.get("name").filter(|_| is_secret) else { continue };
        let namespace = text(reference, &["namespace"]).unwrap_or(by.namespace_name());
        let is_own = namespace == by.namespace_name();
        if !grants.check(symbols, &Granted { by, kind: "Secret", namespace, name: secret }, sink) {
            continue;
        }
        let hosts = listener.hostname.into_iter().collect();
        // The certificate that an annotation asks for is written beside the Gateway, for the listener's host.
        let is_annotated = is_own && is_annotated(by) && listener.hostname.is_some();
        Wanted { by, namespace, secret, hosts, is_annotated }.check(symbols, certificates, sink);
    }
}
