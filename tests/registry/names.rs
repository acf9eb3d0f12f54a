//! The compiler knows no product: products are components.

use std::collections::BTreeSet;

use crate::repository;

/// Names that stand in templates and platforms, beside those of the components.
const FURTHER: [&str; 12] = [
    "gateway-api",
    "grafana",
    "healthz",
    "keda",
    "kpis",
    "letsencrypt",
    "metabase",
    "minio",
    "nginx",
    "prometheus",
    "stripe",
    "temporal",
];

/// Ids that are words of Kubernetes' own.
const GENERAL: [&str; 1] = ["service"];

/// Kinds that are called after a product.
const KINDS: [&str; 1] = ["prometheusrule"];

#[test]
fn no_product_is_named_in_rust() {
    let names = names();
    let mut named = vec![];
    for path in repository::files("src").into_iter().filter(|path| path.extension() == Some("rs")) {
        let is_test = path.file_stem() == Some("tests") || path.components().any(|part| part.as_str() == "tests");
        let text = if is_test { String::new() } else { repository::text(&path) };
        for (number, line) in code_lines(&text) {
            let line = without_kinds(&line.to_lowercase()).replace('_', "-");
            let found = names.iter().filter(|name| line.contains(name.as_str()));
            named.extend(found.map(|name| format!("{path}:{number} names `{name}`")));
        }
    }
    assert!(named.is_empty(), "{}", named.join("\n"));
}

/// The API groups and kinds of the CRDs that are known are words of Kubernetes, whoever brings them.
fn without_kinds(line: &str) -> String {
    let schemas = repository::files("schemas/crds");
    let groups =
        schemas.iter().filter_map(|path| path.file_name()?.split('_').next().filter(|group| group.contains('.')));
    groups
        .chain(KINDS)
        .fold(line.to_owned(), |line, word| if line.contains(word) { line.replace(word, "") } else { line })
}

fn names() -> BTreeSet<String> {
    let catalog = repository::catalog();
    let charts = catalog.components.values().filter_map(|component| component.chart.as_ref());
    let charts = charts.map(|chart| chart.name.clone());
    let ids = catalog.components.keys().filter(|id| !GENERAL.contains(&id.as_str())).cloned();
    FURTHER.iter().map(ToString::to_string).chain(charts).chain(ids).collect()
}

/// Lines before the tests, without comments.
fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let lines = code.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
    lines.map(|(index, line)| (index + 1, line.split(" // ").next().unwrap_or_default()))
}

#[test]
fn comments_and_tests_are_not_code() {
    let text = "/// Airbyte\nlet a = 1; // Airbyte\n// Airbyte\nlet b;\n#[cfg(test)]\nmod tests {\n    airbyte";
    let lines: Vec<_> = code_lines(text).collect();
    assert_eq!(lines, [(2, "let a = 1;"), (4, "let b;")]);
}
