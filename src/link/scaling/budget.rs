//! PodDisruptionBudget → the pods of one workload, of which it lets one go at least.
//!
//! Shares are rounded up, those that must stay and those that may go alike (Kubernetes docs, "Specifying a Disruption
//! Budget for your Application", Rounding logic). How many there are is the autoscaler's minimum, else `replicas`. A kind
//! whose pods are not counted by `replicas` is not judged. Among some manifests a budget that keeps every pod is a warning,
//! and one over several workloads none at all: a canary beside the rest. One that selects nothing there is told where a
//! workload's labels are nearly its own: else an operator makes the pods.

use std::collections::BTreeMap;

use super::Autoscaler;
use super::replicas::chart_of;
use super::target::SCALABLE;
use crate::diagnostic::{Code, Diagnostic, Severity, Sink, misspelt};
use crate::link::data::called;
use crate::link::services::{at, nearest_pods};
use crate::link::symbols::{Extent, Made, Selector, Symbols, Workload};
use crate::source::{Node, Value};
use crate::validate::Object;

/// The autoscaler of each workload, by its title.
type Scaled<'r, 's> = BTreeMap<String, &'r Autoscaler<'s>>;

pub(super) fn check(symbols: &Symbols, scalers: &[Autoscaler], sink: &mut Sink) {
    let of_each = |scaler| {
        let scaler: &Autoscaler = scaler;
        scaler.workloads.iter().map(move |workload| (workload.title(), scaler))
    };
    let scaled: Scaled = scalers.iter().flat_map(of_each).collect();
    for object in symbols.of_kind("PodDisruptionBudget.policy") {
        sink.extend(one(symbols, object, &scaled));
    }
}

fn one(symbols: &Symbols, object: &Object, scaled: &Scaled) -> Option<Diagnostic> {
    let spec = object.node.get("spec")?;
    let Some(selector) = spec.get("selector").map(Selector::of) else {
        let message = format!("{} has no selector, and so it selects no pod", called(object));
        return Some(symbols.fault(Code::BudgetSelects, message, object, spec.span));
    };
    let workloads = symbols.selected(object.namespace_name(), &selector);
    let first = workloads.first();
    let second = workloads.iter().find(|other| first.is_some_and(|first| first.title() != other.title()));
    match (first, second) {
        (None, _) if symbols.extent == Extent::Part && !is_misspelt(symbols, object, &selector) => None,
        (None, _) => Some(selects_nothing(symbols, object, &selector)),
        (Some(_), Some(_)) if symbols.extent == Extent::Part => None,
        (Some(first), Some(second)) => Some(selects_several(symbols, object, first, second)),
        (Some(_), None) => blocked(symbols, object, spec, &workloads, scaled),
    }
}

/// Whether a workload has all labels, each as it is or with a slip of the pen: pods of others are made by operators.
fn is_misspelt(symbols: &Symbols, object: &Object, selector: &Selector) -> bool {
    let mut workloads = symbols.workloads_in(object.namespace_name());
    let near = |value: &str, other: &String| misspelt(value, [other.as_str()]).is_some();
    selector.labels().next().is_some()
        && workloads.any(|workload| {
            selector.labels().all(|(key, value)| workload.labels.get(key).is_some_and(|other| near(value, other)))
        })
}

fn selects_nothing(symbols: &Symbols, object: &Object, selector: &Selector) -> Diagnostic {
    let message = format!("{} selects no pod: none carries `{selector}`", called(object));
    let fault = symbols.absent(Code::BudgetSelects, message, object, at(object, &["spec", "selector"]));
    nearest_pods(fault, symbols, object.namespace_name(), selector)
}

fn selects_several(symbols: &Symbols, object: &Object, first: &Workload, second: &Workload) -> Diagnostic {
    let message = format!("{} selects the pods of {} and of {}", called(object), first.title(), second.title());
    let fault = symbols.fault(Code::BudgetSelects, message, object, at(object, &["spec", "selector"]));
    let fault = second.made.beside(first.made.beside(fault, "one of them"), "the other one");
    fault.help("select by a label that only one of them carries")
}

fn blocked(
    symbols: &Symbols,
    object: &Object,
    spec: &Node,
    workloads: &[&Workload],
    scaled: &Scaled,
) -> Option<Diagnostic> {
    let workload = workloads.first().filter(|one| SCALABLE.iter().any(|(kind, _)| *kind == one.kind))?;
    let scaler = scaled.get(&workload.title());
    let pods = match scaler {
        Some(scaler) => scaler.min(),
        None => workloads.iter().filter_map(|workload| pods(symbols, workload)).max()?,
    };
    let (key, stay) = stays(spec, pods)?;
    if pods == 0 || stay < pods {
        return None;
    }
    let many = if pods == 1 { "the only pod".to_owned() } else { format!("{stay} of {pods} pods") };
    let message = format!("{} lets no pod of {} go: {many} must stay", called(object), workload.title());
    let mut fault = symbols.fault(Code::BlockedDrain, message, object, at(object, &["spec", key]));
    if symbols.extent == Extent::Part {
        fault.severity = Severity::Warning;
    }
    let fault = match scaler {
        Some(scaler) => Made::Object(scaler.object).beside(fault, "at its minimum"),
        None => workload.made.beside(fault, "its pods"),
    };
    Some(fault.note("no node on which one runs can be drained").help(match pods {
        1 => "run two, or write `maxUnavailable: 1` in the place of it: the pod is then gone for a moment".to_owned(),
        pods => format!("write `minAvailable: {}`, or `maxUnavailable: 1`", pods - 1),
    }))
}

/// How many pods there are; none where it cannot be known.
fn pods(symbols: &Symbols, workload: &Workload) -> Option<i64> {
    let Some(object) = workload.made.object() else {
        let chart = chart_of(symbols, workload)?;
        let (path, default) = chart.replicas?;
        return chart.values.one(path).map_or(default, |value| value.node.as_integer());
    };
    match object.node.get("spec")?.get("replicas") {
        Some(replicas) => replicas.as_integer(),
        // A patch may say it, which is not known among some manifests.
        None => (symbols.extent == Extent::Whole).then_some(1),
    }
}

/// How many must stay, and which field says so.
fn stays(spec: &Node, pods: i64) -> Option<(&'static str, i64)> {
    if let Some(stay) = spec.get("minAvailable").and_then(|node| scaled(node, pods)) {
        return Some(("minAvailable", stay));
    }
    let go = scaled(spec.get("maxUnavailable")?, pods)?;
    Some(("maxUnavailable", pods - go))
}

/// A number, or a share of the pods, rounded up.
fn scaled(node: &Node, pods: i64) -> Option<i64> {
    match &node.value {
        Value::Integer(number) => Some(*number),
        Value::Text(text) => {
            let percent: i64 = text.strip_suffix('%')?.parse().ok()?;
            Some(percent.checked_mul(pods)?.checked_add(99)? / 100)
        }
        _ => None,
    }
}
