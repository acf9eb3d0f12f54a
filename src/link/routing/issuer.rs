//! Issuers of certificates: each that a Certificate or an annotation names is there, and solves its challenges over a class
//! and a Gateway that are there.

use super::cause::Causes;
use super::certificate::CERTIFICATE;
use super::class::Classes;
use super::gateway::Gateways;
use crate::diagnostic::{Code, Diagnostic, Sink, nearest};
use crate::expand::{CERTIFICATES, provider};
use crate::link::fields::{annotation, called, field, items, path, text};
use crate::link::symbols::{Extent, Made, Symbols};
use crate::source::Node;
use crate::validate::Object;

/// The group whose issuers are its own; of any other only its own controller knows what they are.
const GROUP: &str = "cert-manager.io";

pub fn check(symbols: &Symbols, classes: &Classes, gateways: &Gateways, sink: &mut Sink) {
    let mut causes = Causes::default();
    for object in symbols.objects {
        if object.is(CERTIFICATE) {
            field(object.node, &["spec", "issuerRef"])
                .into_iter()
                .for_each(|issuer| named(symbols, object, issuer, &mut causes));
        }
        if object.is("Ingress.networking.k8s.io") || object.is("Gateway.gateway.networking.k8s.io") {
            annotated(symbols, object, &mut causes);
        }
        if object.group() == GROUP && matches!(object.kind, "Issuer" | "ClusterIssuer") {
            solvers(symbols, object, classes, gateways, &mut causes, sink);
        }
    }
    causes.tell(sink);
}

/// Whether an annotation asks for a certificate (cert-manager docs, "Annotated Ingress resource").
pub fn is_annotated(object: &Object) -> bool {
    let keys = ["cert-manager.io/issuer", "cert-manager.io/cluster-issuer", "kubernetes.io/tls-acme"];
    keys.iter().any(|key| annotation(object, key).is_some())
}

/// An issuer that something is to be issued by.
struct Issuer<'r> {
    kind: &'r str,
    group: &'r str,
    name: &'r Node,
}

/// Without a kind it is an Issuer (cert-manager docs, "CertificateSpec", `issuerRef`).
fn named(symbols: &Symbols, object: &Object, issuer: &Node, causes: &mut Causes) {
    let Some(name) = issuer.get("name") else { return };
    let said = |key: &str| text(issuer, &[key]).filter(|text| !text.is_empty());
    let (kind, group) = (said("kind").unwrap_or("Issuer"), said("group").unwrap_or(GROUP));
    Issuer { kind, group, name }.check(symbols, object, causes);
}

fn annotated(symbols: &Symbols, object: &Object, causes: &mut Causes) {
    let said = |key: &str| annotation(object, &format!("{GROUP}/{key}"));
    let text = |key: &str| said(key).and_then(Node::as_str);
    let group = text("issuer-group").unwrap_or(GROUP);
    if let Some(name) = said("cluster-issuer") {
        Issuer { kind: "ClusterIssuer", group, name }.check(symbols, object, causes);
    }
    if let Some(name) = said("issuer") {
        Issuer { kind: text("issuer-kind").unwrap_or("Issuer"), group, name }.check(symbols, object, causes);
    }
}

impl Issuer<'_> {
    fn check(&self, symbols: &Symbols, object: &Object, causes: &mut Causes) {
        let (Some(name), namespace) = (self.name.as_str(), object.namespace_name()) else { return };
        let outside = self.outside(namespace, name);
        let is_outside = symbols.external.issuers.contains(&outside);
        let kind = format!("{}.{}", self.kind, self.group);
        if is_outside || symbols.named(&kind, namespace, name).is_some() || self.is_elsewhere(symbols, &kind) {
            return;
        }
        // An Issuer is one of its namespace.
        let of = if self.kind == "ClusterIssuer" { "" } else { namespace };
        causes.add(&format!("{kind} {of} {name}"), object, || self.unknown(symbols, object, name, &kind));
    }

    /// How `external` calls it.
    fn outside(&self, namespace: &str, name: &str) -> String {
        match (self.group, self.kind) {
            (GROUP, "ClusterIssuer") => name.to_owned(),
            (GROUP, "Issuer") => path(namespace, name),
            (group, kind) => format!("{kind}.{group}/{name}"),
        }
    }

    /// Among some manifests, where none of its kind is.
    fn is_elsewhere(&self, symbols: &Symbols, kind: &str) -> bool {
        symbols.extent == Extent::Part && (self.group != GROUP || symbols.of_kind(kind).next().is_none())
    }

    fn unknown(&self, symbols: &Symbols, object: &Object, name: &str, kind: &str) -> Diagnostic {
        let message = format!("{} is to be issued by {} `{name}`, which is not there", self.issued(object), self.kind);
        let fault = symbols.absent(Code::UnknownIssuer, message, object, self.name.span);
        let fault = chosen(fault, symbols, name);
        let known = symbols
            .of_kind(kind)
            .filter(|issuer| issuer.namespace.is_none() || issuer.namespace_name() == object.namespace_name());
        let known: Vec<&Object> = known.collect();
        let near = nearest(name, known.iter().map(|issuer| issuer.name));
        let near = known.iter().find(|issuer| Some(issuer.name) == near);
        let fault = near.into_iter().fold(fault, |fault, near| Made::Object(near).beside(fault, "the nearest issuer"));
        let fault = fault.suggest(name, known.iter().map(|issuer| issuer.name));
        let fault = self.other_kind(fault, symbols, object, name);
        if symbols.extent == Extent::Part {
            return fault;
        }
        let outside = self.outside(object.namespace_name(), name);
        fault.help(format!("if the cluster has it, say so: `external: {{issuers: [{outside}]}}`"))
    }

    fn issued(&self, object: &Object) -> String {
        match object.is(CERTIFICATE) {
            true => called(object),
            false => format!("the certificate of {}", called(object)),
        }
    }

    /// Says which issuer of another kind has the name.
    fn other_kind(&self, fault: Diagnostic, symbols: &Symbols, object: &Object, name: &str) -> Diagnostic {
        let kinds = ["Issuer", "ClusterIssuer"].into_iter();
        let found =
            kinds.filter_map(|kind| symbols.named(&format!("{kind}.{GROUP}"), object.namespace_name(), name)).next();
        match found {
            Some(other) => {
                let fault = Made::Object(other).beside(fault, "an issuer of this name");
                fault.note(format!("{} of the group `{GROUP}` is there", called(other)))
            }
            None => fault,
        }
    }
}

/// Shows the option that names the issuer of the platform's certificates.
fn chosen(fault: Diagnostic, symbols: &Symbols, name: &str) -> Diagnostic {
    let certificates = symbols.plan.and_then(|plan| provider(&plan.instances, CERTIFICATES));
    match certificates.filter(|certificates| certificates.exported_value("issuer")["name"] == name) {
        Some(certificates) => fault.at(certificates.used.span, "this issues them by it, and does not make it"),
        None => fault,
    }
}

/// How an issuer proves a host over HTTP: through Ingresses of a class, or routes on Gateways (cert-manager docs, "HTTP01").
fn solvers(
    symbols: &Symbols,
    issuer: &Object,
    classes: &Classes,
    gateways: &Gateways,
    causes: &mut Causes,
    sink: &mut Sink,
) {
    for solver in items(issuer.node, &["spec", "acme", "solvers"]) {
        for key in ["ingressClassName", "class"] {
            let class = field(solver, &["http01", "ingress", key]);
            class.into_iter().for_each(|class| classes.check(symbols, issuer, class, causes));
        }
        for parent in items(solver, &["http01", "gatewayHTTPRoute", "parentRefs"]) {
            gateways.parent(symbols, issuer, parent, sink);
        }
    }
}
