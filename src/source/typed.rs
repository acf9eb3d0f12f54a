//! Node → Rust type.

use serde::de::DeserializeOwned;

use super::node::Node;
use super::span::Span;

/// Why a node is not a `T`, and where.
#[derive(Debug)]
pub struct TypedError {
    pub span: Span,
    pub message: String,
}

/// Reads a checked node as a type.
pub fn typed<T: DeserializeOwned>(node: &Node) -> Result<T, TypedError> {
    serde_json::from_value(node.to_json()).map_err(|error| TypedError { span: node.span, message: error.to_string() })
}
