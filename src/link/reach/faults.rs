//! From differences to faults: one for each cause.
//!
//! Flows that one workload's policies close are one fault, and so are the connections that one rule opens; the first is told
//! in full, the others in a note.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::addresses::first_few;
use super::compare::{Closed, Comparison, Place, Undeclared};
use super::declared::{Declared, End};
use super::model::{Model, Passage};
use super::policy::{Direction, Policy};
use super::ports::PortSet;
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::link::symbols::Symbols;
use crate::manifests::FOLDER;
use crate::source::{Node, Span};

/// Tells what was found.
pub struct Faults<'f, 'a> {
    pub symbols: &'f Symbols<'a>,
    pub model: &'f Model<'f>,
}

impl Faults<'_, '_> {
    pub fn closed(&self, found: &[Closed], sink: &mut Sink) {
        let mut by_end: IndexMap<Option<usize>, Vec<&Closed>> = IndexMap::new();
        for closed in found {
            by_end.entry(closed.at.first().map(|(_, own)| *own)).or_default().push(closed);
        }
        let faults = by_end.values().filter_map(|closed| closed.split_first());
        faults.filter_map(|(first, others)| self.closed_fault(first, others)).for_each(|fault| sink.push(fault));
    }

    fn closed_fault(&self, closed: &Closed, others: &[&Closed]) -> Option<Diagnostic> {
        let (direction, own) = *closed.at.first()?;
        let policies = self.model.closing(direction, own);
        let policy = policies.iter().rev().max_by_key(|policy| policy.pods.keys().count())?;
        let message =
            format!("the flow {} is closed", self.said(&closed.from, &closed.to, &closed.ports, Some(closed.flow)));
        let place = self.nearest_rule(policy, direction, closed);
        let mut fault = self.symbols.fault(Code::FlowClosed, message, policy.object, place);
        for (direction, own) in &closed.at {
            fault = fault.note(format!("{} lets it through", self.no_rule(*direction, *own)));
        }
        let fault = fault.note(format!("`{}` declares it", closed.flow.why));
        let others = others.iter().map(|other| self.said(&other.from, &other.to, &other.ports, Some(other.flow)));
        let fault = so_are(declared_here(fault, &[closed.flow]), others.collect());
        Some(fault.help("let it through in the policy, or take the flow away"))
    }

    /// `no egress rule of integration/NetworkPolicy/healthz`
    fn no_rule(&self, direction: Direction, own: usize) -> String {
        let policies = self.model.closing(direction, own);
        let names: Vec<String> = policies.iter().map(|policy| format!("`{}`", policy.object.title())).collect();
        format!("no {} rule of {}", direction.key(), first_few(4, &names))
    }

    /// The ports of a rule for these peers, else the rules.
    fn nearest_rule(&self, policy: &Policy, direction: Direction, closed: &Closed) -> Span {
        let passages = self.passages(direction, &closed.from, &closed.to);
        let rule = passages.iter().find(|(other, ..)| std::ptr::eq(other.object, policy.object));
        let node = policy.object.node;
        let spec = node.get("spec").unwrap_or(node);
        match rule {
            Some((_, rule, _)) => rule.node.get("ports").unwrap_or(rule.node).span,
            None => spec.get(direction.key()).unwrap_or(spec).span,
        }
    }

    pub fn undeclared(&self, comparison: &Comparison, all: &[Undeclared], sink: &mut Sink) {
        let mut by_rule: IndexMap<(&str, Span), Vec<Found>> = IndexMap::new();
        for undeclared in all {
            let openings = self.openings(undeclared);
            let Some(first) = openings.first() else { continue };
            let key = (first.policy.object.file.path.as_str(), first.node.span);
            let closing = self.closing(undeclared);
            by_rule.entry(key).or_default().push(Found { undeclared, openings, closing });
        }
        for found in by_rule.values_mut() {
            // What is open at both ends is told before what one of them still closes.
            found.sort_by_key(|found| found.closing.is_some());
            let Some((first, others)) = found.split_first() else { continue };
            let fault = self.undeclared_fault(first).map(|fault| self.with_declared(fault, comparison, first, others));
            fault.into_iter().for_each(|fault| sink.push(fault));
        }
    }

    fn undeclared_fault(&self, found: &Found) -> Option<Diagnostic> {
        let opening = found.openings.first()?;
        let Undeclared { direction, from, to, ports } = found.undeclared;
        let said = self.said(from, to, ports, None);
        let is_open = if found.closing.is_none() { "open" } else { "let through" };
        let message = format!("a connection {said} is {is_open}, and nothing declares it");
        let fault = self.symbols.fault(Code::OpenUndeclared, message, opening.policy.object, opening.node.span);
        let fault = fault.note(format!("opened by {}", titles(*direction, &found.openings)));
        Some(match &found.closing {
            None => fault,
            Some(closing) => fault.note(format!("{closing} lets it through: that end alone still closes it")),
        })
    }

    /// What is declared between the ends, and what the rule opens besides.
    fn with_declared(&self, fault: Diagnostic, comparison: &Comparison, found: &Found, others: &[Found]) -> Diagnostic {
        let declared = comparison.between(&found.undeclared.from, &found.undeclared.to);
        let whys: Vec<String> =
            declared.iter().map(|flow| format!("`{}` ({})", flow.why, first_few(4, &flow.ports.told()))).collect();
        let fault = match whys.as_slice() {
            [] => fault,
            whys => fault.note(format!("declared between them: {}", first_few(4, whys))),
        };
        let others = others.iter().map(|other| {
            let Undeclared { from, to, ports, .. } = other.undeclared;
            self.said(from, to, ports, None)
        });
        let fault = so_are(declared_here(fault, &declared), others.collect());
        let by_hand = found.openings.iter().any(|opening| opening.policy.object.file.path.starts_with(FOLDER));
        let owner = if by_hand { "platform.yaml" } else { "its component" };
        fault.help(format!("close it in the policy, or declare it under `flows` of {owner}"))
    }

    /// The rules of the other end, where they do not let it through.
    fn closing(&self, undeclared: &Undeclared) -> Option<String> {
        let (Place::Workload(from), Place::Workload(to)) = (&undeclared.from, &undeclared.to) else { return None };
        let open = self.model.open(*from, *to)?;
        let direction = undeclared.direction.opposite();
        let (own, _) = direction.ends(*from, *to);
        open.intersection(&undeclared.ports).is_empty().then(|| self.no_rule(direction, own))
    }

    /// The rules that open what nothing declares.
    fn openings(&self, undeclared: &Undeclared) -> Vec<Opening<'_>> {
        let passages = self.passages(undeclared.direction, &undeclared.from, &undeclared.to);
        let open = passages.into_iter().filter(|(_, _, ports)| !ports.intersection(&undeclared.ports).is_empty());
        open.map(|(policy, rule, _)| Opening { policy, node: rule.node }).collect()
    }

    fn passages(&self, direction: Direction, from: &Place, to: &Place) -> Vec<Passage<'_, '_>> {
        match (from, to) {
            (Place::Workload(from), Place::Workload(to)) => self.model.passages(direction, *from, *to),
            (Place::Workload(own), Place::Addresses(far)) if direction == Direction::Egress => {
                self.model.passages_at(direction, *own, far)
            }
            (Place::Addresses(far), Place::Workload(own)) if direction == Direction::Ingress => {
                self.model.passages_at(direction, *own, far)
            }
            _ => vec![],
        }
    }

    /// ``from `a/b` to `c/d` on 80/TCP``
    fn said(&self, from: &Place, to: &Place, ports: &PortSet, flow: Option<&Declared>) -> String {
        let from = self.name(from, flow.map(|flow| &flow.from));
        let to = self.name(to, flow.map(|flow| &flow.to));
        format!("from {from} to {to} on {}", first_few(4, &ports.told()))
    }

    /// Addresses are called as the flow calls them, where they are all that it declares.
    fn name(&self, place: &Place, end: Option<&End>) -> String {
        match (place, end) {
            (Place::Workload(index), _) => {
                let workload = self.model.workloads.get(*index);
                workload.map_or(String::new(), |workload| {
                    format!("`{}/{}`", super::namespace_of(&workload.namespace), workload.name)
                })
            }
            (Place::Addresses(some), Some(End::Addresses(all, name))) if some == all => name.clone(),
            (Place::Addresses(some), Some(End::Addresses(_, name))) => format!("{some} of {name}"),
            (Place::Addresses(some), _) => some.to_string(),
        }
    }
}

/// Something undeclared, the rules that open it, and those that still close it.
struct Found<'f> {
    undeclared: &'f Undeclared,
    openings: Vec<Opening<'f>>,
    closing: Option<String>,
}

/// A rule that lets something through.
struct Opening<'f> {
    policy: &'f Policy<'f>,
    node: &'f Node,
}

/// ``the egress rules of `a/NetworkPolicy/b` ``
fn titles(direction: Direction, openings: &[Opening]) -> String {
    let titles: BTreeSet<String> =
        openings.iter().map(|opening| format!("`{}`", opening.policy.object.title())).collect();
    let titles: Vec<String> = titles.into_iter().collect();
    format!("the {} rules of {}", direction.key(), first_few(4, &titles))
}

/// Shows where flows are asked for and declared: the first of them, since one is enough to go on from.
fn declared_here(fault: Diagnostic, flows: &[&Declared]) -> Diagnostic {
    let Some(origin) = flows.iter().find_map(|flow| flow.origin) else { return fault };
    let places = [(origin.place(), "asked for here"), (origin.declared, "declared here")];
    places.into_iter().fold(fault, |fault, (place, text)| match place {
        Some(place) if fault.labels.iter().all(|label| label.span != place) => fault.at(place, text),
        _ => fault,
    })
}

fn so_are(fault: Diagnostic, others: Vec<String>) -> Diagnostic {
    if others.is_empty() { fault } else { fault.note(format!("so are those {}", first_few(2, &others))) }
}
