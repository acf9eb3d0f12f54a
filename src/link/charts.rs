//! What the values of charts lead to, Secrets and their keys aside: Services, routes, StorageClasses, ServiceAccounts.
//!
//! A value that Helm would still evaluate (`{{ … }}`) is not followed, nor an address on the reader's own machine.

#[cfg(test)]
mod tests;

use super::data::of_value;
use super::fields::{items, text};
use super::identity::{ClassKind, is_account, unknown_class};
use super::symbols::{ChartValues, SetValue, Symbols};
use crate::component::interface::{ChartValue, Meaning};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::source::Node;

/// What many charts write for "no class at all".
const NO_CLASS: &str = "-";

pub fn check(symbols: &Symbols, sink: &mut Sink) {
    let served = Served::new(symbols);
    for chart in &symbols.charts {
        for (path, entry) in &chart.release.meanings {
            for value in chart.at(path) {
                Value { symbols, chart, meaning: &entry.is, value }.check(&served, sink);
            }
        }
    }
}

/// A value and what it means.
struct Value<'s> {
    symbols: &'s Symbols<'s>,
    chart: &'s ChartValues<'s>,
    meaning: &'s ChartValue,
    value: SetValue<'s>,
}

impl Value<'_> {
    fn check(&self, served: &Served, sink: &mut Sink) {
        let text = self.value.node.as_str().filter(|text| !text.is_empty() && !text.contains("{{"));
        let Some(text) = text else { return };
        match self.meaning.is {
            Meaning::Service => sink.extend(self.service(text)),
            Meaning::Route => sink.extend(self.route(text, served)),
            Meaning::ServiceAccount => sink.extend(self.account(text)),
            Meaning::StorageClass if text != NO_CLASS => {
                let place = of_value(self.symbols, self.chart, self.value.clone(), self.meaning.option.as_deref());
                unknown_class(self.symbols, ClassKind::Storage, text, &place, sink);
            }
            _ => {}
        }
    }

    fn namespace(&self) -> &str {
        &self.chart.release.namespace
    }

    fn fault(&self, code: Code, leads: &str) -> Diagnostic {
        let place = of_value(self.symbols, self.chart, self.value.clone(), self.meaning.option.as_deref());
        place.fault(self.symbols, code, format!("{} {leads}", place.reader()))
    }

    /// A name, or a host within the cluster: `name.namespace.svc…`.
    fn service(&self, text: &str) -> Option<Diagnostic> {
        let parts: Vec<&str> = host_of(text).split('.').collect();
        let (name, namespace) = match parts.as_slice() {
            [name] => (*name, self.namespace()),
            [name, namespace] | [name, namespace, "svc", ..] => (*name, *namespace),
            _ => return None,
        };
        if self.symbols.service(namespace, name).is_some() {
            return None;
        }
        let leads = format!("connects to Service {namespace}/{name}, which is not there");
        let known = self.symbols.services_in(namespace).map(|service| service.name.as_str());
        Some(self.fault(Code::UnknownChartTarget, &leads).suggest(name, known))
    }

    fn route(&self, text: &str, served: &Served) -> Option<Diagnostic> {
        let host = host_of(text);
        let is_local = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok();
        let route = self.chart.instance.routes.get(self.meaning.of.as_ref()?)?;
        let service = self.chart.instance.services.get(&route.is.service)?;
        let to = (self.namespace(), service.is.name.as_str());
        if is_local || served.leads(host, path_of(text), to) {
            return None;
        }
        let leads =
            format!("says that it is reached at `{text}`, and no route leads from there to Service {}/{}", to.0, to.1);
        let fault = self.fault(Code::UnknownChartTarget, &leads);
        let hosts: Vec<&str> = served.hosts(to).collect();
        Some(match hosts.as_slice() {
            [] => fault,
            hosts => fault.note(format!("a route leads there from `{}`", hosts.join("`, `"))),
        })
    }

    fn account(&self, text: &str) -> Option<Diagnostic> {
        let namespace = self.namespace();
        if is_account(self.symbols, namespace, text) {
            return None;
        }
        let leads = format!("runs as ServiceAccount {namespace}/{text}, which is not there");
        let fault = self.fault(Code::UnknownServiceAccount, &leads);
        let help = format!("if it is made elsewhere, say so: `external: {{serviceAccounts: [{namespace}/{text}]}}`");
        Some(fault.help(help))
    }
}

/// Which host and path leads to which Service.
struct Served<'s> {
    routes: Vec<Lead<'s>>,
}

/// One of them.
struct Lead<'s> {
    host: &'s str,
    /// None where it is a regular expression.
    path: Option<&'s str>,
    namespace: &'s str,
    service: &'s str,
}

impl<'s> Served<'s> {
    fn new(symbols: &'s Symbols<'s>) -> Self {
        let mut routes = vec![];
        // Only values ask.
        let objects = if symbols.charts.is_empty() { &[] } else { symbols.objects };
        for object in objects {
            let Some(spec) = object.node.get("spec") else { continue };
            let namespace = object.namespace_name();
            match (object.kind, object.group()) {
                ("Ingress", "networking.k8s.io") => ingress(spec, namespace, &mut routes),
                ("HTTPRoute", "gateway.networking.k8s.io") => http_route(spec, namespace, &mut routes),
                _ => {}
            }
        }
        Self { routes }
    }

    fn leads(&self, host: &str, path: &str, (namespace, service): (&str, &str)) -> bool {
        let below = |of: &str| {
            let of = of.trim_end_matches('/');
            path.strip_prefix(of).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.routes.iter().any(|route| {
            (route.host, route.namespace, route.service) == (host, namespace, service) && route.path.is_none_or(below)
        })
    }

    fn hosts(&self, (namespace, service): (&'s str, &'s str)) -> impl Iterator<Item = &'s str> {
        let to = self.routes.iter().filter(move |route| (route.namespace, route.service) == (namespace, service));
        to.map(|route| route.host)
    }
}

fn ingress<'s>(spec: &'s Node, namespace: &'s str, routes: &mut Vec<Lead<'s>>) {
    for rule in items(spec, &["rules"]) {
        let host = text(rule, &["host"]).unwrap_or_default();
        let paths = items(rule, &["http", "paths"]);
        routes.extend(paths.iter().filter_map(|path| {
            let is_plain = text(path, &["pathType"]) != Some("ImplementationSpecific");
            let service = text(path, &["backend", "service", "name"])?;
            let path = is_plain.then(|| text(path, &["path"]).unwrap_or_default());
            Some(Lead { host, path, namespace, service })
        }));
    }
}

fn http_route<'s>(spec: &'s Node, namespace: &'s str, routes: &mut Vec<Lead<'s>>) {
    let hosts = items(spec, &["hostnames"]).iter().filter_map(Node::as_str);
    for host in hosts {
        for rule in items(spec, &["rules"]) {
            let matches = items(rule, &["matches"]).iter().filter_map(|one| one.get("path"));
            let plain = matches.filter(|path| text(path, &["type"]) != Some("RegularExpression"));
            let paths: Vec<_> = plain.map(|path| text(path, &["value"])).collect();
            let paths = if paths.is_empty() { vec![None] } else { paths };
            for backend in items(rule, &["backendRefs"]) {
                let Some(service) = text(backend, &["name"]) else { continue };
                let namespace = text(backend, &["namespace"]).unwrap_or(namespace);
                routes.extend(paths.iter().map(|path| Lead { host, path: *path, namespace, service }));
            }
        }
    }
}

/// The host of an address, with or without scheme, port and path.
fn host_of(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.split(['/', ':', '?', '#']).next().unwrap_or_default()
}

fn path_of(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.find('/').and_then(|at| rest.get(at..)).unwrap_or_default()
}
