use super::check;
use crate::diagnostic::Sink;
use crate::schema::check::tests::{node_in, schema, told};
use crate::source::Sources;

const SCHEMA: &str = r#"
properties:
  pipelines:
    additionalProperties:
      properties:
        timeout: {type: string, format: duration}
        late: {type: string, format: duration, x-at-most: timeout}
        after: {type: array, items: {type: string, x-refers-to: orchestration.pipelines, x-acyclic: true}}
        steps:
          type: array
          x-unique: name
          x-not-first: both
          items:
            properties:
              name: {type: string}
              timeout: {type: string, format: duration, x-at-most: timeout}
              both: {type: array, items: {properties: {name: {type: string}}}}
"#;

fn faults(text: &str) -> Vec<String> {
    let mut sources = Sources::default();
    let node = node_in(&format!("pipelines:\n{text}"), &mut sources);
    let mut sink = Sink::default();
    check(&node, &schema(SCHEMA), &mut sink);
    told(sink.iter(), &sources)
}

#[test]
fn a_limit_is_no_longer_than_the_one_around_it() {
    assert_eq!(
        faults(
            "  a: {timeout: 1h, late: 90m, steps: [{timeout: 3601s}, {timeout: 60m}]}\n  b: {steps: [{timeout: 5h}]}"
        ),
        [
            "E0204 2:26 `90m` `late` of 90m is longer than the 1h around it (it would never be reached) | also 2:16 `1h` (`timeout` ends it before)",
            "E0204 2:49 `3601s` `timeout` of 3601s is longer than the 1h around it (it would never be reached) | also 2:16 `1h` (`timeout` ends it before)",
        ]
    );
}

#[test]
fn a_name_is_given_once_at_any_depth() {
    assert_eq!(
        faults("  a: {steps: [{name: x}, {both: [{name: y}, {name: x}]}]}\n  b: {steps: [{name: x}]}"),
        [
            "E0204 2:52 `x` two of them have the name `x` (the second one) | also 2:22 `x` (the first one) | help: give one of them another"
        ]
    );
}

#[test]
fn what_is_about_the_item_before_is_not_the_first() {
    assert_eq!(
        faults("  a: {steps: [{both: []}]}\n  b: {steps: [{name: x}, {both: []}]}"),
        ["E0204 2:16 `both` `both` cannot stand first (it is about what stands before it)"]
    );
}

#[test]
fn each_circle_is_told_once_and_what_only_leads_into_it_is_not() {
    let told = faults(
        "  a: {after: [b, e]}\n  b: {after: [c]}\n  c: {after: [a]}\n  d: {after: [a]}\n  e: {steps: []}\n  f: {after: [e, f]}",
    );
    assert_eq!(told.len(), 2, "{told:#?}");
    assert!(told.iter().any(|fault| fault.contains("`a`, `b`, `c` wait for each other in a circle")), "{told:#?}");
    assert!(told.iter().any(|fault| fault.contains("`f` waits for itself")), "{told:#?}");
}

#[test]
fn a_chain_is_no_circle() {
    assert!(faults("  a: {steps: []}\n  b: {after: [a]}\n  c: {after: [a, b]}").is_empty());
}
