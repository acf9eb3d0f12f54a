//! platformc: a compiler from one `platform.yaml` to a whole Kubernetes platform.

#![forbid(unsafe_code)]

pub mod cli;
pub mod component;
pub mod diagnostic;
pub mod load;
pub mod render;
pub mod resolve;
pub mod schema;
pub mod source;
pub mod world;
