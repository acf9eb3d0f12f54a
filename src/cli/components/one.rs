//! One of them: how it is chosen, its options, its interface.

use super::list::summary;
use super::options::options;
use super::{Named, choosing, interface};
use crate::cli::text::{columns, flow};
use crate::component::{Capability, Catalog, Component};
use crate::resolve::options_of;
use crate::source::Sources;

pub fn one(catalog: &Catalog, named: &Named, sources: &Sources) -> String {
    match named {
        Named::Component(component) => of_component(component, sources),
        Named::Capability(name) => of_capability(catalog, name),
        Named::Collection(name, component) => of_collection(name, component),
    }
}

fn of_component(component: &Component, sources: &Sources) -> String {
    let mut text = format!("{}: {}\n\n", component.id, component.summary);
    let chart = component.chart.as_ref();
    let facts = [
        Some(("chosen by", choosing(component))),
        chart.map(|chart| ("chart", format!("{} {} of {}", chart.name, chart.version, chart.repository))),
        component.description.get("namespace").map(|node| ("namespace", flow(node))),
        Some(("written in", sources.file(component.file).path.to_string())),
    ];
    let facts: Vec<[String; 2]> = facts.into_iter().flatten().map(|(what, said)| [what.into(), said]).collect();
    text += &columns(0, &facts);
    text += &format!("\noptions:\n{}", options(&options_of(component), 2));
    for (name, entry) in &component.collections {
        text += &format!("\n{name}.NAME: {}\n{}", entry.description.as_deref().unwrap_or_default(), options(entry, 2));
    }
    text + &interface::interface(component)
}

fn of_capability(catalog: &Catalog, name: &str) -> String {
    let capability = catalog.capabilities.get(name);
    let summary = capability.map(|capability| capability.summary.as_str()).unwrap_or_default();
    let mut text = format!("{name}: {summary}\n\nprovided by:\n");
    let providers = catalog.providers(name).map(|component| [component.id.clone(), component.summary.clone()]);
    text += &columns(2, &providers.collect::<Vec<_>>());
    let exports: Vec<[String; 2]> = capability.into_iter().flat_map(exports).collect();
    if !exports.is_empty() {
        text += &format!("\nwhat others may use of it:\n{}", columns(2, &exports));
    }
    text
}

fn exports(capability: &Capability) -> Vec<[String; 2]> {
    let texts = |word: &str, map: &indexmap::IndexMap<String, String>| -> Vec<[String; 2]> {
        map.iter().map(|(id, said)| [format!("{word}.{id}"), said.clone()]).collect()
    };
    let values = capability.values.iter().map(|(id, schema)| {
        let said = schema.description.clone().unwrap_or_default();
        [format!("values.{id}"), said]
    });
    let named = [texts("services", &capability.services), texts("workloads", &capability.workloads)];
    let secrets = texts("secrets", &capability.secrets);
    named.into_iter().flatten().chain(secrets).chain(values).collect()
}

fn of_collection(name: &str, component: &Component) -> String {
    let entry = component.collections.get(name);
    let options = entry.map(|entry| options(entry, 2)).unwrap_or_default();
    format!("{name}: {}\n\ncomes with {}\n\n{name}.NAME:\n{options}", summary(name, component), choosing(component))
}
