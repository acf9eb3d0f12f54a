//! Classes that the whole cluster shares: StorageClass, PriorityClass, RuntimeClass.
//!
//! An absent or empty one is the cluster's default, or none at all. Kubernetes brings two PriorityClasses ("Guaranteed
//! Scheduling For Critical Add-On Pods"). Among some manifests the cluster's classes are not there, and that is ordinary: one
//! is told only where it looks like a misspelt one of theirs.

use super::{Missing, names_of};
use crate::diagnostic::{Code, Sink, misspelt};
use crate::link::data::Place;
use crate::link::symbols::{Extent, Pod, Symbols};
use crate::source::Node;
use crate::validate::Object;

const SYSTEM: [&str; 2] = ["system-cluster-critical", "system-node-critical"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClassKind {
    Storage,
    Priority,
    Runtime,
}

impl ClassKind {
    fn kind(self) -> &'static str {
        match self {
            ClassKind::Storage => "StorageClass.storage.k8s.io",
            ClassKind::Priority => "PriorityClass.scheduling.k8s.io",
            ClassKind::Runtime => "RuntimeClass.node.k8s.io",
        }
    }

    fn key(self) -> &'static str {
        match self {
            ClassKind::Storage => "storageClasses",
            ClassKind::Priority => "priorityClasses",
            ClassKind::Runtime => "runtimeClasses",
        }
    }

    fn external<'s>(self, symbols: &'s Symbols) -> &'s [String] {
        match self {
            ClassKind::Storage => &symbols.external.storage_classes,
            ClassKind::Priority => &symbols.external.priority_classes,
            ClassKind::Runtime => &symbols.external.runtime_classes,
        }
    }
}

pub(super) fn check(symbols: &Symbols, object: &Object, sink: &mut Sink) {
    let spec = object.node.get("spec");
    if object.is("PersistentVolumeClaim") {
        spec.into_iter().for_each(|spec| claim(symbols, object, spec, sink));
    }
    if object.is("StatefulSet.apps") {
        let templates = spec.and_then(|spec| spec.get("volumeClaimTemplates")?.as_list()).unwrap_or_default();
        templates.iter().filter_map(|claim| claim.get("spec")).for_each(|spec| claim(symbols, object, spec, sink));
    }
    let Some(pod) = Pod::of(object) else { return };
    for (field, class) in [("priorityClassName", ClassKind::Priority), ("runtimeClassName", ClassKind::Runtime)] {
        pod.spec.get(field).into_iter().for_each(|name| named(symbols, object, class, name, sink));
    }
    for volume in pod.spec.get("volumes").and_then(Node::as_list).unwrap_or_default() {
        let template = volume.get("ephemeral").and_then(|ephemeral| ephemeral.get("volumeClaimTemplate")?.get("spec"));
        template.into_iter().for_each(|spec| claim(symbols, object, spec, sink));
    }
}

fn claim(symbols: &Symbols, object: &Object, spec: &Node, sink: &mut Sink) {
    spec.get("storageClassName").into_iter().for_each(|name| named(symbols, object, ClassKind::Storage, name, sink));
}

fn named(symbols: &Symbols, object: &Object, class: ClassKind, name: &Node, sink: &mut Sink) {
    if let Some(text) = name.as_str() {
        unknown_class(symbols, class, text, &Place::Object(object, name.span), sink);
    }
}

/// Raises E0607 where a class is not known.
pub fn unknown_class(symbols: &Symbols, class: ClassKind, name: &str, place: &Place, sink: &mut Sink) {
    if is_known(symbols, class, name) {
        return;
    }
    let mut known = names_of(symbols, class.kind(), "");
    known.extend(class.external(symbols).iter().map(String::as_str));
    if symbols.extent == Extent::Part && misspelt(name, known.iter().copied()).is_none() {
        return;
    }
    let kind = class.kind().split_once('.').map_or("", |(kind, _)| kind);
    let (code, does, external) = (Code::UnknownClass, "asks for", class.key());
    let missing = Missing { code, does, kind, namespace: "", name, known, external };
    sink.push(missing.fault(symbols, place));
}

fn is_known(symbols: &Symbols, class: ClassKind, name: &str) -> bool {
    name.is_empty()
        || symbols.named(class.kind(), "", name).is_some()
        || class.external(symbols).iter().any(|known| known == name)
        || match class {
            ClassKind::Priority => SYSTEM.contains(&name),
            ClassKind::Runtime => false,
            ClassKind::Storage => volumes_of(symbols, name),
        }
}

/// A class that only volumes made by hand carry needs no object (Kubernetes docs, "Persistent Volumes", Class).
fn volumes_of(symbols: &Symbols, class: &str) -> bool {
    let mut volumes = symbols.of_kind("PersistentVolume");
    volumes.any(|volume| volume.node.get("spec").and_then(|spec| spec.get("storageClassName")?.as_str()) == Some(class))
}
