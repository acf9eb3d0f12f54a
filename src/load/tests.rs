use std::collections::BTreeMap;

use camino::Utf8PathBuf;
use proptest::prelude::*;

use super::*;
use crate::source::Value;
use crate::world::{Date, Entry, Kind, Stamp};

/// A platform.yaml with everything in it that a reader could stumble over.
const SAMPLE: &str = include_str!("tests/sample.yaml");

/// A world of a few files that nobody writes.
struct Files(BTreeMap<Utf8PathBuf, Result<Vec<u8>, io::ErrorKind>>);

impl World for Files {
    fn read(&self, path: &Utf8Path) -> io::Result<Vec<u8>> {
        let file = self.0.get(path).cloned().unwrap_or(Err(io::ErrorKind::NotFound));
        file.map_err(io::Error::from)
    }

    fn entry(&self, path: &Utf8Path) -> io::Result<Entry> {
        Ok(Entry { path: path.to_owned(), kind: Kind::File, stamp: Stamp::default() })
    }

    fn entries(&self, _: &Utf8Path) -> io::Result<Vec<Entry>> {
        self.0.keys().map(|path| self.entry(path)).collect()
    }

    fn input(&self) -> io::Result<Vec<u8>> {
        Ok(vec![])
    }

    fn today(&self) -> Date {
        Date::EPOCH
    }
}

struct Loaded {
    document: Option<Document>,
    faults: Vec<Diagnostic>,
    sources: Sources,
}

fn load_file(file: Result<Vec<u8>, io::ErrorKind>) -> Loaded {
    let world = Files([("platform.yaml".into(), file)].into());
    let (mut sources, mut sink) = (Sources::default(), Sink::default());
    let document = load(&world, Utf8Path::new("platform.yaml"), &mut sources, &mut sink);
    Loaded { document, faults: sink.into_sorted(), sources }
}

fn load_text(text: &str) -> Loaded {
    load_file(Ok(text.into()))
}

impl Loaded {
    /// Code, message and spanned text of the only fault.
    fn fault(&self) -> (Code, &str, &str) {
        let [fault] = self.faults.as_slice() else { panic!("{:?}", self.faults) };
        (fault.code, &fault.message, fault.primary().map_or("", |span| self.sources.text(span)))
    }
}

#[test]
fn the_sample_is_loaded() {
    let loaded = load_text(SAMPLE);
    assert_eq!(loaded.faults, []);
    assert_eq!(loaded.document.unwrap().root.as_map().unwrap().len(), 9);
}

#[test]
fn a_missing_file_is_named_with_what_to_write() {
    let loaded = load_file(Err(io::ErrorKind::NotFound));
    assert_eq!(loaded.fault(), (Code::CannotRead, "`platform.yaml` is not there", ""));
    assert!(loaded.faults[0].help.contains(&smallest()));
}

#[test]
fn a_folder_is_named() {
    let loaded = load_file(Err(io::ErrorKind::IsADirectory));
    assert_eq!(loaded.fault().1, "`platform.yaml` is a folder");
}

#[test]
fn bytes_that_are_no_text_point_at_the_first_bad_one() {
    let loaded = load_file(Ok(b"name: \xE9\xE9\ndomain: x\n".to_vec()));
    assert_eq!(loaded.fault(), (Code::CannotRead, "`platform.yaml` is not UTF-8 text", "\u{FFFD}"));
    assert_eq!(loaded.faults[0].labels[0].text, "byte 6 is 0xE9");
    assert_eq!(loaded.faults[0].primary().unwrap().start, 6);
}

#[test]
fn utf_16_and_binaries_are_recognized() {
    let help = |bytes: &[u8]| load_file(Ok(bytes.to_vec())).faults.remove(0).help.remove(0);
    assert_eq!(help(b"\xFF\xFEn\0a\0"), "this looks like UTF-16: save the file as UTF-8");
    assert_eq!(help(b"\x7FELF\0\xFF\x80"), "this looks like a binary file: expected YAML");
}

#[test]
fn an_empty_file_shows_the_smallest_one() {
    for text in ["", "\n\n", "# only a comment\n", "---\n", "\u{FEFF}", "  \n"] {
        let loaded = load_text(text);
        assert_eq!(loaded.fault(), (Code::NotYaml, "this file says nothing", ""), "{text:?}");
        assert_eq!(loaded.faults[0].help, [smallest()]);
        assert!(loaded.document.is_none());
    }
    assert_eq!(load_text(SMALLEST).document.unwrap().root.as_map().unwrap().len(), 3);
}

#[test]
fn a_list_or_scalar_at_the_top_is_left_to_the_schema() {
    for text in ["- a\n", "a\n", "~\n"] {
        let loaded = load_text(text);
        assert!(loaded.faults.is_empty() && loaded.document.is_some(), "{text:?}");
    }
}

#[test]
fn a_byte_order_mark_and_carriage_returns_are_fine() {
    let text = format!("\u{FEFF}{}", SAMPLE.replace('\n', "\r\n"));
    let (windows, unix) = (load_text(&text).document.unwrap().root, load_text(SAMPLE).document.unwrap().root);
    assert_eq!(windows.to_json(), unix.to_json());
}

#[test]
fn a_broken_text_is_shown_all_the_same() {
    let loaded = load_text("name: acme\n\tdomain: x\n");
    assert_eq!(loaded.fault(), (Code::NotYaml, "a tab stands where YAML wants spaces", "\t"));
    assert!(loaded.document.is_none());
}

#[test]
fn a_second_document_is_refused_and_the_first_goes_on() {
    let loaded = load_text("name: acme # ---\n---\nname: b\n");
    assert_eq!(loaded.fault(), (Code::UnsupportedYaml, "more than one document in this file", "---"));
    assert_eq!(loaded.document.unwrap().root.to_json(), serde_json::json!({"name": "acme"}));
}

#[test]
fn a_second_document_is_not_taken_for_a_broken_first() {
    let loaded = load_text("name: [\n---\nname: b\n");
    assert_eq!(loaded.fault().0, Code::NotYaml);
    assert!(loaded.document.is_none());
}

/// An answer, and every span of it lies in its text.
fn is_answered(bytes: Vec<u8>) -> Result<(), TestCaseError> {
    let loaded = load_file(Ok(bytes));
    prop_assert!(loaded.document.is_some() || !loaded.faults.is_empty());
    for label in loaded.faults.iter().flat_map(|fault| &fault.labels) {
        prop_assert!(loaded.sources.file(label.span.file).text.get(label.span.range()).is_some(), "{:?}", label);
    }
    if let Some(document) = loaded.document {
        prop_assert!(spans_are_valid(&loaded.sources.file(document.file).text, &document.root));
    }
    Ok(())
}

fn spans_are_valid(text: &str, node: &Node) -> bool {
    let inside = match &node.value {
        Value::List(list) => list.iter().all(|node| spans_are_valid(text, node)),
        Value::Map(map) => map.values().all(|entry| {
            text.get(entry.key.range()).is_some_and(|key| !key.is_empty()) && spans_are_valid(text, &entry.node)
        }),
        _ => true,
    };
    inside && text.get(node.span.range()).is_some()
}

#[test]
fn every_prefix_gets_an_answer() {
    for end in 0..=SAMPLE.len() {
        is_answered(SAMPLE.as_bytes()[..end].to_vec()).unwrap();
    }
}

proptest! {
    #[test]
    fn any_byte_flip_gets_an_answer(at in 0..SAMPLE.len(), byte: u8, end in 0..=SAMPLE.len()) {
        let mut bytes = SAMPLE.as_bytes().to_vec();
        bytes[at] = byte;
        is_answered(bytes.clone())?;
        bytes.truncate(end);
        is_answered(bytes)?;
    }
}
