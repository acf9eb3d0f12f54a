//! Mounts: each names a volume of its pod, or a claim that its StatefulSet makes for each pod.

use super::name;
use crate::diagnostic::{Code, Sink};
use crate::link::fields::{called, items, listed, text};
use crate::link::symbols::{Pod, Symbols, containers};
use crate::source::Node;
use crate::validate::Object;

pub fn check(symbols: &Symbols, object: &Object, pod: &Pod, sink: &mut Sink) {
    let claims = items(object.node, &["spec", "volumeClaimTemplates"]);
    let claims = claims.iter().filter_map(|claim| text(claim, &["metadata", "name"]));
    let known: Vec<&str> =
        items(pod.spec, &["volumes"]).iter().filter_map(|volume| text(volume, &["name"])).chain(claims).collect();
    for container in containers(pod.spec) {
        for mount in items(container, &["volumeMounts"]).iter().chain(items(container, &["volumeDevices"])) {
            let Some(node) = mount.get("name") else { continue };
            let Some(wanted) = node.as_str().filter(|name| !known.contains(name)) else { continue };
            let message = format!(
                "container `{}` in {} mounts the volume `{wanted}`, which the pod does not have",
                name(container),
                called(object)
            );
            let fault = symbols.fault(Code::UnknownVolume, message, object, node.span);
            let there = pod.spec.get("volumes").filter(|_| object.file.source.is_some());
            let fault = there.into_iter().fold(fault, |fault, volumes| fault.at(first(volumes), "its volumes"));
            let fault = if known.is_empty() { fault } else { fault.note(format!("it has {}", listed(&known))) };
            sink.push(fault.suggest(wanted, known.iter().copied()));
        }
    }
}

/// A list of volumes is long: where it begins.
fn first(volumes: &Node) -> crate::source::Span {
    volumes.as_list().and_then(|list| list.first()?.get("name")).unwrap_or(volumes).span
}
