//! Reachability against a brute-force oracle, on random small clusters: every pair of pods on every port and protocol, and
//! addresses in and around every range. `PROPTEST_CASES=100000 cargo test --test reach` tries more of them.

#![allow(clippy::panic, clippy::unwrap_used, reason = "what a test finds missing is its failure")]

mod cluster;
mod oracle;

use std::collections::BTreeMap;
use std::net::IpAddr;

use platformc::component::interface::Protocol;
use platformc::diagnostic::Sink;
use platformc::link::reach::{Direction, Model, Port, PortSet};
use platformc::link::symbols::{Labels, Workload};
use platformc::render::RenderedFile;
use platformc::source::{FileId, Node, Sources, Span};
use platformc::validate::Object;
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;

use cluster::{ADDRESSES, Cluster, PORTS, PROTOCOLS, cluster};
use oracle::{Connection, End};

const CASES: u32 = 10_000;

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_model_says_what_the_api_reference_says(cluster in cluster()) {
        Checked::of(&cluster, |checked| {
            checked.pairs()?;
            checked.enumeration()?;
            checked.addresses()
        })?;
    }
}

fn config() -> ProptestConfig {
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    ProptestConfig { cases: config.cases.max(CASES), ..config }
}

/// A cluster as both sides see it.
struct Checked<'c> {
    cluster: &'c Cluster,
    model: &'c Model<'c>,
}

impl Checked<'_> {
    fn of(cluster: &Cluster, check: impl FnOnce(&Checked) -> TestCaseResult) -> TestCaseResult {
        let file = file();
        let nodes = |objects: &[serde_json::Value]| -> Vec<Node> {
            objects.iter().map(|object| Node::from_json(object, Span::new(FileId(0), 0, 0))).collect()
        };
        let (pods, policies) = (nodes(&cluster.pods), nodes(&cluster.policies));
        let (pods, policies) = (objects(&file, &pods), objects(&file, &policies));
        let workloads: Vec<Workload> = pods.iter().filter_map(Workload::of).collect();
        let model = Model::new(&policies, workloads.iter().collect(), &namespaces(cluster));
        check(&Checked { cluster, model: &model })
    }

    fn pods(&self) -> impl Iterator<Item = (usize, End<'_>)> {
        let pods = self.cluster.pods.iter().enumerate().filter(|(_, pod)| pod["spec"]["hostNetwork"] == false);
        pods.map(|(index, pod)| (index, End::Pod(pod)))
    }

    fn pairs(&self) -> TestCaseResult {
        for (from, source) in self.pods() {
            for (to, target) in self.pods() {
                let open = self.model.open(from, to).unwrap();
                let connection = Connection::new(self.cluster, source, target);
                expect(&open, &connection, || format!("from pod {from} to pod {to}"))?;
            }
        }
        Ok(())
    }

    /// Pairs are found without asking for each, and rules are found that open exactly what is open.
    fn enumeration(&self) -> TestCaseResult {
        let by_pair = |(from, to, ports)| ((from, to), ports);
        let found: BTreeMap<(usize, usize), PortSet> = self.model.connections().map(by_pair).collect();
        let ends = Direction::BOTH.map(|direction| self.model.let_through(direction).map(by_pair).collect());
        self.each_end(&ends)?;
        for (from, source) in self.pods() {
            for (to, target) in self.pods() {
                let open = self.model.open(from, to).unwrap();
                let is_listed = Connection::new(self.cluster, source, target).is_restricted() && !open.is_empty();
                prop_assert_eq!(found.get(&(from, to)), is_listed.then_some(&open), "from pod {} to pod {}", from, to);
                prop_assert_eq!(self.by_rules(from, to), open, "by the rules from pod {} to pod {}", from, to);
            }
        }
        Ok(())
    }

    /// What one end lets through is what its rules let through.
    fn each_end(&self, ends: &[BTreeMap<(usize, usize), PortSet>; 2]) -> TestCaseResult {
        for (direction, found) in Direction::BOTH.into_iter().zip(ends) {
            for (from, _) in self.pods() {
                for (to, _) in self.pods() {
                    let rules = self.model.passages(direction, from, to);
                    let open = PortSet::all(rules.iter().flat_map(|(_, _, ports)| ports.iter()));
                    let expected = (!open.is_empty()).then_some(&open);
                    prop_assert_eq!(
                        found.get(&(from, to)),
                        expected,
                        "{:?} from pod {} to pod {}",
                        direction,
                        from,
                        to
                    );
                }
            }
        }
        Ok(())
    }

    fn by_rules(&self, from: usize, to: usize) -> PortSet {
        let side = |direction, own| {
            let rules = self.model.passages(direction, from, to);
            let open = PortSet::all(rules.iter().flat_map(|(_, _, ports)| ports.iter()));
            if self.model.is_restricted(direction, own) { open } else { PortSet::every() }
        };
        side(Direction::Egress, from).intersection(&side(Direction::Ingress, to))
    }

    fn addresses(&self) -> TestCaseResult {
        for (index, pod) in self.pods() {
            for text in ADDRESSES {
                let (address, end): (IpAddr, _) = (text.parse().unwrap(), End::Address(text));
                for (direction, from, to) in [(Direction::Egress, pod, end), (Direction::Ingress, end, pod)] {
                    let open = match self.model.addresses(direction, index) {
                        Some(opened) => opened.at(address).cloned().unwrap_or_default(),
                        None => PortSet::every(),
                    };
                    let connection = Connection::new(self.cluster, from, to);
                    expect(&open, &connection, || format!("{direction:?} of pod {index}, address {text}"))?;
                }
            }
        }
        Ok(())
    }
}

/// On every port, and on one that no policy names.
fn expect(open: &PortSet, connection: &Connection, what: impl Fn() -> String) -> TestCaseResult {
    for (protocol, name) in [Protocol::Tcp, Protocol::Udp, Protocol::Sctp].into_iter().zip(PROTOCOLS) {
        for number in PORTS.chain([9, u16::MAX]) {
            let found = open.contains(Port { protocol, number });
            prop_assert_eq!(found, connection.is_allowed((number, name)), "{} on {}/{}", what(), number, name);
        }
    }
    Ok(())
}

fn file() -> RenderedFile {
    let mut sources = Sources::default();
    let id = sources.add("cluster.yaml", "");
    RenderedFile::by_hand(id, &sources, &mut Sink::default())
}

fn objects<'n>(file: &'n RenderedFile, nodes: &'n [Node]) -> Vec<Object<'n>> {
    nodes.iter().map(|node| object(file, node).unwrap()).collect()
}

fn object<'n>(file: &'n RenderedFile, node: &'n Node) -> Option<Object<'n>> {
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
}

fn namespaces(cluster: &Cluster) -> BTreeMap<String, Labels> {
    let text = |json: &serde_json::Value| json.as_str().unwrap().to_owned();
    let labels = |namespace: &serde_json::Value| {
        let labels = namespace["metadata"]["labels"].as_object().unwrap();
        labels.iter().map(|(key, value)| (key.clone(), text(value))).collect()
    };
    cluster.namespaces.iter().map(|namespace| (text(&namespace["metadata"]["name"]), labels(namespace))).collect()
}
