use indexmap::IndexMap;
use serde::Deserialize;

use super::*;
use crate::diagnostic::Sink;
use crate::source::{FileId, read::read};

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Workload {
    name: String,
    replicas: Option<u8>,
    #[serde(default)]
    ports: IndexMap<String, Port>,
    #[serde(default)]
    by: By,
    share: Option<f64>,
    many: Option<Many>,
    args: Option<Vec<String>>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Port {
    port: u16,
    #[serde(default)]
    named: bool,
}

#[derive(Debug, PartialEq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum By {
    #[default]
    Chart,
    RunTime,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(untagged)]
enum Many {
    Several(Vec<String>),
    One(String),
}

fn node(text: &str) -> Node {
    read(FileId(0), text, &mut Sink::default()).remove(0)
}

/// The message and the text that it points at.
fn fault(text: &str) -> (String, String) {
    let error = typed::<Workload>(&node(text)).unwrap_err();
    (error.message, text[error.span.range()].to_owned())
}

fn assert_fault(text: &str, message: &str, at: &str) {
    assert_eq!(fault(text), (message.to_owned(), at.to_owned()), "{text}");
}

#[test]
fn a_whole_tree_is_read() {
    let text = "name: a\nreplicas: 3\nports: {b: {port: 80, named: true}, a: {port: 1}}\nby: run-time\nshare: 1\nmany: [x]\nargs: [y]\n";
    let ports = [("b", Port { port: 80, named: true }), ("a", Port { port: 1, named: false })];
    let expected = Workload {
        name: "a".into(),
        replicas: Some(3),
        ports: ports.map(|(key, port)| (key.to_owned(), port)).into_iter().collect(),
        by: By::RunTime,
        share: Some(1.0),
        many: Some(Many::Several(vec!["x".into()])),
        args: Some(vec!["y".into()]),
    };
    assert_eq!(typed::<Workload>(&node(text)), Ok(expected));
}

#[test]
fn null_is_an_absent_option() {
    let workload: Workload = typed(&node("name: a\nreplicas:\nargs: ~\n")).unwrap();
    assert_eq!((workload.replicas, workload.args), (None, None));
}

#[test]
fn any_tree_is_json_in_its_order() {
    let json: serde_json::Value = typed(&node("{b: [1, 1.5, x, ~, true], a: {}}\n")).unwrap();
    assert_eq!(json.to_string(), r#"{"b":[1,1.5,"x",null,true],"a":{}}"#);
}

#[test]
fn an_error_points_at_the_narrowest_value() {
    assert_fault("name: 1\n", "expected a text, found the number `1`", "1");
    assert_fault("name: [a]\n", "expected a text, found a list", "[a]");
    assert_fault("name:\n", "expected a text, found nothing", "");
    assert_fault(
        "name: a\nports: {x: {port: 80, named: maybe}}\n",
        "expected `true` or `false`, found the text `maybe`",
        "maybe",
    );
    assert_fault("name: a\nports: {x: 80}\n", "expected a map, found the number `80`", "80");
    assert_fault("name: a\nargs: [b, 2]\n", "expected a text, found the number `2`", "2");
    assert_fault("name: a\nshare: half\n", "expected a number, found the text `half`", "half");
    assert_fault("name: a\nargs: b\n", "expected a list, found the text `b`", "b");
}

#[test]
fn a_number_out_of_range_says_the_range() {
    assert_fault("name: a\nreplicas: 300\n", "expected a whole number from 0 to 255, found the number `300`", "300");
    assert_fault("name: a\nreplicas: -1\n", "expected a whole number from 0 to 255, found the number `-1`", "-1");
    assert_fault("name: a\nreplicas: 1.5\n", "expected a whole number from 0 to 255, found the number `1.5`", "1.5");
}

#[test]
fn an_unknown_key_points_at_the_key() {
    assert_fault("name: a\nreplica: 1\n", "the key `replica` is not known here, did you mean `replicas`?", "replica");
    assert_fault(
        "name: a\nports: {x: {zzzzzz: 1}}\n",
        "the key `zzzzzz` is not known here, expected `port`, `named`",
        "zzzzzz",
    );
}

#[test]
fn a_missing_key_points_at_the_map() {
    assert_fault("name: a\nports: {x: {named: true}}\n", "the key `port` is missing", "{named: true}");
}

#[test]
fn an_unknown_variant_points_at_the_value() {
    assert_fault("name: a\nby: runtime\n", "`runtime` is not known here, did you mean `run-time`?", "runtime");
    assert_fault("name: a\nby: [chart]\n", "expected a text, found a list", "[chart]");
}

#[test]
fn an_untagged_value_of_no_form_points_at_the_value() {
    assert_fault("name: a\nmany: 3\n", "this value has none of the expected forms", "3");
}
