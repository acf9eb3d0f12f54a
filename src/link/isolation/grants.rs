//! ServiceAccounts that RBAC objects let read every Secret of a namespace (Kubernetes docs, "Using RBAC Authorization").
//!
//! Listing shows what a Secret holds, as getting does ("Role Based Access Control Good Practices"). A ClusterRole counts
//! where a RoleBinding grants it in one namespace; of those that Kubernetes brings, `admin` and `edit` may read Secrets.

use std::collections::BTreeSet;

use super::owners::{Owner, of_object};
use super::{Account, Grant};
use crate::link::symbols::Symbols;
use crate::source::Node;
use crate::validate::Object;

const RBAC: &str = "rbac.authorization.k8s.io";
const BUILT_IN: [&str; 3] = ["cluster-admin", "admin", "edit"];
const READING: [&str; 4] = ["get", "list", "watch", "*"];

pub(super) fn accounts<'s>(symbols: &'s Symbols) -> Vec<Account<'s>> {
    let bindings = symbols.of_kind("RoleBinding.rbac.authorization.k8s.io");
    bindings.flat_map(|binding| bound(symbols, binding)).collect()
}

fn bound<'s>(symbols: &Symbols, binding: &'s Object<'s>) -> Vec<Account<'s>> {
    let Some(role) = granted(symbols, binding) else { return vec![] };
    let subjects = binding.node.get("subjects").and_then(Node::as_list).unwrap_or_default();
    let accounts = subjects.iter().filter(|subject| text(subject, "kind") == Some("ServiceAccount"));
    let account = |subject: &'s Node| {
        let namespace = binding.namespace_name();
        // One of another namespace has no Secrets of its own here.
        text(subject, "namespace").is_none_or(|of| of == namespace).then_some(())?;
        let owners: BTreeSet<Owner> = of_object(binding).into_iter().collect();
        let by = Grant::Role { binding, role: role.clone() };
        Some(Account { namespace, name: text(subject, "name")?, by, owners })
    };
    accounts.filter_map(account).collect()
}

/// What the binding grants, if it lets read every Secret.
fn granted(symbols: &Symbols, binding: &Object) -> Option<String> {
    let role = binding.node.get("roleRef")?;
    let (kind, name) = (text(role, "kind")?, text(role, "name")?);
    let found = symbols.named(&format!("{kind}.{RBAC}"), binding.namespace_name(), name);
    let reads = match found {
        Some(role) => role.node.get("rules").and_then(Node::as_list).unwrap_or_default().iter().any(reads_all),
        None => kind == "ClusterRole" && BUILT_IN.contains(&name),
    };
    reads.then(|| format!("{kind} {name}"))
}

fn reads_all(rule: &Node) -> bool {
    let has = |key: &str, wanted: &[&str]| {
        let list = rule.get(key).and_then(Node::as_list).unwrap_or_default();
        list.iter().filter_map(Node::as_str).any(|item| wanted.contains(&item))
    };
    let named = rule.get("resourceNames").and_then(Node::as_list).is_some_and(|names| !names.is_empty());
    has("apiGroups", &["", "*"]) && has("resources", &["secrets", "*"]) && has("verbs", &READING) && !named
}

fn text<'n>(node: &'n Node, key: &str) -> Option<&'n str> {
    node.get(key).and_then(Node::as_str)
}
