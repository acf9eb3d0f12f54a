//! Rules as a CRD writes them.

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn crd(schema: Json) -> Rules {
    Rules::of_crd("baskets.acme.example.com v1".into(), &schema, &Spans::new()).expect("it has rules")
}

/// A schema with one rule at `spec`.
fn basket(rule: Json) -> Rules {
    crd(json!({ "type": "object", "properties": { "spec": {
        "type": "object",
        "x-kubernetes-validations": [rule],
        "properties": {
            "size": { "type": "integer", "default": 3 },
            "note": { "type": "string", "nullable": true },
            "port": { "x-kubernetes-int-or-string": true },
            "template": { "type": "object", "x-kubernetes-embedded-resource": true, "x-kubernetes-preserve-unknown-fields": true },
            "fruits": { "type": "array", "items": { "type": "object", "properties": { "name": { "type": "string" } } } },
            "rest": { "type": "object", "properties": { "on": { "type": "boolean", "default": true } }, "default": {} },
        },
    }}}))
}

fn found(rules: &Rules, spec: Json, faulty: &[&str]) -> Vec<String> {
    let object =
        json!({ "apiVersion": "acme.example.com/v1", "kind": "Basket", "metadata": { "name": "a" }, "spec": spec });
    let faulty: Vec<NodePath> = faulty.iter().map(|path| NodePath::dotted(path)).collect();
    let say = |finding: &Finding| match finding {
        Finding::Broken { path, message, .. } => format!("{path}: {message}"),
        Finding::Failed { path, why, .. } => format!("{path}! {why}"),
        Finding::Unchecked { why, .. } => format!("? {why}"),
    };
    rules.findings(&object, &faulty).iter().map(say).collect()
}

fn of(rule: &str, spec: Json) -> Vec<String> {
    found(&basket(json!({ "rule": rule, "message": "no" })), spec, &[])
}

#[test]
fn a_broken_rule_says_its_message_at_its_place() {
    assert_eq!(of("self.size < 5", json!({ "size": 4 })), [""; 0]);
    assert_eq!(of("self.size < 5", json!({ "size": 5 })), ["spec: no"]);
    let bare = basket(json!({ "rule": "self.size\n  < 5" }));
    assert_eq!(found(&bare, json!({ "size": 5 }), &[]), ["spec: the rule `self.size < 5` does not hold"]);
}

#[test]
fn a_message_can_be_computed_and_a_field_named() {
    let rule = json!({
        "rule": "self.size < 5", "message": "no", "messageExpression": "'not ' + string(self.size)", "fieldPath": ".size",
    });
    assert_eq!(found(&basket(rule), json!({ "size": 5 }), &[]), ["spec.size: not 5"]);
    let rule = json!({ "rule": "self.size < 5", "message": "no", "messageExpression": "self.fruits[0].name" });
    assert_eq!(found(&basket(rule), json!({ "size": 5 }), &[]), ["spec: no"]);
}

#[test]
fn defaults_are_filled_in_before() {
    assert_eq!(of("self.size == 3 && self.rest.on", json!({})), [""; 0]);
    assert_eq!(of("self.size == 3", json!({ "size": null })), [""; 0]);
}

#[test]
fn null_is_there_only_where_it_is_allowed() {
    assert_eq!(of("has(self.note) && self.note == null", json!({ "note": null })), [""; 0]);
    assert_eq!(of("has(self.fruits)", json!({ "fruits": null })), ["spec: no"]);
}

#[test]
fn what_fails_on_the_api_server_is_refused() {
    assert_eq!(of("self.fruits.size() > 0", json!({})), ["spec! no such key: fruits"]);
    assert!(of("self.port > 0", json!({ "port": "http" }))[0].starts_with("spec! no such overload"));
}

#[test]
fn a_rule_that_we_cannot_evaluate_is_named() {
    assert_eq!(of("semver('1').major() == 1", json!({})), ["? the function `semver` is not known to us"]);
    assert_eq!(of("self.colour == ''", json!({})), ["? its schema has no field `colour`"]);
    assert_eq!(of("self.size", json!({})), ["? its value is no bool, but int"]);
}

#[test]
fn types_that_never_fit_are_not_held_against_the_object() {
    let rules = crd(json!({ "type": "object", "properties": { "spec": {
        "type": "integer", "x-kubernetes-validations": [{ "rule": "self.size() > 0" }],
    }}}));
    assert!(found(&rules, json!(1), &[])[0].starts_with("? no such overload"));
}

#[test]
fn a_rule_about_a_change_says_nothing_of_a_new_object() {
    assert_eq!(of("self.size == oldSelf.size", json!({})), [""; 0]);
    let rule =
        json!({ "rule": "oldSelf.hasValue() || self.size == 0", "message": "empty at first", "optionalOldSelf": true });
    assert_eq!(found(&basket(rule), json!({}), &[]), ["spec: empty at first"]);
}

#[test]
fn where_the_schema_does_not_hold_no_rule_is_asked() {
    let rules = basket(json!({ "rule": "self.size < 5", "message": "no" }));
    assert_eq!(found(&rules, json!({ "size": 9 }), &["spec.note"]), [""; 0]);
    assert_eq!(found(&rules, json!({ "size": 9 }), &["metadata.name"]), ["spec: no"]);
}

#[test]
fn a_rule_counts_for_each_item_and_each_value() {
    let named = json!({ "type": "string", "x-kubernetes-validations": [{ "rule": "self != 'x'", "message": "no" }] });
    let rules = crd(json!({ "type": "object", "properties": { "spec": { "type": "object", "properties": {
        "list": { "type": "array", "items": named }, "map": { "type": "object", "additionalProperties": named },
    }}}}));
    let spec = json!({ "list": ["a", "x", "x"], "map": { "k": "x", "l": "y" } });
    assert_eq!(found(&rules, spec, &[]), ["spec.list[1]: no", "spec.list[2]: no", "spec.map.k: no"]);
}

#[test]
fn of_metadata_a_rule_sees_the_name_alone() {
    let top = |rule: &str| crd(json!({ "type": "object", "x-kubernetes-validations": [{ "rule": rule }] }));
    assert_eq!(found(&top("self.metadata.name == 'a' && self.kind == 'Basket'"), json!({}), &[]), [""; 0]);
    assert!(found(&top("has(self.metadata.labels)"), json!({}), &[])[0].starts_with("? its schema has no field"));
    let spec = json!({ "template": { "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "p" } } });
    assert_eq!(of("self.template.metadata.name == 'p'", spec), [""; 0]);
}

#[test]
fn all_rules_of_an_object_share_a_budget() {
    let slow = json!({ "rule": "self.all(a, self.all(b, self.all(c, self.all(d, a + b + c + d >= 0))))" });
    let rules = crd(json!({ "type": "object", "properties": { "spec": {
        "type": "array", "items": { "type": "integer" }, "x-kubernetes-validations": vec![slow; 30],
    }}}));
    let numbers: Vec<i64> = (0..100).collect();
    let found = found(&rules, json!(numbers), &[]);
    assert_eq!(found, vec!["? it takes more than 1000000 steps"; 30]);
}

#[test]
fn a_field_path_is_read_with_quotes_and_dots() {
    assert_eq!(shape::field_path(".spec['a.b'].c").to_string(), "spec['a.b'].c");
    assert_eq!(shape::field_path("['a-b']").to_string(), "a-b");
    assert_eq!(shape::field_path(".["), NodePath::root());
}

#[test]
fn every_rule_of_our_own_compiles_and_its_place_is_there() {
    let schemas = crate::validate::schemas::Schemas::default();
    let mut count = 0;
    for kind in schemas.kinds("1.36") {
        let Some((api_version, kind)) = kind.rsplit_once('/') else { continue };
        let Some(checked) = schemas.get("1.36", api_version, kind) else { continue };
        let Some(rules) = &checked.rules else { continue };
        count += all_known(&rules.top, &rules.schema, kind);
    }
    assert!(count > 100, "{count} places have rules");
}

fn all_known(place: &Place, schema: &Json, kind: &str) -> usize {
    for rule in &place.rules {
        assert!(rule.program.is_ok(), "{kind}: {} {:?}", rule.text, rule.program);
        assert!(rule.message.is_some(), "{kind}: {} says nothing", rule.text);
    }
    let mut count = place.rules.len();
    for (name, below) in &place.fields {
        let schema = schema.pointer(&cel::pointer(name)).unwrap_or_else(|| panic!("{kind} has no `{name}`"));
        count += all_known(below, schema, kind);
    }
    for (keyword, below) in [("items", &place.items), ("additionalProperties", &place.values)] {
        let Some(below) = below else { continue };
        count += all_known(below, schema.get(keyword).unwrap_or_else(|| panic!("{kind} has no {keyword}")), kind);
    }
    count
}

fn anything() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        "[a-z/*.0-9]{0,6}".prop_map(Json::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let key = proptest::sample::select(vec![
            "spec",
            "rules",
            "matches",
            "path",
            "type",
            "value",
            "filters",
            "parentRefs",
            "name",
        ]);
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            proptest::collection::btree_map(key.prop_map(str::to_owned), inner, 0..4)
                .prop_map(|map| Json::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_object_gets_an_answer(object in anything()) {
        let schemas = crate::validate::schemas::Schemas::default();
        for kind in ["HTTPRoute", "Gateway"] {
            let checked = schemas.get("1.36", "gateway.networking.k8s.io/v1", kind).unwrap();
            let _ = checked.rules.as_ref().unwrap().findings(&object, &[]);
        }
    }
}
