use serde_json::json;

use super::*;
use crate::source::FileId;
use crate::source::read::read;

fn schema() -> Json {
    let named = json!({ "type": "array", "items": { "$ref": "#/$defs/item" }, "x-list-map-keys": ["name"] });
    let ports = json!({
        "x-list-map-keys": ["port", "protocol"],
        "items": { "properties": { "protocol": { "default": "TCP" } } },
    });
    json!({
        "properties": { "items": named, "byName": { "additionalProperties": named } },
        "$defs": { "item": { "properties": { "name": {}, "ports": ports } } },
    })
}

/// The object after the patch, and what is wrong with the patch.
fn patched(object: &str, patch: &str) -> (Json, Vec<String>) {
    let tree = |file, text| read(FileId(file), text, &mut Sink::default()).remove(0);
    let (object, patch) = (tree(0, object), tree(1, patch));
    let (schema, mut sink) = (schema(), Sink::default());
    let entry = Entry { key: patch.span, node: patch };
    let merged = Merge::new(Some(&schema), &mut sink).document(&object, &entry);
    (merged.to_json(), sink.iter().map(|fault| fault.message.clone()).collect())
}

fn merged(object: &str, patch: &str) -> Json {
    let (merged, faults) = patched(object, patch);
    assert_eq!(faults, Vec::<String>::new());
    merged
}

#[test]
fn maps_are_merged_in_the_order_of_the_object() {
    let found = merged("{a: {b: 1, c: 2}, d: 3}", "{d: 4, a: {e: 5, b: 6}}");
    assert_eq!(found.to_string(), r#"{"a":{"b":6,"c":2,"e":5},"d":4}"#);
}

#[test]
fn null_takes_a_key_away() {
    assert_eq!(merged("{a: {b: 1, c: 2}}", "{a: {b: null}}"), json!({ "a": { "c": 2 } }));
}

#[test]
fn what_is_not_there_cannot_be_taken_away() {
    assert_eq!(patched("{a: 1}", "{b: null}").1, ["there is no `b` to take away"]);
    assert_eq!(patched("{a: 1}", "{b: {c: null}}").1, ["there is no `c` to take away"]);
    assert_eq!(
        patched("{items: [{name: a}]}", "{items: [{name: b, $patch: delete}]}").1,
        ["there is no such item to take away"]
    );
}

#[test]
fn items_with_keys_are_merged_and_new_ones_come_last() {
    let found = merged("{items: [{name: a, x: 1}, {name: b}]}", "{items: [{name: c}, {name: a, y: 2}]}");
    assert_eq!(found, json!({ "items": [{ "name": "a", "x": 1, "y": 2 }, { "name": "b" }, { "name": "c" }] }));
}

#[test]
fn a_key_that_is_left_out_is_its_default() {
    let object = "{items: [{name: a, ports: [{port: 1, protocol: TCP, x: 1}, {port: 1, protocol: UDP}]}]}";
    let found = merged(object, "{items: [{name: a, ports: [{port: 1, x: 2}]}]}");
    let ports = json!([{ "port": 1, "protocol": "TCP", "x": 2 }, { "port": 1, "protocol": "UDP" }]);
    assert_eq!(found, json!({ "items": [{ "name": "a", "ports": ports }] }));
}

#[test]
fn lists_with_keys_are_found_below_names_that_are_free() {
    let found = merged("{byName: {x: [{name: a, n: 1}]}}", "{byName: {x: [{name: a, m: 2}]}}");
    assert_eq!(found, json!({ "byName": { "x": [{ "name": "a", "n": 1, "m": 2 }] } }));
}

#[test]
fn an_item_is_taken_away_or_replaced_by_a_directive() {
    let found = merged("{items: [{name: a, x: 1}, {name: b}]}", "{items: [{name: b, $patch: delete}]}");
    assert_eq!(found, json!({ "items": [{ "name": "a", "x": 1 }] }));
    let found = merged("{items: [{name: a, x: 1}]}", "{items: [{name: a, $patch: replace}]}");
    assert_eq!(found, json!({ "items": [{ "name": "a" }] }));
}

#[test]
fn other_lists_are_replaced() {
    assert_eq!(merged("{list: [{name: a}, 2]}", "{list: [3]}"), json!({ "list": [3] }));
}

#[test]
fn an_item_without_its_key_is_a_fault() {
    assert_eq!(patched("{items: [{name: a}]}", "{items: [{x: 1}]}").1, ["an item of this list needs `name`"]);
    assert_eq!(patched("{items: [{name: a}]}", "{items: [a]}").1, ["an item of this list needs `name`"]);
}

#[test]
fn only_known_directives_are_followed() {
    assert_eq!(patched("{a: {b: 1}}", "{a: {$patch: delete}}").1, ["`$patch` here can only be `replace`"]);
    assert_eq!(merged("{a: {b: 1}}", "{a: {$patch: replace, c: 2}}"), json!({ "a": { "c": 2 } }));
}

#[test]
fn what_changes_its_kind_is_replaced() {
    assert_eq!(
        merged("{a: {b: 1}, items: 3}", "{a: 2, items: [{name: a}]}"),
        json!({ "a": 2, "items": [{ "name": "a" }] })
    );
}
