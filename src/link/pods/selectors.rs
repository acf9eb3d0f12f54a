//! Selectors of workloads: each selects the pods of its own template, and those of no other.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic, Severity, Sink};
use crate::link::fields::{called, field, is_true, items, selector_place};
use crate::link::symbols::{Extent, Labels, Made, Pod, Selector, Symbols, Workload};
use crate::source::Node;
use crate::validate::Object;

/// The selector of a workload and the labels of its template agree (API docs, "DeploymentSpec", `selector`).
pub fn of_template(symbols: &Symbols, object: &Object, pod: &Pod, sink: &mut Sink) {
    let labels = labels(pod);
    let unlike = |(_, selector): &(&Node, Selector)| selector.is_empty() || !selector.matches(&labels);
    if let Some((node, selector)) = selector(object).filter(unlike) {
        sink.push(unfit(symbols, object, pod, node, &selector, &labels));
    }
    for constraint in items(pod.spec, &["topologySpreadConstraints"]) {
        spread(symbols, object, constraint, &labels, sink);
    }
}

fn labels(pod: &Pod) -> Labels {
    let labels = pod.metadata.and_then(|metadata| metadata.get("labels"));
    let labels = labels.map(Selector::plain).unwrap_or_default();
    labels.labels().map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

/// That of a Job is made by the API server unless it is said to be made by hand (API docs, "JobSpec", `manualSelector`).
fn selector<'a>(object: &Object<'a>) -> Option<(&'a Node, Selector)> {
    let node = field(object.node, &["spec", "selector"])?;
    match (object.kind, object.group()) {
        ("Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet", "apps") => Some((node, Selector::of(node))),
        ("Job", "batch") if is_true(object.node, &["spec", "manualSelector"]) => Some((node, Selector::of(node))),
        ("ReplicationController", "") => Some((node, Selector::plain(node))),
        _ => None,
    }
}

fn unfit(
    symbols: &Symbols,
    object: &Object,
    pod: &Pod,
    node: &Node,
    selector: &Selector,
    labels: &Labels,
) -> Diagnostic {
    let message = match selector.is_empty() {
        true => format!("{} selects every pod of its namespace", called(object)),
        false => format!("{} selects `{selector}`, which its own pods do not carry", called(object)),
    };
    let fault = symbols.fault(Code::UnfitSelector, message, object, selector_place(node));
    let template = pod.metadata.filter(|_| object.file.source.is_some());
    let fault = template.into_iter().fold(fault, |fault, template| fault.at(template.span, "the labels of its pods"));
    fault.note(carried(labels))
}

fn carried(labels: &Labels) -> String {
    let labels: Vec<String> = labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
    match labels.is_empty() {
        true => "its pods carry no label".to_owned(),
        false => format!("its pods carry `{}`", labels.join(", ")),
    }
}

/// Pods are spread among those that the constraint selects: itself not selected, a pod is put anywhere (Kubernetes docs,
/// "Pod Topology Spread Constraints").
fn spread(symbols: &Symbols, object: &Object, constraint: &Node, labels: &Labels, sink: &mut Sink) {
    let Some(node) = constraint.get("labelSelector") else { return };
    let selector = Selector::of(node);
    if selector.matches(labels) {
        return;
    }
    let message = format!("{} is spread among pods with `{selector}`, which its own pods do not carry", called(object));
    let mut fault = symbols.fault(Code::UnfitSelector, message, object, selector_place(node));
    if symbols.extent == Extent::Part {
        fault.severity = Severity::Warning;
    }
    sink.push(fault.note(carried(labels)));
}

/// Controllers of one kind whose selectors overlap would count each other's pods, and may fight over them (Kubernetes docs,
/// "Deployments", "Selector"). One that selects the other's too is let pass: a canary beside the rest.
pub fn of_others(symbols: &Symbols, sink: &mut Sink) {
    let mut told: BTreeSet<(String, String)> = BTreeSet::new();
    for object in symbols.objects {
        if symbols.extent == Extent::Part && object.namespace.is_none() {
            // Variants of one thing may lie side by side.
            continue;
        }
        let Some((node, selector)) = selector(object).filter(|(_, selector)| !selector.is_empty()) else { continue };
        for other in symbols.selected(object.namespace_name(), &selector) {
            let is_other = other.kind == object.kind && !is_same(other, object);
            // What a chart makes has a selector that is not known, and labels that are.
            let back = other.made.object().is_none_or(|other| selects(other, object));
            if !is_other || !back {
                continue;
            }
            let pair = (called(object), other.title());
            if told.insert(pair.clone()) && !told.contains(&(pair.1, pair.0)) {
                sink.push(fight(symbols, object, node, other, &selector));
            }
        }
    }
}

fn is_same(workload: &Workload, object: &Object) -> bool {
    workload.name == object.name || workload.made.object().is_some_and(|made| std::ptr::eq(made, object))
}

/// Whether a workload selects the pods of another.
fn selects(one: &Object, other: &Object) -> bool {
    let Some(((_, selector), pod)) = selector(one).zip(Pod::of(other)) else { return false };
    selector.matches(&labels(&pod))
}

fn fight(symbols: &Symbols, object: &Object, node: &Node, other: &Workload, selector: &Selector) -> Diagnostic {
    let message = format!("{} selects the pods of {} too", called(object), other.title());
    let mut fault = symbols.fault(Code::UnfitSelector, message, object, selector_place(node));
    if symbols.extent == Extent::Part {
        fault.severity = Severity::Warning;
    }
    let made: Made = other.made;
    let fault = made.beside(fault, "the other one");
    fault.note(format!("the pods of both carry `{selector}`")).help("select by a label that only its own pods carry")
}
