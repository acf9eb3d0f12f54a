//! Scalars that read the same in YAML 1.1 and 1.2.
