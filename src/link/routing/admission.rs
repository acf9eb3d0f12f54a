//! Which routes a listener admits: by kind, by namespace, by host.

use super::gateway::{Gateway, Listener};
use crate::link::fields::{called, field, items, text};
use crate::link::symbols::{Extent, Selector, Symbols};
use crate::source::Node;
use crate::validate::Object;

/// Why a listener does not admit a route; none where it does.
pub fn refusal(symbols: &Symbols, gateway: &Gateway, listener: &Listener, route: &Object) -> Option<String> {
    if !admits_kind(listener, route) {
        return Some(format!("admits no {} ({} is its protocol)", route.kind, listener.protocol));
    }
    let namespaces = field(listener.node, &["allowedRoutes", "namespaces"]);
    let admits = admits_namespace(symbols, namespaces, "Same", gateway.object, route);
    (!admits).then(|| match namespaces.and_then(|rule| text(rule, &["from"])) {
        Some("Selector") => format!("selects other namespaces than `{}`", route.namespace_name()),
        Some("None") => "admits no routes at all".to_owned(),
        _ => format!("admits only routes of its own namespace, that of {}", called(gateway.object)),
    })
}

/// The kinds that a listener says, else those of its protocol (Gateway API, "AllowedRoutes", `kinds`; "ProtocolType").
fn admits_kind(listener: &Listener, route: &Object) -> bool {
    let said = items(listener.node, &["allowedRoutes", "kinds"]);
    if !said.is_empty() {
        return said.iter().any(|kind| text(kind, &["kind"]) == Some(route.kind));
    }
    match listener.protocol {
        "HTTP" | "HTTPS" => matches!(route.kind, "HTTPRoute" | "GRPCRoute"),
        "TLS" => matches!(route.kind, "TLSRoute" | "TCPRoute"),
        "TCP" => route.kind == "TCPRoute",
        "UDP" => route.kind == "UDPRoute",
        _ => true,
    }
}

/// What `namespaces: {from, selector}` of an `owner` says of the namespace of `other` (Gateway API, "RouteNamespaces").
pub fn admits_namespace(symbols: &Symbols, rule: Option<&Node>, default: &str, owner: &Object, other: &Object) -> bool {
    let (own, namespace) = (owner.namespace_name(), other.namespace_name());
    match rule.and_then(|rule| text(rule, &["from"])).unwrap_or(default) {
        // Among some manifests, what says no namespace may be applied to that one.
        "Same" => own == namespace || symbols.extent == Extent::Part && (own.is_empty() || namespace.is_empty()),
        "Selector" => {
            let selector = rule.and_then(|rule| rule.get("selector")).map(Selector::of).unwrap_or_default();
            selects(symbols, &selector, namespace)
        }
        "None" => false,
        _ => true,
    }
}

/// Of a namespace that is made elsewhere the labels are not known.
fn selects(symbols: &Symbols, selector: &Selector, namespace: &str) -> bool {
    let is_here = symbols.named("Namespace", "", namespace).is_some();
    let labels = symbols.namespaces.get(namespace).filter(|_| is_here);
    labels.is_none_or(|labels| selector.matches(labels))
}
