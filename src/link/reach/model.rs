//! Who can reach whom, from NetworkPolicies alone (Kubernetes docs, "Network Policies").
//!
//! "By default, a pod is non-isolated" in each direction; a policy that selects it in a direction isolates it there, and
//! then "the only allowed connections" are those of the policies that select it, which "are additive". "For a connection
//! from a source pod to a destination pod to be allowed, both the egress policy on the source pod and the ingress policy on
//! the destination pod need to allow the connection."
//!
//! Pods on the network of their node are nodes: "NetworkPolicy behaviour for hostNetwork pods is undefined", and where
//! they cannot be told apart from their node, "they are ignored when matching podSelector and namespaceSelector". Two pods
//! of one workload are two pods; that "a Pod cannot block access to itself" is not considered.

use std::collections::BTreeMap;

use super::addresses::{AddressSet, Opened};
use super::gates::{Gate, Gates};
use super::pods::{ClassSet, Classes};
use super::policy::{Direction, Peers, Policy, Rule};
use super::ports::PortSet;
use crate::link::symbols::{Labels, Workload};
use crate::validate::Object;

/// All pods and all policies. Workloads are told by their index.
pub struct Model<'a> {
    pub workloads: Vec<&'a Workload<'a>>,
    pub policies: Vec<Policy<'a>>,
    classes: Classes,
    class_of: Vec<Option<usize>>,
    members: Vec<Vec<usize>>,
    gates: Vec<Gate>,
    ingress: Vec<Option<usize>>,
    egress: Vec<Option<usize>>,
}

/// A rule that lets something through, and the ports that it opens to it.
pub type Passage<'m, 'a> = (&'m Policy<'a>, &'m Rule<'a>, PortSet);

impl<'a> Model<'a> {
    /// Of all policies among `objects`. A namespace without labels in `namespaces` has its name alone.
    pub fn new(
        objects: &'a [Object<'a>],
        workloads: Vec<&'a Workload<'a>>,
        namespaces: &BTreeMap<String, Labels>,
    ) -> Self {
        let policies: Vec<Policy> = objects.iter().filter_map(Policy::of).collect();
        let (classes, class_of) = Classes::of(&workloads, &policies, namespaces);
        let mut members = vec![vec![]; classes.classes.len()];
        for (workload, class) in class_of.iter().enumerate() {
            let members = class.and_then(|class| members.get_mut(class));
            members.into_iter().for_each(|members: &mut Vec<usize>| members.push(workload));
        }
        let (gates, [ingress, egress]) = Gates::of(&policies, &classes);
        Self { workloads, policies, classes, class_of, members, gates, ingress, egress }
    }

    /// Whether policies govern the pods of a workload at all: those on the network of their node they do not.
    pub fn is_governed(&self, workload: usize) -> bool {
        self.class(workload).is_some()
    }

    /// Whether a policy closes a direction of a workload.
    pub fn is_restricted(&self, direction: Direction, workload: usize) -> bool {
        self.class(workload).is_some_and(|class| self.gate(direction, class).is_some())
    }

    /// The ports of `to` that `from` can reach; none where a node's network is one of the ends.
    pub fn open(&self, from: usize, to: usize) -> Option<PortSet> {
        Some(self.between(self.class(from)?, self.class(to)?))
    }

    /// What is open at addresses; none where nothing closes the direction.
    pub fn addresses(&self, direction: Direction, workload: usize) -> Option<&Opened> {
        self.gate(direction, self.class(workload)?).map(|gate| &gate.addresses)
    }

    /// The policies that close a direction of a workload.
    pub fn closing(&self, direction: Direction, workload: usize) -> Vec<&Policy<'a>> {
        let gate = self.class(workload).and_then(|class| self.gate(direction, class));
        let policies = gate.into_iter().flat_map(|gate| &gate.policies);
        policies.filter_map(|policy| self.policies.get(*policy)).collect()
    }

    /// Every open pair of workloads of which at least one is restricted, with the ports.
    pub fn connections(&self) -> impl Iterator<Item = (usize, usize, PortSet)> {
        let into = self.let_in_by_source();
        let (restricted, open) = self.by_ingress();
        let pairs = (0..self.members.len()).flat_map(move |from| {
            let let_in = into.get(from).cloned().unwrap_or_default();
            let to = match self.gate(Direction::Egress, from) {
                Some(gate) => gate.peers.intersection(&let_in).joined(&gate.peers.intersection(&open)),
                None => let_in.intersection(&restricted),
            };
            to.iter().map(|to| (from, to)).collect::<Vec<_>>()
        });
        let open = pairs.map(|(from, to)| (from, to, self.between(from, to)));
        open.filter(|(_, _, ports)| !ports.is_empty()).flat_map(|(from, to, ports)| self.spread(from, to, ports))
    }

    /// What the policies of one end let through, whatever those of the other say: each pair with its ports.
    pub fn let_through(&self, direction: Direction) -> impl Iterator<Item = (usize, usize, PortSet)> {
        let gates = (0..self.members.len()).filter_map(move |own| Some((own, self.gate(direction, own)?)));
        let pairs = gates.flat_map(move |(own, gate)| {
            gate.peers.iter().map(move |peer| {
                let (from, to) = direction.ends(own, peer);
                (from, to, gate.through(peer, self.classes.listens(to)))
            })
        });
        pairs.filter(|(_, _, ports)| !ports.is_empty()).flat_map(|(from, to, ports)| self.spread(from, to, ports))
    }

    /// The rules that let a pair through at one end, each with the ports.
    pub fn passages(&self, direction: Direction, from: usize, to: usize) -> Vec<Passage<'_, 'a>> {
        let (Some(from), Some(to)) = (self.class(from), self.class(to)) else { return vec![] };
        let (own, peer) = direction.ends(from, to);
        let open = |rule: &Rule| PortSet::all(rule.ports.on(self.classes.listens(to)));
        self.rules(direction, own, |policy, rule| {
            let is_peer = match &rule.peers {
                Peers::Everyone => true,
                Peers::Pods(peers) => peers.iter().any(|other| self.classes.is(peer, other, policy.namespace)),
            };
            is_peer.then(|| open(rule))
        })
    }

    /// The rules that open any of these addresses to a workload, each with the ports.
    pub fn passages_at(&self, direction: Direction, own: usize, addresses: &AddressSet) -> Vec<Passage<'_, 'a>> {
        let Some(own) = self.class(own) else { return vec![] };
        let listens = self.classes.reached(direction, own);
        self.rules(direction, own, |_, rule| {
            (!rule.addresses.intersection(addresses).is_empty()).then(|| PortSet::all(rule.ports.on(listens)))
        })
    }

    fn rules(
        &self,
        direction: Direction,
        class: usize,
        open: impl Fn(&Policy<'a>, &Rule<'a>) -> Option<PortSet>,
    ) -> Vec<Passage<'_, 'a>> {
        let policies = self.gate(direction, class).into_iter().flat_map(|gate| &gate.policies);
        let policies = policies.filter_map(|policy| self.policies.get(*policy));
        let rules =
            policies.flat_map(|policy| policy.rules(direction).into_iter().flatten().map(move |rule| (policy, rule)));
        rules.filter_map(|(policy, rule)| Some((policy, rule, open(policy, rule)?))).collect()
    }

    pub(super) fn class(&self, workload: usize) -> Option<usize> {
        self.class_of.get(workload).copied().flatten()
    }

    fn gate(&self, direction: Direction, class: usize) -> Option<&Gate> {
        let gates = match direction {
            Direction::Ingress => &self.ingress,
            Direction::Egress => &self.egress,
        };
        gates.get(class).copied().flatten().and_then(|gate| self.gates.get(gate))
    }

    /// Both ends must allow the connection.
    fn between(&self, from: usize, to: usize) -> PortSet {
        let listens = self.classes.listens(to);
        let out = self.gate(Direction::Egress, from).map(|gate| gate.through(to, listens));
        let into = self.gate(Direction::Ingress, to).map(|gate| gate.through(from, listens));
        match (out, into) {
            (Some(out), Some(into)) => out.intersection(&into),
            (Some(open), None) | (None, Some(open)) => open,
            (None, None) => PortSet::every(),
        }
    }

    /// For each class the restricted ones that let it in on some port.
    fn let_in_by_source(&self) -> Vec<ClassSet> {
        let mut into = vec![ClassSet::default(); self.members.len()];
        for to in 0..self.members.len() {
            let sources = self.gate(Direction::Ingress, to).into_iter().flat_map(|gate| gate.peers.iter());
            for from in sources {
                into.get_mut(from).into_iter().for_each(|set| set.insert(to));
            }
        }
        into
    }

    /// The classes with a policy for what comes in, and those without.
    fn by_ingress(&self) -> (ClassSet, ClassSet) {
        let (restricted, open): (Vec<usize>, Vec<usize>) =
            (0..self.members.len()).partition(|class| self.gate(Direction::Ingress, *class).is_some());
        (restricted.into_iter().collect(), open.into_iter().collect())
    }

    /// From classes to their workloads.
    fn spread(&self, from: usize, to: usize, ports: PortSet) -> impl Iterator<Item = (usize, usize, PortSet)> {
        let members = |class: usize| self.members.get(class).map(Vec::as_slice).unwrap_or_default();
        let pairs = members(from).iter().flat_map(move |from| members(to).iter().map(|to| (*from, *to)));
        pairs.map(move |(from, to)| (from, to, ports.clone()))
    }
}
