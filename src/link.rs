//! Phase 6, `link`: [`Objects`] → [`Linked`].
//!
//! Takes valid objects and the plan that they came from; gives the same, every reference resolved as a linker resolves
//! symbols. Faults E06xx. What can be referred to stands in `symbols`; each family of references is a file with a short
//! list of rules, and a line in `FAMILIES`. `platformc lint` runs the same families on manifests of any origin. It
//! changes nothing.

mod charts;
mod data;
mod deployed;
mod environment;
pub mod fields;
mod helmfile;
mod identity;
mod isolation;
mod monitors;
mod order;
mod pods;
mod policies;
pub mod reach;
mod routing;
mod scaling;
mod services;
pub mod symbols;
mod urls;
#[cfg(test)]
mod tests;

pub use data::reads;
pub use fields::listed;

use crate::diagnostic::Sink;
use crate::expand::Plan;
use crate::render::Rendered;
use crate::source::Sources;
use crate::validate::Objects;
use symbols::{Extent, Symbols};

/// Objects of which every reference has its target.
#[derive(Debug)]
pub struct Linked<'r> {
    pub objects: Objects<'r>,
}

/// Checks one family of references.
type Family = fn(&Symbols, &mut Sink);

/// Every family; their order is that of their faults.
const FAMILIES: &[Family] = &[
    identity::check,
    services::check,
    policies::check,
    reach::check,
    deployed::check,
    order::check,
    routing::check,
    monitors::check,
    pods::check,
    data::check,
    charts::check,
    environment::check,
    scaling::check,
    isolation::check,
    urls::check,
];

/// Checks everything that refers to something else.
pub fn link<'r>(
    objects: Objects<'r>,
    rendered: &Rendered,
    plan: &Plan,
    sources: &Sources,
    sink: &mut Sink,
) -> Linked<'r> {
    check(&symbols(&objects, rendered, plan, sources), sink);
    Linked { objects }
}

/// All that the objects of a platform can refer to.
pub fn symbols<'a>(
    objects: &'a Objects<'a>,
    rendered: &'a Rendered,
    plan: &'a Plan<'a>,
    sources: &'a Sources,
) -> Symbols<'a> {
    let external = &plan.platform.input.external;
    Symbols::new(&objects.objects, Some(plan), &rendered.files, external, Extent::Whole, sources)
}

/// All families, on all cores.
pub fn check(symbols: &Symbols, sink: &mut Sink) {
    sink.on_all_cores(FAMILIES, |family, sink| family(symbols, sink));
}
