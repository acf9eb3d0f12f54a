//! Autoscalers and budgets: each has a workload, may do what it is there for, and is not contradicted.
//!
//! What a VerticalPodAutoscaler does is not known here. A kind that is not Kubernetes' own may have a scale subresource:
//! among some manifests its autoscalers are not judged.

mod budget;
mod replicas;
mod requests;
mod target;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use super::symbols::{Symbols, Workload};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::source::Node;
use crate::validate::Object;

/// An autoscaler and what it scales.
pub struct Autoscaler<'s> {
    object: &'s Object<'s>,
    spec: &'s Node,
    /// Several only where some manifests hold several versions of one.
    workloads: Vec<&'s Workload<'s>>,
}

/// The workloads by namespace and name.
pub struct Scalables<'s> {
    by_name: BTreeMap<(&'s str, &'s str), Vec<&'s Workload<'s>>>,
}

pub fn check(symbols: &Symbols, sink: &mut Sink) {
    let scalables = Scalables::new(symbols);
    let objects = symbols.of_kind("HorizontalPodAutoscaler.autoscaling");
    let scalers: Vec<Autoscaler> = objects.filter_map(|object| Autoscaler::of(object, &scalables)).collect();
    let mut told = BTreeSet::new();
    for scaler in &scalers {
        target::check(symbols, scaler, &scalables, sink);
        sink.extend(room(symbols, scaler));
        requests::check(symbols, scaler, sink);
        if scaler.workloads.iter().all(|workload| told.insert(workload.title())) {
            replicas::check(symbols, scaler, sink);
        }
    }
    replicas::twice(symbols, &scalers, sink);
    budget::check(symbols, &scalers, sink);
}

impl<'s> Scalables<'s> {
    fn new(symbols: &'s Symbols<'s>) -> Self {
        let mut by_name: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for workload in &symbols.workloads {
            by_name.entry((workload.namespace.as_str(), workload.name.as_str())).or_default().push(workload);
        }
        Self { by_name }
    }

    fn named<'n>(&'n self, namespace: &'n str, name: &'n str) -> &'n [&'s Workload<'s>] {
        self.by_name.get(&(namespace, name)).map(Vec::as_slice).unwrap_or_default()
    }

    fn names_in<'n>(&'n self, namespace: &'n str) -> impl Iterator<Item = &'n str> {
        let from = self.by_name.range((namespace, "")..);
        from.take_while(move |((of, _), _)| *of == namespace).map(|((_, name), _)| *name)
    }
}

impl<'s> Autoscaler<'s> {
    fn of(object: &'s Object<'s>, scalables: &Scalables<'s>) -> Option<Self> {
        let spec = object.node.get("spec")?;
        let text = |key: &str| spec.get("scaleTargetRef")?.get(key)?.as_str();
        let (kind, name) = (text("kind")?, text("name")?);
        let named = scalables.named(object.namespace_name(), name);
        let workloads = named.iter().filter(|workload| workload.kind == kind).copied().collect();
        Some(Self { object, spec, workloads })
    }

    /// Kubernetes takes one where none is said (API docs, "HorizontalPodAutoscalerSpec").
    fn min(&self) -> i64 {
        self.spec.get("minReplicas").and_then(Node::as_integer).unwrap_or(1)
    }
}

fn room(symbols: &Symbols, scaler: &Autoscaler) -> Option<Diagnostic> {
    let max = scaler.spec.get("maxReplicas")?;
    let most = max.as_integer().filter(|most| *most < scaler.min())?;
    let place = scaler.spec.get("minReplicas").unwrap_or(max).span;
    let message =
        format!("{} wants at least {} pods and at most {most}", super::data::called(scaler.object), scaler.min());
    Some(symbols.fault(Code::NoRoomToScale, message, scaler.object, place))
}
