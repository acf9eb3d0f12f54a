//! Workloads: kind, name, labels, selector, ports, ServiceAccount, and the level of security that their pods need.

use platformc::component::interface::{By, PodPort, Workload};

use super::recorded::{self, Record};
use super::selector::selects;
use super::{Claims, listed, nearest};

pub fn faults(claims: &Claims, recorded: &Record) -> Vec<String> {
    let mut faults = vec![];
    for (id, claim) in claims.workloads.iter().filter(|(_, claim)| claim.by == Some(By::Chart)) {
        let found = match claims.recorded(id, recorded) {
            Some(found) => one(claims, claim, found, recorded),
            None => vec![unfound(claim, recorded)],
        };
        faults.extend(found.into_iter().map(|fault| format!("workloads.{id}: {fault}")));
    }
    faults.extend(unclaimed(claims, recorded));
    faults.extend(recorded.workloads.iter().filter_map(|found| refused(claims, found)));
    faults
}

fn one(claims: &Claims, claim: &Workload, found: &recorded::Workload, recorded: &Record) -> Vec<String> {
    let mut faults = labels(claim, found);
    faults.extend(selector(claim, found, recorded));
    faults.extend(claim.ports.iter().filter_map(|(id, port)| port_fault(id, port, found)));
    if claim.service_account != found.service_account {
        let (claimed, recorded) = (said(claim.service_account.as_deref()), said(found.service_account.as_deref()));
        faults.push(format!("ServiceAccount {claimed} is claimed; {} has {recorded}", found.id()));
    }
    let recorded_network = found.because.iter().any(|reason| reason == "hostNetwork");
    if claim.host_network != recorded_network {
        let (claimed, id) = (claim.host_network, found.id());
        faults.push(format!("`hostNetwork: {claimed}` is claimed; {id} has `hostNetwork: {recorded_network}`"));
    }
    let namespaces = (
        claim.namespace.as_ref().unwrap_or(&claims.namespace),
        found.namespace.as_ref().unwrap_or(&recorded.namespace),
    );
    if namespaces.0 != namespaces.1 {
        faults.push(format!("namespace `{}` is claimed; {} is in `{}`", namespaces.0, found.id(), namespaces.1));
    }
    faults
}

fn said(name: Option<&str>) -> String {
    name.map_or_else(|| "none".into(), |name| format!("`{name}`"))
}

fn unfound(claim: &Workload, recorded: &Record) -> String {
    let claimed = format!("{}/{}", claim.kind.as_deref().unwrap_or("?"), claim.name.as_deref().unwrap_or("?"));
    let ids: Vec<String> = recorded.workloads.iter().map(recorded::Workload::id).collect();
    format!("{claimed} is claimed; {}", nearest(&claimed, ids.iter().map(String::as_str)))
}

fn unclaimed(claims: &Claims, recorded: &Record) -> Vec<String> {
    let claimed: Vec<String> =
        claims.workloads.keys().filter_map(|id| claims.recorded(id, recorded)).map(recorded::Workload::id).collect();
    let missing = recorded.workloads.iter().map(recorded::Workload::id).filter(|id| !claimed.contains(id));
    missing.map(|id| format!("workloads: {id} is recorded; no claim is about it")).collect()
}

fn labels(claim: &Workload, found: &recorded::Workload) -> Vec<String> {
    let carried = found.pod_labels();
    let unlike = claim.labels.iter().filter(|(key, value)| carried.get(*key) != Some(value));
    let fault = |(key, value): (&String, &String)| match carried.get(key) {
        Some(other) => format!("label `{key}: {value}` is claimed; the pods of {} carry `{key}: {other}`", found.id()),
        None => {
            let nearest = nearest(key, carried.keys().map(String::as_str));
            format!("label `{key}` is claimed; the pods of {} do not carry it, {nearest}", found.id())
        }
    };
    let mut faults: Vec<String> = unlike.map(fault).collect();
    if claim.labels.is_empty() && !found.labels.is_empty() {
        faults.push(format!(
            "no labels are claimed; the pods of {} carry {}",
            found.id(),
            listed(found.labels.keys().map(String::as_str))
        ));
    }
    faults
}

/// Its selector selects its pods, and no others of the namespace.
fn selector(claim: &Workload, found: &recorded::Workload, recorded: &Record) -> Vec<String> {
    let selector = claim.pod_selector();
    let others =
        recorded.workloads.iter().filter(|other| other.id() != found.id() && other.namespace == found.namespace);
    let hit = others.filter(|other| selects(&selector, &other.pod_labels()));
    let mut faults: Vec<String> =
        hit.map(|other| format!("its selector also selects the pods of {}", other.id())).collect();
    if !selects(&selector, &found.pod_labels()) {
        faults.push(format!("its selector {selector} does not select the pods of {}", found.id()));
    }
    faults
}

fn port_fault(id: &str, claim: &PodPort, found: &recorded::Workload) -> Option<String> {
    let name = claim.named.then(|| claim.name.as_deref().unwrap_or(id));
    let same = |port: &&recorded::PodPort| {
        port.holds(claim.port) && port.protocol == claim.protocol && port.name.as_deref() == name
    };
    if found.ports.iter().any(|port| same(&port)) || (name.is_none() && is_undeclared(claim, found)) {
        return None;
    }
    let claimed = described(name, claim.port, claim.protocol.as_str());
    Some(format!("port {claimed} is claimed as `{id}`; the pods of {} have {}", found.id(), ports(found)))
}

/// Not among the container's ports, but a probe or an address in its environment names it.
fn is_undeclared(claim: &PodPort, found: &recorded::Workload) -> bool {
    found.undeclared.contains_key(&claim.port) && claim.protocol.as_str() == "TCP"
}

fn ports(found: &recorded::Workload) -> String {
    let declared = found.ports.iter().map(|port| {
        let first = described(port.name.as_deref(), port.port, port.protocol.as_str());
        port.end_port.map_or_else(|| first.clone(), |end| format!("{first} to {end}"))
    });
    let undeclared = found.undeclared.iter().map(|(port, place)| format!("{port} (undeclared, told by {place})"));
    let all: Vec<String> = declared.chain(undeclared).collect();
    if all.is_empty() { "none".into() } else { all.join(", ") }
}

pub fn described(name: Option<&str>, port: u16, protocol: &str) -> String {
    let protocol = if protocol == "TCP" { String::new() } else { format!("/{protocol}") };
    name.map_or_else(|| format!("{port}{protocol} without a name"), |name| format!("`{name}` {port}{protocol}"))
}

/// The namespace must let every pod of the chart in.
fn refused(claims: &Claims, found: &recorded::Workload) -> Option<String> {
    let (allowed, needed) = (claims.pod_security, found.pod_security);
    (needed > allowed && found.namespace.is_none()).then(|| {
        let reasons = listed(found.because.iter().map(String::as_str));
        format!("podSecurity: `{}` is claimed; {} needs `{}`: {reasons}", allowed.as_str(), found.id(), needed.as_str())
    })
}
