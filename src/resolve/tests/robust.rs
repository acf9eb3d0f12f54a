use std::sync::LazyLock;

use proptest::prelude::*;

use crate::component::Catalog;
use crate::diagnostic::Sink;
use crate::load::Document;
use crate::resolve::{environments, platform_schema, resolve};
use crate::schema::check::tests::{node, told};
use crate::source::{Sources, read::read};
use crate::world::Memory;

/// The platform.yaml that the README shows.
const PLATFORM: &str = include_str!("../../../platform.yaml");

static CATALOG: LazyLock<(Catalog, Sources)> = LazyLock::new(|| {
    let (mut sources, mut sink) = (Sources::default(), Sink::default());
    let catalog = Catalog::load(&Memory::default(), &mut sources, &mut sink);
    (catalog, sources)
});

/// How many environments came through, and what was told.
fn answer(bytes: &[u8]) -> (usize, Vec<String>) {
    let Ok(text) = std::str::from_utf8(bytes) else { return (0, vec![]) };
    let (catalog, mut sources) = (&CATALOG.0, CATALOG.1.clone());
    let mut sink = Sink::default();
    let file = sources.add("platform.yaml", text);
    let Some(root) = read(file, text, &mut sink).into_iter().next() else { return (0, vec![]) };
    let document = Document { file, root };
    let names = environments(&document);
    let sound = names.iter().filter(|name| resolve(&document, catalog, Some(name), &mut sink).is_some()).count();
    (sound, told(sink.iter(), &sources))
}

#[test]
fn the_whole_platform_has_no_fault() {
    assert_eq!(answer(PLATFORM.as_bytes()), (2, vec![]));
}

#[test]
fn the_whole_platform_passes_the_published_schema() {
    let schema = jsonschema::validator_for(&platform_schema(&CATALOG.0)).expect("a schema");
    let written = node(PLATFORM).to_json();
    let faults: Vec<String> = schema.iter_errors(&written).map(|error| error.to_string()).collect();
    assert_eq!(faults, [""; 0]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_byte_flip_gets_an_answer(at in 0..PLATFORM.len(), byte: u8) {
        let mut bytes = PLATFORM.as_bytes().to_vec();
        bytes[at] = byte;
        answer(&bytes);
    }

    #[test]
    fn any_prefix_gets_an_answer(end in 0..PLATFORM.len()) {
        answer(&PLATFORM.as_bytes()[..end]);
    }

    #[test]
    fn any_two_lines_swapped_get_an_answer(one in 0..40_usize, other in 0..40_usize) {
        let mut lines: Vec<&str> = PLATFORM.lines().collect();
        let last = lines.len() - 1;
        lines.swap(one.min(last), other.min(last));
        answer(lines.join("\n").as_bytes());
    }
}
