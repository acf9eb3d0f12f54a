//! Probes: the Ingresses that one selects, and the Services of the cluster among its addresses.

use super::targets::{Shown, Targets};
use crate::diagnostic::{Diagnostic, Sink};
use crate::link::fields::{called, field, items};
use crate::link::routing::Reference;
use crate::link::symbols::{Made, Selector, Symbols, Target};
use crate::source::Node;
use crate::validate::Object;

pub fn ingresses<'s, 'a>(symbols: &'s Symbols<'a>) -> Targets<'s, Object<'a>> {
    let found = symbols.objects.iter().filter(|object| object.is("Ingress.networking.k8s.io"));
    let labels = |ingress: &Object| {
        let labels = field(ingress.node, &["metadata", "labels"]);
        labels.map(|labels| Selector::plain(labels).labels().map(owned).collect()).unwrap_or_default()
    };
    Targets::of("Ingress", found.map(|ingress| (ingress.namespace_name(), labels(ingress), ingress)))
}

fn owned((key, value): (&str, &str)) -> (String, String) {
    (key.to_owned(), value.to_owned())
}

pub fn check(symbols: &Symbols, ingresses: &Targets<Object>, probe: &Object, sink: &mut Sink) {
    if field(probe.node, &["spec", "targets", "ingress"]).is_some() {
        super::select(symbols, ingresses, probe, &["spec", "targets", "ingress"], sink);
    }
    let prober = field(probe.node, &["spec", "prober", "url"]);
    for address in prober.into_iter().chain(items(probe.node, &["spec", "targets", "staticConfig", "static"])) {
        check_address(symbols, probe, address, sink);
    }
}

/// `name.namespace.svc` is a Service; every other name may be anything (Kubernetes docs, "DNS for Services and Pods").
fn check_address(symbols: &Symbols, probe: &Object, address: &Node, sink: &mut Sink) {
    let Some(written) = address.as_str() else { return };
    let (host, port) = host_and_port(written);
    let mut labels = host.split('.');
    let (Some(name), Some(namespace), Some("svc")) = (labels.next(), labels.next(), labels.next()) else { return };
    let name = Node::text(address.span, name);
    let port = port.map(|number| (Target::Number(number), address.span));
    Reference { by: probe, does: "asks", namespace, name: &name, port }.check(symbols, sink);
}

fn host_and_port(address: &str) -> (&str, Option<u16>) {
    let (scheme, rest) = address.split_once("://").map_or((None, address), |(scheme, rest)| (Some(scheme), rest));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    match (authority.split_once(':'), scheme) {
        (Some((host, port)), _) => (host, port.parse().ok()),
        (None, Some("http")) => (authority, Some(80)),
        (None, Some("https")) => (authority, Some(443)),
        (None, _) => (authority, None),
    }
}

impl Shown for Object<'_> {
    fn title(&self) -> String {
        called(self)
    }

    fn beside(&self, fault: Diagnostic) -> Diagnostic {
        Made::Object(self).beside(fault, "the nearest Ingress")
    }
}
