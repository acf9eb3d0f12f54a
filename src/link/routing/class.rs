//! Classes: who serves an Ingress or a Gateway.

use std::collections::BTreeSet;

use super::cause::Causes;
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::expand::{INGRESS, provider};
use crate::link::fields::{annotation, called, listed};
use crate::link::symbols::{Extent, Symbols};
use crate::source::Node;
use crate::validate::Object;

/// Every class of one kind that is known.
pub struct Classes<'a> {
    kind: &'static str,
    /// Its key under `external`.
    key: &'static str,
    names: BTreeSet<&'a str>,
    /// Whether the manifests hold any of them: if not, among some manifests, they are ordinarily elsewhere.
    are_here: bool,
    /// Whether an object that names none has one all the same.
    has_default: bool,
}

impl<'a> Classes<'a> {
    pub fn ingress(symbols: &Symbols<'a>) -> Self {
        let external = &symbols.external.ingress_classes;
        let mut classes = Self::new(symbols, "IngressClass", "networking.k8s.io", external);
        // Which of those outside is the default only the cluster knows.
        classes.has_default = !external.is_empty() || symbols.of_kind("IngressClass.networking.k8s.io").any(is_default);
        classes.names.extend(exported(symbols, "Ingress"));
        Self { key: "ingressClasses", ..classes }
    }

    pub fn gateway(symbols: &Symbols<'a>) -> Self {
        let external = &symbols.external.gateway_classes;
        let mut classes = Self::new(symbols, "GatewayClass", "gateway.networking.k8s.io", external);
        classes.names.extend(exported(symbols, "HTTPRoute"));
        Self { key: "gatewayClasses", ..classes }
    }

    fn new(symbols: &Symbols<'a>, kind: &'static str, group: &str, external: &'a [String]) -> Self {
        let objects = symbols.objects.iter().filter(|object| object.kind == kind && object.group() == group);
        let mut names: BTreeSet<&str> = objects.map(|object| object.name).collect();
        let are_here = !names.is_empty();
        names.extend(external.iter().map(String::as_str));
        Self { kind, key: "", names, are_here, has_default: false }
    }

    /// The class that an object names is there.
    pub fn check(&self, symbols: &Symbols, object: &Object, class: &Node, causes: &mut Causes) {
        let Some(name) = class.as_str().filter(|name| !self.names.contains(name)) else { return };
        if symbols.extent == Extent::Part && !self.are_here {
            return;
        }
        causes.add(&format!("{} {name}", self.kind), object, || {
            let message = format!("{} names the {} `{name}`, which is not there", called(object), self.kind);
            let fault = symbols.absent(Code::UnknownClass, message, object, class.span);
            let fault = self.known(fault).suggest(name, self.names.iter().copied());
            match symbols.extent {
                Extent::Whole => {
                    fault.help(format!("if the cluster has it, say so: `external: {{{}: [{name}]}}`", self.key))
                }
                Extent::Part => fault,
            }
        });
    }

    /// An object without a class has the cluster's default (API docs, "IngressSpec", `ingressClassName`).
    pub fn check_default(&self, symbols: &Symbols, object: &Object, sink: &mut Sink) {
        if symbols.extent == Extent::Part || self.has_default {
            return;
        }
        let message = format!("{} names no {}, and none is known to be the default", called(object), self.kind);
        let place = object.node.get("spec").map_or(object.node.span, |node| node.span);
        sink.push(self.known(symbols.fault(Code::UnknownClass, message, object, place)));
    }

    fn known(&self, fault: Diagnostic) -> Diagnostic {
        let names: Vec<&str> = self.names.iter().copied().take(5).collect();
        match names.as_slice() {
            [] => fault,
            [one] => fault.note(format!("the only one known is `{one}`")),
            _ => fault.note(format!("known are {}", listed(&names))),
        }
    }
}

/// The class of the provider whose routes are of a kind.
fn exported<'a>(symbols: &Symbols<'a>, kind: &str) -> Option<&'a str> {
    let ingress = provider(&symbols.plan?.instances, INGRESS)?;
    let is_meant = ingress.exported_value("kind").as_str() == Some(kind);
    ingress.exported_value("class").as_str().filter(|_| is_meant)
}

/// The annotation that makes a class the default (Kubernetes docs, "Well-Known Labels").
fn is_default(class: &Object) -> bool {
    annotation(class, "ingressclass.kubernetes.io/is-default-class").and_then(Node::as_str) == Some("true")
}
