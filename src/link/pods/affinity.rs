//! Pods that are to run beside others, or apart from them: there are such pods.

use crate::diagnostic::{Code, Sink};
use crate::link::fields::{called, field, items, selector_place};
use crate::link::symbols::{Extent, Pod, Selector, Symbols};
use crate::source::Node;
use crate::validate::Object;

const NEEDED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
const WISHED: &str = "preferredDuringSchedulingIgnoredDuringExecution";

/// Beside no pod at all one that needs it is never put on a node; apart from none, it is put anywhere (Kubernetes docs,
/// "Assigning Pods to Nodes", Inter-pod affinity and anti-affinity). Of other namespaces not every pod is known.
pub(super) fn check(symbols: &Symbols, object: &Object, pod: &Pod, sink: &mut Sink) {
    for (key, does) in [("podAffinity", "beside"), ("podAntiAffinity", "apart from")] {
        let Some(affinity) = field(pod.spec, &["affinity", key]).filter(|_| symbols.extent == Extent::Whole) else {
            continue;
        };
        let wished = items(affinity, &[WISHED]).iter().filter_map(|wish| wish.get("podAffinityTerm"));
        for term in items(affinity, &[NEEDED]).iter().chain(wished) {
            is_met(symbols, object, term, does, sink);
        }
    }
}

fn is_met(symbols: &Symbols, object: &Object, term: &Node, does: &str, sink: &mut Sink) {
    let namespace = object.namespace_name();
    let is_elsewhere = term.get("namespaceSelector").is_some()
        || items(term, &["namespaces"]).iter().any(|other| other.as_str() != Some(namespace));
    let Some(node) = term.get("labelSelector").filter(|_| !is_elsewhere) else { return };
    let selector = Selector::of(node);
    if symbols.selected(namespace, &selector).is_empty() && !symbols.may_be_made(namespace, &selector) {
        let message = format!("{} is to run {does} pods with `{selector}`, and there are none", called(object));
        sink.push(symbols.fault(Code::UnfitSelector, message, object, selector_place(node)));
    }
}
