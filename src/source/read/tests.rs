//! What is read, where it stands, and what is said where it cannot be read.

mod broken;
mod manifests;
mod refused;

use proptest::prelude::*;

use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::source::{FileId, Node, NodePath, Sources, Span, Value, read::read};

/// The documents and the faults of a text.
fn read_all(text: &str) -> (Vec<Node>, Vec<Diagnostic>) {
    let mut sink = Sink::default();
    let nodes = read(FileId(0), text, &mut sink);
    (nodes, sink.into_sorted())
}

/// The one document of a text without faults.
fn only(text: &str) -> Node {
    let (nodes, faults) = read_all(text);
    assert_eq!(faults, [], "{text:?}");
    let [node] = <[Node; 1]>::try_from(nodes).unwrap();
    node
}

fn slice(text: &str, span: Span) -> &str {
    &text[span.range()]
}

/// Code, message and labelled text of the only fault.
fn only_fault(text: &str) -> (Code, String, String) {
    let (_, faults) = read_all(text);
    let [fault] = <[Diagnostic; 1]>::try_from(faults).unwrap();
    (fault.code, fault.message.clone(), slice(text, fault.primary().unwrap()).to_owned())
}

/// The value of `text` as a plain scalar.
fn plain(text: &str) -> Value {
    only(&format!("- {text}\n")).as_list().unwrap()[0].value.clone()
}

#[test]
fn spans_count_bytes_behind_a_byte_order_mark_accents_and_carriage_returns() {
    let text = "\u{FEFF}ä: é\r\nb: [1, {c: 'd e'}]  # x\r\n";
    let node = only(text);
    let map = node.as_map().unwrap();
    assert_eq!(slice(text, map["ä"].key), "ä");
    assert_eq!(slice(text, map["ä"].node.span), "é");
    assert_eq!(slice(text, map["b"].node.span), "[1, {c: 'd e'}]");
    assert_eq!(slice(text, node.at(&NodePath::dotted("b").index(1).key("c")).unwrap().span), "'d e'");
}

#[test]
fn a_block_collection_ends_with_its_last_entry() {
    let text = "a:\n  b: 1\n  c:\n    - d\n\n# end\n";
    let node = only(text);
    assert_eq!(slice(text, node.get("a").unwrap().span), "b: 1\n  c:\n    - d");
    assert_eq!(slice(text, node.span), "a:\n  b: 1\n  c:\n    - d");
}

#[test]
fn a_block_text_keeps_its_lines_and_ends_with_its_last_word() {
    let text = "a: |\n  x\n   y\n\nb: >-\n  x\n  y\n";
    let node = only(text);
    assert_eq!(node.get("a").unwrap().as_str(), Some("x\n y\n"));
    assert_eq!(slice(text, node.get("a").unwrap().span), "x\n   y");
    assert_eq!(node.get("b").unwrap().as_str(), Some("x y"));
}

#[test]
fn what_both_versions_read_alike_has_its_type() {
    for (text, value) in [
        ("~", Value::Null),
        ("null", Value::Null),
        ("NULL", Value::Null),
        ("true", Value::Bool(true)),
        ("False", Value::Bool(false)),
        ("0", Value::Integer(0)),
        ("-7", Value::Integer(-7)),
        ("+7", Value::Integer(7)),
        ("0x1F", Value::Integer(31)),
        ("9223372036854775807", Value::Integer(i64::MAX)),
        ("9223372036854775808", Value::Float(9_223_372_036_854_775_808.0)),
        ("0xFFFFFFFFFFFFFFFF", Value::Float(18_446_744_073_709_551_615.0)),
        ("1.10", Value::Float(1.1)),
        (".5", Value::Float(0.5)),
        ("-5.", Value::Float(-5.0)),
        ("1.5e+3", Value::Float(1500.0)),
    ] {
        let node = &only(&format!("- {text}\n")).as_list().unwrap()[0].clone();
        assert_eq!((&node.value, node.written.as_deref()), (&value, Some(text)));
    }
}

#[test]
fn what_the_versions_read_differently_is_text_as_written() {
    for text in [
        "yes",
        "No",
        "on",
        "OFF",
        "y",
        "N",
        "012",
        "08",
        "0o14",
        "1_000",
        "0b1",
        "1e3",
        "1.5e3",
        "12:30:45",
        "1:2.5",
        "=",
        "2025-01-01",
        "2001-12-14t21:59:43.10-05:00",
        "<<",
        ".inf",
        "-.INF",
        ".nan",
        "+0x1F",
        "0x",
        "0x_1",
        "1.2.3",
        ".",
        "+",
        "-.",
        "1.0e+999",
        "TRue",
        "nULL",
        "1.5e",
        "--1",
        "10.0.0.0/8",
        "é",
    ] {
        assert_eq!(plain(text), Value::Text(text.into()));
    }
}

#[test]
fn quoted_scalars_and_empty_values_were_not_written_plain() {
    let node = only("a: '1'\nb: \"\\u00e9\\n\"\nc:\nd: ''\n");
    assert_eq!(node.get("a").unwrap().as_str(), Some("1"));
    assert_eq!(node.get("b").unwrap().as_str(), Some("é\n"));
    assert!(node.get("c").unwrap().is_null());
    assert_eq!(node.get("d").unwrap().as_str(), Some(""));
    assert!(node.as_map().unwrap().values().all(|entry| entry.node.written.is_none()));
}

#[test]
fn a_plain_key_is_the_text_as_written() {
    let node = only("1: a\ntrue: b\n~: c\n012: d\n'<<': e\n? f\n: g\n");
    let keys: Vec<&str> = node.as_map().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["1", "true", "~", "012", "<<", "f"]);
}

#[test]
fn every_document_is_given() {
    let (nodes, faults) = read_all("# head\na: 1\n---\n# empty\n---\n- b\n...\n---\nc\n");
    assert_eq!(faults, []);
    assert_eq!(
        nodes.iter().map(Node::to_json).collect::<Vec<_>>(),
        [serde_json::json!({"a": 1}), serde_json::json!(null), serde_json::json!(["b"]), serde_json::json!("c")]
    );
    assert_eq!(read_all("# nothing\n"), (vec![], vec![]));
}

#[test]
fn an_alias_is_a_copy_that_stands_at_the_alias() {
    let text = "a: &x {b: 1}\nc: *x\n&k d: *k\n";
    let node = only(text);
    let copy = node.get("c").unwrap();
    assert_eq!(copy.to_json(), serde_json::json!({"b": 1}));
    assert_eq!(slice(text, copy.span), "*x");
    assert_eq!(slice(text, copy.get("b").unwrap().span), "1");
    assert_eq!(node.get("d").unwrap().as_str(), Some("d"));
}

proptest! {
    #[test]
    fn anything_gets_an_answer_with_valid_spans(text in r#"(?s)([a-c\u{e9}\t\r\n #:,?*&!|>'"%@`{}\[\]-]|\PC|  |: |- |---\n){0,60}"#) {
        let mut sources = Sources::default();
        let file = sources.add("any.yaml", text.as_str());
        let mut sink = Sink::default();
        for node in read(file, &text, &mut sink) {
            prop_assert!(spans_are_valid(&text, &node));
        }
        for label in sink.iter().flat_map(|fault| &fault.labels) {
            prop_assert!(text.get(label.span.range()).is_some());
        }
    }
}

fn spans_are_valid(text: &str, node: &Node) -> bool {
    text.get(node.span.range()).is_some()
        && match &node.value {
            Value::List(list) => list.iter().all(|node| spans_are_valid(text, node)),
            Value::Map(map) => {
                map.values().all(|entry| text.get(entry.key.range()).is_some() && spans_are_valid(text, &entry.node))
            }
            _ => true,
        }
}
