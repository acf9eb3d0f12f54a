//! Pods, grouped by what policies can tell apart.
//!
//! Two workloads are in one class where no selector and no port name of any policy tells them apart: same namespace, same
//! labels of those asked for, same ports of the names asked for. What holds of a class holds of each of its workloads.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::{IndexMap, IndexSet};

use super::policy::{Direction, Peer, Peers, Policy};
use crate::link::symbols::{Labels, Listens, NAMESPACE_NAME, Selector, Workload};

/// A set of classes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClassSet {
    words: Vec<u64>,
}

/// Every class, and who is in it.
#[derive(Debug, Default)]
pub struct Classes {
    pub classes: Vec<Class>,
    namespaces: Directory,
    pods: Directory,
    /// Classes by namespace.
    inside: Vec<Vec<usize>>,
}

/// Workloads that no policy tells apart.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Class {
    namespace: usize,
    labels: Labels,
    pub ports: Vec<Listens>,
}

/// Things that carry labels.
#[derive(Debug, Default)]
struct Directory {
    labels: Vec<Labels>,
    by_label: IndexMap<String, IndexMap<String, Vec<usize>>>,
}

/// What policies ask pods for.
#[derive(Debug, Default)]
struct Asked<'p> {
    labels: BTreeSet<&'p str>,
    names: BTreeSet<&'p str>,
}

impl Classes {
    /// Sorts workloads into classes; answers the class of each, none for those on the network of their node.
    pub fn of(
        workloads: &[&Workload],
        policies: &[Policy],
        labels: &BTreeMap<String, Labels>,
    ) -> (Self, Vec<Option<usize>>) {
        let asked = Asked::by(policies);
        let mut namespaces: IndexSet<&str> = IndexSet::new();
        let mut classes: IndexSet<Class> = IndexSet::new();
        let mut class_of = vec![];
        for workload in workloads {
            let (namespace, _) = namespaces.insert_full(super::namespace_of(&workload.namespace));
            let class = (!workload.on_host_network).then(|| classes.insert_full(asked.class(workload, namespace)).0);
            class_of.push(class);
        }
        (Self::new(classes.into_iter().collect(), &namespaces, labels), class_of)
    }

    fn new(classes: Vec<Class>, namespaces: &IndexSet<&str>, labels: &BTreeMap<String, Labels>) -> Self {
        let mut inside = vec![vec![]; namespaces.len()];
        for (index, class) in classes.iter().enumerate() {
            inside.get_mut(class.namespace).into_iter().for_each(|classes: &mut Vec<usize>| classes.push(index));
        }
        Self {
            namespaces: Directory::of(namespaces.iter().map(|name| labels_of(name, labels)).collect()),
            pods: Directory::of(classes.iter().map(|class| class.labels.clone()).collect()),
            classes,
            inside,
        }
    }

    /// The classes that a selector selects in these namespaces.
    pub fn selected(&self, namespaces: &[usize], pods: &Selector) -> ClassSet {
        let all = || namespaces.iter().filter_map(|namespace| self.inside.get(*namespace)).flatten();
        let mut found = ClassSet::default();
        let mut consider = |index: &usize| {
            let Some(class) = self.classes.get(*index) else { return };
            if namespaces.binary_search(&class.namespace).is_ok() && pods.matches(&class.labels) {
                found.insert(*index);
            }
        };
        match self.pods.candidates(pods) {
            Some(few) if few.len() <= all().count() => few.iter().for_each(&mut consider),
            _ => all().for_each(&mut consider),
        }
        found
    }

    /// The namespaces that a selector selects, in order.
    pub fn namespaces(&self, selector: &Selector) -> Vec<usize> {
        self.namespaces.selected(selector)
    }

    /// The namespace with this name, if a pod stands in it.
    pub fn namespace(&self, name: &str) -> Vec<usize> {
        self.namespaces(&Selector::label(NAMESPACE_NAME, name))
    }

    /// Whether a peer of a policy in `home` is this class.
    pub fn is(&self, class: usize, peer: &Peer, home: &str) -> bool {
        let Some(class) = self.classes.get(class) else { return false };
        let Some(labels) = self.namespaces.labels.get(class.namespace) else { return false };
        let stands_there = match &peer.namespaces {
            Some(namespaces) => namespaces.matches(labels),
            None => labels.get(NAMESPACE_NAME).is_some_and(|name| name == home),
        };
        stands_there && peer.pods.matches(&class.labels)
    }

    /// The named ports of a class.
    pub fn listens(&self, class: usize) -> &[Listens] {
        self.classes.get(class).map(|class| class.ports.as_slice()).unwrap_or_default()
    }

    /// The named ports that addresses may reach: those of the class, where it is the end that is reached.
    pub fn reached(&self, direction: Direction, class: usize) -> &[Listens] {
        match direction {
            Direction::Ingress => self.listens(class),
            Direction::Egress => &[],
        }
    }

    pub fn all(&self) -> ClassSet {
        (0..self.classes.len()).collect()
    }
}

/// The API server puts the name of a namespace on it, whoever made it.
fn labels_of(name: &str, labels: &BTreeMap<String, Labels>) -> Labels {
    let mut labels = labels.get(name).cloned().unwrap_or_default();
    labels.insert(NAMESPACE_NAME.to_owned(), name.to_owned());
    labels
}

impl<'p> Asked<'p> {
    fn by(policies: &'p [Policy]) -> Self {
        let mut asked = Self::default();
        for policy in policies {
            asked.labels.extend(policy.pods.keys());
            for rule in policy.all_rules() {
                asked.names.extend(rule.ports.names.iter().map(|(_, name)| name.as_str()));
                let Peers::Pods(peers) = &rule.peers else { continue };
                asked.labels.extend(peers.iter().flat_map(|peer| peer.pods.keys()));
            }
        }
        asked
    }

    fn class(&self, workload: &Workload, namespace: usize) -> Class {
        let labels = workload.labels.iter().filter(|(key, _)| self.labels.contains(key.as_str()));
        let named = |port: &&Listens| port.name.as_deref().is_some_and(|name| self.names.contains(name));
        let mut ports: Vec<Listens> = workload.ports.iter().filter(named).cloned().collect();
        ports.sort_unstable();
        ports.dedup();
        Class { namespace, labels: labels.map(|(key, value)| (key.clone(), value.clone())).collect(), ports }
    }
}

impl Directory {
    fn of(labels: Vec<Labels>) -> Self {
        let mut by_label: IndexMap<String, IndexMap<String, Vec<usize>>> = IndexMap::new();
        for (index, labels) in labels.iter().enumerate() {
            for (key, value) in labels {
                by_label.entry(key.clone()).or_default().entry(value.clone()).or_default().push(index);
            }
        }
        Self { labels, by_label }
    }

    /// The fewest that a label of the selector leaves; none where it asks for no label in particular.
    fn candidates(&self, selector: &Selector) -> Option<&[usize]> {
        let with = |(key, value): (&str, &str)| self.by_label.get(key).and_then(|values| values.get(value));
        let found = selector.labels().map(|label| with(label).map(Vec::as_slice).unwrap_or_default());
        found.min_by_key(|found| found.len())
    }

    fn selected(&self, selector: &Selector) -> Vec<usize> {
        let matches = |index: &usize| self.labels.get(*index).is_some_and(|labels| selector.matches(labels));
        match self.candidates(selector) {
            Some(candidates) => candidates.iter().copied().filter(matches).collect(),
            None => (0..self.labels.len()).filter(matches).collect(),
        }
    }
}

impl ClassSet {
    pub fn insert(&mut self, index: usize) {
        let word = index / 64;
        if self.words.len() <= word {
            self.words.resize(word + 1, 0);
        }
        self.words.get_mut(word).into_iter().for_each(|word| *word |= 1 << (index % 64));
    }

    pub fn contains(&self, index: usize) -> bool {
        self.words.get(index / 64).is_some_and(|word| word & (1 << (index % 64)) != 0)
    }

    pub fn add(&mut self, other: &Self) {
        self.words.resize(self.words.len().max(other.words.len()), 0);
        self.words.iter_mut().zip(&other.words).for_each(|(word, other)| *word |= other);
    }

    /// What is in either.
    pub fn joined(mut self, other: &Self) -> Self {
        self.add(other);
        self
    }

    pub fn intersection(&self, other: &Self) -> Self {
        Self { words: self.words.iter().zip(&other.words).map(|(word, other)| word & other).collect() }
    }

    pub fn iter(&self) -> impl Iterator<Item = usize> {
        self.words.iter().enumerate().flat_map(|(at, word)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                let bit = (left != 0).then(|| left.trailing_zeros() as usize)?;
                left &= left - 1;
                Some(at * 64 + bit)
            })
        })
    }
}

impl FromIterator<usize> for ClassSet {
    fn from_iter<I: IntoIterator<Item = usize>>(indices: I) -> Self {
        let mut set = Self::default();
        indices.into_iter().for_each(|index| set.insert(index));
        set
    }
}
