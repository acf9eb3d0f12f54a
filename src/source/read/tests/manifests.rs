//! What kubectl takes, read as kubectl reads it.

use serde_json::json;

use super::*;
use crate::source::read::read_manifests;

fn manifests(text: &str) -> (Vec<Node>, Vec<Diagnostic>) {
    let mut sink = Sink::default();
    let nodes = read_manifests(FileId(0), text, &mut sink);
    (nodes, sink.into_sorted())
}

fn json_of(text: &str) -> Vec<serde_json::Value> {
    let (nodes, faults) = manifests(text);
    assert_eq!(faults, [], "{text:?}");
    nodes.iter().map(Node::to_json).collect()
}

#[test]
fn merge_keys_bring_what_is_not_there() {
    let text =
        "base: &base {a: 1, b: 2}\nmore: &more {c: 3, a: 4}\none: {<<: *base, b: 5}\ntwo:\n  <<: [*base, *more]\n";
    let read = json_of(text);
    assert_eq!(read[0]["one"], json!({"a": 1, "b": 5}));
    assert_eq!(read[0]["two"], json!({"a": 1, "b": 2, "c": 3}));
}

#[test]
fn tags_and_directives_are_taken() {
    let text =
        "%YAML 1.1\n---\na: !!str 1\nb: !!int \"2\"\nc: !Ref x\nd: ! 3\ne: !!float 4\nf: !!map {g: !!bool yes}\n";
    let wanted = json!({"a": "1", "b": 2, "c": "x", "d": "3", "e": 4.0, "f": {"g": true}});
    assert_eq!(json_of(text), [wanted]);
}

#[test]
fn scalars_are_those_of_yaml_1_1() {
    assert_eq!(json_of("[yes, off, 0644, 1_000, 12:30, 'yes']"), [json!([true, false, 420, 1000, "12:30", "yes"])]);
}

#[test]
fn of_two_equal_keys_the_last_counts_and_it_is_told() {
    let (nodes, faults) = manifests("a: 1\nb: 2\na: 3\n");
    assert_eq!(nodes[0].to_json(), json!({"a": 3, "b": 2}));
    assert_eq!(faults.iter().map(|fault| fault.code).collect::<Vec<_>>(), [Code::DuplicateKey]);
    assert!(faults[0].help[0].contains("kubectl uses the last"));
}

#[test]
fn keys_are_texts_in_the_end() {
    assert_eq!(
        json_of("8080: a\non: b\n1.5: c\n0x10: d\n"),
        [json!({"8080": "a", "true": "b", "1.5": "c", "16": "d"})]
    );
}

#[test]
fn json_may_be_indented_by_tabs_and_escape_as_it_does() {
    let text = "\u{FEFF}{\r\n\t\"a\": \"x\\/\\u00e9\\ud83d\\ude00\\t\",\r\n\t\"b\":[\r\n\t\t1\t,2\r\n\t]\r\n}\r\n";
    assert_eq!(json_of(text), [json!({"a": "x/é😀\t", "b": [1, 2]})]);
    let (nodes, _) = manifests(text);
    assert_eq!(slice(text, nodes[0].get("b").unwrap().span), "[\r\n\t\t1\t,2\r\n\t]");
}

#[test]
fn what_libyaml_takes_is_taken() {
    let closed_early = "a: {\n  b: [\n    c\n]\n}\nd: 1\n";
    assert_eq!(json_of(closed_early), [json!({"a": {"b": ["c"]}, "d": 1})]);
    let short_quote = "a:\n  b: \"x\n y\"\n  c: plain\n    more\n";
    assert_eq!(json_of(short_quote), [json!({"a": {"b": "x y", "c": "plain more"}})]);
    let tabs_behind = "a:\t1\nb: 2\t# so\n\t\nc: |\n  x\n\ty: z\n".replace("\ty: z", "  \ty");
    assert_eq!(json_of(&tabs_behind), [json!({"a": 1, "b": 2, "c": "x\n\ty\n"})]);
}

#[test]
fn documents_may_be_empty() {
    let text = "# Source: a.yaml\n---\n---\n# nothing\n---\nnull\n---\na: 1\n...\n---\n{}\n---\n";
    assert_eq!(json_of(text).len(), 6);
}

#[test]
fn lines_may_end_as_windows_ends_them() {
    assert_eq!(json_of("\u{FEFF}a: |\r\n  x\r\n  y\r\nb: 1\r\n"), [json!({"a": "x\ny\n", "b": 1})]);
}
