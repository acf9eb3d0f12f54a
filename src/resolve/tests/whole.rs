use super::{catalog, document, platform, resolved};
use crate::diagnostic::Sink;
use crate::resolve::{check_others, resolve};
use crate::source::Sources;

const HEAD: &str = "name: acme\ndomain: example.com\n";

fn of(text: &str) -> super::Platform {
    platform(&format!("{HEAD}{text}"))
}

#[test]
fn the_smallest_platform_is_name_and_domain() {
    let platform = of("");
    assert_eq!((platform.name.as_str(), platform.domain.as_str(), platform.environment), ("acme", "example.com", None));
    assert_eq!(platform.kubernetes, ["1.35", "1.36", "1.37"]);
    assert!(platform.uses.is_empty() && platform.collections.is_empty());
}

#[test]
fn the_fixed_keys_have_defaults() {
    let cluster = of("cluster: {dns: {port: 5353}}").input.cluster;
    assert_eq!(cluster.api_server.ports, [443, 6443]);
    assert_eq!((cluster.dns.namespace.as_str(), cluster.dns.port), ("kube-system", 5353));
    assert_eq!(cluster.dns.labels.get("k8s-app").map(String::as_str), Some("kube-dns"));
    assert_eq!(cluster.context, None);
}

#[test]
fn versions_come_in_ascending_order_each_once() {
    assert_eq!(of("kubernetes: [\"1.36\", \"1.33\", \"1.36\"]").kubernetes, ["1.33", "1.36"]);
}

#[test]
fn uses_come_by_capability_and_then_by_collection() {
    let text = "services: {b: {namespace: n, image: a:1}, a: {namespace: n, image: a:1}}\norchestration: runner\ndataIntegration: mover";
    let platform = of(text);
    let paths: Vec<String> = platform.uses.iter().map(|used| used.path.to_string()).collect();
    assert_eq!(paths, ["dataIntegration", "orchestration", "services.b", "services.a"]);
    let names: Vec<&str> = platform.uses.iter().map(|used| used.name.as_str()).collect();
    assert_eq!(names, ["mover", "runner", "b", "a"]);
}

#[test]
fn what_every_component_has_stands_apart_from_its_options() {
    let used =
        of("dataIntegration: {provider: mover, namespace: n, version: 1.10, values: {a: 1}, x-own: 2}").uses.remove(0);
    let text = |node: Option<crate::source::Node>| node.map(|node| node.to_json().to_string());
    assert_eq!(text(used.namespace).as_deref(), Some("\"n\""));
    assert_eq!(text(used.version).as_deref(), Some("\"1.10\""));
    assert_eq!(text(used.values).as_deref(), Some(r#"{"a":1}"#));
    let keys: Vec<String> = used.options.as_map().into_iter().flatten().map(|(key, _)| key.clone()).collect();
    assert_eq!(keys, ["x-own", "host", "database", "storage"]);
}

#[test]
fn a_namespace_that_the_component_asks_for_is_an_option_too() {
    let used = of("services: {a: {namespace: n, image: a:1}}").uses.remove(0);
    assert_eq!(used.namespace.as_ref().and_then(|node| node.as_str()), Some("n"));
    assert!(used.options.get("namespace").is_some());
}

#[test]
fn environment_values_are_taken_as_they_were_written() {
    let used = of("services: {a: {namespace: n, image: a:1, env: {A: yes, B: 012, C: 12:30:45, D: 1_000, E: true}}}")
        .uses
        .remove(0);
    let env = used.options.get("env").expect("env").to_json().to_string();
    assert_eq!(env, r#"{"A":"yes","B":"012","C":"12:30:45","D":"1_000","E":"true"}"#);
}

#[test]
fn collections_of_chosen_components_are_there_though_empty() {
    let platform = of("dataIntegration: mover\norchestration: runner\nconnections: {a: {id: b}}");
    let shown: Vec<String> =
        platform.collections.iter().map(|(name, node)| format!("{name} {}", node.to_json())).collect();
    assert_eq!(shown, [r#"connections {"a":{"id":"b"}}"#, "pipelines {}"]);
}

#[test]
fn of_two_components_that_bring_a_collection_the_chosen_one_says_what_it_holds() {
    let platform = of("dataIntegration: {provider: shover, token: t}\nconnections: {a: here}");
    assert_eq!(platform.collections["connections"].to_json().to_string(), r#"{"a":{"address":"here"}}"#);
}

#[test]
fn secrets_outside_are_found_by_name_with_all_their_keys() {
    let external = of("external: {secrets: {a: [K, L], n/b: [K]}}").input.external;
    let has = |namespace: &str, name: &str, keys: &[&str]| {
        let keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
        external.has_secret(namespace, name, &keys)
    };
    assert!(has("n", "a", &["K", "L"]) && has("n", "b", &["K"]));
    assert!(!has("n", "a", &["M"]) && !has("m", "b", &["K"]) && !has("n", "c", &[]));
}

#[test]
fn environments_that_are_not_compiled_are_checked() {
    let mut sources = Sources::default();
    let catalog = catalog(&mut sources);
    let document = document(&format!("{HEAD}environments: {{dev: {{}}, prod: {{domian: a}}}}"), &mut sources);
    let mut sink = Sink::default();
    assert!(resolve(&document, &catalog, Some("dev"), &mut sink).is_some());
    assert!(sink.is_empty());
    check_others(&document, &catalog, "dev", &mut sink);
    assert_eq!(sink.len(), 1);
}

#[test]
fn one_faulty_environment_leaves_the_others() {
    let found = resolved(&format!("{HEAD}environments: {{dev: {{}}, prod: {{domian: a}}}}"));
    assert_eq!(found.platforms.iter().map(Option::is_some).collect::<Vec<_>>(), [true, false]);
}
