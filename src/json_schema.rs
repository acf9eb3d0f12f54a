//! JSON Schemas that others wrote: of Kubernetes kinds, of CRDs, of the values of charts.
//!
//! [`Fault`] is what one says is wrong, in our words; [`Parts`] compiles of one what is asked for.

pub mod fault;
pub mod parts;

pub use fault::Fault;
pub use parts::Parts;
