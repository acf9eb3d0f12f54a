//! Reachability: what the rendered NetworkPolicies open is what the flows declare, no more and no less.
//!
//! [`model`] computes who can reach whom from the policies alone; it shares nothing with the code that derives them.

pub mod addresses;
pub mod intervals;
pub mod model;
mod pods;
pub mod policy;
pub mod ports;

pub use addresses::{AddressSet, Opened};
pub use model::Model;
pub use policy::{Direction, Policy};
pub use ports::{Port, PortSet};

/// Where an object stands that names no namespace: kubectl's own default.
const DEFAULT: &str = "default";

/// The namespace that a name means.
fn namespace_of(name: &str) -> &str {
    if name.is_empty() { DEFAULT } else { name }
}
