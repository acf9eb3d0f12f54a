//! Monitors: each selects something, on a port that it has, at a path with metrics, and is itself read.
//!
//! A ServiceMonitor selects Services, a PodMonitor pods, a Probe Ingresses (Prometheus Operator, "API reference"). Without
//! `namespaceSelector` they look in their own namespace. Secrets and ConfigMaps that they name are looked at with all
//! others. A PrometheusRule selects nothing, and is read or not like them.

mod endpoint;
mod probe;
mod targets;
#[cfg(test)]
mod tests;

use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::expand::{Instance, MONITORING, provider};
use crate::link::fields::{called, field, selector_place};
use crate::link::symbols::{Selector, Service, Symbols, Workload};
use crate::source::Node;
use crate::validate::Object;
use endpoint::Metrics;
use targets::{Scope, Shown, Targets};

const GROUP: &str = "monitoring.coreos.com";

pub fn check(symbols: &Symbols, sink: &mut Sink) {
    let mut monitors = symbols.objects.iter().filter(|object| object.group() == GROUP).peekable();
    if monitors.peek().is_none() {
        return;
    }
    let all = All::of(symbols);
    for monitor in monitors {
        match monitor.kind {
            "ServiceMonitor" => all.services(monitor, sink),
            "PodMonitor" => all.pods(monitor, sink),
            "Probe" => probe::check(symbols, &all.ingresses, monitor, sink),
            "PrometheusRule" => {}
            _ => continue,
        }
        read(symbols, monitor, sink);
    }
}

/// What can be selected.
struct All<'s, 'a> {
    symbols: &'s Symbols<'a>,
    services: Targets<'s, Service<'a>>,
    workloads: Targets<'s, Workload<'a>>,
    ingresses: Targets<'s, Object<'a>>,
    metrics: Metrics<'s>,
}

impl<'s, 'a> All<'s, 'a> {
    fn of(symbols: &'s Symbols<'a>) -> Self {
        let services =
            symbols.services.iter().map(|service| (service.namespace.as_str(), service.labels.clone(), service));
        let pods = symbols.workloads.iter().map(|pods| (pods.namespace.as_str(), pods.labels.clone(), pods));
        Self {
            symbols,
            services: Targets::of("Service", services),
            workloads: Targets::of("pod", pods),
            ingresses: probe::ingresses(symbols),
            metrics: Metrics::of(symbols),
        }
    }

    fn services(&self, monitor: &Object, sink: &mut Sink) {
        let services = select(self.symbols, &self.services, monitor, &["spec"], sink);
        if !services.is_empty() {
            endpoint::of_services(self.symbols, &self.metrics, monitor, &services, sink);
        }
    }

    fn pods(&self, monitor: &Object, sink: &mut Sink) {
        let pods = select(self.symbols, &self.workloads, monitor, &["spec"], sink);
        if !pods.is_empty() {
            endpoint::of_pods(self.symbols, &self.metrics, monitor, &pods, sink);
        }
    }
}

/// What the `selector` and `namespaceSelector` below a path select; a fault where that is nothing.
fn select<'s, T: Shown>(
    symbols: &Symbols,
    targets: &Targets<'s, T>,
    monitor: &Object,
    below: &[&str],
    sink: &mut Sink,
) -> Vec<&'s T> {
    let Some(below) = field(monitor.node, below) else { return vec![] };
    let node = below.get("selector");
    let selector = node.map(Selector::of).unwrap_or_default();
    let scope = Scope::of(symbols, monitor, below.get("namespaceSelector"));
    if scope.unknown(symbols, targets.what, monitor, sink) || targets.are_elsewhere(&scope) {
        return vec![];
    }
    let found = targets.select(&scope, &selector);
    if found.is_empty() {
        let message = format!("{} selects no {}: none{scope} carries `{selector}`", called(monitor), targets.what);
        let fault = symbols.absent(Code::MonitorsNothing, message, monitor, node.map_or(below.span, selector_place));
        sink.push(targets.nearest(fault, &scope, &selector));
    } else {
        targets.in_each(symbols, &scope, &selector, monitor, sink);
    }
    found
}

impl Shown for Service<'_> {
    fn title(&self) -> String {
        Service::title(self)
    }

    fn beside(&self, fault: Diagnostic) -> Diagnostic {
        self.made.beside(fault, "the nearest Service")
    }

    fn is_here(&self) -> bool {
        !self.made.is_external()
    }
}

impl Shown for Workload<'_> {
    fn title(&self) -> String {
        Workload::title(self)
    }

    fn beside(&self, fault: Diagnostic) -> Diagnostic {
        self.made.beside(fault, "the nearest workload")
    }
}

/// A monitor or rule carries the labels that the platform's monitoring selects on.
fn read(symbols: &Symbols, monitor: &Object, sink: &mut Sink) {
    let provided = symbols.plan.and_then(|plan| provider(&plan.instances, MONITORING));
    let Some(monitoring) = provided else { return };
    let labels = field(monitor.node, &["metadata", "labels"]);
    for (key, value) in monitoring.exported_value("labels").as_object().into_iter().flatten() {
        let (Some(value), has) = (value.as_str(), labels.and_then(|labels| labels.get(key))) else { continue };
        if has.and_then(Node::as_str) != Some(value) {
            sink.push(unread(symbols, monitor, monitoring, has.or(labels), &format!("{key}: {value}")));
        }
    }
}

fn unread(symbols: &Symbols, monitor: &Object, monitoring: &Instance, at: Option<&Node>, wanted: &str) -> Diagnostic {
    let message = format!("{} is read by nobody: it has no label `{wanted}`", called(monitor));
    let place = at.map_or_else(|| monitor.metadata("name"), |node| node.span);
    let fault = symbols.fault(Code::UnreadMonitor, message, monitor, place);
    let fault = fault.at(monitoring.used.span, "this reads only what has that label");
    fault.help(format!("write `{wanted}` under `metadata: {{labels: …}}`"))
}
