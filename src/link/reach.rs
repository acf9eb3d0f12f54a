//! Reachability: what the rendered NetworkPolicies open is what the flows declare, no more and no less.
//!
//! [`model`] computes who can reach whom from the policies alone; it shares nothing with the code that derives them.
//! A declared flow that no policy lets through is E0646, an open connection that no flow declares E0647. What an ipBlock
//! opens is an address, never a pod; a flow to any address is declared as that.

pub mod addresses;
mod compare;
mod declared;
mod faults;
mod gates;
pub mod intervals;
pub mod model;
mod pods;
pub mod policy;
pub mod ports;
#[cfg(test)]
mod tests;

pub use addresses::{AddressSet, Opened};
pub use declared::internet;
pub use model::Model;
pub use policy::{Direction, Policy};
pub use ports::{Port, PortSet};

use super::symbols::{Symbols, Workload};
use crate::diagnostic::Sink;
use compare::Comparison;
use faults::Faults;

/// Where an object stands that names no namespace: kubectl's own default.
const DEFAULT: &str = "default";

/// The namespace that a name means.
fn namespace_of(name: &str) -> &str {
    if name.is_empty() { DEFAULT } else { name }
}

/// What the model needs beside the symbols: who answers for names.
pub struct Scene<'a> {
    name_servers: Option<Workload<'a>>,
}

impl<'a> Scene<'a> {
    pub fn new(symbols: &Symbols<'a>) -> Self {
        let cluster = symbols.plan.map(|plan| &plan.platform.input.cluster);
        Self { name_servers: cluster.and_then(|cluster| declared::name_servers(symbols, cluster)) }
    }

    pub fn model<'m>(&'m self, symbols: &'m Symbols<'m>) -> Model<'m> {
        Model::new(symbols.objects, self.workloads(symbols).collect(), &symbols.namespaces)
    }

    /// Everything that makes pods.
    pub fn workloads<'m>(&'m self, symbols: &'m Symbols<'m>) -> impl Iterator<Item = &'m Workload<'m>> {
        symbols.workloads.iter().chain(&self.name_servers)
    }
}

/// Judges what the policies of a platform restrict.
pub fn check(symbols: &Symbols, sink: &mut Sink) {
    let Some(plan) = symbols.plan else { return };
    let scene = Scene::new(symbols);
    let model = scene.model(symbols);
    let declared = declared::declared(&model, plan);
    let comparison = Comparison::new(&model, &declared);
    let faults = Faults { symbols, model: &model };
    faults.closed(&comparison.closed(), sink);
    faults.undeclared(&comparison, &comparison.undeclared(), sink);
}
