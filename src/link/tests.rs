//! Faults of manifests without a platform, for the tests of each family.

use super::check;
use super::symbols::{Extent, Symbols};
use crate::component::Catalog;
use crate::diagnostic::{Severity, Sink};
use crate::render::{Rendered, RenderedFile, Templates};
use crate::resolve::input::External;
use crate::source::Sources;
use crate::validate::schemas::Schemas;
use crate::validate::validate;
use crate::world::Memory;

/// What is wrong where the manifests are all there is, each as `E0612 message`. Namespaces without an object are
/// made elsewhere.
pub fn whole(yaml: &str) -> Vec<String> {
    let mut namespaces: Vec<&str> = yaml
        .match_indices("namespace: ")
        .filter_map(|(at, key)| yaml[at + key.len()..].split([',', '}', '\n']).next())
        .collect();
    namespaces.sort_unstable();
    namespaces.dedup();
    namespaces.retain(|name| !yaml.contains(&format!("kind: Namespace\nmetadata: {{name: {name}}}")));
    faults(
        yaml,
        &External { namespaces: namespaces.into_iter().map(str::to_owned).collect(), ..External::default() },
        Extent::Whole,
    )
}

/// What is wrong where the manifests are a part of a cluster.
pub fn part(yaml: &str) -> Vec<String> {
    faults(yaml, &External::default(), Extent::Part)
}

/// The faults of valid manifests; those of severity warning begin with `W`, whatever their code.
pub fn faults(yaml: &str, external: &External, extent: Extent) -> Vec<String> {
    let (mut sources, mut sink) = (Sources::default(), Sink::default());
    let file = sources.add("test.yaml", yaml);
    let rendered = Rendered { files: vec![RenderedFile::by_hand(file, &sources, &mut sink)] };
    let objects = validate(&rendered, &["1.36".to_owned()], &Schemas::default(), &sources, &mut sink);
    assert!(sink.is_empty(), "not valid: {:#?}", sink.into_sorted());
    let symbols = Symbols::new(&objects.objects, None, &rendered.files, external, extent, &sources);
    check(&symbols, &mut sink);
    let letter = |severity| match severity {
        Severity::Error => 'E',
        Severity::Warning => 'W',
        Severity::Note => 'N',
    };
    sink.iter()
        .map(|fault| format!("{}{} {}", letter(fault.severity), &fault.code.as_str()[1..], fault.message))
        .collect()
}

/// What a rendered platform comes to once a file of it is changed by hand: `change` takes each path and text.
pub fn changed(platform: &str, change: impl Fn(&str, &str) -> Option<String>) -> Vec<String> {
    let (mut sources, mut sink) = (Sources::default(), Sink::default());
    let world = Memory::with([("platform.yaml", platform.as_bytes().to_vec())]);
    let catalog = Catalog::load(&world, &mut sources, &mut sink);
    let templates = Templates::new(catalog.all_templates(&sources), &mut sink);
    let document = crate::load::load(&world, "platform.yaml".into(), &mut sources, &mut sink).expect("it loads");
    let environment = crate::resolve::environments(&document).pop();
    let platform =
        crate::resolve::resolve(&document, &catalog, environment.as_deref(), &mut sink).expect("it resolves");
    let plan = crate::expand::expand(&platform, &catalog, &mut sink);
    let mut rendered = crate::render::render(&plan, &templates, &Schemas::default(), &sources, &mut sink);
    let mut hits = 0;
    for file in &mut rendered.files {
        if let Some(text) = change(file.path.as_str(), &file.text).filter(|text| *text != file.text) {
            file.documents = crate::source::read::read(crate::render::RENDERED, &text, &mut sink);
            file.text = text;
            hits += 1;
        }
    }
    assert!(hits == 1 && !sink.has_errors(), "{hits} files changed: {:#?}", sink.into_sorted());
    let mut sink = Sink::default();
    let objects = validate(&rendered, &platform.kubernetes, &Schemas::default(), &sources, &mut sink);
    let external = &platform.input.external;
    let symbols = Symbols::new(&objects.objects, Some(&plan), &rendered.files, external, Extent::Whole, &sources);
    check(&symbols, &mut sink);
    let errors = sink.iter().filter(|fault| fault.severity == Severity::Error);
    errors.map(|fault| format!("{} {}", fault.code, fault.message)).collect()
}

/// One text of one file, which is named by the end of its path, in the place of another.
pub fn mutant(platform: &str, path: &str, from: &str, to: &str) -> Vec<String> {
    changed(platform, |file, text| file.ends_with(path).then(|| text.replacen(from, to, 1)))
}
