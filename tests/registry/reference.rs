//! `docs/reference.md` is what the schemas say. `BLESS=1` writes it anew.

use platformc::component::{Catalog, Component};
use platformc::resolve::input::FIXED;
use platformc::source::Node;

use crate::tables::{Each, below, rows, table};
use crate::{markdown, repository};

const PAGE: &str = "docs/reference.md";
const EACH: Each = Each { entry: ".*", item: "[]" };

const OPENING: &str = "\
# Reference of platform.yaml

Every key of `platform.yaml`, with the built-in components. This page is made from the schemas by a test, and so is
`schemas/platform.schema.json`, which editors read; `platformc schema` writes that one with your own components in it.

`*` stands for a name of your own, `[]` for each item of a list. What has neither a default nor *required* may be left out.

Every component also takes `namespace`, one with a chart `version` and `values` (any values of the chart, laid over those that are
written here). Keys `x-…` are your own, and may stand on any map with fixed keys.
";

#[test]
fn the_reference_is_what_the_schemas_say() {
    let catalog = repository::catalog();
    let mut page = format!("{OPENING}\n## The platform\n\n{}", table(&below("", &FIXED, &EACH)));
    page += "\n`environments` holds overlays by name: each is laid over everything above it, and is one cluster with one tree.\n";
    for (name, capability) in &catalog.capabilities {
        page += &format!("\n## {name}\n\n{}\n", sentence(&capability.summary));
        catalog.providers(name).for_each(|component| page += &provider(name, component));
    }
    page += &collections(&catalog);
    markdown::expect(PAGE, &page);
}

fn provider(capability: &str, component: &Component) -> String {
    let chart = component.chart.as_ref();
    let chart = chart.map(|chart| format!(" Chart {} {} of <{}>.", chart.name, chart.version, chart.repository));
    let namespace = component.description.get("namespace").and_then(Node::as_str).unwrap_or(&component.id);
    let rows = below("", &component.options, &EACH);
    let options = if rows.is_empty() { "It has no options.\n".to_owned() } else { table(&rows) };
    format!(
        "\n### {capability}: {}\n\n{} Namespace `{namespace}`.{}\n\n{options}",
        component.id,
        sentence(&component.summary),
        chart.unwrap_or_default()
    )
}

fn collections(catalog: &Catalog) -> String {
    let mut text = String::new();
    for component in catalog.components.values() {
        if let Some(name) = &component.provides.collection {
            let of = format!("Each entry is one instance of the component `{}`.", component.id);
            text += &format!("\n## {name}\n\n{} {of}\n\n", sentence(&component.summary));
            text += &table(&below(&format!("{name}.*"), &component.options, &EACH));
        }
        for (name, entry) in &component.collections {
            let says = entry.description.as_deref().unwrap_or_default();
            text += &format!("\n## {name}\n\n{} Comes with `{}`.\n\n", sentence(says), component.id);
            let path = format!("{name}.*");
            let all = rows(&path, entry, false, &EACH);
            text += &table(if all.len() > 1 { &all[1..] } else { &all });
        }
    }
    text
}

/// With a full stop.
fn sentence(text: &str) -> String {
    format!("{}.", text.trim().trim_end_matches('.'))
}
