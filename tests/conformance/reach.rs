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

use crate::report::Report;
use crate::{Bench, Failed};

const RANDOM: usize = 2_000;
/// So many clusters go through one process.
const BATCH: usize = 100;
/// Of documentation (RFC 5737): no tree and no generator names it.
const PODS: &str = "203.0.113.0/24";

/// What a peer says of each scene, and we do not.
type Ask = fn(&Bench, &[Scene]) -> Result<Compared, Failed>;

/// How many answers were compared, and which differ.
#[derive(Default)]
struct Compared {
    answers: usize,
    open: usize,
    differences: Vec<String>,
}

pub fn check_cyclonus(bench: &Bench, report: &Report) -> Result<(), Failed> {
    check(bench, report, cyclonus::ask)
}

pub fn check_nca(bench: &Bench, report: &Report) -> Result<(), Failed> {
    check(bench, report, nca::ask)
}

fn check(bench: &Bench, report: &Report, ask: Ask) -> Result<(), Failed> {
    bench.trees.par_iter().for_each(|tree| {
        report.case(&tree.name, || Ok(told(report, &tree.name, ask(bench, &[Scene::of_tree(tree)?])?)));
    });
    report.case("random clusters", || {
        let clusters = scene::random(RANDOM)?;
        let batches: Vec<&[cluster::Cluster]> = clusters.chunks(BATCH).collect();
        let batches = batches.into_par_iter().enumerate().map(|(batch, clusters)| {
            let scenes =
                clusters.iter().enumerate().map(|(at, cluster)| Scene::of_cluster(batch * BATCH + at, cluster));
            ask(bench, &scenes.collect::<Result<Vec<_>, _>>()?)
        });
        let all: Vec<Compared> = batches.collect::<Result<_, Failed>>()?;
        Ok(told(report, &format!("{RANDOM} random clusters"), all.into_iter().fold(Compared::default(), Compared::and)))
    });
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
