//! All that a structural schema can say.

use serde_json::json;

use super::*;
use crate::source::{FileId, read::read_manifests};
use crate::validate::schemas::Schemas;

const WIDGETS: &str = include_str!("tests/widgets.yaml");

fn crds(text: &str) -> (Vec<Crd>, Vec<String>) {
    let mut sink = Sink::default();
    let documents = read_manifests(FileId(0), text, &mut sink);
    let found = documents.iter().flat_map(|document| of(document, &mut sink)).collect();
    (found, sink.iter().map(|fault| fault.message.clone()).collect())
}

/// What is wrong with a Widget whose `spec` has these fields, beside those that it needs.
fn faults(spec: Json) -> Vec<String> {
    let mut whole = json!({ "size": 1 });
    whole.as_object_mut().unwrap().extend(spec.as_object().unwrap().clone());
    let object = json!({
        "apiVersion": "example.com/v1", "kind": "Widget", "metadata": { "name": "a" }, "spec": whole, "status": { "x": 1 },
    });
    faults_of(&object)
}

fn faults_of(object: &Json) -> Vec<String> {
    let schemas = Schemas::with(crds(WIDGETS).0);
    let schema = schemas.get("1.36", "example.com/v1", "Widget").unwrap();
    schema.faults(object).iter().map(|fault| format!("{}: {}", fault.path, fault.message)).collect()
}

#[test]
fn served_versions_are_known_and_others_are_not() {
    let (found, faults) = crds(WIDGETS);
    assert_eq!(found.iter().map(|crd| crd.version.as_str()).collect::<Vec<_>>(), ["v1"]);
    assert_eq!(faults, [""; 0]);
    let schemas = Schemas::with(found);
    assert!(schemas.get("1.36", "example.com/v1alpha1", "Widget").is_none());
    assert!(!schemas.is_namespaced(&["1.36".into()], "example.com/v1", "Widget"));
    assert!(schemas.kinds("1.36").contains(&"example.com/v1/Widget".to_owned()));
}

#[test]
fn what_the_schema_allows_has_no_fault() {
    let good = [
        json!({}),
        json!({ "mode": "b", "note": null, "port": 80, "labels": { "a": "b" }, "set": ["a", "b"], "count": 3 }),
        json!({ "port": "http", "bytes": "aGk=", "open": { "any": 1, "closed": { "a": "x" } }, "any": [1, "a"] }),
        json!({ "map": [{ "name": "a" }, { "name": "a", "protocol": "UDP" }] }),
        json!({ "template": { "apiVersion": "v1", "kind": "X", "metadata": {}, "more": 1 } }),
        json!({ "either": { "a": "x" }, "odd": "anything" }),
    ];
    for spec in good {
        assert_eq!(faults(spec.clone()), [""; 0], "{spec}");
    }
}

#[test]
fn what_it_does_not_allow_has_one_at_its_place() {
    let bad = [
        (json!({ "sise": 1 }), "spec.sise: the field is not known here"),
        (json!({ "size": 0 }), "spec.size: `0` is not above 0"),
        (json!({ "size": 3_000_000_000_u64 }), "spec.size: `3000000000` is above 2147483647"),
        (json!({ "mode": "c" }), "spec.mode: `c` is not one of `a`, `b`"),
        (json!({ "port": true }), "spec.port: expected integer or string, found `true`"),
        (json!({ "bytes": "not base64!" }), "spec.bytes: `not base64!` is not allowed: it must be base64"),
        (json!({ "open": { "closed": { "b": 1 } } }), "spec.open.closed.b: the field is not known here"),
        (json!({ "nothing": { "a": 1 } }), "spec.nothing.a: the field is not known here"),
        (json!({ "labels": { "a": 1 } }), "spec.labels.a: expected string, found `1`"),
        (json!({ "set": ["a", "a"] }), "spec.set: the same item stands twice"),
        (
            json!({ "map": [{ "name": "a", "protocol": "TCP" }, { "name": "a" }] }),
            "spec.map[1]: another item of this list has the same name and protocol",
        ),
        (json!({ "template": { "kind": "X" } }), "spec.template: the field `apiVersion` is missing"),
        (json!({ "either": {} }), "spec.either: the field `a` is missing"),
        (json!({ "count": 5 }), "spec.count: `5` is above 4"),
    ];
    for (spec, expected) in bad {
        assert_eq!(faults(spec.clone()).first().map(String::as_str), Some(expected), "{spec}");
    }
}

#[test]
fn the_object_itself_is_closed_and_its_name_is_narrowed() {
    let object =
        json!({ "apiVersion": "example.com/v1", "kind": "Widget", "metadata": { "name": "much-too-long" }, "sp": 1 });
    let found = faults_of(&object);
    assert!(found.iter().any(|fault| fault.starts_with("sp: ")), "{found:?}");
    assert!(found.iter().any(|fault| fault == ": the field `spec` is missing"), "{found:?}");
    assert!(found.iter().any(|fault| fault.starts_with("metadata.name: ")), "{found:?}");
}

#[test]
fn a_crd_that_does_not_say_what_it_defines_is_a_fault() {
    let text = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec: {group: a.b}\n";
    assert_eq!(crds(text).1, ["this CRD does not say what it defines"]);
    assert_eq!(crds("kind: ConfigMap\n").1, [""; 0]);
}

#[test]
fn a_branch_is_judged_with_the_default_of_an_absent_field() {
    let raw = json!({
        "type": "object",
        "properties": { "kind": { "type": "string", "default": "a" }, "value": { "type": "string" } },
        "oneOf": [
            { "properties": { "kind": { "enum": ["a"] }, "value": { "maxLength": 2 } } },
            { "properties": { "kind": { "not": { "enum": ["a"] } } } },
        ],
    });
    let validator = jsonschema::validator_for(&structure::closed(&raw)).unwrap();
    assert!(validator.is_valid(&json!({ "value": "x" })));
    assert!(!validator.is_valid(&json!({ "value": "long" })));
    assert!(validator.is_valid(&json!({ "kind": "b", "value": "long" })));
}
