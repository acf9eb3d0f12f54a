//! Pods that are to run beside others, or apart from them: their labels are not misspelt.
//!
//! Which pods others put into a namespace nobody knows, and apart from pods that are not there every node will do. So what is
//! told is a label that is nearly one of the pods that are there: apart from none, pods run on one node after all; beside
//! none, they are never put on one (Kubernetes docs, "Assigning Pods to Nodes", Inter-pod affinity and anti-affinity).

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Severity, Sink, nearest};
use crate::link::fields::{called, field, items, selector_place};
use crate::link::symbols::{Extent, Pod, Selector, Symbols};
use crate::source::Node;
use crate::validate::Object;

const NEEDED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
const WISHED: &str = "preferredDuringSchedulingIgnoredDuringExecution";

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
    if !symbols.selected(namespace, &selector).is_empty() {
        return;
    }
    let Some(near) = nearly(symbols, namespace, &selector) else { return };
    let message = format!("{} is to run {does} pods with `{selector}`, and there are none", called(object));
    let mut fault = symbols.fault(Code::UnfitSelector, message, object, selector_place(node));
    fault.severity = Severity::Warning;
    sink.push(fault.help(format!("did you mean `{near}`?")));
}

/// The label of pods of the namespace that one of the selector's nearly is.
fn nearly(symbols: &Symbols, namespace: &str, selector: &Selector) -> Option<String> {
    selector.labels().find_map(|(key, value)| {
        let labels = symbols.workloads_in(namespace).filter_map(|workload| workload.labels.get(key));
        let known: BTreeSet<&str> = labels.map(String::as_str).collect();
        let near = nearest(value, known.iter().copied()).filter(|_| !known.contains(value))?;
        Some(format!("{key}={near}"))
    })
}
