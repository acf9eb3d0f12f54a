//! A schema from a node.
