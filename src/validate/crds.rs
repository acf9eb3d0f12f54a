//! CustomResourceDefinitions as their projects publish them: schemas of kinds that are not built in.
//!
//! Takes the documents of CRD files; gives, for each served version of each CRD, what [`Schemas`](super::schemas::Schemas)
//! compiles when an object of it comes up. Its rules in CEL are [compiled](super::rules) with
//! it. Faults: E0503 for a CRD that does not say what it defines.

mod structure;

use camino::Utf8Path;
use serde_json::{Map, Value as Json, json};

use super::rules::{self, Rules};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::load;
use crate::render::RenderedFile;
use crate::source::{Node, Sources};
use crate::world::World;

const API_VERSION: &str = "apiextensions.k8s.io/v1";
const KIND: &str = "CustomResourceDefinition";

/// The key of the schema in a version.
const SCHEMA: &str = "openAPIV3Schema";

/// The `$ref` to the metadata that all objects share.
const METADATA: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

/// One served version of a CRD.
#[derive(Debug, Clone)]
pub struct Crd {
    pub group: String,
    pub version: String,
    pub kind: String,
    plural: String,
    scope: String,
    /// Its entry of `spec.versions`.
    raw: Json,
    /// Where its rules stand.
    spans: rules::Spans,
}

/// The CRDs in `schemas/` beside platform.yaml, as they come; what is no CRD there is somebody else's.
pub fn beside(world: &dyn World, sources: &mut Sources, sink: &mut Sink) -> Vec<Crd> {
    let folder = Utf8Path::new("schemas");
    let found = world.files(folder).unwrap_or_default().into_iter();
    let paths: Vec<_> = found.filter(|path| path.parent() == Some(folder) && is_yaml(path)).collect();
    paths.iter().flat_map(|path| in_file(world, path, sources, sink)).collect()
}

fn is_yaml(path: &Utf8Path) -> bool {
    matches!(path.extension(), Some("yaml" | "yml"))
}

/// The CRDs among manifests. What is wrong with one is told where it is validated.
pub fn among(files: &[RenderedFile]) -> Vec<Crd> {
    let mut told = Sink::default();
    files.iter().flat_map(|file| &file.documents).flat_map(|document| of(document, &mut told)).collect()
}

/// The CRDs at a path: of a file, or of every file below a folder. One without any is a fault (E0506).
pub fn at(world: &dyn World, path: &Utf8Path, sources: &mut Sources, sink: &mut Sink) -> Vec<Crd> {
    let before = sink.len();
    let below = world.files(path).unwrap_or_default().into_iter();
    let below: Vec<_> = below.filter(|path| is_yaml(path) || path.extension() == Some("json")).collect();
    let paths = if below.is_empty() { vec![path.to_owned()] } else { below };
    let found: Vec<Crd> = paths.iter().flat_map(|path| in_file(world, path, sources, sink)).collect();
    if found.is_empty() && sink.len() == before {
        let fault = Diagnostic::new(Code::NoObjects, format!("there is no CRD in `{path}`"));
        sink.push(fault.help(format!("expected `apiVersion: {API_VERSION}`, `kind: {KIND}`")));
    }
    found
}

/// The CRDs of a file.
pub fn in_file(world: &dyn World, path: &Utf8Path, sources: &mut Sources, sink: &mut Sink) -> Vec<Crd> {
    let Some(file) = load::text(world, path, sources, sink) else { return vec![] };
    let text = sources.file(file).text.clone();
    let documents = crate::source::read::read_manifests(file, &text, sink);
    documents.iter().flat_map(|document| of(document, sink)).collect()
}

/// The served versions that a document defines; none where it is no CRD.
pub fn of(document: &Node, sink: &mut Sink) -> Vec<Crd> {
    let text = |key: &str| document.get(key).and_then(Node::as_str);
    if (text("apiVersion"), text("kind")) != (Some(API_VERSION), Some(KIND)) {
        return vec![];
    }
    match served(document) {
        Some(found) => found,
        None => {
            let message = "this CRD does not say what it defines";
            let fault = Diagnostic::new(Code::InvalidObject, message).at(document.span, "");
            let needs = "`spec.group`, `spec.names.kind`, and `spec.versions` with a `name` each";
            sink.push(fault.help(format!("it needs {needs}")));
            vec![]
        }
    }
}

fn served(document: &Node) -> Option<Vec<Crd>> {
    let spec = document.get("spec")?;
    let names = spec.get("names")?;
    let text = |node: &Node, key: &str| node.get(key).and_then(Node::as_str).map(str::to_owned);
    let (group, kind) = (text(spec, "group")?, text(names, "kind")?);
    let (plural, scope) = (text(names, "plural").unwrap_or_default(), text(spec, "scope").unwrap_or_default());
    let versions = spec.get("versions").and_then(Node::as_list)?.iter();
    let versions = versions.filter(|version| version.get("served").map(Node::to_json) != Some(Json::Bool(false)));
    versions
        .map(|version| {
            Some(Crd {
                group: group.clone(),
                version: text(version, "name")?,
                kind: kind.clone(),
                plural: plural.clone(),
                scope: if scope == "Cluster" { scope.clone() } else { "Namespaced".into() },
                raw: version.to_json(),
                spans: version
                    .get("schema")
                    .and_then(|schema| schema.get(SCHEMA))
                    .map(rules::spans)
                    .unwrap_or_default(),
            })
        })
        .collect()
}

impl Crd {
    /// A closed schema of its objects, in the shape of those that are built in. `model` is a schema of any native kind:
    /// it lends what it says of metadata.
    pub fn schema(&self, model: &Json) -> Json {
        let raw = self.structural();
        let mut root = match structure::closed(raw) {
            Json::Object(map) => map,
            _ => Map::new(),
        };
        let metadata = metadata(model, raw);
        let properties = root.entry("properties").or_insert_with(|| json!({}));
        if let Json::Object(properties) = properties {
            properties.insert("apiVersion".into(), json!({ "const": format!("{}/{}", self.group, self.version) }));
            properties.insert("kind".into(), json!({ "const": self.kind }));
            properties.insert("metadata".into(), metadata);
            // The API server throws it away on create and apply.
            properties.insert("status".into(), json!({}));
        }
        require(&mut root, ["apiVersion", "kind", "metadata"]);
        root.insert("x-kind".into(), self.names());
        root.insert("$schema".into(), json!("https://json-schema.org/draft/2020-12/schema"));
        root.insert("$defs".into(), model.get("$defs").cloned().unwrap_or_default());
        Json::Object(root)
    }

    /// What its rules in CEL say of objects.
    pub fn rules(&self) -> Option<Rules> {
        Rules::of_crd(format!("{}.{} {}", self.plural, self.group, self.version), self.structural(), &self.spans)
    }

    fn structural(&self) -> &Json {
        self.raw.get("schema").and_then(|schema| schema.get(SCHEMA)).unwrap_or(&Json::Null)
    }

    fn names(&self) -> Json {
        json!({
            "group": self.group, "version": self.version, "kind": self.kind, "plural": self.plural, "scope": self.scope,
        })
    }
}

/// The metadata of all objects, and what the CRD itself asks of the name.
fn metadata(model: &Json, raw: &Json) -> Json {
    let shared = json!({ "$ref": format!("#/$defs/{METADATA}"), "required": ["name"] });
    let mut schema = model.pointer("/properties/metadata").cloned().unwrap_or(shared);
    if let (Some(name), Json::Object(map)) = (raw.pointer("/properties/metadata/properties/name"), &mut schema) {
        map.insert("allOf".into(), json!([{ "properties": { "name": structure::closed(name) } }]));
    }
    schema
}

fn require(root: &mut Map<String, Json>, names: [&str; 3]) {
    let known = root.get("required").and_then(Json::as_array).cloned().unwrap_or_default();
    let more = names.into_iter().map(Json::from).filter(|name| !known.contains(name));
    let all: Vec<Json> = known.iter().cloned().chain(more).collect();
    root.insert("required".into(), Json::Array(all));
}

#[cfg(test)]
mod tests;
