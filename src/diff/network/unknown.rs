//! Pods that nobody shows: those that policies select or let through, and no manifest or chart of ours makes.
//!
//! They are taken for one workload that carries the labels that are asked for. Those that a policy lets through are there on both
//! sides, unless their namespace is new or gone; those that it is about are there where the policy is.

use std::collections::BTreeSet;

use super::Scene;
use crate::link::reach::{Direction, Policy};
use crate::link::symbols::{Labels, Made, NAMESPACE_NAME, Selector, Workload};

/// A namespace with its labels, and the labels of pods in it.
type Pods = (String, Labels, Labels, String);

pub fn add<'s>(before: &mut Scene<'s>, after: &mut Scene<'s>) {
    let peers: BTreeSet<Pods> = [&*before, &*after].into_iter().flat_map(peers).collect();
    for scene in [before, after] {
        let own = subjects(scene);
        for (namespace, labels, pods, name) in own.into_iter().chain(peers.iter().cloned()) {
            if !is_known(scene, &namespace, &pods) && !scene.only_there.contains(&namespace) {
                scene.namespaces.entry(namespace.clone()).or_insert(labels);
                scene.workloads.push(workload(namespace, name, pods));
            }
        }
    }
}

/// The pods that policies are about.
fn subjects(scene: &Scene) -> Vec<Pods> {
    let policies = scene.objects.iter().filter_map(Policy::of);
    let unknown = policies.filter(|policy| !policy.pods.is_empty() && !matches(scene, policy.namespace, &policy.pods));
    unknown
        .map(|policy| {
            (policy.namespace.to_owned(), Labels::new(), policy.pods.example(), policy.object.name.to_owned())
        })
        .collect()
}

/// The pods that policies let through, where they are asked for by a label.
fn peers(scene: &Scene) -> Vec<Pods> {
    let mut found = vec![];
    for policy in scene.objects.iter().filter_map(Policy::of) {
        let rules = Direction::BOTH.into_iter().filter_map(|direction| policy.rules(direction)).flatten();
        for peer in rules.flat_map(|rule| rule.peers.pods()) {
            let (namespace, labels) = match &peer.namespaces {
                None => (policy.namespace.to_owned(), Labels::new()),
                Some(namespaces) => namespace(scene, namespaces),
            };
            if !matches(scene, &namespace, &peer.pods) {
                found.push((namespace, labels, peer.pods.example(), format!("pods with {}", peer.pods)));
            }
        }
    }
    found
}

/// The first namespace that is meant, or one that would be.
fn namespace(scene: &Scene, selector: &Selector) -> (String, Labels) {
    let named = selector.labels().find(|(key, _)| *key == NAMESPACE_NAME).map(|(_, name)| name.to_owned());
    let labelled = |name: &String, labels: &Labels| {
        let own = (NAMESPACE_NAME.to_owned(), name.clone());
        selector.matches(&labels.clone().into_iter().chain([own]).collect())
    };
    let known = || scene.namespaces.iter().find(|(name, labels)| labelled(name, labels)).map(|(name, _)| name.clone());
    match named.or_else(known) {
        Some(name) => (name, Labels::new()),
        None => (format!("namespaces with {selector}"), selector.example()),
    }
}

fn matches(scene: &Scene, namespace: &str, pods: &Selector) -> bool {
    here(scene, namespace).any(|workload| pods.matches(&workload.labels))
}

fn is_known(scene: &Scene, namespace: &str, labels: &Labels) -> bool {
    here(scene, namespace).any(|workload| labels.iter().all(|(key, value)| workload.labels.get(key) == Some(value)))
}

fn here<'s>(scene: &'s Scene, namespace: &'s str) -> impl Iterator<Item = &'s Workload<'s>> {
    let name = |workload: &'s Workload| if workload.namespace.is_empty() { "default" } else { &workload.namespace };
    scene.workloads.iter().filter(move |workload| name(workload) == namespace)
}

fn workload(namespace: String, name: String, labels: Labels) -> Workload<'static> {
    Workload {
        namespace,
        kind: "Pod".into(),
        name,
        labels,
        ports: vec![],
        service_account: None,
        on_host_network: false,
        made: Made::External,
    }
}
