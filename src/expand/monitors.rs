//! ServiceMonitors and PodMonitors, with the labels that the stack's Prometheus selects.

use serde_json::json;

use super::files::Derived;
use super::plan::{DeclaredMetric, Entry, Instance, PlannedFile};
use super::roles::{MONITORING, provider};
use super::wishes::unserved;
use crate::component::Catalog;
use crate::component::interface::Metric;
use crate::diagnostic::{Code, Sink};
use crate::resolve::Platform;

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
        "endpoint": { "port": target.port, "number": target.number, "path": metric.is.path, "interval": metric.is.interval },
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
