//! What the generated docs tell of one instance.

use serde_json::{Value as Json, json};

use crate::component::interface::{Service, Workload};
use crate::expand::{Instance, Plan};

pub fn fact(instance: &Instance, plan: &Plan) -> Json {
    json!({
        "name": instance.used.name,
        "slot": instance.used.slot,
        "component": instance.component.id,
        "ofCollection": instance.component.provides.collection.is_some(),
        "summary": instance.component.summary,
        "namespace": instance.namespace,
        "release": release(instance, plan),
        "workloads": workloads(instance),
        "services": services(instance),
        "notes": plan.facts.notes.get(&instance.id()).map_or(&[][..], Vec::as_slice),
    })
}

fn release(instance: &Instance, plan: &Plan) -> Json {
    let mut releases = plan.releases.iter();
    let own = releases.find(|release| release.name == instance.release && release.namespace == instance.namespace);
    own.map_or(Json::Null, |own| {
        json!({ "name": own.name, "chart": own.chart.name, "version": own.version, "repository": own.chart.repository })
    })
}

fn workloads(instance: &Instance) -> Vec<Json> {
    let named = instance.workloads.values().filter_map(|entry| Some((entry.is.name.as_ref()?, &entry.is)));
    let fact = |(name, workload): (&String, &Workload)| {
        let ports: Vec<u16> = workload.ports.values().map(|port| port.port).collect();
        json!({ "name": name, "kind": workload.kind, "labels": workload.labels, "ports": ports })
    };
    named.map(fact).collect()
}

fn services(instance: &Instance) -> Vec<Json> {
    let fact = |service: &Service| {
        let ports: Vec<u16> = service.ports.values().map(|port| port.port).collect();
        let host = format!("{}.{}.svc.cluster.local", service.name, instance.namespace);
        json!({ "name": service.name, "host": host, "ports": ports })
    };
    instance.services.values().map(|entry| fact(&entry.is)).collect()
}
