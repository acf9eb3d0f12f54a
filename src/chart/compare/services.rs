//! Services: name, labels, which pods they select, and which of their ports leads to which of the pods'.

use super::workloads::{plain, titled};
use super::{Found, entry, nearest};
use crate::chart::facts::{self, Target, numbers};
use crate::component::interface::{By, PodPort, Service, ServicePort, Workload};
use crate::source::NodePath;

/// A claim, and what is known of the pods behind it.
struct Behind<'c> {
    workload: &'c Workload,
    /// None where they are made at run time: only what is claimed is known of them.
    found: Option<&'c facts::Workload>,
}

impl<'c> Found<'c> {
    pub(super) fn services(&mut self) {
        let claims = self.claims;
        for (id, claim) in claims.services.iter().filter(|(_, claim)| claim.by == Some(By::Chart)) {
            let path = entry("services", id);
            match self.service(claim) {
                Some(found) => self.one_service(&path, claim, found),
                None => {
                    let names = self.facts.services.iter().map(|found| found.is.name.as_str());
                    let message = format!("Service `{}` is claimed; {}", claim.name, nearest(&claim.name, names));
                    self.claimed(path, message);
                }
            }
        }
        self.unclaimed_services();
    }

    fn service(&self, claim: &Service) -> Option<&'c facts::Service> {
        let is_it = |found: &&facts::Service| found.is.name == claim.name && found.is.namespace.is_empty();
        self.facts.services.iter().find(is_it)
    }

    fn one_service(&mut self, path: &NodePath, claim: &Service, found: &facts::Service) {
        let Some(workload) = self.claims.workloads.get(&claim.workload) else {
            let message = format!("it is claimed to lead to `{}`, which is not there", claim.workload);
            return self.claimed(path.key("workload"), message);
        };
        let behind = Behind { workload, found: self.workload(&claim.workload) };
        self.service_labels(path, claim, found);
        self.selected(path, claim, &behind, found);
        for (id, port) in &claim.ports {
            if let Some(message) = port_fault(id, port, &behind, found) {
                self.claimed(path.key("ports").key(id), message);
            }
        }
    }

    fn service_labels(&mut self, path: &NodePath, claim: &Service, found: &facts::Service) {
        for (key, value) in claim.labels.iter().filter(|(key, value)| found.labels.get(*key) != Some(value)) {
            let message = match found.labels.get(key) {
                Some(other) => format!("label `{key}: {value}` is claimed; {} carries `{key}: {other}`", found.is),
                None => {
                    let nearest = nearest(key, found.labels.keys().map(String::as_str));
                    format!("label `{key}` is claimed; {} does not carry it, {nearest}", found.is)
                }
            };
            self.claimed(path.key("labels").key(key), message);
        }
    }

    /// It selects the pods of its workload, and no others.
    fn selected(&mut self, path: &NodePath, claim: &Service, behind: &Behind, found: &facts::Service) {
        let selector = plain(&found.selector);
        let claimed = || behind.workload.labels.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
        let labels = behind.found.map_or_else(claimed, facts::Workload::pod_labels);
        let own = behind.found.map(|found| &found.is);
        let facts = self.facts;
        let others = facts.workloads.iter().filter(|other| other.is.namespace.is_empty() && Some(&other.is) != own);
        for other in others.filter(|other| selector.matches(&other.pod_labels())) {
            let message = format!("it is claimed to lead to `{}`; it leads to {}", claim.workload, other.is);
            self.claimed(path.key("workload"), message);
        }
        if found.selector.is_empty() || !selector.matches(&labels) {
            let message = format!("it is claimed to lead to `{}`; it selects `{selector}`", claim.workload);
            self.claimed(path.key("workload"), message);
        }
    }

    fn unclaimed_services(&mut self) {
        let (claims, facts) = (self.claims, self.facts);
        for found in facts.services.iter().filter(|found| !claims.ignores(&found.is)) {
            let is_its = |claim: &Service| {
                let is_found = self.service(claim).is_some_and(|other| other.is == found.is);
                claim.by == Some(By::Chart) && is_found
            };
            let own: Vec<(&String, &Service)> = claims.services.iter().filter(|(_, claim)| is_its(claim)).collect();
            match own.first() {
                Some((id, _)) => self.unclaimed_service_ports(&entry("services", id), found, &own),
                None => self.unclaimed("services", &found.is),
            }
        }
    }

    fn unclaimed_service_ports(&mut self, path: &NodePath, found: &facts::Service, own: &[(&String, &Service)]) {
        let claims = self.claims;
        for port in &found.ports {
            let mut claimed = own.iter().flat_map(|(_, claim)| claim.ports.values());
            let is_claimed = claimed.any(|claim| claim.port == port.number);
            if !is_claimed && !claims.ignores_port(&found.is, port.number, port.protocol) {
                let message = format!("{} has the port {}", found.is, titled(port.name.as_deref(), &port.numbers()));
                self.unclaimed_port(path.clone(), &found.is, &port.numbers(), &message);
            }
        }
    }
}

fn port_fault(id: &str, claim: &ServicePort, behind: &Behind, found: &facts::Service) -> Option<String> {
    let Some(target) = behind.workload.ports.get(&claim.target) else {
        return Some(format!("port `{id}` is claimed to lead to `{}`, which its workload has not", claim.target));
    };
    let name = claim.named.then(|| claim.name.as_deref().unwrap_or(id));
    let same = |port: &&facts::ServicePort| {
        port.number == claim.port && port.name.as_deref() == name && port.protocol == target.protocol
    };
    let Some(port) = found.ports.iter().find(same) else {
        let claimed = titled(name, &numbers(claim.port, claim.port, target.protocol));
        return Some(format!("port {claimed} is claimed as `{id}`; {} has {}", found.is, ports(found)));
    };
    let leads_to = resolved(&port.target, behind);
    (leads_to != Some(target.port)).then(|| {
        let leads_to = leads_to.map_or_else(|| "no port of its pods".into(), |port| port.to_string());
        format!("port `{id}` is claimed to lead to {} (`{}`); it leads to {leads_to}", target.port, claim.target)
    })
}

fn ports(found: &facts::Service) -> String {
    let ports = found.ports.iter().map(|port| titled(port.name.as_deref(), &port.numbers()));
    let ports: Vec<String> = ports.collect();
    if ports.is_empty() { "none".into() } else { ports.join(", ") }
}

/// The number behind a target: by the names in the pods, or by the claimed ones of pods that are made at run time.
fn resolved(target: &Target, behind: &Behind) -> Option<u16> {
    match (target, behind.found) {
        (Target::Number(port), _) => Some(*port),
        (Target::Name(name), Some(found)) => {
            found.ports.iter().find(|port| port.name.as_ref() == Some(name)).map(|port| port.first)
        }
        (Target::Name(name), None) => {
            let is_it = |(id, port): &(&String, &PodPort)| port.named && port.name.as_ref().unwrap_or(id) == name;
            behind.workload.ports.iter().find(is_it).map(|(_, port)| port.port)
        }
    }
}
