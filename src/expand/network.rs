//! NetworkPolicies: in isolated namespaces one per workload, both directions in it, beside the default deny.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde_json::{Value as Json, json};

use super::ends::{End, Pods, Port};
use super::plan::Origin;
use super::ranges::Ranges;
use crate::component::interface::Protocol;
use crate::diagnostic::{Code, Diagnostic, Sink};

/// One allowed connection, its ends known.
#[derive(Debug, Clone)]
pub struct Connection<'a> {
    pub from: End<'a>,
    pub to: End<'a>,
    /// On the pods that are reached; empty: every port.
    pub ports: Vec<Port>,
    /// Why it is open, for the comment beside the rule.
    pub why: String,
    /// Who asked for it.
    pub origin: Origin,
}

/// Policies by namespace and workload.
#[derive(Debug, Default)]
pub struct Policies {
    by_workload: BTreeMap<(String, String), Policy>,
}

#[derive(Debug, Clone)]
pub struct Policy {
    pub selector: Json,
    pub ingress: Rules,
    pub egress: Rules,
    pub origin: Origin,
}

/// Peers by the ports they may use.
pub type Rules = IndexMap<Vec<Port>, Rule>;

/// Peers that share their ports, each group with why it is open.
#[derive(Debug, Clone, Default)]
pub struct Rule {
    /// By the peers as text: a hub has one for each of its callers.
    groups: IndexMap<String, Group>,
}

#[derive(Debug, Clone)]
struct Group {
    peers: Vec<Json>,
    why: Vec<String>,
}

impl Policies {
    /// A policy for pods in an isolated namespace, with nothing open but DNS.
    pub fn cover(&mut self, pods: &Pods, ranges: &Ranges, sink: &mut Sink) {
        let key = (pods.namespace.clone(), pods.name.clone());
        if let Some(other) = self.by_workload.get(&key) {
            sink.push(name_taken(pods, &other.origin));
            return;
        }
        let mut egress = Rules::new();
        open(&mut egress, dns_ports(ranges), ranges.dns_peers(), "DNS");
        let (selector, origin) = (pods.workload.pod_selector(), pods.origin.clone());
        self.by_workload.insert(key, Policy { selector, ingress: Rules::new(), egress, origin });
    }

    /// Opens a connection at each end that is covered.
    pub fn connect(&mut self, connection: &Connection, ranges: &Ranges) {
        let Connection { from, to, ports, why, .. } = connection;
        if let Some(policy) = self.of(from) {
            let namespace = pods_of(from).map_or("", |pods| &pods.namespace);
            open(
                &mut policy.egress,
                ports.clone(),
                ranges.peers(to, namespace),
                &format!("{} ({why})", ranges.name(to)),
            );
        }
        if let Some(policy) = self.of(to) {
            let namespace = pods_of(to).map_or("", |pods| &pods.namespace);
            open(
                &mut policy.ingress,
                ports.clone(),
                ranges.peers(from, namespace),
                &format!("{} ({why})", ranges.name(from)),
            );
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = (&(String, String), &Policy)> {
        self.by_workload.iter()
    }

    fn of(&mut self, end: &End) -> Option<&mut Policy> {
        let pods = pods_of(end)?;
        self.by_workload.get_mut(&(pods.namespace.clone(), pods.name.clone()))
    }
}

pub fn pods_of<'e, 'a>(end: &'e End<'a>) -> Option<&'e Pods<'a>> {
    match end {
        End::Pods(pods) | End::Service(pods, _) => Some(pods),
        _ => None,
    }
}

fn open(rules: &mut Rules, ports: Vec<Port>, peers: Vec<Json>, why: &str) {
    let rule = rules.entry(ports).or_default();
    let key = peers.iter().map(Json::to_string).collect();
    let group = rule.groups.entry(key).or_insert_with(|| Group { peers, why: vec![] });
    if !group.why.iter().any(|known| known == why) {
        group.why.push(why.to_owned());
    }
}

fn name_taken(pods: &Pods, other: &Origin) -> Diagnostic {
    let message = format!("two workloads in `{}` are called `{}`", pods.namespace, pods.name);
    let used = |origin: &Origin| origin.asked.last().copied();
    let places = [(used(pods.origin), "one of them"), (used(other), "the other one")];
    let places = places.into_iter().filter_map(|(span, text)| Some((span?, text)));
    places.fold(Diagnostic::new(Code::NameTaken, message), |fault, (span, text)| fault.at(span, text))
}

fn dns_ports(ranges: &Ranges) -> Vec<Port> {
    let number = ranges.cluster.dns.port;
    [Protocol::Udp, Protocol::Tcp].map(|protocol| Port { number, protocol }).to_vec()
}

/// Rules as the template takes them.
pub fn rules_json(rules: &Rules) -> Json {
    let group = |group: &Group| json!({ "why": group.why.join(" and "), "peers": group.peers });
    let port = |port: &Port| json!({ "protocol": port.protocol.as_str(), "port": port.number });
    let rule = |(ports, rule): (&Vec<Port>, &Rule)| {
        let groups: Vec<Json> = rule.groups.values().map(group).collect();
        let ports: Vec<Json> = ports.iter().map(port).collect();
        json!({ "groups": groups, "ports": ports })
    };
    rules.iter().map(rule).collect()
}
