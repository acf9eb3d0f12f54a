//! What lies in the repository is known, used and current: components, templates, examples, schemas, README, `out/`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by a panic that says why")]

mod book;
mod components;
mod determinism;
mod diff;
mod examples;
mod expressions;
mod guide;
mod markdown;
mod names;
mod output;
mod platforms;
mod readme;
mod reference;
mod repository;
mod schemas;
mod tables;
mod templates;
mod values;
mod words;
