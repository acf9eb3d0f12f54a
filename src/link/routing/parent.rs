//! What a route is attached to: a Gateway, and those of its listeners that the route means.

use super::backend::Reference;
use super::gateway::{GROUP, Gateway, Gateways, KINDS, Listener};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::link::fields::{called, listed, path, text};
use crate::link::symbols::{Extent, Made, Symbols, Target};
use crate::source::Node;
use crate::validate::Object;

/// What a parentRef leads to.
pub enum Parent<'g, 'a> {
    Here {
        gateway: &'g Gateway<'a>,
        listeners: Vec<&'g Listener<'a>>,
    },
    /// It is elsewhere, of a kind that only its controller knows, or was told to be missing.
    Elsewhere,
}

impl<'a> Gateways<'a> {
    /// The Gateway and the listeners that a parentRef names are there (Gateway API, "ParentReference").
    pub fn parent<'g>(&'g self, symbols: &Symbols, by: &Object, parent: &Node, sink: &mut Sink) -> Parent<'g, 'a> {
        let (group, kind) = (text(parent, &["group"]).unwrap_or(GROUP), text(parent, &["kind"]).unwrap_or("Gateway"));
        let namespace = text(parent, &["namespace"]).unwrap_or(by.namespace_name());
        let Some(node) = parent.get("name") else { return Parent::Elsewhere };
        if group.is_empty() && kind == "Service" {
            service(symbols, by, namespace, parent, sink);
        }
        let (Some(name), true) = (node.as_str(), group == GROUP && KINDS.contains(&kind)) else {
            return Parent::Elsewhere;
        };
        match self.get(symbols, kind, namespace, name) {
            Some(gateway) => meant(symbols, by, gateway, parent, sink),
            None => {
                self.absent(symbols, by, (kind, namespace, name), node, sink);
                Parent::Elsewhere
            }
        }
    }

    /// Among some manifests that hold no Gateway, they are ordinarily elsewhere.
    fn absent(&self, symbols: &Symbols, by: &Object, wanted: (&str, &str, &str), at: &Node, sink: &mut Sink) {
        let (kind, namespace, name) = wanted;
        let wanted = path(namespace, name);
        let is_outside = symbols.external.gateways.iter().any(|known| *known == name || *known == wanted);
        if is_outside || symbols.extent == Extent::Part && self.names(kind).next().is_none() {
            return;
        }
        let message = format!("{} is attached to {kind} {wanted}, which is not there", called(by));
        let fault = symbols.absent(Code::UnknownGateway, message, by, at.span).suggest(name, self.names(kind));
        let fault = self.elsewhere(fault, symbols, kind, name);
        sink.push(match symbols.extent {
            Extent::Whole => {
                fault.help(format!("if it is made elsewhere, say so: `external: {{gateways: [{wanted}]}}`"))
            }
            Extent::Part => fault,
        });
    }

    /// Says where one of this name stands instead.
    fn elsewhere(&self, fault: Diagnostic, symbols: &Symbols, kind: &str, name: &str) -> Diagnostic {
        let found = symbols.of_kind(&format!("{kind}.{GROUP}")).find(|gateway| gateway.name == name);
        found.into_iter().fold(fault, |fault, other| {
            let fault = Made::Object(other).beside(fault, "one of this name");
            fault.help(format!("write `namespace: {}` beside its name", other.namespace_name()))
        })
    }
}

/// A mesh routes what is sent to a Service (Gateway API, "GAMMA").
fn service(symbols: &Symbols, by: &Object, namespace: &str, parent: &Node, sink: &mut Sink) {
    let Some(name) = parent.get("name") else { return };
    let port = parent.get("port").and_then(|port| Some((Target::of(port)?, port.span)));
    Reference { by, does: "is attached to", namespace, name, port }.check(symbols, sink);
}

/// The listeners with the name and the port that are said; all where none is.
fn meant<'g, 'a>(
    symbols: &Symbols,
    by: &Object,
    gateway: &'g Gateway<'a>,
    parent: &Node,
    sink: &mut Sink,
) -> Parent<'g, 'a> {
    let (section, port) = (parent.get("sectionName"), parent.get("port"));
    let named = |listener: &Listener| section.and_then(Node::as_str).is_none_or(|name| listener.name == name);
    let on_port = |listener: &Listener| port.and_then(Node::as_integer).is_none_or(|port| listener.port == Some(port));
    let of_name: Vec<&Listener> = gateway.listeners.iter().filter(|listener| named(listener)).collect();
    let listeners: Vec<&Listener> = of_name.iter().copied().filter(|listener| on_port(listener)).collect();
    if !listeners.is_empty() || section.is_none() && port.is_none() {
        return Parent::Here { gateway, listeners };
    }
    let wrong = if of_name.is_empty() { section } else { port };
    wrong.into_iter().for_each(|wrong| sink.push(no_listener(symbols, by, gateway, wrong)));
    Parent::Elsewhere
}

fn no_listener(symbols: &Symbols, by: &Object, gateway: &Gateway, wrong: &Node) -> Diagnostic {
    let wanted = match wrong.as_str() {
        Some(name) => format!("the listener `{name}`"),
        None => format!("a listener on port `{}`", wrong.as_integer().unwrap_or_default()),
    };
    let message =
        format!("{} is attached to {wanted} of {}, which has no such listener", called(by), called(gateway.object));
    let fault = symbols.fault(Code::UnknownGateway, message, by, wrong.span);
    let fault = Made::Object(gateway.object).beside(fault, "the Gateway");
    let names: Vec<&str> = gateway.listeners.iter().map(|listener| listener.name).collect();
    let told: Vec<String> = gateway.listeners.iter().map(told).collect();
    let fault = if told.is_empty() { fault } else { fault.note(format!("its listeners are {}", listed(&told))) };
    wrong.as_str().into_iter().fold(fault, |fault, name| fault.suggest(name, names.iter().copied()))
}

/// `https:443`
fn told(listener: &Listener) -> String {
    listener.port.map_or_else(|| listener.name.to_owned(), |port| format!("{}:{port}", listener.name))
}
