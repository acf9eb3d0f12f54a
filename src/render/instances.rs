//! What the generated docs tell of one instance.

use serde_json::{Value as Json, json};

use crate::expand::{Instance, Plan};

pub fn fact(instance: &Instance, plan: &Plan) -> Json {
    let release = plan
        .releases
        .iter()
        .find(|release| release.name == instance.release && release.namespace == instance.namespace);
    let workloads = instance.workloads.iter().filter_map(|(_, entry)| {
        let ports: Vec<u16> = entry.is.ports.values().map(|port| port.port).collect();
        Some(json!({ "name": entry.is.name.as_ref()?, "kind": entry.is.kind, "labels": entry.is.labels, "ports": ports }))
    });
    let services = instance.services.values().map(|entry| {
        let ports: Vec<u16> = entry.is.ports.values().map(|port| port.port).collect();
        let host = format!("{}.{}.svc.cluster.local", entry.is.name, instance.namespace);
        json!({ "name": entry.is.name, "host": host, "ports": ports })
    });
    json!({
        "name": instance.used.name,
        "slot": instance.used.slot,
        "component": instance.component.id,
        "ofCollection": instance.component.provides.collection.is_some(),
        "summary": instance.component.summary,
        "namespace": instance.namespace,
        "release": release.map(|release| json!({
            "name": release.name, "chart": release.chart.name, "version": release.version, "repository": release.chart.repository,
        })),
        "workloads": workloads.collect::<Vec<_>>(),
        "services": services.collect::<Vec<_>>(),
        "notes": plan.facts.notes.get(&instance.id()).map_or(&[][..], Vec::as_slice),
    })
}
