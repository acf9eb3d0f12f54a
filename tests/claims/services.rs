//! Services: name, labels, which pods they select, and which of their ports leads to which of the pods'.

use platformc::component::interface::{By, PodPort, Service, ServicePort, Workload};
use serde_json::json;

use super::recorded::{self, Record, Target};
use super::selector::selects;
use super::workloads::described;
use super::{Claims, nearest};

pub fn faults(claims: &Claims, recorded: &Record) -> Vec<String> {
    let mut faults = vec![];
    for (id, claim) in claims.services.iter().filter(|(_, claim)| claim.by == Some(By::Chart)) {
        let found = recorded.services.iter().find(|found| found.name == claim.name && found.namespace.is_none());
        let found = match found {
            Some(found) => one(claims, claim, found, recorded),
            None => vec![unfound(claim, recorded)],
        };
        faults.extend(found.into_iter().map(|fault| format!("services.{id}: {fault}")));
    }
    faults
}

fn unfound(claim: &Service, recorded: &Record) -> String {
    let names = recorded.services.iter().map(|found| found.name.as_str());
    format!("Service `{}` is claimed; {}", claim.name, nearest(&claim.name, names))
}

fn one(claims: &Claims, claim: &Service, found: &recorded::Service, recorded: &Record) -> Vec<String> {
    let Some(workload) = claims.workloads.get(&claim.workload) else {
        return vec![format!("it is claimed to lead to `{}`, which is not there", claim.workload)];
    };
    let behind = claims.recorded(&claim.workload, recorded);
    let mut faults = labels(claim, found);
    faults.extend(selected(claim, workload, behind, found, recorded));
    faults.extend(claim.ports.iter().filter_map(|(id, port)| port_fault(id, port, workload, behind, found)));
    faults
}

fn labels(claim: &Service, found: &recorded::Service) -> Vec<String> {
    let unlike = claim.labels.iter().filter(|(key, value)| found.labels.get(*key) != Some(value));
    let fault = |(key, value): (&String, &String)| match found.labels.get(key) {
        Some(other) => format!("label `{key}: {value}` is claimed; Service `{}` carries `{key}: {other}`", found.name),
        None => {
            let nearest = nearest(key, found.labels.keys().map(String::as_str));
            format!("label `{key}` is claimed; Service `{}` does not carry it, {nearest}", found.name)
        }
    };
    unlike.map(fault).collect()
}

/// It selects the pods of its workload, and no others. Of pods made at run time only what is claimed is known.
fn selected(
    claim: &Service,
    workload: &Workload,
    behind: Option<&recorded::Workload>,
    found: &recorded::Service,
    recorded: &Record,
) -> Vec<String> {
    let selector = json!({ "matchLabels": found.selector });
    let labels = behind.map_or_else(|| workload.labels.clone(), recorded::Workload::pod_labels);
    let own = behind.map(recorded::Workload::id);
    let others = recorded.workloads.iter().filter(|other| other.namespace.is_none() && Some(other.id()) != own);
    let hit = others.filter(|other| selects(&selector, &other.pod_labels()));
    let mut faults: Vec<String> =
        hit.map(|other| format!("it is claimed to lead to `{}`; it leads to {}", claim.workload, other.id())).collect();
    if found.selector.is_empty() || !selects(&selector, &labels) {
        faults.push(format!("it is claimed to lead to `{}`; it selects {selector}", claim.workload));
    }
    faults
}

fn port_fault(
    id: &str,
    claim: &ServicePort,
    workload: &Workload,
    behind: Option<&recorded::Workload>,
    found: &recorded::Service,
) -> Option<String> {
    let Some(target) = workload.ports.get(&claim.target) else {
        return Some(format!("port `{id}` is claimed to lead to `{}`, which its workload has not", claim.target));
    };
    let name = claim.named.then(|| claim.name.as_deref().unwrap_or(id));
    let same = |port: &&recorded::ServicePort| {
        port.port == claim.port && port.name.as_deref() == name && port.protocol == target.protocol
    };
    let Some(port) = found.ports.iter().find(same) else {
        let claimed = described(name, claim.port, target.protocol.as_str());
        return Some(format!("port {claimed} is claimed as `{id}`; Service `{}` has {}", found.name, ports(found)));
    };
    let leads_to = resolved(&port.target, workload, behind);
    (leads_to != Some(target.port)).then(|| {
        let leads_to = leads_to.map_or_else(|| "no port of its pods".into(), |port| port.to_string());
        format!("port `{id}` is claimed to lead to {} (`{}`); it leads to {leads_to}", target.port, claim.target)
    })
}

fn ports(found: &recorded::Service) -> String {
    let ports = found.ports.iter().map(|port| described(port.name.as_deref(), port.port, port.protocol.as_str()));
    ports.collect::<Vec<_>>().join(", ")
}

/// The number behind a target: by the recorded names, or by the claimed ones of pods that are made at run time.
fn resolved(target: &Target, workload: &Workload, behind: Option<&recorded::Workload>) -> Option<u16> {
    match (target, behind) {
        (Target::Number(port), _) => Some(*port),
        (Target::Name(name), Some(behind)) => {
            behind.ports.iter().find(|port| port.name.as_ref() == Some(name)).map(|port| port.port)
        }
        (Target::Name(name), None) => {
            let is_it = |(id, port): &(&String, &PodPort)| port.named && port.name.as_ref().unwrap_or(id) == name;
            workload.ports.iter().find(is_it).map(|(_, port)| port.port)
        }
    }
}
