//! The written files, and what they say of an object.

#![allow(dead_code, reason = "each test binary uses its own part")]

use jsonschema::Validator;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::fs;
use std::path::{Path, PathBuf};

pub const VERSIONS: [&str; 5] = ["1.33", "1.34", "1.35", "1.36", "1.37"];

pub fn schemas() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas")
}

pub fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

/// Every schema file, with its path.
pub fn all_files() -> Vec<(PathBuf, Value)> {
    let natives = VERSIONS.iter().map(|version| schemas().join("kubernetes").join(version));
    natives.chain([schemas().join("crds")]).flat_map(|folder| files_in(&folder)).collect()
}

pub fn files_in(folder: &Path) -> Vec<(PathBuf, Value)> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.filter(|path| path.extension().is_some_and(|e| e == "json")).map(|path| (path.clone(), read(&path))).collect()
}

fn read(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// The object as Kubernetes takes it: a field that is `null` is a field not given.
pub fn without_nulls(object: Value) -> Value {
    match object {
        Value::Object(map) => {
            map.into_iter().filter(|(_, value)| !value.is_null()).map(|(key, value)| (key, without_nulls(value))).collect()
        }
        Value::Array(list) => list.into_iter().map(without_nulls).collect(),
        scalar => scalar,
    }
}

/// The objects of a YAML text, as Kubernetes takes them.
pub fn objects(text: &str) -> Vec<Value> {
    let all = serde_yaml::Deserializer::from_str(text).map(|document| without_nulls(Value::deserialize(document).unwrap()));
    all.filter(|object| object.is_object()).collect()
}

/// A fault: where in the object, which keyword refused it, what jsonschema says.
pub fn faults(version: &str, object: &Value) -> Vec<String> {
    validator(version, object).map_or_else(|| vec!["no schema".into()], |validator| faults_by(&validator, object))
}

pub fn faults_by(validator: &Validator, object: &Value) -> Vec<String> {
    validator.iter_errors(object).map(|e| format!("{} {}: {e}", e.instance_path(), e.kind().keyword())).collect()
}

/// The schema for an object, as one Kubernetes version has it, or as a CRD has it.
pub fn validator(version: &str, object: &Value) -> Option<Validator> {
    let name = file_name(object["apiVersion"].as_str()?, object["kind"].as_str()?);
    let native = schemas().join("kubernetes").join(version).join(&name);
    let path = if native.exists() { native } else { schemas().join("crds").join(&name) };
    path.exists().then(|| compile(&read(&path)))
}

pub fn compile(schema: &Value) -> Validator {
    jsonschema::options().should_validate_formats(true).build(schema).unwrap()
}

/// `apps/v1`, `Deployment` → `apps_v1_Deployment.json`.
fn file_name(api_version: &str, kind: &str) -> String {
    let (group, version) = api_version.split_once('/').unwrap_or(("core", api_version));
    format!("{group}_{version}_{kind}.json")
}

/// Calls `see` with every keyword of a schema and of all schemas inside it, and the schema it stands in.
pub fn visit(schema: &Value, see: &mut dyn FnMut(&str, &Map<String, Value>)) {
    for (keyword, value) in schema.as_object().into_iter().flatten() {
        see(keyword, schema.as_object().unwrap());
        match (keyword.as_str(), value) {
            ("properties" | "patternProperties" | "$defs", Value::Object(schemas)) => schemas.values().for_each(|inner| visit(inner, see)),
            ("oneOf" | "anyOf" | "allOf", Value::Array(schemas)) => schemas.iter().for_each(|inner| visit(inner, see)),
            ("items" | "additionalProperties" | "propertyNames" | "contains" | "if" | "then" | "else", inner) => visit(inner, see),
            // A pattern that must not match needs its words one level up, where the `not` is.
            ("not", inner) => inner
                .as_object()
                .unwrap()
                .keys()
                .for_each(|keyword| see(if keyword == "pattern" { "not" } else { keyword }, inner.as_object().unwrap())),
            _ => {}
        }
    }
}
