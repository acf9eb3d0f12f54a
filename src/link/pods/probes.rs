//! Probes and lifecycle hooks: each asks on a port of its container.

use super::name;
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::link::fields::{called, field, items};
use crate::link::symbols::{Extent, Pod, Symbols, Target, containers};
use crate::source::Node;
use crate::validate::Object;

/// Where in a container something is asked.
const ASKS: [&[&str]; 5] = [
    &["startupProbe"],
    &["readinessProbe"],
    &["livenessProbe"],
    &["lifecycle", "postStart"],
    &["lifecycle", "preStop"],
];

/// How it is asked.
const WAYS: [&str; 3] = ["httpGet", "tcpSocket", "grpc"];

pub fn check(symbols: &Symbols, object: &Object, pod: &Pod, sink: &mut Sink) {
    for container in containers(pod.spec) {
        let mut told: Vec<(Target, Diagnostic)> = vec![];
        for (what, port) in asked(container) {
            let Some(wanted) = Target::of(port).filter(|wanted| !has(symbols, pod, container, wanted)) else {
                continue;
            };
            match told.iter_mut().find(|(target, _)| *target == wanted) {
                // Several that ask on one port are one fault.
                Some((_, fault)) => fault.notes.push(format!("its {what} asks there too")),
                None => told.push((wanted.clone(), unknown(symbols, object, container, what, &wanted, port))),
            }
        }
        told.into_iter().for_each(|(_, fault)| sink.push(fault));
    }
}

/// Each port that is asked on, and by what; a hook or probe with a `host` of its own may mean any.
fn asked(container: &Node) -> impl Iterator<Item = (&'static str, &Node)> {
    ASKS.iter().flat_map(move |path| {
        let ways = WAYS.iter().filter_map(move |way| field(container, path)?.get(way));
        let own = ways.filter(|way| way.get("host").is_none());
        own.filter_map(|way| Some((*path.last()?, way.get("port")?)))
    })
}

/// A name is one of the container's own ports. A number may be a port of any container of the pod, since they share a
/// network; where the container declares no port it may be any, and to Kubernetes declaring one is documentation in any
/// case (API docs, "Container", `ports`; "HTTPGetAction", `port`).
fn has(symbols: &Symbols, pod: &Pod, container: &Node, wanted: &Target) -> bool {
    let own = items(container, &["ports"]);
    match wanted {
        Target::Name(name) => own.iter().any(|port| port.get("name").and_then(Node::as_str) == Some(name)),
        Target::Number(_) if own.is_empty() || symbols.extent == Extent::Part => true,
        Target::Number(number) => {
            let mut ports = containers(pod.spec).flat_map(|container| items(container, &["ports"]));
            ports.any(|port| port.get("containerPort").and_then(Node::as_integer) == Some(i64::from(*number)))
        }
    }
}

fn unknown(
    symbols: &Symbols,
    object: &Object,
    container: &Node,
    what: &str,
    wanted: &Target,
    port: &Node,
) -> Diagnostic {
    let message = format!(
        "the {what} of container `{}` in {} asks on port `{wanted}`, which the container does not have",
        name(container),
        called(object)
    );
    let fault = symbols.fault(Code::UnknownContainerPort, message, object, port.span);
    let ports = container.get("ports").filter(|_| object.file.source.is_some());
    let fault = ports.into_iter().fold(fault, |fault, ports| fault.at(ports.span, "its ports"));
    let own = items(container, &["ports"]);
    let told: Vec<String> = own.iter().map(told).collect();
    let fault = match told.is_empty() {
        true => fault.note("it declares no port"),
        false => fault.note(format!("it has {}", told.join(", "))),
    };
    fault.suggest(&wanted.to_string(), own.iter().filter_map(|port| port.get("name")?.as_str()))
}

/// `8080 (http)`
fn told(port: &Node) -> String {
    let number = port.get("containerPort").and_then(Node::as_integer).unwrap_or_default();
    match port.get("name").and_then(Node::as_str) {
        Some(name) => format!("{number} ({name})"),
        None => number.to_string(),
    }
}
