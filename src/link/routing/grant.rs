//! ReferenceGrants: without one, a reference stays in its namespace (Gateway API, "ReferenceGrant").

use std::collections::BTreeMap;

use super::gateway::GROUP;
use crate::diagnostic::{Code, Sink};
use crate::link::fields::{called, items, path, text};
use crate::link::symbols::{DataKind, Extent, Symbols};
use crate::source::Node;
use crate::validate::Object;

/// Every grant, by the namespace that it opens.
pub struct Grants<'a>(BTreeMap<&'a str, Vec<&'a Object<'a>>>);

/// A reference of an object of the Gateway API to a core object.
pub struct Granted<'r> {
    pub by: &'r Object<'r>,
    pub kind: &'static str,
    pub namespace: &'r str,
    pub name: &'r Node,
}

impl<'a> Grants<'a> {
    pub fn of(symbols: &Symbols<'a>) -> Self {
        let mut grants: BTreeMap<&str, Vec<&Object>> = BTreeMap::new();
        for grant in symbols.of_kind("ReferenceGrant.gateway.networking.k8s.io") {
            grants.entry(grant.namespace_name()).or_default().push(grant);
        }
        Self(grants)
    }

    /// Whether the reference may be; if not, that is told.
    pub fn check(&self, symbols: &Symbols, granted: &Granted, sink: &mut Sink) -> bool {
        let Some(name) = granted.name.as_str() else { return true };
        if granted.namespace == granted.by.namespace_name() || self.lets_in(symbols, granted, name) {
            return true;
        }
        if symbols.extent == Extent::Whole || is_here(symbols, granted, name) {
            sink_refused(symbols, granted, name, sink);
        }
        false
    }

    fn lets_in(&self, symbols: &Symbols, granted: &Granted, name: &str) -> bool {
        let nowhere = self.0.get("").filter(|_| symbols.extent == Extent::Part);
        let grants = self.0.get(granted.namespace).into_iter().chain(nowhere).flatten();
        let from = |from: &Node| {
            text(from, &["group"]) == Some(granted.by.group())
                && text(from, &["kind"]) == Some(granted.by.kind)
                && text(from, &["namespace"]) == Some(granted.by.namespace_name())
        };
        let to = |to: &Node| {
            text(to, &["group"]).unwrap_or_default().is_empty()
                && text(to, &["kind"]) == Some(granted.kind)
                && text(to, &["name"]).is_none_or(|only| only == name)
        };
        grants.into_iter().any(|grant| {
            items(grant.node, &["spec", "from"]).iter().any(from) && items(grant.node, &["spec", "to"]).iter().any(to)
        })
    }
}

/// Among some manifests, the grant of a namespace that is elsewhere is elsewhere too.
fn is_here(symbols: &Symbols, granted: &Granted, name: &str) -> bool {
    match granted.kind {
        "Service" => symbols.service(granted.namespace, name).is_some(),
        _ => !symbols.data(DataKind::Secret, granted.namespace, name).is_empty(),
    }
}

fn sink_refused(symbols: &Symbols, granted: &Granted, name: &str, sink: &mut Sink) {
    let (by, kind, namespace) = (granted.by, granted.kind, granted.namespace);
    let message = format!(
        "{} refers to {kind} {} in another namespace, which grants it to nobody",
        called(by),
        path(namespace, name)
    );
    let fault = symbols.absent(Code::NotAdmitted, message, by, granted.name.span);
    let service = symbols.service(namespace, name).filter(|_| kind == "Service");
    let fault = service.into_iter().fold(fault, |fault, service| service.made.beside(fault, "the Service"));
    let from = format!("{{group: {GROUP}, kind: {}, namespace: {}}}", by.kind, by.namespace_name());
    sink.push(fault.help(format!(
        "write a ReferenceGrant in the namespace `{namespace}`: `from: [{from}]`, `to: [{{group: \"\", kind: {kind}, name: {name}}}]`"
    )));
}
