//! From a CRD to a schema: each thing a structural schema can say.

mod support;

use jsonschema::Validator;
use platformc_schemas::additions::Additions;
use platformc_schemas::crd::{Converter, Sources};
use serde_json::{Value, json};

/// The schemas of a CRD file, with the table as it is.
fn convert(text: &str) -> Vec<Value> {
    let additions = Additions::read(&support::schemas().join("kubernetes/additions.yaml")).unwrap();
    let schemas = Converter::new(&additions, Sources::default()).unwrap().convert(text).unwrap();
    schemas.into_iter().map(|(_, schema)| schema).collect()
}

fn schema() -> Value {
    let text = std::fs::read_to_string(support::fixtures().join("crd.yaml")).unwrap();
    let [schema] = convert(&text).try_into().expect("one version is served");
    schema
}

fn widget(spec: &Value) -> Value {
    json!({"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "one"}, "spec": spec})
}

/// What a spec with `size` and these fields is refused for.
fn faults(validator: &Validator, fields: Value) -> Vec<String> {
    let Value::Object(mut spec) = fields else { panic!("fields") };
    spec.entry("size").or_insert(json!(1));
    support::faults_by(validator, &widget(&Value::Object(spec)))
}

#[test]
fn names_scope_and_source_are_kept() {
    let schema = schema();
    let kind = json!({"group": "example.com", "kind": "Widget", "plural": "widgets", "scope": "Cluster", "version": "v1"});
    assert_eq!(schema["x-kind"], kind);
    assert_eq!(schema["x-source"], json!({"project": "example.com", "version": "1.2.3"}));
}

#[test]
fn what_the_api_server_takes_passes() {
    let validator = support::compile(&schema());
    let taken = [
        json!({}),
        json!({"note": null, "description": "a field of that name"}),
        json!({"port": 80}),
        json!({"port": "http", "bytes": "YQ=="}),
        json!({"open": {"more": 1, "closed": {"a": "x"}}, "any": [1, {"a": 2}], "nothing": {}}),
        json!({"labels": {"a": "b"}, "set": ["a", "b"], "map": [{"name": "a"}, {"name": "a", "protocol": "UDP"}]}),
        json!({"template": {"apiVersion": "v1", "kind": "Pod", "spec": {}}, "either": {"a": "x"}}),
    ];
    for fields in taken {
        assert_eq!(faults(&validator, fields.clone()), Vec::<String>::new(), "{fields}");
    }
}

#[test]
fn what_the_api_server_refuses_is_refused() {
    let validator = support::compile(&schema());
    let refused = [
        (json!({"size": 0}), "/spec/size exclusiveMinimum"),
        (json!({"size": 3_000_000_000_u64}), "/spec/size maximum"),
        (json!({"mode": "c"}), "/spec/mode enum"),
        (json!({"description": null}), "/spec/description type"),
        (json!({"port": true}), "/spec/port type"),
        (json!({"bytes": "?"}), "/spec/bytes pattern"),
        (json!({"open": {"closed": {"b": 1}}}), "/spec/open/closed additionalProperties"),
        (json!({"nothing": {"a": 1}}), "/spec/nothing additionalProperties"),
        (json!({"labels": {"a": 1}}), "/spec/labels/a type"),
        (json!({"set": ["a", "a"]}), "/spec/set uniqueItems"),
        (json!({"map": [{"protocol": "UDP"}]}), "/spec/map/0 required"),
        (json!({"template": {"kind": "Pod"}}), "/spec/template required"),
        (json!({"either": {"a": "x", "b": "y"}}), "/spec/either oneOf"),
        (json!({"unknown": 1}), "/spec additionalProperties"),
    ];
    for (fields, expected) in refused {
        let faults = faults(&validator, fields.clone());
        assert!(matches!(&faults[..], [fault] if fault.starts_with(expected)), "{fields}: {faults:?}");
    }
}

#[test]
fn a_crd_may_narrow_the_name() {
    let mut object = widget(&json!({"size": 1}));
    object["metadata"]["name"] = json!("much-too-long");
    let faults = support::faults_by(&support::compile(&schema()), &object);
    assert!(matches!(&faults[..], [fault] if fault.starts_with("/metadata/name maxLength")), "{faults:?}");
}

#[test]
fn keys_of_list_maps_come_with_their_defaults() {
    let list = &schema()["properties"]["spec"]["properties"]["map"];
    assert_eq!(list["x-list-map-keys"], json!(["name", "protocol"]));
    assert_eq!(list["items"]["properties"]["protocol"]["default"], "TCP");
}

#[test]
fn documents_that_are_no_crd_are_passed_over() {
    assert!(convert("# nothing\n---\nkind: ConfigMap\n---\n").is_empty());
}

#[test]
fn a_broken_crd_says_what_it_lacks() {
    let additions = Additions::read(&support::schemas().join("kubernetes/additions.yaml")).unwrap();
    let converter = Converter::new(&additions, Sources::default()).unwrap();
    let error = converter.convert("kind: CustomResourceDefinition\nspec: {group: a.b}\n").unwrap_err();
    assert_eq!(error.to_string(), "a CRD without spec.names.kind");
}
