//! Faults of manifests without a platform, for the tests of each family.

use super::check;
use super::symbols::{Extent, Symbols};
use crate::diagnostic::{Severity, Sink};
use crate::render::{Rendered, RenderedFile};
use crate::resolve::input::External;
use crate::source::Sources;
use crate::validate::schemas::Schemas;
use crate::validate::validate;

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
