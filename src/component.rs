//! Components: what a folder below `templates/` says, as types.

pub mod catalog;
pub mod expression;
pub mod interface;
pub mod pattern;
pub mod values;

pub use catalog::{Capability, Catalog, Component};
