//! Which documents are objects of a cluster.

use crate::source::{Node, Value};
use crate::validate::schemas::{Schemas, versions};

/// API groups of files that a tool reads and no cluster holds, all of the Kubernetes project.
const OF_TOOLS: [&str; 7] = [
    "audit.k8s.io",
    "client.authentication.k8s.io",
    "config.k8s.io",
    "config.kubernetes.io",
    "kind.x-k8s.io",
    "kops.k8s.io",
    "kubeadm.k8s.io",
];

/// Whether a document is an object of a cluster, or was meant to be one.
pub fn is_object(document: &Node, schemas: &Schemas) -> bool {
    let has_metadata = document.get("metadata").is_some_and(|metadata| metadata.as_map().is_some());
    let text = |key: &str| document.get(key).and_then(Node::as_str);
    match (text("apiVersion"), text("kind")) {
        (Some(api_version), Some(kind)) => {
            let is_known = || versions().iter().any(|version| schemas.get(version, api_version, kind).is_some());
            !is_of_tool(api_version, kind, schemas) && (has_metadata || is_list(document) || is_known())
        }
        (Some(_), None) | (None, Some(_)) => has_metadata && document.get("spec").is_some(),
        (None, None) => false,
    }
}

/// Whether even its name is still to be filled in.
pub fn is_template(document: &Node) -> bool {
    let name = document.get("metadata").and_then(|metadata| metadata.get("name"));
    name.and_then(Node::as_str).is_some_and(|name| name.contains("{{"))
}

fn is_of_tool(api_version: &str, kind: &str, schemas: &Schemas) -> bool {
    let Some((group, _)) = api_version.split_once('/') else { return false };
    // A group without a dot is built in; an unknown one is somebody's own, but for a misspelt one.
    let is_elsewhere = || {
        let newest = versions().pop().unwrap_or_default();
        !group.contains('.') && !is_builtin(group) && !schemas.kinds(newest).iter().any(|known| ends_with(known, kind))
    };
    OF_TOOLS.contains(&group) || group.ends_with(".config.k8s.io") || is_elsewhere()
}

fn is_builtin(group: &str) -> bool {
    matches!(group, "apps" | "autoscaling" | "batch" | "extensions" | "policy")
}

fn ends_with(known: &str, kind: &str) -> bool {
    known.rsplit_once('/').is_some_and(|(_, known)| known == kind)
}

/// `kind: List`, or the list of one kind.
fn is_list(document: &Node) -> bool {
    let kind = document.get("kind").and_then(Node::as_str).unwrap_or_default();
    kind.ends_with("List") && document.get("items").is_some_and(|items| items.as_list().is_some() || items.is_null())
}

/// The objects of a document: its items, where it is a list.
pub fn objects(document: Node) -> Vec<Node> {
    if !is_list(&document) {
        return vec![document];
    }
    let text = |key: &str| document.get(key).and_then(Node::as_str).map(str::to_owned);
    let (api_version, kind) = (text("apiVersion"), text("kind").unwrap_or_default());
    let Value::Map(mut list) = document.value else { return vec![] };
    let Some(Value::List(items)) = list.shift_remove("items").map(|entry| entry.node.value) else { return vec![] };
    let kind = kind.trim_end_matches("List").to_owned();
    items.into_iter().flat_map(|item| objects(typed(item, api_version.as_deref(), &kind))).collect()
}

/// The items of a list of one kind need not say which.
fn typed(mut item: Node, api_version: Option<&str>, kind: &str) -> Node {
    let at = item.span;
    if let (Value::Map(map), false, Some(api_version)) = (&mut item.value, kind.is_empty(), api_version) {
        for (key, text) in [("apiVersion", api_version), ("kind", kind)] {
            let entry = crate::source::Entry { key: at, node: Node::text(at, text) };
            map.entry(key.to_owned()).or_insert(entry);
        }
    }
    item
}
