//! From what `helm template` prints to facts.
//!
//! Takes rendered manifests; gives what they say of names, labels, ports, keys, and nothing else: no value of a Secret is
//! kept, so nothing that a chart draws at random is either. Helm's hooks are objects like any other, its tests are not
//! rendered.

mod ports;
mod reads;
#[cfg(test)]
mod tests;
mod webhooks;

use std::collections::{BTreeMap, BTreeSet};

use super::facts::{Definition, Facts, Name, Secret, Service, ServicePort, Workload};
use crate::diagnostic::{Code, Sink};
use crate::expand::pod_security;
use crate::link::fields::{field, items, text};
use crate::link::symbols::{self, DataKind, Labels, Pod};
use crate::render::RenderedFile;
use crate::source::{Node, Sources, read::read_manifests};
use crate::validate::Object;

/// The facts of a render, or why it cannot be read.
pub fn facts(rendered: &str, namespace: &str) -> Result<Facts, String> {
    let (mut sources, mut sink) = (Sources::default(), Sink::default());
    let file = sources.add("rendered.yaml", rendered);
    let documents = read_manifests(file, rendered, &mut sink);
    if let Some(fault) = sink.iter().find(|fault| matches!(fault.code, Code::NotYaml | Code::TooLarge)) {
        return Err(fault.message.clone());
    }
    let file = RenderedFile::of(file, documents, &sources);
    let objects: Vec<Object> = file.documents.iter().filter_map(|node| Object::of(&file, node)).collect();
    Ok(Reader { objects: &objects, namespace }.facts())
}

struct Reader<'r> {
    objects: &'r [Object<'r>],
    /// The release's.
    namespace: &'r str,
}

impl<'r> Reader<'r> {
    fn facts(&self) -> Facts {
        let settings = self.settings();
        Facts {
            workloads: self.each(|object| self.workload(object, &settings), |found| &found.is),
            services: self.each(|object| self.service(object), |found| &found.is),
            secrets: self.each(|object| self.secret(object), |found| &found.is),
            definitions: self.each(|object| self.definition(object), |found| &found.is),
            webhooks: self.each(|object| webhooks::webhook(object, self.name(object), self.objects), |found| &found.is),
        }
    }

    /// By name, whatever the order in which Helm prints them.
    fn each<T>(&self, read: impl Fn(&'r Object<'r>) -> Option<T>, is: impl Fn(&T) -> &Name) -> Vec<T> {
        let mut found: Vec<T> = self.objects.iter().filter_map(read).collect();
        found.sort_by(|one, other| is(one).cmp(is(other)));
        found
    }

    fn name(&self, object: &Object) -> Name {
        let namespace = object.namespace.clone().filter(|namespace| namespace != self.namespace);
        Name { kind: object.kind.into(), namespace: namespace.unwrap_or_default(), name: object.name.into() }
    }

    /// What ConfigMaps hold, by name.
    fn settings(&self) -> BTreeMap<&'r str, &'r Node> {
        let maps = self.objects.iter().filter(|object| object.is("ConfigMap"));
        maps.filter_map(|object| Some((object.name, object.node.get("data")?))).collect()
    }

    fn workload(&self, object: &'r Object<'r>, settings: &BTreeMap<&str, &Node>) -> Option<Workload> {
        let pod = Pod::of(object)?;
        let ports = ports::declared(pod.spec);
        let (pod_security, because) = pod_security::level(pod.spec);
        Some(Workload {
            is: self.name(object),
            labels: pod.metadata.map(|metadata| labels(metadata, "labels")).unwrap_or_default(),
            service_account: text(pod.spec, &["serviceAccountName"]).map(str::to_owned),
            undeclared: ports::undeclared(pod.spec, settings, &ports),
            ports,
            pod_security,
            because,
            reads: reads::needed(object),
        })
    }

    fn service(&self, object: &'r Object<'r>) -> Option<Service> {
        let spec = object.is("Service").then(|| object.node.get("spec"))??;
        let mut ports: Vec<ServicePort> = items(spec, &["ports"]).iter().filter_map(service_port).collect();
        ports.sort_by_key(|port| (port.number, port.protocol));
        Some(Service {
            is: self.name(object),
            sort: text(spec, &["type"]).unwrap_or("ClusterIP").to_owned(),
            labels: object.node.get("metadata").map(|metadata| labels(metadata, "labels")).unwrap_or_default(),
            selector: labels(spec, "selector"),
            ports,
        })
    }

    fn secret(&self, object: &'r Object<'r>) -> Option<Secret> {
        let data = object.is("Secret").then(|| symbols::Data::of(object))??;
        (data.kind == DataKind::Secret).then(|| Secret {
            is: self.name(object),
            sort: text(object.node, &["type"]).unwrap_or("Opaque").to_owned(),
            keys: data.keys.into_iter().flatten().collect(),
        })
    }

    fn definition(&self, object: &'r Object<'r>) -> Option<Definition> {
        let spec = object.is(DEFINITION).then(|| object.node.get("spec"))??;
        let (group, kind) = (text(spec, &["group"])?, text(spec, &["names", "kind"])?);
        let served =
            items(spec, &["versions"]).iter().filter(|version| crate::link::fields::is_true(version, &["served"]));
        let serves: BTreeSet<String> =
            served.filter_map(|version| Some(format!("{group}/{}/{kind}", text(version, &["name"])?))).collect();
        Some(Definition { is: self.name(object), serves })
    }
}

const DEFINITION: &str = "CustomResourceDefinition.apiextensions.k8s.io";

fn service_port(node: &Node) -> Option<ServicePort> {
    let symbols::ServicePort { name, number, protocol, target } = symbols::ServicePort::of(node)?;
    Some(ServicePort { number, protocol, name, target })
}

/// Every label counts, also one whose value is empty.
fn labels(node: &Node, key: &str) -> Labels {
    let entries = field(node, &[key]).and_then(Node::as_map).into_iter().flatten();
    entries.filter_map(|(key, entry)| Some((key.clone(), entry.node.as_str()?.to_owned()))).collect()
}
