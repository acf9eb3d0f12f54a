//! Ingresses: their backends, their class, their TLS.

use super::backend::Reference;
use super::cause::Causes;
use super::certificate::{Certificates, Wanted};
use super::class::Classes;
use super::hosts::covers;
use super::issuer::is_annotated;
use crate::diagnostic::{Code, Diagnostic, Severity, Sink};
use crate::link::fields::{annotation, called, field, items, text};
use crate::link::symbols::{Extent, Symbols, Target};
use crate::source::Node;
use crate::validate::Object;

pub const INGRESS: &str = "Ingress.networking.k8s.io";

/// A name that stands for no port: the controller then takes the backend from an annotation.
const BY_ANNOTATION: &str = "use-annotation";

pub fn check(symbols: &Symbols, classes: &Classes, certificates: &Certificates, sink: &mut Sink) {
    let mut causes = Causes::default();
    for ingress in symbols.of_kind(INGRESS) {
        for backend in backends(ingress) {
            check_backend(symbols, ingress, backend, sink);
        }
        match class(ingress) {
            Some(class) => classes.check(symbols, ingress, class, &mut causes),
            None => classes.check_default(symbols, ingress, sink),
        }
        for tls in items(ingress.node, &["spec", "tls"]) {
            check_tls(symbols, ingress, tls, certificates, sink);
        }
        hosts_without_tls(symbols, ingress, sink);
    }
    causes.tell(sink);
}

/// The field, or the annotation that it took the place of (API docs, "IngressSpec", `ingressClassName`).
pub fn class<'a>(ingress: &Object<'a>) -> Option<&'a Node> {
    let class = field(ingress.node, &["spec", "ingressClassName"]).filter(|class| !class.is_null());
    class.or_else(|| annotation(ingress, "kubernetes.io/ingress.class"))
}

/// Every rule of an Ingress with its host.
pub fn rules<'a>(ingress: &Object<'a>) -> impl Iterator<Item = (Option<&'a Node>, &'a Node)> {
    items(ingress.node, &["spec", "rules"]).iter().map(|rule| (rule.get("host"), rule))
}

fn backends<'a>(ingress: &Object<'a>) -> impl Iterator<Item = &'a Node> {
    let paths = rules(ingress).flat_map(|(_, rule)| items(rule, &["http", "paths"]));
    let default = field(ingress.node, &["spec", "defaultBackend"]);
    default.into_iter().chain(paths.filter_map(|path| path.get("backend")))
}

/// A backend is a Service or another object of the namespace, which its controller knows.
fn check_backend(symbols: &Symbols, ingress: &Object, backend: &Node, sink: &mut Sink) {
    let Some(service) = backend.get("service") else { return };
    let Some(name) = service.get("name") else { return };
    let port = ["number", "name"].iter().find_map(|key| field(service, &["port", key]));
    if port.and_then(Node::as_str) == Some(BY_ANNOTATION) {
        return;
    }
    let port = port.and_then(|port| Some((Target::of(port)?, port.span)));
    let namespace = ingress.namespace_name();
    Reference { by: ingress, does: "leads to", namespace, name, port }.check(symbols, sink);
}

/// Only hosts that a rule is for: the others ask for nothing.
fn check_tls(symbols: &Symbols, ingress: &Object, tls: &Node, certificates: &Certificates, sink: &mut Sink) {
    let Some(secret) = tls.get("secretName") else { return };
    let claimed: Vec<&str> = rules(ingress).filter_map(|(host, _)| host?.as_str()).collect();
    let is_claimed = |host: &str| claimed.is_empty() || claimed.iter().any(|claimed| covers(host, claimed));
    let hosts = items(tls, &["hosts"]).iter().filter(|host| host.as_str().is_some_and(is_claimed));
    let wanted = Wanted {
        by: ingress,
        namespace: ingress.namespace_name(),
        secret,
        hosts: hosts.collect(),
        is_annotated: is_annotated(ingress),
    };
    wanted.check(symbols, certificates, sink);
}

/// Where TLS is for named hosts, each host of a rule is one of them.
fn hosts_without_tls(symbols: &Symbols, ingress: &Object, sink: &mut Sink) {
    let tls = items(ingress.node, &["spec", "tls"]);
    if tls.is_empty() || tls.iter().any(|tls| items(tls, &["hosts"]).is_empty()) {
        return;
    }
    let known: Vec<&str> = tls.iter().flat_map(|tls| items(tls, &["hosts"])).filter_map(Node::as_str).collect();
    for host in rules(ingress).filter_map(|(host, _)| host) {
        let Some(name) = host.as_str().filter(|name| !known.iter().any(|known| covers(known, name))) else { continue };
        sink.push(without_tls(symbols, ingress, host, name, &known));
    }
}

fn without_tls(symbols: &Symbols, ingress: &Object, host: &Node, name: &str, known: &[&str]) -> Diagnostic {
    let message = format!("{} serves `{name}` without a certificate: its `tls` is for other hosts", called(ingress));
    let mut fault = symbols.fault(Code::HostNotCovered, message, ingress, host.span);
    if symbols.extent == Extent::Part {
        // Some serve a host in the clear beside others.
        fault.severity = Severity::Warning;
    }
    let first = field(ingress.node, &["spec", "tls"]).filter(|_| ingress.file.source.is_some());
    let fault = first.into_iter().fold(fault, |fault, tls| fault.at(tls.span, "the hosts with a certificate"));
    let secret = items(ingress.node, &["spec", "tls"]).iter().find_map(|tls| text(tls, &["secretName"]));
    let fault = secret.into_iter().fold(fault, |fault, secret| fault.note(format!("their Secret is `{secret}`")));
    fault.suggest(name, known.iter().copied()).help("name the host under `tls`, or serve it by an Ingress of its own")
}
