//! What a kustomization gives to the objects it lists: a namespace and labels (kustomize docs, "namespace", "commonLabels",
//! "labels").
//!
//! Without it an object may lack its selector, or stand elsewhere than its neighbours that say where they stand.

use crate::source::{Entry, Map, Node, Value};

#[derive(Debug, Clone, Default)]
pub struct Given {
    namespace: Option<Node>,
    labels: Vec<Labels>,
}

impl Given {
    pub fn by(kustomization: &Node) -> Self {
        let namespace = kustomization.get("namespace").filter(|node| node.as_str().is_some());
        Self { namespace: namespace.cloned(), labels: labels(kustomization) }
    }

    /// What an outer kustomization gives to those that this one gives to: its namespace, where this has none.
    pub fn within(self, outer: &Given) -> Self {
        Self { namespace: self.namespace.or(outer.namespace.clone()), ..self }
    }

    pub fn is_nothing(&self) -> bool {
        self.namespace.is_none() && self.labels.is_empty()
    }

    pub fn give(&self, object: &mut Node, is_namespaced: bool) {
        self.labels.iter().for_each(|labels| labels.put_on(object));
        let Some(namespace) = &self.namespace else { return };
        if is_namespaced {
            set_namespace(object.get_mut("metadata"), namespace);
        }
        let of_kind = |node: &&mut Node| node.get("kind").and_then(Node::as_str) == Some("ServiceAccount");
        items_mut(object, "subjects").filter(of_kind).for_each(|account| set_namespace(Some(account), namespace));
        for webhook in items_mut(object, "webhooks") {
            set_namespace(at_mut(webhook, &["clientConfig", "service"]), namespace);
        }
        for service in SERVICES {
            set_namespace(at_mut(object, service), namespace);
        }
    }
}

/// Where a CRD and an APIService name the Service that answers for them.
const SERVICES: [&[&str]; 2] = [&["spec", "conversion", "webhook", "clientConfig", "service"], &["spec", "service"]];

fn items_mut<'n>(node: &'n mut Node, key: &str) -> impl Iterator<Item = &'n mut Node> {
    let list = match node.get_mut(key).map(|node| &mut node.value) {
        Some(Value::List(list)) => Some(list),
        _ => None,
    };
    list.into_iter().flatten()
}

fn at_mut<'n>(node: &'n mut Node, path: &[&str]) -> Option<&'n mut Node> {
    path.iter().try_fold(node, |node, key| node.get_mut(key))
}

fn set_namespace(node: Option<&mut Node>, namespace: &Node) {
    if let Some(Value::Map(map)) = node.map(|node| &mut node.value) {
        map.insert("namespace".into(), Entry { key: namespace.span, node: namespace.clone() });
    }
}

/// Labels and how far they go.
#[derive(Debug, Clone, Default)]
struct Labels {
    labels: Map,
    on_pods: bool,
    in_selectors: bool,
}

/// Places of selectors in which kustomize makes what is missing, by kind.
const SELECTORS: [(&str, &[&str]); 5] = [
    ("Service", &["spec", "selector"]),
    ("Deployment", &["spec", "selector", "matchLabels"]),
    ("ReplicaSet", &["spec", "selector", "matchLabels"]),
    ("DaemonSet", &["spec", "selector", "matchLabels"]),
    ("StatefulSet", &["spec", "selector", "matchLabels"]),
];

/// Places of selectors to which it only adds.
const MORE_SELECTORS: [(&str, &[&str]); 2] = [
    ("PodDisruptionBudget", &["spec", "selector", "matchLabels"]),
    ("NetworkPolicy", &["spec", "podSelector", "matchLabels"]),
];

/// Places of pods' labels.
const PODS: [(&str, &[&str]); 6] = [
    ("Deployment", &["spec", "template", "metadata", "labels"]),
    ("ReplicaSet", &["spec", "template", "metadata", "labels"]),
    ("DaemonSet", &["spec", "template", "metadata", "labels"]),
    ("StatefulSet", &["spec", "template", "metadata", "labels"]),
    ("Job", &["spec", "template", "metadata", "labels"]),
    ("CronJob", &["spec", "jobTemplate", "spec", "template", "metadata", "labels"]),
];

fn labels(kustomization: &Node) -> Vec<Labels> {
    let common = kustomization.get("commonLabels").and_then(Node::as_map);
    let common = common.map(|labels| Labels { labels: labels.clone(), on_pods: true, in_selectors: true });
    let entries = kustomization.get("labels").and_then(Node::as_list).unwrap_or_default();
    common.into_iter().chain(entries.iter().filter_map(Labels::entry)).collect()
}

impl Labels {
    fn entry(entry: &Node) -> Option<Self> {
        let says = |key: &str| entry.get(key).is_some_and(|node| node.value == Value::Bool(true));
        let in_selectors = says("includeSelectors");
        let labels = entry.get("pairs")?.as_map()?.clone();
        Some(Self { labels, on_pods: in_selectors || says("includeTemplates"), in_selectors })
    }

    fn put_on(&self, object: &mut Node) {
        let kind = object.get("kind").and_then(Node::as_str).unwrap_or_default().to_owned();
        self.add(object, &["metadata", "labels"], true);
        let mut add = |places: &[(&str, &[&str])], makes: bool| {
            let place = places.iter().find(|(of, _)| *of == kind);
            place.into_iter().for_each(|(_, path)| self.add(object, path, makes));
        };
        if self.in_selectors {
            add(&SELECTORS, true);
            add(&MORE_SELECTORS, false);
        }
        if self.on_pods {
            add(&PODS, true);
        }
    }

    fn add(&self, node: &mut Node, path: &[&str], makes: bool) {
        let at = node.span;
        let Value::Map(map) = &mut node.value else { return };
        let Some((key, rest)) = path.split_first() else {
            map.extend(self.labels.clone());
            return;
        };
        if let Some(entry) = map.get_mut(*key) {
            self.add(&mut entry.node, rest, makes);
        } else if makes {
            let mut node = Node::new(at, Value::Map(Map::new()));
            self.add(&mut node, rest, makes);
            map.insert((*key).to_owned(), Entry { key: at, node });
        }
    }
}
