use super::*;
use crate::source::Sources;
use crate::source::read::read;

const SCHEMA: &str = r##"{
    "$defs": {"number": {"type": ["number", "string"], "pattern": "[0-9]", "x-says": "a number"}},
    "type": "object", "additionalProperties": false, "required": ["image"],
    "properties": {
        "image": {"type": "string"},
        "labels": {"type": "object"},
        "worker": {
            "type": "object", "additionalProperties": false, "required": ["replicaCount"],
            "properties": {
                "replicaCount": {"$ref": "#/$defs/number"},
                "enabled": {"type": "boolean"},
                "oldSwitch": {"type": "boolean", "x-unread": true}
            }
        },
        "auth": {"oneOf": [
            {"type": "object", "additionalProperties": false, "required": ["user"], "properties": {"user": {"type": "string"}}},
            {"type": "object", "additionalProperties": false, "required": ["token"], "properties": {"token": {"type": "string"}}}
        ]}
    }
}"##;

fn found_by(schema: &str, values: &str) -> Vec<String> {
    let (mut sources, mut sink) = (Sources::default(), Sink::default());
    let file = sources.add("values.yaml", values);
    let node = read(file, values, &mut sink).remove(0);
    let schema = ValuesSchema::new(FileId(7), schema.into(), false);
    let findings = schema.findings(&node).unwrap_or_else(|fault| panic!("{fault:?}"));
    let told = |finding: &Finding| {
        let what = match &finding.what {
            What::Unknown => "unknown".to_owned(),
            What::Unread => "unread".to_owned(),
            What::Wrong(reason) => reason.clone(),
        };
        let place = &values[finding.span.start as usize..finding.span.end as usize];
        format!("{} at `{place}`: {what} {}", finding.path, finding.help.clone().unwrap_or_default())
    };
    findings.iter().map(|finding| told(finding).trim().to_owned()).collect()
}

fn found(values: &str) -> Vec<String> {
    found_by(SCHEMA, values)
}

#[test]
fn a_part_of_the_values_is_enough() {
    assert_eq!(found("labels: {a: {b: c}}\nworker: {enabled: true}"), Vec::<String>::new());
    assert_eq!(found("auth: {token: a}"), Vec::<String>::new());
}

#[test]
fn an_unknown_key_suggests_the_nearest() {
    assert_eq!(
        found("worker: {replicaCuont: 2}"),
        ["worker.replicaCuont at `replicaCuont`: unknown did you mean `replicaCount`?"]
    );
    assert_eq!(found("x: {y: 1}"), ["x at `x`: unknown known are image, labels, worker, auth"]);
}

#[test]
fn a_wrong_type_tells_the_right_one() {
    assert_eq!(found("worker: {enabled: 1}"), ["worker.enabled at `1`: expected a boolean, found the number `1`"]);
    assert_eq!(found("worker: [a]"), ["worker at `worker`: expected a map, found a list"]);
    assert_eq!(
        found("worker: {replicaCount: many}"),
        ["worker.replicaCount at `many`: `many` is not allowed: it must be a number"]
    );
}

#[test]
fn a_text_that_lost_its_quotes_gets_them_back() {
    assert_eq!(
        found("image: 1.10"),
        ["image at `1.10`: expected a text, found the number `1.1` put quotes around it: `\"1.10\"`"]
    );
}

#[test]
fn all_faults_are_told_in_the_order_in_which_they_stand() {
    let places: Vec<String> = found("worker: {enabld: true, enabled: 3}\nimag: x")
        .iter()
        .filter_map(|told| told.split(':').next().map(str::to_owned))
        .collect();
    assert_eq!(places, ["worker.enabld at `enabld`", "worker.enabled at `3`", "imag at `imag`"]);
}

#[test]
fn null_takes_a_default_away_and_a_misspelt_one_does_not() {
    assert_eq!(found("worker: null\nimage: null\nauth: null"), Vec::<String>::new());
    assert_eq!(found("wroker: null"), ["wroker at `wroker`: unknown did you mean `worker`?"]);
}

#[test]
fn what_nothing_reads_is_told() {
    assert_eq!(found("worker: {oldSwitch: true}"), ["worker.oldSwitch at `oldSwitch`: unread"]);
}

#[test]
fn faults_are_about_one_branch() {
    assert_eq!(found("auth: {user: a, tokn: b}"), ["auth.tokn at `tokn`: unknown known are user"]);
}

#[test]
fn a_schema_may_not_say_what_must_be_there() {
    let strict = r#"{"minProperties": 3, "not": {"required": ["b"]}, "if": {"required": ["a"]}, "then": false,
        "properties": {"required": {"type": "integer"}}, "dependentRequired": {"a": ["c"]}}"#;
    assert_eq!(found_by(strict, "a: 1\nb: 2"), Vec::<String>::new());
    assert_eq!(found_by(strict, "required: x"), ["required at `x`: expected a whole number, found the text `x`"]);
}

#[test]
fn a_broken_schema_is_told_at_its_place() {
    let broken = |text: &str| {
        let schema = ValuesSchema::new(FileId(7), text.into(), false);
        let fault = schema.findings(&Node::text(Span::new(FileId(0), 0, 0), "")).unwrap_err().clone();
        (fault.message.clone(), fault.primary().map(|span| (span.file, span.start)))
    };
    assert_eq!(
        broken("{\n  \"type\": object\n}"),
        ("the schema of a chart's values is not JSON".to_owned(), Some((FileId(7), 12)))
    );
    assert_eq!(broken(r#"{"type": "map"}"#).0, "the schema of a chart's values is no JSON Schema");
}

#[test]
fn the_schemas_that_travel_with_us_are_right() {
    let (mut sources, mut sink) = (Sources::default(), Sink::default());
    let catalog = crate::component::Catalog::load(&crate::world::Memory::default(), &mut sources, &mut sink);
    let schemas: Vec<_> =
        catalog.components.values().filter_map(|component| component.values_schema.as_ref()).collect();
    assert!(!schemas.is_empty());
    for schema in schemas {
        assert!(schema.is_ours);
        let compiled = schema.compile().unwrap();
        assert!(compiled.whole().is_some());
        // Parts of it can be compiled by themselves.
        let text = schema.text.replace(char::is_whitespace, "");
        assert_eq!(text.matches("\"$ref\":").count(), text.matches("\"$ref\":\"#/$defs/").count());
    }
}
