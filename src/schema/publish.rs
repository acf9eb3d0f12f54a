//! A schema as plain JSON Schema, for editors.
