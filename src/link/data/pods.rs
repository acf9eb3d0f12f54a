//! What pods and ServiceAccounts read (Kubernetes API docs: "Container", "Volume", "ServiceAccount").

use super::{Key, Place, Reference};
use crate::link::symbols::{DataKind, Pod};
use crate::source::{Node, Value};
use crate::validate::Object;

/// What a Secret for the registry holds (Kubernetes docs, "Docker config Secrets"): the key of today, and the old one.
const PULL_KEYS: (&str, &str) = (".dockerconfigjson", ".dockercfg");

pub(super) fn add<'s>(object: &'s Object<'s>, references: &mut Vec<Reference<'s>>) {
    let mut reader = Reader { object, references };
    if object.is("ServiceAccount") {
        reader.pull_secrets(object.node);
        reader.named(DataKind::Secret, object.node.get("secrets"));
    } else if let Some(pod) = Pod::of(object) {
        reader.pod(pod.spec);
    }
}

struct Reader<'r, 's> {
    object: &'s Object<'s>,
    references: &'r mut Vec<Reference<'s>>,
}

impl<'s> Reader<'_, 's> {
    fn pod(&mut self, spec: &'s Node) {
        for list in ["initContainers", "containers", "ephemeralContainers"] {
            items(spec.get(list)).for_each(|container| self.container(container));
        }
        items(spec.get("volumes")).for_each(|volume| self.volume(volume));
        self.pull_secrets(spec);
    }

    fn container(&mut self, container: &'s Node) {
        for from in items(container.get("env")).filter_map(|env| env.get("valueFrom")) {
            self.selected(DataKind::Secret, from.get("secretKeyRef"));
            self.selected(DataKind::ConfigMap, from.get("configMapKeyRef"));
        }
        for from in items(container.get("envFrom")) {
            self.whole(DataKind::Secret, from.get("secretRef"), "name");
            self.whole(DataKind::ConfigMap, from.get("configMapRef"), "name");
        }
    }

    fn volume(&mut self, volume: &'s Node) {
        self.files(DataKind::Secret, volume.get("secret"), "secretName");
        self.files(DataKind::ConfigMap, volume.get("configMap"), "name");
        for source in items(volume.get("projected").and_then(|projected| projected.get("sources"))) {
            self.files(DataKind::Secret, source.get("secret"), "name");
            self.files(DataKind::ConfigMap, source.get("configMap"), "name");
        }
        self.whole(DataKind::Secret, volume.get("csi").and_then(|csi| csi.get("nodePublishSecretRef")), "name");
    }

    /// A volume's source: some keys, or all.
    fn files(&mut self, kind: DataKind, source: Option<&'s Node>, name: &str) {
        let Some(source) = source.filter(|source| !is_optional(source)) else { return };
        let keys: Vec<&Node> = items(source.get("items")).filter_map(|item| item.get("key")).collect();
        if keys.is_empty() {
            self.whole(kind, Some(source), name);
        }
        keys.into_iter().for_each(|key| self.push(kind, source.get(name), Some(key)));
    }

    /// `{name, key}`
    fn selected(&mut self, kind: DataKind, selector: Option<&'s Node>) {
        if let Some(selector) = selector.filter(|selector| !is_optional(selector)) {
            self.push(kind, selector.get("name"), selector.get("key"));
        }
    }

    fn whole(&mut self, kind: DataKind, source: Option<&'s Node>, name: &str) {
        if let Some(source) = source.filter(|source| !is_optional(source)) {
            self.push(kind, source.get(name), None);
        }
    }

    fn named(&mut self, kind: DataKind, list: Option<&'s Node>) {
        items(list).for_each(|item| self.push(kind, item.get("name"), None));
    }

    fn pull_secrets(&mut self, owner: &'s Node) {
        let before = self.references.len();
        self.named(DataKind::Secret, owner.get("imagePullSecrets"));
        for reference in self.references.iter_mut().skip(before) {
            let key =
                Key { name: PULL_KEYS.0.into(), place: reference.place.clone(), or: Some(PULL_KEYS.1), why: None };
            reference.key = Some(key);
        }
    }

    fn push(&mut self, kind: DataKind, name: Option<&'s Node>, key: Option<&'s Node>) {
        let Some((name, text)) = name.and_then(|name| Some((name, name.as_str()?))) else { return };
        let key = key.and_then(|key| {
            let place = Place::Object(self.object, key.span);
            Some(Key { name: key.as_str()?.to_owned(), place, or: None, why: None })
        });
        self.references.push(Reference {
            kind,
            namespace: self.object.namespace_name().to_owned(),
            name: text.to_owned(),
            key,
            place: Place::Object(self.object, name.span),
        });
    }
}

pub(super) fn items(list: Option<&Node>) -> impl Iterator<Item = &Node> {
    list.and_then(Node::as_list).unwrap_or_default().iter()
}

pub(super) fn is_optional(node: &Node) -> bool {
    node.get("optional").is_some_and(|optional| optional.value == Value::Bool(true))
}
