//! What the model says, as lines that people read: from, to, ports.

use crate::link::reach::{AddressSet, Direction, Model, Opened, PortSet};

/// The model, and what its workloads are called.
pub struct Matrix<'m> {
    pub model: Model<'m>,
    pub internet: AddressSet,
    names: Vec<String>,
}

/// One open connection.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    pub from: Side,
    pub to: Side,
    pub ports: PortSet,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    Workload(usize),
    Addresses(AddressSet),
}

impl<'m> Matrix<'m> {
    pub fn new(model: Model<'m>, internet: AddressSet) -> Self {
        let plain: Vec<String> =
            model.workloads.iter().map(|it| format!("{}/{}", namespace(&it.namespace), it.name)).collect();
        let is_shared = |name: &String| plain.iter().filter(|other| *other == name).nth(1).is_some();
        let names = model.workloads.iter().zip(&plain).map(|(it, name)| match is_shared(name) {
            true => format!("{name} ({})", it.kind),
            false => name.clone(),
        });
        let names = names.collect();
        Self { model, internet, names }
    }

    /// `integration/healthz`; where two share it, with the kind.
    pub fn name(&self, workload: usize) -> &str {
        self.names.get(workload).map(String::as_str).unwrap_or_default()
    }

    pub fn namespace(&self, workload: usize) -> &str {
        self.model.workloads.get(workload).map_or("", |it| namespace(&it.namespace))
    }

    pub fn side(&self, side: &Side) -> String {
        match side {
            Side::Workload(workload) => self.name(*workload).to_owned(),
            Side::Addresses(addresses) => addresses.to_string(),
        }
    }

    /// Every workload that policies govern, by name.
    pub fn governed(&self) -> Vec<usize> {
        let mut governed: Vec<usize> =
            (0..self.names.len()).filter(|workload| self.model.is_governed(*workload)).collect();
        governed.sort_by_key(|workload| self.name(*workload));
        governed
    }

    /// Those on the network of their node.
    pub fn on_nodes(&self) -> Vec<usize> {
        (0..self.names.len()).filter(|workload| !self.model.is_governed(*workload)).collect()
    }

    pub fn is_open(&self, direction: Direction, workload: usize) -> bool {
        !self.model.is_restricted(direction, workload)
    }

    /// What is open where a policy closes at least one end, sorted by name.
    pub fn lines(&self) -> Vec<Line> {
        let pairs = self.model.connections();
        let pairs = pairs.map(|(from, to, ports)| Line { from: Side::Workload(from), to: Side::Workload(to), ports });
        let mut lines: Vec<Line> = pairs.collect();
        for own in self.governed() {
            for direction in Direction::BOTH {
                let opened = self.model.addresses(direction, own).map(Opened::by_ports).unwrap_or_default();
                lines.extend(opened.into_iter().map(|(addresses, ports)| {
                    let (from, to) = direction.ends(Side::Workload(own), Side::Addresses(addresses));
                    Line { from, to, ports }
                }));
            }
        }
        lines.sort_by_cached_key(|line| (self.key(&line.from), self.key(&line.to), line.ports.clone()));
        lines
    }

    /// Addresses come after workloads.
    fn key(&self, side: &Side) -> (bool, String) {
        (matches!(side, Side::Addresses(_)), self.side(side))
    }
}

/// Where an object stands that names no namespace.
fn namespace(name: &str) -> &str {
    if name.is_empty() { "default" } else { name }
}
