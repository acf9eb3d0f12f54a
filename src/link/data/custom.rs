//! What the custom resources that we know read: monitors, certificates, issuers, stores.
//!
//! Their fields for it are many and alike: a map with `name` and `key` is a SecretKeySelector, one below `configMap` a
//! ConfigMapKeySelector (Prometheus Operator, API reference), and so is one below a key that ends in `SecretRef`
//! (cert-manager and External Secrets, API references). What an operator writes is not read: `privateKeySecretRef` of an
//! ACME issuer. What an object reads in another namespace than its own is followed where it says which.

use super::pods::is_optional;
use super::{Key, Place, Reference};
use crate::link::symbols::{DataKind, Symbols};
use crate::source::Node;
use crate::validate::Object;

pub(super) fn add<'s>(symbols: &'s Symbols, object: &'s Object<'s>, references: &mut Vec<Reference<'s>>) {
    let namespace = match (object.kind, object.group()) {
        ("ServiceMonitor" | "PodMonitor" | "Probe", "monitoring.coreos.com")
        | ("Certificate" | "Issuer", "cert-manager.io")
        | ("SecretStore", "external-secrets.io") => Some(object.namespace_name()),
        ("ClusterIssuer", "cert-manager.io") => operator(symbols, "certificates"),
        ("ClusterSecretStore", "external-secrets.io") => None,
        ("PushSecret", "external-secrets.io") => return pushed(object, references),
        _ => return,
    };
    let mut walk = Walk { object, namespace, references };
    object.node.get("spec").into_iter().for_each(|spec| walk.below(spec, "spec"));
}

/// Where the operator behind a capability runs: it reads the Secrets of what belongs to no namespace.
fn operator<'s>(symbols: &'s Symbols, capability: &str) -> Option<&'s str> {
    let provider = symbols.plan?.instances.iter().find(|instance| instance.used.slot == capability)?;
    Some(&provider.namespace)
}

struct Walk<'r, 's> {
    object: &'s Object<'s>,
    /// Where it reads, unless it says otherwise.
    namespace: Option<&'s str>,
    references: &'r mut Vec<Reference<'s>>,
}

impl<'s> Walk<'_, 's> {
    fn below(&mut self, node: &'s Node, key: &str) {
        if key == "privateKeySecretRef" || is_optional(node) {
            return;
        }
        self.reference(node, key);
        for (key, entry) in node.as_map().into_iter().flatten() {
            self.below(&entry.node, key);
        }
        node.as_list().unwrap_or_default().iter().for_each(|item| self.below(item, key));
    }

    fn reference(&mut self, node: &'s Node, below: &str) {
        let text = |key: &str| node.get(key).filter(|node| node.as_str().is_some());
        let selects = below.ends_with("SecretRef") || below == "secretRef" || text("key").is_some();
        let name = text("name").filter(|_| selects).or(text("secretName").filter(|_| below == "ca"));
        let namespace = text("namespace").and_then(Node::as_str).or(self.namespace);
        let (Some(name), Some(namespace)) = (name, namespace) else { return };
        let is_config = below == "configMap" || text("type").and_then(Node::as_str) == Some("ConfigMap");
        let kind = if is_config { DataKind::ConfigMap } else { DataKind::Secret };
        self.references.extend(reference(self.object, kind, namespace, name, text("key")));
    }
}

/// What a PushSecret takes to its stores.
fn pushed<'s>(object: &'s Object<'s>, references: &mut Vec<Reference<'s>>) {
    let name = ["spec", "selector", "secret", "name"].iter().try_fold(object.node, |node, key| node.get(key));
    let data = object.node.get("spec").and_then(|spec| spec.get("data")).and_then(Node::as_list);
    let keys = data.unwrap_or_default().iter().map(|entry| entry.get("match")?.get("secretKey"));
    for key in keys.chain([None]) {
        let namespace = object.namespace_name();
        references.extend(name.and_then(|name| reference(object, DataKind::Secret, namespace, name, key)));
    }
}

fn reference<'s>(
    object: &'s Object<'s>,
    kind: DataKind,
    namespace: &str,
    name: &'s Node,
    key: Option<&'s Node>,
) -> Option<Reference<'s>> {
    let key = key.and_then(|key| {
        Some(Key { name: key.as_str()?.to_owned(), place: Place::Object(object, key.span), or: None, why: None })
    });
    Some(Reference {
        kind,
        namespace: namespace.to_owned(),
        name: name.as_str()?.to_owned(),
        key,
        place: Place::Object(object, name.span),
    })
}
