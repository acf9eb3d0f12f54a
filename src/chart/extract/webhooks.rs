//! Admission webhooks: the kinds whose writing calls a Service.

use std::collections::{BTreeMap, BTreeSet};

use super::DEFINITION;
use crate::chart::facts::{Name, Webhook};
use crate::link::fields::{items, text};
use crate::source::Node;
use crate::validate::Object;
use crate::validate::schemas::{Schemas, versions};

const GROUP: &str = "admissionregistration.k8s.io";
const KINDS: [&str; 2] = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

/// None of what is no configuration of webhooks, or calls no Service.
pub fn webhook(object: &Object, is: Name, objects: &[Object]) -> Option<Webhook> {
    if object.group() != GROUP || !KINDS.contains(&object.kind) {
        return None;
    }
    let mut guards: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for webhook in items(object.node, &["webhooks"]) {
        let Some(service) = text(webhook, &["clientConfig", "service", "name"]) else { continue };
        let found = items(webhook, &["rules"]).iter().flat_map(|rule| kinds(rule, objects));
        guards.entry(service.to_owned()).or_default().extend(found);
    }
    (!guards.is_empty()).then_some(Webhook { is, guards })
}

fn kinds(rule: &Node, objects: &[Object]) -> BTreeSet<String> {
    let groups: Vec<&str> = texts(rule, "apiGroups");
    let defined = defined(&groups, objects);
    let mut found = BTreeSet::new();
    for resource in texts(rule, "resources") {
        let plural = resource.split('/').next().unwrap_or_default();
        match defined.get(plural) {
            _ if plural == "*" => found.extend(defined.values().map(|kind| (*kind).to_owned())),
            Some(kind) => drop(found.insert((*kind).to_owned())),
            None => drop(found.insert(native(plural).unwrap_or_else(|| plural.to_owned()))),
        }
    }
    found
}

fn texts<'n>(rule: &'n Node, key: &str) -> Vec<&'n str> {
    items(rule, &[key]).iter().filter_map(Node::as_str).collect()
}

/// The kinds of the chart's own definitions, by their plural.
fn defined<'r>(groups: &[&str], objects: &'r [Object<'r>]) -> BTreeMap<&'r str, &'r str> {
    let definitions =
        objects.iter().filter(|object| object.is(DEFINITION)).filter_map(|object| object.node.get("spec"));
    let of_group =
        |spec: &&Node| text(spec, &["group"]).is_some_and(|group| groups.contains(&group) || groups.contains(&"*"));
    let names = |spec: &'r Node| Some((text(spec, &["names", "plural"])?, text(spec, &["names", "kind"])?));
    definitions.filter(of_group).filter_map(names).collect()
}

/// A kind of Kubernetes itself, by the plural that its API makes of every kind.
fn native(plural: &str) -> Option<String> {
    let newest = versions().pop()?;
    let kinds = Schemas::default().kinds(newest);
    let kind = |title: &String| title.rsplit('/').next().unwrap_or_default().split('.').next().map(str::to_owned);
    kinds.iter().filter_map(kind).find(|kind| plural_of(kind) == plural)
}

/// Kubernetes API conventions, "Resources": the lower-case plural of the kind.
fn plural_of(kind: &str) -> String {
    let lower = kind.to_lowercase();
    match lower.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
        _ if lower == "endpoints" => lower,
        _ if lower.ends_with('s') => format!("{lower}es"),
        _ => format!("{lower}s"),
    }
}
