use std::sync::LazyLock;

use proptest::prelude::*;

use super::{MOVER, mover};
use crate::component::Catalog;
use crate::diagnostic::Sink;
use crate::source::Sources;
use crate::world::Memory;

/// The largest of the built-in descriptions.
static LARGEST: LazyLock<String> = LazyLock::new(|| {
    let mut sources = Sources::default();
    let catalog = Catalog::load(&Memory::default(), &mut sources, &mut Sink::default());
    let texts = catalog.components.values().map(|component| sources.file(component.file).text.to_string());
    texts.max_by_key(String::len).unwrap_or_else(|| MOVER.to_owned())
});

fn flipped(text: &str, at: usize, byte: u8) -> Option<String> {
    let mut bytes = text.as_bytes().to_vec();
    *bytes.get_mut(at % text.len())? = byte;
    String::from_utf8(bytes).ok()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn any_byte_flip_of_a_description_gets_an_answer(at: usize, byte in 0x20..0x7f_u8) {
        if let Some(text) = flipped(MOVER, at, byte) {
            let loaded = mover(&text);
            prop_assert!(!loaded.faults.is_empty() || !loaded.catalog.components.is_empty());
        }
    }

    #[test]
    fn any_byte_flip_of_a_large_description_gets_an_answer(at: usize, byte in 0x20..0x7f_u8) {
        if let Some(text) = flipped(&LARGEST, at, byte) {
            mover(&text);
        }
    }

    #[test]
    fn any_prefix_of_a_description_gets_an_answer(end in 0..MOVER.len()) {
        if let Some(text) = MOVER.get(..end) {
            mover(text);
        }
    }
}
