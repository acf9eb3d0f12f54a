//! Routes: Ingresses (or what the ingress's component calls them) and one Certificate per host.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use serde_json::{Map, Value as Json, json};

use super::files::Derived;
use super::plan::{Entry, Instance, Origin, PlannedFile};
use super::roles::{CERTIFICATES, INGRESS, provider};
use super::scope::full_host;
use super::wishes::unserved;
use crate::component::Catalog;
use crate::component::interface::Route;
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::resolve::Platform;

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
    let ingress = provider(instances, INGRESS);
    for instance in instances {
        for (id, route) in &instance.routes {
            if ingress.is_none() {
                sink.push(unserved(catalog, &route.origin, &format!("the route to `{}`", instance.used.name), INGRESS));
                continue;
            }
            let port = instance
                .services
                .get(&route.is.service)
                .and_then(|service| Some((service, service.is.ports.values().next()?)));
            let Some((service, port)) = port else {
                let message = format!("route `{id}` names the service `{}`, which is not there", route.is.service);
                sink.push(route.origin.fault(Code::UnknownEnd, &message));
                continue;
            };
            all.push(Served {
                host: full_host(&route.is.host, &platform.domain),
                namespace: &instance.namespace,
                of: &instance.used.name,
                service: &service.is.name,
                port: port.port,
                route,
            });
        }
    }
    all
}

/// The objects of all routes.
pub fn files(platform: &Platform, instances: &[Instance], routes: &[Served], sink: &mut Sink) -> Vec<PlannedFile> {
    let Some(ingress) = provider(instances, INGRESS) else { return vec![] };
    let certificates = provider(instances, CERTIFICATES);
    let style = Style::of(ingress);
    let mut files = vec![];
    for (host, routes) in by_host(routes) {
        conflicts(host, &routes, &style, sink);
        for (namespace, routes) in by_namespace(&routes) {
            let tls = certificates.map(|_| tls_secret(host));
            files.extend(style.ingresses(platform, host, namespace, &routes, tls.as_deref()));
            files.extend(certificates.map(|of| certificate(platform, of, host, namespace, &routes)));
        }
    }
    files
}

/// The namespaces in which a Certificate of ours stands.
pub fn certificate_namespaces(instances: &[Instance], routes: &[Served]) -> BTreeSet<String> {
    match provider(instances, CERTIFICATES) {
        Some(_) => routes.iter().map(|route| route.namespace.to_owned()).collect(),
        None => BTreeSet::new(),
    }
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

fn conflict(message: &str, first: &Served, second: &Served) -> Diagnostic {
    let fault = Diagnostic::new(Code::RouteConflict, message);
    let at = |fault: Diagnostic, route: &Served, text: String| match route.origin().place() {
        Some(span) => fault.at(span, text),
        None => fault,
    };
    let fault = at(fault, second, format!("claimed by `{}`", second.of));
    at(fault, first, format!("and by `{}`", first.of)).help("give one of them a path or a host of its own")
}

/// How the ingress's component writes routes.
struct Style {
    kind: String,
    class: Json,
    whole_host: bool,
    path_type: String,
    path_suffix: String,
    root_path: String,
    annotations: Map<String, Json>,
    target_annotation: String,
    target_suffix: String,
}

impl Style {
    fn of(ingress: &Instance) -> Self {
        let rewrite = ingress.exported_value("rewrite");
        let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
        Self {
            kind: text(ingress.exported_value("kind")).to_lowercase(),
            class: ingress.exported_value("class").clone(),
            whole_host: rewrite["wholeHost"] == json!(true),
            path_type: text(&rewrite["pathType"]),
            path_suffix: text(&rewrite["pathSuffix"]),
            root_path: text(&rewrite["rootPath"]),
            annotations: rewrite["annotations"].as_object().cloned().unwrap_or_default(),
            target_annotation: text(&rewrite["target"]["annotation"]),
            target_suffix: text(&rewrite["target"]["suffix"]),
        }
    }

    /// One object for the plain paths of a host, and one for each target of a rewrite.
    fn ingresses(
        &self,
        platform: &Platform,
        host: &str,
        namespace: &str,
        routes: &[&Served],
        tls: Option<&str>,
    ) -> Vec<PlannedFile> {
        let regular = self.whole_host && routes.iter().any(|route| route.rewrite().is_some());
        let mut groups: IndexMap<Option<&str>, Vec<&Served>> = IndexMap::new();
        for route in routes {
            groups.entry(route.rewrite()).or_default().push(route);
        }
        let file = |(rewrite, routes): (&Option<&str>, &Vec<&Served>)| {
            self.ingress(platform, host, namespace, *rewrite, routes, regular, tls)
        };
        groups.iter().filter_map(file).collect()
    }

    #[expect(clippy::too_many_arguments, reason = "an object is made from all of them, once")]
    fn ingress(
        &self,
        platform: &Platform,
        host: &str,
        namespace: &str,
        rewrite: Option<&str>,
        routes: &[&Served],
        regular: bool,
        tls: Option<&str>,
    ) -> Option<PlannedFile> {
        let first = routes.first()?;
        let name = match rewrite {
            None => dashed(host),
            Some(_) => format!("{}-{}", dashed(host), first_word(first.path())),
        };
        let paths: Vec<Json> = routes.iter().map(|route| self.path(route, regular)).collect();
        let facts = json!({
            "class": self.class, "host": host, "paths": paths, "tls": tls, "annotations": self.annotations(rewrite, regular),
        });
        let origin = joined(routes);
        let file = format!("{namespace}-{name}");
        let of = first.of;
        let (kind, folder) = (self.kind.as_str(), "kubernetes/ingress");
        let derived = Derived { platform, kind, folder, file, name: &name, namespace: Some(namespace), of };
        Some(derived.file(facts, origin))
    }

    fn annotations(&self, rewrite: Option<&str>, regular: bool) -> Json {
        let mut annotations = if regular { self.annotations.clone() } else { Map::new() };
        if let Some(rewrite) = rewrite {
            let target = format!("{}{}", rewrite.trim_end_matches('/'), self.target_suffix);
            annotations.insert(self.target_annotation.clone(), json!(target));
        }
        if annotations.is_empty() { Json::Null } else { Json::Object(annotations) }
    }

    fn path(&self, route: &Served, regular: bool) -> Json {
        let trimmed = route.path().trim_end_matches('/');
        let (path, kind) = match (regular, trimmed) {
            (false, "") => ("/".to_owned(), "Prefix"),
            (false, path) => (path.to_owned(), "Prefix"),
            (true, "") => (self.root_path.clone(), self.path_type.as_str()),
            (true, path) => {
                (format!("{}{}", regex::escape(path).replace("\\-", "-"), self.path_suffix), self.path_type.as_str())
            }
        };
        json!({ "path": path, "type": kind, "service": route.service, "port": route.port, "rewrite": route.rewrite() })
    }
}

fn certificate(
    platform: &Platform,
    certificates: &Instance,
    host: &str,
    namespace: &str,
    routes: &[&Served],
) -> PlannedFile {
    let name = dashed(host);
    let facts = json!({
        "secret": tls_secret(host), "hosts": [host], "issuer": certificates.exported_value("issuer"),
    });
    let of = routes.first().map_or("", |route| route.of);
    let file = format!("{namespace}-{name}");
    let folder = "security/certificates";
    let derived = Derived { platform, kind: "certificate", folder, file, name: &name, namespace: Some(namespace), of };
    derived.file(facts, joined(routes))
}

fn first_word(path: &str) -> &str {
    path.split('/').find(|word| !word.is_empty()).unwrap_or("root")
}

/// Who asked for something that several routes share.
fn joined(routes: &[&Served]) -> Origin {
    let mut origins = routes.iter().map(|route| route.origin());
    let mut origin = origins.next().cloned().unwrap_or_else(super::identity::platform_origin);
    for other in origins {
        origin.asked.extend(other.asked.iter().take(1));
        if !origin.instance.split(", ").any(|known| known == other.instance) {
            origin.instance = format!("{}, {}", origin.instance, other.instance);
        }
    }
    origin
}
