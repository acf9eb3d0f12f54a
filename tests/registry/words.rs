//! `docs/components-words.md` knows every word of component.yaml, and its examples together are a component that compiles.

use std::collections::BTreeSet;

use platformc::component::catalog::DESCRIPTION;
use platformc::schema::format::Format;
use platformc::schema::read::KEYWORDS;
use platformc::world::{Memory, World};

use crate::guide::{expect_compiles, file};
use crate::markdown::{self, blocks};
use crate::repository;
use crate::tables::{Each, Row, rows, table};

const PAGE: &str = "docs/components-words.md";
const OPTIONS: &str = "docs/components-options.md";
/// The tables of the page, each with its words.
const TABLES: [(&str, &[&str]); 25] = [
    ("component", &["component", "provides", "summary"]),
    ("chart", &["chart", "release", "namespace"]),
    ("isolate", &["isolate", "podSecurity"]),
    ("requires", &["requires", "uses"]),
    ("options", &["options"]),
    ("collections", &["collections"]),
    ("brings", &["brings"]),
    ("workloads", &["workloads"]),
    ("serviceAccounts", &["serviceAccounts"]),
    ("outside", &["outside"]),
    ("services", &["services"]),
    ("flows", &["flows"]),
    ("webhooks", &["webhooks"]),
    ("secrets", &["secrets"]),
    ("routes", &["routes"]),
    ("metrics", &["metrics"]),
    ("scaling", &["scaling", "disruption"]),
    ("exports", &["exports"]),
    ("values", &["values"]),
    ("environment", &["environment"]),
    ("ignores", &["ignores"]),
    ("constraints", &["constraints"]),
    ("prerequisites", &["prerequisites"]),
    ("notes", &["notes"]),
    ("files", &["files"]),
];
const EACH: Each = Each { entry: ".ID", item: "[]" };
/// Told once for all entries.
const COMMON: [&str; 2] = ["when", "for"];

/// Words that have no section of their own yet.
const FURTHER: &str = "further";

#[test]
fn every_word_has_its_table() {
    let mut page = repository::text(PAGE);
    let mut rest: BTreeSet<&str> = DESCRIPTION.properties.keys().map(String::as_str).collect();
    for (name, words) in TABLES {
        page.replace_range(markdown::part(&page, name), &table(&words_as_rows(words)));
        rest.retain(|word| !words.contains(word));
    }
    let rest: Vec<&str> = rest.into_iter().collect();
    let further = if rest.is_empty() { String::new() } else { table(&words_as_rows(&rest)) };
    page.replace_range(markdown::part(&page, FURTHER), &further);
    markdown::expect(PAGE, &page);
}

fn words_as_rows(words: &[&str]) -> Vec<Row> {
    let row = |word: &&str| {
        let is_required = DESCRIPTION.required.iter().any(|required| required == word);
        rows(word, &DESCRIPTION.properties[*word], is_required, &EACH)
    };
    let mut found: Vec<Row> = words.iter().flat_map(row).collect();
    let is_common = |path: &str| COMMON.iter().any(|key| path.ends_with(key)) && path != "webhooks.ID.for";
    found.retain(|row| !is_common(&row.path));
    let silent: Vec<&str> = found.iter().filter(|row| row.says.is_empty()).map(|row| row.path.as_str()).collect();
    assert!(silent.is_empty(), "no doc comment says what these are: {silent:?}");
    found
}

#[test]
fn the_examples_of_the_words_are_one_component_that_compiles() {
    let page = repository::text(PAGE);
    let world = Memory::default();
    let mut component = String::new();
    for block in blocks(&page) {
        match file(&block.before) {
            Some(path) => world.write(path.into(), block.text.as_bytes()).unwrap(),
            None if block.language == "yaml" => component += &block.text,
            None => {}
        }
    }
    let uses = |word: &&str| component.lines().any(|line| line.starts_with(&format!("{word}:")));
    let without: Vec<&str> = TABLES.iter().flat_map(|(_, words)| *words).copied().filter(|word| !uses(word)).collect();
    assert!(without.is_empty(), "words without an example: {without:?}");
    world.write("templates/queue/component.yaml".into(), component.as_bytes()).unwrap();
    expect_compiles(&world);
}

#[test]
fn every_word_of_a_schema_is_told_and_tried() {
    let page = repository::text(OPTIONS);
    let (told, tried) = page.split_once("## All of them at work").unwrap();
    for word in KEYWORDS.iter().map(|keyword| keyword.name) {
        assert!(told.contains(&format!("`{word}`")), "{OPTIONS} does not tell of `{word}`");
        assert!(tried.contains(&format!("{word}:")), "{OPTIONS} does not try `{word}`");
    }
}

#[test]
fn every_format_is_told_and_its_examples_are_right() {
    let rows: String = Format::ALL
        .iter()
        .zip(EXAMPLES)
        .map(|(format, (name, good, bad))| {
            assert_eq!(format.as_str(), name);
            good.iter().for_each(|text| assert_eq!(format.check(text), Ok(()), "{text}"));
            let reason = format.check(bad).unwrap_err();
            let good: Vec<String> = good.iter().map(|text| format!("`{text}`")).collect();
            format!("| `{name}` | {} | {} | `{bad}`: {reason} |\n", format.phrase(), good.join(", "))
        })
        .collect();
    let table = format!("| format | is | for instance | and not |\n| --- | --- | --- | --- |\n{rows}");
    let mut page = repository::text(OPTIONS);
    page.replace_range(markdown::part(&page, "formats"), &table);
    markdown::expect(OPTIONS, &page);
}

/// Of each format: some that are, and one that is not.
const EXAMPLES: [(&str, &[&str], &str); 12] = [
    ("cron", &["0 */6 * * *", "30 4 * * mon-fri", "@daily"], "0 25 * * *"),
    ("duration", &["30s", "1h30m", "1d"], "10"),
    ("quantity", &["500m", "1.5", "10Gi"], "10GB"),
    ("percent", &["70%"], "70"),
    ("image", &["ghcr.io/acme/web:1.4.0", "postgres:17"], "postgres"),
    ("host", &["airbyte", "db.example.com", "10.0.0.1"], "https://db.example.com"),
    ("cidr", &["10.20.0.0/16", "2001:db8::/32"], "10.20.0.1/16"),
    ("uri", &["https://example.com/a"], "example.com"),
    ("email", &["ops@example.com"], "ops"),
    ("uuid", &["7b1a1fd4-3c5c-4b8a-9d5c-0f7f0c1f2a3b"], "7b1a1fd4"),
    ("name", &["my-service"], "My_Service"),
    ("date", &["2026-12-31"], "2026-02-30"),
];
