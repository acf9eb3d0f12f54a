//! `schemas/` is what the generators write, and what they write is true.

use clap::ValueEnum;
use platformc::cli::schema::Published;
use platformc::diagnostic::Sink;
use platformc::source::{Sources, read::read};
use platformc::validate::schemas::versions;
use platformc::world::World;
use serde_json::Value as Json;

use crate::platforms::{self, FILE};
use crate::repository;

#[test]
fn the_published_schemas_are_current() {
    let catalog = repository::catalog();
    for schema in Published::value_variants() {
        let written = repository::text(schema.path());
        assert!(written == schema.text(&catalog), "{}: `cargo run -- schema` writes it anew", schema.path());
    }
}

#[test]
fn every_platform_holds_to_the_published_schema() {
    let schema = published(Published::Platform);
    for project in platforms::all() {
        // A component of its own brings keys that are not in the built-in schema.
        if project.world.files("templates".into()).unwrap().is_empty() {
            expect_valid(&schema, project.path.as_str(), &project.world.text(FILE).unwrap());
        }
    }
}

#[test]
fn every_component_holds_to_the_published_schema() {
    let schema = published(Published::Component);
    for component in repository::catalog().components.keys() {
        let path = format!("templates/{component}/component.yaml");
        expect_valid(&schema, &path, &repository::text(&path));
    }
}

#[test]
fn what_is_not_allowed_is_underlined_in_editors() {
    let schema = published(Published::Platform);
    let short = "name: acme\ndomain: example.com\n";
    for wrong in ["domian: a\n", "ingress: 3\n", "services: {a: {image: a:1}}\n", "environments: {dev: {nmae: b}}\n"] {
        assert!(!schema.is_valid(&json(&format!("{short}{wrong}"))), "{wrong}");
    }
    assert!(schema.is_valid(&json(short)));
}

#[test]
fn every_file_in_schemas_is_used() {
    for path in repository::files("schemas") {
        let parts: Vec<&str> = path.components().skip(1).map(|part| part.as_str()).collect();
        let is_used = match parts.as_slice() {
            [_] => Published::value_variants().iter().any(|schema| schema.path() == path),
            ["crds", name] => name.ends_with(".json") || ["sources.yaml", "rules.yaml"].contains(name),
            ["kubernetes", name] => *name == "additions.yaml",
            ["kubernetes", version, name] => versions().contains(version) && name.ends_with(".json"),
            _ => false,
        };
        assert!(is_used, "what is {path}?");
    }
}

fn published(schema: Published) -> jsonschema::Validator {
    let text: Json = serde_json::from_str(&repository::text(schema.path())).unwrap();
    jsonschema::validator_for(&text).unwrap_or_else(|error| panic!("{}: {error}", schema.path()))
}

fn expect_valid(schema: &jsonschema::Validator, path: &str, text: &str) {
    let json = json(text);
    let wrong: Vec<String> =
        schema.iter_errors(&json).map(|error| format!("  {}: {error}", error.instance_path())).collect();
    assert!(wrong.is_empty(), "{path}:\n{}", wrong.join("\n"));
}

fn json(text: &str) -> Json {
    let (mut sources, mut sink) = (Sources::default(), Sink::default());
    let file = sources.add(FILE, text);
    let documents = read(file, text, &mut sink);
    assert!(!sink.has_errors(), "{:?}", sink.into_sorted());
    documents.first().map(|node| node.to_json()).unwrap_or_default()
}
