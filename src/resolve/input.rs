//! The fixed keys of platform.yaml as Rust types; their doc comments are the published schema's descriptions.

/// The keys that belong to no component.
#[derive(Debug, Clone, Default)]
pub struct Fixed {}
