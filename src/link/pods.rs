//! Pods and the workloads that make them: what agrees with itself.
//!
//! Probes and hooks ask on ports that the container has; mounts name volumes that the pod has; no name or port stands twice;
//! a workload selects its own pods, and no other's; the labels of those beside which pods are to run, or apart from which, are
//! not misspelt; their namespace takes them. What the API server would refuse is an error everywhere; what it lets pass is, among some manifests,
//! a warning.

mod affinity;
mod probes;
mod security;
mod selectors;
#[cfg(test)]
mod tests;
mod twice;
mod volumes;

use super::symbols::{Pod, Symbols};
use crate::diagnostic::Sink;
use crate::link::fields::text;
use crate::source::Node;

pub fn check(symbols: &Symbols, sink: &mut Sink) {
    for object in symbols.objects {
        let Some(pod) = Pod::of(object) else { continue };
        probes::check(symbols, object, &pod, sink);
        volumes::check(symbols, object, &pod, sink);
        security::check(symbols, object, &pod, sink);
        twice::check(symbols, object, &pod, sink);
        affinity::check(symbols, object, &pod, sink);
        selectors::of_template(symbols, object, &pod, sink);
    }
    selectors::of_others(symbols, sink);
}

/// What a container is called.
fn name(container: &Node) -> &str {
    text(container, &["name"]).unwrap_or_default()
}
