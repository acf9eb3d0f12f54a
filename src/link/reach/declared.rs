//! What flows declare, in the words of the model: workloads, addresses, ports.
//!
//! Beside the plan's flows stands what is implied: every closed workload may look up names.

use indexmap::IndexMap;

use super::addresses::AddressSet;
use super::model::Model;
use super::namespace_of;
use super::policy::Direction;
use super::ports::{Port, PortSet};
use crate::component::interface::Protocol;
use crate::expand::{DeclaredFlow, FlowEnd, Origin, Plan};
use crate::link::symbols::{Labels, Listens, Made, Symbols, Workload};
use crate::resolve::input::Cluster;

/// Instance metadata and node-local services are not the internet (RFC 3927).
const LINK_LOCAL: &str = "169.254.0.0/16";

/// A connection that is meant to be.
#[derive(Debug)]
pub struct Declared<'p> {
    pub from: End,
    pub to: End,
    pub ports: PortSet,
    pub why: &'p str,
    /// None where it is implied: it may be open, and need not.
    pub origin: Option<&'p Origin>,
}

/// One end of it.
#[derive(Debug, Clone)]
pub enum End {
    /// Workloads of one name: where there are several, one of them is meant.
    Workloads(Vec<usize>),
    /// Addresses, and what people call them.
    Addresses(AddressSet, String),
}

/// The pods that answer for names, where no workload of ours does: they are the cluster's.
pub fn name_servers<'a>(symbols: &Symbols<'a>, cluster: &Cluster) -> Option<Workload<'a>> {
    let labels: Labels = cluster.dns.labels.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
    if symbols.workloads_in(&cluster.dns.namespace).any(|workload| carries(workload, &labels)) {
        return None;
    }
    // What CoreDNS and kube-dns call their ports.
    let port = |(name, protocol): (&str, _)| Listens { name: Some(name.into()), number: cluster.dns.port, protocol };
    Some(Workload {
        namespace: cluster.dns.namespace.clone(),
        kind: "Deployment".into(),
        name: "dns".into(),
        labels,
        ports: [("dns", Protocol::Udp), ("dns-tcp", Protocol::Tcp)].map(port).to_vec(),
        service_account: None,
        on_host_network: false,
        made: Made::External,
    })
}

/// The internet: every address but those of pods and Services, and link-local ones.
pub fn internet(cluster: &Cluster) -> AddressSet {
    let inside = cluster.pod_cidrs.iter().chain(&cluster.service_cidrs).map(String::as_str);
    AddressSet::any().minus(&AddressSet::cidrs(inside.chain([LINK_LOCAL])))
}

/// Everything that the plan declares, and what is implied.
pub fn declared<'p>(model: &Model, plan: &'p Plan<'p>) -> Vec<Declared<'p>> {
    let cluster = &plan.platform.input.cluster;
    let ends = Ends { model, plan, internet: internet(cluster), by_name: by_name(model) };
    let flows = plan.flows.iter().filter_map(|flow| ends.flow(flow));
    flows.chain(ends.names(cluster)).collect()
}

/// What flows name, and where it is found.
struct Ends<'m, 'p> {
    model: &'m Model<'m>,
    plan: &'p Plan<'p>,
    internet: AddressSet,
    by_name: IndexMap<(&'m str, &'m str), Vec<usize>>,
}

fn by_name<'m>(model: &Model<'m>) -> IndexMap<(&'m str, &'m str), Vec<usize>> {
    let mut by_name: IndexMap<(&str, &str), Vec<usize>> = IndexMap::new();
    for (index, workload) in model.workloads.iter().enumerate() {
        let key = (namespace_of(&workload.namespace), workload.name.as_str());
        by_name.entry(key).or_default().push(index);
    }
    by_name
}

fn carries(workload: &Workload, labels: &Labels) -> bool {
    labels.iter().all(|(key, value)| workload.labels.get(key) == Some(value))
}

impl<'p> Ends<'_, 'p> {
    /// None where nothing has the name of an end: what is wrong then is that, and not the flow.
    fn flow(&self, flow: &'p DeclaredFlow) -> Option<Declared<'p>> {
        let ports = match flow.ports.as_slice() {
            [] => PortSet::every(),
            ports => PortSet::all(ports.iter().map(|port| {
                let port = Port { protocol: port.protocol, number: port.number };
                (port, port)
            })),
        };
        let (from, to) = (self.end(&flow.from)?, self.end(&flow.to)?);
        Some(Declared { from, to, ports, why: &flow.why, origin: Some(&flow.origin) })
    }

    fn end(&self, end: &FlowEnd) -> Option<End> {
        Some(match end {
            FlowEnd::Pods { namespace, name } => self.pods(namespace, name)?,
            FlowEnd::Outside(cidrs) if cidrs.is_empty() => any("any address"),
            FlowEnd::Outside(cidrs) => {
                End::Addresses(AddressSet::cidrs(cidrs.iter().map(String::as_str)), cidrs.join(", "))
            }
            FlowEnd::Internet => End::Addresses(self.internet.clone(), "the internet".into()),
            FlowEnd::ApiServer => self.api_server(),
            FlowEnd::Nodes => any("the nodes"),
        })
    }

    fn api_server(&self) -> End {
        let cidrs = &self.plan.platform.input.cluster.api_server.cidrs;
        match cidrs.is_empty() {
            true => any("the API server"),
            false => End::Addresses(AddressSet::cidrs(cidrs.iter().map(String::as_str)), "the API server".into()),
        }
    }

    /// Pods on the network of their node have its address, which nobody knows.
    fn pods(&self, namespace: &str, name: &str) -> Option<End> {
        let found = match self.by_name.get(&(namespace, name)) {
            Some(found) => found.clone(),
            None => self.with_labels_of(namespace, name)?,
        };
        if found.iter().any(|workload| self.model.is_governed(*workload)) {
            return Some(End::Workloads(found));
        }
        Some(any(&format!("the nodes of `{namespace}/{name}`")))
    }

    /// Objects may be called otherwise than the interface says; their labels are what the policies know.
    fn with_labels_of(&self, namespace: &str, name: &str) -> Option<Vec<usize>> {
        let mut instances = self.plan.instances.iter();
        let workload = instances.find_map(|instance| {
            let mut workloads = instance.workloads.iter();
            workloads.find(|(id, entry)| {
                let is_there = || self.plan.namespaces_of(instance, &entry.is).iter().any(|other| other == namespace);
                instance.name_of(id, &entry.is) == name && is_there()
            })
        });
        let labels = &workload?.1.is.labels;
        let labels: Labels = labels.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
        let workloads = self.model.workloads.iter().enumerate();
        let found = workloads.filter(|(_, other)| other.namespace == namespace && carries(other, &labels));
        let found: Vec<usize> = found.map(|(index, _)| index).collect();
        (!found.is_empty()).then_some(found)
    }

    /// Every closed workload may look up names; that each can is judged by [`policies`](super::super::policies).
    fn names<'s>(&'s self, cluster: &'s Cluster) -> impl Iterator<Item = Declared<'p>> + 's {
        let labels: Labels = cluster.dns.labels.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
        let servers = self.model.workloads.iter().enumerate();
        let servers =
            servers.filter(move |(_, other)| other.namespace == cluster.dns.namespace && carries(other, &labels));
        let servers: Vec<usize> =
            servers.map(|(index, _)| index).filter(|index| self.model.is_governed(*index)).collect();
        let ports = [Protocol::Udp, Protocol::Tcp].map(|protocol| PortSet::one(protocol, cluster.dns.port));
        let ports = PortSet::all(ports.iter().flat_map(PortSet::iter));
        let closed = (0..self.model.workloads.len()).filter(|from| self.model.is_restricted(Direction::Egress, *from));
        let pairs = closed.flat_map(move |from| servers.clone().into_iter().map(move |to| (from, to)));
        pairs.map(move |(from, to)| Declared {
            from: End::Workloads(vec![from]),
            to: End::Workloads(vec![to]),
            ports: ports.clone(),
            why: "DNS",
            origin: None,
        })
    }
}

fn any(name: &str) -> End {
    End::Addresses(AddressSet::any(), name.to_owned())
}
