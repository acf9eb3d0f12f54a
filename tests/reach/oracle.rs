//! Who can reach whom, by brute force: one question at a time, each sentence of the API reference a function.
//!
//! It shares nothing with the compiler, and reads the objects' JSON itself.

use std::net::IpAddr;

use serde_json::Value as Json;

use crate::cluster::Cluster;

/// One end of a connection.
#[derive(Clone, Copy)]
pub enum End<'c> {
    Pod(&'c Json),
    Address(&'c str),
}

/// A port as a packet has it.
pub type Port<'c> = (u16, &'c str);

/// The rules of one direction that concern a connection; none where no policy isolates the pod in it.
type Rules<'c> = Option<Vec<&'c Json>>;

/// "For a connection from a source pod to a destination pod to be allowed, both the egress policy on the source pod and the
/// ingress policy on the destination pod need to allow the connection."
pub struct Connection<'c> {
    to: End<'c>,
    egress: Rules<'c>,
    ingress: Rules<'c>,
}

impl<'c> Connection<'c> {
    pub fn new(cluster: &'c Cluster, from: End<'c>, to: End<'c>) -> Self {
        Self {
            to,
            egress: rules(cluster, from, to, "Egress", "egress", "to"),
            ingress: rules(cluster, to, from, "Ingress", "ingress", "from"),
        }
    }

    pub fn is_allowed(&self, port: Port) -> bool {
        [&self.egress, &self.ingress].into_iter().all(|rules| match rules {
            None => true,
            Some(rules) => rules.iter().any(|rule| opens(rule, self.to, port)),
        })
    }

    /// Whether a policy has a say at one of its ends.
    pub fn is_restricted(&self) -> bool {
        self.egress.is_some() || self.ingress.is_some()
    }
}

fn rules<'c>(cluster: &'c Cluster, own: End, other: End, kind: &str, section: &str, peers: &str) -> Rules<'c> {
    let End::Pod(own) = own else { return None };
    let isolating: Vec<&Json> =
        cluster.policies.iter().filter(|policy| isolates(policy, kind) && selects(policy, own)).collect();
    if isolating.is_empty() {
        return None;
    }
    let mut found = vec![];
    for policy in isolating {
        for rule in list(&policy["spec"][section]) {
            // "If this field is empty or missing, this rule matches all sources (traffic not restricted by source)."
            let all = list(&rule[peers]).is_empty();
            if all || list(&rule[peers]).iter().any(|peer| is_peer(cluster, policy, peer, other)) {
                found.push(rule);
            }
        }
    }
    Some(found)
}

/// "If policyTypes are not specified on a NetworkPolicy then by default Ingress will always be set and Egress will be set if
/// the NetworkPolicy has any egress rules."
fn isolates(policy: &Json, kind: &str) -> bool {
    let types = list(&policy["spec"]["policyTypes"]);
    if types.is_empty() {
        return kind == "Ingress" || !list(&policy["spec"]["egress"]).is_empty();
    }
    types.iter().any(|known| known == kind)
}

/// "An empty podSelector selects all pods in the namespace."
fn selects(policy: &Json, pod: &Json) -> bool {
    policy["metadata"]["namespace"] == pod["metadata"]["namespace"]
        && matches(&policy["spec"]["podSelector"], &pod["metadata"]["labels"])
}

fn is_peer(cluster: &Cluster, policy: &Json, peer: &Json, end: End) -> bool {
    match end {
        End::Address(address) => !peer["ipBlock"].is_null() && in_block(&peer["ipBlock"], address),
        End::Pod(pod) => peer["ipBlock"].is_null() && is_pod(cluster, policy, peer, pod),
    }
}

fn is_pod(cluster: &Cluster, policy: &Json, peer: &Json, pod: &Json) -> bool {
    let namespace = &pod["metadata"]["namespace"];
    // "Otherwise it selects the pods matching podSelector in the policy's own namespace."
    let is_there = match &peer["namespaceSelector"] {
        Json::Null => policy["metadata"]["namespace"] == *namespace,
        selector => matches(selector, &namespace_labels(cluster, namespace)),
    };
    // "Otherwise it selects all pods in the namespaces selected by namespaceSelector."
    is_there && matches(&peer["podSelector"], &pod["metadata"]["labels"])
}

/// "The Kubernetes control plane sets an immutable label kubernetes.io/metadata.name on all namespaces, the value of the label
/// is the namespace name."
fn namespace_labels(cluster: &Cluster, name: &Json) -> Json {
    let known = cluster.namespaces.iter().find(|namespace| namespace["metadata"]["name"] == *name);
    let mut labels = known.map_or(serde_json::json!({}), |namespace| namespace["metadata"]["labels"].clone());
    labels["kubernetes.io/metadata.name"] = name.clone();
    labels
}

/// "The result of matchLabels and matchExpressions are ANDed. An empty label selector matches all objects."
fn matches(selector: &Json, labels: &Json) -> bool {
    let pairs = selector["matchLabels"].as_object().into_iter().flatten();
    pairs.into_iter().all(|(key, value)| labels[key] == *value)
        && list(&selector["matchExpressions"]).iter().all(|expression| holds(expression, labels))
}

fn holds(expression: &Json, labels: &Json) -> bool {
    let value = &labels[expression["key"].as_str().unwrap()];
    let is_listed = list(&expression["values"]).contains(value);
    match expression["operator"].as_str().unwrap() {
        "In" => is_listed,
        "NotIn" => !is_listed,
        "Exists" => !value.is_null(),
        "DoesNotExist" => value.is_null(),
        other => panic!("{other}"),
    }
}

/// "except is a slice of CIDRs that should not be included within an IPBlock."
fn in_block(block: &Json, address: &str) -> bool {
    in_cidr(block["cidr"].as_str().unwrap(), address)
        && !list(&block["except"]).iter().any(|except| in_cidr(except.as_str().unwrap(), address))
}

/// Bit by bit, as far as the prefix goes.
fn in_cidr(cidr: &str, address: &str) -> bool {
    let (network, length) = cidr.split_once('/').unwrap();
    let (network, address) = (bytes(network), bytes(address));
    let bit = |bytes: &[u8], at: usize| bytes[at / 8] >> (7 - at % 8) & 1;
    network.len() == address.len() && (0..length.parse().unwrap()).all(|at| bit(&network, at) == bit(&address, at))
}

fn bytes(address: &str) -> Vec<u8> {
    match address.parse().unwrap() {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().to_vec(),
    }
}

/// "If this field is empty or missing, this rule matches all ports."
fn opens(rule: &Json, to: End, port: Port) -> bool {
    let ports = list(&rule["ports"]);
    ports.is_empty() || ports.iter().any(|entry| is_port(entry, to, port))
}

/// "protocol represents the protocol which traffic must match. If not specified, this field defaults to TCP." "port ... can
/// either be a numerical or named port on a pod. If this field is not provided, this matches all port names and numbers."
/// "endPort indicates that the range of ports from port to endPort if set, inclusive, should be allowed by the policy."
fn is_port(entry: &Json, to: End, (number, protocol): Port) -> bool {
    if protocol_of(entry) != protocol {
        return false;
    }
    match &entry["port"] {
        Json::Null => true,
        Json::String(name) => match to {
            End::Pod(pod) => list(&pod["spec"]["containers"][0]["ports"]).iter().any(|known| {
                known["name"] == **name && known["containerPort"] == number && protocol_of(known) == protocol
            }),
            End::Address(_) => false,
        },
        first => {
            let first = first.as_u64().unwrap();
            (first..=entry["endPort"].as_u64().unwrap_or(first)).contains(&u64::from(number))
        }
    }
}

fn protocol_of(entry: &Json) -> &str {
    entry["protocol"].as_str().unwrap_or("TCP")
}

fn list(json: &Json) -> &[Json] {
    json.as_array().map(Vec::as_slice).unwrap_or_default()
}
