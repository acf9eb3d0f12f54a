use crate::diagnostic::Sink;
use crate::schema::check::tests::{node_in, schema, told};
use crate::schema::read::read;
use crate::schema::{Tag, Type};
use crate::source::Sources;

fn faults(text: &str) -> Vec<String> {
    let mut sources = Sources::default();
    let node = node_in(text, &mut sources);
    let mut sink = Sink::default();
    read(&node, &mut sink);
    told(sink.iter(), &sources)
}

fn each(rows: &[(&str, &str)]) {
    for (text, expected) in rows {
        assert_eq!(faults(text), [*expected], "{text}");
    }
}

#[test]
fn an_unknown_word_suggests_the_nearest() {
    each(&[
        (
            "propertys: {}",
            "E0213 1:1 `propertys` unknown word `propertys` in a schema (not known here) | help: did you mean `properties`?",
        ),
        (
            "type: strin",
            "E0213 1:7 `strin` unknown type `strin` (not known) | known are object, array, string, integer, number, boolean | help: did you mean `string`?",
        ),
        (
            "{type: string, format: crn}",
            "E0213 1:24 `crn` unknown format `crn` (not known) | known are cron, duration, quantity, percent, image, host, cidr, uri, email, uuid, name, date | help: did you mean `cron`?",
        ),
    ]);
}

#[test]
fn alternatives_are_refused_with_what_stands_for_them() {
    each(&[
        (
            "oneOf: []",
            "E0213 1:1 `oneOf` unknown word `oneOf` in a schema (not known here) | help: a fault must be about one branch: `x-one-of` names keys of which one stands, `x-variants` chooses by `type`",
        ),
        (
            "$ref: a",
            "E0213 1:1 `$ref` unknown word `$ref` in a schema (not known here) | help: write the schema out where it is used",
        ),
    ]);
}

#[test]
fn words_have_types() {
    each(&[
        ("description: 5", "E0213 1:14 `5` expected a text, found the number `5`"),
        ("required: a", "E0213 1:11 `a` expected a list of texts, found the text `a`"),
        ("minItems: -1", "E0213 1:11 `-1` expected a whole number that is not negative, found the number `-1`"),
        ("items: []", "E0213 1:8 `[]` expected a schema, found a list"),
        ("properties: {a: 5}", "E0213 1:17 `5` expected a schema, which is a map, found the number `5`"),
        ("default: ~", "E0213 1:10 `~` expected a value, found nothing"),
        ("{type: string, pattern: '('}", "E0213 1:25 `'('` this pattern is no regular expression (unclosed group)"),
    ]);
}

#[test]
fn a_default_passes_its_own_schema() {
    each(&[
        (
            "{type: integer, default: x}",
            "E0213 1:26 `x` this default does not pass its own schema (expected a whole number, found the text `x`)",
        ),
        (
            "{type: object, default: {}, required: [a], properties: {a: {type: string}}}",
            "E0213 1:25 `{}` this default does not pass its own schema (missing key `a`)",
        ),
        (
            "{default: c, x-short: type, properties: {type: {type: string}}, x-variants: {a: {}, b: {}}}",
            "E0213 1:11 `c` this default does not pass its own schema (`c` is no value of `type`)",
        ),
    ]);
}

#[test]
fn named_keys_must_be_properties() {
    each(&[
        (
            "{required: [prot], properties: {port: {}}}",
            "E0213 1:2 `required` `required` names `prot`, which is none of the `properties` | help: did you mean `port`?",
        ),
        (
            "{x-short: kind, properties: {b: {}}}",
            "E0213 1:2 `x-short` `x-short` names `kind`, which is none of the `properties`",
        ),
    ]);
}

#[test]
fn the_keys_of_variants_are_the_values_of_the_tag() {
    let schema = schema("x-variants: {s3: {}, gcs: {}}");
    assert_eq!((schema.types, schema.tag), (vec![Type::Object], Tag::Type));
    let values: Vec<&str> = schema.properties["type"].allowed.iter().filter_map(|node| node.as_str()).collect();
    assert_eq!(values, ["s3", "gcs"]);
}
