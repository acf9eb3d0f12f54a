use super::{Platform, resolved};
use crate::source::NodePath;

const HEAD: &str = "name: acme\ndomain: example.com\n";

/// The platform of the one environment `e`.
fn laid(base: &str, over: &str) -> Platform {
    let resolved = resolved(&text(base, over));
    assert_eq!(resolved.faults, [""; 0], "{base} / {over}");
    resolved.platforms.into_iter().next().flatten().expect("a platform")
}

/// The overlay is line 4.
fn text(base: &str, over: &str) -> String {
    format!("{HEAD}{base}\nenvironments: {{e: {over}}}\n")
}

fn options(base: &str, over: &str) -> String {
    laid(base, over).uses[0].options.to_json().to_string()
}

fn told(base: &str, over: &str, expected: &[&str]) {
    assert_eq!(resolved(&text(base, over)).faults, expected, "{base} / {over}");
}

const DATABASE: &str = r#""database":{"port":5432}"#;

#[test]
fn maps_merge_and_everything_else_replaces_whole() {
    let base = "dataIntegration: {provider: mover, host: a, database: {host: b}}";
    let over = "{dataIntegration: {host: c, database: {port: 1}}}";
    let merged = r#"{"host":"c","database":{"host":"b","port":1},"storage":{"type":"local","size":"10Gi"}}"#;
    assert_eq!(options(base, over), merged);
    let platform = laid("cluster: {podCidrs: [10.0.0.0/8, 11.0.0.0/8]}", "{cluster: {podCidrs: [12.0.0.0/8]}}");
    assert_eq!(platform.input.cluster.pod_cidrs, ["12.0.0.0/8"]);
}

#[test]
fn short_forms_are_spelt_out_before_layers_merge() {
    let storage = r#""storage":{"type":"s3","bucket":"b"}"#;
    let long = format!(r#"{{{storage},"host":"mover",{DATABASE}}}"#);
    assert_eq!(
        options("dataIntegration: {provider: mover, storage: s3}", "{dataIntegration: {storage: {bucket: b}}}"),
        long
    );
    assert_eq!(
        options("dataIntegration: {provider: mover, storage: {bucket: b}}", "{dataIntegration: {storage: s3}}"),
        r#"{"storage":{"bucket":"b","type":"s3"},"host":"mover","database":{"port":5432}}"#
    );
    let host = r#"{"host":"a","database":{"port":5432},"storage":{"type":"local","size":"10Gi"}}"#;
    assert_eq!(options("dataIntegration: {provider: mover, host: a}", "{dataIntegration: mover}"), host);
    assert_eq!(options("dataIntegration: mover", "{dataIntegration: {host: a}}"), host);
}

#[test]
fn a_changed_provider_drops_the_options_of_the_old_one() {
    let base = "dataIntegration: {provider: mover, host: a, namespace: b, storage: s3}";
    let platform = laid(base, "{dataIntegration: {provider: shover, token: t}}");
    let used = &platform.uses[0];
    assert_eq!((used.component.as_str(), used.options.to_json().to_string().as_str()), ("shover", r#"{"token":"t"}"#));
    assert!(used.namespace.is_none());
}

#[test]
fn null_takes_a_key_away_at_any_depth_and_the_default_returns() {
    let base = "dataIntegration: {provider: mover, host: a, database: {host: b, port: 1}}";
    let filled = r#"{"database":{"host":"b","port":5432},"host":"mover","storage":{"type":"local","size":"10Gi"}}"#;
    assert_eq!(options(base, "{dataIntegration: {host: null, database: {port: ~}}}"), filled);
    assert!(laid(base, "{dataIntegration: }").uses.is_empty());
    let values = "dataIntegration: {provider: mover, values: {a: {b: 1, c: 2}}}";
    let platform = laid(values, "{dataIntegration: {values: {a: {b: null}}}}");
    assert_eq!(
        platform.uses[0].values.as_ref().map(|node| node.to_json().to_string()),
        Some(r#"{"a":{"c":2}}"#.into())
    );
}

#[test]
fn a_missing_key_points_at_the_null_that_took_it() {
    told(
        "services: {a: {namespace: b, image: a:1, scale: {max: 3}}}",
        "{services: {a: {image: null, scale: {max: }}}}",
        &[
            "E0203 4:42 `null` missing key `image` (taken away here)",
            "E0203 4:56 `max` missing key `max` (taken away here)",
        ],
    );
    told(
        "",
        "{domain: null}",
        &[
            "E0203 4:28 `null` missing key `domain` (taken away here) | `domain`: The domain below which its hosts stand",
        ],
    );
    told(
        "dataIntegration: mover",
        "{dataIntegration: {provider: null}}",
        &[
            "E0203 4:48 `null` missing key `provider` (taken away here) | `provider`: The component that provides it | `provider` is `mover` or `shover`",
        ],
    );
}

#[test]
fn a_missing_key_of_a_new_entry_points_into_the_overlay() {
    told("services: {}", "{services: {a: {namespace: b}}}", &["E0203 4:31 `a` missing key `image` (`a` needs it)"]);
}

#[test]
fn a_misspelt_entry_of_an_overlay_is_one_fault_that_names_the_one_that_was_meant() {
    told(
        "services: {shop-api: {namespace: apps, image: a/b:1}}",
        "{services: {shop-apy: {port: 80}}}",
        &[
            "E0203 4:31 `shop-apy` missing key `namespace` (`shop-apy` needs it) | help: the layer below has `services.shop-api`: did you mean that?",
        ],
    );
}

#[test]
fn taking_away_what_is_not_there_is_a_fault() {
    told(
        "dataIntegration: {provider: mover, host: a}",
        "{dataIntegration: {hots: null, database: {port: null}}}",
        &[
            "E0208 4:44 `null` there is no `hots` to take away (null takes a key of the layer below away) | help: did you mean `host`?",
            "E0208 4:67 `null` there is no `port` to take away (null takes a key of the layer below away)",
        ],
    );
    told(
        "dataIntegration: {provider: mover, host: a}",
        "{dataIntegration: {provider: shover, token: t, host: null}}",
        &["E0208 4:72 `null` there is no `host` to take away (null takes a key of the layer below away)"],
    );
}

#[test]
fn faults_in_an_overlay_point_into_it() {
    told(
        "dataIntegration: mover",
        "{dataIntegration: {hots: a}, servces: {}, kubernetes: [1.30]}",
        &[
            "E0201 4:38 `hots` unknown key `hots` (not known here) | help: did you mean `host`?",
            "E0201 4:48 `servces` unknown key `servces` (not known here) | help: did you mean `services`?",
            "E0202 4:74 `1.30` expected a text, found the number `1.30` (expected a text) | help: write `\"1.30\"`: without quotes YAML reads the number 1.3",
        ],
    );
    told(
        "dataIntegration: {provider: mover, storage: {type: s3, bucket: b}}",
        "{dataIntegration: {storage: local}}",
        &[
            "E0201 3:56 `bucket` `bucket` belongs to `type: s3` (not known here) | also 4:47 `local` (this is `type: local`)",
        ],
    );
}

#[test]
fn one_fault_of_the_base_is_told_once_for_all_environments() {
    let text = format!("{HEAD}servces: {{}}\nenvironments: {{a: {{}}, b: {{}}, c: {{dataIntegration: mvoer}}}}\n");
    assert_eq!(resolved(&text).faults.len(), 2);
}

#[test]
fn each_part_keeps_the_place_of_its_layer() {
    let base = "dataIntegration: {provider: mover, host: a}";
    let resolved = resolved(&text(base, "{dataIntegration: {database: {host: b}}}"));
    let platform = resolved.platforms[0].as_ref().expect("a platform");
    let line = |path: &str| resolved.sources.position(platform.merged.nearest(&NodePath::dotted(path))).line;
    assert_eq!((line("dataIntegration.host"), line("dataIntegration.database.host")), (3, 4));
    assert_eq!((line("dataIntegration"), line("dataIntegration.storage.type")), (3, 3));
    assert!(platform.merged.at(&NodePath::dotted("dataIntegration.storage")).is_none());
}

#[test]
fn a_platform_knows_its_environment() {
    assert_eq!(laid("", "{}").environment.as_deref(), Some("e"));
}
