use serde_json::{Value as Json, json};

use super::catalog;
use crate::resolve::platform_schema;
use crate::source::Sources;

fn accepts(document: &Json) -> bool {
    let catalog = catalog(&mut Sources::default());
    jsonschema::validator_for(&platform_schema(&catalog)).expect("a schema").is_valid(document)
}

fn with(key: &str, value: Json) -> Json {
    json!({"name": "acme", "domain": "example.com", key: value})
}

#[test]
fn editors_take_what_the_compiler_takes() {
    for (key, value) in [
        ("dataIntegration", json!("mover")),
        ("dataIntegration", json!({"provider": "mover", "storage": "s3", "x-mine": 1, "values": {"a": null}})),
        ("dataIntegration", json!({"provider": "mover", "storage": {"type": "s3", "bucket": "b"}})),
        ("dataIntegration", json!({"provider": "mover", "storage": {"size": "1Gi"}})),
        ("services", json!({"a": {"namespace": "b", "image": "a:1", "route": "api", "env": {"A": 1}}})),
        ("pipelines", json!({"a": {"steps": [{"sync": "b"}]}})),
        (
            "environments",
            json!({"dev": {"domain": null, "dataIntegration": {"host": "a", "storage": {"bucket": "b"}}}}),
        ),
        ("cluster", json!({"apiServer": {"ports": [443]}})),
    ] {
        assert!(accepts(&with(key, value.clone())), "{key}: {value}");
    }
}

#[test]
fn editors_underline_what_the_compiler_refuses() {
    assert!(!accepts(&json!({"name": "acme"})));
    for (key, value) in [
        ("dataIntegraton", json!("mover")),
        ("dataIntegration", json!("runner")),
        ("dataIntegration", json!({"provider": "mover", "token": "x"})),
        ("dataIntegration", json!({"provider": "shover"})),
        ("dataIntegration", json!({"provider": "mover", "storage": {"type": "s3"}, "hots": "a"})),
        ("dataIntegration", json!({"provider": "mover", "storage": {"bucket": "b"}})),
        ("services", json!({"a": {"image": "a:1"}})),
        ("services", json!({"a": null})),
        ("pipelines", json!({"a": {"steps": [{}]}})),
        ("environments", json!({"dev": {"domian": "a"}})),
        ("environments", json!({"dev": {"environments": {}}})),
        ("cluster", json!({"apiServer": {"ports": ["443"]}})),
    ] {
        assert!(!accepts(&with(key, value.clone())), "{key}: {value}");
    }
}

#[test]
fn descriptions_and_defaults_are_published() {
    let schema = platform_schema(&catalog(&mut Sources::default()));
    assert_eq!(schema["properties"]["domain"]["description"], "The domain below which its hosts stand");
    assert_eq!(schema["properties"]["kubernetes"]["default"], json!(["1.35", "1.36", "1.37"]));
}
