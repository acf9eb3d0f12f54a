//! What is learned of a small chart.

use std::fs;
use std::path::PathBuf;

use platformc_values::{Chart, Wishes, text};
use serde_json::Value as Json;

/// A chart in a folder of its own; the schema of its values.
fn schema(name: &str, files: &[(&str, &str)], wishes: &Wishes) -> Json {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    let description = ("Chart.yaml", "name: queue\nversion: 1.0.0\n");
    for (path, text) in std::iter::once(&description).chain(files) {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    serde_json::from_str(&text(&Chart::read(&folder).unwrap(), wishes)).unwrap()
}

fn of(name: &str, values: &str, template: &str) -> Json {
    let wishes = Wishes { open: vec![], unread: true };
    schema(name, &[("values.yaml", values), ("templates/all.yaml", template)], &wishes)
}

fn at<'j>(schema: &'j Json, path: &str) -> &'j Json {
    path.split('.').fold(schema, |schema, key| &schema["properties"][key])
}

#[test]
fn keys_have_the_types_of_their_defaults() {
    let values = "a: text\nb: 3\nc: true\nd: []\ne: null\nf: ''\ng: '3'\n";
    let schema = of(
        "types",
        values,
        "{{ .Values.a }}{{ .Values.b }}{{ if .Values.c }}{{ end }}{{ .Values.d }}{{ .Values.f }}{{ .Values.g }}{{ .Values.e }}",
    );
    assert_eq!(schema["additionalProperties"], false);
    assert_eq!(at(&schema, "a")["type"], "string");
    assert_eq!(at(&schema, "b")["$ref"], "#/$defs/number");
    assert_eq!(at(&schema, "c")["type"], "boolean");
    assert_eq!(at(&schema, "d")["type"], "array");
    assert_eq!(*at(&schema, "e"), serde_json::json!({}));
    assert_eq!((&at(&schema, "f")["$ref"], &at(&schema, "g")["$ref"]), (&Json::from("#/$defs/scalar"), &Json::from("#/$defs/scalar")));
}

#[test]
fn a_map_that_is_handed_on_is_free_and_others_are_closed() {
    let values = "labels: {}\nresources: {limits: {cpu: 1}}\nimage: {tag: a}\n";
    let template = "{{ toYaml .Values.labels }}{{- with .Values.resources }}{{ toYaml . | nindent 2 }}{{ end }}{{ .Values.image.tag }}";
    let schema = of("free", values, template);
    assert_eq!(at(&schema, "labels"), &serde_json::json!({ "type": "object" }));
    assert_eq!(at(&schema, "resources"), &serde_json::json!({ "type": "object" }));
    assert_eq!(at(&schema, "image")["additionalProperties"], false);
}

#[test]
fn keys_that_are_read_need_no_default() {
    let template = r#"{{ .Values.a.b }}{{ $c := .Values.c }}{{ $c.d }}{{ with $.Values.e }}{{ .f }}{{ end }}{{ index .Values "g" "h-i" }}
        {{ if hasKey .Values.j "k" }}{{ end }}{{ dig "m" "default" .Values.l }}{{ (index .Values "o").p | default 3 | quote }}"#;
    let schema = of("read", "a: {}\n", template);
    for path in ["a.b", "c.d", "e.f", "g.h-i", "j.k", "l.m", "o.p"] {
        assert!(at(&schema, path).is_object(), "{path}: {schema:#}");
    }
    assert_eq!(at(&schema, "a")["additionalProperties"], false);
    assert!(at(&schema, "a.x").is_null());
}

#[test]
fn what_an_included_template_reads_is_followed() {
    let template = r#"{{- define "image" -}}{{ $image := index . 0 }}{{ $image.repository }}:{{ $image.tag }}{{- end -}}
        {{- define "labels" }}{{ .given.name }}{{ .context.Values.team }}{{ end }}
        {{ include "image" (list .Values.image $) }}{{ include "labels" (dict "given" .Values.labels "context" $) }}"#;
    let schema = of("include", "image: {tag: a, pullPolicy: b}\nlabels: {}\n", template);
    assert_eq!(at(&schema, "image")["additionalProperties"], false);
    assert!(at(&schema, "image.repository").is_object() && at(&schema, "labels.name").is_object() && at(&schema, "team").is_object());
    assert_eq!(at(&schema, "image.pullPolicy")["x-unread"], true);
    assert_eq!(at(&schema, "image.tag").get("x-unread"), None);
}

#[test]
fn a_key_whose_type_is_asked_for_may_be_any() {
    let schema = of("any", "a: []\nb: text\n", r#"{{ if kindIs "map" .Values.a }}{{ end }}{{ tpl .Values.b $ }}"#);
    assert_eq!((at(&schema, "a"), at(&schema, "b")), (&serde_json::json!({}), &serde_json::json!({})));
}

#[test]
fn charts_in_a_chart_stand_under_their_names() {
    let files = [
        ("Chart.yaml", "name: queue\nversion: 1.0.0\ndependencies: [{name: store, condition: store.enabled}, {name: gone}]\n"),
        ("values.yaml", "store: {size: 3}\n"),
        ("templates/a.yaml", "{{ .Values.global.domain }}"),
        ("charts/store/Chart.yaml", "name: store\nversion: 2.0.0\n"),
        ("charts/store/values.yaml", "size: 1\nlabels: {}\n"),
        ("charts/store/templates/a.yaml", "{{ .Values.size }}{{ toYaml .Values.labels }}{{ .Values.global.region }}"),
    ];
    let schema = schema("inner", &files, &Wishes::default());
    assert!(at(&schema, "store.enabled").is_object() && at(&schema, "store.size").is_object());
    assert_eq!(at(&schema, "store")["additionalProperties"], false);
    assert_eq!(at(&schema, "store.labels"), &serde_json::json!({ "type": "object" }));
    assert!(at(&schema, "global.domain").is_object() && at(&schema, "global.region").is_object());
    assert!(at(&schema, "gone").get("properties").is_none() && at(&schema, "gone").is_object());
}

#[test]
fn a_schema_of_the_charts_own_counts_more_and_its_prose_is_left_out() {
    let own = r##"{"properties": {
        "a": {"type": ["string", "integer"], "description": "words", "default": "x", "enum": ["x", 1]},
        "b": {"$ref": "#/definitions/b"}, "pod": {"$ref": "#/definitions/io.k8s.api.core.v1.Pod"}
    }, "definitions": {"b": {"type": "object", "additionalProperties": false, "required": ["c"], "properties": {"c": {"type": "integer"}}},
        "io.k8s.api.core.v1.Pod": {"type": "object", "properties": {"spec": {}}}}}"##;
    let files = [
        ("values.yaml", "a: x\nb: {c: 1, d: 2}\npod: {}\ne: true\n"),
        ("values.schema.json", own),
        ("templates/a.yaml", "{{ toYaml .Values.b }}{{ toYaml .Values.pod }}{{ .Values.e }}"),
    ];
    let schema = schema("own", &files, &Wishes::default());
    assert_eq!(at(&schema, "a"), &serde_json::json!({ "type": ["string", "integer"], "enum": ["x", 1] }));
    assert_eq!(
        at(&schema, "b"),
        &serde_json::json!({ "type": "object", "additionalProperties": false, "properties": { "c": { "type": "integer" } } })
    );
    assert_eq!(at(&schema, "pod"), &serde_json::json!({ "type": "object" }));
    assert_eq!(at(&schema, "e")["type"], "boolean");
}

#[test]
fn an_open_path_says_nothing() {
    let wishes = Wishes { open: vec!["a.b".into()], unread: false };
    let schema = schema("open", &[("values.yaml", "a: {b: {c: 1}}\n")], &wishes);
    assert_eq!(at(&schema, "a.b"), &serde_json::json!({}));
}
