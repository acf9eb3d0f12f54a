//! HorizontalPodAutoscalers and PodDisruptionBudgets.

use serde_json::json;

use super::files::Derived;
use super::plan::{Entry, Instance, PlannedFile, Scaled};
use crate::component::interface::{By, Disruption, Scaling, Workload};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::resolve::Platform;

/// The autoscaler of one workload.
pub fn autoscaler(
    platform: &Platform,
    instance: &Instance,
    scaling: &Entry<Scaling>,
    sink: &mut Sink,
) -> Option<PlannedFile> {
    let Scaling { min, max, cpu, .. } = &scaling.is;
    let (name, workload) = workload(instance, &scaling.is.workload, scaling, sink)?;
    if max < min {
        let message = format!("at least {min} pods are wanted, and at most {max}");
        sink.push(scaling.origin.fault(Code::Evaluation, &message));
    }
    let Some(percent) = cpu.strip_suffix('%').and_then(|number| number.parse::<u32>().ok()) else {
        sink.push(scaling.origin.fault(Code::Evaluation, &format!("`{cpu}` is no percentage")));
        return None;
    };
    if workload.by != Some(By::Files) && instance.component.chart.is_some() {
        sink.push(reset_note(scaling, &name, *min));
    }
    let facts = json!({ "target": { "kind": workload.kind, "name": name }, "min": min, "max": max, "cpu": percent });
    Some(derived(platform, instance, "hpa", &name).file(facts, scaling.origin.clone()))
}

/// Which workload it scales; none where that has no name.
pub fn scaled(instance: &Instance, scaling: Entry<Scaling>) -> Option<Scaled> {
    let name = instance.workloads.get(&scaling.is.workload)?.is.name.clone()?;
    Some(Scaled { instance: instance.id(), name, scaling })
}

/// The budget of one workload.
pub fn budget(
    platform: &Platform,
    instance: &Instance,
    disruption: &Entry<Disruption>,
    sink: &mut Sink,
) -> Option<PlannedFile> {
    let (name, workload) = workload(instance, &disruption.is.workload, disruption, sink)?;
    let facts = json!({
        "selector": workload.pod_selector(),
        "minAvailable": disruption.is.min_available,
        "maxUnavailable": disruption.is.max_unavailable,
    });
    Some(derived(platform, instance, "pdb", &name).file(facts, disruption.origin.clone()))
}

fn derived<'a>(platform: &'a Platform, instance: &'a Instance, kind: &'a str, name: &'a str) -> NamedByNamespace<'a> {
    NamedByNamespace { platform, instance, kind, name }
}

/// An object in the folder of its namespace.
struct NamedByNamespace<'a> {
    platform: &'a Platform,
    instance: &'a Instance<'a>,
    kind: &'a str,
    name: &'a str,
}

impl NamedByNamespace<'_> {
    fn file(&self, facts: serde_json::Value, origin: super::plan::Origin) -> PlannedFile {
        let folder = format!("kubernetes/{}", self.instance.namespace);
        let derived = Derived {
            platform: self.platform,
            kind: self.kind,
            folder: &folder,
            file: format!("{}-{}", self.name, self.kind),
            name: self.name,
            namespace: Some(&self.instance.namespace),
            of: &self.instance.used.name,
        };
        derived.file(facts, origin)
    }
}

fn workload<'i, T>(
    instance: &'i Instance,
    id: &str,
    entry: &Entry<T>,
    sink: &mut Sink,
) -> Option<(String, &'i Workload)> {
    let found = instance.workloads.get(id).and_then(|workload| Some((workload.is.name.clone()?, &workload.is)));
    if found.is_none() {
        sink.push(entry.origin.fault(Code::UnknownEnd, &format!("no workload is called `{id}`")));
    }
    found
}

fn reset_note(scaling: &Entry<Scaling>, name: &str, min: u32) -> Diagnostic {
    let replicas = if min == 1 { "1 replica".to_owned() } else { format!("{min} replicas") };
    let message =
        format!("each upgrade of the chart sets `{name}` back to {replicas}, until the autoscaler acts again");
    let note = Diagnostic::new(Code::ReplicasReset, message);
    scaling.origin.place().into_iter().fold(note, |note, span| note.at(span, ""))
}
