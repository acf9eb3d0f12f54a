//! The same for programs: options as JSON Schema, the interface as component.yaml says it.

use serde_json::{Map, Value as Json, json};

use super::list::summary;
use super::{Named, collections};
use crate::component::catalog::Word;
use crate::component::{Catalog, Component};
use crate::resolve::options_schema;
use crate::schema::publish::{Form, place};
use crate::source::Node;

pub fn all(catalog: &Catalog) -> String {
    let capabilities: Vec<Json> = catalog.capabilities.keys().map(|name| capability(catalog, name)).collect();
    let all = catalog.components.values().flat_map(collections);
    let collections: Vec<Json> = all
        .map(|(name, owner)| json!({"name": name, "component": owner.id, "summary": summary(name, owner)}))
        .collect();
    written(&json!({"capabilities": capabilities, "collections": collections}))
}

pub fn one(catalog: &Catalog, named: &Named) -> String {
    written(&match named {
        Named::Component(component) => component_whole(component),
        Named::Capability(name) => capability(catalog, name),
        Named::Collection(name, owner) => json!({
            "name": name,
            "component": owner.id,
            "summary": summary(name, owner),
            "entry": owner.collections.get(*name).map(|entry| place(entry, Form::Whole)),
        }),
    })
}

fn capability(catalog: &Catalog, name: &str) -> Json {
    let summary = catalog.capabilities.get(name).map(|capability| &capability.summary);
    let components = catalog.providers(name).map(|one| json!({"name": one.id, "summary": one.summary}));
    json!({"name": name, "summary": summary, "components": components.collect::<Vec<_>>()})
}

fn component_whole(component: &Component) -> Json {
    let entry = |(name, entry): (&String, _)| (name.clone(), place(entry, Form::Whole));
    let said = |word: &str| component.description.get(word).map(Node::to_json);
    let words = Word::ALL.iter().map(|word| word.as_str()).chain(["requires", "uses", "exports"]);
    let interface: Map<String, Json> = words.filter_map(|word| Some((word.to_owned(), said(word)?))).collect();
    json!({
        "name": component.id,
        "summary": component.summary,
        "capability": component.provides.capability,
        "collection": component.provides.collection,
        "chart": said("chart"),
        "options": options_schema(component),
        "collections": component.collections.iter().map(entry).collect::<Map<String, Json>>(),
        "interface": interface,
    })
}

fn written(json: &Json) -> String {
    format!("{json:#}\n")
}
