//! What expressions and templates see.

use serde_json::{Map, Value as Json, json};

use super::plan::{Instance, named};
use crate::component::catalog::{Capability, Word};
use crate::component::{Catalog, Component};
use crate::resolve::{Platform, Use};
use crate::schema::Schema;
use crate::source::{Entry, Node};

/// What others know of an instance before anything is derived: that its capability exists.
pub fn platform_names(platform: &Platform, catalog: &Catalog) -> Map<String, Json> {
    let mut names = Map::new();
    names.insert("name".into(), json!(platform.name));
    names.insert("domain".into(), json!(platform.domain));
    names.insert("environment".into(), json!(platform.environment));
    // Keys of the user's own, for templates of the user's own.
    let free = platform.merged.as_map().into_iter().flatten().filter(|(key, _)| key.starts_with("x-"));
    names.extend(free.map(|(key, entry)| (key.clone(), entry.node.to_json())));
    for capability in catalog.capabilities.keys() {
        let provided = platform.uses.iter().any(|used| used.slot == *capability);
        names.insert(capability.clone(), if provided { json!({}) } else { Json::Null });
    }
    names
}

/// The names that an instance's own options and collections give; `known` is what everybody knows.
pub fn own_names(
    platform: &Platform,
    known: &Map<String, Json>,
    used: &Use,
    component: &Component,
    options: &Json,
) -> Map<String, Json> {
    let mut names = Map::new();
    names.insert("name".into(), json!(used.name));
    names.insert("platform".into(), Json::Object(known.clone()));
    names.insert("options".into(), options.clone());
    for (name, schema) in &component.collections {
        let entries = platform.collections.get(name).and_then(Node::as_map).into_iter().flatten();
        let entry = |(key, entry): (&String, &Entry)| (key.clone(), with_absent(&entry.node.to_json(), schema));
        names.insert(name.clone(), Json::Object(entries.map(entry).collect()));
    }
    for word in [Word::Workloads, Word::Services, Word::Routes, Word::Secrets] {
        names.insert(key_of(word).into(), absent(component, word));
    }
    names
}

/// `workloads`, `services`, … : null for each declared id.
fn absent(component: &Component, word: Word) -> Json {
    Json::Object(component.word(word).map(|declared| (declared.id.clone(), Json::Null)).collect())
}

pub fn key_of(word: Word) -> &'static str {
    match word {
        Word::Workloads => "workloads",
        Word::Services => "services",
        Word::Routes => "routes",
        _ => "secrets",
    }
}

/// Options as JSON, with null for every absent key that the schema knows.
pub fn with_absent(value: &Json, schema: &Schema) -> Json {
    match value {
        Json::Object(map) => Json::Object(object_with_absent(map, schema)),
        Json::Array(list) => match &schema.items {
            Some(items) => list.iter().map(|item| with_absent(item, items)).collect(),
            None => value.clone(),
        },
        _ => value.clone(),
    }
}

fn object_with_absent(map: &Map<String, Json>, schema: &Schema) -> Map<String, Json> {
    let mut full: Map<String, Json> = map.clone();
    let variants = schema.variants.values().flat_map(|variant| &variant.properties);
    for (key, known) in schema.properties.iter().chain(variants) {
        let value = map.get(key).map_or(Json::Null, |value| with_absent(value, known));
        full.insert(key.clone(), value);
    }
    if let Some(additional) = &schema.additional {
        let fixed = |key: &String| schema.properties.contains_key(key);
        for (key, value) in map.iter().filter(|(key, _)| !fixed(key)) {
            full.insert(key.clone(), with_absent(value, additional));
        }
    }
    full
}

/// What others read of an instance: its exports, and nothing else. A value that its capability does not demand has a default.
pub fn exported(instance: &Instance, capability: Option<&Capability>) -> Json {
    let services: Map<String, Json> =
        instance.exports.services.iter().map(|(name, id)| (name.clone(), service(instance, id))).collect();
    let secrets: Map<String, Json> =
        instance.exports.secrets.iter().map(|(name, of)| (name.clone(), json!(of))).collect();
    let known = capability.into_iter().flat_map(|capability| &capability.values);
    let defaults = known.filter_map(|(name, schema)| Some((name.clone(), schema.default.as_ref()?.to_json())));
    let own = instance.exports.values.iter().map(|(name, value)| (name.clone(), value.clone()));
    let values: Map<String, Json> = defaults.chain(own).collect();
    json!({ "services": services, "secrets": secrets, "values": values })
}

/// The facts of one instance that its own expressions and templates see, once they are known.
pub fn identity(instance: &Instance, has_ingress: bool, has_certificates: bool, domain: &str) -> Map<String, Json> {
    let mut names = Map::new();
    names.insert("release".into(), json!(instance.release));
    names.insert("namespace".into(), json!(instance.namespace));
    names.insert("workloads".into(), word(instance, Word::Workloads, |id| workload(instance, id)));
    names.insert("services".into(), word(instance, Word::Services, |id| service(instance, id)));
    names.insert("secrets".into(), word(instance, Word::Secrets, |id| secret(instance, id)));
    let route = |id: &str| if has_ingress { route(instance, id, domain, has_certificates) } else { Json::Null };
    names.insert("routes".into(), word(instance, Word::Routes, route));
    names
}

/// One value per declared id: the entry's, a map by key under `for`, null where it is absent.
fn word(instance: &Instance, word: Word, of: impl Fn(&str) -> Json) -> Json {
    let value = |id: &str, under_for: bool| match under_for {
        false => of(id),
        true => by_key(instance, word, id, &of),
    };
    let declared = instance.component.word(word);
    Json::Object(declared.map(|entry| (entry.id.clone(), value(&entry.id, entry.each.is_some()))).collect())
}

fn by_key(instance: &Instance, word: Word, id: &str, of: &impl Fn(&str) -> Json) -> Json {
    let keys: Vec<&str> = match word {
        Word::Workloads => named(&instance.workloads, id).map(|(key, _)| key).collect(),
        Word::Services => named(&instance.services, id).map(|(key, _)| key).collect(),
        Word::Routes => named(&instance.routes, id).map(|(key, _)| key).collect(),
        _ => named(&instance.secrets, id).map(|(key, _)| key).collect(),
    };
    Json::Object(
        keys.into_iter()
            .filter_map(|key| Some((key.strip_prefix(id)?.strip_prefix('.')?.to_owned(), of(key))))
            .collect(),
    )
}

fn workload(instance: &Instance, id: &str) -> Json {
    let Some(entry) = instance.workloads.get(id) else { return Json::Null };
    let ports: Map<String, Json> = entry.is.ports.iter().map(|(id, port)| (id.clone(), json!(port.port))).collect();
    json!({
        "name": entry.is.name,
        "labels": entry.is.labels,
        "selector": entry.is.pod_selector(),
        "serviceAccount": entry.is.service_account,
        "ports": ports,
    })
}

fn service(instance: &Instance, id: &str) -> Json {
    let Some(entry) = instance.services.get(id) else { return Json::Null };
    let host = format!("{}.{}.svc.cluster.local", entry.is.name, instance.namespace);
    let port = entry.is.ports.values().next().map(|port| port.port);
    let url = port.map(|port| format!("http://{host}:{port}"));
    let ports: Map<String, Json> = entry.is.ports.iter().map(|(id, port)| (id.clone(), json!(port.port))).collect();
    json!({ "name": entry.is.name, "host": host, "url": url, "port": port, "ports": ports, "labels": entry.is.labels })
}

fn secret(instance: &Instance, id: &str) -> Json {
    let Some(entry) = instance.secrets.get(id) else { return Json::Null };
    json!({ "name": entry.is.name, "keys": entry.is.holds() })
}

fn route(instance: &Instance, id: &str, domain: &str, tls: bool) -> Json {
    let Some(entry) = instance.routes.get(id) else { return Json::Null };
    let host = full_host(&entry.is.host, domain);
    let scheme = if tls { "https" } else { "http" };
    let path = entry.is.path.trim_end_matches('/');
    json!({ "host": host, "path": entry.is.path, "url": format!("{scheme}://{host}{path}"), "tls": tls })
}

/// A host without a dot is one of the platform's domain.
pub fn full_host(host: &str, domain: &str) -> String {
    if host.contains('.') { host.to_owned() } else { format!("{host}.{domain}") }
}

/// The labels of every object of ours.
pub fn labels(platform: &Platform, name: &str) -> Json {
    json!({ "app.kubernetes.io/name": name, "app.kubernetes.io/part-of": platform.name })
}
