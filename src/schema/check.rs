//! Checking a node against a schema.
