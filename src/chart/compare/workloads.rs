//! Workloads: kind, name, labels, selector, ports, ServiceAccount, and the level of security that their pods need.

use serde_json::Value as Json;

use super::{Found, entry, listed, nearest};
use crate::chart::facts::{self, numbers};
use crate::component::interface::{By, PodPort, Protocol, Workload};
use crate::link::symbols::Selector;
use crate::source::NodePath;

impl<'c> Found<'c> {
    pub(super) fn workloads(&mut self) {
        let claims = self.claims;
        for (id, claim) in claims.workloads.iter().filter(|(_, claim)| claim.by == Some(By::Chart)) {
            let path = entry("workloads", id);
            match self.workload(id) {
                Some(found) => self.one(&path, claim, found),
                None => self.unfound(path, claim),
            }
        }
        self.unclaimed_workloads();
        self.facts.workloads.iter().for_each(|found| self.refused(found));
    }

    fn one(&mut self, path: &NodePath, claim: &Workload, found: &facts::Workload) {
        self.pod_labels(path, claim, found);
        self.selector(path, claim, found);
        claim.ports.iter().for_each(|(id, port)| self.pod_port(&path.key("ports").key(id), id, port, found));
        if claim.service_account != found.service_account {
            let (claimed, there) = (said(claim.service_account.as_deref()), said(found.service_account.as_deref()));
            let message = format!("ServiceAccount {claimed} is claimed; {} has {there}", found.is);
            self.claimed(path.key("serviceAccount"), message);
        }
        if claim.host_network != found.is_on_host_network() {
            let (claimed, there) = (claim.host_network, found.is_on_host_network());
            let message = format!("`hostNetwork: {claimed}` is claimed; {} has `hostNetwork: {there}`", found.is);
            self.claimed(path.key("hostNetwork"), message);
        }
        let own = claim.namespace.as_ref().filter(|namespace| **namespace != self.claims.namespace);
        let own = own.map(String::as_str).unwrap_or_default();
        if own != found.is.namespace {
            let or_own = |name: &str| if name.is_empty() { self.claims.namespace.clone() } else { name.to_owned() };
            let (claimed, there) = (or_own(own), or_own(&found.is.namespace));
            self.claimed(
                path.key("namespace"),
                format!("namespace `{claimed}` is claimed; {} is in `{there}`", found.is),
            );
        }
    }

    fn unfound(&mut self, path: NodePath, claim: &Workload) {
        let claimed = format!("{}/{}", claim.kind.as_deref().unwrap_or("?"), claim.name.as_deref().unwrap_or("?"));
        let known: Vec<String> = self.facts.workloads.iter().map(|found| found.is.to_string()).collect();
        let nearest = nearest(&claimed, known.iter().map(String::as_str));
        self.claimed(path, format!("{claimed} is claimed; {nearest}"));
    }

    fn unclaimed_workloads(&mut self) {
        let (claims, facts) = (self.claims, self.facts);
        for found in facts.workloads.iter().filter(|found| !claims.ignores(&found.is)) {
            let is_its = |id: &str| claims.workload(id, facts).is_some_and(|other| other.is == found.is);
            let own: Vec<(&String, &Workload)> = claims.workloads.iter().filter(|(id, _)| is_its(id)).collect();
            match own.first() {
                Some((id, _)) => self.unclaimed_pod_ports(&entry("workloads", id), found, &own),
                None => self.unclaimed("workloads", &found.is),
            }
        }
    }

    /// Every port is claimed, or of no interest.
    fn unclaimed_pod_ports(&mut self, path: &NodePath, found: &facts::Workload, own: &[(&String, &Workload)]) {
        let claims = self.claims;
        let is_known = |number: u16, protocol: Protocol| {
            let mut claimed = own.iter().flat_map(|(_, claim)| claim.ports.values());
            claimed.any(|port| (port.port, port.protocol) == (number, protocol))
                || claims.ignores_port(&found.is, number, protocol)
        };
        for port in &found.ports {
            if !(port.first..=port.last).all(|number| is_known(number, port.protocol)) {
                let message = format!("the pods of {} have the port {}", found.is, described(port));
                self.unclaimed_port(path.clone(), &found.is, &port.numbers(), &message);
            }
        }
        for (number, place) in found.undeclared.iter().filter(|(number, _)| !is_known(**number, Protocol::Tcp)) {
            let message = format!("the pods of {} listen on {number} (told by {place})", found.is);
            self.unclaimed_port(path.clone(), &found.is, &number.to_string(), &message);
        }
    }

    fn pod_labels(&mut self, path: &NodePath, claim: &Workload, found: &facts::Workload) {
        let carried = found.pod_labels();
        for (key, value) in claim.labels.iter().filter(|(key, value)| carried.get(*key) != Some(value)) {
            let message = match carried.get(key) {
                Some(other) => {
                    format!("label `{key}: {value}` is claimed; the pods of {} carry `{key}: {other}`", found.is)
                }
                None => {
                    let nearest = nearest(key, carried.keys().map(String::as_str));
                    format!("label `{key}` is claimed; the pods of {} do not carry it, {nearest}", found.is)
                }
            };
            self.claimed(path.key("labels").key(key), message);
        }
        if claim.labels.is_empty() && !found.labels.is_empty() {
            let carried = listed(found.labels.keys().map(String::as_str));
            let message = format!("no labels are claimed; the pods of {} carry {carried}", found.is);
            self.claimed(path.key("labels"), message);
        }
    }

    /// Its selector selects its pods, and no others of the namespace.
    fn selector(&mut self, path: &NodePath, claim: &Workload, found: &facts::Workload) {
        let selector = Selector::of_json(&claim.pod_selector());
        let path = path.key(if claim.selector.is_some() { "selector" } else { "labels" });
        let facts = self.facts;
        let others = facts.workloads.iter().filter(|other| other.is != found.is);
        for other in others.filter(|other| other.is.namespace == found.is.namespace) {
            if selector.matches(&other.pod_labels()) {
                self.claimed(path.clone(), format!("its selector also selects the pods of {}", other.is));
            }
        }
        // Labels that are not so were told each.
        if claim.selector.is_some() && !selector.matches(&found.pod_labels()) {
            self.claimed(path, format!("its selector `{selector}` does not select the pods of {}", found.is));
        }
    }

    fn pod_port(&mut self, path: &NodePath, id: &str, claim: &PodPort, found: &facts::Workload) {
        let name = claim.named.then(|| claim.name.as_deref().unwrap_or(id));
        let same = |port: &&facts::PodPort| {
            port.holds(claim.port) && port.protocol == claim.protocol && port.name.as_deref() == name
        };
        if found.ports.iter().any(|port| same(&port)) || (name.is_none() && is_undeclared(claim, found)) {
            return;
        }
        let claimed = titled(name, &numbers(claim.port, claim.port, claim.protocol));
        let message = format!("port {claimed} is claimed as `{id}`; the pods of {} have {}", found.is, ports(found));
        self.claimed(path.clone(), message);
    }

    /// The namespace must let every pod of the chart in.
    fn refused(&mut self, found: &facts::Workload) {
        let (allowed, needed) = (self.claims.pod_security, found.pod_security);
        if needed > allowed && found.is.namespace.is_empty() {
            let reasons = listed(found.because.iter().map(String::as_str));
            let (allowed, needed) = (allowed.as_str(), needed.as_str());
            let message = format!("`{allowed}` is claimed; {} needs `{needed}`: {reasons}", found.is);
            self.claimed(NodePath::dotted("podSecurity"), message);
        }
    }
}

fn said(name: Option<&str>) -> String {
    name.map_or_else(|| "none".into(), |name| format!("`{name}`"))
}

/// Not among the container's ports, but a probe or an address in its environment names it.
fn is_undeclared(claim: &PodPort, found: &facts::Workload) -> bool {
    found.undeclared.contains_key(&claim.port) && claim.protocol == Protocol::Tcp
}

fn ports(found: &facts::Workload) -> String {
    let undeclared = found.undeclared.iter().map(|(port, place)| format!("{port} (undeclared, told by {place})"));
    let all: Vec<String> = found.ports.iter().map(described).chain(undeclared).collect();
    if all.is_empty() { "none".into() } else { all.join(", ") }
}

fn described(port: &facts::PodPort) -> String {
    titled(port.name.as_deref(), &port.numbers())
}

/// `` `http` 8080/TCP ``
pub(super) fn titled(name: Option<&str>, numbers: &str) -> String {
    name.map_or_else(|| format!("{numbers} without a name"), |name| format!("`{name}` {numbers}"))
}

/// The selector of a Service.
pub(super) fn plain(labels: &facts::Labels) -> Selector {
    Selector::of_json(&Json::Object([("matchLabels".to_owned(), serde_json::json!(labels))].into_iter().collect()))
}
