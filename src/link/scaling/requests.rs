//! A share of a request needs that request, on every container that counts.
//!
//! If one lacks it, the share is not defined and the autoscaler does nothing (Kubernetes docs, "Horizontal Pod
//! Autoscaling"). A limit alone stands for the request, a LimitRange may set it, and so may the pod as a whole. Init
//! containers count where they go on running.

use super::Autoscaler;
use super::replicas::chart_of;
use crate::diagnostic::{Code, Diagnostic, Severity, Sink};
use crate::link::data::{called, of_value};
use crate::link::symbols::{Extent, Pod, Symbols, Workload};
use crate::source::Node;
use crate::validate::Object;

/// What is measured where nothing is said: 80 % of the CPU (API docs, "HorizontalPodAutoscalerSpec").
const DEFAULT: &str = "cpu";

/// A metric that is a share of a request.
struct Metric<'s> {
    resource: &'s str,
    /// The one container that counts; none: all of them.
    container: Option<&'s str>,
    node: &'s Node,
}

pub(super) fn check(symbols: &Symbols, scaler: &Autoscaler, sink: &mut Sink) {
    for metric in metrics(scaler.spec) {
        for workload in &scaler.workloads {
            match workload.made.object() {
                Some(object) => sink.extend(of_pods(symbols, scaler, &metric, object)),
                None => sink.extend(of_chart(symbols, scaler, &metric, workload)),
            }
        }
    }
}

fn metrics<'s>(spec: &'s Node) -> Vec<Metric<'s>> {
    let all = |node| Metric { resource: DEFAULT, container: None, node };
    match spec.get("metrics").and_then(Node::as_list) {
        Some(list) if !list.is_empty() => list.iter().filter_map(metric).collect(),
        _ => vec![all(spec.get("targetCPUUtilizationPercentage").unwrap_or(spec))],
    }
}

fn metric<'s>(node: &'s Node) -> Option<Metric<'s>> {
    let source = ["resource", "containerResource"].iter().find_map(|key| node.get(key))?;
    source.get("target")?.get("averageUtilization")?;
    let resource = source.get("name")?.as_str()?;
    Some(Metric { resource, container: source.get("container").and_then(Node::as_str), node: source })
}

fn of_pods(symbols: &Symbols, scaler: &Autoscaler, metric: &Metric, object: &Object) -> Option<Diagnostic> {
    let spec = Pod::of(object)?.spec;
    if asks(spec, metric.resource) {
        return None;
    }
    let mut containers = lasting(spec).filter(|container| metric.container.is_none_or(|only| name(container) == only));
    let found = match metric.container {
        Some(only) if !lasting(spec).any(|container| name(container) == only) => {
            let message = format!("{} measures container `{only}`, which {} does not have", of(scaler), called(object));
            return Some(told(symbols, scaler, metric, object, message).suggest(only, lasting(spec).map(name)));
        }
        _ => containers.find(|container| !asks(container, metric.resource))?,
    };
    if defaulted(symbols, object.namespace_name(), metric.resource) {
        return None;
    }
    let (resource, container) = (metric.resource, name(found));
    let message = format!(
        "{} measures {resource} against what container `{container}` requests, and it requests none",
        of(scaler)
    );
    let mut fault = told(symbols, scaler, metric, object, message);
    if symbols.extent == Extent::Part {
        // A LimitRange of the cluster may set it.
        fault.severity = Severity::Warning;
    }
    let help =
        format!("write `resources: {{requests: {{{resource}: …}}}}` in container `{container}` of {}", called(object));
    Some(fault.help(help))
}

fn told(symbols: &Symbols, scaler: &Autoscaler, metric: &Metric, object: &Object, message: String) -> Diagnostic {
    let fault = symbols.fault(Code::MissingRequest, message, scaler.object, metric.node.span);
    crate::link::symbols::Made::Object(object).beside(fault, "what it scales")
}

fn of(scaler: &Autoscaler) -> String {
    called(scaler.object)
}

/// For a chart, the interface says which value sets the request.
fn of_chart(symbols: &Symbols, scaler: &Autoscaler, metric: &Metric, workload: &Workload) -> Option<Diagnostic> {
    let chart = chart_of(symbols, workload)?;
    let path = chart.scaling?.request.as_ref().filter(|_| metric.resource == DEFAULT)?;
    if chart.values.one(path).is_some_and(|value| !matches!(value.node.as_str(), Some(""))) {
        return None;
    }
    let release = &chart.values.release.name;
    let message = format!(
        "{} measures cpu against what {} requests, and `{path}` of the release `{release}` is not set",
        of(scaler),
        workload.title()
    );
    let fault = symbols.fault(Code::MissingRequest, message, scaler.object, metric.node.span);
    let above = path.rsplit_once('.').and_then(|(above, _)| chart.values.one(above));
    let fault = match above {
        Some(value) => {
            let place = of_value(symbols, chart.values, value, None);
            place.fault(symbols, Code::MissingRequest, "").labels.into_iter().fold(fault, |fault, label| {
                fault.at(label.span, if label.text.is_empty() { "the release" } else { "its values" })
            })
        }
        None => fault,
    };
    Some(workload.made.beside(fault, "what it scales"))
}

fn name(container: &Node) -> &str {
    container.get("name").and_then(Node::as_str).unwrap_or_default()
}

fn lasting(spec: &Node) -> impl Iterator<Item = &Node> {
    let list = |key: &str| spec.get(key).and_then(Node::as_list).unwrap_or_default().iter();
    let restarts = |container: &&Node| container.get("restartPolicy").and_then(Node::as_str) == Some("Always");
    list("containers").chain(list("initContainers").filter(restarts))
}

fn asks(node: &Node, resource: &str) -> bool {
    let resources = node.get("resources");
    ["requests", "limits"].iter().any(|key| resources.and_then(|resources| resources.get(key)?.get(resource)).is_some())
}

/// Whether a LimitRange of the namespace gives each container a request.
fn defaulted(symbols: &Symbols, namespace: &str, resource: &str) -> bool {
    let ranges = symbols.of_kind("LimitRange").filter(|range| range.namespace_name() == namespace);
    let limits = ranges.filter_map(|range| range.node.get("spec")?.get("limits")?.as_list()).flatten();
    let mut of_containers = limits.filter(|limit| limit.get("type").and_then(Node::as_str) == Some("Container"));
    of_containers.any(|limit| {
        ["defaultRequest", "default"].iter().any(|key| limit.get(key).is_some_and(|of| of.get(resource).is_some()))
    })
}
