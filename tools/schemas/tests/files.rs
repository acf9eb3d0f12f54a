//! Every written file is a schema that compiles, and keeps to the rules for files.

mod support;

use platformc_schemas::{additions::Additions, kinds::kinds, native::VERSION, write};
use serde_json::Value;

/// What may stand in a schema; the README tells the reader of the files the same.
const KEYWORDS: &[&str] = &[
    "$defs",
    "$ref",
    "$schema",
    "additionalProperties",
    "allOf",
    "anyOf",
    "const",
    "contains",
    "default",
    "dependentRequired",
    "else",
    "enum",
    "exclusiveMinimum",
    "format",
    "if",
    "items",
    "maxContains",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minContains",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "not",
    "oneOf",
    "pattern",
    "patternProperties",
    "properties",
    "propertyNames",
    "required",
    "then",
    "type",
    "uniqueItems",
    "x-at-most-one-of",
    "x-exactly-one-of",
    "x-kind",
    "x-kubernetes-int-or-string",
    "x-list-map-keys",
    "x-list-unique",
    "x-says",
    "x-source",
];

#[test]
fn every_file_compiles() {
    for (path, schema) in support::all_files() {
        if let Err(error) = jsonschema::options().should_validate_formats(true).build(&schema) {
            panic!("{}: {error}", path.display());
        }
    }
}

#[test]
fn every_file_is_one_line_named_after_its_kind() {
    for (path, schema) in support::all_files() {
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text, format!("{schema}\n"), "{}: not one line, or not in order", path.display());
        assert_eq!(path.file_name().unwrap().to_str().unwrap(), name(&schema["x-kind"]));
    }
}

fn name(kind: &Value) -> String {
    let part = |key: &str| kind[key].as_str().unwrap();
    let group = if part("group").is_empty() { "core" } else { part("group") };
    format!("{group}_{}_{}.json", part("version"), part("kind"))
}

#[test]
fn every_file_fixes_api_version_and_kind() {
    for (path, schema) in support::all_files() {
        for field in ["apiVersion", "kind", "metadata"] {
            assert!(schema["required"].as_array().unwrap().contains(&field.into()), "{}: {field}", path.display());
        }
        assert!(schema["properties"]["kind"]["const"].is_string());
        assert!(schema["properties"]["apiVersion"]["const"].is_string());
        assert_eq!(schema["additionalProperties"], false, "{}", path.display());
    }
}

/// A comma too many in the table makes a keyword of the rest of a sentence: it would be written and never looked at.
#[test]
fn every_keyword_is_known() {
    for (path, schema) in support::all_files() {
        support::visit(&schema, &mut |keyword, _| assert!(KEYWORDS.contains(&keyword), "{}: {keyword}", path.display()));
    }
}

/// A regular expression explains nothing to who broke it. (What projects say in their own CRDs we do not translate.)
#[test]
fn every_pattern_of_ours_has_words() {
    for (path, schema) in support::all_files().into_iter().filter(|(path, _)| !path.to_string_lossy().contains("crds")) {
        support::visit(&schema, &mut |keyword, node| {
            assert!(keyword != "pattern" || node.contains_key("x-says"), "{}: {:?}", path.display(), node["pattern"]);
        });
    }
}

#[test]
fn every_reference_leads_to_a_definition() {
    for (path, schema) in support::all_files() {
        support::visit(&schema, &mut |keyword, node| {
            let target = (keyword == "$ref").then(|| node["$ref"].as_str().unwrap().strip_prefix('#').unwrap());
            assert!(target.is_none_or(|target| schema.pointer(target).is_some()), "{}: {target:?}", path.display());
        });
    }
}

/// Forgotten `regenerate`? Only the Kubernetes version of this build can be told.
#[test]
fn the_files_of_this_version_are_what_the_generator_writes() {
    let additions = Additions::read(&support::schemas().join("kubernetes/additions.yaml")).unwrap();
    let folder = support::schemas().join("kubernetes").join(VERSION);
    let kinds = kinds();
    assert_eq!(support::files_in(&folder).len(), kinds.len());
    for kind in kinds {
        let file = std::fs::read_to_string(folder.join(write::file_name(&kind.identity))).unwrap();
        assert_eq!(file, format!("{}\n", kind.schema(&additions).unwrap()), "{}: run `regenerate`", kind.identity.kind);
    }
}
