use indexmap::IndexMap;
use serde_json::json;

use crate::component::expression::Kind;
use crate::schema::{Schema, Type};
use crate::source::{FileId, Node, Span};

fn of(types: &[Type]) -> Schema {
    Schema { types: types.to_vec(), ..Schema::default() }
}

fn node(json: serde_json::Value) -> Node {
    Node::from_json(&json, Span::new(FileId(0), 0, 0))
}

fn object(properties: &[(&str, Schema)], required: &[&str]) -> Schema {
    Schema {
        properties: named(properties),
        required: required.iter().map(|name| (*name).to_owned()).collect(),
        ..of(&[Type::Object])
    }
}

fn named(schemas: &[(&str, Schema)]) -> IndexMap<String, Schema> {
    schemas.iter().map(|(name, schema)| ((*name).to_owned(), schema.clone())).collect()
}

fn defaulted(schema: Schema, default: serde_json::Value) -> Schema {
    Schema { default: Some(node(default)), ..schema }
}

fn choice(texts: &[&str]) -> Kind {
    Kind::Choice(texts.iter().map(|text| (*text).to_owned()).collect())
}

#[test]
fn scalars_lists_and_maps_have_their_kind() {
    let items = |schema: Schema| Schema { items: Some(Box::new(schema)), ..of(&[Type::Array]) };
    let values = |schema: Schema| Schema { additional: Some(Box::new(schema)), ..of(&[Type::Object]) };
    for (schema, kind) in [
        (of(&[Type::String]), Kind::Text),
        (of(&[Type::Number]), Kind::Number),
        (of(&[Type::Integer, Type::String]), Kind::OneOf(vec![Kind::Integer, Kind::Text])),
        (of(&[Type::Integer, Type::Number]), Kind::Number),
        (of(&[Type::String, Type::Array]), Kind::Any),
        (of(&[]), Kind::Any),
        (of(&[Type::Object]), Kind::map(Kind::Any)),
        (of(&[Type::Array]), Kind::list(Kind::Any)),
        (items(of(&[Type::Integer])), Kind::list(Kind::Integer)),
        (values(of(&[Type::Boolean])), Kind::map(Kind::Boolean)),
        (Schema { allowed: vec![node(json!("a")), node(json!("b"))], ..of(&[Type::String]) }, choice(&["a", "b"])),
        (
            Schema { allowed: vec![node(json!(1)), node(json!("b"))], ..of(&[]) },
            Kind::OneOf(vec![Kind::Integer, Kind::Text]),
        ),
        (Schema { as_written: true, ..of(&[]) }, Kind::Text),
    ] {
        assert_eq!(Kind::of(&schema), kind, "{schema:?}");
    }
}

#[test]
fn what_is_neither_required_nor_filled_is_optional() {
    let database =
        object(&[("host", of(&[Type::String])), ("port", defaulted(of(&[Type::Integer]), json!(5432)))], &[]);
    let schema = object(
        &[
            ("name", of(&[Type::String])),
            ("email", of(&[Type::String])),
            ("database", defaulted(database.clone(), json!({}))),
            ("replica", database),
        ],
        &["name"],
    );
    let database = Kind::record([("host", Kind::Text.optional()), ("port", Kind::Integer)]);
    let wanted = [
        ("name", Kind::Text),
        ("email", Kind::Text.optional()),
        ("database", database.clone()),
        ("replica", database.optional()),
    ];
    assert_eq!(Kind::of(&schema), Kind::record(wanted));
}

#[test]
fn one_of_several_keys_is_optional() {
    let schema = object(&[("to", of(&[Type::String])), ("host", of(&[Type::String]))], &["to"]);
    let schema = Schema { one_of: vec!["to".into(), "host".into()], ..schema };
    assert_eq!(Kind::of(&schema), Kind::record([("to", Kind::Text.optional()), ("host", Kind::Text.optional())]));
}

#[test]
fn the_keys_of_variants_are_joined() {
    let text = || of(&[Type::String]);
    let schema = Schema {
        variants: named(&[
            ("s3", object(&[("bucket", text()), ("region", text())], &["bucket", "region"])),
            ("gcs", object(&[("bucket", text()), ("project", text())], &["bucket"])),
        ]),
        ..object(&[("type", of(&[Type::String])), ("prefix", text())], &["type"])
    };
    let Kind::Record(record) = Kind::of(&schema) else { panic!("a record") };
    let members = [
        ("type", choice(&["s3", "gcs"])),
        ("prefix", Kind::Text.optional()),
        ("bucket", Kind::Text),
        ("region", Kind::Text.optional()),
        ("project", Kind::Text.optional()),
    ];
    assert_eq!(
        Kind::Record(crate::component::expression::Record { variants: IndexMap::new(), ..record.clone() }),
        Kind::record(members)
    );
    let s3 = record.variant("s3").expect("a variant");
    assert_eq!((s3.member("region"), s3.member("project")), (Some(Kind::Text), Some(Kind::Text.optional())));
}

#[test]
fn a_kind_admits_its_values_only() {
    let record = Kind::record([("a", Kind::Text), ("b", Kind::Integer.optional())]);
    for (kind, value, admitted) in [
        (record.clone(), json!({ "a": "x" }), true),
        (record.clone(), json!({ "a": "x", "b": 1 }), true),
        (record.clone(), json!({ "b": 1 }), false),
        (record, json!({ "a": "x", "c": 1 }), false),
        (Kind::Integer, json!(1.5), false),
        (Kind::Number, json!(1), true),
        (choice(&["a"]), json!("b"), false),
        (Kind::list(Kind::Never), json!([]), true),
        (Kind::Text, json!(null), false),
        (Kind::Text.optional(), json!(null), true),
    ] {
        assert_eq!(kind.admits(&value), admitted, "{kind:?} {value}");
    }
}

#[test]
fn what_only_one_of_two_records_has_is_optional() {
    let left = Kind::record([("a", Kind::Text), ("b", Kind::Integer)]);
    let right = Kind::record([("b", Kind::Text), ("c", Kind::Text)]);
    let mixed = Kind::OneOf(vec![Kind::Integer, Kind::Text]);
    let both = [("a", Kind::Text.optional()), ("b", mixed), ("c", Kind::Text.optional())];
    assert_eq!(left.either(&right), Some(Kind::record(both)));
    assert_eq!(left.either(&Kind::record([("b", Kind::list(Kind::Text))])), None);
}
