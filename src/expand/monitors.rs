//! ServiceMonitors and PodMonitors, with the labels that the stack's Prometheus selects.

use serde_json::{Value as Json, json};

use super::files::Derived;
use super::plan::{DeclaredMetric, Entry, Instance, PlannedFile};
use super::roles::{MONITORING, provider};
use super::wishes::unserved;
use crate::component::Catalog;
use crate::component::interface::Metric;
use crate::diagnostic::{Code, Sink};
use crate::resolve::Platform;

const ENDPOINTS: &str = "endpoints";

/// The monitor of one metric; none where nothing scrapes, or after a fault.
pub fn file(
    platform: &Platform,
    catalog: &Catalog,
    instances: &[Instance],
    instance: &Instance,
    metric: &Entry<Metric>,
    sink: &mut Sink,
) -> Option<PlannedFile> {
    let Some(monitoring) = provider(instances, MONITORING) else {
        sink.push(unserved(catalog, &metric.origin, &format!("the metrics of `{}`", instance.used.name), MONITORING));
        return None;
    };
    let Some(target) = target(instance, &metric.is) else {
        let message = format!(
            "the metrics of `{}` name a service, workload or port that is not there, or has no name or labels",
            instance.used.name
        );
        sink.push(metric.origin.fault(Code::UnknownEnd, &message));
        return None;
    };
    let facts = json!({
        "monitor": monitoring.exported_value("labels"),
        "selector": target.selector,
        ENDPOINTS: [{ "port": target.port, "number": target.number, "path": metric.is.path, "interval": metric.is.interval }],
    });
    let derived = Derived {
        platform,
        kind: target.kind,
        folder: "observability/servicemonitors",
        file: format!("{}-{}", instance.namespace, target.name),
        name: &target.name,
        namespace: Some(&instance.namespace),
        of: &instance.used.name,
    };
    Some(derived.file(facts, metric.origin.clone()))
}

/// What has several metrics has one monitor with all of them.
pub fn join(files: &mut Vec<PlannedFile>, file: PlannedFile) {
    let same = |known: &PlannedFile, key: &str| known.context.get(key) == file.context.get(key);
    let is_same = |known: &&mut PlannedFile| {
        known.template == file.template && ["object", "selector"].iter().all(|key| same(known, key))
    };
    let Some(known) = files.iter_mut().find(is_same) else { return files.push(file) };
    let endpoints = known.context.get_mut(ENDPOINTS).and_then(Json::as_array_mut);
    let more = file.context.get(ENDPOINTS).and_then(Json::as_array);
    if let Some((endpoints, more)) = endpoints.zip(more) {
        let new: Vec<Json> = more.iter().filter(|endpoint| !endpoints.contains(endpoint)).cloned().collect();
        endpoints.extend(new);
    }
}

/// Where the metric is, for whoever scrapes it.
pub fn declared(instance: &Instance, metric: &Entry<Metric>) -> Option<DeclaredMetric> {
    let target = target(instance, &metric.is)?;
    Some(DeclaredMetric {
        namespace: instance.namespace.clone(),
        of_service: metric.is.service.is_some(),
        name: target.name,
        port: target.number,
        path: metric.is.path.clone(),
        origin: metric.origin.clone(),
    })
}

struct Target {
    kind: &'static str,
    name: String,
    selector: serde_json::Value,
    port: Option<String>,
    number: u16,
}

/// A Service is found by its labels and scraped at a named port; pods by name or number.
fn target(instance: &Instance, metric: &Metric) -> Option<Target> {
    if let Some(id) = &metric.service {
        let service = &instance.services.get(id)?.is;
        let port = service.ports.get(&metric.port)?;
        let name = port.named.then(|| port.name.clone().unwrap_or_else(|| metric.port.clone()))?;
        let selector = (!service.labels.is_empty()).then(|| json!({ "matchLabels": service.labels }))?;
        return Some(Target {
            kind: "servicemonitor",
            name: service.name.clone(),
            selector,
            port: Some(name),
            number: port.port,
        });
    }
    let workload = &instance.workloads.get(metric.workload.as_ref()?)?.is;
    let port = workload.ports.get(&metric.port)?;
    let name = port.named.then(|| port.name.clone().unwrap_or_else(|| metric.port.clone()));
    let selector = workload.pod_selector();
    Some(Target { kind: "podmonitor", name: workload.name.clone()?, selector, port: name, number: port.port })
}
