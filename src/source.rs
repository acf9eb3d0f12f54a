//! Text and trees that know where they stand: files, spans, the node tree, YAML in and out.

pub mod fields;
pub mod node;
pub mod path;
pub mod read;
pub mod scalar;
pub mod span;
pub mod typed;
pub mod write;

pub use node::{Entry, Map, Node, Value};
pub use path::NodePath;
pub use span::{FileId, Sources, Span};
