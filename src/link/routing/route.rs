//! Routes of the Gateway API: their parents admit them and their hosts, their backends are there and may be referred to.

use super::admission::refusal;
use super::backend::Reference;
use super::gateway::{GROUP, Gateway, Gateways, Listener};
use super::grant::{Granted, Grants};
use super::hosts::meet;
use super::parent::Parent;
use crate::diagnostic::{Code, Sink};
use crate::link::fields::{called, field, items, listed, text};
use crate::link::symbols::{Made, Symbols, Target};
use crate::source::Node;
use crate::validate::Object;

const KINDS: [&str; 5] = ["HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute"];

pub fn check(symbols: &Symbols, gateways: &Gateways, grants: &Grants, sink: &mut Sink) {
    for route in symbols.objects.iter().filter(|object| object.group() == GROUP && KINDS.contains(&object.kind)) {
        check_hosts(symbols, route, &attached(symbols, gateways, route, sink), sink);
        for rule in items(route.node, &["spec", "rules"]) {
            for backend in backends(rule) {
                check_backend(symbols, route, backend, grants, sink);
            }
        }
    }
}

/// The listeners that a route is attached to.
pub struct Attached<'g, 'a> {
    pub parent: &'a Node,
    pub gateway: &'g Gateway<'a>,
    pub listeners: Vec<&'g Listener<'a>>,
}

/// Every parent of a route that is here; none where one is not, since that one may take any host.
pub fn attached<'g, 'a>(
    symbols: &Symbols,
    gateways: &'g Gateways<'a>,
    route: &Object<'a>,
    sink: &mut Sink,
) -> Option<Vec<Attached<'g, 'a>>> {
    let parents = items(route.node, &["spec", "parentRefs"]);
    let found = parents.iter().map(|parent| match gateways.parent(symbols, route, parent, sink) {
        Parent::Here { gateway, listeners } => admitted(symbols, route, Attached { parent, gateway, listeners }, sink),
        Parent::Elsewhere => None,
    });
    // Each is looked at, also behind one that is not here.
    found.collect::<Vec<_>>().into_iter().collect()
}

/// Those listeners that admit the route by its kind and namespace.
fn admitted<'g, 'a>(
    symbols: &Symbols,
    route: &Object,
    mut attached: Attached<'g, 'a>,
    sink: &mut Sink,
) -> Option<Attached<'g, 'a>> {
    let gateway = attached.gateway;
    let why = attached.listeners.iter().find_map(|listener| {
        refusal(symbols, gateway, listener, route).map(|why| format!("the listener `{}` {why}", listener.name))
    });
    attached.listeners.retain(|listener| refusal(symbols, gateway, listener, route).is_none());
    match why {
        Some(why) if attached.listeners.is_empty() => {
            let message = format!("{} is not admitted by {}", called(route), called(gateway.object));
            let place = attached.parent.get("name").unwrap_or(attached.parent).span;
            let fault = symbols.fault(Code::NotAdmitted, message, route, place);
            let fault = Made::Object(gateway.object).beside(fault, "the Gateway").note(why);
            sink.push(fault.help("`allowedRoutes` of a listener says which routes it admits"));
            None
        }
        _ => Some(attached),
    }
}

/// A host that no listener takes is never served; a parent none of whose listeners takes any serves nothing (Gateway API,
/// "HTTPRouteSpec", `hostnames`).
fn check_hosts(symbols: &Symbols, route: &Object, parents: &Option<Vec<Attached>>, sink: &mut Sink) {
    let (Some(parents), hosts) = (parents, items(route.node, &["spec", "hostnames"])) else { return };
    if hosts.is_empty() || parents.is_empty() {
        return;
    }
    let takes = |parent: &Attached, host: &Node| parent.listeners.iter().any(|listener| is_taken(listener, host));
    let lost: Vec<&Node> = hosts.iter().filter(|host| !parents.iter().any(|parent| takes(parent, host))).collect();
    for host in &lost {
        sink_lost(symbols, route, parents, host, sink);
    }
    for parent in parents.iter().filter(|parent| lost.is_empty() && !hosts.iter().any(|host| takes(parent, host))) {
        let message = format!("{} takes no host of {}", called(parent.gateway.object), called(route));
        let fault = symbols.fault(Code::NotAdmitted, message, route, parent.parent.span);
        let fault = Made::Object(parent.gateway.object).beside(fault, "the Gateway");
        sink.push(fault.note(taken(std::slice::from_ref(parent))));
    }
}

fn sink_lost(symbols: &Symbols, route: &Object, parents: &[Attached], host: &Node, sink: &mut Sink) {
    let name = host.as_str().unwrap_or_default();
    let message = format!("no listener of {} takes the host `{name}`", called(route));
    let fault = symbols.fault(Code::NotAdmitted, message, route, host.span);
    let gateway = parents.first().map(|parent| Made::Object(parent.gateway.object));
    let fault = gateway.into_iter().fold(fault, |fault, gateway| gateway.beside(fault, "the Gateway"));
    let known = parents.iter().flat_map(|parent| &parent.listeners).filter_map(|listener| listener.host());
    sink.push(fault.note(taken(parents)).suggest(name, known));
}

fn is_taken(listener: &Listener, host: &Node) -> bool {
    listener.host().zip(host.as_str()).is_none_or(|(listener, host)| meet(listener, host))
}

fn taken(parents: &[Attached]) -> String {
    let hosts = parents.iter().flat_map(|parent| &parent.listeners).filter_map(|listener| listener.host());
    let mut hosts: Vec<&str> = hosts.collect();
    hosts.dedup();
    format!("the listeners of its parents take {}", listed(&hosts))
}

/// Every reference to a backend in a rule: where requests go, where they are mirrored, who authorizes them.
fn backends(rule: &Node) -> impl Iterator<Item = (&'static str, &Node)> {
    let direct = items(rule, &["backendRefs"]);
    let filters =
        items(rule, &["filters"]).iter().chain(direct.iter().flat_map(|backend| items(backend, &["filters"])));
    let filtered = filters.filter_map(|filter| {
        ["requestMirror", "externalAuth"].iter().find_map(|key| field(filter, &[key, "backendRef"]))
    });
    direct.iter().map(|backend| ("leads to", backend)).chain(filtered.map(|backend| ("asks", backend)))
}

/// Without group and kind a backend is a Service; its port is a number (Gateway API, "BackendObjectReference").
fn check_backend(
    symbols: &Symbols,
    route: &Object,
    (does, backend): (&'static str, &Node),
    grants: &Grants,
    sink: &mut Sink,
) {
    let is_service = text(backend, &["group"]).unwrap_or_default().is_empty()
        && text(backend, &["kind"]).unwrap_or("Service") == "Service";
    let Some(name) = backend.get("name").filter(|_| is_service) else { return };
    let namespace = text(backend, &["namespace"]).unwrap_or(route.namespace_name());
    let port = backend.get("port").and_then(|port| Some((Target::of(port)?, port.span)));
    let mut found = Sink::default();
    Reference { by: route, does, namespace, name, port }.check(symbols, &mut found);
    if found.is_empty() {
        grants.check(symbols, &Granted { by: route, kind: "Service", namespace, name }, sink);
    }
    found.iter().for_each(|fault| sink.push(fault.clone()));
}
