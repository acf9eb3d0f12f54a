//! cyclonus and network-config-analyzer: two other readings of NetworkPolicies, against `platformc reach`.
//!
//! Of every committed tree, and of 2,000 random clusters (the generator of `tests/reach`). Both read a cluster, not files, so they
//! get the objects as the API server stores them, with its defaults filled in; `platformc` gets them as they were written.
//! network-config-analyzer answers with sets: every port of every pair is compared, and every port at each address asked about.
//! cyclonus answers packet by packet: of a tree every pair and address on every port that the target declares, and on one that
//! nobody names; of a random cluster a share of the packets, of each cluster other ones.
//!
//! Left out, or told in other words, because the answer would mean nothing:
//! * pods on the network of their node: what a policy does to them is not defined, and neither program knows of it;
//! * the addresses of pods: to `platformc` an `ipBlock` is never a pod, as the API says of pods' addresses that they are not
//!   to be relied on, and to network-config-analyzer likewise. cyclonus asks for an address of each pod, so all get one of a
//!   range ([`PODS`]) which every `ipBlock` then leaves out;
//! * cyclonus: a port with two names, since its packets carry one;
//! * cyclonus: `NotIn` of a label that is not there. It says no; the API server says yes (`Requirement.Matches` of apimachinery;
//!   the manual: "and all resources with no labels with the tier key"). `NotIn` is asked of a twin of the label, which every pod
//!   and namespace carries: the same value, or one that nobody asks for;
//! * network-config-analyzer: rules of a direction that `policyTypes` does not list. It refuses the policy; the API server
//!   takes it, and the rules have no effect, so they are taken away;
//! * network-config-analyzer: `Exists` and `DoesNotExist` in a `podSelector` beside a `namespaceSelector`. It looks for them in
//!   the policy's own namespace only; the API: "the pods matching podSelector in the namespaces selected by namespaceSelector".
//!   They are given as `In` and `NotIn` all values that the label has.

mod answer;
#[path = "../reach/cluster.rs"]
mod cluster;
mod cyclonus;
mod nca;
mod question;
mod scene;

use rayon::prelude::*;
use scene::Scene;
pub use scene::Scenes;

use crate::report::Report;
use crate::trees::Tree;
use crate::{Bench, Failed};

const RANDOM: usize = 2_000;
/// Of documentation (RFC 5737): no tree and no generator names it.
const PODS: &str = "203.0.113.0/24";

/// Another program that reads policies.
struct Peer {
    /// What it says of each scene, and we do not.
    ask: fn(&Bench, &[&Scene]) -> Result<Vec<Compared>, Failed>,
    /// So many go through one process.
    trees: usize,
    clusters: usize,
}

/// It holds each packet against the policies of its whole process.
const CYCLONUS: Peer = Peer { ask: cyclonus::ask, trees: 1, clusters: 100 };
/// It takes half a second to start.
const NCA: Peer = Peer { ask: nca::ask, trees: 17, clusters: 1_000 };

/// How many answers were compared, and which differ.
#[derive(Default)]
struct Compared {
    answers: usize,
    open: usize,
    differences: Vec<String>,
}

pub fn check_cyclonus(bench: &Bench, report: &Report) -> Result<(), Failed> {
    check(bench, report, &CYCLONUS)
}

pub fn check_nca(bench: &Bench, report: &Report) -> Result<(), Failed> {
    check(bench, report, &NCA)
}

fn check(bench: &Bench, report: &Report, peer: &Peer) -> Result<(), Failed> {
    let trees: Vec<&Tree> = bench.trees.iter().filter(|tree| report.wants(&tree.name)).collect();
    trees.par_chunks(peer.trees).try_for_each(|trees| of_trees(bench, report, peer, trees))?;
    report.case("random clusters", || {
        let scenes = bench.scenes.random(RANDOM)?;
        let scenes: Vec<&Scene> = scenes.iter().collect();
        let batches: Vec<Vec<Compared>> =
            scenes.par_chunks(peer.clusters).map(|scenes| (peer.ask)(bench, scenes)).collect::<Result<_, Failed>>()?;
        let all = batches.into_iter().flatten().fold(Compared::default(), Compared::and);
        Ok(told(report, &format!("{RANDOM} random clusters"), all))
    });
    Ok(())
}

fn of_trees(bench: &Bench, report: &Report, peer: &Peer, trees: &[&Tree]) -> Result<(), Failed> {
    let scenes: Vec<_> = trees.iter().map(|tree| bench.scenes.of_tree(tree)).collect::<Result<_, Failed>>()?;
    let scenes: Vec<&Scene> = scenes.iter().flat_map(|scenes| scenes.iter()).collect();
    for (tree, compared) in trees.iter().zip((peer.ask)(bench, &scenes)?) {
        report.case(&tree.name, || Ok(told(report, &tree.name, compared)));
    }
    Ok(())
}

/// The figures as a note, the first differences as findings.
fn told(report: &Report, name: &str, compared: Compared) -> Vec<String> {
    report.note(&format!("         {name}: {} answers compared, {} open", compared.answers, compared.open));
    let count = compared.differences.len();
    let mut findings: Vec<String> = compared.differences.into_iter().take(5).collect();
    if count > findings.len() {
        findings.push(format!("{count} differences in all"));
    }
    findings
}

impl Compared {
    fn and(mut self, other: Self) -> Self {
        self.differences.extend(other.differences);
        Self { answers: self.answers + other.answers, open: self.open + other.open, ..self }
    }

    /// One more answer of both.
    fn compare<T: PartialEq>(&mut self, ours: &T, theirs: &T, is_open: bool, what: impl FnOnce() -> String) {
        self.answers += 1;
        self.open += usize::from(is_open);
        if ours != theirs {
            self.differences.push(what());
        }
    }
}
