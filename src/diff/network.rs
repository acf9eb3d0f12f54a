//! What the policies of both sides open and close: from who reaches whom before and after, never from their text.
//!
//! Workloads that are on both sides are compared pair by pair, and by address. A workload that is new is told with what it
//! reaches and who reaches it; one that is gone with nothing. Where a direction of a workload was closed and is open now, or the
//! other way round, that is one line. Pods that only selectors of policies know ([`unknown`]) are taken for what they are called by.

mod unknown;

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Change, Event, Subject};
use super::path::FieldPath;
use super::rules::rules;
use super::side::Side;
use crate::link::reach::{self, AddressSet, Direction, Model, Opened, PortSet};
use crate::link::symbols::{Labels, Made, Symbols, Workload, labels_at};
use crate::validate::Object;

/// Stands for every pod and address.
const ANYONE: &str = "anyone";

/// What runs in a cluster beside the pods of its manifests.
#[derive(Debug, Clone)]
pub struct Elsewhere {
    pub workload: Workload<'static>,
    /// The release whose chart makes it.
    pub release: Option<(String, String)>,
}

impl Elsewhere {
    /// What the interfaces of components and `external` say that runs.
    pub fn all(symbols: &Symbols) -> Vec<Self> {
        let scene = reach::Scene::new(symbols);
        let others = scene.workloads(symbols).filter(|workload| workload.made.object().is_none());
        others.map(|workload| Self::of(workload, symbols)).collect()
    }

    fn of(workload: &Workload, symbols: &Symbols) -> Self {
        let release = match workload.made {
            Made::Interface(_, origin) => symbols.plan.and_then(|plan| {
                let release = plan.releases.iter().find(|release| release.origin.instance == origin.instance)?;
                Some((release.namespace.clone(), release.name.clone()))
            }),
            _ => None,
        };
        let Workload { namespace, kind, name, labels, ports, on_host_network, .. } = workload.clone();
        let made = Made::External;
        let service_account = None;
        let workload = Workload { namespace, kind, name, labels, ports, service_account, on_host_network, made };
        Self { workload, release }
    }
}

/// Who is there on one side.
pub struct Scene<'s> {
    pub objects: &'s [Object<'s>],
    pub namespaces: BTreeMap<String, Labels>,
    /// Namespaces that only the other side has: nothing runs in them here.
    pub only_there: BTreeSet<String>,
    pub workloads: Vec<Workload<'s>>,
}

/// One side, where workloads go by name.
struct Cluster<'s> {
    model: Model<'s>,
    names: BTreeMap<String, usize>,
}

pub fn compare(old: &Side, new: &Side, elsewhere: &[Elsewhere]) -> Vec<Change> {
    let (before, after) = (old.objects(), new.objects());
    let (mut before, mut after) = (Scene::new(old, &before, elsewhere), Scene::new(new, &after, elsewhere));
    before.leave_out_what_only_has(&after);
    after.leave_out_what_only_has(&before);
    unknown::add(&mut before, &mut after);
    let (before, after) = (Cluster::new(&before), Cluster::new(&after));
    Differences { before: &before, after: &after }.changes()
}

impl<'s> Scene<'s> {
    fn new(side: &Side, objects: &'s [Object<'s>], elsewhere: &[Elsewhere]) -> Self {
        let releases = super::releases::releases_of(&side.helmfiles);
        let is_there = |of: &&Elsewhere| match &of.release {
            None => true,
            Some((namespace, name)) => releases.contains_key(&(namespace.as_str(), name.as_str())),
        };
        let own = objects.iter().filter_map(Workload::of);
        let others = elsewhere.iter().filter(is_there).map(|of| of.workload.clone());
        let namespaces = objects.iter().filter(|object| object.is("Namespace")).map(|object| {
            let labels = object.node.get("metadata").map(|node| labels_at(node, &["labels"]));
            (object.name.to_owned(), labels.unwrap_or_default())
        });
        let (namespaces, workloads) = (namespaces.collect(), own.chain(others).collect());
        Self { objects, namespaces, only_there: BTreeSet::new(), workloads }
    }

    fn leave_out_what_only_has(&mut self, other: &Scene) {
        let names = other.namespaces.keys().filter(|name| !self.namespaces.contains_key(*name));
        self.only_there = names.cloned().collect();
        let only_there = &self.only_there;
        self.workloads.retain(|workload| workload.made.object().is_some() || !only_there.contains(&workload.namespace));
    }
}

impl<'s> Cluster<'s> {
    fn new(scene: &'s Scene<'s>) -> Self {
        let model = Model::new(scene.objects, scene.workloads.iter().collect(), &scene.namespaces);
        let mut names = BTreeMap::new();
        for (index, workload) in scene.workloads.iter().enumerate() {
            let namespace = if workload.namespace.is_empty() { "default" } else { &workload.namespace };
            let name = format!("{namespace}/{}", workload.name);
            let name = if names.contains_key(&name) { format!("{name} ({})", workload.kind) } else { name };
            names.entry(name).or_insert(index);
        }
        Self { model, names }
    }

    fn get(&self, name: &str) -> Option<usize> {
        self.names.get(name).copied().filter(|index| self.model.is_governed(*index))
    }

    fn is_closed(&self, direction: Direction, name: &str) -> bool {
        self.get(name).is_some_and(|index| self.model.is_restricted(direction, index))
    }

    /// Every pair that the policies say something of, and let through.
    fn pairs(&self) -> BTreeSet<(&str, &str)> {
        let mut by_index: Vec<Option<&str>> = vec![None; self.model.workloads.len()];
        for (name, index) in &self.names {
            by_index.get_mut(*index).into_iter().for_each(|slot| *slot = Some(name));
        }
        let name = |index: usize| by_index.get(index).copied().flatten();
        self.model.connections().filter_map(|(from, to, _)| Some((name(from)?, name(to)?))).collect()
    }

    fn open(&self, from: &str, to: &str) -> Option<PortSet> {
        self.model.open(self.get(from)?, self.get(to)?)
    }

    fn addresses(&self, direction: Direction, name: &str) -> Option<&Opened> {
        self.model.addresses(direction, self.get(name)?)
    }
}

struct Differences<'c, 's> {
    before: &'c Cluster<'s>,
    after: &'c Cluster<'s>,
}

/// From, to, ports.
type Line = (String, String, PortSet);

impl Differences<'_, '_> {
    fn changes(&self) -> Vec<Change> {
        let mut changes = vec![];
        for (event, lines) in [(Event::Added, self.opened()), (Event::Removed, self.closed())] {
            changes.extend(lines.into_iter().map(|line| change(event, line)));
        }
        changes
    }

    fn opened(&self) -> Vec<Line> {
        let (before, after) = (self.before, self.after);
        let mut lines = toggled(after, before);
        for (from, to) in after.pairs() {
            // Whose direction is open as a whole is told as that.
            if is_toggled(after, before, from, to) {
                continue;
            }
            let was = before.open(from, to).unwrap_or_default();
            let now = after.open(from, to).unwrap_or_default();
            lines.push((from.to_owned(), to.to_owned(), now.minus(&was)));
        }
        lines.extend(at_addresses(after, before));
        lines.retain(|(_, _, ports)| !ports.is_empty());
        lines
    }

    /// What a workload that is gone reached is no loss.
    fn closed(&self) -> Vec<Line> {
        let (before, after) = (self.before, self.after);
        let stays = |name: &str| after.get(name).is_some();
        let mut lines = toggled(before, after);
        for (from, to) in before.pairs() {
            if !stays(from) || !stays(to) || is_toggled(before, after, from, to) {
                continue;
            }
            let was = before.open(from, to).unwrap_or_default();
            let now = after.open(from, to).unwrap_or_default();
            lines.push((from.to_owned(), to.to_owned(), was.minus(&now)));
        }
        let addresses = at_addresses(before, after).into_iter();
        lines.extend(addresses.filter(|(from, to, _)| stays(from) || stays(to)));
        lines.retain(|(_, _, ports)| !ports.is_empty());
        lines
    }
}

/// Directions that are open in `one`, and closed in `other`.
fn toggled(one: &Cluster, other: &Cluster) -> Vec<Line> {
    let mut lines = vec![];
    for name in one.names.keys().filter(|name| one.get(name).is_some()) {
        for direction in Direction::BOTH {
            if other.is_closed(direction, name) && !one.is_closed(direction, name) {
                let (from, to) = direction.ends(name.clone(), ANYONE.to_owned());
                lines.push((from, to, PortSet::every()));
            }
        }
    }
    lines
}

/// Whether an end of a pair is open in `one` and closed in `other`.
fn is_toggled(one: &Cluster, other: &Cluster, from: &str, to: &str) -> bool {
    let ends = [(Direction::Egress, from), (Direction::Ingress, to)];
    ends.into_iter().any(|(direction, name)| other.is_closed(direction, name) && !one.is_closed(direction, name))
}

/// Addresses that are open in `one` and not in `other`, where both close the direction, or the workload is new.
fn at_addresses(one: &Cluster, other: &Cluster) -> Vec<Line> {
    let mut lines = vec![];
    for name in one.names.keys() {
        for direction in Direction::BOTH {
            let Some(open) = one.addresses(direction, name) else { continue };
            let more = match (other.addresses(direction, name), other.get(name)) {
                (Some(others), _) => open.minus(others),
                (None, Some(_)) => continue,
                (None, None) => open.clone(),
            };
            lines.extend(more.by_ports().into_iter().map(|(addresses, ports)| {
                let (from, to) = direction.ends(name.clone(), called(&addresses));
                (from, to, ports)
            }));
        }
    }
    lines
}

fn called(addresses: &AddressSet) -> String {
    addresses.to_string()
}

fn change(event: Event, (from, to, ports): Line) -> Change {
    let rule = if event == Event::Added { "opened" } else { "closed" };
    Change {
        subject: Subject::Connection { from, to, ports: ports.to_string() },
        event,
        path: FieldPath::default(),
        old: None,
        new: None,
        findings: rules().computed(rule),
        environments: vec![],
        place: None,
    }
}
