//! No two routes claim one host and path: which of them answers would be chance, or age.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::gateway::{GROUP, Gateways};
use super::hosts::meet;
use super::ingress::{self, INGRESS};
use super::route::attached;
use crate::diagnostic::{Code, Diagnostic, Severity, Sink};
use crate::link::fields::{called, items, path, text};
use crate::link::symbols::{Extent, Made, Symbols};
use crate::source::Node;
use crate::validate::Object;

pub fn check(symbols: &Symbols, gateways: &Gateways, sink: &mut Sink) {
    let mut claims = Claims(BTreeMap::new());
    symbols.of_kind(INGRESS).filter(|ingress| !is_canary(ingress)).for_each(|ingress| {
        claims.ingress(symbols, ingress, sink);
    });
    for kind in ["HTTPRoute", "GRPCRoute"] {
        for route in symbols.of_kind(&format!("{kind}.{GROUP}")) {
            claims.route(symbols, gateways, route, sink);
        }
    }
}

/// A second Ingress that is meant to share the host and path of a first one says so in an annotation of its controller.
fn is_canary(ingress: &Object) -> bool {
    let annotations = ingress.node.get("metadata").and_then(|metadata| metadata.get("annotations"));
    let annotations = annotations.and_then(Node::as_map).into_iter().flatten();
    let mut named = annotations.filter(|(key, _)| key.rsplit('/').next() == Some("canary"));
    named.any(|(_, entry)| entry.node.as_str() == Some("true"))
}

/// What is claimed, and where.
struct Claims<'a>(BTreeMap<Vec<String>, (&'a Object<'a>, &'a Node)>);

impl<'a> Claims<'a> {
    /// Per class, host, path and path type; `/a` and `/a/` are one prefix (API docs, "HTTPIngressPath", `pathType`).
    fn ingress(&mut self, symbols: &Symbols, ingress: &'a Object<'a>, sink: &mut Sink) {
        let class = ingress::class(ingress).and_then(Node::as_str).unwrap_or_default();
        for (host, rule) in ingress::rules(ingress) {
            let host = host.and_then(Node::as_str).unwrap_or_default();
            if host.is_empty() && symbols.extent == Extent::Part {
                // Each Ingress of some controllers has an address of its own.
                continue;
            }
            for item in items(rule, &["http", "paths"]) {
                let (kind, written) = (text(item, &["pathType"]), text(item, &["path"]).unwrap_or_default());
                let trimmed = if kind == Some("Prefix") { written.trim_end_matches('/') } else { written };
                let key = ["Ingress", class, &host.to_ascii_lowercase(), kind.unwrap_or_default(), trimmed];
                let shown = format!("`{host}{written}`");
                self.claim(symbols, key.map(str::to_owned).to_vec(), ingress, item, &shown, sink);
            }
        }
    }

    /// Per listener, host and match (Gateway API, "HTTPRouteRule", `matches`: of equal ones the older route wins).
    fn route(&mut self, symbols: &Symbols, gateways: &Gateways<'a>, route: &'a Object<'a>, sink: &mut Sink) {
        let places = places(symbols, gateways, route);
        for rule in items(route.node, &["spec", "rules"]) {
            let matches = items(rule, &["matches"]);
            let matches: Vec<&Node> = if matches.is_empty() { vec![rule] } else { matches.iter().collect() };
            for item in matches {
                for (place, host) in &places {
                    let key = vec![route.kind.to_owned(), place.clone(), host.to_ascii_lowercase(), canonical(item)];
                    let path = text(item, &["path", "value"]).unwrap_or("/");
                    if !self.claim(symbols, key, route, item, &format!("`{host}{path}`"), sink) {
                        break;
                    }
                }
            }
        }
    }

    /// Whether it was free; if not, that is told.
    fn claim(
        &mut self,
        symbols: &Symbols,
        key: Vec<String>,
        object: &'a Object<'a>,
        item: &'a Node,
        shown: &str,
        sink: &mut Sink,
    ) -> bool {
        let (first, there) = match self.0.entry(key) {
            Entry::Vacant(free) => {
                free.insert((object, item));
                return true;
            }
            Entry::Occupied(taken) => *taken.get(),
        };
        // That an object stands twice is told elsewhere.
        if std::ptr::eq(first, object) || first.identity() != object.identity() {
            sink.push(clash(symbols, (first, there), (object, item), shown));
        }
        false
    }
}

fn clash(
    symbols: &Symbols,
    (first, there): (&Object, &Node),
    (object, item): (&Object, &Node),
    shown: &str,
) -> Diagnostic {
    let is_same = std::ptr::eq(first, object);
    let message = match is_same {
        true => format!("{} claims {shown} twice", called(object)),
        false => format!("{} and {} both claim {shown}", called(first), called(object)),
    };
    let place = |item: &Node| item.get("path").unwrap_or(item).span;
    let mut fault = symbols.fault(Code::RouteClash, message, object, place(item));
    if symbols.extent == Extent::Part && !is_same {
        // Each may be for a cluster, or a load balancer, of its own.
        fault.severity = Severity::Warning;
    }
    match first.file.source {
        Some(_) => fault.at(place(there), "claimed here first"),
        None => Made::Object(first).beside(fault, "claimed here first"),
    }
}

/// Each listener that a route is attached to, with each host that they have in common; where a parent is not here, what the
/// route says of it.
fn places(symbols: &Symbols, gateways: &Gateways, route: &Object) -> Vec<(String, String)> {
    let hosts: Vec<&str> = items(route.node, &["spec", "hostnames"]).iter().filter_map(Node::as_str).collect();
    let hosts = if hosts.is_empty() { vec!["*"] } else { hosts };
    let mut places = vec![];
    let Some(parents) = attached(symbols, gateways, route, &mut Sink::default()) else {
        for parent in items(route.node, &["spec", "parentRefs"]) {
            let namespace = text(parent, &["namespace"]).unwrap_or(route.namespace_name());
            let name = path(namespace, text(parent, &["name"]).unwrap_or_default());
            let place = format!("{name} {} {}", text(parent, &["sectionName"]).unwrap_or_default(), port(parent));
            places.extend(hosts.iter().map(|host| (place.clone(), (*host).to_owned())));
        }
        return places;
    };
    for parent in parents {
        for listener in parent.listeners {
            let place = format!("{} {}", parent.gateway.object.identity(), listener.name);
            let common = |host: &&&str| **host == "*" || listener.host().is_none_or(|own| meet(own, host));
            places.extend(hosts.iter().filter(common).map(|host| (place.clone(), (*host).to_owned())));
        }
    }
    // Two parentRefs may mean one listener.
    places.sort_unstable();
    places.dedup();
    places
}

fn port(parent: &Node) -> String {
    parent.get("port").and_then(Node::as_integer).map(|port| port.to_string()).unwrap_or_default()
}

/// One text for equal matches: without a path it is the prefix `/`, and the order of keys and of conditions is none.
fn canonical(item: &Node) -> String {
    let list = |key: &str| {
        let mut texts: Vec<String> = items(item, &[key]).iter().map(sorted).collect();
        texts.sort_unstable();
        texts.concat()
    };
    let path = item.get("path");
    let said = |key: &str, default| path.and_then(|path| text(path, &[key])).unwrap_or(default);
    let method = item.get("method").map(sorted).unwrap_or_default();
    let (kind, value) = (said("type", "PathPrefix"), said("value", "/"));
    let value = if kind == "PathPrefix" { value.trim_end_matches('/') } else { value };
    format!("{kind} {value} {method} {} {}", list("headers"), list("queryParams"))
}

/// A value with its keys in order.
fn sorted(node: &Node) -> String {
    match node.as_map() {
        Some(map) => {
            let sorted: BTreeMap<&String, String> =
                map.iter().map(|(key, entry)| (key, self::sorted(&entry.node))).collect();
            format!("{sorted:?}")
        }
        None => node.to_json().to_string(),
    }
}
