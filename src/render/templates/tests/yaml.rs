//! How values stand in YAML.

use proptest::prelude::*;

use super::*;
use crate::source::{Node, read::read};

#[test]
fn a_scalar_is_quoted_where_it_needs_to_be() {
    let template = "a: {{ name }}\nb: {{ answer }}\nc: {{ image }}\nd: {{ port }}\ne: {{ port | text }}\nf: {{ share }}\ng: {{ large }}\nh: {{ tls }}\ni: {{ tls | text }}\n";
    let expected = "a: acme\nb: \"yes\"\nc: a/b:1.0\nd: 8080\ne: \"8080\"\nf: 1.5\ng: 1.0e+21\nh: true\ni: \"true\"\n";
    assert_eq!(text(template), expected);
}

#[test]
fn no_value_changes_the_shape_of_the_file() {
    assert_eq!(text("a: {{ evil }}\n"), "a: \"x\\ny: {{ z }} # \\\"'\\\\\"\n");
    assert_eq!(text("# {{ evil }}\na: 1\n"), "# \"x\\ny: {{ z }} # \\\"'\\\\\"\na: 1\n");
}

#[test]
fn a_block_behind_a_key_goes_on_the_next_lines() {
    assert_eq!(text("x:\n  labels: {{ labels | yaml }}\n"), "x:\n  labels:\n    app: acme\n    \"on\": \"1\"\n");
    assert_eq!(text("args:{{ args | yaml }}\n"), "args:\n  - -c\n  - sleep 1\n  - 3\n");
}

#[test]
fn a_block_behind_a_dash_starts_in_its_line() {
    assert_eq!(text("x:\n  - {{ labels | yaml }}\n"), "x:\n  - app: acme\n    \"on\": \"1\"\n");
    assert_eq!(text("- - {{ args | yaml }}\n"), "- - - -c\n    - sleep 1\n    - 3\n");
}

#[test]
fn a_block_behind_a_key_behind_a_dash_stands_inside_the_key() {
    let template = "- from: {{ args | yaml }}\n  to: {{ deep.list | yaml }}\n";
    assert_eq!(
        text(template),
        "- from:\n    - -c\n    - sleep 1\n    - 3\n  to:\n    - a:\n        - 1\n      b:\n        c: null\n"
    );
}

#[test]
fn an_empty_block_and_a_scalar_stay_in_the_line() {
    let template = "a: {{ nothing | yaml }}\nb: {{ none_of | yaml }}\n- {{ nothing | yaml }}\nc: {{ answer | yaml }}\n";
    assert_eq!(text(template), "a: {}\nb: []\n- {}\nc: \"yes\"\n");
}

#[test]
fn a_text_of_several_lines_is_a_literal() {
    assert_eq!(text("x:\n  run: {{ script | yaml }}\n"), "x:\n  run: |\n    set -e\n\n    echo \"hi\"\n");
    assert_eq!(text("  - {{ script | yaml }}\n"), "  - |\n    set -e\n\n    echo \"hi\"\n");
}

#[test]
fn a_key_from_a_value_can_hold_a_block() {
    assert_eq!(text("{{ answer }}: {{ args | yaml }}\n"), "\"yes\":\n  - -c\n  - sleep 1\n  - 3\n");
}

#[test]
fn blanks_behind_a_block_are_left_out() {
    assert_eq!(text("a: {{ script | yaml }}  \nb: 1\n"), text("a: {{ script | yaml }}\nb: 1\n"));
    assert_eq!(text("a: {{ nothing | yaml }}{% if tls %}\n\nb: 1\n{% endif %}"), "a: {}\nb: 1\n");
}

/// Every value of the context, wherever the templates put it.
fn rendered(value: &serde_json::Value) -> Vec<Node> {
    let template = "a:\n  b: {{ x | yaml }}\n  c:\n    - {{ x | yaml }}\n    - d: {{ x | yaml }}\n      e: 1\n";
    let templates = Templates::new([("a.yaml.j2".to_owned(), FileId(0), template)], &mut Sink::default());
    let page = templates.render("a.yaml.j2", Value::from(Serde(json!({ "x": value })))).unwrap();
    let mut sink = Sink::default();
    let nodes = read(FileId(0), &page.text, &mut sink);
    assert!(sink.is_empty(), "{}\n{sink:?}", page.text);
    assert_eq!(page.lines.len(), page.text.lines().count());
    nodes
}

fn tree() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        any::<i64>().prop_map(serde_json::Value::from),
        any::<bool>().prop_map(serde_json::Value::from),
        r#"([a1 :#'"\u{1}\u{2}-]{0,6}\n?){0,3}"#.prop_map(serde_json::Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(serde_json::Value::from),
            prop::collection::vec(("[a-c ]{0,3}", inner), 0..4)
                .prop_map(|entries| serde_json::Value::Object(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_value_survives_the_yaml_filter(value in tree()) {
        let nodes = rendered(&value);
        prop_assert_eq!(nodes.len(), 1);
        prop_assert_eq!(nodes[0].to_json(), json!({"a": {"b": value, "c": [value, {"d": value, "e": 1}]}}));
    }

    #[test]
    fn any_text_survives_as_a_scalar(text in any::<String>()) {
        let templates = Templates::new([("a.yaml.j2".to_owned(), FileId(0), "{{ x }}: [{{ x }}]\n")], &mut Sink::default());
        let page = templates.render("a.yaml.j2", Value::from(Serde(json!({ "x": text })))).unwrap();
        let nodes = read(FileId(0), &page.text, &mut Sink::default());
        let expected: serde_json::Map<String, serde_json::Value> = [(text.clone(), json!([text]))].into_iter().collect();
        prop_assert_eq!(nodes.first().map(Node::to_json), Some(serde_json::Value::Object(expected)));
    }
}
