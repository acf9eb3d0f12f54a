//! Others that name a Service: webhooks and extensions of the API server, StatefulSets, and how a Gateway speaks TLS to it.

use super::backend::Reference;
use super::gateway::GROUP;
use crate::diagnostic::Sink;
use crate::link::fields::{field, items, text};
use crate::link::symbols::{Extent, Service, Symbols, Target, Workload};
use crate::source::Node;
use crate::validate::Object;

pub fn check(symbols: &Symbols, sink: &mut Sink) {
    for object in symbols.objects {
        match (object.kind, object.group()) {
            ("StatefulSet", "apps") => governing(symbols, object, sink),
            ("ValidatingWebhookConfiguration" | "MutatingWebhookConfiguration", "admissionregistration.k8s.io") => {
                for webhook in items(object.node, &["webhooks"]) {
                    called_by_server(symbols, object, field(webhook, &["clientConfig", "service"]), sink);
                }
            }
            ("APIService", "apiregistration.k8s.io") => {
                called_by_server(symbols, object, field(object.node, &["spec", "service"]), sink);
            }
            ("BackendTLSPolicy", GROUP) => spoken_to(symbols, object, sink),
            ("CustomResourceDefinition", "apiextensions.k8s.io") => conversion(symbols, object, sink),
            _ => {}
        }
    }
}

/// The Service that gives the pods of a StatefulSet their names (API docs, "StatefulSetSpec", `serviceName`); charts leave
/// it empty where there is none.
fn governing(symbols: &Symbols, object: &Object, sink: &mut Sink) {
    let Some(name) = field(object.node, &["spec", "serviceName"]) else { return };
    if name.as_str().is_none_or(str::is_empty) {
        return;
    }
    let namespace = object.namespace_name();
    let is_there = |name| symbols.service(namespace, name).is_some();
    if symbols.extent == Extent::Part && (name.as_str().is_some_and(is_there) || !has_another(symbols, object)) {
        // Many get on without: pods that nobody calls by their name.
        return;
    }
    Reference { by: object, does: "has the names of its pods from", namespace, name, port: None }.check(symbols, sink);
}

/// Whether some headless Service is for the pods of a StatefulSet.
fn has_another(symbols: &Symbols, object: &Object) -> bool {
    let is_it = |service: &Service| {
        let of = |workload: &&Workload| workload.kind == object.kind && workload.name == object.name;
        service.is_headless && symbols.behind(service).iter().any(of)
    };
    symbols.services_in(object.namespace_name()).any(is_it)
}

/// A ServiceReference; its port is 443 where it says none (API docs, "ServiceReference").
fn called_by_server(symbols: &Symbols, object: &Object, service: Option<&Node>, sink: &mut Sink) {
    let Some(service) = service else { return };
    let (Some(namespace), Some(name)) = (text(service, &["namespace"]), service.get("name")) else { return };
    let port = match service.get("port") {
        Some(port) => Target::of(port).map(|number| (number, port.span)),
        None => Some((Target::Number(443), name.span)),
    };
    Reference { by: object, does: "is answered by", namespace, name, port }.check(symbols, sink);
}

/// The Services to which a Gateway speaks TLS; a section is a port's name (Gateway API, "LocalPolicyTargetReferenceWithSectionName").
fn spoken_to(symbols: &Symbols, object: &Object, sink: &mut Sink) {
    for target in items(object.node, &["spec", "targetRefs"]) {
        let is_service = text(target, &["group"]) == Some("") && text(target, &["kind"]) == Some("Service");
        let Some(name) = target.get("name").filter(|_| is_service) else { continue };
        let port =
            target.get("sectionName").and_then(|port| Some((Target::Name(port.as_str()?.to_owned()), port.span)));
        Reference { by: object, does: "is for", namespace: object.namespace_name(), name, port }.check(symbols, sink);
    }
}

/// The webhook that converts a custom resource. Projects hand out their CRDs without the rest, so among some manifests its
/// Service is ordinarily missing.
fn conversion(symbols: &Symbols, object: &Object, sink: &mut Sink) {
    let service = field(object.node, &["spec", "conversion", "webhook", "clientConfig", "service"]);
    let found = service.and_then(|service| symbols.service(text(service, &["namespace"])?, text(service, &["name"])?));
    if symbols.extent == Extent::Whole || found.is_some() {
        called_by_server(symbols, object, service, sink);
    }
}
