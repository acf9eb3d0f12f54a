//! What is open against what is declared.
//!
//! Between two workloads that nothing closes, nothing is claimed: only what a policy restricts is judged.

use indexmap::IndexMap;

use super::addresses::{AddressSet, Opened};
use super::declared::{Declared, End};
use super::model::Model;
use super::policy::Direction;
use super::ports::PortSet;

/// A declared flow, and what of it the policies do not let through.
#[derive(Debug)]
pub struct Closed<'d, 'p> {
    pub flow: &'d Declared<'p>,
    pub from: Place,
    pub to: Place,
    pub ports: PortSet,
    /// The end whose policies close it, the source first.
    pub at: Vec<(Direction, usize)>,
}

/// A connection that is open and not declared.
#[derive(Debug)]
pub struct Undeclared {
    pub from: Place,
    pub to: Place,
    pub ports: PortSet,
}

/// One end of what was found.
#[derive(Debug, Clone, PartialEq)]
pub enum Place {
    Workload(usize),
    Addresses(AddressSet),
}

/// Finds both kinds.
pub struct Comparison<'c, 'a, 'p> {
    model: &'c Model<'a>,
    declared: &'c [Declared<'p>],
}

/// What is declared at the addresses that a workload reaches, or is reached from.
type AtAddresses<'c> = IndexMap<(Direction, usize), Vec<(&'c AddressSet, &'c PortSet)>>;

impl<'c, 'a, 'p> Comparison<'c, 'a, 'p> {
    pub fn new(model: &'c Model<'a>, declared: &'c [Declared<'p>]) -> Self {
        Self { model, declared }
    }

    /// Flows that are needed and closed.
    pub fn closed(&self) -> Vec<Closed<'c, 'p>> {
        self.declared.iter().filter(|flow| flow.is_needed).filter_map(|flow| self.closed_flow(flow)).collect()
    }

    /// It is open if it is between any of the workloads that share a name.
    fn closed_flow(&self, flow: &'c Declared<'p>) -> Option<Closed<'c, 'p>> {
        let mut closed = vec![];
        for (from, to) in pairs(flow) {
            closed.push(match (from, to) {
                (Place::Workload(from), Place::Workload(to)) => self.closed_pair(flow, from, to)?,
                (Place::Workload(own), Place::Addresses(far)) => self.closed_at(flow, Direction::Egress, own, &far)?,
                (Place::Addresses(far), Place::Workload(own)) => self.closed_at(flow, Direction::Ingress, own, &far)?,
                (Place::Addresses(_), Place::Addresses(_)) => return None,
            });
        }
        closed.into_iter().next()
    }

    fn closed_pair(&self, flow: &'c Declared<'p>, from: usize, to: usize) -> Option<Closed<'c, 'p>> {
        let ports = flow.ports.minus(&self.model.open(from, to)?);
        if ports.is_empty() {
            return None;
        }
        let ends = [(Direction::Egress, from), (Direction::Ingress, to)];
        let at = ends.into_iter().filter(|(direction, own)| self.closes(*direction, *own, from, to, &ports));
        Some(Closed { flow, from: Place::Workload(from), to: Place::Workload(to), at: at.collect(), ports })
    }

    fn closes(&self, direction: Direction, own: usize, from: usize, to: usize, ports: &PortSet) -> bool {
        let passages = self.model.passages(direction, from, to);
        let open = PortSet::all(passages.iter().flat_map(|(_, _, ports)| ports.iter()));
        self.model.is_restricted(direction, own) && !open.covers(ports)
    }

    fn closed_at(
        &self,
        flow: &'c Declared<'p>,
        direction: Direction,
        own: usize,
        far: &AddressSet,
    ) -> Option<Closed<'c, 'p>> {
        let opened = self.model.addresses(direction, own)?;
        let closed = Opened::of([(far, &flow.ports)]).minus(opened);
        let (addresses, ports) = closed.by_ports().into_iter().next()?;
        let (from, to) = ends(direction, own, addresses);
        Some(Closed { flow, from, to, ports, at: vec![(direction, own)] })
    }

    /// What is open and not declared: between workloads, then at addresses.
    pub fn undeclared(&self) -> Vec<Undeclared> {
        let mut found = self.undeclared_pairs();
        let declared = self.at_addresses();
        for own in 0..self.model.workloads.len() {
            for direction in Direction::BOTH {
                let Some(opened) = self.model.addresses(direction, own).filter(|opened| !opened.is_empty()) else {
                    continue;
                };
                let declared = declared.get(&(direction, own)).into_iter().flatten().copied();
                let extra = opened.minus(&Opened::of(declared));
                found.extend(extra.by_ports().into_iter().map(|(addresses, ports)| {
                    let (from, to) = ends(direction, own, addresses);
                    Undeclared { from, to, ports }
                }));
            }
        }
        found
    }

    fn undeclared_pairs(&self) -> Vec<Undeclared> {
        let mut declared: IndexMap<(usize, usize), PortSet> = IndexMap::new();
        for flow in self.declared {
            for (from, to) in pairs(flow) {
                let (Place::Workload(from), Place::Workload(to)) = (from, to) else { continue };
                let ports = declared.entry((from, to)).or_default();
                *ports = ports.union(&flow.ports);
            }
        }
        let extra = self.model.connections().filter_map(|(from, to, open)| {
            let ports = match declared.get(&(from, to)) {
                Some(declared) => open.minus(declared),
                None => open,
            };
            (!ports.is_empty()).then(|| Undeclared { from: Place::Workload(from), to: Place::Workload(to), ports })
        });
        extra.collect()
    }

    fn at_addresses(&self) -> AtAddresses<'c> {
        let mut found = AtAddresses::new();
        for flow in self.declared {
            let (direction, own, far) = match (&flow.from, &flow.to) {
                (End::Workloads(own), End::Addresses(far, _)) => (Direction::Egress, own, far),
                (End::Addresses(far, _), End::Workloads(own)) => (Direction::Ingress, own, far),
                _ => continue,
            };
            for own in own {
                found.entry((direction, *own)).or_default().push((far, &flow.ports));
            }
        }
        found
    }

    /// The flows declared between two places, whatever their ports.
    pub fn between(&self, from: &Place, to: &Place) -> Vec<&'c Declared<'p>> {
        let is = |end: &End, place: &Place| match (end, place) {
            (End::Workloads(all), Place::Workload(one)) => all.contains(one),
            (End::Addresses(all, _), Place::Addresses(some)) => !all.intersection(some).is_empty(),
            _ => false,
        };
        self.declared.iter().filter(|flow| is(&flow.from, from) && is(&flow.to, to)).collect()
    }
}

/// From or to the addresses that a workload reaches or is reached from.
fn ends(direction: Direction, own: usize, addresses: AddressSet) -> (Place, Place) {
    match direction {
        Direction::Egress => (Place::Workload(own), Place::Addresses(addresses)),
        Direction::Ingress => (Place::Addresses(addresses), Place::Workload(own)),
    }
}

fn pairs(flow: &Declared) -> impl Iterator<Item = (Place, Place)> {
    let (from, to) = (places(&flow.from), places(&flow.to));
    from.into_iter().flat_map(move |from| to.clone().into_iter().map(move |to| (from.clone(), to)))
}

fn places(end: &End) -> Vec<Place> {
    match end {
        End::Workloads(workloads) => workloads.iter().copied().map(Place::Workload).collect(),
        End::Addresses(addresses, _) => vec![Place::Addresses(addresses.clone())],
    }
}
