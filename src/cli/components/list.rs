//! All of them: capabilities with their providers, then the maps by name that components bring.

use super::collections;
use crate::cli::text::columns;
use crate::component::{Catalog, Component};

pub fn list(catalog: &Catalog) -> String {
    let mut rows = vec![row("CAPABILITY", "COMPONENT", "")];
    for (name, capability) in &catalog.capabilities {
        rows.push(row(name, "", &capability.summary));
        rows.extend(catalog.providers(name).map(|component| row("", &component.id, &component.summary)));
    }
    rows.push(row("", "", ""));
    rows.push(row("COLLECTION", "COMES WITH", ""));
    let all = catalog.components.values().flat_map(collections);
    rows.extend(all.map(|(name, component)| row(name, &component.id, &summary(name, component))));
    columns(0, &rows) + "\nplatformc components NAME shows what one takes, and what it gives\n"
}

fn row(first: &str, second: &str, third: &str) -> [String; 3] {
    [first.into(), second.into(), third.into()]
}

/// What an entry of a collection is.
pub fn summary(collection: &str, component: &Component) -> String {
    let entry = component.collections.get(collection);
    entry.map_or(component.summary.clone(), |entry| entry.description.clone().unwrap_or_default())
}
