//! Nothing lies in `templates/` that no platform needs.

use std::collections::BTreeSet;

use camino::Utf8PathBuf;

use crate::{platforms, repository};

#[test]
fn every_template_is_rendered_for_some_platform() {
    let mut rendered: BTreeSet<Utf8PathBuf> = BTreeSet::new();
    for project in platforms::all() {
        project.each_environment(|_, _, files, sources| {
            let templates = files.files.iter().flat_map(|file| &file.parts).filter_map(|part| part.template);
            rendered.extend(templates.map(|template| sources.file(template).path.clone()));
        });
    }
    let there = repository::files("templates").into_iter().filter(|path| path.extension() == Some("j2"));
    let unused: Vec<Utf8PathBuf> = there.filter(|path| !rendered.contains(path)).collect();
    assert!(unused.is_empty(), "no example, golden case or the root renders {unused:?}");
}

#[test]
fn every_file_is_a_description_a_template_a_schema_or_an_example() {
    let catalog = repository::catalog();
    let is_known = |path: &Utf8PathBuf| {
        let parts: Vec<&str> = path.components().skip(1).map(|part| part.as_str()).collect();
        match parts.as_slice() {
            ["capabilities.yaml"] => true,
            [component, "component.yaml"] => catalog.components.contains_key(*component),
            [component, "examples", name] => catalog.components.contains_key(*component) && name.ends_with(".yaml"),
            [component, name] if name.ends_with(".json") => {
                let chart = catalog.components.get(*component).and_then(|component| component.chart.as_ref());
                chart.is_some_and(|chart| chart.values_schema.as_deref() == Some(name))
            }
            [_, name] => name.ends_with(".j2"),
            _ => false,
        }
    };
    let unknown: Vec<Utf8PathBuf> = repository::files("templates").into_iter().filter(|path| !is_known(path)).collect();
    assert!(unknown.is_empty(), "what is {unknown:?}?");
}
