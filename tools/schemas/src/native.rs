//! Kubernetes' own kinds: from a type of `k8s-openapi` to one schema file.

use crate::additions::Additions;
use crate::{Object, Result, mend};
use k8s_openapi::{ClusterResourceScope, NamespaceResourceScope, Resource, SubResourceScope};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The Kubernetes version of this build.
pub const VERSION: &str = if cfg!(feature = "v1_33") {
    "1.33"
} else if cfg!(feature = "v1_34") {
    "1.34"
} else if cfg!(feature = "v1_35") {
    "1.35"
} else if cfg!(feature = "v1_36") {
    "1.36"
} else {
    "1.37"
};

/// Where definitions live, as `k8s-openapi` and JSON Schema 2020-12 have it.
const DEFINITIONS: &str = "#/$defs/";

/// A DNS subdomain (RFC 1123).
const DNS_SUBDOMAIN: &str = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";
const DNS_SUBDOMAIN_SAYS: &str = "lower case letters, digits, '-' and '.', each part first and last a letter or digit";

const OBJECT_META: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

/// What a kind is called and where it lives.
#[derive(Clone, Debug)]
pub struct Identity {
    pub group: String,
    pub version: String,
    pub kind: String,
    pub plural: String,
    pub scope: &'static str,
}

/// One kind of Kubernetes itself.
pub struct Native {
    pub identity: Identity,
    schema: fn(&mut SchemaGenerator) -> Schema,
    definition: String,
}

/// The name of a scope; `k8s-openapi` has scopes as types.
pub trait ScopeName {
    const NAME: &'static str;
}

impl ScopeName for ClusterResourceScope {
    const NAME: &'static str = "Cluster";
}

impl ScopeName for NamespaceResourceScope {
    const NAME: &'static str = "Namespaced";
}

impl ScopeName for SubResourceScope {
    const NAME: &'static str = "Subresource";
}

impl Native {
    pub fn of<K>() -> Self
    where
        K: Resource + JsonSchema,
        K::Scope: ScopeName,
    {
        let identity = Identity {
            group: K::GROUP.into(),
            version: K::VERSION.into(),
            kind: K::KIND.into(),
            plural: K::URL_PATH_SEGMENT.into(),
            scope: K::Scope::NAME,
        };
        Self { identity, schema: K::json_schema, definition: K::schema_name().into_owned() }
    }

    /// The whole schema of this kind, with all it refers to.
    pub fn schema(&self, additions: &Additions) -> Result<Value> {
        let mut generator = generator();
        let root = (self.schema)(&mut generator).to_value();
        let mut definitions = generator.take_definitions(true);
        definitions.insert(self.definition.clone(), with_name(root));
        let mut definitions = finish(definitions, additions)?;
        let root = definitions.remove(&self.definition).expect("inserted above");
        Ok(assemble(&self.identity, root, definitions))
    }
}

/// `k8s-openapi` says nothing of names: most are DNS subdomains, the table knows the others.
fn with_name(mut root: Value) -> Value {
    root["properties"]["metadata"] = metadata();
    root
}

fn generator() -> SchemaGenerator {
    SchemaSettings::draft2020_12().into_generator()
}

/// Mends definitions, and adds to them what the table says.
fn finish(mut definitions: Object, additions: &Additions) -> Result<Object> {
    for (name, schema) in &mut definitions {
        mend::definition(name, schema);
        additions.apply(name, schema)?;
    }
    Ok(definitions)
}

/// Puts a root and its definitions together: `apiVersion` and `kind` fixed, what nobody refers to left out.
pub fn assemble(identity: &Identity, root: Value, mut definitions: Object) -> Value {
    let mut root = root;
    let reachable = reachable(&root, &definitions);
    definitions.retain(|name, _| reachable.contains(name));
    root["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    root["properties"]["apiVersion"] = json!({"const": api_version(identity)});
    root["properties"]["kind"] = json!({"const": identity.kind});
    mend::require(&mut root, &["apiVersion", "kind", "metadata"]);
    root["x-kind"] = json!({
        "group": identity.group,
        "kind": identity.kind,
        "plural": identity.plural,
        "scope": identity.scope,
        "version": identity.version,
    });
    root["$defs"] = Value::Object(definitions);
    root
}

/// The schema of an object's `metadata`: `ObjectMeta` with a name, and the name a DNS subdomain.
pub fn metadata() -> Value {
    json!({
        "$ref": format!("{DEFINITIONS}{OBJECT_META}"),
        "properties": {"name": {"maxLength": 253, "pattern": DNS_SUBDOMAIN, "x-says": DNS_SUBDOMAIN_SAYS}},
        "required": ["name"],
    })
}

/// `apps/v1`, or `v1` for the core group.
pub fn api_version(identity: &Identity) -> String {
    match identity.group.as_str() {
        "" => identity.version.clone(),
        group => format!("{group}/{}", identity.version),
    }
}

/// The names of all definitions that `root` needs, directly or through others.
fn reachable(root: &Value, definitions: &Object) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    let mut todo = references(root);
    while let Some(name) = todo.pop() {
        if let Some(schema) = definitions.get(&name).filter(|_| !seen.contains(&name)) {
            todo.extend(references(schema));
            seen.insert(name);
        }
    }
    seen
}

/// The names of the definitions that `schema` refers to.
fn references(schema: &Value) -> Vec<String> {
    match schema {
        Value::Object(map) => {
            let own = map.get("$ref").and_then(Value::as_str).and_then(|r| r.strip_prefix(DEFINITIONS));
            own.map(String::from).into_iter().chain(map.values().flat_map(references)).collect()
        }
        Value::Array(list) => list.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

/// The closed `ObjectMeta` that every object has, for kinds that do not come from here.
pub fn object_meta(additions: &Additions) -> Result<Object> {
    let mut generator = generator();
    generator.subschema_for::<k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta>();
    finish(generator.take_definitions(true), additions)
}

/// The lines of the table that no kind uses: typos.
pub fn unused<'a>(additions: &'a Additions, kinds: &[Native]) -> Vec<&'a str> {
    let mut generator = generator();
    let mut known: BTreeSet<String> = kinds.iter().map(|kind| kind.definition.clone()).collect();
    for kind in kinds {
        (kind.schema)(&mut generator);
    }
    known.extend(generator.take_definitions(false).into_iter().map(|(name, _)| name));
    additions.names().filter(|name| !known.contains(*name)).collect()
}
