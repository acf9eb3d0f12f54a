//! The schema of a whole platform.yaml: the fixed keys, the capabilities, the collections.

use indexmap::IndexMap;

use super::input::{ENVIRONMENTS, FIXED, PATCHES};
use crate::component::{Capability, Catalog, Component};
use crate::schema::format::Format;
use crate::schema::{Schema, Tag, Type};
use crate::source::{FileId, Node, Span};

/// What may stand at the top, for the components that are `chosen`.
pub(super) fn schema(catalog: &Catalog, chosen: &[&str]) -> Schema {
    let mut schema = FIXED.clone();
    schema.properties.insert(ENVIRONMENTS.into(), environments());
    if let Some(patch) = schema.properties.get_mut(PATCHES).and_then(|patches| patches.additional.as_mut()) {
        patch.keeps_nulls = true;
    }
    for (name, capability) in &catalog.capabilities {
        schema.properties.insert(name.clone(), slot(catalog, name, capability));
    }
    for (name, collection) in collections(catalog, chosen) {
        schema.properties.insert(name, collection);
    }
    schema
}

fn environments() -> Schema {
    let any = Schema { types: vec![Type::Object], ..Schema::default() };
    let description = "What differs, by environment: each is laid over everything above, and is one cluster";
    by_name(any, description.into())
}

/// Where a capability stands: the name of its provider, or that and the provider's options.
fn slot(catalog: &Catalog, name: &str, capability: &Capability) -> Schema {
    let providers: Vec<&Component> = catalog.providers(name).collect();
    Schema {
        types: vec![Type::Object],
        description: Some(capability.summary.clone()).filter(|summary| !summary.is_empty()),
        properties: IndexMap::from_iter([provider(&providers)]),
        required: vec![Tag::Provider.as_str().into()],
        short: Some(Tag::Provider.as_str().into()),
        tag: Tag::Provider,
        variants: providers.iter().map(|component| (component.id.clone(), options(component))).collect(),
        ..Schema::default()
    }
}

/// The key that names one of these components.
pub(super) fn provider(providers: &[&Component]) -> (String, Schema) {
    let schema = Schema {
        types: vec![Type::String],
        allowed: providers.iter().map(|component| Node::text(nowhere(), &component.id)).collect(),
        description: Some("The component that provides it".into()),
        ..Schema::default()
    };
    (Tag::Provider.as_str().to_owned(), schema)
}

/// The options of a component, with those that every one has.
pub(super) fn options(component: &Component) -> Schema {
    let mut schema = component.options.clone();
    for (name, option) in common(component) {
        schema.properties.entry(name.into()).or_insert(option);
    }
    schema
}

fn common(component: &Component) -> Vec<(&'static str, Schema)> {
    let text = |description: &str| Schema {
        types: vec![Type::String],
        description: Some(description.into()),
        ..Schema::default()
    };
    let mut common =
        vec![("namespace", Schema { format: Some(Format::Name), ..text("The namespace that it runs in") })];
    if component.chart.is_some() {
        let version = text("The chart's version; another than the tried one is at your own risk");
        common.push(("version", Schema { as_written: true, min_length: Some(1), ..version }));
        let values = text("Values of the chart, laid over those that are written here");
        common.push(("values", Schema { types: vec![Type::Object], ..values }));
    }
    common
}

/// The maps whose entries components take: of several that bring one, the chosen one's.
fn collections(catalog: &Catalog, chosen: &[&str]) -> IndexMap<String, Schema> {
    let mut all = IndexMap::new();
    let components = || catalog.components.values();
    for component in components() {
        if let Some(name) = &component.provides.collection {
            all.insert(name.clone(), by_name(options(component), component.summary.clone()));
        }
    }
    let preferred = components().filter(|component| chosen.contains(&component.id.as_str()));
    for (name, entry) in preferred.chain(components()).flat_map(|component| &component.collections) {
        let description = entry.description.clone().unwrap_or_default();
        all.entry(name.clone()).or_insert_with(|| by_name(entry.clone(), description));
    }
    all
}

fn by_name(entry: Schema, description: String) -> Schema {
    Schema {
        types: vec![Type::Object],
        description: Some(description).filter(|text| !text.is_empty()),
        additional: Some(Box::new(entry)),
        ..Schema::default()
    }
}

fn nowhere() -> Span {
    Span::new(FileId(0), 0, 0)
}
