//! What trees look like, and that they survive.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::diagnostic::Sink;
use crate::source::{FileId, read::read};

#[test]
fn lists_stand_two_columns_inside_their_key() {
    let value = json!({"a": {"b": ["c", {"d": 1, "e": [true, null]}, ["f", ["g"]]]}, "h": {}, "i": []});
    let text = "\
a:
  b:
    - c
    - d: 1
      e:
        - true
        - null
    - - f
      - - g
h: {}
i: []
";
    assert_eq!(document(&value), text);
}

#[test]
fn a_block_starts_in_its_line_and_goes_on_in_its_column() {
    assert_eq!(block(&json!({"a": ["b"], "c": "d"}), 4), "a:\n      - b\n    c: d");
    assert_eq!(block(&json!([]), 4), "[]");
}

#[test]
fn texts_of_several_lines_are_literal_where_that_is_safe() {
    let written = |text: &str| document(&json!({ "a": text }));
    assert_eq!(written("x\n  y\n\nz"), "a: |-\n  x\n    y\n\n  z\n");
    assert_eq!(written("x\ny\n"), "a: |\n  x\n  y\n");
    for quoted in ["x\n", "\nx\ny", " x\ny", "x \ny", "x\n\n", "x\ny\n\n", "x\r\ny", "x\u{7}\ny"] {
        assert!(written(quoted).starts_with("a: \""), "{quoted:?}: {}", written(quoted));
    }
}

#[test]
fn keys_are_quoted_like_values() {
    assert_eq!(
        document(&json!({"on": 1, "a: b": 2, "": 3, "8080": 4})),
        "\"on\": 1\n\"a: b\": 2\n\"\": 3\n\"8080\": 4\n"
    );
}

#[test]
fn floats_are_floats_in_both_versions() {
    let written = |value: f64| number(&Number::from_f64(value).unwrap());
    assert_eq!([1.0, -1.5, 1e21, 1.5e-9, 1e300].map(written), ["1.0", "-1.5", "1.0e+21", "1.5e-9", "1.0e+300"]);
}

fn tree() -> impl Strategy<Value = Json> {
    let text =
        prop_oneof![any::<String>(), r#"[a1 :#\n\t|>'"-]{0,12}"#, "([a-z ]{0,4}\n){0,4}", "[a-z]{1,8}", "x{1100,1200}"];
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        text.clone().prop_map(Json::from),
    ];
    leaf.prop_recursive(5, 40, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Json::from),
            prop::collection::vec((text.clone(), inner), 0..5)
                .prop_map(|entries| Json::Object(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_tree_survives(value in tree()) {
        let text = document(&value);
        let mut sink = Sink::default();
        let nodes = read(FileId(0), &text, &mut sink);
        prop_assert!(sink.is_empty(), "{:?}\n{}", sink, text);
        prop_assert_eq!(nodes.len(), 1);
        prop_assert_eq!(nodes[0].to_json(), value.clone(), "{}", text);
        let theirs: Json = serde_yaml::from_str(&text).unwrap();
        prop_assert_eq!(theirs, value, "{}", text);
    }

    #[test]
    fn any_tree_survives_inside_a_document(value in tree(), column in 1usize..4) {
        let (value, column) = (json!({ "k": value }), column * 2);
        let text = format!("a:\n{:column$}{}\n\n\nb: 1\n", "", block(&value, column));
        let nodes = read(FileId(0), &text, &mut Sink::default());
        prop_assert_eq!(nodes.first().map(|node| node.to_json()), Some(json!({"a": value, "b": 1})), "{}", text);
    }
}
