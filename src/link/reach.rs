//! Reachability: what the rendered NetworkPolicies open is what the flows declare, no more and no less.
//!
//! [`model`] computes who can reach whom from the policies alone; it shares nothing with the code that derives them.
//! A declared flow that no policy lets through is E0646, an open connection that no flow declares E0647. What an ipBlock
//! opens is an address, never a pod; a flow to any address is declared as that.

pub mod addresses;
mod compare;
mod declared;
mod faults;
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
use crate::expand::Plan;
use compare::Comparison;
use faults::Faults;

/// Where an object stands that names no namespace: kubectl's own default.
const DEFAULT: &str = "default";

/// The namespace that a name means.
fn namespace_of(name: &str) -> &str {
    if name.is_empty() { DEFAULT } else { name }
}

/// Judges what the policies of a platform restrict.
pub fn check(symbols: &Symbols, plan: &Plan, sink: &mut Sink) {
    let servers = declared::name_servers(symbols, &plan.platform.input.cluster);
    let model = model(symbols, &servers);
    let declared = declared::declared(&model, plan);
    let comparison = Comparison::new(&model, &declared);
    let faults = Faults { symbols, model: &model };
    faults.closed(&comparison.closed(), sink);
    faults.undeclared(&comparison, &comparison.undeclared(), sink);
}

fn model<'m>(symbols: &'m Symbols<'m>, further: &'m Option<Workload<'m>>) -> Model<'m> {
    Model::new(symbols.objects, symbols.workloads.iter().chain(further).collect(), &symbols.namespaces)
}
