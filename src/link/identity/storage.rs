//! Volumes → PersistentVolumeClaims.
//!
//! A StatefulSet makes a claim for each of its pods, `<template>-<name>-<number>` (Kubernetes docs, "StatefulSets", Stable
//! Storage): another pod may mount it.

use super::{Missing, is_object, names_of};
use crate::diagnostic::{Code, Sink};
use crate::link::data::Place;
use crate::link::symbols::{Extent, Pod, Symbols};
use crate::resolve::input::lists;
use crate::source::Node;
use crate::validate::Object;

const CLAIM: &str = "PersistentVolumeClaim";

pub(super) fn check(symbols: &Symbols, object: &Object, sink: &mut Sink) {
    let Some(pod) = Pod::of(object) else { return };
    for volume in pod.spec.get("volumes").and_then(Node::as_list).unwrap_or_default() {
        let volume_name = volume.get("name").and_then(Node::as_str);
        if templates(object).any(|template| volume_name == Some(template)) {
            // The template takes precedence over a volume of its name (API docs, "StatefulSetSpec").
            continue;
        }
        let name = volume.get("persistentVolumeClaim").and_then(|claim| claim.get("claimName"));
        let Some((node, name)) = name.and_then(|node| Some((node, node.as_str()?))) else { continue };
        let namespace = object.namespace_name();
        if !is_there(symbols, namespace, name) {
            let known = names_of(symbols, CLAIM, namespace);
            let (code, does, external) = (Code::UnknownClaim, "mounts", "persistentVolumeClaims");
            let missing = Missing { code, does, kind: CLAIM, namespace, name, known, external };
            sink.push(missing.fault(symbols, &Place::Object(object, node.span)));
        }
    }
}

fn is_there(symbols: &Symbols, namespace: &str, name: &str) -> bool {
    is_object(symbols, CLAIM, namespace, name)
        || lists(&symbols.external.persistent_volume_claims, namespace, name)
        || symbols.of_kind("StatefulSet.apps").any(|set| is_made_by(symbols, set, namespace, name))
}

fn is_made_by(symbols: &Symbols, set: &Object, namespace: &str, name: &str) -> bool {
    let is_its = set.namespace_name() == namespace || symbols.extent == Extent::Part && namespace.is_empty();
    let Some((rest, number)) = name.rsplit_once('-') else { return false };
    let template = rest.strip_suffix(set.name).and_then(|rest| rest.strip_suffix('-'));
    is_its
        && number.parse::<u32>().is_ok()
        && template.is_some_and(|template| templates(set).any(|known| known == template))
}

/// The claims that a StatefulSet makes for each pod, by name.
fn templates<'s>(set: &Object<'s>) -> impl Iterator<Item = &'s str> {
    let templates = set.node.get("spec").and_then(|spec| spec.get("volumeClaimTemplates")?.as_list());
    templates.unwrap_or_default().iter().filter_map(|claim| claim.get("metadata")?.get("name")?.as_str())
}
