//! Custom kinds: from a CRD file to one schema per served version.

mod source;
mod structure;

pub use source::Sources;

use crate::additions::Additions;
use crate::native::{self, Identity};
use crate::{Object, Result, mend, share};
use serde_json::{Value, json};

/// What one CRD says of itself, beside its schemas.
struct Crd<'a> {
    definition: &'a Value,
    group: String,
    kind: String,
    plural: String,
    scope: &'static str,
}

/// Turns CRDs into schemas; knows the metadata that all objects share, and who publishes which group.
pub struct Converter {
    metadata: Object,
    sources: Sources,
}

impl Converter {
    pub fn new(additions: &Additions, sources: Sources) -> Result<Self> {
        Ok(Self { metadata: native::object_meta(additions)?, sources })
    }

    /// A schema for each served version of each CRD in a YAML text; documents that are no CRD are passed over.
    pub fn convert(&self, text: &str) -> Result<Vec<(Identity, Value)>> {
        let mut schemas = Vec::new();
        for document in documents(text)? {
            if document["kind"] == "CustomResourceDefinition" {
                schemas.extend(self.versions(&Crd::read(&document)?)?);
            }
        }
        Ok(schemas)
    }

    fn versions(&self, crd: &Crd) -> Result<Vec<(Identity, Value)>> {
        let versions = crd.definition["spec"]["versions"].as_array().ok_or("a CRD without versions")?;
        let served = versions.iter().filter(|version| version["served"] == true);
        served.map(|version| self.version(crd, version)).collect()
    }

    fn version(&self, crd: &Crd, version: &Value) -> Result<(Identity, Value)> {
        let identity = crd.identity(version["name"].as_str().ok_or("a version without a name")?);
        let raw = &version["schema"]["openAPIV3Schema"];
        let mut root = structure::convert(raw);
        root["properties"]["metadata"] = metadata(&raw["properties"]["metadata"]);
        if version["subresources"]["status"].is_object() {
            root["properties"]["status"] = mend::any_status();
        }
        let mut definitions = self.metadata.clone();
        definitions.extend(share::repeated(&mut root));
        let mut schema = native::assemble(&identity, root, definitions);
        schema["x-source"] = self.sources.of(crd.definition, &crd.group);
        Ok((identity, schema))
    }
}

impl<'a> Crd<'a> {
    fn read(definition: &'a Value) -> Result<Self> {
        let spec = &definition["spec"];
        let text = |value: &Value, what| value.as_str().map(String::from).ok_or(format!("a CRD without {what}"));
        Ok(Self {
            definition,
            group: text(&spec["group"], "spec.group")?,
            kind: text(&spec["names"]["kind"], "spec.names.kind")?,
            plural: text(&spec["names"]["plural"], "spec.names.plural")?,
            scope: if spec["scope"] == "Cluster" { "Cluster" } else { "Namespaced" },
        })
    }

    fn identity(&self, version: &str) -> Identity {
        Identity {
            group: self.group.clone(),
            version: version.into(),
            kind: self.kind.clone(),
            plural: self.plural.clone(),
            scope: self.scope,
        }
    }
}

/// The metadata of all objects, and what the CRD itself asks of the name.
fn metadata(own: &Value) -> Value {
    let mut schema = native::metadata();
    if let Some(name) = own["properties"].get("name") {
        schema["allOf"] = json!([{"properties": {"name": structure::convert(name)}}]);
    }
    schema
}

/// The documents of a YAML text; empty ones (a comment and `---`) are none.
fn documents(text: &str) -> Result<Vec<Value>> {
    use serde::Deserialize;
    let all: std::result::Result<Vec<Value>, _> = serde_yaml::Deserializer::from_str(text).map(Value::deserialize).collect();
    Ok(all?.into_iter().filter(|document| !document.is_null()).collect())
}
