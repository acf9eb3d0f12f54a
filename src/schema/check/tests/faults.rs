use super::{node_in, schema, told};
use crate::diagnostic::Sink;
use crate::schema::check::{Mode, check};
use crate::source::Sources;

const SCHEMA: &str = r#"
type: object
required: [name, image]
properties:
  name: {type: string, format: name, description: Its name}
  image: {type: string, format: image, description: "The image, with a tag or a digest"}
  port: {type: integer, minimum: 1, maximum: 65535, description: The port it listens on}
  tls: {type: boolean, default: true}
  version: {type: string, x-as-written: true}
  labels: {type: object, additionalProperties: {type: string}}
  files: {type: object, propertyNames: {type: string, pattern: "^/", maxLength: 6}, additionalProperties: {type: string}}
  env: {type: object, additionalProperties: {type: [string, integer, boolean]}}
  args: {type: array, minItems: 1, maxItems: 2, items: {type: string, minLength: 1, maxLength: 5}}
  level: {type: string, enum: [low, middle, high], default: low}
  path: {type: string, pattern: "^/"}
  share: {type: string, format: percent}
  storage:
    type: object
    x-short: type
    properties: {type: {type: string, default: minio}}
    x-variants:
      minio: {properties: {size: {type: string, format: quantity, default: 10Gi}}}
      s3: {required: [bucket], properties: {bucket: {type: string}, region: {type: string}}}
  route: {type: object, x-short: host, required: [host], properties: {host: {type: string, format: host}, path: {type: string, default: /}}}
  steps: {type: array, items: {type: object, x-one-of: [sync, clear], properties: {sync: {type: string, x-refers-to: connections}, clear: {type: string}}}}
  scale: {type: object, required: [max], properties: {min: {type: integer, default: 2}, max: {type: integer}}}
  resources: {type: object, default: {}, properties: {limits: {type: object, default: {}, properties: {memory: {type: string, format: quantity, default: 256Mi}}}}}
"#;

/// Checks the text as line 3 and on; `;` ends a line of the answer.
fn faults(text: &str) -> Vec<String> {
    let mut sources = Sources::default();
    let text = format!("name: a\nimage: a:1\n{text}");
    let node = node_in(&text, &mut sources);
    let mut sink = Sink::default();
    check(&node, &schema(SCHEMA), Mode::Plain, &mut sink);
    told(sink.iter(), &sources)
}

fn each(rows: &[(&str, &[&str])]) {
    for (text, expected) in rows {
        assert_eq!(faults(text), *expected, "{text}");
    }
}

#[test]
fn an_unknown_key_suggests_the_nearest_or_lists_the_few() {
    each(&[
        ("prot: 1", &["E0201 3:1 `prot` unknown key `prot` (not known here) | help: did you mean `port`?"]),
        (
            "zzzzzz: 1",
            &[
                "E0201 3:1 `zzzzzz` unknown key `zzzzzz` (not known here) | known here: `name`, `image`, `port`, `tls`, \
               `version`, `labels`, `files`, `env`, `args`, `level`, `path`, `share`, `storage`, `route`, `steps`, `scale`, `resources`",
            ],
        ),
        ("route: {zz: 1, host: a}", &["E0201 3:9 `zz` unknown key `zz` (not known here) | known here: `host`, `path`"]),
    ]);
}

#[test]
fn a_misspelt_key_is_not_missing_too() {
    each(&[
        ("scale: {mx: 5}", &["E0201 3:9 `mx` unknown key `mx` (not known here) | help: did you mean `max`?"]),
        ("route: {hots: a}", &["E0201 3:9 `hots` unknown key `hots` (not known here) | help: did you mean `host`?"]),
        ("steps: [{snyc: c}]", &["E0201 3:10 `snyc` unknown key `snyc` (not known here) | help: did you mean `sync`?"]),
        (
            "storage: {typ: s3, bucket: x}",
            &["E0201 3:11 `typ` unknown key `typ` (not known here) | help: did you mean `type`?"],
        ),
        (
            "storage: {type: s3, bukket: x}",
            &["E0201 3:21 `bukket` unknown key `bukket` (not known here) | help: did you mean `bucket`?"],
        ),
    ]);
}

#[test]
fn a_wrong_type_says_what_was_expected_and_how_it_is_mended() {
    each(&[
        (
            "port: http",
            &[
                "E0202 3:7 `http` expected a whole number, found the text `http` (expected a whole number) | `port`: The port it listens on",
            ],
        ),
        (
            "port: '8080'",
            &[
                "E0202 3:7 `'8080'` expected a whole number, found the text `8080` (expected a whole number) | `port`: The port it listens on | help: take the quotes away",
            ],
        ),
        (
            "tls: yes",
            &[
                "E0202 3:6 `yes` expected `true` or `false`, found the text `yes` (expected `true` or `false`) | help: write `true`",
            ],
        ),
        (
            "labels: [a]",
            &[
                "E0202 3:9 `[a]` expected a map, found a list (expected a map) | help: it is a map by name: write `NAME: …` for each, in the place of `- …`",
            ],
        ),
        (
            "labels: {a: 1}",
            &[
                "E0202 3:13 `1` expected a text, found the number `1` (expected a text) | help: put quotes round it: `\"1\"`",
            ],
        ),
        (
            "labels: {c: 1.10}",
            &[
                "E0202 3:13 `1.10` expected a text, found the number `1.10` (expected a text) | help: write `\"1.10\"`: without quotes YAML reads the number 1.1",
            ],
        ),
        (
            "env: {a: 1.5}",
            &[
                "E0202 3:10 `1.5` expected a text, a whole number or a boolean, found the number `1.5` (expected a text, a whole number or a boolean)",
            ],
        ),
        (
            "args: x",
            &["E0202 3:7 `x` expected a list, found the text `x` (expected a list) | help: write a list: `[x]`"],
        ),
        (
            "share: 70",
            &[
                "E0202 3:8 `70` expected a percentage, found the number `70` (expected a percentage) | help: write `70%`",
            ],
        ),
        (
            "level: 5",
            &[
                "E0202 3:8 `5` expected `low`, `middle` or `high`, found the number `5` (expected `low`, `middle` or `high`)",
            ],
        ),
        ("storage: [s3]", &["E0202 3:10 `[s3]` expected a map, or a text for `type`, found a list (expected a map)"]),
        ("route: 5", &["E0202 3:8 `5` expected a host name, found the number `5` (expected a host name)"]),
    ]);
}

#[test]
fn a_wrong_value_says_why() {
    each(&[
        ("port: 0", &["E0204 3:7 `0` wrong value for `port` (it is below 1) | `port`: The port it listens on"]),
        (
            "port: 65536",
            &["E0204 3:7 `65536` wrong value for `port` (it is above 65535) | `port`: The port it listens on"],
        ),
        ("args: []", &["E0204 3:7 `[]` wrong value for `args` (it is empty)"]),
        ("args: [a, b, c]", &["E0204 3:7 `[a, b, c]` wrong value for `args` (it has 3 items, and 2 are the most)"]),
        (
            "args: ['', abcdef]",
            &[
                "E0204 3:8 `''` wrong value for `args` (it is empty)",
                "E0204 3:12 `abcdef` wrong value for `args` (it is longer than 5 characters)",
            ],
        ),
        ("path: x", &["E0204 3:7 `x` wrong value for `path` (it does not match `^/`)"]),
        (
            "level: hihg",
            &[
                "E0204 3:8 `hihg` `hihg` is no value of `level` (expected `low`, `middle` or `high`) | help: did you mean `high`?",
            ],
        ),
        (
            "storage: {size: 1x}",
            &[
                "E0204 3:17 `1x` `1x` is not a quantity (the suffix `x` is not known; write m, k, M, G, T, P, E, Ki, Mi, Gi, Ti, Pi, Ei, or none)",
            ],
        ),
        (
            "route: https://a",
            &["E0204 3:8 `https://a` `https://a` is not a host name (it must not have a scheme, only the host)"],
        ),
        (
            "steps: [{sync: a, clear: b}]",
            &[
                "E0204 3:19 `clear` `sync` and `clear` cannot stand together (take one of them away) | also 3:10 `sync` (the other one)",
            ],
        ),
    ]);
}

#[test]
fn a_missing_key_points_at_its_parent() {
    each(&[
        (
            "storage: s3",
            &[
                "E0203 3:1 `storage` missing key `bucket` (`storage` needs it) | help: write the long form: `storage: {type: s3, bucket: …}`",
            ],
        ),
        ("route: {path: /x}", &["E0203 3:1 `route` missing key `host` (`route` needs it)"]),
        ("scale: {}", &["E0203 3:1 `scale` missing key `max` (`scale` needs it)"]),
        ("steps: [{}]", &["E0203 3:9 `{}` one of `sync`, `clear` is needed (none of them stands here)"]),
    ]);
}

#[test]
fn a_key_of_another_variant_names_it() {
    each(&[
        (
            "storage: {bucket: x}",
            &[
                "E0201 3:11 `bucket` `bucket` belongs to `type: s3` (not known here) | `type` is not given, so its default holds",
            ],
        ),
        (
            "storage: {type: minio, region: x}",
            &[
                "E0201 3:24 `region` `region` belongs to `type: s3` (not known here) | also 3:17 `minio` (this is `type: minio`)",
            ],
        ),
        (
            "storage: {type: s4, region: x}",
            &["E0204 3:17 `s4` `s4` is no value of `type` (expected `minio` or `s3`) | help: did you mean `s3`?"],
        ),
    ]);
}

#[test]
fn nothing_is_no_value() {
    each(&[
        (
            "scale:",
            &[
                "E0202 3:1 `scale` `scale` has no value: expected a map (nothing here) | help: remove the key, or give it a value",
            ],
        ),
        (
            "scale: {max: ~}",
            &[
                "E0202 3:14 `~` `max` has no value: expected a whole number (nothing here) | help: remove the key, or give it a value",
            ],
        ),
        (
            "route: null",
            &[
                "E0202 3:8 `null` `route` has no value: expected a map (nothing here) | help: remove the key, or give it a value",
            ],
        ),
    ]);
}

#[test]
fn a_key_of_a_map_by_name_is_judged_as_a_text() {
    each(&[
        ("files: {/a: x, /b/c: y}", &[]),
        ("files: {a: x}", &["E0204 3:9 `a` wrong value for `a` (it does not match `^/`)"]),
        ("files: {/a/b/c/d: x}", &["E0204 3:9 `/a/b/c/d` wrong value for `/a/b/c/d` (it is longer than 6 characters)"]),
    ]);
}

#[test]
fn what_may_stand_gives_no_fault() {
    each(&[
        ("version: 1.10", &[]),
        ("env: {a: 1, b: x, c: true}", &[]),
        ("storage: {type: s3, bucket: x}", &[]),
        ("steps: [{sync: a}, {clear: b}]", &[]),
        ("x-mine: {a: null}", &[]),
        ("route: {host: a, x-note: [1]}", &[]),
        ("resources: {limits: {memory: 512}}", &[]),
    ]);
}

#[test]
fn all_faults_are_told_at_once() {
    assert_eq!(faults("prot: 1\ntls: 1\nlevel: x\nscale: {}").len(), 4);
}
