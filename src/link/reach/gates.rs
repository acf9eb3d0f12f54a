//! What policies let through, for all pods that the same policies select.

use indexmap::IndexMap;

use super::addresses::Opened;
use super::pods::{ClassSet, Classes};
use super::policy::{Direction, Peer, Peers, Policy, Rule};
use super::ports::{PortSet, Ports};
use crate::link::symbols::Listens;

/// What policies let through in one direction, for the pods that exactly these policies select.
#[derive(Debug)]
pub struct Gate {
    pub policies: Vec<usize>,
    /// Classes on the other side, by the ports that are open to them.
    groups: Vec<(Ports, ClassSet)>,
    /// All of them.
    pub peers: ClassSet,
    pub addresses: Opened,
}

impl Gate {
    /// The ports that are open to or from a class, on what the reached end listens on.
    pub fn through(&self, peer: usize, listens: &[Listens]) -> PortSet {
        if !self.peers.contains(peer) {
            return PortSet::default();
        }
        let groups = self.groups.iter().filter(|(_, peers)| peers.contains(peer));
        PortSet::all(groups.flat_map(|(ports, _)| ports.on(listens)))
    }
}

/// Makes the gates of all classes; those with the same policies share one.
pub struct Gates<'p, 'a> {
    policies: &'p [Policy<'a>],
    classes: &'p Classes,
    /// Each peer is looked up once; those without a namespaceSelector, once for each namespace.
    known: IndexMap<(Option<&'p str>, &'p Peer), ClassSet>,
    gates: IndexMap<Key<'p>, Gate>,
}

/// A direction, the policies that select there, and what the pods call the ports that addresses reach.
type Key<'p> = (Direction, Vec<usize>, &'p [Listens]);

impl<'p, 'a> Gates<'p, 'a> {
    pub fn of(policies: &'p [Policy<'a>], classes: &'p Classes) -> (Vec<Gate>, [Vec<Option<usize>>; 2]) {
        let mut gates = Self { policies, classes, known: IndexMap::new(), gates: IndexMap::new() };
        let by_direction = Direction::BOTH.map(|direction| {
            let selecting = gates.selecting(direction);
            let of_classes = selecting.into_iter().enumerate();
            of_classes
                .map(|(class, policies)| gates.gate(direction, policies, classes.reached(direction, class)))
                .collect()
        });
        (gates.gates.into_values().collect(), by_direction)
    }

    /// The policies that select each class in a direction.
    fn selecting(&self, direction: Direction) -> Vec<Vec<usize>> {
        let mut selecting = vec![vec![]; self.classes.classes.len()];
        let policies = self.policies.iter().enumerate().filter(|(_, policy)| policy.rules(direction).is_some());
        for (index, policy) in policies {
            for class in self.classes.selected(&self.classes.namespace(policy.namespace), &policy.pods).iter() {
                selecting.get_mut(class).into_iter().for_each(|policies: &mut Vec<usize>| policies.push(index));
            }
        }
        selecting
    }

    fn gate(&mut self, direction: Direction, policies: Vec<usize>, listens: &'p [Listens]) -> Option<usize> {
        if policies.is_empty() {
            return None;
        }
        let key = (direction, policies, listens);
        if let Some(known) = self.gates.get_index_of(&key) {
            return Some(known);
        }
        let gate = self.new_gate(&key);
        Some(self.gates.insert_full(key, gate).0)
    }

    fn new_gate(&mut self, (direction, policies, listens): &Key) -> Gate {
        let mut groups: IndexMap<&Ports, ClassSet> = IndexMap::new();
        let mut addresses = vec![];
        let all = self.policies;
        for policy in policies.iter().filter_map(|policy| all.get(*policy)) {
            for rule in policy.rules(*direction).unwrap_or_default() {
                self.add_peers(policy, rule, groups.entry(&rule.ports).or_default());
                addresses.push((&rule.addresses, PortSet::all(rule.ports.on(listens))));
            }
        }
        let mut peers = ClassSet::default();
        groups.values().for_each(|group| peers.add(group));
        let groups = groups.into_iter().map(|(ports, group)| (ports.clone(), group)).collect();
        let addresses = Opened::of(addresses.iter().map(|(addresses, ports)| (*addresses, ports)));
        Gate { policies: policies.clone(), groups, peers, addresses }
    }

    fn add_peers(&mut self, policy: &'p Policy<'a>, rule: &'p Rule<'a>, group: &mut ClassSet) {
        let Peers::Pods(peers) = &rule.peers else { return group.add(&self.classes.all()) };
        for peer in peers {
            let home = peer.namespaces.is_none().then_some(policy.namespace);
            let classes = self.classes;
            let known = self.known.entry((home, peer)).or_insert_with(|| {
                let namespaces = match &peer.namespaces {
                    Some(namespaces) => classes.namespaces(namespaces),
                    None => classes.namespace(policy.namespace),
                };
                classes.selected(&namespaces, &peer.pods)
            });
            group.add(known);
        }
    }
}
