//! One hand alone sets the number of pods.
//!
//! Beside an autoscaler each `kubectl apply` or upgrade sets `replicas` back to what is written (Kubernetes docs,
//! "Migrating Deployments and StatefulSets to horizontal autoscaling"). A chart that always writes it must write the
//! autoscaler's minimum. Among some manifests `replicas` beside an autoscaler is a common sight: a warning.

use indexmap::IndexMap;

use super::Autoscaler;
use crate::component::interface::{Meaning, Scaling};
use crate::diagnostic::{Code, Diagnostic, Severity, Sink};
use crate::link::data::{called, of_value};
use crate::link::symbols::{ChartValues, Extent, Made, Symbols, Workload};
use crate::source::Node;
use crate::validate::Object;

/// The chart that makes a workload, and how the interface says that it is scaled.
pub(super) struct OfChart<'s> {
    pub values: &'s ChartValues<'s>,
    pub scaling: Option<&'s Scaling>,
    /// Which value sets the replicas, and what an absent one means.
    pub replicas: Option<(&'s str, Option<i64>)>,
    /// The option that stands for that value.
    option: Option<&'s str>,
}

pub(super) fn chart_of<'s>(symbols: &'s Symbols, workload: &Workload) -> Option<OfChart<'s>> {
    let Made::Interface(_, origin) = workload.made else { return None };
    let values = symbols.charts.iter().find(|chart| chart.instance.id() == origin.instance)?;
    let scaled =
        symbols.plan?.scaled.iter().find(|scaled| scaled.instance == origin.instance && scaled.name == workload.name);
    let scaling = scaled.map(|scaled| &scaled.scaling.is);
    let id =
        values.instance.workloads.iter().find(|(id, entry)| values.instance.name_of(id, &entry.is) == workload.name);
    let means = |of: &Option<String>| id.is_some_and(|(id, _)| of.as_ref() == Some(id));
    let mut meanings = values.release.meanings.iter();
    let meaning = meanings.find(|(_, entry)| entry.is.is == Meaning::Replicas && means(&entry.is.workload));
    let default = meaning.and_then(|(_, entry)| entry.is.default.as_ref()?.parse().ok());
    let path = scaling.and_then(|scaling| scaling.replicas.as_deref()).or(meaning.map(|(path, _)| path.as_str()));
    let option = meaning.and_then(|(_, entry)| entry.is.option.as_deref());
    Some(OfChart { values, scaling, replicas: path.map(|path| (path, default)), option })
}

pub(super) fn check(symbols: &Symbols, scaler: &Autoscaler, sink: &mut Sink) {
    for workload in &scaler.workloads {
        match workload.made.object() {
            Some(object) => sink.extend(beside(symbols, scaler, object)),
            None => sink.extend(of_chart(symbols, scaler, workload)),
        }
    }
}

fn beside(symbols: &Symbols, scaler: &Autoscaler, object: &Object) -> Option<Diagnostic> {
    let replicas = object.node.get("spec")?.get("replicas").filter(|replicas| !replicas.is_null())?;
    let said = replicas.as_integer().map_or_else(String::new, |number| format!(" of {number}"));
    let message = format!(
        "{} has `replicas`{said}, and {} scales it: each time it is applied it is set back",
        called(object),
        called(scaler.object)
    );
    let mut fault = symbols.fault(Code::ReplicasTwice, message, object, replicas.span);
    if symbols.extent == Extent::Part {
        fault.severity = Severity::Warning;
    }
    Some(Made::Object(scaler.object).beside(fault, "this one scales it").help("take `replicas` away"))
}

fn of_chart(symbols: &Symbols, scaler: &Autoscaler, workload: &Workload) -> Option<Diagnostic> {
    let chart = chart_of(symbols, workload)?;
    let (path, default) = chart.replicas?;
    let (release, min) = (&chart.values.release.name, scaler.min());
    let set = chart.values.one(path);
    let number = set.as_ref().map_or(default, |value| value.node.as_integer());
    if number == Some(min) {
        return None;
    }
    let does = match number {
        Some(1) => format!("sets {} to 1 pod", workload.title()),
        Some(number) => format!("sets {} to {number} pods", workload.title()),
        None => format!("leaves the number of pods of {} to the chart", workload.title()),
    };
    let message = format!(
        "the release `{release}` {does}, and {} keeps at least {min}: each upgrade sets it back",
        called(scaler.object)
    );
    let fault = match set {
        Some(value) => {
            of_value(symbols, chart.values, value, chart.option).fault(symbols, Code::ReplicasTwice, message)
        }
        None => symbols.fault(Code::ReplicasTwice, message, scaler.object, scaler.spec.span),
    };
    let fault = Made::Object(scaler.object).beside(fault, "this one scales it");
    Some(fault.help(format!("set `{path}` to {min}, the autoscaler's minimum")))
}

/// No workload has two autoscalers; among some manifests those of two files may be alternatives.
pub(super) fn twice(symbols: &Symbols, scalers: &[Autoscaler], sink: &mut Sink) {
    let mut seen: IndexMap<(String, &str), &Object> = IndexMap::new();
    for scaler in scalers {
        let Some(target) = target(scaler) else { continue };
        let file = match symbols.extent {
            Extent::Whole => "",
            Extent::Part => scaler.object.file.path.as_str(),
        };
        let first = *seen.entry((target.clone(), file)).or_insert(scaler.object);
        if first.name != scaler.object.name {
            let message = format!("{} scales {target}, as {} does", called(scaler.object), called(first));
            let place = scaler.spec.get("scaleTargetRef").map_or(scaler.spec.span, |node| node.span);
            let fault = symbols.fault(Code::ReplicasTwice, message, scaler.object, place);
            sink.push(Made::Object(first).beside(fault, "the other one"));
        }
    }
}

/// `Deployment shop/web`
fn target(scaler: &Autoscaler) -> Option<String> {
    let target = scaler.spec.get("scaleTargetRef")?;
    let text = |key: &str| target.get(key).and_then(Node::as_str);
    Some(format!("{} {}/{}", text("kind")?, scaler.object.namespace_name(), text("name")?))
}
