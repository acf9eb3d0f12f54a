//! Phase 5, `validate`: [`Rendered`] → [`Objects`].
//!
//! Takes rendered manifests; gives Kubernetes objects, each valid on every version asked for, natives and CRDs alike, names
//! and labels too. Faults E05xx. An unknown version or kind is a fault, never a skip. It looks at one object at a time.

mod across;
pub mod crds;
mod cel;
pub mod keys;
mod lists;
pub mod pods;
pub mod quantity;
pub mod rules;
pub mod schemas;
mod unknown;
pub mod values;
mod wording;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use crate::component::interface::FileUse;
use crate::diagnostic::{Code, Diagnostic, Severity, Sink};
use crate::json_schema::Fault;
use crate::render::{Rendered, RenderedFile};
use crate::source::{Node, NodePath, Sources, Span};
use rules::Unchecked;
use schemas::{Checked, Schemas};

/// Every object of a tree.
#[derive(Debug, Default)]
pub struct Objects<'r> {
    pub objects: Vec<Object<'r>>,
}

/// A Kubernetes object and the file that holds it.
#[derive(Debug, Clone)]
pub struct Object<'r> {
    pub file: &'r RenderedFile,
    pub node: &'r Node,
    pub api_version: &'r str,
    pub kind: &'r str,
    /// What stands in `generateName` where the API server makes the name.
    pub name: &'r str,
    pub is_generated: bool,
    pub namespace: Option<String>,
    /// Whether its kind stands in namespaces; true where the kind is not known.
    pub namespaced: bool,
}

impl<'r> Object<'r> {
    /// None where a document does not say what it is and what it is called.
    pub fn of(file: &'r RenderedFile, node: &'r Node) -> Option<Self> {
        let text = |key: &str| node.get(key).and_then(Node::as_str);
        let metadata = |key: &str| node.get("metadata").and_then(|metadata| metadata.get(key)).and_then(Node::as_str);
        let is_generated = metadata("name").is_none();
        Some(Self {
            file,
            node,
            api_version: text("apiVersion")?,
            kind: text("kind")?,
            name: metadata("name").or(metadata("generateName"))?,
            is_generated,
            namespace: metadata("namespace").map(str::to_owned),
            namespaced: true,
        })
    }
}

impl Object<'_> {
    /// Where a field of its metadata stands.
    pub fn metadata(&self, key: &str) -> Span {
        self.node.get("metadata").and_then(|metadata| metadata.get(key)).map_or(self.node.span, |node| node.span)
    }

    /// Whether it is of a kind, written with its group as `Deployment.apps`, `Service`.
    pub fn is(&self, kind: &str) -> bool {
        let (kind, group) = kind.split_once('.').unwrap_or((kind, ""));
        self.kind == kind && self.group() == group
    }

    /// What a person calls it, and a waiver: `integration/Deployment/healthz`, `ClusterIssuer/letsencrypt`.
    pub fn title(&self) -> String {
        match &self.namespace {
            Some(namespace) => format!("{namespace}/{}/{}", self.kind, self.name),
            None => format!("{}/{}", self.kind, self.name),
        }
    }

    /// The API group; empty for the core.
    pub fn group(&self) -> &str {
        self.api_version.rsplit_once('/').map_or("", |(group, _)| group)
    }

    /// The version in its group.
    pub fn version(&self) -> &str {
        self.api_version.rsplit_once('/').map_or(self.api_version, |(_, version)| version)
    }

    /// Where it stands; empty where it says none.
    pub fn namespace_name(&self) -> &str {
        self.namespace.as_deref().unwrap_or_default()
    }

    /// `Deployment.apps integration/healthz`; two objects with one identity are one object to the API server.
    pub fn identity(&self) -> String {
        let group = self.group();
        let kind = if group.is_empty() { self.kind.to_owned() } else { format!("{}.{group}", self.kind) };
        let any = if self.is_generated { "*" } else { "" };
        match &self.namespace {
            Some(namespace) => format!("{kind} {namespace}/{}{any}", self.name),
            None => format!("{kind} {}{any}", self.name),
        }
    }
}

/// What objects are checked against.
#[derive(Debug, Clone, Copy)]
pub struct Against<'a> {
    /// Versions, each known.
    pub kubernetes: &'a [String],
    pub schemas: &'a Schemas,
    pub unknown: UnknownKinds,
}

/// What is said of a kind that neither Kubernetes nor a known CRD has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnknownKinds {
    /// An error at each object.
    Each,
    /// Once for each kind of a CRD, with this severity; what Kubernetes itself would have to have is still an error.
    Once(Severity),
}

/// Checks every document of every manifest against every version in `kubernetes`. Every kind must be known.
pub fn validate<'r>(
    rendered: &'r Rendered,
    kubernetes: &[String],
    schemas: &Schemas,
    sources: &Sources,
    sink: &mut Sink,
) -> Objects<'r> {
    validate_against(rendered, Against { kubernetes, schemas, unknown: UnknownKinds::Each }, sources, sink)
}

/// The same, where kinds may be unknown.
pub fn validate_against<'r>(
    rendered: &'r Rendered,
    against: Against,
    sources: &Sources,
    sink: &mut Sink,
) -> Objects<'r> {
    let manifests: Vec<&RenderedFile> =
        rendered.files.iter().filter(|file| file.used_as == FileUse::Manifests).collect();
    let files = sink.on_all_cores(&manifests, |file, sink| {
        let objects = file.documents.iter().filter_map(|node| {
            let mut object = identify(file, node, sources, sink)?;
            object.namespaced = against.schemas.is_namespaced(against.kubernetes, object.api_version, object.kind);
            let unchecked = check(&object, against, sources, sink);
            Some((object, unchecked))
        });
        objects.collect::<Vec<_>>()
    });
    let (objects, unchecked): (Vec<Object>, Vec<Vec<Unchecked>>) = files.into_iter().flatten().unzip();
    let mut told = BTreeSet::new();
    sink.extend(unchecked.into_iter().flatten().filter(|one| told.insert(one.rule.clone())).map(|one| one.told));
    if let UnknownKinds::Once(severity) = against.unknown {
        unknown::once(&objects, against, severity, sources, sink);
    }
    Objects { objects }
}

fn identify<'r>(file: &'r RenderedFile, node: &'r Node, sources: &Sources, sink: &mut Sink) -> Option<Object<'r>> {
    let object = Object::of(file, node);
    if object.is_none() {
        sink.push(no_object(file, node, sources));
    }
    object
}

fn no_object(file: &RenderedFile, node: &Node, sources: &Sources) -> Diagnostic {
    let message = "an object needs `apiVersion`, `kind` and `metadata.name`, each a text".to_owned();
    let fields = [node.get("apiVersion"), node.get("kind"), node.get("metadata").and_then(|node| node.get("name"))];
    let wrong = fields.into_iter().flatten().find(|field| field.as_str().is_none());
    let fault = file.fault(Code::InvalidObject, message, wrong.map_or(node.span, |field| field.span), sources);
    match wrong.and_then(|field| Some((field.written.as_ref()?, field.describe()))) {
        Some((written, meaning)) => fault.help(format!("this is {meaning}: put quotes around it, `\"{written}\"`")),
        None => fault,
    }
}

/// Versions with the same schema are checked once; a fault tells the versions that have it.
/// Gives the rules that were not evaluated.
fn check(object: &Object, against: Against, sources: &Sources, sink: &mut Sink) -> Vec<Unchecked> {
    let (found, unknown) = schemas_of(object, against);
    if !unknown.is_empty() && unknown::is_told_at_each(object, against) {
        sink.push(unknown::kind(object, &unknown, against.schemas, sources));
    }
    if found.is_empty() {
        return vec![];
    }
    let mut json = object.node.to_json();
    if object.is_generated {
        let metadata = json.get_mut("metadata").and_then(Json::as_object_mut);
        metadata.map(|metadata| metadata.insert("name".into(), Json::from(format!("{}x", object.name))));
    }
    let whole = if found.iter().any(|(schema, _)| schema.rules.is_some()) { json.clone() } else { Json::Null };
    without_nulls(&mut json);
    let mut faults: BTreeMap<Fault, Vec<&str>> = BTreeMap::new();
    let mut unchecked = vec![];
    for (schema, versions) in found {
        let found = schema.faults(&json);
        if let Some(rules) = &schema.rules {
            let faulty: Vec<NodePath> = found.iter().map(|fault| fault.path.clone()).collect();
            let findings = rules.findings(&whole, &faulty);
            unchecked.extend(findings.iter().filter_map(|finding| rules.tell(finding, object, sources, sink)));
        }
        for fault in found {
            faults.entry(fault).or_default().extend(&versions);
        }
    }
    for fault in across::faults(object.group(), object.kind, &json) {
        faults.insert(fault, against.kubernetes.iter().map(String::as_str).collect());
    }
    for (fault, versions) in faults {
        let all = versions.len() == against.kubernetes.len();
        let told = wording::told(&fault, object, sources);
        sink.push(if all { told } else { told.note(format!("in Kubernetes {}", versions.join(", "))) });
    }
    unchecked
}

/// The schemas of an object's kind, each with its versions, and the versions that do not have the kind.
fn schemas_of<'k>(object: &Object, against: Against<'k>) -> (Vec<(&'static Checked, Vec<&'k str>)>, Vec<&'k str>) {
    let mut found: Vec<(&Checked, Vec<&str>)> = vec![];
    let mut unknown = vec![];
    for version in against.kubernetes {
        match against.schemas.get(version, object.api_version, object.kind) {
            None => unknown.push(version.as_str()),
            Some(schema) => match found.iter_mut().find(|(known, _)| std::ptr::eq(*known, schema)) {
                Some((_, versions)) => versions.push(version),
                None => found.push((schema, vec![version])),
            },
        }
    }
    (found, unknown)
}

/// The API server takes a field that is null for one that is not there.
fn without_nulls(json: &mut Json) {
    match json {
        Json::Object(map) => {
            map.retain(|_, value| !value.is_null());
            map.values_mut().for_each(without_nulls);
        }
        Json::Array(list) => list.iter_mut().for_each(without_nulls),
        _ => {}
    }
}
