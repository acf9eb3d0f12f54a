//! Ids in one component that must be ids of others in it: `workload: server`, `from: [worker]`, `readers: [main]`.
//!
//! Only what is written out is looked up; what an expression gives is known when it is evaluated.

use super::rules::{entries, fault};
use super::{Component, Word};
use crate::diagnostic::{Diagnostic, Sink};
use crate::schema::Schema;
use crate::source::{Node, NodePath};

/// Ends of flows that no component declares.
const KNOWN_ENDS: [&str; 3] = ["internet", "kubernetes-api", "nodes"];

pub(super) fn check(component: &Component, sink: &mut Sink) {
    let references = References::of(component);
    references.words(sink);
    references.targets(sink);
    references.scraped(sink);
    references.values(sink);
    references.flows(sink);
    references.ports(sink);
    references.exports(sink);
    references.options(sink);
}

struct References<'a> {
    component: &'a Component,
    workloads: Vec<&'a str>,
    services: Vec<&'a str>,
    outside: Vec<&'a str>,
    secrets: Vec<&'a str>,
}

impl<'a> References<'a> {
    fn of(component: &'a Component) -> Self {
        let ids = |word| entries(component, word).map(|(id, _)| id).collect();
        let (workloads, services) = (ids(Word::Workloads), ids(Word::Services));
        Self { component, workloads, services, outside: ids(Word::Outside), secrets: ids(Word::Secrets) }
    }

    fn words(&self, sink: &mut Sink) {
        let rows: &[(Word, &str, &str, &[&str])] = &[
            (Word::Services, "workload", "workload", &self.workloads),
            (Word::Webhooks, "service", "service", &self.services),
            (Word::Routes, "service", "service", &self.services),
            (Word::Metrics, "service", "service", &self.services),
            (Word::Metrics, "workload", "workload", &self.workloads),
            (Word::Scaling, "workload", "workload", &self.workloads),
            (Word::Disruption, "workload", "workload", &self.workloads),
            (Word::Values, "workload", "workload", &self.workloads),
            (Word::Secrets, "readers", "workload", &self.workloads),
        ];
        for (word, key, what, known) in rows {
            for node in entries(self.component, *word).filter_map(|(_, entry)| entry.node.get(key)) {
                each(node, &mut |node, name| look_up(name, node, what, known, sink));
            }
        }
    }

    /// A service's port leads to a port of its workload.
    fn targets(&self, sink: &mut Sink) {
        for (_, entry) in entries(self.component, Word::Services) {
            let workload = entry.node.get("workload").and_then(Node::as_str).unwrap_or_default();
            let path = NodePath::dotted("workloads").key(workload).key("ports");
            let Some(ports) = self.component.description.at(&path).and_then(Node::as_map) else { continue };
            let known: Vec<&str> = ports.keys().map(String::as_str).collect();
            for (_, port) in entry.node.get("ports").and_then(Node::as_map).into_iter().flatten() {
                let Some(target) = port.node.get("target") else { continue };
                each(target, &mut |node, name| look_up(name, node, &format!("port of `{workload}`"), &known, sink));
            }
        }
    }

    /// A metric's port is one of its service or workload.
    fn scraped(&self, sink: &mut Sink) {
        for (_, entry) in entries(self.component, Word::Metrics) {
            for (key, word) in [("service", "services"), ("workload", "workloads")] {
                let owner = entry.node.get(key).and_then(Node::as_str).unwrap_or_default();
                let path = NodePath::root().key(word).key(owner).key("ports");
                let Some(ports) = self.component.description.at(&path).and_then(Node::as_map) else { continue };
                let known: Vec<&str> = ports.keys().map(String::as_str).collect();
                let Some(port) = entry.node.get("port") else { continue };
                each(port, &mut |node, name| look_up(name, node, &format!("port of `{owner}`"), &known, sink));
            }
        }
    }

    /// A value that is a key stands below another value; one that is a route below a route.
    fn values(&self, sink: &mut Sink) {
        let ids = |word| entries(self.component, word).map(|(id, _)| id).collect::<Vec<_>>();
        let (paths, routes) = (ids(Word::Values), ids(Word::Routes));
        for (_, entry) in entries(self.component, Word::Values) {
            let (what, known) = match entry.node.get("is").and_then(Node::as_str) {
                Some("key") => ("value", &paths),
                Some("route") => ("route", &routes),
                _ => continue,
            };
            if let Some(of) = entry.node.get("of") {
                each(of, &mut |node, name| look_up(name, node, what, known, sink));
            }
        }
    }

    fn flows(&self, sink: &mut Sink) {
        let own = [&self.workloads, &self.services, &self.outside];
        let known: Vec<&str> = own.into_iter().flatten().copied().chain(KNOWN_ENDS).collect();
        for (_, entry) in entries(self.component, Word::Flows) {
            for node in ["from", "to"].iter().filter_map(|key| entry.node.get(key)) {
                each(node, &mut |node, name| {
                    // `dataIntegration.api` is an end of another component.
                    if !name.contains('.') {
                        look_up(name, node, "end of a flow", &known, sink);
                    }
                });
            }
        }
    }

    /// Services, the API server and outside ends with a port know theirs.
    fn ports(&self, sink: &mut Sink) {
        let with_port = entries(self.component, Word::Outside).filter(|(_, entry)| entry.node.get("port").is_some());
        let known: Vec<&str> =
            with_port.map(|(id, _)| id).chain(self.services.iter().copied()).chain(["kubernetes-api"]).collect();
        for (_, entry) in entries(self.component, Word::Flows) {
            let (Some(to), Some(port)) = (entry.node.get("to"), entry.node.get("port")) else { continue };
            let only = to.as_list().is_none_or(|ends| ends.len() == 1);
            each(to, &mut |_, name| {
                if known.contains(&name) {
                    sink.push(knows_its_port(name, port, only));
                }
            });
        }
    }

    fn exports(&self, sink: &mut Sink) {
        let workloads = self.workloads.iter().chain(&self.outside).copied().collect();
        let rows = [("services", &self.services), ("workloads", &workloads), ("secrets", &self.secrets)];
        for (kind, known) in rows {
            let path = NodePath::dotted("exports").key(kind);
            let exported = self.component.description.at(&path).and_then(Node::as_map).into_iter().flatten();
            for (_, entry) in exported {
                each(&entry.node, &mut |node, name| {
                    let id = if kind == "secrets" { name.split('.').next().unwrap_or_default() } else { name };
                    look_up(id, node, kind.trim_end_matches('s'), known, sink);
                });
            }
        }
    }

    /// The option that a fault points at, or that stands for a chart's value.
    fn options(&self, sink: &mut Sink) {
        let entries = [Word::Constraints, Word::Values].into_iter().flat_map(|word| entries(self.component, word));
        for node in entries.filter_map(|(_, entry)| entry.node.get("option")) {
            each(node, &mut |node, name| {
                let path: Vec<&str> = name.split('.').collect();
                if !leads(&self.component.options, &path) {
                    let fault = fault(format!("no option is called `{name}`"), node.span, "not known");
                    let known = options(&self.component.options, &path);
                    sink.push(fault.suggest_or_list(name, known.iter().map(String::as_str)));
                }
            });
        }
    }
}

fn knows_its_port(end: &str, port: &Node, only: bool) -> Diagnostic {
    let fault = fault(format!("`{end}` knows its port"), port.span, "another one is given here");
    fault.help(match only {
        true => "take `port` away".to_owned(),
        false => format!("give `{end}` a flow of its own, without `port`"),
    })
}

/// Whether a path leads to an option; `namespace` and the like are options of every component.
fn leads(schema: &Schema, path: &[&str]) -> bool {
    let [first, rest @ ..] = path else { return true };
    let variants = schema.variants.values().filter_map(|variant| variant.properties.get(*first));
    let mut next = schema.properties.get(*first).into_iter().chain(variants).chain(schema.additional.as_deref());
    let common = rest.is_empty() && matches!(*first, "namespace" | "version" | "values" | "provider");
    common || next.any(|below| leads(below, rest)) || (schema.is_open() && !schema.is_object())
}

/// What could stand in the place of the first name of a path that leads nowhere, each with the names before it.
fn options(schema: &Schema, path: &[&str]) -> Vec<String> {
    let [first, rest @ ..] = path else { return vec![] };
    let below = || [schema].into_iter().chain(schema.variants.values());
    let next = below().filter_map(|schema| schema.properties.get(*first)).chain(schema.additional.as_deref()).next();
    match next.filter(|_| !rest.is_empty()) {
        Some(next) => options(next, rest).into_iter().map(|name| format!("{first}.{name}")).collect(),
        None => below().flat_map(|schema| schema.properties.keys()).cloned().collect(),
    }
}

/// Calls `see` with each text of a text or list that is no expression.
fn each(node: &Node, see: &mut impl FnMut(&Node, &str)) {
    let nodes = node.as_list().unwrap_or(std::slice::from_ref(node));
    for node in nodes {
        if let Some(text) = node.as_str().filter(|text| !text.contains("{{")) {
            see(node, text);
        }
    }
}

fn look_up(name: &str, node: &Node, what: &str, known: &[&str], sink: &mut Sink) {
    if !known.contains(&name) {
        let fault = fault(format!("no {what} is called `{name}`"), node.span, "not known");
        sink.push(fault.suggest_or_list(name, known.iter().copied()));
    }
}
