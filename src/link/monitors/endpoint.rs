//! The endpoints of a monitor: their ports are those of what it selects, their paths those where metrics are.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::expand::DeclaredMetric;
use crate::link::fields::{called, items, listed};
use crate::link::routing::ports;
use crate::link::services::listening;
use crate::link::symbols::{Extent, Service, ServicePort, Symbols, Target, Workload};
use crate::source::Node;
use crate::validate::Object;

/// Where metrics are if an endpoint says no path (Prometheus Operator, "Endpoint", `path`).
const PATH: &str = "/metrics";

/// What components say can be scraped, by Service or workload.
pub struct Metrics<'s>(BTreeMap<(bool, &'s str, &'s str), Vec<&'s DeclaredMetric>>);

impl<'s> Metrics<'s> {
    pub fn of(symbols: &Symbols<'s>) -> Self {
        let mut metrics: BTreeMap<_, Vec<&DeclaredMetric>> = BTreeMap::new();
        for metric in symbols.plan.map(|plan| plan.metrics.as_slice()).unwrap_or_default() {
            let key = (metric.of_service, metric.namespace.as_str(), metric.name.as_str());
            metrics.entry(key).or_default().push(metric);
        }
        Self(metrics)
    }

    /// Those on a port of a Service, or of a workload's pods.
    fn on(&self, of_service: bool, namespace: &str, name: &str, port: u16) -> Vec<&'s DeclaredMetric> {
        let found = self.0.get(&(of_service, namespace, name)).into_iter().flatten();
        found.copied().filter(|metric| metric.port == port).collect()
    }
}

/// Some Service has the port by its name; or its pods have the `targetPort`, by name or number (Prometheus Operator,
/// "Endpoint").
pub fn of_services(symbols: &Symbols, metrics: &Metrics, monitor: &Object, services: &[&Service], sink: &mut Sink) {
    for endpoint in items(monitor.node, &["spec", "endpoints"]) {
        let named = endpoint.get("port").filter(|port| port.as_str().is_some_and(|name| !name.is_empty()));
        let is_it = |port: &ServicePort| named.is_none_or(|name| port.name.as_deref() == name.as_str());
        let has = services.iter().flat_map(|service| {
            service.ports.iter().filter(|port| is_it(port)).map(move |port| (*service, port.number))
        });
        let has: Vec<(&Service, u16)> = has.collect();
        if let Some(name) = named.filter(|_| has.is_empty()) {
            sink.push(no_service_port(symbols, monitor, services, name));
            continue;
        }
        if let Some(port) = endpoint.get("targetPort") {
            let pods = services.iter().flat_map(|service| symbols.behind(service)).collect::<Vec<_>>();
            check_pods(symbols, monitor, &pods, port, sink);
        }
        let declared =
            has.iter().flat_map(|(service, port)| metrics.on(true, &service.namespace, &service.name, *port));
        check_path(symbols, monitor, endpoint, &declared.collect::<Vec<_>>(), sink);
    }
}

/// Some pod has the port by its name or number (Prometheus Operator, "PodMetricsEndpoint").
pub fn of_pods(symbols: &Symbols, metrics: &Metrics, monitor: &Object, pods: &[&Workload], sink: &mut Sink) {
    for endpoint in items(monitor.node, &["spec", "podMetricsEndpoints"]) {
        let said = ["port", "portNumber", "targetPort"].iter().filter_map(|key| endpoint.get(key));
        let mut said = said.filter(|port| port.as_str().is_none_or(|name| !name.is_empty()));
        let port = said.next();
        if port.is_some_and(|port| !check_pods(symbols, monitor, pods, port, sink)) {
            continue;
        }
        let wanted = port.and_then(Target::of);
        let is_it = |listens: &crate::link::symbols::Listens| match &wanted {
            Some(Target::Number(number)) => listens.number == *number,
            Some(Target::Name(name)) => listens.name.as_ref() == Some(name),
            None => true,
        };
        let has =
            pods.iter().flat_map(|pods| pods.ports.iter().filter(|port| is_it(port)).map(move |port| (*pods, port)));
        let declared = has.flat_map(|(pods, port)| metrics.on(false, &pods.namespace, &pods.name, port.number));
        check_path(symbols, monitor, endpoint, &declared.collect::<Vec<_>>(), sink);
    }
}

fn no_service_port(symbols: &Symbols, monitor: &Object, services: &[&Service], name: &Node) -> Diagnostic {
    let wanted = name.as_str().unwrap_or_default();
    let titles: Vec<String> = services.iter().take(3).map(|service| service.title()).collect();
    let message = format!(
        "{} asks on the port `{wanted}` of {}, which has no port of that name",
        called(monitor),
        titles.join(" and of ")
    );
    let fault = symbols.fault(Code::UnknownMetricsPort, message, monitor, name.span);
    let Some(first) = services.first() else { return fault };
    ports(first.made.beside(fault, "the Service that it selects"), first, wanted)
}

/// Whether some pod has the port. A number is met wherever no port is declared: declaring one is documentation to Kubernetes
/// (API docs, "Container", `ports`).
fn check_pods(symbols: &Symbols, monitor: &Object, pods: &[&Workload], port: &Node, sink: &mut Sink) -> bool {
    let Some(wanted) = Target::of(port) else { return true };
    let has = |pods: &&&Workload| match &wanted {
        Target::Number(number) => {
            let is_silent = symbols.extent == Extent::Part && pods.ports.is_empty();
            is_silent || pods.ports.iter().any(|port| port.number == *number)
        }
        Target::Name(name) => pods.port_named(name).is_some(),
    };
    let Some(first) = pods.first().filter(|_| !pods.iter().any(|pods| has(&pods))) else { return true };
    let message = format!("{} asks on the port `{wanted}` of {}, which has none such", called(monitor), first.title());
    let fault = symbols.fault(Code::UnknownMetricsPort, message, monitor, port.span);
    sink.push(listening(first.made.beside(fault, "the pods that it selects"), first, &wanted));
    false
}

/// A path begins with `/`, and where a component says at which paths of the port metrics are, it is one of them.
fn check_path(symbols: &Symbols, monitor: &Object, endpoint: &Node, declared: &[&DeclaredMetric], sink: &mut Sink) {
    let node = endpoint.get("path").filter(|path| path.as_str().is_some_and(|path| !path.is_empty()));
    let path = node.and_then(Node::as_str).unwrap_or(PATH);
    let place = node.unwrap_or(endpoint).span;
    if !path.starts_with('/') {
        let message = format!("{} asks at the path `{path}`, which does not begin with `/`", called(monitor));
        let fault = symbols.fault(Code::WrongMetricsPath, message, monitor, place);
        sink.push(fault.help(format!("write `/{path}`")));
    } else if let Some(first) = declared.first().filter(|_| declared.iter().all(|metric| metric.path != path)) {
        let known: Vec<&str> = declared.iter().map(|metric| metric.path.as_str()).collect();
        let of = if first.of_service { "Service " } else { "" };
        let of = format!("{of}{}/{}", first.namespace, first.name);
        let message = format!("{} asks at the path `{path}` of {of}, which has no metrics there", called(monitor));
        let fault = symbols.fault(Code::WrongMetricsPath, message, monitor, place);
        let there = first.origin.declared.or(first.origin.place());
        let fault = there.into_iter().fold(fault, |fault, span| fault.at(span, "declared here"));
        sink.push(fault.note(format!("its metrics are at {}", listed(&known))).suggest(path, known.iter().copied()));
    }
}
