//! NetworkPolicies as the API reads them (Kubernetes API reference, "NetworkPolicy v1 networking.k8s.io").

use super::addresses::AddressSet;
use super::ports::{PortSet, Ports};
use crate::component::interface::Protocol;
use crate::link::symbols::{Selector, Target};
use crate::source::{Node, Value};
use crate::validate::Object;

/// Which way a connection crosses the border of a pod.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    Ingress,
    Egress,
}

/// One NetworkPolicy.
#[derive(Debug, Clone)]
pub struct Policy<'a> {
    pub object: &'a Object<'a>,
    pub namespace: &'a str,
    /// The pods of its namespace that it is about.
    pub pods: Selector,
    ingress: Option<Vec<Rule<'a>>>,
    egress: Option<Vec<Rule<'a>>>,
}

/// What one entry of `ingress` or `egress` lets through: these peers, on these ports.
#[derive(Debug, Clone)]
pub struct Rule<'a> {
    pub node: &'a Node,
    pub peers: Peers,
    /// Of its ipBlocks; every address where it is open to everyone.
    pub addresses: AddressSet,
    pub ports: Ports,
}

/// The pods on the other side of a rule.
#[derive(Debug, Clone)]
pub enum Peers {
    /// "If this field is empty or missing, this rule matches all sources" (`from`), or "all destinations" (`to`).
    Everyone,
    Pods(Vec<Peer>),
}

impl Peers {
    /// Those that are asked for by their labels.
    pub fn pods(&self) -> &[Peer] {
        match self {
            Self::Everyone => &[],
            Self::Pods(peers) => peers,
        }
    }
}

/// Pods by their namespace and their labels.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Peer {
    /// None: the policy's own namespace. Empty: every namespace.
    pub namespaces: Option<Selector>,
    /// Empty: every pod in them.
    pub pods: Selector,
}

impl Direction {
    pub const BOTH: [Self; 2] = [Self::Ingress, Self::Egress];

    /// The end whose policies are meant and the other one, from source and target; or these from those.
    pub fn ends<T>(self, one: T, other: T) -> (T, T) {
        match self {
            Self::Ingress => (other, one),
            Self::Egress => (one, other),
        }
    }

    /// That of the other end.
    pub fn opposite(self) -> Self {
        match self {
            Self::Ingress => Self::Egress,
            Self::Egress => Self::Ingress,
        }
    }

    /// The key of its rules in a policy.
    pub fn key(self) -> &'static str {
        match self {
            Self::Ingress => "ingress",
            Self::Egress => "egress",
        }
    }

    /// The key of the peers in one of its rules.
    pub fn peers(self) -> &'static str {
        match self {
            Self::Ingress => "from",
            Self::Egress => "to",
        }
    }

    /// How `policyTypes` says it.
    fn kind(self) -> &'static str {
        match self {
            Self::Ingress => "Ingress",
            Self::Egress => "Egress",
        }
    }
}

impl<'a> Policy<'a> {
    /// None where the object is no NetworkPolicy.
    pub fn of(object: &'a Object<'a>) -> Option<Self> {
        if !object.is("NetworkPolicy.networking.k8s.io") {
            return None;
        }
        let spec = object.node.get("spec")?;
        let rules = |direction| restricts(spec, direction).then(|| rules(spec, direction));
        Some(Self {
            object,
            namespace: super::namespace_of(object.namespace_name()),
            pods: spec.get("podSelector").map(Selector::of).unwrap_or_default(),
            ingress: rules(Direction::Ingress),
            egress: rules(Direction::Egress),
        })
    }

    /// Its rules in a direction; none where it leaves that direction alone.
    pub fn rules(&self, direction: Direction) -> Option<&[Rule<'a>]> {
        match direction {
            Direction::Ingress => self.ingress.as_deref(),
            Direction::Egress => self.egress.as_deref(),
        }
    }

    /// Those of both directions.
    pub fn all_rules(&self) -> impl Iterator<Item = &Rule<'a>> {
        self.ingress.iter().chain(&self.egress).flatten()
    }
}

/// "If this field is not specified, it will default based on the existence of ingress or egress rules; policies that
/// contain an egress section are assumed to affect egress, and all policies (whether or not they contain an ingress
/// section) are assumed to affect ingress" (`policyTypes`; an empty egress section is none to the API server's defaults).
fn restricts(spec: &Node, direction: Direction) -> bool {
    match list(spec, "policyTypes") {
        [] => direction == Direction::Ingress || !list(spec, direction.key()).is_empty(),
        types => types.iter().any(|kind| kind.as_str() == Some(direction.kind())),
    }
}

fn rules<'a>(spec: &'a Node, direction: Direction) -> Vec<Rule<'a>> {
    list(spec, direction.key()).iter().map(|node| Rule::of(node, direction)).collect()
}

/// A list that is absent, null or empty is the same to the API server.
fn list<'a>(node: &'a Node, key: &str) -> &'a [Node] {
    node.get(key).and_then(Node::as_list).unwrap_or_default()
}

impl<'a> Rule<'a> {
    fn of(node: &'a Node, direction: Direction) -> Self {
        let peers = list(node, direction.peers());
        let (peers, addresses) = match peers {
            [] => (Peers::Everyone, AddressSet::any()),
            peers => (Peers::Pods(peers.iter().filter_map(Peer::of).collect()), blocks(peers)),
        };
        Self { node, peers, addresses, ports: ports(list(node, "ports")) }
    }
}

impl Peer {
    /// None where it is an ipBlock: an address range is never a pod, since "pod IPs are ephemeral and unpredictable"
    /// (Kubernetes docs, "Network Policies"). Both selectors: "the Pods matching PodSelector in the Namespaces selected by
    /// NamespaceSelector".
    pub fn of(node: &Node) -> Option<Self> {
        let selector = |key: &str| node.get(key).filter(|node| !node.is_null()).map(Selector::of);
        let (namespaces, pods) = (selector("namespaceSelector"), selector("podSelector"));
        let is_selector = namespaces.is_some() || pods.is_some();
        (is_selector && node.get("ipBlock").is_none_or(Node::is_null))
            .then(|| Self { namespaces, pods: pods.unwrap_or_default() })
    }
}

/// The addresses of all ipBlocks: each is its `cidr` without its `except`.
fn blocks(peers: &[Node]) -> AddressSet {
    let blocks = peers.iter().filter_map(|peer| {
        let block = peer.get("ipBlock")?;
        let except = list(block, "except").iter().filter_map(Node::as_str);
        Some(AddressSet::cidr(block.get("cidr")?.as_str()?)?.minus(&AddressSet::cidrs(except)))
    });
    let blocks: Vec<AddressSet> = blocks.collect();
    AddressSet::all(blocks.iter().flat_map(AddressSet::iter))
}

/// "If this field is empty or missing, this rule matches all ports" (`ports`).
fn ports(entries: &[Node]) -> Ports {
    if entries.is_empty() {
        return Ports::every();
    }
    let mut ports = Ports::default();
    let mut numbers = vec![];
    for entry in entries {
        let protocol = protocol(entry);
        match entry.get("port").filter(|port| !port.is_null()).map(Target::of) {
            None => numbers.push(PortSet::every_of(protocol)),
            Some(Some(Target::Number(first))) => numbers.push(PortSet::range(protocol, first, last(entry, first))),
            Some(Some(Target::Name(name))) => ports.names.push((protocol, name)),
            Some(None) => {}
        }
    }
    ports.numbers = PortSet::all(numbers.iter().flat_map(PortSet::iter));
    ports.names.sort_unstable();
    ports.names.dedup();
    ports
}

/// "If set, indicates that the range of ports from port to endPort, inclusive, should be allowed" (`endPort`).
fn last(entry: &Node, first: u16) -> u16 {
    match entry.get("endPort").map(|node| &node.value) {
        Some(Value::Integer(last)) => u16::try_from(*last).unwrap_or(first),
        _ => first,
    }
}

/// "If not specified, this field defaults to TCP" (`protocol`).
fn protocol(entry: &Node) -> Protocol {
    match entry.get("protocol").and_then(Node::as_str) {
        Some("UDP") => Protocol::Udp,
        Some("SCTP") => Protocol::Sctp,
        _ => Protocol::Tcp,
    }
}
