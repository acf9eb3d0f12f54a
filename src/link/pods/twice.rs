//! What may stand only once in a pod: the name of a container, the name or number of a port, a port of the node.
//!
//! What is told apart within one list (containers by name, mounts by path, ports by number and protocol) `validate` looks at.

use std::collections::BTreeMap;

use super::name;
use crate::diagnostic::{Code, Diagnostic, Severity, Sink};
use crate::link::fields::{called, items, text};
use crate::link::symbols::{Extent, Pod, Symbols, beside_each_other, containers};
use crate::source::Node;
use crate::validate::Object;

pub fn check(symbols: &Symbols, object: &Object, pod: &Pod, sink: &mut Sink) {
    container_names(symbols, object, pod, sink);
    let ports: Vec<Port> = beside_each_other(pod.spec).flat_map(Port::of).collect();
    let mut seen: BTreeMap<(&str, String), &Port> = BTreeMap::new();
    for port in &ports {
        for (what, value) in port.claims() {
            let Some(first) = seen.get(&(what, value.clone())) else {
                seen.insert((what, value), port);
                continue;
            };
            let is_own = std::ptr::eq(first.container, port.container);
            if is_own && what == NUMBER {
                // One port may have two names.
                continue;
            }
            sink.push(twice(symbols, object, first, port, what, &value));
            break;
        }
    }
}

const NAME: &str = "name";
const NUMBER: &str = "number";
const HOST: &str = "hostPort";

/// A port that a container declares.
struct Port<'n> {
    container: &'n Node,
    node: &'n Node,
}

impl<'n> Port<'n> {
    fn of(container: &'n Node) -> impl Iterator<Item = Self> {
        items(container, &["ports"]).iter().map(move |node| Self { container, node })
    }

    /// What no other port of the pod may have.
    fn claims(&self) -> Vec<(&'static str, String)> {
        let protocol = text(self.node, &["protocol"]).unwrap_or("TCP");
        let number = |key: &str| self.node.get(key).and_then(Node::as_integer).filter(|number| *number != 0);
        let host = text(self.node, &["hostIP"]).filter(|host| *host != "0.0.0.0");
        let host = host.map(|host| format!(" on {host}")).unwrap_or_default();
        let name = text(self.node, &["name"]).filter(|name| !name.is_empty());
        let found = [
            name.map(|name| (NAME, name.to_owned())),
            number("containerPort").map(|number| (NUMBER, format!("{number}/{protocol}"))),
            number("hostPort").map(|number| (HOST, format!("{number}/{protocol}{host}"))),
        ];
        found.into_iter().flatten().collect()
    }
}

/// A name that two containers give to ports of theirs, and a number, the API server lets pass with a warning; a name twice
/// in one container and a port of the node it refuses (API docs, "ContainerPort").
fn twice(symbols: &Symbols, object: &Object, first: &Port, second: &Port, what: &str, value: &str) -> Diagnostic {
    let (one, other) = (name(first.container), name(second.container));
    let is_own = std::ptr::eq(first.container, second.container);
    let of = if is_own { format!("container `{one}`") } else { format!("containers `{one}` and `{other}`") };
    let message = match what {
        NAME => format!("two ports of {of} in {} are called `{value}`", called(object)),
        NUMBER => format!("{of} in {} both listen on {value}", called(object)),
        _ => format!("two ports of {of} in {} take port {value} of the node", called(object)),
    };
    let key = match what {
        NAME => "name",
        NUMBER => "containerPort",
        _ => "hostPort",
    };
    let at = |port: &Port| port.node.get(key).unwrap_or(port.node).span;
    let mut fault = symbols.fault(Code::TwiceInPod, message, object, at(second));
    if symbols.extent == Extent::Part && !is_own && what != HOST {
        fault.severity = Severity::Warning;
    }
    match object.file.source {
        Some(_) => fault.at(at(first), "the first one"),
        None => fault,
    }
}

/// The names of init containers too are names of containers (API docs, "PodSpec", `initContainers`).
fn container_names(symbols: &Symbols, object: &Object, pod: &Pod, sink: &mut Sink) {
    let init = items(pod.spec, &["initContainers"]);
    let mut seen: BTreeMap<&str, &Node> = BTreeMap::new();
    for container in containers(pod.spec) {
        let Some(node) = container.get("name") else { continue };
        let Some(first) = seen.insert(name(container), node) else { continue };
        let is_init =
            |node: &Node| init.iter().any(|init| init.get("name").is_some_and(|name| std::ptr::eq(name, node)));
        if is_init(first) == is_init(node) {
            continue;
        }
        let message = format!("two containers of {} are called `{}`", called(object), name(container));
        let fault = symbols.fault(Code::TwiceInPod, message, object, node.span);
        sink.push(match object.file.source {
            Some(_) => fault.at(first.span, "the first one"),
            None => fault,
        });
    }
}
