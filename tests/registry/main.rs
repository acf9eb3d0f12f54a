//! What lies in the repository is known, used and current: components, templates, examples, schemas, README, `out/`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by a panic that says why")]

mod components;
mod determinism;
mod examples;
mod names;
mod output;
mod platforms;
mod readme;
mod repository;
mod schemas;
mod templates;
