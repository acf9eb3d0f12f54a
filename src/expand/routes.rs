//! Routes: Ingresses, or HTTPRoutes on a Gateway, as the ingress's component says; and one Certificate per host.

mod gateway;
mod objects;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value as Json, json};

use super::plan::{Entry, Instance, Origin, PlannedFile};
use super::roles::{CERTIFICATES, INGRESS, provider};
use super::scope::full_host;
use super::wishes::unserved;
use crate::component::Catalog;
use crate::component::interface::Route;
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::resolve::Platform;
use gateway::Gateway;
use objects::{Host, Style};

/// A route with its host spelt out and its service known.
#[derive(Debug, Clone)]
pub struct Served<'a> {
    pub host: String,
    pub namespace: &'a str,
    pub of: &'a str,
    pub service: &'a str,
    pub port: u16,
    pub route: &'a Entry<Route>,
}

impl Served<'_> {
    fn path(&self) -> &str {
        &self.route.is.path
    }

    fn rewrite(&self) -> Option<&str> {
        self.route.is.rewrite.as_deref()
    }

    fn origin(&self) -> &Origin {
        &self.route.origin
    }

    /// What the docs tell.
    pub fn fact(&self, tls: bool) -> Json {
        let scheme = if tls { "https" } else { "http" };
        json!({
            "url": format!("{scheme}://{}{}", self.host, self.path()), "host": self.host, "of": self.of,
            "service": self.service, "port": self.port, "namespace": self.namespace,
        })
    }
}

/// Every route of every instance; a fault or a note for each where nothing serves routes.
pub fn served<'a>(
    platform: &Platform,
    catalog: &Catalog,
    instances: &'a [Instance<'a>],
    sink: &mut Sink,
) -> Vec<Served<'a>> {
    let mut all = vec![];
    let is_served = provider(instances, INGRESS).is_some();
    for instance in instances {
        for (id, route) in &instance.routes {
            if is_served {
                all.extend(one(platform, instance, id, route, sink));
            } else {
                sink.push(unserved(catalog, &route.origin, &format!("the route to `{}`", instance.used.name), INGRESS));
            }
        }
    }
    all
}

/// One route with its service; none after a fault.
fn one<'a>(
    platform: &Platform,
    instance: &'a Instance<'a>,
    id: &str,
    route: &'a Entry<Route>,
    sink: &mut Sink,
) -> Option<Served<'a>> {
    let service = instance.services.get(&route.is.service);
    let Some((service, port)) = service.and_then(|service| Some((service, service.is.ports.values().next()?))) else {
        let message = format!("route `{id}` names the service `{}`, which is not there", route.is.service);
        sink.push(route.origin.fault(Code::UnknownEnd, &message));
        return None;
    };
    Some(Served {
        host: full_host(&route.is.host, &platform.domain),
        namespace: &instance.namespace,
        of: &instance.used.name,
        service: &service.is.name,
        port: port.port,
        route,
    })
}

/// The objects of all routes.
pub fn files(platform: &Platform, instances: &[Instance], routes: &[Served], sink: &mut Sink) -> Vec<PlannedFile> {
    let Some(ingress) = provider(instances, INGRESS) else { return vec![] };
    let certificates = provider(instances, CERTIFICATES);
    let style = Style::of(ingress);
    let hosts = by_host(routes);
    let hosts = distinct(hosts, &style, sink);
    match Gateway::of(platform, ingress, certificates) {
        Some(gateway) => gateway.files(&hosts, sink),
        None => on_ingresses(platform, &style, certificates, &hosts),
    }
}

/// A host and its routes.
type OfHost<'r, 'a> = (&'r str, Vec<&'r Served<'a>>);

/// Hosts whose names differ, after the faults of all.
fn distinct<'r, 'a>(
    hosts: BTreeMap<&'r str, Vec<&'r Served<'a>>>,
    style: &Style,
    sink: &mut Sink,
) -> Vec<OfHost<'r, 'a>> {
    let mut names: BTreeMap<String, &Served> = BTreeMap::new();
    let mut distinct = vec![];
    for (name, routes) in hosts {
        conflicts(name, &routes, style, sink);
        let Some(first) = routes.first() else { continue };
        match names.insert(dashed(name), first) {
            Some(other) => sink.push(one_name(other, first)),
            None => distinct.push((name, routes)),
        }
    }
    distinct
}

fn on_ingresses(
    platform: &Platform,
    style: &Style,
    certificates: Option<&Instance>,
    hosts: &[OfHost],
) -> Vec<PlannedFile> {
    let mut files = vec![];
    for (name, routes) in hosts {
        for (namespace, routes) in by_namespace(routes) {
            let host = Host { platform, name, namespace, routes: &routes, tls: certificates.is_some() };
            files.extend(host.ingresses(style));
            files.extend(certificates.map(|of| host.certificate(of, false)));
        }
    }
    files
}

/// The namespaces in which a Certificate of ours stands: where TLS ends.
pub fn certificate_namespaces(instances: &[Instance], routes: &[Served]) -> BTreeSet<String> {
    let gateway = provider(instances, INGRESS).and_then(gateway::namespace);
    let namespaces = routes.iter().map(|route| gateway.unwrap_or(route.namespace).to_owned());
    provider(instances, CERTIFICATES).map(|_| namespaces.collect()).unwrap_or_default()
}

/// What the ingress's component says of the Gateway; null where routes are Ingresses.
pub fn gateway(instances: &[Instance]) -> Json {
    let ingress = provider(instances, INGRESS).filter(|ingress| gateway::namespace(ingress).is_some());
    ingress.map_or(Json::Null, |ingress| ingress.exported_value("gateway").clone())
}

/// `api.example.com` → `api-example-com`
pub fn dashed(host: &str) -> String {
    host.replace('.', "-")
}

pub fn tls_secret(host: &str) -> String {
    format!("{}-tls", dashed(host))
}

fn by_host<'r, 'a>(routes: &'r [Served<'a>]) -> BTreeMap<&'r str, Vec<&'r Served<'a>>> {
    let mut hosts: BTreeMap<&str, Vec<&Served>> = BTreeMap::new();
    for route in routes {
        hosts.entry(&route.host).or_default().push(route);
    }
    hosts
}

fn by_namespace<'r, 'a>(routes: &[&'r Served<'a>]) -> BTreeMap<&'r str, Vec<&'r Served<'a>>> {
    let mut namespaces: BTreeMap<&str, Vec<&Served>> = BTreeMap::new();
    for route in routes {
        namespaces.entry(route.namespace).or_default().push(route);
    }
    namespaces
}

/// One path of one host has one route; where a rewrite concerns the whole host, the host is in one namespace.
fn conflicts(host: &str, routes: &[&Served], style: &Style, sink: &mut Sink) {
    let mut seen: BTreeMap<&str, &Served> = BTreeMap::new();
    for route in routes {
        if let Some(first) = seen.insert(route.path().trim_end_matches('/'), route) {
            sink.push(conflict(&format!("two routes claim {host}{}", route.path()), first, route));
        }
    }
    let Some(first) = routes.first() else { return };
    let rewriting = routes.iter().find(|route| route.rewrite().is_some());
    let elsewhere = routes.iter().find(|route| route.namespace != first.namespace);
    if let (true, Some(rewriting), Some(elsewhere)) = (style.whole_host, rewriting, elsewhere) {
        let other = if rewriting.namespace == elsewhere.namespace { first } else { elsewhere };
        let fault = conflict(
            &format!("{host} is routed from two namespaces, and one route rewrites its path"),
            rewriting,
            other,
        );
        sink.push(
            fault.note("a rewrite makes every path of its host a regular expression, also those of other namespaces"),
        );
    }
}

/// The objects and the TLS Secret of a host are called by it, with dashes.
fn one_name(first: &Served, second: &Served) -> Diagnostic {
    let message = format!("the objects of `{}` and of `{}` would have one name", first.host, second.host);
    conflict(&message, first, second).note(format!("it is `{}`: the host with dashes", dashed(&first.host)))
}

fn conflict(message: &str, first: &Served, second: &Served) -> Diagnostic {
    let fault = Diagnostic::new(Code::RouteConflict, message);
    let at = |fault: Diagnostic, route: &Served, text: String| match route.origin().place() {
        Some(span) => fault.at(span, text),
        None => fault,
    };
    let fault = at(fault, second, format!("claimed by `{}`", second.of));
    at(fault, first, format!("and by `{}`", first.of)).help("give one of them a path or a host of its own")
}
