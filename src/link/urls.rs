//! Addresses of Services inside texts: `http://api.shop.svc.cluster.local:8080/v1` in a variable, in the template of a Secret, in
//! the values of a chart.
//!
//! A Service is `<name>.<namespace>.svc` inside its cluster (Kubernetes docs, "DNS for Services and Pods"). Where its
//! namespace is one of those here, it is there and has the port; of other namespaces nothing is known. Names of single pods
//! (`web-0.web.shop.svc`) lead to their Service.

use super::symbols::{Extent, Service, Symbols};
use crate::component::interface::FileUse;
use crate::diagnostic::{Code, Diagnostic, Severity, Sink};
use crate::render::RenderedFile;
use crate::source::{Node, Value};
use crate::validate::Object;

const MARK: &str = ".svc";

pub fn check(symbols: &Symbols, sink: &mut Sink) {
    // The targets of a Probe are judged as what they are.
    for object in with_addresses(symbols).filter(|object| object.kind != "Probe") {
        texts(object.node, &mut |node, text| judge(symbols, object.file, node, text, sink));
    }
    for file in symbols.files.iter().filter(|file| file.used_as == FileUse::Values) {
        for document in &file.documents {
            texts(document, &mut |node, text| judge(symbols, file, node, text, sink));
        }
    }
}

/// The objects of files that hold an address. Those of one file follow one another, and a file may be large.
fn with_addresses<'s>(symbols: &'s Symbols<'_>) -> impl Iterator<Item = &'s Object<'s>> {
    let files = symbols.objects.chunk_by(|one, next| std::ptr::eq(one.file, next.file));
    let has = |objects: &&[Object]| objects.first().is_some_and(|object| object.file.text.contains(MARK));
    files.filter(has).flatten()
}

/// Calls `each` with every text of a tree.
fn texts<'n>(node: &'n Node, each: &mut dyn FnMut(&'n Node, &'n str)) {
    match &node.value {
        Value::Text(text) => each(node, text),
        Value::List(list) => list.iter().for_each(|node| texts(node, each)),
        Value::Map(map) => map.values().for_each(|entry| texts(&entry.node, each)),
        _ => {}
    }
}

/// A Service as a text names it.
#[derive(Debug, PartialEq, Eq)]
struct Address<'t> {
    name: &'t str,
    namespace: &'t str,
    port: Option<u16>,
}

fn judge(symbols: &Symbols, file: &RenderedFile, node: &Node, text: &str, sink: &mut Sink) {
    for address in addresses(text) {
        let mut known = symbols.services_in(address.namespace).peekable();
        let is_ours = symbols.extent == Extent::Whole && symbols.namespaces.contains_key(address.namespace);
        let is_elsewhere = symbols.external.namespaces.iter().any(|name| name == address.namespace);
        if known.peek().is_none() && !is_ours || is_elsewhere {
            continue;
        }
        match symbols.service(address.namespace, address.name) {
            None => sink.push(unknown(symbols, file, node, &address)),
            Some(service) => sink.extend(port(symbols, file, node, &address, service)),
        }
    }
}

fn unknown(symbols: &Symbols, file: &RenderedFile, node: &Node, address: &Address) -> Diagnostic {
    let Address { name, namespace, .. } = address;
    let message = format!("a text names the Service {namespace}/{name}, which is not there");
    let mut fault = file.fault(Code::UnknownService, message, node.span, symbols.sources);
    if symbols.extent == Extent::Part {
        fault.severity = Severity::Warning;
    }
    let known: Vec<&str> = symbols.services_in(namespace).map(|service| service.name.as_str()).collect();
    fault.suggest(name, known)
}

/// A headless Service has no ports of its own: its name means its pods, on whatever they listen.
fn port(
    symbols: &Symbols,
    file: &RenderedFile,
    node: &Node,
    address: &Address,
    service: &Service,
) -> Option<Diagnostic> {
    let wanted = address.port.filter(|_| !service.is_headless && !service.is_external)?;
    if service.ports.iter().any(|port| port.number == wanted) {
        return None;
    }
    let known: Vec<String> = service.ports.iter().map(|port| port.number.to_string()).collect();
    let message = format!("a text names port {wanted} of {}, which it does not have", service.title());
    let fault = file.fault(Code::UnknownServicePort, message, node.span, symbols.sources);
    Some(service.made.beside(fault, "the Service").note(format!("its ports are {}", known.join(", "))))
}

/// Every `name.namespace.svc` of a text, with the port behind it.
fn addresses(text: &str) -> Vec<Address<'_>> {
    let found = text.match_indices(MARK).filter_map(|(at, _)| {
        let (before, after) = (text.get(..at)?, text.get(at + MARK.len()..)?);
        let start = before.rfind(|c: char| !is_of_name(c) && c != '.').map_or(0, |at| at + 1);
        let mut labels = before.get(start..)?.rsplit('.');
        let (namespace, name) = (labels.next()?, labels.next()?);
        let after = after.strip_prefix(".cluster.local").unwrap_or(after);
        let is_whole = !after.starts_with(|c: char| is_of_name(c) || c == '.');
        let digits = after.strip_prefix(':').map(|rest| rest.split(|c: char| !c.is_ascii_digit()).next());
        let port = digits.flatten().and_then(|digits| digits.parse().ok());
        (is_whole && !name.is_empty() && !namespace.is_empty()).then_some(Address { name, namespace, port })
    });
    found.collect()
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::tests::{part, whole};

    #[test]
    fn a_service_is_found_inside_a_text() {
        let address = |name, namespace, port| vec![Address { name, namespace, port }];
        assert_eq!(addresses("http://api.shop.svc.cluster.local:8080/v1"), address("api", "shop", Some(8080)));
        assert_eq!(addresses("api.shop.svc"), address("api", "shop", None));
        assert_eq!(addresses("{\"host\":\"db-0.db.shop.svc:5432\"}"), address("db", "shop", Some(5432)));
        for none in ["svc", ".svc", "shop.svc", "api.shop.svcs", "api.shop.svc.example.com", "$(NAME).svc"] {
            assert_eq!(addresses(none), vec![], "{none}");
        }
    }

    fn reads(url: &str) -> String {
        format!(
            "
apiVersion: v1
kind: Namespace
metadata: {{name: shop}}
---
apiVersion: v1
kind: Service
metadata: {{name: api, namespace: shop}}
spec: {{ports: [{{port: 80}}]}}
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: settings, namespace: shop}}
data: {{URL: '{url}'}}
"
        )
    }

    #[test]
    fn it_is_there_and_has_the_port() {
        assert_eq!(whole(&reads("http://api.shop.svc:80/v1")), [""; 0]);
        let fault = "0603 a text names the Service shop/apy, which is not there";
        assert_eq!(whole(&reads("http://apy.shop.svc:80/v1")), [format!("E{fault}")]);
        assert_eq!(part(&reads("http://apy.shop.svc:80/v1")), [format!("W{fault}")]);
        let fault = "E0604 a text names port 8080 of Service shop/api, which it does not have";
        assert_eq!(whole(&reads("http://api.shop.svc:8080/v1")), [fault]);
    }

    #[test]
    fn of_other_namespaces_nothing_is_known() {
        assert_eq!(whole(&reads("http://api.kube-system.svc:80/v1")), [""; 0]);
    }
}
