//! How long it takes to know who can reach whom, for N workloads under N policies: `cargo bench --bench reach`.
//!
//! Prints the seconds of reading the policies and sorting pods into classes, and of all open pairs with their ports. Selectors
//! are wide on purpose: each policy is about many pods and lets many others through. `cargo bench --bench reach -- 2000`
//! runs one size.

#![allow(clippy::disallowed_methods, reason = "a bench reads the clock")]
#![allow(clippy::print_stdout, reason = "its figures are for the terminal")]

use std::collections::BTreeMap;
use std::time::Instant;

use platformc::diagnostic::Sink;
use platformc::link::reach::{Direction, Model};
use platformc::link::symbols::Workload;
use platformc::render::RenderedFile;
use platformc::source::{FileId, Node, Sources, Span};
use platformc::validate::Object;
use serde_json::{Value as Json, json};

const NAMESPACES: usize = 20;
const TIERS: usize = 10;

fn main() {
    let wanted: Vec<usize> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    let sizes = if wanted.is_empty() { vec![100, 1_000, 4_000] } else { wanted };
    println!("{:>9} {:>9} {:>10} {:>10} {:>10}", "workloads", "policies", "classes s", "pairs s", "open pairs");
    sizes.into_iter().for_each(measure);
}

/// The best of three runs: the others are the machine's noise.
fn measure(size: usize) {
    let nodes = |objects: Vec<Json>| -> Vec<Node> {
        objects.iter().map(|object| Node::from_json(object, Span::new(FileId(0), 0, 0))).collect()
    };
    let (pods, policies) = (nodes((0..size).map(pod).collect()), nodes((0..size).map(policy).collect()));
    let mut sources = Sources::default();
    let id = sources.add("bench.yaml", "");
    let file = RenderedFile::by_hand(id, &sources, &mut Sink::default());
    let (pods, policies) = (objects(&file, &pods), objects(&file, &policies));
    let workloads: Vec<Workload> = pods.iter().filter_map(Workload::of).collect();
    let runs = (0..3).map(|_| run(&policies, &workloads));
    let Some((classes, pairs, open)) = runs.min_by(|a, b| (a.0 + a.1).total_cmp(&(b.0 + b.1))) else { return };
    println!("{size:>9} {size:>9} {classes:>10.3} {pairs:>10.3} {open:>10}");
}

fn run(policies: &[Object], workloads: &[Workload]) -> (f64, f64, usize) {
    let start = Instant::now();
    let model = Model::new(policies, workloads.iter().collect(), &BTreeMap::new());
    let classes = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let open = model.connections().filter(|(_, _, ports)| !ports.is_empty()).count();
    let ends = Direction::BOTH.map(|direction| model.let_through(direction).count());
    let pairs = start.elapsed().as_secs_f64();
    assert!(ends.iter().all(|end| *end > 0));
    (classes, pairs, open)
}

fn pod(number: usize) -> Json {
    json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {
            "name": format!("pod-{number}"), "namespace": format!("team-{}", number % NAMESPACES),
            "labels": { "app": format!("app-{number}"), "tier": format!("tier-{}", number / NAMESPACES % TIERS) },
        },
        "spec": { "containers": [{ "name": "main", "image": "main:1", "ports": [{ "name": "http", "containerPort": 8080 + number % 7 }] }] },
    })
}

/// About one pod, or a tier of them; in by name from a pod, a tier or a namespace, out to others and to addresses.
fn policy(number: usize) -> Json {
    let pods = match number % 3 {
        0 => json!({ "matchLabels": { "app": format!("app-{number}") } }),
        1 => json!({ "matchLabels": { "tier": format!("tier-{}", number / NAMESPACES % TIERS) } }),
        _ => {
            json!({ "matchExpressions": [{ "key": "tier", "operator": "NotIn", "values": [format!("tier-{}", number % TIERS)] }] })
        }
    };
    let namespace =
        json!({ "matchLabels": { "kubernetes.io/metadata.name": format!("team-{}", (number + 1) % NAMESPACES) } });
    let tier = json!({ "matchLabels": { "tier": format!("tier-{}", (number + 3) % TIERS) } });
    let one = json!({ "matchLabels": { "app": format!("app-{}", number + NAMESPACES) } });
    let block =
        json!({ "cidr": format!("10.{}.0.0/16", number % 250), "except": [format!("10.{}.7.0/24", number % 250)] });
    json!({
        "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
        "metadata": { "name": format!("policy-{number}"), "namespace": format!("team-{}", number % NAMESPACES) },
        "spec": {
            "podSelector": pods, "policyTypes": ["Ingress", "Egress"],
            "ingress": [
                { "from": [{ "podSelector": one }, { "namespaceSelector": namespace }], "ports": [{ "port": "http" }] },
                { "from": [{ "namespaceSelector": {}, "podSelector": tier }], "ports": [{ "port": 8080 + number % 7, "endPort": 8090 }] },
            ],
            "egress": [
                { "to": [{ "namespaceSelector": {}, "podSelector": tier }, { "namespaceSelector": namespace }], "ports": [{ "port": "http" }, { "port": 9000 + number % 10 }] },
                { "to": [{ "ipBlock": block }], "ports": [{ "port": 443 }] },
            ],
        },
    })
}

fn objects<'n>(file: &'n RenderedFile, nodes: &'n [Node]) -> Vec<Object<'n>> {
    let object = |node: &'n Node| -> Option<Object<'n>> {
        let metadata = node.get("metadata")?;
        Some(Object {
            file,
            node,
            api_version: node.get("apiVersion")?.as_str()?,
            kind: node.get("kind")?.as_str()?,
            name: metadata.get("name")?.as_str()?,
            is_generated: false,
            namespace: metadata.get("namespace").and_then(Node::as_str).map(str::to_owned),
            namespaced: true,
        })
    };
    nodes.iter().filter_map(object).collect()
}
