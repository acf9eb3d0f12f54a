//! ServiceAccounts, and who they are bound to as what.
//!
//! Every namespace has the ServiceAccount `default` (Kubernetes docs, "Service Accounts"). Those of charts are what their
//! interfaces name; those of Kubernetes' own namespaces, and groups and users, are not known here. The roles that Kubernetes
//! brings: `cluster-admin`, `admin`, `edit`, `view` and all `system:` ("Using RBAC Authorization").

use super::{Missing, is_object, names_of};
use crate::component::interface::By;
use crate::diagnostic::{Code, Sink};
use crate::link::data::Place;
use crate::link::symbols::{Extent, Made, Pod, Symbols};
use crate::resolve::input::lists;
use crate::source::Node;
use crate::validate::Object;

const DEFAULT: &str = "default";
const ACCOUNT: &str = "ServiceAccount";
const BUILT_IN: [&str; 4] = ["cluster-admin", "admin", "edit", "view"];
const RBAC: &str = "rbac.authorization.k8s.io";

pub(super) fn check(symbols: &Symbols, object: &Object, sink: &mut Sink) {
    if object.group() == RBAC && matches!(object.kind, "RoleBinding" | "ClusterRoleBinding") {
        return binding(symbols, object, sink);
    }
    let Some(pod) = Pod::of(object) else { return };
    let name = pod.spec.get("serviceAccountName").or_else(|| pod.spec.get("serviceAccount"));
    if let Some((node, name)) = name.and_then(|node| Some((node, node.as_str()?))) {
        account(symbols, object, node, "runs as", (object.namespace_name(), name), sink);
    }
}

fn binding(symbols: &Symbols, object: &Object, sink: &mut Sink) {
    object.node.get("roleRef").into_iter().for_each(|role| role_of(symbols, object, role, sink));
    let subjects = object.node.get("subjects").and_then(Node::as_list).unwrap_or_default();
    for subject in subjects.iter().filter(|subject| text(subject, "kind") == Some(ACCOUNT)) {
        let namespace = text(subject, "namespace").unwrap_or(object.namespace_name());
        let Some((node, name)) = subject.get("name").and_then(|node| Some((node, node.as_str()?))) else { continue };
        if is_followed(symbols, object, namespace) {
            account(symbols, object, node, "binds", (namespace, name), sink);
        }
    }
}

/// Among some manifests another namespace's ServiceAccounts are judged only where some of them are there.
fn is_followed(symbols: &Symbols, object: &Object, namespace: &str) -> bool {
    let is_kubernetes = namespace.starts_with("kube-");
    let is_own = symbols.extent == Extent::Whole || namespace == object.namespace_name();
    !is_kubernetes && (is_own || !names_of(symbols, ACCOUNT, namespace).is_empty())
}

fn account(
    symbols: &Symbols,
    object: &Object,
    node: &Node,
    does: &str,
    (namespace, name): (&str, &str),
    sink: &mut Sink,
) {
    if !is_account(symbols, namespace, name) {
        let mut known = names_of(symbols, ACCOUNT, namespace);
        known.extend(of_charts(symbols, namespace));
        let (code, kind, external) = (Code::UnknownServiceAccount, ACCOUNT, "serviceAccounts");
        let missing = Missing { code, does, kind, namespace, name, known, external };
        sink.push(missing.fault(symbols, &Place::Object(object, node.span)));
    }
}

/// Whether a ServiceAccount is there.
pub fn is_account(symbols: &Symbols, namespace: &str, name: &str) -> bool {
    name == DEFAULT
        || name.is_empty()
        || is_object(symbols, ACCOUNT, namespace, name)
        || of_charts(symbols, namespace).any(|known| known == name)
        || lists(&symbols.external.service_accounts, namespace, name)
}

/// Those that charts and operators make for their pods, and those that an interface names besides.
fn of_charts<'s>(symbols: &'s Symbols, namespace: &'s str) -> impl Iterator<Item = &'s str> {
    let theirs = |made: &Made| matches!(made, Made::Interface(By::Chart | By::RunTime, _));
    let workloads = symbols.workloads_in(namespace).filter(move |workload| theirs(&workload.made));
    let charts = symbols.charts.iter().filter(move |chart| chart.release.namespace == namespace);
    let named = charts.flat_map(|chart| chart.instance.service_accounts.values());
    workloads
        .filter_map(|workload| workload.service_account.as_deref())
        .chain(named.map(|entry| entry.is.name.as_str()))
}

fn role_of(symbols: &Symbols, object: &Object, role: &Node, sink: &mut Sink) {
    let (Some(kind), Some(node)) = (text(role, "kind"), role.get("name")) else { return };
    let Some(name) = node.as_str() else { return };
    let namespace = if kind == "Role" { object.namespace_name() } else { "" };
    // Kubernetes' own namespaces have roles of its own.
    let is_built_in = match kind {
        "ClusterRole" => BUILT_IN.contains(&name) || name.starts_with("system:"),
        _ => namespace.starts_with("kube-"),
    };
    let full = format!("{kind}.{RBAC}");
    let is_there =
        is_built_in || is_object(symbols, &full, namespace, name) || lists(&symbols.external.roles, namespace, name);
    if !is_there {
        let mut known = names_of(symbols, &full, namespace);
        known.extend(BUILT_IN.iter().filter(|_| kind == "ClusterRole"));
        let (code, does, external) = (Code::UnknownRole, "grants", "roles");
        let missing = Missing { code, does, kind, namespace, name, known, external };
        sink.push(missing.fault(symbols, &Place::Object(object, node.span)));
    }
}

fn text<'n>(node: &'n Node, key: &str) -> Option<&'n str> {
    node.get(key).and_then(Node::as_str)
}
