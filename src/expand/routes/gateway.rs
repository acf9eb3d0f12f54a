//! Routes over a Gateway: its listeners, one for each host; an HTTPRoute for each route; and where TLS ends, redirects.
//!
//! No reference leaves its namespace, so none needs a grant: an HTTPRoute stands beside its Service, a Certificate beside
//! the Gateway. What crosses namespaces is only the attachment of a route, which each listener admits by namespace.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use super::super::files::Derived;
use super::objects::{Host, joined, words};
use super::{OfHost, Served, conflict, dashed, tls_secret};
use crate::diagnostic::Sink;
use crate::expand::plan::{Instance, Origin, PlannedFile};
use crate::resolve::Platform;

/// What `kind` of an ingress says where routes are HTTPRoutes.
const HTTP_ROUTE: &str = "HTTPRoute";

/// The longest name of a listener that fits into a label.
const LONGEST: usize = 63;

/// Where the Gateway stands; none where routes are Ingresses.
pub fn namespace<'i>(ingress: &'i Instance) -> Option<&'i str> {
    let is_meant = ingress.exported_value("kind") == HTTP_ROUTE;
    ingress.exported_value("gateway")["namespace"].as_str().filter(|_| is_meant)
}

/// The Gateway of a platform.
pub struct Gateway<'g> {
    platform: &'g Platform,
    ingress: &'g Instance<'g>,
    certificates: Option<&'g Instance<'g>>,
    namespace: &'g str,
    name: &'g str,
    /// What the ingress's component says of it.
    is: &'g Json,
}

impl<'g> Gateway<'g> {
    /// None where routes are Ingresses.
    pub fn of(
        platform: &'g Platform,
        ingress: &'g Instance<'g>,
        certificates: Option<&'g Instance<'g>>,
    ) -> Option<Self> {
        let namespace = namespace(ingress)?;
        let is = ingress.exported_value("gateway");
        Some(Self { platform, ingress, certificates, namespace, name: is["name"].as_str()?, is })
    }

    /// Every object of every host.
    pub fn files(&self, hosts: &[OfHost], sink: &mut Sink) -> Vec<PlannedFile> {
        let mut files = vec![];
        // A Gateway without listeners is none.
        if self.certificates.is_some() || !hosts.is_empty() {
            files.push(self.gateway(hosts));
        }
        for (name, routes) in hosts {
            files.extend(self.certificates.map(|of| self.host(name, routes).certificate(of, true)));
            files.extend(self.certificates.map(|_| self.redirect(name, routes)));
            files.extend(routes.iter().map(|route| self.route(route)));
        }
        one_name(hosts, sink);
        files
    }

    fn gateway(&self, hosts: &[OfHost]) -> PlannedFile {
        let port = |scheme: &str| self.is["ports"].get(scheme);
        let plain = self.certificates.map(|_| json!({ "name": self.is["listener"], "port": port("http") }));
        let scheme = if self.certificates.is_some() { "https" } else { "http" };
        let listener = |(name, routes): &OfHost| {
            let namespaces: BTreeSet<&str> = routes.iter().map(|route| route.namespace).collect();
            let secret = self.certificates.map(|_| tls_secret(name));
            json!({
                "name": listener(name), "host": name, "port": port(scheme), "secret": secret, "namespaces": namespaces,
            })
        };
        let facts = json!({
            "class": self.ingress.exported_value("class"), "annotations": self.is["annotations"], "plain": plain,
            "listeners": hosts.iter().map(listener).collect::<Vec<_>>(),
        });
        let origin =
            Origin { instance: self.ingress.id(), asked: vec![self.ingress.used.span], declared: None, by_user: true };
        self.derived("gateway", self.name, self.namespace, &self.ingress.used.name).file(facts, origin)
    }

    /// A route of the platform's own.
    fn route(&self, route: &Served) -> PlannedFile {
        let path = match route.path().trim_end_matches('/') {
            "" => "/",
            path => path,
        };
        let facts = json!({
            "gateway": self.parent(&listener(&route.host)), "host": route.host, "path": path, "rewrite": route.rewrite(),
            "service": { "name": route.service, "port": route.port }, "timeout": self.is["timeout"],
        });
        let name = route_name(route);
        self.derived("httproute", &name, route.namespace, route.of).file(facts, route.origin().clone())
    }

    /// From HTTP to HTTPS.
    fn redirect(&self, host: &str, routes: &[&Served]) -> PlannedFile {
        let plain = self.is["listener"].as_str().unwrap_or_default();
        let facts = json!({ "gateway": self.parent(plain), "host": host, "path": "/", "service": null });
        let name = format!("redirect-{}", dashed(host));
        self.derived("httproute", &name, self.namespace, &self.ingress.used.name).file(facts, joined(routes))
    }

    fn parent(&self, listener: &str) -> Json {
        json!({ "name": self.name, "namespace": self.namespace, "listener": listener })
    }

    fn host<'r, 'a>(&self, name: &'r str, routes: &'r [&'r Served<'a>]) -> Host<'r, 'a>
    where
        'g: 'r,
    {
        Host { platform: self.platform, name, namespace: self.namespace, routes, tls: true }
    }

    fn derived<'d>(&'d self, kind: &'d str, name: &'d str, namespace: &'d str, of: &'d str) -> Derived<'d> {
        let (folder, file) = ("kubernetes/ingress", format!("{namespace}-{name}"));
        Derived { platform: self.platform, kind, folder, file, name, namespace: Some(namespace), of }
    }
}

/// The listener of a host: its name, cut where that is too long.
fn listener(host: &str) -> String {
    let name = dashed(host);
    if name.len() <= LONGEST {
        return name;
    }
    let mark: String = Sha256::digest(host.as_bytes()).iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    let kept: String = name.chars().take(LONGEST - mark.len() - 1).collect();
    format!("{}-{mark}", kept.trim_end_matches('-'))
}

/// The host's name and the words of the path, so that no other route changes it.
fn route_name(route: &Served) -> String {
    let words = words(route.path());
    std::iter::once(dashed(&route.host)).chain(words).collect::<Vec<_>>().join("-")
}

/// Names leave out what tells some paths apart.
fn one_name(hosts: &[OfHost], sink: &mut Sink) {
    let mut names: BTreeMap<(&str, String), &Served> = BTreeMap::new();
    for route in hosts.iter().flat_map(|(_, routes)| routes) {
        let name = route_name(route);
        let first = *names.entry((route.namespace, name.clone())).or_insert(route);
        // That two routes are one was told already.
        if (&first.host, first.path().trim_end_matches('/')) != (&route.host, route.path().trim_end_matches('/')) {
            let place = |route: &Served| format!("{}{}", route.host, route.path());
            let message = format!("the objects of `{}` and of `{}` would have one name", place(first), place(route));
            sink.push(conflict(&message, first, route).note(format!("it is `{name}`: host and path with dashes")));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_cut_and_stays_its_own() {
        let host = |last: &str| format!("{}.{}.example.{last}", "a".repeat(40), "b".repeat(20));
        let (one, other) = (listener(&host("com")), listener(&host("org")));
        assert!(one.len() <= LONGEST && other.len() <= LONGEST && one != other, "{one} {other}");
        assert_eq!(listener("api.example.com"), "api-example-com");
    }
}
