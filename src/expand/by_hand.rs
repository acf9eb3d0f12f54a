//! Hand-written workloads, and the connections that `flows:` of platform.yaml opens for them.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use super::ends::{End, Ends, Pods};
use super::plan::{Entry, Instance, Origin};
use crate::component::interface::{By, Flow, Outside, PodPort, Protocol, Workload};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::link::symbols::{self, Listens};
use crate::resolve::Platform;
use crate::schema::format;
use crate::source::{Node, NodePath};
use crate::validate::Object;

/// What the platform's own pages call the hand-written files.
const MANIFESTS: &str = "manifests";

#[derive(Debug, Default)]
pub struct ByHand {
    workloads: Vec<Hand>,
    /// Address ranges that flows name.
    outside: BTreeMap<String, Entry<Outside>>,
    pub flows: IndexMap<String, Entry<Flow>>,
}

/// A workload of a hand-written file.
#[derive(Debug)]
struct Hand {
    namespace: String,
    /// What it is called in flows.
    name: String,
    /// What its policy is called: no two of a namespace share that.
    unique: String,
    is: Entry<Workload>,
}

impl ByHand {
    pub fn of(platform: &Platform, instances: &[Instance]) -> Self {
        let mut by_hand = Self { flows: flows(platform), ..Self::default() };
        let mut taken: BTreeSet<(String, String)> = BTreeSet::new();
        for instance in instances {
            let names = instance.workloads.iter().map(|(id, entry)| instance.name_of(id, &entry.is));
            taken.extend(names.map(|name| (instance.namespace.clone(), name)));
        }
        for (file, node) in platform.by_hand.iter().flat_map(|file| file.documents.iter().map(move |node| (file, node)))
        {
            let workload = Object::of(file, node).as_ref().and_then(|object| hand(object, &taken));
            taken.extend(workload.iter().map(|hand| (hand.namespace.clone(), hand.unique.clone())));
            by_hand.workloads.extend(workload);
        }
        let ends = by_hand.flows.values().flat_map(|flow| flow.is.from.texts().into_iter().chain(flow.is.to.texts()));
        let ranges: Vec<String> = ends.filter(|end| format::cidr(end).is_ok()).collect();
        by_hand.outside = ranges.into_iter().map(|range| (range.clone(), outside(range))).collect();
        by_hand
    }

    /// The pods of every workload.
    pub fn pods(&self) -> impl Iterator<Item = Pods<'_>> {
        self.workloads.iter().map(Hand::pods)
    }

    /// What an end of a flow stands for; none after a fault.
    pub fn look_up<'a>(&'a self, end: &str, ends: &Ends<'a>, origin: &Origin, sink: &mut Sink) -> Option<Vec<End<'a>>> {
        if let Some(found) = ends.shared(end) {
            return Some(found);
        }
        if let Some(range) = self.outside.get(end) {
            return Some(vec![End::Outside(range)]);
        }
        let found: Vec<&Hand> = self.workloads.iter().filter(|hand| hand.is_called(end)).collect();
        let namespaces: BTreeSet<&str> = found.iter().map(|hand| hand.namespace.as_str()).collect();
        match namespaces.len() {
            0 => sink.push(self.unknown(end, ends, origin)),
            1 => return Some(found.into_iter().map(|hand| End::Pods(hand.pods())).collect()),
            _ => sink.push(ambiguous(end, &namespaces, origin)),
        }
        None
    }

    fn unknown(&self, end: &str, ends: &Ends, origin: &Origin) -> Diagnostic {
        let own =
            self.workloads.iter().flat_map(|hand| [hand.name.clone(), format!("{}/{}", hand.namespace, hand.name)]);
        let known: BTreeSet<String> = own.chain(ends.all_shared()).collect();
        let fault = origin.fault(Code::UnknownEnd, &format!("nothing is called `{end}` here"));
        let fault = fault.suggest(end, known.iter().map(String::as_str));
        match self.workloads.is_empty() {
            true => fault.note("there is no workload in `manifests`"),
            false => fault,
        }
    }
}

impl Hand {
    fn pods(&self) -> Pods<'_> {
        let (namespace, name) = (self.namespace.clone(), self.unique.clone());
        Pods { namespace, name, workload: &self.is.is, origin: &self.is.origin }
    }

    fn is_called(&self, end: &str) -> bool {
        match end.split_once('/') {
            Some((namespace, name)) => self.namespace == namespace && self.name == name,
            None => self.name == end,
        }
    }
}

fn flows(platform: &Platform) -> IndexMap<String, Entry<Flow>> {
    let origin = |id: &str| Origin {
        instance: format!("flows.{id}"),
        asked: vec![platform.merged.nearest(&NodePath::dotted("flows").key(id))],
        declared: None,
        by_user: true,
    };
    let flows = platform.input.flows.iter().map(|(id, flow)| {
        let is = Flow { from: flow.from.clone(), to: flow.to.clone(), port: flow.port.clone() };
        (id.clone(), Entry { is, origin: origin(id) })
    });
    flows.collect()
}

/// A workload as an interface would describe it.
fn hand(object: &Object, taken: &BTreeSet<(String, String)>) -> Option<Hand> {
    let workload = symbols::Workload::of(object)?;
    let namespace = object.namespace.clone()?;
    let name = object.name.trim_end_matches('-').to_owned();
    let is_taken = taken.contains(&(namespace.clone(), name.clone()));
    let unique = if is_taken { format!("{name}-{}", object.kind.to_ascii_lowercase()) } else { name.clone() };
    let origin = Origin {
        instance: MANIFESTS.into(),
        asked: vec![object.metadata(if object.is_generated { "generateName" } else { "name" })],
        declared: None,
        by_user: true,
    };
    let is = Workload {
        by: Some(By::Files),
        kind: Some(object.kind.to_owned()),
        name: Some(object.name.to_owned()),
        labels: workload.labels.into_iter().collect(),
        selector: None,
        ports: workload.ports.iter().map(port).collect(),
        service_account: workload.service_account,
        namespace: Some(namespace.clone()),
        host_network: workload.on_host_network,
        within: None,
    };
    Some(Hand { namespace, name, unique, is: Entry { is, origin } })
}

/// By its name, else by its number.
fn port(listens: &Listens) -> (String, PodPort) {
    let Listens { name, number, protocol } = listens;
    let id = name.clone().unwrap_or_else(|| number.to_string());
    (id, PodPort { port: *number, protocol: *protocol, name: name.clone(), named: name.is_some() })
}

fn outside(range: String) -> Entry<Outside> {
    let origin = Origin { instance: "flows".into(), asked: vec![], declared: None, by_user: true };
    Entry { is: Outside { host: None, cidrs: vec![range], port: None, protocol: Protocol::Tcp }, origin }
}

fn ambiguous(end: &str, namespaces: &BTreeSet<&str>, origin: &Origin) -> Diagnostic {
    let names: Vec<String> = namespaces.iter().map(|namespace| format!("`{namespace}/{end}`")).collect();
    let fault = origin.fault(Code::UnknownEnd, &format!("several workloads are called `{end}`"));
    fault.help(format!("write {}", names.join(" or ")))
}

/// Where an end of a flow is said.
pub fn place(platform: &Platform, flow: &str, key: &str, at: usize, origin: &Origin) -> Origin {
    let path = NodePath::dotted("flows").key(flow).key(key);
    let item = platform.merged.at(&path.clone().index(at));
    let node: Option<&Node> = item.or_else(|| platform.merged.at(&path));
    let asked = node.map(|node| node.span).into_iter().chain(origin.asked.iter().copied().take(1)).take(1).collect();
    Origin { asked, ..origin.clone() }
}
