//! A reference to a Service, and to a port of it.

use crate::diagnostic::{self, Code, Diagnostic, Sink};
use crate::link::fields::{called, listed, path};
use crate::link::symbols::{Extent, Service, Symbols, Target};
use crate::source::{Node, Span};
use crate::validate::Object;

/// Who names a Service, and what for.
pub struct Reference<'r> {
    pub by: &'r Object<'r>,
    /// `leads to`
    pub does: &'static str,
    pub namespace: &'r str,
    pub name: &'r Node,
    /// A port of the Service, by name or number.
    pub port: Option<(Target, Span)>,
}

impl Reference<'_> {
    /// The Service is there, and has the port.
    pub fn check(&self, symbols: &Symbols, sink: &mut Sink) {
        let Some(name) = self.name.as_str() else { return };
        match symbols.service(self.namespace, name) {
            None => sink.push(self.unknown(symbols, name)),
            Some(service) => sink_port(symbols, self, service, sink),
        }
    }

    fn unknown(&self, symbols: &Symbols, name: &str) -> Diagnostic {
        let wanted = path(self.namespace, name);
        let message = format!("{} {} Service {wanted}, which is not there", called(self.by), self.does);
        let fault = symbols.absent(Code::UnknownService, message, self.by, self.name.span);
        let fault = nearest(fault, symbols, self.namespace, name);
        if symbols.extent == Extent::Part {
            return fault;
        }
        let port = match &self.port {
            Some((Target::Number(number), _)) => number.to_string(),
            _ => String::new(),
        };
        fault.help(format!("if it is made elsewhere, say so: `external: {{services: {{{wanted}: [{port}]}}}}`"))
    }
}

/// How many Services of a namespace are told.
const SHOWN: usize = 5;

/// Shows the Service of the namespace that is called nearly so, or one of this name in another; else which there are.
fn nearest(fault: Diagnostic, symbols: &Symbols, namespace: &str, name: &str) -> Diagnostic {
    let here: Vec<&Service> = symbols.services_in(namespace).collect();
    let names = || here.iter().map(|service| service.name.as_str());
    let near = diagnostic::nearest(name, names());
    if let Some(near) = near.and_then(|near| here.iter().find(|service| service.name == near)) {
        return near.made.beside(fault, "the nearest Service").suggest(name, names());
    }
    if let Some(other) = symbols.services.iter().find(|service| service.name == name) {
        let fault = other.made.beside(fault, "a Service of this name");
        return fault.note(format!("{} is in another namespace", other.title()));
    }
    match names().take(SHOWN).collect::<Vec<_>>().as_slice() {
        [] => fault.note("no Service of that namespace is known"),
        known => fault.note(format!("the namespace has {}", listed(known))),
    }
}

fn sink_port(symbols: &Symbols, reference: &Reference, service: &Service, sink: &mut Sink) {
    let Some((port, at)) = &reference.port else { return };
    if has(service, port) {
        return;
    }
    let message = format!(
        "{} {} port `{port}` of {}, which has no such port",
        called(reference.by),
        reference.does,
        service.title()
    );
    let fault = symbols.fault(Code::UnknownServicePort, message, reference.by, *at);
    sink.push(ports(service.made.beside(fault, "the Service"), service, &port.to_string()));
}

/// The ports of an outside host are those of the host, not of the Service that names it; of a Service made elsewhere only
/// the numbers are known.
fn has(service: &Service, port: &Target) -> bool {
    let is_outside = service.made.is_external();
    match port {
        Target::Number(number) => {
            service.is_external
                || is_outside && service.ports.is_empty()
                || service.ports.iter().any(|port| port.number == *number)
        }
        Target::Name(name) => is_outside || service.ports.iter().any(|port| port.name.as_ref() == Some(name)),
    }
}

/// Says which ports a Service has.
pub fn ports(fault: Diagnostic, service: &Service, wanted: &str) -> Diagnostic {
    let told = service.ports.iter().map(|port| match &port.name {
        Some(name) => format!("{} ({name})", port.number),
        None => port.number.to_string(),
    });
    let told: Vec<String> = told.collect();
    let fault = match told.is_empty() {
        true => fault.note(format!("{} has no port", service.title())),
        false => fault.note(format!("{} has {}", service.title(), told.join(", "))),
    };
    fault.suggest(wanted, service.ports.iter().filter_map(|port| port.name.as_deref()))
}
