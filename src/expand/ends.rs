//! The two ends of a flow: what an id in `from` and `to` stands for.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value as Json, json};

use super::plan::{Entry, Instance, Origin, Plan, is_named};
use super::roles::provider;
use crate::component::interface::{Outside, Protocol, Service, Workload};
use crate::resolve::input::Cluster;

/// Pods of one workload in one namespace.
#[derive(Debug, Clone)]
pub struct Pods<'a> {
    pub namespace: String,
    pub name: String,
    pub workload: &'a Workload,
    pub origin: &'a Origin,
}

/// A port that a flow is open on. None as number: all ports.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Port {
    pub number: u16,
    pub protocol: Protocol,
}

/// One end of a flow.
#[derive(Debug, Clone)]
pub enum End<'a> {
    Pods(Pods<'a>),
    /// A Service: its pods, and the pod ports behind it.
    Service(Pods<'a>, Vec<Port>),
    Outside(&'a Entry<Outside>),
    Internet,
    ApiServer,
    Nodes,
}

/// Everything that ends can be looked up in.
pub struct Ends<'a> {
    pub instances: &'a [Instance<'a>],
    pub cluster: &'a Cluster,
    pub plan: &'a Plan<'a>,
    /// Entries of collections by collection and name.
    entries: BTreeMap<(&'a str, &'a str), &'a Instance<'a>>,
    /// Every capability that some component makes use of.
    used: BTreeSet<&'a str>,
}

impl<'a> Ends<'a> {
    pub fn new(instances: &'a [Instance<'a>], cluster: &'a Cluster, plan: &'a Plan<'a>) -> Self {
        let of_collections = instances.iter().filter(|instance| instance.component.provides.collection.is_some());
        let entries =
            of_collections.map(|instance| ((instance.used.slot.as_str(), instance.used.name.as_str()), instance));
        let used = instances.iter().flat_map(|instance| &instance.component.uses).map(String::as_str);
        Self { instances, cluster, plan, entries: entries.collect(), used: used.collect() }
    }

    /// What `id` means to `instance`; none if nothing has this id, empty if what has it is not there.
    pub fn look_up(&self, instance: &'a Instance<'a>, id: &str) -> Option<Vec<End<'a>>> {
        fixed(id).or_else(|| self.own(instance, id)).or_else(|| self.other(id))
    }

    /// What an id means wherever it stands; none if nothing has it or what has it is not there.
    pub fn shared(&self, id: &str) -> Option<Vec<End<'a>>> {
        fixed(id).or_else(|| self.other(id)).filter(|ends| !ends.is_empty())
    }

    /// Every id of that kind.
    pub fn all_shared(&self) -> Vec<String> {
        let others = self.instances.iter().flat_map(|other| {
            let exports = other.exports.services.keys().chain(other.exports.workloads.keys());
            let of_collection = other.used.path.steps().len() > 1;
            let entry = of_collection.then(|| other.id());
            let exports = exports.filter(move |_| !of_collection).map(|name| format!("{}.{name}", other.used.slot));
            exports.chain(entry).collect::<Vec<_>>()
        });
        others.chain(FIXED.map(str::to_owned)).collect()
    }

    /// Pods of every workload that `id` names, in each namespace where they stand.
    pub fn pods(&self, instance: &'a Instance<'a>, id: &str) -> Vec<Pods<'a>> {
        let entries = instance.workloads.iter().filter(|(key, _)| is_named(key, id));
        entries.flat_map(|(key, entry)| self.places(instance, key, entry)).collect()
    }

    /// The pods of every workload of `instance`.
    pub fn pods_of(&self, instance: &'a Instance<'a>) -> Vec<Pods<'a>> {
        instance.workloads.keys().flat_map(|id| self.pods(instance, id)).collect()
    }

    /// The pods behind a service of `instance`, with their ports.
    pub fn service(&self, instance: &'a Instance<'a>, id: &str) -> Option<(Vec<Pods<'a>>, &'a Entry<Service>)> {
        let service = instance.services.get(id)?;
        Some((self.pods(instance, &service.is.workload), service))
    }

    fn own(&self, instance: &'a Instance<'a>, id: &str) -> Option<Vec<End<'a>>> {
        use crate::component::catalog::Word;
        let declared = |word: Word| instance.component.word(word).any(|entry| is_named(id, &entry.id));
        if declared(Word::Workloads) {
            return Some(self.pods(instance, id).into_iter().map(End::Pods).collect());
        }
        if declared(Word::Outside) {
            let ends = instance.outside.iter().filter(|(key, _)| is_named(key, id));
            return Some(ends.map(|(_, entry)| End::Outside(entry)).collect());
        }
        declared(Word::Services).then(|| self.services(instance, id))
    }

    fn services(&self, instance: &'a Instance<'a>, id: &str) -> Vec<End<'a>> {
        let mut ends = vec![];
        for (_, entry) in instance.services.iter().filter(|(key, _)| is_named(key, id)) {
            for pods in self.pods(instance, &entry.is.workload) {
                let ports = pod_ports(&entry.is, pods.workload);
                ends.push(End::Service(pods, ports));
            }
        }
        ends
    }

    /// `dataIntegration.api`, `services.kpis-api`
    fn other(&self, id: &str) -> Option<Vec<End<'a>>> {
        let (slot, name) = id.split_once('.')?;
        if let Some(instance) = self.entries.get(&(slot, name)) {
            let ends: Vec<End> = instance.services.keys().flat_map(|id| self.services(instance, id)).collect();
            return (!ends.is_empty()).then_some(ends);
        }
        if let Some(instance) = provider(self.instances, slot) {
            return self.export(instance, name);
        }
        // What a component makes use of may be absent; its flows are then absent too.
        self.is_absent(id).then(Vec::new)
    }

    /// Whether an id is one of a capability that is made use of, and that nobody provides.
    pub fn is_absent(&self, id: &str) -> bool {
        let slot = id.split_once('.').map(|(slot, _)| slot);
        slot.is_some_and(|slot| self.used.contains(slot) && provider(self.instances, slot).is_none())
    }

    /// What an export stands for; none if there is no such export, empty if what it names is not there.
    pub fn export(&self, instance: &'a Instance<'a>, name: &str) -> Option<Vec<End<'a>>> {
        if let Some(id) = instance.exports.services.get(name) {
            return Some(self.services(instance, id));
        }
        let ids = instance.exports.workloads.get(name)?.texts();
        Some(ids.iter().filter_map(|id| self.own(instance, id)).flatten().collect())
    }

    fn places(&self, instance: &'a Instance<'a>, key: &str, entry: &'a Entry<Workload>) -> Vec<Pods<'a>> {
        let namespaces = self.plan.namespaces_of(instance, &entry.is);
        let name = instance.name_of(key, &entry.is);
        let pods = |namespace| Pods { namespace, name: name.clone(), workload: &entry.is, origin: &entry.origin };
        namespaces.into_iter().map(pods).collect()
    }
}

const FIXED: [&str; 3] = ["internet", "kubernetes-api", "nodes"];

fn fixed<'a>(id: &str) -> Option<Vec<End<'a>>> {
    match id {
        "internet" => Some(vec![End::Internet]),
        "kubernetes-api" => Some(vec![End::ApiServer]),
        "nodes" => Some(vec![End::Nodes]),
        _ => None,
    }
}

/// The pod ports behind a Service.
pub fn pod_ports(service: &Service, workload: &Workload) -> Vec<Port> {
    let targets = service.ports.values().filter_map(|port| workload.ports.get(&port.target));
    targets.map(|port| Port { number: port.port, protocol: port.protocol }).collect()
}

/// `jobPod` as Kubernetes would write it: `job-pod`.
pub fn kebab(id: &str) -> String {
    let mut out = String::new();
    for c in id.chars() {
        if c.is_ascii_uppercase() && !out.is_empty() {
            out.push('-');
        }
        out.push(if c == '.' { '-' } else { c.to_ascii_lowercase() });
    }
    out
}

impl Pods<'_> {
    /// As a NetworkPolicy peer, seen from `namespace`.
    pub fn peer(&self, namespace: &str) -> Json {
        let pods = self.workload.pod_selector();
        if self.namespace == namespace {
            return json!({ "podSelector": pods });
        }
        json!({ "namespaceSelector": { "matchLabels": { "kubernetes.io/metadata.name": self.namespace } }, "podSelector": pods })
    }
}
