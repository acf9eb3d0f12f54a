use super::{node, node_in, schema};
use crate::diagnostic::Sink;
use crate::schema::check::{Checker, Mode, NOTHING_TAKEN, Place, check, start};
use crate::source::{NodePath, Sources};

const SCHEMA: &str = "
type: object
properties:
  database:
    type: object
    default: {}
    properties:
      port: {type: integer, default: 5432}
      host: {type: string}
      tls: {type: object, properties: {mode: {type: string, default: full}}}
  storage:
    type: object
    x-short: type
    default: minio
    properties: {type: {type: string}}
    x-variants:
      minio: {properties: {size: {type: string, format: quantity, default: 10Gi}}}
      s3: {properties: {auth: {type: string, default: keys}}}
  scale: {type: object, required: [max], properties: {min: {type: integer, default: 2}, max: {type: integer}}}
  version: {type: string, x-as-written: true}
  cpu: {type: string, format: quantity}
  steps: {type: array, items: {type: object, properties: {sync: {type: string, x-refers-to: connections}, retries: {type: integer, default: 1}}}}
";

fn filled(text: &str) -> String {
    let mut sink = Sink::default();
    let checked = check(&node(text), &schema(SCHEMA), Mode::Plain, &mut sink);
    assert!(sink.is_empty(), "{sink:?}");
    checked.to_json().to_string()
}

const REST: &str = r#""storage":{"type":"minio","size":"10Gi"}"#;

#[test]
fn an_object_with_a_default_is_always_there_with_its_leaves() {
    assert_eq!(filled("{}"), format!(r#"{{"database":{{"port":5432}},{REST}}}"#));
    assert_eq!(filled("database: {host: a}"), format!(r#"{{"database":{{"host":"a","port":5432}},{REST}}}"#));
}

#[test]
fn an_object_without_default_is_filled_only_where_it_stands() {
    assert_eq!(
        filled("database: {tls: {}}\nscale: {max: 3}"),
        format!(r#"{{"database":{{"tls":{{"mode":"full"}},"port":5432}},"scale":{{"max":3,"min":2}},{REST}}}"#)
    );
}

#[test]
fn only_the_chosen_variant_is_filled() {
    assert_eq!(
        filled("storage: s3\ndatabase: {}"),
        r#"{"storage":{"type":"s3","auth":"keys"},"database":{"port":5432}}"#
    );
}

#[test]
fn scalars_can_be_taken_as_they_were_written() {
    let json = filled("version: 1.10\ncpu: 0.50\ndatabase: {}\nstorage: s3");
    assert!(json.starts_with(r#"{"version":"1.10","cpu":"0.50""#), "{json}");
}

#[test]
fn items_of_lists_are_filled() {
    let json = filled("steps: [{sync: a}]\ndatabase: {}\nstorage: s3");
    assert!(json.starts_with(r#"{"steps":[{"sync":"a","retries":1}]"#), "{json}");
}

#[test]
fn what_is_filled_stands_at_the_nearest_written_parent() {
    let mut sources = Sources::default();
    let node = node_in("scale: {max: 1}\ndatabase: {host: a}", &mut sources);
    let checked = check(&node, &schema(SCHEMA), Mode::Plain, &mut Sink::default());
    let text = |path: &str| sources.text(checked.at(&NodePath::dotted(path)).expect(path).span);
    assert_eq!((text("scale.min"), text("database.port"), text("storage.size")), ("scale", "database", "scale"));
}

#[test]
fn references_are_collected() {
    let mut sink = Sink::default();
    let node = node("steps: [{sync: a}, {sync: b}]");
    let mut checker = Checker::new(Mode::Plain, &mut sink);
    checker.check(&node, &schema(SCHEMA), &Place { name: "", at: start(&node), taken: NOTHING_TAKEN });
    let names: Vec<(&str, &str)> = checker.references.iter().map(|r| (r.to.as_str(), r.name.as_str())).collect();
    assert_eq!(names, [("connections", "a"), ("connections", "b")]);
}
