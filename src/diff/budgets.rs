//! Fewer pods than a PodDisruptionBudget keeps.
//!
//! Where a workload is made smaller, or the least that its autoscaler leaves: how many are left is held against `minAvailable` of the
//! budgets that select its pods. A share of them is always kept.

use super::change::{Change, Subject};
use super::rules::rules;
use super::side::Side;
use crate::link::fields::field;
use crate::link::symbols::{Selector, Workload};
use crate::source::Node;
use crate::validate::Object;

/// The number of pods where nothing says it (Kubernetes API reference: `replicas`, `minReplicas`).
const DEFAULT: i64 = 1;

/// Whether a change may leave fewer pods.
pub fn is_scaling(change: &Change) -> bool {
    workload_of(change).is_some()
}

/// Adds what follows from budgets to the changes that scale.
pub fn judge(changes: &mut [Change], new: &Side) {
    let objects = new.objects();
    for change in changes.iter_mut() {
        let Some(kept) = kept(change, &objects) else { continue };
        let fewer = rules().computed("below-budget").into_iter().map(|mut finding| {
            finding.because = format!("{} (it keeps {kept})", finding.because);
            finding
        });
        change.findings.extend(fewer);
        change.findings.sort_by_key(|finding| finding.class);
    }
}

/// Namespace, kind and name of the workload that is scaled.
fn workload_of(change: &Change) -> Option<(&str, Option<&str>, &str)> {
    let Subject::Object(name) = &change.subject else { return None };
    let is_field = |field: &str| change.path.to_string() == field;
    match (name.kind.as_str(), name.group.as_str()) {
        ("Deployment" | "StatefulSet" | "ReplicaSet", "apps") if is_field("spec.replicas") => {
            Some((&name.namespace, Some(&name.kind), &name.name))
        }
        ("HorizontalPodAutoscaler", "autoscaling") if is_field("spec.minReplicas") => {
            Some((&name.namespace, None, &name.name))
        }
        _ => None,
    }
}

/// How many a budget keeps, where fewer are left.
fn kept(change: &Change, objects: &[Object]) -> Option<i64> {
    let (namespace, kind, name) = workload_of(change)?;
    let left = change.new.as_ref().map_or(Some(DEFAULT), serde_json::Value::as_i64)?;
    let target = match kind {
        Some(_) => name.to_owned(),
        None => target(namespace, name, objects)?,
    };
    let is_it = |object: &&Object| object.namespace_name() == namespace && object.name == target;
    let workload = objects.iter().filter(is_it).find_map(Workload::of)?;
    let budgets = objects.iter().filter(|object| object.is("PodDisruptionBudget.policy"));
    let budgets = budgets.filter(|object| object.namespace_name() == namespace);
    let kept = budgets.filter_map(|budget| {
        let spec = budget.node.get("spec")?;
        let selects = Selector::of(spec.get("selector")?).matches(&workload.labels);
        spec.get("minAvailable").and_then(Node::as_integer).filter(|_| selects)
    });
    kept.max().filter(|kept| left < *kept)
}

/// What an autoscaler scales.
fn target(namespace: &str, name: &str, objects: &[Object]) -> Option<String> {
    let is_it = |object: &&Object| object.namespace_name() == namespace && object.name == name;
    let mut scalers = objects.iter().filter(|object| object.is("HorizontalPodAutoscaler.autoscaling"));
    let scaler = scalers.find(is_it)?;
    field(scaler.node, &["spec", "scaleTargetRef", "name"])?.as_str().map(str::to_owned)
}
