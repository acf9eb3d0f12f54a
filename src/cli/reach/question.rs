//! Whether one reaches the other, by which ports, and whose policies say so.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::matrix::Matrix;
use super::names::{End, Ends};
use crate::link::reach::{AddressSet, Direction, PortSet};

/// How many connections are told one by one.
const MANY: usize = 4;

pub struct Question<'q, 'm> {
    pub matrix: &'q Matrix<'m>,
    pub from: &'q End,
    pub to: &'q End,
}

/// One pair of it.
struct Told {
    from: String,
    to: String,
    /// What is open, each with its addresses where it is about such; empty: closed.
    open: Vec<String>,
    /// What the policies of each end say.
    why: Vec<String>,
}

impl Question<'_, '_> {
    pub fn is_yes(&self) -> bool {
        self.pairs().iter().any(|pair| !pair.open.is_empty())
    }

    pub fn answer(&self) -> String {
        let pairs = self.pairs();
        let (open, closed): (Vec<Told>, Vec<Told>) = pairs.into_iter().partition(|pair| !pair.open.is_empty());
        let (from, to) = (&self.from.name, &self.to.name);
        match (open.as_slice(), closed.as_slice()) {
            ([], []) => format!("no: between {from} and {to} the policies have nothing to say\n"),
            ([], closed) => format!("no: {from} does not reach {to}\n{}", told(closed)),
            (open, _) => format!("yes: {from} reaches {to}\n{}", told(open)),
        }
    }

    fn pairs(&self) -> Vec<Told> {
        match (&self.from.is, &self.to.is) {
            (Ends::Workloads(from), Ends::Workloads(to)) => {
                let pairs = from.iter().flat_map(|from| to.iter().map(move |to| (*from, *to)));
                pairs.filter_map(|(from, to)| self.pair(from, to)).collect()
            }
            (Ends::Workloads(own), Ends::Addresses(far)) => {
                own.iter().filter_map(|own| self.at(Direction::Egress, *own, far)).collect()
            }
            (Ends::Addresses(far), Ends::Workloads(own)) => {
                own.iter().filter_map(|own| self.at(Direction::Ingress, *own, far)).collect()
            }
            (Ends::Addresses(_), Ends::Addresses(_)) => vec![],
        }
    }

    fn pair(&self, from: usize, to: usize) -> Option<Told> {
        let ports = self.matrix.model.open(from, to)?;
        let rules = |direction| self.matrix.model.passages(direction, from, to);
        let why = [(Direction::Egress, from), (Direction::Ingress, to)].into_iter().map(|(direction, own)| {
            let passages: Vec<(String, PortSet)> =
                rules(direction).into_iter().map(|(policy, _, ports)| (policy.object.title(), ports)).collect();
            self.why(direction, own, &passages, &ports)
        });
        let why = why.collect();
        let open = if ports.is_empty() { vec![] } else { vec![ports.to_string()] };
        Some(Told { from: self.matrix.name(from).to_owned(), to: self.matrix.name(to).to_owned(), open, why })
    }

    fn at(&self, direction: Direction, own: usize, far: &AddressSet) -> Option<Told> {
        let model = &self.matrix.model;
        if !model.is_governed(own) {
            return None;
        }
        let open: Vec<String> = match model.addresses(direction, own) {
            None => vec!["every port, at every address".into()],
            Some(opened) => opened.by_ports().iter().filter_map(|piece| shown(piece, far)).collect(),
        };
        let passages = model.passages_at(direction, own, far).into_iter();
        let passages: Vec<(String, PortSet)> =
            passages.map(|(policy, _, ports)| (policy.object.title(), ports)).collect();
        let why = vec![self.why(direction, own, &passages, &PortSet::every())];
        let (name, far) = (self.matrix.name(own).to_owned(), self.far().to_owned());
        let (from, to) = direction.ends(name, far);
        Some(Told { from, to, open, why })
    }

    /// The end that is an address.
    fn far(&self) -> &str {
        if matches!(self.from.is, Ends::Addresses(_)) { &self.from.name } else { &self.to.name }
    }

    /// What the policies of one end say about it.
    fn why(&self, direction: Direction, own: usize, passages: &[(String, PortSet)], open: &PortSet) -> String {
        let model = &self.matrix.model;
        let key = direction.key();
        if !model.is_restricted(direction, own) {
            return format!("{key}: no policy closes {}", self.matrix.name(own));
        }
        let lets = passages.iter().filter(|(_, ports)| open.is_empty() || !ports.intersection(open).is_empty());
        let lets: BTreeSet<String> = lets.map(|(title, ports)| format!("{title} lets it through on {ports}")).collect();
        if !lets.is_empty() {
            return format!("{key}: {}", lets.into_iter().collect::<Vec<_>>().join("; "));
        }
        let closing: Vec<String> = model.closing(direction, own).iter().map(|policy| policy.object.title()).collect();
        format!("{key}: closed by {}", closing.join(", "))
    }
}

/// The ports of a piece, and its addresses; none where it has none of those asked for.
fn shown((addresses, ports): &(AddressSet, PortSet), far: &AddressSet) -> Option<String> {
    (!addresses.intersection(far).is_empty()).then(|| format!("{ports}, at {addresses}"))
}

fn told(pairs: &[Told]) -> String {
    let mut text = String::new();
    for Told { from, to, open, why } in pairs.iter().take(MANY) {
        let ports = if open.is_empty() { String::new() } else { format!(" on {}", open.join("; ")) };
        let _ = writeln!(text, "  {from} → {to}{ports}");
        for why in why {
            let _ = writeln!(text, "    {why}");
        }
    }
    if pairs.len() > MANY {
        let _ = writeln!(text, "  and {} more", pairs.len() - MANY);
    }
    text
}
