use serde_json::json;

use super::*;
use crate::validate::schemas::{Schemas, build, versions};

fn deployment(spec: Json, pod: Json) -> Json {
    let mut spec = spec;
    spec["selector"] = json!({ "matchLabels": { "app": "a" } });
    spec["template"] = json!({ "metadata": { "labels": { "app": "a" } }, "spec": pod });
    json!({ "apiVersion": "apps/v1", "kind": "Deployment", "metadata": { "name": "a" }, "spec": spec })
}

/// Good ones and bad ones, each with fields that those before do not have.
fn deployments() -> Vec<Json> {
    let container = || json!({ "name": "a", "image": "a:1" });
    vec![
        deployment(json!({}), json!({ "containers": [container()] })),
        deployment(json!({}), json!({ "containers": [] })),
        deployment(json!({}), json!({ "containers": [{ "image": "a:1" }] })),
        deployment(json!({ "strategy": { "type": "Recreate" } }), json!({ "containers": [container()] })),
        deployment(
            json!({ "strategy": { "type": "Recreate", "rollingUpdate": { "maxSurge": 1 } } }),
            json!({ "containers": [container()] }),
        ),
        deployment(json!({ "replica": 1 }), json!({ "containers": [container()] })),
        deployment(json!({ "image": 1 }), json!({ "containers": [container()] })),
        deployment(json!({ "replicas": -1 }), json!({ "containers": [container()] })),
        deployment(json!({}), json!({ "containers": [container()], "activeDeadlineSeconds": 3 })),
        deployment(json!({}), json!({ "containers": [container()], "restartPolicy": "Never" })),
        deployment(json!({}), json!({ "containers": [container()], "volumes": [{ "name": "a", "emptyDir": {} }] })),
        deployment(json!({}), json!({ "containers": [container()], "volumes": [{ "emptyDir": {} }] })),
    ]
}

#[test]
fn a_part_says_what_the_whole_says() {
    let schemas = Schemas::default();
    let checked = schemas.get("1.35", "apps/v1", "Deployment").unwrap();
    let whole = build(&checked.schema).unwrap();
    let parts = Parts::of(&checked.schema, build);
    for object in deployments() {
        // By itself, and behind the others.
        for parts in [&Parts::of(&checked.schema, build), &parts] {
            let answer = parts.hold(&checked.schema, &object);
            assert!(answer.is_none_or(|answer| answer == whole.is_valid(&object)), "{object}");
        }
    }
}

#[test]
fn a_part_is_small_and_grows_with_the_objects() {
    let schemas = Schemas::default();
    let schema = &schemas.get("1.35", "apps/v1", "Deployment").unwrap().schema;
    let parts = Parts::of(schema, build);
    let [first, with_volumes] = [&deployments()[0], &deployments()[10]];
    assert_eq!(parts.hold(schema, first), Some(true));
    let part = parts.now.lock().unwrap().clone();
    assert!(!part.names.contains("volumes"));
    let size = |schema: &Json| schema.to_string().len();
    assert!(size(&cut(schema, &part.names)) < size(schema) / 4);
    assert_eq!(parts.hold(schema, with_volumes), Some(true));
    assert!(parts.now.lock().unwrap().names.contains("volumes"));
}

#[test]
fn of_objects_that_are_not_alike_only_the_whole_can_say() {
    let schemas = Schemas::default();
    let schema = &schemas.get("1.35", "v1", "ConfigMap").unwrap().schema;
    let parts = Parts::of(schema, build);
    let names: Vec<String> = parts.known.iter().cloned().collect();
    let answers: Vec<Option<bool>> =
        names.iter().map(|name| parts.hold(schema, &json!({ name.as_str(): 1 }))).collect();
    assert!(names.len() > MOST && answers[..MOST].iter().all(Option::is_some));
    assert_eq!(answers.last(), Some(&None));
}

#[test]
fn schemas_refer_to_their_definitions_alone() {
    fn check(schema: &Json) {
        if let Some(reference) = schema.get("$ref").and_then(Json::as_str) {
            let name = reference.strip_prefix("#/$defs/");
            assert!(name.is_some_and(|name| !name.contains(['/', '~', '%'])), "{reference}");
        }
        schema.as_object().into_iter().flat_map(Map::values).for_each(check);
        schema.as_array().into_iter().flatten().for_each(check);
    }
    let schemas = Schemas::default();
    for version in versions() {
        for kind in schemas.kinds(version) {
            let (api_version, kind) = kind.rsplit_once('/').unwrap();
            schemas.get(version, api_version, kind).into_iter().for_each(|checked| check(&checked.schema));
        }
    }
}
