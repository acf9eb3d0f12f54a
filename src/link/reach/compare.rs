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

/// A connection that policies of one end let through, and nothing declares.
#[derive(Debug)]
pub struct Undeclared {
    /// Of the end whose policies let it through.
    pub direction: Direction,
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

/// What is declared from one workload to another.
type BetweenWorkloads = IndexMap<(usize, usize), PortSet>;

/// What is declared at the addresses that a workload reaches, or is reached from.
type AtAddresses<'c> = IndexMap<(Direction, usize), Vec<(&'c AddressSet, &'c PortSet)>>;

impl<'c, 'a, 'p> Comparison<'c, 'a, 'p> {
    pub fn new(model: &'c Model<'a>, declared: &'c [Declared<'p>]) -> Self {
        Self { model, declared }
    }

    /// Flows of the plan that are closed.
    pub fn closed(&self) -> Vec<Closed<'c, 'p>> {
        self.declared.iter().filter(|flow| flow.origin.is_some()).filter_map(|flow| self.closed_flow(flow)).collect()
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
        let (from, to) = direction.ends(Place::Workload(own), Place::Addresses(addresses));
        Some(Closed { flow, from, to, ports, at: vec![(direction, own)] })
    }

    /// What each end lets through and nothing declares: between workloads, then at addresses. That the other end closes it is
    /// no excuse: whoever opens that one does not know.
    pub fn undeclared(&self) -> Vec<Undeclared> {
        let declared = self.between_workloads();
        let pairs = Direction::BOTH.into_iter().flat_map(|direction| self.undeclared_pairs(direction, &declared));
        let declared = self.at_addresses();
        let everybody =
            (0..self.model.workloads.len()).flat_map(|own| Direction::BOTH.map(|direction| (direction, own)));
        pairs.chain(everybody.flat_map(|(direction, own)| self.undeclared_at(direction, own, &declared))).collect()
    }

    fn undeclared_pairs(&self, direction: Direction, declared: &BetweenWorkloads) -> Vec<Undeclared> {
        let extra = self.model.let_through(direction).filter_map(|(from, to, open)| {
            let ports = match declared.get(&(from, to)) {
                Some(declared) => open.minus(declared),
                None => open,
            };
            let (from, to) = (Place::Workload(from), Place::Workload(to));
            (!ports.is_empty()).then_some(Undeclared { direction, from, to, ports })
        });
        extra.collect()
    }

    fn undeclared_at(&self, direction: Direction, own: usize, declared: &AtAddresses) -> Vec<Undeclared> {
        let opened = self.model.addresses(direction, own).filter(|opened| !opened.is_empty());
        let Some(opened) = opened else { return vec![] };
        let declared = declared.get(&(direction, own)).into_iter().flatten().copied();
        let extra = opened.minus(&Opened::of(declared)).by_ports();
        let extra = extra.into_iter().map(|(addresses, ports)| {
            let (from, to) = direction.ends(Place::Workload(own), Place::Addresses(addresses));
            Undeclared { direction, from, to, ports }
        });
        extra.collect()
    }

    fn between_workloads(&self) -> BetweenWorkloads {
        let mut declared = BetweenWorkloads::new();
        for flow in self.declared {
            for (from, to) in pairs(flow) {
                let (Place::Workload(from), Place::Workload(to)) = (from, to) else { continue };
                let ports = declared.entry((from, to)).or_default();
                *ports = ports.union(&flow.ports);
            }
        }
        declared
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
