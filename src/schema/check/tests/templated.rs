use super::{node_in, schema, told};
use crate::diagnostic::Sink;
use crate::schema::check::{Mode, check};
use crate::source::Sources;

const SCHEMA: &str = "
type: object
properties:
  port: {type: object, x-short: port, required: [port], properties: {port: {type: integer}, protocol: {type: string, default: TCP}}}
  cidrs: {type: array, items: {type: string, format: cidr}}
  level: {type: string, enum: [low, high]}
  least: {type: integer}
  most: {type: integer}
  budget: {type: object, x-one-of: [least, most], properties: {least: {type: integer}, most: {type: integer}}}
";

fn checked(text: &str) -> (String, Vec<String>) {
    let mut sources = Sources::default();
    let node = node_in(text, &mut sources);
    let mut sink = Sink::default();
    let checked = check(&node, &schema(SCHEMA), Mode::Templated, &mut sink);
    (checked.to_json().to_string(), told(sink.iter(), &sources))
}

#[test]
fn an_expression_may_stand_for_anything() {
    for text in [
        "cidrs: '{{ a }}'",
        "cidrs: ['{{ a }}', 10.0.0.0/8]",
        "level: '{{ a }}'",
        "least: '{{ a }}'",
        "port: '{{ a }}'",
    ] {
        assert_eq!(checked(text).1, [""; 0], "{text}");
    }
}

#[test]
fn a_lone_expression_is_not_spelt_out_since_its_value_may_be_a_map() {
    assert_eq!(checked("port: '{{ a }}'").0, r#"{"port":"{{ a }}"}"#);
    assert_eq!(checked("port: 80").0, r#"{"port":{"port":80}}"#);
}

#[test]
fn nothing_is_filled() {
    assert_eq!(checked("port: {port: 80}").0, r#"{"port":{"port":80}}"#);
}

#[test]
fn of_two_expressions_one_may_be_none() {
    assert_eq!(checked("budget: {least: '{{ a }}', most: '{{ b }}'}").1, [""; 0]);
    assert_eq!(checked("budget: {least: 1, most: 2}").1.len(), 1);
}

#[test]
fn what_is_written_out_is_checked_as_ever() {
    assert_eq!(checked("level: hihg").1.len(), 1);
    assert_eq!(
        checked("x-mine: 1").1,
        [
            "E0201 1:1 `x-mine` unknown key `x-mine` (not known here) | known here: `port`, `cidrs`, `level`, `least`, `most`, `budget`"
        ]
    );
}
