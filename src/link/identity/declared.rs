//! What a component says that its files make is among them.
//!
//! What is declared of a workload's labels and ports, and of a Service's labels, holds of the object. Of a Service the ports
//! too, where no route leads to it: a route is held against them by itself. Secrets that a store or
//! the user has to provide are held against their readers, with all other Secrets.

use crate::component::interface::{By, Service, Workload};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::expand::plan::is_named;
use crate::expand::{Entry, Instance, Plan};
use crate::link::symbols::{self, Made, Symbols, maker};

pub(super) fn check(symbols: &Symbols, sink: &mut Sink) {
    let Some(plan) = symbols.plan else { return };
    for instance in &plan.instances {
        for (id, entry) in &instance.workloads {
            if maker(entry.is.by, instance) == By::Files {
                workload(symbols, plan, instance, id, entry, sink);
            }
        }
        for (id, entry) in &instance.services {
            if maker(entry.is.by, instance) == By::Files {
                service(symbols, instance, id, entry, sink);
            }
        }
    }
}

fn workload(symbols: &Symbols, plan: &Plan, instance: &Instance, id: &str, entry: &Entry<Workload>, sink: &mut Sink) {
    let name = instance.name_of(id, &entry.is);
    for namespace in plan.namespaces_of(instance, &entry.is) {
        let ours = |workload: &&symbols::Workload| workload.made.object().is_some();
        let named: Vec<_> = symbols.workloads_in(&namespace).filter(|one| one.name == name).filter(ours).collect();
        let kind = entry.is.kind.as_deref();
        if let Some(one) = named.iter().find(|one| kind.is_none_or(|kind| one.kind == kind)) {
            agrees(instance, entry, one, sink);
            continue;
        }
        let what = format!("{} {namespace}/{name}", kind.unwrap_or("workload"));
        let fault = not_made(instance, &what, &entry.origin);
        let known = symbols.workloads_in(&namespace).filter(ours).map(|one| one.name.as_str());
        sink.push(match named.first() {
            Some(other) => other.made.beside(fault, "one of that name").note(format!("{} is there", other.title())),
            None => fault.suggest(&name, known),
        });
    }
}

/// The pods carry the labels and listen on the ports that are declared: what others say of them rests upon it.
fn agrees(instance: &Instance, entry: &Entry<Workload>, made: &symbols::Workload, sink: &mut Sink) {
    let mut differs = |what: String, known: String| {
        if let Some(fault) = patched_away(instance, made.made, &made.title(), &what) {
            return sink.push(fault.note(format!("it has {known}")));
        }
        let message = format!("`{}` promises {what}; {} has {known}", instance.component.id, made.title());
        sink.push(made.made.beside(entry.origin.fault_of_component(Code::DeclaredNotMade, &message), "made here"));
    };
    for (key, value) in &entry.is.labels {
        if made.labels.get(key) != Some(value) {
            let known = made.labels.get(key).map_or("no such label".into(), |other| format!("`{key}: {other}`"));
            differs(format!("the label `{key}: {value}`"), known);
        }
    }
    for (id, port) in &entry.is.ports {
        let wanted = symbols::listens(id, port);
        if !made.ports.contains(&wanted) {
            let known: Vec<String> = made.ports.iter().map(ToString::to_string).collect();
            differs(format!("port {wanted}"), if known.is_empty() { "no port".into() } else { known.join(", ") });
        }
    }
}

/// Whether the files of a component are to make this workload with a port: that they do not is told once, here.
pub fn is_promised(
    symbols: &Symbols,
    workload: &symbols::Workload,
    answers: impl Fn(&symbols::Listens) -> bool,
) -> bool {
    let Some(plan) = symbols.plan else { return false };
    let is_meant = |instance: &Instance, id: &str, entry: &Entry<Workload>| {
        maker(entry.is.by, instance) == By::Files
            && instance.name_of(id, &entry.is) == workload.name
            && entry.is.kind.as_ref().is_none_or(|kind| *kind == workload.kind)
            && plan.namespaces_of(instance, &entry.is).contains(&workload.namespace)
    };
    let promised = |instance: &Instance| {
        let mut entries = instance.workloads.iter().filter(|(id, entry)| is_meant(instance, id, entry));
        entries.any(|(_, entry)| entry.is.ports.iter().any(|(id, port)| answers(&symbols::listens(id, port))))
    };
    plan.instances.iter().any(promised)
}

/// Where a patch changes what others rest upon, it is at fault.
fn patched_away(instance: &Instance, made: Made, object: &str, what: &str) -> Option<Diagnostic> {
    let node = made.object()?;
    let patch = node.file.patch_at(node.node.span)?;
    let message = format!("this patch leaves {object} without {what}");
    let fault = Diagnostic::new(Code::DeclaredNotMade, message).at(patch, "").about(node.title());
    Some(fault.note(format!("`{}` declares it, and what refers to the object rests upon it", instance.component.id)))
}

fn not_made(instance: &Instance, what: &str, origin: &crate::expand::Origin) -> Diagnostic {
    let message = format!("`{}` declares {what}, and none of its files makes it", instance.component.id);
    origin.fault_of_component(Code::DeclaredNotMade, &message)
}

fn service(symbols: &Symbols, instance: &Instance, id: &str, entry: &Entry<Service>, sink: &mut Sink) {
    let (namespace, name) = (&instance.namespace, &entry.is.name);
    let found = symbols.service(namespace, name).filter(|service| service.made.object().is_some());
    let Some(service) = found else {
        let known = symbols.services_in(namespace).filter(|service| service.made.object().is_some());
        let fault = not_made(instance, &format!("Service {namespace}/{name}"), &entry.origin);
        return sink.push(fault.suggest(name, known.map(|service| service.name.as_str())));
    };
    for (key, value) in &entry.is.labels {
        if service.labels.get(key) != Some(value) {
            let what = format!("the label `{key}: {value}`");
            if let Some(fault) = patched_away(instance, service.made, &service.title(), &what) {
                sink.push(fault);
                continue;
            }
            let what = format!("{} with {what}", service.title());
            sink.push(service.made.beside(not_made(instance, &what, &entry.origin), "made here"));
        }
    }
    let is_routed = instance.routes.values().any(|route| is_named(id, &route.is.service));
    for port in entry.is.ports.values().filter(|_| !is_routed) {
        if !service.ports.iter().any(|known| known.number == port.port) {
            let what = format!("port {} of {}", port.port, service.title());
            let without = format!("port {}", port.port);
            let fault = patched_away(instance, service.made, &service.title(), &without)
                .unwrap_or_else(|| service.made.beside(not_made(instance, &what, &entry.origin), "the Service"));
            let known: Vec<String> = service.ports.iter().map(|port| port.number.to_string()).collect();
            sink.push(fault.note(format!("its ports are {}", known.join(", "))));
        }
    }
}
